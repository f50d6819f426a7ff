"""From blueprint to rows and metadata: certificates, settings, fields, masking, code, odd setup objects."""

import base64

from cryptography.x509 import load_pem_x509_certificate

from deployments.sandbox.metadata.certificates import distinguished, hold_key
from deployments.sandbox.schema import load_schema
from deployments.sandbox.seed.blueprint import Blueprint, Org
from deployments.sandbox.seed.keys import KeyRing
from deployments.sandbox.seed.names import MANAGE_USERS_BUNDLE
from deployments.sandbox.shielding import export_of
from deployments.sandbox.store import OrgStore
from deployments.sandbox.telemetry import generation

_FIELD_TYPES = {
    "string": "Text", "textarea": "LongTextArea", "picklist": "Picklist", "date": "Date", "datetime": "DateTime",
    "currency": "Currency", "double": "Number", "int": "Number", "boolean": "Checkbox", "email": "Email",
    "phone": "Phone", "url": "Url", "reference": "Lookup",
}  # fmt: skip


def write_setup(store: OrgStore, plan: Blueprint, org: Org, ring: KeyRing) -> None:
    _write_certificates(store, org, ring)
    _write_settings(store, org)
    _write_fields(store, org)
    _write_masks(store, plan, org)
    _write_code(store, plan, org)
    _write_odds(store, plan, org)


def _write_certificates(store: OrgStore, org: Org, ring: KeyRing) -> None:
    rows = [
        {
            "DeveloperName": each.name,
            "MasterLabel": each.name.replace("_", " "),
            "ExpirationDate": each.expires,
            "KeySize": each.key_size,
            "OptionsIsCaSigned": each.name.endswith("Mutual_TLS"),
            "OptionsIsPrivateKeyExportable": each.exportable,
            "CreatedDate": each.created,
        }
        for each in org.certificates.values()
    ]
    store.insert("Certificate", rows)
    for each in org.certificates.values():
        body = {
            "caSigned": each.name.endswith("Mutual_TLS"),
            "keySize": str(each.key_size),
            "masterLabel": each.name,
            "privateKeyExportable": each.exportable,
        }
        store.put_metadata("Certificate", each.name, {**body, "expirationDate": each.expires.isoformat()})
        if (pair := ring.held(org.alias, each.name)) is not None:
            hold_key(store, each.name, pair.private_key)
    for number, inbound in enumerate(org.inbound_certificates):
        chain = ring.listed(org.alias, inbound, number)
        leaf = load_pem_x509_certificate(chain.encode())
        body = {
            "content": base64.b64encode(chain.encode()).decode(),
            "expirationDate": inbound.expires.isoformat(),
            "issuer": distinguished(leaf.issuer),
            "masterLabel": inbound.name.replace("_", " "),
            "serialId": str(leaf.serial_number),
        }
        store.put_metadata("InboundCertificate", inbound.name, body)


