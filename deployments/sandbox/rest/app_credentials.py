"""
External client apps' keys and secrets over REST, API 65.0 and later: read, staged, rotated, discarded.

Source: Connect REST API guide, OAuth credentials resources.
"""

from collections.abc import Callable
from typing import Any

from deployments.sandbox import audit
from deployments.sandbox.identity import policy, staging
from deployments.sandbox.metadata.apps import GLOBAL
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.store import AppRecord
from deployments.sandbox.wire import Reply, json_reply

FIRST_VERSION = 65.0
_SECTION = "External Client Apps"


def answer(one: Call) -> Reply:
    """Raises ApiError for callers, orgs and versions that may not, and for what is not there."""
    if float(one.version) < FIRST_VERSION or one.parts[:2] != ("apps", "oauth"):
        raise not_found()
    if one.parts == ("apps", "oauth", "usage"):
        return _listed(one)
    if one.parts[2:3] != ("credentials",) or len(one.parts) < 4:
        raise not_found()
    if not one.caller.holds(("ExternalClientAppDeveloper",)) or not one.caller.holds(("ViewClientSecret",)):
        raise ApiError(
            "INSUFFICIENT_ACCESS", "You don't have access to the consumer secrets of external client apps"
        )
    if not policy.switched_on(
        one.store, "ExternalClientAppSettings", "ExternalClientApp", "enableConsumerSecretApiAccess"
    ):
        message = "Access to External Client App consumer secrets via REST API is not currently enabled for this org"
        raise ApiError("FUNCTIONALITY_NOT_ENABLED", message)
    app = _app(one, one.parts[3])
    rest = one.parts[4:]
    if not rest:
        _only(one, "GET")
        return json_reply(
            200, {"consumers": [{"id": _consumer(app), "key": app.consumer_key, "name": app.name}]}
        )
    if rest[0] != _consumer(app):
        raise not_found()
    if len(rest) == 1:
        _only(one, "GET")
        document: dict[str, Any] = {"id": _consumer(app), "name": app.name}
        if one.query.get("part", "").lower() == "keyandsecret":
            document = {"key": app.consumer_key, "secret": app.consumer_secret}
        return json_reply(200, document)
    if rest[1] != "staged" or len(rest) > 3:
        raise not_found()
    return _staged(one, app, rest[2] if len(rest) == 3 else None)


def _listed(one: Call) -> Reply:
    _only(one, "GET")
    if not one.caller.holds(
        ("ExternalClientAppViewer", "ExternalClientAppAdmin", "ExternalClientAppDeveloper")
    ):
        raise ApiError("INSUFFICIENT_ACCESS", "You don't have access to external client apps")
    apps = [
        {"developerName": app.name, "identifier": app.entity_id, "label": app.label, "managed": False}
        for app in one.store.apps()
        if app.kind == "external-client-app"
    ]
    return json_reply(
        200, {"apps": apps, "currentPageUrl": f"{one.base}/apps/oauth/usage", "nextPageUrl": None}
    )


def _staged(one: Call, app: AppRecord, staged_id: str | None) -> Reply:
    other = staging.of(one.store, app.name)
    if staged_id is None:
        if one.method == "POST":
            return _stage(one, app, other)
        _only(one, "GET", "POST")
        if other is None:
            raise not_found()
        return json_reply(200, _document(one, app, other))
    if other is None or other.id != staged_id:
        raise not_found()
    actions: dict[str, Callable[[], Reply]] = {
        "GET": lambda: json_reply(200, _document(one, app, other)),
        "PATCH": lambda: _rotate(one, app, other),
        "DELETE": lambda: _discard(one, other),
    }
    if one.method not in actions:
        raise not_allowed(one.method, "DELETE,GET,HEAD,PATCH")
    return actions[one.method]()


def _stage(one: Call, app: AppRecord, other: staging.OtherSet | None) -> Reply:
    one.mapping()
    if other is not None:
        message = "This consumer already has staged credentials; rotate or delete them first"
        raise ApiError("DUPLICATE_VALUE", message)
    made = staging.stage(one.store, app)
    audit.record(
        one.store, one.caller, "stagedoauthcredentials", _SECTION, f"Staged OAuth credentials for {app.label}"
    )
    return json_reply(201, _document(one, app, made))


def _rotate(one: Call, app: AppRecord, other: staging.OtherSet) -> Reply:
    if str(one.mapping().get("command", "")).lower() != "rotate":
        raise ApiError("INVALID_INPUT", "The command must be rotate", ["command"])
    if other.state != "active":
        raise ApiError("INVALID_OPERATION", "These credentials are rotated already")
    old = staging.rotate(one.store, app, other)
    for name in one.store.metadata_names(GLOBAL):
        body = one.store.metadata(GLOBAL, name) or {}
        if body.get("externalClientApplication") == app.name:
            one.store.put_metadata(GLOBAL, name, {**body, "consumerKey": other.key})
    audit.record(
        one.store,
        one.caller,
        "rotatedoauthcredentials",
        _SECTION,
        f"Rotated OAuth credentials for {app.label}",
    )
    return json_reply(200, _document(one, _app(one, app.entity_id), old))


def _discard(one: Call, other: staging.OtherSet) -> Reply:
    """Before a rotation what was staged is gone, after one what was replaced: at once in both cases."""
    staging.drop(one.store, other)
    audit.record(
        one.store,
        one.caller,
        "deletedoauthcredentials",
        _SECTION,
        f"Deleted OAuth credentials of {other.app}",
    )
    return Reply(204)


def _document(one: Call, app: AppRecord, other: staging.OtherSet) -> dict[str, Any]:
    url = f"{one.base}/apps/oauth/credentials/{app.entity_id}/{_consumer(app)}/staged/{other.id}"
    return {"key": other.key, "secret": other.secret, "stagedCredentialsURL": url, "state": other.state}


def _app(one: Call, app_id: str) -> AppRecord:
    for app in one.store.apps():
        if app.kind == "external-client-app" and app_id in (app.entity_id, app.entity_id[:15], app.name):
            return app
    raise not_found()


def _consumer(app: AppRecord) -> str:
    """A consumer has an id of its own; here it follows from the app's."""
    return f"888{app.entity_id[3:]}"


def _only(one: Call, *methods: str) -> None:
    if one.method not in (*methods, "HEAD"):
        raise not_allowed(one.method, ",".join((*methods, "HEAD")))
