"""The door of /services/async/{version}/job."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import orjson

from deployments.sandbox import background
from deployments.sandbox.bulk.classic import work
from deployments.sandbox.bulk.classic.format import NAMESPACE, BadDocument, failure, read, reply, speaks_json
from deployments.sandbox.bulk.classic.kept import RESULT, Batches, ClassicJobs
from deployments.sandbox.bulk.table import lines
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.orgs import Org
from deployments.sandbox.rest import access, releases
from deployments.sandbox.rights import Caller
from deployments.sandbox.wire import Reply, Request

PATH = re.compile(r"^/services/async/(?P<version>\d+\.\d)/job(?P<rest>/.*)?$")
OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete", "query", "queryAll")
_KINDS = {"CSV": "text/csv", "JSON": "application/json", "XML": "application/xml"}
Document = dict[str, Any]


class Refused(Exception):
    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


@dataclass(frozen=True)
class _Asked:
    org: Org
    caller: Caller
    request: Request
    version: str
    json: bool

    @property
    def jobs(self) -> ClassicJobs:
        return ClassicJobs(self.org.store)

    @property
    def batches(self) -> Batches:
        return Batches(self.org.store)

    def answer(self, status: int, name: str, document: Any) -> Reply:
        return reply(status, name, document, json=self.json)


def call(org: Org, path: str, request: Request) -> Reply:
    """Answers one request; refusals are `exceptionCode` documents in the language of the request."""
    json = speaks_json(request.headers)
    match = PATH.match(path)
    if match is None or not releases.known(match["version"]):
        return failure(400, "InvalidVersion", "Unsupported API version", json=json)
    org.requests += 1
    request.notes.update(api="bulk1", version=match["version"])
    try:
        caller, _ = access.enter(org, request, request.headers.get("x-sfdc-session", ""), "Bulk")
        parts = [part for part in (match["rest"] or "").split("/") if part]
        answered = _room(_Asked(org, caller, request, match["version"], json), parts)
    except SalesforceError as error:
        org.store.rollback()
        code = "InvalidSessionId" if error.code == "INVALID_SESSION_ID" else error.code
        message = "Invalid session id" if error.code == "INVALID_SESSION_ID" else error.message
        return failure(400 if error.status == 401 else error.status, code, message, json=json)
    except (Refused, BadDocument) as error:
        org.store.rollback()
        if isinstance(error, Refused):
            return failure(error.status, error.code, error.message, json=json)
        return failure(400, "InvalidJob", str(error), json=json)
    org.store.commit()
    return answered


def _room(asked: _Asked, parts: list[str]) -> Reply:
    method = asked.request.method
    if not parts:
        if method == "POST":
            return _create(asked)
        raise Refused("MethodNotAllowed", "Use POST to create a job", 405)
    job = asked.jobs.find(parts[0])
    if job is None:
        raise Refused("InvalidJob", f"Invalid job id: {parts[0][:18]}")
    asked.request.notes.update(job=job["id"], entity=job["object"], operation=job["operation"])
    rooms: dict[tuple[int, str], Callable[[_Asked, Document, list[str]], Reply]] = {
        (1, "GET"): _job,
        (1, "POST"): _close,
        (2, "GET"): _batch_list,
        (2, "POST"): _add_batch,
        (3, "GET"): _batch,
        (4, "GET"): _batch_part,
        (5, "GET"): _query_result,
    }
    room = rooms.get((len(parts), method))
    if room is None or (len(parts) > 1 and parts[1] != "batch"):
        raise Refused("InvalidUrl", "Destination URL not found", 404)
    return room(asked, job, parts)


def _create(asked: _Asked) -> Reply:
    document = read(asked.request.body, json=asked.json)
    operation = str(document.get("operation", ""))
    if operation not in OPERATIONS:
        raise Refused("InvalidJob", f"Invalid operation: {operation[:40]}")
    target = asked.org.store.schema.get(str(document.get("object", "")))
    if target is None or not asked.caller.sees(target):
        raise Refused("InvalidJob", f"Unable to find object: {str(document.get('object', ''))[:80]}")
    if operation == "hardDelete" and "BulkApiHardDelete" not in asked.caller.permissions:
        raise Refused("FeatureNotEnabled", "hardDelete is not enabled for this user")
    kind = str(document.get("contentType") or "XML").upper()
    if kind not in _KINDS:
        raise Refused("InvalidJob", f"Unsupported content type: {kind[:40]}")
    external = document.get("externalIdFieldName")
    if operation == "upsert" and not external:
        raise Refused("InvalidJob", "External ID was blank for upsert")
    job = asked.jobs.open(
        operation=operation,
        object=target.name,
        createdById=asked.caller.user_id,
        state="Open",
        concurrencyMode=document.get("concurrencyMode") or "Parallel",
        contentType=kind,
        apiVersion=float(asked.version),
        **({"externalIdFieldName": external} if external else {}),
    )
    return asked.answer(201, "jobInfo", _shown(asked, job))


def _shown(asked: _Asked, job: Document) -> Document:
    batches = asked.batches.all(job["id"])
    counts = {
        state: sum(each["state"] == state for each in batches)
        for state in ("Queued", "InProgress", "Completed", "Failed")
    }
    return {
        **job,
        "numberBatchesQueued": counts["Queued"],
        "numberBatchesInProgress": counts["InProgress"],
        "numberBatchesCompleted": counts["Completed"],
        "numberBatchesFailed": counts["Failed"],
        "numberBatchesTotal": len(batches),
        "numberRecordsProcessed": sum(each["numberRecordsProcessed"] for each in batches),
        "numberRetries": 0,
        "numberRecordsFailed": sum(each["numberRecordsFailed"] for each in batches),
        "totalProcessingTime": 0,
        "apiActiveProcessingTime": 0,
        "apexProcessingTime": 0,
    }


def _job(asked: _Asked, job: Document, parts: list[str]) -> Reply:
    return asked.answer(200, "jobInfo", _shown(asked, job))


def _close(asked: _Asked, job: Document, parts: list[str]) -> Reply:
    state = str(read(asked.request.body, json=asked.json).get("state", ""))
    if state not in ("Closed", "Aborted"):
        raise Refused("InvalidJobState", f"Invalid job state: {state[:40]}")
    job["state"] = state
    asked.jobs.keep(job)
    return asked.answer(200, "jobInfo", _shown(asked, job))


def _add_batch(asked: _Asked, job: Document, parts: list[str]) -> Reply:
    if job["state"] != "Open":
        raise Refused("InvalidJobState", f"The job is {job['state']}")
    if not asked.request.body.strip():
        raise Refused("InvalidBatch", "The batch is empty")
    batch = asked.batches.open(job)
    asked.batches.put_request(batch, asked.request.body)
    asked.org.store.commit()
    background.start(work.batch(asked.org, job, batch["id"], asked.request.body))
    return asked.answer(201, "batchInfo", batch)


def _batch_list(asked: _Asked, job: Document, parts: list[str]) -> Reply:
    return asked.answer(200, "batchInfo", asked.batches.all(job["id"]))


def _found(asked: _Asked, job: Document, batch_id: str) -> Document:
    batch = asked.batches.find(job["id"], batch_id)
    if batch is None:
        raise Refused("InvalidBatch", f"Invalid batch id: {batch_id[:18]}")
    return batch


def _batch(asked: _Asked, job: Document, parts: list[str]) -> Reply:
    return asked.answer(200, "batchInfo", _found(asked, job, parts[2]))


def _batch_part(asked: _Asked, job: Document, parts: list[str]) -> Reply:
    batch = _found(asked, job, parts[2])
    kind = _KINDS[job["contentType"]]
    if parts[3] == "request":
        return Reply(200, asked.batches.request(batch), kind)
    if parts[3] != "result":
        raise Refused("InvalidUrl", "Destination URL not found", 404)
    if batch["state"] != "Completed":
        raise Refused("InvalidBatch", f"The batch is {batch['state']}")
    if job["operation"] in ("query", "queryAll"):
        result_id = RESULT + batch["id"][3:]
        if job["contentType"] == "JSON":
            return Reply(200, orjson.dumps([result_id]))
        text = f'<result-list xmlns="{NAMESPACE}"><result>{result_id}</result></result-list>'
        return Reply(200, text.encode(), "application/xml")
    return _results(asked.batches.results(batch), job["contentType"])


def _results(results: list[list[Any]], kind: str) -> Reply:
    if kind == "CSV":
        table = [["Id", "Success", "Created", "Error"]]
        table += [
            [record, str(good).lower(), str(new).lower(), error] for record, good, new, error in results
        ]
        return Reply(200, "".join(lines(table, "COMMA", "LF")).encode(), "text/csv")
    documents = [
        {"success": good, "created": new, "id": record or None, "errors": [_error(error)] if error else []}
        for record, good, new, error in results
    ]
    if kind == "JSON":
        return Reply(200, orjson.dumps(documents))
    inside = "".join(
        f"<result>{_xml_errors(each)}{_xml_id(each)}"
        f"<success>{str(each['success']).lower()}</success><created>{str(each['created']).lower()}</created></result>"
        for each in documents
    )
    return Reply(200, f'<results xmlns="{NAMESPACE}">{inside}</results>'.encode(), "application/xml")


def _error(text: str) -> Document:
    """From `CODE:message:fields --` as CSV carries it."""
    code, _, rest = text.partition(":")
    message, _, fields = rest.removesuffix(" --").rpartition(":")
    names = [each for each in fields.split(", ") if each]
    return {"statusCode": code, "message": message, "fields": names, "extendedErrorDetails": None}


def _xml_id(document: Document) -> str:
    return f"<id>{document['id']}</id>" if document["id"] else ""


def _xml_errors(document: Document) -> str:
    return "".join(
        f"<errors><message>{escape(each['message'])}</message><statusCode>{each['statusCode']}</statusCode></errors>"
        for each in document["errors"]
    )


def _query_result(asked: _Asked, job: Document, parts: list[str]) -> Reply:
    batch = _found(asked, job, parts[2])
    if parts[3] != "result" or parts[4][3:15] != batch["id"][3:15] or batch["state"] != "Completed":
        raise Refused("InvalidUrl", "Destination URL not found", 404)
    results = asked.batches.results(batch)
    if job["contentType"] == "JSON":
        return Reply(200, orjson.dumps(results))
    if job["contentType"] == "CSV":
        return Reply(200, "".join(lines(results, "COMMA", "LF")).encode(), "text/csv")
    header, *table = results
    inside = "".join(
        f'<records xsi:type="sObject"><type>{job["object"]}</type>'
        + "".join(f"<{name}>{escape(cell)}</{name}>" for name, cell in zip(header, row, strict=True))
        + "</records>"
        for row in table
    )
    text = f'<queryResult xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{inside}</queryResult>'
    return Reply(200, text.encode(), "application/xml")