def _write_settings(store: OrgStore, org: Org) -> None:
    chosen = org.settings
    session = {
        "enableMFADirectUILoginOptIn": chosen.mfa_for_direct_logins,
        "enforceIpRangesEveryRequest": chosen.enforce_ranges_every_request,
        "lockSessionsToDomain": True,
        "requireHttpOnly": True,
        "sessionTimeout": "TwoHours",
        "terminateUserSessionsWhenAdminResetsPassword": True,
    }
    security: dict[str, object] = {
        "enableAdminLoginAsAnyUser": False,
        "passwordPolicies": {
            "complexity": "UpperLowerCaseNumericSpecialCharacters",
            "minimumPasswordLength": "12",
        },
        "sessionSettings": session,
    }
    if chosen.trusted_ranges:
        ranges = [
            {"description": "Trusted", "end": last, "start": first} for first, last in chosen.trusted_ranges
        ]
        security["networkAccess"] = {"ipRanges": ranges}
    store.put_metadata("SecuritySettings", "Security", security)
    store.insert("SecuritySettings", [{"DurableId": "Security"}])
    apps = {"enableAdminApprovedAppsOnly": chosen.admin_approved_apps_only}
    store.put_metadata("ConnectedAppSettings", "ConnectedApp", apps)
    flows = {"blockOAuthUnPwFlow": chosen.block_password_flow, "blockOAuthUsrAgtFlow": True}
    store.put_metadata("OauthOidcSettings", "OauthOidc", flows)
    if any(
        app.kind == "external-client-app" and "client_credentials" in app.flows for app in org.apps.values()
    ):
        # What rotating such an app's credentials over REST takes.
        consent = {"enableConsumerSecretApiAccess": True}
        store.put_metadata("ExternalClientAppSettings", "ExternalClientApp", consent)
    events = {
        "enableApexLimitEvents": False,
        "enableDeleteMonitoringData": chosen.delete_monitoring_data,
        generation.SWITCH: chosen.event_log_generation,
        "enableTransactionSecurityPolicies": chosen.transaction_security,
    }
    store.put_metadata(generation.KIND, "Event", events)
    if not chosen.event_log_generation:
        generation.never_on(store)
    people = {"permsetsInFieldCreation": True, "psaExpirationUIEnabled": True}
    store.put_metadata("UserManagementSettings", "UserManagement", people)
    platform = {"canOnlyBypassWithPermission": False, "enableDeterministicEncryption": True}
    store.put_metadata("PlatformEncryptionSettings", "PlatformEncryption", platform)
    policy = {
        "active": True,
        "action": {"block": True, "endSession": False, "freezeUser": False, "twoFactorAuthentication": False},
        "developerName": "Block_Large_Exports",
        "eventName": "ReportEvent",
        "masterLabel": "Block Large Exports",
        "type": "CustomConditionBuilderPolicy",
    }
    store.put_metadata("TransactionSecurityPolicy", "Block_Large_Exports", policy)


def _write_fields(store: OrgStore, org: Org) -> None:
    """Classification on the field definitions; type and encryption in each field's metadata."""
    for owner in load_schema().objects.values():
        if not owner.data:
            continue
        for name, each in owner.fields.items():
            qualified = f"{owner.name}.{name}"
            guard = org.fields.get(qualified)
            body: dict[str, object] = {
                "label": each.label,
                "type": _FIELD_TYPES.get(each.type, "Text"),
                "encryptionScheme": guard.scheme if guard and guard.scheme else "None",
            }
            if each.type == "string" and each.length:
                body["length"] = str(each.length)
            body |= org.field_flags.get(qualified, {})
            if guard and guard.classification:
                groups = ";".join(guard.groups)
                store.update("FieldDefinition", qualified, _classified(guard.classification, groups))
                body |= {"securityClassification": guard.classification, "complianceGroup": groups}
            if each.permissionable or each.custom:
                store.put_metadata("CustomField", qualified, body)


def _classified(classification: str, groups: str) -> dict[str, object]:
    return {"SecurityClassification": classification, "ComplianceGroup": groups or None}


def _write_masks(store: OrgStore, plan: Blueprint, org: Org) -> None:
    for mask in org.masks:
        policy = store.insert("DataMaskPolicy", [{"DeveloperName": mask.name, "MasterLabel": mask.name}])[0]
        for sobject in dict.fromkeys(name.partition(".")[0] for name in mask.fields):
            parent = {"DataMaskPolicyId": policy, "ObjectApiName": sobject}
            parent_id = store.insert("DataMaskPolicyObject", [parent])[0]
            rows = [
                {
                    "DataMaskPolicyObjectId": parent_id,
                    "FieldApiName": name.partition(".")[2],
                    "MaskingCategory": "ReplaceWithPattern",
                }
                for name in mask.fields
                if name.startswith(f"{sobject}.")
            ]
            store.insert("DataMaskPolicyField", rows)
        done = mask.completed_days
        run = {
            "Name": f"{mask.name} run",
            "DataMaskPolicyId": policy,
            "Status": "Failed" if done is None else "Completed",
            "StartDate": plan.ago((done or 3) + 0.1),
            "CompletedDate": None if done is None else plan.ago(done),
        }
        store.insert("DataMaskPolicyJobRun", [run])


