"""A permission set of our own that asks whoever holds it for a second factor."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from pydantic import JsonValue

from tasks.inventory.model import User
from tasks.permissions.giving import stamp
from tasks.permissions.model import Assignment, OrgRights
from tasks.plans.draft import Draft
from tasks.plans.model import ResourceKind


def give_asking_set(
    draft: Draft,
    rights: OrgRights,
    spared: Mapping[str, str],
    name: str,
    label: str,
    asks: Collection[str],
    given: Iterable[tuple[User, str, str]],
    now: datetime,
    *,
    effects: tuple[str, str, str],
) -> bool:
    """
    The set with the permissions `asks`, and its assignments: each of `given` is a user, why, and what that does.

    A set that is there keeps what else it holds and is made to ask again; an assignment that has ended is given again. Of
    `effects` the first says why there is such a set, the second what it does to its holders, the third what it does where nobody
    holds it. Where one of `spared`, by lower-case name, holds a set that asks no more, nothing changes, the plan says so, and the
    answer is no.
    """
    own = next((each for each in rights.permission_sets if each.name == name and not each.profile_id), None)
    rows = {each.user_id: each for each in rights.assignments if own and each.permission_set_id == own.id}
    holders = [user for user in rights.users if user.active and user.id in rows]
    before: list[JsonValue] = [*sorted(own.permissions)] if own else []
    after: list[JsonValue] = [*sorted({*asks, *(own.permissions if own else ())})]
    kept = [user.username for user in holders if user.username.lower() in spared]
    if own and before != after and kept:
        draft.risks.append(
            f"{rights.org}: the set {name} asks for a second factor no more, and {', '.join(kept)}, whom no plan touches, holds it: "
            "take it from there by hand, then plan again"
        )
        return False
    why, to_holders, to_nobody = effects
    made = draft.change(
        *(rights.org, ResourceKind.PERMISSION_SET, name),
        {"label": own.label, "permissions": before} if own else None,
        {"label": own.label if own else label, "permissions": after},
        why,
        to_holders if rows else to_nobody,
        users=[user.username for user in holders],
    )
    for user, reason, effect in given:
        if not _stands(row := rows.get(user.id), now):
            draft.change(
                *(rights.org, ResourceKind.ASSIGNMENT, f"{user.username}/{name}"),
                {"expires": stamp(row.expires)} if row else None,
                {"expires": None},
                reason,
                effect,
                made,
            )
    return True


def _stands(row: Assignment | None, now: datetime) -> bool:
    return row is not None and row.active and (row.expires is None or row.expires > now)
