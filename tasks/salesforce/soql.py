"""Literals and lists for SOQL, so that no value is ever pasted into a query by hand."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from simple_salesforce.format import quote_soql_value

# A WHERE clause may hold 4,000 characters in a GET; a composite body carries more, but 300 ids keep both happy.
IDS_PER_QUERY = 300


def literal(value: str | int | bool | datetime) -> str:
    """A quoted text, a number, a boolean or an unquoted date-time."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(quote_soql_value(value))


def in_list(values: Iterable[str]) -> str:
    """`('a','b')`; raises ValueError for an empty list, which SOQL does not know."""
    quoted = [literal(value) for value in values]
    if not quoted:
        raise ValueError("an IN list needs at least one value")
    return f"({','.join(quoted)})"


def chunks(values: Sequence[str], size: int = IDS_PER_QUERY) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
