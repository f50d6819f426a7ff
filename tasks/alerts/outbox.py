"""What has to be told to whom, worked out from the ledger: so a crash between telling and noting tells twice, never not at all."""

from collections.abc import Iterable, Sequence

from tasks.alerts.model import Alert, Letter, Opened
from tasks.estate.model import AlertChannel
from tasks.ledger.model import Entry, EntryKind


def opened(entries: Iterable[Entry]) -> list[Opened]:
    """All alerts in order; `entries` are those of the kinds alert, resolution and delivery."""
    found: dict[str, Opened] = {}
    for entry in entries:
        if entry.kind is EntryKind.ALERT:
            name = str(entry.body["id"])
            found[name] = Opened(id=name, alert=Alert.model_validate(entry.body["alert"]), at=entry.at)
            continue
        name = str(entry.body.get("id"))
        if name not in found:
            continue
        if entry.kind is EntryKind.RESOLUTION:
            found[name] = found[name].model_copy(update={"resolved": entry.at})
        elif entry.kind is EntryKind.DELIVERY:
            told = found[name].delivered | {str(entry.body["mark"])}
            found[name] = found[name].model_copy(update={"delivered": told})
    return list(found.values())


def pending(alerts: Iterable[Opened], channels: Sequence[AlertChannel]) -> list[Letter]:
    """Openings before resolutions; who never heard of an alert hears nothing of its end."""
    letters = []
    for each in alerts:
        for channel in channels:
            if each.alert.org not in channel.orgs:
                continue
            heard = f"{channel.name}:opened" in each.delivered
            if each.resolved is None and not heard:
                letters.append(_letter(each, channel, resolved=False))
            if each.resolved is not None and heard and f"{channel.name}:resolved" not in each.delivered:
                letters.append(_letter(each, channel, resolved=True))
    return letters


def _letter(each: Opened, channel: AlertChannel, *, resolved: bool) -> Letter:
    at = each.resolved if resolved and each.resolved is not None else each.at
    return Letter(id=each.id, channel=channel.name, alert=each.alert, at=at, resolved=resolved)
