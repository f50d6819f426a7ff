"""One org's records and hidden tables in one SQLite file."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import cast

from deployments.sandbox.caller import Caller
from deployments.sandbox.clock import Clock, stamp
from deployments.sandbox.hidden import AppRecord, HiddenTables
from deployments.sandbox.ids import base62, id_run, make_id, to18
from deployments.sandbox.schema import Schema, SObject
from deployments.sandbox.schema.definitions import definition_rows
from deployments.sandbox.schema.extension import extended, shielded
from deployments.sandbox.store_ddl import HIDDEN_TABLES, column_statement, index_statements, table_statement

__all__ = ["AppRecord", "OrgStore"]

# Rows of these objects decide what a caller may do; the engine caches rights until one changes.
RIGHTS_OBJECTS = frozenset(
    {
        "User",
        "Profile",
        "PermissionSet",
        "PermissionSetGroup",
        "PermissionSetGroupComponent",
        "MutingPermissionSet",
        "PermissionSetAssignment",
        "ObjectPermissions",
        "FieldPermissions",
        "UserRole",
        "Group",
        "GroupMember",
    }
)
_BATCH = 20_000
_PLAIN = frozenset({str, int, float, bool, type(None)})


def _moment(value: object) -> object:
    """A datetime field's stored text: the wire form, so that rows stream out without conversion."""
    if isinstance(value, str):
        return (
            value if value.endswith(".000+0000") else stamp(datetime.fromisoformat(value)) if value else None
        )
    return stamp(value) if isinstance(value, datetime) else value


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, dict | list) else value


