"""What the benchmark of event log files prints, and the sums that it compares."""

from pathlib import Path
from typing import Any

import pytest

from deployments.bench.events import LAST_DAY, THIEF, EventFigures, _bare, _user, as_text, make_files
from tasks.anomalies.daily_volume import unusual_days
from tasks.telemetry.sums_gateway import summed

GOOD = EventFigures(
    rows=1000, files=10, megabytes=1.0, bare=1.0, bare_mib=900.0, ours=1.4, ours_mib=300.0, day=0.1, kept=3.0, kept_mib=500.0,
    same=True, alerts=("thief",), thief="thief",
)  # fmt: skip


@pytest.mark.parametrize(
    "worse",
    [
        {"ours": 1.6},
        {"ours_mib": 513.0},
        {"kept_mib": 513.0},
        {"same": False},
        {"alerts": ()},
        {"alerts": ("thief", "other")},
    ],
    ids=str,
)
def test_one_miss_is_no_good_result(worse: dict[str, Any]) -> None:
    assert GOOD.good and "NOT GOOD" not in as_text(GOOD)
    assert not EventFigures(**{**GOOD.__dict__, **worse}).good


def test_sums_are_those_of_bare_polars_and_a_new_day_is_added_to_them(tmp_path: Path) -> None:
    make_files(tmp_path, 2_000)
    paths = sorted(tmp_path.glob("*.csv.gz"))
    ours = summed(paths[-1:], summed(paths[:-1])).sort("USER", "DAY")
    assert ours.select(sorted(ours.columns)).equals(
        (bare := _bare(paths).sort("USER", "DAY")).select(sorted(bare.columns))
    )
    assert ours["EVENTS"].sum() == 2_000 and ours["FAILED"].sum() > 0


def test_the_product_s_detection_finds_the_stolen_key_and_nothing_else(tmp_path: Path) -> None:
    make_files(tmp_path, 20_000)
    paths = sorted(tmp_path.glob("*.csv.gz"))
    (found,) = unusual_days(summed(paths), LAST_DAY)
    assert found.detection == "unusual-volume" and found.actor == _user(THIEF) and found.records >= 400_000
    assert unusual_days(summed(paths[:-1]), LAST_DAY) == []
