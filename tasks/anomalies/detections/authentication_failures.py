"""More than five failed sign-ins within any hour: of a user, from an address, or of many users from one address."""

from typing import Any

import polars as pl

from tasks.anomalies.examples import PERSON, event, example
from tasks.anomalies.model import DAY, HOUR, Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import text, within
from tasks.anomalies.views import Views

MORE_THAN, SPRAYED = 5, 4


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """
    A user's own network, where they got in on an earlier day, has twice the patience: a forgotten password is no attack. From an
    address that many people share, failures count only where they outnumber what succeeds.
    """
    tried = views.signins.filter((pl.col("OK") | pl.col("FAILED")) & pl.col("USER").is_not_null())
    first = pl.when("OK").then(pl.col("AT")).min().over("ORG", "USER", "NET")
    tried = within(
        tried.with_columns(OWN=(pl.col("AT") - first > pl.lit(DAY)).fill_null(False)), context, HOUR
    )
    strange = (pl.col("FAILURES") > MORE_THAN) & ~pl.col("OWN")
    of_user = _rolled(tried.filter("FAILED"), "USER").filter(strange | (pl.col("FAILURES") > 2 * MORE_THAN))
    of_address = _rolled(tried, "IP").filter(
        (pl.col("STRANGE") > pl.col("SUCCESSES"))
        & (((pl.col("STRANGE") > MORE_THAN) & (pl.col("USERS") > 1)) | (pl.col("USERS") >= SPRAYED))
    )
    return pl.concat([of_user, of_address]).with_columns(
        EXPECTED=pl.lit(
            f"at most {MORE_THAN} failed sign-ins an hour, {2 * MORE_THAN} from a user's own network"
        ),
        SEEN=text("{} failed sign-ins within an hour, of {} users", "FAILURES", "USERS"),
        EVENTS="FAILURES",
        F_FAILURES=pl.col("FAILURES") / MORE_THAN,
        F_USERS=pl.col("USERS") - 1,
    )


def _rolled(tried: pl.LazyFrame, actor: str) -> pl.LazyFrame:
    owned = tried.filter(pl.col(actor).is_not_null()).sort("AT")
    return (
        owned.rolling("AT", period="1h", group_by=["ORG", actor])
        .agg(
            SINCE=pl.col("AT").first(),
            TIER=pl.col("TIER").last(),
            OWN=pl.col("OWN").last(),
            FAILURES=pl.col("FAILED").sum().cast(pl.Int64),
            SUCCESSES=pl.col("OK").sum().cast(pl.Int64),
            STRANGE=(pl.col("FAILED") & ~pl.col("OWN")).sum().cast(pl.Int64),
            USERS=pl.col("USER").filter(pl.col("FAILED") & ~pl.col("OWN")).n_unique().cast(pl.Int64)
            if actor == "IP"
            else pl.lit(1, pl.Int64),
        )
        .rename({actor: "ACTOR"})
    )


def _tries(count: int, every: float, **columns: Any) -> list[dict[str, object]]:
    facts: dict[str, Any] = {"STATUS": "Invalid Password", "SOURCE_IP": "192.0.2.9", **columns}
    return [event(PERSON, minutes=n * every, **facts) for n in range(count)]


DETECTION = Detection(
    name="authentication-failures",
    title="Many failed sign-ins",
    severity=Severity.WARNING,
    technique="T1110",
    needs=(frozenset({"LoginHistory"}), frozenset({"Login"}), frozenset({"LoginEvent"})),
    runbook="See whether somebody of these users got in afterwards. A machine: its secret may have been changed under it. A "
    "stranger's address: block it, and reset who was tried.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(
        example(LoginHistory=_tries(6, 9)),
        example("across the turn of an hour", LoginHistory=_tries(6, 11)),
        example("many users from one address", LoginHistory=[{**row, "USER_ID": f"00500000000{n:04d}"} for n, row in enumerate(_tries(4, 1))]),
    ),
    quiet=(
        example("five", LoginHistory=_tries(5, 1)),
        example("never more than five within an hour", LoginHistory=_tries(12, 12)),
        example("a forgotten password at home", LoginHistory=[event(PERSON, days=-9, STATUS="Success", SOURCE_IP="192.0.2.8"), *_tries(8, 1)]),
        example("steps on the way", LoginHistory=_tries(9, 1, STATUS="Failed: Computer activation required")),
    ),
)  # fmt: skip
