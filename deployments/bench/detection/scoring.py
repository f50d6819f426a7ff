"""Which alerts belong to which attack, which to none, and what that makes of recall, precision, time and rows lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from deployments.bench.detection.attacks import Done

GRACE = timedelta(days=2)
"""How long after its end an attack may still make an actor conspicuous; such alerts count neither way."""
_ROUNDS = 400


@dataclass(frozen=True)
class Alarm:
    """What a detector says: about whom, from which evidence, and when it was delivered."""

    rule: str
    org: str
    actor: str
    since: datetime
    at: datetime
    told: datetime


@dataclass
class SeedScore:
    """One detector in one tier of one world. `delays` in minutes, by attack; none where it was not found."""

    delays: dict[str, float | None] = field(default_factory=dict)
    user_months: float = 0.0
    true: int = 0
    false: int = 0
    false_by_rule: dict[str, int] = field(default_factory=dict)
    by_rule: dict[str, set[str]] = field(default_factory=dict)


def score(alarms: Iterable[Alarm], attacks: Sequence[Done], user_months: float) -> SeedScore:
    scored = SeedScore(user_months=user_months)
    told: dict[str, list[datetime]] = {done.name: [] for done in attacks}
    for alarm in alarms:
        owners = [done for done in attacks if (alarm.org, alarm.actor) in done.actors]
        during = [done for done in owners if done.start <= alarm.at <= done.end + timedelta(minutes=5)]
        if during:
            scored.true += 1
            for done in during:
                told[done.name].append(alarm.told)
                scored.by_rule.setdefault(done.name, set()).add(alarm.rule)
        elif not any(done.start <= alarm.at <= done.end + GRACE for done in owners):
            scored.false += 1
            scored.false_by_rule[alarm.rule] = scored.false_by_rule.get(alarm.rule, 0) + 1
    for done in attacks:
        times = told[done.name]
        scored.delays[done.name] = (min(times) - done.start).total_seconds() / 60 if times else None
    return scored


@dataclass(frozen=True)
class Summary:
    """
    Over all worlds. `recall` counts attacks that the tier carries; intervals are of 95 %: Wilson's for one attack, a bootstrap
    over worlds for all. Minutes to detect are of what was found.
    """

    detector: str
    tier: str
    recall: float
    recall_interval: tuple[float, float]
    precision: float
    false_per_user_month: float
    false_interval: tuple[float, float]
    minutes_p50: float | None
    minutes_p95: float | None
    attacks: dict[str, dict[str, Any]]
    false_by_rule: dict[str, float]

    def document(self) -> dict[str, Any]:
        return asdict(self)


def summarise(detector: str, tier: str, scores: Sequence[SeedScore], carried: Mapping[str, bool]) -> Summary:
    names = [name for name, yes in carried.items() if yes]
    found = np.array([[s.delays.get(name) is not None for name in names] for s in scores], float)
    false = np.array([s.false for s in scores], float)
    months = np.array([s.user_months for s in scores], float)
    minutes = [s.delays[name] for s in scores for name in names if s.delays.get(name) is not None]
    true = sum(s.true for s in scores)
    rng = np.random.default_rng(0)
    picks = rng.integers(0, len(scores), (_ROUNDS, len(scores)))
    recalls, falses = found[picks].mean(axis=(1, 2)), false[picks].sum(axis=1) / months[picks].sum(axis=1)
    return Summary(
        detector=detector,
        tier=tier,
        recall=float(found.mean()) if names else 0.0,
        recall_interval=_between(recalls),
        precision=float(true / (true + false.sum())) if true + false.sum() else 0.0,
        false_per_user_month=float(false.sum() / months.sum()),
        false_interval=_between(falses),
        minutes_p50=_percentile(minutes, 50),
        minutes_p95=_percentile(minutes, 95),
        attacks={name: _of_attack(name, scores, yes) for name, yes in carried.items()},
        false_by_rule=_rates(scores, float(months.sum())),
    )


def _of_attack(name: str, scores: Sequence[SeedScore], carried: bool) -> dict[str, Any]:
    delays = [s.delays[name] for s in scores if name in s.delays]
    minutes = [delay for delay in delays if delay is not None]
    rules = sorted({rule for s in scores for rule in s.by_rule.get(name, ())})
    return {
        "carried": carried,
        "played": len(delays),
        "found": len(minutes),
        "recall": len(minutes) / len(delays) if delays else 0.0,
        "interval": wilson(len(minutes), len(delays)),
        "minutes_p50": _percentile(minutes, 50),
        "minutes_p95": _percentile(minutes, 95),
        "rules": rules,
    }


def _rates(scores: Sequence[SeedScore], months: float) -> dict[str, float]:
    counted: dict[str, int] = {}
    for each in scores:
        for rule, number in each.false_by_rule.items():
            counted[rule] = counted.get(rule, 0) + number
    return {rule: number / months for rule, number in sorted(counted.items(), key=lambda pair: -pair[1])}


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The interval of 95 % of a share."""
    if not tries:
        return (0.0, 1.0)
    z, share = 1.959964, hits / tries
    middle = (share + z * z / (2 * tries)) / (1 + z * z / tries)
    half = z / (1 + z * z / tries) * ((share * (1 - share) / tries + z * z / (4 * tries * tries)) ** 0.5)
    return (max(0.0, middle - half), min(1.0, middle + half))


def _between(values: Any) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return (float(low), float(high))


def _percentile(values: Sequence[float | None], percent: float) -> float | None:
    return float(np.percentile(np.array(values, float), percent)) if values else None
