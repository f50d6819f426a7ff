"""Alerts in the ledger, and beside its chain what is known of the channels."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from pydantic import JsonValue

from tasks.alerts.changes import Change, change_of
from tasks.alerts.heartbeat import Beat
from tasks.alerts.model import Alert, ChannelState, Letter, Opened
from tasks.alerts.outbox import KINDS, UNSURE, opened, owing
from tasks.estate.model import AlertChannel
from tasks.estate.model_alerts import AlertsPolicy
from tasks.ledger.model import Entry, EntryKind, Note
from tasks.ledger.store import Ledger, Pages

_PATIENCE = 60
"""Seconds to wait for another run that tells; a channel is given up after 15."""
_ANNOUNCED, _BEATS = "alert-events", "heartbeats"
"""Places: up to where events were emitted, and the last beat of each detector."""
_CHANNELS, _TRIES, _SETTLED = "alert-channels", "alert-tries", "alerts-settled"
"""Places: state by channel, how often each letter was sent without a sure answer, and up to where all is told."""


class AlertBook:
    def __init__(self, ledger: Ledger, actor: str = "bulkhead") -> None:
        self._ledger = ledger
        self._actor = actor

    @property
    def now(self) -> datetime:
        return self._ledger.now()

    def open(self, alert: Alert, policy: AlertsPolicy | None = None) -> Change:
        """While one of this key is open, nothing new is: it is noted where it says more, no oftener than policy has it."""
        with self._ledger.exclusive() as pages:
            found = self._open_ones(pages, alert.key)
            if not found:
                # The head is another each time, also after an archive took what was before.
                head = pages.head()
                name = hashlib.sha256(f"{alert.key}\n{head.sequence}\n{head.hash}".encode()).hexdigest()[:16]
                self._note(pages, EntryKind.ALERT, alert.key, {"id": name, "alert": _json(alert)})
                return Change.NEW
            change = change_of(found[-1], alert, policy or AlertsPolicy(), self._ledger.now())
            if change in (Change.QUIET, Change.LOUD):
                body = {"id": found[-1].id, "alert": _json(alert), "loud": change is Change.LOUD}
                self._note(pages, EntryKind.ALERT_UPDATE, alert.key, body)
            return change

    def acknowledge(self, name: str) -> Opened | None:
        """
        The open alert whose id begins with `name` or whose key it is: its actor looks after it. None where there is none, or
        where more than one begins so. Again by somebody else, it stays with the first.
        """
        with self._ledger.exclusive() as pages:
            found = [
                each
                for each in self._current(pages)
                if each.resolved is None and (each.alert.key == name or (name and each.id.startswith(name)))
            ]
            if len(found) != 1:
                return None
            if found[0].acknowledged is None:
                self._note(pages, EntryKind.ACKNOWLEDGEMENT, found[0].alert.key, {"id": found[0].id})
        return next(each for each in self.current() if each.id == found[0].id)

    def resolve(
        self, key: str, channels: Sequence[AlertChannel] = (), policy: AlertsPolicy | None = None
    ) -> bool:
        """Whether there was one to resolve. Those of the `channels` that had to hear of it and have not hear that it was there."""
        with self._ledger.exclusive() as pages:
            found = self._open_ones(pages, key)
            for each in found:
                owed: list[JsonValue] = [*owing(each, channels, policy or AlertsPolicy())]
                self._note(pages, EntryKind.RESOLUTION, key, {"id": each.id, "owed": owed})
            return bool(found)

    def turn(self) -> AbstractContextManager[None]:
        """While it lasts nobody else tells; raises AlreadyRunning when another goes on for too long."""
        return self._ledger.held("telling of alerts", _PATIENCE)

    def all(self) -> list[Opened]:
        with self._ledger.read() as pages:
            return opened(pages.entries(KINDS))

    def current(self) -> list[Opened]:
        """Those that are open or not told everywhere, and perhaps some more."""
        with self._ledger.read() as pages:
            return self._current(pages)

    def settle(self, through: int) -> None:
        """Alerts up to this sequence are over and told."""
        with self._ledger.exclusive() as pages:
            if through > self._floor(pages):
                pages.keep(_SETTLED, {"through": through})

    def states(self, channels: Collection[str]) -> dict[str, ChannelState]:
        with self._ledger.read() as pages:
            kept = pages.kept(_CHANNELS)
        return {name: ChannelState.model_validate(kept.get(name, {})) for name in channels}

    def trying(self, letters: Sequence[Letter]) -> None:
        """Noted before they are sent: who dies in between does not know whether they arrived."""
        with self._ledger.exclusive() as pages:
            kept = pages.kept(_TRIES)
            pages.keep(_TRIES, {each.name: kept.get(each.name, 0) + 1 for each in letters})

    def untried(self, letters: Sequence[Letter]) -> None:
        """They certainly did not arrive."""
        with self._ledger.exclusive() as pages:
            kept = pages.kept(_TRIES)
            pages.keep(_TRIES, {each.name: max(kept.get(each.name, 0) - 1, 0) for each in letters})

    def tries(self) -> dict[str, int]:
        with self._ledger.read() as pages:
            return {name: int(number) for name, number in pages.kept(_TRIES).items()}

    def told(
        self, letters: Sequence[Letter], states: Mapping[str, ChannelState], *, sure: bool = True
    ) -> None:
        with self._ledger.exclusive() as pages:
            for each in letters:
                doubt = () if sure else (f"{each.channel}:{UNSURE}",)
                marks: list[JsonValue] = [*sorted(each.covers), *doubt]
                body: dict[str, JsonValue] = {"id": each.id, "marks": marks, "sure": sure}
                self._note(pages, EntryKind.DELIVERY, each.alert.key, body)
            places = tuple(each.place for each in letters)
            pages.drop(_TRIES, [name for name in pages.kept(_TRIES) if name.startswith(places)])
            self._keep(pages, states)

    def keep(self, states: Mapping[str, ChannelState]) -> None:
        with self._ledger.exclusive() as pages:
            self._keep(pages, states)

    def announced(self, through: int | None = None) -> int:
        """Up to where events were emitted, after setting it where it is named. Who never emitted begins now, not in the past."""
        with self._ledger.exclusive() as pages:
            kept = pages.kept(_ANNOUNCED).get("through")
            known = pages.head().sequence if kept is None else int(kept)
            if kept is None or through is not None:
                known = max(known, through or 0)
                pages.keep(_ANNOUNCED, {"through": known})
            return known

    def entries(self, after: int) -> list[Entry]:
        """Of alerts and what became of them."""
        with self._ledger.read() as pages:
            return list(pages.entries(KINDS, after=after))

    def beat(self, beats: Sequence[Beat]) -> None:
        with self._ledger.exclusive() as pages:
            pages.keep(_BEATS, {beat.detector: beat.model_dump(mode="json") for beat in beats})

    def beats(self) -> list[Beat]:
        with self._ledger.read() as pages:
            return [Beat.model_validate(body) for body in pages.kept(_BEATS).values()]

    def _current(self, pages: Pages) -> list[Opened]:
        return opened(pages.entries(KINDS, after=self._floor(pages)))

    def _floor(self, pages: Pages) -> int:
        return int(pages.kept(_SETTLED).get("through", 0))

    def _keep(self, pages: Pages, states: Mapping[str, ChannelState]) -> None:
        pages.keep(_CHANNELS, {name: state.model_dump(mode="json") for name, state in states.items()})

    def _note(self, pages: Pages, kind: EntryKind, key: str, body: dict[str, JsonValue]) -> None:
        pages.append(Note(kind=kind, subject=key, actor=self._actor, body=body))

    def _open_ones(self, pages: Pages, key: str) -> list[Opened]:
        return [each for each in opened(pages.entries(KINDS, key)) if each.resolved is None]


def _json(alert: Alert) -> JsonValue:
    body: JsonValue = alert.model_dump(mode="json")
    return body
