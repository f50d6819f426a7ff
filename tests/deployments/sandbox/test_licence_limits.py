"""What a user licence does not allow is refused at the assignment and in whatever the user holds already."""

from pathlib import Path

import pytest

from deployments.sandbox import records
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.switches import turn
from tests.deployments.sandbox.small_org import SmallOrg

PLATFORM = {"Name": "Salesforce Platform", "LicenseDefinitionKey": "AUL"}
CHATTER = {"Name": "Chatter Free", "LicenseDefinitionKey": "PID_CHATTER"}
IDENTITY = {"Name": "Identity"}
GUEST = {"Name": "Guest User License"}
FULL = {"Name": "Salesforce", "LicenseDefinitionKey": "SFDC"}


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    return SmallOrg(tmp_path)


def license_clerk(org: SmallOrg, licence: dict[str, str]) -> str:
    """Puts the clerk's profile under a licence; the profile's id."""
    licence_id = org.store.insert("UserLicense", [dict(licence)])[0]
    profile = str((org.store.get("User", org.clerk_id) or {})["ProfileId"])
    org.store.update("Profile", profile, {"UserLicenseId": licence_id})
    return profile


def assigned(org: SmallOrg, set_id: str) -> str:
    """The refusal of the assignment to the clerk, or nothing."""
    row = {"AssigneeId": org.clerk_id, "PermissionSetId": set_id}
    try:
        records.create(org.store, org.admin, "PermissionSetAssignment", row)
    except SalesforceError as error:
        assert error.code == "FIELD_INTEGRITY_EXCEPTION"
        assert error.message.startswith("Can't assign permission set S to user clerk. The user license")
        return error.message.rpartition(": ")[2]
    return ""


@pytest.mark.parametrize(
    ("licence", "permission", "sobject", "flags", "refused"),
    [
        (PLATFORM, "AuthorApex", "", (), "Author Apex"),
        (PLATFORM, "", "Product2", ("Read",), "Read Product2"),
        (PLATFORM, "", "Account", ("Read", "Edit"), ""),
        (PLATFORM, "ManageUsers", "", (), "Manage Users"),
        (PLATFORM, "ViewSetup", "", (), ""),
        (CHATTER, "", "Account", ("Read",), "Read Account"),
        (IDENTITY, "", "Contact", ("Read",), "Read Contact"),
        (GUEST, "", "Account", ("Read", "Create"), ""),
        (GUEST, "", "Account", ("Read", "ViewAllRecords"), "View All Account"),
        (GUEST, "ModifyAllData", "", (), "Modify All Data"),
        (FULL, "AuthorApex", "Product2", ("Read",), ""),
    ],
)
def test_an_assignment_the_licence_does_not_allow(
    org: SmallOrg,
    licence: dict[str, str],
    permission: str,
    sobject: str,
    flags: tuple[str, ...],
    refused: str,
) -> None:
    license_clerk(org, licence)
    set_id = org.permission_set([permission] if permission else [])
    if sobject:
        org.open(set_id, sobject, **dict.fromkeys(flags, True))
    assert assigned(org, set_id) == refused


def test_the_switch_leaves_administration_to_the_licence(org: SmallOrg) -> None:
    license_clerk(org, PLATFORM)
    turn(org.store, "licence_limits_administration", False)
    assert assigned(org, org.permission_set(["ManageUsers"])) == ""
    assert assigned(org, org.permission_set(["AuthorApex"], Name="T")) == "Author Apex"


def test_a_right_cannot_be_added_behind_the_licence(org: SmallOrg) -> None:
    profile = license_clerk(org, PLATFORM)
    set_id = org.permission_set([])
    own = str(org.store.find("PermissionSet", ProfileId=profile)[0]["Id"])
    free = org.permission_set([], Name="F")
    licensed = org.permission_set([], Name="L", LicenseId=org.store.find("UserLicense")[0]["Id"])
    assert assigned(org, set_id) == ""
    row = {"SobjectType": "Opportunity", "PermissionsRead": True}
    for parent in (set_id, own, licensed):
        with pytest.raises(SalesforceError, match="doesn't allow the permission: Read Opportunity"):
            records.create(org.store, org.admin, "ObjectPermissions", {**row, "ParentId": parent})
    for sobject, record_id in (("PermissionSet", set_id), ("PermissionSet", licensed), ("Profile", profile)):
        with pytest.raises(SalesforceError, match="doesn't allow the permission: Author Apex"):
            records.update(org.store, org.admin, sobject, record_id, {"PermissionsAuthorApex": True})
    records.update(org.store, org.admin, "PermissionSet", free, {"PermissionsAuthorApex": True})
    records.create(org.store, org.admin, "ObjectPermissions", {**row, "ParentId": free})
