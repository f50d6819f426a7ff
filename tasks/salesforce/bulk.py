"""
Bulk API 2.0 (Bulk API 2.0 and Bulk API Developer Guide): queries whose rows come as CSV, and upserts that go as CSV.

Rows of a page are handed on once the page is whole: what follows a cut connection could not be told from what came before.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from simple_salesforce.api import Salesforce

from tasks.errors import BadRequest, IncompleteRead, OrgUnavailable
from tasks.salesforce.classify import classify
from tasks.salesforce.session import Session

ROWS_PER_PAGE = 10_000
LARGEST_UPLOAD = 100_000_000
"""Bytes: 150 MB are the limit once the platform has encoded them, so the guide advises 100 MB."""
NULL = "#N/A"
"""Empties a field; an empty cell leaves it alone."""
OVER = frozenset({"JobComplete", "Failed", "Aborted"})
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.25, 5.0, 1.6
_SECONDS = 3600.0
"""How long a job is waited for."""
_LONGEST_CELL = 1 << 24


@dataclass(frozen=True)
class JobState:
    """`failed` counts rows of an ingest job that were refused, `error` is the code alone of what ended the job."""

    id: str
    state: str
    processed: int = 0
    failed: int = 0
    error: str = ""

    @property
    def over(self) -> bool:
        return self.state in OVER


def query(session: Session, soql: str, *, deleted: bool = False) -> Iterator[Sequence[str]]:
    """
    The header, then the rows: texts as CSV has them, empty where there is no value.

    Raises IncompleteRead when fewer rows come than the org counted, BadRequest for a job that failed, and OrgError.
    """
    body = {"operation": "queryAll" if deleted else "query", "query": soql}
    job = _asked(session, "POST", "jobs/query", body)
    state = wait(session, "query", str(job["id"]))
    if state.state != "JobComplete":
        raise BadRequest(
            session.alias,
            f"a bulk query ended as {state.state}{f' ({state.error})' if state.error else ''}",
            "Look at the job in Setup (Bulk Data Load Jobs).",
        )
    locator, came = "", 0
    while locator != "null":
        more = f"&locator={locator}" if locator else ""
        page, headers = _page(session, f"jobs/query/{state.id}/results?maxRecords={ROWS_PER_PAGE}{more}")
        rows = _rows(page)
        header = next(rows, [])
        if not locator:
            yield header
        counted = 0
        for row in rows:
            counted += 1
            yield row
        if counted != int(headers.get("Sforce-NumberOfRecords", counted)):
            raise IncompleteRead(session.alias, f"{counted} rows of a page came", "Run again.")
        came += counted
        locator = headers.get("Sforce-Locator", "null")
    if came != state.processed:
        raise IncompleteRead(session.alias, f"{came} of {state.processed} rows came", "Run again.")


def begin_upsert(session: Session, sobject: str, external_id: str) -> str:
    """The id of an open job. One whose answer was lost stays open and empty, and does nothing."""
    body = {
        "operation": "upsert",
        "object": sobject,
        "externalIdFieldName": external_id,
        "contentType": "CSV",
        "lineEnding": "LF",
    }
    return str(_asked(session, "POST", "jobs/ingest", body)["id"])


def upload(session: Session, job: str, content: bytes) -> None:
    """A job takes one upload, so this is sent once. Raises OrgUnavailable where nobody knows whether it came."""

    def send(sf: Salesforce) -> None:
        answer = session.send_raw(sf, "PUT", f"jobs/ingest/{job}/batches", content, "text/csv")
        if answer.status_code != 201:
            raise classify(session.alias, answer.status_code, _body(answer), answer.headers)

    session.once_patiently(send, again=())


def close(session: Session, job: str) -> None:
    """From here on the org works on it. Asked twice it is closed once."""
    try:
        _asked(session, "PATCH", f"jobs/ingest/{job}", {"state": "UploadComplete"})
    except BadRequest:
        if look(session, "ingest", job).state == "Open":
            raise


def abort(session: Session, job: str) -> None:
    """What was not reached yet stays undone. Raises nothing for a job that is over already, or gone."""
    try:
        _asked(session, "PATCH", f"jobs/ingest/{job}", {"state": "Aborted"})
    except BadRequest:
        return


def look(session: Session, kind: str, job: str) -> JobState:
    found = _asked(session, "GET", f"jobs/{kind}/{job}", None)
    # What follows the code is the platform's text about our rows.
    code = str(found.get("errorMessage") or "").partition(":")[0].strip()
    return JobState(
        id=str(found["id"]),
        state=str(found["state"]),
        processed=int(found.get("numberRecordsProcessed", 0)),
        failed=int(found.get("numberRecordsFailed", 0)),
        error=code if code.replace("_", "").isalnum() else "",
    )


def wait(session: Session, kind: str, job: str) -> JobState:
    """Until it is over. Raises OrgUnavailable for one that takes an hour."""
    pause, waited = _FIRST_PAUSE, 0.0
    while not (state := look(session, kind, job)).over:
        if waited > _SECONDS:
            raise OrgUnavailable(
                session.alias, f"a bulk job is {state.state} for an hour", "Look at it in Setup."
            )
        session.pause(pause)
        waited, pause = waited + pause, min(pause * _GROWTH, _LONGEST_PAUSE)
    return state


def refused_rows(session: Session, job: str, key: str) -> dict[str, str]:
    """By the value of the key column, the code of the refusal."""
    content, _ = _page(session, f"jobs/ingest/{job}/failedResults")
    rows = _rows(content)
    header = next(rows, [])
    at, error = header.index(key), header.index("sf__Error")
    return {row[at]: row[error].partition(":")[0] for row in rows}


class Table:
    """Rows as a job takes them, kept as the bytes that are sent."""

    def __init__(self, header: Sequence[str]) -> None:
        self._bytes = io.BytesIO()
        self._text = io.TextIOWrapper(self._bytes, "utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self._writer.writerow(header)
        self.rows = 0

    def add(self, rows: Sequence[Sequence[str | None]]) -> None:
        """None empties the field."""
        self._writer.writerows([NULL if cell is None else cell for cell in row] for row in rows)
        self.rows += len(rows)

    @property
    def size(self) -> int:
        return self._bytes.tell()

    def content(self) -> bytes:
        return self._bytes.getvalue()


def _asked(session: Session, method: str, path: str, body: Any) -> dict[str, Any]:
    def send(sf: Salesforce) -> dict[str, Any]:
        answer = session.send_raw(sf, method, path, body)
        found = _body(answer)
        if answer.status_code >= 300 or not isinstance(found, dict):
            raise classify(session.alias, max(answer.status_code, 300), found, answer.headers)
        return found

    return session.once_patiently(send)


def _page(session: Session, path: str) -> tuple[bytes, Any]:
    def send(sf: Salesforce) -> tuple[bytes, Any]:
        answer = session.send_raw(sf, "GET", path, None)
        if answer.status_code >= 300:
            raise classify(session.alias, answer.status_code, _body(answer), answer.headers)
        return answer.content, answer.headers

    return session.once_patiently(send)


def _rows(content: bytes) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""))


def _body(answer: requests.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return None
