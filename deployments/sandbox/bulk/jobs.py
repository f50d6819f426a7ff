"""Bulk jobs as an org keeps them: what was asked, how far it is, and the rows that came and went."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import orjson

from deployments.sandbox.clock import stamp
from deployments.sandbox.ids import is_id, to18
from deployments.sandbox.store import OrgStore

Kind = Literal["ingest", "query", "classic"]
Part = Literal["data", "success", "failed", "unprocessed", "result"]
PREFIX = "750"
WORKING = frozenset({"UploadComplete", "InProgress"})
OVER = frozenset({"JobComplete", "Failed", "Aborted"})


@dataclass(frozen=True)
class Job:
    """
    One job. `state` is one of Open, UploadComplete, InProgress, JobComplete, Failed, Aborted.

    `columns` are those of the result of a query, or of the data of an ingest job. Times are those of the wire.
    """

    id: str
    kind: Kind
    operation: str
    sobject: str
    created_by: str
    created_at: str
    changed_at: str
    state: str
    api_version: str
    delimiter: str = "COMMA"
    line_ending: str = "LF"
    external_id: str | None = None
    assignment_rule: str | None = None
    query: str = ""
    columns: tuple[str, ...] = ()
    processed: int = 0
    failed: int = 0
    milliseconds: int = 0
    error: str | None = None

    @property
    def path(self) -> str:
        return f"jobs/{self.kind}/{self.id}"


class Jobs:
    """The jobs of one org, in its own file, so that they outlive the process."""

    def __init__(self, store: OrgStore) -> None:
        self._store = store

    def open(self, kind: Kind, created_by: str, **fields: Any) -> Job:
        now = stamp(self._store.clock.now())
        job = Job(
            id=self._store.new_id(PREFIX),
            kind=kind,
            created_by=created_by,
            created_at=now,
            changed_at=now,
            **fields,
        )
        self._put(job)
        return job

    def find(self, kind: Kind, job_id: str) -> Job | None:
        rows = self._store.sql(
            "SELECT body FROM _job WHERE id = ? AND kind = ?", to18(job_id) if is_id(job_id) else job_id, kind
        )
        return _job(rows[0]["body"]) if rows else None

    def all(self, kind: Kind) -> list[Job]:
        """Newest first."""
        rows = self._store.sql("SELECT body FROM _job WHERE kind = ? ORDER BY id DESC", kind)
        return [_job(row["body"]) for row in rows]

    def change(self, job: Job, **fields: Any) -> Job:
        changed = replace(job, changed_at=stamp(self._store.clock.now()), **fields)
        self._put(changed)
        return changed

    def forget(self, job: Job) -> None:
        self._store.sql("DELETE FROM _job WHERE id = ?", job.id)
        self._store.sql("DELETE FROM _job_part WHERE job_id = ?", job.id)

    # Rows ----------------------------------------------------------------------------------------------

    def add(self, job: Job, part: Part, rows: Sequence[Sequence[str]]) -> None:
        """Append rows to a part of the job; they come back in this order."""
        if not rows:
            return
        found = self._store.sql(
            "SELECT COALESCE(MAX(first + count), 0) FROM _job_part WHERE job_id = ? AND part = ?",
            job.id,
            part,
        )
        self._store.sql(
            "INSERT INTO _job_part VALUES (?, ?, ?, ?, ?)",
            job.id,
            part,
            found[0][0],
            len(rows),
            orjson.dumps(rows),
        )

    def rows(self, job: Job, part: Part, start: int = 0, most: int | None = None) -> Iterator[list[str]]:
        end = None if most is None else start + most
        chunks = self._store.sql(
            "SELECT first, count, content FROM _job_part WHERE job_id = ? AND part = ? AND first + count > ?"
            " AND (? IS NULL OR first < ?) ORDER BY first",
            job.id,
            part,
            start,
            end,
            end,
        )
        for chunk in chunks:
            first = chunk["first"]
            yield from orjson.loads(chunk["content"])[
                max(0, start - first) : None if end is None else end - first
            ]

    def count(self, job: Job, part: Part) -> int:
        found = self._store.sql(
            "SELECT COALESCE(SUM(count), 0) FROM _job_part WHERE job_id = ? AND part = ?", job.id, part
        )
        return int(found[0][0])

    def put_text(self, job: Job, text: str) -> None:
        """The uploaded CSV as it came."""
        self._store.sql("INSERT INTO _job_part VALUES (?, 'data', 0, 1, ?)", job.id, text)

    def text(self, job: Job) -> str | None:
        rows = self._store.sql("SELECT content FROM _job_part WHERE job_id = ? AND part = 'data'", job.id)
        return str(rows[0]["content"]) if rows else None

    def _put(self, job: Job) -> None:
        self._store.sql(
            "INSERT OR REPLACE INTO _job VALUES (?, ?, ?)",
            job.id,
            job.kind,
            orjson.dumps(asdict(job)).decode(),
        )


def _job(body: str) -> Job:
    facts = orjson.loads(body)
    return Job(**{**facts, "columns": tuple(facts["columns"])})
