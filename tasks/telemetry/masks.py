"""
What rows lose before they are stored: values that people typed or that name them. Pure.

A query keeps its objects, fields and shape, which is what tells a theft from a report; of its values only the words stay that
somebody hunting for secrets looks for.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from hashlib import sha256

import polars as pl

HUNTED = (
    "akia", "api_key", "apikey", "api key", "access_key", "aws", "azure", "begin rsa", "bearer", "client_secret", "credential",
    "passwd", "password", "private key", "secret", "snowflake", "ssh-rsa", "token", "vpn",
)  # fmt: skip
"""Words that attackers of 2025 searched tickets for (UNC6395), and kin of these."""
_LITERAL = r"'(?:[^'\\]|\\.)*(?:'|$)"
_OPERAND = r"([=<>(,]\s*)[0-9][0-9:.TZ+-]*"
_TERM = r"\{[^}]*(?:\}|$)"
_EMAIL = r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"
_PERSON = re.compile(
    r"(\b(?:user|Login-As access for|[Ll]ogged in as|on behalf of) +)(?!(?:from|to|is|was|group|Group)\b)"
    r"([^\s():,\[\]][^():,\[\]]*?)(?= *(?:[(:,\[]|\bfrom\b|\bto\b|\bwas\b|\bis\b|$))"
)
"""How the platform writes whom it means: `user Jane Doe (UserID: [005…])`."""
_WORDS = re.compile("|".join(re.escape(word) for word in HUNTED), re.IGNORECASE)
_HUNTING_LITERAL = re.compile(_LITERAL, re.DOTALL)
_HUNTING_TERM = re.compile(_TERM, re.DOTALL)

QUERIES = frozenset({"QUERY", "QUERY_IDENTIFIER", "FILTER_CRITERIA", "SOQL_COMMANDS"})
TYPED = frozenset({"SEARCH_QUERY", "VARIABLES"})
"""All of it is what somebody typed."""
NAMES = frozenset({"USER_NAME", "DELEGATED_USER_NAME", "DELEGATED_USERNAME", "DELEGATE_USER"})
ADDRESSES = frozenset({
    "API_RESOURCE", "HTTP_REFERER", "LOGIN_URL", "REFERRER_URI", "REQUEST_PATH", "TARGET_URL", "URI", "URL",
})  # fmt: skip
MESSAGES = frozenset({
    "ACTION_MESSAGE", "DESCRIPTION", "ERROR_DESCRIPTION", "ERROR_MESSAGE", "EXCEPTION", "EXCEPTION_MESSAGE", "FAILURE_REASON",
    "MESSAGE", "REPORT_DESCRIPTION",
})  # fmt: skip
NEVER = frozenset({
    "ADDITIONAL_INFO", "HTTP_HEADERS", "RECORDS", "SECURITY_EVENT_DATA",
    "ACCESS_TOKEN", "DELETE_TOKEN", "REQUEST_TOKEN",
})  # fmt: skip
"""Columns that hold records or tokens; they are not stored at all."""

Pseudonym = Callable[[str], str]


def pseudonyms(key: bytes) -> Pseudonym:
    """The same made-up name for the same user name, whatever its case; without the key nobody gets from one to the other."""
    own = hmac.digest(key, b"bulkhead telemetry user names", sha256)

    def name(value: str) -> str:
        return f"user-{hmac.digest(own, value.strip().lower().encode(), sha256).hex()[:16]}"

    return name


def unnamed(_value: str) -> str:
    """For an estate that has no key for masks: names are gone altogether."""
    return "user"


def mask(frame: pl.DataFrame, pseudonym: Pseudonym) -> pl.DataFrame:
    """Columns as above, by their names; all others stay as they are."""
    kept = [name for name in frame.columns if name not in NEVER]
    changed = [made for name in kept if (made := _masked(name, pseudonym)) is not None]
    return frame.select(kept).with_columns(changed)


def _masked(name: str, pseudonym: Pseudonym) -> pl.Expr | None:
    column = pl.col(name)
    if name in QUERIES:
        return masked_query(column)
    if name in TYPED:
        return pl.when(column.is_not_null()).then(_hunting(column, pl.lit("?"), _hunted_words))
    if name in NAMES:
        return _each(column, pseudonym)
    if name == "DISPLAY":
        return _each(column, lambda text: masked_display(text, pseudonym))
    if name in ADDRESSES:
        return column.str.replace(r"(?s)[?#].*$", "?").str.replace_all(_EMAIL, "?@?")
    if name in MESSAGES:
        quoted = column.str.replace_all(r"""(?s)'[^']*'|"[^"]*\"""", "'?'")
        return quoted.str.replace_all(_EMAIL, "?@?").str.replace_all(r"[0-9]{4,}", "?")
    return None


def masked_query(column: pl.Expr) -> pl.Expr:
    """SOQL or SOSL without its values: literals, operands, search terms. One that was cut in a literal loses it, too."""
    plain = column.str.replace_all(f"(?s){_LITERAL}", "'?'").str.replace_all(_OPERAND, "${1}?")
    return _hunting(column, plain.str.replace_all(f"(?s){_TERM}", "{?}"), _hunted_query)


def _hunting(column: pl.Expr, plain: pl.Expr, keeping: Callable[[str], str]) -> pl.Expr:
    """Few rows hunt for anything, so only those are looked at one by one."""
    hunts = column.str.contains_any(list(HUNTED), ascii_case_insensitive=True).fill_null(False)
    return pl.when(hunts).then(_each(pl.when(hunts).then(column), keeping)).otherwise(plain)


def _hunted_query(text: str) -> str:
    said = _HUNTING_LITERAL.sub(lambda found: f"'{_hunted_words(found[0])}'", text)
    said = _HUNTING_TERM.sub(lambda found: f"{{{_hunted_words(found[0])}}}", said)
    return re.sub(_OPERAND, r"\1?", said)


def _hunted_words(text: str) -> str:
    words = dict.fromkeys(_WORDS.findall(text))
    return f"?{'?'.join(words)}?" if words else "?"


def masked_display(text: str, pseudonym: Pseudonym) -> str:
    """A line of the setup audit trail: e-mail addresses and whoever it names become made-up names; what was done stays."""
    found = re.sub(_EMAIL, lambda each: pseudonym(each[0]), text)
    return _PERSON.sub(lambda each: each[1] + _again(each[2], pseudonym), found)


def _again(name: str, pseudonym: Pseudonym) -> str:
    return name if name.startswith("user-") else pseudonym(name)


def _each(column: pl.Expr, change: Callable[[str], str]) -> pl.Expr:
    """Value by value, each different one once."""

    def changed(series: pl.Series) -> pl.Series:
        values = series.drop_nulls().unique()
        if values.is_empty():
            return series
        known: Mapping[str, str] = {value: change(value) for value in values.to_list()}
        return series.replace_strict(known, default=None, return_dtype=pl.String)

    return column.map_batches(changed, return_dtype=pl.String)
