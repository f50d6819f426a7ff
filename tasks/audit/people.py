"""Who is who in an org: administrators, integration users, ourselves."""

from collections.abc import Iterator

from tasks.audit.model import Evidence, OrgEvidence
from tasks.inventory.model import TrustEdge, User
from tasks.permissions.model import EffectiveRights, Source
from tasks.permissions.tiers import TIER_0


def ourselves(org: OrgEvidence) -> frozenset[str]:
    """User names of our own identities in this org, in lower case."""
    return frozenset(i.username.lower() for i in (org.org.scanner, org.org.enforcer) if i)


def rights_of(evidence: Evidence, org: OrgEvidence, user: User) -> EffectiveRights | None:
    return evidence.rights.get(org.org.alias, {}).get(user.id)


def people(org: OrgEvidence) -> Iterator[User]:
    """Active, unfrozen standard users that are not our own."""
    own = ourselves(org)
    for user in org.users:
        if (
            user.active
            and not user.frozen
            and user.user_type == "Standard"
            and user.username.lower() not in own
        ):
            yield user


def administrators(org: OrgEvidence, evidence: Evidence) -> Iterator[tuple[User, EffectiveRights]]:
    """Everybody who holds a permission that hands over the org."""
    for user in people(org):
        rights = rights_of(evidence, org, user)
        if rights is not None and not TIER_0.isdisjoint(rights.permissions):
            yield user, rights


def acting_users(org: OrgEvidence, evidence: Evidence) -> Iterator[tuple[User, tuple[TrustEdge, ...]]]:
    """Each user as whom a trust edge acts in this org, with those edges; our own identities are left out."""
    own = ourselves(org)
    by_name: dict[str, list[TrustEdge]] = {}
    for edge in evidence.graph.inbound(org.org.alias):
        for candidate in {name.lower() for name in edge.run_as}:
            by_name.setdefault(candidate, []).append(edge)
    for user in org.users:
        name = user.username.lower()
        if name in by_name and name not in own:
            yield user, tuple(by_name[name])


def through(sources: tuple[Source, ...]) -> str:
    """How a right was come by, for people: `through group Integration Ops (set Sync_Admin)`."""
    source = sources[0]
    if source.profile:
        return f"through profile {source.permission_set}"
    if source.group:
        return f"through group {source.group} (set {source.permission_set})"
    return f"through permission set {source.permission_set}"
