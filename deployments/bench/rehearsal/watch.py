"""
The product's watch while an attack goes on: every five minutes of the estate's time it collects the live tier, judges, and has
contained whom its cases name, as `detect-anomalies` does.

Telemetry, judgement and containment are the product's; this only says when, since the estate's clock does not wait.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from prefect import flow

from deployments.bench.rehearsal.ground import ABROAD, Ground
from flows.detection import kept_out
from flows.response import contain
from tasks.anomalies.model import Severity
from tasks.anomalies.model_live import Judged, Wanted
from tasks.anomalies.steps import PLAYED, judge_org, settle_wanted
from tasks.errors import BulkheadError
from tasks.rehearsal.model import Loot
from tasks.response.steps import list_containments
from tasks.telemetry.steps import collect_live

POLL = timedelta(minutes=5)
ON_CALL = timedelta(hours=4)
"""How long after a critical alert somebody contains whom it names, where nothing did at once: an assumption about people."""


@dataclass
class Seen:
    """What one watch saw of an attack: since when it is told, by what, and who was contained."""

    at: datetime | None = None
    by: str = ""
    contained: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Watch:
    """One attack's on one org. What happened before `since` is not of it."""

    def __init__(self, ground: Ground, org: str, since: datetime) -> None:
        self._ground = ground
        self._org = org
        self._since = since
        self._names: frozenset[str] = frozenset()
        self._told: dict[str, str] = {}
        self.seen = Seen()

    def of(self, loot: Loot) -> Self:
        """What is seen counts where it is about whom the attack misuses, or the address that it comes from."""
        self._names = frozenset(name.lower() for name in (loot.username, *loot.usernames))
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
                self._contained_by_people(username, detection)
        if left:
            self._ground.advance(left)

    def look(self) -> None:
        """One poll. Raises what collecting and judging raise."""
        judged = looked(self._org)
        for each in sorted(judged.current, key=lambda one: one.at):
            name = judged.people.get(each.actor, "").lower()
            if each.at < self._since or (name not in self._names and each.actor != ABROAD):
                continue
            if self.seen.at is None:
                self.seen.at, self.seen.by = judged.at, each.detection
            if name in self._names and each.severity is Severity.CRITICAL:
                self._told.setdefault(name, each.detection)
        for wanted in judged.wanted:
            self.seen.failed += kept_out_or_why(wanted)
            self._note(wanted.facts.username)

    def _contained_by_people(self, username: str, detection: str) -> None:
        if username in self.seen.contained:
            return
        try:
            contain(
                org=self._org,
                username=username,
                detection=detection,
                severity="critical",
                detected=self._ground.now(),
                requester="whoever is on call",
            )
        except BulkheadError as error:
            self.seen.failed.append(str(error))
        self._note(username)

    def _note(self, username: str) -> None:
        """It counts once all that policy lets take was taken and read back."""
        taken = {
            each.containment.facts.username.lower()
            for each in list_containments.fn()
            if each.containment.facts.org == self._org and each.contained
        }
        if username.lower() in taken and username.lower() not in self.seen.contained:
            self.seen.contained.append(username.lower())


def looked(org: str) -> Judged:
    """One look at what the org shows at once, by what is remembered of the looks before."""
    shown = collect_live.fn(org)
    return judge_org.fn(
        org,
        "live",
        shown.at,
        [taken.event_type for taken in shown.taken],
        {gone.what: gone.why for gone in shown.hidden},
    )


@flow(name="contain-in-rehearsal", flow_run_name="contain-in-rehearsal")
def kept_out_or_why(wanted: Wanted) -> list[str]:
    """Why it could not be done; empty where it was, or where nobody may be contained."""
    try:
        if kept_out(wanted):
            settle_wanted(wanted, PLAYED)
    except BulkheadError as error:
        return [str(error)]
    return []
