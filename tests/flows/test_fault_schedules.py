"""
Five hundred schedules of detection in trouble: killed between any two writes, orgs and sinks down, files late, twice, in a second part,
cut or refused, sign-ins that show late, clocks that step. No alert lost, none opened twice, every gap told and its tale ended.
"""

import shutil
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tasks.anomalies.detections.log_gap import GAP
from tasks.telemetry.model import Tier
from tasks.telemetry.state_ledger_gateway import TelemetryBook
from tests.flows.troubled import World, wired
from tests.flows.troubled_org import (
    DAY,
    HOUR,
    MINUTE,
    ORGS,
    PLANTED,
    SEEDED_DAYS,
    SILENCE,
    START,
    STRANGE,
    TYPES,
    UNJUDGED,
    USUAL,
    WITH_FILES,
    user_of,
)
from tests.slices import chosen

SCHEDULES, SLICE = 500, 24
STEPS = 10
QUIET_DAYS = 3
"""Planted things happen within; afterwards everything heals, and the days after are ordinary."""


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seventeen ordinary days that every schedule begins with."""
    folder = tmp_path_factory.mktemp("history")
    world = World(folder, Random(0), true=START - SEEDED_DAYS * DAY)
    for day in range(SEEDED_DAYS):
        for hour in (2, 10, 18):
            world.at(START - (SEEDED_DAYS - day) * DAY + hour * HOUR, lambda: ordinary(world))
    world.later(SEEDED_DAYS * DAY - HOUR)
    for kind in TYPES:
        for day in range(SEEDED_DAYS):
            start = START - (SEEDED_DAYS - day) * DAY
            mine = [e for e in world.events[WITH_FILES] if e.kind == kind and start <= e.at < start + DAY]
            world.appears(kind, Tier.HOURLY, start + 2 * HOUR, 1, mine)
            world.appears(kind, Tier.DAILY, start, 0, mine)
    with wired(world):
        for tiers in ("files", "live"):
            assert world.run(tiers) == "", world.pages
    assert not world.book.all()
    world.ledger.close()
    return folder


def ordinary(world: World, *, but: str = "") -> None:
    for number, org in enumerate(ORGS):
        if org != but:
            world.happens(org, "Login", user_of(number), USUAL)
    world.happens(WITH_FILES, "RestApi", user_of(2), USUAL)


class Schedule:
    """One of them, from its seed alone."""

    def __init__(self, seed: int, world: World) -> None:
        self.seed, self.world, self.chance = seed, world, world.chance
        self.seen: dict[str, datetime] = {}
        """When each org was last judged, by the worker's clock; gone where nobody can tell."""

    def prepare(self) -> None:
        world, chance = self.world, self.chance
        mute = chance.choice(["", "", "", "emea"])
        began = chance.uniform(4, 30) * HOUR
        for hour in range(0, 24 * 14, 4):
            moment = START + hour * HOUR + 11 * MINUTE
            quiet = mute and began <= moment - START < began + 40 * HOUR
            world.at(moment, lambda but=mute if quiet else "": ordinary(world, but=but))
        for hour in range(8, 24 * 14, 8):
            for kind in TYPES:
                world.at(START + hour * HOUR, lambda kind=kind: world.cut_hour(kind))
        for day in range(1, 14):
            for kind in TYPES:
                world.at(START + day * DAY + MINUTE, lambda kind=kind: world.cut_day(kind))
        for number in range(3, 3 + chance.randint(2, 5)):
            self.plant(number)

    def plant(self, number: int) -> None:
        world, chance = self.world, self.chance
        org = chance.choice(ORGS)
        kind = chance.choice(TYPES) if org == WITH_FILES else "Login"
        late = chance.choice([0, 0, 0, 1, 4, 12]) * HOUR
        moment = START + chance.uniform(0.1, 24 * QUIET_DAYS - 20) * HOUR
        world.planted[f"anomaly:{PLANTED}/{org}/{user_of(number)}"] = (
            f"{kind} at {moment:%d %H:%M}, {late} late"
        )
        world.at(moment, lambda: world.happens(org, kind, user_of(number), STRANGE, late))

    def step(self) -> None:
        world, chance = self.world, self.chance
        world.later(chance.choice([5 * MINUTE, 5 * MINUTE, HOUR, 3 * HOUR, 7 * HOUR, 31 * HOUR]))
        match chance.randint(0, 9):
            case 0 | 1:
                for each in world.orgs.values():
                    each.down = chance.random() < 0.4
            case 2:
                world.down_sinks = {name for name in ("soc", "pager") if chance.random() < 0.5}
            case 3:
                world.worker_off += chance.choice([-20, -1, 1, 20]) * HOUR
            case 4:
                world.org_off[chance.choice(ORGS)] += chance.choice([-9, -1, 1, 9]) * HOUR
            case 5:
                world.orgs[chance.choice(ORGS)].fails_after = chance.randint(1, 12)
        for tiers in ("live", "files") if chance.random() < 0.4 else ("live",):
            self.run(tiers, chance.randint(1, 40) if chance.random() < 0.35 else None)
        for each in world.orgs.values():
            each.fails_after = None

    def run(self, tiers: str, ends_at: int | None = None) -> None:
        world = self.world
        before = world.worker
        said = world.run(tiers, ends_at=ends_at)
        if said == "killed":
            self.seen.clear()
            return
        self.tell_tales(tiers, said, before)

    def tell_tales(self, tiers: str, said: str, now: datetime) -> None:
        """A run that came to its end has told of every org that it could not judge, and of every file that it set aside."""
        world = self.world
        opened = world.open_keys()
        for org in ORGS:
            key = f"{UNJUDGED}{org}"
            if world.orgs[org].down:
                assert f"{org}: " in said, (self.seed, org, said)
                last = self.seen.get(f"{org} {tiers}")
                if last is not None and now - last >= timedelta(hours=2):
                    assert key in opened, (self.seed, org, "down and not told")
            elif f"{org}: " not in said:
                assert key not in opened, (self.seed, org, "judged and said to be silent")
                self.seen[f"{org} {tiers}"] = now
        if tiers == "files" and not said:
            aside = world.orgs[WITH_FILES].cut | world.orgs[WITH_FILES].refused
            listed = {each.id for each in world.orgs[WITH_FILES].listed}
            told = world.pages["telemetry-files"]
            known = set_aside(world)
            assert known <= aside & listed, (self.seed, "set aside without a reason")
            assert all(name in told for name in known), (self.seed, "set aside and not told")

    def heal(self) -> None:
        world = self.world
        for each in world.orgs.values():
            each.down = False
        world.down_sinks, world.calm = set(), True
        self.look()
        world.later(START + QUIET_DAYS * DAY - world.true if world.true < START + QUIET_DAYS * DAY else HOUR)
        self.look()
        for _ in range(2):
            world.later(20 * HOUR)
            self.look()
        # Whoever looks after the orgs has seen to the files; a person starts the collecting of those that were set aside.
        org = world.orgs[WITH_FILES]
        org.cut, org.refused = set(), set()
        world.replay()
        self.look()
        assert set_aside(world) == set(), self.seed
        for _ in range(2):
            world.later(25 * HOUR)
            self.look()

    def look(self) -> None:
        """As the schedules have it: within the first minutes of an hour, too."""
        world, here = self.world, self.world.org_time(WITH_FILES)
        world.later(HOUR - timedelta(minutes=here.minute, seconds=here.second) + MINUTE)
        self.run("live")
        self.run("files")

    def judge(self) -> None:
        world, seed = self.world, self.seed
        alerts = world.book.all()
        times = Counter(each.alert.key for each in alerts)
        for key, what in world.planted.items():
            assert times[key] == 1, (seed, key, what, times[key])
        others = {key for key in times if key not in world.planted and not key.startswith(UNJUDGED)}
        silences = {f"anomaly:{SILENCE}/{org}/{org}" for org in ORGS}
        assert others <= silences, (seed, others)
        for org in ORGS:
            if silent(world, org):
                assert times[f"anomaly:{SILENCE}/{org}/{org}"] >= 1, (
                    seed,
                    org,
                    "a silence that nobody told of",
                )
        assert not world.open_keys(), (seed, world.open_keys())
        for each in alerts:
            marks = {mark.partition(":")[0] for mark in each.delivered}
            assert {"soc", "pager"} <= marks, (seed, each.alert.key, each.delivered)
        for org in ORGS:
            self.counted_once(org)

    def counted_once(self, org: str) -> None:
        world, until = self.world, self.world.true + 30 * DAY
        first = START - 30 * DAY
        live = world.store.rows([org], "LoginHistory", first, until).collect()
        assert live["ID"].n_unique() == live.height, (self.seed, org, "a sign-in twice")
        lost = {e.id for e in world.events[org] if e.kind == "Login" and e.at < world.org_time(org) - DAY} - {
            *live["ID"]
        }
        assert not lost, (self.seed, org, lost)
        for kind in TYPES if org == WITH_FILES else ():
            rows = world.store.rows([org], kind, first, until).collect()
            assert rows["REQUEST_ID"].n_unique() == rows.height, (self.seed, kind, "an event twice")
            before = world.org_time(org) - 3 * DAY
            there = {*rows["REQUEST_ID"]}
            lost = {e.id for e in world.events[org] if e.kind == kind and START <= e.at < before} - there
            assert not lost, (self.seed, kind, lost)


def silent(world: World, org: str) -> bool:
    """Whether nobody signed in for longer than the detection has patience, by the org's own clock."""
    times = sorted(each.at for each in world.events[org] if each.kind == "Login")
    return any(later - before > GAP + HOUR for before, later in pairwise(times))


def set_aside(world: World) -> set[str]:
    return {*TelemetryBook(world.ledger, WITH_FILES).quarantine()}


def play(seed: int, history: Path, folder: Path) -> World:
    place = folder / str(seed)
    shutil.copytree(history, place)
    world = World(place, Random(seed))
    with wired(world):
        schedule = Schedule(seed, world)
        schedule.prepare()
        for _ in range(STEPS):
            schedule.step()
        schedule.heal()
        schedule.judge()
    world.ledger.close()
    shutil.rmtree(place)
    return world


@pytest.mark.parametrize("seed", range(3))
def test_a_few_schedules(seed: int, history: Path, tmp_path: Path) -> None:
    """The first one opened an alert twice once files came late, the third lost one to an outage longer than a window."""
    play(seed, history, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", chosen(range(1_000, 1_000 + SCHEDULES), SLICE))
def test_five_hundred_schedules(seed: int, history: Path, tmp_path: Path) -> None:
    play(seed, history, tmp_path)
