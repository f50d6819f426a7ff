"""Reading and writing metadata components, whichever way they came."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.identity.policy import PROFILE_NAMES
from deployments.sandbox.metadata import certificates, children, custom_objects, mirrors, permissions
from deployments.sandbox.metadata.checks import check
from deployments.sandbox.metadata.effects import after_write
from deployments.sandbox.metadata.kinds import SETTINGS, child_kinds, is_known, is_settings, kind_named
from deployments.sandbox.rights import Caller
from deployments.sandbox.store import OrgStore
from deployments.sandbox.switches import switched

Body = dict[str, Any]
REPLACED = frozenset({"PermissionSet", "MutingPermissionSet", "PermissionSetGroup"})
"""Types of which an update or a deployment replaces all (Metadata API guide, PermissionSet, API 40.0 and later)."""


class Unwritable(Exception):
    """A component that cannot be written; carries the status code of its result."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def kind_of(kind: str, full_name: str) -> str:
    """`Settings` with a name stands for the type of that one settings file."""
    return f"{full_name}{SETTINGS}" if kind == SETTINGS else kind


def read(store: OrgStore, kind: str, full_name: str) -> Body | None:
    """A component with its children inside; None where there is none."""
    actual = kind_of(kind, full_name)
    body = own(store, actual, full_name)
    if body is None:
        return None
    return body | children.of(store, actual, full_name)


def own(store: OrgStore, kind: str, full_name: str) -> Body | None:
    """A component without its children."""
    body = store.metadata(kind, stored_name(store, kind, full_name))
    if kind in permissions.KINDS:
        rows = permissions.read(store, kind, full_name)
        return None if rows is None else {**(body or {}), **rows}
    if kind == "CustomObject":
        known = custom_objects.described(store, full_name)
        return None if body is None and known is None else {**(known or {}), **(body or {})}
    if body is None:
        body = mirrors.body(store, kind, full_name)
    if body is None and kind in children.BARE_PARENTS and children.of(store, kind, full_name):
        return {}
    return body


def names(store: OrgStore, kind: str) -> list[str]:
    """Full names of all components of a type, in order; `Settings` names the files there are."""
    if kind == SETTINGS:
        rows = store.sql("SELECT DISTINCT kind FROM _metadata ORDER BY kind")
        return [row["kind"].removesuffix(SETTINGS) for row in rows if is_settings(row["kind"])]
    if kind in permissions.KINDS:
        return permissions.names(store, kind)
    if kind == "CustomObject":
        return custom_objects.names(store)
    if kind in children.BARE_PARENTS:
        return sorted({*store.metadata_names(kind), *children.parents(store, kind)})
    return sorted({*store.metadata_names(kind), *mirrors.names(store, kind)})


def write(store: OrgStore, caller: Caller, verb: str, kind: str, full_name: str, brought: Body) -> bool:
    """
    Creates, updates, upserts or deploys one component with the children it brings; gives whether it is new.

    An update replaces each top-level element it brings and leaves the others. Raises Unwritable.
    """
    if not is_known(kind):
        raise Unwritable("INVALID_TYPE", f"The metadata type {kind or '(none)'} is not supported here")
    demand_enabled(store, kind)
    if not full_name:
        raise Unwritable("REQUIRED_FIELD_MISSING", "Required field is missing: fullName")
    name = stored_name(store, kind, full_name)
    before = own(store, kind, name)
    if verb == "create" and before is not None:
        raise Unwritable("DUPLICATE_DEVELOPER_NAME", f"{kind} {full_name} exists already")
    if verb == "update" and before is None:
        raise Unwritable(
            "INVALID_CROSS_REFERENCE_KEY", f"In field: fullName - no {kind} named {full_name} found"
        )
    plain, sections = children.taken_out(kind, brought)
    with whole(store):
        _put(store, caller, kind, name, plain, before)
        for child_kind, child_name, body in sections(name):
            write(store, caller, "upsert", child_kind, child_name, body)
    return before is None


def _put(store: OrgStore, caller: Caller, kind: str, name: str, brought: Body, before: Body | None) -> None:
    stored = store.metadata(kind, name) or {}
    kept = {} if kind in REPLACED else permissions.merged(kind, stored, brought)
    # A list that was emptied is as one that was never filled.
    merged = {key: value for key, value in {**stored, **brought, **kept}.items() if value not in (None, [])}
    if kind in REPLACED:
        merged = {key: value for key, value in brought.items() if value is not None}
    problem = check(store, kind, name, merged, new=before is None)
    if problem is not None:
        raise Unwritable(*problem)
    if kind in certificates.KINDS:
        try:
            merged = certificates.prepared(store, kind, name, merged, new=before is None)
        except certificates.BadCertificate as error:
            raise Unwritable("FIELD_INTEGRITY_EXCEPTION", str(error)) from None
    _check_ranges(kind, merged)
    if kind in permissions.KINDS:
        permissions.write(store, caller, kind, name, brought, replace=kind in REPLACED)
        merged = {key: value for key, value in merged.items() if key not in permissions.SECTIONS}
    store.put_metadata(kind, name, merged)
    after_write(store, caller, "created" if before is None else "changed", kind, name)


