"""One address that several orgs never saw calls the APIs of all of them within a day: only an estate shows that."""

from datetime import timedelta

import polars as pl

from tasks.anomalies.examples import MACHINE, PERSON, daily, event, example
from tasks.anomalies.model import DAY, Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import counted, first_seen, text
from tasks.anomalies.views import Views

WATCHED = timedelta(days=14)


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Of sign-ins only those of apps count: people with accounts in two orgs are no machine."""
    columns = ["ORG", "AT", "TIER", "USER", "NET", "IP"]
    by_app = views.signins.filter(
        pl.col("OK")
        & (pl.col("SUBTYPE").str.starts_with("Oauth") | pl.col("TYPE").is_in(["Remote Access 2.0", "i"]))
    )
    calls = pl.concat(
        [by_app.select(columns), views.reads.filter(pl.col("FAMILY").is_in(["api", "bulk"])).select(columns)]
    )
    new = first_seen(calls, ["ORG"], "NET", WATCHED).sort("AT")
    several = counted(new, ["NET"], 2, distinct="ORG", period=DAY)
    where = several.join(new, on=["NET", "AT"])
    return where.with_columns(
        ACTOR="IP",
        EVENTS="COUNT",
        EXPECTED=pl.lit("an address that is new in one org at most"),
        SEEN=text("new in {} orgs within a day, from {}", "COUNT", "IP"),
        KEYS=pl.concat_list("IP", "USER"),
        F_ORGS=pl.col("COUNT").cast(pl.Float64),
    )


_HISTORY = [
    row for org in ("hq", "emea") for row in daily(MACHINE, org=org, SOURCE_IP="203.0.113.7", ROWS_RETURNED=1)
]
_BOTH = [
    event(MACHINE, org=org, minutes=n, SOURCE_IP="192.0.2.7", ROWS_RETURNED=1)
    for n, org in enumerate(("hq", "emea"))
]
DETECTION = Detection(
    name="same-actor-in-several-orgs",
    title="One stranger in several orgs",
    severity=Severity.CRITICAL,
    technique="T1199",
    needs=(frozenset({"LoginHistory"}), frozenset({"RestApi"}), frozenset({"ApiEvent"})),
    runbook="Look for the vendor or the secret that the orgs share. Contain in all of them at once, not one after the other.",
    judge=judge,
    aspect=Aspect.WHO,
    conclusive=True,
    fires=(example(ApiEvent=[*_HISTORY, *_BOTH]),),
    quiet=(
        example("one org", ApiEvent=[*_HISTORY, _BOTH[0]]),
        example(
            "people",
            ApiEvent=_HISTORY,
            LoginHistory=[
                event(PERSON, org=org, STATUS="Success", LOGIN_TYPE="Application", SOURCE_IP="192.0.2.7")
                for org in ("hq", "emea")
            ],
        ),
    ),
)
