"""Connected apps and external client apps: components from which the token endpoint's own records follow."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from deployments.sandbox.store import AppRecord, OrgStore

GLOBAL = "ExtlClntAppGlobalOauthSettings"
SETTINGS = "ExtlClntAppOauthSettings"
POLICIES = "ExtlClntAppOauthConfigurablePolicies"
HEAD = "ExternalClientApplication"
KINDS = frozenset({"ConnectedApp", HEAD, GLOBAL, SETTINGS, POLICIES})
_KEY_BYTES, _SECRET_BYTES = 60, 32


def written(store: OrgStore, kind: str, full_name: str, body: dict[str, Any]) -> None:
    if kind == "ConnectedApp":
        _connected_app(store, full_name, body)
    elif kind == HEAD:
        _head(store, full_name, body)
    else:
        _client_app(store, kind, full_name, body)


def gone(store: OrgStore, kind: str, full_name: str) -> None:
    if kind in ("ConnectedApp", HEAD):
        sobject = "ConnectedApplication" if kind == "ConnectedApp" else HEAD
        for app in store.apps():
            if app.name == full_name:
                store.sql("DELETE FROM _app WHERE consumer_key = ?", app.consumer_key)
                if store.get(sobject, app.entity_id) is not None:
                    store.delete(sobject, app.entity_id)


def _connected_app(store: OrgStore, full_name: str, body: dict[str, Any]) -> None:
    config = body.get("oauthConfig")
    if not isinstance(config, Mapping):
        return
    app = _named(store, full_name, config.get("consumerKey"))
    if app is None:
        label = str(body.get("label") or full_name)
        entity = store.insert("ConnectedApplication", [{"Name": label}])[0]
        app = _new(full_name, label, "connected-app", entity, config)
        # The key is the platform's to make; what was asked for as a secret is never given back.
        kept = {**config, "consumerKey": app.consumer_key}
        kept.pop("consumerSecret", None)
        store.put_metadata("ConnectedApp", full_name, {**body, "oauthConfig": kept})
    policy = body.get("oauthPolicy") if isinstance(body.get("oauthPolicy"), Mapping) else {}
    changes: dict[str, Any] = _from_config(app, config)
    changes["ip_relaxation"] = str((policy or {}).get("ipRelaxation", app.ip_relaxation)).upper()
    if (policy or {}).get("refreshTokenPolicy"):
        changes["refresh_policy"] = str((policy or {})["refreshTokenPolicy"])
    if "isAdminApproved" in config:
        changes["admin_approved"] = config["isAdminApproved"] is True
    store.put_app(replace(app, **changes))
    if "isAdminApproved" in config and store.get("ConnectedApplication", app.entity_id) is not None:
        flag = {"OptionsAllowAdminApprovedUsersOnly": changes["admin_approved"]}
        store.update("ConnectedApplication", app.entity_id, flag)


def _from_config(app: AppRecord, config: Mapping[str, Any]) -> dict[str, Any]:
    flows = set(app.flows)
    if "isClientCredentialEnabled" in config:
        (flows.add if config["isClientCredentialEnabled"] is True else flows.discard)("client_credentials")
    changes: dict[str, Any] = {}
    if config.get("certificate"):
        changes["certificate_pem"] = _pem(str(config["certificate"]))
        flows.add("jwt")
    if "callbackUrl" in config:
        changes["callback_urls"] = tuple(str(config["callbackUrl"] or "").split())
    if "isPkceRequired" in config:
        changes["require_pkce"] = config["isPkceRequired"] is True
    if "isRefreshTokenRotationEnabled" in config:
        changes["rotate_refresh"] = config["isRefreshTokenRotationEnabled"] is True
    if config.get("oauthClientCredentialUser"):
        changes["run_as"] = config["oauthClientCredentialUser"]
    if config.get("scopes"):
        scopes = config["scopes"]
        changes["scopes"] = tuple(scopes if isinstance(scopes, list) else [scopes])
    return changes | {"flows": frozenset(flows)}


def _head(store: OrgStore, full_name: str, body: Mapping[str, Any]) -> None:
    values = {
        "MasterLabel": body.get("label") or full_name,
        "ContactEmail": body.get("contactEmail"),
        "Description": body.get("description"),
        "DistributionState": body.get("distributionState") or "Local",
    }
    found = [row for row in store.find(HEAD, DeveloperName=full_name) if not row["IsDeleted"]]
    if found:
        store.update(HEAD, str(found[0]["Id"]), values)
    else:
        store.insert(HEAD, [{"DeveloperName": full_name, **values}])


def _client_app(store: OrgStore, kind: str, full_name: str, body: dict[str, Any]) -> None:
    name = str(body.get("externalClientApplication") or "")
    app = _named(store, name, body.get("consumerKey"))
    if app is None:
        heads = store.find(HEAD, DeveloperName=name)
        if kind != GLOBAL or not heads:
            return
        app = _new(name, str(heads[0]["MasterLabel"]), "external-client-app", str(heads[0]["Id"]), body)
        store.put_metadata(GLOBAL, full_name, {**body, "consumerKey": app.consumer_key})
    if kind == GLOBAL:
        flows = set(app.flows)
        if "isClientCredentialsFlowEnabled" in body:
            (flows.add if body["isClientCredentialsFlowEnabled"] is True else flows.discard)(
                "client_credentials"
            )
        changes: dict[str, Any] = {"flows": frozenset(flows)}
        if "callbackUrl" in body:
            changes["callback_urls"] = tuple(str(body["callbackUrl"] or "").split())
        if "isPkceRequired" in body:
            changes["require_pkce"] = body["isPkceRequired"] is True
        if "isRefreshTokenRotationEnabled" in body:
            changes["rotate_refresh"] = body["isRefreshTokenRotationEnabled"] is True
        if body.get("certificate"):
            changes |= {
                "certificate_pem": _pem(str(body["certificate"])),
                "flows": frozenset(flows | {"jwt"}),
            }
    elif kind == SETTINGS:
        scopes = [each.strip() for each in str(body.get("commaSeparatedOauthScopes") or "").split(",")]
        changes = {"scopes": tuple(each for each in scopes if each)}
    else:
        permitted = body.get("permittedUsersPolicyType", "AdminApprovedPreAuthorized")
        changes = {
            "admin_approved": permitted == "AdminApprovedPreAuthorized",
            "ip_relaxation": str(body.get("ipRelaxationPolicyType", app.ip_relaxation)).upper(),
        }
        if body.get("clientCredentialsFlowUser"):
            changes["run_as"] = body["clientCredentialsFlowUser"]
        if body.get("refreshTokenPolicyType"):
            changes["refresh_policy"] = _refresh_policy(body)
        _note_policy(store, app.entity_id, name, str(permitted))
    store.put_app(replace(app, **changes))


_REFRESH = {
    "Infinite": "infinite",
    "Zero": "zero",
    "SpecificLifetime": "specific_lifetime",
    "SpecificInactivity": "specific_inactivity",
}


def _refresh_policy(body: Mapping[str, Any]) -> str:
    """As ConnectedApp metadata spells it."""
    kind = _REFRESH.get(str(body["refreshTokenPolicyType"]), "infinite")
    if not kind.startswith("specific"):
        return kind
    unit = str(body.get("refreshTokenValidityUnit") or "Days").upper()
    return f"{kind}:{body.get('refreshTokenValidityPeriod') or 0}:{unit}"


def _note_policy(store: OrgStore, app_id: str, name: str, permitted: str) -> None:
    """The row by which queries see who may use the app."""
    values = {"PermittedUsersPolicyType": permitted}
    found = store.find("ExtlClntAppOauthPlcyCnfg", ExternalClientApplicationId=app_id)
    if found:
        store.update("ExtlClntAppOauthPlcyCnfg", str(found[0]["Id"]), values)
        return
    named = {"DeveloperName": f"{name}_oauthPlcy", "MasterLabel": f"{name}_oauthPlcy"}
    store.insert("ExtlClntAppOauthPlcyCnfg", [{**named, "ExternalClientApplicationId": app_id, **values}])


def _new(name: str, label: str, kind: Any, entity: str, config: Mapping[str, Any]) -> AppRecord:
    secret = str(config.get("consumerSecret") or secrets.token_hex(_SECRET_BYTES))
    return AppRecord(
        name=name,
        label=label,
        kind=kind,
        entity_id=entity,
        consumer_key=str(config.get("consumerKey") or f"3MVG9{secrets.token_urlsafe(_KEY_BYTES)}"),
        consumer_secret_hash=sha256(secret.encode()).hexdigest(),
        consumer_secret=secret if kind == "external-client-app" else None,
        # External client apps never knew the user-name-password flow (help article 000886201).
        flows=frozenset(
            {"web_server", "refresh_token"} | ({"password"} if kind == "connected-app" else set())
        ),
        admin_approved=False,
    )


def _pem(text: str) -> str:
    """A certificate as PEM, whether it came as one, as base64 of one (which is how it is read), or as bare base64."""
    if "-----BEGIN" in text:
        return text
    try:
        decoded = base64.b64decode(text, validate=False).decode("ascii")
    except ValueError:
        decoded = ""
    if "-----BEGIN" in decoded:
        return decoded
    return f"-----BEGIN CERTIFICATE-----\n{text.strip()}\n-----END CERTIFICATE-----\n"


def _named(store: OrgStore, full_name: str, consumer_key: object) -> AppRecord | None:
    for app in store.apps():
        if app.consumer_key == consumer_key or app.name == full_name:
            return app
    return None
