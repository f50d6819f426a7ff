"""An estate of two tiny orgs with one user for each kind of trouble, to be run with `python -m`."""

import base64
import json
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from deployments.sandbox.__main__ import main
from deployments.sandbox.clock import Clock
from deployments.sandbox.identity.passwords import password_hash
from deployments.sandbox.pki import KeyPair, Pki, signing_pair
from deployments.sandbox.schema import Schema, load_schema
from deployments.sandbox.state import write_json, write_whole
from deployments.sandbox.store import AppRecord, OrgStore

ORGS = {"hq": "meridian-hq.my.salesforce.com", "hq-uat": "meridian-hq--uat.sandbox.my.salesforce.com"}
CLERK_RIGHTS = ("ApiEnabled",)
ACCOUNTS = 2_500


def seed(root: Path, settings: dict[str, Any], pki: Pki, clock: Clock) -> None:
    pair = signing_pair("Miniature", now=datetime.now(UTC))
    inbound = pki.issue_client("miniature-client", now=datetime.now(UTC))
    write_whole(root / "keys" / "app.key", pair.private_key)
    write_whole(root / "keys" / "inbound.key", inbound.private_key)
    write_whole(root / "keys" / "inbound.pem", inbound.certificate)
    stranger = pki.issue_client("unlisted-client", now=datetime.now(UTC))
    write_whole(root / "keys" / "stranger.key", stranger.private_key)
    write_whole(root / "keys" / "stranger.pem", stranger.certificate)
    apps = []
    for alias, host in ORGS.items():
        _org(root / "orgs" / f"{alias}.sqlite", alias, host, clock, pair, inbound)
        apps.append(
            {
                "org": alias,
                "name": "Miniature",
                "flows": ["jwt"],
                "consumer_key": f"3MVG9.jwt.{alias}",
                "username": f"admin@{alias}.example",
                "private_key_file": str(root / "keys" / "app.key"),
            }
        )
    write_json(root / "clients.json", {"apps": apps})
    secret = {"Name": "bulkhead/hq/scanner", "SecretString": json.dumps({"consumerKey": "3MVG9.jwt.hq"})}
    call = {"service": "secretsmanager", "operation": "create_secret", "parameters": secret}
    ages = {
        "created": "2026-01-02T00:00:00+00:00",
        "last_changed": "2026-02-03T00:00:00+00:00",
        "last_rotated": None,
    }
    write_json(root / "aws-seed.json", {"calls": [call], "dates": {"bulkhead/hq/scanner": ages}})


def _org(path: Path, alias: str, host: str, clock: Clock, pair: KeyPair, inbound: KeyPair) -> None:
    store = OrgStore(path, load_schema(), clock)
    store.register(alias, host)
    store.install_schema()
    profiles = _profiles(store, store.schema)
    users = _users(store, alias, profiles)
    store.set_setting("automated_user", users["admin"])
    _apps(store, alias, pair, profiles, users)
    store.insert(
        "Account", ({"Name": f"Account {n:05d}", "OwnerId": users["admin"]} for n in range(ACCOUNTS))
    )
    _metadata(store, inbound)
    store.build_indexes()
    store.close()


def _profiles(store: OrgStore, schema: Schema) -> dict[str, tuple[str, str]]:
    """Profile id and id of the profile's own permission set, by name."""
    every = {name for name in schema["PermissionSet"].fields if name.startswith("Permissions")}
    mutual = "PermissionsEnforceMutualAuthentication"
    # Demands rather than rights: nobody's profile begins with them.
    demands = {mutual, "PermissionsTwoFactorApi", "PermissionsForceTwoFactor"}
    rights = {
        "System Administrator": every - demands,
        "Clerk": {f"Permissions{name}" for name in CLERK_RIGHTS},
        "Machine": {"PermissionsApiEnabled", "PermissionsViewAllData", mutual},
        "Visitor": set(),
    }
    found = {}
    for name, held in rights.items():
        profile = store.insert("Profile", [{"Name": name}])[0]
        own = {"Name": f"X{profile}", "Label": name, "IsOwnedByProfile": True, "ProfileId": profile}
        found[name] = (profile, store.insert("PermissionSet", [{**own, **dict.fromkeys(held, True)}])[0])
        store.put_metadata("Profile", name, {"custom": name != "System Administrator", "loginIpRanges": []})
    _all_fields(store, schema, found["System Administrator"][1])
    return found


