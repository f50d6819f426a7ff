"""Ready-made grants: object and field rights, and the sets of our own scanner and enforcer."""

from deployments.sandbox.schema import load_schema
from deployments.sandbox.seed.blueprint import Grants, Org
from deployments.sandbox.seed.names import DATA_OBJECTS, MANAGE_USERS_BUNDLE, TIER_0

SENSITIVE = (
    "Account.SSN__c", "Account.TaxID__c", "Account.CreditScore__c", "Account.AccountNumber",
    "Contact.SSN__c", "Contact.TaxID__c", "Contact.CreditScore__c",
    "Transaction__c.Iban__c", "KYC_Check__c.Document_Number__c",
)  # fmt: skip
SCANNER = {
    "ApiEnabled": "it works through the API",
    "ApiUserOnly": "nobody logs in as it",
    "ViewSetup": "profiles, sets, assignments, audit trail, limits",
    "CustomizeApplication": "OAuth grants of all users, custom settings, where secrets hide, and reading metadata",
    "ManageAuthProviders": "authentication providers and their consumer keys",
    "ManageTwoFactor": "which users have registered a second factor",
    "MonitorLoginHistory": "logins of all users",
    "ViewEventLogFiles": "event log files",
    "ExternalClientAppViewer": "external client apps and their policies",
    "ManageEncryptionKeys": "when tenant secrets were last rotated (there is no right to see them only)",
    "ViewAllUsers": "users outside its own role",
}
"""Each user permission of the scanner and why it needs it. It may not see all data, nor encrypted values."""
ENFORCER = frozenset({"ApiEnabled", "ApiUserOnly", "ViewSetup", "ViewAllUsers", "FreezeUsers"})
"""What the enforcer holds at all times: it looks, and it may freeze at once."""
ENFORCER_WRITES = frozenset({
    *MANAGE_USERS_BUNDLE, "ModifyMetadata", "CustomizeApplication",
    "ManageRemoteAccess", "ManageCertificates", "ResetPasswords", "ViewRoles", "ViewSetup",
    "ExternalClientAppAdmin", "ExternalClientAppDeveloper", "ViewClientSecret", "ClientSecretRotation",
    "ManageNamedCredentials", "ManageSessionPermissionSets", "ManageEncryptionKeys",
})  # fmt: skip
"""What sleeps until an approved change wakes it."""
MASKING_SET = "Bulkhead_Masking"
"""What the enforcer of a sandbox has beside: it reads and edits all records there. It sleeps like the other."""
ENFORCER_SETS = ("Bulkhead_Enforcer", "Bulkhead_Enforcer_Writes")


def field_grants(sobject: str, *, edit: bool = False, without: tuple[str, ...] = ()) -> dict[str, bool]:
    """Every field of an object that has field-level security."""
    return {
        f"{sobject}.{name}": edit
        for name, each in load_schema()[sobject].fields.items()
        if each.permissionable and f"{sobject}.{name}" not in without
    }


def data_grants(*, edit: bool, sensitive: bool, delete: bool = False) -> Grants:
    """Rights on all data objects, with or without their sensitive fields."""
    flags = {"Read"} | ({"Create", "Edit"} if edit else set()) | ({"Delete"} if delete else set())
    grants = Grants(objects={name: set(flags) for name in DATA_OBJECTS})
    for name in DATA_OBJECTS:
        grants.fields |= field_grants(name, edit=edit, without=() if sensitive else SENSITIVE)
    return grants


def sync_grants(sobject: str, fields: tuple[str, ...]) -> Grants:
    """What one sync needs: one object, its fields, nothing else."""
    schema = load_schema()[sobject]
    return Grants(
        permissions={"ApiEnabled", "ApiUserOnly"},
        objects={sobject: {"Read", "Create", "Edit"}},
        fields={f"{sobject}.{name}": True for name in fields if schema.fields[name].permissionable},
    )


def administrator_grants() -> Grants:
    grants = data_grants(edit=True, sensitive=True, delete=True)
    grants.permissions = {
        *TIER_0,
        *MANAGE_USERS_BUNDLE,
        "ApiEnabled",
        "ViewSetup",
        "ManageRemoteAccess",
        "ExportReport",
    }
    for flags in grants.objects.values():
        flags |= {"ViewAllRecords", "ModifyAllRecords"}
    return grants


def scanner_grants() -> Grants:
    """Reads every data object and field, because it samples values to find unprotected ones."""
    grants = data_grants(edit=False, sensitive=True)
    grants.permissions = set(SCANNER)
    return grants


def masking_grants() -> Grants:
    grants = data_grants(edit=True, sensitive=True)
    for flags in grants.objects.values():
        flags -= {"Create"}
        flags |= {"Delete", "ViewAllRecords", "ModifyAllRecords"}
    return grants


def holds(org: Org, username: str, permission: str) -> bool:
    """Whether the user has a permission by profile, set or group, with muting; expiry and activation aside."""
    return permission in standing_permissions(org, username)


def standing_permissions(org: Org, username: str) -> set[str]:
    found = set(org.profiles[org.users[username].profile].grants.permissions)
    for grant in org.assignments:
        if grant.username != username or grant.expires is not None:
            continue
        if grant.is_group:
            group = org.groups[grant.name]
            given = set().union(*(org.sets[name].grants.permissions for name in group.members))
            found |= given - group.muted
        elif not org.sets[grant.name].session_activated:
            found |= org.sets[grant.name].grants.permissions
    return found


def readable(org: Org, username: str) -> tuple[set[str], set[str]]:
    """Data objects and fields that the user may read, by standing rights."""
    permissions = standing_permissions(org, username)
    sources = [org.profiles[org.users[username].profile].grants]
    for grant in org.assignments:
        if grant.username == username and grant.expires is None:
            names = org.groups[grant.name].members if grant.is_group else [grant.name]
            sources += [org.sets[name].grants for name in names]
    objects = {name for grants in sources for name, flags in grants.objects.items() if "Read" in flags}
    if permissions & {"ViewAllData", "ModifyAllData"}:
        objects = set(DATA_OBJECTS)
    fields = {name for grants in sources for name in grants.fields if name.partition(".")[0] in objects}
    return objects, fields
