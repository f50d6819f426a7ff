"""Records are read as somebody else, soon after an administrator became them."""

from datetime import timedelta

import polars as pl

from tasks.anomalies.examples import ADMIN, event, example
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import followed, grouped, text, within
from tasks.anomalies.views import Views

SOON, LEAST = timedelta(hours=1), 1_000


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """The session's key leads from one to the other."""
    became = (
        within(views.logins_as, context, 2 * SOON)
        .filter(pl.col("KEY").is_not_null())
        .select("ORG", "AT", "KEY", "USER")
    )
    read = within(views.reads, context, SOON).filter(pl.col("KEY").is_not_null())
    after = followed(became, read, ["ORG", "KEY"], SOON)
    together = after.with_columns(READ=pl.col("ROWS").fill_null(0).cum_sum().over("ORG", "KEY"))
    return together.filter(pl.col("READ") >= LEAST).with_columns(
        ACTOR="USER_FIRST",
        SINCE="AT_FIRST",
        RECORDS="READ",
        EXPECTED=pl.lit("support that looks at a few records"),
        SEEN=text("{} records read as another user", grouped("READ")),
        KEYS=pl.concat_list("KEY"),
        F_RECORDS=pl.col("READ") / LEAST,
    )


_BECAME = event(ADMIN, DELEGATED_USERNAME="sales@hq.example", LOGIN_KEY="k1")
DETECTION = Detection(
    name="login-as-then-export",
    title="Records were read as somebody else",
    severity=Severity.CRITICAL,
    technique="T1134",
    needs=(
        frozenset({"LoginAsEvent", "ReportEvent"}),
        frozenset({"LoginAs", "Report"}),
        frozenset({"LoginAsEvent", "ApiEvent"}),
    ),
    runbook="Look for the ticket. None: end the administrator's sessions and keep the report's name as evidence.",
    judge=judge,
    fires=(
        example(LoginAsEvent=[_BECAME], ReportEvent=[event(minutes=9, LOGIN_KEY="k1", ROWS_PROCESSED=4_000)]),
    ),
    quiet=(
        example(
            "a few", LoginAsEvent=[_BECAME], ReportEvent=[event(minutes=9, LOGIN_KEY="k1", ROWS_PROCESSED=40)]
        ),
        example(
            "another session",
            LoginAsEvent=[_BECAME],
            ReportEvent=[event(minutes=9, LOGIN_KEY="k2", ROWS_PROCESSED=4_000)],
        ),
    ),
)
