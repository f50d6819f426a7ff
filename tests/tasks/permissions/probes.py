"""Trying, as many users of an org of the running estate, what each of them may do: every probe is one real request's part."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import requests

from tasks.inventory.gateway import read_inventory
from tasks.inventory.model import User
from tasks.permissions.check import Operation, refusals, stopped
from tasks.permissions.effective import effective_rights
from tasks.permissions.gateway import read_field_facts, read_permissions
from tasks.permissions.model import EffectiveRights, FieldFacts, Profile
from tests.running import RunningEstate
from tests.tasks.salesforce.scanner import scanner_session

OBJECTS = {
    "Account": {"Name": "Probe"},
    "Contact": {"LastName": "Probe"},
    "Lead": {"LastName": "Probe", "Company": "Probe"},
    "Opportunity": {"Name": "Probe", "StageName": "Prospecting", "CloseDate": "2026-12-01"},
    "Case": {"Subject": "Probe"},
}
"""Objects that are tried, and the least a record of each needs."""
BARE = "Read Only"
"""A profile that few have, and that gives nothing while we probe."""
ADMINISTERS = ("ApiEnabled", "ModifyAllData", "ManageProfilesPermissionsets", "AssignPermissionSets")
REFUSED = {
    "INSUFFICIENT_ACCESS_OR_READONLY",
    "INSUFFICIENT_ACCESS",
    "INVALID_FIELD",
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "INVALID_TYPE",
    "NOT_FOUND",
}
_WRITES: tuple[tuple[str, Operation], ...] = (("PATCH", "edit"), ("POST", "create"))
_CLOSED = {"INVALID_SESSION_ID", "API_CURRENTLY_DISABLED", "MUTUAL_AUTHENTICATION_FAILED"}
_SAMPLES: Mapping[str, Any] = {
    "boolean": True, "int": 1, "double": 1, "currency": 1, "percent": 1, "date": "2026-01-01",
    "datetime": "2026-01-01T00:00:00.000+0000", "email": "probe@example.com", "url": "https://example.com",
    "phone": "1", "textarea": "x",
}  # fmt: skip
_VERSION = "v62.0"
_PARTS, _RECORDS = 25, 200
_ROWS = {
    "FieldPermissions": ("Field", "PermissionsRead", "PermissionsEdit"),
    "ObjectPermissions": (
        *(f"Permissions{flag}" for flag in ("Read", "Create", "Edit", "Delete")),
        *(f"Permissions{flag}" for flag in ("ViewAllRecords", "ModifyAllRecords", "ViewAllFields")),
    ),
}
_FLAGS = {"Create": ("Read",), "Edit": ("Read",), "Delete": ("Read", "Edit"), "ViewAllFields": ("Read",)}


@dataclass(frozen=True)
class Probe:
    user: User
    sobject: str
    field: str
    """Empty where only the object is tried."""
    operation: Operation


@dataclass
class Client:
    """Requests as one user; `token` is minted without a login."""

    estate: RunningEstate
    alias: str
    username: str
    session: requests.Session
    token: str = field(init=False)
    base: str = field(init=False)

    def __post_init__(self) -> None:
        self.token = self.estate.token(self.alias, self.username)
        self.base = f"{self.estate.org(self.alias)['instance_url']}/services/data/{_VERSION}"

    def call(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.base}/{path}"
        return self.session.request(method, url, headers=headers, json=body, params=params, timeout=60).json()

    def write(self, method: str, records: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Any]:
        """Each record's own answer, in order."""
        found: list[Any] = []
        for part in _chunks(records, _RECORDS):
            body = [{"attributes": {"type": name}, **values} for name, values in part]
            answer = self.call(method, "composite/sobjects", {"allOrNone": False, "records": body})
            found += answer if isinstance(answer[0], dict) and "success" in answer[0] else answer * len(part)
        return found

    def remove(self, ids: Sequence[str]) -> list[Any]:
        found: list[Any] = []
        for part in _chunks(ids, _RECORDS):
            answer = self.call("DELETE", "composite/sobjects", ids=",".join(part), allOrNone="false")
            found += answer if isinstance(answer[0], dict) and "success" in answer[0] else answer * len(part)
        return found

    def read(self, asked: Sequence[tuple[str, str, str]]) -> list[bool]:
        """Whether each (object, record id, field) comes back with its field."""
        found: list[bool] = []
        for part in _chunks(asked, _PARTS):
            requests_ = [
                {
                    "method": "GET",
                    "referenceId": f"r{number}",
                    "url": f"/services/data/{_VERSION}/sobjects/{name}/{record}?fields={wanted or 'Id'}",
                }
                for number, (name, record, wanted) in enumerate(part)
            ]
            answer = self.call("POST", "composite", {"allOrNone": False, "compositeRequest": requests_})
            if isinstance(answer, list):
                found += [_granted(answer[0])] * len(part)
                continue
            for (_, _, wanted), each in zip(part, answer["compositeResponse"], strict=True):
                body = each["body"]
                found.append(_granted(body[0]) if isinstance(body, list) else (wanted or "Id") in body)
        return found


