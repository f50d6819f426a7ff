"""Reads one org's users, apps, credentials, certificates, grants and logins."""

from datetime import date
from typing import Any

from tasks.errors import IncompleteRead, OrgError
from tasks.inventory.apps_gateway import read_apps
from tasks.inventory.credentials_gateway import inbound_certificate, outbound_credential
from tasks.inventory.logins_gateway import read_logins
from tasks.inventory.model import AuthProvider, Certificate, OauthGrant, Package, RemoteSite, User
from tasks.permissions.tiers import TIER_0
from tasks.reading import Reading
from tasks.salesforce.gather import Gathering, held, moment, own_rights_query
from tasks.salesforce.metadata import list_metadata, read_metadata
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list

METADATA_RIGHT = "Modify Metadata Through Metadata API Functions"
GRANTS_CEILING = 2500
KINDS = (
    "ConnectedApp",
    "NamedCredential",
    "ExternalCredential",
    "InboundCertificate",
    "ExtlClntAppGlobalOauthSettings",
    "ExtlClntAppOauthConfigurablePolicies",
)
_GRANT_FIELDS = (
    "AppName, AppMenuItem.ApplicationId, UserId, CreatedDate, LastUsedDate, UseCount FROM OauthToken"
)
OWN_RIGHTS = ("CustomizeApplication", "ManageUsers", "MonitorLoginHistory")


def read_inventory(session: Session) -> Reading:
    """Sections: organization_id, users, apps, grants, outbound, auth_providers, remote_sites, certificates, …, logins."""
    into = Gathering(session)
    found = session.read_all(_queries(session))
    own = held(into.rows(found, "OwnRights", (), "View Setup"), OWN_RIGHTS)
    organization = into.rows(found, "Organization", ("organization_id",), "API Enabled")
    into.keep("organization_id", str(organization[0]["Id"]) if organization else "")
    users = _users(into, found)
    into.keep("users", users)
    _grants(into, found, own, users)
    _providers(into, found)
    _tooling(into)
    names = into.ask(
        ("outbound", "inbound_certificates"), METADATA_RIGHT, lambda: list_metadata(session, KINDS)
    ) or dict.fromkeys(KINDS, ())
    _credentials(into, names)
    read_apps(into, found, names)
    read_logins(into, found, own)
    return into.reading()


def _queries(session: Session) -> dict[str, str]:
    return {
        "Organization": "SELECT Id, Name, IsSandbox, OrganizationType FROM Organization",
        "User": "SELECT Id, Username, IsActive, UserType, ProfileId, LastLoginDate, LastPasswordChangeDate FROM User",
        "UserLogin": "SELECT UserId FROM UserLogin WHERE IsFrozen = true",
        "Profile": "SELECT Id, Name, UserLicense.Name FROM Profile",
        "OwnRights": own_rights_query(session.connection.username, OWN_RIGHTS),
        "ConnectedApplication": "SELECT Id, Name, CreatedDate, OptionsAllowAdminApprovedUsersOnly FROM ConnectedApplication",
        "ExternalClientApplication": "SELECT Id, MasterLabel, DeveloperName, CreatedDate FROM ExternalClientApplication",
        "ExtlClntAppOauthPlcyCnfg": "SELECT ExternalClientApplicationId, PermittedUsersPolicyType FROM ExtlClntAppOauthPlcyCnfg",
        "AuthProvider": "SELECT DeveloperName, ProviderType, ConsumerKey, TokenUrl, ExecutionUserId FROM AuthProvider",
        "OauthToken": f"SELECT {_GRANT_FIELDS}",
        "Machines": "SELECT UserId, COUNT(Id) n FROM LoginHistory WHERE LoginTime = LAST_N_DAYS:120 AND LoginType IN "
        "('Other Apex API', 'Remote Access 2.0', 'Remote Access Client', 'Partner Product') GROUP BY UserId",
        "Administrators": "SELECT AssigneeId FROM PermissionSetAssignment WHERE Assignee.IsActive = true AND ("
        + " OR ".join(f"PermissionSet.Permissions{name} = true" for name in sorted(TIER_0))
        + ")",
    }


def _users(into: Gathering, found: dict[str, Any]) -> tuple[User, ...]:
    profiles = {row["Id"]: row for row in into.rows(found, "Profile", ("users",), "View Setup")}
    frozen = {row["UserId"] for row in into.rows(found, "UserLogin", ("users",), "Manage Users")}
    return tuple(
        User(
            id=row["Id"],
            username=row["Username"],
            active=bool(row["IsActive"]),
            frozen=row["Id"] in frozen,
            user_type=row["UserType"] or "",
            profile_id=row["ProfileId"] or "",
            profile_name=str(profiles.get(row["ProfileId"], {}).get("Name") or ""),
            license_name=str((profiles.get(row["ProfileId"], {}).get("UserLicense") or {}).get("Name") or ""),
            last_login=moment(row["LastLoginDate"]),
            last_password_change=moment(row["LastPasswordChangeDate"]),
        )
        for row in into.rows(found, "User", ("users",), "View Setup")
    )


