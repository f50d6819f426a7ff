"""Checks profiles of batches one after another, in a process of its own: numbers go in, names of broken expectations come out."""

from collections.abc import Callable
from typing import Any

from tasks.contracts.asking import SECONDS, Asked, serve


class BatchChecker(Asked):
    """Started with the block, ended with it. Raises ContractsUnchecked where the process does not answer."""

    def __init__(self, seconds: float = SECONDS) -> None:
        super().__init__(__name__, seconds)

    def broken(self, question: dict[str, Any]) -> tuple[str, ...]:
        """`question` holds `profile`, numbers by name, and `limits`, least and largest of each (null for none)."""
        return tuple(self.ask(question))


def _answering() -> Callable[[Any], Any]:
    # Imported here, for it takes seconds and only this process needs it.
    from tasks.contracts.batch_suite import check

    return lambda question: check(question["profile"], question["limits"])


if __name__ == "__main__":
    serve(_answering)
