"""What a job does once it has all it needs: rows into records, or a query into rows, a slice at a time."""

import time
from collections.abc import Iterator
from itertools import islice

from deployments.sandbox.bulk.jobs import Job, Jobs
from deployments.sandbox.bulk.query_rows import ask, texts
from deployments.sandbox.bulk.table import BadTable, read_table
from deployments.sandbox.bulk.writing import Writer
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.faults.parts import job_trouble
from deployments.sandbox.orgs import Org
from deployments.sandbox.rights import caller_of
from deployments.sandbox.soql.query import SoqlError

SLICE = 50
"""Records written between two looks at other requests."""


def ingest(org: Org, job: Job) -> Iterator[None]:
    """Every row of the upload, each with its own success; the job is over afterwards."""
    jobs = Jobs(org.store)
    began = time.perf_counter()
    running = _begin(org, jobs, job)
    if running is None:
        return
    job = running
    yield
    try:
        yield from _write(org, jobs, job)
    except BadTable as error:
        _end(org, jobs, jobs.find("ingest", job.id) or job, began, state="Failed", error=str(error))
        return
    current = jobs.find("ingest", job.id)
    if current is not None and current.state == "InProgress":
        _end(org, jobs, current, began, state="JobComplete")


def _write(org: Org, jobs: Jobs, job: Job) -> Iterator[None]:
    store = org.store
    target = store.schema[job.sobject]
    header, rows = read_table(jobs.text(job) or "", job.delimiter, job.line_ending)
    caller = caller_of(store, job.created_by)
    writer = Writer(store, caller, target, job.operation, job.external_id, header)
    job = jobs.change(job, columns=tuple(header))
    while part := list(islice(rows, SLICE)):
        current = jobs.find("ingest", job.id)
        if current is None or current.state != "InProgress":
            # Aborted meanwhile: what was not reached stays unprocessed.
            jobs.add(job, "unprocessed", [*part, *rows])
            store.commit()
            return
        made = [(row, writer.write(row)) for row in part]
        jobs.add(job, "success", [[w.id, _flag(w.created), *row] for row, w in made if not w.error])
        jobs.add(job, "failed", [[w.id, w.error, *row] for row, w in made if w.error])
        failed = sum(bool(written.error) for _, written in made)
        job = jobs.change(current, processed=current.processed + len(made), failed=current.failed + failed)
        store.commit()
        yield


def query(org: Org, job: Job) -> Iterator[None]:
    """All records of the query, kept as rows until the job is deleted."""
    jobs = Jobs(org.store)
    began = time.perf_counter()
    running = _begin(org, jobs, job)
    if running is None:
        return
    job = running
    yield
    try:
        caller = caller_of(org.store, job.created_by)
        found = ask(org.store, caller, job.query, job.api_version, deleted=job.operation == "queryAll")
    except (SoqlError, SalesforceError) as error:
        _end(org, jobs, job, began, state="Failed", error=f"{error.code}: {error.message}")
        return
    yield
    for part in texts(found.records, job.columns):
        current = jobs.find("query", job.id)
        if current is None or current.state != "InProgress":
            return
        jobs.add(current, "result", part)
        job = jobs.change(current, processed=current.processed + len(part))
        org.store.commit()
        yield
    _end(org, jobs, jobs.find("query", job.id) or job, began, state="JobComplete")


def _begin(org: Org, jobs: Jobs, job: Job) -> Job | None:
    """The job, now in progress; None when trouble on order keeps it from being worked on."""
    fault = job_trouble(org, job.path)
    current = jobs.find(job.kind, job.id)
    if current is None or current.state != "UploadComplete":
        return None
    job = jobs.change(current, state="InProgress")
    if fault is not None and fault.kind == "job_failed":
        job = jobs.change(job, state="Failed", error=str(fault.options.get("message", "")))
    org.store.commit()
    return job if fault is None else None


def _end(org: Org, jobs: Jobs, job: Job, began: float, *, state: str, error: str | None = None) -> None:
    taken = int((time.perf_counter() - began) * 1000)
    jobs.change(job, state=state, error=error, milliseconds=taken)
    org.store.commit()


def _flag(value: bool) -> str:
    return "true" if value else "false"
