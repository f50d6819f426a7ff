"""
Named and external credentials over REST: the same components that the Metadata API knows, and secrets that only go in.

Source: Connect REST API guide, Named Credentials resources (external-credentials, named-credential-setup, credential).
"""

from collections.abc import Mapping
from typing import Any

import orjson

from deployments.sandbox import audit
from deployments.sandbox.metadata import components
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.wire import Reply, json_reply

_RIGHTS = ("ManageNamedCredentials", "CustomizeApplication")
_EXTERNAL, _NAMED = "ExternalCredential", "NamedCredential"
_PRINCIPALS = {
    "NamedPrincipal": "NamedPrincipal",
    "PerUserPrincipal": "PerUserPrincipal",
    "AwsStsPrincipal": "AwsStsPrincipal",
}
_KEPT = "credential:"


def answer(one: Call) -> Reply:
    """Raises ApiError INSUFFICIENT_ACCESS without Manage Named Credentials or Customize Application."""
    if not one.caller.holds(_RIGHTS):
        raise ApiError("INSUFFICIENT_ACCESS", "You don't have access to named credentials")
    match one.parts[1:]:
        case ("external-credentials", *rest) if len(rest) < 2:
            return _components(one, _EXTERNAL, rest)
        case ("named-credential-setup", *rest) if len(rest) < 2:
            return _components(one, _NAMED, rest)
        case ("credential",):
            return _credential(one)
    raise not_found()


def _components(one: Call, kind: str, rest: list[str]) -> Reply:
    listing = "externalCredentials" if kind == _EXTERNAL else "namedCredentials"
    if not rest:
        if one.method == "POST":
            body = one.mapping()
            name = one.text("developerName")
            _write(one, kind, "create", name, body)
            return json_reply(201, _shown(one, kind, name))
        if one.method not in ("GET", "HEAD"):
            raise not_allowed(one.method, "GET,HEAD,POST")
        names = components.names(one.store, kind)
        return json_reply(200, {listing: [_shown(one, kind, name) for name in names]})
    name = rest[0]
    if components.read(one.store, kind, name) is None:
        raise not_found()
    if one.method == "PUT":
        _write(one, kind, "update", name, one.mapping())
    elif one.method == "DELETE":
        if kind == _EXTERNAL and (users := _related(one, name)):
            used = ", ".join(each["developerName"] for each in users)
            raise ApiError(
                "DELETE_FAILED",
                f"Your attempt to delete {name} could not be completed because it is used by {used}",
            )
        _writing(lambda: components.delete(one.store, one.caller, kind, name))
        return Reply(204)
    elif one.method not in ("GET", "HEAD"):
        raise not_allowed(one.method, "DELETE,GET,HEAD,PUT")
    return json_reply(200, _shown(one, kind, name))


def _write(one: Call, kind: str, verb: str, name: str, body: Mapping[str, Any]) -> None:
    made = _external(body) if kind == _EXTERNAL else _named(one, body)
    _writing(lambda: components.write(one.store, one.caller, verb, kind, name, made))


def _writing(act: Any) -> None:
    try:
        act()
    except components.Unwritable as error:
        raise ApiError(error.code, error.message) from None


