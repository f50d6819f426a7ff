"""Miniature estates of a test's own: started, and watched to their end."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def started(folder: Path, *options: str) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    command = [sys.executable, "-m", "tests.deployments.sandbox.miniature", "serve", "--state", str(folder)]
    command += options
    process = subprocess.Popen(command, cwd=Path(__file__).parents[3], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not (folder / "state.json").exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.1)
    return process, json.loads((folder / "state.json").read_text())


def ended(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        # A zombie still answers signals until it is reaped.
        if Path(f"/proc/{pid}/stat").exists() and " Z " in Path(f"/proc/{pid}/stat").read_text():
            return True
        time.sleep(0.05)
    return False
