"""Many failed sign-ins of a user, then one that succeeds, from a network the user never came from."""

import polars as pl

from tasks.anomalies.examples import PERSON, event, example
from tasks.anomalies.model import DAY, HOUR, Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import LEARNING, text, within
from tasks.anomalies.views import Views

FAILURES, CERTAIN = 5, 10
"""From so many on, and from a country the user never came from, nobody needs to ask: Salesforce's default is to lock out after ten."""


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Who mistypes at home and gets in at last is no stranger: the network has to be new."""
    tried = views.signins.filter((pl.col("OK") | pl.col("FAILED")) & pl.col("USER").is_not_null()).sort("AT")
    success = pl.when("OK").then(pl.col("AT"))
    tried = tried.with_columns(
        FIRST=success.min().over("ORG", "USER", "NET"),
        CAME=success.min().over("ORG", "USER", "COUNTRY"),
        BEGAN=success.min().over("ORG", "USER"),
    )
    rolled = within(tried, context, HOUR).sort("AT").rolling("AT", period="1h", group_by=["ORG", "USER"]).agg(
        FAILED_BEFORE=pl.col("FAILED").sum(), SINCE=pl.col("AT").first(), GOT_IN=pl.col("OK").last(), IP=pl.col("IP").last(),
        FIRST=pl.col("FIRST").last(), CAME=pl.when(pl.col("COUNTRY").is_not_null()).then(pl.col("CAME")).last(),
        BEGAN=pl.col("BEGAN").last(), TIER=pl.col("TIER").last(), FROM_THERE=(pl.col("FAILED") & (pl.col("NET") == pl.col("NET").last())).sum(),
    )  # fmt: skip
    known = pl.col("AT") - pl.col("BEGAN") >= pl.lit(LEARNING)
    abroad = (known & (pl.col("AT") - pl.col("CAME") < pl.lit(DAY))).fill_null(value=False)
    new = pl.col("FIRST").is_null() | (pl.col("AT") - pl.col("FIRST") < pl.lit(DAY))
    return rolled.filter((pl.col("FAILED_BEFORE") >= FAILURES) & pl.col("GOT_IN") & new).with_columns(
        ACTOR="USER",
        EVENTS=pl.col("FAILED_BEFORE") + 1,
        CONCLUSIVE=(pl.col("FROM_THERE") >= CERTAIN) & abroad,
        EXPECTED=pl.lit(f"fewer than {FAILURES} failures before a sign-in from a new network"),
        SEEN=text("{} failures within the hour, then a sign-in from {}", "FAILED_BEFORE", "IP"),
        KEYS=pl.concat_list("IP"),
        F_FAILURES=pl.col("FAILED_BEFORE") / FAILURES,
        F_NEW_NETWORK=pl.lit(1.0),
    )


def _tries(count: int, last: str) -> list[dict[str, object]]:
    failed = [
        event(PERSON, minutes=n, STATUS="Invalid Password", SOURCE_IP="192.0.2.9") for n in range(count)
    ]
    return [*failed, event(PERSON, minutes=count, STATUS=last, SOURCE_IP="192.0.2.9")]


_HOME = event(PERSON, days=-3, STATUS="Success", SOURCE_IP="192.0.2.44")
DETECTION = Detection(
    name="brute-force-then-success",
    title="Many failures, then somebody got in",
    severity=Severity.CRITICAL,
    technique="T1110.001",
    needs=(frozenset({"LoginHistory"}), frozenset({"Login"}), frozenset({"LoginEvent"})),
    runbook="End the sessions and reset the password now, then see what was read since.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(example(LoginHistory=_tries(6, "Success")),),
    quiet=(
        example("never got in", LoginHistory=_tries(6, "Invalid Password")),
        example("at home", LoginHistory=[_HOME, *_tries(6, "Success")]),
    ),
)
