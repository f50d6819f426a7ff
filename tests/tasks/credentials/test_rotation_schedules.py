"""Generated schedules of deaths, lost answers, limits, outages, skewed clocks and two rotators: nobody fails, one state remains."""

from datetime import timedelta
from random import Random

import pytest

from tasks.credentials.model import Order
from tasks.credentials.rotation import STAGED, Kind
from tests.slices import chosen
from tests.tasks.credentials.turning_worlds import TURNS
from tests.tasks.credentials.worlds import Program, World, a_world, chance_faults

SCHEDULES = 100_000
SLICE = 3_000
FEW = 60


def a_chance_world(chance: Random, kind: Kind) -> World:
    programs = [
        Program(f"user/feed-{n}", f"192.0.2.{n}", timedelta(minutes=chance.choice([0, 5, 60, 720, 1439])))
        for n in range(1, chance.randint(2, 4))
    ]
    return a_world(programs, skew=timedelta(seconds=chance.randint(-240, 240)), kind=kind)


def play(seed: int, kind: Kind = STAGED) -> None:
    """Two months around the days on which things happen, with a rotator at any time and consumers at all times."""
    chance = Random(seed)
    world = a_chance_world(chance, kind)
    start = chance.uniform(75, 84)
    moments = sorted(chance.uniform(start, 97) for _ in range(chance.randint(10, 40)))
    down = (chance.uniform(80, 92), chance.choice([0.0, 0.0, 0.5, 3.0])) if chance.random() < 0.3 else (0, 0)
    blind = (chance.uniform(84, 92), chance.choice([0.1, 0.5])) if chance.random() < 0.2 else (0, 0)
    back = chance.uniform(83, 92) if chance.random() < 0.15 else 1e9
    urgent = chance.uniform(76, 92) if chance.random() < 0.1 else 1e9
    known, opened = None, 0
    world.go_to(start)
    for day in moments:
        # Every consumer works between two runs, more often than it would cost it the overlap.
        while world.day + 0.5 < day:
            world.go_to(world.day + 0.5)
            world.work()
        world.go_to(day)
        world.vault.down = down[0] <= day < down[0] + down[1]
        world.vault.blind = world.portal.blind = blind[0] <= day < blind[0] + blind[1]
        world.portal.slow = timedelta(minutes=chance.choice([0, 10]))
        rotation = world.book.open_rotation()
        if day >= back and rotation is not None and rotation.order is Order.SCHEDULED:
            world.book.take_back(world.clock.now)
            back = 1e9
        if day >= urgent:
            # What whoever ordered it fears is what consumers hold now.
            known = world.vault.current[1]
            world.book.order(Order.EMERGENCY, world.clock.now)
            urgent = 1e9
        # Who has stolen it opens what he can, with what is current and with what he knew.
        for stolen in (world.vault.current[1], *([known] if known else [])):
            opened += world.openings.open(stolen)
        # Two rotators: one dies or is cut off anywhere, the other takes over at once.
        for _ in range(chance.randint(1, 2)):
            world.run(chance_faults(chance) if chance.random() < 0.8 else None)
            world.work()
    world.vault.down = world.vault.blind = world.portal.blind = False
    until_steady(world)
    assert world.steady, (seed, world.book.history())
    assert known is None or not world.portal.accepts(known), (
        seed,
        "an emergency was ordered, and the old one lives",
    )
    if known is None:
        assert len(world.openings.alive) == opened, "what is open lives on"
    else:
        assert not world.openings.with_value(known), (seed, "what the feared one had opened lives")
    failed = {each.name: each.failures for each in world.programs if each.failures}
    assert not failed, (seed, failed)


def until_steady(world: World) -> None:
    """Without faults it comes to rest, whatever was left behind; a rotation that was taken back ends with the org's grace."""
    for _ in range(120):
        world.go_to(world.day + 0.5)
        world.work()
        world.run()
        if world.steady and world.book.history().past and world.book.ordered() is None:
            return


@pytest.mark.parametrize("part", range(3))
def test_a_few_schedules(part: int) -> None:
    for seed in range(part * FEW // 3, (part + 1) * FEW // 3):
        play(seed)


@pytest.mark.parametrize("kind", TURNS)
def test_a_few_schedules_of_places_that_take_turns(kind: Kind) -> None:
    for seed in range(FEW):
        play(seed, kind)


@pytest.mark.parametrize("kind", [STAGED, *TURNS])
@pytest.mark.parametrize("seed", [3099, 68082])
def test_an_emergency_at_the_worst_moments(seed: int, kind: Kind) -> None:
    """When the old one was revoked and that was not on record yet, and when a take-back had got as far as its first step."""
    play(seed, kind)


@pytest.mark.slow
@pytest.mark.timeout(5400)
def test_a_hundred_thousand_schedules() -> None:
    for seed in chosen(range(1_000, 1_000 + SCHEDULES), SLICE):
        play(seed)


@pytest.mark.slow
@pytest.mark.timeout(5400)
@pytest.mark.parametrize("kind", TURNS)
def test_many_schedules_of_places_that_take_turns(kind: Kind) -> None:
    for seed in chosen(range(1_000, 1_000 + SCHEDULES), SLICE):
        play(seed, kind)
