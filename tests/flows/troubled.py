"""
Detection as it runs, in a world of faults: the flow, its tasks, the ledger, the outbox and the store are real; orgs, sinks and
both clocks are played, and the process can end between any two writes.
"""

import heapq
import itertools
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

import flows.detection as flow
import tasks.alerts.steps as alerting
import tasks.anomalies.steps as judging
import tasks.telemetry.steps as collecting
from flows.detection import detect_anomalies
from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import Letter, Message, Telling
from tasks.anomalies.detections import DETECTIONS
from tasks.anomalies.model import Indicator, Member
from tasks.anomalies.model_live import Judged, Known, TuningDocument
from tasks.errors import (
    AlertUndelivered,
    ContainmentRefused,
    DetectionIncomplete,
)
from tasks.estate.model import AlertChannel, ChannelKind, CloudEntry, Estate, Identity, OrgEntry, OrgKind
from tasks.estate.policy import Policy
from tasks.ledger.store import Ledger
from tasks.telemetry.model import Collected, LogFile, Tier
from tasks.telemetry.places import place_of
from tasks.telemetry.state_ledger_gateway import TelemetryBook
from tasks.telemetry.store import TelemetryStore
from tests.flows.mortal import Checker, Inline, Killed, MortalLedger, MortalPlace, Process
from tests.flows.troubled_org import (
    DAY,
    HOUR,
    MEMBERS,
    ORGS,
    PLANTED,
    SILENCE,
    START,
    STRANGE,
    TYPES,
    WITH_FILES,
    Event,
    TroubledOrg,
    content_of,
    user_of,
)

ESTATE = Estate(
    name="laboratory",
    orgs=tuple(
        OrgEntry(
            alias=alias,
            my_domain=f"https://{alias}.my.salesforce.com",
            kind=OrgKind.PRODUCTION,
            scanner=Identity(
                flow="jwt-bearer", username=f"scanner@{alias}.example", secret=f"bulkhead/{alias}"
            ),
        )
        for alias in ORGS
    ),
    cloud=CloudEntry(region="eu-central-1"),
    channels=tuple(
        AlertChannel(name=name, kind=kind, orgs=ORGS, secret=f"alerts/{name}")
        for name, kind in (("soc", ChannelKind.SLACK), ("pager", ChannelKind.PAGERDUTY))
    ),
)
POLICY = Policy.model_validate({"telemetry": {"event_types": TYPES}, "detection": {"known_for": "P30D"}})
TUNING = TuningDocument(
    without=tuple(each.name for each in DETECTIONS if each.name not in (PLANTED, SILENCE)),
    indicators=(Indicator(kind="address", value=STRANGE, source="laboratory", expires=START + 300 * DAY),),
)


