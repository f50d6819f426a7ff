"""What flows about client certificates look at: the orgs that routes touch, and how each route stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.reading import reason
from tasks.audit.evidence import assemble, assemble_cloud
from tasks.audit.model import OrgEvidence
from tasks.certificates.model import Held, Place, Roots, RouteState
from tasks.certificates.plan import API_ONLY
from tasks.certificates.standing import Middleware, OrgSide, states
from tasks.certificates.steps import (
    read_callers,
    read_certificates,
    since_when,
)
from tasks.credentials.steps import read_stored
from tasks.estate.model import Estate, Route
from tasks.estate.policy import Policy
from tasks.inventory.edges import find_edges
from tasks.inventory.model import TrustEdge
from tasks.inventory.steps import read_inventory
from tasks.permissions.effective import effective_rights
from tasks.permissions.steps import read_permissions
from tasks.reading import Reading

_NEEDED = ("users", "outbound", "apps", "grants", "logins", "permission_sets", "groups", "assignments")


@dataclass
class Picture:
    """All that was read, and what follows from it at once."""

    estate: Estate
    policy: Policy
    sides: dict[str, OrgSide]
    evidence: dict[str, OrgEvidence]
    permissions: dict[str, str | None]
    roots: dict[str, Roots]
    callers: dict[str, Middleware]
    unread: dict[str, str]
    disabled: tuple[str, ...] = ()
    edges: tuple[TrustEdge, ...] = ()

    @property
    def clocks(self) -> dict[str, datetime]:
        return {org: side.now for org, side in self.sides.items()}

    @property
    def held(self) -> tuple[Held, ...]:
        """In orgs, and in secrets under the org that they call."""
        found = [each for side in self.sides.values() for each in side.held]
        for route in self.estate.routes:
            for pair in self.callers[route.credential].pairs if route.credential in self.callers else ():
                found.append(
                    Held(
                        org=route.target,
                        place=Place.SECRET,
                        name=f"{route.credential} ({pair.name})",
                        chain=pair.chain,
                        request=pair.request,
                    )
                )
        return tuple(found)


def look(estate: Estate, policy: Policy, routes: Sequence[Route]) -> Picture:
    """All orgs that the routes touch, side by side; one that cannot be read hides no other."""
    orgs = [
        entry.alias
        for entry in estate.orgs
        if any(entry.alias in (route.source, route.target) for route in routes)
    ]
    running = {
        org: (
            read_inventory.submit(org),
            read_permissions.submit(org, fields=[]),
            read_certificates.submit(org),
        )
        for org in orgs
    }
    stored = read_stored.submit()
    callers = read_callers.submit([route.credential for route in estate.routes])
    picture = Picture(estate, policy, {}, {}, {}, {}, {}, {})
    for org, futures in running.items():
        try:
            inventory, permissions, certificates = (future.result() for future in futures)
            take(picture, org, inventory, permissions, certificates)
        except Exception as error:  # one org that cannot be read must not hide the others
            picture.unread[org] = reason(error)
    picture.callers = callers.result()
    cloud = assemble_cloud([stored.result()])
    picture.edges = find_edges(estate, picture.evidence, cloud)
    return picture


def take(picture: Picture, org: str, inventory: Reading, permissions: Reading, certificates: Reading) -> None:
    """Raises ValueError and KeyError for what judgement cannot do without."""
    entry = picture.estate.org(org)
    evidence = assemble(entry, [inventory, permissions], datetime.now(UTC))
    missing = [section for section in _NEEDED if section in evidence.gaps]
    if missing or "held" in certificates.gaps:
        first = missing[0] if missing else "held"
        why = evidence.gaps.get(first) or certificates.gaps.get(first, "")
        picture.unread[org] = f"{first.replace('_', ' ')} cannot be read: {why}"
        return
    names = {route.sync_user.lower() for route in picture.estate.routes if route.target == org}
    users = {user.id: user.username.lower() for user in evidence.users if user.username.lower() in names}
    rights = effective_rights(
        evidence.permission_sets,
        evidence.groups,
        evidence.assignments,
        evidence.object_permissions,
        evidence.field_permissions,
        evidence.users,
        set(users),
        evidence.now,
    )
    permission = evidence.mutual_auth_permission

    def holding(name: str | None) -> frozenset[str]:
        return frozenset(users[each] for each, held in rights.items() if name is not None and held.has(name))

    picture.evidence[org] = evidence
    picture.permissions[org] = permission
    if "roots" in certificates.values:
        picture.roots[org] = certificates.values["roots"]
    if certificates.values.get("enabled") is False:
        picture.disabled = (*picture.disabled, org)
    picture.sides[org] = OrgSide(
        org=org,
        now=evidence.now,
        users=evidence.users,
        logins=evidence.logins,
        outbound=evidence.outbound,
        held=certificates.values["held"],
        enforced=holding(permission),
        api_only=holding(API_ONLY),
        app_labels={app.name: app.label for app in evidence.apps},
        roots=certificates.values.get("roots"),
    )


def stand(
    picture: Picture, routes: Sequence[Route], tried: Mapping[str, bool]
) -> tuple[tuple[RouteState, ...], dict[str, str]]:
    return states(
        picture.estate,
        picture.policy,
        picture.sides,
        picture.edges,
        picture.callers,
        since_when(),
        tried,
        routes,
        max(picture.clocks.values(), default=datetime.now(UTC)),
    )
