"""
`bulkhead bench least-privilege`: what a stolen credential reaches before a route's plan, after it, and once it is taken back.

Everything is measured on the wire as the user itself. Which routes are over-privileged the answer key says, and which
are clean: those whose user no finding is about and that declare nothing as read only (the article's own sync does, and
its set as planted may write that).
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from deployments.bench.article import check
from deployments.bench.calls import failing
from deployments.bench.engine import Engine, engine_in
from deployments.bench.falls import Result, RouteResult
from deployments.bench.known import objects_of, rights_in
from deployments.bench.opening import open_doors
from deployments.bench.radius import Radii, Radius, User, beyond, cells
from deployments.bench.reach import Cells
from deployments.bench.sameness import differences
from deployments.bench.sessions import Sessions
from deployments.bench.wire import Wire
from deployments.files import read_files
from deployments.sandbox import launch
from tasks.estate.model import Route
from tasks.permissions.demands import Fields
from tasks.permissions.minimal import declared_calls
from tasks.permissions.model import FieldFacts, OrgRights
from tasks.permissions.plan import least_privilege_plan, with_siblings
from tasks.permissions.replay import replay
from tasks.permissions.simulate import after, held_in
from tasks.plans.model import Plan
from tasks.usage.model import Operation

REQUESTER = "ada@meridian.example"
_BEFORE, _LATER = "bench-before", "bench-later"
Rights = Mapping[str, tuple[OrgRights, datetime]]


def measure(seed: int, users: int) -> Result:
    """Makes the estate in a folder of its own and throws it away again."""
    folder = Path(tempfile.mkdtemp(prefix="bulkhead-bench-"))
    try:
        launch.start(folder / "estate", seed=seed, users=users)
        return _Bench(folder / "estate").run(folder, seed, users)
    finally:
        launch.stop(folder / "estate")
        shutil.rmtree(folder, ignore_errors=True)


class _Bench:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._estate, self._policy = read_files(folder / "estate.yaml")
        self._key = json.loads((folder / "answer-key.json").read_text())
        self._planted = {(f["control"], f["org"], f["variant"]) for f in self._key["findings"]}
        self._sessions = Sessions(self._estate)
        self._wire = Wire(folder)

    def run(self, folder: Path, seed: int, users: int) -> Result:
        open_doors(self._estate, self._wire, self._planted)
        rights = self._rights()
        radii = Radii(self._wire, self._key["edges"], self._governed())
        marked = {(f["org"], f["resource"]) for f in self._key["findings"] if f["control"] == "ZT-03"}
        noted = {(f["org"], f["resource"]) for f in self._key["findings"]}
        launch.save_snapshot(self._folder, _BEFORE)
        found, clean = [], {}
        with engine_in(folder, self._estate, self._policy, self._sessions) as engine:
            for route in self._estate.routes:
                user = (route.target, f"user:{route.sync_user}")
                plan = self._plan(route, rights)
                if user in marked:
                    found.append(self._route(route, plan, rights, radii, engine))
                elif user not in noted and not route.read_only_fields:
                    clean[route.name] = len(plan.changes)
            article = check(self._estate, self._policy, self._sessions, self._wire, engine)
        return Result(
            seed=seed,
            users=users,
            routes=tuple(found),
            clean=clean,
            article=article,
            different=tuple(self._differences()),
        )

    def _governed(self) -> dict[str, set[str]]:
        """Objects of each org that somebody has object permissions for."""
        found = {}
        for org in self._estate.orgs:
            with self._sessions.scanner(org.alias) as session:
                rows = session.query("SELECT SobjectType FROM ObjectPermissions GROUP BY SobjectType")
                found[org.alias] = {str(row["SobjectType"]) for row in rows}
        return found

    def _rights(self) -> Rights:
        """All orgs once, for every plan is taken back."""
        return {
            org.alias: rights_in(self._sessions, org.alias, self._estate.routes) for org in self._estate.orgs
        }

    def _plan(self, route: Route, rights: Rights) -> Plan:
        org, now = rights[route.target]
        return least_privilege_plan(self._estate, self._policy, [route], [org], REQUESTER, now)

    def _route(self, route: Route, plan: Plan, rights: Rights, radii: Radii, engine: Engine) -> RouteResult:
        own: User = (route.target, route.sync_user)
        org, now = rights[route.target]
        siblings = with_siblings(self._estate, [route])
        user = next(u for u in org.users if u.username.lower() == route.sync_user.lower())
        before = radii.of(*own)
        need = _need(siblings, org.facts, before, own)
        usage = org.usage
        seen = usage.of(user.id) if usage is not None else ()
        held = held_in(after(org, plan), [user.id], now)[user.id]
        broken = replay(seen, held, Fields(org.facts))
        calls = dict.fromkeys(
            (
                *(call for each in siblings for call in declared_calls(each, org.facts)),
                *(each.call for each in seen),
            )
        )
        calls = {c: None for c in calls if c.operation not in (Operation.OTHER, Operation.DELETE)}
        outcome = engine.apply(plan)
        reached = radii.of(*own)
        with self._wire.user(*own) as asking:
            refused = failing(asking, calls)
        back = engine.take_back(plan, now)
        again = radii.of(*own)
        stops = [o.stopped.reason for o in (outcome, back) if o is not None and o.stopped is not None]
        return RouteResult(
            route=route.name,
            org=route.target,
            user=route.sync_user,
            changes=len(plan.changes),
            before=cells(before),
            after=cells(reached),
            again=cells(again),
            need=sum(need.values(), Cells()),
            excess=(beyond(before, own, need), beyond(reached, own, need)),
            users_reached=(len(before), len(reached)),
            observed_days=len(usage.coverage.observed) if usage is not None else 0,
            replayed=sum(each.times for each in seen),
            failing=sum(each.seen.times for each in broken),
            tried=len(calls),
            refused=refused,
            stopped="; ".join(stops),
            different=tuple(self._differences()),
        )

    def _differences(self) -> Iterator[str]:
        launch.save_snapshot(self._folder, _LATER)
        snapshots = self._folder / "snapshots"
        for org in self._estate.orgs:
            file = f"{org.alias}.sqlite"
            for line in differences(snapshots / _BEFORE / file, snapshots / _LATER / file):
                yield f"{org.alias} {line}"


def _need(
    routes: list[Route], facts: Mapping[str, FieldFacts], before: Radius, own: User
) -> dict[str, Cells]:
    """
    By object: the rows there are, times what the routes declare and what the platform gives with an object in any case
    (fields without field-level security). No route declares that it deletes.
    """
    found: dict[str, Cells] = {}
    for sobject in {name for route in routes for name in objects_of(route)}:
        on = before[own].get(sobject)
        if on is None:
            continue
        declared: dict[str, bool] = {}
        for route in routes:
            if route.sobject == sobject:
                declared |= {name: name not in route.read_only_fields for name in route.fields}
            declared |= {n.partition(".")[2]: False for n in route.also_reads if n.startswith(f"{sobject}.")}
        open_ones = {
            name.partition(".")[2]
            for name, fact in facts.items()
            if name.startswith(f"{sobject}.") and not fact.permissionable
        }
        writes = any(route.sobject == sobject for route in routes)
        written = {name for name, writable in declared.items() if writable} | open_ones
        found[sobject] = Cells(
            read=on.rows * len(on.readable_fields & (declared.keys() | open_ones)),
            edit=on.editable * len(on.writable_fields & written) if writes else 0,
        )
    return found
