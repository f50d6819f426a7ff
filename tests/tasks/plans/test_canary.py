"""A part first, the rest when it was quiet: over several applies, killed anywhere, nothing twice."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

import pytest
from pydantic import ValidationError

from tasks.estate.model_changes import CanaryPolicy, ChangePolicy, WatchPolicy
from tasks.plans.apply import apply
from tasks.plans.canary import portion
from tasks.plans.model import (
    Change,
    ChangeClass,
    Failure,
    History,
    Look,
    Plan,
    Portion,
    Resource,
    ResourceKind,
    Watch,
)
from tests.tasks.plans.estates import estate_of
from tests.tasks.plans.test_apply import assert_as_planned, assert_nothing_twice, open_gate
from tests.tasks.plans.worlds import NOW, Faults, Killed, a_plan, plan_of, world_of

HOUR = timedelta(hours=1)
ESTATE = estate_of(uat="sandbox", emea="production", hq="production")
ORDER = ("uat", "emea", "hq")


def policy(first: str) -> ChangePolicy:
    return ChangePolicy.model_validate(
        {
            "canary": {"first": first, "quiet": 4 * HOUR},
            "rings": [["emea"]],
            "watch": {"length": 8 * HOUR},
        }
    )


def plan_of_users() -> Plan:
    """For each org two users: a set of its own, its assignment, and what is taken for it."""
    changes: list[Change] = []

    def add(org: str, kind: ResourceKind, key: str, *needs: int) -> int:
        number = len(changes) + 1
        taken = key.endswith("Old")
        changes.append(
            Change(
                number=number,
                resource=Resource(org=org, kind=kind, key=key),
                before={"v": 1} if taken else None,
                after=None if taken else {"v": 1},
                kind=ChangeClass.NARROWING,
                control="ZT-03",
                why="too much",
                effect="less",
                needs=needs,
            )
        )
        return number

    for org in ("hq", "emea", "uat"):
        for user in ("a", "b"):
            made = add(org, ResourceKind.PERMISSION_SET, f"{user}_set")
            given = add(org, ResourceKind.ASSIGNMENT, f"{user}@{org}/{user}_set", made)
            add(org, ResourceKind.ASSIGNMENT, f"{user}@{org}/Old", given)
    return plan_of(changes)


PLAN = plan_of_users()
USERS: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "hq": {"a@hq": (2, 3), "b@hq": (5, 6)},
    "emea": {"a@emea": (8, 9), "b@emea": (11, 12)},
    "uat": {"a@uat": (14, 15), "b@uat": (17, 18)},
}


def of(first: str, verified: range | frozenset[int] = frozenset(), *watches: Watch) -> Portion:
    history = History(attempts=dict.fromkeys(verified, 1), verified=frozenset(verified))
    return portion(PLAN, ORDER, USERS, history, watches, ESTATE, policy(first))


def watch(org: str, hours: float | None, *failures: Failure) -> Watch:
    """Looked at until `hours` after the apply."""
    look = None if hours is None else Look(at=NOW + 9 * HOUR, clear=NOW + hours * HOUR)
    return Watch(
        plan="0" * 64,
        title="Less",
        org=org,
        users=("a",),
        since=NOW,
        latest=NOW,
        look=look,
        failures=failures,
    )


UAT, EMEA = frozenset(range(13, 19)), frozenset(range(7, 13))
EVERYTHING = frozenset(range(1, 19))


def test_without_a_canary_all_of_it_goes_at_once() -> None:
    assert of("all") == Portion(numbers=EVERYTHING)


def test_ring_after_ring() -> None:
    first = of("ring")
    assert first.numbers == UAT and first.waits == "uat comes first"
    assert of("ring", UAT).numbers == UAT, "nobody watches yet"
    assert of("ring", UAT, watch("uat", None)).numbers == UAT
    early = of("ring", UAT, watch("uat", 3.9))
    assert early.numbers == UAT and "until 2026-11-25 16:00 UTC and the logs of that time" in early.waits
    assert of("ring", UAT, watch("uat", 4)).numbers == UAT | EMEA
    assert of("ring", UAT | EMEA, watch("uat", 4), watch("emea", 4)) == Portion(numbers=EVERYTHING)


def test_one_user_with_what_it_needs_and_then_all_else() -> None:
    assert of("user").numbers == {13, 14, 15}
    assert of("user", frozenset({13, 14, 15}), watch("uat", 3)).numbers == {13, 14, 15}
    assert of("user", frozenset({13, 14, 15}), watch("uat", 5)) == Portion(numbers=EVERYTHING)


def test_a_canary_that_fails_keeps_the_rest_waiting_for_ever() -> None:
    failure = Failure(user="a", what="x", why="y", first=NOW, last=NOW, times=1, caused=False)
    held = of("ring", UAT, watch("uat", 99, failure))
    assert held.numbers == UAT and "not all works there since" in held.waits


def test_a_way_back_never_waits() -> None:
    back = PLAN.model_copy(update={"undoes": "1" * 64})
    found = portion(back, ORDER, USERS, History(), [], ESTATE, policy("ring"))
    assert found == Portion(numbers=EVERYTHING)


def test_a_canary_has_to_be_watched_for_long_enough() -> None:
    with pytest.raises(ValidationError, match=r"canary\.quiet is longer than watch\.length"):
        ChangePolicy(canary=CanaryPolicy(first="ring", quiet=9 * HOUR), watch=WatchPolicy(length=8 * HOUR))
    with pytest.raises(ValidationError, match="cannot be negative"):
        CanaryPolicy(quiet=-HOUR)


def test_an_apply_of_a_part_sends_that_part_and_the_next_one_the_rest() -> None:
    world = world_of(PLAN)
    for part in (UAT, UAT, UAT | EMEA, EVERYTHING, EVERYTHING):
        assert apply(PLAN, world, world, open_gate, ORDER, part).finished
        assert {change.number for change in world.effects} == part
        assert_nothing_twice(PLAN, world)
    assert_as_planned(PLAN, world)


@pytest.mark.parametrize("seed", range(2))
def test_death_at_every_single_call_of_a_canary_and_of_the_rest_is_harmless(seed: int) -> None:
    plan = a_plan(Random(seed), 8)
    first = {1, 2, 3}
    first |= {need for number in (3, 2, 1) for need in plan.change(number).needs}
    call = 0
    while True:
        call += 1
        world = world_of(plan)
        world.faults = Faults(deaths=frozenset({(call, call % 2 == 0)}))
        for part in (first, first, None, None):
            try:
                apply(plan, world, world, open_gate, plan.orgs, part)
            except Killed:
                calls, world.faults = world.faults.calls, Faults()
                assert calls == call
            if part is not None:
                assert {change.number for change in world.effects} <= first
        assert_as_planned(plan, world)
        if world.faults.deaths:
            return
