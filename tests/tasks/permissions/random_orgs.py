"""Small random orgs, such as the platform would let exist: rows keep the platform's dependencies, finished groups their sums."""

from datetime import datetime, timedelta
from random import Random

from tasks.inventory.model import User
from tasks.permissions.model import (
    Assignment,
    FieldPermission,
    ObjectPermission,
    PermissionSet,
    PermissionSetGroup,
)
from tests.tasks.audit.evidence_factory import (
    NOW,
    aggregate,
    assigned,
    group,
    permission_set,
    profile_set,
    user,
)
from tests.tasks.permissions.oracle import Org, Right, of_group

PERMISSIONS = ("ApiEnabled", "ManageUsers", "ViewAllData", "ModifyAllData", "ViewAllFieldsGlobal")
OBJECTS = ("Account", "Order__c")
FIELDS = ("Name", "SSN__c", "Phone")
FLAGS = ("read", "create", "edit", "delete", "view_all", "modify_all", "view_fields")
_NEEDS = {"delete": ("edit",), "modify_all": ("edit", "delete", "view_all")}
_WHEN = (None, None, None, timedelta(0), timedelta(seconds=-1), timedelta(seconds=1), timedelta(days=9))


class Making:
    """One org being made; `rows` and `lines` fill as sets are opened."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.rows: list[ObjectPermission] = []
        self.lines: list[FieldPermission] = []

    def some(self, likely: float = 0.2) -> tuple[str, ...]:
        return tuple(name for name in PERMISSIONS if self.random.random() < likely)

    def open(self, parent: str, *, muting: bool = False) -> None:
        """Rows of a set. A muting set may name a right without those that it needs."""
        for sobject in OBJECTS:
            flags = {flag for flag in FLAGS if self.random.random() < 0.3}
            if not muting:
                for flag in tuple(flags):
                    flags.update(("read", *_NEEDS.get(flag, ())))
            if flags:
                self._row(parent, sobject, flags)
            for name in FIELDS[1:]:
                edit = self.random.random() < 0.3
                read = self.random.random() < 0.3 or (edit and not muting)
                if read or edit:
                    self._line(parent, f"{sobject}.{name}", read, edit)

    def write(self, parent: str, rights: set[Right]) -> None:
        for sobject in OBJECTS:
            flags = {flag for flag, on in rights if on == sobject}
            if flags:
                self._row(parent, sobject, flags)
            for name in (f"{sobject}.{field}" for field in FIELDS):
                if ("read", name) in rights:
                    self._line(parent, name, True, ("edit", name) in rights)

    def _row(self, parent: str, sobject: str, flags: set[str]) -> None:
        held = {flag: flag in flags for flag in FLAGS}
        self.rows.append(ObjectPermission(parent_id=parent, sobject=sobject, **held))

    def _line(self, parent: str, name: str, read: bool, edit: bool) -> None:
        sobject = name.partition(".")[0]
        self.lines.append(
            FieldPermission(parent_id=parent, sobject=sobject, field=name, read=read, edit=edit)
        )


def random_org(seed: int, now: datetime = NOW) -> Org:
    making = Making(seed)
    random = making.random
    sets = [profile_set(name, *making.some()) for name in ("std", "api")]
    for number in range(random.randint(1, 4)):
        lazy = random.random() < 0.2
        sets.append(permission_set(f"s{number}", *making.some(), activation_required=lazy))
    plain = [each.name for each in sets if each.kind == "Regular"]
    for each in sets:
        making.open(each.id)
    groups: list[PermissionSetGroup] = []
    for number in range(random.randint(0, 2)):
        groups.append(_group(making, number, plain, sets))
    for each in groups:
        _close(making, each, sets, groups)
    people = tuple(_person(random, name) for name in ("ann@hq", "bob@hq"))
    targets = [*plain, "of-std", "of-api", "unknown", *(each.name for each in groups)]
    given = [_assignment(random, people, targets, groups, now) for _ in range(random.randint(0, 6))]
    return Org(people, tuple(sets), tuple(groups), tuple(given), tuple(making.rows), tuple(making.lines))


def _person(random: Random, name: str) -> User:
    profile = random.choice(("std", "api", "without"))
    return user(name, profile, active=random.random() < 0.9, frozen=random.random() < 0.05)


def _group(making: Making, number: int, plain: list[str], sets: list[PermissionSet]) -> PermissionSetGroup:
    random = making.random
    members = random.sample(plain, random.randint(1, len(plain)))
    muting = ()
    if random.random() < 0.6:
        muting = (f"m{number}",)
        quiet = permission_set(f"m{number}", *making.some(), id=f"0QM-m{number}", kind="Muting")
        sets.append(quiet)
        making.open(quiet.id, muting=True)
    status = random.choice(("Updated", "Updated", "Outdated", "Updating", "Failed"))
    return group(f"g{number}", *members, muting=muting, status=status)


def _close(
    making: Making, one: PermissionSetGroup, sets: list[PermissionSet], groups: list[PermissionSetGroup]
) -> None:
    """The aggregate: what the group gives, or what it once gave while it lags."""
    unfinished = one.model_copy(update={"status": "Outdated"})
    org = Org((), tuple(sets), tuple(groups), (), tuple(making.rows), tuple(making.lines))
    rights = of_group(org, unfinished)
    if one.status != "Updated":
        rights = {right for right in rights if making.random.random() < 0.5}
        if making.random.random() < 0.5:
            return
    names = (name for kind, name in rights if kind == "permission")
    sets.append(aggregate(one.name, *names))
    making.write(sets[-1].id, {right for right in rights if right[0] != "permission"})


def _assignment(
    random: Random,
    people: tuple[User, ...],
    targets: list[str],
    groups: list[PermissionSetGroup],
    now: datetime,
) -> Assignment:
    target, after = random.choice(targets), random.choice(_WHEN)
    by_group = any(each.name == target for each in groups)
    expires = None if after is None else now + after
    grant = assigned(
        random.choice(people).username,
        target,
        expires=expires,
        active=random.random() < 0.9,
        by_group=by_group,
    )
    if by_group and random.random() < 0.3:
        # The aggregate alone names the group as well.
        return grant.model_copy(update={"group_id": None})
    if not by_group and random.random() < 0.05:
        return grant.model_copy(update={"permission_set_id": "0QM-m0"})
    return grant