def delete(store: OrgStore, caller: Caller, kind: str, full_name: str) -> None:
    """Raises Unwritable when there is no such component, or it is one that cannot go."""
    if not is_known(kind):
        raise Unwritable("INVALID_TYPE", f"The metadata type {kind or '(none)'} is not supported here")
    if is_settings(kind) or (kind == "Profile" and _standard(store, full_name)):
        raise Unwritable("CANNOT_DELETE_MANAGED_OBJECT", f"{kind} cannot be deleted")
    with whole(store):
        if own(store, kind, full_name) is None:
            raise Unwritable(
                "INVALID_CROSS_REFERENCE_KEY", f"In field: fullName - no {kind} named {full_name} found"
            )
        if kind in ("CustomObject", "CustomField") and not full_name.endswith(("__c", "__mdt", "__e", "__b")):
            raise Unwritable("CANNOT_DELETE_MANAGED_OBJECT", f"{kind} {full_name} is standard and stays")
        for child_kind, child_name in children.names_of(store, kind, full_name):
            store.delete_metadata(child_kind, child_name)
        if kind in permissions.KINDS:
            permissions.delete(store, caller, kind, full_name)
        if kind == "Certificate":
            _demand_unused(store, full_name)
            certificates.forget(store, full_name)
        store.delete_metadata(kind, full_name)
        after_write(store, caller, "deleted", kind, full_name)


def demand_enabled(store: OrgStore, kind: str) -> None:
    """Raises Unwritable for the type that Support has to enable first, where it has not."""
    if kind == "InboundCertificate" and not switched(store, "mutual_authentication_enabled"):
        raise Unwritable("INVALID_TYPE", f"Unknown type: {kind}")


def _demand_unused(store: OrgStore, name: str) -> None:
    """A key pair that a named or external credential uses stays."""
    for kind in ("NamedCredential", "ExternalCredential"):
        for each in store.metadata_names(kind):
            if f'"{name}"' in json.dumps(store.metadata(kind, each)):
                raise Unwritable("DELETE_FAILED", f"Certificate {name} is used by {kind} {each}")


def rename(store: OrgStore, caller: Caller, kind: str, old: str, new: str) -> None:
    """Raises Unwritable; types whose rows carry the name are renamed by their label only, and refused here."""
    body = read(store, kind, old)
    if body is None:
        raise Unwritable("INVALID_CROSS_REFERENCE_KEY", f"In field: fullName - no {kind} named {old} found")
    if read(store, kind, new) is not None:
        raise Unwritable("DUPLICATE_DEVELOPER_NAME", f"{kind} {new} exists already")
    if kind in permissions.KINDS or is_settings(kind) or kind in ("CustomObject", "CustomField"):
        raise Unwritable("INVALID_OPERATION", f"{kind} cannot be renamed")
    with whole(store):
        delete(store, caller, kind, old)
        write(store, caller, "create", kind, new, body)


@contextmanager
def whole(store: OrgStore) -> Iterator[None]:
    """A component is written whole or not at all; what its rows refuse becomes its result."""
    store.sql("SAVEPOINT component")
    try:
        yield
    except (SalesforceError, Unwritable) as error:
        store.sql("ROLLBACK TO component")
        custom_objects.reload(store)
        store.rights_version += 1
        raise Unwritable(error.code, error.message) from error
    finally:
        store.sql("RELEASE component")


def stored_name(store: OrgStore, kind: str, full_name: str) -> str:
    """Standard profiles answer to their metadata name and to their label."""
    if kind == "Profile" and store.metadata(kind, full_name) is None:
        for label, name in PROFILE_NAMES.items():
            if full_name in (label, name):
                return name if store.metadata(kind, name) is not None else label
    return full_name


def file_of(kind: str, full_name: str) -> str:
    """The file of a component below the package, as listings name it."""
    held = kind_named(kind)
    if held is None:
        return f"{kind}/{full_name}"
    name = full_name.partition(".")[0] if kind in child_kinds() else full_name
    if kind == "CustomLabel":
        name = "CustomLabels"
    return f"{held.folder}/{name}" + (f".{held.suffix}" if held.suffix and not held.bundle else "")


def _standard(store: OrgStore, full_name: str) -> bool:
    return full_name in PROFILE_NAMES.values() or full_name in PROFILE_NAMES


def _check_ranges(kind: str, body: Mapping[str, Any]) -> None:
    if kind != "Profile":
        return
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