def _all_fields(store: OrgStore, schema: Schema, set_id: str) -> None:
    """Modify All Data does not lift field-level security: an administrator writes the fields it was granted."""
    rights = {"ParentId": set_id, "PermissionsRead": True, "PermissionsEdit": True}
    store.insert(
        "FieldPermissions",
        (
            {**rights, "SobjectType": name, "Field": f"{name}.{field.name}"}
            for name, target in schema.objects.items()
            for field in target.fields.values()
            if field.permissionable
        ),
    )


def _users(store: OrgStore, alias: str, profiles: dict[str, tuple[str, str]]) -> dict[str, str]:
    wanted = {
        "admin": "System Administrator",
        "clerk": "Clerk",
        "machine": "Machine",
        "visitor": "Visitor",
        "frozen": "Clerk",
        "gone": "Clerk",
        "unapproved": "Clerk",
    }
    users = {}
    for name, profile in wanted.items():
        row = {
            "Username": f"{name}@{alias}.example",
            "LastName": name.title(),
            "Name": name.title(),
            "Alias": name[:8],
            "Email": f"{name}@meridian.example",
            "IsActive": name != "gone",
            "ProfileId": profiles[profile][0],
        }
        users[name] = store.insert("User", [row])[0]
        store.insert("UserLogin", [{"UserId": users[name], "IsFrozen": name == "frozen"}])
        store.put_credential(
            users[name], password_hash=password_hash("Passw0rd"), token="TOKEN", changed_at=store.clock.now()
        )
    return users


def _apps(
    store: OrgStore, alias: str, pair: KeyPair, profiles: dict[str, tuple[str, str]], users: dict[str, str]
) -> None:
    def app(
        kind: str, label: str, flows: set[str], *, run_as: str | None = None, approved: bool = True
    ) -> None:
        row = {"Name": label, "OptionsAllowAdminApprovedUsersOnly": approved}
        entity = store.insert("ConnectedApplication", [row])[0]
        for name in ("System Administrator", "Machine", "Visitor"):
            access = {"ParentId": profiles[name][1], "SetupEntityId": entity}
            store.insert("SetupEntityAccess", [{**access, "SetupEntityType": "ConnectedApplication"}])
        secret = sha256(b"app-secret").hexdigest()
        record = AppRecord(
            *(label, label, "connected-app", entity, f"3MVG9.{kind}.{alias}", secret),
            certificate_pem=pair.certificate,
            flows=frozenset(flows),
            run_as=run_as,
            admin_approved=approved,
            scopes=("api", "refresh_token"),
        )
        store.put_app(record)

    app("jwt", "Miniature", {"jwt"})
    app("open", "Open to all", {"jwt", "password", "refresh_token"}, approved=False)
    app("machine", "Nightly job", {"client_credentials"}, run_as=f"admin@{alias}.example")
    grant = {"AppName": "Open to all", "UserId": users["clerk"], "CreatedDate": store.clock.now()}
    refresh = sha256(b"refresh-me").hexdigest()
    store.insert("OauthToken", [{**grant, "AccessToken": refresh, "DeleteToken": "delete-me", "UseCount": 1}])
    admin = {"AppName": "Open to all", "UserId": users["admin"], "CreatedDate": store.clock.now()}
    store.insert("OauthToken", [{**admin, "AccessToken": "x", "DeleteToken": "y", "UseCount": 1}])


def _metadata(store: OrgStore, inbound: KeyPair) -> None:
    certificate = {
        "content": base64.b64encode(inbound.certificate.encode()).decode(),
        "expirationDate": "2099-01-01",
        "issuer": "Estate client CA",
        "masterLabel": "Miniature",
        "serialId": "1",
    }
    store.put_metadata("InboundCertificate", "Miniature", certificate)
    security = {
        "networkAccess": {"ipRanges": []},
        "passwordPolicies": {"minimumPasswordLength": "8"},
        "sessionSettings": {"enforceIpRangesEveryRequest": False, "lockSessionsToIp": False},
    }
    store.put_metadata("SecuritySettings", "Security", security)
    store.put_metadata("OauthOidcSettings", "OauthOidc", {"blockOAuthUnPwFlow": False})
    app = {
        "label": "Miniature",
        "oauthConfig": {"consumerKey": f"3MVG9.jwt.{store.alias}", "isAdminApproved": True},
    }
    store.put_metadata("ConnectedApp", "Miniature", {**app, "contactEmail": "it@meridian.example"})


if __name__ == "__main__":
    sys.exit(main(seeder=seed))
