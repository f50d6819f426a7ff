"""What a whole rehearsal came to: each attack before hardening, after it, and with each layer lost."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tasks.rehearsal.model import Layer, Played
from tasks.value import Value

WANTED_BEFORE, WANTED_STOPPED, OF = 10, 11, 12
"""Of twelve attacks: how many have to succeed before hardening, or the rehearsal shows nothing, and be stopped after it."""


class Taken(Value):
    """A plan of the hardening: which layer it makes, and how much it changed. A run that needs no plan has no digest."""

    layer: Layer
    job: str
    digest: str = ""
    changes: int


class Matrix(Value):
    """
    All plays of one rehearsal; the breach that it is all about comes first in each. `reviewed` says what stands in for detection
    before hardening, where nobody watches.
    """

    estate: str
    at: datetime
    before: tuple[Played, ...]
    after: tuple[Played, ...]
    without: Mapping[Layer, tuple[Played, ...]]
    leaks_before: tuple[Played, ...] = ()
    """Leaked credentials that are used in the course of a year; `leaks_after` the same after hardening."""
    leaks_after: tuple[Played, ...] = ()
    plans: tuple[Taken, ...] = ()
    reviewed: str = ""
    left_out: tuple[str, ...] = ()
    """Layers that were not taken away, and attacks that this estate has nothing for, each with why."""
    seconds: float = 0.0

    @property
    def columns(self) -> Mapping[str, tuple[Played, ...]]:
        return {
            "all layers": self.after,
            **{f"without {layer.value}": each for layer, each in self.without.items()},
        }

    @property
    def failings(self) -> tuple[str, ...]:
        """What is asked of a rehearsal and this one does not show."""
        succeeded = len(missed(self.before))
        found = []
        if succeeded * OF < WANTED_BEFORE * len(self.before):
            found.append(f"before hardening only {succeeded} of {len(self.before)} attacks succeed")
        for name, played in self.columns.items():
            through = missed(played)
            if (len(played) - len(through)) * OF < WANTED_STOPPED * len(played):
                found.append(f"{name}: {len(through)} of {len(played)} attacks succeed, {named(through)}")
        return tuple(found)

    @property
    def rows(self) -> Sequence[tuple[str, str, Sequence[Played]]]:
        """By attack: its name, its title, and its play in each column."""
        found = []
        for one in self.after:
            plays = [play for played in self.columns.values() for play in played if play.attack == one.attack]
            found.append((one.attack, one.title, plays))
        return found


def missed(played: Iterable[Played]) -> list[Played]:
    """Those that nothing stopped."""
    return [each for each in played if not each.stopped]


def named(played: Iterable[Played]) -> str:
    return ", ".join(f"{each.attack} ({each.rows:,} rows)" for each in played) or "none"
