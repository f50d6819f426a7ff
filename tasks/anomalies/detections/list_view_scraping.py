"""Thousands of records through list views within an hour."""

import polars as pl

from tasks.anomalies.examples import PERSON, event, example
from tasks.anomalies.model import HOUR, Context, Detection, Severity
from tasks.anomalies.patterns import grouped, text, within
from tasks.anomalies.views import Views

LEAST = 5_000


def judge(views: Views, context: Context) -> pl.LazyFrame:
    looked = within(views.reads, context, HOUR).filter(
        (pl.col("FAMILY") == "list") & pl.col("USER").is_not_null()
    )
    rolled = (
        looked.sort("AT")
        .rolling("AT", period="1h", group_by=["ORG", "USER"])
        .agg(READ=pl.col("ROWS").sum(), SINCE=pl.col("AT").first(), EVENTS=pl.len())
    )
    return rolled.filter(pl.col("READ") >= LEAST).with_columns(
        ACTOR="USER",
        RECORDS="READ",
        EXPECTED=pl.lit(f"fewer than {LEAST:,} records through lists an hour"),
        SEEN=text("{} records through lists", grouped("READ")),
        F_RECORDS=pl.col("READ") / LEAST,
    )


def _pages(count: int) -> list[dict[str, object]]:
    return [
        event(PERSON, minutes=n / 2, ROWS_PROCESSED=200, QUERIED_ENTITIES="Account") for n in range(count)
    ]


DETECTION = Detection(
    name="list-view-scraping",
    title="Lists were read page by page",
    severity=Severity.WARNING,
    technique="T1213.004",
    needs=(frozenset({"ListViewEvent"}),),
    runbook="A person does not page that fast: a script has the session. End it.",
    judge=judge,
    fires=(example(ListViewEvent=_pages(25)),),
    quiet=(example("a few pages", ListViewEvent=_pages(10)),),
)
