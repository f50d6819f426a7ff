"""Hands on the resources that plans change: what each holds now, and the records that make it hold something else."""

import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Collection as Names
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

from tasks.aws.cloud import Cloud
from tasks.errors import BadRequest, ConfigurationError, OrgError, OrgRefused
from tasks.network.model import AddressRange
from tasks.orgs import open_cloud, open_org
from tasks.plans.advance import OTHER_ROADS, shape
from tasks.plans.apps_gateway import end_tokens, read_policies, read_tokens, write_policies
from tasks.plans.certificates_gateway import (
    Turn,
    credential_turn,
    read_callers,
    read_certificates,
    read_presented,
    write_callers,
    write_certificates,
    write_presented,
)
from tasks.plans.credentials_gateway import order_rotations, read_credentials
from tasks.plans.data_keys_gateway import destroy_data_keys, read_data_keys
from tasks.plans.drills_gateway import order_drills, read_drill_orders
from tasks.plans.exposed_gateway import clear_setting_secrets, read_setting_secrets
from tasks.plans.firewall_gateway import read_firewall, write_firewall
from tasks.plans.masking_gateway import mask_real_data, read_real_data
from tasks.plans.model import IN_CLOUD, READ_ONLY, Around, Change, Refusal, Resource, ResourceKind, State
from tasks.plans.ranges_gateway import (
    read_login_ranges,
    read_profile_ranges,
    read_trusted_ranges,
    write_login_ranges,
    write_trusted_ranges,
)
from tasks.plans.records import DESCRIBED, GROUP, PROFILE, Pointer, Shape, pointer_to, shape_of
from tasks.plans.reliance_gateway import answers, questions
from tasks.plans.settings_gateway import (
    read_profile_permissions,
    read_settings,
    write_profile_permissions,
    write_settings,
)
from tasks.plans.shield_gateway import (
    read_field_encryption,
    read_old_secrets,
    read_spent_secrets,
    read_tenant_secrets,
    write_field_encryption,
    write_old_secrets,
    write_spent_secrets,
    write_tenant_secrets,
)
from tasks.plans.transactions_gateway import read_transaction_policies, write_transaction_policies
from tasks.plans.trying_gateway import try_out
from tasks.plans.ways_gateway import (
    read_callouts,
    read_sign_ins,
    read_sites,
    write_callouts,
    write_sign_ins,
    write_sites,
)
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list
from tasks.salesforce.writing import Collection, RecordResult, WritingSession, altered, made, removed

