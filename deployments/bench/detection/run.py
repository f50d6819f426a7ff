"""Plays worlds, asks every detector in every tier, and scores them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
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


def carried() -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = yaml.safe_load(
        Path(__file__).with_name("carried.yaml").read_text()
    )
    return table


def carries(table: Mapping[str, Mapping[str, list[str]]], tier: Tier) -> dict[str, bool]:
    column = "live" if tier is Tier.LIVE else "files"
    return {name: bool(row[column]) for name, row in table.items()}


@dataclass(frozen=True)
class Result:
    summaries: tuple[Summary, ...]
    containing: dict[str, dict[str, Any]]
    seeds: tuple[int, ...]
    user_months: float
    thresholds: dict[str, float]

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
    orgs: int = 4,
    persons: int = 25,
) -> Result:
    """
    Rivals that give scores get the threshold that makes at most 0.1 false alarms per user-month on `tuned_on`; without such
    worlds they are left out.
    """
    thresholds: dict[str, float] = {}
    if tuned_on:
        tell(f"tuning the rivals on {len(tuned_on)} worlds")
        games = [played(seed, orgs=orgs, persons=persons) for seed in tuned_on]
        thresholds = rivals.thresholds([_tuning_view(game) for game in games], WANTED_FALSE)
    tally, months = Tally(), 0.0
    for seed in seeds:
        tell(f"world {seed}")
        game = played(seed, orgs=orgs, persons=persons)
        months += game.world.user_months
        for tier in tiers:
            alarms, suspicions = ours(game, tier)
            tally.add(OURS, tier, score(alarms, game.attacks, game.world.user_months))
            tally.containing.setdefault(tier, []).append(
                contained(game.facts, game.attacks, game.context, suspicions, alarms)
            )
            views = Views(frames(game.facts, tier), game.context)
            for name, found in rivals.alarms(views, game.context, tier, seed, thresholds).items():
                tally.add(name, tier, score(found, game.attacks, game.world.user_months))
    table = carried()
    summaries = tuple(
        summarise(name, tier.value, each, carries(table, tier)) for (name, tier), each in tally.scores.items()
    )
    containing = {tier.value: Contained.together(each) for tier, each in tally.containing.items()}
    return Result(summaries, containing, tuple(seeds), months, thresholds)


def _tuning_view(game: Played) -> rivals.Known:
    return rivals.Known(
        Views(frames(game.facts, Tier.HOURLY), game.context),
        game.context,
        game.attacks,
        game.world.user_months,
    )
