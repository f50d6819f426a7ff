"""Where a look at the event bus goes on, and when its word is enough."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tasks.telemetry.bus import Told, place_after, record_of, spares_polling, start_at, unheard
from tasks.telemetry.model import BusPlace, Cursor

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
REPLAY = b"\x01\x07"
AT_REPLAY = BusPlace(
    replay=b64encode(REPLAY).decode(), heard=NOW - HOUR, looked=NOW - HOUR, since=NOW - 9 * HOUR
)


def test_the_first_look_asks_for_all_that_is_kept_and_the_next_goes_on_behind_it() -> None:
    assert start_at(None, NOW) == "earliest"
    after = place_after(None, Told(replay=REPLAY, whole=True), NOW)
    assert after is not None and after.since == NOW and start_at(after, NOW + HOUR) == REPLAY
    silent = place_after(after, Told(whole=True), NOW + HOUR)
    assert silent is not None and start_at(silent, NOW + HOUR) == REPLAY
    assert (silent.heard, silent.looked, silent.since) == (NOW, NOW + HOUR, NOW)


def test_a_topic_on_which_nothing_comes_for_days_is_no_gap() -> None:
    """Its last replay id ends, although somebody looked all the time."""
    quiet = AT_REPLAY.model_copy(update={"heard": NOW - 80 * HOUR})
    assert start_at(quiet, NOW) == "earliest"
    away = quiet.model_copy(update={"looked": NOW - 80 * HOUR})
    assert start_at(away, NOW) == REPLAY


def test_more_than_a_look_takes_is_left_to_polling_and_heard_again_from_the_newest_on() -> None:
    after = place_after(AT_REPLAY, Told(replay=b"\x09"), NOW)
    assert after is not None and start_at(after, NOW) == "latest" and after.since is None
    still = place_after(after, Told(whole=True), NOW + HOUR)
    assert still is not None and start_at(still, NOW) == "latest" and still.since is None
    heard = place_after(still, Told(replay=b"\x0a", whole=True), NOW + 2 * HOUR)
    assert heard is not None and start_at(heard, NOW) == b"\x0a" and heard.since == NOW + 2 * HOUR


def test_what_could_not_be_heard_leaves_the_place_and_what_is_lost_begins_anew() -> None:
    assert place_after(AT_REPLAY, Told(why="no answer"), NOW) == AT_REPLAY
    assert place_after(AT_REPLAY, Told(why="gone", lost=True), NOW) is None


@given(
    since=st.one_of(st.none(), st.integers(-100, 100)),
    polled=st.one_of(st.none(), st.integers(-100, 100)),
    whole=st.booleans(),
    overlap=st.integers(0, 50),
)
def test_nothing_is_left_unpolled_that_the_bus_has_not_told(
    since: int | None, polled: int | None, whole: bool, overlap: int
) -> None:
    minutes = timedelta(minutes=1)
    place = BusPlace(looked=NOW, since=None if since is None else NOW + since * minutes)
    cursor = None if polled is None else Cursor(at=NOW + polled * minutes)
    spared = spares_polling(place, Told(whole=whole), cursor, overlap * minutes)
    assert spared == (whole and since is not None and polled is not None and since + overlap <= polled)


def test_an_event_gets_the_fields_of_the_stored_object_or_all_of_its_own() -> None:
    event = {"CreatedById": "005", "EventUuid": "u", "EventDate": NOW, "Query": "q", "New": 1}
    assert record_of(event, ("EventDate", "Query", "Client")) == {
        "EventDate": NOW,
        "Query": "q",
        "Client": None,
    }
    assert record_of(event, None) == {"EventDate": NOW, "Query": "q", "New": 1}


def test_topics_that_are_silent_for_one_reason_are_named_together() -> None:
    told = {"ApiEvent": Told(why="no answer"), "LoginEvent": Told(why="no answer"), "UriEvent": Told(), "FileEventStore": Told(whole=True)}  # fmt: skip
    first, second = unheard(told)
    assert first.what == "the event bus on ApiEvent, LoginEvent" and "no answer. Instead: " in first.why
    assert "UriEvent" in second.what and "more came than one look takes" in second.why
