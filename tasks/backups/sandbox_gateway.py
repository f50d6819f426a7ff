"""Writes records of a drill into a sandbox as the enforcer, reads them back, and removes them again."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

from tasks.backups.model import Column
from tasks.backups.restore import Target, found_digest, target_of
from tasks.backups.spool_gateway import Spool
from tasks.errors import BackupRefused, OrgError, OrgUnavailable
from tasks.salesforce.pages import Row
from tasks.salesforce.rows import query_pages
from tasks.salesforce.soql import literal
from tasks.salesforce.writing import (
    COLLECTION,
    COLLECTIONS,
    Collection,
    RecordResult,
    WritingSession,
    altered,
    made,
    removed,
)

AT_ONCE = COLLECTION * COLLECTIONS
"""Records of one call."""
_TRIES = 5
_GONE = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})


class SandboxOrg:
    def __init__(self, session: WritingSession) -> None:
        self._session = session
        self._me = ""

    def needs_sandbox(self) -> None:
        """Raises BackupRefused for an org that says of itself that it is a production org, and OrgError."""
        (row,) = self._session.query("SELECT Id, IsSandbox FROM Organization")
        if row.get("IsSandbox") is not True:
            raise BackupRefused(
                f"{self._session.alias} says of itself that it is no sandbox, so nothing is restored there. No record was written."
            )

    def now(self) -> datetime:
        self._session.hello()
        if self._session.server_time is None:
            raise OrgUnavailable(self._session.alias, "no answer names its time", "A proxy may cut headers.")
        return self._session.server_time

    def targets(self, names: Sequence[str]) -> tuple[dict[str, Target], dict[str, str]]:
        """As the enforcer sees them with its rights awake, and why others are left out. Raises OrgError."""
        self._session.rouse()
        described = self._session.describe(names)
        found, without = {}, {}
        for name in names:
            answer = described[name]
            if isinstance(answer, OrgError):
                without[name] = f"the sandbox does not show it to the enforcer. {answer.next_step}"
            elif not (answer.get("createable") and answer.get("deletable") and answer.get("queryable")):
                without[name] = "the enforcer may not make, read and delete its records in the sandbox"
            else:
                held = self._session.query(f"SELECT Id FROM {name} LIMIT 1")
                found[name] = target_of(answer, held=bool(held))
        return found, without

    def make(self, sobject: str, records: Sequence[Mapping[str, Any]]) -> list[RecordResult]:
        """One result per record, in order. Raises OrgError; then nobody knows which were made, and all go again."""
        return self._patiently(records, lambda part: made(sobject, part))

    def fill(self, sobject: str, records: Sequence[Mapping[str, Any]]) -> list[RecordResult]:
        """Each record carries its `Id`."""
        return self._patiently(records, lambda part: altered(sobject, part))

    def own(
        self, sobject: str, began: datetime, columns: Sequence[Column] = ()
    ) -> Iterator[tuple[str, bytes]]:
        """Id and digest of each record that the enforcer has made since then. Raises OrgError."""
        names = ["Id", *(column.name for column in columns)]
        soql = (
            f"SELECT {', '.join(names)} FROM {sobject} WHERE CreatedById = {literal(self._user())} "
            f"AND CreatedDate >= {began.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}"
        )
        # What it may make is what it may see, and both sleep until then.
        self._session.rouse()
        # Not by Bulk API: a job works without the rights that are awake in this session alone.
        for row in query_pages(self._session, "query", soql):
            cells = [row[column.name] for column in columns]
            yield str(row["Id"]), found_digest(columns, cells)

    def take_back(
        self, sobjects: Sequence[str], began: datetime, known: Mapping[str, Mapping[str, str]]
    ) -> tuple[int, int]:
        """
        Removes what the enforcer has made of these objects since then, children first: how many went, and how many stay.

        It is found by its maker and date, so also what was made just before a process was killed; and by its id where that is
        `known` (its keys), whatever became of maker and date. Raises OrgError.
        """
        gone = left = 0
        with Spool() as spool:
            for sobject in reversed(sobjects):
                ours = known.get(sobject, {})
                # Read whole before the first goes: a query that is paged through must not lose its ground.
                others = spool.texts()
                for name, _ in self.own(sobject, began):
                    if name not in ours:
                        others[name] = ""
                ids = chain(ours, others)
                while part := [*islice(ids, AT_ONCE)]:
                    results = self._patiently(part, removed)
                    stay = sum(bool(each.code) and each.code not in _GONE for each in results)
                    gone, left = gone + len(part) - stay, left + stay
        return gone, left

    def _user(self) -> str:
        if not self._me:
            username = literal(self._session.connection.username)
            (row,) = self._session.query(f"SELECT Id FROM User WHERE Username = {username}")
            self._me = str(row["Id"])
        return self._me

    def _patiently(self, records: Sequence[Any], pack: Any) -> list[RecordResult]:
        """What is refused for the moment is sent again."""
        results: dict[int, RecordResult] = {}
        waiting = [*range(len(records))]
        for attempt in range(1, _TRIES + 1):
            parts = [waiting[start : start + COLLECTION] for start in range(0, len(waiting), COLLECTION)]
            calls: list[Collection] = [pack([records[number] for number in part]) for part in parts]
            for part, answers in zip(parts, self._session.send_together(calls), strict=True):
                results |= zip(part, answers, strict=True)
            waiting = [number for number in waiting if results[number].passing]
            if not waiting or attempt == _TRIES:
                break
            self._session.pause(0.2 * 2**attempt)
        return [results[number] for number in range(len(records))]


def codes(results: Sequence[RecordResult]) -> Counter[str]:
    """How often each refusal came."""
    return Counter(each.code for each in results if each.code)


def with_id(name: str, values: Mapping[str, Any]) -> Row:
    return {"Id": name, **values}
