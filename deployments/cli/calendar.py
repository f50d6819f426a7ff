"""`bulkhead calendar`: what expires when, as a table or for the calendars of people."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.asking import JsonOption
from deployments.cli.output import Exit, complain, say, say_json, tell
from deployments.settings import home


def calendar(
    ics: Annotated[
        Path | None,
        typer.Option(help="File to write in iCalendar format (RFC 5545), to subscribe to or import."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """
    Show what credentials the last assessment found, and by which day policy wants each new.

    Example: bulkhead calendar --ics credentials.ics
    """
    from tasks.audit.gateway import kept_assessments
    from tasks.credentials.icalendar import icalendar
    from tasks.credentials.schedule import state, told
    from tasks.reports.artifacts import calendar_table
    from tasks.reports.order import ages

    assessment = next(kept_assessments(home().reports), None)
    if assessment is None:
        complain("There is no assessment yet. Run `bulkhead run assessment`.", Exit.CONFIGURATION)
    lines = ages(assessment)
    if ics is not None:
        # Whole lines end in CR LF, which the platform's own way of writing texts would alter.
        ics.write_bytes(icalendar(lines, assessment.made_at).encode())
        tell(f"wrote {ics}: {told(lines, assessment.made_at)}")
    elif as_json:
        say_json(calendar_table(assessment))
    else:
        for line in lines:
            day = line.due.isoformat() if line.due else "no date   "
            word = state(line, assessment.made_at)
            say(f"{day}  {word:<8}  {line.org:<12} {line.kind.value:<12} {line.name}")
        tell(told(lines, assessment.made_at))


def add_to(app: typer.Typer) -> None:
    app.command()(calendar)