def _granted(answer: Mapping[str, Any]) -> bool:
    """Raises AssertionError for a refusal that has nothing to do with rights: such a probe would prove nothing."""
    if answer.get("success"):
        return True
    errors = answer.get("errors", [answer])
    codes = {each.get("statusCode") or each.get("errorCode") for each in errors}
    assert codes <= REFUSED | _CLOSED, answer
    return False


def _chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


@dataclass
class Ground:
    """An org with rights strewn at random over some of its users, and all taken back at the end."""

    estate: RunningEstate
    alias: str
    random: Random
    stack: ExitStack
    made: list[str] = field(default_factory=list)
    emptied: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Rows to put back, objects before fields."""
    moved: dict[str, str] = field(default_factory=dict)
    """Users on another profile, and their own."""
    numbers: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = map(str, count(self.random.randrange(10**9)))
        self.scanner = self.stack.enter_context(scanner_session(self.estate, self.alias))
        facts = read_field_facts(self.scanner, OBJECTS).values
        self.facts: dict[str, FieldFacts] = facts["facts"]
        self.profiles: tuple[Profile, ...] = facts["profiles"]
        # What a describe says of writing holds for its caller, and the scanner may write nothing.
        everything = self.client(f"break.glass.1@{self.alias}.meridian.example")
        self.types = {
            f"{name}.{each['name']}": each
            for name in OBJECTS
            for each in everything.call("GET", f"sobjects/{name}/describe")["fields"]
        }
        self.users: tuple[User, ...] = read_inventory(self.scanner).values["users"]
        held, mutual = self.rights(self.users)
        administrator = next(
            user
            for user in self.users
            if not stopped(user)
            and all(held[user.id].has(each) for each in ADMINISTERS)
            and not held[user.id].has(mutual)
        )
        self.admin = self.client(administrator.username)

    def client(self, username: str) -> Client:
        return Client(self.estate, self.alias, username, self.stack.enter_context(self.estate.session()))

    def rights(self, users: Sequence[User]) -> tuple[dict[str, EffectiveRights], str]:
        """What the product says of the users, and the name of the permission that wants a client certificate."""
        reading = read_permissions(self.scanner, fields=sorted(self.facts))
        assert reading.gaps == {}
        names = ("permission_sets", "groups", "assignments", "object_permissions", "field_permissions")
        now = self.scanner.server_time or datetime.now(UTC)
        rows = [reading.values[name] for name in names]
        held = effective_rights(*rows, users, [each.id for each in users], now)
        return held, str(reading.values["mutual_auth_permission"])

    def make(self, records: Sequence[tuple[str, Mapping[str, Any]]], *, sure: bool = True) -> list[str]:
        """Ids of what the administrator made. With `sure` false, what the platform refuses is left out."""
        answers = self.admin.write("POST", records)
        assert not sure or all(each["success"] for each in answers), answers
        ids = [each["id"] for each in answers if each["success"]]
        self.made += ids
        return ids

    def strew(self, users: Sequence[User], sets: int = 14, groups: int = 4) -> None:
        """Random sets, groups with muting, and assignments of both, some with an end, some of sets that sleep."""
        random, seed = self.random, self.random.randrange(10**6)
        names = [f"Probe_{seed}_{number}" for number in range(sets)]
        rows = [("PermissionSet", {"Name": n, "Label": n, **self.powers()}) for n in names]
        # What Modify All Data depends on is not always there.
        held = self.make(rows, sure=False)
        self.open(held)
        members = []
        for number in range(groups):
            name = f"Probe_{seed}_G{number}"
            group, muting = self.make(
                [
                    ("PermissionSetGroup", {"DeveloperName": name, "MasterLabel": name}),
                    ("MutingPermissionSet", {"DeveloperName": f"{name}_M", "MasterLabel": name}),
                ]
            )
            self.open([muting])
            inside = [*random.sample(held, 3), *([muting] if random.random() < 0.7 else [])]
            rows = [
                ("PermissionSetGroupComponent", {"PermissionSetGroupId": group, "PermissionSetId": each})
                for each in inside
            ]
            self.make(rows)
            members.append(group)
        grants = []
        for user in users:
            for each in random.sample(held, random.randint(0, 2)):
                end = {"ExpirationDate": _stamp(timedelta(days=2))} if random.random() < 0.2 else {}
                grants.append(
                    ("PermissionSetAssignment", {"AssigneeId": user.id, "PermissionSetId": each, **end})
                )
            if random.random() < 0.4:
                chosen = {"AssigneeId": user.id, "PermissionSetGroupId": random.choice(members)}
                grants.append(("PermissionSetAssignment", chosen))
        # Licences and inactive users refuse some.
        assert self.make(grants, sure=False)

    def powers(self) -> dict[str, bool]:
        """At random: whether a set sleeps, and the user permissions that decide about objects and fields."""
        return {
            "HasActivationRequired": self.random.random() < 0.15,
            **{
                f"Permissions{name}": self.random.random() < likely
                for name, likely in (
                    ("ApiEnabled", 0.8),
                    ("ViewAllData", 0.1),
                    ("ModifyAllData", 0.05),
                    ("ViewAllFieldsGlobal", 0.1),
                )
            },
        }

    def strip(self, users: Sequence[User]) -> tuple[User, ...]:
        """Most of those who can have it are put on a profile that gives nothing, or the old one would give all."""
        least = next(each for each in self.profiles if each.name == BARE)
        self._empty(least)
        moved = {
            each.id: each.profile_id
            for each in users
            if each.license_name == least.license_name and self.random.random() < 0.8
        }
        self.moved |= moved
        answers = self.admin.write("PATCH", [("User", {"id": i, "ProfileId": least.id}) for i in moved])
        assert all(each["success"] for each in answers), answers
        on = {"profile_id": least.id, "profile_name": least.name}
        return tuple(each.model_copy(update=on) if each.id in moved else each for each in users)

    def _empty(self, profile: Profile) -> None:
        """Takes the rows of the tried objects from a profile's own set; fields first, since objects carry them."""
        among = ", ".join(f"'{name}'" for name in OBJECTS)
        for rows, columns in _ROWS.items():
            found = self.scanner.query(
                f"SELECT Id, ParentId, SobjectType, {', '.join(columns)} FROM {rows} "
                f"WHERE Parent.ProfileId = '{profile.id}' AND SobjectType IN ({among})"
            )
            answers = self.admin.remove([each["Id"] for each in found])
            assert all(each["success"] for each in answers), answers
            kept = ("ParentId", "SobjectType", *columns)
            self.emptied[:0] = [(rows, {name: each[name] for name in kept}) for each in found]

    def open(self, parents: Sequence[str]) -> None:
        rows: list[tuple[str, dict[str, Any]]] = []
        for parent in parents:
            for name in OBJECTS:
                flags = {flag for flag in ("Read", *_FLAGS) if self.random.random() < 0.4}
                flags |= {need for flag in flags for need in _FLAGS.get(flag, ())}
                on = {f"Permissions{flag}": True for flag in flags}
                if not flags:
                    continue
                rows.append(("ObjectPermissions", {"ParentId": parent, "SobjectType": name, **on}))
                for qualified, fact in self.facts.items():
                    if (
                        fact.permissionable
                        and qualified.startswith(f"{name}.")
                        and self.random.random() < 0.4
                    ):
                        edit = self.random.random() < 0.5 and fact.writeable
                        line = {"ParentId": parent, "SobjectType": name, "Field": qualified}
                        line |= {"PermissionsRead": True, "PermissionsEdit": edit}
                        rows.append(("FieldPermissions", line))
        # A few are refused for what they depend on.
        self.make(rows, sure=False)

    def remove_all(self) -> None:
        """Latest first, so that what is assigned or contained goes before what contains it."""
        back = [("User", {"id": i, "ProfileId": profile}) for i, profile in self.moved.items()]
        assert all(each["success"] for each in self.admin.write("PATCH", back))
        answers = self.admin.write("POST", self.emptied)
        assert all(each["success"] for each in answers), answers
        left = list(reversed(self.made))
        for _ in range(3):
            answers = self.admin.remove(left)
            left = [
                record
                for record, each in zip(left, answers, strict=True)
                if not each["success"]
                and each["errors"][0]["statusCode"] not in ("NOT_FOUND", "ENTITY_IS_DELETED")
            ]
        assert not left, left
        self.made.clear()

    def sample(self, qualified: str) -> Any:
        """A value that the field takes; None where there is none at hand."""
        described = self.types[qualified]
        if not (described["createable"] and described["updateable"]) or described.get("calculated"):
            return None
        values = described.get("picklistValues")
        if values:
            return values[0]["value"]
        # Some fields are unique.
        if described["type"] == "string":
            return next(self.numbers)[-described["length"] :]
        return _SAMPLES.get(described["type"])