def _grants(into: Gathering, found: dict[str, Any], own: set[str], users: tuple[User, ...]) -> None:
    """Without Customize Application a user sees own grants only, without any error: absence is then no evidence."""
    if "CustomizeApplication" not in own:
        into.gap(
            "grants", "only the scanner's own tokens are visible; all of them need Customize Application"
        )
        return
    if _over_the_ceiling(found["OauthToken"]):
        rows = _all_grants(into, users)
    else:
        rows = into.rows(found, "OauthToken", ("grants",), "Customize Application")
    into.keep(
        "grants",
        tuple(
            OauthGrant(
                app_name=row["AppName"] or "",
                app_id=(row.get("AppMenuItem") or {}).get("ApplicationId"),
                user_id=row["UserId"],
                created=moment(row["CreatedDate"]),
                last_used=moment(row["LastUsedDate"]),
                use_count=int(row["UseCount"] or 0),
            )
            for row in rows
        ),
    )


def _over_the_ceiling(answer: list[Row] | OrgError) -> bool:
    """2,500 rows, whether the org counts the others too or not."""
    return isinstance(answer, IncompleteRead) or (isinstance(answer, list) and len(answer) >= GRANTS_CEILING)


def _all_grants(into: Gathering, users: tuple[User, ...]) -> list[Row]:
    """A query gives 2,500 tokens at most and says no more, so users are asked for in parts, halved until each is below."""
    rows: list[Row] = []
    parts = [list(part) for part in chunks([user.id for user in users], 256)]
    while parts:
        asked = {f"OauthToken {index}": part for index, part in enumerate(parts)}
        answers = into.session.read_all(
            {name: f"SELECT {_GRANT_FIELDS} WHERE UserId IN {in_list(part)}" for name, part in asked.items()}
        )
        parts = []
        for name, part in asked.items():
            if not _over_the_ceiling(answers[name]):
                rows += into.rows(answers, name, ("grants",), "Customize Application")
            elif len(part) > 1:
                parts += [part[: len(part) // 2], part[len(part) // 2 :]]
            else:
                into.gap("grants", "one user holds more tokens than a query can give")
    return rows


def _providers(into: Gathering, found: dict[str, Any]) -> None:
    needs = "Customize Application and Manage Auth. Providers"
    into.keep(
        "auth_providers",
        tuple(
            AuthProvider(
                name=row["DeveloperName"],
                provider_type=row["ProviderType"] or "",
                consumer_key=row["ConsumerKey"],
                token_url=row["TokenUrl"],
                execution_user_id=row["ExecutionUserId"],
            )
            for row in into.rows(found, "AuthProvider", ("auth_providers", "outbound"), needs)
        ),
    )


def _tooling(into: Gathering) -> None:
    package = "SubscriberPackage.Name, SubscriberPackage.NamespacePrefix"
    version = "SubscriberPackageVersion.MajorVersion, SubscriberPackageVersion.MinorVersion"
    found = into.session.read_all(
        {
            "RemoteProxy": "SELECT SiteName, EndpointUrl, IsActive, ProtocolMismatch FROM RemoteProxy",
            "Certificate": "SELECT DeveloperName, MasterLabel, CreatedDate, ExpirationDate, KeySize, OptionsIsCaSigned, "
            "OptionsIsPrivateKeyExportable FROM Certificate",
            "InstalledSubscriberPackage": f"SELECT Id, {package}, {version} FROM InstalledSubscriberPackage",
        },
        tooling=True,
    )
    into.keep(
        "remote_sites",
        tuple(
            RemoteSite(
                name=row["SiteName"],
                url=row["EndpointUrl"] or "",
                active=bool(row["IsActive"]),
                protocol_security_disabled=bool(row["ProtocolMismatch"]),
            )
            for row in into.rows(found, "RemoteProxy", ("remote_sites",), "Customize Application")
        ),
    )
    into.keep(
        "certificates",
        tuple(_certificate(row) for row in into.rows(found, "Certificate", ("certificates",), "View Setup")),
    )
    into.keep(
        "packages",
        tuple(
            _package(row)
            for row in into.rows(found, "InstalledSubscriberPackage", ("packages",), "View Setup")
        ),
    )


def _certificate(row: Row) -> Certificate:
    expires = row["ExpirationDate"]
    return Certificate(
        name=row["DeveloperName"],
        label=row["MasterLabel"] or "",
        created=moment(row["CreatedDate"]),
        expires=date.fromisoformat(str(expires)[:10]) if expires else None,
        key_size=int(row["KeySize"]) if row["KeySize"] else None,
        ca_signed=bool(row["OptionsIsCaSigned"]),
        private_key_exportable=bool(row["OptionsIsPrivateKeyExportable"]),
    )


def _package(row: Row) -> Package:
    package, version = row.get("SubscriberPackage") or {}, row.get("SubscriberPackageVersion") or {}
    return Package(
        name=package.get("Name") or "",
        namespace=package.get("NamespacePrefix"),
        version=f"{version.get('MajorVersion', 0)}.{version.get('MinorVersion', 0)}",
    )


def _credentials(into: Gathering, names: dict[str, tuple[str, ...]]) -> None:
    session = into.session
    named = into.ask(
        ("outbound",),
        METADATA_RIGHT,
        lambda: read_metadata(session, "NamedCredential", names["NamedCredential"]),
    )
    external = into.ask(
        ("outbound",),
        METADATA_RIGHT,
        lambda: read_metadata(session, "ExternalCredential", names["ExternalCredential"]),
    )
    inbound = into.ask(
        ("inbound_certificates",),
        METADATA_RIGHT,
        lambda: read_metadata(session, "InboundCertificate", names["InboundCertificate"]),
    )
    into.keep("outbound", tuple(outbound_credential(c, external or {}) for c in (named or {}).values()))
    into.keep("inbound_certificates", tuple(inbound_certificate(c) for c in (inbound or {}).values()))
