"""How dangerous each user permission is: tier 0 opens the whole org, tier 1 a way to get there or round a control."""

TIER_0 = frozenset(
    {
        "ModifyAllData",
        "ViewAllData",
        "ManageUsers",
        "AuthorApex",
        "CustomizeApplication",
        "ModifyMetadata",
        "ManageProfilesPermissionsets",
        "AssignPermissionSets",
    }
)
"""Whoever holds one of these owns the org, or is one step from owning it."""

TIER_1 = frozenset(
    {
        "ViewAllFieldsGlobal",
        "ManageInternalUsers",
        "ManageInteraction",
        "ManageSharing",
        "ManageRoles",
        "ResetPasswords",
        "ManageRemoteAccess",
        "ExternalClientAppAdmin",
        "ViewClientSecret",
        "ManageNamedCredentials",
        "ManageAuthProviders",
        "ManageCertificates",
        "ManageIpAddresses",
        "ManageLoginAccessPolicies",
        "ManagePasswordPolicies",
        "ManageTwoFactor",
        "DelegatedTwoFactor",
        "BypassMFAForUiLogins",
        "DataExport",
        "BulkApiHardDelete",
        "QueryAllFiles",
        "DeleteEventMonitoringData",
        "ManageSessionPermissionSets",
        "ViewAllCustomSettings",
        "ManageSandboxes",
        "PasswordNeverExpires",
    }
)

HOPPING = frozenset({"AuthorApex", "ModifyMetadata"})
"""Rights that let a caller run the org's own outbound credentials."""

LABELS = {
    "ModifyAllData": "Modify All Data",
    "ViewAllData": "View All Data",
    "ManageUsers": "Manage Users",
    "AuthorApex": "Author Apex",
    "CustomizeApplication": "Customize Application",
    "ModifyMetadata": "Modify Metadata Through Metadata API Functions",
    "ManageProfilesPermissionsets": "Manage Profiles and Permission Sets",
    "AssignPermissionSets": "Assign Permission Sets",
    "ViewAllFieldsGlobal": "View All Fields (Global)",
    "ManageInternalUsers": "Manage Internal Users",
    "ManageInteraction": "Manage Flow",
    "ManageSharing": "Manage Sharing",
    "ResetPasswords": "Reset User Passwords and Unlock Users",
    "ManageRemoteAccess": "Manage Connected Apps",
    "ManageTwoFactor": "Manage Multi-Factor Authentication in API",
    "DelegatedTwoFactor": "Manage Multi-Factor Authentication in User Interface",
    "BypassMFAForUiLogins": "Waive Multi-Factor Authentication for Exempt Users",
    "DataExport": "Weekly Data Export",
    "BulkApiHardDelete": "Bulk API Hard Delete",
    "QueryAllFiles": "Query All Files",
    "DeleteEventMonitoringData": "Delete Event Monitoring Records",
    "PasswordNeverExpires": "Password Never Expires",
    "ApiUserOnly": "Api Only User",
    "FreezeUsers": "Freeze Users",
}


def tier(permission: str) -> int:
    """0 or 1 for the dangerous ones, 2 for all others."""
    return 0 if permission in TIER_0 else 1 if permission in TIER_1 else 2


def label(permission: str) -> str:
    """The words Setup shows for a permission, or its API name when we have none."""
    return LABELS.get(permission, permission)
