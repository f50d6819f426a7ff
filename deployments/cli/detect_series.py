"""`bulkhead detect-series`: what is unusual in a file of times and values."""

import csv
from datetime import UTC, datetime
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deployments.cli.asking import JsonOption
from deployments.cli.output import Exit, complain, say, say_json, tell

if TYPE_CHECKING:
    from tasks.anomalies.series import SeriesFlags

SIDES = ("both", "up", "down")
_GAPS = frozenset({"", "nan", "null", "none", "na"})
_MILLISECONDS_FROM = 1e11


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

    Times are ISO 8601 or seconds (or milliseconds) since 1970; an empty value is a gap; lines may come in any order. Each value is
    judged by those before it alone.

    Example: bulkhead detect-series rows-per-hour.csv --all > flags.csv
    """
    import numpy as np

    from tasks.anomalies.series import SeriesSettings, SeriesUnusable, flag_series

    if side not in SIDES:
        complain(f"--side takes one of {', '.join(SIDES)}, not {side}.", Exit.CONFIGURATION)
    if not deviations > 0:
        complain("--deviations takes a number over 0.", Exit.CONFIGURATION)
    rows = _read(file)
    seconds, values = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    try:
        found = flag_series(seconds, values, SeriesSettings(deviations=deviations, side=side))
    except SeriesUnusable as error:
        complain(f"{file}: {error}", Exit.CONFIGURATION)
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
            lines = list(csv.reader(opened))
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
    for before, after in pairwise(rows):
        if before[1] == after[1]:
            complain(
                f"{file}: the time {after[0]} is there twice. Add the values up, or take their mean, first.",
                Exit.CONFIGURATION,
            )
    return rows


def _columns(lines: list[list[str]], file: Path) -> tuple[int, int, int]:
    """Columns of times and values, and the first line of data. A first line without a time in it is a header."""
    if not lines:
        complain(f"{file}: the file is empty.", Exit.CONFIGURATION)
    names = [cell.strip().lower() for cell in lines[0]]
    if names and _seconds(names[0].upper()) is not None:
        return 0, 1, 0
    time_column = next(
        (
            names.index(name)
            for name in ("timestamp", "timestamps", "time", "datetime", "date")
            if name in names
        ),
        0,
    )
    return time_column, names.index("value") if "value" in names else time_column + 1, 1


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
    return number / 1000 if abs(number) >= _MILLISECONDS_FROM else number


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
