"""The protocol's next step, for each thing that can be seen; pure, so each sentence of it stands here with its opposite."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tasks.credentials.deliveries import Deliver, GiveBack
from tasks.credentials.model import (
    Held,
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
from tasks.estate.model_rotation import RotationPolicy

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
# What people read where they have to look.
STAGED_BY_OTHERS = Stop(
    "somebody else has staged credentials for this app; rotate or delete them, then this goes on"
)
ROTATED_BY_OTHERS = Stop(
    "somebody else has rotated this app, and its old set still lives; delete that, then this goes on"
)
MAIN_OF_OTHERS = Stop("the app's main set is neither the old one nor the new one: somebody else rotated it")
DEAD = Stop("the org does not accept what is stored as current: consumers cannot sign in with it")
UNLABELLED = Stop("somebody took the label AWSPENDING off the new version")
CHANGED = Stop("the version that is replaced is not what it was when this began")
OURSELVES = Stop("we are signed in with the old one ourselves; sign in anew before it is revoked")
THIRD = "somebody stored another current version meanwhile"
UNUSED = End("it was taken back before anybody used the new one")


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
        assert step(seen(200, (OLD,), MAIN_OLD), days=asked) == Wait(day(83), "policy asks for a plan")
        assert isinstance(step(seen(200, (OLD,), MAIN_OLD), days=asked, order=Order.REQUESTED), Begin)

    def test_what_aws_rotates_is_left_to_it(self) -> None:
        found = step(seen(200, (OLD,), MAIN_OLD, taken="AWS rotates it"))
        assert found == Wait(day(201), "AWS rotates it")
        assert step(seen(200, (OLD,), MAIN_OLD, taken="AWS rotates it"), STAGING) == Stop(
            "AWS rotates it, and a rotation of ours is under way"
        )

    @pytest.mark.parametrize("versions", [(), (OLD, version("b", "m0", "AWSCURRENT"))])
    def test_one_version_is_current(self, versions: tuple[Version, ...]) -> None:
        found = step(seen(90, versions, MAIN_OLD))
        assert isinstance(found, Stop) and found.reason.startswith(str(len(versions)))

    def test_one_that_nobody_can_read_stops_it(self) -> None:
        found = step(seen(90, (version("old", None, "AWSCURRENT"),), MAIN_OLD))
        assert found == Stop("the current version cannot be read as a credential")

    def test_one_that_the_org_does_not_accept_is_told(self) -> None:
        assert step(seen(1, (OLD,), MAIN_NEW)) == DEAD

    def test_what_somebody_else_staged_or_rotated_stops_it(self) -> None:
        assert step(seen(83, (OLD,), MAIN_OLD, FOREIGN)) == STAGED_BY_OTHERS
        assert step(seen(83, (OLD,), MAIN_OLD, replace_state(FOREIGN))) == ROTATED_BY_OTHERS

    def test_our_own_is_not_rotated_with_itself(self) -> None:
        found = step(seen(83, (OLD,), MAIN_OLD, own="m0"))
        assert found == Stop("it is what we sign in with ourselves; name another identity for rotating it")
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
        assert found == Wait(day(84), "the new one waits for its day")

    def test_both_are_valid_until_the_last_day(self) -> None:
        found = step(seen(89.99, (REPLACED, LIVE), MAIN_NEW, BESIDE_OLD), GONE_LIVE)
        assert found == Wait(day(90), "both are valid")

    def test_a_set_that_nobody_noted_is_somebody_elses(self) -> None:
        assert step(seen(83, (OLD,), MAIN_OLD, BESIDE_NEW), rotation()) == STAGED_BY_OTHERS
        refused = STAGING.model_copy(update={"refused": True})
        assert step(seen(83, (OLD,), MAIN_OLD, BESIDE_NEW), refused) == STAGED_BY_OTHERS
        assert step(seen(83, (OLD,), MAIN_OLD, replace_state(FOREIGN)), STAGING) == ROTATED_BY_OTHERS

    def test_when_it_is_gone_it_is_asked_for_again(self) -> None:
        assert step(seen(83, (OLD,), MAIN_OLD), STAGING) == Stage()

    def test_what_is_stored_has_to_be_what_is_staged(self) -> None:
        other = PENDING.model_copy(update={"mark": "mx"})
        assert step(seen(83, (OLD, other), MAIN_OLD, BESIDE_NEW), STAGING) == Stop(
            "what is stored as the new version is not what the org has staged"
        )

    def test_a_label_that_somebody_took_stops_it(self) -> None:
        bare = PENDING.model_copy(update={"stages": frozenset()})
        assert step(seen(83, (OLD, bare), MAIN_OLD, BESIDE_NEW), STAGING) == UNLABELLED

    def test_a_staged_set_that_was_deleted_ends_it(self) -> None:
        assert step(seen(83, (OLD, PENDING), MAIN_OLD), TRIED) == Unlabel(TOKEN)
        bare = PENDING.model_copy(update={"stages": frozenset()})
        assert step(seen(83, (OLD, bare), MAIN_OLD), TRIED) == End("somebody deleted the staged credentials")

    def test_current_before_promoted_is_never_taken_for_right(self) -> None:
        assert step(seen(84, (REPLACED, LIVE), MAIN_OLD, BESIDE_NEW), TRIED) == Stop(
            "the new version is current, and the org's main set is still the old one"
        )

    def test_a_main_set_that_is_neither_stops_it(self) -> None:
        strange = KeySet(mark="mx", state=SetState.MAIN)
        assert step(seen(84, (OLD, PENDING), strange, BESIDE_OLD), TRIED) == MAIN_OF_OTHERS
        assert step(seen(84, (OLD,), strange), TRIED) == MAIN_OF_OTHERS
        assert step(seen(84, (OLD, PENDING), BESIDE_NEW), TRIED) == MAIN_OF_OTHERS, "it shows none at all"

    def test_a_third_current_version_ends_it_once_all_is_settled(self) -> None:
        third = version("third", "m0", "AWSCURRENT")
        old = version("old", "m0", "AWSPREVIOUS")
        assert step(seen(84, (old, third), MAIN_OLD), TRIED) == End(THIRD)
        assert step(seen(84, (old, third), MAIN_OLD, BESIDE_NEW), TRIED) == Stop(THIRD)
        assert step(seen(84, (old, third), MAIN_NEW), TRIED) == Stop(THIRD)

    def test_the_old_version_has_to_be_what_it_was(self) -> None:
        changed = version("old", "mx", "AWSCURRENT")
        assert step(seen(84, (changed, PENDING), MAIN_OLD, BESIDE_NEW), TRIED) == CHANGED

    def test_what_is_beside_must_be_the_old_one_to_be_revoked(self) -> None:
        assert step(seen(90, (REPLACED, LIVE), MAIN_NEW, FOREIGN), GONE_LIVE) == STAGED_BY_OTHERS

    def test_what_we_are_signed_in_with_is_not_revoked(self) -> None:
        assert step(seen(90, (REPLACED, LIVE), MAIN_NEW, BESIDE_OLD, own="m0"), GONE_LIVE) == OURSELVES

    def test_an_org_that_is_refused_with_the_new_one_stops_the_last_day(self) -> None:
        refused = Proof(refused=("emea/Sync",))
        what = seen(90, (REPLACED, LIVE), MAIN_NEW, BESIDE_OLD)
        assert step(what, GONE_LIVE, proof=refused) == GiveBack("emea/Sync")


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
        assert found == Wait(day(91), "somebody still uses the old one, and it is waived")
        assert self.end(90, LATE, WAITING) == Revoke("h", "m0")
        assert self.end(90, Proof(), WAITING, waived=True) == Revoke("h", "m0")

    def test_recent_use_counts_as_use(self) -> None:
        used = Proof(last_use=day(89))
        assert isinstance(self.end(90, used, WAITING, waived=True), Wait)
        assert self.end(91, used, WAITING, waived=True) == Revoke("h", "m0")

    def test_logs_that_cannot_be_read_are_waited_for_a_day(self) -> None:
        blind = Proof(blind=("who has read the secret (CloudTrail)", "who has signed in (LoginHistory)"))
        why = (
            "nobody can see who has read the secret (CloudTrail) or who has signed in (LoginHistory) just now"
        )
        assert self.end(90, blind) == Wait(day(90) + BLIND, why)
        assert self.end(91, blind) == Revoke("h", "m0")

    def test_orgs_that_were_not_seen_are_named_and_looked_for_again_within_the_hour(self) -> None:
        """Its day is over, so the next look must not be put off."""
        unheard = Proof(unheard=("emea/Sync", "apac/Sync"))
        why = "no sign-in of emea/Sync or apac/Sync with the new one was seen"
        assert self.end(95, unheard) == Wait(day(95) + timedelta(hours=1), why)

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
            (rotation(begun=day(80), live=day(84)), 84, 90),
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
        assert self.back(seen(85, (OLD,), MAIN_OLD)) == UNUSED

    def test_before_it_was_promoted(self) -> None:
        assert self.back(seen(83, (OLD, PENDING), MAIN_OLD, BESIDE_NEW)) == Unlabel(TOKEN)
        bare = PENDING.model_copy(update={"stages": frozenset()})
        assert self.back(seen(83, (OLD, bare), MAIN_OLD, BESIDE_NEW)) == Discard("h")
        assert self.back(seen(83, (OLD, bare), MAIN_OLD)) == UNUSED

    def test_an_order_meanwhile_lets_it_end_and_takes_what_was_promoted_forward(self) -> None:
        order, facts = Order.EMERGENCY, {"promoted": day(84), "live": day(84), "back": self.BACK}
        bare = PENDING.model_copy(update={"stages": frozenset()})
        found = step(seen(83, (OLD, bare), MAIN_OLD), rotation(back=self.BACK), order=order)
        assert found == UNUSED
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
        assert found == Wait(last, "it was taken back; the org ends the old one all the same")
        before = (last - MADE) / timedelta(days=1)
        assert self.back(seen(before, given, MAIN_NEW, BESIDE_OLD), **facts) == Label(TOKEN, "old")

    def test_what_the_org_says_of_its_end_comes_first(self) -> None:
        facts = {"promoted": day(84), "live": day(84)}
        given = (OLD, version(TOKEN, "m1", "AWSPREVIOUS", at=83))
        soon = BESIDE_OLD.model_copy(update={"ends": day(92)})
        found = self.back(seen(89, given, MAIN_NEW, soon), **facts)
        assert isinstance(found, Wait) and found.until == day(90)
        assert self.back(seen(90, given, MAIN_NEW, soon), **facts) == Label(TOKEN, "old")
        live = (REPLACED, LIVE)
        assert self.back(seen(89.9, live, MAIN_NEW, soon), **facts) == Label("old", TOKEN)
        assert self.back(seen(90, live, MAIN_NEW, soon), **facts) == Wait(
            day(92), "the old one ends by itself"
        )

    def test_where_the_org_does_not_say_when_it_ends_its_days_are_counted(self) -> None:
        facts = {"promoted": day(84), "live": day(84)}
        found = self.back(seen(112, (REPLACED, LIVE), MAIN_NEW, BESIDE_OLD), **facts)
        assert found == Wait(day(112) + MARGIN, "the old one ends by itself")

    def test_a_dead_old_one_is_left_at_once(self) -> None:
        facts = {"promoted": day(84), "live": day(84)}
        given = (OLD, version(TOKEN, "m1", "AWSPREVIOUS", at=83))
        assert self.back(seen(86, given, MAIN_NEW), **facts) == Label(TOKEN, "old")
        assert self.back(seen(86, (REPLACED, LIVE), MAIN_NEW), **facts) == End(
            "the old one is gone, so the new one stays"
        )


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
        assert waits == Wait(day(84), "the new one waits for its day")
        assert self.turn(look(84, (self.OLD, self.NEW), self.A, self.B), tried) == Label(TOKEN, "old")
        both = self.LIVE.model_copy(update={"stages": frozenset({"AWSCURRENT", "AWSPENDING"})})
        assert self.turn(look(84, (self.GONE, both), self.A, self.B), live) == Unlabel(TOKEN)
        assert self.turn(look(89, (self.GONE, self.LIVE), self.A, self.B), live) == Wait(
            day(90), "both are valid"
        )
        assert self.turn(look(90, (self.GONE, self.LIVE), self.A, self.B), live) == Void("old")
        assert self.turn(look(90, (self.GONE, self.LIVE), self.REST, self.B), voided) == End(
            "the old one is revoked"
        )

    def test_a_new_one_of_the_same_place_is_none(self) -> None:
        same = self.NEW.model_copy(update={"place": "A"})
        assert self.turn(seen(83, (self.OLD, same), self.A)) == Stop(
            "what is stored as the new version is none of ours"
        )

    def test_what_is_current_and_not_accepted_is_told(self) -> None:
        assert self.turn(seen(84, (self.GONE, self.LIVE), self.A), rotation(live=day(84))) == DEAD

    def test_a_label_that_somebody_took_stops_it(self) -> None:
        bare = self.NEW.model_copy(update={"stages": frozenset()})
        assert self.turn(seen(83, (self.OLD, bare), self.A, self.B)) == UNLABELLED

    def test_our_own_is_not_revoked_while_we_use_it(self) -> None:
        live = rotation(tried=frozenset({"placed"}), live=day(84))
        assert self.turn(seen(90, (self.GONE, self.LIVE), self.A, self.B, own="m0"), live) == OURSELVES

    def test_it_outlives_the_day_under_a_waiver_only(self) -> None:
        what = seen(90, (self.GONE, self.LIVE), self.A, self.B)
        live = rotation(tried=frozenset({"placed"}), live=day(84))
        waits = Wait(day(91), "somebody still uses the old one, and it is waived")
        assert self.turn(what, live, days=WAITING, proof=LATE, waived=True) == waits
        assert self.turn(what, live, days=WAITING, proof=LATE) == Void("old")

    def test_taken_back_it_simply_goes_on_with_the_old_one(self) -> None:
        back = rotation(tried=frozenset({"placed"}), live=day(84), back=day(85))
        given = version(TOKEN, "m1", "AWSPREVIOUS", at=83, place="B")
        both = given.model_copy(update={"stages": frozenset({"AWSPENDING"})})
        assert self.turn(seen(85, (self.OLD,), self.A), back) == UNUSED
        assert self.turn(seen(85, (self.GONE, self.LIVE), self.A, self.B), back) == Label("old", TOKEN)
        labelled = given.model_copy(update={"stages": frozenset({"AWSPREVIOUS", "AWSPENDING"})})
        assert self.turn(seen(85, (self.OLD, labelled), self.A, self.B), back) == Unlabel(TOKEN)
        waits = back.model_copy(update={"returned": day(85)})
        assert self.turn(seen(90, (self.OLD, given), self.A, self.B), waits) == Wait(
            day(91), "it was taken back, and both are valid"
        )
        assert self.turn(seen(91, (self.OLD, given), self.A, self.B), waits) == Void(TOKEN)
        late = waits.model_copy(update={"returned": day(86)})
        assert self.turn(seen(91, (self.OLD, given), self.A, self.B), late) == Wait(
            day(92), "it was taken back, and both are valid"
        ), "whoever has read the new one has the whole time from when he could read the old one again"
        assert self.turn(seen(90, (self.OLD, given), self.A, self.B), back) == Wait(
            day(91), "it was taken back, and both are valid"
        ), "somebody moved the label by hand, so the days count from the taking back"
        feared = self.turn(seen(85, (self.OLD, given), self.A, self.B), waits, order=Order.EMERGENCY)
        assert feared == Void(TOKEN)
        unread = back.model_copy(update={"live": None})
        assert self.turn(seen(85, (self.OLD, both), self.A, self.B), unread) == Void(TOKEN), "nobody has it"
        assert self.turn(seen(85, (self.OLD, both), self.A), unread) == Unlabel(TOKEN), (
            "its only label goes last"
        )
        assert self.turn(seen(85, (self.OLD, given), self.A, self.REST), back) == End(
            "it was taken back, and the new one is revoked"
        )

    def test_taken_back_where_the_org_shows_nothing_the_notes_decide(self) -> None:
        back = rotation(tried=frozenset({"placed"}), live=day(84), back=day(85))
        live, given = (self.GONE, self.LIVE), (self.OLD, version(TOKEN, "m1", "AWSPREVIOUS", place="B"))

        def hidden(at: float, versions: tuple[Version, ...]) -> Seen:
            return seen(at, versions).model_copy(update={"sets": None})

        assert self.turn(hidden(85, live), back) == Label("old", TOKEN)
        assert self.turn(hidden(91, given), back) == Void(TOKEN)
        voided = back.model_copy(update={"voided": frozenset({TOKEN})})
        assert self.turn(hidden(91, given), voided) == End("it was taken back, and the new one is revoked")

    def test_taken_back_too_late_every_copy_has_the_new_one_before_it_ends(self) -> None:
        """The org takes the old one no more, and no note says why."""
        back = rotation(tried=frozenset({"placed"}), live=day(84), back=day(85))
        stays = End("the old one was revoked already, so the new one stays")
        behind, there = Held(place="emea/Sync", mark="m0"), Held(place="apac/Sync", mark="m1")
        what = seen(86, (self.GONE, self.LIVE), self.REST, self.B, held=(there, behind))
        assert self.turn(what, back) == Deliver("emea/Sync", TOKEN)
        assert self.turn(what.model_copy(update={"held": (there,)}), back) == stays
        given = version(TOKEN, "m1", "AWSPREVIOUS", at=83, place="B")
        labelled_back = what.model_copy(update={"versions": (self.OLD, given)})
        found = self.turn(labelled_back, back)
        assert not isinstance(found, Deliver), "what is not current is brought nowhere"

    def test_taken_back_an_orgs_own_key_pair_is_removed_before_anything_accepts_it(self) -> None:
        back = rotation(back=day(83.5))
        held = (Held(place="emea/Sync", mark="m0"),)
        named = seen(84, (self.OLD,), self.A, self.REST, held=held)
        assert self.turn(named, back) == Store(TOKEN), "once a version names it, it can be removed"
        stored = seen(84, (self.OLD, self.NEW), self.A, self.REST, held=held)
        assert self.turn(stored, back) == Void(TOKEN)
        voided = back.model_copy(update={"voided": frozenset({TOKEN})})
        assert self.turn(stored, voided) == Unlabel(TOKEN)
        assert self.turn(stored.model_copy(update={"held": ()}), back) == Unlabel(TOKEN)

    def test_what_may_be_revoked_already_is_not_given_back(self) -> None:
        """The answer to the revocation was lost, or the note of it: then only the new one is sure to sign in."""
        back = rotation(
            placed=True, tried=frozenset({"placed"}), live=day(84), back=day(90), voiding=frozenset({"old"})
        )
        hidden = seen(91, (self.GONE, self.LIVE)).model_copy(update={"sets": None})
        assert self.turn(hidden, back) == Void("old")
        done = back.model_copy(update={"voided": frozenset({"old"})})
        stays = End("the old one was revoked already, so the new one stays")
        assert self.turn(hidden, done) == stays
        assert self.turn(seen(91, (self.GONE, self.LIVE), self.REST, self.B), back) == stays

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
        assert self.turn(hidden, rotation(tried=frozenset({"other"}))) == End(THIRD)


class TestTokens:
    def test_everybody_works_out_the_same_one(self) -> None:
        name = token_of("feed", "old", (OLD,))
        assert name == token_of("feed", "old", (OLD,)) and 32 <= len(name) <= 64
        assert name != token_of("feed", "older", (OLD,)) and name != token_of("other", "old", (OLD,))

    def test_one_of_another_release_works_out_the_same_one(self) -> None:
        """A plan that was signed before an upgrade names it, and so does a rotation that was begun before."""
        first, second, third = (
            "de9d1bf8fe50df64dce9b8be32f19468",
            "b9fb8d9f67bfb3136c6ed081749debbd",
            "73b89e9db4dbab4775b1b734596707eb",
        )
        assert token_of("feed", "old", (OLD,)) == first
        assert token_of("feed", "old", (OLD,), frozenset({first})) == second
        assert token_of("feed", "old", (OLD,), frozenset({first, second})) == third

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
        asked = RotationPolicy(scheduled=False)
        assert idle((OLD,), "", None, None, asked, day(200)) == Wait(day(83), "policy asks for a plan")


def test_steps_compare_by_what_they_say() -> None:
    assert replace(Label("a", "b")) == Label("a", "b") != Label("b", "a")
