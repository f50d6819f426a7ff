"""From what is known of an org and what it showed to whom is suspected, and who is to be contained. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import polars as pl

from tasks.anomalies.cases import cases
from tasks.anomalies.detect import QUIET
from tasks.anomalies.detections import DETECTIONS
from tasks.anomalies.model import Context, Detection, Frames, Kind, Member, Suspicion
from tasks.anomalies.model_live import Known, Told, TuningDocument, Wanted
from tasks.anomalies.views import Views
from tasks.anomalies.window import week_of
from tasks.estate.model import Estate
from tasks.response.model import Facts

ACROSS = ("same-actor-in-several-orgs",)
"""Detections that see something only in all orgs together."""
_APPS = frozenset(
    {"Remote Access 2.0", "Remote Access Client", "i", "6", "Other Apex API", "Partner Product", "I", "R"}
)
_NO_APPS = ("N/A", "Browser")
"""What LoginHistory says where no app is behind a sign-in."""
_LEAST_SIGN_INS, _MOST_NETWORKS = 20, 2


def detections(*, across: bool) -> tuple[Detection, ...]:
    return tuple(each for each in DETECTIONS if (each.name in ACROSS) is across)


def context_of(
    known: Iterable[Known],
    document: TuningDocument,
    steady: Mapping[str, frozenset[str]],
    since: datetime,
    until: datetime,
) -> Context:
    """Of one org or several."""
    orgs = list(known)
    restricted = frozenset(name for each in orgs for name in each.restricted)
    return Context(
        since=since,
        until=until,
        members=tuple(_working(member, document) for each in orgs for member in each.members),
        restricted=restricted,
        sensitive=frozenset(name.partition(".")[0] for name in restricted),
        countries={org: codes for org, codes in document.countries.items() if org in {k.org for k in orgs}},
        indicators=document.indicators,
        api_limits={each.org: each.api_limit for each in orgs if each.api_limit is not None},
        steady=steady,
    )


def machines_of(estate: Estate, org: str) -> frozenset[str]:
    """User names in lower case, as far as estate.yaml tells them: of routes, of registered credentials, and ours."""
    entry = estate.org(org)
    named = [route.sync_user for route in estate.routes if route.target == org]
    named += [user for each in estate.credentials if each.org == org for user in each.users]
    named += entry.own
    for route in estate.routes:
        if route.sync is not None:
            ends = ((route.source, route.sync.source), (route.target, route.sync.target))
            named += [courier.username for alias, courier in ends if alias == org]
    return frozenset(name.lower() for name in named)


def acting_alone(views: Views, members: Iterable[Member]) -> tuple[Member, ...]:
    """
    Who signed in often before the week that is judged, as an app each time and from two networks at most, is a machine, whatever
    the estate declares. People with the app on their phone come from more.
    """
    signed = (
        views.signins.filter(pl.col("OK") & (pl.col("AT") < week_of(views.context.since)))
        .group_by("ORG", "USER")
        .agg(N=pl.len(), APPS=pl.col("TYPE").is_in(sorted(_APPS)).sum(), NETS=pl.col("NET").n_unique())
        .filter(
            (pl.col("N") >= _LEAST_SIGN_INS)
            & (pl.col("APPS") == pl.col("N"))
            & (pl.col("NETS") <= _MOST_NETWORKS)
        )
        .collect()
    )
    alone = set(zip(signed["ORG"].to_list(), signed["USER"].to_list(), strict=True))
    return tuple(
        each.model_copy(update={"kind": Kind.MACHINE}) if (each.org, each.user[:15]) in alone else each
        for each in members
    )


def to_contain(
    found: Sequence[Suspicion],
    told: Mapping[str, Told],
    members: Iterable[Member],
    before: Mapping[str, datetime],
    now: datetime,
) -> dict[str, tuple[str, ...]]:
    """
    Ids of actors of one org, each with the detections that agree about it. `before` is when an actor was last judged so: what was
    seen until a day after that belongs to it.
    """
    known_since = {n: told[each.key].at if each.key in told else now for n, each in enumerate(found)}
    decided = {}
    for case in cases(found, members, known_since):
        if case.contain is None:
            continue
        because = [each for each in case.suspicions if each.detection in case.because]
        last = before.get(case.actor)
        if last is None or max(each.at for each in because) > last + QUIET:
            decided[case.actor] = case.because
    return decided


def wanted_of(
    actor: str,
    because: tuple[str, ...],
    found: Iterable[Suspicion],
    username: str,
    views: Views,
    estate: Estate,
    now: datetime,
) -> Wanted:
    """The facts of an incident: `now` is when it was detected, by the org's own clock."""
    mine = [each for each in found if each.actor == actor and each.detection in because]
    worst = max(mine, key=lambda each: each.severity.rank)
    since = min(each.since for each in mine)
    came = views.signins.filter(pl.col("OK") & (pl.col("USER") == actor) & (pl.col("AT") >= since)).collect()
    read = views.reads.filter((pl.col("USER") == actor) & (pl.col("AT") >= since)).select("IP").collect()
    apps = [name for name in came["APP"].drop_nulls().to_list() if name not in _NO_APPS]
    addresses = sorted({*came["IP"].drop_nulls().to_list(), *read["IP"].drop_nulls().to_list()})
    routes = [
        r.name for r in estate.routes if r.target == worst.org and r.sync_user.lower() == username.lower()
    ]
    facts = Facts(
        org=worst.org,
        username=username,
        app=apps[-1] if apps else "",
        route=routes[0] if routes else "",
        addresses=tuple(addresses[:20]),
        detection=worst.detection,
        severity=worst.severity.value,
        alert=alert_key(worst),
        at=now,
        since=since,
    )
    return Wanted(facts=facts, actor=actor, because=because)


def by_users(each: Suspicion) -> list[Suspicion]:
    """The same of the users whom it leads to: an address has no access that could be taken."""
    return [each.model_copy(update={"actor": lead[:15]}) for lead in each.leads if lead.startswith("005")]


def alert_key(each: Suspicion) -> str:
    return f"anomaly:{each.key}"[:150]


def usable(frames: Frames, unseen: Collection[str]) -> dict[str, pl.LazyFrame]:
    """Without the types that the org did not show this time: their silence is none."""
    return {kind: frame for kind, frame in frames.items() if kind not in unseen}


def _working(member: Member, document: TuningDocument) -> Member:
    hours = document.hours.get(member.org)
    if hours is None:
        return member
    return member.model_copy(update={"opens": hours.opens, "closes": hours.closes})
