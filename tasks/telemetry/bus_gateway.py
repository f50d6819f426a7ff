"""Hears an org's event bus, as the scanner, for as long as a look may take."""

from collections.abc import Mapping
from datetime import datetime

from tasks.errors import OrgError, OrgUnavailable, ReplayLost, SessionExpired, Throttled
from tasks.estate.model_telemetry import EventBusEntry
from tasks.salesforce.pubsub import Bounds, EventBus, Heard
from tasks.salesforce.session import Session
from tasks.telemetry.bus import TOPICS, Told, start_at
from tasks.telemetry.model import BusPlace

QUIET_SECONDS = 3.0
"""A topic that says nothing for so long has told all: the bus has no word for that before 270 seconds are over."""


class OrgBus:
    """One org's bus, as estate.yaml names it."""

    def __init__(self, session: Session, entry: EventBusEntry, quiet: float = QUIET_SECONDS) -> None:
        self._session, self._entry, self._quiet = session, entry, quiet

    def listen(self, places: Mapping[str, BusPlace], now: datetime) -> dict[str, Told]:
        """
        By stored object what its topic told since its place; `now` is the org's own time. What stands against hearing it is told,
        too. Raises OrgError where the org itself is not to be reached or lets nobody in.
        """
        (row,) = self._session.query("SELECT Id FROM Organization")
        wanted = {topic: start_at(places.get(name), now) for name, topic in TOPICS.items()}
        bounds = Bounds(self._entry.seconds, self._quiet, self._entry.most, now)

        def hear(token: str) -> dict[str, Heard | OrgError]:
            try:
                with EventBus(self._session.connection, self._entry.address, token, str(row["Id"])) as bus:
                    return bus.listen(wanted, bounds)
            except (OrgUnavailable, Throttled) as error:
                # A look does not wait for the bus: what it would tell can be polled.
                return dict.fromkeys(wanted, error)

        try:
            found = self._session.lend(hear)
        except SessionExpired as error:
            found = dict.fromkeys(wanted, error)
        return {name: _told(found[topic]) for name, topic in TOPICS.items()}


def _told(found: Heard | OrgError) -> Told:
    if isinstance(found, ReplayLost):
        return Told(
            lost=True,
            why="its place is lost: the look before is longer ago than the bus keeps events, or the org was moved. It begins anew",
        )
    if isinstance(found, OrgError):
        return Told(why=found.what)
    return Told(found.events, found.replay, found.whole)
