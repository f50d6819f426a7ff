"""Signs of life: what tells a silent detector from a quiet night."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tasks.alerts.model import EVERY_ORG, Alert, Fact, Severity
from tasks.estate.model_alerts import AlertsPolicy
from tasks.value import Value

SILENT = "detector-silent:"
"""How keys of these alerts begin."""
_PERIODS = 2


class Beat(Value):
    """
    When a detector last came to its end, and how often it should. One that is expected and never ran has `ran` false, and
    `at` is when it was first missed.
    """

    detector: str
    at: datetime
    period: timedelta
    ran: bool = True


def awaited(beats: Iterable[Beat], policy: AlertsPolicy, now: datetime) -> list[Beat]:
    """Those that must show a sign of life: policy's periods go before their own, and what policy lets be silent is left out."""
    known = {beat.detector: beat for beat in beats}
    for name, period in policy.detectors.items():
        if period is None:
            known.pop(name, None)
        else:
            first = Beat(detector=name, at=now, period=period, ran=False)
            known[name] = known.get(name, first).model_copy(update={"period": period})
    return [known[name] for name in sorted(known)]


def is_silent(beat: Beat, policy: AlertsPolicy, now: datetime) -> bool:
    """
    Older than two periods, and never before `shortest_silence`. A beat from the future was noted by a clock that has been put
    back since, and proves nothing.
    """
    allowed = max(_PERIODS * beat.period, policy.shortest_silence)
    return not -allowed <= now - beat.at <= allowed


def silence_told(beat: Beat) -> Alert:
    """The same words for as long as it is silent, so that it is told once."""
    last = (
        beat.at.isoformat(timespec="seconds")
        if beat.ran
        else f"never, awaited since {beat.at:%Y-%m-%d %H:%M} UTC"
    )
    return Alert(
        key=f"{SILENT}{beat.detector}",
        org=EVERY_ORG,
        severity=Severity.CRITICAL,
        title=f"No sign of life from {beat.detector}",
        detail="Nothing that it watches for would be noticed now. A night without alerts says nothing.",
        next_step="Look at its last runs, at the worker, and whether its schedule is paused.",
        facts=(
            Fact(key="detector", label="Detector", text=beat.detector),
            Fact(key="last_run", label="Last run that came to its end", text=last),
            Fact(key="period", label="Expected every", text=str(beat.period)),
        ),
    )


def awake_again(opened: Mapping[str, str], silent: Iterable[Alert]) -> list[str]:
    """Keys of open alerts of ours whose detector ran, or may be silent now; `opened` maps key to org."""
    still = {alert.key for alert in silent}
    return [key for key in opened if key.startswith(SILENT) and key not in still]


def markdown(beats: Iterable[Beat], policy: AlertsPolicy, now: datetime) -> str:
    """Each detector with its last run; all quiet is said only where all of them ran."""
    rows = [(beat, is_silent(beat, policy, now)) for beat in beats]
    if not rows:
        return "No detector has run yet, and `alerts.detectors` names none: nothing is being watched for."
    silent = sum(found for _, found in rows)
    top = (
        f"**{silent} of {len(rows)} detectors are silent.**" if silent else f"All {len(rows)} detectors ran."
    )
    table = ["| detector | last run that came to its end | expected every | |", "|---|---|---|---|"]
    table += [
        f"| {beat.detector} | {f'{beat.at:%Y-%m-%d %H:%M:%S} UTC' if beat.ran else 'never'} | {beat.period} | "
        f"{'**silent**' if found else 'ran'} |"
        for beat, found in rows
    ]
    return "\n".join([top, "", *table])