@dataclass
class World:
    """All of it. `true` is real time; each clock is beside it by its own offset."""

    folder: Path
    chance: Random
    true: datetime = START
    worker_off: timedelta = timedelta()
    org_off: dict[str, timedelta] = field(default_factory=lambda: dict.fromkeys(ORGS, timedelta()))
    process: Process = field(default_factory=Process)
    events: dict[str, list[Event]] = field(default_factory=lambda: {alias: [] for alias in ORGS})
    planted: dict[str, str] = field(default_factory=dict)
    """Key of the alert that must come of it, and what it was."""
    calm: bool = False
    """Files come in time and whole from now on."""
    down_sinks: set[str] = field(default_factory=set)
    arrived: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Openings that a sink has taken, by its name and the alert's id."""
    pages: dict[str, str] = field(default_factory=dict)
    """The last artifact of each kind."""
    collected: list[Collected] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = MortalLedger(f"sqlite:///{self.folder / 'ledger.db'}", lambda: self.worker)
        self.ledger.process = self.process
        opened = place_of(str(self.folder / "telemetry"))
        place = MortalPlace(opened.files, opened.root, local=True)
        place.process = self.process
        self.store = TelemetryStore(place)
        self.orgs = {alias: TroubledOrg(alias, lambda alias=alias: self.org_time(alias)) for alias in ORGS}  # type: ignore[misc]  # a default that binds
        self._acts: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count(0 if self.true < START else 100_000)
        self._uncut: dict[str, list[Event]] = {kind: [] for kind in TYPES}
        self.book = AlertBook(self.ledger)

    @property
    def worker(self) -> datetime:
        return self.true + self.worker_off

    def org_time(self, alias: str) -> datetime:
        return self.true + self.org_off[alias]

    # -- what happens in the orgs

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._acts, (moment, next(self._numbers), act))

    def later(self, span: timedelta) -> None:
        until = self.true + span
        while self._acts and self._acts[0][0] <= until:
            self.true, _, act = heapq.heappop(self._acts)
            act()
        self.true = until

    def happens(self, org: str, kind: str, user: str, address: str, late: timedelta = timedelta()) -> None:
        """Now, by the org's own clock; a sign-in shows live after `late`."""
        event = Event(
            f"0Ya{next(self._numbers):012d}AAA",
            kind,
            user,
            address,
            self.org_time(org).replace(microsecond=0),
        )
        self.events[org].append(event)
        if kind == "Login":
            rows = self.orgs[org].rows["LoginHistory"]
            self.at(self.true + late, lambda: rows.append(event.row()))
        if org == WITH_FILES:
            self._uncut[kind].append(event)

    def appears(
        self, kind: str, tier: Tier, start: datetime, sequence: int, events: Sequence[Event], broken: str = ""
    ) -> None:
        """A file, made now by the org's own clock; none where nothing happened."""
        if not events:
            return
        org = self.orgs[WITH_FILES]
        file = LogFile(
            id=f"0AT{next(self._numbers):012d}AAA", event_type=kind, tier=tier, start=start,
            made=self.org_time(WITH_FILES).replace(microsecond=0), sequence=sequence,
        )  # fmt: skip
        org.has(file, content_of(events))
        if broken:
            getattr(org, broken).add(file.id)

    def cut_hour(self, kind: str) -> None:
        """What happened since the last one: in a file, in a second one what came too late for it, and perhaps the first one again."""
        chance, events = self.chance, self._uncut[kind]
        self._uncut[kind] = []
        if not events:
            return
        start = min(each.at for each in events).replace(minute=0, second=0)
        if self.calm:
            self.at(self.true + 3 * HOUR, lambda: self.appears(kind, Tier.HOURLY, start, 1, events))
            return
        tardy = [each for each in events if chance.random() < 0.2]
        prompt = [each for each in events if each not in tardy]
        wait = chance.choice([3, 4, 6, 6, 6, 22]) * HOUR
        broken = chance.choice(["", "", "", "", "", "", "cut", "refused"])
        self.at(self.true + wait, lambda: self.appears(kind, Tier.HOURLY, start, 1, prompt, broken))
        if tardy:
            self.at(
                self.true + wait + chance.randint(-2, 9) * HOUR,
                lambda: self.appears(kind, Tier.HOURLY, start, 2, tardy),
            )
        if chance.random() < 0.15:
            self.at(self.true + wait + 5 * HOUR, lambda: self.appears(kind, Tier.HOURLY, start, 1, prompt))

    def cut_day(self, kind: str) -> None:
        """The day before, by the org's own clock, whole."""
        day = (self.org_time(WITH_FILES) - HOUR).replace(hour=0, minute=0, second=0)
        events = [e for e in self.events[WITH_FILES] if e.kind == kind and day <= e.at < day + DAY]
        for _ in range(self.chance.choice([1, 1, 1, 2])):
            wait = self.chance.choice([6, 8, 12, 30]) * HOUR
            self.at(self.true + wait, lambda: self.appears(kind, Tier.DAILY, day, 0, events))

    # -- a run, and a fault

    def run(self, tiers: str, *, ends_at: int | None = None) -> str:
        """How it ended: nothing, why an org was not judged, or that it was killed."""
        self.process.begin(ends_at)
        try:
            detect_anomalies.fn(orgs=[], tiers=tiers)
        except DetectionIncomplete as error:
            return str(error)
        except Killed:
            return "killed"
        finally:
            self.process.begin(None)
        return ""

    def replay(self) -> Collected:
        """What a person starts once a file that was set aside is whole."""
        found: Collected = collecting.collect_files.fn(WITH_FILES, replay=True)
        return found

    def sends(self, message: Message, channel: AlertChannel, *_: object) -> None:
        self.process.at_a_write()
        if channel.name in self.down_sinks:
            raise AlertUndelivered("503")
        for letter in [message] if isinstance(message, Letter) else message.letters:
            if letter.what is Telling.OPENED:
                self.arrived[channel.name, letter.id] += 1
        self.process.at_a_write()

    def open_keys(self) -> set[str]:
        return {each.alert.key for each in self.book.all() if each.resolved is None}


