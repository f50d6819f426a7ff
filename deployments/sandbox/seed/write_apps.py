"""From blueprint to rows and metadata: apps, grants, and the credentials that orgs hold for one another."""

import base64
import json
from collections.abc import Mapping
from hashlib import sha256

from deployments.sandbox.seed.blueprint import App, Blueprint, Connection, Org, OutsideCredential, text
from deployments.sandbox.seed.keys import KeyRing, certificate_of
from deployments.sandbox.store import AppRecord, OrgStore

Ids = Mapping[str, str]
_CALLBACK = "https://gateway.meridian.example/callback"
_KIND = {"connected-app": "ConnectedApplication", "external-client-app": "ExternalClientApplication"}


def write_apps(store: OrgStore, plan: Blueprint, org: Org, ring: KeyRing) -> dict[str, str]:
    """Ids of apps by name."""
    ids: dict[str, str] = {}
    for app in org.apps.values():
        if app.kind == "connected-app":
            row = {"Name": app.name, "OptionsAllowAdminApprovedUsersOnly": app.admin_approved}
            ids[app.name] = store.insert("ConnectedApplication", [row | {"CreatedDate": plan.ago(200)}])[0]
            store.put_metadata("ConnectedApp", app.name, _connected_app(app, ring, org))
        else:
            ids[app.name] = _external_client_app(store, plan, app)
            _external_client_metadata(store, app, ring, org)
        store.put_app(_record(app, ids[app.name], certificate_of(ring, org, app.name)))
        menu = {"Name": app.name, "Label": app.name, "Type": _KIND[app.kind], "ApplicationId": ids[app.name]}
        store.insert("AppMenuItem", [menu | {"IsUsingAdminAuthorization": app.admin_approved}])
    return ids


def _record(app: App, entity_id: str, certificate: str | None) -> AppRecord:
    secret = app.consumer_secret
    return AppRecord(
        name=app.name,
        label=app.name,
        kind=app.kind,
        entity_id=entity_id,
        consumer_key=app.consumer_key,
        consumer_secret_hash=sha256(secret.encode()).hexdigest() if secret else None,
        consumer_secret=secret if app.kind == "external-client-app" else None,
        certificate_pem=certificate,
        flows=app.flows,
        run_as=app.run_as,
        admin_approved=app.admin_approved,
        ip_relaxation=app.ip_relaxation,
        scopes=tuple(app.scopes),
        callback_urls=(_CALLBACK,) if app.kind == "connected-app" else (),
        # Tokens that were given are used for years; a policy that ends them would have ended them long ago.
        refresh_policy="infinite" if app.granted_to else app.refresh_policy,
    )


def _connected_app(app: App, ring: KeyRing, org: Org) -> dict[str, object]:
    oauth: dict[str, object] = {
        "callbackUrl": _CALLBACK,
        "consumerKey": app.consumer_key,
        "isAdminApproved": app.admin_approved,
        "isClientCredentialEnabled": "client_credentials" in app.flows,
        "scopes": list(app.scopes),
    }
    if (certificate := certificate_of(ring, org, app.name)) is not None:
        oauth["certificate"] = base64.b64encode(certificate.encode()).decode()
    if app.run_as:
        oauth["oauthClientCredentialUser"] = app.run_as
    policy = {"ipRelaxation": app.ip_relaxation, "refreshTokenPolicy": app.refresh_policy}
    contact = "integration@meridian.example"
    return {"label": app.name, "contactEmail": contact, "oauthConfig": oauth, "oauthPolicy": policy}


def _external_client_app(store: OrgStore, plan: Blueprint, app: App) -> str:
    row = {"DeveloperName": app.name, "MasterLabel": app.name, "CreatedDate": plan.ago(200)}
    app_id = store.insert("ExternalClientApplication", [row])[0]
    policy = {
        "DeveloperName": f"{app.name}_oauthPlcy",
        "MasterLabel": f"{app.name}_oauthPlcy",
        "ExternalClientApplicationId": app_id,
        "PermittedUsersPolicyType": "AdminApprovedPreAuthorized"
        if app.admin_approved
        else "AllSelfAuthorized",
    }
    store.insert("ExtlClntAppOauthPlcyCnfg", [policy])
    return app_id


