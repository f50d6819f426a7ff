"""What a logged query reads: its object and the fields it names."""

import re

_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'")
_INNER = re.compile(r"\(\s*SELECT\b[^()]*(?:\([^()]*\)[^()]*)*\)", re.IGNORECASE)
_FROM = re.compile(r"\bFROM\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*")
_WORDS = frozenset(
    {
        "select", "from", "where", "and", "or", "not", "in", "like", "includes", "excludes", "order", "group", "by", "having",
        "limit", "offset", "asc", "desc", "nulls", "first", "last", "null", "true", "false", "using", "scope", "for", "view",
        "reference", "update", "tracking", "viewstat", "with", "security_enforced", "all", "rows", "typeof", "when", "then",
        "else", "end", "count", "count_distinct", "sum", "avg", "min", "max", "fields", "custom", "standard", "tolabel",
        "format", "convertcurrency", "calendar_month", "calendar_quarter", "calendar_year", "day_only", "hour_in_day",
        "rollup", "cube", "grouping", "distance", "geolocation",
    }
)  # fmt: skip


def reads(soql: str) -> tuple[str, frozenset[str]] | None:
    """
    The object and every name a query uses of it, conditions and order included, for a field that may not be read may
    not be asked about either. None for what is no query. Children and semi-joins are left out: they are other objects'.
    """
    text = _QUOTED.sub("''", soql)
    while _INNER.search(text):
        text = _INNER.sub(" ", text)
    found = _FROM.search(text)
    if found is None or text.lstrip()[:6].lower() != "select":
        return None
    sobject, alias = found.group(1), found.group(2) or ""
    rest = f"{text[: found.start()]} {text[found.end() if alias.lower() not in _WORDS else found.end(1) :]}"
    names = (_without_prefix(name, sobject, alias) for name in _NAME.findall(rest))
    return sobject, frozenset(n for n in names if n.lower() not in _WORDS and not _is_date_literal(n))


def _without_prefix(name: str, *prefixes: str) -> str:
    """`a.Name` of `FROM Account a` is the account's own name, and so is `Account.Name`."""
    head, dot, rest = name.partition(".")
    return rest if dot and head.lower() in [prefix.lower() for prefix in prefixes] else name


def _is_date_literal(name: str) -> bool:
    """`LAST_N_DAYS`, `TODAY`, `THIS_MONTH`: upper case without exception in what orgs log; fields are not."""
    return name.isupper() and len(name) > 2
