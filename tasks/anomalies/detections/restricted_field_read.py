"""A query names a restricted field that this user never asked for."""

import re

import polars as pl

from tasks.anomalies.examples import MACHINE, daily, event, example
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import first_seen, text
from tasks.anomalies.views import Views


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Fields are found in the query's text. Reports and `FIELDS(ALL)` name none, which no telemetry shows."""
    by_object: dict[str, list[str]] = {}
    for place in sorted(context.restricted):
        sobject, _, field = place.partition(".")
        by_object.setdefault(sobject, []).append(field)
    asked = views.reads.filter(pl.col("QUERY").is_not_null() & pl.col("USER").is_not_null())
    parts = []
    for sobject, fields in by_object.items():
        pattern = rf"(?i)\b({'|'.join(map(re.escape, fields))})\b"
        of_object = asked.filter(pl.col("ENTITY").str.to_lowercase() == sobject.lower())
        named = pl.col("QUERY").str.extract_all(pattern).list.unique().list.sort().list.join(", ")
        parts.append(of_object.with_columns(FIELDS=named))
    if not parts:
        return asked.limit(0).with_columns(ACTOR="USER")
    others = asked.filter(~pl.col("ENTITY").str.to_lowercase().is_in([name.lower() for name in by_object]))
    marked = pl.concat([*parts, others.with_columns(FIELDS=pl.lit(""))])
    return first_seen(marked, ["ORG", "USER"], "FIELDS").filter(pl.col("FIELDS") != "").with_columns(
        ACTOR="USER",
        RECORDS=pl.col("ROWS").fill_null(0),
        EXPECTED=pl.lit("the fields that this user asked for before"),
        SEEN=text("a first query for {} of {}", "FIELDS", "ENTITY"),
        KEYS=pl.concat_list("KEY"),
        F_RESTRICTED=pl.lit(1.0),
    )  # fmt: skip


_USUAL = daily(MACHINE, QUERY="SELECT Id, Name FROM Contact", ROWS_RETURNED=5)
DETECTION = Detection(
    name="restricted-field-read",
    title="A restricted field was asked for",
    severity=Severity.ERROR,
    technique="T1213.004",
    needs=(frozenset({"RestApi"}), frozenset({"ApiEvent"}), frozenset({"API"})),
    runbook="Compare with the fields that the route declares. Not among them: take the field's right away from the user.",
    judge=judge,
    fires=(
        example(ApiEvent=[*_USUAL, event(MACHINE, QUERY="SELECT Id, SSN__c FROM Contact", ROWS_RETURNED=5)]),
    ),
    quiet=(
        example(
            "as always",
            ApiEvent=[*_USUAL, event(MACHINE, QUERY="SELECT Id, Name FROM Contact", ROWS_RETURNED=5)],
        ),
        example(
            "another object's field",
            ApiEvent=[*_USUAL, event(MACHINE, QUERY="SELECT SSN__c FROM Lead__c", ROWS_RETURNED=5)],
        ),
    ),
)
