"""One session is used from two networks within an hour: somebody else has its token."""

import polars as pl

from tasks.anomalies.examples import PERSON, event, example
from tasks.anomalies.model import HOUR, Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import counted, text, within
from tasks.anomalies.views import Views


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Sign-ins have no session yet, so only what reads counts; pages that people look at while they move do not."""
    used = within(views.reads, context, HOUR).filter(
        pl.col("NET").is_not_null() & pl.col("KEY").is_not_null() & pl.col("FAMILY").is_in(["api", "bulk"])
    )
    both = counted(used, ["ORG", "USER", "KEY"], 2, distinct="NET")
    return both.with_columns(
        ACTOR="USER",
        EVENTS="COUNT",
        EXPECTED=pl.lit("a session that stays in its network"),
        SEEN=text("one session in {} networks within an hour", "COUNT"),
        KEYS=pl.concat_list("KEY"),
        F_NETWORKS=pl.col("COUNT").cast(pl.Float64),
    )


DETECTION = Detection(
    name="session-on-two-networks",
    title="One session, two networks",
    severity=Severity.CRITICAL,
    technique="T1539",
    needs=(frozenset({"RestApi"}), frozenset({"ApiEvent"}), frozenset({"API"})),
    runbook="End the session. Lock sessions to their address where the org allows it.",
    judge=judge,
    aspect=Aspect.WHO,
    conclusive=True,
    fires=(
        example(ApiEvent=[event(PERSON, LOGIN_KEY="k1", SOURCE_IP="203.0.113.7", ROWS_RETURNED=1), event(PERSON, minutes=9, LOGIN_KEY="k1", SOURCE_IP="192.0.2.7", ROWS_RETURNED=1)]),
    ),
    quiet=(
        example("two sessions", ApiEvent=[event(PERSON, LOGIN_KEY="k1", SOURCE_IP="203.0.113.7", ROWS_RETURNED=1), event(PERSON, minutes=9, LOGIN_KEY="k2", SOURCE_IP="192.0.2.7", ROWS_RETURNED=1)]),
        example("hours apart", ApiEvent=[event(PERSON, LOGIN_KEY="k1", SOURCE_IP="203.0.113.7", ROWS_RETURNED=1), event(PERSON, minutes=90, LOGIN_KEY="k1", SOURCE_IP="192.0.2.7", ROWS_RETURNED=1)]),
    ),
)  # fmt: skip
