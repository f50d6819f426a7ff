"""A look goes back over a bounded time, and days asked for one by one bring what all of them bring in one go."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.bench.back_test import fill
from deployments.bench.detection.run import played
from tasks.anomalies.backtest import back_tested
from tasks.anomalies.detections import DETECTIONS
from tasks.anomalies.history_gateway import History
from tasks.anomalies.model import DAY, Suspicion
from tasks.anomalies.model_live import Known, TuningDocument
from tasks.anomalies.window import BASELINE, LONGEST, MONTH_ENDS, WEEK, first_of, week_of, weeks
from tasks.telemetry.store import TelemetryStore
from tests.slices import chosen

MOMENTS = st.integers(0, 3 * 366 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
EVERY = TuningDocument(also=tuple(each.name for each in DETECTIONS if not each.standard))


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_pieces_lie_in_a_week_each_and_are_the_whole_together(since: datetime, length: timedelta) -> None:
    pieces = list(weeks(since, since + length))
    assert sum((end - start for start, end in pieces), timedelta(0)) == length
    assert all(one[1] == other[0] for one, other in pairwise(pieces))
    assert all(week_of(start) <= start < end <= week_of(start) + WEEK for start, end in pieces)


@given(MOMENTS, st.timedeltas(DAY, 400 * DAY))
def test_no_look_goes_back_further_than_the_longest_window_and_a_week(
    judged: datetime, history: timedelta
) -> None:
    assert judged - first_of(judged, history) < LONGEST + WEEK
    assert judged - first_of(judged, history) >= min(history, LONGEST)
    assert BASELINE < MONTH_ENDS <= LONGEST < MONTH_ENDS + WEEK


def _looks(
    store: TelemetryStore, known: Known, since: datetime, until: datetime, by: timedelta
) -> Iterator[Suspicion]:
    """Every hit of every detection."""
    while since < until:
        tested = back_tested(
            known.org, History(store, known.org), known, (EVERY, EVERY), (), (),
            tiers="files", since=since, until=min(since + by, until), history=42 * DAY, quiet=timedelta(0),
        )  # fmt: skip
        yield from tested.now
        since += by


@pytest.mark.slow
@pytest.mark.parametrize("seed", chosen(range(20), 2))
def test_days_one_by_one_bring_the_same_as_all_in_one_go(seed: int, tmp_path: Path) -> None:
    game = played(seed, orgs=2, machines=3, persons=8)
    store = TelemetryStore(tmp_path.as_posix())
    fill(store, game)
    brought = 0
    for org in game.world.orgs:
        members = tuple(each for each in game.world.members if each.org == org)
        known = Known(
            org=org, at=game.world.until, members=members, restricted=tuple(sorted(game.context.restricted))
        )
        since, until = game.world.until - 28 * DAY, game.world.until
        whole = list(_looks(store, known, since, until, 28 * DAY))
        single = list(_looks(store, known, since, until, DAY))
        assert _told(single) == _told(whole)
        brought += len(whole)
    assert brought > 10


def _told(found: list[Suspicion]) -> list[str]:
    return sorted(each.model_dump_json() for each in found)
