"""Reading and writing metadata components, with the results each call gives."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from deployments.sandbox.clock import stamp
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.identity.policy import PROFILE_NAMES
from deployments.sandbox.metadata import permissions
from deployments.sandbox.metadata.effects import after_write
from deployments.sandbox.metadata.kinds import KINDS, SETTINGS, is_known, is_settings
from deployments.sandbox.metadata.xml import elements, values
from deployments.sandbox.rights import Caller
from deployments.sandbox.soap import local
from deployments.sandbox.store import OrgStore

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class Unwritable(Exception):
    """A component that cannot be written; carries the status code of its result."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def kind_of(kind: str, full_name: str) -> str:
    """`Settings` with a name stands for the type of that one settings file."""
    return f"{full_name}{SETTINGS}" if kind == SETTINGS else kind


def read(store: OrgStore, kind: str, full_names: list[str]) -> str:
    """`<records>` for each name; one without content where there is no such component."""
    found = []
    for full_name in full_names:
        actual = kind_of(kind, full_name)
        body = _stored(store, actual, full_name)
        if body is None:
            found.append('<records xsi:nil="true"/>')
            continue
        content = elements({**body, "fullName": full_name})
        found.append(f'<records xsi:type="{actual}">{content}</records>')
    return "".join(found)


def listing(store: OrgStore, kind: str) -> str:
    """`<result>` for each component of a type."""
    rows = store.sql("SELECT DISTINCT kind FROM _metadata ORDER BY kind")
    kinds = [row["kind"] for row in rows if is_settings(row["kind"])] if kind == SETTINGS else [kind]
    author, now = store.setting("automated_user") or "", stamp(store.clock.now()).replace("+0000", "Z")
    results = []
    for each in kinds:
        layout = KINDS.get(each, KINDS[SETTINGS])
        for number, full_name in enumerate(_names(store, each), 1):
            properties = {
                "createdById": author,
                "createdByName": "Automated Process",
                "createdDate": now,
                "fileName": f"{layout.folder}/{full_name}.{layout.suffix}",
                "fullName": full_name,
                "id": str((store.metadata(each, full_name) or {}).get("id", f"000{number:012d}AAA")),
                "lastModifiedById": author,
                "lastModifiedByName": "Automated Process",
                "lastModifiedDate": now,
                "manageableState": "unmanaged",
                "type": kind,
            }
            inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in properties.items())
            results.append(f"<result>{inside}</result>")
    return "".join(results)


def write(store: OrgStore, caller: Caller, verb: str, component: etree._Element) -> tuple[str, bool]:
    """
    Creates, updates or upserts one component; gives its name and whether it is new.

    An update replaces each top-level element it brings and leaves the others. Raises Unwritable.
    """
    kind = (component.get(XSI_TYPE) or "").rpartition(":")[2]
    brought = values(component)
    full_name = str(brought.pop("fullName", "") or "")
    if not is_known(kind):
        raise Unwritable("INVALID_TYPE", f"The metadata type {kind or '(none)'} is not supported here")
    if not full_name:
        raise Unwritable("REQUIRED_FIELD_MISSING", "Required field is missing: fullName")
    stored_name = _stored_name(store, kind, full_name)
    body = _stored(store, kind, stored_name)
    if verb == "create" and body is not None:
        raise Unwritable("DUPLICATE_DEVELOPER_NAME", f"{kind} {full_name} exists already")
    if verb == "update" and body is None:
        raise Unwritable(
            "INVALID_CROSS_REFERENCE_KEY", f"In field: fullName - no {kind} named {full_name} found"
        )
    merged = {name: value for name, value in {**(body or {}), **brought}.items() if value is not None}
    _check(kind, merged)
    with _whole(store):
        if kind in permissions.KINDS:
            permissions.write(store, caller, kind, stored_name, brought)
            merged = {name: value for name, value in merged.items() if name not in permissions.SECTIONS}
        store.put_metadata(kind, stored_name, merged)
        after_write(store, caller, "created" if body is None else "changed", kind, stored_name)
    return full_name, body is None


@contextmanager
def _whole(store: OrgStore) -> Iterator[None]:
    """A component is written whole or not at all; what its rows refuse becomes its result."""
    store.sql("SAVEPOINT component")
    try:
        yield
    except SalesforceError as error:
        store.sql("ROLLBACK TO component")
        store.rights_version += 1
        raise Unwritable(error.code, error.message) from error
    finally:
        store.sql("RELEASE component")


def delete(store: OrgStore, caller: Caller, kind: str, full_name: str) -> None:
    """Raises Unwritable when there is no such component, or it is one that cannot go."""
    if is_settings(kind) or kind == "Profile":
        raise Unwritable("CANNOT_DELETE_MANAGED_OBJECT", f"{kind} cannot be deleted")
    with _whole(store):
        gone = kind in permissions.KINDS and permissions.delete(store, caller, kind, full_name)
        if not store.delete_metadata(kind, full_name) and not gone:
            raise Unwritable(
                "INVALID_CROSS_REFERENCE_KEY", f"In field: fullName - no {kind} named {full_name} found"
            )
        after_write(store, caller, "deleted", kind, full_name)


def result(action: Callable[[], tuple[str, bool]], full_name: str, *, created: bool = False) -> str:
    """One `<result>`: success, or the error of a component that cannot be written."""
    try:
        full_name, new = action()
    except Unwritable as error:
        reason = f"<message>{escape(error.message)}</message><statusCode>{error.code}</statusCode>"
        wrong = f"<errors>{reason}</errors>"
        first = "<created>false</created>" if created else ""
        return (
            f"<result>{first}{wrong}<fullName>{escape(full_name)}</fullName><success>false</success></result>"
        )
    first = f"<created>{str(new).lower()}</created>" if created else ""
    return f"<result>{first}<fullName>{escape(full_name)}</fullName><success>true</success></result>"


def named(component: etree._Element) -> str:
    for child in component:
        if isinstance(child.tag, str) and local(child) == "fullName":
            return (child.text or "").strip()
    return ""


def _stored(store: OrgStore, kind: str, full_name: str) -> dict[str, Any] | None:
    body = store.metadata(kind, _stored_name(store, kind, full_name))
    if kind in permissions.KINDS:
        rows = permissions.read(store, kind, full_name)
        return body if rows is None else {**(body or {}), **rows}
    return body


def _names(store: OrgStore, kind: str) -> list[str]:
    if kind in permissions.KINDS:
        return permissions.names(store, kind)
    return store.metadata_names(kind)


def _stored_name(store: OrgStore, kind: str, full_name: str) -> str:
    """Standard profiles answer to their metadata name and to their label."""
    if kind == "Profile" and store.metadata(kind, full_name) is None:
        for label, name in PROFILE_NAMES.items():
            if full_name in (label, name):
                return name if store.metadata(kind, name) is not None else label
    return full_name


def _check(kind: str, body: dict[str, Any]) -> None:
    if kind != "Profile":
        return
    from ipaddress import ip_address

    for entry in body.get("loginIpRanges", []):
        try:
            first, last = ip_address(entry["startAddress"]), ip_address(entry["endAddress"])
        except (ValueError, KeyError, TypeError) as error:
            raise Unwritable(
                "INVALID_INET_ADDRESS", "loginIpRanges holds something that is no address"
            ) from error
        if first.version != last.version or int(first) > int(last):
            raise Unwritable(
                "FIELD_INTEGRITY_EXCEPTION", "loginIpRanges holds a range that ends before it starts"
            )
