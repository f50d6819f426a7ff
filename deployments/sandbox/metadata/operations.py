"""The operations of the Metadata API, from their element to the content of their response."""

import base64
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from deployments.sandbox import background
from deployments.sandbox.metadata import components, deploy, deploy_result, processes, retrieve
from deployments.sandbox.metadata.kinds import SETTINGS, Kind, is_known, kinds
from deployments.sandbox.metadata.listing import listing
from deployments.sandbox.metadata.xml import TYPE, elements, values
from deployments.sandbox.orgs import Org
from deployments.sandbox.rest.errors import ApiError
from deployments.sandbox.rights import Caller
from deployments.sandbox.soap import local, text_of

MOST_QUERIES, MOST_COMPONENTS = 3, 10
Operation = Callable[[Org, Caller, etree._Element], str]


def children(operation: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in operation if isinstance(child.tag, str) and local(child) == name]


def named(component: etree._Element) -> str:
    return next(((child.text or "").strip() for child in children(component, "fullName")), "")


def _texts(operation: etree._Element, name: str) -> list[str]:
    return [(child.text or "").strip() for child in children(operation, name)]


def _limited(items: list[Any], most: int) -> None:
    if len(items) > most:
        raise ApiError("LIMIT_EXCEEDED", f"too many items in one call: {len(items)}, at most {most}")


# Describing and listing --------------------------------------------------------------------------------


def _describe(org: Org, caller: Caller, operation: etree._Element) -> str:
    # Folders are listed under the types that lie in them.
    folders = {kind.folder_kind for kind in kinds().values() if kind.folders}
    found = "".join(_described(kind) for kind in kinds().values() if kind.name not in folders)
    tail = "<partialSaveAllowed>true</partialSaveAllowed><testRequired>false</testRequired>"
    return f"<result>{found}<organizationNamespace/>{tail}</result>"


def _described(kind: Kind) -> str:
    inside = "".join(f"<childXmlNames>{child}</childXmlNames>" for child in kind.children.values())
    suffix = f"<suffix>{kind.suffix}</suffix>" if kind.suffix else ""
    return (
        f"<metadataObjects>{inside}<directoryName>{kind.folder}</directoryName>"
        f"<inFolder>{str(kind.folders).lower()}</inFolder><metaFile>{str(kind.content).lower()}</metaFile>"
        f"{suffix}<xmlName>{kind.name}</xmlName></metadataObjects>"
    )


def _describe_value_type(org: Org, caller: Caller, operation: etree._Element) -> str:
    name = text_of(operation, "type").rpartition("}")[2]
    if not is_known(name) and name != SETTINGS:
        raise ApiError("INVALID_TYPE", f"Unknown type: {name}")
    field = (
        "<valueTypeFields><isForeignKey>false</isForeignKey><isNameField>true</isNameField><minOccurs>0</minOccurs>"
        "<name>fullName</name><soapType>string</soapType><valueRequired>true</valueRequired></valueTypeFields>"
    )
    return (
        "<result><apiCreatable>true</apiCreatable><apiDeletable>true</apiDeletable><apiReadable>true</apiReadable>"
        f"<apiUpdatable>true</apiUpdatable>{field}</result>"
    )


def _list(org: Org, caller: Caller, operation: etree._Element) -> str:
    queries = children(operation, "queries")
    _limited(queries, MOST_QUERIES)
    try:
        return "".join(listing(org.store, text_of(each, "type"), text_of(each, "folder")) for each in queries)
    except components.Unwritable as error:
        raise ApiError(error.code, error.message) from None


# Components --------------------------------------------------------------------------------------------


def _read(org: Org, caller: Caller, operation: etree._Element) -> str:
    kind, names = text_of(operation, "type"), _texts(operation, "fullNames")
    _limited(names, MOST_COMPONENTS)
    if not is_known(kind) and kind != SETTINGS:
        raise ApiError("INVALID_TYPE", f"Unknown type: {kind}")
    found = []
    for full_name in names:
        body = components.read(org.store, kind, full_name)
        if body is None:
            found.append('<records xsi:nil="true"/>')
            continue
        actual = components.kind_of(kind, full_name)
        found.append(f'<records xsi:type="{actual}">{elements({**body, "fullName": full_name})}</records>')
    return f"<result>{''.join(found)}</result>"


def _write(verb: str) -> Operation:
    def run(org: Org, caller: Caller, operation: etree._Element) -> str:
        items = children(operation, "metadata")
        _limited(items, MOST_COMPONENTS)
        return "".join(_written(org, caller, verb, item) for item in items)

    return run


def _written(org: Org, caller: Caller, verb: str, component: etree._Element) -> str:
    kind = (component.get(TYPE) or "").rpartition(":")[2]
    brought = values(component)
    full_name = str(brought.pop("fullName", "") or "").strip()
    try:
        new = components.write(org.store, caller, verb, kind, full_name, brought)
    except components.Unwritable as error:
        return _failure(full_name, error, created=verb == "upsert")
    first = f"<created>{str(new).lower()}</created>" if verb == "upsert" else ""
    return f"<result>{first}<fullName>{escape(full_name)}</fullName><success>true</success></result>"


