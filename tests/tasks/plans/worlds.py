"""Worlds to apply plans in: orgs and a ledger in memory that fail and die on order."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

from tasks.errors import OrgUnavailable
from tasks.plans.advance import BATCH, LOADS, road, shape
from tasks.plans.model import (
    FINAL,
    READ_ONLY,
    Change,
    ChangeClass,
    History,
    Plan,
    Refusal,
    Resource,
    ResourceKind,
    State,
    Stopped,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ORGS = ("hq", "emea")
T = TypeVar("T")


class Killed(BaseException):
    """The process ends here, as with SIGKILL: nothing of ours runs after it."""


@dataclass
class Faults:
    """
    `deaths` are numbers of port calls: `(7, False)` dies before the seventh call has done anything, `(7, True)` after
    it did its work. `lost` are writes whose answer is lost after all or half of them took, `locked` those of which
    half are refused for now.
    """

    deaths: frozenset[tuple[int, bool]] = frozenset()
    lost: Mapping[int, float] = field(default_factory=dict)
    locked: frozenset[int] = frozenset()
    calls: int = 0
    writes: int = 0

    def around(self, work: Callable[[], T]) -> T:
        self.calls += 1
        if (self.calls, False) in self.deaths:
            raise Killed
        result = work()
        if (self.calls, True) in self.deaths:
            raise Killed
        return result


@dataclass
class World:
    """What survives every death: the orgs' states, the ledger's pages, and the list of what was really changed."""

    states: dict[Resource, State]
    attempts: dict[int, int] = field(default_factory=dict)
    verified_numbers: set[int] = field(default_factory=set)
    stops: list[Stopped] = field(default_factory=list)
    effects: list[Change] = field(default_factory=list)
    failing: dict[int, str] = field(default_factory=dict)
    refusing: dict[int, Refusal] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)

    # -- the orgs

    def read(self, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        return self.faults.around(lambda: {resource: self.states.get(resource) for resource in resources})

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        self.faults.writes += 1
        number = self.faults.writes
        return self.faults.around(lambda: self._write(changes, number))

    def _write(self, changes: Sequence[Change], number: int) -> Mapping[int, Refusal]:
        shapes = Counter(shape(change) for change in changes)
        assert len({c.resource.org for c in changes}) == 1, "orgs are changed one by one"
        assert len({road(change) for change in changes}) == 1, "settings are no records"
        assert len(shapes) <= LOADS and max(shapes.values()) <= BATCH, "one call carries no more"
        refused: dict[int, Refusal] = {}
        half = len(changes) // 2
        for place, change in enumerate(changes):
            if change.number in self.refusing:
                refused[change.number] = self.refusing[change.number]
            elif number in self.faults.locked and place >= half:
                refused[change.number] = Refusal(code="UNABLE_TO_LOCK_ROW", what="locked", passing=True)
            elif self.faults.lost.get(number, 1.0) * len(changes) > place:
                self._effect(change)
        if number in self.faults.lost:
            raise OrgUnavailable(changes[0].resource.org, "the connection was cut", "Try again.")
        return refused

    def _effect(self, change: Change) -> None:
        # An org takes what it is sent, whatever was there: that nothing is sent twice is not its business.
        self.effects.append(change)
        if change.after is None:
            self.states.pop(change.resource, None)
        else:
            self.states[change.resource] = change.after

    def try_out(self, changes: Sequence[Change]) -> Mapping[int, str]:
        return self.faults.around(
            lambda: {c.number: self.failing[c.number] for c in changes if c.number in self.failing}
        )

    def wait(self, seconds: float) -> None:
        """Nobody waits where the world stands still."""

    # -- the ledger

    def history(self) -> History:
        return self.faults.around(
            lambda: History(attempts=dict(self.attempts), verified=frozenset(self.verified_numbers))
        )

    def attempted(self, changes: Sequence[Change]) -> None:
        def note() -> None:
            for change in changes:
                self.attempts[change.number] = self.attempts.get(change.number, 0) + 1

        self.faults.around(note)

    def verified(self, changes: Sequence[Change]) -> None:
        self.faults.around(lambda: self.verified_numbers.update(change.number for change in changes))

    def stopped(self, stopped: Stopped) -> None:
        self.faults.around(lambda: self.stops.append(stopped))

    def for_another_plan(self) -> "World":
        """The same orgs, with empty pages for the next plan."""
        return World(states=self.states)


def world_of(plan: Plan) -> World:
    return World(states={c.resource: c.before for c in plan.changes if c.before is not None})


def a_plan(random: Random, size: int, *, orgs: Sequence[str] = ORGS) -> Plan:
    """Making, altering and removing things of all kinds that have a way back in several orgs, with needs among them."""
    kinds = [kind for kind in ResourceKind if kind not in FINAL | READ_ONLY]
    changes: list[Change] = []
    for number in range(1, size + 1):
        before, after = random.choice([(None, {"v": number}), ({"v": 0}, {"v": number}), ({"v": 0}, None)])
        org = random.choice(orgs)
        earlier = [c.number for c in changes if c.resource.org == org]
        changes.append(
            Change(
                number=number,
                resource=Resource(org=org, kind=random.choice(kinds), key=f"thing-{number}/x"),
                before=before,
                after=after,
                kind=ChangeClass.NARROWING,
                control="ZT-03",
                why="it is too much",
                effect="less is possible",
                needs=tuple(sorted(random.sample(earlier, k=min(len(earlier), random.choice([0, 0, 1, 2]))))),
            )
        )
    return plan_of(changes)


def plan_of(changes: Sequence[Change], **options: object) -> Plan:
    fields: dict[str, object] = {
        "job": "least-privilege",
        "title": "Less for sync users",
        "requester": "ada@meridian.example",
        "made_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        "policy_digest": "0" * 64,
        "changes": tuple(changes),
    }
    return Plan.model_validate(fields | options)