def _external_client_metadata(store: OrgStore, app: App, ring: KeyRing, org: Org) -> None:
    owner = {"externalClientApplication": app.name}
    head = {"label": app.name, "contactEmail": "integration@meridian.example", "distributionState": "Local"}
    store.put_metadata("ExternalClientApplication", app.name, head)
    shared: dict[str, object] = {
        **owner,
        "label": f"{app.name}_glbloauth",
        "callbackUrl": "https://gateway.meridian.example/callback",
        "consumerKey": app.consumer_key,
        "isClientCredentialsFlowEnabled": "client_credentials" in app.flows,
        "isNamedUserJwtEnabled": False,
    }
    if (certificate := certificate_of(ring, org, app.name)) is not None:
        shared["certificate"] = base64.b64encode(certificate.encode()).decode()
    store.put_metadata("ExtlClntAppGlobalOauthSettings", f"{app.name}_glbloauth", shared)
    scopes = {**owner, "label": f"{app.name}_oauth", "commaSeparatedOauthScopes": ",".join(app.scopes)}
    store.put_metadata("ExtlClntAppOauthSettings", f"{app.name}_oauth", scopes)
    kind, _, period = app.refresh_policy.partition(":")
    policies: dict[str, object] = {
        **owner,
        "label": f"{app.name}_oauthPlcy",
        "ipRelaxationPolicyType": app.ip_relaxation.capitalize(),
        "permittedUsersPolicyType": "AdminApprovedPreAuthorized"
        if app.admin_approved
        else "AllSelfAuthorized",
        "refreshTokenPolicyType": "".join(part.capitalize() for part in kind.split("_")),
    }
    if period:
        number, _, unit = period.partition(":")
        policies |= {"refreshTokenValidityPeriod": number, "refreshTokenValidityUnit": unit.capitalize()}
    if app.run_as:
        policies["clientCredentialsFlowUser"] = app.run_as
    store.put_metadata("ExtlClntAppOauthConfigurablePolicies", f"{app.name}_oauthPlcy", policies)


def write_access(store: OrgStore, org: Org, apps: Ids, sets: Ids, owned: Ids) -> None:
    """Which sets and profiles admit their holders to which apps."""
    pairs = [(owned[p.name], p.grants.apps) for p in org.profiles.values()]
    pairs += [(sets[s.name], s.grants.apps) for s in org.sets.values()]
    rows = [
        {"ParentId": parent, "SetupEntityId": apps[name], "SetupEntityType": _KIND[org.apps[name].kind]}
        for parent, names in pairs
        for name in sorted(names)
    ]
    store.insert("SetupEntityAccess", rows)


def write_oauth_grants(store: OrgStore, plan: Blueprint, org: Org, users: Ids) -> None:
    menu = {str(row["Name"]): str(row["Id"]) for row in store.find("AppMenuItem")}
    rows = []
    for app in org.apps.values():
        for username in app.granted_to:
            token = f"5Aep{text(org.rng)}"
            plan.canaries.append(token)
            app.refresh_tokens[username] = token
            row = {
                "AccessToken": sha256(token.encode()).hexdigest(),
                "AppMenuItemId": menu[app.name],
                "AppName": app.name,
                "CreatedDate": plan.ago(45),
                "DeleteToken": f"del{text(org.rng)}",
                "LastUsedDate": plan.ago(0.2),
                "UseCount": org.rng.randint(50, 900),
                "UserId": users[username],
            }
            rows.append(row)
    store.insert("OauthToken", rows)


def write_credentials(store: OrgStore, plan: Blueprint, org: Org) -> None:
    """The named credentials, external credentials and authentication providers that this org holds."""
    for connection in plan.connections:
        if connection.source != org.alias or connection.holder == "secrets-manager":
            continue
        target = plan.orgs[connection.target]
        port = "" if connection.port == 443 else f":{connection.port}"
        url = f"https://{target.host}{port}"
        key = target.apps[connection.app].consumer_key if connection.app else None
        if connection.provider:
            _write_provider(store, plan, connection, target, key)
        if connection.holder == "legacy-named-credential":
            body = _legacy(connection, target, url, key)
        else:
            body = _secured(connection, url)
            _write_external_credential(store, connection, target, key)
        _write_named_credential(store, connection.name, url, body)
    for outside in org.outside:
        _write_named_credential(store, outside.name, outside.url, _outside(outside))


def _write_named_credential(store: OrgStore, name: str, url: str, body: dict[str, object]) -> None:
    label = name.replace("_", " ")
    store.insert("NamedCredential", [{"DeveloperName": name, "MasterLabel": label, "Endpoint": url}])
    store.put_metadata("NamedCredential", name, {"label": label, **body})


def _secured(connection: Connection, url: str) -> dict[str, object]:
    parameters: list[dict[str, str]] = [
        {"parameterName": "Url", "parameterType": "Url", "parameterValue": url},
        {"parameterType": "Authentication", "externalCredential": f"{connection.name}_Auth"},
    ]
    if connection.client_certificate:
        parameters.append(
            {"parameterType": "ClientCertificate", "certificate": connection.client_certificate}
        )
    return {
        "allowMergeFieldsInBody": False,
        "allowMergeFieldsInHeader": False,
        "calloutStatus": "Enabled",
        "generateAuthorizationHeader": True,
        "namedCredentialType": "SecuredEndpoint",
        "namedCredentialParameters": parameters,
    }


