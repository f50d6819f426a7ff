"""Users are disabled when an anomaly is found."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import rights_of
from tasks.inventory.model import User

FREEZING = ("FreezeUsers", "ManageUsers")
SLEEPING = (
    "AssignPermissionSets",
    "CustomizeApplication",
    "ManageCertificates",
    "ManageNamedCredentials",
    "ManageProfilesPermissionsets",
    "ManageRemoteAccess",
    "ManageSessionPermissionSets",
    "ManageUsers",
    "ModifyAllData",
    "ModifyMetadata",
    "ResetPasswords",
)
"""What our own enforcer may not hold without an approved change: whoever steals its key must find it asleep."""


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    found = []
    if org.org.alias not in evidence.policy.response.auto_disable:
        found.append(
            CONTROL.fail(
                org,
                "policy:auto-disable",
                "The response policy does not freeze users in this org.",
            )
        )
    enforcer = org.org.enforcer
    if enforcer is None:
        found.append(
            CONTROL.fail(
                org,
                "user:none",
                "No enforcer identity is configured, so nobody could be frozen.",
            )
        )
        return tuple(found)
    user = org.user(enforcer.username)
    rights = rights_of(evidence, org, user) if user else None
    if user is None or not user.active or user.frozen:
        why = "does not exist" if user is None else "is not active"
        found.append(
            CONTROL.fail(
                org,
                f"user:{enforcer.username}",
                f"The enforcer {enforcer.username} {why}.",
            )
        )
    elif not (rights and any(rights.has(name) for name in FREEZING)) and not _may_wake(org, user):
        found.append(
            CONTROL.fail(
                org,
                f"user:{enforcer.username}",
                f"The enforcer {enforcer.username} may not freeze users.",
            )
        )
    elif standing := sorted(name for name in SLEEPING if rights and rights.has(name)):
        found.append(
            CONTROL.fail(
                org,
                f"user:{enforcer.username}",
                f"The enforcer {enforcer.username} may change the org at all times ({', '.join(standing)}).",
            )
        )
    return tuple(found)


def _may_wake(org: OrgEvidence, user: User) -> bool:
    """The right may sleep in a session-activated set until an approved change wakes it: that is how it should be."""
    held = {a.permission_set_id for a in org.assignments if a.user_id == user.id and a.active}
    return any(
        s.id in held and s.activation_required and not s.permissions.isdisjoint(FREEZING)
        for s in org.permission_sets
    )


CONTROL = Control(
    id="ZT-22",
    title="Auto-disable users on anomaly",
    layer="monitoring",
    severity=Severity.HIGH,
    needs=(
        "users",
        "permission_sets",
        "groups",
        "assignments",
    ),
    remediation="List the org under response.auto_disable, give the enforcer Freeze Users, and move what else it may do into "
    "a session-activated permission set that estate.yaml names.",
    source="NIST SP 800-53 r5 IR-4(1), AC-2(13)",
    judge=judge,
)
