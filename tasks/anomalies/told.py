"""What is news, what stands and what is over; and what people's word about alerts makes of suspicions. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tasks.alerts.model import Severity
from tasks.anomalies.detect import QUIET
from tasks.anomalies.model import Suspicion
from tasks.anomalies.model_live import Feedback, Told, Verdict

_NEVER = datetime.min.replace(tzinfo=UTC)
_MUTES = 2
"""So many false alarms of the same detection and actor, and it is not told any more; one makes it less severe."""


def news(found: Iterable[Suspicion], known: Mapping[str, Told]) -> list[Suspicion]:
    """Those that were never told, or long enough ago; the last one of each key."""
    fresh: dict[str, Suspicion] = {}
    for each in sorted(found, key=lambda one: one.at):
        before = known.get(each.key)
        if before is None or each.at > before.suspicion.at + QUIET:
            fresh[each.key] = each
    return list(fresh.values())


def said_elsewhere(each: Suspicion, elsewhere: Mapping[str, Told]) -> bool:
    """Whether another tier has told the same: its alert may be over by the time at which files come."""
    other = elsewhere.get(each.key)
    return other is not None and abs(each.at - other.suspicion.at) <= QUIET


def remembered(
    known: Mapping[str, Told], fresh: Iterable[Suspicion], now: datetime, resolve_after: timedelta
) -> dict[str, Told]:
    """By key all that was told, the news of `now` included. What was opened and nothing was said of for `resolve_after` is over."""
    told = {**known, **{each.key: Told(suspicion=each, at=now) for each in fresh}}
    return {
        key: each.model_copy(update={"over": each.over or (each.opened and now - each.at >= resolve_after)})
        for key, each in told.items()
    }


def forgettable(known: Mapping[str, Told], since: datetime) -> list[str]:
    """Keys that are over and whose events no look goes back to any more."""
    return [key for key, each in known.items() if each.over and each.suspicion.at < since - QUIET]


def unseen_for_long(
    failed: Iterable[str], last: Mapping[str, datetime], now: datetime, longest: timedelta
) -> list[str]:
    """Of the orgs that could not be judged those that were not for `longest`, or never: a look that fails once is no news."""
    return [org for org in failed if not timedelta(0) <= now - last.get(org, _NEVER) < longest]


def heard(
    found: Iterable[Suspicion], feedback: Sequence[Feedback]
) -> tuple[list[Suspicion], list[Suspicion]]:
    """
    Suspicions as people's word leaves them, and those that it mutes. The last word counts: a true alarm after false ones makes
    it as severe as it was and a step more, each false alarm a step less.
    """
    left, muted = [], []
    for each in found:
        steps = _steps(each, feedback)
        if steps <= -_MUTES:
            muted.append(each)
        else:
            left.append(each.model_copy(update={"severity": _moved(each.severity, steps)}) if steps else each)
    return left, muted


def _steps(each: Suspicion, feedback: Sequence[Feedback]) -> int:
    steps = 0
    mine = [
        said
        for said in feedback
        if (said.detection, said.org, said.actor) == (each.detection, each.org, each.actor)
    ]
    for said in sorted(mine, key=lambda one: one.at):
        if not said.at <= each.at < said.until:
            continue
        steps = 1 if said.verdict is Verdict.TRUE else min(steps, 0) - 1
    return steps


def _moved(severity: Severity, steps: int) -> Severity:
    scale = list(Severity)
    return scale[min(max(severity.rank + steps, 0), len(scale) - 1)]
