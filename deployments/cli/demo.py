"""`bulkhead demo`: everything once, from nothing to a scoreboard."""

import subprocess
import sys
import time

import typer

from deployments import server
from deployments.cli.output import on_terminal, say, tell
from deployments.settings import home


def demo() -> None:
    """
    Start everything, assess the embedded estate, print the scoreboard.

    On a terminal the UI stays up; elsewhere all that was started is stopped again.

    Example: bulkhead demo
    """
    began = time.monotonic()
    at = home()
    port = server.free_port()
    running = server.up(at, port=port, tell=tell)
    stay = on_terminal()
    try:
        tell(f"all is up after {time.monotonic() - began:.0f} s; assessing five orgs")
        # A process of its own: by its end all its records have reached the server that may be stopped next.
        ran = subprocess.run([sys.executable, "-m", "deployments.cli", "run", "assessment"], check=False)
        if ran.returncode:
            stay = False
            raise typer.Exit(ran.returncode)
        say(f"report       {at.reports / 'latest.html'}")
        say(f"Prefect UI   {running.ui}")
        if stay:
            say(f"stop         BULKHEAD_HOME={at.root} .venv/bin/bulkhead down")
    except BaseException:
        stay = False
        raise
    finally:
        if not stay:
            server.down(at)
    tell(f"done after {time.monotonic() - began:.0f} s")


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
