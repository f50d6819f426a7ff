"""
`bulkhead bench allow-listing`: whom address ranges would lock out, whether the forecast knew, and who is locked out in the end.

Lock-outs are planted as sign-ins of the past, made with the keys that integrations have and from addresses outside of every
network of the policy; administrators who travelled are in the estate already. What is true is tried on the estate's own gates,
once with ranges that somebody sets without looking (all networks on every profile of integrations and administrators), and
once after the product's plan.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from deployments.bench.doors import REFUSED, Doors
from deployments.bench.engine import engine_in
from deployments.bench.known import network_in
from deployments.bench.sameness import differences
from deployments.bench.sessions import Sessions
from deployments.bench.wire import Wire
from deployments.files import read_files
from deployments.sandbox import launch
from tasks.estate.model_network import ExplainedLockOut, NamedNetwork
from tasks.estate.policy import Policy
from tasks.network.addresses import administrators, in_networks, integrations, parsed, ranges_of
from tasks.network.forecast import World, refused, world_of
from tasks.network.members import Members, members
from tasks.network.model import DAYS, FULL_NAMES, AddressRange, OrgNetwork
from tasks.network.plan import allow_list_plan, own_addresses, ranges_by_profile
from tasks.permissions.lockout import saws_off
from tasks.plans.model import Outcome, Plan, ResourceKind

REQUESTER = "ada@meridian.example"
ADMINISTRATORS = "Platform Administrators"
_BEFORE, _NOW = "bench-before", "bench-now"
_OUTSIDE = ("52.94.76.{}", "192.0.2.{}")
"""A block that all customers of AWS share, and an address nobody named."""
Attempt = tuple[str, str, str, str]
"""Org, user name, application, and address of a sign-in that succeeded."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """
    `planted` of the lock-outs were put there on purpose, `true` are all that careless ranges would cause, `predicted` those
    of them that were forecast, `false` forecasts that did not come true. `left` profiles the plan left alone because of them.

    Once policy names what integrations need and explains what administrators did, `replayed` sign-ins are tried again after the
    plan; `failed` are those that no policy explains, `explained` those that end as it says.
    """

    seed: int
    users: int
    planted: int
    planted_predicted: int
    true: int
    predicted: int
    false: int
    left: int
    changes: int
    replayed: int
    failed: int
    explained: int
    failed_careful: int
    attacker_before: int
    attacker_tried: int
    attacker_refused: int
    stopped: str
    different: tuple[str, ...]

    @property
    def good(self) -> bool:
        return (
            self.planted == self.planted_predicted > 0
            and self.predicted == self.true
            and not (self.false or self.failed or self.failed_careful or self.stopped or self.different)
            and self.left > 0
            and self.attacker_before == self.attacker_tried == self.attacker_refused > 0
        )

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "good": self.good}


def as_text(result: Result) -> str:
    verdict = "good" if result.good else "NOT GOOD"
    lines = [
        f"seed {result.seed}, {result.users} users: {verdict}",
        f"  planted lock-outs        {result.planted_predicted} of {result.planted} predicted",
        f"  lock-outs in all         {result.predicted} of {result.true} predicted, {result.false} false predictions",
        f"  profiles left alone      {result.left} because of them; {result.failed_careful} sign-ins fail after that plan",
        f"  once policy says more    {result.changes} changes, {result.replayed} sign-ins replayed, {result.failed} failed, "
        f"{result.explained} refused as explained",
        f"  attacker                 {result.attacker_refused} of {result.attacker_tried} refused, at sign-in and with a "
        f"stolen session; {result.attacker_before} got in before",
    ]
    if result.stopped:
        lines.append(f"  stopped                  {result.stopped}")
    return "\n".join([*lines, *(f"  not as before            {line}" for line in result.different)])


def measure(seed: int, users: int) -> Result:
    """Makes the estate in a folder of its own and throws it away again."""
    folder = Path(tempfile.mkdtemp(prefix="bulkhead-bench-"))
    try:
        launch.start(folder / "estate", seed=seed, users=users)
        return _Bench(folder / "estate", folder).run(seed, users)
    finally:
        launch.stop(folder / "estate")
        shutil.rmtree(folder, ignore_errors=True)


class _Bench:
    def __init__(self, folder: Path, scratch: Path) -> None:
        self._folder = folder
        self._scratch = scratch
        self._estate, policy = read_files(folder / "estate.yaml")
        # In a sandbox of thirty users the integrations alone are more than the fifth that a plan may touch by default.
        changes = policy.changes.model_copy(update={"max_share": 0.6})
        self._policy = policy.model_copy(update={"changes": changes})
        self._sessions = Sessions(self._estate)
        self._wire = Wire(folder)
        self._doors = Doors(folder)
        self._orgs = [org.alias for org in self._estate.orgs]

    def run(self, seed: int, users: int) -> Result:
        self._prepare()
        planted = self._plant()
        launch.save_snapshot(self._folder, _BEFORE)
        networks = self._read()
        in_before = {one for one, why in self._tried(self._attempts(_BEFORE)).items() if not why}
        planted |= self._travelled(networks, in_before)
        predicted, true = self._careless(networks, in_before)
        stops: list[str] = []
        different: list[str] = []

        careful = self._planned(self._policy, networks)
        shut = self._carry_out(self._policy, careful, in_before, stops, different)[0]
        left = self._held_back(careful, planted, networks)

        policy = self._taught(networks)
        plan = self._planned(policy, networks)
        before = self._thefts(plan)
        lost, held = self._carry_out(policy, plan, in_before, stops, different, self._thefts)
        explained = {one for one in lost if self._is_explained(policy, one)}
        return Result(
            seed=seed,
            users=users,
            planted=len(planted),
            planted_predicted=len(planted & predicted),
            true=len(true),
            predicted=len(predicted & true),
            false=len(predicted - true),
            left=left,
            changes=len(plan.changes),
            replayed=len(in_before),
            failed=len(lost - explained),
            explained=len(explained),
            failed_careful=len(shut),
            attacker_before=before.count(True),
            attacker_tried=len(before),
            attacker_refused=held.count(False),
            stopped="; ".join(stops),
            different=tuple(different),
        )

    # -- what is there before

    def _prepare(self) -> None:
        """What somebody does first: certificates renewed, the enforcer active, administrators on a profile of their own."""
        for org in self._estate.orgs:
            administrator = _administrator(org.alias)
            self._wire.list_certificate(org.alias, administrator)
            with self._wire.user(org.alias, administrator) as asking:
                enforcer = org.enforcer.username if org.enforcer else ""
                for row in asking.rows(
                    f"SELECT Id FROM User WHERE Username = '{enforcer}' AND IsActive = false"
                ):
                    asking.change(f"sobjects/User/{row['Id']}", {"IsActive": True})
        for org_network in self._read():
            movers = [
                name
                for each in self._members(org_network)
                if each.others and each.administrators
                for name in each.administrators
            ]
            self._give_profile(org_network.org, movers)

    def _give_profile(self, alias: str, usernames: Sequence[str]) -> None:
        if not usernames:
            return
        self._wire.metadata(
            alias,
            _administrator(alias),
            f'<createMetadata><metadata xsi:type="Profile"><fullName>{ADMINISTRATORS}</fullName><custom>true</custom>'
            "<userLicense>Salesforce</userLicense><userPermissions><enabled>true</enabled><name>ApiEnabled</name>"
            "</userPermissions></metadata></createMetadata>",
        )
        with self._wire.user(alias, _administrator(alias)) as asking:
            profile = next(asking.rows(f"SELECT Id FROM Profile WHERE Name = '{ADMINISTRATORS}'"))["Id"]
            for name in usernames:
                user = next(asking.rows(f"SELECT Id FROM User WHERE Username = '{name}'"))["Id"]
                asking.change(f"sobjects/User/{user}", {"ProfileId": profile})

    def _plant(self) -> set[Attempt]:
        """Sign-ins from outside of integrations that no range stops yet, made with their own keys."""
        planted: set[Attempt] = set()
        for alias in self._orgs:
            for number, app in enumerate(self._doors.apps(alias)):
                for pattern in _OUTSIDE:
                    address = pattern.format(10 + number)
                    token, _ = self._doors.sign_in(alias, app, address)
                    if token and self._doors.call(alias, app, token, address) == 200:
                        planted.add((alias, app["username"], app["name"], address))
        return planted

    def _travelled(self, networks: Sequence[OrgNetwork], in_before: set[Attempt]) -> set[Attempt]:
        """What administrators did from elsewhere; the estate has such trips in any case."""
        allowed = administrators(self._policy.network)
        names = {
            (org.org, name)
            for org in networks
            for each in self._members(org)
            if each.profile == ADMINISTRATORS
            for name in each.names
        }
        return {one for one in in_before if one[:2] in names and not in_networks(one[3], allowed)}

    def _read(self) -> list[OrgNetwork]:
        found = []
        for alias in self._orgs:
            network, self._time = network_in(self._sessions, alias, self._estate, self._policy)
            found.append(network)
        return found

    def _members(self, org: OrgNetwork) -> tuple[Members, ...]:
        return members(org.rights, org.logins, self._estate, self._policy, self._time)

    def _attempts(self, snapshot: str) -> list[Attempt]:
        """Every sign-in of active users that succeeded in the last days, from the stores themselves."""
        since = (self._time.date() - timedelta(days=DAYS - 1)).isoformat()
        found: set[Attempt] = set()
        for alias in self._orgs:
            path = self._folder / "snapshots" / snapshot / f"{alias}.sqlite"
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
                rows = store.execute(
                    'SELECT DISTINCT u.Username, l.Application, l.SourceIp FROM LoginHistory l JOIN "User" u '
                    "ON u.Id = l.UserId WHERE l.Status = 'Success' AND u.IsActive = 1 AND l.LoginTime >= ?",
                    (since,),
                )
                found |= {(alias, *row) for row in rows if parsed(row[2]) is not None}
        return sorted(found)

    def _tried(self, attempts: Iterable[Attempt]) -> dict[Attempt, str]:
        found: dict[Attempt, str] = {}
        listed = list(attempts)
        for alias in self._orgs:
            ours = [one for one in listed if one[0] == alias]
            answers = launch.try_sign_ins(self._folder, alias, [one[1:] for one in ours])
            found |= dict(zip(ours, answers, strict=True))
        return found

    # -- ranges that somebody sets without looking

    def _careless(
        self, networks: Sequence[OrgNetwork], in_before: set[Attempt]
    ) -> tuple[set[Attempt], set[Attempt]]:
        """Who was forecast to be refused, and who is. The estate is put back."""
        predicted: set[Attempt] = set()
        for org in networks:
            ranges = self._careless_ranges(org)
            now = world_of(org)
            after = World(ranges={**now.ranges, **ranges}, every_request=True, relaxed=frozenset())
            lost = (each for each in refused(org, now, after) if each.application)
            predicted |= {
                (org.org, each.username, each.application, each.address)
                for each in lost
                if parsed(each.address) is not None
            }
            self._set_carelessly(org, ranges)
        try:
            true = {one for one, why in self._tried(in_before).items() if why}
        finally:
            launch.restore_snapshot(self._folder, _BEFORE)
        return predicted & in_before, true

    def _careless_ranges(self, org: OrgNetwork) -> dict[str, tuple[AddressRange, ...]]:
        policy = self._policy.network
        found: dict[str, tuple[AddressRange, ...]] = {}
        for each in self._members(org):
            if each.administrators or each.integrations or each.ours:
                people = each.administrators or each.others
                where = administrators(policy) if people else integrations(policy)
                found[each.profile_id] = tuple(ranges_of(where))
        return found

    def _set_carelessly(self, org: OrgNetwork, ranges: dict[str, tuple[AddressRange, ...]]) -> None:
        names = {each.profile_id: each.profile for each in self._members(org)}
        for profile_id, listed in ranges.items():
            self._update(
                org.org,
                "Profile",
                FULL_NAMES.get(names[profile_id], names[profile_id]),
                "".join(
                    f"<loginIpRanges><endAddress>{r.last}</endAddress><startAddress>{r.first}</startAddress></loginIpRanges>"
                    for r in listed
                ),
            )
        switch = "<enforceIpRangesEveryRequest>true</enforceIpRangesEveryRequest>"
        self._update(org.org, "SecuritySettings", "Security", f"<sessionSettings>{switch}</sessionSettings>")

    def _update(self, alias: str, kind: str, name: str, elements: str) -> None:
        component = f'<metadata xsi:type="{kind}"><fullName>{escape(name)}</fullName>{elements}</metadata>'
        operation = f"<updateMetadata>{component}</updateMetadata>"
        self._wire.metadata(alias, f"client.laboratory@{alias}.meridian.example", operation)

    # -- plans

    def _planned(self, policy: Policy, networks: Sequence[OrgNetwork]) -> Plan:
        plan, _ = allow_list_plan(self._estate, policy, networks, REQUESTER, self._time)
        ours = {org.org: own_addresses(org, self._estate, policy) for org in networks}
        rights = [org.rights for org in networks]
        ranges = {org.org: ranges_by_profile(org) for org in networks}
        if why := saws_off(plan, rights, self._estate, policy, self._time, ours, ranges):
            raise AssertionError(f"the plan saws off the branch: {'; '.join(why)}")
        return plan

    def _held_back(self, plan: Plan, planted: set[Attempt], networks: Sequence[OrgNetwork]) -> int:
        """Profiles with planted lock-outs that the plan does not touch; it touches none that has some."""
        changed = {(c.resource.org, c.resource.key) for c in plan.changes}
        found = set()
        for org in networks:
            profiles = {user.username: user.profile_name for user in org.rights.users}
            found |= {(org.org, f"profile:{profiles[one[1]]}") for one in planted if one[0] == org.org}
        return len(found - changed)

    def _taught(self, networks: Sequence[OrgNetwork]) -> Policy:
        """Policy once somebody has read the first plan: egress of integrations is named, trips of administrators explained."""
        named, accepted = [], []
        for org in networks:
            kinds = {name: each for each in self._members(org) for name in each.names}
            after = World(
                ranges={**world_of(org).ranges, **self._careless_ranges(org)},
                every_request=True,
                relaxed=frozenset(),
            )
            for each in refused(org, world_of(org), after):
                who = kinds.get(each.username)
                if who is None or parsed(each.address) is None:
                    continue
                if who.profile == ADMINISTRATORS:
                    accepted.append((org.org, each.username, each.address))
                elif each.username in who.integrations and not who.others:
                    named.append(each.address)
        network = self._policy.network.model_copy(
            update={
                "networks": (
                    *self._policy.network.networks,
                    *(
                        NamedNetwork(
                            name=f"Egress {address}", use="middleware", ranges=(ip_network(address),)
                        )
                        for address in sorted(set(named))
                    ),
                ),
                "explained": tuple(
                    ExplainedLockOut(
                        org=alias,
                        username=name,
                        addresses=ip_network(address),
                        reason="the trip is over",
                        owner="ciso@meridian.example",
                        expires=(self._time + timedelta(days=30)).date(),
                    )
                    for alias, name, address in sorted(set(accepted))
                ),
            }
        )
        return self._policy.model_copy(update={"network": network})

    def _is_explained(self, policy: Policy, one: Attempt) -> bool:
        return any(
            (each.org, each.username) == one[:2] and in_networks(one[3], [each.addresses])
            for each in policy.network.explained
        )

    def _carry_out(
        self,
        policy: Policy,
        plan: Plan,
        in_before: set[Attempt],
        stops: list[str],
        different: list[str],
        then: Any = None,
    ) -> tuple[set[Attempt], list[bool]]:
        """Sign-ins that fail once the plan is applied, and what the attacker then gets; all is taken back."""
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        with engine_in(folder, self._estate, policy, self._sessions) as engine:
            outcomes: list[Outcome | None] = [engine.apply(plan)]
            lost = {one for one, why in self._tried(in_before).items() if why}
            lost |= self._real_failures(in_before)
            held = [] if then is None else then(plan)
            outcomes.append(engine.take_back(plan, self._time))
        stops += [o.stopped.reason for o in outcomes if o is not None and o.stopped is not None]
        different += self._differences()
        return lost, held

    def _real_failures(self, in_before: set[Attempt]) -> set[Attempt]:
        """Integrations whose key is at hand sign in for real, from each address they came from."""
        lost: set[Attempt] = set()
        for alias in self._orgs:
            for app in self._doors.apps(alias):
                for one in in_before:
                    if one[:3] == (alias, app["username"], app["name"]):
                        token, _ = self._doors.sign_in(alias, app, one[3])
                        if not token or self._doors.call(alias, app, token, one[3]) != 200:
                            lost.add(one)
        return lost

    def _thefts(self, plan: Plan) -> list[bool]:
        """Whether a thief elsewhere gets in with the key of each user whose profile changes, and with a session of its own."""
        changed = {
            (c.resource.org, c.resource.key.partition(":")[2])
            for c in plan.changes
            if c.resource.kind is ResourceKind.LOGIN_RANGES
        }
        got_in = []
        for alias in self._orgs:
            with self._sessions.scanner(alias) as session:
                rows = session.query("SELECT Username, Profile.Name FROM User WHERE IsActive = true")
                profiles = {
                    str(row["Username"]): str(row["Profile"]["Name"]) for row in rows if row["Profile"]
                }
            for app in self._doors.apps(alias):
                if (alias, profiles.get(app["username"])) not in changed:
                    continue
                stolen, why = self._doors.sign_in(alias, app, self._doors.attacker)
                got_in.append(bool(stolen) or why != REFUSED)
                live, _ = self._doors.sign_in(alias, app, "203.0.113.10")
                got_in.append(self._doors.call(alias, app, live, self._doors.attacker) == 200)
        return got_in

    def _differences(self) -> list[str]:
        launch.save_snapshot(self._folder, _NOW)
        place = self._folder / "snapshots"
        return [
            f"{alias} {line}"
            for alias in self._orgs
            for line in differences(place / _BEFORE / f"{alias}.sqlite", place / _NOW / f"{alias}.sqlite")
        ]


def _administrator(alias: str) -> str:
    return f"break.glass.1@{alias}.meridian.example"
