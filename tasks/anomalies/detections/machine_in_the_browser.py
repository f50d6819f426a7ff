"""An account of a machine signs in, or tries to, through the user interface."""

import polars as pl

from tasks.anomalies.examples import MACHINE, PERSON, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import text, within
from tasks.anomalies.views import Views

_BY_HAND = ["Application", "A"]


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """LoginHistory writes `Application`, files write `A`; an API-only user is refused, which is a trace all the same."""
    tried = views.known(within(views.signins, context))
    refused = pl.col("STATUS") == "LOGIN_ERROR_USER_API_ONLY"
    by_hand = (pl.col("KIND") == "machine") & (
        pl.col("TYPE").is_in(_BY_HAND) | pl.col("SUBTYPE").str.starts_with("UiLogin")
    )
    return tried.filter(by_hand | refused).with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit("a machine that comes over the API"),
        SEEN=text("a sign-in by hand from {}: {}", "IP", "STATUS"),
        KEYS=pl.concat_list("KEY"),
        F_BY_HAND=pl.lit(1.0),
    )


DETECTION = Detection(
    name="machine-in-the-browser",
    title="A machine's account was used by hand",
    severity=Severity.ERROR,
    technique="T1078.004",
    needs=(frozenset({"LoginHistory"}), frozenset({"Login"}), frozenset({"LoginEvent"})),
    runbook="Find out who knows its password. Then it needs none: take the password way away and rotate what is left.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(
        example(LoginHistory=[event(MACHINE, STATUS="Success", LOGIN_TYPE="Application")]),
        example("refused", Login=[event(MACHINE, LOGIN_STATUS="LOGIN_ERROR_USER_API_ONLY", LOGIN_TYPE="A")]),
    ),
    quiet=(
        example(
            "over the API", LoginHistory=[event(MACHINE, STATUS="Success", LOGIN_TYPE="Remote Access 2.0")]
        ),
        example("a person", LoginHistory=[event(PERSON, STATUS="Success", LOGIN_TYPE="Application")]),
    ),
)
