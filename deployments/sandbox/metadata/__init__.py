"""The Metadata API over SOAP: describe, list, read, create, update, upsert and delete."""

from collections.abc import Callable

from lxml import etree

from deployments.sandbox import soap
from deployments.sandbox.metadata import components
from deployments.sandbox.metadata.kinds import KINDS
from deployments.sandbox.orgs import Org
from deployments.sandbox.rest import access
from deployments.sandbox.rest.errors import ApiError
from deployments.sandbox.rights import Caller
from deployments.sandbox.soap import local, text_of
from deployments.sandbox.store import OrgStore
from deployments.sandbox.wire import Reply, Request

NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
READ_RIGHTS = ("ModifyMetadata", "ModifyAllData", "CustomizeApplication")
WRITE_RIGHTS = ("ModifyMetadata", "ModifyAllData")
MOST_QUERIES, MOST_COMPONENTS = 3, 10
Operation = Callable[[OrgStore, Caller, etree._Element], str]


def call(org: Org, path: str, request: Request) -> Reply:
    """Answers one request at /services/Soap/m/{version}; refusals are HTTP 500 faults."""
    org.requests += 1
    try:
        header, operation = soap.parse(request.body)
    except soap.MalformedEnvelope as error:
        return soap.fault("UNKNOWN_EXCEPTION", str(error), NAMESPACE)
    name = local(operation)
    request.notes["operation"] = name
    request.notes["parts"] = _targets(operation)
    try:
        caller, _ = access.enter(org, request, text_of(header, "sessionId"), "SOAP")
        if name not in OPERATIONS:
            raise ApiError("UNKNOWN_EXCEPTION", f"{name} is not offered by this org")
        rights = READ_RIGHTS if name in READS else WRITE_RIGHTS
        if not caller.holds(rights):
            raise ApiError(
                "INSUFFICIENT_ACCESS", f"use of the Metadata API requires one of: {', '.join(rights)}"
            )
        content = OPERATIONS[name](org.store, caller, operation)
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
        f"{(child.get(components.XSI_TYPE) or '').rpartition(':')[2]} {components.named(child)}"
        for child in _children(operation, "metadata")
    ]
    return written or [f"{kind} {name}".strip() for name in names or [""]]


def _children(operation: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in operation if isinstance(child.tag, str) and local(child) == name]


def _texts(operation: etree._Element, name: str) -> list[str]:
    return [(child.text or "").strip() for child in _children(operation, name)]


def _limited(items: list[etree._Element] | list[str], most: int) -> None:
    if len(items) > most:
        raise ApiError("LIMIT_EXCEEDED", f"too many items in one call: {len(items)}, at most {most}")


def _describe(store: OrgStore, caller: Caller, operation: etree._Element) -> str:
    found = "".join(
        f"<metadataObjects><directoryName>{kind.folder}</directoryName><inFolder>false</inFolder>"
        f"<metaFile>{str(kind.meta_file).lower()}</metaFile><suffix>{kind.suffix}</suffix>"
        f"<xmlName>{kind.name}</xmlName></metadataObjects>"
        for kind in KINDS.values()
    )
    tail = "<partialSaveAllowed>true</partialSaveAllowed><testRequired>false</testRequired>"
    return f"<result>{found}<organizationNamespace/>{tail}</result>"


def _list(store: OrgStore, caller: Caller, operation: etree._Element) -> str:
    queries = _children(operation, "queries")
    _limited(queries, MOST_QUERIES)
    return "".join(components.listing(store, text_of(query, "type")) for query in queries)


def _read(store: OrgStore, caller: Caller, operation: etree._Element) -> str:
    names = _texts(operation, "fullNames")
    _limited(names, MOST_COMPONENTS)
    return f"<result>{components.read(store, text_of(operation, 'type'), names)}</result>"


def _write(verb: str) -> Operation:
    def run(store: OrgStore, caller: Caller, operation: etree._Element) -> str:
        items = _children(operation, "metadata")
        _limited(items, MOST_COMPONENTS)
        return "".join(
            components.result(
                lambda item=item: components.write(store, caller, verb, item),  # type: ignore[misc]  # bound early
                components.named(item),
                created=verb == "upsert",
            )
            for item in items
        )

    return run


def _delete(store: OrgStore, caller: Caller, operation: etree._Element) -> str:
    kind, names = text_of(operation, "type"), _texts(operation, "fullNames")
    _limited(names, MOST_COMPONENTS)

    def gone(full_name: str) -> tuple[str, bool]:
        components.delete(store, caller, kind, full_name)
        return full_name, False

    return "".join(components.result(lambda name=name: gone(name), name) for name in names)  # type: ignore[misc]  # same


READS = frozenset({"describeMetadata", "listMetadata", "readMetadata"})
OPERATIONS: dict[str, Operation] = {
    "describeMetadata": _describe,
    "listMetadata": _list,
    "readMetadata": _read,
    "createMetadata": _write("create"),
    "updateMetadata": _write("update"),
    "upsertMetadata": _write("upsert"),
    "deleteMetadata": _delete,
}
