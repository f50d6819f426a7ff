"""Applying and taking back: whatever dies or fails on the way, nothing is done twice and nothing beside the plan."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.errors import ConfigurationError, WriteHeld
from tasks.plans.advance import PAUSES
from tasks.plans.apply import apply
from tasks.plans.model import (
    Change,
    ChangeClass,
    Outcome,
    Plan,
    Refusal,
    Resource,
    ResourceKind,
    State,
    Watched,
)
from tasks.plans.rollback import rollback
from tests.tasks.plans.worlds import NOW, Faults, Killed, World, a_plan, plan_of, world_of

RUNS = 60


def open_gate() -> Sequence[str]:
    return ()


def run(plan: Plan, world: World) -> Outcome:
    return apply(plan, world, world, open_gate, plan.orgs)


def until_it_stands(plan: Plan, world: World, faults: Sequence[Faults]) -> Outcome:
    """Each entry of `faults` is one life of the process; the last life has none."""
    for life in faults:
        world.faults = life
        try:
            run(plan, world)
        except Killed:
            continue
    world.faults = Faults()
    return run(plan, world)


def assert_as_planned(plan: Plan, world: World) -> None:
    for change in plan.changes:
        assert world.states.get(change.resource) == change.after
    assert_nothing_twice(plan, world)
    assert world.verified_numbers == {change.number for change in plan.changes}


def assert_nothing_twice(plan: Plan, world: World) -> None:
    assert all(count == 1 for count in Counter(c.number for c in world.effects).values())
    assert {c.number: c for c in world.effects}.items() <= {c.number: c for c in plan.changes}.items()
    # What a rollback finds undone already is in place from the start.
    done = {change.number for change in plan.changes} - {change.number for change in world.effects}
    for change in world.effects:
        assert done.issuperset(change.needs)
        done.add(change.number)


@pytest.mark.parametrize("seed", range(5))
def test_a_plan_is_applied_and_a_second_apply_sends_nothing(seed: int) -> None:
    plan = a_plan(Random(seed), 12)
    world = world_of(plan)
    assert run(plan, world).finished
    assert_as_planned(plan, world)
    sent = len(world.effects)

    assert run(plan, world).finished
    assert len(world.effects) == sent


@pytest.mark.parametrize("seed", range(3))
def test_death_at_every_single_call_is_harmless(seed: int) -> None:
    """The calls are counted on a run without death, so that a new call in the loop is covered by itself."""
    plan = a_plan(Random(seed), 8)
    counting = world_of(plan)
    run(plan, counting)
    total = counting.faults.calls
    assert total > 20
    for call in range(1, total + 1):
        for after in (False, True):
            world = world_of(plan)
            dying = Faults(deaths=frozenset({(call, after)}))
            assert until_it_stands(plan, world, [dying]).finished, (call, after)
            assert_as_planned(plan, world)


@pytest.mark.parametrize("seed", range(3))
def test_death_at_every_single_call_of_a_rollback_is_harmless(seed: int) -> None:
    plan = a_plan(Random(seed), 8)
    before = dict(world_of(plan).states)
    call = 0
    while True:
        call += 1
        world = world_of(plan)
        run(plan, world)
        back = rollback(plan, world.history(), "eve@meridian.example", NOW)
        assert back is not None
        after = world.for_another_plan()
        life = Faults(deaths=frozenset({(call, call % 2 == 0)}))
        assert until_it_stands(back, after, [life]).finished
        assert after.states == before
        assert_nothing_twice(back, after)
        if life.calls < call:
            return


FAULTS = st.builds(
    Faults,
    deaths=st.frozensets(st.tuples(st.integers(1, 60), st.booleans()), max_size=2),
    lost=st.dictionaries(st.integers(1, 8), st.sampled_from([0.0, 0.5, 1.0]), max_size=2),
    locked=st.frozensets(st.integers(1, 8), max_size=2),
)


@settings(max_examples=RUNS, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 14), lives=st.lists(FAULTS, max_size=4))
def test_any_schedule_of_faults_leaves_one_recoverable_state(
    seed: int, size: int, lives: list[Faults]
) -> None:
    plan = a_plan(Random(seed), size)
    world = world_of(plan)
    before = dict(world.states)
    outcome = until_it_stands(plan, world, lives)
    assert_nothing_twice(plan, world)
    # However often it died or was put off before: nothing ends a plan that nobody else touched.
    assert outcome.finished
    assert_as_planned(plan, world)
    back = rollback(plan, world.history(), "eve@meridian.example", NOW)
    if back is not None:
        again = world.for_another_plan()
        assert until_it_stands(back, again, []).finished
        assert_nothing_twice(back, again)
    assert world.states == before


@settings(max_examples=RUNS, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.integers(2, 14), part=st.floats(0, 1))
def test_a_part_is_taken_back_with_what_stands_on_it_and_then_the_rest(
    seed: int, size: int, part: float
) -> None:
    random = Random(seed)
    plan = a_plan(random, size)
    world = world_of(plan)
    before = dict(world.states)
    run(plan, world)
    history = world.history()
    chosen = random.sample(range(1, size + 1), k=max(1, int(part * size)))

    half = rollback(plan, history, "eve@meridian.example", NOW, only=chosen)
    assert half is not None
    assert run(half, world.for_another_plan()).finished
    gone = {change.resource for change in half.changes}
    assert {plan.change(number).resource for number in chosen} <= gone
    for change in plan.changes:
        expected = change.before if change.resource in gone else change.after
        assert world.states.get(change.resource) == expected
        if not gone.isdisjoint({plan.change(need).resource for need in change.needs}):
            assert change.resource in gone

    whole = rollback(plan, history, "eve@meridian.example", NOW)
    assert whole is not None
    assert run(whole, world.for_another_plan()).finished
    assert world.states == before


@pytest.mark.parametrize(("numbers", "why"), [([], "No change is named"), ([2, 7, 9], "has no change 7, 9")])
def test_only_numbers_that_are_named_and_there_are_taken_back(numbers: list[int], why: str) -> None:
    plan = a_plan(Random(1), 6)
    world = world_of(plan)
    run(plan, world)
    with pytest.raises(ConfigurationError, match=why):
        rollback(plan, world.history(), "eve@meridian.example", NOW, only=numbers)


def test_a_stale_plan_sends_nothing() -> None:
    plan = a_plan(Random(1), 6, orgs=("hq",))
    world = world_of(plan)
    altered = plan.changes[3].resource
    world.states[altered] = {"v": "somebody else's"}

    outcome = run(plan, world)

    assert outcome.stopped is not None and str(altered) in outcome.stopped.reason
    assert not world.effects and world.stops == [outcome.stopped]


def test_somebody_elses_change_between_two_lives_stops_the_plan_and_survives_its_rollback() -> None:
    plan = a_plan(Random(2), 9, orgs=("hq",))
    world = world_of(plan)
    world.faults = Faults(deaths=frozenset({(8, True)}))
    with pytest.raises(Killed):
        run(plan, world)
    world.faults = Faults()
    assert world.effects
    altered = world.effects[0]
    world.states[altered.resource] = {"v": "somebody else's"}

    outcome = run(plan, world)

    assert outcome.stopped is not None and outcome.stopped.numbers == (altered.number,)
    back = rollback(plan, world.history(), "eve@meridian.example", NOW)
    assert back is not None
    undone = run(back, world.for_another_plan())
    assert undone.stopped is not None
    assert world.states[altered.resource] == {"v": "somebody else's"}


def test_a_refusal_that_stays_stops_at_once_and_names_the_change() -> None:
    plan = a_plan(Random(3), 6)
    world = world_of(plan)
    world.refusing[4] = Refusal(code="FIELD_INTEGRITY_EXCEPTION", what="the licence does not allow it")

    outcome = run(plan, world)

    assert outcome.stopped is not None and outcome.stopped.numbers == (4,)
    assert "the licence does not allow it" in outcome.stopped.reason
    assert world.attempts[4] == 1
    assert 4 not in world.verified_numbers


def test_what_does_not_hold_when_tried_is_never_called_verified() -> None:
    plan = a_plan(Random(4), 6)
    world = world_of(plan)
    world.failing[2] = "the user can still read it"

    first, second = run(plan, world), run(plan, world)

    for outcome in (first, second):
        assert outcome.stopped is not None and "the user can still read it" in outcome.stopped.reason
    assert 2 not in world.verified_numbers
    assert_nothing_twice(plan, world)


def test_a_gate_that_closes_half_way_stops_before_the_next_write() -> None:
    plan = a_plan(Random(5), 10)
    world = world_of(plan)
    answers = iter([(), (), ("all applies are halted: fire drill",)])

    outcome = apply(plan, world, world, lambda: next(answers), plan.orgs)

    assert outcome.stopped is not None and "fire drill" in outcome.stopped.reason
    assert world.faults.writes == 2
    assert run(plan, world).finished
    assert_as_planned(plan, world)


@dataclass
class Later(World):
    """An org that takes change 2 only after a while. `told` is what happened, in order."""

    needed: int = 0
    told: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def read(self, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        self.told.append("read")
        return super().read(resources)

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        self.told.append("write")
        if any(change.number == 2 for change in changes) and self.needed:
            self.needed -= 1
            self.refusing = {
                2: Refusal(code="WAFUnavailableEntityException", what="not known yet", passing=True)
            }
        else:
            self.refusing = {}
        return super().write(changes)

    def wait(self, seconds: float) -> None:
        self.told.append(f"{seconds}")
        self.meanwhile()

    def run(self) -> Outcome:
        return apply(three_steps(), self, self, open_gate, ["hq"])


def later(needed: int) -> Later:
    return Later(states=world_of(three_steps()).states, needed=needed)


class Held(World):
    """Hands that are told to stop in the middle of the first write."""

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        raise WriteHeld("all applies are halted: fire drill")


def test_what_is_held_in_the_middle_of_a_write_stops_at_once_and_is_gone_on_with() -> None:
    held = Held(states=world_of(three_steps()).states)
    stopped = run(three_steps(), held).stopped
    assert stopped is not None and "fire drill" in stopped.reason and stopped.numbers == (1,)
    world = World(states=held.states, attempts=held.attempts)
    assert run(three_steps(), world).finished
    assert_as_planned(three_steps(), world)


def test_what_is_refused_for_now_is_looked_at_and_sent_again_after_ever_longer_pauses() -> None:
    world = later(len(PAUSES))
    assert world.run().finished
    assert_as_planned(three_steps(), world)
    assert [float(each) for each in world.told if each[0].isdigit()] == [*PAUSES]
    for place, each in enumerate(world.told):
        assert each != "write" or world.told[place - 1] == "read", (
            "nothing is sent that was not looked at just now"
        )
    assert 60 < sum(PAUSES) < 300, "minutes, for AWS; but an approver watches"


def test_what_is_refused_for_now_for_minutes_is_named_and_the_next_apply_goes_on() -> None:
    world = later(len(PAUSES) + 2)
    stopped = world.run().stopped
    assert stopped is not None and stopped.numbers == (2,)
    assert "8 times (2: not known yet)" in stopped.reason and "apply the plan again later" in stopped.reason
    assert world.told[-2:] == ["write", "read"], "whoever gives up does not wait"
    assert world.run().finished
    assert_as_planned(three_steps(), world)


def test_a_plan_does_not_die_of_answers_that_were_lost_in_earlier_applies() -> None:
    plan, world = three_steps(), world_of(three_steps())
    world.attempts = {1: 9}
    assert run(plan, world).finished
    assert_as_planned(plan, world)


def test_what_is_taken_every_time_and_never_so_is_sent_three_times() -> None:
    class Deaf(World):
        def _effect(self, change: Change) -> None:
            pass

    world = Deaf(states=world_of(three_steps()).states)
    stopped = run(three_steps(), world).stopped
    assert stopped is not None and stopped.reason == "sent 3 times and still not so"
    assert world.faults.writes == 3


def test_a_halt_or_somebody_elses_change_during_a_pause_is_seen_before_anything_is_sent_again() -> None:
    halted: list[str] = []
    world = later(1)
    world.meanwhile = lambda: halted.append("a drill")
    outcome = apply(three_steps(), world, world, lambda: halted, ["hq"])
    assert outcome.stopped is not None and outcome.stopped.reason == "a drill"
    assert world.faults.writes == 2

    world = later(1)
    theirs = three_steps().change(2).resource
    world.meanwhile = lambda: world.states.update({theirs: {"v": "somebody else's"}})
    outcome = world.run()
    assert outcome.stopped is not None and "somebody else" in outcome.stopped.reason
    assert world.states[theirs] == {"v": "somebody else's"} and world.faults.writes == 2


def test_what_a_plan_relies_on_is_looked_at_again_after_a_pause() -> None:
    seen = Resource(org="hq", kind=ResourceKind.INBOUND_CERTIFICATE, key="Listed")
    plan = plan_of(three_steps().changes, watched=[Watched(resource=seen, state={"v": 1})])
    for meddled_with in (False, True):
        world = later(1)
        world.states[seen] = {"v": 1}
        if meddled_with:
            world.meanwhile = lambda there=world.states: there.pop(seen)
        stopped = apply(plan, world, world, open_gate, ["hq"]).stopped
        assert (stopped is not None) is meddled_with
        assert stopped is None or "what the plan relies on was changed" in stopped.reason
        assert world.faults.writes == (2 if meddled_with else 4)


PAIR = Resource(org="hq", kind=ResourceKind.KEY_PAIR, key="Pair")


def unsigned(before: State, after: State) -> Plan:
    taken = three_steps().change(1).model_copy(update={"resource": PAIR, "before": before, "after": after})
    return plan_of([taken], undoes="a" * 64)


def test_what_is_removed_to_be_made_anew_is_made_although_its_process_ended_in_between() -> None:
    signed: State = {"label": "x", "chain": "PEM"}
    plan = unsigned(signed, {"label": "x", "chain": ""})
    world = World(states={PAIR: signed})
    world.attempts[1] = 1
    del world.states[PAIR]
    assert run(plan, world).finished
    assert world.states[PAIR] == {"label": "x", "chain": ""}


@pytest.mark.parametrize(
    ("after", "attempts", "verified"),
    [({"chain": ""}, 0, False), ({"chain": ""}, 1, True), ({"chain": "other"}, 1, False)],
    ids=["nothing was sent", "it was so already", "nothing is made anew"],
)
def test_what_somebody_else_removed_is_not_made_again(after: State, attempts: int, verified: bool) -> None:
    plan = unsigned({"chain": "PEM"}, after)
    world = World(states={})
    world.attempts = {1: attempts} if attempts else {}
    world.verified_numbers = {1} if verified else set()
    assert run(plan, world).stopped is not None
    assert not world.effects


def test_what_somebody_else_removed_before_its_turn_came_is_not_made_again() -> None:
    earlier, pair = three_steps().change(1), unsigned({"chain": "PEM"}, {"chain": ""}).change(1)
    plan = plan_of([earlier, pair.model_copy(update={"number": 2})], undoes="a" * 64)
    world = world_of(plan)
    del world.states[PAIR]
    world.attempts = {1: 1}
    stopped = run(plan, world).stopped
    assert stopped is not None and stopped.numbers == (2,)
    assert PAIR not in world.states


class Meddled(World):
    """Somebody else alters a resource while the given write is under way."""

    at: int
    what: Resource

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        answer = super().write(changes)
        if self.faults.writes == self.at:
            self.states[self.what] = {"v": "somebody else's"}
        return answer


def meddled(plan: Plan, at: int, number: int) -> Meddled:
    world = Meddled(states=world_of(plan).states)
    world.at, world.what = at, plan.change(number).resource
    return world


def three_steps() -> Plan:
    def change(number: int, *needs: int) -> Change:
        return Change(
            number=number,
            resource=Resource(org="hq", kind=ResourceKind.USER, key=f"user-{number}"),
            before={"v": 0},
            after={"v": number},
            kind=ChangeClass.NARROWING,
            control="ZT-03",
            why="it is too much",
            effect="less is possible",
            needs=needs,
        )

    return plan_of([change(1), change(2, 1), change(3, 2)])


@pytest.mark.parametrize(("at", "number"), [(1, 2), (2, 3), (1, 3)])
def test_what_somebody_alters_while_a_plan_is_applied_is_never_written_over(at: int, number: int) -> None:
    plan = three_steps()
    world = meddled(plan, at, number)
    stopped = run(plan, world).stopped
    assert stopped is not None and number in stopped.numbers
    assert number not in {change.number for change in world.effects}
    assert world.states[world.what] == {"v": "somebody else's"}


@pytest.mark.parametrize("number", [1, 2])
def test_what_somebody_undoes_while_a_plan_is_applied_is_seen_at_its_end(number: int) -> None:
    world = meddled(three_steps(), 3, number)
    stopped = run(three_steps(), world).stopped
    assert stopped is not None and stopped.numbers == (number,)


def test_a_way_back_has_no_way_back() -> None:
    """It would give the plan's changes again, and nobody would have approved them."""
    plan = a_plan(Random(6), 4)
    world = world_of(plan)
    assert run(plan, world).finished
    back = rollback(plan, world.history(), "eve@meridian.example", NOW)
    assert back is not None
    undoing = world.for_another_plan()
    assert run(back, undoing).finished

    with pytest.raises(ConfigurationError, match="itself takes another plan back"):
        rollback(back, undoing.history(), "eve@meridian.example", NOW)


