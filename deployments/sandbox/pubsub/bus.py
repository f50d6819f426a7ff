"""The event bus of one org: its stored events in the order in which they came, for three days."""

import struct
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from deployments.sandbox.clock import stamp
from deployments.sandbox.pubsub.schemas import TOPICS, schema_id, schema_json, written
from deployments.sandbox.schema import SObject
from deployments.sandbox.store import OrgStore
from deployments.sandbox.switches import amount, switched
from deployments.sandbox.telemetry.files import LICENSED, write_down

RETENTION = timedelta(hours=72)
_REPLAY = struct.Struct(">BQI")
_VERSION = 1


class NoPlace(ValueError):
    """A replay id that the bus cannot go on from: too old, never given out, or no replay id at all."""


class Message(NamedTuple):
    """One event on its way. `number` is its place on the bus."""

    number: int
    replay_id: bytes
    uuid: str
    schema_id: str
    payload: bytes


class Bus:
    """What subscribers of an org see. `number` 0 is before the first event of a topic."""

    def __init__(self, store: OrgStore) -> None:
        self._store = store

    def target(self, topic: str) -> SObject | None:
        """The object whose events a topic tells; None where the org has no such topic."""
        if topic not in TOPICS or self._store.setting(LICENSED) == "0":
            return None
        return self._store.schema.get(TOPICS[topic])

    def schema(self, topic: str, target: SObject) -> str:
        return schema_json(topic, target, new_field=switched(self._store, "stream_new_field"))

    def schema_named(self, wanted: str) -> str | None:
        """Any schema that events of this org ever had, by its id."""
        for topic in TOPICS:
            target = self._store.schema.get(TOPICS[topic])
            for new_field in (False, True) if target is not None else ():
                assert target is not None
                text = schema_json(topic, target, new_field=new_field)
                if schema_id(text) == wanted:
                    return text
        return None

    def last(self, target: SObject) -> int:
        write_down(self._store)
        found = self._store.sql(f'SELECT MAX(rowid) FROM "{target.name}"')[0][0]
        return int(found or 0)

    def place_of(self, target: SObject, replay_id: bytes) -> int:
        """Where a replay id stands. Raises NoPlace."""
        now = self._store.clock.now()
        try:
            version, number, second = _REPLAY.unpack(replay_id)
        except struct.error:
            raise NoPlace("it is no replay id") from None
        kept = now - timedelta(hours=amount(self._store, "stream_retention_hours"))
        if version != _VERSION or number > self.last(target) or second > now.timestamp() + 1:
            raise NoPlace("it was never given out")
        if second < kept.timestamp():
            raise NoPlace("what came after it is gone")
        return int(number)

    def keepalive(self, number: int) -> bytes:
        """The replay id of a place at which nothing came until now."""
        return _replay_id(number, self._store.clock.now())

    def after(self, topic: str, target: SObject, number: int, most: int) -> Iterator[Message]:
        """Events behind a place that are kept still, oldest first."""
        write_down(self._store)
        text = self.schema(topic, target)
        wanted = schema_id(text)
        author = str(self._store.setting("automated_user") or "")
        kept = self._store.clock.now() - timedelta(hours=amount(self._store, "stream_retention_hours"))
        rows = self._store.sql(
            f'SELECT rowid AS place, {target.column_list} FROM "{target.name}" '
            'WHERE rowid > ? AND "EventDate" >= ? ORDER BY rowid LIMIT ?',
            *(number, stamp(kept), most),
        )
        for row in rows:
            facts = dict(row)
            at = datetime.fromisoformat(str(facts["EventDate"]))
            place = int(facts.pop("place"))
            yield Message(
                place,
                _replay_id(place, at),
                str(facts["EventIdentifier"]),
                wanted,
                written(text, facts, author),
            )


def _replay_id(number: int, at: datetime) -> bytes:
    return _REPLAY.pack(_VERSION, number, int(at.timestamp()))
