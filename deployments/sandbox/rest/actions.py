"""Standard actions: waking and putting to sleep the caller's own session-activated permission sets."""

from typing import Any

from deployments.sandbox.identity import activation
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.wire import Reply, json_reply

NAMES = ("activateSessionPermSet", "deactivateSessionPermSet")


def answer(one: Call) -> Reply:
    if one.parts == ("actions", "standard") and one.method == "GET":
        actions = [
            {"label": name, "name": name, "type": name.upper(), "url": _url(one, name)} for name in NAMES
        ]
        return json_reply(200, {"actions": actions})
    if one.parts[:2] != ("actions", "standard") or one.parts[2:] not in [(name,) for name in NAMES]:
        raise not_found()
    if one.method != "POST":
        raise not_allowed(one.method, "GET,POST,HEAD")
    inputs = one.mapping().get("inputs")
    if not isinstance(inputs, list) or not inputs:
        raise ApiError("REQUIRED_FIELD_MISSING", "Required fields are missing: [inputs]", ["inputs"])
    if not all(isinstance(entry, dict) for entry in inputs):
        raise ApiError("JSON_PARSER_ERROR", "Each input must be a JSON object", ["inputs"])
    results = [_run(one, one.parts[2], entry) for entry in inputs]
    good = all(result["isSuccess"] for result in results)
    return json_reply(200 if good else 400, results)


def _url(one: Call, name: str) -> str:
    return f"{one.base}/actions/standard/{name}"


def _run(one: Call, action: str, entry: dict[str, Any]) -> dict[str, Any]:
    name = str(entry.get("PermSetName", ""))
    if action == NAMES[0]:
        done = activation.activate(one.store, one.session_id, one.caller.user_id, name)
    else:
        done = activation.deactivate(one.store, one.session_id, name)
    error = {
        "statusCode": "INVALID_CROSS_REFERENCE_KEY",
        "message": f"no session-based set {name}",
        "fields": [],
    }
    return {
        "actionName": action,
        "errors": None if done else [error],
        "isSuccess": done,
        "outputValues": None,
    }
