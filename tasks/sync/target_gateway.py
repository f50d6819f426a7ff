"""Writes the target org as the route's own user, and reads back what is there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tasks.errors import BadRequest, OrgError, OrgUnavailable, RowLocked, SyncStopped, Throttled
from tasks.permissions.model import EffectiveRights, ObjectRights
from tasks.salesforce import bulk
from tasks.salesforce.carrying import GONE, RETRIEVED, CarryingSession
from tasks.salesforce.classify import backoff
from tasks.salesforce.pages import Row
from tasks.salesforce.rows import query_pages
from tasks.salesforce.soql import chunks, in_list, literal
from tasks.salesforce.writing import COLLECTION, RecordResult
from tasks.sync.drift import fields_of
from tasks.sync.model import Rules
from tasks.sync.quarantine import TRIES
from tasks.sync.rules import text, wire

JOB_FAILED = "BULK_JOB_FAILED"
Cells = Sequence[str | None]


class Refusal(NamedTuple):
    """`passing` says that the same may succeed in a moment."""

    code: str
    fields: tuple[str, ...] = ()
    passing: bool = False


class There(NamedTuple):
    """A record of the target: its key, its id, and its values in the order of the columns."""

    key: str
    id: str
    values: tuple[str | None, ...]


class TargetOrg:
    """`pause` waits so many seconds between two tries."""

    def __init__(self, session: CarryingSession, jitter: Callable[[int], float]) -> None:
        self._session = session
        self._jitter = jitter
        self._ids: dict[str, str] = {}

    @property
    def calls(self) -> int:
        return self._session.calls

    def fields(self, sobject: str) -> dict[str, Mapping[str, Any]]:
        """By name, those that the sync user sees. Raises OrgError."""
        found = self._session.describe([sobject])[sobject]
        if isinstance(found, OrgError):
            raise found
        return fields_of(found)

    def rights(self, sobject: str) -> EffectiveRights:
        """What the org itself says that the sync user may do (Object Reference, UserEntityAccess and UserFieldAccess)."""
        username = literal(self._session.connection.username)
        (me,) = self._session.query(f"SELECT Id FROM User WHERE Username = {username}")
        where = (
            f"UserId = {literal(str(me['Id']))} AND EntityDefinition.QualifiedApiName = {literal(sobject)}"
        )
        found = self._session.read_all(
            {
                "object": f"SELECT IsReadable, IsCreatable, IsEditable, IsDeletable FROM UserEntityAccess WHERE {where}",
                "fields": "SELECT FieldDefinition.QualifiedApiName, IsAccessible, IsUpdatable "
                f"FROM UserFieldAccess WHERE {where}",
            }
        )
        rows = {}
        for name, answer in found.items():
            if isinstance(answer, OrgError):
                raise answer
            rows[name] = answer
        held = rows["object"][0] if rows["object"] else {}
        return EffectiveRights(
            user_id=str(me["Id"]),
            permissions={},
            objects={
                sobject: ObjectRights(
                    read=bool(held.get("IsReadable")),
                    create=bool(held.get("IsCreatable")),
                    edit=bool(held.get("IsEditable")),
                    delete=bool(held.get("IsDeletable")),
                )
            },
            fields={
                f"{sobject}.{row['FieldDefinition']['QualifiedApiName']}": (
                    bool(row["IsAccessible"]),
                    bool(row["IsUpdatable"]),
                )
                for row in rows["fields"]
            },
        )

    def now(self) -> datetime:
        self._session.hello()
        if self._session.server_time is None:
            raise OrgUnavailable(self._session.alias, "no answer names its time", "A proxy may cut headers.")
        return self._session.server_time

    # -- writing

    def send(self, rules: Rules, rows: Sequence[Cells]) -> dict[str, Refusal]:
        """By key, those that were refused for good; 200 to a call. Raises OrgError."""
        refused: dict[str, Refusal] = {}
        for start in range(0, len(rows), COLLECTION):
            refused |= self._some(rules, rows[start : start + COLLECTION])
        return refused

    def _some(self, rules: Rules, rows: Sequence[Cells]) -> dict[str, Refusal]:
        left, refused = list(rows), dict[str, Refusal]()
        for attempt in range(1, TRIES + 1):
            results = self._session.upsert(rules.external_id, [_typed(rules, row) for row in left])
            again = []
            for row, result in zip(left, results, strict=True):
                key = str(row[0])
                refused.pop(key, None)
                if not result.code:
                    self._ids[key] = str(result.id)
                    continue
                refused[key] = _refusal(result)
                if result.passing:
                    again.append(row)
            if not again or attempt == TRIES:
                break
            self._session.pause(self._jitter(attempt))
            left = again
        return refused

    def send_in_bulk(
        self, rules: Rules, parts: Iterator[Sequence[Cells]], note: Callable[[str], None]
    ) -> dict[str, Refusal]:
        """
        As one job, or several where they are larger than a job may be. `note` is told each job before it holds anything.

        Raises OrgError, and SyncStopped for a job that the org gave up.
        """
        refused: dict[str, Refusal] = {}
        header = (rules.external_id, *(column.name for column in rules.columns))
        full = True
        while full:
            full, table = False, bulk.Table(header)
            for rows in parts:
                table.add(rows)
                if table.size >= bulk.LARGEST_UPLOAD // 2:
                    full = True
                    break
            if not table.rows:
                break
            for key, code in self._job(rules, table, note).items():
                refused[key] = _refusal(RecordResult(id=None, code=code))
        return refused

    def _job(self, rules: Rules, table: bulk.Table, note: Callable[[str], None]) -> dict[str, str]:
        for attempt in range(1, TRIES + 1):
            job = bulk.begin_upsert(self._session, rules.sobject, rules.external_id)
            note(job)
            try:
                bulk.upload(self._session, job, table.content())
            except (OrgUnavailable, Throttled, RowLocked):
                # Nobody knows whether the upload came: this job never runs, another one takes its place.
                bulk.abort(self._session, job)
                if attempt == TRIES:
                    raise
                self._session.pause(self._jitter(attempt))
                continue
            bulk.close(self._session, job)
            state = bulk.wait(self._session, "ingest", job)
            if state.state != "JobComplete" or state.processed != table.rows:
                raise SyncStopped(
                    f"{rules.target}: a bulk job ended as {state.state} with {state.processed} of {table.rows} rows"
                    f"{f' ({state.error})' if state.error else ''}. Run again; what it did is looked at first."
                )
            return bulk.refused_rows(self._session, job, rules.external_id) if state.failed else {}
        raise AssertionError("every try returns or raises")

    def settle(self, job: str) -> None:
        """A job of a run that was killed: it ends before anything is sent, so that nothing old is written later."""
        try:
            if bulk.look(self._session, "ingest", job).state == "Open":
                bulk.abort(self._session, job)
            bulk.wait(self._session, "ingest", job)
        except BadRequest:
            # The org has forgotten it, so it writes nothing any more.
            return

    def remove(self, ids: Sequence[str]) -> dict[str, Refusal]:
        """By id, those that stay. Raises OrgError."""
        refused: dict[str, Refusal] = {}
        for part in chunks(ids, COLLECTION):
            left = list(part)
            for attempt in range(1, TRIES + 1):
                results = self._session.remove(left)
                pairs = [*zip(left, results, strict=True)]
                for name, result in pairs:
                    refused.pop(name, None)
                    if result.code:
                        refused[name] = _refusal(result)
                left = [name for name, result in pairs if result.passing]
                if not left or attempt == TRIES:
                    break
                self._session.pause(self._jitter(attempt))
        return refused

    # -- reading back

    def found(self, rules: Rules, keys: Sequence[str]) -> Iterator[list[There]]:
        """Those of the keys that are there: by id where a write told it, by key otherwise."""
        ids = [self._ids[key] for key in keys if key in self._ids]
        names = ("Id", rules.external_id, *(column.name for column in rules.columns))
        for part in chunks(ids, RETRIEVED):
            rows = self._session.retrieve(part, names)
            yield [_there(rules, row) for row in rows]
        unknown = [key for key in keys if key not in self._ids]
        yield from self.by_keys(rules, unknown)

    def by_keys(self, rules: Rules, keys: Sequence[str]) -> Iterator[list[There]]:
        queries = {
            str(
                number
            ): f"SELECT {_names(rules)} FROM {rules.sobject} WHERE {rules.external_id} IN {in_list(part)}"
            for number, part in enumerate(chunks(keys))
        }
        for answer in self._session.read_all(queries).values() if queries else ():
            if isinstance(answer, OrgError):
                raise answer
            yield [_there(rules, row) for row in answer]

    def written(self, rules: Rules, since: datetime) -> Iterator[list[There]]:
        """What was written since then, by whomever, as a bulk query."""
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        soql = f"SELECT {_names(rules)} FROM {rules.sobject} WHERE SystemModstamp >= {moment}"
        rows = bulk.query(self._session, soql)
        header = next(rows, ())
        part: list[There] = []
        for row in rows:
            part.append(_there(rules, dict(zip(header, row, strict=True))))
            if len(part) == RETRIEVED:
                yield part
                part = []
        yield part

    # -- sealing anew

    def behind(self, rules: Rules, last: str, limit: int) -> list[There]:
        """The next records in the order of ids, behind this one. Raises OrgError."""
        where = f" WHERE Id > {literal(last)}" if last else ""
        soql = f"SELECT {_names(rules)} FROM {rules.sobject}{where} ORDER BY Id LIMIT {limit}"
        return [_there(rules, row) for row in self._session.query(soql)]

    def count(self, rules: Rules) -> int:
        """Raises OrgError."""
        return self._session.count(f"SELECT COUNT() FROM {rules.sobject}")

    def with_ids(self, rules: Rules, ids: Sequence[str]) -> list[There]:
        """Those that are there. Raises OrgError."""
        names = ("Id", rules.external_id, *(column.name for column in rules.columns))
        return [
            _there(rules, row)
            for part in chunks(ids, RETRIEVED)
            for row in self._session.retrieve(part, names)
        ]

    def rewrite(self, rules: Rules, rows: Mapping[str, Cells]) -> dict[str, Refusal]:
        """
        Columns of records by id, and of those that are there alone: an upsert would make a record anew that somebody deleted
        meanwhile. By id, those that were refused for good. Raises OrgError.
        """
        refused: dict[str, Refusal] = {}
        for part in chunks([*rows], COLLECTION):
            left = list(part)
            for attempt in range(1, TRIES + 1):
                results = self._session.update([{"id": name, **_cells(rules, rows[name])} for name in left])
                pairs = [*zip(left, results, strict=True)]
                for name, result in pairs:
                    refused.pop(name, None)
                    if result.code and result.code not in GONE:
                        refused[name] = _refusal(result)
                left = [name for name, result in pairs if result.passing]
                if not left or attempt == TRIES:
                    break
                self._session.pause(self._jitter(attempt))
        return refused

    def sealed_values(self, rules: Rules) -> Iterator[tuple[bool, tuple[str | None, ...]]]:
        """Of all records, those in the recycle bin too: whether it lies there, and its columns. Raises OrgError."""
        names = ", ".join(("IsDeleted", *(column.name for column in rules.columns)))
        for row in query_pages(self._session, "queryAll", f"SELECT {names} FROM {rules.sobject}"):
            yield bool(row["IsDeleted"]), tuple(row[column.name] for column in rules.columns)

    def forget(self) -> None:
        """Ids of the last batch."""
        self._ids.clear()


def jittered(random: Any) -> Callable[[int], float]:
    """Seconds to wait after so many tries."""
    return lambda attempt: backoff(attempt, random).total_seconds()


def _typed(rules: Rules, row: Cells) -> Row:
    return {rules.external_id: row[0], **_cells(rules, row[1:])}


def _names(rules: Rules) -> str:
    return ", ".join(("Id", rules.external_id, *(column.name for column in rules.columns)))


def _cells(rules: Rules, cells: Cells) -> Row:
    return {column.name: wire(column.type, cell) for column, cell in zip(rules.columns, cells, strict=True)}


def _there(rules: Rules, row: Mapping[str, Any]) -> There:
    return There(
        key=text("string", row[rules.external_id]) or "",
        id=str(row["Id"]),
        values=tuple(text(column.type, row[column.name]) for column in rules.columns),
    )


def _refusal(result: RecordResult) -> Refusal:
    return Refusal(result.code, result.fields, result.passing)
