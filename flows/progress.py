"""A bar in the UI that moves while a flow works."""

from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact


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
