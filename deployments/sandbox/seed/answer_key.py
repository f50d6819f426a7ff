"""The answer key: what was planted, what must not be flagged, and the trust graph as it truly is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from deployments.sandbox.seed.blueprint import Blueprint, Connection
from deployments.sandbox.seed.rights import readable, standing_permissions

_HOPPING = {"AuthorApex", "ModifyMetadata"}


@dataclass(frozen=True)
class Planted:
    control: str
    org: str
    resource: str
    variant: str
    implied: bool = False


@dataclass(frozen=True)
class Blocker:
    """Something that encrypting a field would break. `scheme` is the strongest that fits the field, empty where none does."""

    org: str
    field: str
    variant: str
    kind: str
    name: str
    scheme: str


@dataclass
class AnswerKey:
    """Filled by the plants; edges and radii are worked out from the final blueprint."""

    plan: Blueprint
    plants: str
    clean_org: str | None = None
    findings: list[Planted] = field(default_factory=list)
    decoys: list[tuple[str, str, str]] = field(default_factory=list)
    blockers: list[Blocker] = field(default_factory=list)
    certificates: list[tuple[str, str, str]] = field(default_factory=list)
    """Org, name, and what is wrong with it; these belong to no control."""

    def expect(self, control: str, org: str, resource: str, variant: str, *, implied: bool = False) -> None:
        """One finding. A planted one takes the place of the same as a mere consequence."""
        place = (control, org, resource)
        known = next((f for f in self.findings if (f.control, f.org, f.resource) == place), None)
        if known is None or (known.implied and not implied):
            if known is not None:
                self.findings.remove(known)
            self.findings.append(Planted(control, org, resource, variant, implied))

    def imply(self, control: str, org: str, resource: str, variant: str = "a") -> None:
        """A finding that follows from another plant."""
        self.expect(control, org, resource, variant, implied=True)

    def decoy(self, control: str, org: str, resource: str) -> None:
        self.decoys.append((control, org, resource))

    def document(self, seed: int) -> dict[str, Any]:
        return {
            "seed": seed,
            "plants": self.plants,
            "clean_org": self.clean_org,
            "findings": [
                vars(finding)
                for finding in sorted(self.findings, key=lambda f: (f.control, f.org, f.resource))
            ],
            "decoys": [
                dict(zip(("control", "org", "resource"), each, strict=True)) for each in sorted(self.decoys)
            ],
            "blockers": [vars(each) for each in sorted(self.blockers, key=lambda b: b.variant)],
            "certificates": [
                dict(zip(("org", "name", "rule"), each, strict=True)) for each in sorted(self.certificates)
            ],
            "edges": [_edge(self.plan, each) for each in sorted(self.plan.connections, key=_order)],
            "radii": radii(self.plan),
            "canaries": sorted(set(self.plan.canaries)),
        }


def _order(connection: Connection) -> tuple[str, str, str]:
    return connection.secret_id, connection.target, connection.name


def run_as(plan: Blueprint, connection: Connection) -> list[str]:
    if connection.flow == "authorization-code" and connection.app:
        return sorted(plan.orgs[connection.target].apps[connection.app].granted_to)
    return [connection.user]


def _edge(plan: Blueprint, connection: Connection) -> dict[str, Any]:
    names = run_as(plan, connection)
    return {
        "secret_id": connection.secret_id,
        "source": connection.source,
        "target": connection.target,
        "app": connection.app,
        "run_as": names,
        "ambiguous": len(names) != 1,
    }


def radii(plan: Blueprint) -> list[dict[str, Any]]:
    """For each secret: orgs, borders crossed, and rows readable in distinct objects."""
    found = []
    for secret_id in sorted({each.secret_id for each in plan.connections}):
        first = [each for each in plan.connections if each.secret_id == secret_id]
        found.append({"secret_id": secret_id, **_radius(plan, first)})
    return found


def _radius(plan: Blueprint, first: list[Connection]) -> dict[str, Any]:
    reached: set[tuple[str, str]] = set()
    orgs: set[str] = set()
    opened: set[str] = set()
    wave, hops = first, 0
    while wave:
        hops += 1
        orgs |= {each.target for each in wave}
        fresh = {(each.target, name) for each in wave for name in run_as(plan, each)} - reached
        reached |= fresh
        doors = {org for org, name in fresh if standing_permissions(plan.orgs[org], name) & _HOPPING} - opened
        opened |= doors
        wave = [each for each in _held_in(plan, doors) if not _all_reached(plan, each, reached)]
    pairs = {(org, sobject) for org, name in reached for sobject in readable(plan.orgs[org], name)[0]}
    return {"orgs": sorted(orgs), "hops": hops, "rows": sum(plan.orgs[org].rows[name] for org, name in pairs)}


def _held_in(plan: Blueprint, orgs: Iterable[str]) -> list[Connection]:
    """Credentials that code running in these orgs can use: named credentials, not what middleware keeps."""
    inside = set(orgs)
    return [each for each in plan.connections if each.source in inside and each.holder != "secrets-manager"]


def _all_reached(plan: Blueprint, connection: Connection, reached: set[tuple[str, str]]) -> bool:
    return all((connection.target, name) in reached for name in run_as(plan, connection))
