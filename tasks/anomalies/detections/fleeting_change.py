"""Something is given and taken back within hours: a set, or a whole user, that was there just long enough."""

from datetime import timedelta

import polars as pl

from tasks.anomalies.examples import ADMIN, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import followed, text, within
from tasks.anomalies.trail import NAMED
from tasks.anomalies.views import Views

SPAN = timedelta(hours=2)
_GIVEN = r"^(PermSetAssign|PermSetGroupAssign|createduser|activateduser)$"
_TAKEN = r"^(PermSetUnassign|PermSetGroupUnassign|deactivateduser|frozeuser)$"


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """
    By the same administrator about the same user. Just-in-time grants look alike where the product's own users make them: those
    are no administrators of the inventory, and tuning may name them.
    """
    subject = pl.col("DISPLAY").str.extract(NAMED)
    changes = (
        within(views.changes, context, SPAN)
        .with_columns(SUBJECT=subject)
        .filter(pl.col("SUBJECT").is_not_null())
    )
    given = changes.filter(pl.col("ACTION").str.contains(_GIVEN)).select(
        "ORG", "AT", "USER", "SUBJECT", "DISPLAY"
    )
    taken = changes.filter(pl.col("ACTION").str.contains(_TAKEN))
    return followed(given, taken, ["ORG", "USER", "SUBJECT"], SPAN).with_columns(
        ACTOR="USER",
        SINCE="AT_FIRST",
        EVENTS=pl.lit(2),
        EXPECTED=pl.lit("rights and users that stay"),
        SEEN=text(
            "given and taken back after {} minutes", (pl.col("AT") - pl.col("AT_FIRST")).dt.total_minutes()
        ),
        KEYS=pl.concat_list("KEY"),
        F_FLEETING=pl.lit(1.0),
    )


def _change(action: str, minutes: float = 0, name: str = "admin@hq.example") -> dict[str, object]:
    return event(ADMIN, minutes=minutes, ACTION=action, DISPLAY=f"Permission set Data Export: user {name}")


DETECTION = Detection(
    name="fleeting-change",
    title="Given and taken back within hours",
    severity=Severity.ERROR,
    technique="T1098",
    needs=(frozenset({"SetupAuditTrail"}), frozenset({"PermissionUpdate"})),
    runbook="See what was read in between, and by which session. Ask the administrator who approved it.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(example(SetupAuditTrail=[_change("PermSetAssign"), _change("PermSetUnassign", 10)]),),
    quiet=(
        example("it stays", SetupAuditTrail=[_change("PermSetAssign")]),
        example(
            "another user",
            SetupAuditTrail=[_change("PermSetAssign"), _change("PermSetUnassign", 10, "x@hq.example")],
        ),
        example(
            "the next morning",
            SetupAuditTrail=[_change("PermSetAssign"), _change("PermSetUnassign", 11 * 60)],
        ),
    ),
)
