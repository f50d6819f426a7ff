"""Jobs and batches of Bulk API 1.0 as an org keeps them."""

from typing import Any

import orjson

from deployments.sandbox.clock import stamp
from deployments.sandbox.ids import is_id, to18
from deployments.sandbox.store import OrgStore

JOB, BATCH, RESULT = "750", "751", "752"
Document = dict[str, Any]


class ClassicJobs:
    def __init__(self, store: OrgStore) -> None:
        self._store = store

    def open(self, **fields: Any) -> Document:
        now = stamp(self._store.clock.now()).replace("+0000", "Z")
        job = {"id": self._store.new_id(JOB), "createdDate": now, "systemModstamp": now, **fields}
        self.keep(job)
        return job

    def keep(self, job: Document) -> None:
        body = orjson.dumps(job).decode()
        self._store.sql("INSERT OR REPLACE INTO _job VALUES (?, 'classic', ?)", job["id"], body)

    def find(self, job_id: str) -> Document | None:
        wanted = to18(job_id) if is_id(job_id) else job_id
        rows = self._store.sql("SELECT body FROM _job WHERE id = ? AND kind = 'classic'", wanted)
        found: Document | None = orjson.loads(rows[0]["body"]) if rows else None
        return found


class Batches:
    """Batches are kept as parts of their job: what was sent, how it is, and what came of it."""

    def __init__(self, store: OrgStore) -> None:
        self._store = store

    def open(self, job: Document) -> Document:
        now = stamp(self._store.clock.now()).replace("+0000", "Z")
        batch = {
            "id": self._store.new_id(BATCH),
            "jobId": job["id"],
            "state": "Queued",
            "createdDate": now,
            "systemModstamp": now,
            "numberRecordsProcessed": 0,
            "numberRecordsFailed": 0,
            "totalProcessingTime": 0,
            "apiActiveProcessingTime": 0,
            "apexProcessingTime": 0,
        }
        self._put(batch)
        return batch

    def change(self, batch: Document, **fields: Any) -> Document:
        batch.update(fields, systemModstamp=stamp(self._store.clock.now()).replace("+0000", "Z"))
        self._put(batch)
        return batch

    def find(self, job_id: str, batch_id: str) -> Document | None:
        return next(
            (
                each
                for each in self.all(job_id)
                if each["id"] == (to18(batch_id) if is_id(batch_id) else batch_id)
            ),
            None,
        )

    def all(self, job_id: str) -> list[Document]:
        rows = self._store.sql(
            "SELECT content FROM _job_part WHERE job_id = ? AND part LIKE 'batch:%' ORDER BY part", job_id
        )
        return [orjson.loads(row["content"]) for row in rows]

    def put_request(self, batch: Document, body: bytes) -> None:
        self._part(batch, "request", body)

    def request(self, batch: Document) -> bytes:
        return self._read(batch, "request")

    def put_results(self, batch: Document, results: object) -> None:
        self._part(batch, "result", orjson.dumps(results))

    def results(self, batch: Document) -> Any:
        content = self._read(batch, "result")
        return orjson.loads(content) if content else []

    def _put(self, batch: Document) -> None:
        self._store.sql(
            "INSERT OR REPLACE INTO _job_part VALUES (?, ?, 0, 1, ?)",
            batch["jobId"],
            f"batch:{batch['id']}",
            orjson.dumps(batch),
        )

    def _part(self, batch: Document, name: str, content: bytes) -> None:
        self._store.sql(
            "INSERT OR REPLACE INTO _job_part VALUES (?, ?, 0, 1, ?)",
            batch["jobId"],
            f"{name}:{batch['id']}",
            content,
        )

    def _read(self, batch: Document, name: str) -> bytes:
        rows = self._store.sql(
            "SELECT content FROM _job_part WHERE job_id = ? AND part = ?",
            batch["jobId"],
            f"{name}:{batch['id']}",
        )
        return bytes(rows[0]["content"]) if rows else b""
