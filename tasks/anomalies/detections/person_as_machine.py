"""A person's account signs in by client credentials or by a password over the API."""

import polars as pl

from tasks.anomalies.examples import MACHINE, PERSON, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import text, within
from tasks.anomalies.views import Views

WAYS = ("OauthClientCredentials", "OauthUsernamePassword", "SoapApiLogin")


def judge(views: Views, context: Context) -> pl.LazyFrame:
    tried = views.known(within(views.signins.filter("OK"), context)).filter(pl.col("KIND") == "person")
    way = pl.any_horizontal([pl.col("SUBTYPE").str.starts_with(name) for name in WAYS])
    return tried.filter(way).with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit("people who sign in by hand, with their second factor"),
        SEEN=text("a sign-in by {} from {}", "SUBTYPE", "IP"),
        KEYS=pl.concat_list("KEY"),
        F_WAY=pl.lit(1.0),
    )


DETECTION = Detection(
    name="person-as-machine",
    title="A person's account was used like a machine's",
    severity=Severity.WARNING,
    technique="T1078.004",
    needs=(frozenset({"LoginHistory"}), frozenset({"Login"}), frozenset({"LoginEvent"})),
    runbook="A script with somebody's own account gets an account of its own. Nobody wrote one: reset the password.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(example(LoginHistory=[event(PERSON, STATUS="Success", LOGIN_SUB_TYPE="OauthClientCredentials")]),),
    quiet=(
        example("by hand", LoginHistory=[event(PERSON, STATUS="Success", LOGIN_SUB_TYPE="UiLogin")]),
        example(
            "a machine",
            LoginHistory=[event(MACHINE, STATUS="Success", LOGIN_SUB_TYPE="OauthClientCredentials")],
        ),
    ),
)
