"""
What detections are measured against, on the same events: the article's five rules as it writes them, a fixed limit of 10,000 rows
a day, a robust z-score per weekday, an isolation forest (scikit-learn) and half-space trees (river).

Each gets what favours it: volume is judged while the day goes on, and those that give scores get the threshold that just makes
the false alarms allowed, on other worlds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from deployments.bench.detection.attacks import Done
from deployments.bench.detection.scoring import Alarm, score
from deployments.bench.detection.tiers import told
from tasks.anomalies.baseline import average
from tasks.anomalies.model import Context, Tier
from tasks.anomalies.views import Views

FIXED, Z, TIMES, FAILURES = 10_000, 4.0, 2.0, 5
FEATURES = ("ROWS", "READS", "OBJECTS", "NETWORKS", "FAILURES", "SIGNINS", "CHANGES", "NIGHT")


@dataclass(frozen=True)
class Scored:
    """A world that thresholds are looked for on; `days` by rival, with what it thinks of them."""

    days: Mapping[str, pl.DataFrame]
    context: Context
    attacks: Sequence[Done]
    user_months: float


def findings(views: Views, context: Context, thresholds: Mapping[str, float]) -> dict[str, pl.DataFrame]:
    """By rival: ORG, ACTOR, SINCE, AT, and RULE where it has several."""
    found = {
        "article": _article(views, context),
        "10,000 rows": _running(views).filter(pl.col("READ") > FIXED),
        "robust z": _robust(views),
    }
    if thresholds:
        days = features(views)
        for name, scores in (("isolation forest", forest(days, context)), ("half-space trees", trees(days))):
            judged = days.with_columns(SCORE=pl.Series(scores)).filter(pl.col("SCORE") > thresholds[name])
            found[name] = judged.select("ORG", ACTOR="USER", SINCE="SINCE", AT="AT")
    return found


def alarms(frame: pl.DataFrame, name: str, context: Context, tier: Tier, seed: int) -> list[Alarm]:
    """Once a day for each actor and rule."""
    judged = frame.filter(
        pl.col("AT").is_between(context.since, context.until) & pl.col("ACTOR").is_not_null()
    )
    rule = pl.col("RULE") if "RULE" in judged.columns else pl.lit(name)
    once = judged.with_columns(RULE=rule, DAY=pl.col("AT").dt.date()).sort("AT")
    once = once.unique(["ORG", "ACTOR", "RULE", "DAY"], keep="first", maintain_order=True)
    rng = np.random.default_rng([seed, 17])
    return [
        Alarm(
            row["RULE"],
            row["ORG"],
            row["ACTOR"],
            row["SINCE"],
            row["AT"],
            told(tier, row["SINCE"], row["AT"], rng),
        )
        for row in once.to_dicts()
    ]


def _running(views: Views) -> pl.DataFrame:
    reads = views.reads.filter(pl.col("ROWS").is_not_null() & pl.col("USER").is_not_null()).sort("AT")
    day = pl.col("AT").dt.date()
    return reads.select(
        "ORG", "AT", ACTOR="USER", DAY=day, READ=pl.col("ROWS").cum_sum().over("ORG", "USER", day),
        SINCE=pl.col("AT").first().over("ORG", "USER", day),
    ).collect()  # fmt: skip


def _totals(views: Views) -> tuple[pl.DataFrame, np.ndarray[Any, Any], list[Any]]:
    reads = views.reads.filter(pl.col("ROWS").is_not_null() & pl.col("USER").is_not_null())
    total = reads.group_by("ORG", "USER", DAY=pl.col("AT").dt.date()).agg(pl.col("ROWS").sum()).collect()
    first: date = total["DAY"].min()  # type: ignore[assignment]  # a column of days has days
    last: date = total["DAY"].max()  # type: ignore[assignment]  # the same
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    keys = total.select("ORG", "USER").unique(maintain_order=True).with_row_index("ROW")
    placed = total.join(keys, on=["ORG", "USER"])
    values = np.zeros((len(keys), len(days)))
    values[placed["ROW"].to_numpy(), (placed["DAY"] - first).dt.total_days().to_numpy()] = placed[
        "ROWS"
    ].to_numpy()
    return keys, values, days


def _article(views: Views, context: Context) -> pl.DataFrame:
    """As written: no season, no zone, every right that is given."""
    keys, values, days = _totals(views)
    mean = average(values, np.ones(values.shape, bool))
    limits = _long(keys, days, TIMES * mean)
    volume = (
        _running(views)
        .join(limits, on=["ORG", "ACTOR", "DAY"])
        .filter((pl.col("LIMIT") > 0) & (pl.col("READ") > pl.col("LIMIT")))
    )
    hour = pl.col("AT").dt.truncate("1h")
    failures = (
        views.signins.filter("FAILED").sort("AT")
        .with_columns(COUNT=pl.int_range(1, pl.len() + 1).over("ORG", "USER", hour), SINCE=pl.col("AT").first().over("ORG", "USER", hour))
        .filter(pl.col("COUNT") > FAILURES).select("ORG", "AT", "SINCE", ACTOR="USER").collect()
    )  # fmt: skip
    office = pl.col("AT").dt.hour().is_between(8, 17) & (pl.col("AT").dt.weekday() <= 5)
    off = views.reads.filter(~office).select("ORG", "AT", ACTOR="USER", SINCE="AT").collect()
    expected = [country for countries in context.countries.values() for country in countries]
    abroad = views.signins.filter(pl.col("OK") & ~pl.col("COUNTRY").is_in(sorted(set(expected))))
    given = views.changes.filter(pl.col("ACTION") == "PermSetAssign")
    parts = {
        "volume": volume.select("ORG", "AT", "ACTOR", "SINCE"),
        "failures": failures.select("ORG", "AT", "ACTOR", "SINCE"),
        "off hours": off,
        "country": abroad.select("ORG", "AT", ACTOR="USER", SINCE="AT").collect(),
        "right given": given.select("ORG", "AT", ACTOR="USER", SINCE="AT").collect(),
    }
    return pl.concat([frame.with_columns(RULE=pl.lit(rule)) for rule, frame in parts.items()])


def _long(keys: pl.DataFrame, days: list[Any], values: np.ndarray[Any, Any]) -> pl.DataFrame:
    return keys[np.repeat(np.arange(len(keys)), len(days))].select("ORG", ACTOR="USER").with_columns(
        DAY=pl.Series(days * len(keys), dtype=pl.Date), LIMIT=pl.Series(values.ravel())
    )  # fmt: skip


def _robust(views: Views) -> pl.DataFrame:
    """More than four robust deviations over the median of the same weekday; at least four such days."""
    keys, values, days = _totals(views)
    weekday = np.array([day.weekday() for day in days])
    limits = np.full(values.shape, np.inf)
    for t in range(28, len(days)):
        past = values[:, max(0, t - 56) : t][:, weekday[max(0, t - 56) : t] == weekday[t]]
        middle = np.median(past, axis=1)
        spread = 1.4826 * np.median(np.abs(past - middle[:, None]), axis=1)
        limits[:, t] = middle + Z * np.maximum(spread, 1.0)
    joined = _running(views).join(_long(keys, days, limits), on=["ORG", "ACTOR", "DAY"])
    return joined.filter(pl.col("READ") > pl.col("LIMIT")).select("ORG", "AT", "ACTOR", "SINCE")


def features(views: Views) -> pl.DataFrame:
    """A row per user and day, in numbers; known when the day is over."""
    who = ["ORG", "USER", "DAY"]
    day = pl.col("AT").dt.date()
    reads = views.reads.filter(pl.col("USER").is_not_null()).group_by("ORG", "USER", DAY=day).agg(
        ROWS=pl.col("ROWS").sum(), READS=pl.len(), OBJECTS=pl.col("ENTITY").n_unique(), NIGHT=(pl.col("AT").dt.hour() < 6).mean(),
        FIRST=pl.col("AT").min(), LAST=pl.col("AT").max(), NETWORKS=pl.col("NET").n_unique(),
    )  # fmt: skip
    signins = views.signins.filter(pl.col("USER").is_not_null()).group_by("ORG", "USER", DAY=day).agg(
        SIGNINS=pl.len(), FAILURES=pl.col("FAILED").sum(), FIRST_2=pl.col("AT").min(), LAST_2=pl.col("AT").max(), NETWORKS_2=pl.col("NET").n_unique(),
    )  # fmt: skip
    changes = views.changes.filter(pl.col("USER").is_not_null()).group_by("ORG", "USER", DAY=day).agg(
        CHANGES=pl.len(), FIRST_3=pl.col("AT").min(), LAST_3=pl.col("AT").max()
    )  # fmt: skip
    both = reads.join(signins, on=who, how="full", coalesce=True).join(
        changes, on=who, how="full", coalesce=True
    )
    shaped = both.with_columns(
        SINCE=pl.min_horizontal("FIRST", "FIRST_2", "FIRST_3"),
        AT=pl.max_horizontal("LAST", "LAST_2", "LAST_3"),
        NETWORKS=pl.max_horizontal("NETWORKS", "NETWORKS_2"),
    ).collect()
    numbers = [pl.col(name).cast(pl.Float64).fill_null(0.0).log1p() for name in FEATURES]
    logs = shaped.select("ORG", "USER", "DAY", "SINCE", "AT", *numbers).sort("DAY")
    # Against the user's own median, so that a busy machine is no anomaly for being busy.
    return logs.with_columns(
        [(pl.col(name) - pl.col(name).median().over("ORG", "USER")) for name in FEATURES]
    )


def forest(days: pl.DataFrame, context: Context) -> np.ndarray[Any, Any]:
    """Learns from the history, judges all."""
    from sklearn.ensemble import IsolationForest

    learned = days.filter(pl.col("DAY") < context.since.date()).select(FEATURES).to_numpy()
    model = IsolationForest(n_estimators=100, random_state=0).fit(learned)
    scores: np.ndarray[Any, Any] = -model.score_samples(days.select(FEATURES).to_numpy())
    return scores


def trees(days: pl.DataFrame) -> np.ndarray[Any, Any]:
    """Learns day by day, each after it was judged."""
    from river.anomaly import HalfSpaceTrees

    values = days.select(FEATURES).to_numpy()
    low, high = values.min(axis=0), values.max(axis=0)
    scaled = (values - low) / np.where(high > low, high - low, 1.0)
    model: Any = HalfSpaceTrees(n_trees=10, height=8, window_size=500, seed=0)
    scores = np.zeros(len(values))
    for number, row in enumerate(scaled):
        sample = dict(zip(FEATURES, row.tolist(), strict=True))
        scores[number] = model.score_one(sample)
        model.learn_one(sample)
    return scores


def scored(views: Views, context: Context, attacks: Sequence[Done], user_months: float) -> Scored:
    days = features(views)
    by_rival = {"isolation forest": forest(days, context), "half-space trees": trees(days)}
    return Scored(
        {name: days.with_columns(SCORE=pl.Series(scores)) for name, scores in by_rival.items()},
        context,
        attacks,
        user_months,
    )


def thresholds(worlds: Sequence[Scored], allowed: float) -> dict[str, float]:
    """The lowest that makes at most `allowed` false alarms per user-month on these worlds."""
    found: dict[str, float] = {}
    for name in ("isolation forest", "half-space trees"):
        values = np.concatenate([world.days[name]["SCORE"].to_numpy() for world in worlds])
        for share in (0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.9975, 0.999, 1.0):
            found[name] = float(np.quantile(values, share))
            if _false_rate(worlds, name, found[name]) <= allowed:
                break
    return found


def _false_rate(worlds: Sequence[Scored], name: str, threshold: float) -> float:
    false, months = 0, 0.0
    for each in worlds:
        days = each.days[name]
        over = days.filter(pl.col("SCORE") > threshold).select("ORG", "SINCE", "AT", ACTOR="USER")
        told_of = alarms(over, "tuning", each.context, Tier.HOURLY, 0)
        false += score(told_of, each.attacks, each.user_months).false
        months += each.user_months
    return false / months
