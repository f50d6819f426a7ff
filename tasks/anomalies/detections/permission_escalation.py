"""A right that opens an org was given: to a set or a profile, to a user, or by somebody to themselves."""

import polars as pl

from tasks.anomalies.examples import ADMIN, PERSON, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import within
from tasks.anomalies.views import Views

RISKY = (
    "Modify All Data|View All Data|Author Apex|Modify Metadata|Customize Application|Manage Users|Manage Internal Users|"
    "Manage Profiles and Permission Sets|Assign Permission Sets|Manage Roles|Manage Sharing|Reset User Passwords|"
    "Manage Multi-Factor Authentication|Waive Multi-Factor|Use Any API Client|Approve Uninstalled Connected Apps|"
    "Manage Connected Apps|View Client Secret|Manage Named Credentials|Manage Certificates|Manage Encryption Keys|"
    "Manage Auth. Providers|Manage IP Addresses|Manage Password Policies|Bulk API Hard Delete|Weekly Data Export|View All Users"
)
"""Labels of the rights; the list is the union of what public audit tools count as escalation."""
_GIVEN = {"PermSetAssign", "PermSetGroupAssign", "PermissionSetAssign", "GrantPermission"}


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Set-up's audit trail says who and which in its text alone, so that is what is looked at."""
    changes = views.known(within(views.changes, context))
    display = pl.col("DISPLAY").fill_null("")
    enabled = display.str.contains("from disabled to enabled") | pl.col("ACTION").is_in(
        ["PermSetEnableUserPerm"]
    )
    risky = enabled & display.str.contains(f"(?i){RISKY}")
    given = pl.col("ACTION").is_in(sorted(_GIVEN))
    powerful = given & display.str.contains(f"(?i)(?:{RISKY})|administrator|super.?user|all.data")
    own = given & (pl.col("WHO").str.len_bytes() > 0) & display.str.contains(pl.col("WHO"), literal=True)
    made = pl.col("ACTION").str.starts_with("changedprofileforuser") & display.str.contains(
        "to System Administrator"
    )
    return (
        changes.with_columns(RISKY=risky, POWERFUL=powerful, OWN=own.fill_null(False), MADE=made)
        .filter(pl.any_horizontal("RISKY", "POWERFUL", "OWN", "MADE"))
        .with_columns(
            ACTOR="USER",
            SEVERITY=pl.when("OWN").then(pl.lit("critical")).otherwise(pl.lit("error")),
            EXPECTED=pl.lit("nobody is given such a right outside an approved grant, and nobody gives it to themselves"),
            SEEN=pl.when("OWN").then(pl.lit("a right given to oneself")).otherwise(pl.lit("a right that opens the org was given")),
            KEYS=pl.concat_list("KEY"),
            F_OWN_GRANT=pl.col("OWN").cast(pl.Float64),
            F_RISK=pl.any_horizontal("RISKY", "POWERFUL", "MADE").cast(pl.Float64),
        )
    )  # fmt: skip


def _trail(action: str, display: str, user: str = PERSON, minutes: float = 0) -> dict[str, object]:
    return event(user, minutes=minutes, ACTION=action, DISPLAY=display, CREATED_BY_ID=user)


DETECTION = Detection(
    name="permission-escalation",
    title="A powerful right was given",
    severity=Severity.ERROR,
    technique="T1098.003",
    needs=(frozenset({"SetupAuditTrail"}), frozenset({"PermissionUpdate"}), frozenset({"PermissionSetEventStore"})),
    runbook="Look for the approval in the ledger. None: take the right away again and end the sessions of both who gave and who got.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(
        example(SetupAuditTrail=[_trail("PermSetEnableUserPerm", "Changed permission set Sync: View All Data permission was changed from disabled to enabled")]),
        example("oneself", SetupAuditTrail=[_trail("PermSetAssign", "Permission set Reports: assigned to user admin@hq.example", ADMIN)]),
        example("an administrator made", SetupAuditTrail=[_trail("changedprofileforuserstdtostd", "Changed profile for user X from Standard User to System Administrator")]),
    ),
    quiet=(
        example("a harmless set", SetupAuditTrail=[_trail("PermSetAssign", "Permission set Export Reports: assigned to user sales@hq.example", ADMIN)]),
        example("taken away", SetupAuditTrail=[_trail("PermSetDisableUserPerm", "Changed permission set Sync: View All Data permission was changed from enabled to disabled")]),
    ),
)  # fmt: skip
