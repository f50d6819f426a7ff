"""Watches in a real ledger: what is noted once, and a way back that is one plan whatever dies on the way."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from tasks.ledger.chain import verify
from tasks.ledger.model import EntryKind, Head
from tasks.ledger.store import Ledger
from tasks.plans.apply import apply
from tasks.plans.digest import digest
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Change, Failure, Look, Refusal, Resource, State, Watch, WayBack
from tasks.plans.overview import Stage
from tasks.plans.rollback import rollback
from tasks.plans.telling import failing, passed
from tests.tasks.plans.test_canary import PLAN, USERS
from tests.tasks.plans.worlds import NOW, Faults, Killed, World, plan_of, world_of

HOUR = timedelta(hours=1)
HQ = plan_of(PLAN.changes[:6])
USER = "a@hq"
FAILURE = Failure(
    user=USER, what="read Case", why="refused", first=NOW, last=NOW + HOUR, times=2, caused=True
)
DOUBT = FAILURE.model_copy(update={"user": "b@hq", "what": "delete Case", "caused": False})


def new_ledger(path: Path) -> Ledger:
    """Its clock ticks with every look."""
    seconds = count()
    return Ledger(f"sqlite:///{path}", lambda: NOW + timedelta(seconds=next(seconds)))


@pytest.fixture
def book(tmp_path: Path) -> PlanBook:
    return PlanBook(new_ledger(tmp_path / "ledger.db"), "watch-plans")


class Dying:
    """A journal in the ledger and orgs in memory, whose process dies at one of its calls."""

    def __init__(self, book: PlanBook, world: World, name: str, faults: Faults) -> None:
        self._journal, self._world, self._faults = book.journal(name), world, faults
        self.history = self._journal.history
        self.stopped = self._journal.stopped
        self.try_out = world.try_out
        self.wait = world.wait

    def read(self, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        return self._faults.around(lambda: self._world.read(resources))

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        return self._faults.around(lambda: self._world.write(changes))

    def attempted(self, changes: Sequence[Change]) -> None:
        self._faults.around(lambda: self._journal.attempted(changes))

    def verified(self, changes: Sequence[Change]) -> None:
        self._faults.around(lambda: self._journal.verified(changes))


def applied(book: PlanBook) -> tuple[str, World]:
    name = book.keep(HQ)
    world = world_of(HQ)
    book.watch(name, "hq", ["a@hq", "b@hq"], NOW)
    hands = Dying(book, world, name, Faults())
    assert apply(HQ, hands, hands, lambda: (), HQ.orgs).finished
    world.effects.clear()
    return name, world


def watched(book: PlanBook, name: str) -> Watch:
    [watch] = book.watches(name)
    return watch


def taken_back(book: PlanBook, world: World, faults: Faults) -> None:
    """As the flow does it: the way back is made anew each time, and applied."""
    for back in book.ways_back():
        _take_back(book, world, faults, back)


def _take_back(book: PlanBook, world: World, faults: Faults, back: WayBack) -> None:
    _, plan = book.find(back.plan)
    made = rollback(plan, book.journal(back.plan).history(), "watch-plans", back.at, back.numbers)
    assert made is not None
    hands = Dying(book, world, book.keep(made), faults)
    assert apply(made, hands, hands, lambda: (), made.orgs).finished


def test_a_watch_is_what_was_noted_of_it(book: PlanBook) -> None:
    name = book.keep(HQ)
    book.watch(name, "hq", ["a@hq"], NOW)
    book.watch(name, "hq", ["b@hq"], NOW + HOUR)
    watch = watched(book, name)
    assert (watch.users, watch.since, watch.latest) == (("a@hq", "b@hq"), NOW, NOW + HOUR)
    book.looked(watch, Look(at=NOW + HOUR, clear=NOW, files=3))
    assert watched(book, name).look == Look(at=NOW + HOUR, clear=NOW, files=3)
    book.watched(watch)
    assert watched(book, name).over
    book.watch(name, "hq", ["a@hq"], NOW + 9 * HOUR)
    again = watched(book, name)
    assert not again.over and (again.since, again.latest) == (NOW, NOW + 9 * HOUR)


def test_a_failure_is_noted_once_and_a_doubtful_one_takes_nothing_back(book: PlanBook) -> None:
    name, _ = applied(book)
    assert book.failing(watched(book, name), [DOUBT], USERS["hq"], True) == 1
    assert book.ways_back() == []
    later = FAILURE.model_copy(update={"times": 9, "last": NOW + 5 * HOUR})
    assert book.failing(watched(book, name), [FAILURE, DOUBT], USERS["hq"], True) == 1
    assert book.failing(watched(book, name), [later, DOUBT], USERS["hq"], True) == 0
    [back] = book.ways_back()
    assert (back.user, back.numbers, back.automatic) == (USER, (2, 3), True)


def test_killed_at_any_call_the_way_back_is_one_plan_that_is_finished_once(tmp_path: Path) -> None:
    call, calls = 0, 1
    while call < calls:
        call += 1
        dying = Faults(deaths=frozenset({(call, call % 2 == 0)}))
        calls = max(calls, two_lives(new_ledger(tmp_path / f"{call}.db"), dying) + 1)
    assert call > 6


def two_lives(ledger: Ledger, dying: Faults) -> int:
    """How many calls the first one made."""
    book = PlanBook(ledger, "watch-plans")
    name, world = applied(book)
    before = dict(world.states)
    book.failing(watched(book, name), [FAILURE], USERS["hq"], True)
    try:
        taken_back(book, world, dying)
    except Killed:
        taken_back(book, world, Faults())
    assert [change.resource for change in world.effects] == [HQ.change(n).resource for n in (3, 2)]
    for change in HQ.changes:
        expected = change.before if change.number in (2, 3) else before.get(change.resource)
        assert world.states.get(change.resource) == expected
    assert book.ways_back() == [], "what is taken back is not due again"
    assert sum(each.plan.undoes == name for each in book.statuses()) == 1, "however often it is made"
    assert book.status(name).stage is Stage.PARTLY_TAKEN_BACK
    assert verify(Head(), ledger.entries(), []).sound
    return dying.calls


def test_what_a_person_took_back_is_not_taken_back_again(book: PlanBook) -> None:
    name, world = applied(book)
    book.failing(watched(book, name), [FAILURE], USERS["hq"], True)
    whole = rollback(HQ, book.journal(name).history(), "eve", NOW)
    assert whole is not None
    hands = Dying(book, world, book.keep(whole), Faults())
    assert apply(whole, hands, hands, lambda: (), whole.orgs).finished
    assert book.ways_back() == []


def watch_with(*failures: Failure, over: bool = False) -> Watch:
    return Watch(
        plan=digest(HQ),
        title="Less",
        org="hq",
        users=("a@hq", "b@hq"),
        since=NOW,
        latest=NOW,
        failures=failures,
        over=over,
    )


def due(at: datetime = NOW) -> WayBack:
    return WayBack(
        plan=digest(HQ), org="hq", user=USER, numbers=(2, 3), what="read Case", at=at, automatic=True
    )


def test_alerts_are_open_while_their_reason_is_there() -> None:
    both = watch_with(FAILURE, DOUBT)
    alerts = failing([both], [due()], automatic=True)
    assert [alert.severity.value for alert in alerts] == ["critical", "warning"]
    opened = {alert.key: "hq" for alert in alerts} | {"access-outlasts:hq": "hq"}
    assert passed(opened, alerts) == []
    assert passed(opened, failing([both], [], automatic=True)) == [alerts[0].key], "taken back"
    assert passed(opened, failing([watch_with(DOUBT, over=True)], [], True)) == [a.key for a in alerts]


def test_kinds_of_the_ledger_are_never_renamed() -> None:
    assert {kind.value for kind in EntryKind} >= {"watch", "look", "failure", "watched"}
