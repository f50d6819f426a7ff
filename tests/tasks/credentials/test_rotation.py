"""The protocol's next step, for each thing that can be seen; pure, so each sentence of it stands here with its opposite."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tasks.credentials.model import (
    KeySet,
    Laggard,
    Order,
    Proof,
    Rotation,
    Seen,
    SetState,
    Version,
)
from tasks.credentials.rotation import (
    BLIND,
    GRACE,
    MARGIN,
    Begin,
    Discard,
    End,
    Kind,
    Label,
    Place,
    Promote,
    Revoke,
    Sever,
    Stage,
    Step,
    Stop,
    Store,
    Try,
    Unlabel,
    Void,
    Wait,
    Witness,
    idle,
    live_at,
    proven,
    revoke_at,
    token_of,
)
from tasks.credentials.stepping import next_step
from tasks.estate.policy import RotationPolicy

MADE = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = RotationPolicy()
WAITING = RotationPolicy(at_the_end="wait")
TOKEN = "t" * 32
LATE = Proof(
    laggards=(Laggard(consumer="feed", app="Feed", addresses=("192.0.2.1",), why="it has not read"),)
)


def day(number: float) -> datetime:
    return MADE + timedelta(days=number)


def version(name: str, mark: str | None, *stages: str, at: float = 0, place: str = "") -> Version:
    return Version(id=name, mark=mark, stages=frozenset(stages), created=day(at), place=place)


OLD = version("old", "m0", "AWSCURRENT")
PENDING = version(TOKEN, "m1", "AWSPENDING", at=83)
REPLACED = version("old", "m0", "AWSPREVIOUS")
FRESH = version(TOKEN, "m1", "AWSCURRENT", "AWSPENDING", at=83)
LIVE = version(TOKEN, "m1", "AWSCURRENT", at=83)
MAIN_OLD = KeySet(mark="m0", state=SetState.MAIN)
MAIN_NEW = KeySet(mark="m1", state=SetState.MAIN)
BESIDE_NEW = KeySet(mark="m1", state=SetState.STAGED, handle="h")
BESIDE_OLD = KeySet(mark="m0", state=SetState.REPLACED, handle="h")
FOREIGN = KeySet(mark="mx", state=SetState.STAGED, handle="x")


def seen(at: float, versions: tuple[Version, ...], *sets: KeySet, **more: Any) -> Seen:
    return Seen(now=day(at), versions=versions, sets=sets, **more)


def rotation(**more: Any) -> Rotation:
    facts: dict[str, Any] = {
        "secret": "feed",
        "token": TOKEN,
        "old": "old",
        "old_mark": "m0",
        "old_since": MADE,
        "order": Order.SCHEDULED,
        "begun": day(83),
    }
    return Rotation(**(facts | more))


STAGING = rotation(staging=day(83))
TRIED = rotation(staging=day(83), tried=frozenset({"staged"}))
PROMOTED = rotation(staging=day(83), tried=frozenset({"staged", "main"}), promoted=day(84))
GONE_LIVE = PROMOTED.model_copy(update={"live": day(84)})


def step(
    what: Seen,
    now: Rotation | None = None,
    days: RotationPolicy = DAYS,
    proof: Proof = Proof(),  # noqa: B008  a value
    kind: Kind = "client-secret",
    **more: Any,
) -> Step:
    return next_step("feed", kind, what, now, days, proof, **more)


class TestBeforeItBegins:
    def test_a_young_one_waits_for_its_day(self) -> None:
        found = step(seen(82.9, (OLD,), MAIN_OLD))
        assert isinstance(found, Wait) and found.until == day(83)

    def test_on_its_day_it_begins(self) -> None:
        found = step(seen(83, (OLD,), MAIN_OLD))
        assert isinstance(found, Begin) and found.old == OLD
        assert found.token == token_of("feed", "old", (OLD,))

    def test_an_order_does_not_wait(self) -> None:
        assert isinstance(step(seen(1, (OLD,), MAIN_OLD), order=Order.REQUESTED), Begin)

    def test_where_policy_wants_plans_age_alone_begins_nothing(self) -> None:
        asked = RotationPolicy(scheduled=False)
        assert isinstance(step(seen(200, (OLD,), MAIN_OLD), days=asked), Wait)
        assert isinstance(step(seen(200, (OLD,), MAIN_OLD), days=asked, order=Order.REQUESTED), Begin)

    def test_what_aws_rotates_is_left_to_it(self) -> None:
        found = step(seen(200, (OLD,), MAIN_OLD, taken="AWS rotates it"))
        assert found == Wait(day(201), "AWS rotates it")
        assert isinstance(step(seen(200, (OLD,), MAIN_OLD, taken="AWS rotates it"), STAGING), Stop)

    @pytest.mark.parametrize("versions", [(), (OLD, version("b", "m0", "AWSCURRENT"))])
    def test_one_version_is_current(self, versions: tuple[Version, ...]) -> None:
        found = step(seen(90, versions, MAIN_OLD))
        assert isinstance(found, Stop) and found.reason.startswith(str(len(versions)))

    def test_one_that_nobody_can_read_stops_it(self) -> None:
        assert isinstance(step(seen(90, (version("old", None, "AWSCURRENT"),), MAIN_OLD)), Stop)

    def test_one_that_the_org_does_not_accept_is_told(self) -> None:
        found = step(seen(1, (OLD,), MAIN_NEW))
        assert isinstance(found, Stop) and "cannot sign in" in found.reason

    def test_what_somebody_else_staged_or_rotated_stops_it(self) -> None:
        staged = step(seen(83, (OLD,), MAIN_OLD, FOREIGN))
        rotated = step(seen(83, (OLD,), MAIN_OLD, replace_state(FOREIGN)))
        assert isinstance(staged, Stop) and "staged" in staged.reason
        assert isinstance(rotated, Stop) and "rotated" in rotated.reason

    def test_our_own_is_not_rotated_with_itself(self) -> None:
        found = step(seen(83, (OLD,), MAIN_OLD, own="m0"))
        assert isinstance(found, Stop) and "ourselves" in found.reason
        assert isinstance(step(seen(83, (OLD,), MAIN_OLD, own="mx")), Begin)


def replace_state(one: KeySet) -> KeySet:
    return one.model_copy(update={"state": SetState.REPLACED})


class TestStaged:
    """The way forward, one sentence after the other."""

    @pytest.mark.parametrize(
        ("what", "now", "wanted"),
        [
            (seen(83, (OLD,), MAIN_OLD), rotation(), Stage()),
            (seen(83, (OLD,), MAIN_OLD, BESIDE_NEW), STAGING, Store(TOKEN)),
            (seen(83, (OLD, PENDING), MAIN_OLD, BESIDE_NEW), STAGING, Try(TOKEN, "staged")),
            (seen(84, (OLD, PENDING), MAIN_OLD, BESIDE_NEW), TRIED, Promote("h")),
            (seen(84, (OLD, PENDING), MAIN_NEW, BESIDE_OLD), TRIED, Try(TOKEN, "main")),
            (seen(84, (OLD, PENDING), MAIN_NEW, BESIDE_OLD), PROMOTED, Label(TOKEN, "old")),
            (seen(84, (REPLACED, FRESH), MAIN_NEW, BESIDE_OLD), GONE_LIVE, Unlabel(TOKEN)),
            (seen(90, (REPLACED, LIVE), MAIN_NEW, BESIDE_OLD), GONE_LIVE, Revoke("h", "m0")),
            (seen(90, (REPLACED, LIVE), MAIN_NEW), GONE_LIVE, End("the old one is revoked")),
        ],
    )
    def test_forward(self, what: Seen, now: Rotation, wanted: Step) -> None:
        assert step(what, now) == wanted

    def test_it_is_not_live_before_its_day(self) -> None:
        found = step(seen(83.99, (OLD, PENDING), MAIN_OLD, BESIDE_NEW), TRIED)
        assert isinstance(found, Wait) and found.until == day(84)

    def test_both_are_valid_until_the_last_day(self) -> None:
        found = step(seen(89.99, (REPLACED, LIVE), MAIN_NEW, BESIDE_OLD), GONE_LIVE)
        assert found == Wait(day(90), "both are valid")

    def test_a_set_that_nobody_noted_is_somebody_elses(self) -> None:
        assert isinstance(step(seen(83, (OLD,), MAIN_OLD, BESIDE_NEW), rotation()), Stop)
        refused = STAGING.model_copy(update={"refused": True})
        assert isinstance(step(seen(83, (OLD,), MAIN_OLD, BESIDE_NEW), refused), Stop)
        assert isinstance(step(seen(83, (OLD,), MAIN_OLD, replace_state(FOREIGN)), STAGING), Stop)

    def test_when_it_is_gone_it_is_asked_for_again(self) -> None:
        assert step(seen(83, (OLD,), MAIN_OLD), STAGING) == Stage()

    def test_what_is_stored_has_to_be_what_is_staged(self) -> None:
        other = PENDING.model_copy(update={"mark": "mx"})
        assert isinstance(step(seen(83, (OLD, other), MAIN_OLD, BESIDE_NEW), STAGING), Stop)

    def test_a_label_that_somebody_took_stops_it(self) -> None:
        bare = PENDING.model_copy(update={"stages": frozenset()})
        assert isinstance(step(seen(83, (OLD, bare), MAIN_OLD, BESIDE_NEW), STAGING), Stop)

    def test_a_staged_set_that_was_deleted_ends_it(self) -> None:
        assert step(seen(83, (OLD, PENDING), MAIN_OLD), TRIED) == Unlabel(TOKEN)
        bare = PENDING.model_copy(update={"stages": frozenset()})
        assert isinstance(step(seen(83, (OLD, bare), MAIN_OLD), TRIED), End)

    def test_current_before_promoted_is_never_taken_for_right(self) -> None:
        assert isinstance(step(seen(84, (REPLACED, LIVE), MAIN_OLD, BESIDE_NEW), TRIED), Stop)

    def test_a_main_set_that_is_neither_stops_it(self) -> None:
        strange = KeySet(mark="mx", state=SetState.MAIN)
        assert isinstance(step(seen(84, (OLD, PENDING), strange, BESIDE_OLD), TRIED), Stop)
        assert isinstance(step(seen(84, (OLD,), strange), TRIED), Stop)

    def test_a_third_current_version_ends_it_once_all_is_settled(self) -> None:
        third = version("third", "m0", "AWSCURRENT")
        old = version("old", "m0", "AWSPREVIOUS")
        assert isinstance(step(seen(84, (old, third), MAIN_OLD), TRIED), End)
        assert isinstance(step(seen(84, (old, third), MAIN_OLD, BESIDE_NEW), TRIED), Stop)
        assert isinstance(step(seen(84, (old, third), MAIN_NEW), TRIED), Stop)

    def test_the_old_version_has_to_be_what_it_was(self) -> None:
        changed = version("old", "mx", "AWSCURRENT")
        assert isinstance(step(seen(84, (changed, PENDING), MAIN_OLD, BESIDE_NEW), TRIED), Stop)

    def test_what_is_beside_must_be_the_old_one_to_be_revoked(self) -> None:
        assert isinstance(step(seen(90, (REPLACED, LIVE), MAIN_NEW, FOREIGN), GONE_LIVE), Stop)

    def test_what_we_are_signed_in_with_is_not_revoked(self) -> None:
        found = step(seen(90, (REPLACED, LIVE), MAIN_NEW, BESIDE_OLD, own="m0"), GONE_LIVE)
        assert isinstance(found, Stop) and "sign in anew" in found.reason


class TestTheLastDay:
    def end(self, at: float, proof: Proof, days: RotationPolicy = DAYS, **more: Any) -> Step:
        return step(seen(at, (REPLACED, LIVE), MAIN_NEW, BESIDE_OLD), GONE_LIVE, days, proof, **more)

    def test_the_day_wins_where_policy_says_so(self) -> None:
        assert self.end(89.9, LATE) == Wait(day(90), "both are valid")
        assert self.end(90, LATE) == Revoke("h", "m0")
        assert self.end(90, LATE, waived=True) == Revoke("h", "m0"), (
            "policy, not the waiver, says that it waits"
        )

    def test_it_outlives_the_day_under_a_waiver_only(self) -> None:
        found = self.end(90, LATE, WAITING, waived=True)
        assert isinstance(found, Wait) and found.until == day(91) and "waived" in found.why
        assert self.end(90, LATE, WAITING) == Revoke("h", "m0")
        assert self.end(90, Proof(), WAITING, waived=True) == Revoke("h", "m0")

    def test_recent_use_counts_as_use(self) -> None:
        used = Proof(last_use=day(89))
        assert isinstance(self.end(90, used, WAITING, waived=True), Wait)
        assert self.end(91, used, WAITING, waived=True) == Revoke("h", "m0")

    def test_logs_that_cannot_be_read_are_waited_for_a_day(self) -> None:
        blind = Proof(blind=("who has read the secret (CloudTrail)",))
        found = self.end(90, blind)
        assert isinstance(found, Wait) and found.until == day(90) + BLIND and "CloudTrail" in found.why
        assert self.end(91, blind) == Revoke("h", "m0")

    def test_an_emergency_waits_for_nobody(self) -> None:
        urgent = rotation(
            order=Order.EMERGENCY, begun=day(10), tried=frozenset({"staged", "main"}), live=day(10)
        )
        what = seen(10, (REPLACED, LIVE), MAIN_NEW, BESIDE_OLD)
        assert step(what, urgent, WAITING, LATE, waived=True) == Witness("old")
        seen_by_us = urgent.model_copy(update={"witnessed": True})
        assert step(what, seen_by_us, WAITING, LATE, waived=True) == Revoke("h", "m0")

    @pytest.mark.parametrize("kind", ["client-secret", "key-pair", "client-certificate"])
    def test_an_emergency_ends_what_was_opened_once_nobody_can_open_more(self, kind: Kind) -> None:
        live = (REPLACED.model_copy(update={"place": "A"}), LIVE.model_copy(update={"place": "B"}))
        facts = {"tried": frozenset({"staged", "main", "placed"}), "placed": True, "live": day(10)}
        urgent = rotation(order=Order.EMERGENCY, begun=day(10), witnessed=True, **facts)

        def at(when: float, now: Rotation) -> Step:
            return step(seen(when, live, MAIN_NEW), now, kind=kind)

        assert at(11, urgent) == Sever("old", day(11), day(10))
        begun = urgent.model_copy(update={"severing": day(11)})
        assert at(12, begun) == Sever("old", day(11), day(10)), "what was opened since then is of the new one"
        assert at(12, begun.model_copy(update={"severed": day(11)})) == End("the old one is revoked")
        for calm in (Order.SCHEDULED, Order.REQUESTED):
            assert isinstance(at(95, rotation(order=calm, begun=day(10), **facts)), End), "they live on"

    @pytest.mark.parametrize(
        ("proof", "holds"),
        [
            (Proof(), True),
            (LATE, False),
            (Proof(blind=("x",)), False),
            (Proof(last_use=day(88)), True),
            (Proof(last_use=day(88.01)), False),
        ],
    )
    def test_what_proves_it(self, proof: Proof, holds: bool) -> None:
        assert proven(proof, timedelta(days=2), day(90)) is holds


class TestDays:
    @pytest.mark.parametrize(
        ("now", "live", "revoke"),
        [
            (rotation(live=day(84)), 84, 90),
            (rotation(live=day(85)), 84, 90),
            (rotation(live=day(85.01)), 84, 91.01),
            (rotation(begun=day(83.5), live=day(84.5)), 84.5, 90),
            (rotation(live=day(88)), 84, 94),
            (rotation(begun=day(700), live=day(701)), 701, 707),
            (rotation(order=Order.REQUESTED, begun=day(10), live=day(10)), 10, 16),
            (rotation(order=Order.EMERGENCY, begun=day(10), live=day(10)), 10, 10),
        ],
    )
    def test_when(self, now: Rotation, live: float, revoke: float) -> None:
        """Who was late to go live gives consumers their whole time; who was a little late does not."""
        assert live_at(now, DAYS) == day(live)
        assert revoke_at(now, DAYS) == day(revoke)

    def test_before_it_is_live_no_day_is_the_last(self) -> None:
        assert revoke_at(rotation(), DAYS) is None


class TestTakenBack:
    BACK = day(85)

    def back(self, what: Seen, **more: Any) -> Step:
        facts: dict[str, Any] = {
            "staging": day(83),
            "tried": frozenset({"staged", "main"}),
            "back": self.BACK,
        }
        return step(what, rotation(**(facts | more)))

    def test_before_anything_was_made(self) -> None:
        assert isinstance(self.back(seen(85, (OLD,), MAIN_OLD)), End)

    def test_before_it_was_promoted(self) -> None:
        assert self.back(seen(83, (OLD, PENDING), MAIN_OLD, BESIDE_NEW)) == Unlabel(TOKEN)
        bare = PENDING.model_copy(update={"stages": frozenset()})
        assert self.back(seen(83, (OLD, bare), MAIN_OLD, BESIDE_NEW)) == Discard("h")
        assert isinstance(self.back(seen(83, (OLD, bare), MAIN_OLD)), End)

    def test_an_order_meanwhile_lets_it_end_and_takes_what_was_promoted_forward(self) -> None:
        order, facts = Order.EMERGENCY, {"promoted": day(84), "live": day(84), "back": self.BACK}
        bare = PENDING.model_copy(update={"stages": frozenset()})
        found = step(seen(83, (OLD, bare), MAIN_OLD), rotation(back=self.BACK), order=order)
        assert isinstance(found, End)
        now = rotation(staging=day(83), tried=frozenset({"staged", "main"}), **facts)
        live = (REPLACED, LIVE)
        assert step(seen(85, live, MAIN_NEW, BESIDE_OLD), now, order=order) == Witness("old")
        now = now.model_copy(update={"witnessed": True})
        assert step(seen(85, live, MAIN_NEW, BESIDE_OLD), now, order=order) == Revoke("h", OLD.mark)
        assert step(seen(85, live, MAIN_NEW), now, order=order) == Sever("old", day(85), now.begun)
        now = now.model_copy(update={"severed": day(85)})
        assert step(seen(85, live, MAIN_NEW), now, order=order) == End("the old one is revoked")
        assert isinstance(step(seen(85, live, MAIN_NEW, BESIDE_OLD), now), Unlabel | Label)

    def test_after_it_was_live_the_label_goes_back(self) -> None:
        facts = {"promoted": day(84), "live": day(84)}
        assert self.back(seen(85, (REPLACED, FRESH), MAIN_NEW, BESIDE_OLD), **facts) == Unlabel(TOKEN)
        assert self.back(seen(85, (REPLACED, LIVE), MAIN_NEW, BESIDE_OLD), **facts) == Label("old", TOKEN)

    def test_it_stays_back_until_the_org_is_about_to_end_the_old_one(self) -> None:
        facts = {"promoted": day(84), "live": day(84)}
        given = (OLD, version(TOKEN, "m1", "AWSPREVIOUS", at=83))
        last = day(84) + GRACE - MARGIN
        found = self.back(seen(90, given, MAIN_NEW, BESIDE_OLD), **facts)
        assert isinstance(found, Wait) and found.until == last
        before = (last - MADE) / timedelta(days=1)
        assert self.back(seen(before, given, MAIN_NEW, BESIDE_OLD), **facts) == Label(TOKEN, "old")

    def test_what_the_org_says_of_its_end_comes_first(self) -> None:
        facts = {"promoted": day(84), "live": day(84)}
        given = (OLD, version(TOKEN, "m1", "AWSPREVIOUS", at=83))
        soon = BESIDE_OLD.model_copy(update={"ends": day(92)})
        found = self.back(seen(89, given, MAIN_NEW, soon), **facts)
        assert isinstance(found, Wait) and found.until == day(90)
        assert self.back(seen(90, given, MAIN_NEW, soon), **facts) == Label(TOKEN, "old")

    def test_a_dead_old_one_is_left_at_once(self) -> None:
        facts = {"promoted": day(84), "live": day(84)}
        given = (OLD, version(TOKEN, "m1", "AWSPREVIOUS", at=83))
        assert self.back(seen(86, given, MAIN_NEW), **facts) == Label(TOKEN, "old")
        assert isinstance(self.back(seen(86, (REPLACED, LIVE), MAIN_NEW), **facts), End)


class TestTurns:
    """Two apps or users that take turns."""

    OLD = version("old", "m0", "AWSCURRENT", place="A")
    GONE = version("old", "m0", "AWSPREVIOUS", place="A")
    NEW = version(TOKEN, "m1", "AWSPENDING", at=83, place="B")
    LIVE = version(TOKEN, "m1", "AWSCURRENT", at=83, place="B")
    A, B = KeySet(mark="m0", state=SetState.MAIN), KeySet(mark="m1", state=SetState.MAIN)
    REST = KeySet(mark="mr", state=SetState.MAIN)

    def turn(self, what: Seen, now: Rotation | None = None, **more: Any) -> Step:
        return step(what, now or rotation(), kind="key-pair", **more)

    @pytest.mark.parametrize("shows", [True, False])
    def test_forward(self, shows: bool) -> None:
        """Where the org shows nothing (a password), what was noted counts."""

        def look(at: float, versions: tuple[Version, ...], *sets: KeySet) -> Seen:
            what = seen(at, versions, *sets)
            return what if shows else what.model_copy(update={"sets": None})

        placed = rotation(placed=True)
        tried = rotation(placed=True, tried=frozenset({"placed"}))
        live = tried.model_copy(update={"live": day(84)})
        voided = live.model_copy(update={"voided": frozenset({"old"})})
        assert self.turn(look(83, (self.OLD,), self.A, self.REST)) == Store(TOKEN)
        assert self.turn(look(83, (self.OLD, self.NEW), self.A, self.REST)) == Place(TOKEN)
        assert self.turn(look(83, (self.OLD, self.NEW), self.A, self.B), placed) == Try(TOKEN, "placed")
        waits = self.turn(look(83.5, (self.OLD, self.NEW), self.A, self.B), tried)
        assert isinstance(waits, Wait) and waits.until == day(84)
        assert self.turn(look(84, (self.OLD, self.NEW), self.A, self.B), tried) == Label(TOKEN, "old")
        both = self.LIVE.model_copy(update={"stages": frozenset({"AWSCURRENT", "AWSPENDING"})})
        assert self.turn(look(84, (self.GONE, both), self.A, self.B), live) == Unlabel(TOKEN)
        assert self.turn(look(89, (self.GONE, self.LIVE), self.A, self.B), live) == Wait(
            day(90), "both are valid"
        )
        assert self.turn(look(90, (self.GONE, self.LIVE), self.A, self.B), live) == Void("old")
        assert isinstance(self.turn(look(90, (self.GONE, self.LIVE), self.REST, self.B), voided), End)

    def test_a_new_one_of_the_same_place_is_none(self) -> None:
        same = self.NEW.model_copy(update={"place": "A"})
        assert isinstance(self.turn(seen(83, (self.OLD, same), self.A)), Stop)

    def test_what_is_current_and_not_accepted_is_told(self) -> None:
        found = self.turn(seen(84, (self.GONE, self.LIVE), self.A), rotation(live=day(84)))
        assert isinstance(found, Stop) and "cannot sign in" in found.reason

    def test_a_label_that_somebody_took_stops_it(self) -> None:
        bare = self.NEW.model_copy(update={"stages": frozenset()})
        assert isinstance(self.turn(seen(83, (self.OLD, bare), self.A, self.B)), Stop)

    def test_our_own_is_not_revoked_while_we_use_it(self) -> None:
        live = rotation(tried=frozenset({"placed"}), live=day(84))
        assert isinstance(self.turn(seen(90, (self.GONE, self.LIVE), self.A, self.B, own="m0"), live), Stop)

    def test_taken_back_it_simply_goes_on_with_the_old_one(self) -> None:
        back = rotation(tried=frozenset({"placed"}), live=day(84), back=day(85))
        given = version(TOKEN, "m1", "AWSPREVIOUS", at=83, place="B")
        both = given.model_copy(update={"stages": frozenset({"AWSPENDING"})})
        assert isinstance(self.turn(seen(85, (self.OLD,), self.A), back), End)
        assert self.turn(seen(85, (self.GONE, self.LIVE), self.A, self.B), back) == Label("old", TOKEN)
        labelled = given.model_copy(update={"stages": frozenset({"AWSPREVIOUS", "AWSPENDING"})})
        assert self.turn(seen(85, (self.OLD, labelled), self.A, self.B), back) == Unlabel(TOKEN)
        waits = back.model_copy(update={"returned": day(85)})
        assert self.turn(seen(90, (self.OLD, given), self.A, self.B), waits) == Wait(
            day(91), "it was taken back, and both are valid"
        )
        assert self.turn(seen(91, (self.OLD, given), self.A, self.B), waits) == Void(TOKEN)
        feared = self.turn(seen(85, (self.OLD, given), self.A, self.B), waits, order=Order.EMERGENCY)
        assert feared == Void(TOKEN)
        unread = back.model_copy(update={"live": None})
        assert self.turn(seen(85, (self.OLD, both), self.A, self.B), unread) == Void(TOKEN), "nobody has it"
        assert self.turn(seen(85, (self.OLD, both), self.A), unread) == Unlabel(TOKEN), (
            "its only label goes last"
        )
        assert isinstance(self.turn(seen(85, (self.OLD, given), self.A, self.REST), back), End)

    def test_what_may_be_revoked_already_is_not_given_back(self) -> None:
        """The answer to the revocation was lost, or the note of it: then only the new one is sure to sign in."""
        back = rotation(
            placed=True, tried=frozenset({"placed"}), live=day(84), back=day(90), voiding=frozenset({"old"})
        )
        hidden = seen(91, (self.GONE, self.LIVE)).model_copy(update={"sets": None})
        assert self.turn(hidden, back) == Void("old")
        done = back.model_copy(update={"voided": frozenset({"old"})})
        assert isinstance(self.turn(hidden, done), End)
        assert isinstance(self.turn(seen(91, (self.GONE, self.LIVE), self.REST, self.B), back), End)

    def test_a_hurdle_keeps_the_new_one_from_going_live_and_nothing_from_being_revoked(self) -> None:
        def at(when: float, versions: tuple[Version, ...], *sets: KeySet) -> Seen:
            return seen(when, versions, *sets).model_copy(update={"hurdle": "B is frozen"})

        tried = rotation(placed=True, tried=frozenset({"placed"}))
        for stops in (
            step(at(83, (self.OLD,), self.A, self.REST), kind="key-pair"),
            self.turn(at(83, (self.OLD,), self.A, self.REST)),
            self.turn(at(84, (self.OLD, self.NEW), self.A, self.B), tried),
        ):
            assert stops == Stop("B is frozen")
        assert step(at(82, (self.OLD,), self.A, self.REST), kind="key-pair") == Wait(
            day(83), "it is young enough"
        )
        live = tried.model_copy(update={"live": day(84)})
        assert self.turn(at(90, (self.GONE, self.LIVE), self.A, self.B), live) == Void("old")

    def test_somebody_elses_current_version_is_tried_where_the_org_shows_nothing(self) -> None:
        other = version("other", "m9", "AWSCURRENT", place="A")
        hidden = seen(85, (self.GONE, other)).model_copy(update={"sets": None})
        assert self.turn(hidden) == Try("other", "other")
        assert isinstance(self.turn(hidden, rotation(tried=frozenset({"other"}))), End)


class TestTokens:
    def test_everybody_works_out_the_same_one(self) -> None:
        name = token_of("feed", "old", (OLD,))
        assert name == token_of("feed", "old", (OLD,)) and 32 <= len(name) <= 64
        assert name != token_of("feed", "older", (OLD,)) and name != token_of("other", "old", (OLD,))

    def test_what_was_made_once_is_never_made_again(self) -> None:
        """A label that AWS moved by itself does not bring it back."""
        first = token_of("feed", "old", (OLD,))
        previous = version(first, "m1", "AWSPREVIOUS")
        assert token_of("feed", "old", (OLD, previous)) != first
        assert token_of("feed", "old", (OLD,), frozenset({first})) != first
        begun = step(seen(83, (OLD,), MAIN_OLD), past=frozenset({first}))
        assert isinstance(begun, Begin) and begun.token != first

    def test_one_that_was_given_up_does_not_come_back(self) -> None:
        name = token_of("feed", "old", (OLD,))
        left = version(name, None)
        assert token_of("feed", "old", (OLD, left)) != name
        given_back = version(name, "m1", "AWSPREVIOUS")
        assert token_of("feed", "old", (OLD, given_back)) != name
        kept = version(name, "m1", "AWSPENDING")
        assert token_of("feed", "old", (OLD, kept)) == name


class TestIdle:
    def test_only_a_young_one_with_nothing_under_way_is(self) -> None:
        assert idle((OLD,), "", None, None, DAYS, day(82)) == Wait(day(83), "it is young enough")
        assert idle((OLD,), "", None, None, DAYS, day(83)) is None
        assert idle((OLD,), "", STAGING, None, DAYS, day(82)) is None
        assert idle((OLD,), "", None, Order.REQUESTED, DAYS, day(82)) is None
        assert idle((), "", None, None, DAYS, day(82)) is None
        assert idle((OLD,), "AWS", None, None, DAYS, day(200)) == Wait(day(201), "AWS")
        assert idle((OLD,), "", None, None, RotationPolicy(scheduled=False), day(200)) is not None


def test_steps_compare_by_what_they_say() -> None:
    assert replace(Label("a", "b")) == Label("a", "b") != Label("b", "a")
