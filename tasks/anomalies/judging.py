"""One look at one org, or at all of them together, through the store and the book: what is news, what stands, who is wanted."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import polars as pl

from tasks.anomalies.detect import detect
from tasks.anomalies.learned import FILES, with_history
from tasks.anomalies.look import acting_alone, by_users, context_of, detections, to_contain, usable, wanted_of
from tasks.anomalies.model import Suspicion
from tasks.anomalies.model_live import Feedback, Judged, Known, Told, TuningDocument, Wanted
from tasks.anomalies.told import heard, news, remembered, said_elsewhere
from tasks.anomalies.views import Views
from tasks.anomalies.window import first_of, week_of
from tasks.estate.model import Estate
from tasks.telemetry.documented import FILE_TYPES
from tasks.telemetry.live import GRANTS, TOKENS
from tasks.telemetry.sources import LIVE, STEADY

WINDOWS = {"live": timedelta(hours=26), "files": timedelta(days=5)}
"""How far back each look judges: files come late, and daily ones tell of the day before yesterday."""
TYPES: Mapping[str, frozenset[str]] = {
    "live": frozenset({*(source.name for source in LIVE), TOKENS, GRANTS}),
    "files": frozenset(FILE_TYPES),
}
_STEADY = {"live": ("LoginHistory",), "files": STEADY}


NONE: Mapping[str, str] = {}
_TOO_LONG = (
    "nothing was judged for so long that what is usual cannot be told from it; ask back-test about these days"
)


class Rows(Protocol):
    """Events of one org, as `History` gives them."""

    def types(self, wanted: Collection[str]) -> list[str]: ...
    def rows(self, event_type: str, since: datetime, judged: datetime, until: datetime) -> pl.LazyFrame: ...
    def steady(self, event_type: str, until: datetime) -> bool: ...


class Before(NamedTuple):
    """
    What is remembered: suspicions by key, what actors are wanted for and what came of it, and people's word. `elsewhere` is what
    the other tier told, `last` up to when the last look judged, by the org's own clock.
    """

    told: Mapping[str, Told]
    wanted: Mapping[str, tuple[Wanted, str | None]]
    feedback: Sequence[Feedback]
    elsewhere: Mapping[str, Told] = {}  # a default that nobody changes
    last: datetime | None = None


class Ground(NamedTuple):
    """What a look is made with. `names` gives user names by ids of one org."""

    estate: Estate
    document: TuningDocument
    history: timedelta
    resolve_after: timedelta
    names: Callable[[str, Collection[str]], Mapping[str, str]]


def judge(
    org: str,
    rows: Mapping[str, Rows],
    known: Sequence[Known],
    before: Before,
    ground: Ground,
    *,
    tiers: str,
    now: datetime,
    shown: Collection[str] = (),
    unseen: Mapping[str, str] = NONE,
) -> tuple[Judged, dict[str, Told]]:
    """
    `org` is `*` for several orgs together, of which `rows` has each. `shown` are event types that may be read, also where there are
    no rows; `unseen` is what may not, and why. Gives what is to be remembered, too. `now` is by the orgs' own clock.
    """
    since = since_of(before.last, now, tiers, ground.history)
    if before.last is not None and before.last < since:
        unseen = {**unseen, f"events before {since:%Y-%m-%d %H:%M} UTC": _TOO_LONG}
    frames = usable(frames_of(rows, tiers, first_of(since, ground.history), since, now, shown), unseen)
    # As it was before what is judged: a gap that is in there already must not make the org look unsteady.
    steady = {alias: steady_of(each, tiers, week_of(since)) for alias, each in rows.items()}
    context = context_of(known, ground.document, steady, since, now)
    context = context.model_copy(update={"members": acting_alone(Views(frames, context), context.members)})
    found = detect(frames, context, ground.document.tuning, detections(across=org == "*"))
    left, muted = heard(found.suspicions, before.feedback)
    fresh = [each for each in news(left, before.told) if not said_elsewhere(each, before.elsewhere)]
    told = remembered(before.told, fresh, now, ground.resolve_after)
    here = {each.key for each in fresh}
    standing = [each.suspicion for key, each in told.items() if not each.over and key not in here]
    over = [each.suspicion for key, each in told.items() if each.over and not _was_over(before.told, key)]
    about = left if org != "*" else [one for each in left for one in by_users(each)]
    people = {
        actor: name
        for alias in rows
        for actor, name in ground.names(alias, _actors((*fresh, *standing, *about), alias)).items()
    }
    views = Views(frames, context)
    wanted = _wanted(about, told, before, people, views, ground.estate, now)
    judged = Judged(
        org=org,
        at=now,
        news=tuple(fresh),
        standing=tuple(standing),
        over=tuple(over),
        muted=(*found.allowed, *muted),
        idle=found.idle_allowances,
        wanted=tuple(wanted),
        blind=found.blind,
        unseen=unseen,
        people=people,
        events=sum(_count(frame, since) for frame in frames.values()),
    )
    return judged, told


def since_of(last: datetime | None, now: datetime, tiers: str, history: timedelta) -> datetime:
    """
    From when on events are judged: as far before the last look as its window went, so that an outage leaves nothing out, and never
    so far that too little of `history` is left to tell what is usual.
    """
    farthest = max(WINDOWS[tiers], history / 3)
    return max(min(last or now, now) - WINDOWS[tiers], now - farthest)


def frames_of(
    rows: Mapping[str, Rows],
    tiers: str,
    first: datetime,
    since: datetime,
    now: datetime,
    shown: Collection[str] = (),
) -> dict[str, pl.LazyFrame]:
    """Events of all orgs by type, from `first` until before `now`, whole from `since` on."""
    parts: dict[str, list[pl.LazyFrame]] = {}
    for each in rows.values():
        stored = each.types(TYPES[tiers])
        for kind in sorted({*stored, *TYPES[tiers].intersection(shown)}):
            frame = each.rows(kind, first, since, now)
            if tiers == "live":
                frame = with_history(kind, frame, _before(each, first, since))
            parts.setdefault(kind, []).append(frame)
    return {kind: pl.concat(frames, how="diagonal_relaxed") for kind, frames in parts.items()}


def _before(rows: Rows, first: datetime, since: datetime) -> Callable[[str], pl.LazyFrame | None]:
    """Files of the time before what is judged."""
    stored = rows.types(FILES)
    return lambda name: rows.rows(name, first, since, since) if name in stored else None


def steady_of(rows: Rows, tiers: str, now: datetime) -> frozenset[str]:
    return frozenset(kind for kind in _STEADY[tiers] if rows.steady(kind, now))


def _actors(found: Collection[Suspicion], org: str) -> set[str]:
    return {each.actor for each in found if each.org == org}


def _was_over(told: Mapping[str, Told], key: str) -> bool:
    return key in told and told[key].over


def _wanted(
    left: Sequence[Suspicion],
    told: Mapping[str, Told],
    before: Before,
    people: Mapping[str, str],
    views: Views,
    estate: Estate,
    now: datetime,
) -> list[Wanted]:
    """Those of the last look of which nobody knows yet what came, with the same facts; and who is new."""
    pending = [each for each, outcome in before.wanted.values() if outcome is None]
    last = {actor: each.facts.at for actor, (each, _) in before.wanted.items()}
    members = views.context.members
    decided = to_contain(left, told, members, last, now)
    return pending + [
        wanted_of(actor, because, left, people[actor], views, estate, now)
        for actor, because in decided.items()
        if actor in people and actor not in {each.actor for each in pending}
    ]


def _count(frame: pl.LazyFrame, since: datetime) -> int:
    return int(frame.filter(pl.col("AT") >= since).select(pl.len()).collect().item())
