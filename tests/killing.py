"""Runs of the product in processes of their own that are really killed (SIGKILL) at work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 600.0
"""Seconds: on a busy machine a process needs minutes to import all that it is made of."""


def killed_once(happened: Callable[[], bool], code: str, log: Path) -> None:
    """
    Starts `code` and kills its process as soon as something has happened. Fails where the process ends before.

    It shares the environment, and so the server and the registered estate.
    """
    with log.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        try:
            until = time.monotonic() + PATIENCE
            while not happened():
                assert child.poll() is None, f"it ended by itself: {log.read_text()[-2_000:]}"
                assert time.monotonic() < until, "it never happened"
                time.sleep(0.02)
        finally:
            if child.poll() is None:
                os.kill(child.pid, signal.SIGKILL)
            child.wait()
    assert child.returncode == -signal.SIGKILL, "it ended before it could be killed"
