"""What reading costs the orgs in API calls, whatever became of what was read: a stage that fails has spent what it has spent."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock


class Spending:
    """Calls by org, of all sessions that were opened meanwhile, those of failed and of repeated stages too."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: Counter[str] = Counter()

    def add(self, org: str, calls: int) -> None:
        with self._lock:
            self._calls[org] += calls

    def calls(self) -> dict[str, int]:
        with self._lock:
            return dict(self._calls)


_counted: ContextVar[Spending | None] = ContextVar("counted", default=None)


@contextmanager
def spending() -> Iterator[Spending]:
    """Counts what is spent within the block, in tasks that it starts in threads of this process too: they take over its context."""
    made = Spending()
    before = _counted.set(made)
    try:
        yield made
    finally:
        _counted.reset(before)


def spent(org: str, calls: int) -> None:
    """Told by each session when it ends; nothing where nobody counts."""
    if (counted := _counted.get()) is not None:
        counted.add(org, calls)
