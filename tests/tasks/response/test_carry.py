"""Containing and giving back with a real ledger: whatever call is the last one of a process, the next run ends the same."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.errors import ConfigurationError, ContainmentRefused
from tasks.estate.model_response import ResponseRule, Rung
from tasks.ledger.store import Ledger
from tasks.response.carry import give_back, take
from tasks.response.ledger_gateway import Page, ResponseBook
from tasks.response.model import Containment, Facts, Recent, Standing, Trial
from tasks.response.plan import containment, name_of, resting_on
from tasks.response.telling import alerts, ended, markdown, over
from tests.tasks.response.worlds import (
    ASSIGNMENT,
    ORG,
    POLICY,
    START,
    USER,
    Killed,
    World,
    before,
    estate,
    facts,
    seen,
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: datetime.now(UTC))
    yield made
    made.close()


class Mortal:
    """The page of a containment; a process may end at any of its calls, before or after the note is on disk."""

    def __init__(self, page: Page, world: World) -> None:
        self._page, self._world = page, world

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            self._world.alive()
            answer = getattr(self._page, name)(*values, **named)
            self._world.done()
            return answer

        return call


def decide(book: ResponseBook, about: Facts | None = None, **policy: Any) -> Standing:
    by = POLICY.model_copy(update=policy)
    what = about or facts()

    def judge(name: str, recent: Recent) -> Containment:
        return containment(name, what, seen(), estate(), by, recent)

    return book.decide(what, START, judge)


def run(ledger: Ledger, world: World, *, back: bool, about: Facts | None = None) -> tuple[str, ...]:
    """As a process does it: from the ledger alone."""
    book = ResponseBook(ledger, "bulkhead")
    name = decide(book, about).containment.id
    page: Any = Mortal(book.page(name), world)
    if not back:
        return take(page, world)
    book.begin_return(name, START, "a false alarm")
    return give_back(page, world, START)


def test_contained_so_that_the_key_opens_nothing_and_given_back_exactly(ledger: Ledger) -> None:
    world = World()
    assert world.admits()
    assert run(ledger, world, back=False) == ()
    assert not world.admits()
    assert ResponseBook(ledger, "").all()[0].contained
    assert run(ledger, world, back=True) == ()
    assert world.state == before()
    standing = ResponseBook(ledger, "").all()[0]
    assert standing.over == START and not standing.due and not standing.owed


@pytest.mark.parametrize("back", [False, True])
def test_killed_at_every_call_the_next_run_ends_the_same(ledger: Ledger, back: bool) -> None:
    number, ends = 0, 0
    while True:
        number += 1
        killed = 0
        for after in (False, True):
            # One ledger for all: a containment of its own each time.
            about = facts(alert=f"{number} {after}")
            world = World()
            if back:
                run(ledger, world, back=False, about=about)
                world.calls, world.writes = 0, 0
            world.ends_at, world.after = number, after
            try:
                run(ledger, world, back=back, about=about)
            except Killed:
                killed += 1
            world.ends_at = None
            assert run(ledger, world, back=back, about=about) == ()
            standing = ResponseBook(ledger, "").page(name_of(about)).standing()
            if back:
                assert world.state == before() and standing.over is not None
            else:
                assert standing.contained and not world.admits()
            assert world.writes == 5, (number, after, "each write once")
        if not killed:
            break
        ends += killed
    assert ends > 30, "every call of a run was the last one once"


def test_an_org_that_does_not_answer_keeps_no_other_step_waiting(ledger: Ledger) -> None:
    world = World(down={"hq"})
    (why,) = run(ledger, world, back=False)
    assert "To_Emea" in why and not world.admits()
    world.down.clear()
    assert run(ledger, world, back=False) == ()
    assert ResponseBook(ledger, "").all()[0].contained


def test_what_somebody_else_changed_since_is_left_as_it_is(ledger: Ledger) -> None:
    world = World()
    run(ledger, world, back=False)
    world.state[ASSIGNMENT] = {"expires": "2026-06-01T00:00:00.000+0000"}
    assert run(ledger, world, back=True) == ()
    assert world.state[ASSIGNMENT] == {"expires": "2026-06-01T00:00:00.000+0000"}
    standing = ResponseBook(ledger, "").all()[0]
    assert standing.over is not None and len(standing.kept) == 1


def test_the_same_facts_are_contained_once_also_after_they_were_given_back(ledger: Ledger) -> None:
    world = World()
    run(ledger, world, back=False)
    run(ledger, world, back=True)
    assert run(ledger, world, back=False) == ()
    assert world.state == before(), "an alert that is told again contains nobody again"


def test_a_waiting_step_is_told_and_nobody_is_called_disabled_before_it_was_seen(ledger: Ledger) -> None:
    book, world = ResponseBook(ledger, "prefect"), World()
    name = decide(book, unasked=Rung.SESSIONS).containment.id
    take(book.page(name), world)
    standing = book.find(name)
    assert not standing.disabled
    told = {alert.title: alert.next_step for alert in alerts(standing, ())}
    assert "A containment waits for one person" in told
    assert "User auto-disabled pending review" not in told
    book = ResponseBook(ledger, "ada")
    book.agree(name, "it is theft")
    take(book.page(name), world)
    standing = book.find(name)
    [alert] = alerts(standing, ())
    assert standing.disabled and alert.title == "User auto-disabled pending review"
    assert f"re-enable with {name[:12]}" in alert.next_step
    page = markdown(standing)
    assert "| done and seen |" in page and "| ordered |" in page and ": contained" in page
    assert {key.partition(":")[0] for key in over(standing, [alert])} == {
        "containment-waits",
        "containment-incomplete",
    }


def test_an_incident_is_over_once_it_is_reported_and_given_back(ledger: Ledger) -> None:
    world = World()
    name, key = decide(ResponseBook(ledger, "prefect")).containment.id, "incident:"
    book = ResponseBook(ledger, "incident")

    def is_over() -> bool:
        return f"{key}{name}" in over(book.find(name), ())

    run(ledger, world, back=False)
    book.incident(name, "a digest", [])
    assert not is_over(), "what was taken is not given back"
    run(ledger, world, back=True)
    assert is_over() and book.find(name).settled
    assert ended([book.find(name)], [f"{key}{name}", f"{key}{'f' * 16}", "anomaly:x"]) == [f"{key}{name}"]


def test_an_incident_without_its_report_is_not_over(ledger: Ledger) -> None:
    world = World()
    run(ledger, world, back=False)
    (name,) = run_back(ledger, world)
    standing = ResponseBook(ledger, "").find(name)
    assert standing.over is not None and not standing.settled
    assert not any(key.startswith("incident:") for key in over(standing, ()))


def run_back(ledger: Ledger, world: World) -> tuple[str, ...]:
    run(ledger, world, back=True)
    return tuple(each.containment.id for each in ResponseBook(ledger, "").all())


def test_a_person_closes_an_incident_and_never_the_one_contained(ledger: Ledger) -> None:
    run(ledger, World(), back=False)
    book = ResponseBook(ledger, "incident")
    [standing] = book.all()
    name = standing.containment.id
    with pytest.raises(ContainmentRefused, match="has no report yet"):
        ResponseBook(ledger, "ada").close(name, START, "the leaver stays out")
    book.incident(name, "a digest", [])
    with pytest.raises(ContainmentRefused, match="the one contained"):
        ResponseBook(ledger, USER).close(name, START, "nothing happened")
    assert not book.find(name).settled
    closed = ResponseBook(ledger, "ada").close(name, START, "the leaver stays out")
    assert closed.settled and closed.open and closed.contained, "what was taken stays taken"
    keys = over(closed, alerts(closed, ()))
    assert f"incident:{name}" in keys and f"contained:{name}" not in keys


def test_a_key_that_is_let_in_still_is_told(ledger: Ledger) -> None:
    book, world = ResponseBook(ledger, "prefect"), World()
    name = decide(book).containment.id
    take(book.page(name), world)
    book.tried(name, Trial(secret="routes/hq-emea", refused=False))
    [alert] = alerts(book.find(name), ())
    assert alert.title == "A containment is not complete" and "let in still" in alert.detail
    book.tried(name, Trial(secret="routes/hq-emea", refused=True))
    assert book.find(name).contained


def test_what_a_later_containment_took_too_is_given_back_after_it(ledger: Ledger) -> None:
    world = World()
    run(ledger, world, back=False)
    book = ResponseBook(ledger, "prefect")
    again = facts(alert="another", at=START + timedelta(minutes=5))
    later = book.decide(
        again,
        START + timedelta(minutes=5),
        lambda name, recent: containment(
            name, again, seen(now=START + timedelta(minutes=5)), estate(), POLICY, recent
        ),
    )
    first = book.find(name_of(facts()))
    assert resting_on(first, book.all()) == (), "it has taken nothing yet"
    take(book.page(later.containment.id), world)
    assert resting_on(first, book.all()) == (later.containment.id,)
    assert resting_on(book.find(later.containment.id), book.all()) == ()


def test_steps_that_wait_are_taken_once_enough_people_said_yes(ledger: Ledger) -> None:
    book = ResponseBook(ledger, "prefect")
    standing = decide(book, auto_disable=(), approvals=2)
    name, world = standing.containment.id, World()
    assert take(book.page(name), world) == () and world.calls == 0
    with pytest.raises(ContainmentRefused, match="does not count"):
        ResponseBook(ledger, USER).agree(name, "it is fine")
    with pytest.raises(ContainmentRefused):
        ResponseBook(ledger, "Prefect").agree(name, "who asked")
    for person in ("ada", "Ada@meridian.example", "ada"):
        ResponseBook(ledger, person).agree(name, "it is theft")
    assert take(book.page(name), world) == () and world.calls == 0, "one person is one yes"
    assert len(ResponseBook(ledger, "bob").agree(name, "it is theft").agreed) == 2
    take(book.page(name), world)
    assert not world.admits()


def test_two_at_once_both_count_for_the_breaker(ledger: Ledger) -> None:
    book = ResponseBook(ledger, "prefect")
    share = {"max_share": 0.0026, "rules": (ResponseRule(rung=Rung.SESSIONS),)}
    first = decide(book, **share)
    second = decide(book, facts(username="other@emea.example"), **share)
    assert (first.containment.waiting, second.containment.waiting) == (frozenset(), {1})
    later = book.decide(
        facts(username="third@emea.example"),
        START + timedelta(minutes=61),
        lambda name, recent: containment(
            name,
            facts(username="third@emea.example"),
            seen(),
            estate(),
            POLICY.model_copy(update=share),
            recent,
        ),
    )
    assert later.containment.waiting == frozenset(), "an hour later it is counted anew"


def test_a_containment_is_found_by_the_beginning_of_its_id(ledger: Ledger) -> None:
    book = ResponseBook(ledger, "prefect")
    decide(book)
    name = name_of(facts())
    assert book.find(name[:8]).containment.id == name
    with pytest.raises(ConfigurationError, match="at least"):
        book.find("ab")
    with pytest.raises(ConfigurationError, match="no containment"):
        book.find("0" * 16)
    assert book.find(name).containment.facts.org == ORG
