"""Grants that end: through kills, outages, moved clocks, double approvals and overlaps, access never outlasts its time."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from tasks.access.enforce import complete, sweep
from tasks.access.ledger_gateway import GrantBook
from tasks.access.model import Give, Grant, GrantState, Held, Place, Stray, Take
from tasks.access.sweep import actions, refusal, strays
from tasks.access.telling import stray_found
from tasks.access.windows import PAUSE
from tasks.errors import AccessOutlasts, ConfigurationError, GrantRefused, OrgUnavailable
from tasks.estate.model_access import PreApproval
from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tests.slices import chosen
from tests.tasks.access.worlds import (
    EVERY,
    ORG,
    PEOPLE,
    POLICY,
    SETS,
    START,
    STUBBORN,
    TOLERATED,
    Killed,
    World,
    place,
    request,
)


@pytest.fixture
def book(tmp_path: Path) -> GrantBook:
    return GrantBook(Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: START))


def granted(book: GrantBook, world: World, **changes: object) -> Grant:
    name = book.ask(request(world.now, **changes))  # type: ignore[arg-type]
    return book.approve(name, "bob", POLICY, world.now, known=True)


def calm(seed: int = 0) -> World:
    return World(Random(seed), trouble=False)


# One thing after the other ------------------------------------------------------------------------------


def test_from_the_request_to_its_end(book: GrantBook) -> None:
    world = calm()
    name = book.ask(request())
    assert book.find(name).state(world.now) is GrantState.REQUESTED
    assert sweep(ORG, book, world, ()).given == 0, "nothing is given before it is approved"
    grant = book.approve(name, "bob", POLICY, world.now, known=True)
    assert grant.until == START + timedelta(hours=2)
    assert sweep(ORG, book, world, ()).given == 1
    assert world.held[place()].expires == grant.until, "the platform ends it where we do not"
    world.now += timedelta(hours=2)
    assert not world.may(place())
    done = sweep(ORG, book, world, ())
    assert (done.taken, done.settled) == (1, 1)
    assert book.find(name).state(world.now) is GrantState.REVOKED
    assert sweep(ORG, book, world, ()).settled == 0


def test_a_set_that_takes_no_end_is_ended_by_the_sweep_alone(book: GrantBook) -> None:
    world = calm()
    granted(book, world, place=place("User_Admin"), hours=1)
    sweep(ORG, book, world, ())
    assert world.held[place("User_Admin")].expires is None
    world.now += timedelta(hours=1)
    sweep(ORG, book, world, ())
    assert not world.may(place("User_Admin"))


def test_overlapping_grants_do_not_end_each_other(book: GrantBook) -> None:
    world = calm()
    granted(book, world, hours=1)
    sweep(ORG, book, world, ())
    world.now += timedelta(minutes=30)
    longer = granted(book, world, hours=2, reason="another case")
    assert sweep(ORG, book, world, ()).prolonged == 1
    world.now = START + timedelta(hours=1, minutes=1)
    done = sweep(ORG, book, world, ())
    assert (done.taken, done.settled) == (0, 1), "what is over beside one that goes on is noted as over"
    assert world.may(place()) and world.held[place()].expires == longer.until
    book.end(longer.id, "ada", world.now)
    sweep(ORG, book, world, ())
    assert not world.may(place())


def test_an_early_end_of_the_longer_one_brings_back_the_end_of_the_other(book: GrantBook) -> None:
    world = calm()
    short = granted(book, world, hours=1)
    long = granted(book, world, hours=3, reason="another case")
    sweep(ORG, book, world, ())
    book.end(long.id, "ada", world.now)
    assert sweep(ORG, book, world, ()).prolonged == 1
    assert world.held[place()].expires == short.until


def test_two_approvals_are_one_grant_and_one_end(book: GrantBook) -> None:
    world = calm()
    name = book.ask(request())
    first = book.approve(name, "bob", POLICY, world.now, known=True)
    world.now += timedelta(hours=1)
    assert book.approve(name, "eve", POLICY, world.now, known=True) == first
    assert book.ask(request()) == name, "the same request twice is one"


def test_what_was_noted_as_gone_is_noted_once(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: START)
    book = GrantBook(ledger)
    grant = granted(book, calm())
    for _ in range(2):
        book.revoked((grant.id,), START)
    assert len(ledger.entries(EntryKind.REVOCATION)) == 1


def test_what_the_org_refuses_keeps_nothing_else_from_ending(book: GrantBook) -> None:
    world = calm()
    for each in SETS:
        granted(book, world, place=place(each), hours=1)
    sweep(ORG, book, world, ())
    world.now += timedelta(hours=1)
    world.refusing = {place(SETS[-1])}
    world.held[place("Export", PEOPLE[1])] = Held(
        place=place("Export", PEOPLE[1]), assignment_id="0Pax", expires=None
    )
    done = sweep(ORG, book, world, ("Export",))
    assert (done.taken, done.settled, len(done.strays)) == (2, 2, 1)
    assert [(each.place, each.why) for each in done.left] == [
        (place(SETS[-1]), "emea: the org refused it. Look at the enforcer's rights.")
    ]
    with pytest.raises(AccessOutlasts, match="the org refused it"):
        complete(done)
    world.refusing.clear()
    assert complete(sweep(ORG, book, world, ())).taken == 1


def test_what_the_org_only_says_to_have_taken_outlasts(book: GrantBook) -> None:
    world = calm()
    grant = granted(book, world, hours=1)
    sweep(ORG, book, world, ())
    world.now += timedelta(hours=1)
    world.sticky = {place()}
    done = sweep(ORG, book, world, ("Export",))
    assert [each.place for each in done.left] == [place()]
    with pytest.raises(AccessOutlasts, match="is still so"):
        complete(done)
    with pytest.raises(AccessOutlasts, match="is still so"):
        complete(done, grant.request.place)
    assert complete(done, place("Export")) == done


def test_user_names_have_one_spelling() -> None:
    assert place(username=" OPS@Emea.example ") == place(username="ops@emea.example")


@pytest.mark.parametrize(
    ("changes", "approver", "known", "why"),
    [
        ({}, "ADA ", True, "who asks does not approve"),
        ({}, PEOPLE[0].upper(), True, "who gets the rights does not approve"),
        ({"hours": 4.5}, "bob", True, "4.5 hours are more than the 4"),
        ({}, "bob", False, "no such user or set"),
    ],
)
def test_what_is_not_granted_is_noted_with_its_reason(
    book: GrantBook, changes: dict[str, object], approver: str, known: bool, why: str
) -> None:
    name = book.ask(request(**changes))  # type: ignore[arg-type]
    with pytest.raises(GrantRefused, match=why):
        book.approve(name, approver, POLICY, START, known)
    assert book.find(name).state(START) is GrantState.REFUSED
    with pytest.raises(GrantRefused, match="was refused"):
        book.approve(name, "bob", POLICY, START, known=True)
    assert refusal(request(), "bob", POLICY, True) is None


def test_who_lets_us_in_when_all_fails_is_no_matter_for_grants(book: GrantBook) -> None:
    """The sweep would give the standing assignment an end, and then take it."""
    name = book.ask(request())
    with pytest.raises(GrantRefused, match="a break-glass account, whose rights stand"):
        book.approve(name, "bob", POLICY, START, known=True, spared="a break-glass account")
    assert book.find(name).state(START) is GrantState.REFUSED
    route = book.ask(request(place=OF_ROUTE, route=ROUTE, requester="prefect", hours=1))
    waits = book.admit(route, WITH_WINDOW, OPENED[0], known=True, spared="our enforcer")
    assert waits.until is None, "no window stands for it either"


def test_what_somebody_holds_for_good_is_no_matter_for_grants_but_a_routes_own(book: GrantBook) -> None:
    name = book.ask(request())
    with pytest.raises(GrantRefused, match="holds the set for good"):
        book.approve(name, "bob", POLICY, START, known=True, standing=True)
    route = book.ask(request(place=OF_ROUTE, route=ROUTE))
    assert book.approve(route, "bob", POLICY, START, known=True, standing=True).until is not None
    stubborn = place("User_Admin")
    book.approve(book.ask(request(place=stubborn)), "bob", POLICY, START, known=True)
    longer = book.ask(request(place=stubborn, reason="another case"))
    assert book.approve(longer, "bob", POLICY, START, known=True, standing=True).until is not None, (
        "without an end it is there by a grant"
    )


def test_grants_are_found_by_the_beginning_of_their_id(book: GrantBook) -> None:
    name = book.ask(request())
    assert book.find(name[:6].upper()).id == name
    with pytest.raises(ConfigurationError, match="at least 6 letters"):
        book.find(name[:5])
    with pytest.raises(ConfigurationError, match="There is no grant"):
        book.find("000000")


def test_what_nobody_granted_is_a_finding_and_stays(book: GrantBook) -> None:
    world = calm()
    granted(book, world)
    sweep(ORG, book, world, ("Export",))
    for each in (place("Export"), place("Data_Repair", PEOPLE[1])):
        world.held[each] = Held(place=each, assignment_id="0Pax", expires=None)
    found = sweep(ORG, book, world, ("Export", "Data_Repair"))
    assert {stray.place for stray in found.strays} == {place("Export"), place("Data_Repair", PEOPLE[1])}
    assert world.may(place("Export")), "somebody may need it: a person decides"


def test_policy_may_spell_a_set_in_its_own_way(book: GrantBook) -> None:
    held = Held(place=place(), assignment_id="0Pax", expires=None)
    assert [each.place for each in strays((), [held], {ORG: ("data_repair",)}, START)] == [place()]
    grant = granted(book, calm())
    assert strays([grant], [held], {ORG: ("DATA_REPAIR",)}, START) == ()


def test_a_set_held_through_a_group_is_a_finding_whatever_grants_say(book: GrantBook) -> None:
    grant = granted(book, calm())
    grouped = [Stray(place=place(each), expires=None, group="Everything") for each in SETS]
    found = strays([grant], [], {ORG: ("data_repair",)}, START, grouped)
    assert found == (grouped[0],), "no grant ends it"
    assert "through the group Everything" in stray_found(grouped[0]).detail


def test_ends_come_before_new_rights(book: GrantBook) -> None:
    world = calm()
    old = granted(book, world, hours=1)
    sweep(ORG, book, world, ())
    world.now += timedelta(hours=1)
    new = granted(book, world, place=place("Export"))
    due = actions([old, new], world.held.values(), (), world.now)
    assert [type(action) for action in due] == [Take, Give]


def test_an_extension_holds_from_its_own_approval_on_and_not_before(book: GrantBook) -> None:
    world = calm()
    first = granted(book, world, hours=1)
    sweep(ORG, book, world, ())
    longer = book.ask(request(world.now, hours=2, reason="takes longer", extends=first.id))
    sweep(ORG, book, world, ())
    assert world.held[place()].expires == first.until, "nothing goes on before somebody says so"
    with pytest.raises(GrantRefused, match="who asks does not approve"):
        book.approve(longer, "ada", POLICY, world.now, known=True)
    world.now += timedelta(minutes=50)
    again = book.ask(request(world.now, hours=2, reason="takes longer", extends=first.id))
    extended = book.approve(again, "eve", POLICY, world.now, known=True)
    sweep(ORG, book, world, ())
    assert world.held[place()].expires == extended.until == START + timedelta(hours=2, minutes=50)


# Everything at once -------------------------------------------------------------------------------------

ROUTE = "HQ_to_EMEA_Account_Sync"
OF_ROUTE = Place(org=ORG, username="sync@emea.example", permission_set=ROUTE)
WINDOW = PreApproval(
    name="mornings",
    route=ROUTE,
    days=("wed",),
    start=time(11),
    end=time(14, 30),
    time_zone="Europe/Zurich",
    approver="bob",
    max_grant=timedelta(hours=1),
    valid_until=date(2026, 6, 30),
)
OPENED = (datetime(2026, 5, 13, 9, tzinfo=UTC), datetime(2026, 5, 13, 12, 30, tzinfo=UTC))
"""The opening of START's day; the clock on this wall is two hours ahead."""
WITH_WINDOW = POLICY.model_copy(update={"windows": (WINDOW,)})


