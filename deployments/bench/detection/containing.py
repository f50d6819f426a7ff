"""What containing by the cases' judgement would have saved, and whom it would have hit wrongly. Judgement only: nothing is frozen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from deployments.bench.detection.attacks import Done
from deployments.bench.detection.corpus import ATTACKS
from deployments.bench.detection.scoring import GRACE, Alarm
from tasks.anomalies.cases import cases
from tasks.anomalies.model import Context, Suspicion

TAKES = timedelta(seconds=3)
"""From the decision to the dead session: assumed here, measured by the live loop."""
_MARKED = frozenset(attack.name for attack in ATTACKS if attack.contain)


@dataclass(frozen=True)
class Contained:
    """`wanted` attacks that policy contains, `done` of them; `lost` and `total` records of those; `wrongly` benign actors."""

    wanted: int
    done: int
    lost: int
    total: int
    after: tuple[int, ...]
    """Records that left between decision and containment, for each contained attack."""
    wrongly: int
    missed: tuple[str, ...]
    by_attack: dict[str, tuple[int, int]]
    """Records lost and wanted, of those that policy contains."""

    @staticmethod
    def together(parts: Sequence["Contained"]) -> dict[str, Any]:
        wanted, done = sum(p.wanted for p in parts), sum(p.done for p in parts)
        missed = [name for p in parts for name in p.missed]
        after = [rows for p in parts for rows in p.after]
        return {
            "wanted": wanted,
            "contained": done,
            "share": done / wanted if wanted else 0.0,
            "missed": {name: missed.count(name) for name in sorted(set(missed))},
            "by_attack": _summed([p.by_attack for p in parts], missed),
            "rows_lost_share": sum(p.lost for p in parts) / max(1, sum(p.total for p in parts)),
            "rows_after_decision_max": max(after, default=0),
            "rows_after_decision_p95": float(np.percentile(after, 95)) if after else 0.0,
            "wrongful": sum(p.wrongly for p in parts),
            "seconds_assumed": TAKES.total_seconds(),
        }


def contained(
    facts: dict[str, pl.DataFrame],
    attacks: Sequence[Done],
    context: Context,
    suspicions: Sequence[Suspicion],
    alarms: Sequence[Alarm],
) -> Contained:
    told = {number: alarm.told for number, alarm in enumerate(alarms)}
    found = [case for case in cases(suspicions, context.members, told) if case.contain is not None]
    decided = {done.name: [] for done in attacks}  # type: dict[str, list[Any]]
    wrongly = 0
    for case in found:
        owners = [done for done in attacks if (case.org, case.actor) in done.actors]
        because = [s for s in case.suspicions if s.detection in case.because]
        for done in owners:
            if any(done.start <= s.at <= done.end + GRACE for s in because):
                decided[done.name].append(case.contain)
        wrongly += not any(done.start <= s.at <= done.end + GRACE for done in owners for s in because)
    after, missed = [], []
    by_attack: dict[str, tuple[int, int]] = {}
    reads = facts["read"].filter(pl.col("ATTACK").is_not_null())
    for done in (d for d in attacks if d.name in _MARKED):
        taken = reads.filter(pl.col("ATTACK") == done.name)
        rows = int(taken["ROWS"].sum())
        if not decided[done.name]:
            by_attack[done.name] = rows, rows
            missed.append(done.name)
            continue
        when = min(decided[done.name])
        by_attack[done.name] = int(taken.filter(pl.col("AT") <= when + TAKES)["ROWS"].sum()), rows
        after.append(int(taken.filter(pl.col("AT").is_between(when, when + TAKES))["ROWS"].sum()))
    lost, total = (sum(pair[place] for pair in by_attack.values()) for place in (0, 1))
    return Contained(
        len(_MARKED),
        len(_MARKED) - len(missed),
        lost,
        total,
        tuple(after),
        wrongly,
        tuple(missed),
        by_attack,
    )


def _summed(parts: Sequence[dict[str, tuple[int, int]]], missed: Sequence[str]) -> dict[str, dict[str, Any]]:
    found = {}
    for name in dict.fromkeys(name for part in parts for name in part):
        pairs = [part[name] for part in parts if name in part]
        found[name] = {
            "played": len(pairs),
            "contained": len(pairs) - missed.count(name),
            "rows_lost_share": sum(lost for lost, _ in pairs) / max(1, sum(total for _, total in pairs)),
        }
    return found
