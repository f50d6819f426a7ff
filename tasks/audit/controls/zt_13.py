"""Elevated rights for hours, not for years."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import administrators, through
from tasks.permissions.model import Source
from tasks.permissions.tiers import TIER_0


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    """A set that needs session activation stands all the time once it sits in a group: the platform drops the condition."""
    spared = {name.lower() for name in evidence.policy.jit.break_glass}
    found = []
    for user, rights in administrators(org, evidence):
        if user.username.lower() in spared:
            continue
        standing = {
            name: kept
            for name in sorted(TIER_0 & rights.permissions.keys())
            if (kept := tuple(s for s in rights.permissions[name] if _stands(s, org, evidence)))
        }
        if standing:
            why = [f"{name} {through(sources)}" for name, sources in standing.items()]
            found.append(
                CONTROL.fail(
                    org,
                    f"user:{user.username}",
                    f"{user.username} holds elevated rights all the time.",
                    *why,
                )
            )
    return tuple(found)


def _stands(source: Source, org: OrgEvidence, evidence: Evidence) -> bool:
    return source.expires is None or source.expires - org.now > evidence.policy.jit.max_grant


CONTROL = Control(
    id="ZT-13",
    title="Just-in-time access for elevated permissions",
    layer="authorization",
    severity=Severity.HIGH,
    needs=(
        "users",
        "permission_sets",
        "assignments",
        "groups",
    ),
    remediation=(
        "Take the standing grant away and grant it for hours with an expiry when it is needed; keep named"
        " break-glass users in the policy."
    ),
    source="NIST SP 800-207 tenet 3; Salesforce Help: expiring permission set assignments; article pattern 7",
    judge=judge,
)
