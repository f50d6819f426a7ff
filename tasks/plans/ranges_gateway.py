"""
Hands on address ranges, over the Metadata API: login ranges of profiles, and the org's trusted ranges.

The platform replaces such a list as a whole (Metadata API guide, Profile and SecuritySettings), so what is sent is all of it,
and only while the org still has what the change starts from. Nothing else of a profile or of the settings is sent, and stays.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tasks.network.addresses import ordered, spelt, unspelt
from tasks.network.model import FULL_NAMES, AddressRange
from tasks.plans.branch import ranges_in
from tasks.plans.model import Change, Resource, ResourceKind, State
from tasks.plans.records import PROFILE
from tasks.salesforce.metadata import NAMES_PER_READ, Component, many, read_metadata, update_metadata
from tasks.salesforce.session import Session
from tasks.salesforce.writing import RecordResult, WritingSession

CHANGED = RecordResult(id=None, code="CHANGED_MEANWHILE")
"""Somebody else changed the list since it was read; sent whole, ours would undo that."""
_SECURITY = ("SecuritySettings", "Security")


def read_login_ranges(session: Session, resources: Sequence[Resource]) -> dict[Resource, State]:
    """What the org has; profiles that it does not know are left out. Raises OrgError."""
    held = read_metadata(session, "Profile", sorted({_full_name(each) for each in resources}))
    return {each: _login_state(held[name]) for each in resources if (name := _full_name(each)) in held}


def read_profile_ranges(session: Session, profiles: Collection[str]) -> dict[str, tuple[AddressRange, ...]]:
    """By name of the profile; those that the org does not give are left out. Raises OrgError."""
    resources = [
        Resource(org=session.alias, kind=ResourceKind.LOGIN_RANGES, key=f"{PROFILE}{name}")
        for name in sorted(profiles)
    ]
    return {
        resource.key.removeprefix(PROFILE): tuple(ranges_in(state))
        for resource, state in read_login_ranges(session, resources).items()
    }


def write_login_ranges(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """One result per change. Raises OrgError."""
    held = read_login_ranges(session, [change.resource for change in changes])
    results: dict[Resource, RecordResult] = {
        change.resource: CHANGED for change in changes if held.get(change.resource) != change.before
    }
    sent = [change for change in changes if change.resource not in results]
    for start in range(0, len(sent), NAMES_PER_READ):
        part = sent[start : start + NAMES_PER_READ]
        bodies = [
            ("Profile", _full_name(c.resource), {"loginIpRanges": _elements(c, "startAddress", "endAddress")})
            for c in part
        ]
        answers = update_metadata(session, bodies)
        results |= dict(zip((change.resource for change in part), answers, strict=True))
    return [results[change.resource] for change in changes]


def read_trusted_ranges(session: Session, resources: Sequence[Resource]) -> dict[Resource, State]:
    """What the org has. Raises OrgError."""
    kind, name = _SECURITY
    held = read_metadata(session, kind, [name]).get(name)
    return {} if held is None else dict.fromkeys(resources, _trusted_state(held))


def write_trusted_ranges(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """One result per change, of which there is one. Raises OrgError."""
    kind, name = _SECURITY
    held = read_trusted_ranges(session, [change.resource for change in changes])
    results = []
    for change in changes:
        if held.get(change.resource) != change.before:
            results.append(CHANGED)
            continue
        ranges = _elements(change, "start", "end")
        body: Mapping[str, Any] = {"networkAccess": {"ipRanges": ranges} if ranges else ""}
        results += update_metadata(session, [(kind, name, body)])
    return results


def _full_name(resource: Resource) -> str:
    label = resource.key.removeprefix(PROFILE)
    return FULL_NAMES.get(label, label)


def _login_state(component: Component) -> State:
    return _state(many(component, "loginIpRanges"), "startAddress", "endAddress")


def _trusted_state(component: Component) -> State:
    access = component.get("networkAccess")
    return _state(many(access, "ipRanges") if isinstance(access, dict) else [], "start", "end")


def _state(entries: Sequence[Component], first: str, last: str) -> State:
    ranges = ordered(
        AddressRange(first=each[first], last=each[last], description=str(each.get("description") or ""))
        for each in entries
    )
    return {"ranges": [spelt(each) for each in ranges]}


def _elements(change: Change, first: str, last: str) -> list[dict[str, str]] | str:
    """In the order of the schema, which is the alphabet's. An empty element clears the list; none at all would leave it."""
    listed = (change.after or {}).get("ranges")
    ranges = [unspelt(str(each)) for each in listed] if isinstance(listed, list) else []
    return [
        dict(
            sorted(
                {
                    first: each.first,
                    last: each.last,
                    **({"description": each.description} if each.description else {}),
                }.items()
            )
        )
        for each in ranges
    ] or ""
