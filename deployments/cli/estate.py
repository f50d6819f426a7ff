"""`bulkhead register` and `bulkhead doctor`."""

from pathlib import Path
from typing import Annotated

import typer

from deployments import server
from deployments.cli.output import Exit, say, say_json
from deployments.cli.running import SchedulesOption
from deployments.files import read_files
from deployments.settings import home


def register(
    estate: Annotated[Path, typer.Argument(help="The estate file.")] = Path("estate.yaml"),
    policy: Annotated[
        Path | None,
        typer.Option(help="The policy file; `policy.yaml` beside the estate file when not given."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only check the files; save nothing.")] = False,
    schedules: SchedulesOption = True,
) -> None:
    """
    Check estate.yaml and policy.yaml, save them as Blocks, and register every deployment.

    Example: bulkhead register estate.yaml
    """
    # First of all, so that mistakes show without anything running.
    found, _ = read_files(estate, policy)
    if check:
        say(f"{estate} is right: {len(found.orgs)} orgs, {len(found.routes)} routes")
        return
    server.connect(home())
    from deployments.register import register_deployments, register_files

    found = register_files(estate, policy)
    say(f"registered {found.name}: {', '.join(org.alias for org in found.orgs)}")
    for name in register_deployments(schedules=schedules, estate=found):
        say(f"deployed   {name}")


def doctor(
    org: Annotated[list[str] | None, typer.Option(help="Only this org; may be given several times.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine to read.")] = False,
) -> None:
    """
    Sign in to every org and say what we can see there, what not, and which right is missing.

    Example: bulkhead doctor --org emea
    """
    server.connect(home())
    from deployments.doctor import as_text, examine

    found = examine(org or [])
    if as_json:
        say_json([check.document() for check in found])
    else:
        say(as_text(found))
    if any(check.error for check in found):
        raise typer.Exit(Exit.ORG_UNREADABLE)


def add_to(app: typer.Typer) -> None:
    for command in (register, doctor):
        app.command()(command)
