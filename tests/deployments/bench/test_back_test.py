"""What the benchmark of back-tests prints, and that it really asks the store."""

from pathlib import Path

import pytest

from deployments.bench.back_test import BackTestFigures, as_text, ask, fill
from deployments.bench.detection.run import played
from tasks.telemetry.store import TelemetryStore

GOOD = BackTestFigures(
    orgs=4, users=120, events=1000, seconds=60.0, mib=300.0, suspicions=9, short=1.0, long=1.2
)


@pytest.mark.parametrize("worse", [{"seconds": 601.0}, {"long": 1.6}, {"suspicions": 0}], ids=str)
def test_one_miss_is_no_good_result(worse: dict[str, float]) -> None:
    assert GOOD.good and "NOT GOOD" not in as_text(GOOD)
    assert not BackTestFigures(**{**GOOD.__dict__, **worse}).good


@pytest.mark.slow
def test_what_the_store_holds_is_what_is_judged(tmp_path: Path) -> None:
    game = played(100, orgs=3, machines=2, persons=5)
    store = TelemetryStore((tmp_path / "filled").as_posix())
    assert fill(store, game) > 1_000
    assert ask(store, game, "test", 30) > 0
    assert ask(TelemetryStore((tmp_path / "empty").as_posix()), game, "test", 30) == 0
