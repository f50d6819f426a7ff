"""
What a user holds right now: profile, permission sets and groups added up, muting and expiry taken off.

Rules of the platform that a naive sum gets wrong: a group grants through its aggregate set, in which muting is already
applied; rows whose parent is a muting set say what is taken away; a session-activated set is asleep when assigned
directly and awake inside a group.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

from tasks.inventory.model import User
from tasks.permissions.granting import Bundle, Catalogue, as_rights, minus_fields, minus_flags, together
from tasks.permissions.model import (
    Assignment,
    EffectiveRights,
    FieldPermission,
    ObjectPermission,
    PermissionSet,
    PermissionSetGroup,
    Source,
)

_Grant = tuple[str, str | None, datetime | None]
"""Set, group and end of an assignment: all that its rights depend on."""


def effective_rights(
    permission_sets: Iterable[PermissionSet],
    groups: Iterable[PermissionSetGroup],
    assignments: Iterable[Assignment],
    object_permissions: Iterable[ObjectPermission],
    field_permissions: Iterable[FieldPermission],
    users: Iterable[User],
    user_ids: Iterable[str],
    now: datetime,
) -> dict[str, EffectiveRights]:
    """
    Keys are the `user_ids` found among `users`. A user without any set has rights that are empty, not missing.

    Licences take nothing away here: the platform refuses a grant that the user's licence does not allow (help article User
    and Permission Set Licenses in Permission Sets). Users who hold the same share one sum.
    """
    with _uncollected():
        catalogue = Catalogue(permission_sets, groups, object_permissions, field_permissions)
        return _everybody(catalogue, assignments, users, set(user_ids), now)


@contextmanager
def _uncollected() -> Iterator[None]:
    """
    Without the collector of reference cycles: nothing here has any, and walking over a million rows again and again while
    they are added up took a third of the time.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _everybody(
    catalogue: Catalogue,
    assignments: Iterable[Assignment],
    users: Iterable[User],
    wanted: set[str],
    now: datetime,
) -> dict[str, EffectiveRights]:
    grants: dict[str, list[_Grant]] = {}
    # Many users are granted the same: kept once, a million of them do not keep the garbage collector busy.
    same_grants: dict[_Grant, _Grant] = {}
    for each in assignments:
        expires = each.expires
        if each.user_id in wanted and each.active and (expires is None or expires > now):
            grant = (each.permission_set_id, each.group_id, expires)
            grants.setdefault(each.user_id, []).append(same_grants.setdefault(grant, grant))
    bundle = cache(lambda grant: _bundle(catalogue, *grant))
    of_profile = cache(lambda profile: _profile_bundle(catalogue, *profile))
    # Added up in two steps: the same grants are held with many profiles.
    of_grants = cache(lambda held: together(filter(None, map(bundle, held))))
    sums: dict[tuple[str, str, tuple[_Grant, ...]], Callable[[str], EffectiveRights]] = {}
    result = {}
    for user in users:
        if user.id not in wanted:
            continue
        same = (user.profile_id, user.profile_name, tuple(grants.get(user.id, ())))
        if same not in sums:
            parts = (of_profile(same[:2]), of_grants(same[2]))
            sums[same] = as_rights(catalogue, together(filter(None, parts)))
        result[user.id] = sums[same](user.id)
    return result


def _profile_bundle(catalogue: Catalogue, profile_id: str, profile_name: str) -> Bundle | None:
    owned = catalogue.of_profile.get(profile_id)
    if owned is None:
        return None
    # The owned set's own name is an id that nobody would recognise.
    source = Source(permission_set=profile_name or owned.name, group=None, profile=True, expires=None)
    return _of_set(catalogue, owned, source)


def _bundle(
    catalogue: Catalogue, set_id: str, group_id: str | None, expires: datetime | None
) -> Bundle | None:
    """None when the grant gives nothing now: an unknown, muting or sleeping set."""
    group = catalogue.group_of(set_id, group_id)
    if group is not None:
        return _of_group(catalogue, group, expires)
    granted = catalogue.sets.get(set_id)
    if granted is None or granted.id in catalogue.muting or granted.activation_required:
        return None
    if granted.profile_id is not None and granted.group_id is None:
        # Every user has such a row for its own profile, which is counted by User.ProfileId already.
        return None
    source = Source(permission_set=granted.name, group=None, profile=False, expires=expires)
    return _of_set(catalogue, granted, source)


def _of_set(catalogue: Catalogue, granted: PermissionSet, source: Source) -> Bundle:
    sources: dict[str, tuple[Source, ...]] = dict.fromkeys(granted.permissions, (source,))
    return catalogue.bundle(sources, catalogue.objects([granted.id]), catalogue.fields([granted.id]))


def _of_group(catalogue: Catalogue, group: PermissionSetGroup, expires: datetime | None) -> Bundle:
    """
    The aggregate set where the platform has finished it; otherwise members minus muting, as it will be.

    The aggregate's own activation flag is not asked: what a group brings counts as awake, the worse case.
    """
    aggregate = catalogue.aggregate_of.get(group.id)
    members = [
        catalogue.sets[m] for m in group.member_ids if m in catalogue.sets and m not in group.muting_ids
    ]
    if aggregate is not None and group.status == "Updated":
        permissions = aggregate.permissions
        objects, fields = catalogue.objects([aggregate.id]), catalogue.fields([aggregate.id])
    else:
        muted = frozenset(
            p for m in group.muting_ids if m in catalogue.sets for p in catalogue.sets[m].permissions
        )
        permissions = frozenset(p for m in members for p in m.permissions) - muted
        ids = [m.id for m in members]
        objects = minus_flags(catalogue.objects(ids), catalogue.objects(group.muting_ids))
        fields = minus_fields(catalogue.fields(ids), catalogue.fields(group.muting_ids))
    sources = {p: _through(group, members, aggregate, p, expires) for p in permissions}
    return catalogue.bundle(sources, objects, fields)


def _through(
    group: PermissionSetGroup,
    members: list[PermissionSet],
    aggregate: PermissionSet | None,
    permission: str,
    expires: datetime | None,
) -> tuple[Source, ...]:
    givers = [m for m in members if permission in m.permissions]
    if not givers:
        name = aggregate.name if aggregate else group.name
        return (Source(permission_set=name, group=group.name, profile=False, expires=expires),)
    return tuple(
        Source(
            permission_set=giver.name,
            group=group.name,
            profile=False,
            expires=expires,
            session_activated=giver.activation_required,
        )
        for giver in givers
    )
