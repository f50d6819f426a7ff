"""
Which user permissions hand over an org, and which are merely dangerous.

Tier 0 follows the full-compromise list of the public hardening checks for Salesforce and Salesforce's own list of
privileged permissions (Modify All Data, View All Data, Customize Application, Author Apex).
"""

from typing import Final

TIER_0: Final = frozenset(
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

TIER_1: Final = frozenset(
    {
        "ViewAllFieldsGlobal",
        "ManageInternalUsers",
        "ResetPasswords",
        "ManageSharing",
        "ManageRemoteAccess",
        "ManageAuthProviders",
        "ManageCertificates",
        "ManageNamedCredentials",
        "ManageTwoFactor",
        "ManageSessionPermissionSets",
        "ViewClientSecret",
        "UseAnyApiClient",
        "DataExport",
        "BulkApiHardDelete",
        "DeleteEventMonitoringData",
        "CanDoActAsUser",
        "PasswordNeverExpires",
        "BypassMFAForUiLogins",
        "ManageIpAddresses",
        "ManageLoginAccessPolicies",
        "ManageEncryptionKeys",
    }
)

RUNS_CODE: Final = frozenset({"AuthorApex", "ModifyMetadata"})
"""With one of these a user can make the org call out with any credential it holds."""


def tier(permission: str) -> int:
    """0 hands over the org, 1 weakens its defences, 2 is everything else."""
    return 0 if permission in TIER_0 else 1 if permission in TIER_1 else 2
