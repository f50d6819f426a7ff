"""A user's factor, address and password are changed one after the other: the chain by which an account changes hands."""

from datetime import timedelta

import polars as pl

from tasks.anomalies.examples import ADMIN, PERSON, daily, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import counted, text, within
from tasks.anomalies.trail import NAMED, settled, whose
from tasks.anomalies.views import Views

SPAN = timedelta(hours=1)
_STEP = (
    ("address", "changedemail|changedusername|changedfederationid"),
    ("password", "resetpassword|changedpassword"),
    ("factor", "TwoFactorInfo2|AuthenticatorPairing|TwoFactorTempCode|lightningloginenroll"),
)
_REGISTERED = "(?i)^insert(TwoFactorInfo2|AuthenticatorPairing)$|^lightningloginenroll$"


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """
    Two different steps about the same user, whose name stands in the text. That new staff register their first factor with the password
    they were given is none.
    """
    step = pl.coalesce(
        [
            pl.when(pl.col("ACTION").str.contains(f"(?i){pattern}")).then(pl.lit(name))
            for name, pattern in _STEP
        ]
    )
    subject = pl.col("DISPLAY").str.extract_all(NAMED).list.last()
    changes = within(views.changes, context, SPAN).with_columns(STEP=step, ACTOR=subject)
    named = changes.filter(pl.col("STEP").is_not_null() & pl.col("ACTOR").is_not_null())
    first = pl.col("ACTION").str.contains(_REGISTERED) & ~pl.col("SETTLED").fill_null(value=True)
    steps = settled(views, whose(views, named)).filter(~first)
    return counted(steps, ["ORG", "ACTOR"], 2, distinct="STEP", period=SPAN).with_columns(
        EVENTS="COUNT",
        EXPECTED=pl.lit("one of address, password and second factor changed at a time"),
        SEEN=text("{} of them changed within an hour", "COUNT"),
        F_STEPS=pl.col("COUNT") / 2,
    )


def _change(action: str, name: str = "cfo@hq.example", minutes: float = 0) -> dict[str, object]:
    return event(ADMIN, minutes=minutes, ACTION=action, DISPLAY=f"For user {name} something was changed")


DETECTION = Detection(
    name="account-takeover",
    title="An account may be changing hands",
    severity=Severity.ERROR,
    technique="T1556.006",
    needs=(frozenset({"SetupAuditTrail"}),),
    runbook="Call the user on a number you know. Not them: freeze the account, and see who asked the service desk.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(
        example(SetupAuditTrail=[_change("deleteTwoFactorInfo2"), _change("resetpassword", minutes=8)]),
        example(
            "another factor",
            SetupAuditTrail=[
                _change("resetpassword", "sales@hq.example"),
                _change("insertTwoFactorInfo2", "sales@hq.example", 20),
            ],
            LoginHistory=daily(PERSON, STATUS="Success"),
        ),
    ),
    quiet=(
        example(
            "a forgotten password",
            SetupAuditTrail=[_change("resetpassword"), _change("resetpassword", minutes=8)],
        ),
        example(
            "new staff",
            SetupAuditTrail=[
                _change("resetpassword", "sales@hq.example"),
                _change("insertTwoFactorInfo2", "sales@hq.example", 20),
            ],
            LoginHistory=[event(PERSON, minutes=10, STATUS="Success", SOURCE_IP="203.0.113.7")],
        ),
        example(
            "two users",
            SetupAuditTrail=[_change("deleteTwoFactorInfo2"), _change("resetpassword", "x@hq.example", 8)],
        ),
    ),
)
