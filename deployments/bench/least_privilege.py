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
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from deployments.bench.calls import failing
from deployments.bench.engine import Engine, engine_in
from deployments.bench.radius import Radii, Radius, User, beyond, cells
from deployments.bench.reach import Cells
from deployments.bench.sameness import differences
from deployments.bench.sessions import Sessions
from deployments.bench.wire import Wire
from deployments.files import read_files
from deployments.sandbox import launch
from flows.quick_wins import joined
from tasks.estate.model import Route
from tasks.inventory.gateway import read_inventory
from tasks.permissions.demands import Fields
from tasks.permissions.gateway import read_field_facts, read_permissions
from tasks.permissions.minimal import declared_calls
from tasks.permissions.model import FieldFacts, OrgRights
from tasks.permissions.plan import least_privilege_plan, with_siblings
from tasks.permissions.replay import replay
from tasks.permissions.simulate import after, held_in
from tasks.plans.model import Plan
from tasks.usage.gateway import read_usage
from tasks.usage.model import Operation

REQUESTER = "ada@meridian.example"
WANTED_FALL = 0.95
DAYS = 91
"""Ninety whole days, and today, whose file is not there yet."""
_BEFORE, _LATER = "bench-before", "bench-later"
Rights = Mapping[str, tuple[OrgRights, datetime]]


@dataclass(frozen=True, kw_only=True)
class RouteResult:
    """
    One over-privileged route. `need` are the cells that its user's declared routes cover; `excess` is what was reached
    beyond them before and after. `replayed` counts observed calls, `failing` those that the plan would break, `tried`
    calls made on the wire after it, `refused` those that the org refused.
    """

    route: str
    org: str
    user: str
    changes: int
    before: Cells
    after: Cells
    again: Cells
    need: Cells
    excess: tuple[int, int]
    users_reached: tuple[int, int]
    observed_days: int
    replayed: int
    failing: int
    tried: int
    refused: tuple[str, ...]
    stopped: str = ""
    different: tuple[str, ...] = ()

    @property
    def fall(self) -> float:
        return _fall(self.before.total, self.after.total)

    @property
    def excess_fall(self) -> float:
        return _fall(*self.excess)

    @property
    def need_share(self) -> float:
        """What the declared need alone is of what was reached before: no plan gets below it."""
        return self.need.total / self.before.total if self.before.total else 0.0

    @property
    def fell_enough(self) -> bool:
        """By 95 %; where the declared need is more than the 5 % left, all that goes beyond it must be gone."""
        if self.need_share <= 1 - WANTED_FALL:
            return self.fall >= WANTED_FALL
        return self.excess[1] == 0

    @property
    def good(self) -> bool:
        back = not self.different and self.again == self.before
        return (
            self.fell_enough
            and back
            and not (self.stopped or self.failing or self.refused)
            and self.tried > 0
        )

    def document(self) -> dict[str, Any]:
        return {
            "route": self.route,
            "org": self.org,
            "user": self.user,
            "good": self.good,
            "changes": self.changes,
            "before": vars(self.before),
            "after": vars(self.after),
            "need": vars(self.need),
            "excess": {"before": self.excess[0], "after": self.excess[1]},
            "fall": self.fall,
            "excess_fall": self.excess_fall,
            "need_share": self.need_share,
            "users_reached": {"before": self.users_reached[0], "after": self.users_reached[1]},
            "observed_days": self.observed_days,
            "replayed": self.replayed,
            "failing": self.failing,
            "tried": self.tried,
            "refused": list(self.refused),
            "stopped": self.stopped,
            "equal_after_rollback": not self.different and self.again == self.before,
            "different": list(self.different),
        }


