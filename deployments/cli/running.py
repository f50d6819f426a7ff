"""`bulkhead up`, `down`, `status`."""

from typing import Annotated

import typer

from deployments import server
from deployments.cli.output import say, say_json, tell
from deployments.settings import DEFAULT_PORT, home

PortOption = Annotated[int, typer.Option(help="Port of the Prefect server on this machine.")]

SchedulesOption = Annotated[
    bool, typer.Option(help="Let jobs start by their schedules; without, only people start them.")
]


def up(
    port: PortOption = DEFAULT_PORT,
    sandbox: Annotated[bool, typer.Option(help="Start the embedded estate as well and register it.")] = True,
    users: Annotated[int, typer.Option(help="Users of the embedded estate, over all orgs.")] = 8000,
    seed: Annotated[int, typer.Option(help="Number the embedded estate is made from.")] = 0,
    schedules: SchedulesOption = True,
) -> None:
    """
    Start Prefect, a worker and the embedded estate; register its Blocks and every deployment.

    Where an estate of your own is registered, start with --no-sandbox: the embedded one does not take its place.

    Example: bulkhead up --port 4300
    """
    running = server.up(
        home(), port=port, sandbox=sandbox, users=users, seed=seed, schedules=schedules, tell=tell
    )
    say(f"Prefect UI   {running.ui}")
    say(f"start a run  {running.ui}/deployments")
    say("stop         bulkhead down")


def down() -> None:
    """
    Stop what `bulkhead up` started, and nothing else.

    Example: bulkhead down
    """
    stopped = server.down(home())
    say(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine to read.")] = False,
) -> None:
    """
    Say what runs.

    Example: bulkhead status --json
    """
    found = server.status(home())
    if as_json:
        say_json(found)
        return
    for part, name in (("server", "Prefect server"), ("worker", "worker"), ("estate", "embedded estate")):
        say(f"{name:<16} {'running' if found[part] else 'stopped'}")
    if found["ui"]:
        say(f"{'Prefect UI':<16} {found['ui']}")


def add_to(app: typer.Typer) -> None:
    for command in (up, down, status):
        app.command()(command)
