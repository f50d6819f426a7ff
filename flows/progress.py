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
