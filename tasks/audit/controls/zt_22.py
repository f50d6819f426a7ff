"""Users are disabled when an anomaly is found, by identities of ours that can do no more than that without approval."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import rights_of
from tasks.inventory.model import User
from tasks.permissions.own import beyond, writable

FREEZING = ("FreezeUsers", "ManageUsers")


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
    found += _too_able(org, evidence, "scanner", org.org.scanner.username)
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
    else:
        found += _too_able(org, evidence, "enforcer", enforcer.username)
    return tuple(found)


def _too_able(org: OrgEvidence, evidence: Evidence, role: str, username: str) -> list[Finding]:
    """Whoever steals one of our keys must find no more behind it than reading set-up, and freezing."""
    user = org.user(username)
    rights = rights_of(evidence, org, user) if user else None
    if rights is None:
        return []
    excess = [*beyond(role, rights.permissions), *(f"writes {name}" for name in writable(rights.objects))]
    if not excess:
        return []
    what = f"The {role} {username} may do more at all times than it needs ({', '.join(excess)})."
    return [CONTROL.fail(org, f"user:{username}", what)]


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
        "object_permissions",
    ),
    remediation="List the org under response.auto_disable, give the enforcer Freeze Users, move what else it may do into a "
    "session-activated permission set that estate.yaml names, and take from both identities what their own sets do not give "
    "(deployments/permission_sets).",
    source="NIST SP 800-53 r5 IR-4(1), AC-2(13)",
    judge=judge,
)
