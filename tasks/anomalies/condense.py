"""
What days that are over leave for those that come: who did what from where in which hour, with records summed. Pure.

Detections ask older days who was there, from where, by which app, with which query, and how many records in a day. Single calls and
records they ask for only where something is judged, so a day that is over costs a row for an hour of alike calls.
"""

import polars as pl

from tasks.anomalies.views import CALLS, GUESTS, READS
from tasks.telemetry.columns import AT, ORG, TIER, type_of

_MANY = (
    "RestApi",
    "API",
    "ApiEvent",
    "BulkApi",
    "BulkApi2",
    "ApiTotalUsage",
    "BulkApiRequest",
    "AuraRequest",
    "Sites",
)
_SINGLE = frozenset({"JOB_ID"})
"""Different in each row."""
_PLACES = frozenset({"URI", "API_RESOURCE", "REQUEST_PATH", "PAGE_NAME"})
_RECORD = r"/[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?\b"
CONDENSED = {
    kind: tuple(
        dict.fromkeys(
            source
            for specs in (READS, CALLS, GUESTS)
            for sources in specs.get(kind, {}).values()
            for source in sources
        )
    )
    for kind in _MANY
}
"""Event types that are condensed, and the columns that views make something of."""


def kept_of(event_type: str) -> list[str]:
    """Columns that are left of a type of CONDENSED, besides ORG, AT and TIER."""
    return [name for name in CONDENSED[event_type] if name not in _SINGLE]


def condensed(rows: pl.LazyFrame, event_type: str) -> pl.DataFrame:
    """
    Rows of a type of CONDENSED, in the order of AT: one for each hour and each combination of texts, with numbers summed and AT the
    first moment. Ids of records in paths become `*`.
    """
    there = rows.collect_schema().names()
    wanted = [name for name in kept_of(event_type) if name in there]
    numbers = [name for name in wanted if type_of(name) == pl.Int64 and name != "STATUS_CODE"]
    texts = [name for name in wanted if name not in numbers]
    places = [pl.col(name).str.replace_all(_RECORD, "/*") for name in texts if name in _PLACES]
    # A sum over nothing is nothing: no number is not the number 0.
    sums = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in numbers]
    return (
        rows.select(ORG, AT, TIER, *wanted)
        .with_columns(places)
        .group_by(ORG, TIER, pl.col(AT).dt.truncate("1h").alias("_hour"), *texts)
        .agg(pl.col(AT).min(), *sums)
        .drop("_hour")
        .sort(AT)
        .collect(engine="streaming")
    )
