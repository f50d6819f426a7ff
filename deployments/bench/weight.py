"""What processes weigh and cost, seen from outside."""

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

_EVERY_SECONDS = 0.1
_KIB = 1024
_TICKS = os.sysconf("SC_CLK_TCK")


class Weight:
    """Adds up the memory of processes and all below them, until stopped. `largest` is the most of one of them (MiB)."""

    def __init__(self, pids: Sequence[int]) -> None:
        self._pids = pids
        self._peak = self._most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """The most that all of them held at once, in MiB."""
        self._done.set()
        self._thread.join()
        return self._peak / _KIB

    @property
    def largest(self) -> float:
        return self._most / _KIB

    def _watch(self) -> None:
        while not self._done.wait(_EVERY_SECONDS):
            held = [_kib(pid) for root in self._pids for pid in _tree(root)]
            self._peak, self._most = max(self._peak, sum(held)), max(self._most, *held, 0)


def cpu_seconds(pid: int) -> float:
    """Of a process and of its children that have ended. Raises OSError when it is gone."""
    # The name in brackets may hold spaces; fields 14 to 17 are ticks: its own and its children's.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = task.read_text().split()
        except OSError:
            continue
        for child in below:
            yield from _tree(int(child))


def _kib(pid: int) -> int:
    """Proportional set size: what is shared counts once. Nothing for a process that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
