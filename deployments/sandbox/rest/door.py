"""The data API: versions, records, queries, composites, limits, and the same again for Tooling."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from deployments.sandbox.bulk import jobs_room as bulk_jobs
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.identity.oauth import bearer
from deployments.sandbox.metadata import rest_deploy
from deployments.sandbox.orgs import Org
from deployments.sandbox.rest import (
    access,
    actions,
    app_credentials,
    composite,
    describe,
    interface,
    layouts,
    limits,
    markup,
    named_credentials,
    queries,
    releases,
    rows,
    search,
    versions,
)
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, error_reply, not_found
from deployments.sandbox.wire import Reply, Request

PATH = re.compile(r"^/services/data/v(?P<version>\d+\.\d)(?P<tooling>/tooling)?(?P<rest>/.*)?$")
INTERFACE = ("appMenu", "chatter", "connect", "process", "quickActions", "recent", "tabs", "theme")
APEX = ("executeAnonymous", "runTestsAsynchronous", "runTestsSynchronous")
Room = Callable[[Call], Reply]


def call(org: Org, path: str, request: Request) -> Reply:
    """Answers one request below /services/data of an org."""
    if path in ("/services/data", "/services/data.xml", "/services/data.json"):
        suffix = path.removeprefix("/services/data").removeprefix(".") or None
        listing = versions.listing()
        xml = markup.wants_xml(request.headers.get("accept", ""), suffix)
        return markup.in_xml(listing, ()) if xml else listing
    match = PATH.match(path)
    if match is None or not releases.known(match["version"]):
        return error_reply(not_found())
    org.requests += 1
    # Split before decoding would keep an encoded slash; ids and names hold none.
    parts, suffix = markup.without_suffix(
        tuple(unquote(part) for part in (match["rest"] or "").split("/") if part)
    )
    xml = markup.wants_xml(request.headers.get("accept", ""), suffix)
    try:
        caller, session_id = access.enter(org, request, bearer(request))
        query, body = request.query, request.body
        one = Call(
            org=org,
            caller=caller,
            session_id=session_id,
            version=match["version"],
            method=_method(request.method, query),
            parts=parts,
            query=query,
            body=markup.body_as_json(body)
            if body and parts[:1] == ("sobjects",) and _is_xml(request)
            else body,
            tooling=match["tooling"] is not None,
            options=request.headers.get("sforce-query-options", ""),
            headers=request.headers,
            notes=request.notes,
        )
        reply = dispatch(one)
        request.notes["parts"] = composite.operations(one)
    except SalesforceError as error:
        reply = error_reply(error)
    if xml:
        reply = markup.in_xml(reply, parts)
    reply.headers["Sforce-Limit-Info"] = f"api-usage={org.requests}/{org.daily_requests}"
    return reply


def _method(method: str, query: dict[str, str]) -> str:
    """Clients that cannot send PATCH say so in a POST (REST API guide, `_HttpMethod`)."""
    named = query.pop("_HttpMethod", "").upper()
    return named if method == "POST" and named in ("PATCH", "PUT", "DELETE", "GET", "HEAD") else method


def _is_xml(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() in (
        "application/xml",
        "text/xml",
    )


def dispatch(one: Call) -> Reply:
    """Answers one call; composites come back here for each part. Refusals become replies."""
    writes = one.method not in ("GET", "HEAD") and not one.hold
    try:
        reply = _room(one)(one)
    except SalesforceError as error:
        if writes:
            one.store.rollback()
        return error_reply(error)
    if writes:
        one.store.commit()
    return reply


def _room(one: Call) -> Room:
    head = one.parts[0] if one.parts else ""
    if head == "composite":
        return lambda each: composite.answer(each, dispatch)
    rooms: dict[str, Room] = {
        "": versions.resources,
        "actions": actions.answer,
        "apps": app_credentials.answer,
        "sobjects": rows.answer,
        "query": queries.answer,
        "queryAll": queries.answer,
        "limits": limits.answer,
        "named-credentials": named_credentials.answer,
        "jobs": bulk_jobs.answer,
        "metadata": rest_deploy.answer,
        "search": search.answer,
        "parameterizedSearch": search.parameterized,
        **dict.fromkeys(INTERFACE, interface.answer),
    }
    if head == "sobjects" and layouts.answers(one.parts):
        return layouts.answer
    if head == "sobjects" and (len(one.parts) < 2 or one.parts[2:] == ("describe",)):
        return describe.answer
    if one.tooling and head in APEX:
        raise ApiError(
            "FUNCTIONALITY_NOT_ENABLED", "Apex does not run in this org; deploy it, and it is kept"
        )
    if head not in rooms:
        raise not_found()
    return rooms[head]
