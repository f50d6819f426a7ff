"""The estate's clock: forward only, at any pace, and remembered."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deployments.sandbox.clock import Clock


def test_it_moves_forward_and_remembers(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    Clock(file).advance(timedelta(days=3))

    ahead = Clock(file).now() - datetime.now(UTC)

    assert timedelta(days=3) - timedelta(seconds=1) < ahead <= timedelta(days=3)
    with pytest.raises(ValueError, match="only moves forward"):
        Clock(file).advance(timedelta(seconds=-1))


def test_it_stands_still_over_a_restart_and_goes_on_from_there(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    still = Clock(file).run_at(0)
    time.sleep(0.05)

    again = Clock(file)
    assert abs(again.now() - still) < timedelta(milliseconds=1)
    assert again.now() == again.now()

    moved = again.advance(timedelta(hours=1))
    assert abs(moved - still - timedelta(hours=1)) < timedelta(milliseconds=1)
    again.run_at(1)
    time.sleep(0.02)
    assert timedelta() < again.now() - moved < timedelta(seconds=1)


def test_it_runs_faster(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock.json")
    began = clock.run_at(3600)
    time.sleep(0.05)

    assert timedelta(minutes=2) < clock.now() - began < timedelta(minutes=60)
    for rate in (-1.0, 1e9):
        with pytest.raises(ValueError, match="rate from 0"):
            clock.run_at(rate)


def test_a_file_of_before_paces_is_understood(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    file.write_text('{"offset_seconds": 60}')

    assert Clock(file).now() - datetime.now(UTC) > timedelta(seconds=59)
