"""What has to be told to whom, worked out from the ledger: so a crash between telling and noting tells twice, never not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from tasks.alerts.model import Alert, Letter, Opened, Telling
from tasks.alerts.quiet import is_quiet
from tasks.estate.model import AlertChannel
from tasks.estate.model_alerts import AlertsPolicy
from tasks.ledger.model import Entry, EntryKind

KINDS = (
    EntryKind.ALERT,
    EntryKind.ALERT_UPDATE,
    EntryKind.ACKNOWLEDGEMENT,
    EntryKind.RESOLUTION,
    EntryKind.DELIVERY,
)
UNSURE = "unsure"
"""Of the mark that says: this channel may not have it, the others should."""


def opened(entries: Iterable[Entry]) -> list[Opened]:
    """All alerts in order; `entries` are those of KINDS."""
    found: dict[str, Opened] = {}
    for entry in entries:
        name = str(entry.body.get("id"))
        if entry.kind is EntryKind.ALERT:
            alert = Alert.model_validate(entry.body["alert"])
            found[name] = Opened(id=name, alert=alert, at=entry.at, sequence=entry.sequence)
        elif name in found:
            found[name] = found[name].model_copy(update=_turn(found[name], entry))
    return list(found.values())


def _turn(each: Opened, entry: Entry) -> dict[str, object]:
    match entry.kind:
        case EntryKind.ALERT_UPDATE:
            number = each.revision + 1
            return {
                "alert": Alert.model_validate(entry.body["alert"]),
                "revision": number,
                "loud": number if entry.body["loud"] else each.loud,
                "updated": entry.at,
            }
        case EntryKind.ACKNOWLEDGEMENT if each.acknowledged is None:
            return {"acknowledged": entry.at, "acknowledged_by": entry.actor}
        case EntryKind.RESOLUTION if each.resolved is None:
            owed = entry.body.get("owed", [])
            assert isinstance(owed, list)
            return {"resolved": entry.at, "owed": frozenset(map(str, owed))}
        case EntryKind.DELIVERY:
            return {"delivered": each.delivered | frozenset(_marks(entry))}
    return {}


def _marks(entry: Entry) -> Iterator[str]:
    """Those of earlier versions have one each."""
    marks = entry.body.get("marks", [entry.body.get("mark")])
    assert isinstance(marks, list)
    yield from map(str, marks)


def pending(
    alerts: Iterable[Opened],
    channels: Sequence[AlertChannel],
    policy: AlertsPolicy,
    now: datetime,
) -> list[Letter]:
    """
    In the order of alerts, and for each alert in the order in which a channel has to hear it.

    A channel hears of an alert by its rule, by escalation, or because another may not have got it. What was opened and
    resolved before a channel heard anything is told there once, as over, if it was due there by then.
    """
    letters: list[Letter] = []
    for each in alerts:
        for channel in channels:
            quiet = policy.rule(channel.name).quiet
            waits = (
                quiet is not None and each.alert.severity.rank < quiet.unless.rank and is_quiet(quiet, now)
            )
            letters += [] if waits else _due(each, channel, policy, now)
    return letters


def settled(alerts: Iterable[Opened], channels: Sequence[AlertChannel], policy: AlertsPolicy) -> int:
    """The sequence up to which no alert is open or untold; what stands there need not be looked at again. 0 for none."""
    through = 0
    for each in alerts:
        if each.resolved is None or any(_due(each, channel, policy, each.resolved) for channel in channels):
            return each.sequence - 1
        through = each.sequence
    return through


def owing(each: Opened, channels: Sequence[AlertChannel], policy: AlertsPolicy) -> list[str]:
    """Channels that have to hear of it and have not."""
    return [
        channel.name
        for channel in channels
        if _covers(channel, each)
        and not _heard(each, channel.name)
        and _addressed(each, channel.name, policy)
    ]


def _due(each: Opened, channel: AlertChannel, policy: AlertsPolicy, now: datetime) -> list[Letter]:
    name, folds = channel.name, channel.kind.folds
    if not _covers(channel, each) or f"{name}:{Telling.RESOLVED}" in each.delivered:
        return []
    heard, doubted = _heard(each, name), _doubted(each)
    escalated = _escalated(each, name, policy, now)
    if each.resolved is None:
        wanted = heard or bool(escalated) or _addressed(each, name, policy)
    else:
        wanted = heard or doubted or name in each.owed
    whats = _whats(each, name, escalated, folds=folds, heard=heard) if wanted else ()
    return [_letter(each, name, what, escalated, folds=folds) for what in whats]


def _covers(channel: AlertChannel, each: Opened) -> bool:
    return each.alert.is_about_every_org or each.alert.org in channel.orgs


def _heard(each: Opened, name: str) -> bool:
    return any(mark.startswith(f"{name}:") for mark in each.delivered)


def _doubted(each: Opened) -> bool:
    """Whether some channel may not have it."""
    return any(mark.endswith(f":{UNSURE}") for mark in each.delivered)


def _addressed(each: Opened, name: str, policy: AlertsPolicy) -> bool:
    rule = policy.rule(name)
    by_rule = (
        rule.at_once
        and each.alert.severity.rank >= rule.least.rank
        and any(fnmatchcase(each.alert.key, pattern) for pattern in rule.keys)
    )
    return by_rule or _doubted(each)


def _escalated(each: Opened, name: str, policy: AlertsPolicy, now: datetime) -> dict[str, datetime]:
    """
    Marks of the escalations to this channel that are due, with when they became so. An alert that lies further ahead than a step's
    patience was opened under a clock that has been set back since: how long it has waited nobody knows, so it waits no longer.
    """
    if each.acknowledged is not None or each.resolved is not None:
        return {}
    return {
        f"{name}:{Telling.ESCALATED}:{number}": min(each.at + step.after, now)
        for number, step in enumerate(policy.escalation)
        if name in step.channels
        and each.alert.severity.rank >= step.least.rank
        and abs(now - each.at) >= step.after
    }


def _whats(
    each: Opened, name: str, escalated: Mapping[str, datetime], *, folds: bool, heard: bool
) -> Iterator[Telling]:
    """
    Where the same message twice is one, every step in order: a resolved incident must never be triggered again. Elsewhere
    one message says all that is new.
    """
    told = each.delivered
    over = each.resolved is not None
    opened_there = f"{name}:{Telling.OPENED}" in told
    news = each.revision if folds else each.loud
    updated = any(f"{name}:{Telling.UPDATED}:{number}" in told for number in range(news, each.revision + 1))
    climbs = not escalated.keys() <= told
    changed = news > 0 and not updated
    acknowledged = each.acknowledged is not None and f"{name}:{Telling.ACKNOWLEDGED}" not in told
    if folds:
        if not opened_there:
            yield Telling.OPENED
        elif not over and climbs:
            yield Telling.ESCALATED
        elif not over and changed:
            yield Telling.UPDATED
        if not over and acknowledged:
            yield Telling.ACKNOWLEDGED
        if over:
            yield Telling.RESOLVED
    elif over:
        yield Telling.RESOLVED if heard else Telling.OVER
    elif climbs:
        yield Telling.ESCALATED
    elif not heard:
        yield Telling.OPENED
    elif changed:
        yield Telling.UPDATED
    elif acknowledged:
        yield Telling.ACKNOWLEDGED


def _letter(
    each: Opened, name: str, what: Telling, escalated: Mapping[str, datetime], *, folds: bool
) -> Letter:
    says_all = what not in (Telling.RESOLVED, Telling.ACKNOWLEDGED)
    covers = {f"{name}:{Telling.RESOLVED if what is Telling.OVER else what}"}
    if says_all:
        covers |= {f"{name}:{Telling.UPDATED}:{each.revision}", f"{name}:{Telling.OPENED}", *escalated}
    if says_all and not folds and each.acknowledged is not None:
        covers |= {f"{name}:{Telling.ACKNOWLEDGED}"}
    at = {
        Telling.OPENED: each.at,
        Telling.UPDATED: each.updated,
        Telling.ACKNOWLEDGED: each.acknowledged,
        Telling.ESCALATED: max(escalated.values(), default=None),
        Telling.RESOLVED: each.resolved,
        Telling.OVER: each.resolved,
    }.get(what)
    return Letter(
        id=each.id,
        channel=name,
        alert=each.alert,
        at=at or each.at,
        what=what,
        covers=frozenset(covers),
        revision=each.revision if says_all else 0,
        acknowledged_by=each.acknowledged_by,
    )