@contextmanager
def wired(world: World) -> Iterator[World]:
    """The product's tasks work with this world."""
    clock = type("Clock", (datetime,), {"now": classmethod(lambda cls, tz=None: world.worker)})

    @contextmanager
    def opens_ledger() -> Iterator[Ledger]:
        yield world.ledger

    @contextmanager
    def opens_org(alias: str) -> Iterator[TroubledOrg]:
        yield world.orgs[alias]

    @contextmanager
    def collects(alias: str, tier: str) -> Iterator[collecting.Run]:
        world.orgs[alias].calls = 0
        with world.ledger.held(f"the {tier} telemetry of {alias}"):
            yield collecting.Run(
                world.orgs[alias], world.store, TelemetryBook(world.ledger, alias), POLICY, None
            )  # type: ignore[arg-type]  # an org of a test

    def together(aliases: list[str], tiers: str, now: datetime) -> Judged:
        """Nothing that these schedules plant shows in all orgs alone."""
        return Judged(org=judging.ACROSS, at=now)

    def contains(*_: object) -> None:
        raise ContainmentRefused("Nobody is contained here.")

    def one_by_one(
        names: Mapping[str, Any], work: Callable[[str], Any], _: float
    ) -> tuple[dict[str, Any], dict[str, str]]:
        return {name: work(name) for name in names}, {}

    def keeps(kind: str, text: Callable[..., str]) -> Inline:
        return Inline(
            lambda found, failed, tiers: world.pages.update({f"{kind}-{tiers}": text(found, failed, tiers)})
        )

    with pytest.MonkeyPatch.context() as patch:
        for module in (collecting, judging, alerting):
            patch.setattr(module, "load_registered", lambda: (ESTATE, POLICY))
            patch.setattr(module, "open_ledger", opens_ledger)
            if hasattr(module, "get_run_logger"):
                patch.setattr(module, "get_run_logger", lambda: logging.getLogger("schedules"))
        patch.setattr(flow, "get_run_logger", lambda: logging.getLogger("schedules"))
        patch.setattr(collecting, "collecting", collects)
        patch.setattr(collecting, "BatchChecker", Checker)
        patch.setattr(collecting, "load_masking_key", lambda: b"k" * 32)
        patch.setattr(judging, "load_masking_key", lambda: b"k" * 32)
        patch.setattr(judging, "load_tuning", lambda _: TUNING)
        patch.setattr(judging, "open_org", opens_org)
        patch.setattr(judging, "open_store", lambda _: world.store)
        patch.setattr(judging, "datetime", clock)
        patch.setattr(alerting, "datetime", clock)
        patch.setattr(judging.org_gateway, "read_known", lambda org, **facts: known(org.alias, facts["now"]))
        patch.setattr(
            judging.org_gateway,
            "read_names",
            lambda org, ids: {each: f"{each}@{org.alias}.example" for each in ids},
        )
        patch.setattr(alerting, "deliver", world.sends)
        patch.setattr(alerting, "read_secret", lambda *_: "")
        patch.setattr(alerting, "open_cloud", lambda: None)
        patch.setattr(alerting, "emit_event", lambda *_, **__: None)
        for name in ("collect_live", "collect_files", "judge_org", "read_standing", "note_looks", "note_opened", "read_refusals",
                     "read_recent_incidents", "settle_wanted", "list_open_alerts", "update_alerts", "note_heartbeat"):  # fmt: skip
            patch.setattr(flow, name, Inline(getattr(flow, name).fn))
        patch.setattr(flow, "read_estate", lambda: (ESTATE, POLICY))
        patch.setattr(flow, "judge_across", together)
        patch.setattr(flow, "list_containments", list)
        patch.setattr(flow, "re_enable_address", str)
        patch.setattr(flow, "contained", contains)
        patch.setattr(flow, "each_in_time", one_by_one)
        patch.setattr(
            flow,
            "publish_telemetry",
            keeps("telemetry", lambda found, failed, _: collecting.words.collected(found, failed)),
        )
        patch.setattr(flow, "publish_detections", keeps("detections", judging.telling.markdown))
        yield world


def known(alias: str, now: datetime) -> Known:
    members = tuple(Member(org=alias, user=user_of(number)) for number in range(MEMBERS))
    return Known(org=alias, at=now, members=members)
