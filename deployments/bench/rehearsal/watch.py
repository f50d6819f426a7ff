"""
The product's watch while an attack goes on: every five minutes of the estate's time it collects the live tier, judges, and has
contained what its cases say.

Telemetry, detections, cases and containment are the product's; this only says when, since the estate's clock does not wait.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from deployments.bench.rehearsal.ground import Ground
from flows.response import contain
from tasks.anomalies.cases import Case, cases
from tasks.anomalies.detect import detect
from tasks.anomalies.model import Context, Kind, Member, Suspicion
from tasks.encryption.classify import classify
from tasks.encryption.gateway import read_fields
from tasks.errors import BulkheadError
from tasks.estate.model import Estate
from tasks.inventory.gateway import read_inventory
from tasks.orgs import load_estate, load_registered, open_org
from tasks.telemetry.steps import collect_live, open_store

POLL = timedelta(minutes=5)
HISTORY = timedelta(days=31)


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
        self.seen = Seen()

    def wait(self, length: timedelta) -> None:
        """Lets that much of the estate's time go by, and looks when the first poll is due."""
        first = min(length, POLL)
        self._ground.advance(first)
        self.look()
        if length > first:
            self._ground.advance(length - first)

    def look(self) -> None:
        """One poll. Raises what collecting raises."""
        now = collect_live.fn(self._org).at
        known = self._known[self._org]
        suspicions = judged(self._org, known, self._since, now)
        if suspicions and self.seen.at is None:
            self.seen.at, self.seen.by = now, suspicions[0].detection
        for case in cases(suspicions, known.members):
            if case.contain is not None:
                self._contain(case, known, now)

    def _contain(self, case: Case, known: Known, now: datetime) -> None:
        username = known.names[case.actor]
        if username in self.seen.contained:
            return
        try:
            contain(
                org=self._org,
                username=username,
                detection=case.because[-1],
                severity=max((s.severity for s in case.suspicions), key=_GRAVITY.index).value,
                detected=now,
                since=case.suspicions[0].since,
            )
        except BulkheadError as error:
            self.seen.failed.append(str(error))
        else:
            self.seen.contained.append(username)


_GRAVITY = ("info", "warning", "error", "critical")


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
        users = [user for user in read_inventory(session).values["users"] if user.active]
        found = read_fields(session, kind=estate.org(org).kind.value).values
        sensitive = classify(found["fields"], found["samples"], found["row_counts"])
        members = tuple(
            Member(
                org=org,
                user=user.id[:15],
                name=user.username,
                kind=Kind.MACHINE if _is_machine(user.username, user.profile_name, machines) else Kind.PERSON,
            )
            for user in users
        )
    names = {user.id[:15]: user.username for user in users}
    return Known(members, names, frozenset(item.field.name for item in sensitive))


def _is_machine(username: str, profile: str, declared: set[str]) -> bool:
    return username.lower() in declared or "API Only" in profile
