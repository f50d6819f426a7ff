"""How much memory a process held at most."""

import resource
import sys
from pathlib import Path

_KIB = 1024


def peak_mib() -> float:
    """Of this program alone: getrusage still counts what its parent held when it was started."""
    status = Path("/proc/self/status")
    if not status.exists():
        # Linux counts in KiB, macOS in bytes.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            _KIB * (_KIB if sys.platform == "darwin" else 1)
        )
    (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) / _KIB
