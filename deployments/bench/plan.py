"""
`bulkhead bench plan`: a least-privilege plan for one big org, made and applied through the product's own flows.

The least number of calls to apply with. Signing in, waking the write rights and ending that session are counted apart:
they are the same for every plan. What is left:

* one call that judges what speaks against it (active users, the org's time, who of the protected holds what);
* one call that asks which user permissions the org knows, where the plan is about permission sets;
* one reading of all that the plan starts from, which must be compared before anything is sent;
* for each layer of the plan, one write, and one reading that verifies it: a change may be sent only after those that it
  needs were verified, five queries or five collections of 200 records travel in a call, and the ids of what is only pointed
  to (profiles, users, sets) must be looked up once;
* for each user who loses something by a layer, two questions of what it may do now, five to a call.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Any

import requests

from deployments import server
from deployments.files import read_files
from deployments.sandbox import launch
from deployments.settings import Home, on_its_own
from tasks.plans.advance import BATCH, LOADS, shape
from tasks.plans.model import Change, Plan
from tasks.plans.promises import promises
from tasks.plans.records import DESCRIBED, shape_of
from tasks.salesforce.pages import QUERIES_PER_COMPOSITE
from tasks.salesforce.soql import IDS_PER_QUERY

TOO_MANY = 1.2
SECONDS = 10.0
_SETS = "PermissionSet WHERE IsOwnedByProfile = false AND Type != 'Group'"
"""Without the hidden sets of profiles and groups."""
_OWN_OBJECTS = ("Account", "Contact", "Opportunity")
_HOLDERS = 3
"""Users to each of the sets that are added."""


@dataclass(frozen=True)
class PlanFigures:
    """
    `making_seconds` through Prefect with its reading; `calls` to apply with, without the session's own; `least` of them.
    `good` speaks of the size that was measured.
    """

    org: str
    users: int
    permission_sets: int
    changes: int
    layers: int
    making_seconds: float
    applying_seconds: float
    calls: int
    least: int
    session_calls: int
    back_calls: int

    @property
    def good(self) -> bool:
        return self.making_seconds <= SECONDS and self.calls <= TOO_MANY * self.least

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "good": self.good}


@on_its_own()
def measure_plan(users: int, permission_sets: int, org: str, seed: int = 0) -> PlanFigures:
    """Raises ConfigurationError when something does not start, and what the flows raise."""
    home = Home(Path(tempfile.mkdtemp(prefix="bulkhead-bench-")))
    try:
        server.up(home, port=server.free_port(), users=users, seed=seed, schedules=False, tell=_quiet)
        with _administrator(home, org) as administrator:
            administrator.add_sets(permission_sets)
            there = administrator.count("User WHERE IsActive = true")
            sets = administrator.count(_SETS)
        return _measure(home, org, there, sets)
    finally:
        _drain()
        server.down(home)
        shutil.rmtree(home.root, ignore_errors=True)


def _measure(home: Home, org: str, users: int, sets: int) -> PlanFigures:
    # Slow to import, and Prefect must find its settings first.
    from flows.least_privilege import least_privilege
    from flows.plans import apply_plan, approve_plan, rollback_plan
    from tasks.orgs import open_ledger
    from tasks.plans.ledger_gateway import PlanBook

    estate, _ = read_files(home.estate / "estate.yaml")
    routes = [route.name for route in estate.routes if route.target == org]
    began = perf_counter()
    digest = least_privilege(requester="ada", routes=routes)
    made = perf_counter()
    with open_ledger() as ledger:
        _, plan = PlanBook(ledger, "").find(digest)
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="for the bench")
    host = estate.org(org).my_domain.removeprefix("https://")
    began_to_apply = perf_counter()
    calls = _counted(home, host, lambda: apply_plan(digest=digest))
    applied = perf_counter()
    back = _counted(home, host, lambda: rollback_plan(digest=digest, reason="for the bench"))
    return PlanFigures(
        org=org,
        users=users,
        permission_sets=sets,
        changes=len(plan.changes),
        layers=len([*layers(plan)]),
        making_seconds=made - began,
        applying_seconds=applied - began_to_apply,
        calls=calls[0],
        least=least_calls(plan),
        session_calls=calls[1],
        back_calls=back[0],
    )


def least_calls(plan: Plan) -> int:
    """Without those of the session; see the head of this module."""
    judging = 1
    describing = 1 if any(shape_of(c.resource.kind).sobject in DESCRIBED for c in plan.changes) else 0
    looking_up = 1 if any(_points(change) for change in plan.changes) else 0
    found = judging + describing + _readings(plan.changes) + looking_up
    for layer in layers(plan):
        loads = {shape(change) for change in layer}
        collections = sum(ceil(sum(shape(c) == load for c in layer) / BATCH) for load in loads)
        found += ceil(collections / LOADS) + _readings(layer)
        found += ceil(2 * len(promises(layer, plan.changes)) / QUERIES_PER_COMPOSITE)
    return found


def layers(plan: Plan) -> Iterator[list[Change]]:
    """What could be sent at once: each change after all that it needs."""
    depth: dict[int, int] = {}
    for change in plan.changes:
        depth[change.number] = 1 + max((depth[need] for need in change.needs), default=0)
    for level in range(1, max(depth.values(), default=0) + 1):
        yield [change for change in plan.changes if depth[change.number] == level]


def as_text(figures: PlanFigures) -> str:
    return (
        f"plan for {figures.org}, {figures.users} active users, {figures.permission_sets} permission sets: "
        f"{figures.changes} changes in {figures.layers} layers, made in {figures.making_seconds:.1f} s; "
        f"applied in {figures.applying_seconds:.1f} s with {figures.calls} calls, {figures.calls / figures.least:.2f} x the "
        f"least possible {figures.least} ({figures.session_calls} more for its session); taken back with {figures.back_calls}; "
        f"good: {figures.good}"
    )


def _readings(changes: Sequence[Change]) -> int:
    names: dict[str, set[str]] = {}
    for change in changes:
        kind = change.resource.kind
        names.setdefault(kind, set()).add(shape_of(kind).sought(change.resource.key))
    return ceil(sum(ceil(len(each) / IDS_PER_QUERY) for each in names.values()) / QUERIES_PER_COMPOSITE)


def _points(change: Change) -> bool:
    return change.after is not None and bool(
        shape_of(change.resource.kind).points(change.resource.key, change.after)
    )


def _counted(home: Home, host: str, work: Callable[[], object]) -> tuple[int, int]:
    """Calls to the org while something is done, as the estate saw them: all but the session's own, and those."""
    launch.ask(home.estate, "POST", "/reset-wire")
    work()
    paths = [row["path"] for row in launch.ask(home.estate, "GET", "/wire?since=0") if row["host"] == host]
    own = sum(map(_of_session, paths))
    return len(paths) - own, own


