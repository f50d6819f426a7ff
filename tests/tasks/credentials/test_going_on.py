"""One run of a rotator: how far it goes, what it says where it stops, and what it leaves to the next run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tasks.credentials.history import coming
from tasks.credentials.model import Order, Proof, Rotation, Seen
from tasks.credentials.places import StagedHands, TurningHands
from tasks.credentials.rotate import Hands, Occupied, Progress, go_on
from tasks.credentials.rotation import (
    STAGED,
    Act,
    End,
    Kind,
    Label,
    Promote,
    Revoke,
    Stage,
    Stop,
    Store,
    Try,
    Unlabel,
    Wait,
)
from tasks.errors import CloudError, OrgUnavailable
from tasks.estate.model_rotation import RotationPolicy
from tests.tasks.credentials.faults import START
from tests.tasks.credentials.held_worlds import a_held_world
from tests.tasks.credentials.worlds import SECRET, MemoryPortal, World, a_world

WAITING = RotationPolicy(at_the_end="wait")


@dataclass
class Odd:
    """Hands that do as always, but for the one act that comes out as `instead`."""

    inner: Hands
    kind: type[Act]
    instead: Callable[[], None]

    def look(self) -> Seen:
        return self.inner.look()

    def proof(self, seen: Seen, rotation: Rotation | None) -> Proof:
        return self.inner.proof(seen, rotation)

    def carry_out(self, act: Act) -> None:
        if isinstance(act, self.kind):
            self.instead()
        else:
            self.inner.carry_out(act)


def hands_on(world: World) -> Hands:
    if isinstance(world.portal, MemoryPortal):
        return StagedHands(world.credential, world.vault, world.portal, world.days)
    return TurningHands(world.credential, world.vault, world.portal, world.days)


def run(
    world: World, at: float, hands: Hands | None = None, waived: Callable[[Seen], bool] = lambda _: False
) -> Progress:
    world.go_to(at)
    return go_on(SECRET, world.kind, hands or hands_on(world), world.book, world.days, waived)


def token_in(world: World) -> str:
    rotation = world.book.open_rotation()
    assert rotation is not None
    return rotation.token


class TestAWholeOne:
    def test_it_goes_on_until_there_is_something_to_wait_for_and_tells_what_it_did(self) -> None:
        world = a_world()
        made = run(world, 84)
        token = token_in(world)
        assert made.step == Wait(START + timedelta(days=85), "the new one waits for its day")
        assert made.acts == (Stage(), Store(token), Try(token, "staged"))
        assert made.rotation == world.book.open_rotation() and made.proof == Proof()
        assert made.seen.now == world.clock.now and not made.trouble
        live = run(world, 85)
        assert live.acts == (Promote("staged-1"), Try(token, "main"), Label(token, "first"), Unlabel(token))
        assert live.step == Wait(START + timedelta(days=90), "both are valid")

    def test_who_has_not_read_the_new_one_is_named_as_soon_as_it_is_live(self) -> None:
        """What was proven before it went live proves nothing afterwards, in the same run too."""
        world = a_world()
        run(world, 84)
        live = run(world, 85)
        assert [each.consumer for each in live.proof.laggards] == ["user/feed"]

    def test_the_end_still_tells_which_one_it_was_and_who_was_left_behind(self) -> None:
        world = a_world()
        run(world, 84)
        run(world, 85)
        token = token_in(world)
        over = run(world, 90)
        assert over.step == End("the old one is revoked") and [type(each) for each in over.acts] == [Revoke]
        assert over.rotation is not None and over.rotation.token == token
        assert [each.consumer for each in over.proof.laggards] == ["user/feed"]
        assert over.seen.now == world.clock.now
        assert world.book.open_rotation() is None

    def test_what_was_ordered_meanwhile_begins_in_the_run_that_ends_the_one_before(self) -> None:
        world = a_world()
        run(world, 84)
        run(world, 85)
        before = token_in(world)
        world.book.order(Order.REQUESTED, world.clock.now)
        both = run(world, 90)
        assert both.rotation is not None
        assert (both.rotation.old, both.rotation.order) == (before, Order.REQUESTED)
        assert [type(each) for each in both.acts[:2]] == [Revoke, Stage]
        assert world.vault.current[0] == both.rotation.token

    @pytest.mark.parametrize("kind", [STAGED, "key-pair"])
    def test_the_version_that_a_plan_names_is_the_one_that_is_made(self, kind: Kind) -> None:
        world = a_world(kind=kind)
        named = coming(SECRET, hands_on(world).look().versions, world.book.history())
        world.book.order(Order.REQUESTED, world.clock.now)
        run(world, 10)
        assert world.vault.current[0] == named

    def test_what_was_taken_back_before_anything_was_stored_is_not_made_again(self) -> None:
        world = a_world()
        run(world, 84, Odd(hands_on(world), Stage, no_answer))
        first = token_in(world)
        world.book.take_back(world.clock.now)
        assert run(world, 84.1).step == End("it was taken back before anybody used the new one")
        world.book.order(Order.REQUESTED, world.clock.now)
        run(world, 84.2)
        assert token_in(world) != first

    @pytest.mark.parametrize("kind", [STAGED, "key-pair"])
    def test_a_waiver_is_asked_for_as_of_the_orgs_own_time(self, kind: Kind) -> None:
        """Nobody has read the new one; the waiver ends on day 93, and then so does the old one."""
        world = a_world(days=WAITING, kind=kind)
        first = world.vault.current[1]

        def waived(seen: Seen) -> bool:
            return seen.now < START + timedelta(days=93)

        run(world, 84)
        run(world, 85)
        waits = run(world, 92.9, waived=waived)
        assert isinstance(waits.step, Wait)
        assert waits.step.why == "somebody still uses the old one, and it is waived"
        assert world.portal.accepts(first)
        assert isinstance(run(world, 93, waived=waived).step, End) and not world.portal.accepts(first)


class TestTrouble:
    def test_one_that_is_not_accepted_yet_is_tried_again_by_the_next_run(self) -> None:
        world = a_world()
        world.portal.slow = timedelta(minutes=10)
        found = run(world, 84)
        token = token_in(world)
        assert found.step == Wait(world.clock.now, "the new one is not accepted yet")
        assert "sign-in was refused (invalid_client)" in found.trouble
        assert found.acts == (Stage(), Store(token), Try(token, "staged"))
        assert found.rotation is not None and found.rotation.token == token
        assert found.proof == Proof() and found.seen.now == world.clock.now
        later = run(world, 84.01)
        assert later.acts == (Try(token, "staged"),) and not later.trouble

    @pytest.mark.parametrize(
        "error", [CloudError("the region is down"), OrgUnavailable("hq", "no answer in time", "Try later.")]
    )
    def test_an_answer_that_does_not_come_leaves_the_old_one_current(self, error: Exception) -> None:
        world = a_world()
        run(world, 84)
        token = token_in(world)

        def fails() -> None:
            raise error

        found = run(world, 85, Odd(hands_on(world), Label, fails))
        assert found.step == Wait(world.clock.now, "an answer did not come")
        assert found.trouble == str(error)
        assert found.acts == (Promote("staged-1"), Try(token, "main"), Label(token, "first"))
        assert found.rotation is not None and found.rotation.token == token
        assert found.proof == Proof() and found.seen.now == world.clock.now
        assert world.vault.current[0] == "first"

    def test_what_is_answered_and_still_not_so_is_a_persons_after_three_times(self) -> None:
        world, times = a_world(), 0

        def nothing() -> None:
            nonlocal times
            times += 1
            assert times < 9, "it goes on for ever"

        found = run(world, 84, Odd(hands_on(world), Stage, nothing))
        assert found.step == Stop("stage was tried 3 times and is still not so")
        assert found.acts == (Stage(),) * 3 == (Stage(),) * times
        assert found.rotation == world.book.open_rotation() and found.rotation is not None
        assert found.proof == Proof() and found.seen.now == world.clock.now

    def test_a_set_that_somebody_staged_meanwhile_is_told_and_never_taken_for_ours(self) -> None:
        world = a_world()
        portal = world.portal
        assert isinstance(portal, MemoryPortal)

        def theirs() -> None:
            portal.stage_now()
            raise Occupied

        found = run(world, 84, Odd(hands_on(world), Stage, theirs))
        assert isinstance(found.step, Stop)
        assert found.step.reason.startswith("somebody else has staged credentials for this app")
        assert found.rotation is not None and found.rotation.refused
        assert run(world, 84.1).acts == (), "the next run believes the note"
        portal.discard("staged-1")
        again = run(world, 84.2)
        assert again.acts[0] == Stage() and again.rotation is not None and not again.rotation.refused

    def test_an_org_that_was_refused_has_the_old_one_again_after_the_same_run(self) -> None:
        world = a_held_world(secret=False)
        assert world.apps is not None
        world.apps.closed = frozenset({"App_B"})
        for day in (84, 85):
            world.go_to(day)
            world.run()
        (copy,) = world.copies.held
        assert world.copies.held[copy]["consumerKey"] == "key-b"
        world.go_to(85.1)
        world.work()
        found = world.run()
        assert found is not None and found.rotation is not None and found.rotation.refused_at == copy
        assert world.copies.held[copy]["consumerKey"] == "key-a" == world.vault.current[1]["consumerKey"]


def no_answer() -> None:
    raise CloudError("the region is down")
