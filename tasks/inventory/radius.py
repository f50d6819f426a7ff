"""How far one stolen secret reaches: its own edges, and onward through orgs whose credentials it can then use."""

from collections.abc import Mapping

from tasks.audit.model import OrgEvidence
from tasks.encryption.model import SensitiveField
from tasks.inventory.model import BlastRadius, Reach, SecretHolder, TrustEdge
from tasks.permissions.model import EffectiveRights, ObjectRights
from tasks.permissions.tiers import HOPPING

_ALL = ObjectRights(read=True, create=True, edit=True, delete=True, view_all=True, modify_all=True)
_VIEW = ObjectRights(read=True, view_all=True)

Rights = Mapping[str, Mapping[str, EffectiveRights]]
Sensitive = Mapping[str, tuple[SensitiveField, ...]]


def blast_radii(
    edges: tuple[TrustEdge, ...], orgs: Mapping[str, OrgEvidence], rights: Rights, sensitive: Sensitive
) -> tuple[BlastRadius, ...]:
    """One radius per distinct secret, in the order of secret ids."""
    outbound: dict[str, list[TrustEdge]] = {}
    own: dict[str, list[TrustEdge]] = {}
    for edge in edges:
        own.setdefault(edge.secret_id, []).append(edge)
        if edge.holder is SecretHolder.NAMED_CREDENTIAL and edge.source is not None:
            outbound.setdefault(edge.source, []).append(edge)
    known: dict[tuple[str, str], tuple[Reach, ...]] = {}
    return tuple(
        _radius(secret_id, own[secret_id], outbound, orgs, rights, sensitive, known)
        for secret_id in sorted(own)
    )


def _radius(
    secret_id: str,
    first: list[TrustEdge],
    outbound: Mapping[str, list[TrustEdge]],
    orgs: Mapping[str, OrgEvidence],
    rights: Rights,
    sensitive: Sensitive,
    known: dict[tuple[str, str], tuple[Reach, ...]],
) -> BlastRadius:
    """Breadth first over (org, user): a border counts as crossed when it leads to somebody not reached before."""
    reached: dict[tuple[str, str], None] = {}
    targets = {edge.target for edge in first}
    ambiguous = any(edge.ambiguous for edge in first)
    frontier, hops, entered = first, 1, set[str]()
    while frontier:
        fresh = [(e.target, name) for e in frontier for name in e.run_as if (e.target, name) not in reached]
        reached.update(dict.fromkeys(fresh))
        doors = {org for org, name in fresh if _hops_on(orgs, rights, org, name)} - entered
        entered |= doors
        frontier = [edge for org in sorted(doors) for edge in outbound.get(org, ())]
        frontier = [e for e in frontier if any((e.target, n) not in reached for n in e.run_as)]
        if frontier:
            hops += 1
            targets |= {edge.target for edge in frontier}
            ambiguous = ambiguous or any(edge.ambiguous for edge in frontier)
    for org, name in reached:
        if (org, name) not in known:
            known[org, name] = _reach(orgs, rights, sensitive, org, name)
    return BlastRadius(
        secret_id=secret_id,
        orgs=tuple(sorted(targets)),
        hops=hops,
        reach=tuple(line for key in sorted(reached) for line in known[key]),
        ambiguous=ambiguous,
    )


def _rights_of(
    orgs: Mapping[str, OrgEvidence], rights: Rights, org: str, username: str
) -> EffectiveRights | None:
    """None for a user that cannot log in: a credential for it opens nothing."""
    user = orgs[org].user(username) if org in orgs else None
    if user is None or not user.active:
        return None
    return rights.get(org, {}).get(user.id)


def _hops_on(orgs: Mapping[str, OrgEvidence], rights: Rights, org: str, username: str) -> bool:
    held = _rights_of(orgs, rights, org, username)
    return held is not None and any(held.has(permission) for permission in HOPPING)


def _reach(
    orgs: Mapping[str, OrgEvidence], rights: Rights, sensitive: Sensitive, org: str, username: str
) -> tuple[Reach, ...]:
    held = _rights_of(orgs, rights, org, username)
    if held is None:
        return ()
    counts = orgs[org].row_counts
    secretive: dict[str, list[str]] = {}
    for item in sensitive.get(org, ()):
        if held.may_read_field(item.field.name):
            secretive.setdefault(item.field.sobject, []).append(item.field.name)
    lines = []
    for sobject in sorted({*counts, *held.objects}):
        can = rights_on(held, sobject)
        if can.read or can.create or can.edit or can.delete:
            lines.append(
                Reach(
                    org=org,
                    username=username,
                    sobject=sobject,
                    rows=counts.get(sobject),
                    read=can.read,
                    edit=can.edit,
                    delete=can.delete,
                    all_records=can.view_all or can.modify_all,
                    sensitive_fields=tuple(sorted(secretive.get(sobject, ()))),
                )
            )
    return tuple(lines)


def rights_on(held: EffectiveRights, sobject: str) -> ObjectRights:
    """Object rights with View All Data and Modify All Data, which need no object permission, taken in."""
    if held.has("ModifyAllData"):
        return _ALL
    own = held.objects.get(sobject, ObjectRights())
    if held.has("ViewAllData"):
        return own.model_copy(update={"read": _VIEW.read, "view_all": _VIEW.view_all})
    return own
