"""Which copies are to be brought, what counts as seen, and when an old credential goes where orgs hold one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tasks.credentials.deliveries import (
    HASTE,
    SETTLED,
    Deliver,
    GiveBack,
    days_for,
    holds,
    hurried,
    refusal,
    undelivered,
    with_deliveries,
)
from tasks.credentials.history import begin_note, step_note
from tasks.credentials.history import told as noted
from tasks.credentials.model import (
    Given,
    Held,
    Laggard,
    Order,
    Proof,
    Rotation,
    Seen,
    SignIn,
    Standing,
    Version,
)
from tasks.credentials.plan import rotation_plan
from tasks.credentials.rotate import Progress
from tasks.credentials.rotation import Begin, End, Stop, Wait
from tasks.credentials.telling import alerts
from tasks.estate.model import Estate, RotatedCredential
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.policy import Policy
from tests.tasks.credentials.held_worlds import HeldWorld, a_held_world
from tests.tasks.credentials.worlds import Faults

MADE = datetime(2026, 1, 1, tzinfo=UTC)
OLD = Version(id="old", mark="m0", stages=frozenset({"AWSPREVIOUS"}), created=MADE)
NEW = Version(id="new", mark="m1", stages=frozenset({"AWSCURRENT"}), created=MADE)
TURNED = NEW.model_copy(update={"place": "App_B"})
PLACE = "emea/Sync"
CREDENTIAL = RotatedCredential.model_validate(
    {
        "secret": "feed",
        "org": "hq",
        "kind": "client-secret",
        "apps": ["Feed"],
        "deliveries": [
            {
                "org": "emea",
                "named_credential": "Sync",
                "external_credential": "Sync_Auth",
                "principal": "Main",
                "addresses": ["192.0.2.0/28"],
            }
        ],
    }
)


def day(number: float) -> datetime:
    return MADE + timedelta(days=number)


def given(version: str = "new", *, done: bool = True, place: str = PLACE, at: float = 84) -> Given:
    return Given(place=place, version=version, begun=day(at), done=day(at) if done else None)


def rotation(*copies: Given, **more: Any) -> Rotation:
    facts: dict[str, Any] = {
        "secret": "feed",
        "token": "new",
        "old": "old",
        "old_mark": "m0",
        "old_since": MADE,
        "order": Order.SCHEDULED,
        "begun": day(83),
        "live": day(84),
        "given": copies,
    }
    return Rotation(**(facts | more))


def seen(*held: Held, new: Version = NEW) -> Seen:
    return Seen(now=day(85), versions=(OLD, new), sets=None, held=held)


def signed_in(at: datetime, address: str = "192.0.2.7", app: str = "Feed") -> SignIn:
    return SignIn(app=app, username="", address=address, at=at)


@pytest.mark.parametrize(
    ("held", "noted", "wanted"),
    [
        (Held(place=PLACE, mark="m1"), None, True),
        (Held(place=PLACE, mark="m0"), given(), False),
        (Held(place=PLACE), given(), False),
        (Held(place=PLACE, tells=False), given(), True),
        (Held(place=PLACE, tells=False), None, False),
        (Held(place=PLACE, tells=False), given(done=False), False),
        (Held(place=PLACE, tells=False), given("old"), False),
        (Held(place=PLACE, mark="m1", tells=False), given(), True),
        (Held(place=PLACE, mark="m0", tells=False), given(), False),
        (Held(place=PLACE, mark="m1", tells=False), given(done=False), False),
    ],
)
def test_what_a_place_holds(held: Held, noted: Given | None, wanted: bool) -> None:
    """Where secrets only go in, an answer that came counts, and what is shown must not speak against it."""
    assert holds(held, noted, NEW) is wanted


def test_one_that_was_not_tried_comes_before_one_that_did_not_answer() -> None:
    away, fresh = Held(place="away/Sync", tells=False), Held(place="fresh/Sync", tells=False)
    tried = rotation(given(done=False, place="away/Sync"))
    assert undelivered(seen(away, fresh), tried, NEW) == Deliver("fresh/Sync", "new")
    both = rotation(given(done=False, place="away/Sync"), given(place="fresh/Sync"))
    assert undelivered(seen(away, fresh), both, NEW) == Deliver("away/Sync", "new")


def test_of_those_that_did_not_answer_the_one_that_waits_longest_comes_first() -> None:
    long, short = given(done=False, place="z/Sync", at=84), given(done=False, place="a/Sync", at=84.5)
    places = (Held(place="a/Sync", tells=False), Held(place="z/Sync", tells=False))
    assert undelivered(seen(*places), rotation(long, short), NEW) == Deliver("z/Sync", "new")


def test_only_an_emergency_goes_on_without_copies_and_only_after_an_hour() -> None:
    urgent, at = rotation(order=Order.EMERGENCY), day(84) + HASTE
    assert hurried(seen().model_copy(update={"now": at}), urgent)
    assert not hurried(seen().model_copy(update={"now": at - timedelta(seconds=1)}), urgent)
    assert not hurried(seen(), rotation())
    assert not hurried(seen(), rotation(order=Order.EMERGENCY, live=None))


def test_what_was_never_touched_is_not_given_the_old_one() -> None:
    held = Held(place=PLACE, tells=False)
    assert undelivered(seen(held), rotation(), OLD) is None
    assert undelivered(seen(held), rotation(given(done=False)), OLD) == Deliver(PLACE, "old")


def test_a_refusal_is_taken_back_once_and_not_in_an_emergency() -> None:
    refused = Proof(refused=(PLACE,))
    assert refusal(rotation(), refused) == GiveBack(PLACE)
    assert refusal(rotation(), Proof()) is None
    assert refusal(rotation(order=Order.EMERGENCY), refused) is None
    assert refusal(rotation(refused_at=PLACE), refused) is None


class TestSeen:
    def proof(self, *sign_ins: SignIn, refused: tuple[SignIn, ...] = (), **more: Any) -> Proof:
        what = more.get("seen", seen())
        now = more.get("rotation", rotation(given()))
        return with_deliveries(Proof(), CREDENTIAL, now, what, sign_ins, refused)

    def test_a_sign_in_counts_when_the_copy_was_surely_there(self) -> None:
        assert self.proof(signed_in(day(84) + SETTLED)).unheard == ()
        early = self.proof(signed_in(day(84) + SETTLED - timedelta(seconds=1)))
        assert early.unheard == (PLACE,) and early.laggards[0].consumer == PLACE

    def test_one_from_elsewhere_does_not(self) -> None:
        assert self.proof(signed_in(day(85), "192.0.2.99")).unheard == (PLACE,)
        assert self.proof(signed_in(day(85), "Salesforce.com IP")).unheard == (PLACE,), "it names no address"

    def test_nobody_is_seen_before_the_answer_came(self) -> None:
        waiting = rotation(given(done=False))
        assert self.proof(signed_in(day(85)), rotation=waiting).unheard == (PLACE,)
        assert self.proof(signed_in(day(85)), rotation=rotation(given("old"))).unheard == (PLACE,)

    def test_where_the_app_tells_them_apart_the_app_decides(self) -> None:
        what, at = seen(new=TURNED), day(84)
        assert self.proof(signed_in(at, app="App_B"), seen=what).unheard == ()
        assert self.proof(signed_in(at, app="App_A"), seen=what).unheard == (PLACE,)
        no = (signed_in(at, app="App_A"),)
        assert not self.proof(refused=no, seen=what).refused, "it was refused with the old one"

    def test_who_was_refused_and_never_let_in_is_told(self) -> None:
        no = (signed_in(day(85)),)
        assert self.proof(refused=no).refused == (PLACE,)
        assert self.proof(signed_in(day(85)), refused=no).refused == ()
        assert self.proof(refused=(signed_in(day(83)),)).refused == ()

    def test_what_cannot_be_read_is_not_seen(self) -> None:
        found = with_deliveries(Proof(), CREDENTIAL, rotation(given()), seen(), None, None)
        assert found.unheard == (PLACE,) and not found.refused

    def test_before_there_is_a_new_one_nobody_has_it(self) -> None:
        two = CREDENTIAL.model_copy(update={"apps": ("Feed", "Feed_EU")})
        bare = seen().model_copy(update={"versions": (OLD,)})
        (late,) = with_deliveries(Proof(), two, rotation(), bare, (), ()).laggards
        assert (late.consumer, late.app) == (PLACE, "Feed, Feed_EU")
        assert late.why == "it was not given the new one yet"

    def test_each_place_is_looked_at_and_who_is_late_beside_them_stays_so(self) -> None:
        """The first is seen, the second is not: that must not be hidden by the first, nor what is known of others."""
        other = CREDENTIAL.deliveries[0].model_copy(update={"org": "apac"})
        two = CREDENTIAL.model_copy(update={"deliveries": (*CREDENTIAL.deliveries, other)})
        known = tuple(
            Laggard(consumer=name, app="Feed", addresses=(), why="it has not read")
            for name in ("Batch", other.name)
        )
        copies = rotation(given(), given(place=other.name, at=85))
        found = with_deliveries(Proof(laggards=known), two, copies, seen(), (signed_in(day(84.5)),), ())
        assert found.unheard == (other.name,)
        assert [(each.consumer, each.why) for each in found.laggards] == [
            ("Batch", "it has not read"),
            (other.name, "no sign-in through it was seen since it was given the new one"),
        ]


def test_the_first_try_of_a_version_counts_and_the_answer_to_the_last() -> None:
    bodies: list[Any] = [begin_note(Begin("new", OLD), Order.SCHEDULED, seen())]
    for phase, version, at in (
        ("about", "new", 1),
        ("about", "new", 2),
        ("done", "new", 2),
        ("about", "old", 3),
    ):
        moment = seen().model_copy(update={"now": day(at)})
        bodies.append(step_note(phase, Deliver(PLACE, version), rotation(), moment))
    assert history(bodies[:4]) == Given(place=PLACE, version="new", begun=day(1), done=day(2))
    assert history(bodies) == Given(place=PLACE, version="old", begun=day(3))


def history(bodies: list[Any]) -> Given | None:
    found = noted("feed", bodies).open
    assert found is not None
    return found.given_to(PLACE)


@pytest.mark.parametrize(
    ("pause", "begins", "live"), [(1, 83, 84), (5, 83, 84), (6, 82, 83), (7, 81, 82), (400, 45, 46)]
)
def test_who_rarely_signs_in_is_given_more_time(pause: int, begins: float, live: float) -> None:
    rare = CREDENTIAL.deliveries[0].model_copy(update={"pause": timedelta(days=pause)})
    found = days_for(CREDENTIAL.model_copy(update={"deliveries": (rare,)}), RotationPolicy())
    assert (found.create_after.days, found.live_after.days, found.revoke_after.days) == (begins, live, 90)


def test_where_no_org_has_a_copy_policy_alone_says_when() -> None:
    short = RotationPolicy(live_after=timedelta(days=89), quiet=timedelta(days=1))
    assert days_for(CREDENTIAL.model_copy(update={"deliveries": ()}), short) == short


# In worlds in memory -----------------------------------------------------------------------------------


def run_until(world: HeldWorld, last: float, *, working: bool = True) -> Any:
    found = None
    while world.day < last:
        world.go_to(world.day + 0.5)
        if working:
            world.work()
        found = world.run()
    return found


@pytest.mark.parametrize("secret", [True, False])
def test_day_90_does_not_come_before_the_org_was_seen(secret: bool) -> None:
    world = a_held_world(secret=secret)
    first = dict(world.vault.current[1])
    progress = run_until(world, 95, working=False)
    assert isinstance(progress.step, Wait) and "no sign-in of" in progress.step.why
    assert world._accepts(first), "the old one lives on"
    run_until(world, 97)
    assert world.steady and not world._accepts(first)
    assert not any(each.failures for each in world.callers)


def test_who_is_refused_with_the_new_one_goes_on_with_the_old_one() -> None:
    world = a_held_world(secret=False)
    assert world.apps is not None
    world.apps.closed = frozenset({"App_B"})
    progress = run_until(world, 90)
    assert isinstance(progress.step, Stop) and "was refused with the new one" in progress.step.reason
    assert len(world.callers[0].failures) == 1, "one call was lost, and no more"
    assert world.copies.held["emea/Sync_0"]["consumerKey"] == "key-a"
    assert list(world.apps.pairs) == ["First"], "the new key is gone"
    # A person lets the second app in, and orders it again.
    world.apps.closed = frozenset()
    world.book.order(Order.REQUESTED, world.clock.now)
    run_until(world, 100)
    assert world.steady and world.vault.current[1]["consumerKey"] == "key-b"
    assert len(world.callers[0].failures) == 1


def test_what_is_taken_back_is_brought_back_and_forward_again_before_the_org_ends_it() -> None:
    world = a_held_world(secret=True)
    run_until(world, 84)
    (place,) = world.copies.held
    assert world.copies.held[place]["consumerKey"] == "key-1"
    world.book.take_back(world.clock.now)
    run_until(world, 85)
    assert world.copies.held[place]["consumerKey"] == "key-0" == world.vault.current[1]["consumerKey"]
    run_until(world, 130)
    assert world.copies.held[place]["consumerKey"] == "key-1" and world.steady
    assert not any(each.failures for each in world.callers)


@pytest.mark.parametrize("secret", [True, False])
def test_an_emergency_waits_an_hour_for_an_org_that_is_away(secret: bool) -> None:
    world = a_held_world(secret=secret)
    first, org = dict(world.vault.current[1]), world.credential.deliveries[0].org
    world.copies.down = frozenset({org})
    world.urgent = True
    world.go_to(10)
    world.book.order(Order.EMERGENCY, world.clock.now)
    world.run()
    assert world._accepts(first)
    world.go_to(10 + 1.1 / 24)
    world.run()
    assert not world._accepts(first), "known to others, it must not live on"
    assert world.book.open_rotation() is not None, "the org is still to be given the new one"
    world.copies.down = frozenset()
    assert isinstance(getattr(world.run(), "step", None), End) and world.steady


@pytest.mark.parametrize("secret", [True, False])
@pytest.mark.parametrize("after", [True, False])
def test_at_each_call_of_a_rotation_it_may_die(secret: bool, after: bool) -> None:
    for number in range(1, 120):
        world = a_held_world(secret=secret)
        world.go_to(84)
        faults = Faults(deaths=frozenset({(number, after)}))
        world.run(faults)
        if faults.calls < number:
            return
        run_until(world, 92)
        assert world.steady and len(world.book.history().past) == 1, number
        assert not any(each.failures for each in world.callers), number
    raise AssertionError("a rotation has an end")


# What is declared --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"deliveries": []}, "nobody uses it"),
        ({"kind": "key-pair", "apps": ["A", "B"], "consumers": [{"name": "Feed", "principal": "user/x"}]}, "never leaves"),
        ({"deliveries": [{"org": "emea", "named_credential": "Sync", "addresses": ["192.0.2.1/32"]}]}, "principal"),
        ({"deliveries": [CREDENTIAL.deliveries[0].model_dump()] * 2}, "one place"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        RotatedCredential.model_validate(CREDENTIAL.model_dump() | change)


# What people are told ----------------------------------------------------------------------------------


def told(at: float, proof: Proof = Proof(), **more: Any) -> list[str]:  # noqa: B008  a value
    what = Seen(now=day(at), versions=(NEW,), sets=None)
    found = Progress(Wait(day(at), "both are valid"), rotation(**more), proof, what)
    return [
        f"{each.key.partition(':')[0]} {each.detail}"
        for each in alerts(CREDENTIAL, found, RotationPolicy(), None)
    ]


def test_an_org_that_is_not_seen_is_named_a_day_after_its_pause() -> None:
    unseen = with_deliveries(Proof(), CREDENTIAL, rotation(given()), seen(), (), ())
    assert told(85.9, unseen) == []
    assert told(86, unseen)[0].startswith("rotation-late App Feed: no sign-in through it was seen")


def test_a_refusal_says_why_it_was_taken_back() -> None:
    assert told(85, back=day(85), refused_at=PLACE)[0] == (
        f"rotation-back The rotation was taken back, because {PLACE} was refused with the new one."
    )


@pytest.mark.parametrize("order", [Order.REQUESTED, Order.EMERGENCY])
def test_a_plan_says_what_becomes_of_copies(order: Order) -> None:
    estate = Estate.model_validate(
        {
            "name": "Two",
            "cloud": {"region": "eu-central-1"},
            "orgs": [
                {
                    "alias": alias,
                    "my_domain": f"https://{alias}.my.salesforce.com",
                    "kind": "production",
                    "scanner": {"flow": "jwt-bearer", "username": "s", "secret": f"own/{alias}"},
                }
                for alias in ("hq", "emea")
            ],
            "routes": [],
        }
    )
    stands = Standing(
        secret="feed", org="hq", age=None, stands="steady", next="", version="old", next_version="new"
    )
    plan = rotation_plan(estate, Policy(), [(CREDENTIAL, stands)], order, "ada", day(10))
    said = " ".join((*plan.keeps, *plan.risks, *(change.effect for change in plan.changes)))
    wanted = "a sign-in with it was seen" if order is Order.REQUESTED else "for an hour is cut off"
    assert PLACE in said and wanted in said and "  " not in said and ": keep" not in said
