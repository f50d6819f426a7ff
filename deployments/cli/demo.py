"""`bulkhead demo`: everything once, from nothing to a hardened estate and its report."""

import os
import subprocess
import sys
import time

import typer

from deployments import server
from deployments.cli.output import Exit, on_terminal, say, tell
from deployments.settings import Home, home, on_its_own

_SHOWN, _NOT_HELD = "deployments.bench.rehearsal.demonstration", 10
USERS = 400
"""Of the estate that is shown: its orgs, routes, records and plants are all there, and nobody waits for thousands of people."""


@on_its_own()
def demo() -> None:
    """
    Start everything; go through all four phases on the embedded estate; replay fifteen attacks before hardening and after it;
    print what changed, and where the report is. Exit code 1 when hardening did not hold.

    It has a home of its own, `demo` below BULKHEAD_HOME, and touches nothing else: no estate that is registered, no server that runs.
    On a terminal the UI stays up, with the schedules running; elsewhere all that was started is stopped again. Run twice, it begins
    from the estate as it was made.

    Example: bulkhead demo
    """
    began = time.monotonic()
    at = Home(home().root / "demo")
    # Schedules would work on an estate that goes back and forth in time, those of an earlier demonstration too.
    if server.down(at):
        tell("stopped an earlier demonstration")
    running = server.up(at, port=server.free_port(), users=USERS, schedules=False, tell=tell)
    stay = on_terminal()
    try:
        tell(f"all is up after {time.monotonic() - began:.0f} s")
        held = _show()
        if stay:
            _begin(at)
        say("")
        say(f"report       {(at.reports / 'latest.html').as_uri()}")
        say(f"Prefect UI   {running.ui}")
        if stay:
            command = f"BULKHEAD_HOME={at.root} .venv/bin/bulkhead"
            say(f"plans        {command} plan list")
            say(f"stop         {command} down")
    except BaseException:
        stay = False
        raise
    finally:
        if not stay:
            server.down(at)
    tell(f"done after {time.monotonic() - began:.0f} s")
    if not held:
        raise typer.Exit(Exit.FINDINGS)


def _show() -> bool:
    """
    Whether hardening held. In a process of its own: by its end all its records have reached the server that may be stopped next. Its
    runs log to the UI; what would fill the terminal with them is kept to errors.
    """
    quiet = {**os.environ, "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR"}
    ran = subprocess.run([sys.executable, "-m", _SHOWN], check=False, env=quiet)
    if ran.returncode not in (0, _NOT_HELD):
        raise typer.Exit(ran.returncode)
    return not ran.returncode


def _begin(at: Home) -> None:
    """From here on jobs start by their schedules, as after `bulkhead up`."""
    from deployments.register import begin
    from tasks.orgs import load_estate

    server.connect(at)
    begin(load_estate())


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
