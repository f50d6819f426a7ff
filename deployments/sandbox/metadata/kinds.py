"""Which metadata types the orgs know, and how each is laid out on the wire and in a package."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One metadata type as describeMetadata lists it."""

    name: str
    folder: str
    suffix: str
    meta_file: bool = False


SETTINGS = "Settings"
KINDS = {
    kind.name: kind
    for kind in (
        Kind("Certificate", "certs", "crt", meta_file=True),
        Kind("ConnectedApp", "connectedApps", "connectedApp"),
        Kind("CustomField", "objects", "field"),
        Kind("CustomObject", "objects", "object"),
        Kind("ExternalClientApplication", "externalClientApps", "eca"),
        Kind("ExternalCredential", "externalCredentials", "externalCredential"),
        Kind("ExtlClntAppConfigurablePolicies", "extlClntAppPolicies", "ecaPlcy"),
        Kind("ExtlClntAppGlobalOauthSettings", "extlClntAppGlobalOauthSets", "ecaGlblOauth"),
        Kind("ExtlClntAppOauthConfigurablePolicies", "extlClntAppOauthPolicies", "ecaOauthPlcy"),
        Kind("ExtlClntAppOauthSecuritySettings", "extlClntAppOauthSecuritySettings", "ecaOauthSecurity"),
        Kind("ExtlClntAppOauthSettings", "extlClntAppOauthSettings", "ecaOauth"),
        Kind("InboundCertificate", "inboundCertificates", "inboundCertificate", meta_file=True),
        Kind("NamedCredential", "namedCredentials", "namedCredential"),
        Kind("PermissionSet", "permissionsets", "permissionset"),
        Kind("Profile", "profiles", "profile"),
        Kind("ProfilePasswordPolicy", "profilePasswordPolicies", "profilePasswordPolicy"),
        Kind("ProfileSessionSetting", "profileSessionSettings", "profileSessionSetting"),
        Kind("RemoteSiteSetting", "remoteSiteSettings", "remoteSite"),
        Kind(SETTINGS, "settings", "settings"),
        Kind("TransactionSecurityPolicy", "transactionSecurityPolicies", "transactionSecurityPolicy"),
    )
}
# `_` ends no type name; these suffixed types are components of their own, not settings files.
NOT_SETTINGS = frozenset({
    "ExtlClntAppGlobalOauthSettings", "ExtlClntAppOauthSecuritySettings", "ExtlClntAppOauthSettings",
})  # fmt: skip
REPEATED = frozenset({
    "attributes", "customPermissions", "externalCredentialParameters", "fieldPermissions", "fields", "ipRanges",
    "loginIpRanges", "namedCredentialParameters", "objectPermissions", "permissionSetName", "plugin",
    "profileName", "realTimeEvents", "scopes", "tokenIpRanges", "trustedIpRanges", "userPermissions",
})  # fmt: skip
"""Elements that are lists even when there is one of them."""


def is_settings(kind: str) -> bool:
    return kind.endswith("Settings") and kind not in NOT_SETTINGS


def is_known(kind: str) -> bool:
    return kind in KINDS or (is_settings(kind) and kind != SETTINGS)
