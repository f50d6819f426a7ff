"""All detections over given events: what is suspicious, what could not be judged, and what somebody has said to leave alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tasks.anomalies.detections import DETECTIONS
from tasks.anomalies.model import (
    DAY,
    Blind,
    Context,
    Contribution,
    Detection,
    Frames,
    Judged,
    Severity,
    Suspicion,
    Tier,
    Tuning,
)
from tasks.anomalies.views import Views

NOTHING_TUNED = Tuning()
QUIET = DAY
"""For so long the same detection says nothing more of the same actor."""
_TEXT_FEATURE = "F_"
Said = tuple[str, str, str]
"""Detection, org and actor."""


def detect(
    frames: Frames,
    context: Context,
    tuning: Tuning = NOTHING_TUNED,
    detections: Iterable[Detection] = DETECTIONS,
    quiet: timedelta = QUIET,
    said: dict[Said, datetime] | None = None,
) -> Judged:
    """
    Judges what happened in `context.since`..`until`. An event type that is not in `frames` makes the detections that need it
    blind, which is said per org and is no all-clear. `said` is when who was spoken of last, and is brought up to date: so time that is
    judged in pieces is judged as in one.
    """
    said = {} if said is None else said
    views = Views(frames, context)
    found: list[Suspicion] = []
    blind: list[Blind] = []
    for detection in detections:
        if detection.name in tuning.off or not (detection.standard or detection.name in tuning.on):
            continue
        blind += _blind(detection, frames, context)
        if any(need <= views.types for need in detection.needs):
            found += suspicions(detection, views, context, quiet, said)
    allowed = [each for each in found if any(a.covers(each) for a in tuning.allowances)]
    left = [each for each in found if each not in allowed]
    return Judged(
        suspicions=tuple(sorted(left, key=lambda each: (each.at, each.key))),
        blind=tuple(blind),
        allowed=tuple(allowed),
        idle_allowances=tuple(a for a in tuning.allowances if not any(a.covers(each) for each in allowed)),
    )


def suspicions(
    detection: Detection,
    views: Views,
    context: Context,
    quiet: timedelta = QUIET,
    said: dict[Said, datetime] | None = None,
) -> list[Suspicion]:
    """What one detection finds, each actor once in `quiet`."""
    hits = detection.judge(views, context)
    rows = (
        hits.filter(pl.col("AT").is_between(context.since, context.until) & pl.col("ACTOR").is_not_null())
        .sort("AT")
        .collect()
        .to_dicts()
    )
    last = {} if said is None else said
    found = []
    for row in rows:
        who = (detection.name, row["ORG"], row["ACTOR"])
        if who in last and row["AT"] - last[who] < quiet:
            continue
        last[who] = row["AT"]
        found.append(_suspicion(detection, row))
    return found


def _suspicion(detection: Detection, row: dict[str, Any]) -> Suspicion:
    keys = tuple(str(key) for key in row.get("KEYS") or () if key is not None)
    return Suspicion(
        detection=detection.name,
        org=row["ORG"],
        actor=row["ACTOR"],
        at=row["AT"],
        since=row.get("SINCE") or row["AT"],
        tier=Tier(row.get("TIER") or Tier.LIVE),
        severity=Severity(row.get("SEVERITY") or detection.severity),
        title=detection.title,
        expected=row.get("EXPECTED") or "nothing of the kind",
        seen=row.get("SEEN") or detection.title,
        records=int(row.get("RECORDS") or 0),
        usual=None if row.get("USUAL") is None else round(row["USUAL"]),
        events=int(row.get("EVENTS") or 1),
        aspect=detection.aspect,
        conclusive=bool(row.get("CONCLUSIVE") or detection.conclusive),
        leads=keys[:20],
        contributions=_contributions(row),
    )


def _contributions(row: dict[str, Any]) -> tuple[Contribution, ...]:
    weights = {
        name.removeprefix(_TEXT_FEATURE).lower().replace("_", " "): max(float(value), 0.0)
        for name, value in row.items()
        if name.startswith(_TEXT_FEATURE) and value is not None
    }
    total = sum(weights.values())
    if not total:
        return ()
    ordered = sorted(weights.items(), key=lambda pair: -pair[1])
    return tuple(
        Contribution(feature=name, weight=round(weight / total, 3)) for name, weight in ordered if weight
    )


def _blind(detection: Detection, frames: Frames, context: Context) -> list[Blind]:
    orgs = sorted({member.org for member in context.members})
    types = frozenset(frames)
    if any(need <= types for need in detection.needs):
        return []
    wanted = _either(detection.needs)
    return [
        Blind(detection=detection.name, org=org, reason=f"needs events of {wanted}") for org in orgs or ["*"]
    ]


def _either(needs: Sequence[frozenset[str]]) -> str:
    return " or ".join(" and ".join(sorted(need)) for need in needs)
