"""What every world in memory rests on: a clock, and calls that fail or end the process on order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

START = datetime(2026, 1, 1, tzinfo=UTC)
T = TypeVar("T")


class Killed(BaseException):
    """The process ends here, as with SIGKILL: nothing of ours runs after it."""


@dataclass
class Faults:
    """
    By the number of the call. `deaths` are `(7, False)` before the seventh has done anything, `(7, True)` after it did its
    work; `lost` the same for an answer that does not come; `throttled` is refused and nothing done.
    """

    deaths: frozenset[tuple[int, bool]] = frozenset()
    lost: frozenset[tuple[int, bool]] = frozenset()
    throttled: frozenset[int] = frozenset()
    calls: int = 0

    def around(self, error: Callable[[], Exception], work: Callable[[], T]) -> T:
        self.calls += 1
        if (self.calls, False) in self.deaths:
            raise Killed
        if (self.calls, False) in self.lost or self.calls in self.throttled:
            raise error()
        result = work()
        if (self.calls, True) in self.deaths:
            raise Killed
        if (self.calls, True) in self.lost:
            raise error()
        return result


@dataclass
class Clock:
    """`skew` is how far AWS is ahead of the org."""

    now: datetime = START
    skew: timedelta = timedelta(0)
