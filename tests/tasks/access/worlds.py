"""An org in which grants are given and end, with a clock of its own and trouble on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from tasks.access.model import Action, Give, Held, Place, Prolong, Request, Seen, Settle, Take
from tasks.errors import OrgError, OrgUnavailable
from tasks.estate.model_access import JitPolicy

START = datetime(2026, 5, 13, 8, tzinfo=UTC)
ORG = "emea"
POLICY = JitPolicy(max_grant=timedelta(hours=4))
STUBBORN = frozenset({"User_Admin"})
"""A set that the platform gives no end to."""
SETS = ("Data_Repair", "Export", "User_Admin")
PEOPLE = ("ops@emea.example", "dev@emea.example")
TOLERATED = timedelta(minutes=2)
EVERY = timedelta(minutes=1)


class Killed(BaseException):
    """The process ends here."""


@dataclass
class World:
    """One org with its own clock, which forgets nothing and ends what has an end by itself."""

    chance: Random
    now: datetime = START
    held: dict[Place, Held] = field(default_factory=dict)
    trouble: bool = True
    down_until: datetime = START
    serial: int = 0
    writes: int = 0
    refusing: set[Place] = field(default_factory=set)
    """Where the org takes no change for good."""
    sticky: set[Place] = field(default_factory=set)
    """Where it says that a change is done, and nothing was."""

    def look(self, sets: Iterable[str]) -> Seen:
        self._reach()
        wanted = set(sets)
        found = tuple(each for each in self.held.values() if each.place.permission_set in wanted)
        return Seen(held=found, cannot_expire=STUBBORN & wanted, now=self.now)

    def carry_out(self, action: Action) -> None:
        self._reach()
        self.writes += 1
        if action.place in self.refusing:
            raise OrgError(ORG, "the org refused it", "Look at the enforcer's rights.")
        if action.place in self.sticky:
            return
        match action:
            case Give():
                assert action.place not in self.held, "given twice"
                assert action.expires is None or action.place.permission_set not in STUBBORN
                self.serial += 1
                self.held[action.place] = Held(
                    place=action.place, assignment_id=f"0Pa{self.serial}", expires=action.expires
                )
            case Prolong():
                self.held[action.place] = self.held[action.place].model_copy(
                    update={"expires": action.expires}
                )
            case Take():
                del self.held[action.place]
            case Settle():
                raise AssertionError("nothing to do in the org")
        if self.trouble and self.chance.random() < 0.05:
            raise OrgUnavailable(ORG, "the reply was lost", "Try again.")
        if self.trouble and self.chance.random() < 0.05:
            raise Killed

    def may(self, place: Place) -> bool:
        """Whether the user can use the rights right now."""
        has = self.held.get(place)
        return has is not None and (has.expires is None or has.expires > self.now)

    def _reach(self) -> None:
        if self.now < self.down_until or (self.trouble and self.chance.random() < 0.05):
            raise OrgUnavailable(ORG, "it did not answer", "Try again.")
        if self.trouble and self.chance.random() < 0.03:
            raise Killed


def place(permission_set: str = "Data_Repair", username: str = PEOPLE[0]) -> Place:
    return Place(org=ORG, username=username, permission_set=permission_set)


def request(at: datetime = START, hours: float = 2, **changes: object) -> Request:
    values = {"place": place(), "hours": hours, "reason": "case 4711", "requester": "ada", "at": at}
    return Request.model_validate({**values, **changes})