def _stamp(after: timedelta) -> str:
    return f"{datetime.now(UTC) + after:%Y-%m-%dT%H:%M:%S}.000+0000"


def predicted(probe: Probe, held: EffectiveRights, facts: Mapping[str, FieldFacts], mutual: str) -> bool:
    if stopped(probe.user) or not held.has("ApiEnabled") or held.has(mutual):
        return False
    its = {
        name.partition(".")[2]: fact for name, fact in facts.items() if name.startswith(f"{probe.sobject}.")
    }
    always_on = [name for name, fact in its.items() if not fact.permissionable]
    needed = {*OBJECTS[probe.sobject]} if probe.operation == "create" else set()
    fields = sorted(needed | ({probe.field} if probe.field else set()))
    return not refusals(held, probe.sobject, fields, probe.operation, always_on)


def tried(ground: Ground, user: User) -> Iterator[tuple[Probe, bool]]:
    """
    Everything of every object, as one user: reads, edits, creates, and last the deletion. The records are the user's own
    where it may own any, so that rights decide and not sharing.
    """
    client = ground.client(user.username)
    owner = {"OwnerId": user.id} if not stopped(user) else {}
    mine = dict(zip(OBJECTS, ground.make([(n, {**v, **owner}) for n, v in OBJECTS.items()]), strict=True))
    fields = [tuple(name.split(".")) for name in ground.facts]
    reads = [*((name, "") for name in OBJECTS), *fields]
    for (name, each), can in zip(reads, client.read([(n, mine[n], f) for n, f in reads]), strict=True):
        yield Probe(user, name, each, "read"), can
    for method, operation in _WRITES:
        samples = [(name, each, ground.sample(f"{name}.{each}")) for name, each in fields]
        writes = [(name, each, value) for name, each, value in samples if value is not None]
        answers = client.write(
            method,
            [(n, {**({"id": mine[n]} if method == "PATCH" else OBJECTS[n]), f: v}) for n, f, v in writes],
        )
        if method == "POST":
            ground.made += [each["id"] for each in answers if each.get("success")]
        for (name, each, _), answer in zip(writes, answers, strict=True):
            yield Probe(user, name, each, operation), _granted(answer)
    for name, answer in zip(OBJECTS, client.remove(list(mine.values())), strict=True):
        yield Probe(user, name, "", "delete"), _granted(answer)


def disagreements(
    estate: RunningEstate, alias: str, seed: int | str, users: int
) -> tuple[list[str], Counter[tuple[str, bool]]]:
    """Where the org did otherwise than the product said, and how many probes of each operation were let through or not."""
    counts: Counter[tuple[str, bool]] = Counter()
    found = []
    with ExitStack() as stack:
        ground = Ground(estate, alias, Random(seed), stack)
        try:
            usual = [each for each in ground.users if each.user_type == "Standard"]
            chosen = ground.random.sample(sorted(usual, key=lambda each: each.id), min(users, len(usual)))
            chosen = list(ground.strip([each for each in chosen if each.username != ground.admin.username]))
            ground.strew(chosen)
            held, mutual = ground.rights(chosen)
            for user in chosen:
                for probe, can in tried(ground, user):
                    counts[probe.operation, can] += 1
                    if predicted(probe, held[user.id], ground.facts, mutual) != can:
                        what = f"{probe.operation} {probe.sobject}.{probe.field}"
                        found.append(f"{alias} {seed}: {user.username} {what}: {can}")
        finally:
            ground.remove_all()
    return found, counts
