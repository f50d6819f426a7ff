"""
Attacks, each with the incident it is taken from. What one leaves is labelled with its name; detectors never see the label.

Addresses of attackers are from ranges that nobody of the benign traffic uses. Every attack comes at a moment of its own, and
takes a machine or a person of its own, as far as there are enough of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from deployments.bench.detection.benign import local
from deployments.bench.detection.facts import Facts
from deployments.bench.detection.world import (
    HISTORY_DAYS,
    PLACES,
    SCORED_DAYS,
    Machine,
    Person,
    World,
)

PAGE = 2_000
_EVERY = timedelta(seconds=4)


@dataclass(frozen=True)
class Done:
    """One attack as it happened: who in which org may be named for it, and between when and when."""

    name: str
    start: datetime
    end: datetime
    actors: frozenset[tuple[str, str]]


@dataclass
class Stage:
    """What an attack plays on. Victims are drawn without repeating any."""

    world: World
    rng: np.random.Generator
    facts: Facts
    name: str
    machines: list[Machine]
    persons: list[Person]
    actors: set[tuple[str, str]] = field(default_factory=set)
    times: list[datetime] = field(default_factory=list)

    def machine(self, *, vendor: bool = False) -> Machine:
        fitting = [m for m in self.machines if m.vendor == vendor and not m.bulk] or self.world.machines
        chosen = fitting[int(self.rng.integers(0, len(fitting)))]
        if chosen in self.machines:
            self.machines.remove(chosen)
        return chosen

    def person(self, *, administrator: bool = False) -> Person:
        fitting = [
            p for p in self.persons if p.administrator == administrator and p.joined == 0 and not p.exporter
        ]
        fitting = fitting or [
            p for p in self.world.persons if p.administrator == administrator and p.joined == 0
        ]
        chosen = fitting[int(self.rng.integers(0, len(fitting)))]
        if chosen in self.persons:
            self.persons.remove(chosen)
        return chosen

    def moment(
        self, org: str, *, weekend: bool | None = None, hour: float | None = None, room: int = 2
    ) -> datetime:
        # Singapore's day begins while UTC still has the day before.
        days = list(range(HISTORY_DAYS + 1, HISTORY_DAYS + SCORED_DAYS - room))
        if weekend is not None:
            days = [n for n in days if (self.world.day(n).weekday() >= 5) == weekend]
        day = self.world.day(days[int(self.rng.integers(0, len(days)))])
        return local(org, day, self.rng.uniform(0, 23) if hour is None else hour + self.rng.uniform(0, 1))

    def address(self) -> str:
        return f"45.{self.rng.integers(10, 250)}.{self.rng.integers(0, 250)}.{self.rng.integers(1, 250)}"

    def put(self, kind: str, actor: str, **cells: Any) -> None:
        self.actors.add((cells["ORG"], actor))
        self.times.append(cells["AT"])
        self.facts.add(kind, **cells, ATTACK=self.name)

    def sign_in(self, who: Machine | Person, at: datetime, ip: str, country: str = "RO", **cells: Any) -> str:
        """Gives the session's key."""
        lat, lon = PLACES[country]
        key = f"x{self.rng.integers(1 << 40):x}"
        machine = isinstance(who, Machine)
        shown: dict[str, Any] = {
            "STATUS": "LOGIN_NO_ERROR", "TYPE": "Remote Access 2.0" if machine else "Application",
            "SUBTYPE": ("OauthRefreshToken" if who.vendor else "OauthJwtBearer") if isinstance(who, Machine) else "UiLogin",
            "APP": who.app if isinstance(who, Machine) else "Browser", "AGENT": "python-requests/2.32" if machine else "Chrome 142",
        }  # fmt: skip
        self.put("signin", who.user, ORG=who.org, AT=at, USER=who.user, NAME=who.name, IP=ip, COUNTRY=country, LAT=lat, LON=lon,
                 KEY=key, **{**shown, **cells})  # fmt: skip
        self.actors.add((who.org, ip))
        return key

    def query(self, who: Machine | Person, at: datetime, ip: str, key: str, total: int, sobject: str, *, query: str = "",
              agent: str = "python-requests/2.32", every: timedelta = _EVERY, app: str = "") -> datetime:  # fmt: skip
        """Page by page over REST; gives when it ends."""
        left = total
        while left > 0:
            self.put("read", who.user, ORG=who.org, AT=at, USER=who.user, APP=app or getattr(who, "app", ""), FAMILY="rest",
                     ENTITY=sobject, ROWS=min(left, PAGE), IP=ip, KEY=key, QUERY=query or f"SELECT Id, Name FROM {sobject}",
                     PATH="/services/data/v66.0/query", METHOD="GET", AGENT=agent)  # fmt: skip
            left, at = left - PAGE, at + every
        return at

    def call(
        self,
        who: Machine,
        at: datetime,
        ip: str,
        key: str,
        path: str,
        *,
        method: str = "GET",
        query: str = "",
        agent: str = "",
    ) -> None:
        self.put("read", who.user, ORG=who.org, AT=at, USER=who.user, APP=who.app, FAMILY="rest", ROWS=1 if query else 0, IP=ip, KEY=key,
                 ENTITY="", QUERY=query or None, PATH=f"/services/data/v66.0{path}", METHOD=method, AGENT=agent or who.agent)  # fmt: skip

    def report(
        self,
        who: Person,
        at: datetime,
        ip: str,
        key: str,
        rows: int,
        *,
        export: bool = True,
        as_user: str = "",
    ) -> None:
        self.put("read", who.user, ORG=who.org, AT=at, USER=as_user or who.user, FAMILY="export" if export else "report", ENTITY="Contact",
                 ROWS=rows, IP=ip, KEY=key, JOB="00OX")  # fmt: skip

    def change(self, who: Person, at: datetime, action: str, display: str) -> None:
        self.put("change", who.user, ORG=who.org, AT=at, USER=who.user, ACTION=action, DISPLAY=display)


@dataclass(frozen=True)
class Attack:
    name: str
    incident: str
    technique: str
    contain: bool
    """Whether policy takes the actor's access away at once. People inside, administrators and visitors are left to a person."""
    play: Callable[[Stage], None]


def play(world: World, facts: Facts, attacks: tuple[Attack, ...]) -> list[Done]:
    rng = np.random.default_rng([world.seed, 13])
    machines, persons = list(world.machines), list(world.persons)
    done = []
    for attack in attacks:
        stage = Stage(world, rng, facts, attack.name, machines, persons)
        attack.play(stage)
        done.append(Done(attack.name, min(stage.times), max(stage.times), frozenset(stage.actors)))
    return done
