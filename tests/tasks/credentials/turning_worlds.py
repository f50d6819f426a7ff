"""Places that take turns, in memory: two apps, two users whose passwords do not show, and a list of certificates."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tasks.certificates.model import Revocation
from tasks.credentials.model import SignIn
from tasks.credentials.places import Secret, mark_of
from tasks.errors import LoginRefused, OrgUnavailable, Throttled
from tests.tasks.credentials.faults import START, Clock, Faults

T = TypeVar("T")
TURNS = ("key-pair", "password", "client-certificate")


@dataclass
class MemoryTurns:
    """
    `held` is what each place takes now. Passwords do not show; certificates are places of their own, which come and go, and
    no sign-in tells them apart.
    """

    clock: Clock
    kind: str
    held: dict[str, str] = field(default_factory=dict)
    made: int = 0
    entered: list[SignIn] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    own: str = "rotator"
    slow: timedelta = timedelta(0)
    """How long what was given takes to reach every server."""
    since: datetime = START
    blind: bool = False
    barrier: str = ""

    def __post_init__(self) -> None:
        self.held = {"list-0": "secret-0"} if self._listed else {"a": "secret-0", "b": "nobody-0"}

    @property
    def seen_by_place(self) -> bool:
        return not self._listed

    @property
    def _listed(self) -> bool:
        return self.kind == "client-certificate"

    def first(self) -> Secret:
        return {"place": "list-0" if self._listed else "a", "secret": "secret-0"}

    def now(self) -> datetime:
        return self.clock.now

    def own_key(self) -> str:
        return self.own

    def hurdle(self) -> str:
        return self._call(lambda: self.barrier)

    def mark(self, value: Secret) -> str:
        return mark_of(value["place"], "" if self.kind == "password" else value["secret"])

    def place(self, value: Secret) -> str:
        return str(value["place"])

    def certificate(self, value: Secret) -> Revocation | None:
        if not self._listed:
            return None
        return Revocation(route="Route", fingerprint=value["secret"], serial=value["secret"][7:], ends=None)

    def accepted(self) -> frozenset[str] | None:
        return self._call(lambda: None if self.kind == "password" else self._marks())

    def make(self, current: Secret) -> Secret:
        return self._call(lambda: self._make(current))

    def give(self, value: Secret) -> None:
        self._call(lambda: self._give(value))

    def void(self, value: Secret) -> None:
        self._call(lambda: self._void(value))

    def sign_in(self, value: Secret) -> None:
        self._call(lambda: self.enter(value, "192.0.2.200"))

    def sign_ins(self, since: datetime) -> tuple[SignIn, ...]:
        if self.blind:
            raise OrgUnavailable("hq", "no answer in time", "Try again later.")
        return self._call(lambda: tuple(each for each in self.entered if each.at >= since))

    def accepts(self, value: Secret) -> bool:
        return self.held.get(value["place"]) == value["secret"]

    def settled(self, current: Secret) -> bool:
        """Nothing that anybody knows is accepted but the current one."""
        return [s for s in self.held.values() if s.startswith("secret-")] == [current["secret"]]

    def enter(self, value: Secret, address: str) -> None:
        late = value["secret"] == f"secret-{self.made}" and self.clock.now < self.since + self.slow
        if not self.accepts(value) or (late and address == "192.0.2.200"):
            raise LoginRefused("hq", "sign-in was refused (invalid_grant)", "Check it.", "invalid_grant")
        self.entered.append(SignIn(app="Feed", username=value["place"], address=address, at=self.clock.now))

    def _marks(self) -> frozenset[str]:
        return frozenset(self.mark({"place": place, "secret": secret}) for place, secret in self.held.items())

    def _make(self, current: Secret) -> Secret:
        self.made += 1
        rest = f"list-{self.made}" if self._listed else {"a": "b", "b": "a"}[current["place"]]
        return {**current, "place": rest, "secret": f"secret-{self.made}"}

    def _give(self, value: Secret) -> None:
        if not self.accepts(value):
            self.since = self.clock.now
        self.held[value["place"]] = value["secret"]

    def _void(self, value: Secret) -> None:
        if self._listed:
            self.held.pop(value["place"], None)
        elif self.kind == "password" or self.accepts(value):
            self.made += 1
            self.held[value["place"]] = f"nobody-{self.made}"

    def _call(self, work: Callable[[], T]) -> T:
        lost = [OrgUnavailable, Throttled]
        return self.faults.around(
            lambda: lost[self.faults.calls % 2]("hq", "no answer in time", "Try again later."), work
        )
