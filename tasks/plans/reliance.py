"""What a plan leaves alone and relies on: sets that it only assigns, and what a user already holds whom it makes active."""

from collections.abc import Iterable

from tasks.plans.branch import person
from tasks.plans.model import Change, Plan, Resource, ResourceKind, State, Watched
from tasks.plans.records import GROUP, PROFILE, split

_CONTAINED = {ResourceKind.OBJECT_PERMISSION, ResourceKind.FIELD_PERMISSION, ResourceKind.APP_ACCESS}
_BETWEEN_ORGS = {
    ResourceKind.CLIENT_CERTIFICATE,
    ResourceKind.CALLER_SECRET,
    ResourceKind.INBOUND_CERTIFICATE,
}
"""What one side of a route relies on lies on the other: a caller's certificate in one org, the list that knows it in another."""


def relied_on(plan: Plan) -> tuple[Resource, ...]:
    """What has to be read beside the plan's own changes: each set or group that it assigns and does not make, each user."""
    made = {
        (c.resource.org, c.resource.key.lower())
        for c in plan.changes
        if c.resource.kind is ResourceKind.PERMISSION_SET and c.before is None
    }
    found: dict[Resource, None] = {}
    for change in plan.changes:
        org = change.resource.org
        if change.resource.kind is ResourceKind.ASSIGNMENT and change.after is not None:
            granted = split(change.resource.key)[1]
            if (org, granted.lower()) not in made:
                found[Resource(org=org, kind=ResourceKind.SET_RIGHTS, key=granted)] = None
        if change.resource.kind is ResourceKind.NEW_USER and change.after is not None:
            found[Resource(org=org, kind=ResourceKind.USER_GRANTS, key=change.resource.key)] = None
    return tuple(found)


def within_reach(state: State | None) -> Iterable[str]:
    """Sets that a user or a group gives its rights by: what they give counts as well."""
    for name in ("sets", "members"):
        held = (state or {}).get(name)
        yield from (str(each) for each in held) if isinstance(held, list) else ()


def leaned_on(plan: Plan, org: str, *, begun: bool) -> tuple[Watched, ...]:
    """
    What must be as it was before something is sent to an org, whichever org it lies in.

    Once the plan is begun it has changed some of it itself; that was compared before its first write.
    """
    own = {part for c in plan.changes if begun and c.resource.org == org for part in _changed(c)}
    return tuple(
        w
        for w in plan.watched
        if w.resource.kind in _BETWEEN_ORGS or (w.resource.org == org and w.resource.key.lower() not in own)
    )


def _changed(change: Change) -> Iterable[str]:
    """Lower-case names of the set or the user that a change is about."""
    if change.resource.kind is ResourceKind.PERMISSION_SET:
        yield change.resource.key.lower()
    if change.resource.kind in _CONTAINED and not change.resource.key.startswith(PROFILE):
        yield split(change.resource.key)[0].lower()
    if (name := person(change)) is not None:
        yield name.lower()


def described(plan: Plan) -> list[str]:
    """For who approves: what is given by what the plan does not change itself."""
    return [f"{w.resource.org}: {_who(w.resource)} {_says(w)}" for w in plan.watched]


def _says(watched: Watched) -> str:
    state = watched.state or {}
    match watched.resource.kind:
        case ResourceKind.CLIENT_CERTIFICATE | ResourceKind.CALLER_SECRET:
            return f"presents {state.get('certificate') or 'no certificate'} to {state.get('address')}"
        case ResourceKind.INBOUND_CERTIFICATE:
            return f"is on the list of callers, serial {state.get('serial')}, until {state.get('expires')}"
        case ResourceKind.USER:
            return f"has the profile {state.get('profile')}"
        case _:
            return _gives(watched.state)


def _who(resource: Resource) -> str:
    match resource.kind:
        case ResourceKind.USER | ResourceKind.USER_GRANTS:
            return f"the user {resource.key}"
        case ResourceKind.CLIENT_CERTIFICATE:
            return f"the named credential {resource.key}"
        case ResourceKind.CALLER_SECRET:
            return f"the caller with the secret {resource.key}"
        case ResourceKind.INBOUND_CERTIFICATE:
            return f"the certificate {resource.key}"
    group = resource.key.startswith(GROUP)
    return f"the {'group' if group else 'set'} {resource.key.removeprefix(GROUP)}"


def _gives(state: State | None) -> str:
    if state is None:
        return "is not there"
    parts = []
    for name, held in state.items():
        if isinstance(held, dict) and held:
            parts.append(f"{name} {', '.join(f'{key} ({rights})' for key, rights in held.items())}")
        elif isinstance(held, list) and held:
            parts.append(f"{name} {', '.join(map(str, held))}")
        elif held is True:
            parts.append(name)
    return f"gives {'; '.join(parts)}, and nothing else" if parts else "gives nothing"
