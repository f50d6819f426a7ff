"""A thousand schedules of deaths, lost replies and locks, with the pages in a real ledger: one recoverable state, always."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import pytest

from tasks.evidence.gateway import check
from tasks.ledger.store import Ledger
from tasks.plans.apply import apply
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Change, History, Outcome, Plan, Refusal, Resource, State, Stopped
from tasks.plans.rollback import rollback
from tests.slices import chosen
from tests.tasks.plans.test_apply import assert_nothing_twice, open_gate
from tests.tasks.plans.worlds import NOW, Faults, Killed, World, a_plan, world_of

SCHEDULES = 1_000
SLICE = 60


class Pages:
    """The ledger's journal, which may die before or after each note as everything else may."""

    def __init__(self, book: PlanBook, name: str, world: World) -> None:
        self._journal = book.journal(name)
        self._world = world

    def history(self) -> History:
        return self._journal.history()

    def attempted(self, changes: Sequence[Change]) -> None:
        self._world.faults.around(lambda: self._journal.attempted(changes))

    def verified(self, changes: Sequence[Change]) -> None:
        self._world.faults.around(lambda: self._journal.verified(changes))

    def stopped(self, stopped: Stopped) -> None:
        self._journal.stopped(stopped)


class Orgs:
    """The world's orgs without its own pages."""

    def __init__(self, world: World) -> None:
        self._world = world

    def read(self, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        return self._world.read(resources)

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        return self._world.write(changes)

    def try_out(self, changes: Sequence[Change]) -> Mapping[int, str]:
        return {}

    def wait(self, seconds: float) -> None:
        self._world.wait(seconds)


def life(chance: Random) -> Faults:
    """One life of the process: where it dies, which replies are lost, which rows are locked."""
    return Faults(
        deaths=frozenset((chance.randint(1, 50), chance.random() < 0.5) for _ in range(chance.randint(0, 2))),
        lost={chance.randint(1, 6): chance.choice([0.0, 0.5, 1.0]) for _ in range(chance.randint(0, 2))},
        locked=frozenset(chance.randint(1, 6) for _ in range(chance.randint(0, 2))),
    )


def until_it_stands(plan: Plan, world: World, book: PlanBook, lives: Sequence[Faults]) -> Outcome:
    pages = Pages(book, book.keep(plan), world)
    for each in lives:
        world.faults = each
        try:
            apply(plan, Orgs(world), pages, open_gate, plan.orgs)
        except Killed:
            continue
    world.faults = Faults()
    return apply(plan, Orgs(world), pages, open_gate, plan.orgs)


def play(seed: int, folder: Path) -> None:
    chance = Random(seed)
    plan = a_plan(chance, chance.randint(1, 12))
    world = world_of(plan)
    before = dict(world.states)
    ledger = Ledger(f"sqlite:///{folder / f'{seed}.db'}", lambda: NOW)
    book = PlanBook(ledger, "ada")
    outcome = until_it_stands(plan, world, book, [life(chance) for _ in range(chance.randint(0, 4))])
    assert_nothing_twice(plan, world)
    assert outcome.finished, seed
    assert all(world.states.get(change.resource) == change.after for change in plan.changes), seed
    assert outcome.history.verified == {change.number for change in plan.changes}, seed
    back = rollback(plan, outcome.history, "eve@meridian.example", NOW)
    if back is not None:
        again = world.for_another_plan()
        ended = until_it_stands(back, again, book, [life(chance) for _ in range(chance.randint(0, 3))])
        assert_nothing_twice(back, again)
        assert ended.finished, seed
    assert world.states == before, seed
    assert check(ledger, (), ()).sound
    ledger.close()


@pytest.mark.parametrize("seed", range(8))
def test_a_few_schedules(seed: int, tmp_path: Path) -> None:
    play(seed, tmp_path)


@pytest.mark.slow
def test_a_thousand_schedules(tmp_path: Path) -> None:
    for seed in chosen(range(1_000, 1_000 + SCHEDULES), SLICE):
        play(seed, tmp_path)
