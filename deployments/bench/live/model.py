"""What was seen from outside while an attack ran against the schedules, and whether that is good enough."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tasks.rehearsal.model import ENOUGH

CHANNELS = ("slack", "pagerduty", "smtp")
GOAL_MINUTES = 8.0
"""From the first call of the thief to the last channel that hears of it, and to the first refused call."""
BY_THEMSELVES = (
    "detect-anomalies-every-5-minutes",
    "heartbeat-every-5-minutes",
    "stream-events-every-5-minutes",
    "sweep-access-every-minute",
)
"""Jobs whose schedules have to have started a run during the bench; the hourly one has no hour to do so."""
_LIVE = BY_THEMSELVES[0]


@dataclass(frozen=True)
class Try:
    """One call of the thief: seconds since the first, rows of customers that came out, why it was refused."""

    at: float
    rows: int
    refused: str = ""


@dataclass(frozen=True)
class Heard:
    """When a channel first named the thief's user: `after` is the last look at which it had not, `at` the first at which it had."""

    after: float
    at: float
    first: str


@dataclass(frozen=True)
class Run:
    """
    A run of the Prefect server; `scheduled` says that its schedule started it and nobody else, `why` what one that ended badly told.
    """

    deployment: str
    state: str
    scheduled: bool
    why: str = ""


@dataclass(frozen=True)
class Account:
    """
    What the org itself shows of one user: its own fields, whether it is frozen, and what admits it to what, each as a line of text.
    """

    active: bool
    frozen: bool
    holds: frozenset[str]


@dataclass(frozen=True)
class Loop:
    """
    Times are seconds since the thief's first call. `too_early` are channels that named the user before it. `report` is when the
    incident's report lay on disk. `others` are users of the org who were frozen along with the one that was misused.
    `key_works` says that the same key opens the org again once everything was given back.
    """

    user: str
    org: str
    tries: tuple[Try, ...]
    heard: Mapping[str, Heard]
    too_early: tuple[str, ...]
    report: float | None
    runs: tuple[Run, ...]
    others: tuple[str, ...]
    before: Account
    contained: Account
    after: Account
    re_enabled: str
    key_works: bool
    start_seconds: float = 0.0
    whole_seconds: float = 0.0

    @property
    def stopped(self) -> float | None:
        """The first refused call after which nothing was answered any more."""
        answered = max((each.at for each in self.tries if not each.refused), default=-1.0)
        return min((each.at for each in self.tries if each.refused and each.at > answered), default=None)

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tries)

    @property
    def rows_after_alert(self) -> int:
        """Counted from the last look at which no channel knew: rather too many than too few."""
        first = min((each.after for each in self.heard.values()), default=None)
        return sum(each.rows for each in self.tries if first is None or each.at > first)

    @property
    def failings(self) -> tuple[str, ...]:
        return tuple(self._failings())

    def _failings(self) -> Any:
        if not self.rows:
            yield "the thief took nothing, so nothing was tested"
        for channel in self.too_early:
            yield f"{channel} named the user before the theft began"
        for channel in CHANNELS:
            if channel not in self.heard:
                yield f"{channel} heard nothing"
            elif self.heard[channel].at > GOAL_MINUTES * 60:
                yield f"{channel} heard after {_minutes(self.heard[channel].at)}"
        if self.stopped is None:
            yield "the thief's calls are still answered"
        elif self.stopped > GOAL_MINUTES * 60:
            yield f"the thief was refused after {_minutes(self.stopped)} only"
        if self.rows_after_alert > ENOUGH:
            yield f"{self.rows_after_alert:,} rows left after the alert, more than one page"
        if self.report is None:
            yield "there is no incident report that names the user"
        yield from self._of_runs()
        if self.others:
            yield f"{len(self.others)} users who had done nothing were frozen"
        if not self.contained.frozen:
            yield "the org does not show the user as frozen"
        if self.re_enabled != "COMPLETED":
            yield f"the run of re-enable ended as {self.re_enabled or 'nothing'}"
        if self.after != self.before:
            yield f"the user is not as before: {'; '.join(differences(self.before, self.after))}"
        if not self.key_works:
            yield "what was contained does not work again"

    def _of_runs(self) -> Any:
        for name in BY_THEMSELVES:
            states = [each.state for each in self.runs if each.deployment == name and each.scheduled]
            if "COMPLETED" not in states:
                yield f"the schedule of {name} brought no run to its end"
        for each in self.runs:
            if each.deployment == _LIVE and each.state in ("FAILED", "CRASHED"):
                yield f"a run of {_LIVE} ended as {each.state}"

    def document(self) -> dict[str, Any]:
        return {
            "user": self.user,
            "org": self.org,
            "heard_minutes": {name: round(each.at / 60, 2) for name, each in self.heard.items()},
            "contained_minutes": None if self.stopped is None else round(self.stopped / 60, 2),
            "report_minutes": None if self.report is None else round(self.report / 60, 2),
            "rows": self.rows,
            "rows_after_alert": self.rows_after_alert,
            "runs": [asdict(each) for each in self.runs],
            "re_enabled": self.re_enabled,
            "as_before": self.after == self.before,
            "start_seconds": round(self.start_seconds, 1),
            "whole_seconds": round(self.whole_seconds, 1),
            "failings": list(self.failings),
        }


def differences(before: Account, after: Account) -> list[str]:
    found = [
        f"{name} was {getattr(before, name)} and is {getattr(after, name)}"
        for name in ("active", "frozen")
        if getattr(before, name) != getattr(after, name)
    ]
    found += [f"lost {line}" for line in sorted(before.holds - after.holds)]
    return found + [f"gained {line}" for line in sorted(after.holds - before.holds)]


def as_text(loop: Loop) -> str:
    lines = [f"live loop, {loop.org}, schedules of Prefect, all up in {loop.start_seconds:.0f} s"]
    for channel in CHANNELS:
        heard = loop.heard.get(channel)
        lines.append(f"  {channel:<22} {'nothing' if heard is None else _minutes(heard.at)}")
    lines += [
        f"  {'thief refused':<22} {_when(loop.stopped)}",
        f"  {'incident report':<22} {_when(loop.report)}",
        f"  {'rows taken':<22} {loop.rows:,}, of them after the alert {loop.rows_after_alert:,}",
        f"  {'contained':<22} {'; '.join(differences(loop.before, loop.contained)) or 'no difference'}",
        f"  {'re-enabled':<22} {loop.re_enabled or 'never'}, {'as before' if loop.after == loop.before else 'NOT as before'}",
    ]
    for name in dict.fromkeys(each.deployment for each in loop.runs):
        mine = [each for each in loop.runs if each.deployment == name]
        states = ", ".join(sorted({each.state.lower() for each in mine}))
        lines.append(
            f"  {name:<36} {len(mine)} runs, {sum(each.scheduled for each in mine)} by schedule: {states}"
        )
        lines += [f"    {each.state.lower()}: {each.why}" for each in mine if each.why]
    lines.append(f"  the whole bench took {_minutes(loop.whole_seconds)}")
    return "\n".join([*lines, *(f"NOT GOOD: {each}" for each in loop.failings)])


def _when(seconds: float | None) -> str:
    return "never" if seconds is None else _minutes(seconds)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} min"
