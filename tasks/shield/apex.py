"""Where Apex asks about a field: queries in brackets, queries in texts, and texts from which one may be made."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tasks.shield.model import Caller, CallerKind, Use
from tasks.shield.soql import Mention, Related, fragments, mentions

_COMMENT_OR_TEXT = re.compile(
    r"//[^\n]*|/\*.*?(?:\*/|\Z)|'''(?:\\.|(?!''').)*'''|'(?:\\.|[^'\\\n])*'", re.DOTALL
)
_INLINE = re.compile(r"\[\s*(?=(?:SELECT|FIND)\b)", re.IGNORECASE)
_ASKING = re.compile(r"\b(?:SELECT|FIND)\b", re.IGNORECASE)
_DYNAMIC = re.compile(
    r"\b(?:Database|Search)\s*\.\s*\w*(?:query|find|suggest)\w*\s*\(|\b(?:new)?QueryFactory\s*\(",
    re.IGNORECASE,
)
"""The second is how the Enterprise Patterns of Apex make queries."""
_LOGGING = re.compile(r"[;{}]\s*System\s*\.\s*debug\s*\([^;{}]*\Z", re.IGNORECASE)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\"}


@dataclass(frozen=True)
class _Query:
    """`places` gives for each character of the text where in the source it stands."""

    text: str
    places: tuple[int, ...]


def apex_callers(
    source: str, name: str, kind: CallerKind, fields: Collection[str], related: Related
) -> tuple[Caller, ...]:
    """
    What a class or trigger does with `fields` (qualified), by line. A query whose field names are put together while it runs
    cannot be seen; a text that names a field in a class that makes queries from texts is given as `Use.TEXT`.
    """
    code = _without_comments(source)
    breaks = [match.start() for match in re.finditer("\n", source)]
    found: dict[Caller, None] = {}
    seen: list[tuple[int, int]] = []
    for query in (*_inline(code), *_in_texts(code)):
        seen.append((query.places[0], query.places[-1]))
        for mention in mentions(query.text, related):
            line = bisect_right(breaks, query.places[mention.at]) + 1
            for field in _meant(mention, fields, related):
                found[
                    Caller(
                        field=field, kind=kind, name=name, use=mention.use, detail=mention.detail, line=line
                    )
                ] = None
    dynamic = _DYNAMIC.search(code) is not None
    for text, at in _loose(code, seen):
        line = bisect_right(breaks, at) + 1
        said = {
            (field, mention.use, mention.detail)
            for mention in fragments(text)
            for field in _meant(mention, fields, related)
        }
        for field in fields:
            uses = [(use, detail) for name, use, detail in said if name == field]
            if not dynamic:
                # Another class may make a query of what looks like a condition.
                uses = [(Use.TEXT, "")] if uses else []
            elif not uses and re.search(rf"\b{re.escape(field.partition('.')[2])}\b", text, re.IGNORECASE):
                uses = [(Use.TEXT, "")]
            for use, detail in uses:
                found[Caller(field=field, kind=kind, name=name, use=use, detail=detail, line=line)] = None
    if dynamic:
        for field, at in _tokens(_masked(code), fields, seen):
            line = bisect_right(breaks, at) + 1
            found[Caller(field=field, kind=kind, name=name, use=Use.TEXT, line=line)] = None
    return tuple(sorted(found, key=lambda caller: (caller.line or 0, caller.field, caller.use)))


def _meant(mention: Mention, fields: Collection[str], related: Related) -> Iterator[str]:
    """A name whose object is unknown may be any field of that name: better one caller too many than one too few."""
    owners, name = related.owners(mention.owner, mention.path)
    known = {f"{owner}.{name}".lower() for owner in owners if owner}
    for field in fields:
        if field.lower() in known or (not known and field.partition(".")[2].lower() == name.lower()):
            yield field


def _without_comments(source: str) -> str:
    """Blanks in their place, so that every line stays where it is."""

    def blank(match: re.Match[str]) -> str:
        text = match.group()
        return text if text.startswith("'") else re.sub(r"[^\n]", " ", text)

    return _COMMENT_OR_TEXT.sub(blank, source)


def _inline(code: str) -> Iterator[_Query]:
    for match in _INLINE.finditer(_masked(code)):
        start, end = match.end(), _end(code, match.start())
        yield _Query(code[start:end], tuple(range(start, end)))


def _masked(code: str) -> str:
    """Texts blanked: a bracket in one opens no query."""
    return _COMMENT_OR_TEXT.sub(lambda match: " " * len(match.group()), code)


def _end(code: str, at: int) -> int:
    depth = 0
    masked = _masked(code[at:])
    for place, letter in enumerate(masked):
        depth += (letter == "[") - (letter == "]")
        if depth == 0:
            return at + place
    return len(code)


def _in_texts(code: str) -> Iterator[_Query]:
    """`'SELECT …' + name + '…'` as one query; what stands between the texts is a value, as far as anybody can tell."""
    past = 0
    for match in _texts(code):
        if match.start() < past or not _ASKING.match(_plain(match.group())[0].lstrip()):
            continue
        text, places, past = _joined(code, match.start())
        # Places of what was trimmed go with it.
        cut = len(text) - len(text.lstrip())
        yield _Query(text[cut:], tuple(places[cut:]))


def _texts(code: str) -> Iterator[re.Match[str]]:
    return (match for match in _COMMENT_OR_TEXT.finditer(code) if match.group().startswith("'"))


def _joined(code: str, at: int) -> tuple[str, list[int], int]:
    text, places, depth = "", list[int](), 0
    while at < len(code):
        letter = code[at]
        if letter == "'" and (match := _COMMENT_OR_TEXT.match(code, at)):
            inner, offsets = _plain(match.group())
            text += inner
            places += [at + offset for offset in offsets]
            at = match.end()
            continue
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0 or (depth == 0 and letter in ";,"):
            break
        if letter == "+" and depth == 0:
            # A blank keeps the words apart where the source forgot one only between texts and values.
            text, places = text + _bound(code, at), [*places, *[at] * len(_bound(code, at))]
        at += 1
    return text, places, at


def _bound(code: str, at: int) -> str:
    """What follows a plus: nothing where it is the next text, a value where it is an expression."""
    return "" if code[at + 1 :].lstrip().startswith("'") else ":x "


def _plain(literal: str) -> tuple[str, list[int]]:
    """A literal's text, and for each character its offset in the literal."""
    quotes = 3 if len(literal) >= 6 and literal.startswith("'''") else 1
    text, offsets, at = "", list[int](), quotes
    while at < len(literal) - quotes:
        escaped = literal[at] == "\\" and literal[at + 1] in _ESCAPES
        text += _ESCAPES[literal[at + 1]] if escaped else literal[at]
        offsets.append(at)
        at += 2 if escaped else 1
    return text, offsets


def _loose(code: str, seen: Collection[tuple[int, int]]) -> Iterator[tuple[str, int]]:
    """Texts that are in no query that was seen and not only logged, with the places where they begin."""
    for match in _texts(code):
        if not _within(match, seen) and not _LOGGING.search(code, 0, match.start()):
            yield _plain(match.group())[0], match.start()


def _tokens(
    code: str, fields: Collection[str], seen: Collection[tuple[int, int]]
) -> Iterator[tuple[str, int]]:
    """Field tokens (`Account.SSN__c`, `Account.fields.SSN__c`) outside of queries, which give a text their name."""
    for field in fields:
        sobject, _, name = field.partition(".")
        for match in re.finditer(rf"(?<![\w.]){sobject}\.(?:fields\.)?(?i:{re.escape(name)})\b", code):
            if not _within(match, seen):
                yield field, match.start()


def _within(match: re.Match[str], seen: Collection[tuple[int, int]]) -> bool:
    return any(first < match.end() and match.start() <= last for first, last in seen)