Open = Callable[[str], AbstractContextManager[WritingSession]]
"""From an alias to the enforcer's session with that org."""
OpenReading = Callable[[str], AbstractContextManager[Session]]
"""From an alias to the scanner's session with that org."""
OpenCloud = Callable[[], Cloud]
"""AWS as the role that may write."""
_READS: dict[ResourceKind, Callable[[WritingSession, Sequence[Resource]], Mapping[Resource, State]]] = {
    ResourceKind.ORG_SETTING: read_settings,
    ResourceKind.PROFILE_PERMISSION: read_profile_permissions,
    ResourceKind.APP_POLICY: read_policies,
    ResourceKind.APP_TOKEN: read_tokens,
    ResourceKind.REMOTE_SITE: read_sites,
    ResourceKind.CALLOUTS: read_callouts,
    ResourceKind.SIGN_IN: read_sign_ins,
    ResourceKind.SETTING_SECRET: read_setting_secrets,
    ResourceKind.LOGIN_RANGES: read_login_ranges,
    ResourceKind.TRUSTED_RANGES: read_trusted_ranges,
    ResourceKind.INBOUND_CERTIFICATE: read_certificates,
    ResourceKind.KEY_PAIR: read_certificates,
    ResourceKind.CLIENT_CERTIFICATE: read_presented,
    ResourceKind.CREDENTIAL: read_credentials,
    ResourceKind.OLD_KEY_PAIR: read_certificates,
    ResourceKind.REAL_DATA: read_real_data,
    ResourceKind.FIELD_ENCRYPTION: read_field_encryption,
    ResourceKind.TENANT_SECRET: read_tenant_secrets,
    ResourceKind.OLD_TENANT_SECRET: read_old_secrets,
    ResourceKind.SPENT_TENANT_SECRET: read_spent_secrets,
    ResourceKind.DRILL: read_drill_orders,
    ResourceKind.DATA_KEY: read_data_keys,
    ResourceKind.TRANSACTION_POLICY: read_transaction_policies,
}
_WRITES: dict[ResourceKind, Callable[[WritingSession, Sequence[Change]], list[RecordResult]]] = {
    ResourceKind.ORG_SETTING: write_settings,
    ResourceKind.PROFILE_PERMISSION: write_profile_permissions,
    ResourceKind.APP_POLICY: write_policies,
    ResourceKind.APP_TOKEN: end_tokens,
    ResourceKind.REMOTE_SITE: write_sites,
    ResourceKind.CALLOUTS: write_callouts,
    ResourceKind.SIGN_IN: write_sign_ins,
    ResourceKind.SETTING_SECRET: clear_setting_secrets,
    ResourceKind.LOGIN_RANGES: write_login_ranges,
    ResourceKind.TRUSTED_RANGES: write_trusted_ranges,
    ResourceKind.INBOUND_CERTIFICATE: write_certificates,
    ResourceKind.KEY_PAIR: write_certificates,
    ResourceKind.CLIENT_CERTIFICATE: write_presented,
    ResourceKind.CREDENTIAL: order_rotations,
    ResourceKind.OLD_KEY_PAIR: write_certificates,
    ResourceKind.FIELD_ENCRYPTION: write_field_encryption,
    ResourceKind.TENANT_SECRET: write_tenant_secrets,
    ResourceKind.OLD_TENANT_SECRET: write_old_secrets,
    ResourceKind.SPENT_TENANT_SECRET: write_spent_secrets,
    ResourceKind.DRILL: order_drills,
    ResourceKind.DATA_KEY: destroy_data_keys,
    ResourceKind.TRANSACTION_POLICY: write_transaction_policies,
}
Ask = Callable[[], Sequence[str]]
"""What speaks against the next write."""
Tell = Callable[[int], None]
"""How many records went with the last one."""
_LONG: dict[ResourceKind, Callable[[WritingSession, Sequence[Change], Ask, Tell], list[RecordResult]]] = {
    ResourceKind.REAL_DATA: mask_real_data
}
"""Changes of hours: they ask before each batch, and raise WriteHeld."""
_LOOKS: dict[ResourceKind, Callable[[Session, Sequence[Resource]], Mapping[Resource, State]]] = {
    ResourceKind.INBOUND_CERTIFICATE: read_certificates,
    ResourceKind.CLIENT_CERTIFICATE: read_presented,
}
"""What plans also rely on, in orgs that they may not be changing."""
_SECRETS = frozenset({ResourceKind.CALLER_SECRET})
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

# How each kind of name is turned into an id. A profile's own set has a name nobody knows: it is found by its profile.
_POINTED: dict[str, tuple[str, str]] = {
    "set": ("SELECT Id, Name FROM PermissionSet WHERE IsOwnedByProfile = false AND Name IN {}", "Name"),
    "group": (
        "SELECT Id, DeveloperName FROM PermissionSetGroup WHERE DeveloperName IN {}",
        "DeveloperName",
    ),
    "profile-set": (
        "SELECT Id, Profile.Name FROM PermissionSet WHERE IsOwnedByProfile = true AND Profile.Name IN {}",
        "Profile.Name",
    ),
    "profile": ("SELECT Id, Name FROM Profile WHERE Name IN {}", "Name"),
    "user": ("SELECT Id, Username FROM User WHERE Username IN {}", "Username"),
    "licence": (
        "SELECT Id, DeveloperName FROM PermissionSetLicense WHERE DeveloperName IN {}",
        "DeveloperName",
    ),
}