@dataclass(frozen=True, kw_only=True)
class Result:
    """One estate. `clean` maps each clean route to the changes of its plan: none, if it is as it should be."""

    seed: int
    users: int
    routes: tuple[RouteResult, ...]
    clean: Mapping[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return bool(self.routes) and all(r.good for r in self.routes) and not any(self.clean.values())

    def document(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "users": self.users,
            "good": self.good,
            "routes": [route.document() for route in self.routes],
            "clean": dict(self.clean),
        }


def measure(seed: int, users: int) -> Result:
    """Makes the estate in a folder of its own and throws it away again."""
    folder = Path(tempfile.mkdtemp(prefix="bulkhead-bench-"))
    try:
        launch.start(folder / "estate", seed=seed, users=users)
        routes, clean = _Bench(folder / "estate").run(folder)
        return Result(seed=seed, users=users, routes=tuple(routes), clean=clean)
    finally:
        launch.stop(folder / "estate")
        shutil.rmtree(folder, ignore_errors=True)


def as_text(result: Result) -> str:
    lines = [f"seed {result.seed}, {result.users} users: {'good' if result.good else 'NOT GOOD'}"]
    for each in result.routes:
        before, now = each.before, each.after
        lines += [
            f"  {each.route} ({each.org}, {each.changes} changes): {'good' if each.good else 'NOT GOOD'}",
            f"    cells      {before.total:,} -> {now.total:,}, fell {each.fall:.1%}"
            f" (read {before.read:,} -> {now.read:,}, edit {before.edit:,} -> {now.edit:,},"
            f" delete {before.delete:,} -> {now.delete:,}; users {each.users_reached[0]} -> {each.users_reached[1]})",
            f"    beyond     {each.excess[0]:,} -> {each.excess[1]:,}, fell {each.excess_fall:.1%};"
            f" the declared need is {each.need_share:.1%} of what was reached",
            f"    calls      {each.failing} of {each.replayed} replayed fail ({each.observed_days} days observed),"
            f" {len(each.refused)} of {each.tried} made on the wire",
            f"    rollback   {'equal but for ids and audit' if not each.different and each.again == before else 'DIFFERENT'}",
        ]
        lines += [f"    stopped    {each.stopped}"] if each.stopped else []
        lines += [f"    refused    {line}" for line in each.refused]
        lines += [f"    different  {line}" for line in each.different]
    full = {name: changes for name, changes in result.clean.items() if changes}
    lines.append(f"  clean routes {len(result.clean) - len(full)} of {len(result.clean)} with an empty plan")
    lines += [f"    not empty  {name}: {changes} changes" for name, changes in sorted(full.items())]
    return "\n".join(lines)


class _Bench:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._estate, self._policy = read_files(folder / "estate.yaml")
        self._key = json.loads((folder / "answer-key.json").read_text())
        self._planted = {(f["control"], f["org"], f["variant"]) for f in self._key["findings"]}
        self._sessions = Sessions(self._estate)
        self._wire = Wire(folder)

    def run(self, folder: Path) -> tuple[list[RouteResult], dict[str, int]]:
        self._open_doors()
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
        return found, clean

    def _open_doors(self) -> None:
        """
        What an administrator would do first where an org lets nobody in.

        Lapsed client certificates are renewed: nobody could measure what their holders reach, and whoever renews them opens
        all of it again. A deactivated enforcer is made active: without one no plan is applied.
        """
        for org in self._estate.orgs:
            administrator = f"break.glass.1@{org.alias}.meridian.example"
            with self._wire.user(org.alias, administrator) as asking:
                enforcer = org.enforcer.username if org.enforcer else ""
                for row in asking.rows(
                    f"SELECT Id FROM User WHERE Username = '{enforcer}' AND IsActive = false"
                ):
                    asking.change(f"sobjects/User/{row['Id']}", {"IsActive": True})
            if ("ZT-01", org.alias, "c") in self._planted:
                self._wire.list_certificate(org.alias, administrator)

    def _governed(self) -> dict[str, set[str]]:
        """Objects of each org that somebody has object permissions for."""
        found = {}
        for org in self._estate.orgs:
            with self._sessions.scanner(org.alias) as session:
                rows = session.query("SELECT SobjectType FROM ObjectPermissions GROUP BY SobjectType")
                found[org.alias] = {str(row["SobjectType"]) for row in rows}
        return found

    def _rights(self) -> Rights:
        """What the plans are reasoned from, read as the scanner: all orgs once, for every plan is taken back."""
        found = {}
        for org in self._estate.orgs:
            routes = [route for route in self._estate.routes if route.target == org.alias]
            names = {route.sync_user.lower() for route in routes}
            with self._sessions.scanner(org.alias) as session:
                inventory = read_inventory(session)
                facts = read_field_facts(session, {name for route in routes for name in _objects(route)})
                users = [u.id for u in inventory.values["users"] if u.username.lower() in names]
                now = inventory.server_time
                assert now is not None
                rights = read_permissions(session, fields=sorted(facts.values["facts"]))
                found[org.alias] = joined(
                    org.alias, [inventory, facts, rights, read_usage(session, users, now, DAYS)]
                )
        return found

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
        launch.save_snapshot(self._folder, _LATER)
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
        snapshots = self._folder / "snapshots"
        for org in self._estate.orgs:
            file = f"{org.alias}.sqlite"
            for line in differences(snapshots / _BEFORE / file, snapshots / _LATER / file):
                yield f"{org.alias} {line}"


def _objects(route: Route) -> set[str]:
    return {route.sobject, *(name.partition(".")[0] for name in route.also_reads)}


def _need(
    routes: list[Route], facts: Mapping[str, FieldFacts], before: Radius, own: User
) -> dict[str, Cells]:
    """
    By object: the rows there are, times what the routes declare and what the platform gives with an object in any case
    (fields without field-level security). No route declares that it deletes.
    """
    found: dict[str, Cells] = {}
    for sobject in {name for route in routes for name in _objects(route)}:
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


def _fall(before: int, now: int) -> float:
    return 1 - now / before if before else 0.0