class Asked(World):
    """Remembers which orgs were asked before which write: reading some things wakes our rights there."""

    def __init__(self, states: dict[Resource, State]) -> None:
        super().__init__(states=states)
        self.asked: list[str] = []

    def read(self, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        self.asked += sorted({resource.org for resource in resources})
        return super().read(resources)


def test_each_org_is_read_in_its_own_turn_only() -> None:
    plan = a_plan(Random(7), 10)
    assert set(plan.orgs) == {"hq", "emea"}
    world = Asked(world_of(plan).states)
    assert apply(plan, world, world, open_gate, ["hq"]).finished
    assert set(world.asked) == {"hq"}
    assert apply(plan, world, world, open_gate, ["emea"]).finished
    assert_as_planned(plan, world)


def test_an_org_whose_turn_comes_later_is_compared_before_its_first_write() -> None:
    plan = a_plan(Random(7), 10)
    world = world_of(plan)
    assert apply(plan, world, world, open_gate, ["hq"]).finished
    altered = next(change for change in plan.changes if change.resource.org == "emea")
    world.states[altered.resource] = {"v": "somebody else's"}

    stopped = apply(plan, world, world, open_gate, ["emea"]).stopped

    assert stopped is not None and str(altered.resource) in stopped.reason
    assert {change.resource.org for change in world.effects} == {"hq"}
