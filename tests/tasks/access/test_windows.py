"""Access that is approved beforehand: only inside an open window, whole, by somebody else, and as the wall clock shows it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from tasks.access.ledger_gateway import GrantBook
from tasks.access.model import GrantState
from tasks.access.windows import open_until, pre_approval
from tasks.errors import GrantRefused
from tasks.estate.model_access import JitPolicy, PreApproval
from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tests.tasks.access.worlds import ORG, PEOPLE, place, request

ZURICH = "Europe/Zurich"
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROUTE = "HQ_to_EMEA_Account_Sync"


def window(**changes: Any) -> PreApproval:
    values = {
        "name": "nightly",
        "route": ROUTE,
        "days": EVERY_DAY,
        "start": time(22),
        "end": time(4),
        "time_zone": ZURICH,
        "approver": "bob",
        "max_grant": timedelta(hours=2),
        "valid_until": date(2026, 12, 31),
    }
    return PreApproval.model_validate({**values, **changes})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-28T20:59:59", None),
        ("2026-11-28T21:00:00", "2026-11-29T03:00:00"),
        ("2026-11-29T02:59:59", "2026-11-29T03:00:00"),
        ("2026-11-29T03:00:00", None),
        # Saturday's opening goes on into Sunday, which is no day of the window.
        ("2026-11-29T21:00:00", None),
        ("2026-11-27T23:30:00", None),
    ],
)
def test_an_opening_past_midnight_belongs_to_its_first_day(now: str, until: str | None) -> None:
    assert open_until(window(days=("sat",)), utc(now)) == (utc(until) if until else None)


def test_an_opening_may_end_at_midnight_and_the_next_one_go_on_from_there() -> None:
    evening = window(start=time(20), end=time(0), days=("mon",))
    assert open_until(evening, utc("2026-11-23T22:59:59")) == utc("2026-11-23T23:00:00")
    assert open_until(evening, utc("2026-11-23T23:00:00")) is None
    whole = window(start=time(0), end=time(0), days=("mon", "tue"))
    assert open_until(whole, utc("2026-11-23T22:30:00")) == utc("2026-11-24T23:00:00")
    assert open_until(whole, utc("2026-11-24T23:00:00")) is None


def test_nothing_is_open_after_the_last_day_not_even_what_began_on_it() -> None:
    last = window(valid_until=date(2026, 11, 28))
    assert open_until(last, utc("2026-11-28T21:00:00")) == utc("2026-11-28T23:00:00"), "its midnight, not 4 h"
    assert open_until(last, utc("2026-11-28T23:00:00")) is None
    assert open_until(window(valid_until=date(2026, 11, 27)), utc("2026-11-28T21:30:00")) is None


@pytest.mark.parametrize(
    ("start", "end", "now", "until"),
    [
        # 29 March 2026: 2:00 is 3:00. The night from 22:00 to 4:00 is an hour shorter.
        (time(22), time(4), "2026-03-28T21:00:00", "2026-03-29T02:00:00"),
        # 2:30 is shown never: it opens at 3:30 and closes at 1:30.
        (time(2, 30), time(5), "2026-03-29T01:29:59", None),
        (time(2, 30), time(5), "2026-03-29T01:30:00", "2026-03-29T03:00:00"),
        (time(1), time(2, 30), "2026-03-29T00:00:00", "2026-03-29T00:30:00"),
        # 25 October 2026: 3:00 is 2:00 again. The night is an hour longer.
        (time(22), time(4), "2026-10-24T20:00:00", "2026-10-25T03:00:00"),
        # 2:30 is shown twice: it opens with the second and closes with the first.
        (time(2, 30), time(5), "2026-10-25T00:30:00", None),
        (time(2, 30), time(5), "2026-10-25T01:30:00", "2026-10-25T04:00:00"),
        (time(1), time(2, 30), "2026-10-25T00:29:59", "2026-10-25T00:30:00"),
        (time(1), time(2, 30), "2026-10-25T00:30:00", None),
    ],
)
def test_a_turned_clock_opens_later_and_closes_earlier(
    start: time, end: time, now: str, until: str | None
) -> None:
    found = open_until(window(start=start, end=end), utc(now))
    assert found == (utc(until) if until else None)


def test_the_whole_grant_has_to_lie_in_the_opening() -> None:
    wish = request(route=ROUTE, hours=2)
    assert pre_approval(wish, [window()], utc("2026-11-29T01:00:00")) == window()
    assert pre_approval(wish, [window()], utc("2026-11-29T01:00:01")) is None
    assert pre_approval(request(route=ROUTE, hours=2.01), [window()], utc("2026-11-28T21:00:00")) is None


def test_a_window_stands_for_what_it_names_and_for_nothing_else() -> None:
    now = utc("2026-11-28T22:00:00")
    of_place = window(route=None, org=ORG, username=PEOPLE[0].upper(), permission_set="Data_Repair")
    assert pre_approval(request(), [window()], now) is None, "the same place, not asked for by the route"
    assert pre_approval(request(route="Other"), [window()], now) is None
    assert pre_approval(request(), [window(), of_place], now) == of_place
    assert pre_approval(request(place=place("Export")), [of_place], now) is None
    assert pre_approval(request(place=place(username=PEOPLE[1])), [of_place], now) is None
    assert pre_approval(request(extends="4f2a9c"), [of_place], now) is None, "it must not renew itself"


def test_a_window_does_not_stand_for_longer_by_being_asked_again(tmp_path: Path) -> None:
    book = GrantBook(Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: datetime.now(UTC)))
    policy = JitPolicy(windows=(window(start=time(0), end=time(0), max_grant=timedelta(hours=1)),))
    begin = utc("2026-11-28T22:00:00")

    def admitted(minutes: float, hours: float = 1) -> bool:
        at = begin + timedelta(minutes=minutes)
        name = book.ask(request(at, hours, route=ROUTE))
        return book.admit(name, policy, at, known=True).until is not None

    assert admitted(0, 0.5)
    assert admitted(20, 0.5), "both together are no longer than one may be"
    assert not admitted(20.5) and not admitted(49) and not admitted(50)
    assert not admitted(50.9), "nobody was without the rights for a minute"
    assert admitted(51)
    assert not admitted(110)
    book.end(book.all()[1].id, "prefect", begin + timedelta(minutes=70))
    assert admitted(71), "a run that is over is followed by the next one"


@pytest.mark.parametrize("who", ["requester", "user"])
def test_who_asks_or_gets_the_rights_does_not_stand_for_them(who: str) -> None:
    now = utc("2026-11-28T22:00:00")
    approver = " ADA" if who == "requester" else PEOPLE[0].upper()
    own = window(approver=approver)
    assert pre_approval(request(route=ROUTE), [own], now) is None
    assert pre_approval(request(route=ROUTE), [own, window(name="other")], now) == window(name="other")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"route": None}, "either a route, or org"),
        ({"org": ORG}, "either a route, or org"),
        ({"route": None, "org": ORG, "username": PEOPLE[0]}, "either a route, or org"),
        (
            {"route": None, "org": ORG, "username": "bob@x", "permission_set": "A", "approver": "Bob@X"},
            "another approver",
        ),
        ({"days": ()}, "at least one day"),
        ({"start": "22:00:00Z"}, "without an offset"),
        ({"max_grant": timedelta(hours=25)}, "less than or equal"),
        ({"max_grant": timedelta(0)}, "greater than"),
        ({"time_zone": "Zurich"}, "no IANA time zone"),
    ],
)
def test_a_window_that_could_be_misread_is_refused(changes: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        window(**changes)


def test_two_windows_have_two_names() -> None:
    with pytest.raises(ValidationError, match="two windows are named nightly"):
        JitPolicy(windows=(window(), window(route="Other")))


# In the ledger ------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: OPEN)
    yield made
    made.close()


OPEN = utc("2026-11-28T22:00:00")
POLICY = JitPolicy(windows=(window(max_grant=timedelta(hours=6)),))


def test_what_a_window_stands_for_is_noted_with_its_name_and_the_policy(ledger: Ledger) -> None:
    book = GrantBook(ledger, "a" * 64)
    name = book.ask(request(OPEN, route=ROUTE))
    grant = book.admit(name, POLICY, OPEN, known=True)
    assert (grant.window, grant.approver, grant.until) == ("nightly", "bob", OPEN + timedelta(hours=2))
    [noted] = ledger.entries(EntryKind.GRANT)
    assert (noted.actor, noted.body["window"], noted.policy) == ("window nightly", "nightly", "a" * 64)
    assert book.admit(name, POLICY, OPEN + timedelta(hours=1), known=True) == grant, "once"
    assert book.approve(name, "eve", POLICY, OPEN, known=True) == grant


def test_what_no_window_stands_for_waits_and_is_not_refused(ledger: Ledger) -> None:
    book = GrantBook(ledger)
    closed = book.ask(request(OPEN, route=ROUTE, reason="too early"))
    assert book.admit(closed, POLICY, utc("2026-11-28T12:00:00"), known=True).until is None
    unknown = book.ask(request(OPEN, route=ROUTE, reason="no such set"))
    assert book.admit(unknown, POLICY, OPEN, known=False).until is None
    beyond_the_cap = book.ask(request(OPEN, route=ROUTE, hours=5))
    assert book.admit(beyond_the_cap, POLICY, OPEN, known=True).until is None
    assert not ledger.entries(EntryKind.REFUSAL, EntryKind.GRANT)
    assert book.approve(closed, "eve", POLICY, OPEN, known=True).window is None


def test_what_was_refused_stays_refused(ledger: Ledger) -> None:
    book = GrantBook(ledger)
    name = book.ask(request(OPEN, route=ROUTE))
    with pytest.raises(GrantRefused):
        book.approve(name, "ada", POLICY, OPEN, known=True)
    assert book.admit(name, POLICY, OPEN, known=True).state(OPEN) is GrantState.REFUSED


# Against the clock on the wall ---------------------------------------------------------------------------


@pytest.mark.parametrize("zone", [ZURICH, "America/New_York", "Australia/Lord_Howe", "UTC"])
def test_an_opening_is_never_longer_than_the_wall_shows(zone: str) -> None:
    """Every quarter of an hour of the weeks in which clocks are turned, by looking at the clock alone."""
    for start, end, days in (
        (time(22), time(4), ("sat",)),
        (time(1, 30), time(2, 15), EVERY_DAY),
        (time(2), time(2), ("sun", "mon")),
    ):
        each = window(start=start, end=end, days=days, time_zone=zone)
        for first in (date(2026, 3, 7), date(2026, 3, 28), date(2026, 4, 4), date(2026, 10, 3), date(2026, 10, 24), date(2026, 10, 31)):  # fmt: skip
            now = datetime.combine(first, time(), UTC)
            open_ones = 0
            for _ in range(3 * 96):
                now += timedelta(minutes=15)
                until = open_until(each, now)
                if until is None:
                    continue
                open_ones += 1
                moment = now
                while moment < until:
                    assert _shown(each, moment), (each, now, moment)
                    moment += timedelta(minutes=15)
            assert open_ones, (each, first)


def _shown(each: PreApproval, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(each.time_zone))
    today, yesterday = EVERY_DAY[local.weekday()], EVERY_DAY[local.weekday() - 1]
    at = local.time()
    if each.start < each.end:
        return today in each.days and each.start <= at < each.end
    return (today in each.days and at >= each.start) or (yesterday in each.days and at < each.end)
