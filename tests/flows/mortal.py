"""A process that can end at any write, and tasks without the server that keeps their runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tasks.ledger.store import Ledger, Pages
from tasks.telemetry.places import Place


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Process:
    """Ends at the `ends_at`-th write from now, before or after its effect; from then on it does nothing more."""

    ends_at: int | None = None
    writes: int = 0
    dead: bool = False

    def begin(self, ends_at: int | None) -> None:
        self.ends_at, self.writes, self.dead = ends_at, 0, False

    def at_a_write(self) -> None:
        self.writes += 1
        self.dead = self.dead or self.writes == self.ends_at
        if self.dead:
            raise Killed


class MortalLedger(Ledger):
    process = Process()

    @contextmanager
    def exclusive(self) -> Iterator[Pages]:
        self.process.at_a_write()
        with super().exclusive() as pages:
            yield pages
        self.process.at_a_write()


class MortalPlace(Place):
    process = Process()

    def move(self, source: str, target: str) -> None:
        self.process.at_a_write()
        super().move(source, target)
        self.process.at_a_write()

    def write(self, path: str, content: bytes) -> None:
        self.process.at_a_write()
        super().write(path, content)
        self.process.at_a_write()

    def remove(self, paths: list[str]) -> None:
        for path in paths:
            self.process.at_a_write()
            super().remove([path])


class Checker:
    """The limits as Great Expectations would hold them, without starting it: it has a suite of its own."""

    def __enter__(self) -> "Checker":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def broken(self, question: dict[str, Any]) -> tuple[str, ...]:
        return tuple(
            name
            for name, (least, most) in question["limits"].items()
            if not (least is None or question["profile"][name] >= least)
            or not (most is None or question["profile"][name] <= most)
        )


class Inline:
    """A task, without the server that keeps its runs."""

    def __init__(self, work: Callable[..., Any]) -> None:
        self.work = work

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.work(*arguments, **named)

    def submit(self, *arguments: Any) -> "Inline":
        return Inline(lambda: self.work(*arguments))

    def result(self) -> Any:
        return self.work()
