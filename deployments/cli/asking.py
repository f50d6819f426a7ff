"""How commands talk to the running estate, and the options they share."""

import getpass
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from deployments import server
from deployments.cli.output import Exit, complain
from deployments.settings import home

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a machine to read.")]
_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[wdhms])+")


def connect() -> None:
    """Points this process at the running Prefect server and at the home its ledger lies in. Raises ConfigurationError."""
    os.environ["BULKHEAD_HOME"] = str(home().root)
    server.connect(home())


def ask(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """One call of the running estate's own interface; ends the command with words when it cannot be."""
    from deployments.sandbox import launch

    try:
        return launch.ask(home().estate, method, path, body)
    except launch.EstateNotRunning:
        complain("The estate is not running. Start it with `bulkhead sandbox up`.", Exit.CONFIGURATION)
    except LookupError as error:
        complain(str(error), Exit.CONFIGURATION)


def duration(text: str) -> timedelta:
    """`3d`, `2h30m`, `90s`, `1w`. Raises ValueError."""
    if not _DURATION.fullmatch(text):
        raise ValueError(f"{text!r} is no duration; write 3d, 2h30m, 90s or 1w")
    parts = re.findall(r"(\d+(?:\.\d+)?)([wdhms])", text)
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))


def passphrase(key: Path) -> bytes | None:
    """Asked for only where the key has one."""
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    try:
        load_ssh_private_key(key.read_bytes(), None)
    except TypeError:
        return getpass.getpass(f"Passphrase of {key}: ").encode()
    except ValueError:
        # What it is instead is said when it is used.
        return None
    return None