class OrgHands:
    """
    Reads and writes resources of any org over sObject collections.

    States name things; ids of what a plan changes are looked up with every reading, so that a set that was removed and
    made again is still itself. Ids of what changes only point to are looked up once: hands live for one apply.
    """

    def __init__(
        self,
        open_org: Open,
        ahead: Sequence[Change] = (),
        open_firewall: OpenCloud | None = None,
        open_secrets: OpenCloud = open_cloud,
        look_at: OpenReading = open_org,
        turn: Turn = credential_turn,
        ask: Ask = lambda: (),
        tell: Tell = lambda count: None,
    ) -> None:
        """
        `ahead` are changes that will be written: what they point to is looked up together, what they promise tried.
        `open_firewall` is asked once, with the first resource of a firewall or the first write of a caller's secret,
        `open_secrets` where such a secret is read; `turn` keeps rotations from it while it is written. What lies beside `ahead` may be in an org that nobody holds for us: `look_at` opens it as the scanner.
        `ask` says what speaks against going on, in the middle of a change that takes long, and `tell` hears how far it is.
        """
        self._ask, self._tell = ask, tell
        self._look_at = look_at
        self._turn = turn
        self._open_secrets = open_secrets
        self._open = open_org
        self._open_firewall = open_firewall
        self._cloud: Cloud | None = None
        self._ahead = ahead
        self._ids: dict[Resource, str] = {}
        self._pointed: dict[tuple[str, Pointer], str] = {}
        self._described: dict[tuple[str, str], list[str]] = {}

    def read(self, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        """A state of None means that the org was asked and has no such thing. Raises OrgError."""
        found: dict[Resource, State | None] = dict.fromkeys(resources)
        if in_cloud := [resource for resource in resources if resource.kind in IN_CLOUD]:
            found |= read_firewall(self._in_cloud(), in_cloud)
        found |= read_callers(self._open_secrets, [each for each in resources if each.kind in _SECRETS])
        ours = {change.resource for change in self._ahead}
        beside = [r for r in resources if self._ahead and r.kind in _LOOKS and r not in ours]
        found |= self._beside(beside)
        in_orgs = [r for r in resources if r.kind not in IN_CLOUD | _SECRETS and r not in beside]
        for org, there in _by(in_orgs, lambda resource: resource.org).items():
            with self._open(org) as session:
                if any(each.kind in OTHER_ROADS for each in there):
                    # Reading these takes rights that sleep; whoever reads them here has an approved change in hand.
                    session.rouse()
                found |= self.read_as(session, there)
        return found

    def read_as(self, session: Session, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        """What one org shows with the rights that this session has already; what it has not is left out. Raises OrgError."""
        # Typed for sessions that write; reading asks nothing more of them.
        reading = cast(WritingSession, session)
        found: dict[Resource, State | None] = {}
        for kind, alike in _by(
            [r for r in resources if r.kind in OTHER_ROADS], lambda each: each.kind
        ).items():
            found |= _READS[kind](reading, alike)
        return found | self._read(reading, [each for each in resources if each.kind not in OTHER_ROADS])

    def _beside(self, resources: Sequence[Resource]) -> dict[Resource, State]:
        found: dict[Resource, State] = {}
        for org, there in _by(resources, lambda resource: resource.org).items():
            with self._look_at(org) as session:
                for kind, alike in _by(there, lambda each: each.kind).items():
                    found |= _LOOKS[kind](session, alike)
        return found

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        """Changes of one org in one call, a collection for each shape. Raises OrgError, and WriteHeld in the middle of long ones."""
        if (kind := changes[0].resource.kind) in IN_CLOUD:
            return write_firewall(self._in_cloud(), changes)
        if kind in _SECRETS:
            return _refusals(changes, write_callers(self._in_cloud, changes, self._turn))
        if kind in OTHER_ROADS:
            with self._open(changes[0].resource.org) as session:
                # They look once more before they write, which takes rights that sleep.
                session.rouse()
                if kind in _LONG:
                    return _refusals(changes, _LONG[kind](session, changes, self._ask, self._tell))
                return _refusals(changes, _WRITES[kind](session, changes))
        loads = list(_by(changes, self._load).values())
        with self._open(changes[0].resource.org) as session:
            self._look_up(session, changes)
            answers = session.send_together([self._collection(session.alias, load) for load in loads])
        refused: dict[int, Refusal] = {}
        for load, results in zip(loads, answers, strict=True):
            refused |= _refusals(load, results)
        return refused

    def try_out(self, changes: Sequence[Change]) -> Mapping[int, str]:
        """What a user who lost rights may not do although the plan promised it, as the platform says. Raises OrgError."""
        failed: dict[int, str] = {}
        in_orgs = [change for change in changes if change.resource.kind not in IN_CLOUD]
        for org, ours in _by(in_orgs, lambda change: change.resource.org).items():
            with self._open(org) as session:
                ids = {
                    name: found
                    for (alias, (kind, name)), found in self._pointed.items()
                    if alias == org and kind == "user"
                }
                failed |= try_out(session, ours, [c for c in self._ahead if c.resource.org == org], ids)
        return failed

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def _in_cloud(self) -> Cloud:
        if self._cloud is None:
            if self._open_firewall is None:
                raise ConfigurationError("This plan changes AWS, and nothing here leads there.")
            self._cloud = self._open_firewall()
        return self._cloud

    def _read(self, session: WritingSession, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        """All kinds together: five queries travel in one call."""
        queries: dict[str, str] = {}
        kinds: dict[str, tuple[Shape, dict[str, Resource]]] = {}
        relied = [each for each in resources if each.kind in READ_ONLY]
        ours = [each for each in resources if each.kind not in READ_ONLY]
        for kind, alike in _by(ours, lambda resource: resource.kind).items():
            shape = shape_of(kind)
            fields = (
                "Id",
                *shape.fields,
                *(self._permissions(session, shape.sobject) if shape.described else ()),
                *(each for each in shape.optional if each in self._permissions(session, shape.sobject)),
            )
            wanted = {resource.key.lower(): resource for resource in alike}
            for index, part in enumerate(chunks(sorted({shape.sought(resource.key) for resource in alike}))):
                where = shape.where.format(names=in_list(part))
                name = f"{kind.value} {index}"
                queries[name] = f"SELECT {', '.join(fields)} FROM {shape.sobject} WHERE {where}"
                kinds[name] = shape, wanted
        if relied:
            known = [self._permissions(session, each) for each in ("PermissionSet", "ObjectPermissions")]
            queries |= questions(relied, *known)
        found: dict[Resource, State | None] = {}
        gathered: dict[str, list[dict[str, Any]]] = {}
        for name, rows in session.read_all(queries).items():
            if isinstance(rows, OrgError):
                raise rows
            if name not in kinds:
                gathered[name] = rows
                continue
            shape, wanted = kinds[name]
            for row in rows:
                resource = wanted.get(shape.key(row).lower())
                if resource is not None:
                    found[resource] = shape.state(row)
                    self._ids[resource] = row["Id"]
                    if pointer := pointer_to(resource.kind, resource.key):
                        self._pointed[session.alias, pointer] = row["Id"]
        return found | answers(relied, gathered)

    def _permissions(self, session: WritingSession, sobject: str) -> list[str]:
        """Which user permissions the org knows; asked once, for they change with releases only."""
        key = (session.alias, sobject)
        if key not in self._described:
            for name, described in session.describe(DESCRIBED).items():
                if isinstance(described, OrgError):
                    raise described
                names = (each["name"] for each in described["fields"])
                self._described[session.alias, name] = [n for n in names if n.startswith("Permissions")]
        return self._described[key]

    def _load(self, change: Change) -> tuple[Hashable, bool]:
        """What travels in one collection: users that were there once are only made active again."""
        there = change.resource.kind is ResourceKind.NEW_USER and change.resource in self._ids
        return shape(change), there

    def _collection(self, org: str, changes: Sequence[Change]) -> Collection:
        sobject = shape_of(changes[0].resource.kind)
        users = changes[0].resource.kind is ResourceKind.NEW_USER
        if changes[0].after is None and users:
            return altered("User", [{"Id": self._ids[c.resource], "IsActive": False} for c in changes])
        if changes[0].after is None:
            return removed([self._ids[change.resource] for change in changes])
        ids = {pointer: found for (alias, pointer), found in self._pointed.items() if alias == org}
        records = [
            sobject.record(change.resource.key, change.before, change.after, ids)
            for change in changes
            if change.after is not None
        ]
        if changes[0].before is None and not (users and changes[0].resource in self._ids):
            return made(sobject.sobject, records)
        return altered(
            sobject.sobject,
            [{"Id": self._ids[c.resource], **r} for c, r in zip(changes, records, strict=True)],
        )

    def _unknown(self, org: str, changes: Sequence[Change]) -> set[Pointer]:
        return {p for change in changes for p in _pointers(change) if (org, p) not in self._pointed}

    def _look_up(self, session: WritingSession, changes: Sequence[Change]) -> None:
        """Raises OrgError when the org has nothing of a name that these changes use."""
        wanted = self._unknown(session.alias, changes)
        if not wanted:
            return
        queries, columns = {}, {}
        ahead = self._unknown(session.alias, [c for c in self._ahead if c.resource.org == session.alias])
        for kind, alike in _by(wanted | ahead, lambda pointer: pointer[0]).items():
            query, column = _POINTED[kind]
            for index, part in enumerate(chunks(sorted(name for _, name in alike))):
                queries[f"{kind} {index}"] = query.format(in_list(part))
                columns[f"{kind} {index}"] = kind, column
        for name, rows in session.read_all(queries).items():
            if isinstance(rows, OrgError):
                raise rows
            kind, column = columns[name]
            for row in rows:
                self._pointed[session.alias, (kind, str(_at(row, column)).lower())] = row["Id"]
        for kind, _ in sorted(pointer for pointer in wanted if (session.alias, pointer) not in self._pointed):
            what = f"the org has no {kind.replace('-set', '')} of a name that the plan uses"
            raise OrgError(session.alias, what, "Make the plan anew.", "NOT_FOUND")


def _refusals(changes: Sequence[Change], results: Sequence[RecordResult]) -> dict[int, Refusal]:
    return {
        change.number: Refusal(code=result.code, what=_words(result), passing=result.passing)
        for change, result in zip(changes, results, strict=True)
        if result.code
    }


def _pointers(change: Change) -> tuple[Pointer, ...]:
    if change.after is None or change.resource.kind in OTHER_ROADS:
        return ()
    return shape_of(change.resource.kind).points(change.resource.key, change.after)


def _at(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for name in path.split("."):
        value = value[name]
    return value


def _by(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def _words(result: RecordResult) -> str:
    """Code and fields; the org's own text may name people."""
    return " on ".join(filter(None, (result.code, ", ".join(result.fields))))


def around(
    open_org: Open, org: str, usernames: Names[str], open_reading: OpenReading | None = None
) -> Around:
    """
    One call. Raises OrgError.

    Where `open_reading` is given, login ranges of the profiles are read with it: the enforcer could read them only with rights
    that sleep until something is approved.
    """
    names = in_list(sorted(usernames) or [""])
    queries = {
        "count": "SELECT COUNT(Id) n FROM User WHERE IsActive = true",
        "users": f"SELECT Username, Profile.Name FROM User WHERE Username IN {names}",
        "assignments": "SELECT Assignee.Username, PermissionSet.Name, PermissionSetGroup.DeveloperName "
        f"FROM PermissionSetAssignment WHERE Assignee.Username IN {names} AND PermissionSet.IsOwnedByProfile = false",
        "members": "SELECT PermissionSetGroup.DeveloperName, PermissionSet.Name FROM PermissionSetGroupComponent",
        # Of itself every user sees the sessions: the one that asks is among them.
        "sessions": f"SELECT Users.Username, SourceIp FROM AuthSession WHERE Users.Username IN {names}",
    }
    with open_org(org) as session:
        found: dict[str, list[dict[str, Any]]] = {}
        for name, rows in session.read_all(queries).items():
            if name == "sessions" and isinstance(rows, (BadRequest, OrgRefused)):
                # Without them only plans that would narrow from where we come ourselves are held up.
                rows = []
            if isinstance(rows, OrgError):
                raise rows
            found[name] = rows
        now = session.server_time
    if now is None:
        raise OrgError(org, "the answer has no Date", "Look at what stands between us and the org.")
    held: dict[str, set[str]] = {name.lower(): set() for name in usernames}
    for row in found["users"]:
        held[row["Username"].lower()].add(f"{PROFILE}{row['Profile']['Name']}")
    for row in found["assignments"]:
        group = row["PermissionSetGroup"]
        name = f"{GROUP}{group['DeveloperName']}" if group else row["PermissionSet"]["Name"]
        held[row["Assignee"]["Username"].lower()].add(name)
    for row in found["members"]:
        through = f"{GROUP}{row['PermissionSetGroup']['DeveloperName']}"
        for mine in held.values():
            if through in mine and row["PermissionSet"]:
                mine.add(row["PermissionSet"]["Name"])
    holdings = {name: frozenset(mine) for name, mine in held.items()}
    seen: dict[str, set[str]] = {}
    for row in found["sessions"]:
        if row["SourceIp"]:
            seen.setdefault(row["Users"]["Username"].lower(), set()).add(row["SourceIp"])
    addresses = {name: frozenset(each) for name, each in seen.items()}
    profiles = {each.removeprefix(PROFILE) for mine in held.values() for each in mine if _is_profile(each)}
    ranges = {} if open_reading is None else _ranges(open_reading, org, profiles)
    return Around(
        users=int(found["count"][0]["n"]), now=now, holdings=holdings, addresses=addresses, ranges=ranges
    )


def _is_profile(holding: str) -> bool:
    return holding.startswith(PROFILE)


def _ranges(open_org: OpenReading, org: str, profiles: Names[str]) -> dict[str, tuple[AddressRange, ...]]:
    """What the org does not show is not known, and that is judged: the plan is held up by it."""
    try:
        with open_org(org) as session:
            return read_profile_ranges(session, profiles)
    except (BadRequest, OrgRefused):
        return {}