def _external(body: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [
        {
            "parameterGroup": str(each.get("principalName")),
            "parameterName": str(each.get("principalName")),
            "parameterType": _PRINCIPALS.get(str(each.get("principalType")), "NamedPrincipal"),
            "sequenceNumber": str(each.get("sequenceNumber") or number),
        }
        for number, each in enumerate(_list(body, "principals"), start=1)
    ]
    parameters += [
        {
            "parameterName": str(each.get("parameterName")),
            "parameterType": str(each.get("parameterType")),
            "parameterValue": str(each.get("parameterValue") or ""),
        }
        for each in _list(body, "parameters")
    ]
    protocol = body.get("authenticationProtocol")
    if not isinstance(protocol, str) or not protocol:
        raise ApiError(
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [authenticationProtocol]",
            ["authenticationProtocol"],
        )
    return {
        "label": body.get("masterLabel") or body.get("developerName"),
        "authenticationProtocol": protocol,
        "externalCredentialParameters": parameters,
    }


def _named(one: Call, body: Mapping[str, Any]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = []
    if body.get("calloutUrl"):
        parameters.append(
            {"parameterName": "Url", "parameterType": "Url", "parameterValue": str(body["calloutUrl"])}
        )
    for each in _list(body, "externalCredentials"):
        name = str(each.get("developerName") or "")
        if components.read(one.store, _EXTERNAL, name) is None:
            raise ApiError(
                "INVALID_INPUT", f"There is no external credential {name}", ["externalCredentials"]
            )
        parameters.append({"parameterType": "Authentication", "externalCredential": name})
    options = body.get("calloutOptions")
    options = options if isinstance(options, dict) else {}
    return {
        "label": body.get("masterLabel") or body.get("developerName"),
        "namedCredentialType": body.get("type") or "SecuredEndpoint",
        "calloutStatus": body.get("calloutStatus") or "Enabled",
        "namedCredentialParameters": parameters,
        "allowMergeFieldsInBody": options.get("allowMergeFieldsInBody") is True,
        "allowMergeFieldsInHeader": options.get("allowMergeFieldsInHeader") is True,
        "generateAuthorizationHeader": options.get("generateAuthorizationHeader") is not False,
    }


def _list(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = body.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ApiError("JSON_PARSER_ERROR", f"{name} must be a list of objects", [name])
    return found


def _entries(value: object) -> list[dict[str, Any]]:
    """Metadata keeps one of a repeated element bare."""
    items = value if isinstance(value, list) else [value]
    return [each for each in items if isinstance(each, dict)]


def _shown(one: Call, kind: str, name: str) -> dict[str, Any]:
    body = components.read(one.store, kind, name) or {}
    common = {
        "developerName": name,
        "masterLabel": body.get("label"),
        "url": f"{one.base}/named-credentials/",
    }
    if kind == _EXTERNAL:
        parameters = _entries(body.get("externalCredentialParameters"))
        principals = [
            {
                "authenticationStatus": _status(one, name, str(each.get("parameterName"))),
                "principalName": each.get("parameterName"),
                "principalType": each["parameterType"],
                "sequenceNumber": int(str(each.get("sequenceNumber") or 1)),
            }
            for each in parameters
            if each.get("parameterType") in _PRINCIPALS
        ]
        return {
            **common,
            "authenticationProtocol": body.get("authenticationProtocol"),
            "authenticationStatus": "Configured"
            if principals and all(each["authenticationStatus"] == "Configured" for each in principals)
            else "Unknown",
            "principals": principals,
            "relatedNamedCredentials": _related(one, name),
            "url": f"{common['url']}external-credentials/{name}",
        }
    parameters = _entries(body.get("namedCredentialParameters"))
    return {
        **common,
        "type": body.get("namedCredentialType") or "Legacy",
        "calloutStatus": body.get("calloutStatus") or "Enabled",
        "calloutUrl": next(
            (p.get("parameterValue") for p in parameters if p.get("parameterType") == "Url"),
            body.get("endpoint"),
        ),
        "calloutOptions": {
            option: str(body.get(option)).lower() == "true"
            for option in (
                "allowMergeFieldsInBody",
                "allowMergeFieldsInHeader",
                "generateAuthorizationHeader",
            )
        },
        "externalCredentials": [
            {"developerName": p["externalCredential"]} for p in parameters if p.get("externalCredential")
        ],
        "url": f"{common['url']}named-credential-setup/{name}",
    }


def _related(one: Call, external: str) -> list[dict[str, Any]]:
    found = []
    for name in components.names(one.store, _NAMED):
        body = components.read(one.store, _NAMED, name) or {}
        if any(
            p.get("externalCredential") == external for p in _entries(body.get("namedCredentialParameters"))
        ):
            found.append({"developerName": name, "masterLabel": body.get("label")})
    return found


# The secrets themselves --------------------------------------------------------------------------------


def _credential(one: Call) -> Reply:
    """One principal's secrets: names and revisions come back, values never."""
    given = one.mapping() if one.method in ("POST", "PUT", "PATCH") else one.query
    external, principal = str(given.get("externalCredential") or ""), str(given.get("principalName") or "")
    body = components.read(one.store, _EXTERNAL, external)
    principals = _entries((body or {}).get("externalCredentialParameters"))
    if body is None or not any(each.get("parameterName") == principal for each in principals):
        raise not_found()
    kept = _held(one, external, principal)
    if one.method == "DELETE":
        if not kept:
            raise not_found()
        one.store.drop_setting(f"{_KEPT}{external}:{principal}")
        _note(one, "Deleted", external, principal)
        return Reply(204)
    if one.method in ("POST", "PUT", "PATCH"):
        if one.method == "PATCH" and body.get("authenticationProtocol") != "Custom":
            # Connect REST API guide, Credential: PATCH is for custom protocols. How others are refused is a guess.
            raise ApiError("INVALID_INPUT", "PATCH is supported for custom credentials only")
        if one.method == "POST" and kept:
            raise ApiError(
                "DUPLICATE_VALUE", f"The principal {principal} of {external} has credentials already"
            )
        secrets = given.get("credentials")
        if (
            not isinstance(secrets, dict)
            or not secrets
            or not all(isinstance(v, dict) for v in secrets.values())
        ):
            raise ApiError(
                "REQUIRED_FIELD_MISSING", "Required fields are missing: [credentials]", ["credentials"]
            )
        kept = _changed(kept if one.method == "PATCH" else {}, kept, secrets)
        one.store.set_setting(f"{_KEPT}{external}:{principal}", orjson.dumps(kept).decode())
        _note(one, "Changed", external, principal)
    elif one.method not in ("GET", "HEAD"):
        raise not_allowed(one.method, "DELETE,GET,HEAD,PATCH,POST,PUT")
    document = {
        "authenticationProtocol": body.get("authenticationProtocol"),
        "authenticationStatus": "Configured" if kept else "NotConfigured",
        "credentials": {
            name: {"encrypted": each["encrypted"], "revision": each["revision"], "value": None}
            for name, each in kept.items()
        },
        "externalCredential": external,
        "principalName": principal,
        "principalType": given.get("principalType") or "NamedPrincipal",
    }
    return json_reply(201 if one.method == "POST" else 200, document)


def _changed(start: Mapping[str, Any], before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(start)
    for name, each in given.items():
        now = int(before[name]["revision"]) if name in before else 0
        if each.get("revision") is not None and name in before and int(str(each["revision"])) != now:
            raise ApiError("INVALID_INPUT", f"{name} was changed meanwhile: its revision is {now}", [name])
        made[name] = {
            "value": str(each.get("value") or ""),
            "encrypted": each.get("encrypted") is not False,
            "revision": now + 1,
        }
    return made


def _held(one: Call, external: str, principal: str) -> dict[str, Any]:
    kept: dict[str, Any] = orjson.loads(one.store.setting(f"{_KEPT}{external}:{principal}") or "{}")
    return kept


def _status(one: Call, external: str, principal: str) -> str:
    return "Configured" if _held(one, external, principal) else "NotConfigured"


def _note(one: Call, verb: str, external: str, principal: str) -> None:
    display = f"{verb} authentication values of principal {principal} of external credential {external}"
    audit.record(one.store, one.caller, "changedExternalCredentialParameter", "Named Credentials", display)
