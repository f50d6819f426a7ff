"""Literal secrets where none should be: in Apex source and in rows of custom settings and custom metadata."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from tasks.credentials.model import ExposedKind, ExposedSecret
from tasks.inventory.model import OutboundCredential

_SHAPES = (
    ("private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("Salesforce session id", re.compile(r"\b00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?![A-Za-z0-9._]{20,}")),
    ("AWS access key", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("bearer token", re.compile(r"(?i)\bBearer\s+[A-Za-z0-9._~+/-]{20,}=*")),
    ("basic authentication", re.compile(r"(?i)\bBasic\s+[A-Za-z0-9+/]{16,}={0,2}")),
    ("Salesforce refresh token", re.compile(r"\b5Aep[A-Za-z0-9._]{40,}")),
    ("consumer key or JSON web token", re.compile(r"\beyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{10,}\.")),
    ("Slack address", re.compile(r"hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{16,}")),
    ("password in an address", re.compile(r"https?://[^/\s:@']+:[^/\s:@']{4,}@")),
)
_TELLING = re.compile(
    r"(?i)(?:pass(?:word|wd|phrase|code)|pwd|secret|(?:api|access|auth|private|signing|shared|encryption|client)_?key"
    r"|token|credential)"
)
# Names that carry a telling word and yet hold no secret.
_HARMLESS = re.compile(
    r"(?i)(?:url|uri|endpoint|header|label|field|name|type|timeout|expir\w*|path|prefix|length|policy|message|error"
    r"|title|format|hint|question|count|param|days|minutes|seconds)(?:__c)?$"
)
_PLACEHOLDER = re.compile(
    r"(?i)change.?me|placeholder|example|dummy|sample|your[-_ ]|^test|todo|redacted|insert|none|null|xxx|\*{3}"
    r"|\.\.\.|<.*>|\{.*\}|%s|fake|lorem"
)
_ASSIGNED = re.compile(
    r"(?:['\"](?P<key>[A-Za-z_][\w .-]{1,60})['\"]\s*(?:,|=>|:)|(?P<name>[A-Za-z_]\w*)\s*(?:=|:))"
    r"\s*['\"](?P<value>[^'\"\n]{6,})['\"]"
)
_IN_TEXT = re.compile(
    r"(?i)[?&\"' ](?P<name>[a-z_]*(?:password|secret|api_?key|token))=(?P<value>[^&'\"\s+]{8,})"
)
_HEADER = re.compile(r"(?P<name>[A-Za-z][A-Za-z_-]*)\s*[:=]\s*['\"]?(?P<value>[^\s'\"&,;]{8,})")
_ROW_NAMES = frozenset({"Id", "Name", "DeveloperName", "MasterLabel", "Label", "Language", "NamespacePrefix"})
# Addresses, host and file names, versions, record ids, UUIDs, consumer keys: long, mixed, and open nothing.
_PUBLIC = re.compile(
    r"(?i)callout:|[a-z][a-z0-9+.-]*://|[\w-]+(?:\.[\w-]+){2,}(?:[:/].*)?$|/|[\d.:TZ+-]+$|3MVG9"
    r"|(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$|[a-z0-9]{3}[0-9A-Z]{12}(?:[A-Z0-9]{3})?$"
)
_LOGIN_CALL = re.compile(
    r"(?i)\.login\(\s*['\"][^'\"\n]+@[^'\"\n]+['\"]\s*,\s*['\"](?P<value>[^'\"\n]{6,})['\"]"
)
_KEY_TYPE = re.compile(r"(?i)application/(?:x-)?(?:pkcs12|pkcs8|pem-file|java-keystore)")
_KEY_NAME = re.compile(r"(?i)(?:private_?key|key_?store|(?:^|_)(?:p12|pfx|jks|ppk|id_rsa)(?:_|$))")
_PUBLIC_KEY = re.compile(r"(?i)public")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TEST_CLASS = re.compile(
    r"(?i)^\s*(?:@istest\b|(?:private|public|global)\s+[\w ]*\btestmethod\b)", re.MULTILINE
)

Hit = tuple[int, str]


def secrets_in_source(name: str, source: str) -> tuple[ExposedSecret, ...]:
    """
    At most one finding per line of an Apex class. Test classes are read for unmistakable shapes only: their
    made-up passwords open nothing, a real private key in one still does.
    """
    shapes_only = bool(_TEST_CLASS.search(source))
    found: dict[int, str] = {}
    for number, line in enumerate(source.splitlines(), start=1):
        looks_like = _shape(line) or (None if shapes_only else _assigned(line))
        if looks_like:
            found[number] = looks_like
    return tuple(
        ExposedSecret(kind=ExposedKind.APEX, place=name, looks_like=looks_like, line=number)
        for number, looks_like in found.items()
    )


def secrets_in_row(kind: ExposedKind, place: str, row: Mapping[str, str | None]) -> tuple[ExposedSecret, ...]:
    """
    Values by field name. The place of a finding is `<place>.<field>`.

    A settings row is a name and a value as often as a field per setting, so a value counts as named by its own field
    and by the row, and a random text counts whatever it is called.
    """
    named_by_row = " ".join(row.get(name) or "" for name in ("Name", "DeveloperName", "MasterLabel", "Label"))
    found = []
    for field, value in row.items():
        looks_like = _in_field(field, value, named_by_row) if isinstance(value, str) else None
        if looks_like:
            found.append(ExposedSecret(kind=kind, place=f"{place}.{field}", looks_like=looks_like))
    return tuple(found)


def secrets_in_text(kind: ExposedKind, place: str, name: str, value: str) -> tuple[ExposedSecret, ...]:
    """A text that has a name, such as a custom label. It is shown to people, so a random text alone proves nothing."""
    looks_like = _shape(value) or _literal(name, value) or _in_header(value)
    return (ExposedSecret(kind=kind, place=place, looks_like=looks_like),) if looks_like else ()


def secrets_in_address(kind: ExposedKind, place: str, address: str) -> tuple[ExposedSecret, ...]:
    """A user name with its password, or a token among the parameters."""
    looks_like = _shape(address)
    for pair in _IN_TEXT.finditer(address) if looks_like is None else ():
        looks_like = looks_like or _literal(pair["name"], pair["value"])
    return (ExposedSecret(kind=kind, place=place, looks_like=looks_like),) if looks_like else ()


def in_credentials(credentials: Iterable[OutboundCredential]) -> tuple[ExposedSecret, ...]:
    """Named credentials that keep a password themselves, as legacy ones do."""
    kind, what = ExposedKind.NAMED_CREDENTIAL, "password kept by a legacy named credential"
    return tuple(
        ExposedSecret(kind=kind, place=each.name, looks_like=what)
        for each in credentials
        if each.stores_password
    )


def secret_in_file_name(name: str, content_type: str) -> tuple[ExposedSecret, ...]:
    """A static resource that says it is a key. Its content is not read, and everybody who signs in may download it."""
    key = _KEY_TYPE.search(content_type) or _KEY_NAME.search(name)
    if key is None or _PUBLIC_KEY.search(name):
        return ()
    return (ExposedSecret(kind=ExposedKind.STATIC_RESOURCE, place=name, looks_like="file of a private key"),)


def _in_field(field: str, value: str, named_by_row: str) -> str | None:
    if field in _ROW_NAMES:
        return None
    by_name = _shape(value) or _literal(field, value) or _in_header(value)
    if by_name or not field.endswith("__c"):
        return by_name
    return _literal(named_by_row, value) or ("random value" if _random(value) else None)


def _in_header(text: str) -> str | None:
    """`X-Api-Key: …`, `password=…` and the like inside a longer text."""
    for pair in _HEADER.finditer(text):
        if looks_like := _literal(pair["name"].replace("-", "_"), pair["value"]):
            return looks_like
    return None


def _random(text: str) -> bool:
    """One long word of mixed letters and digits that is no address, number, record id or well-known public key."""
    word = text.strip()
    if (
        not 16 <= len(word) <= 512
        or re.search(r"[\s@]", word)
        or _PLACEHOLDER.search(word)
        or _PUBLIC.match(word)
    ):
        return False
    mixed = re.search(r"[A-Za-z]", word) and len(re.findall(r"\d", word)) >= 2
    return bool(mixed) and entropy(word) >= 3.3


def _shape(text: str) -> str | None:
    return next((what for what, shape in _SHAPES if shape.search(text)), None)


def _assigned(line: str) -> str | None:
    code = _COMMENT.sub("", line)
    if (call := _LOGIN_CALL.search(code)) and not _PLACEHOLDER.search(call["value"]):
        return "password of a login call"
    pairs: Iterable[re.Match[str]] = [*_ASSIGNED.finditer(code), *_IN_TEXT.finditer(code)]
    for pair in pairs:
        named = pair.groupdict()
        name = (named.get("key") or named.get("name") or "").replace("-", "_")
        looks_like = _literal(name, named["value"])
        if looks_like:
            return looks_like
    return None


def _literal(name: str, value: str) -> str | None:
    """A telling name and a value that could open something; labels, addresses and references are not such."""
    bare = re.sub(r"__c$", "", name)
    telling = _TELLING.search(bare)
    text = value.strip()
    if telling is None or _HARMLESS.search(bare) or _PLACEHOLDER.search(text):
        return None
    if len(text) < 8 or text.lower().startswith(("callout:", "http://", "https://")) or _in_words(text):
        return None
    return f"{_word(telling.group(0))} assigned literally" if entropy(text) >= 2.5 else None


def _in_words(text: str) -> bool:
    """Sentences, API names and dotted references: letters only, with spaces, dots or underscores between."""
    letters_only = re.fullmatch(r"[A-Za-z]+(?:[ ._-][A-Za-z]+)*[.:!?]?", text) is not None
    return letters_only and (len(text) < 20 or " " in text or "_" in text or "." in text)


def _word(telling: str) -> str:
    lowered = telling.lower()
    if lowered.startswith(("pass", "pwd")):
        return "password"
    return "key" if "key" in lowered else lowered


def entropy(text: str) -> float:
    """Shannon entropy in bits per character: about 4 for random letters and digits, below 2 for `aaaaabbb`."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values()) if total else 0.0
