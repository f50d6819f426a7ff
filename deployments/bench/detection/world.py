"""Who is there: orgs with machines and people, each with habits, made from a number alone."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from tasks.anomalies.model import Kind, Member

HISTORY_DAYS, SCORED_DAYS = 42, 28
ZONES = {
    "hq": "America/New_York",
    "emea": "Europe/London",
    "apac": "Asia/Singapore",
    "compliance": "America/New_York",
}
COUNTRIES = {"hq": "US", "emea": "GB", "apac": "SG", "compliance": "US"}
PLACES = {
    "US": (40.7, -74.0),
    "GB": (51.5, -0.1),
    "SG": (1.35, 103.8),
    "DE": (52.5, 13.4),
    "JP": (35.7, 139.7),
    "RO": (44.4, 26.1),
}
OBJECTS = (
    "Account",
    "Contact",
    "Case",
    "Opportunity",
    "Order",
    "Product2",
    "Asset",
    "Contract",
    "Task",
    "Event",
)
RESTRICTED = frozenset({"Contact.SSN__c", "Account.CreditScore__c"})
SENSITIVE = frozenset({"Account", "Contact", "Case"})


@dataclass(frozen=True)
class Machine:
    """An integration: it signs in before each run, and reads its objects. `rows` is what a working day brings."""

    org: str
    user: str
    name: str
    app: str
    network: str
    agent: str
    objects: tuple[str, ...]
    hours: tuple[int, ...]
    """Of its own zone."""
    rows: float
    sigma: float
    weekend: float
    closing: float
    vendor: bool = False
    bulk: bool = False


@dataclass(frozen=True)
class Person:
    org: str
    user: str
    name: str
    home: str
    exporter: bool
    administrator: bool
    joined: int
    """Day of the world on which somebody first signs in."""


@dataclass
class World:
    """`days` counts from `start`; the first HISTORY_DAYS of them are history."""

    seed: int
    start: datetime
    machines: list[Machine] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)

    @property
    def days(self) -> int:
        return HISTORY_DAYS + SCORED_DAYS

    @property
    def since(self) -> datetime:
        return self.start + timedelta(days=HISTORY_DAYS)

    @property
    def until(self) -> datetime:
        return self.start + timedelta(days=self.days)

    def day(self, number: int) -> date:
        return (self.start + timedelta(days=number)).date()

    @property
    def orgs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(machine.org for machine in self.machines))

    @property
    def members(self) -> tuple[Member, ...]:
        machines = [
            Member(org=m.org, user=m.user, name=m.name, kind=Kind.MACHINE, zone=ZONES[m.org])
            for m in self.machines
        ]
        people = [
            Member(
                org=p.org,
                user=p.user,
                name=p.name,
                administrator=p.administrator,
                zone=ZONES[p.org],
                opens=7,
                closes=20,
            )
            for p in self.persons
        ]
        return (*machines, *people)

    @property
    def user_months(self) -> float:
        return (len(self.machines) + len(self.persons)) * SCORED_DAYS / 30.0


def world(seed: int, orgs: int = 4, machines: int = 5, persons: int = 25) -> World:
    """The same for the same arguments. Worlds start on different days of the year, so that clocks and months turn in them."""
    rng = np.random.default_rng([seed, 7])
    made = World(seed, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=int(rng.integers(0, 330))))
    for place, org in enumerate(list(ZONES)[:orgs]):
        made.machines += [_machine(rng, org, place, number) for number in range(machines)]
        made.persons += [_person(rng, org, place, number, persons) for number in range(persons)]
    return made


def _machine(rng: np.random.Generator, org: str, place: int, number: int) -> Machine:
    vendor = number == 0
    first = int(rng.integers(0, 24))
    nightly = rng.random() < 0.3
    hours = (
        (first % 6,)
        if nightly
        else tuple(sorted({(first + step) % 24 for step in range(0, 24, int(rng.integers(2, 5)))}))
    )
    objects = tuple(
        rng.choice(OBJECTS[3:] if vendor else OBJECTS, size=int(rng.integers(2, 4)), replace=False)
    )
    return Machine(
        org=org,
        user=f"005{place:02d}00000M{number:03d}0",
        name=f"{org}.sync.{number}@meridian.example",
        app="Drift" if vendor else f"{org}_sync_{number}",
        network=f"198.51.{100 + place}" if vendor else f"192.0.{10 + place * 10 + number}",
        agent=f"integration/{number}.{int(rng.integers(0, 9))}",
        objects=tuple(map(str, objects)),
        hours=hours,
        rows=float(np.exp(rng.uniform(np.log(2_000), np.log(42_180)))),
        sigma=float(rng.uniform(0.12, 0.3)),
        weekend=float(rng.choice([0.0, 0.15, 0.5, 1.0])),
        closing=float(rng.choice([1.0, 1.3, 2.2])),
        vendor=vendor,
        bulk=number == 1,
    )  # fmt: skip


def _person(rng: np.random.Generator, org: str, place: int, number: int, persons: int) -> Person:
    new = number == persons - 1
    return Person(
        org=org,
        user=f"005{place:02d}00000P{number:03d}0",
        name=f"{org}.person.{number}@meridian.example",
        home=f"100.{64 + place}.{number}",
        exporter=bool(rng.random() < 0.12),
        administrator=number < 3,
        joined=HISTORY_DAYS + int(rng.integers(0, SCORED_DAYS // 2)) if new else 0,
    )
