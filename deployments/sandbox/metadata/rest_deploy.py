"""Deployments over REST: /metadata/deployRequest."""

from email import policy
from email.parser import BytesParser
from typing import Any

import orjson

from deployments.sandbox import background
from deployments.sandbox.metadata import deploy, deploy_result, processes
from deployments.sandbox.metadata.rights import WRITE_RIGHTS
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.wire import Reply, json_reply


def answer(one: Call) -> Reply:
    if one.parts[1:2] != ("deployRequest",) or len(one.parts) > 3:
        raise not_found()
    if not one.caller.holds(WRITE_RIGHTS):
        raise ApiError(
            "INSUFFICIENT_ACCESS", f"use of the Metadata API requires one of: {', '.join(WRITE_RIGHTS)}"
        )
    one.notes["api"] = "metadata"
    if len(one.parts) == 2:
        if one.method != "POST":
            raise not_allowed(one.method, "POST")
        return _start(one)
    result = processes.find(one.store, "deploy", one.parts[2])
    if result is None:
        raise not_found()
    if one.method == "PATCH":
        deploy.cancel(one.store, result["id"], one.caller)
        return json_reply(
            202, _document(one, processes.find(one.store, "deploy", result["id"]) or result, False)
        )
    if one.method != "GET":
        raise not_allowed(one.method, "GET,PATCH,HEAD")
    return json_reply(200, _document(one, result, one.query.get("includeDetails", "").lower() == "true"))


def _start(one: Call) -> Reply:
    options, content = _parts(one)
    process_id = deploy.start(one.org, one.caller, content, options)
    one.store.commit()
    background.start(deploy.work(one.org, process_id, content))
    result = processes.find(one.store, "deploy", process_id) or {}
    document = {"validatedDeployRequestId": None, **_document(one, result, False), "deployOptions": options}
    return json_reply(201, document)


def _document(one: Call, result: dict[str, Any], details: bool) -> dict[str, Any]:
    address = f"{one.org.instance_url}{one.base}/metadata/deployRequest/{result['id']}"
    shown = deploy_result.shown(result, details=details)
    return {"id": result["id"], "url": address, "deployResult": shown, "deployOptions": result["_options"]}


def _parts(one: Call) -> tuple[dict[str, Any], bytes]:
    """The options (JSON) and the zip of a multipart request, whatever their parts are called."""
    kind = one.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/"):
        raise ApiError("UNSUPPORTED_MEDIA_TYPE", "Content-Type must be multipart/form-data")
    head = f"Content-Type: {kind}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + one.body)
    options: dict[str, Any] | None = None
    content: bytes | None = None
    for part in message.iter_parts() if message.is_multipart() else ():
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        if part.get_content_type() == "application/json":
            options = _options(payload)
        else:
            content = payload
    if content is None:
        raise ApiError("INVALID_MULTIPART_REQUEST", "The request needs a part with the zip file")
    return options or {}, content


def _options(payload: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(payload)
    except orjson.JSONDecodeError:
        raise ApiError("JSON_PARSER_ERROR", "The part with the options is no JSON") from None
    options = document.get("deployOptions", {}) if isinstance(document, dict) else {}
    if not isinstance(options, dict):
        raise ApiError("JSON_PARSER_ERROR", "deployOptions must be an object")
    return options
