"""One caller uses up the requests that the whole org has for a day."""

import polars as pl

from tasks.anomalies.examples import MACHINE, event, example
from tasks.anomalies.model import DAY, Context, Detection, Severity
from tasks.anomalies.patterns import text, within
from tasks.anomalies.views import Views

SHARE = 0.5


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """More than half of the day's requests by one user; needs to know the org's limit."""
    limits = pl.LazyFrame(
        {"ORG": list(context.api_limits), "LIMIT": list(context.api_limits.values())},
        schema={"ORG": pl.String, "LIMIT": pl.Int64},
    )
    day = pl.col("AT").dt.date()
    calls = within(views.calls, context, DAY).filter(pl.col("USER").is_not_null()).sort("AT")
    running = calls.with_columns(
        CALLS=pl.int_range(1, pl.len() + 1).over("ORG", "USER", day),
        SINCE=pl.col("AT").first().over("ORG", "USER", day),
    )
    return running.join(limits, on="ORG").filter(pl.col("CALLS") > pl.col("LIMIT") * SHARE).with_columns(
        ACTOR="USER",
        EVENTS="CALLS",
        EXPECTED=text("at most half of the org's {} requests a day", "LIMIT"),
        SEEN=text("{} requests so far that day", "CALLS"),
        F_CALLS=pl.col("CALLS") / pl.col("LIMIT"),
    )  # fmt: skip


def _calls(count: int) -> list[dict[str, object]]:
    return [event(MACHINE, minutes=n, API_RESOURCE="/v66.0/query") for n in range(count)]


DETECTION = Detection(
    name="api-limit-burn",
    title="One caller uses up the org's requests",
    severity=Severity.WARNING,
    technique="T1499",
    needs=(frozenset({"ApiTotalUsage"}), frozenset({"RestApi"})),
    runbook="See what it asks for. A loop: stop it before the limit stops everybody else. A stranger: revoke the token.",
    judge=judge,
    fires=(example(ApiTotalUsage=_calls(51)),),
    quiet=(example("half", ApiTotalUsage=_calls(50)),),
)
