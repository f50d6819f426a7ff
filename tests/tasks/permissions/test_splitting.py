"""A shared user is split on a real wire: a user of its own at work beside the old one, taken back, made again, killed on the way."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from deployments.bench.engine import Engine, engine_in
from deployments.bench.known import rights_in
from deployments.bench.sameness import differences
from deployments.bench.sessions import Sessions
from deployments.files import read_files
from deployments.sandbox import launch
from tasks.errors import OrgUnavailable
from tasks.estate.model import Route
from tasks.permissions.lockout import saws_off
from tasks.permissions.model import OrgRights
from tasks.permissions.newcomers import SETTLED, username_for
from tasks.permissions.plan import least_privilege_plan
from tasks.plans.apply import apply
from tasks.plans.gateway import OrgHands
from tasks.plans.model import Change, Outcome, Plan, Refusal, Resource, ResourceKind, State
from tasks.plans.rollback import rollback
from tests.running import JWT_BEARER, RunningEstate
from tests.slices import chosen
from tests.tasks.plans.worlds import Faults, Killed, World

BEFORE, LATER = "before-splitting", "after-splitting"
Kind = ResourceKind


class Split:
    """An estate's shared user with its two routes; the first keeps it, the second is to get a user of its own."""

    def __init__(self, estate: RunningEstate) -> None:
        self.running = estate
        self.estate, self.policy = read_files(estate.folder / "estate.yaml")
        self.stays, self.moves = (
            next(route for route in self.estate.routes if f"_{topic}_Sync" in route.name)
            for topic in ("Quote", "Mandate")
        )
        assert self.stays.sync_user == self.moves.sync_user
        self.org, self.old = self.moves.target, self.moves.sync_user
        self.new = username_for(self.old, self.moves)
        self.sessions = Sessions(self.estate)

    def see(self) -> tuple[OrgRights, datetime]:
        return rights_in(self.sessions, self.org, [self.stays, self.moves], split_shared=True)

    def plan(self, org: OrgRights, now: datetime) -> Plan:
        made = least_privilege_plan(self.estate, self.policy, [self.stays, self.moves], [org], "ada", now)
        assert saws_off(made, [org], self.estate, self.policy, now) == ()
        return made

    def sign_in(self, route: Route, username: str) -> str | None:
        """A token that the route's client gets with its own key and certificate; None when it is refused."""
        app = self._app(route)
        assertion = self.running.assertion(app["private_key"], app["consumer_key"], username)
        form = {"grant_type": JWT_BEARER, "assertion": assertion}
        answer = self._ask(route, "POST", "/services/oauth2/token", None, data=form)
        assert answer.status_code in (200, 400), answer.text
        return str(answer.json()["access_token"]) if answer.status_code == 200 else None

    def status(self, token: str | None, method: str, path: str, **options: Any) -> int:
        url = f"/services/data/v62.0/{path}"
        return int(self._ask(self.moves, method, url, token, **options).status_code)

    def _app(self, route: Route) -> Mapping[str, Any]:
        apps = self.running.org(self.org)["apps"]
        return next(app for app in apps if app["name"] == route.app)

    def _ask(self, route: Route, method: str, path: str, token: str | None, **options: Any) -> Any:
        app, org = self._app(route), self.running.org(self.org)
        with self.running.session() as session:
            session.cert = (app["client_certificate_file"], app["client_key_file"])
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return session.request(method, f"{org['mtls_url']}{path}", headers=headers, timeout=30, **options)

    def users(self) -> list[tuple[str, bool]]:
        """Ids of users of the new one's name, and whether they are active."""
        with self.sessions.scanner(self.org) as session:
            rows = session.query(f"SELECT Id, IsActive FROM User WHERE Username = '{self.new}'")
        return [(row["Id"], row["IsActive"]) for row in rows]

    def different(self) -> list[str]:
        launch.save_snapshot(self.running.folder, LATER)
        folder = self.running.folder / "snapshots"
        before, later = (folder / name / f"{self.org}.sqlite" for name in (BEFORE, LATER))
        return list(differences(before, later))


@pytest.fixture(scope="module")
def split(estate: RunningEstate) -> Iterator[Split]:
    launch.save_snapshot(estate.folder, BEFORE)
    yield Split(estate)
    # A user that was made cannot be removed by any client.
    launch.restore_snapshot(estate.folder, BEFORE)
    for name in (BEFORE, *([LATER] if (estate.folder / "snapshots" / LATER).exists() else [])):
        launch.delete_snapshot(estate.folder, name)


