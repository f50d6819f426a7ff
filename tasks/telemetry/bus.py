"""
Which topic of the event bus tells what which stored object keeps, where a look goes on, and when nothing has to be polled. Pure.

What the bus tells and what is polled are the same events under the same ids, so each is stored once, by whichever came first.
"""

from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from tasks.telemetry.model import BusPlace, Cursor, Hidden, Tier

TOPICS = {
    "ApiEvent": "/event/ApiEventStream",
    "LoginEvent": "/event/LoginEventStream",
    "LoginAsEvent": "/event/LoginAsEventStream",
    "ReportEvent": "/event/ReportEventStream",
    "ListViewEvent": "/event/ListViewEventStream",
    "UriEvent": "/event/UriEventStream",
    "BulkApiResultEventStore": "/event/BulkApiResultEvent",
    "PermissionSetEventStore": "/event/PermissionSetEvent",
    "FileEventStore": "/event/FileEvent",
    "SessionHijackingEventStore": "/event/SessionHijackingEvent",
    "CredentialStuffingEventStore": "/event/CredentialStuffingEvent",
    "ReportAnomalyEventStore": "/event/ReportAnomalyEvent",
    "ApiAnomalyEventStore": "/event/ApiAnomalyEvent",
}
"""Topics by stored object (Platform Events Developer Guide, Real-Time Event Monitoring Objects); IdentityVerificationEvent has none."""
RETENTION = timedelta(hours=72)
NEARLY = timedelta(hours=1)
_OF_THE_MESSAGE = frozenset({"CreatedDate", "CreatedById", "EventUuid", "ReplayId"})
Start = bytes | Literal["earliest", "latest"]


@dataclass(frozen=True)
class Told:
    """
    What a topic told in a look: fields by their names, moments as datetimes. `replay` is the place behind its last event, `whole`
    whether that is all it had. Where nothing was heard, `why`; `lost` where its place is gone.
    """

    events: Sequence[Mapping[str, Any]] = ()
    replay: bytes = b""
    whole: bool = False
    why: str = ""
    lost: bool = False


def start_at(place: BusPlace | None, now: datetime) -> Start:
    """
    Where to go on. A topic on which nothing has come for so long that its last replay id is too old is asked for all that it keeps:
    that is what came since, as long as somebody has looked meanwhile.
    """
    if place is None:
        return "earliest"
    if place.tip:
        return "latest"
    is_old = place.heard is not None and now - place.heard >= RETENTION - NEARLY
    looked = now - place.looked < RETENTION - NEARLY
    return "earliest" if not place.replay or (is_old and looked) else b64decode(place.replay)


def place_after(place: BusPlace | None, told: Told, now: datetime) -> BusPlace | None:
    """
    Where the next look goes on; None where it begins anew. More than one look takes is left to polling, and the bus is heard again
    from the newest event on.
    """
    if told.why:
        return None if told.lost else place
    if not told.whole:
        return BusPlace(tip=True, looked=now)
    replay = b64encode(told.replay).decode() if told.replay else (place.replay if place else "")
    if place is not None and place.tip and not told.replay:
        # Between two looks at the newest events others came and went unheard.
        return place.model_copy(update={"looked": now})
    return BusPlace(
        replay=replay,
        heard=now if told.replay else (place.heard if place else None),
        looked=now,
        since=now if place is None or place.since is None else place.since,
    )


def spares_polling(
    place: BusPlace | None, told: Told | None, polled: Cursor | None, overlap: timedelta
) -> bool:
    """
    Whether the bus told all since the last polling: it is whole now, and was for so long before that polling that rows from before
    were no longer late.
    """
    if told is None or not told.whole or place is None or place.since is None or polled is None:
        return False
    return place.since + overlap <= polled.at


def record_of(event: Mapping[str, Any], fields: Sequence[str] | None) -> dict[str, Any]:
    """An event with the fields that the stored object has here; with all of its own where the object is not shown."""
    names = [name for name in event if name not in _OF_THE_MESSAGE] if fields is None else fields
    return {name: event.get(name) for name in names}


def unheard(told: Mapping[str, Told]) -> list[Hidden]:
    """What the bus did not tell, by why, and that polling does the work."""
    by_why: dict[str, list[str]] = defaultdict(list)
    for name, one in told.items():
        if one.why:
            by_why[one.why].append(name)
        elif not one.whole:
            by_why["more came than one look takes; it is heard again from the newest event on"].append(name)
    return [
        Hidden(
            tier=Tier.LIVE,
            what=f"the event bus on {', '.join(names)}",
            why=f"{why}. Instead: the stored events are polled, where the org stores them.",
        )
        for why, names in by_why.items()
    ]