def _of_session(path: str) -> bool:
    return (
        path.startswith("/services/oauth2/")
        or path.rstrip("/") == "/services/data"
        or path.endswith("/actions/standard/activateSessionPermSet")
    )


class _Administrator:
    """Makes the org as big as it has to be, before anything is measured."""

    def __init__(self, session: requests.Session, base: str) -> None:
        self._session = session
        self._base = base

    def count(self, what: str) -> int:
        return int(self._ask("GET", "query", params={"q": f"SELECT COUNT() FROM {what}"})["totalSize"])

    def add_sets(self, wanted: int) -> None:
        """Each with three objects and some holders."""
        missing = wanted - self.count(_SETS)
        names = [f"Bench_{number:03d}" for number in range(max(missing, 0))]
        sets = self._create("PermissionSet", [{"Name": name, "Label": name} for name in names])
        self._create(
            "ObjectPermissions",
            [
                {"ParentId": each, "SobjectType": sobject, "PermissionsRead": True}
                for each in sets
                for sobject in _OWN_OBJECTS
            ],
        )
        people = self._ask(
            "GET",
            "query",
            params={"q": "SELECT Id FROM User WHERE IsActive = true AND Profile.Name = 'Standard User'"},
        )["records"]
        self._create(
            "PermissionSetAssignment",
            [
                {"PermissionSetId": each, "AssigneeId": people[(place * _HOLDERS + n) % len(people)]["Id"]}
                for place, each in enumerate(sets)
                for n in range(min(_HOLDERS, len(people)))
            ],
        )

    def _create(self, sobject: str, records: Sequence[dict[str, Any]]) -> list[str]:
        made = []
        for start in range(0, len(records), BATCH):
            typed = [{"attributes": {"type": sobject}, **each} for each in records[start : start + BATCH]]
            answers = self._ask("POST", "composite/sobjects", json={"allOrNone": True, "records": typed})
            made += [str(each["id"]) for each in answers]
        return made

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        answer = self._session.request(
            method, f"{self._base}/services/data/v62.0/{path}", timeout=60, **options
        )
        answer.raise_for_status()
        return answer.json()


@contextmanager
def _administrator(home: Home, org: str) -> Iterator[_Administrator]:
    document = launch.client_environment(home.estate)
    base = next(each["instance_url"] for each in document["orgs"] if each["alias"] == org)
    token = launch.mint_token(home.estate, org, f"client.laboratory@{org}.meridian.example")
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"https": document["proxy"]}
        session.verify = document["ca_bundle"]
        session.headers["Authorization"] = f"Bearer {token}"
        yield _Administrator(session, base)


def _drain() -> None:
    """Prefect would try for a minute to send its last lines to a server that is gone."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for service in (APILogWorker, EventsWorker):
        service.drain_all(timeout=10)


def _quiet(text: str) -> None:
    pass
