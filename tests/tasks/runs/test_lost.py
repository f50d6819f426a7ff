"""A run is called lost only when nothing was heard of it twice, and when anything could have been heard."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tasks.runs.lost import HEARTBEAT, SECOND_LOOK, SILENCE, hears, lost, silent
from tasks.runs.model import Going

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = NOW + SECOND_LOOK
WITHIN = timedelta(minutes=5)
LOOKS_EVERY, START = timedelta(minutes=1), timedelta(seconds=20)


def going(heard: datetime, run: str = "1") -> Going:
    return Going(id=run, name="bold-otter", job="assessment", heard=heard)


def test_what_said_nothing_at_two_looks_is_lost() -> None:
    run = going(NOW - SILENCE - timedelta(seconds=1))
    assert lost(silent([run], NOW), [run], LATER) == [run]


def test_one_that_speaks_between_the_looks_lives() -> None:
    first = going(NOW - SILENCE - timedelta(seconds=1))
    assert lost(silent([first], NOW), [going(NOW + timedelta(seconds=5))], LATER) == []


def test_one_that_was_heard_late_lives_although_it_is_silent_still() -> None:
    """Its event was under way for longer than others; who speaks is not judged by an older word."""
    first, second = going(NOW - 3 * SILENCE), going(NOW - 2 * SILENCE)
    assert lost(silent([first], NOW), [second], LATER) == []


def test_one_that_ended_between_the_looks_is_none() -> None:
    assert lost([going(NOW - 2 * SILENCE)], [], LATER) == []


def test_one_that_was_not_silent_at_the_first_look_waits_for_the_next() -> None:
    run = going(NOW - SILENCE)
    assert silent([run], NOW) == []
    assert lost([], [run], LATER) == []


@given(phase=st.floats(0, 30), left_out=st.integers(0, 2), way=st.floats(0, 8))
def test_a_living_run_that_loses_two_heartbeats_in_a_row_is_never_ended(
    phase: float, left_out: int, way: float
) -> None:
    silence = HEARTBEAT * (left_out + 1) + timedelta(seconds=way)
    beats = [NOW - silence + HEARTBEAT * number for number in range(12)]
    heard = {look: max(b for b in beats if b + timedelta(seconds=way) <= look) for look in (NOW, LATER)}
    assert not lost(silent([going(heard[NOW])], NOW), [going(heard[LATER])], LATER)


def test_a_lost_run_has_ended_within_five_minutes() -> None:
    assert SILENCE + LOOKS_EVERY + START + SECOND_LOOK + START < WITHIN


def test_where_the_looking_run_is_not_heard_itself_nobody_is_judged() -> None:
    assert not hears(None, NOW)
    assert not hears(NOW - SECOND_LOOK - timedelta(seconds=1), NOW)
    assert hears(NOW - HEARTBEAT, NOW)
