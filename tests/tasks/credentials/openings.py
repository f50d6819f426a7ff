"""What was opened with a credential, in memory: sessions that live until they are ended, whoever opened them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tasks.credentials.places import Secret
from tasks.credentials.severing import Still
from tasks.errors import LoginRefused, OrgUnavailable
from tests.tasks.credentials.faults import Clock, Faults

SLACK = timedelta(minutes=1)


@dataclass
class MemoryOpenings:
    """`accepts` says whether the org takes a secret now. Who holds one opens as many as he likes."""

    clock: Clock
    accepts: Callable[[Any], bool]
    alive: list[tuple[Secret, datetime]] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    deaf: bool = False
    """Whether the org says that it has ended them, and has not."""

    def open(self, value: Secret) -> bool:
        if not self.accepts(value):
            return False
        self.alive.append((dict(value), self.clock.now))
        return True

    def with_value(self, value: Secret) -> int:
        return sum(held == value for held, _ in self.alive)

    def stay(self, value: Secret) -> Still:
        self._call(lambda: self._stay(value))
        mine = self.alive[-1]
        return lambda: any(each is mine for each in self.alive)

    def end(self, value: Secret, since: datetime, until: datetime) -> None:
        self._call(lambda: self._end(until))

    def _stay(self, value: Secret) -> None:
        if not self.open(value):
            raise LoginRefused("hq", "sign-in was refused (invalid_client)", "Check it.", "invalid_client")

    def _end(self, until: datetime) -> None:
        if not self.deaf:
            self.alive = [each for each in self.alive if each[1] >= until + SLACK]

    def _call(self, work: Callable[[], None]) -> None:
        self.faults.around(lambda: OrgUnavailable("hq", "no answer in time", "Try again later."), work)