@pytest.fixture
def engine(split: Split, tmp_path: Path) -> Iterator[Engine]:
    with engine_in(tmp_path, split.estate, split.policy, split.sessions) as opened:
        yield opened


def kinds(plan: Plan) -> list[ResourceKind]:
    return [change.resource.kind for change in plan.changes]


def ended_long_ago(org: OrgRights, split: Split, now: datetime) -> OrgRights:
    """As the org will look when the old user has not come in by the moved route's app for long enough."""
    known = org.newcomers
    assert known is not None
    old = next(user.id for user in org.users if user.username == split.old)
    logins = tuple(
        each.model_copy(update={"last": now - SETTLED})
        if (each.user_id, each.application) == (old, split.moves.app)
        else each
        for each in known.logins
    )
    return org.model_copy(update={"newcomers": known.model_copy(update={"logins": logins})})


@pytest.mark.slow
def test_a_shared_user_is_split_in_two_plans_and_comes_back(split: Split, engine: Engine) -> None:
    before, now = split.see()
    first = split.plan(before, now)

    assert [change.resource.key for change in first.changes if change.kind == "identity"] == [split.new]
    assert not [change for change in first.changes if change.before is not None], "the first only gives"
    assert not any(split.old in change.resource.key for change in first.changes)
    assert any(split.new in line and split.moves.credential in line for line in first.afterwards)
    outcome = engine.apply(first)
    assert outcome.finished, outcome.stopped

    token = split.sign_in(split.moves, split.new)
    it_does_the_route_s_job_and_nothing_else(split, token)
    assert split.sign_in(split.stays, split.new) is None, "the other route's client is not let in as it"
    for route in (split.stays, split.moves):
        assert split.sign_in(route, split.old), "the old one works as before"

    # It is seen, but so is the old one: nothing more is given or taken yet.
    seen, now = split.see()
    waiting = split.plan(seen, now)
    assert waiting.changes == () and any(f"{split.new} is there" in line for line in waiting.keeps)

    second = split.plan(ended_long_ago(seen, split, now), now)
    assert not any(split.new in change.resource.key for change in second.changes)
    assert any("will fail" in line and split.old in line for line in second.risks), second.risks
    assert engine.apply(second).finished
    assert split.sign_in(split.moves, split.old) is None and split.sign_in(split.stays, split.old)
    assert split.sign_in(split.moves, split.new)
    for plan in (second, first):
        back = engine.take_back(plan, now)
        assert back is not None and back.finished, back

    assert split.sign_in(split.moves, split.new) is None, "one that was taken back does not sign in"
    assert split.status(token, "GET", "query?q=SELECT Id FROM Portfolio__c LIMIT 1") == 401
    assert split.sign_in(split.moves, split.old)
    made = split.users()
    assert [active for _, active in made] == [False]
    # The user and the platform's own assignment of its profile stay, and in the bin the record of the try.
    left = "0 rows gone or changed, 1 new or changed"
    assert split.different() == [
        f"{table}: {left}" for table in ("PermissionSetAssignment", split.moves.sobject, "User")
    ]

    again, now = split.see()
    assert kinds(split.plan(again, now)) == kinds(first), "the same one is to be made active again"


def it_does_the_route_s_job_and_nothing_else(split: Split, token: str | None) -> None:
    route = split.moves
    fields = ", ".join(route.fields)
    assert split.status(token, "GET", f"query?q=SELECT {fields} FROM {route.sobject} LIMIT 1") == 200
    for other in ("Account", "Contact", split.stays.sobject, "KYC_Check__c"):
        assert split.status(token, "GET", f"query?q=SELECT Id FROM {other} LIMIT 1") == 400, other
    body = {"Name": "Split", "Value__c": 7, "Currency__c": "EUR", "External_Id__c": "split-1"}
    answer = split._ask(route, "POST", f"/services/data/v62.0/sobjects/{route.sobject}", token, json=body)
    assert answer.status_code == 201, answer.text
    made = f"sobjects/{route.sobject}/{answer.json()['id']}"
    assert split.status(token, "PATCH", made, json={"Value__c": 8}) == 204
    assert split.status(token, "DELETE", made) in (400, 403)
    laboratory = f"client.laboratory@{split.org}.meridian.example"
    assert split.running.call("DELETE", split.org, laboratory, f"v62.0/{made}").status_code == 204


