"""
What our own identities may do in an org, right by right, and what somebody gave them beyond. Pure.

These tables are the only place that says so: the permission sets that customers deploy are written from them
(`python -m deployments.docs`), the install guide prints them, `bulkhead doctor` and ZT-22 hold the identities against them.
"""

from collections.abc import Collection, Mapping
from typing import Final

from tasks.permissions.model import ObjectRights
from tasks.permissions.tiers import TIER_0, TIER_1
from tasks.value import Value

_MANAGE_USERS: Final = "the platform refuses Manage Users without it"


class OwnSet(Value):
    """One permission set of ours. `rights` maps each user permission to what fails, or is not seen, without it."""

    name: str
    label: str
    description: str
    sleeps: bool = False
    """Session activation required: it gives nothing until an approved change wakes it."""
    rights: Mapping[str, str]


SCANNER: Final = OwnSet(
    name="Bulkhead_Scanner",
    label="Bulkhead Scanner",
    description="Reads set-up. Bulkhead's session with it refuses every request that could write, before it is sent.",
    rights={
        "ApiEnabled": "nothing can be read: every request is refused",
        "ApiUserOnly": "nothing is missing, but whoever had its key could also open Setup in a browser",
        "CustomizeApplication": "metadata, custom settings and the OAuth tokens of others; no right that only reads shows them",
        "ExternalClientAppViewer": "External Client Apps and who may use them",
        "ManageAuthProviders": "authentication providers and their consumer keys",
        "ManageEncryptionKeys": "when tenant secrets were made; there is no right that only shows it",
        "ManageTwoFactor": "which users have registered a second factor",
        "MonitorLoginHistory": "sign-ins of others",
        "ViewAllUsers": "users outside its own part of the role hierarchy, where an org keeps users private",
        "ViewEventLogFiles": "event log files",
        "ViewSetup": "profiles, sets, assignments, certificates, code and the audit trail",
    },
)
SCANNER_MORE: Final[Mapping[str, str]] = {
    "AccessDataMaskAndSeed": "policies of Data Mask, in sandboxes that have it",
    "QueryAllFiles": "files that others own, for backups of them",
    "ViewRealTimeEventMonitoringData": "stored real-time events, in orgs with Event Monitoring or Shield",
}
"""What the scanner may hold beside, where that is wanted: orgs without the licence refuse a set that names it."""
ENFORCER: Final = OwnSet(
    name="Bulkhead_Enforcer",
    label="Bulkhead Enforcer",
    description="Looks, and may freeze a user at once. What changes more sleeps in Bulkhead_Enforcer_Writes.",
    rights={
        "ApiEnabled": "nothing can be read or written: every request is refused",
        "ApiUserOnly": "nothing is missing, but whoever had its key could also open Setup in a browser",
        "FreezeUsers": "an alert could not be contained before other rights are awake",
        "ViewAllUsers": "users outside its own part of the role hierarchy could not be looked at before a change",
        "ViewSetup": "what is to be changed could not be read before and after",
    },
)
ENFORCER_WRITES: Final = OwnSet(
    name="Bulkhead_Enforcer_Writes",
    label="Bulkhead Enforcer, asleep",
    description="Writes what an approved plan or grant says. It wakes for that alone, in a session that ends with it.",
    sleeps=True,
    rights={
        "AssignPermissionSets": "sets could not be given or taken: plans of rights, access for hours, containment",
        "ClientSecretRotation": "keys and secrets of apps could not be rotated",
        "CustomizeApplication": "settings, encryption schemes and remote sites could not be written, others' tokens not be found",
        "DelegatedTwoFactor": _MANAGE_USERS,
        "ExternalClientAppAdmin": "policies of External Client Apps could not be tightened",
        "ExternalClientAppDeveloper": "credentials of External Client Apps could not be staged",
        "FreezeUsers": _MANAGE_USERS,
        "ManageCertificates": "certificates for mutual TLS and key pairs that an org makes could not be put there",
        "ManageEncryptionKeys": "tenant secrets could not be made, archived or destroyed",
        "ManageInternalUsers": _MANAGE_USERS,
        "ManageIpAddresses": _MANAGE_USERS,
        "ManageLoginAccessPolicies": _MANAGE_USERS,
        "ManageNamedCredentials": "what other orgs hold of a rotated secret could not be brought up to date",
        "ManagePasswordPolicies": _MANAGE_USERS,
        "ManageProfilesPermissionsets": "sets and profiles could not be written",
        "ManageRemoteAccess": "policies of connected apps could not be tightened, nor an app be shut",
        "ManageRoles": _MANAGE_USERS,
        "ManageSessionPermissionSets": "what a killed process left awake could not be put to sleep",
        "ManageSharing": _MANAGE_USERS,
        "ManageUsers": "users could not be made, deactivated or given a profile, nor their sessions be ended",
        "ModifyMetadata": "nothing could be deployed: profiles, settings, apps, certificates",
        "MonitorLoginHistory": _MANAGE_USERS,
        "ResetPasswords": "passwords could not be rotated, where nothing better than a password exists",
        "ViewAllUsers": _MANAGE_USERS,
        "ViewClientSecret": "a staged credential could not be fetched into the secrets manager",
        "ViewRoles": "the platform refuses Reset User Passwords without it",
        "ViewSetup": "the platform refuses Reset User Passwords without it",
    },
)
SETS: Final = (SCANNER, ENFORCER, ENFORCER_WRITES)
STANDING: Final[Mapping[str, frozenset[str]]] = {
    "scanner": frozenset(SCANNER.rights) | frozenset(SCANNER_MORE),
    "enforcer": frozenset(ENFORCER.rights),
}
"""What each identity may hold at all times."""
_HARMFUL: Final = TIER_0 | TIER_1 | {"ViewEncryptedData"}
ASKED_ABOUT: Final = _HARMFUL.union(*(own.rights for own in SETS))
"""User permissions that say whether an identity is as it should be."""


def beyond(role: str, held: Collection[str]) -> tuple[str, ...]:
    """
    User permissions that an identity holds at all times and does not need, by name. `role` is `scanner` or `enforcer`.

    Only those that could do harm (tiers 0 and 1, and encrypted data in the clear): profiles give dozens of others, such as
    Run Reports, that open nothing to a user without rights on objects.
    """
    return tuple(sorted(_HARMFUL & set(held) - STANDING[role]))


def writable(objects: Mapping[str, ObjectRights]) -> tuple[str, ...]:
    """Objects whose records an identity may change at all times; neither of ours needs any."""
    return tuple(
        sorted(
            name
            for name, held in objects.items()
            if held.create or held.edit or held.delete or held.modify_all
        )
    )
