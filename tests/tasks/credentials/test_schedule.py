"""What is due when, and the same as an iCalendar file."""

from datetime import timedelta

import pytest

from tasks.credentials.icalendar import icalendar
from tasks.credentials.model import CredentialAge, CredentialKind
from tasks.credentials.schedule import scheduled, state, told
from tasks.credentials.words import calendar_markdown, calendar_rows
from tasks.estate.model_rotation import RotationPolicy
from tests.tasks.audit.evidence_factory import NOW, World, certificate, days

RULES = RotationPolicy()


def line(kind: CredentialKind = CredentialKind.SECRET, age: int = 10, **changes: object) -> CredentialAge:
    fields = {
        "org": "hq",
        "kind": kind,
        "name": "mw",
        "since": days(age),
        "expires": None,
        "age": timedelta(days=age),
        "used_by": ("secret:mw->emea",),
    }
    return CredentialAge.model_validate(fields | changes)


def due(each: CredentialAge):
    (found,) = scheduled([each], RULES)
    return found.due


def test_a_secret_is_due_when_it_is_as_old_as_policy_lets_it_be() -> None:
    assert due(line(age=10)) == (NOW + timedelta(days=80)).date()
    (late,) = scheduled([line(age=91)], RULES)
    assert (state(late, NOW), late.why) == ("overdue", f"it is of {days(91).date()}")
    (today,) = scheduled([line(age=90)], RULES)
    assert state(today, NOW) == "soon", "the last day is not over yet"


def test_a_certificate_is_due_a_warning_before_it_ends() -> None:
    ends = (NOW + timedelta(days=200)).date()
    accepted = line(CredentialKind.CERTIFICATE, since=None, age=0, expires=ends, used_by=())
    assert due(accepted) == ends - RULES.expiry_warning


def test_a_key_pair_that_signs_is_due_by_its_age_and_one_that_only_shows_itself_by_its_end() -> None:
    ends = (NOW + timedelta(days=300)).date()
    signs = line(CredentialKind.KEY_PAIR, expires=ends, used_by=("certificate:hq/mw->emea",))
    shows = line(CredentialKind.KEY_PAIR, expires=ends, used_by=("certificate:hq/other->emea",))
    assert due(signs) == (NOW + timedelta(days=80)).date()
    assert due(shows) == ends - RULES.expiry_warning


def test_what_nobody_uses_or_nothing_dates_is_due_on_no_day() -> None:
    ends = (NOW + timedelta(days=5)).date()
    lines = scheduled(
        [line(CredentialKind.KEY_PAIR, expires=ends, used_by=()), line(since=None, name="undated")], RULES
    )
    assert [each.due for each in lines] == [None, None]
    assert sorted(state(each, NOW) for each in lines) == ["no date", "not used"]


def test_the_assessment_brings_days_and_people_see_what_is_due_first() -> None:
    world = World().add("hq", certificates=(certificate("Forgotten", age=900),))
    ages = world.evidence().ages
    days_due = [each.due for each in ages if each.due]
    assert days_due == sorted(days_due) and days_due
    late = scheduled([line(age=100), line(age=70, name="next")], RULES)
    text = calendar_markdown(late, {"emea": "it did not answer"}, NOW)
    assert (
        text.index("## Overdue") < text.index("mw") < text.index("## Due within 30 days") < text.index("next")
    )
    assert "emea is not in it: it did not answer" in text and told(late, NOW) == "1 overdue, 1 soon"
    assert [row["state"] for row in calendar_rows(late, NOW)] == ["overdue", "soon"]


@pytest.fixture
def content() -> list[str]:
    """Unfolded, as a reader of RFC 5545 does it."""
    name = "Über;lang, " + "ä" * 80
    text = icalendar(scheduled([line(name=name), line(since=None, name="undated")], RULES), NOW)
    assert all(len(each.encode()) <= 75 for each in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")


def test_an_icalendar_file_has_one_event_for_each_day(content: list[str]) -> None:
    assert (content[0], content[-2], content[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert content.count("BEGIN:VEVENT") == content.count("END:VEVENT") == 1
    day = (NOW + timedelta(days=80)).date()
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in content
    (summary,) = [each for each in content if each.startswith("SUMMARY:")]
    assert summary == "SUMMARY:Renew secret Über\\;lang\\, " + "ä" * 80 + " (hq)"
    assert {"VERSION:2.0", f"DTSTAMP:{NOW:%Y%m%dT%H%M%SZ}"} <= set(content)


def test_an_event_keeps_its_name_when_its_day_moves() -> None:
    def uid(age: int) -> str:
        text = icalendar(scheduled([line(age=age)], RULES), NOW)
        return next(each for each in text.split("\r\n") if each.startswith("UID:"))

    assert uid(10) == uid(50)


def test_people_see_a_few_users_and_how_many_there_are() -> None:
    line = CredentialAge(
        org="hq",
        kind=CredentialKind.CERTIFICATE,
        name="Middleware_Client",
        since=None,
        expires=None,
        age=None,
        used_by=tuple("abcde"),
    )
    (row,), (whole,) = calendar_rows([line], NOW, 3), calendar_rows([line], NOW)
    assert row["used by"] == "a, b, c and 2 more" and whole["used by"] == "a, b, c, d, e"
    (few,) = calendar_rows([line.model_copy(update={"used_by": ("a", "b", "c")})], NOW, 3)
    assert few["used by"] == "a, b, c"
