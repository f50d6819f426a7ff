"""The ledger as programs use it: append, read, seal."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import orjson
from sqlalchemy import Connection, Engine, Row, func, select

from tasks.ledger import engine as database
from tasks.ledger.chain import canonical, link, moment, signed_bytes
from tasks.ledger.model import Algorithm, Checkpoint, Entry, EntryKind, Head, Note, PublicKey
from tasks.ledger.tables import archived, checkpoints, entries, kept

Clock = Callable[[], datetime]
_PAGE = 1_000
_NAMED = 500
"""Names in one statement; databases take a bounded number."""


class Signer(Protocol):
    """A private key that only signs. `public_key` is written as PublicKey writes it."""

    @property
    def key_id(self) -> str: ...

    @property
    def algorithm(self) -> Algorithm: ...

    @property
    def public_key(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...


class Pages:
    """The ledger within one transaction: what is read cannot change before it ends."""

    def __init__(self, connection: Connection, now: Clock) -> None:
        self._connection = connection
        self._now = now

    def head(self) -> Head:
        last = self._connection.execute(
            select(entries.c.sequence, entries.c.hash).order_by(entries.c.sequence.desc()).limit(1)
        ).first()
        return Head(sequence=last.sequence, hash=last.hash) if last else self.start()

    def start(self) -> Head:
        """What the first entry that is still here follows."""
        found = self._connection.execute(
            select(archived).order_by(archived.c.through.desc()).limit(1)
        ).first()
        return Head(sequence=found.through, hash=found.hash) if found else Head()

    def append(self, *notes: Note) -> tuple[Entry, ...]:
        """All of them or none, in this order."""
        head, made = self.head(), []
        for note in notes:
            entry = link(note, head, self._now())
            head = Head(sequence=entry.sequence, hash=entry.hash)
            made.append(entry)
        if made:
            self._connection.execute(entries.insert(), [_row(entry) for entry in made])
        return tuple(made)

    def entries(
        self, kinds: Collection[EntryKind] = (), subject: str | None = None, after: int = 0
    ) -> Iterator[Entry]:
        """In order; all kinds when none is named."""
        query = select(entries).order_by(entries.c.sequence).limit(_PAGE)
        if kinds:
            query = query.where(entries.c.kind.in_([kind.value for kind in kinds]))
        if subject is not None:
            query = query.where(entries.c.subject == subject)
        while rows := self._connection.execute(query.where(entries.c.sequence > after)).all():
            yield from map(_entry, rows)
            after = rows[-1].sequence

    def last(self, kinds: Collection[EntryKind], subject: str | None = None) -> Entry | None:
        query = select(entries).where(entries.c.kind.in_([kind.value for kind in kinds]))
        if subject is not None:
            query = query.where(entries.c.subject == subject)
        row = self._connection.execute(query.order_by(entries.c.sequence.desc()).limit(1)).first()
        return _entry(row) if row else None

    def checkpoints(self, after: int = -1) -> list[Checkpoint]:
        query = select(checkpoints).where(checkpoints.c.sequence > after).order_by(checkpoints.c.sequence)
        return [_checkpoint(row) for row in self._connection.execute(query)]

    def sealed(self) -> int:
        """The last sequence under a checkpoint; 0 when there is none."""
        return self._connection.scalar(select(func.max(checkpoints.c.sequence))) or 0

    def seal(self, signer: Signer) -> Checkpoint | None:
        """Signs the head, and announces the key first where the chain does not know it. None when nothing is new."""
        if not self._knows(signer):
            key = PublicKey(key_id=signer.key_id, algorithm=signer.algorithm, public_key=signer.public_key)
            self.append(
                Note(kind=EntryKind.KEY, subject=signer.key_id, actor="bulkhead", body=key.model_dump())
            )
        head = self.head()
        if head.sequence <= self.sealed():
            return None
        at = self._now().astimezone(UTC)
        message = signed_bytes(head, at, signer.key_id)
        mark = Checkpoint(head=head, at=at, key_id=signer.key_id, signature=signer.sign(message).hex())
        self._connection.execute(
            checkpoints.insert(),
            {
                "sequence": head.sequence,
                "hash": head.hash,
                "key_id": mark.key_id,
                "at": moment(mark.at),
                "signature": mark.signature,
            },
        )
        return mark

    def forget(self, through: Head) -> None:
        """Removes entries and checkpoints up to `through`, which an archive has."""
        self._connection.execute(archived.insert(), {"through": through.sequence, "hash": through.hash})
        self._connection.execute(entries.delete().where(entries.c.sequence <= through.sequence))
        # The checkpoint over the last of them stays: it is what vouches for where the chain now begins.
        self._connection.execute(checkpoints.delete().where(checkpoints.c.sequence < through.sequence))

    def keep(self, place: str, bodies: Mapping[str, Any]) -> None:
        """Puts JSON values under their names, in place of what was there."""
        self.drop(place, bodies)
        for part in _parts(bodies, _PAGE):
            rows = [
                {"place": place, "name": name, "body": orjson.dumps(bodies[name]).decode()} for name in part
            ]
            self._connection.execute(kept.insert(), rows)

    def kept(self, place: str, names: Iterable[str] | None = None) -> dict[str, Any]:
        """What stands there; with `names`, of it what they name."""
        query = select(kept.c.name, kept.c.body).where(kept.c.place == place).order_by(kept.c.name)
        queries = (
            [query]
            if names is None
            else [query.where(kept.c.name.in_(part)) for part in _parts(names, _NAMED)]
        )
        return {
            row.name: orjson.loads(row.body) for each in queries for row in self._connection.execute(each)
        }

    def walked(self, place: str) -> Iterator[dict[str, Any]]:
        """The same in parts, never whole in memory. What a part names may be dropped or kept anew before the next."""
        query = select(kept.c.name, kept.c.body).where(kept.c.place == place)
        query, after = query.order_by(kept.c.name).limit(_PAGE), ""
        while rows := self._connection.execute(query.where(kept.c.name > after)).all():
            yield {row.name: orjson.loads(row.body) for row in rows}
            after = rows[-1].name

    def drop(self, place: str, names: Iterable[str]) -> None:
        for part in _parts(names, _NAMED):
            self._connection.execute(kept.delete().where(kept.c.place == place, kept.c.name.in_(part)))

    def _knows(self, signer: Signer) -> bool:
        announced = self.last((EntryKind.KEY,), signer.key_id)
        return announced is not None and announced.body.get("public_key") == signer.public_key


class Ledger:
    """
    One ledger. Every append is on disk when the call returns, or raises LedgerUnavailable and is not there at all.

    Instances may be shared between threads; other processes may write at the same time.
    """

    def __init__(self, place: str | Path, now: Clock) -> None:
        """
        `place` is a file, or an address as `engine.connect` takes it. Makes or updates the tables. Raises ConfigurationError and
        LedgerUnavailable.
        """
        self._engine: Engine = database.connect(place)
        self._now = now
        database.migrate(self._engine)

    @contextmanager
    def exclusive(self) -> Iterator[Pages]:
        """For what must be decided and noted as one: nobody else writes before the block ends."""
        with database.writing(self._engine) as connection:
            yield Pages(connection, self._now)

    @contextmanager
    def read(self) -> Iterator[Pages]:
        with database.reading(self._engine) as connection:
            yield Pages(connection, self._now)

    def append(self, *notes: Note) -> tuple[Entry, ...]:
        with self.exclusive() as pages:
            return pages.append(*notes)

    def entries(self, *kinds: EntryKind, subject: str | None = None) -> list[Entry]:
        with self.read() as pages:
            return list(pages.entries(kinds, subject))

    def seal(self, signer: Signer) -> Checkpoint | None:
        """Raises what the signer raises; then nothing is sealed, and nothing lost."""
        with self.exclusive() as pages:
            return pages.seal(signer)

    def held(self, name: str, patience: float = 0) -> AbstractContextManager[None]:
        """Something only one process does at a time; raises AlreadyRunning. The lock ends with its process."""
        return database.held(self._engine, name, patience)

    def close(self) -> None:
        self._engine.dispose()

    @property
    def now(self) -> Clock:
        return self._now


def _parts(names: Iterable[str], size: int) -> Iterator[list[str]]:
    left = iter(names)
    while part := list(islice(left, size)):
        yield part


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "sequence": entry.sequence,
        "at": moment(entry.at),
        "kind": entry.kind.value,
        "subject": entry.subject,
        "actor": entry.actor,
        "policy": entry.policy,
        "body": canonical(entry.body).decode(),
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _entry(row: Row[Any]) -> Entry:
    """Raises ValueError where the row is none of ours any more."""
    return Entry.model_validate({**row._mapping, "body": orjson.loads(row.body)})


def _checkpoint(row: Row[Any]) -> Checkpoint:
    return Checkpoint(
        head=Head(sequence=row.sequence, hash=row.hash),
        at=datetime.fromisoformat(row.at),
        key_id=row.key_id,
        signature=row.signature,
    )
