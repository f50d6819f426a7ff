"""`bulkhead bench rights`: the rights of everybody in an org of a million grants."""

import resource
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any

from tasks.inventory.model import User
from tasks.permissions.effective import effective_rights
from tasks.permissions.model import (
    Assignment,
    EffectiveRights,
    FieldPermission,
    ObjectPermission,
    PermissionSet,
    PermissionSetGroup,
)

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
GRANTS = 1_000_000
OBJECTS, FIELDS, PROFILES, SETS, GROUPS, JOBS = 60, 20, 50, 1_400, 150, 800
"""Objects of the org, fields of each, its profiles, sets and groups, and the jobs whose holders are given alike."""
SET_OBJECTS, SET_FIELDS, JOB_SETS = 12, 15, 8
"""Objects a set opens, fields of each, and the sets of a job."""
PERMISSIONS = tuple(f"Permission{number}" for number in range(300))
_DANGEROUS = ("ViewAllData", "ModifyAllData")
_ONE_IN = 20
"""One user in so many holds something of its own beside its job's sets."""


@dataclass(frozen=True)
class RightsFigures:
    """
    `grants` are assignments, object and field permission rows. `seconds` is the closure with the making of its rows, which
    come one by one as from a reader; `may_delete` counts users by object. `peak_mib` is this process at its largest.
    """

    grants: int
    users: int
    distinct: int
    seconds: float
    peak_mib: float
    may_delete: Mapping[str, int]

    def document(self) -> dict[str, Any]:
        return asdict(self)


class BigOrg:
    """An org made from a seed; what there are many of is made while it is read."""

    def __init__(self, grants: int, seed: int) -> None:
        self.seed = seed
        random = Random(seed)
        self.objects = [f"Object{number}__c" for number in range(OBJECTS)]
        share = grants / GRANTS
        count = max(1, round(SETS * share))
        self.groups = [_group(number, random, count) for number in range(max(1, round(GROUPS * share)))]
        self.sets = [_set(f"0PS{number}", random) for number in range(count)]
        self.sets += [_set(f"0PSp{n}", random, profile_id=f"00e{n}") for n in range(PROFILES)]
        self.jobs = [self._job(random, count) for _ in range(max(1, round(JOBS * share)))]
        rows = len(self.sets) * SET_OBJECTS * (1 + SET_FIELDS)
        self.users = [_user(number) for number in range(max(1, (grants - rows) // JOB_SETS))]

    def _job(self, random: Random, sets: int) -> list[tuple[str, str | None]]:
        held: list[tuple[str, str | None]] = [
            (f"0PS{random.randrange(sets)}", None) for _ in range(JOB_SETS - 1)
        ]
        return [*held, ("", random.choice(self.groups).id)]

    def assignments(self) -> Iterator[Assignment]:
        random = Random(self.seed)
        for user in self.users:
            held = self.jobs[random.randrange(len(self.jobs))]
            own = random.randrange(_ONE_IN) == 0
            for place, (set_id, group_id) in enumerate(held):
                expires = NOW + timedelta(hours=random.randint(-4, 4)) if own and place == 0 else None
                yield Assignment(
                    id=f"{user.id}-{place}",
                    user_id=user.id,
                    permission_set_id=set_id,
                    group_id=group_id,
                    expires=expires,
                    active=True,
                )

    def object_permissions(self) -> Iterator[ObjectPermission]:
        for held, sobject in self._opened():
            random = Random(f"{self.seed} {held} {sobject}")
            edit = random.random() < 0.5
            delete = edit and random.random() < 0.1
            yield ObjectPermission(
                parent_id=held,
                sobject=sobject,
                read=True,
                create=edit,
                edit=edit,
                delete=delete,
                view_all=random.random() < 0.1,
                modify_all=False,
            )

    def field_permissions(self) -> Iterator[FieldPermission]:
        for held, sobject in self._opened():
            for number in range(SET_FIELDS):
                yield FieldPermission(
                    parent_id=held,
                    sobject=sobject,
                    field=f"{sobject}.Field{number}__c",
                    read=True,
                    edit=number % 2 == 0,
                )

    def _opened(self) -> Iterator[tuple[str, str]]:
        random = Random(self.seed)
        for each in self.sets:
            yield from ((each.id, sobject) for sobject in random.sample(self.objects, SET_OBJECTS))


def measure_rights(grants: int = GRANTS, seed: int = 0) -> RightsFigures:
    """Works out every user's rights, and from them how many may delete each object."""
    org = BigOrg(grants, seed)
    counted = 0

    def counting(rows: Iterator[Any]) -> Iterator[Any]:
        nonlocal counted
        for row in rows:
            counted += 1
            yield row

    began = perf_counter()
    held = effective_rights(
        org.sets,
        org.groups,
        counting(org.assignments()),
        counting(org.object_permissions()),
        counting(org.field_permissions()),
        org.users,
        [user.id for user in org.users],
        NOW,
    )
    may_delete = _who_may_delete(held, org.objects)
    seconds = perf_counter() - began
    # Linux counts in KiB, macOS in bytes.
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return RightsFigures(
        grants=counted,
        users=len(held),
        distinct=len({id(each.permissions) for each in held.values()}),
        seconds=seconds,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
        may_delete=may_delete,
    )


def _who_may_delete(held: Mapping[str, EffectiveRights], objects: list[str]) -> dict[str, int]:
    """Users who hold the same share their sums, so that each sum is asked once."""
    alike = Counter(id(each.permissions) for each in held.values())
    found: Counter[str] = Counter()
    for each in {id(each.permissions): each for each in held.values()}.values():
        count = alike[id(each.permissions)]
        everywhere = each.has("ModifyAllData")
        for sobject in objects if everywhere else (s for s, can in each.objects.items() if can.delete):
            found[sobject] += count
    return dict(sorted(found.items()))


def as_text(figures: RightsFigures) -> str:
    return (
        f"{figures.grants:,} grants, {figures.users:,} users of whom {figures.distinct:,} differ: everybody's rights in"
        f" {figures.seconds:.1f} s, peak {figures.peak_mib:.0f} MiB; an object may be deleted by at most"
        f" {max(figures.may_delete.values()):,} users"
    )


def _user(number: int) -> User:
    profile = number % PROFILES
    return User(
        id=f"005{number}",
        username=f"user{number}@big.example",
        active=True,
        frozen=False,
        user_type="Standard",
        profile_id=f"00e{profile}",
        profile_name=f"Profile {profile}",
        license_name="Salesforce",
        last_login=None,
        last_password_change=None,
    )


def _set(set_id: str, random: Random, profile_id: str | None = None) -> PermissionSet:
    permissions = set(random.sample(PERMISSIONS, 6))
    if random.randrange(100) == 0:
        permissions.add(random.choice(_DANGEROUS))
    return PermissionSet(
        id=set_id,
        name=set_id,
        label=set_id,
        kind="Profile" if profile_id else "Regular",
        profile_id=profile_id,
        group_id=None,
        permissions=frozenset(permissions),
        activation_required=False,
        namespace=None,
    )


def _group(number: int, random: Random, sets: int) -> PermissionSetGroup:
    """Not yet summed up by the platform: the dearer case."""
    members = tuple(f"0PS{random.randrange(sets)}" for _ in range(4))
    return PermissionSetGroup(
        id=f"0PG{number}", name=f"Group {number}", status="Outdated", member_ids=members, muting_ids=()
    )
