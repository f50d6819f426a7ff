"""What a metadata write changes elsewhere: app records, rows that mirror a component, and the setup audit trail."""

from deployments.sandbox import audit
from deployments.sandbox.metadata import apps, custom_objects, mirrors
from deployments.sandbox.rights import Caller
from deployments.sandbox.store import OrgStore
from deployments.sandbox.telemetry import generation

SECTIONS = {
    "ConnectedApp": "Connected Apps",
    "ExternalClientApplication": "External Client Apps",
    "InboundCertificate": "Certificate and Key Management",
    "Certificate": "Certificate and Key Management",
    "NamedCredential": "Named Credentials",
    "Profile": "Manage Users",
    "PermissionSet": "Manage Users",
    "SecuritySettings": "Session Settings",
    "TransactionSecurityPolicy": "Transaction Security",
}
STEMS = {"created": "insert", "changed": "changed", "deleted": "delete"}
ACTION_KINDS = {"ConnectedApp": "ConnectedApplication"}


def after_write(store: OrgStore, caller: Caller, verb: str, kind: str, full_name: str) -> None:
    """`verb` is created, changed or deleted. Actions follow the real `insertCertificate`; others are guesses."""
    if verb == "deleted":
        _gone(store, kind, full_name)
    else:
        _written(store, caller, kind, full_name)
    action = STEMS[verb] + ACTION_KINDS.get(kind, kind)
    display = f"{verb.capitalize()} {kind} {full_name}"
    audit.record(store, caller, action, SECTIONS.get(kind, kind), display)


def _written(store: OrgStore, caller: Caller, kind: str, full_name: str) -> None:
    body = store.metadata(kind, full_name) or {}
    if kind == "CustomObject":
        custom_objects.object_written(store, full_name, body)
    elif kind == "CustomField":
        custom_objects.field_written(store, full_name)
    elif kind in apps.KINDS:
        apps.written(store, kind, full_name, body)
    elif kind == generation.KIND:
        generation.turned(store, body)
    mirrors.written(store, kind, full_name, body)


def _gone(store: OrgStore, kind: str, full_name: str) -> None:
    if kind == "CustomObject" and store.base_schema.get(full_name) is None:
        custom_objects.object_gone(store, full_name)
    elif kind == "CustomField":
        custom_objects.field_gone(store, full_name)
    elif kind in apps.KINDS:
        apps.gone(store, kind, full_name)
    mirrors.gone(store, kind, full_name)
