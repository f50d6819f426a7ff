"""What detections would have said of days that are over: as they are tuned now, and as they would be with another file. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tasks.anomalies.cases import cases
from tasks.anomalies.detect import QUIET, Said, detect
from tasks.anomalies.judging import Rows, frames_of, steady_of
from tasks.anomalies.look import ACROSS, acting_alone, alert_key, context_of, detections
from tasks.anomalies.model import Member, Suspicion
from tasks.anomalies.model_live import Feedback, Known, TuningDocument
from tasks.anomalies.told import heard
from tasks.anomalies.views import Views
from tasks.anomalies.window import first_of, week_of, weeks
from tasks.pages import cell
from tasks.value import Value

_MONTH_DAYS = 30.0
_SHOWN = 30


class Tested(Value):
    """
    Of one org over some days: `now` is what detections say as they are, `then` with the file that was given. `told` are keys of
    alerts that were really opened in this time. `contained` and `then_contained` are actors for whom there is enough.
    """

    org: str
    since: datetime
    until: datetime
    users: int
    now: tuple[Suspicion, ...]
    then: tuple[Suspicion, ...]
    contained: tuple[str, ...] = ()
    then_contained: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()

    @property
    def user_months(self) -> float:
        return self.users * (self.until - self.since) / timedelta(days=_MONTH_DAYS)

    @property
    def new(self) -> tuple[Suspicion, ...]:
        """Said with the file and not without."""
        return _without(self.then, self.now)

    @property
    def gone(self) -> tuple[Suspicion, ...]:
        return _without(self.now, self.then)

    @property
    def untold(self) -> tuple[Suspicion, ...]:
        """Said by the rules as they are now, where no alert was opened at the time: what a changed rule adds."""
        return tuple(each for each in self.now if alert_key(each) not in self.told)

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Alerts of that time that the rules of now would not open: what a changed rule loses."""
        return tuple(sorted(self.told - {alert_key(each) for each in self.now}))


def back_tested(
    org: str,
    rows: Rows,
    known: Known,
    documents: tuple[TuningDocument, TuningDocument],
    feedback: Sequence[Feedback],
    told: Iterable[str],
    *,
    tiers: str,
    since: datetime,
    until: datetime,
    history: timedelta,
    quiet: timedelta = QUIET,
) -> Tested:
    """
    Week by week, with the same days before each as a look has: days asked for one by one bring the same, except that nobody is spoken
    of again within `quiet`.
    """
    said: list[list[Suspicion]] = [[] for _ in documents]
    last: list[dict[Said, datetime]] = [{} for _ in documents]
    members: list[tuple[Member, ...]] = [() for _ in documents]
    different = documents[:1] if documents[0] == documents[1] else documents
    for start, end in weeks(since, until):
        frames = frames_of({org: rows}, tiers, first_of(start, history), start, end)
        steady = {org: steady_of(rows, tiers, week_of(start))}
        for number, document in enumerate(different):
            context = context_of([known], document, steady, start, end)
            members[number] = acting_alone(Views(frames, context), context.members)
            context = context.model_copy(update={"members": members[number]})
            found = detect(frames, context, document.tuning, detections(across=False), quiet, last[number])
            said[number] += heard(found.suspicions, feedback)[0]
    held = [
        tuple(sorted(case.actor for case in cases(left, known_then) if case.contain is not None))
        for left, known_then in zip(said, members, strict=True)
    ]
    then = len(different) - 1
    return Tested(
        org=org,
        since=since,
        until=until,
        users=len(known.members),
        now=tuple(said[0]),
        then=tuple(said[then]),
        contained=held[0],
        then_contained=held[then],
        told=frozenset(key for key in told if _about(key, org)),
    )


def _about(key: str, org: str) -> bool:
    parts = key.removeprefix("anomaly:").split("/")
    return len(parts) > 2 and parts[1] == org and parts[0] not in ACROSS


def markdown(found: Sequence[Tested], failed: Mapping[str, str], changed: str) -> str:
    """`changed` names the file that was tried, empty where none was."""
    lines = ["# Back-test of detections", ""]
    lines += [f"**{org} was not tested:** {cell(why)}\n" for org, why in failed.items()]
    for each in found:
        lines += [
            f"## {each.org}",
            "",
            f"{each.since:%Y-%m-%d} until {each.until:%Y-%m-%d %H:%M} UTC, {each.users:,} users, {each.user_months:,.1f} user-months.",
            "",
            "| detection | now | per user-month |" + (f" with {cell(changed)} |" if changed else ""),
            "|---|--:|--:|" + ("--:|" if changed else ""),
        ]
        names = sorted({one.detection for one in (*each.now, *each.then)})
        for name in names:
            now, then = _count(each.now, name), _count(each.then, name)
            share = now / each.user_months if each.user_months else 0.0
            lines.append(f"| {name} | {now} | {share:.3f} |" + (f" {then} |" if changed else ""))
        lines += [
            "",
            f"Contained: {len(each.contained)} now"
            + (f", {len(each.then_contained)} then." if changed else "."),
            "",
        ]
        parts = [("Alerts of that time that are not said any more", [*each.unsaid])]
        parts += [("Said now and not told at the time", [_line(one) for one in each.untold])]
        if changed:
            parts += [("New with the file", [_line(one) for one in each.new])]
            parts += [("Gone with the file", [_line(one) for one in each.gone])]
        for title, texts in parts:
            if texts:
                lines += [
                    f"**{title}:** {len(texts)}",
                    "",
                    *(f"* {cell(text)}" for text in texts[:_SHOWN]),
                    "",
                ]
    return "\n".join(lines)


def _without(some: Sequence[Suspicion], others: Sequence[Suspicion]) -> tuple[Suspicion, ...]:
    known = {(each.key, each.at) for each in others}
    return tuple(each for each in some if (each.key, each.at) not in known)


def _count(found: Sequence[Suspicion], name: str) -> int:
    return sum(each.detection == name for each in found)


def _line(one: Suspicion) -> str:
    return f"{one.at:%Y-%m-%d %H:%M} {one.detection}, {one.actor}: {one.seen}"
