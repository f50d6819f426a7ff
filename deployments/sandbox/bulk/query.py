"""jobs/query: create, watch, the rows page by page or side by side, abort and delete."""

import base64

from deployments.sandbox import background
from deployments.sandbox.bulk import work
from deployments.sandbox.bulk.asked import formats, listing, state_of, text_of
from deployments.sandbox.bulk.documents import created, listed, whole
from deployments.sandbox.bulk.jobs import OVER, Job, Jobs
from deployments.sandbox.bulk.query_rows import columns_of
from deployments.sandbox.bulk.table import lines
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.soql.query import SoqlError
from deployments.sandbox.wire import Reply, json_reply

OPERATIONS = ("query", "queryAll")
ROWS_PER_PAGE = 50_000
PAGES_AT_ONCE = 5


def answer(one: Call) -> Reply:
    rest = one.parts[2:]
    if not rest:
        if one.method == "GET":
            return json_reply(200, listing(one, "query", listed))
        if one.method == "POST":
            return _create(one)
        raise not_allowed(one.method, "GET,POST,HEAD")
    job = Jobs(one.store).find("query", rest[0])
    if job is None:
        raise not_found()
    one.notes.update(job=job.id, entity=job.sobject)
    if len(rest) == 1:
        return _one(one, job)
    if len(rest) == 2 and rest[1] == "results":
        return _results(one, job)
    if len(rest) == 2 and rest[1] == "resultPages":
        return _pages(one, job)
    raise not_found()


def _create(one: Call) -> Reply:
    document = one.mapping()
    operation = document.get("operation")
    if operation not in OPERATIONS:
        raise ApiError(
            "INVALIDJOB", f"Invalid operation: {str(operation)[:40]}. Valid: {', '.join(OPERATIONS)}"
        )
    soql = text_of(document, "query")
    try:
        sobject, columns = columns_of(one.schema, soql)
    except SoqlError as error:
        raise ApiError(error.code, error.message) from error
    target = one.schema[sobject]
    if "rest" not in target.api or not one.caller.sees(target):
        raise ApiError("INVALID_TYPE", f"sObject type '{sobject}' is not supported.")
    jobs = Jobs(one.store)
    job = jobs.open(
        "query",
        one.caller.user_id,
        operation=str(operation),
        sobject=sobject,
        state="UploadComplete",
        api_version=one.version,
        query=soql,
        columns=columns,
        **formats(document),
    )
    one.notes.update(job=job.id, entity=sobject, operation=operation, soql=soql)
    one.store.commit()
    background.start(work.query(one.org, job))
    return json_reply(200, created(job))


def _one(one: Call, job: Job) -> Reply:
    jobs = Jobs(one.store)
    if one.method == "GET":
        return json_reply(200, whole(job))
    if one.method == "PATCH":
        state_of(one.mapping(), ("Aborted",))
        if job.state in OVER:
            raise ApiError("INVALIDJOBSTATE", f"Job {job.id} is {job.state} and cannot be aborted")
        return json_reply(200, created(jobs.change(job, state="Aborted")))
    if one.method == "DELETE":
        if job.state not in OVER:
            raise ApiError("INVALIDJOBSTATE", f"Job {job.id} is {job.state} and cannot be deleted")
        jobs.forget(job)
        return Reply(204)
    raise not_allowed(one.method, "DELETE,GET,PATCH,HEAD")


def _results(one: Call, job: Job) -> Reply:
    if one.method != "GET":
        raise not_allowed(one.method, "GET,HEAD")
    jobs, start, most = Jobs(one.store), _start(one), _most(one)
    total = _total(jobs, job)
    if start > total:
        raise ApiError("INVALIDQUERYLOCATOR", "invalid query locator")
    rows = list(jobs.rows(job, "result", start, most))
    text = "".join(lines([list(job.columns), *rows], job.delimiter, job.line_ending))
    reply = Reply(200, text.encode(), "text/csv")
    end = start + len(rows)
    reply.headers["Sforce-NumberOfRecords"] = str(len(rows))
    reply.headers["Sforce-Locator"] = _locator(end) if end < total else "null"
    return reply


def _pages(one: Call, job: Job) -> Reply:
    """Where the next few pages are, so that they can be fetched side by side (API 58.0 and later)."""
    jobs, start, most = Jobs(one.store), _start(one), _most(one)
    total = _total(jobs, job)
    starts = range(start, max(total, 1), most)
    base = f"{one.base}/jobs/query/{job.id}"
    links = [{"resultUrl": f"{base}/results?locator={_locator(at)}"} for at in starts[:PAGES_AT_ONCE]]
    rest = starts[PAGES_AT_ONCE:]
    following = f"{base}/resultPages?locator={_locator(rest[0])}" if rest else None
    return json_reply(200, {"resultPages": links, "nextRecordsUrl": following, "done": not rest})


def _total(jobs: Jobs, job: Job) -> int:
    if job.state != "JobComplete":
        raise ApiError("INVALIDJOBSTATE", f"Job {job.id} is {job.state}; its results are not there")
    return jobs.count(job, "result")


def _most(one: Call) -> int:
    wanted = one.query.get("maxRecords", "")
    if not wanted:
        return ROWS_PER_PAGE
    if not wanted.isdigit() or int(wanted) < 1:
        raise ApiError("INVALID_REQUEST", f"maxRecords must be a positive number: {wanted[:40]}")
    return int(wanted)


def _start(one: Call) -> int:
    """A locator is opaque to clients: the number of the first row, encoded."""
    locator = one.query.get("locator", "")
    if not locator:
        return 0
    try:
        return int(base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)))
    except ValueError:
        raise ApiError("INVALIDQUERYLOCATOR", "invalid query locator") from None


def _locator(row: int) -> str:
    return base64.urlsafe_b64encode(str(row).encode()).decode().rstrip("=")
