"""`bulkhead detect-series`: what is unusual in a file of times and values."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deployments.cli.asking import JsonOption
from deployments.cli.output import Exit, complain, say, say_json, tell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tasks.anomalies.series import Floats, SeriesFlags

SIDES = ("both", "up", "down")
_GAPS = frozenset({"", "nan", "null", "none", "na"})
_UNITS = ((1e9, 1e17), (1e6, 1e14), (1e3, 1e11))
"""Nano-, micro- and milliseconds since 1970, each from which number on."""
_TIMES = ("timestamp", "timestamps", "time", "datetime", "date", "ds")
_VALUES = ("value", "values", "y")


def detect_series(
    file: Annotated[
        Path, typer.Argument(help="CSV with a time and a value in each line; further columns are left alone.")
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="Every line with its flag, not only what is flagged.")
    ] = False,
    side: Annotated[str, typer.Option(help=f"Which way values may be unusual: {', '.join(SIDES)}.")] = "both",
    deviations: Annotated[
        float, typer.Option(help="Least distance, in robust deviations, that is flagged.")
    ] = 5.0,
    as_json: JsonOption = False,
) -> None:
    """
    Flag unusual values of a series: CSV of timestamp,value,expected,score,flag. Exit code 1 when something is flagged.

    Times are ISO 8601 or seconds (milli-, micro-, nanoseconds) since 1970; an empty value is a gap; lines may come in any order, and
    of several with one time the mean is judged. Each value is judged by those before it alone.

    Example: bulkhead detect-series rows-per-hour.csv --all > flags.csv
    """
    from tasks.anomalies.series import SeriesSettings, SeriesUnusable, flag_series

    if side not in SIDES:
        complain(f"--side takes one of {', '.join(SIDES)}, not {side}.", Exit.CONFIGURATION)
    if not deviations > 0:
        complain("--deviations takes a number over 0.", Exit.CONFIGURATION)
    rows = _read(file)
    seconds, values, places = _merged(rows)
    if (twice := len(rows) - len(seconds)) > 0:
        tell(f"{twice} lines have a time that was there before (clocks set back?): the mean is judged")
    try:
        judged = flag_series(seconds, values, SeriesSettings(deviations=deviations, side=side))
    except SeriesUnusable as error:
        complain(f"{file}: {error}", Exit.CONFIGURATION)
    found = replace(
        judged, expected=judged.expected[places], score=judged.score[places], flagged=judged.flagged[places]
    )
    tell(f"{len(rows)} values, one every {found.step_seconds:g} s; {int(found.flagged.sum())} are flagged")
    _print(rows, found, everything=everything, as_json=as_json)
    raise typer.Exit(Exit.FINDINGS if found.flagged.any() else Exit.FINE)


def _print(
    rows: list[tuple[str, float, float]], found: "SeriesFlags", *, everything: bool, as_json: bool
) -> None:
    shown = [n for n in range(len(rows)) if everything or found.flagged[n]]
    if as_json:
        say_json([
            {"timestamp": rows[n][0], "value": _number(rows[n][2]), "expected": _number(found.expected[n]),
             "score": round(float(found.score[n]), 4), "flag": bool(found.flagged[n])}
            for n in shown
        ])  # fmt: skip
        return
    say("timestamp,value,expected,score,flag")
    for n in shown:
        value, expected = (_text(number) for number in (rows[n][2], found.expected[n]))
        say(f"{rows[n][0]},{value},{expected},{found.score[n]:.4f},{int(found.flagged[n])}")


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _text(value: float) -> str:
    return f"{value:.10g}" if isfinite(value) else ""


def _read(file: Path) -> list[tuple[str, float, float]]:
    """Time as written, seconds, and value, in the order of time. Complains about the first line that cannot be read."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as opened:
            head = opened.readline()
            opened.seek(0)
            marks = [mark for mark in ",;\t" if mark in head]
            lines = list(csv.reader(opened, delimiter=marks[0] if marks else ","))
    except UnicodeDecodeError:
        complain(f"{file}: this is no text in UTF-8.", Exit.CONFIGURATION)
    except csv.Error as error:
        complain(f"{file}: this is no CSV ({error}).", Exit.CONFIGURATION)
    time_column, value_column, first = _columns(lines, file)
    rows = []
    for number, cells in enumerate(lines[first:], first + 1):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) <= max(time_column, value_column):
            complain(
                f"{file}, line {number}: a time and a value are needed, and there are {len(cells)} columns.",
                Exit.CONFIGURATION,
            )
        stamp = cells[time_column].strip()
        seconds = _seconds(stamp)
        if seconds is None:
            complain(
                f"{file}, line {number}: {stamp[:40]!r} is no time. Write 2027-01-31T08:00:00Z, or seconds since 1970.",
                Exit.CONFIGURATION,
            )
        rows.append((stamp, seconds, _value(cells[value_column].strip(), file, number)))
    rows.sort(key=lambda row: row[1])
    return rows


def _merged(rows: list[tuple[str, float, float]]) -> "tuple[Floats, Floats, NDArray[np.int64]]":
    """Seconds and values with each time once, at the mean of its values, and which of them each row belongs to."""
    import numpy as np

    times, places = np.unique(np.array([row[1] for row in rows], float), return_inverse=True)
    values = np.array([row[2] for row in rows], float)
    there = ~np.isnan(values)
    sums = np.bincount(places[there], values[there], len(times))
    counts = np.bincount(places[there], minlength=len(times))
    mean = np.divide(sums, counts, out=np.full(len(times), np.nan), where=counts > 0)
    return times, mean, places


def _columns(lines: list[list[str]], file: Path) -> tuple[int, int, int]:
    """
    Columns of times and values, and the first line of data. Known names count; else the first column that holds a time, and the
    next one.
    """
    if not lines:
        complain(f"{file}: the file is empty.", Exit.CONFIGURATION)
    names = ["".join(filter(str.isalnum, cell.lower())) for cell in lines[0]]
    if _seconds(lines[0][0].strip() if lines[0] else "") is not None:
        return 0, 1, 0
    if len(names) < 2:
        complain(
            f"{file}: a column of times and one of values are needed, and there is one.", Exit.CONFIGURATION
        )
    sample = lines[1] if len(lines) > 1 else []
    times = [
        n for n, cell in enumerate(sample) if _seconds(cell.strip()) is not None and names[n : n + 1] != [""]
    ]
    time_column = next((names.index(name) for name in _TIMES if name in names), next(iter(times), 0))
    after = time_column + 1 if time_column + 1 < len(names) else 0
    return time_column, next((names.index(name) for name in _VALUES if name in names), after), 1


def _seconds(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if not isfinite(number):
        return None
    for unit, least in _UNITS:
        if abs(number) >= least:
            return number / unit
    return number


def _value(text: str, file: Path, number: int) -> float:
    if text.lower() in _GAPS:
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        complain(f"{file}, line {number}: {text[:40]!r} is no number.", Exit.CONFIGURATION)
    if not isfinite(value):
        complain(f"{file}, line {number}: {text[:40]!r} is no finite number.", Exit.CONFIGURATION)
    return value


def add_to(main: typer.Typer) -> None:
    main.command("detect-series")(detect_series)
