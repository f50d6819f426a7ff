"""A machine that always used keys signs in with a password, or in another way it never used."""

import polars as pl

from tasks.anomalies.examples import MACHINE, PERSON, daily, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import first_seen, text
from tasks.anomalies.views import Views


def judge(views: Views, context: Context) -> pl.LazyFrame:
    machine = views.known(views.signins.filter("OK")).filter(pl.col("KIND") == "machine")
    way = machine.with_columns(WAY=pl.coalesce("SUBTYPE", "TYPE"))
    return first_seen(way, ["ORG", "USER"], "WAY").with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit("the way of signing in that this machine used before"),
        SEEN=text("a sign-in by {} from {}", "WAY", "IP"),
        KEYS=pl.concat_list("KEY"),
        F_NEW_WAY=pl.lit(1.0),
    )


_KEYS = daily(MACHINE, STATUS="Success", LOGIN_SUB_TYPE="OauthJwtBearer")
DETECTION = Detection(
    name="machine-signs-in-otherwise",
    title="A machine signed in by another way",
    severity=Severity.ERROR,
    technique="T1078.004",
    needs=(frozenset({"LoginHistory"}), frozenset({"Login"}), frozenset({"LoginEvent"})),
    runbook="Ask who runs it. Unknown: end its sessions, and shut the way that it does not need.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(
        example(LoginHistory=[*_KEYS, event(MACHINE, STATUS="Success", LOGIN_SUB_TYPE="OauthUsernamePassword")]),
    ),
    quiet=(
        example("as always", LoginHistory=[*_KEYS, event(MACHINE, STATUS="Success", LOGIN_SUB_TYPE="OauthJwtBearer")]),
        example("a person", LoginHistory=[*daily(PERSON, STATUS="Success", LOGIN_SUB_TYPE="UiLogin"), event(PERSON, STATUS="Success", LOGIN_SUB_TYPE="OauthWebServer")]),
    ),
)  # fmt: skip
