"""`bulkhead detect-files`: who read more than usual, straight from event log files on disk."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deployments.cli.asking import JsonOption
from deployments.cli.output import Exit, complain, say, say_json, tell

if TYPE_CHECKING:
    from tasks.anomalies.model import Suspicion


def detect_files(
    files: Annotated[
        list[Path], typer.Argument(exists=True, readable=True, help="Event log files as downloaded, CSV or gzip; a folder means the .csv and .csv.gz in it.")
    ],
    since: Annotated[
        str, typer.Option(help="First day that is judged, as 2027-01-31; the days before are its history. The last day alone where it is left out.")
    ] = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """
    Flag users who read unusually much, from event log files alone: no org is asked and nothing is stored. Exit code 1 when somebody is.

    Records are added up by user and day (UTC) over all files, ten million events in seconds; leave either the hourly or the daily
    files of a day away, or its events count twice. Who has less than a week of history is not judged.

    Example: bulkhead detect-files archive/RestApi --since 2027-01-01
    """
    from tasks.anomalies.daily_volume import Span, span, unusual_days
    from tasks.telemetry.sums_gateway import FileUnusable, summed

    paths = _paths(files)
    first = _day(since) if since else None
    try:
        sums = summed(paths)
    except FileUnusable as error:
        complain(str(error), Exit.CONFIGURATION)
    there = span(sums)
    if there is None:
        complain("No event in these files has a day. Are they event log files?", Exit.CONFIGURATION)
    if first is not None and not there.first < first <= there.last:
        complain(
            f"--since takes a day after {there.first} and up to {there.last}, which the files hold.",
            Exit.CONFIGURATION,
        )
    found = unusual_days(sums, Span(first or there.last, there.last))
    tell(
        f"{int(sums['EVENTS'].sum()):,} events of {sums['USER'].n_unique():,} users, {there.first} to {there.last}; {len(found)} flagged"
    )
    _print(found, as_json=as_json)
    raise typer.Exit(Exit.FINDINGS if found else Exit.FINE)


def _paths(given: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in given:
        within = sorted([*path.glob("*.csv"), *path.glob("*.csv.gz")]) if path.is_dir() else [path]
        if not within:
            complain(f"{path}: there are no .csv or .csv.gz files in this folder.", Exit.CONFIGURATION)
        found += within
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        complain(f"--since takes a day such as 2027-01-31, not {text[:40]!r}.", Exit.CONFIGURATION)


def _print(found: "list[Suspicion]", *, as_json: bool) -> None:
    if as_json:
        say_json([
            {"day": f"{each.at:%Y-%m-%d}", "user": each.actor, "records": each.records, "usual": each.usual,
             "expected": each.expected, "severity": each.severity}
            for each in found
        ])  # fmt: skip
        return
    say("day,user,records,usual")
    for each in found:
        say(f"{each.at:%Y-%m-%d},{each.actor},{each.records},{'' if each.usual is None else each.usual}")


def add_to(main: typer.Typer) -> None:
    main.command("detect-files")(detect_files)