def outlasting(seed: int, folder: Path) -> tuple[int, int]:
    """
    Plays one random day; gives the number of grants by people and by the window. Raises AssertionError where access outlasts its time: at any moment
    where the platform keeps the end too, and after every sweep that came to its end for all sets, early ends included.
    """
    chance = Random(seed)
    world = World(chance)
    book = GrantBook(Ledger(f"sqlite:///{folder / f'{seed}.db'}", lambda: world.now))
    grants: list[str] = []
    runs: list[str] = []
    for minute in range(360):
        world.now += EVERY
        if chance.random() < 0.02:
            world.now += timedelta(minutes=chance.choice([5, 45]))
        if chance.random() < 0.01:
            world.down_until = world.now + timedelta(minutes=chance.randint(1, 20))
        if minute < 240 and chance.random() < 0.08:
            where = place(chance.choice(SETS), chance.choice(PEOPLE))
            wish = request(world.now, chance.choice([0.25, 0.5, 1, 2]), place=where, reason=f"case {minute}")
            grants.append(book.ask(wish))
            for approver in ("bob", "eve")[: chance.randint(1, 2)]:
                book.approve(grants[-1], approver, POLICY, world.now, known=True)
        if grants and chance.random() < 0.03:
            book.end(chance.choice(grants), "ada", world.now)
        if minute < 240 and chance.random() < 0.1:
            runs += _begun(book, world, chance, minute)
        # A run that goes on ends its grant; a killed one is never heard of again.
        if runs and chance.random() < 0.1:
            name = runs.pop(chance.randrange(len(runs)))
            if chance.random() < 0.7:
                book.end(name, "prefect", world.now)
        _judge_native(book, world, seed)
        # The scheduler is down for long stretches.
        if chance.random() < 0.25:
            continue
        try:
            sweep(ORG, book, world, (*SETS, ROUTE))
        except (Killed, OrgUnavailable):
            continue
        covered = {g.request.place for g in book.all() if g.state(world.now) is GrantState.ACTIVE}
        assert {each for each in world.held if world.may(each)} == covered, (seed, world.now)
    world.trouble, world.down_until = False, world.now
    world.now += timedelta(hours=4)
    _judge_native(book, world, seed)
    sweep(ORG, book, world, (*SETS, ROUTE))
    assert not world.held, (seed, "after one undisturbed sweep nothing is left")
    over = [g for g in book.all() if g.until is not None]
    assert all(g.state(world.now) is GrantState.REVOKED for g in over)
    return len(grants), _judge_windows(book, seed)


