"""Plays worlds, asks every detector in every tier, and scores them."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
import yaml

from deployments.bench.detection import rivals
from deployments.bench.detection.attacks import Attack, Done, play
from deployments.bench.detection.benign import happen
from deployments.bench.detection.containing import Contained, contained
from deployments.bench.detection.corpus import ATTACKS
from deployments.bench.detection.facts import Facts
from deployments.bench.detection.scoring import Alarm, SeedScore, Summary, score, summarise
from deployments.bench.detection.tiers import frames, told
from deployments.bench.detection.world import COUNTRIES, RESTRICTED, SENSITIVE, World, world
from tasks.anomalies.detect import detect
from tasks.anomalies.model import Context, Suspicion, Tier, Tuning
from tasks.anomalies.views import Views

OURS = "bulkhead"
Each = Callable[[Callable[..., Any], Iterable[int]], Iterator[Any]]
"""Calls something for each seed, in order: `map`, or the map of a pool."""
_THREADS, _AT_ONCE = "POLARS_MAX_THREADS", 5
WANTED_RECALL, WANTED_FALSE, WANTED_MINUTES = 0.95, 0.1, 8.0


@dataclass(frozen=True)
class Played:
    """A world with its facts, its attacks, and what the owner of the estate has announced."""

    world: World
    facts: dict[str, pl.DataFrame]
    attacks: tuple[Done, ...]
    context: Context
    tuning: Tuning


def played(seed: int, *, attacks: tuple[Attack, ...] = ATTACKS, **size: int) -> Played:
    made, facts = world(seed, **size), Facts()
    allowances = happen(made, facts)
    done = tuple(play(made, facts, attacks))
    expected = frozenset(COUNTRIES.values())
    context = Context(
        since=made.since,
        until=made.until,
        members=made.members,
        restricted=RESTRICTED,
        sensitive=SENSITIVE,
        countries=dict.fromkeys(made.orgs, expected),
    )
    return Played(made, facts.frames(), done, context, Tuning(allowances=allowances))


def ours(game: Played, tier: Tier) -> tuple[list[Alarm], list[Suspicion]]:
    judged = detect(frames(game.facts, tier), game.context, game.tuning)
    return [_alarm(each, tier, game.world.seed) for each in judged.suspicions], list(judged.suspicions)


def _alarm(each: Suspicion, tier: Tier, seed: int) -> Alarm:
    # From its own moment, so that what else was found changes nothing.
    rng = np.random.default_rng([seed, int(each.at.timestamp()) % (1 << 31)])
    return Alarm(
        each.detection, each.org, each.actor, each.since, each.at, told(tier, each.since, each.at, rng)
    )


@dataclass
class Tally:
    """Scores of each world, by detector and tier."""

    scores: dict[tuple[str, Tier], list[SeedScore]] = field(default_factory=dict)
    containing: dict[Tier, list[Contained]] = field(default_factory=dict)

    def add(self, detector: str, tier: Tier, scored: SeedScore) -> None:
        self.scores.setdefault((detector, tier), []).append(scored)

    def take(self, other: "Tally") -> None:
        for key, scores in other.scores.items():
            self.scores.setdefault(key, []).extend(scores)
        for tier, each in other.containing.items():
            self.containing.setdefault(tier, []).extend(each)


def carried() -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = yaml.safe_load(
        Path(__file__).with_name("carried.yaml").read_text()
    )
    return table


def carries(table: Mapping[str, Mapping[str, list[str]]], tier: Tier) -> dict[str, bool]:
    column = "live" if tier is Tier.LIVE else "files"
    return {name: bool(row[column]) for name, row in table.items()}


@dataclass(frozen=True)
class Peace:
    """Worlds without any attack, on the live tier: whoever is contained there is contained wrongly."""

    user_months: float
    alarms: int
    wrongful: int

    def document(self) -> dict[str, Any]:
        return {"user_months": self.user_months, "alarms": self.alarms, "wrongful": self.wrongful}


@dataclass(frozen=True)
class Result:
    summaries: tuple[Summary, ...]
    containing: dict[str, dict[str, Any]]
    seeds: tuple[int, ...]
    user_months: float
    thresholds: dict[str, float]
    peace: Peace | None = None
    seconds: float = 0.0

    def of(self, detector: str, tier: Tier) -> Summary:
        return next(s for s in self.summaries if (s.detector, s.tier) == (detector, tier.value))

    @property
    def failings(self) -> list[str]:
        """What acceptance asks for and this run does not show."""
        found = []
        tiers = {s.tier for s in self.summaries}
        for tier in (t for t in Tier if t.value in tiers):
            mine = self.of(OURS, tier)
            if mine.recall < WANTED_RECALL:
                found.append(f"{tier.value}: recall {mine.recall:.3f} is under {WANTED_RECALL}")
            if mine.false_per_user_month > WANTED_FALSE:
                found.append(f"{tier.value}: {mine.false_per_user_month:.3f} false alarms per user-month")
            for other in (s for s in self.summaries if s.tier == tier.value and s.detector != OURS):
                if other.recall >= mine.recall and other.false_per_user_month <= mine.false_per_user_month:
                    found.append(f"{tier.value}: {other.detector} is at least as good")
        if self.peace is not None and self.peace.wrongful:
            found.append(
                f"{self.peace.wrongful} wrongful containments in {self.peace.user_months:,.0f} benign user-months"
            )
        for tier_name, each in self.containing.items():
            if each["share"] < WANTED_RECALL:
                found.append(
                    f"{tier_name}: {each['share']:.1%} of the attacks that policy contains are contained"
                )
        live = next((s for s in self.summaries if (s.detector, s.tier) == (OURS, Tier.LIVE.value)), None)
        if live is not None and not (live.minutes_p95 is not None and live.minutes_p95 <= WANTED_MINUTES):
            found.append(f"live: p95 of minutes to detect is {live.minutes_p95}")
        if live is not None and live.attacks["weekend-theft"]["recall"] < 1.0:
            found.append("live: a weekend theft was missed")
        return found


def measure(
    seeds: Sequence[int],
    tuned_on: Sequence[int] = (),
    tiers: Sequence[Tier] = tuple(Tier),
    tell: Callable[[str], None] = lambda text: None,
    benign_user_months: float = 0.0,
    orgs: int = 4,
    persons: int = 25,
    jobs: int = 1,
) -> Result:
    """
    `jobs` is how many worlds are played side by side, each in a process of its own; it changes the time and no figure.

    Rivals that give scores get the threshold that makes at most 0.1 false alarms per user-month on `tuned_on`; without such
    worlds they are left out.
    """
    began = perf_counter()
    size = {"orgs": orgs, "persons": persons}
    with _side_by_side(jobs) as each:
        thresholds = _tuned(tuned_on, tiers, tell, each, size) if tuned_on else {}
        tally, months = Tally(), 0.0
        for seed, (part, more) in zip(
            seeds,
            each(partial(_world, tiers=tuple(tiers), thresholds=thresholds, **size), seeds),
            strict=True,
        ):
            tell(f"world {seed}")
            tally.take(part)
            months += more
        peace = in_peace(benign_user_months, max(seeds) + 1, tell, each, size) if benign_user_months else None
    table = carried()
    summaries = tuple(
        summarise(name, tier.value, each, carries(table, tier)) for (name, tier), each in tally.scores.items()
    )
    containing = {tier.value: Contained.together(each) for tier, each in tally.containing.items()}
    return Result(
        summaries, containing, tuple(seeds), months, _named(thresholds), peace, perf_counter() - began
    )


def in_peace(
    user_months: float,
    first_seed: int,
    tell: Callable[[str], None],
    each: Each = map,
    size: Mapping[str, int] = MappingProxyType({}),
) -> Peace:
    """Plays worlds from `first_seed` on until there are so many user-months."""
    months, alarms, wrongful, seed = 0.0, 0, 0, first_seed
    while months < user_months:
        tell(f"benign worlds {seed} to {seed + _AT_ONCE - 1}")
        for more, found, wrongly in each(partial(_quiet_world, **size), range(seed, seed + _AT_ONCE)):
            months, alarms, wrongful = months + more, alarms + found, wrongful + wrongly
        seed += _AT_ONCE
    return Peace(months, alarms, wrongful)


def _quiet_world(seed: int, orgs: int = 4, persons: int = 25) -> tuple[float, int, int]:
    game = played(seed, attacks=(), orgs=orgs, persons=persons)
    found, suspicions = ours(game, Tier.LIVE)
    return (
        game.world.user_months,
        len(found),
        contained(game.facts, (), game.context, suspicions, found).wrongly,
    )


@contextmanager
def _side_by_side(jobs: int) -> Iterator[Each]:
    """Something like `map` that plays so many worlds at once, each in a process with one thread of polars."""
    if jobs <= 1:
        yield map
        return
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
            yield pool.map
    finally:
        os.environ.pop(_THREADS)
        if before is not None:
            os.environ[_THREADS] = before


def _shape(tier: Tier) -> Tier:
    """Hourly and daily files hold the same rows: they are judged once, and come at different times."""
    return Tier.LIVE if tier is Tier.LIVE else Tier.HOURLY


def _world(
    seed: int, tiers: Sequence[Tier], thresholds: Mapping[Tier, Mapping[str, float]], orgs: int, persons: int
) -> tuple[Tally, float]:
    game, tally = played(seed, orgs=orgs, persons=persons), Tally()
    for shape in dict.fromkeys(_shape(tier) for tier in tiers):
        _play(
            game, shape, [tier for tier in tiers if _shape(tier) is shape], thresholds.get(shape, {}), tally
        )
    return tally, game.world.user_months


def _play(
    game: Played, shape: Tier, tiers: Sequence[Tier], thresholds: Mapping[str, float], tally: Tally
) -> None:
    judged = detect(frames(game.facts, shape), game.context, game.tuning)
    views = Views(frames(game.facts, shape), game.context)
    found = rivals.findings(views, game.context, thresholds)
    months = game.world.user_months
    for tier in tiers:
        alarms = [_alarm(each, tier, game.world.seed) for each in judged.suspicions]
        tally.add(OURS, tier, score(alarms, game.attacks, months))
        saved = contained(game.facts, game.attacks, game.context, judged.suspicions, alarms)
        tally.containing.setdefault(tier, []).append(saved)
        for name, frame in found.items():
            theirs = rivals.alarms(frame, name, game.context, tier, game.world.seed)
            tally.add(name, tier, score(theirs, game.attacks, months))


def _tuned(
    seeds: Sequence[int],
    tiers: Sequence[Tier],
    tell: Callable[[str], None],
    each: Each,
    size: Mapping[str, int],
) -> dict[Tier, dict[str, float]]:
    tell(f"tuning the rivals on {len(seeds)} worlds")
    shapes = tuple(dict.fromkeys(_shape(tier) for tier in tiers))
    scored = list(each(partial(_scored, shapes=shapes, **size), seeds))
    return {shape: rivals.thresholds([part[shape] for part in scored], WANTED_FALSE) for shape in shapes}


def _scored(seed: int, shapes: Sequence[Tier], orgs: int, persons: int) -> dict[Tier, rivals.Scored]:
    game = played(seed, orgs=orgs, persons=persons)
    return {
        shape: rivals.scored(
            Views(frames(game.facts, shape), game.context), game.context, game.attacks, game.world.user_months
        )
        for shape in shapes
    }


def _named(thresholds: Mapping[Tier, Mapping[str, float]]) -> dict[str, float]:
    return {
        f"{name}, {shape.value}": value for shape, each in thresholds.items() for name, value in each.items()
    }
