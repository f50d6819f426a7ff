"""Users who rest between runs: the set of their route is granted for the length of a run, and is not theirs otherwise."""

from collections.abc import Collection, Iterable, Sequence

from tasks.estate.model import Route
from tasks.estate.naming import set_name
from tasks.inventory.model import User
from tasks.permissions.giving import own_set
from tasks.permissions.model import Assignment, OrgRights


def rests_without(
    org: OrgRights, user: User, routes: Iterable[Route], managed: Collection[str]
) -> tuple[str, ...]:
    """Names of the routes' sets that policy lets nobody hold without a grant (`jit.managed_sets`)."""
    names = (own_set(org, user, set_name(route))[0] for route in routes)
    never = {name.lower() for name in managed}
    return tuple(name for name in names if name.lower() in never)


def during_a_run(org: OrgRights, user: User, names: Sequence[str]) -> OrgRights:
    """The org while a run of each route holds its grant."""
    wanted = {name.lower() for name in names}
    granted = tuple(
        Assignment(
            id=f"run:{user.id}:{each.id}",
            user_id=user.id,
            permission_set_id=each.id,
            group_id=None,
            expires=None,
            active=True,
        )
        for each in org.permission_sets
        if each.name.lower() in wanted and not each.profile_id
    )
    return org.model_copy(update={"assignments": (*org.assignments, *granted)}) if granted else org


def awake(
    org: OrgRights, standing: Iterable[Assignment], user: User, names: Sequence[str]
) -> tuple[str, ...]:
    """Those of the sets that the user holds all the same, without an end."""
    wanted = {name.lower() for name in names}
    sets = {each.id: each.name for each in org.permission_sets if each.name.lower() in wanted}
    held = (
        sets.get(row.permission_set_id) for row in standing if row.user_id == user.id and not row.group_id
    )
    return tuple(dict.fromkeys(name for name in held if name is not None))