def _begun(book: GrantBook, world: World, chance: Random, minute: int) -> list[str]:
    """A run of the route asks for its rights; those that no window stands for wait, and sometimes a person comes."""
    requester = chance.choice(["prefect"] * 5 + ["Bob"])
    wish = request(
        world.now,
        chance.choice([0.25, 0.5, 1, 1.5]),
        place=OF_ROUTE,
        route=chance.choice([ROUTE] * 5 + [""]),
        requester=requester,
        reason=f"run {minute}",
    )
    grant = book.admit(book.ask(wish), WITH_WINDOW, world.now, known=True)
    if grant.until is None and chance.random() < 0.1:
        grant = book.approve(grant.id, "eve", WITH_WINDOW, world.now, known=True)
    return [] if grant.until is None else [grant.id]


def _judge_windows(book: GrantBook, seed: int) -> int:
    """How many grants nobody was asked about. They lie in the opening, are short, and not wished by who stands for them."""
    by_window = 0
    for grant in book.all():
        wish = grant.request
        may = wish.route == ROUTE and wish.requester == "prefect" and wish.hours <= 1
        if grant.window is not None:
            assert may and grant.approved_at is not None and grant.until is not None, (seed, grant)
            assert OPENED[0] <= grant.approved_at < grant.until <= OPENED[1], (seed, grant)
            by_window += 1
        elif may and grant.until is None:
            inside = OPENED[0] <= wish.at and wish.at + wish.length <= OPENED[1]
            goes_on = any(
                each.window and each.approved_at and each.end
                and each.approved_at <= wish.at < each.end + PAUSE
                for each in book.all()
            )  # fmt: skip
            assert not inside or goes_on, (seed, grant, "nobody has to be asked for it")
    begun = ended = START - timedelta(days=1)
    for grant in reversed(book.all()):
        if grant.window and grant.approved_at and grant.until and grant.end:
            begun = begun if grant.approved_at < ended + PAUSE else grant.approved_at
            assert grant.until - begun <= WINDOW.max_grant, (seed, grant, "it renews itself")
            ended = max(ended, grant.end) if begun < grant.approved_at else grant.end
    return by_window


def _judge_native(book: GrantBook, world: World, seed: int) -> None:
    """With nobody sweeping at all, what the platform gives an end to ends."""
    latest: dict[Place, datetime] = {}
    for grant in book.all():
        if grant.until is not None:
            latest[grant.request.place] = max(latest.get(grant.request.place, START), grant.until)
    for where in world.held:
        if where.permission_set not in STUBBORN and world.may(where):
            assert world.now <= latest[where] + TOLERATED, (seed, where, world.now)


@pytest.mark.parametrize("seed", range(3))
def test_access_never_outlasts_its_time(seed: int, tmp_path: Path) -> None:
    by_people, by_window = outlasting(seed, tmp_path)
    assert by_people > 5 and by_window > 0


@pytest.mark.slow
def test_access_never_outlasts_its_time_in_the_long_run(tmp_path: Path) -> None:
    days = [outlasting(seed, tmp_path) for seed in chosen(range(100, 200), 20)]
    assert sum(by_people for by_people, _ in days) > 300 and sum(by_window for _, by_window in days) > 60