class Dying:
    """Real orgs and a ledger in memory; the process may end before or after each call to either."""

    def __init__(self, hands: OrgHands, world: World) -> None:
        self._hands = hands
        self._world = world

    def read(self, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        return self._world.faults.around(lambda: self._hands.read(resources))

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        faults = self._world.faults
        faults.writes += 1
        number = faults.writes
        refused = faults.around(lambda: self._hands.write(changes))
        if number in faults.lost:
            raise OrgUnavailable(changes[0].resource.org, "the connection was cut", "Try again.")
        return refused

    def try_out(self, changes: Sequence[Change]) -> Mapping[int, str]:
        return self._world.faults.around(lambda: self._hands.try_out(changes))

    def wait(self, seconds: float) -> None:
        self._world.wait(seconds)


def one_life(split: Split, plan: Plan, world: World, faults: Faults) -> Outcome | None:
    """A process of its own with a session of its own, which ends with it."""
    world.faults = faults

    def open_gate() -> Sequence[str]:
        return ()

    try:
        return apply(plan, Dying(OrgHands(split.sessions.enforcer), world), world, open_gate, plan.orgs)
    except Killed:
        return None


def points_of(split: Split, plan: Plan) -> tuple[int, int]:
    """Calls at which a process that does all of it can die, and how many of them write; it is taken back at once."""
    world = World(states={})
    counting = Faults()
    outcome = one_life(split, plan, world, counting)
    assert outcome is not None and outcome.finished, outcome
    points = counting.calls, counting.writes
    undone(split, plan, world)
    return points


def undone(split: Split, plan: Plan, world: World) -> None:
    back = rollback(plan, world.history(), "eve", plan.made_at)
    if back is not None:
        outcome = one_life(split, back, World(states={}), Faults())
        assert outcome is not None and outcome.finished, outcome
    assert [active for _, active in split.users()] in ([], [False])


def survives(split: Split, plan: Plan, faults: Faults) -> None:
    world = World(states={})
    known = split.users()
    ended = one_life(split, plan, world, faults)
    assert (ended is None) == bool(faults.deaths), "it died where it should"
    outcome = one_life(split, plan, world, Faults())
    assert outcome is not None and outcome.finished, outcome
    assert outcome.history.verified == {change.number for change in plan.changes}
    there = split.users()
    assert [active for _, active in there] == [True], "one user, and an active one"
    assert not known or there[0][0] == known[0][0], "the one that was there"
    assert split.sign_in(split.moves, split.new)
    undone(split, plan, world)


def test_a_user_whose_maker_was_killed_is_not_made_twice(split: Split) -> None:
    plan = split.plan(*split.see())
    assert kinds(plan)[0] is Kind.NEW_USER, "the first that is sent"
    survives(split, plan, Faults(deaths=frozenset({(6, True)})))


@pytest.mark.slow
def test_death_at_any_point_leaves_one_state_that_can_be_finished(split: Split) -> None:
    plan = split.plan(*split.see())
    calls, writes = points_of(split, plan)
    deaths = [(call, done) for call in range(1, calls + 1) for done in (False, True)]
    for death in chosen(deaths, 12):
        survives(split, plan, Faults(deaths=frozenset({death})))
    for write in chosen(range(1, writes + 1), 3):
        survives(split, plan, Faults(lost={write: 1.0}))


@pytest.mark.slow
def test_whoever_the_answer_key_calls_shared_is_split_and_nobody_else(
    split: Split, estate: RunningEstate
) -> None:
    key = json.loads((estate.folder / "answer-key.json").read_text())
    marked = {
        (found["org"], found["resource"].removeprefix("user:"))
        for found in key["findings"]
        if found["control"] == "ZT-02"
    }
    found = set()
    for org in split.estate.orgs:
        rights, now = rights_in(split.sessions, org.alias, split.estate.routes, split_shared=True)
        plan = least_privilege_plan(split.estate, split.policy, split.estate.routes, [rights], "ada", now)
        assert saws_off(plan, [rights], split.estate, split.policy, now) == ()
        for change in plan.changes:
            if change.resource.kind is Kind.NEW_USER:
                found |= {
                    (org.alias, r.sync_user)
                    for r in split.estate.routes
                    if r.target == org.alias and username_for(r.sync_user, r) == change.resource.key
                }
    assert len(marked) == 3 and found == marked
