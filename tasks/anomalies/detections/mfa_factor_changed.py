"""
A second factor was registered or taken away where that should not happen: of an integration, of an administrator, or of somebody who
came from a new place after the password was reset.
"""

import polars as pl

from tasks.anomalies.examples import ADMIN, PERSON, daily, event, example
from tasks.anomalies.model import DAY, Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import first_seen, followed, text, within
from tasks.anomalies.trail import TRAIL, settled, whose
from tasks.anomalies.views import Views

ADDED, REMOVED, TEMPORARY = "was registered", "was removed", "that is temporary was issued"
_TRAIL = (
    (ADDED, r"(?i)^insert(TwoFactorInfo2|AuthenticatorPairing)$|^lightningloginenroll$"),
    (REMOVED, r"(?i)^delete(TwoFactorInfo2|AuthenticatorPairing)$"),
    (TEMPORARY, r"(?i)^insertTwoFactorTempCode$"),
)
_CONNECTED = r"(?i)^Connect(Totp|U2F|Toopher)$|^EnableLL$"
"""Activities of identity verification (Object Reference); security keys show there alone."""
_RESET = r"(?i)^(resetpassword|changedpassword)$"


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """
    Of integrations every change, which have nothing to ask a second factor of. Of administrators all but what the first week brings,
    when they set themselves up. Of others a registration within a day of a reset and of a sign-in from a network or country that is
    new for them. Who else registers one, or is helped by the service desk, is left alone.
    """
    trail = _told(views, context)
    happened = pl.concat([within(trail, context), within(_connected(views), context)], how="diagonal")
    changes = settled(views, happened.filter(pl.col("WHAT") != "reset"))
    machine = changes.filter(pl.col("KIND") == "machine").with_columns(
        EXPECTED=pl.lit("an integration, which signs in without second factors"), F_INTEGRATION=pl.lit(1.0)
    )
    first = (pl.col("WHAT") == ADDED) & ~pl.col("SETTLED").fill_null(value=False)
    administrator = changes.filter(pl.col("ADMIN") & (pl.col("KIND") != "machine") & ~first).with_columns(
        EXPECTED=pl.lit("an administrator's factors, which stay as they are"), F_ADMINISTRATOR=pl.lit(1.0)
    )
    resets = within(trail.filter(pl.col("WHAT") == "reset"), context, DAY).select("ORG", "USER", "AT")
    came = views.signins.filter(pl.col("OK"))
    new = pl.concat(
        [first_seen(came, ["ORG", "USER"], each).select("ORG", "USER", "AT") for each in ("NET", "COUNTRY")]
    )
    registered = changes.filter(pl.col("WHAT") == ADDED)
    after = followed(resets, registered, ["ORG", "USER"], DAY, "_RESET")
    stranger = (
        followed(within(new, context, DAY), after, ["ORG", "USER"], DAY, "_CAME")
        .filter(pl.col("AT_CAME") >= pl.col("AT_RESET"))
        .with_columns(
            EXPECTED=pl.lit("a registration from where this user came from before the password was reset"),
            SINCE="AT_RESET",
            EVENTS=pl.lit(3),
            F_RESET=pl.lit(1.0),
            F_NEW_PLACE=pl.lit(1.0),
        )
    )
    by = pl.when(pl.col("CHANGER") == pl.col("USER")).then(pl.lit("")).otherwise(pl.lit(", by somebody else"))
    return pl.concat([machine, administrator, stranger], how="diagonal").with_columns(
        ACTOR="USER",
        SEEN=text("a verification method {}{}", "WHAT", by),
        KEYS=pl.concat_list("KEY"),
    )


def _told(views: Views, context: Context) -> pl.LazyFrame:
    """What the trail says of factors and passwords."""
    what = pl.coalesce(
        [
            pl.when(pl.col("ACTION").str.contains(pattern)).then(pl.lit(name))
            for name, pattern in (*_TRAIL, ("reset", _RESET))
        ]
    )
    rows = within(views.changes, context, DAY).with_columns(WHAT=what).filter(pl.col("WHAT").is_not_null())
    return whose(views, rows).select("ORG", "AT", "TIER", "WHAT", "KEY", "CHANGER", "USER")


def _connected(views: Views) -> pl.LazyFrame:
    done = pl.col("STATUS").str.contains("(?i)success|succeeded")
    rows = views.verifications.filter(pl.col("ACTION").str.contains(_CONNECTED) & done)
    return rows.select("ORG", "AT", "TIER", "KEY", "USER", WHAT=pl.lit(ADDED), CHANGER="USER")


def _entry(who: str, action: str, name: str) -> dict[str, object]:
    return event(who, ACTION=action, DISPLAY=f"Time-Based Token changed for {name}")


_RESET_IT = event(
    ADMIN, minutes=-60, ACTION="resetpassword", DISPLAY="Reset password for user sales@hq.example"
)
_HOME = daily(PERSON, STATUS="Success", SOURCE_IP="203.0.113.7", COUNTRY_ISO="US")
_ABROAD = event(PERSON, minutes=-30, STATUS="Success", SOURCE_IP="192.0.2.9", COUNTRY_ISO="RO")
_OWN = _entry(PERSON, "insertTwoFactorInfo2", "sales@hq.example")
DETECTION = Detection(
    name="mfa-factor-changed",
    title="A second factor was changed",
    severity=Severity.ERROR,
    technique="T1556.006",
    needs=TRAIL,
    runbook="Call the owner on a number you know. Not them: freeze the account, remove the factor, and see who reset what before.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(
        example(
            "an administrator's", SetupAuditTrail=[_entry(ADMIN, "deleteTwoFactorInfo2", "admin@hq.example")]
        ),
        example(
            "an integration's",
            SetupAuditTrail=[_entry(ADMIN, "insertAuthenticatorPairing", "sync@hq.example")],
        ),
        example(
            "from a new country after a reset",
            SetupAuditTrail=[_RESET_IT, _OWN],
            LoginHistory=[*_HOME, _ABROAD],
        ),
    ),
    quiet=(
        example("somebody sets up what was asked for", SetupAuditTrail=[_OWN], LoginHistory=_HOME),
        example("a forgotten password, at home", SetupAuditTrail=[_RESET_IT, _OWN], LoginHistory=_HOME),
        example(
            "a lost telephone",
            SetupAuditTrail=[_entry(ADMIN, "deleteTwoFactorInfo2", "sales@hq.example"), _OWN],
            LoginHistory=_HOME,
        ),
        example(
            "a new administrator",
            SetupAuditTrail=[_entry(ADMIN, "insertTwoFactorInfo2", "admin@hq.example")],
            LoginHistory=[event(ADMIN, minutes=-9, STATUS="Success", SOURCE_IP="203.0.113.7")],
        ),
    ),
)