class OrgStore(HiddenTables):
    """Trusted access to an org's rows: no rights, no validation, no audit trail (see records for those)."""

    def __init__(self, path: Path, schema: Schema, clock: Clock) -> None:
        self.path, self.base_schema, self.schema, self.clock = path, schema, schema, clock
        self.alias = self.host = self.org_id = ""
        self.instance = "000"
        self.rights_version = 0
        # Rights already worked out: user → (rights version, good until, caller); see rights.
        self.callers: dict[str, tuple[int, datetime | None, Caller]] = {}
        self.lock = threading.RLock()
        # Events noted and not yet written down: a request must not pay for a write.
        self._noted: list[tuple[str, str, dict[str, object]]] = []
        self._counters: dict[str, int] = {}
        # Prefixes whose counter has moved since it was last written down.
        self._counted: set[str] = set()
        self._db = sqlite3.connect(path, check_same_thread=False, cached_statements=512)
        self._db.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY"):
            self._db.execute(f"PRAGMA {pragma}")
        for statement in (*HIDDEN_TABLES, *map(table_statement, schema.objects.values())):
            self._db.execute(statement)
        self._recall()

    def _recall(self) -> None:
        self._counters = {row["prefix"]: row["last"] for row in self.sql("SELECT prefix, last FROM _counter")}
        for row in self.sql("SELECT alias, host, org_id FROM _org"):
            self._become(row["alias"], row["host"], row["org_id"])
        self.extend_schema()

    def _become(self, alias: str, host: str, org_id: str) -> None:
        self.alias, self.host, self.org_id = alias, host, org_id
        # Ids of different orgs differ in characters 4 to 6, as they do between real instances.
        self.instance = base62(int.from_bytes(sha256(alias.encode()).digest()[:4]) % 62**2, 2) + "0"

    def register(self, alias: str, host: str) -> str:
        """Name the org, once, before any row is made. Gives its 18-character organization id."""
        self._become(alias, host, "")
        self.org_id = self.new_id("00D")
        with self.lock:
            self._db.execute("INSERT INTO _org VALUES (?, ?, ?)", (alias, host, self.org_id))
        return self.org_id

    # Records -------------------------------------------------------------------------------------------

    def insert(self, sobject: str, rows: Iterable[Mapping[str, object]]) -> list[str]:
        """Insert rows of one object in bulk and give their 18-character ids, in order.

        Missing ids, system fields and defaults are filled in. Raises sqlite3.IntegrityError on a repeated id
        and sqlite3.OperationalError on a field the object lacks.
        """
        target = self.schema[sobject]
        made: list[str] = []
        with self.lock:
            for keys, batch in groupby(rows, key=tuple):
                for chunk in _chunks(batch):
                    made += self._insert_alike(target, keys, chunk)
            self._touched(target.name)
        return made

    def _insert_alike(
        self, target: SObject, keys: tuple[str, ...], rows: Sequence[Mapping[str, object]]
    ) -> list[str]:
        columns = [[row[key] for row in rows] for key in keys]
        for position, key in enumerate(keys):
            if key in target.moments:
                columns[position] = [_moment(value) for value in columns[position]]
            elif key not in target.booleans:
                columns[position] = self._cells(target, key, columns[position])
        if "Id" in keys:
            ids = cast("list[str]", columns[keys.index("Id")])
        else:
            ids = self._new_ids(target.prefix, len(rows))
            keys, columns = (*keys, "Id"), [*columns, cast("list[object]", ids)]
        fixed = self._fixed(target, frozenset(keys))
        names = ", ".join(f'"{key}"' for key in (*keys, *fixed))
        places = ", ".join([*("?" * len(keys)), *(f"?{len(keys) + n + 1}" for n in range(len(fixed)))])
        tail = tuple(fixed.values())
        self._db.executemany(
            f'INSERT INTO "{target.name}" ({names}) VALUES ({places})',
            (cells + tail for cells in zip(*columns, strict=True)) if tail else zip(*columns, strict=True),
        )
        return ids

    def _cells(self, target: SObject, key: str, cells: list[object]) -> list[object]:
        if key in target.references:
            return [to18(cell) if isinstance(cell, str) and len(cell) == 15 else cell for cell in cells]
        # Looking at types in bulk is much cheaper than converting cell by cell, and nearly always enough.
        return cells if _PLAIN.issuperset(map(type, cells)) else [_plain(cell) for cell in cells]

    def _fixed(self, target: SObject, given: frozenset[str]) -> dict[str, object]:
        """System fields and defaults the rows do not bring: the same for every row of a batch."""
        now, author = stamp(self.clock.now()), self.setting("automated_user")
        fixed: dict[str, object] = {}
        for name, field in target.fields.items():
            if name in given or field.type == "metadata" or name == "Id":
                continue
            if field.system and field.type == "datetime":
                fixed[name] = now
            elif field.system and field.type == "reference":
                fixed[name] = author
            elif field.default not in (None, ""):
                fixed[name] = field.default
        return fixed

    def update(self, sobject: str, record_id: str, values: Mapping[str, object]) -> None:
        """Set fields of one record; bumps SystemModstamp and LastModifiedDate unless they are given.

        Raises KeyError when there is no such record.
        """
        target = self.schema[sobject]
        cells = {key: self._cell(target, key, value) for key, value in values.items()}
        now = stamp(self.clock.now())
        for name in ("LastModifiedDate", "SystemModstamp"):
            if name in target.fields:
                cells.setdefault(name, now)
        sets = ", ".join(f'"{key}" = ?' for key in cells)
        statement = f'UPDATE "{target.name}" SET {sets} WHERE Id = ?'
        with self.lock:
            if self._db.execute(statement, (*cells.values(), to18(record_id))).rowcount == 0:
                raise KeyError(f"{target.name} has no record {record_id}")
            self._touched(target.name)

    def _cell(self, target: SObject, key: str, value: object) -> object:
        if key in target.moments:
            return _moment(value)
        return self._cells(target, key, [value])[0]

    def delete(self, sobject: str, record_id: str) -> None:
        """Remove a record: marked where there is IsDeleted, gone otherwise. Raises KeyError if missing."""
        target = self.schema[sobject]
        if "IsDeleted" in target.fields:
            self.update(sobject, record_id, {"IsDeleted": True})
            return
        with self.lock:
            statement = f'DELETE FROM "{target.name}" WHERE Id = ?'
            if self._db.execute(statement, (to18(record_id),)).rowcount == 0:
                raise KeyError(f"{target.name} has no record {record_id}")
            self._touched(target.name)

    def get(self, sobject: str, record_id: str) -> dict[str, object] | None:
        """One record by its 15- or 18-character id, deleted ones included; booleans as bool."""
        return next(iter(self.find(sobject, Id=to18(record_id))), None)

    def find(self, sobject: str, **equal: object) -> list[dict[str, object]]:
        """Records whose fields equal the given values, in id order."""
        target = self.schema[sobject]
        where = " AND ".join(f'"{key}" IS ?' for key in equal) or "1"
        statement = f'SELECT {target.column_list} FROM "{target.name}" WHERE {where} ORDER BY Id'
        rows = self.sql(statement, *(self._cell(target, key, value) for key, value in equal.items()))
        return [_record(target, row) for row in rows]

    def _touched(self, sobject: str) -> None:
        if sobject in RIGHTS_OBJECTS:
            self.rights_version += 1

    # Events --------------------------------------------------------------------------------------------

    def note_event(self, kind: str, facts: dict[str, object]) -> None:
        """Remembers what happened just now; whoever reads telemetry has it written down."""
        self._noted.append((stamp(self.clock.now()), kind, facts))

    def take_events(self) -> list[tuple[str, str, dict[str, object]]]:
        """(moment, kind, facts) of all that was noted since the last time."""
        noted, self._noted = self._noted, []
        return noted

    def add_events(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Moment, event type and cells of events that wait for their file."""
        with self.lock:
            self._db.executemany("INSERT INTO _event (at, kind, cells) VALUES (?, ?, ?)", rows)

    @property
    def noted(self) -> int:
        return len(self._noted)

    # Raw access ----------------------------------------------------------------------------------------

    def tuples(self, statement: str, params: Sequence[object]) -> list[tuple[object, ...]]:
        """The same as sql, as plain tuples: what the query engine shapes in bulk."""
        with self.lock:
            cursor = self._db.cursor()
            cursor.row_factory = None
            return cursor.execute(statement, params).fetchall()

    def build_indexes(self) -> None:
        """Create the schema's indexes and gather statistics: once, after the bulk load."""
        with self.lock:
            for target in self.schema.objects.values():
                for statement in index_statements(target):
                    self._db.execute(statement)
            self._db.execute("ANALYZE")

    def commit(self) -> None:
        with self.lock:
            counted = [(prefix, self._counters[prefix]) for prefix in self._counted]
            self._counted.clear()
            if counted:
                self._db.executemany("INSERT OR REPLACE INTO _counter VALUES (?, ?)", counted)
            self._db.commit()

    def rollback(self) -> None:
        """Undo everything since the last commit."""
        with self.lock:
            self._db.rollback()
            self.rights_version += 1

    def close(self) -> None:
        self.commit()
        self._db.close()

    def copy_to(self, copy: Callable[[Path], None]) -> None:
        """Commits, brings everything into the one file, and has it copied while nobody writes."""
        with self.lock:
            self.commit()
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            copy(self.path)

    def discard(self) -> None:
        """Closes without keeping what was not committed; the file and its log may then be replaced."""
        with self.lock:
            self._db.rollback()
            self._db.close()

    # Objects and fields of the org's own ---------------------------------------------------------------

    def extend_schema(self) -> None:
        """The schema anew: what all orgs have, and the custom objects and fields that this org's metadata holds."""
        objects = self._components("CustomObject", "__")
        known = self.base_schema.objects
        fields = [
            (name, body)
            for name, body in self._components("CustomField", "__c")
            if (owner := known.get(name.partition(".")[0])) is None
            or name.partition(".")[2] not in owner.fields
        ]
        schemes = {
            row["full_name"]: str(json.loads(row["body"]).get("encryptionScheme"))
            for row in self.sql(
                "SELECT full_name, body FROM _metadata WHERE kind = 'CustomField' AND body LIKE '%Encryption\"%'"
            )
        }
        if not objects and not fields and not schemes:
            self.schema = self.base_schema
            return
        self.schema = Schema(shielded(extended(known, objects, fields), schemes))

    def _components(self, kind: str, ending: str) -> list[tuple[str, dict[str, object]]]:
        """In the order in which they were first kept."""
        rows = self.sql("SELECT full_name, body FROM _metadata WHERE kind = ? ORDER BY rowid", kind)
        return [(row["full_name"], json.loads(row["body"])) for row in rows if ending in row["full_name"]]

    def lay_table(self, target: SObject) -> None:
        with self.lock:
            self._db.execute(table_statement(target))
            for statement in index_statements(target):
                self._db.execute(statement)

    def drop_table(self, sobject: str) -> None:
        with self.lock:
            self._db.execute(f'DROP TABLE IF EXISTS "{sobject}"')

    def add_column(self, target: SObject, field: str) -> None:
        with self.lock:
            self._db.execute(f'ALTER TABLE "{target.name}" ADD COLUMN {column_statement(target, field)}')

    def drop_column(self, target: SObject, field: str) -> None:
        with self.lock:
            self._db.execute(f'ALTER TABLE "{target.name}" DROP COLUMN "{field}"')

    # Ids -----------------------------------------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        """The next id with this prefix; the same sequence in every store of the same alias."""
        return self._new_ids(prefix, 1)[0]

    def new_ids(self, prefix: str, count: int) -> list[str]:
        """The next `count` ids with this prefix, for rows that SQL makes in bulk."""
        return self._new_ids(prefix, count)

    def _new_ids(self, prefix: str, count: int) -> list[str]:
        with self.lock:
            first = self._counters.get(prefix, 0) + 1
            self._counters[prefix] = first + count - 1
            self._counted.add(prefix)
        if count == 1:
            return [make_id(prefix, self.instance, first)]
        return list(id_run(prefix, self.instance, first, count))

    def install_schema(self) -> None:
        """Fill EntityDefinition, FieldDefinition and CustomField with what the schema says."""
        for sobject, rows in definition_rows(self.schema).items():
            self.insert(sobject, rows)


def _chunks(rows: Iterator[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    chunk: list[Mapping[str, object]] = []
    add: Callable[[Mapping[str, object]], None] = chunk.append
    for row in rows:
        add(row)
        if len(chunk) == _BATCH:
            yield chunk
            chunk = []
            add = chunk.append
    if chunk:
        yield chunk


def _record(target: SObject, row: sqlite3.Row) -> dict[str, object]:
    cells = zip(target.stored, row, strict=True)
    return {name: bool(cell) if name in target.booleans else cell for name, cell in cells}
