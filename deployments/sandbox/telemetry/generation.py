"""
Whether an org writes event log files, and since when: its switch in EventSettings, kept with the moments at which it was turned.

What happened while it was off is in no file, whenever that file is made; an org whose settings say nothing of it writes them.
(Metadata API Developer Guide, EventSettings, enableEventLogGeneration.)
"""

import json
from collections.abc import Callable, Mapping

from deployments.sandbox.clock import stamp
from deployments.sandbox.store import OrgStore
from deployments.sandbox.switches import switched
from deployments.sandbox.telemetry.columns import free

KIND = "EventSettings"
SWITCH = "enableEventLogGeneration"
_TURNED = "event_log_generation"
_EVER = ""
"""Sorts before every moment."""


def turned(store: OrgStore, body: Mapping[str, object]) -> None:
    """To be told of every body that is written; one that names no switch leaves it as it stands. Not committed."""
    if SWITCH in body:
        _note(store, stamp(store.clock.now()), body[SWITCH] in (True, "true"))


def never_on(store: OrgStore) -> None:
    """For an org that is made with the switch off. Not committed."""
    _note(store, _EVER, False)


def written(store: OrgStore) -> Callable[[str, str], bool]:
    """Asked with the moment of an event and its type: whether any file tells of it."""
    turns = _turns(store)
    spared = frozenset() if switched(store, "free_logs_follow_generation") else free()

    def told(at: str, kind: str) -> bool:
        return kind in spared or next((on for moment, on in reversed(turns) if moment <= at), True)

    return told


def _note(store: OrgStore, at: str, on: bool) -> None:
    turns = _turns(store)
    if on != (turns[-1][1] if turns else True):
        store.set_setting(_TURNED, json.dumps([*turns, (at, on)]))


def _turns(store: OrgStore) -> list[tuple[str, bool]]:
    return [(str(at), bool(on)) for at, on in json.loads(store.setting(_TURNED) or "[]")]