def _write_code(store: OrgStore, plan: Blueprint, org: Org) -> None:
    rows = [
        {"Name": name, "Body": body, "LengthWithoutComments": len(body), "CreatedDate": plan.ago(300)}
        for name, body in org.apex.items()
    ]
    store.insert("ApexClass", rows)
    for values in org.custom_settings:
        store.insert("Integration_Settings__c", [{**values, "SetupOwnerId": store.org_id}])
    for values in org.custom_metadata:
        name = values["DeveloperName"]
        label = {"MasterLabel": name, "QualifiedApiName": name}
        store.insert("Integration_Endpoint__mdt", [{**label, **values}])
    for name, value in org.labels.items():
        shown = {"language": "en_US", "protected": "false", "shortDescription": name, "value": value}
        store.put_metadata("CustomLabel", name, shown)
    for name, (address, carries) in org.messages.items():
        message = {
            "apiVersion": "62.0",
            "endpointUrl": address,
            "fields": ["Id", "Name"],
            "includeSessionId": carries,
            "integrationUser": next(iter(org.users)),
            "name": name.partition(".")[2],
            "protected": False,
            "useDeadLetterQueue": False,
        }
        store.put_metadata("WorkflowOutboundMessage", name, message)


def _write_odds(store: OrgStore, plan: Blueprint, org: Org) -> None:
    sites = [{"SiteName": s.name, "EndpointUrl": s.url, "IsActive": s.active} for s in org.remote_sites]
    store.insert("RemoteProxy", sites)
    for site in org.remote_sites:
        body = {"disableProtocolSecurity": False, "isActive": site.active, "url": site.url}
        store.put_metadata("RemoteSiteSetting", site.name, body)
    tenant = [
        {
            "Description": kind,
            "Type": kind,
            "Status": "Active",
            "Version": 2,
            "CreatedDate": plan.ago(50),
            "SecretValue": export_of(f"{org.alias} {kind}"),
        }
        for kind in ("Data", "DeterministicData")
    ]
    store.insert("TenantSecret", tenant)
    store.insert("PermissionDependency", [_dependency(name) for name in MANAGE_USERS_BUNDLE[1:]])
    _write_health(store)
    _write_package(store)


def _dependency(required: str) -> dict[str, object]:
    return {
        "DurableId": f"ManageUsers-{required}",
        "Permission": "ManageUsers",
        "PermissionType": "User Permission",
        "RequiredPermission": required,
        "RequiredPermissionType": "User Permission",
    }


def _write_health(store: OrgStore) -> None:
    check = store.insert("SecurityHealthCheck", [{"DurableId": "0", "Score": "78"}])[0]
    risk = {
        "DurableId": "0-1",
        "SecurityHealthCheckId": check,
        "RiskType": "MEETS_STANDARD",
        "Setting": "Minimum password length",
        "SettingGroup": "PasswordPolicies",
        "SettingRiskCategory": "MEDIUM_RISK",
        "OrgValue": "12",
        "StandardValue": "8",
    }
    store.insert("SecurityHealthCheckRisks", [risk])


def _write_package(store: OrgStore) -> None:
    package = store.insert("SubscriberPackage", [{"Name": "Market Data Feed", "NamespacePrefix": "mktdata"}])[
        0
    ]
    version = {"Name": "Spring", "SubscriberPackageId": package, "MajorVersion": 3, "MinorVersion": 1}
    version_id = store.insert("SubscriberPackageVersion", [{**version, "PatchVersion": 0, "BuildNumber": 4}])[
        0
    ]
    installed = {"SubscriberPackageId": package, "SubscriberPackageVersionId": version_id}
    store.insert("InstalledSubscriberPackage", [installed])
