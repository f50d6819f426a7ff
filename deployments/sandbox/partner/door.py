"""The door of /services/Soap/u and /services/Soap/c for everything but login."""

import re

from deployments.sandbox import soap
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.orgs import Org
from deployments.sandbox.partner.operations import OPERATIONS
from deployments.sandbox.partner.xml import ENTERPRISE, PARTNER
from deployments.sandbox.rest import access
from deployments.sandbox.rest.call import Call
from deployments.sandbox.soap import local, text_of
from deployments.sandbox.wire import Reply, Request

PATH = re.compile(r"^/services/Soap/(?P<kind>[uc])/(?P<version>\d+)(\.0)?(/.*)?$")
FAULTS = "urn:fault.partner.soap.sforce.com"
_FAULT_NAMES = {
    "INVALID_FIELD": "InvalidFieldFault",
    "INVALID_NEW_PASSWORD": "InvalidNewPasswordFault",
    "INVALID_QUERY_LOCATOR": "InvalidQueryLocatorFault",
    "INVALID_TYPE": "InvalidSObjectFault",
    "MALFORMED_QUERY": "MalformedQueryFault",
    "MALFORMED_SEARCH": "MalformedSearchFault",
}


def call(org: Org, path: str, request: Request) -> Reply:
    """One operation as the holder of the session in its header; refusals are HTTP 500 faults."""
    org.requests += 1
    match = PATH.match(path)
    assert match is not None
    try:
        header, operation = soap.parse(request.body)
    except soap.MalformedEnvelope as error:
        return soap.fault("UNKNOWN_EXCEPTION", str(error), FAULTS)
    name = local(operation)
    request.notes.update(operation=name, api="soap", version=f"{match['version']}.0")
    try:
        caller, session_id = access.enter(org, request, text_of(header, "sessionId"), "SOAP")
        if name not in OPERATIONS:
            return soap.fault("UNKNOWN_EXCEPTION", f"{name} is not offered by this org", FAULTS)
        one = Call(
            org=org,
            caller=caller,
            session_id=session_id,
            version=f"{match['version']}.0",
            method="GET",
            parts=(),
            query={},
            body=b"",
            options=f"batchSize={text_of(header, 'batchSize') or 500}",
            headers=request.headers,
            notes=request.notes,
        )
        content = OPERATIONS[name](one, operation)
    except SalesforceError as error:
        org.store.rollback()
        message = error.message
        if error.code == "INVALID_SESSION_ID":
            message = "Invalid Session ID found in SessionHeader: Illegal Session. Session not found, missing session key"
        return soap.fault(error.code, message, FAULTS, _FAULT_NAMES.get(error.code, "UnexpectedErrorFault"))
    org.store.commit()
    namespace = PARTNER if match["kind"] == "u" else ENTERPRISE
    return soap.answer(f"<{name}Response>{content}</{name}Response>", namespace)
