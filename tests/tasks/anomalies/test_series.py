"""What is unusual in any series: seasons, drops, gaps, and errors that say which line."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from deployments.cli.main import app
from tasks.anomalies.series import SeriesSettings, SeriesUnusable, flag_series

HOUR = 3600.0


def series(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng, places = np.random.default_rng(seed), np.arange(count)
    return places * HOUR, 100 + 50 * np.sin(2 * np.pi * places / 24) + rng.normal(0, 5, count)


def test_a_peak_and_a_drop_in_a_season_are_flagged_and_nothing_else() -> None:
    seconds, values = series(1_000)
    values[700] += 70
    values[850:854] = 5
    flagged = np.flatnonzero(flag_series(seconds, values).flagged)
    assert 700 in flagged and 850 in flagged
    assert set(flagged) <= {700, *range(850, 858)}


def test_only_one_side() -> None:
    seconds, values = series(1_000)
    values[700] += 70
    values[850] -= 90
    assert np.flatnonzero(flag_series(seconds, values, SeriesSettings(side="up")).flagged).tolist() == [700]


def test_each_value_is_judged_by_those_before_it_alone() -> None:
    seconds, values = series(600)
    values[500] += 80
    whole, part = flag_series(seconds, values), flag_series(seconds[:550], values[:550])
    assert np.array_equal(whole.flagged[:550], part.flagged)


def test_gaps_are_no_anomalies() -> None:
    seconds, values = series(1_000)
    values[400:420] = np.nan
    kept = np.r_[0:600, 640:1_000]
    assert not flag_series(seconds[kept], values[kept]).flagged.any()


def test_a_value_that_no_longer_moves_is_flagged() -> None:
    seconds, values = series(1_000)
    values[600:700] = values[600]
    assert flag_series(seconds, values).flagged[625:700].any()


def test_too_few_values_and_times_that_go_back_are_refused() -> None:
    with pytest.raises(SeriesUnusable, match="too few"):
        flag_series(np.arange(5) * HOUR, np.ones(5))
    seconds, values = series(100)
    seconds[50] = seconds[49]
    with pytest.raises(SeriesUnusable, match="Value 51"):
        flag_series(seconds, values)


def written(path: Path, lines: list[str]) -> str:
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_the_command_prints_flags(tmp_path: Path) -> None:
    seconds, values = series(400)
    values[300] += 90
    lines = ["timestamp,value,label", *(f"{int(s)},{v:.3f},0" for s, v in zip(seconds, values, strict=True))]
    answer = CliRunner().invoke(app, ["detect-series", written(tmp_path / "a.csv", lines)])
    assert answer.exit_code == 1
    printed = answer.stdout.splitlines()
    assert printed[0] == "timestamp,value,expected,score,flag"
    assert [line.split(",")[0] for line in printed[1:]] == [str(300 * 3600)]
    whole = CliRunner().invoke(app, ["detect-series", str(tmp_path / "a.csv"), "--all"])
    assert len(whole.stdout.splitlines()) == 401


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2026-01-01T05:00:00Z,abc", "line 6: 'abc' is no number"),
        ("yesterday,5", "line 6: 'yesterday' is no time"),
        ("2026-01-01T05:00:00Z", "line 6: a time and a value are needed"),
        ("2026-01-01T05:00:00Z,inf", "line 6: 'inf' is no finite number"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, words: str) -> None:
    good = [f"2026-01-01T{hour:02d}:00:00Z,{hour}" for hour in range(4)]
    answer = CliRunner().invoke(
        app, ["detect-series", written(tmp_path / "a.csv", ["timestamp,value", *good, line])]
    )
    assert answer.exit_code == 2
    assert words in answer.output


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("timestamp,value", "{t},{v}"),
        ("value,timestamp", "{v},{t}"),
        (",timestamp,value", "3,{t},{v}"),
        ("KPI ID,time stamp,kpi", "a,{t},{v}"),
        ("ds;y", "{t};{v}"),
        ("timestamp,value", "{t}000,{v}"),
        ("timestamp,value", "{t}000000,{v}"),
        ("timestamp,value", "{t}000000000,{v}"),
    ],
)
def test_columns_and_times_are_found_however_they_are_written(tmp_path: Path, header: str, line: str) -> None:
    _, values = series(400)
    values[300] += 90
    lines = [line.format(t=1_500_000_000 + 3_600 * n, v=f"{v:.3f}") for n, v in enumerate(values)]
    answer = CliRunner().invoke(
        app, ["detect-series", written(tmp_path / "a.csv", [header, *lines]), "--all"]
    )
    flagged = [row for row in answer.stdout.splitlines()[1:] if row.endswith(",1")]
    assert len(flagged) == 1 and "one every 3600 s" in answer.output
    assert len(answer.stdout.splitlines()) == 401


def test_a_time_that_is_there_twice_is_judged_by_its_mean_and_said(tmp_path: Path) -> None:
    seconds, values = series(200)
    lines = [f"{int(s)},{v}" for s, v in zip(seconds, values, strict=True)]
    answer = CliRunner().invoke(
        app, ["detect-series", written(tmp_path / "a.csv", ["timestamp,value", *lines, lines[9]]), "--all"]
    )
    assert "1 lines have a time that was there before" in answer.output
    assert len(answer.stdout.splitlines()) == 202


def test_one_column_is_refused(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["detect-series", written(tmp_path / "a.csv", ["value", "1", "2"])])
    assert answer.exit_code == 2
    assert "a column of times and one of values are needed" in answer.output
