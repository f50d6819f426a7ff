"""jobs/ingest: create, upload, close, watch, the three result files, abort and delete."""

from typing import Any

from deployments.sandbox import background
from deployments.sandbox.bulk import work
from deployments.sandbox.bulk.asked import formats, listing, state_of, text_of
from deployments.sandbox.bulk.documents import created, listed, whole
from deployments.sandbox.bulk.jobs import OVER, Job, Jobs
from deployments.sandbox.bulk.multipart import parts_of
from deployments.sandbox.bulk.table import lines
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.schema import SObject
from deployments.sandbox.wire import Reply, json_reply

OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete")
_NEEDS = {
    "insert": "create",
    "update": "update",
    "upsert": "update",
    "delete": "delete",
    "hardDelete": "delete",
}
LARGEST_UPLOAD = 150 * 1024 * 1024
LARGEST_MULTIPART = 100_000
RESULTS = {
    "successfulResults": ("success", ("sf__Id", "sf__Created")),
    "failedResults": ("failed", ("sf__Id", "sf__Error")),
    "unprocessedrecords": ("unprocessed", ()),
}


def answer(one: Call) -> Reply:
    rest = one.parts[2:]
    if not rest:
        if one.method == "GET":
            return json_reply(200, listing(one, "ingest", listed))
        if one.method == "POST":
            return _create(one)
        raise not_allowed(one.method, "GET,POST,HEAD")
    job = Jobs(one.store).find("ingest", rest[0])
    if job is None:
        raise not_found()
    one.notes.update(job=job.id, entity=job.sobject)
    if len(rest) == 1:
        return _one(one, job)
    if len(rest) == 2 and rest[1] == "batches":
        return _upload(one, job)
    results = {name.lower(): name for name in RESULTS}
    if len(rest) == 2 and rest[1].lower() in results:
        return _results(one, job, results[rest[1].lower()])
    raise not_found()


def _create(one: Call) -> Reply:
    kind = one.headers.get("content-type", "")
    data = None
    if kind.lower().startswith("multipart/form-data"):
        if len(one.body) > LARGEST_MULTIPART:
            raise ApiError(
                "INVALIDJOB", f"A multipart request may hold at most {LARGEST_MULTIPART} characters"
            )
        document, data = parts_of(one.body, kind)
    else:
        document = one.mapping()
    target = _target(one, text_of(document, "object"))
    operation = _operation(one, target, document)
    jobs = Jobs(one.store)
    external = document.get("externalIdFieldName")
    if operation == "upsert":
        external = _external_id(target, external)
    job = jobs.open(
        "ingest",
        one.caller.user_id,
        operation=operation,
        sobject=target.name,
        state="Open",
        api_version=one.version,
        external_id=external if operation == "upsert" else None,
        assignment_rule=document.get("assignmentRuleId"),
        **formats(document),
    )
    one.notes.update(job=job.id, entity=job.sobject, operation=operation)
    if data is not None:
        jobs.put_text(job, data)
        job = _begin(one, jobs, job)
    return json_reply(200, created(job))


def _target(one: Call, name: str) -> SObject:
    target = one.schema.get(name)
    if target is None or "rest" not in target.api or not one.caller.sees(target):
        raise ApiError("INVALIDENTITY", f"Unable to find object: {name[:80]}")
    return target


def _operation(one: Call, target: SObject, document: dict[str, Any]) -> str:
    operation = text_of(document, "operation")
    if operation not in OPERATIONS:
        raise ApiError(
            "INVALIDOPERATION", f"Invalid operation: {operation[:40]}. Valid: {', '.join(OPERATIONS)}"
        )
    if operation == "hardDelete" and "BulkApiHardDelete" not in one.caller.permissions:
        raise ApiError("FEATURENOTENABLED", "hardDelete is not enabled for this user")
    if _NEEDS[operation] not in target.calls:
        raise ApiError("INVALIDENTITY", f"Entity '{target.name}' is not supported by the Bulk API.")
    return operation


def _external_id(target: SObject, name: object) -> str:
    field = target.folded.get(name.lower()) if isinstance(name, str) else None
    if field is None or not (field.external_id or field.type == "id"):
        raise ApiError("INVALIDJOB", "externalIdFieldName must name an external ID field for upsert")
    return field.name


def _one(one: Call, job: Job) -> Reply:
    jobs = Jobs(one.store)
    if one.method == "GET":
        return json_reply(200, whole(job))
    if one.method == "PATCH":
        state = state_of(one.mapping(), ("UploadComplete", "Aborted"))
        if state == "Aborted":
            if job.state in OVER:
                raise ApiError("INVALIDJOBSTATE", f"Job {job.id} is {job.state} and cannot be aborted")
            job = jobs.change(job, state="Aborted")
        else:
            if job.state != "Open":
                raise ApiError("INVALIDJOBSTATE", f"Job {job.id} is {job.state}, not Open")
            job = _begin(one, jobs, job)
        return json_reply(200, created(job))
    if one.method == "DELETE":
        if job.state in ("Open", "InProgress"):
            raise ApiError("INVALIDJOBSTATE", f"Job {job.id} is {job.state} and cannot be deleted")
        jobs.forget(job)
        return Reply(204)
    raise not_allowed(one.method, "DELETE,GET,PATCH,HEAD")


def _begin(one: Call, jobs: Jobs, job: Job) -> Job:
    job = jobs.change(job, state="UploadComplete")
    one.store.commit()
    background.start(work.ingest(one.org, job))
    return job


def _upload(one: Call, job: Job) -> Reply:
    if one.method != "PUT":
        raise not_allowed(one.method, "PUT")
    jobs = Jobs(one.store)
    if job.state != "Open":
        raise ApiError("INVALIDJOBSTATE", f"Job {job.id} is {job.state}; data is taken while it is Open")
    if jobs.text(job) is not None:
        raise ApiError("INVALIDBATCH", "Data was uploaded for this job already; a job takes one upload")
    if not one.headers.get("content-type", "text/csv").lower().startswith("text/csv"):
        raise ApiError("UNSUPPORTED_MEDIA_TYPE", "Content-Type must be text/csv")
    if len(one.body) > LARGEST_UPLOAD:
        raise ApiError("INVALIDBATCH", "The uploaded data exceeds 150 MB")
    try:
        text = one.body.decode("utf-8")
    except UnicodeDecodeError:
        raise ApiError("INVALIDBATCH", "The uploaded data is not UTF-8") from None
    jobs.put_text(job, text)
    return Reply(201)


def _results(one: Call, job: Job, name: str) -> Reply:
    if one.method != "GET":
        raise not_allowed(one.method, "GET,HEAD")
    part, own = RESULTS[name]
    jobs = Jobs(one.store)
    rows = jobs.rows(job, part)  # type: ignore[arg-type]  # the keys of RESULTS
    if name == "unprocessedrecords" and not job.columns:
        # Nothing was read of it: the upload itself is what was not processed.
        return Reply(200, (jobs.text(job) or "").encode(), "text/csv")
    header = [*own, *job.columns]
    text = "".join(lines([header, *rows], job.delimiter, job.line_ending))
    return Reply(200, text.encode(), "text/csv")