def _failure(full_name: str, error: components.Unwritable, *, created: bool = False) -> str:
    reason = f"<message>{escape(error.message)}</message><statusCode>{error.code}</statusCode>"
    first = "<created>false</created>" if created else ""
    return f"<result>{first}<errors>{reason}</errors><fullName>{escape(full_name)}</fullName><success>false</success></result>"


def _delete(org: Org, caller: Caller, operation: etree._Element) -> str:
    kind, names = text_of(operation, "type"), _texts(operation, "fullNames")
    _limited(names, MOST_COMPONENTS)
    found = []
    for full_name in names:
        try:
            components.delete(org.store, caller, kind, full_name)
            found.append(f"<result><fullName>{escape(full_name)}</fullName><success>true</success></result>")
        except components.Unwritable as error:
            found.append(_failure(full_name, error))
    return "".join(found)


def _rename(org: Org, caller: Caller, operation: etree._Element) -> str:
    kind, old, new = (text_of(operation, name) for name in ("type", "oldFullName", "newFullName"))
    try:
        components.rename(org.store, caller, kind, old, new)
    except components.Unwritable as error:
        return _failure(old, error)
    return f"<result><fullName>{escape(new)}</fullName><success>true</success></result>"


# Deployments and retrievals ----------------------------------------------------------------------------


def _deploy(org: Org, caller: Caller, operation: etree._Element) -> str:
    try:
        content = base64.b64decode(text_of(operation, "ZipFile"), validate=False)
    except ValueError:
        raise ApiError("INVALID_ZIP", "ZipFile is no base64") from None
    options = next((values(each) for each in children(operation, "DeployOptions")), {})
    process_id = deploy.start(org, caller, content, options)
    org.store.commit()
    background.start(deploy.work(org, process_id, content))
    return f"<result><done>false</done><id>{process_id}</id><state>Queued</state></result>"


def _deploy_status(org: Org, caller: Caller, operation: etree._Element) -> str:
    asked = next(
        (text_of(operation, name) for name in ("asyncProcessId", "id") if text_of(operation, name)), ""
    )
    result = processes.find(org.store, "deploy", asked)
    if result is None:
        raise ApiError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    details = text_of(operation, "includeDetails") == "true"
    return f"<result>{deploy_result.as_xml(deploy_result.shown(result, details=details))}</result>"


def _cancel_deploy(org: Org, caller: Caller, operation: etree._Element) -> str:
    asked = text_of(operation, "String") or text_of(operation, "asyncProcessId")
    result = deploy.cancel(org.store, asked, caller)
    if result is None:
        raise ApiError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    return f"<result><done>{str(result['done']).lower()}</done><id>{result['id']}</id></result>"


def _deploy_recent_validation(org: Org, caller: Caller, operation: etree._Element) -> str:
    raise ApiError(
        "INVALID_ID_FIELD",
        "The validation ran no Apex tests, so it cannot be deployed as it is; deploy it anew",
    )


def _retrieve(org: Org, caller: Caller, operation: etree._Element) -> str:
    # The request is known by its place: clients name it retrieveRequest, or request.
    request = next((each for each in operation if isinstance(each.tag, str) and len(each)), operation)
    types: dict[str, list[str]] = {}
    version = text_of(request, "apiVersion")
    for unpackaged in children(request, "unpackaged"):
        version = next(iter(_texts(unpackaged, "version")), version)
        for each in children(unpackaged, "types"):
            kind = next(iter(_texts(each, "name")), "")
            types.setdefault(kind, []).extend(_texts(each, "members"))
    problems = [f"No package named '{name}' found" for name in _texts(request, "packageNames") if name]
    single = text_of(request, "singlePackage") == "true"
    process_id = retrieve.start(org, types, version, single=single, problems=problems)
    org.store.commit()
    background.start(retrieve.work(org, process_id))
    return f"<result><done>false</done><id>{process_id}</id><state>Queued</state></result>"


def _retrieve_status(org: Org, caller: Caller, operation: etree._Element) -> str:
    result = processes.find(org.store, "retrieve", text_of(operation, "asyncProcessId"))
    if result is None:
        raise ApiError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    with_zip = text_of(operation, "includeZip") != "false"
    return f"<result>{deploy_result.as_xml(retrieve.shown_result(org.store, result, with_zip=with_zip))}</result>"


READS = frozenset({
    "describeMetadata", "listMetadata", "readMetadata", "describeValueType", "retrieve", "checkRetrieveStatus",
    "checkDeployStatus", "checkStatus",
})  # fmt: skip
OPERATIONS: dict[str, Operation] = {
    "cancelDeploy": _cancel_deploy,
    "checkDeployStatus": _deploy_status,
    "checkRetrieveStatus": _retrieve_status,
    "createMetadata": _write("create"),
    "deleteMetadata": _delete,
    "deploy": _deploy,
    "deployRecentValidation": _deploy_recent_validation,
    "describeMetadata": _describe,
    "describeValueType": _describe_value_type,
    "listMetadata": _list,
    "readMetadata": _read,
    "renameMetadata": _rename,
    "retrieve": _retrieve,
    "updateMetadata": _write("update"),
    "upsertMetadata": _write("upsert"),
}
