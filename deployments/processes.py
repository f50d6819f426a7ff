"""Processes that outlive the command that started them: started detached, recognised for certain, stopped whole."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

STOP_PATIENCE = timedelta(seconds=15)
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Started:
    """A process by number and start time, because numbers are used again."""

    pid: int
    born: str

    @property
    def alive(self) -> bool:
        return born(self.pid) == self.born


def start(command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> Started:
    """Starts a leader of its own session, deaf to the terminal; its output goes to the end of `log`."""
    with log.open("ab") as out:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    return Started(child.pid, born(child.pid) or "")


def stop(process: Started) -> bool:
    """Ends the process and its children, kindly first; whether it was alive."""
    if not process.alive:
        return False
    _signal(process, signal.SIGTERM)
    deadline = time.monotonic() + STOP_PATIENCE.total_seconds()
    while process.alive:
        if time.monotonic() > deadline:
            _signal(process, signal.SIGKILL)
            break
        time.sleep(_PAUSE_SECONDS)
    return True


def born(pid: int) -> str | None:
    """When a process started, in the system's own words; None when there is none or it is only waiting to be buried."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    proc = Path("/proc")
    if (proc / "self" / "stat").exists():
        try:
            # The name in brackets may hold spaces; field 3 is the state, field 22 the start in ticks since boot.
            fields = (proc / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    told = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or None


def last_lines(log: Path, count: int = 5) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def _signal(process: Started, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
