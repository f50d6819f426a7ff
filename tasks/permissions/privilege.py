"""Over-privileged machines: what each integration user is granted against what it uses and was declared for."""

from collections.abc import Iterable, Mapping

from tasks.audit.model import OrgEvidence
from tasks.inventory.model import TrustEdge, User
from tasks.permissions.model import EffectiveRights, OverPrivileged, Source
from tasks.permissions.tiers import label, tier


def over_privileged(
    org: OrgEvidence, inbound: Iterable[TrustEdge], rights: Mapping[str, EffectiveRights]
) -> tuple[OverPrivileged, ...]:
    """Our own users and users without any excess are left out; the worst come first."""
    edges: dict[str, list[TrustEdge]] = {}
    for edge in inbound:
        for name in edge.run_as:
            edges.setdefault(name.lower(), []).append(edge)
    people = {login.user_id for login in org.logins if login.success and login.interactive}
    machines = {login.user_id for login in org.logins if login.success and not login.interactive}
    ours = {i.username.lower() for i in (org.org.scanner, org.org.enforcer) if i is not None}
    found = []
    for user in org.users:
        held = rights.get(user.id)
        used_by = edges.get(user.username.lower(), [])
        if held is None or not user.active or user.username.lower() in ours:
            continue
        if used_by or user.id in machines or held.has("ApiUserOnly"):
            item = _examine(org, user, held, used_by, human=user.id in people)
            if item.high_risk or item.unused_objects or item.shared_by or item.human:
                found.append(item)
    return tuple(sorted(found, key=lambda i: (-len(i.high_risk), -len(i.shared_by), i.username)))


def _examine(
    org: OrgEvidence, user: User, held: EffectiveRights, edges: list[TrustEdge], *, human: bool
) -> OverPrivileged:
    granted = {name for name, can in held.objects.items() if can.read}
    dangerous = sorted((p for p in held.permissions if tier(p) < 2), key=lambda p: (tier(p), p))
    secrets = sorted({edge.secret_id for edge in edges if not edge.ambiguous})
    return OverPrivileged(
        org=org.org.alias,
        username=user.username,
        high_risk=tuple(f"{label(p)} {_origin(held.permissions[p])}" for p in dangerous),
        granted_objects=len(granted),
        unused_objects=unused_objects(org, user, granted),
        shared_by=tuple(secrets) if len(secrets) > 1 else (),
        human=human,
        applications=tuple(sorted({a for a in _applications(org, user) if a})),
    )


def _origin(sources: tuple[Source, ...]) -> str:
    """`(profile X, group Y)`: every place from which the permission would have to be taken."""
    places = [
        f"profile {s.permission_set}"
        if s.profile
        else f"group {s.group}"
        if s.group
        else f"set {s.permission_set}"
        for s in sources
    ]
    return f"({', '.join(dict.fromkeys(places))})"


def _applications(org: OrgEvidence, user: User) -> set[str]:
    return {
        login.application
        for login in org.logins
        if login.user_id == user.id and login.success and not login.interactive
    }


def unused_objects(org: OrgEvidence, user: User, granted: set[str]) -> tuple[str, ...] | None:
    """None without event logs; with them, a user they never mention used nothing."""
    if org.used_objects is None:
        return None
    return tuple(sorted(granted - org.used_objects.get(user.id, frozenset())))
