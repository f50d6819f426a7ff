"""
What is usual, learned from files where live telemetry has not been watched for long: rows of files in the columns of the live object
that tells the same. Pure.

Files tell calls of API and Bulk API, and reports, hours later than the live objects do. For the days before a live object has its
first row they are the same history; from then on they would tell each event twice.
"""

from collections.abc import Callable, Mapping

import polars as pl

_ENTITY = pl.concat_str([pl.lit("SELECT Id FROM "), pl.col("ENTITY_TYPE")])
_AS_LIVE: Mapping[str, Mapping[str, Mapping[str, pl.Expr]]] = {
    "ApiEvent": {
        "RestApi": {"ROWS_RETURNED": pl.col("ROWS_PROCESSED")},
        "API": {"ROWS_RETURNED": pl.col("ROWS_PROCESSED")},
    },
    # The event names its object in the query alone, and counts no rows.
    "BulkApiResultEventStore": {"BulkApi2": {"QUERY": _ENTITY}, "BulkApi": {"QUERY": _ENTITY}},
    "ReportEvent": {"Report": {"ROWS_PROCESSED": pl.col("ROW_COUNT"), "OPERATION": pl.col("ORIGIN")}},
}
_SHARED = (
    "USER_ID", "USER_ID_DERIVED", "CONNECTED_APP_ID", "ENTITY_NAME", "CLIENT_IP", "LOGIN_KEY", "QUERY", "CLIENT_NAME", "REPORT_ID",
)  # fmt: skip
FILES = frozenset(name for files in _AS_LIVE.values() for name in files)
"""File types that stand for a live one."""


def with_history(live: str, frame: pl.LazyFrame, files: Callable[[str], pl.LazyFrame | None]) -> pl.LazyFrame:
    """`frame` of a live type with what files know of the time before its first row; `files` gives those that there are."""
    if live not in _AS_LIVE:
        return frame
    first = frame.select(pl.col("AT").min()).collect().item()
    parts = [frame]
    for name, columns in _AS_LIVE[live].items():
        rows = files(name)
        if rows is None:
            continue
        there = rows.collect_schema().names()
        kept = [each for each in _SHARED if each in there and each not in columns]
        made = {each: made for each, made in columns.items() if made.meta.root_names()[0] in there}
        earlier = rows if first is None else rows.filter(pl.col("AT") < first)
        parts.append(earlier.select("ORG", "AT", "TIER", *kept, **made))
    return pl.concat(parts, how="diagonal_relaxed") if len(parts) > 1 else frame
