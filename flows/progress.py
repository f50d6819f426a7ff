"""A bar in the UI that moves while a flow works."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from tasks.plans.model import Plan, ResourceKind


class Progress:
    """An artifact of the run, in percent."""

    def __init__(self, key: str, description: str) -> None:
        made = create_progress_artifact(0.0, key=key, description=description)
        # Typed as perhaps a coroutine; in synchronous code it never is one.
        assert isinstance(made, UUID)
        self._artifact = made

    def show(self, percent: float) -> None:
        update_progress_artifact(self._artifact, progress=min(100.0, round(percent, 1)))


class Counted:
    """Moves with every group of rows, and reaches its end only when told."""

    def __init__(self, key: str, description: str, expected: int) -> None:
        self._bar, self._expected, self._done = Progress(key, description), expected, 0
        self._shown = 0.0

    def tell(self, count: int) -> None:
        self._done += count
        percent = min(99.0, 100.0 * self._done / self._expected) if self._expected else 50.0
        # Each move is a request to Prefect's server.
        if percent - self._shown >= 1.0:
            self._shown = percent
            self._bar.show(percent)

    def end(self) -> None:
        self._bar.show(100.0)


@contextmanager
def long_work(plan: Plan, org: str) -> Iterator[Callable[[int], None]]:
    """A bar for what a plan does to an org record by record; none where it does nothing of the kind. It ends with the block."""
    states = [
        change.before
        for change in plan.changes
        if change.resource.org == org and change.resource.kind is ResourceKind.REAL_DATA
    ]
    records = sum(int(str(state["rows"])) for state in states if state is not None)
    if not records:
        yield lambda count: None
        return
    bar = Counted(f"apply-progress-{org}", f"{org}: masking of up to {records:,} records", records)
    yield bar.tell
    bar.end()
