"""What a metadata write changes elsewhere: app records, their rows, and the setup audit trail."""

from dataclasses import replace
from typing import Any

from deployments.sandbox import audit
from deployments.sandbox.rights import Caller
from deployments.sandbox.store import AppRecord, OrgStore

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
    if verb != "deleted":
        body = store.metadata(kind, full_name) or {}
        if kind == "ConnectedApp":
            _connected_app(store, full_name, body)
        elif kind == "ExtlClntAppOauthConfigurablePolicies":
            _client_app_policy(store, body)
    action = STEMS[verb] + ACTION_KINDS.get(kind, kind)
    display = f"{verb.capitalize()} {kind} {full_name}"
    audit.record(store, caller, action, SECTIONS.get(kind, kind), display)


def _connected_app(store: OrgStore, full_name: str, body: dict[str, Any]) -> None:
    config, policy = body.get("oauthConfig") or {}, body.get("oauthPolicy") or {}
    app = _app_named(store, full_name, config.get("consumerKey"))
    if app is None:
        return
    changes: dict[str, Any] = {"ip_relaxation": str(policy.get("ipRelaxation", app.ip_relaxation)).upper()}
    if "isAdminApproved" in config:
        changes["admin_approved"] = config["isAdminApproved"] is True
    if config.get("oauthClientCredentialUser"):
        changes["run_as"] = config["oauthClientCredentialUser"]
    flows = set(app.flows)
    if config.get("isClientCredentialEnabled") is False:
        flows.discard("client_credentials")
    changes["flows"] = frozenset(flows)
    store.put_app(replace(app, **changes))
    if "isAdminApproved" in config and store.get("ConnectedApplication", app.entity_id) is not None:
        flag = {"OptionsAllowAdminApprovedUsersOnly": changes["admin_approved"]}
        store.update("ConnectedApplication", app.entity_id, flag)


def _client_app_policy(store: OrgStore, body: dict[str, Any]) -> None:
    app = _app_named(store, str(body.get("externalClientApplication", "")), None)
    if app is None:
        return
    approved = (
        body.get("permittedUsersPolicyType", "AdminApprovedPreAuthorized") == "AdminApprovedPreAuthorized"
    )
    relaxation = str(body.get("ipRelaxationPolicyType", app.ip_relaxation)).upper()
    store.put_app(replace(app, admin_approved=approved, ip_relaxation=relaxation))


def _app_named(store: OrgStore, full_name: str, consumer_key: object) -> AppRecord | None:
    for app in store.apps():
        if app.consumer_key == consumer_key or app.name == full_name:
            return app
    return None