def _legacy(connection: Connection, target: Org, url: str, key: str | None) -> dict[str, object]:
    body: dict[str, object] = {
        "namedCredentialType": "Legacy",
        "endpoint": url,
        "principalType": "NamedUser",
        "generateAuthorizationHeader": True,
    }
    if connection.client_certificate:
        body["certificate"] = connection.client_certificate
    if connection.flow == "password":
        return body | {"protocol": "Password", "username": connection.user, "password": "********"}
    return body | {
        "protocol": "JwtExchange",
        "jwtIssuer": key or "",
        "jwtTextSubject": connection.user,
        "jwtSigningCertificate": connection.certificate or "",
        "jwtAudience": f"https://{target.host}",
        "authTokenEndpointUrl": f"{url}/services/oauth2/token",
    }


def _outside(outside: OutsideCredential) -> dict[str, object]:
    body: dict[str, object] = {
        "namedCredentialType": "Legacy",
        "endpoint": outside.url,
        "principalType": "NamedUser",
    }
    if outside.username is None:
        return body | {"protocol": "NoAuthentication", "principalType": "Anonymous"}
    return body | {"protocol": "Password", "username": outside.username, "password": "********"}


def _write_external_credential(store: OrgStore, connection: Connection, target: Org, key: str | None) -> None:
    name = f"{connection.name}_Auth"
    variants = {"jwt": "JwtBearer", "client-credentials": "ClientCredentialsClientSecret"}
    parameters: list[dict[str, str]] = []
    if connection.flow in variants:
        variant = {"parameterName": "Oauth", "parameterType": "AuthProtocolVariant"}
        parameters.append(variant | {"parameterValue": variants[connection.flow]})
        token = f"https://{target.host}/services/oauth2/token"
        parameters.append(
            {"parameterName": "AuthProviderUrl", "parameterType": "AuthProviderUrl", "parameterValue": token}
        )
    if connection.flow == "jwt":
        for claim, value in (("iss", key), ("sub", connection.user), ("aud", f"https://{target.host}")):
            claimed = {"parameterName": claim, "parameterType": "JwtBodyClaim", "parameterValue": value or ""}
            parameters.append(claimed)
        signer = {"parameterName": "SigningCertificate", "parameterType": "SigningCertificate"}
        parameters.append(signer | {"certificate": connection.certificate or ""})
    elif connection.flow == "client-credentials":
        client = {"parameterName": "ClientId", "parameterType": "AuthParameter", "parameterValue": key or ""}
        parameters.append(client)
        _keep_secret(store, f"{name}:Sync", target.apps[str(connection.app)])
    else:
        provider = {"parameterName": "AuthProvider", "parameterType": "AuthProvider"}
        parameters.append(provider | {"authProvider": connection.provider or ""})
    principal = {"parameterName": "Sync", "parameterType": "NamedPrincipal", "sequenceNumber": "1"}
    parameters.append({"parameterGroup": "Sync", **principal})
    label = name.replace("_", " ")
    store.insert(
        "ExternalCredential",
        [{"DeveloperName": name, "MasterLabel": label, "AuthenticationProtocol": "Oauth"}],
    )
    body = {"label": label, "authenticationProtocol": "Oauth", "externalCredentialParameters": parameters}
    store.put_metadata("ExternalCredential", name, body)


def _keep_secret(store: OrgStore, principal: str, app: App) -> None:
    """As the Connect REST API keeps what somebody entered for a principal."""
    values = {"clientId": (app.consumer_key, False), "clientSecret": (app.consumer_secret, True)}
    kept = {
        part: {"value": value, "encrypted": encrypted, "revision": 1}
        for part, (value, encrypted) in values.items()
    }
    store.set_setting(f"credential:{principal}", json.dumps(kept))


def _write_provider(
    store: OrgStore, plan: Blueprint, connection: Connection, target: Org, key: str | None
) -> None:
    host = f"https://{target.host}/services/oauth2"
    row = {
        "DeveloperName": connection.provider,
        "FriendlyName": connection.provider,
        "ProviderType": "Salesforce",
        "ConsumerKey": key,
        "AuthorizeUrl": f"{host}/authorize",
        "TokenUrl": f"{host}/token",
        "DefaultScopes": "api refresh_token",
        "CreatedDate": plan.ago(60),
    }
    store.insert("AuthProvider", [row])
