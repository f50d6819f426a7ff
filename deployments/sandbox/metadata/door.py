"""The Metadata API over SOAP: its door, and who may do what behind it."""

from lxml import etree

from deployments.sandbox import soap
from deployments.sandbox.metadata.operations import OPERATIONS, READS, children, named
from deployments.sandbox.metadata.rights import READ_RIGHTS, WRITE_RIGHTS
from deployments.sandbox.metadata.xml import NAMESPACE, TYPE
from deployments.sandbox.orgs import Org
from deployments.sandbox.rest import access
from deployments.sandbox.rest.errors import ApiError
from deployments.sandbox.soap import local, text_of
from deployments.sandbox.wire import Reply, Request


def call(org: Org, path: str, request: Request) -> Reply:
    """Answers one request at /services/Soap/m/{version}; refusals are HTTP 500 faults."""
    org.requests += 1
    try:
        header, operation = soap.parse(request.body)
    except soap.MalformedEnvelope as error:
        return soap.fault("UNKNOWN_EXCEPTION", str(error), NAMESPACE)
    name = local(operation)
    request.notes.update(operation=name, parts=_targets(operation), api="metadata")
    try:
        caller, _ = access.enter(org, request, text_of(header, "sessionId"), "SOAP")
        if name not in OPERATIONS:
            raise ApiError("UNKNOWN_EXCEPTION", f"{name} is not offered by this org")
        rights = READ_RIGHTS if name in READS else WRITE_RIGHTS
        if not caller.holds(rights):
            raise ApiError(
                "INSUFFICIENT_ACCESS", f"use of the Metadata API requires one of: {', '.join(rights)}"
            )
        content = OPERATIONS[name](org, caller, operation)
    except ApiError as error:
        org.store.rollback()
        message = error.message
        if error.code == "INVALID_SESSION_ID":
            message = "Invalid Session ID found in SessionHeader: Illegal Session. Session not found"
        return soap.fault(error.code, message, NAMESPACE)
    org.store.commit()
    return soap.answer(f"<{name}Response>{content}</{name}Response>", NAMESPACE)


def _targets(operation: etree._Element) -> list[str]:
    """What an operation is about, `type fullName` each, for the wire log."""
    kind = text_of(operation, "type")
    names = [
        (e.text or "").strip() for e in operation.iter() if isinstance(e.tag, str) and local(e) == "fullNames"
    ]
    written = [
        f"{(child.get(TYPE) or '').rpartition(':')[2]} {named(child)}"
        for child in children(operation, "metadata")
    ]
    return written or [f"{kind} {name}".strip() for name in names or [""]]
