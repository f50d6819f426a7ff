"""Jobs as Bulk API 2.0 shows them."""

from typing import Any

from deployments.sandbox.bulk.jobs import Job

_TYPES = {"ingest": "V2Ingest", "query": "V2Query", "classic": "Classic"}


def created(job: Job) -> dict[str, Any]:
    """What the creation of a job answers with."""
    shown: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.sobject,
        "createdById": job.created_by,
        "createdDate": job.created_at,
        "systemModstamp": job.changed_at,
        "state": job.state,
    }
    if job.external_id is not None:
        shown["externalIdFieldName"] = job.external_id
    if job.assignment_rule is not None:
        shown["assignmentRuleId"] = job.assignment_rule
    shown |= {"concurrencyMode": "Parallel", "contentType": "CSV", "apiVersion": float(job.api_version)}
    if job.kind == "ingest":
        shown["contentUrl"] = f"services/data/v{job.api_version}/jobs/ingest/{job.id}/batches"
    return shown | {"lineEnding": job.line_ending, "columnDelimiter": job.delimiter}


def listed(job: Job) -> dict[str, Any]:
    return {**created(job), "jobType": _TYPES[job.kind]}


def whole(job: Job) -> dict[str, Any]:
    """What asking for one job answers with."""
    shown = {**listed(job), "numberRecordsProcessed": job.processed}
    if job.kind == "ingest":
        shown |= {
            "numberRecordsFailed": job.failed,
            "apexProcessingTime": 0,
            "apiActiveProcessingTime": job.milliseconds,
        }
    else:
        shown["isPkChunkingSupported"] = True
    shown |= {"retries": 0, "totalProcessingTime": job.milliseconds}
    if job.error:
        shown["errorMessage"] = job.error
    return shown
