"""
The product's watch while an attack goes on: every five minutes of the estate's time it collects the live tier, judges, and has
contained what its cases say.

Telemetry, detections, cases and containment are the product's; this only says when, since the estate's clock does not wait.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

import polars as pl

from deployments.bench.rehearsal.ground import ABROAD, Ground
from flows.response import Severity as Gravity
from flows.response import contain
from tasks.anomalies.cases import cases
from tasks.anomalies.detect import detect
from tasks.anomalies.model import Context, Kind, Member, Severity, Suspicion
from tasks.encryption.classify import classify
from tasks.encryption.gateway import read_fields
from tasks.errors import BulkheadError
from tasks.estate.model import Estate
from tasks.inventory.gateway import read_inventory
from tasks.orgs import load_estate, load_registered, open_org
from tasks.rehearsal.model import Loot
from tasks.telemetry.steps import collect_live
from tasks.telemetry.store_gateway import open_store

POLL = timedelta(minutes=5)
ON_CALL = timedelta(hours=4)
"""How long after a critical alert somebody contains whom it names, where nothing did at once: an assumption about people."""
HISTORY = timedelta(days=31)
_OFTEN = 20
"""Sign-ins by program alone, after which a user is a machine."""


@dataclass(frozen=True)
class Known:
    """What the detections know of one org before anything happens."""

    members: tuple[Member, ...]
    names: dict[str, str]
    """User names by id."""
    restricted: frozenset[str]


@dataclass
class Seen:
    """What one watch saw of an attack: since when it is told, by what, and who was contained."""

    at: datetime | None = None
    by: str = ""
    contained: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Watch:
    """One attack's. `known` is read before the attack; judging begins with `since`."""

    def __init__(self, ground: Ground, known: dict[str, Known], org: str, since: datetime) -> None:
        self._ground = ground
        self._known = known
        self._org = org
        self._since = since
        self._actors: frozenset[str] = frozenset()
        self._told: dict[str, str] = {}
        self.seen = Seen()

    def of(self, loot: Loot) -> Self:
        """What is seen counts where it is about whom the attack misuses, or the address that it comes from."""
        names = {name.lower() for name in (loot.username, *loot.usernames)}
        known = self._known[self._org].names
        self._actors = frozenset(user for user, name in known.items() if name.lower() in names) | {ABROAD}
        return self

    def wait(self, length: timedelta) -> None:
        """Lets that much of the estate's time go by, looks when the first poll is due, and has people act when they would."""
        first = min(length, POLL)
        self._ground.advance(first)
        self.look()
        left = length - first
        if self._told and left >= ON_CALL:
            self._ground.advance(ON_CALL)
            left -= ON_CALL
            for username, detection in dict(self._told).items():
                self._contain(username, detection, "critical", self._ground.now(), "whoever is on call")
        if left:
            self._ground.advance(left)

    def look(self) -> None:
        """One poll. Raises what collecting raises."""
        now = collect_live.fn(self._org).at
        known = self._known[self._org]
        suspicions = judged(self._org, known, self._since, now)
        about = next((each for each in suspicions if each.actor in self._actors), None)
        if about is not None and self.seen.at is None:
            self.seen.at, self.seen.by = now, about.detection
        for each in suspicions:
            if each.actor in self._actors & known.names.keys() and each.severity is Severity.CRITICAL:
                self._told.setdefault(known.names[each.actor], each.detection)
        for case in cases(suspicions, known.members):
            if case.contain is not None:
                grave: Gravity = (
                    "critical" if any(s.severity is Severity.CRITICAL for s in case.suspicions) else "error"
                )
                self._contain(known.names[case.actor], case.because[-1], grave, now, "detections")

    def _contain(self, username: str, detection: str, severity: Gravity, now: datetime, who: str) -> None:
        if username in self.seen.contained:
            return
        try:
            contain(
                org=self._org,
                username=username,
                detection=detection,
                severity=severity,
                detected=now,
                requester=who,
            )
        except BulkheadError as error:
            self.seen.failed.append(str(error))
        else:
            self.seen.contained.append(username)


def judged(org: str, known: Known, since: datetime, now: datetime) -> tuple[Suspicion, ...]:
    """What is suspicious since then, in the order in which it happened."""
    _, policy = load_registered()
    store = open_store(policy)
    end = now + timedelta(seconds=1)
    frames: dict[str, pl.LazyFrame] = {
        name: store.rows([org], name, since - HISTORY, end) for name in store.event_types(org)
    }
    context = Context(
        since=since,
        until=end,
        members=known.members,
        restricted=known.restricted,
        sensitive=frozenset(name.partition(".")[0] for name in known.restricted),
    )
    return detect(frames, context).suspicions


def knowledge(orgs: Iterable[str]) -> dict[str, Known]:
    """Who is who in each org, and which fields are sensitive. Raises OrgError."""
    estate = load_estate()
    return {org: _of(org, estate) for org in orgs}


def _of(org: str, estate: Estate) -> Known:
    machines = {route.sync_user.lower() for route in estate.routes if route.target == org}
    with open_org(org) as session:
        values = read_inventory(session).values
        users = [user for user in values["users"] if user.active]
        found = read_fields(session, kind=estate.org(org).kind.value).values
        sensitive = classify(found["fields"], found["samples"], found["row_counts"])
    by_program, by_hand = Counter[str](), set[str]()
    for login in values["logins"]:
        if login.interactive:
            by_hand.add(login.user_id)
        else:
            by_program[login.user_id] += login.count
    members = tuple(
        Member(
            org=org,
            user=user.id[:15],
            name=user.username,
            kind=Kind.MACHINE
            if user.username.lower() in machines or (by_program[user.id] >= _OFTEN and user.id not in by_hand)
            else Kind.PERSON,
        )
        for user in users
    )
    names = {user.id[:15]: user.username for user in users}
    return Known(members, names, frozenset(item.field.name for item in sensitive))
