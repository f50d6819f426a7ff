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
    Start everything, assess the embedded estate, print the scoreboard, and plan a first quick win.

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
        _run("assessment")
        tell("planning the first quick win, least privilege for every sync user; nothing is changed")
        digest = _run("least-privilege", "--param", "requester=demo", quiet=True)[:12]
        say(f"report       {at.reports / 'latest.html'}")
        say(f"Prefect UI   {running.ui}")
        if stay:
            command = f"BULKHEAD_HOME={at.root} .venv/bin/bulkhead"
            say(f"plan         {command} plan show {digest}")
            say(f"stop         {command} down")
    except BaseException:
        stay = False
        raise
    finally:
        if not stay:
            server.down(at)
    tell(f"done after {time.monotonic() - began:.0f} s")


def _run(*words: str, quiet: bool = False) -> str:
    """
    A flow in a process of its own: by its end all its records have reached the server that may be stopped next.

    Gives the last line it printed where it is to be quiet.
    """
    ran = subprocess.run(
        [sys.executable, "-m", "deployments.cli", "run", *words],
        check=False,
        text=True,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.DEVNULL if quiet else None,
    )
    if ran.returncode:
        raise typer.Exit(ran.returncode)
    return (ran.stdout or "").strip().rpartition("\n")[2]


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
