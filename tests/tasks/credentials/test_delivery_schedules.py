"""Generated schedules where orgs have copies: deaths and lost answers at every call, orgs that are away; no org is ever cut off."""

from datetime import timedelta
from random import Random

import pytest

from tasks.credentials.model import Order
from tests.slices import chosen
from tests.tasks.credentials.held_worlds import HeldWorld, a_held_world
from tests.tasks.credentials.worlds import Program, chance_faults

SCHEDULES = 50_000
SLICE = 2_000
FEW = 45
PAUSES = [timedelta(hours=1), timedelta(days=1), timedelta(days=3), timedelta(days=7)]


def a_chance_world(chance: Random) -> HeldWorld:
    secret = chance.random() < 0.5
    pauses = tuple(chance.choice(PAUSES) for _ in range(chance.randint(1, 2)))
    programs = (Program("user/feed", "192.0.2.1", timedelta(minutes=chance.choice([5, 720]))),)
    return a_held_world(
        secret=secret,
        pauses=pauses,
        programs=programs if secret and chance.random() < 0.5 else (),
        skew=timedelta(seconds=chance.randint(-240, 240)),
        shows=chance.random() < 0.5,
    )


def play(seed: int) -> None:
    chance = Random(seed)
    world = a_chance_world(chance)
    start = chance.uniform(72, 82)
    moments = sorted(chance.uniform(start, 97) for _ in range(chance.randint(10, 40)))
    away = (chance.uniform(78, 92), chance.choice([0.1, 1.0, 4.0])) if chance.random() < 0.3 else (0, 0)
    back = chance.uniform(80, 92) if chance.random() < 0.2 else 1e9
    urgent = chance.uniform(76, 92) if chance.random() < 0.1 else 1e9
    world.go_to(start)
    for day in moments:
        while world.day + 0.5 < day:
            world.go_to(world.day + 0.5)
            world.work()
        world.go_to(day)
        orgs = frozenset(each.org for each in world.credential.deliveries[:1])
        world.copies.down = orgs if away[0] <= day < away[0] + away[1] else frozenset()
        rotation = world.book.open_rotation()
        if day >= back and rotation is not None and rotation.order is Order.SCHEDULED:
            world.book.take_back(world.clock.now)
            back = 1e9
        if day >= urgent:
            # Whoever orders it accepts that an org which does not answer is cut off.
            world.urgent = True
            world.book.order(Order.EMERGENCY, world.clock.now)
            urgent = 1e9
        for _ in range(chance.randint(1, 2)):
            world.run(chance_faults(chance) if chance.random() < 0.8 else None)
            world.work()
    world.copies.down = frozenset()
    until_steady(world)
    assert world.steady, (seed, world.book.history(), world.copies.held)
    if not world.urgent:
        failed = {each.delivery.name: each.failures for each in world.callers if each.failures}
        assert not failed, (seed, failed)
    assert not any(each.failures for each in world.programs), seed


def until_steady(world: HeldWorld) -> None:
    for _ in range(160):
        world.go_to(world.day + 0.5)
        world.work()
        world.run()
        if world.steady and world.book.history().past and world.book.ordered() is None:
            return


@pytest.mark.parametrize("part", range(3))
def test_a_few_schedules(part: int) -> None:
    for seed in range(part * FEW // 3, (part + 1) * FEW // 3):
        play(seed)


def test_the_answer_to_a_revocation_was_lost_and_then_it_was_taken_back() -> None:
    """What is dead must not become current again, though no note says that it is dead."""
    play(923)


def test_it_was_taken_back_when_the_org_had_made_a_key_pair_that_no_version_named_yet() -> None:
    """Nothing signs with it, and it must not lie about."""
    play(5752)


@pytest.mark.slow
@pytest.mark.timeout(5400)
def test_fifty_thousand_schedules() -> None:
    for seed in chosen(range(1_000, 1_000 + SCHEDULES), SLICE):
        play(seed)
