"""An administrator becomes many users within an hour."""

import polars as pl

from tasks.anomalies.examples import ADMIN, event, example
from tasks.anomalies.model import HOUR, Context, Detection, Severity
from tasks.anomalies.patterns import counted, text, within
from tasks.anomalies.views import Views

LEAST = 4


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Set-up's audit trail names the target in its text; the events name it in a column."""
    events = views.logins_as.select("ORG", "AT", "TIER", "USER", "TARGET")
    trail = views.changes.filter(pl.col("ACTION").is_in(["suOrgAdminLogin", "suNetworkAdminLogin"]))
    became = pl.concat([events, trail.select("ORG", "AT", "TIER", "USER", TARGET="DISPLAY")])
    return counted(within(became, context, HOUR), ["ORG", "USER"], LEAST, distinct="TARGET").with_columns(
        ACTOR="USER",
        EVENTS="COUNT",
        EXPECTED=pl.lit(f"fewer than {LEAST} users an hour"),
        SEEN=text("became {} users within an hour", "COUNT"),
        F_USERS=pl.col("COUNT") / LEAST,
    )


def _became(count: int, every: float) -> list[dict[str, object]]:
    return [event(ADMIN, minutes=n * every, DELEGATED_USERNAME=f"user{n}@hq.example") for n in range(count)]


DETECTION = Detection(
    name="login-as-spree",
    title="An administrator became many users",
    severity=Severity.ERROR,
    technique="T1134",
    needs=(frozenset({"LoginAs"}), frozenset({"LoginAsEvent"}), frozenset({"SetupAuditTrail"})),
    runbook="Look for a ticket for each. None: end the administrator's sessions, and see what was read as whom.",
    judge=judge,
    fires=(
        example(LoginAsEvent=_became(4, 5)),
        example(
            "by the audit trail",
            SetupAuditTrail=[
                event(ADMIN, minutes=n, ACTION="suOrgAdminLogin", DISPLAY=f"as user{n}") for n in range(4)
            ],
        ),
    ),
    quiet=(
        example("support", LoginAsEvent=_became(3, 5)),
        example("over the day", LoginAsEvent=_became(6, 31)),
    ),
)
