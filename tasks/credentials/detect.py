"""
Finds literal secrets where none belong: Apex source, custom settings, custom metadata. Pure; values are not kept.

Patterns after the public secret scanners' rules: a literal assigned to a name that speaks of a secret, or a value whose
own form gives it away (PEM block, AWS key id, Salesforce session id, bearer token).
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from tasks.credentials.model import ExposedKind, ExposedSecret

_NAMES = r"(?:pass(?:word|wd|phrase)?|pwd|secret|api[_-]?key|access[_-]?key|token|private[_-]?key|credential)"
_ASSIGNED = re.compile(
    rf"(?i)\b(\w*{_NAMES}\w*)\s*(?:=|:|=>|,)\s*'((?:[^'\\]|\\.){{8,}})'", re.MULTILINE
)
_HEADER = re.compile(r"(?i)setHeader\(\s*'[^']*(?:authorization|api-key|token)[^']*'\s*,\s*'((?:[^'\\]|\\.){12,})'")
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    ("AWS access key", re.compile(r"\bA(?:KIA|SIA)[A-Z0-9]{16}\b")),
    ("Salesforce session", re.compile(r"\b00D[A-Za-z0-9]{12,15}![\w.]{20,}")),
    ("bearer token", re.compile(r"\bBearer\s+[\w.~+/-]{20,}")),
)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_TEST = re.compile(r"(?i)@istest\b|\btestmethod\b")
_PLACEHOLDER = re.compile(r"(?i)change[_-]?me|placeholder|example|dummy|your[_-]|xxx|^\$\{|^\{!|^callout:|^https?://|\*{3}|<\w+>")
_SECRET_FIELD = re.compile(rf"(?i){_NAMES}")
_FEWEST_BITS = 2.5


def secrets_in_source(name: str, source: str) -> tuple[ExposedSecret, ...]:
    """At most one per line of an Apex class or trigger. Test code and comments are passed over."""
    if _TEST.search(source):
        return ()
    # Comments become blanks of the same shape, so that line numbers stay true.
    code = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), source)
    found = {line: looks for line, looks in sorted(_in_code(code), reverse=True)}
    return tuple(
        ExposedSecret(kind=ExposedKind.APEX, place=name, looks_like=found[line], line=line) for line in sorted(found)
    )


def secrets_in_row(kind: ExposedKind, place: str, row: Mapping[str, object]) -> tuple[ExposedSecret, ...]:
    """One per field of a custom setting or custom metadata row; `place` is completed by the field's name."""
    found = []
    for field, value in sorted(row.items()):
        if isinstance(value, str) and (looks := _field_looks_like(field, value)):
            found.append(ExposedSecret(kind=kind, place=f"{place}.{field}", looks_like=looks))
    return tuple(found)


def looks_secret(value: str) -> bool:
    """Long and varied enough to be a secret, and no placeholder, address or reference."""
    return len(value) >= 8 and not _PLACEHOLDER.search(value) and " " not in value and entropy(value) >= _FEWEST_BITS


def entropy(text: str) -> float:
    """Shannon bits per character."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values()) if size else 0.0


def _in_code(code: str) -> Iterator[tuple[int, str]]:
    for looks, form in _FORMS:
        for match in form.finditer(code):
            yield _line(code, match.start()), looks
    for match in _ASSIGNED.finditer(code):
        if looks_secret(match.group(2)):
            yield _line(code, match.start()), "literal secret"
    for match in _HEADER.finditer(code):
        if not _PLACEHOLDER.search(match.group(1)):
            yield _line(code, match.start()), "literal authorization header"


def _field_looks_like(field: str, value: str) -> str | None:
    for looks, form in _FORMS:
        if form.search(value):
            return looks
    return "literal secret" if _SECRET_FIELD.search(field) and looks_secret(value) else None


def _line(code: str, at: int) -> int:
    return code.count("\n", 0, at) + 1
