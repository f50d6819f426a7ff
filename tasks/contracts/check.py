"""The checking process: profiles of one org after another go in, what of them is broken comes out."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from tasks.contracts.asking import Asked, serve
from tasks.contracts.model import Broken, Frames


def check_in_process(frames: Iterable[tuple[str, Frames]], now: datetime) -> Broken:
    """By org; one is held at a time. Raises ContractsUnchecked when the checker cannot finish."""
    broken: Broken = {}
    with Asked(__name__) as checker:
        for org, sections in frames:
            if found := checker.ask({"now": now.isoformat(), "frames": sections}):
                broken[org] = found
    return broken


def _answering() -> Callable[[Any], Any]:
    # Imported here, for it takes seconds and only this process needs it.
    from tasks.contracts.suites import Contracts

    contracts = Contracts()
    return lambda question: contracts.broken(question["frames"], datetime.fromisoformat(question["now"]))


if __name__ == "__main__":
    serve(_answering)
