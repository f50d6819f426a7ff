"""One batch: rows into records, or a query into rows, in the background like every job."""

from collections.abc import Iterator
from typing import Any

from deployments.sandbox.bulk.classic.format import BadDocument, rows
from deployments.sandbox.bulk.classic.kept import Batches
from deployments.sandbox.bulk.query_rows import ask, columns_of, texts
from deployments.sandbox.bulk.table import BadTable
from deployments.sandbox.bulk.writing import Writer
from deployments.sandbox.faults.parts import job_trouble
from deployments.sandbox.orgs import Org
from deployments.sandbox.rights import caller_of
from deployments.sandbox.soql.query import SoqlError

SLICE = 50


def batch(org: Org, job: dict[str, Any], batch_id: str, body: bytes) -> Iterator[None]:
    kept = Batches(org.store)
    fault = job_trouble(org, f"job/{job['id']}/batch/{batch_id}")
    found = kept.find(job["id"], batch_id)
    if found is None or found["state"] != "Queued":
        return
    kept.change(found, state="InProgress")
    org.store.commit()
    if fault is not None:
        if fault.kind == "job_failed":
            kept.change(found, state="Failed", stateMessage=str(fault.options.get("message", "")))
            org.store.commit()
        return
    yield
    try:
        if job["operation"] in ("query", "queryAll"):
            yield from _query(org, kept, job, found, body)
        else:
            yield from _write(org, kept, job, found, body)
    except (BadDocument, BadTable, SoqlError) as error:
        message = (
            str(error)
            if not isinstance(error, SoqlError)
            else f"InvalidBatch : {error.code}: {error.message}"
        )
        kept.change(found, state="Failed", stateMessage=message)
        org.store.commit()


def _write(
    org: Org, kept: Batches, job: dict[str, Any], found: dict[str, Any], body: bytes
) -> Iterator[None]:
    header, lines = rows(body, job["contentType"])
    caller = caller_of(org.store, job["createdById"])
    target = org.store.schema[job["object"]]
    writer = Writer(org.store, caller, target, job["operation"], job.get("externalIdFieldName"), header)
    results: list[list[Any]] = []
    for start in range(0, len(lines), SLICE):
        for row in lines[start : start + SLICE]:
            written = writer.write(row)
            results.append(
                [written.id, not written.error, written.created and not written.error, written.error]
            )
        org.store.commit()
        yield
    failed = sum(not good for _, good, _, _ in results)
    kept.put_results(found, results)
    kept.change(found, state="Completed", numberRecordsProcessed=len(results), numberRecordsFailed=failed)
    org.store.commit()
    yield


def _query(
    org: Org, kept: Batches, job: dict[str, Any], found: dict[str, Any], body: bytes
) -> Iterator[None]:
    soql = body.decode("utf-8", "replace").strip()
    sobject, columns = columns_of(org.store.schema, soql)
    if sobject.lower() != str(job["object"]).lower():
        raise BadDocument(f"InvalidBatch : the query is about {sobject}, the job about {job['object']}")
    caller = caller_of(org.store, job["createdById"])
    version = str(job["apiVersion"])
    result = ask(org.store, caller, soql, version, deleted=job["operation"] == "queryAll")
    yield
    lines: list[list[str]] = [list(columns)]
    for part in texts(result.records, columns):
        lines += part
        yield
    records = None
    if job["contentType"] == "JSON":
        records = result.records
    kept.put_results(found, records if records is not None else lines)
    kept.change(found, state="Completed", numberRecordsProcessed=len(result.records))
    org.store.commit()
    yield
