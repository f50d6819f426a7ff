"""Writes over the wire's rules: rights, validation, refusals and what they leave behind."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from deployments.sandbox import records
from deployments.sandbox.caller import Caller
from deployments.sandbox.metadata import permissions
from deployments.sandbox.records import SalesforceError
from deployments.sandbox.rights import caller_of
from tests.deployments.sandbox.small_org import NOON, SmallOrg


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    return SmallOrg(tmp_path)


def refused(
    org: SmallOrg, sobject: str, body: Mapping[str, object], caller: Caller | None = None
) -> SalesforceError:
    with pytest.raises(SalesforceError) as caught:
        records.create(org.store, caller or org.admin, sobject, body)
    return caught.value


def audited(org: SmallOrg) -> list[object]:
    return org.values("SELECT Action FROM SetupAuditTrail ORDER BY Id", "Action")


def test_a_set_is_made_granted_and_taken_back(org: SmallOrg) -> None:
    made = records.create(
        org.store,
        org.admin,
        "PermissionSet",
        {"Name": "Sync", "Label": "Sync", "PermissionsRunReports": True},
    )
    grant = records.create(
        org.store,
        org.admin,
        "PermissionSetAssignment",
        {"AssigneeId": org.clerk_id[:15], "PermissionSetId": made},
    )
    assert "RunReports" in org.clerk.permissions
    records.update(org.store, org.admin, "PermissionSet", made, {"PermissionsRunReports": False})
    assert "RunReports" not in org.clerk.permissions
    records.delete(org.store, org.admin, "PermissionSetAssignment", grant)
    records.delete(org.store, org.admin, "PermissionSet", made)
    assert audited(org) == [
        "PermSetCreate",
        "PermSetEnableUserPerm",
        "PermSetAssign",
        "PermSetDisableUserPerm",
        "PermSetUnassign",
        "PermSetDelete",
    ]


def test_who_may_not_write_is_told_so(org: SmallOrg) -> None:
    assert refused(org, "PermissionSet", {"Name": "A", "Label": "A"}, org.clerk).status == 404
    viewer = org.user("viewer", ("ViewSetup",))
    error = refused(org, "PermissionSet", {"Name": "A", "Label": "A"}, caller_of(org.store, viewer))
    assert (error.status, error.code) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    assert refused(org, "ConnectedApplication", {"Name": "A"}).code == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ({"Name": "A"}, "REQUIRED_FIELD_MISSING", ("Label",)),
        ({"Name": "A", "Label": "A", "Colour": "red"}, "INVALID_FIELD", ("Colour",)),
        (
            {"Name": "A", "Label": "A", "IsOwnedByProfile": True},
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            ("IsOwnedByProfile",),
        ),
        (
            {"Name": "A", "Label": "A", "PermissionsApiEnabled": "yes"},
            "JSON_PARSER_ERROR",
            ("PermissionsApiEnabled",),
        ),
        ({"Name": "A" * 81, "Label": "A"}, "STRING_TOO_LONG", ("Name",)),
        ({"Name": "A", "Label": "A", "LicenseId": "nonsense"}, "MALFORMED_ID", ("LicenseId",)),
    ],
)
def test_bad_values_are_named(
    org: SmallOrg, body: Mapping[str, object], code: str, fields: tuple[str, ...]
) -> None:
    error = refused(org, "PermissionSet", body)
    assert (error.status, error.code, error.fields) == (400, code, fields)


def test_object_rights_have_dependencies(org: SmallOrg) -> None:
    base = {"ParentId": org.permission_set(()), "SobjectType": "Account"}
    error = refused(org, "ObjectPermissions", {**base, "PermissionsRead": True, "PermissionsDelete": True})
    assert error.message == "Permission Delete Account depends on permission(s): Edit Account"
    assert refused(org, "ObjectPermissions", base).code == "FIELD_INTEGRITY_EXCEPTION"
    made = records.create(
        org.store,
        org.admin,
        "ObjectPermissions",
        {**base, "PermissionsRead": True, "PermissionsEdit": True, "PermissionsDelete": True},
    )
    with pytest.raises(SalesforceError, match="depends on"):
        records.update(org.store, org.admin, "ObjectPermissions", made, {"PermissionsEdit": False})
    records.update(
        org.store,
        org.admin,
        "ObjectPermissions",
        made,
        {"PermissionsEdit": False, "PermissionsDelete": False},
    )
    assert refused(org, "ObjectPermissions", {**base, "PermissionsRead": True}).code == "DUPLICATE_VALUE"


def test_field_rights_need_a_permissionable_field_and_vanish_without_read(org: SmallOrg) -> None:
    base = {"ParentId": org.permission_set(()), "SobjectType": "Account"}
    assert (
        "PICKLIST"
        in refused(org, "FieldPermissions", {**base, "Field": "Account.Name", "PermissionsRead": True}).code
    )
    made = records.create(
        org.store, org.admin, "FieldPermissions", {**base, "Field": "Account.SSN__c", "PermissionsRead": True}
    )
    records.update(org.store, org.admin, "FieldPermissions", made, {"PermissionsRead": False})
    assert org.store.get("FieldPermissions", made) is None


def test_permission_dependencies_come_from_the_org(org: SmallOrg) -> None:
    org.store.insert(
        "PermissionDependency", [{"Permission": "ManageUsers", "RequiredPermission": "ViewAllUsers"}]
    )
    error = refused(org, "PermissionSet", {"Name": "A", "Label": "A", "PermissionsManageUsers": True})
    assert error.message == "Permission ManageUsers depends on permission(s): ViewAllUsers"


def test_a_right_on_a_detail_needs_its_master(org: SmallOrg) -> None:
    bodies = {"Master__c": "a0X", "Detail__c": "a0Y"}
    for name, prefix in bodies.items():
        model = "ControlledByParent" if name == "Detail__c" else "ReadWrite"
        org.store.put_metadata("CustomObject", name, {"_prefix": prefix, "sharingModel": model})
    link = {"type": "MasterDetail", "referenceTo": "Master__c", "relationshipName": "Details"}
    org.store.put_metadata("CustomField", "Detail__c.Master__c", link)
    org.store.extend_schema()
    set_id = org.permission_set([])
    row = {"ParentId": set_id, "SobjectType": "Detail__c", "PermissionsRead": True}
    error = refused(org, "ObjectPermissions", row)
    assert error.message == "Permission Read Detail__c depends on permission(s): Read Master__c"
    both = [{"object": name, "allowRead": True} for name in ("Detail__c", "Master__c")]
    permissions.write(org.store, org.admin, "PermissionSet", "S", {"objectPermissions": both})
    assert len(org.store.find("ObjectPermissions", ParentId=set_id)) == 2


def test_an_old_fault_in_a_set_does_not_block_a_repair(org: SmallOrg) -> None:
    org.store.insert(
        "PermissionDependency", [{"Permission": "ManageUsers", "RequiredPermission": "ViewAllUsers"}]
    )
    faulty = org.permission_set(("ManageUsers", "ViewAllData"))
    records.update(org.store, org.admin, "PermissionSet", faulty, {"PermissionsViewAllData": False})
    sound = org.permission_set(("ManageUsers", "ViewAllUsers"))
    with pytest.raises(SalesforceError, match="depends on"):
        records.update(org.store, org.admin, "PermissionSet", sound, {"PermissionsViewAllUsers": False})


def test_an_assignment_is_unique_and_names_one_target(org: SmallOrg) -> None:
    plain = org.permission_set(())
    body = {"AssigneeId": org.clerk_id, "PermissionSetId": plain}
    records.create(org.store, org.admin, "PermissionSetAssignment", body)
    assert refused(org, "PermissionSetAssignment", body).code == "DUPLICATE_VALUE"
    assert (
        refused(org, "PermissionSetAssignment", {"AssigneeId": org.clerk_id}).code
        == "FIELD_INTEGRITY_EXCEPTION"
    )
    own = org.store.find("PermissionSet", IsOwnedByProfile=True)[0]["Id"]
    assert refused(org, "PermissionSetAssignment", {**body, "PermissionSetId": own}).status == 400


def test_sets_that_administer_users_take_no_expiry(org: SmallOrg) -> None:
    later = (NOON + timedelta(hours=2)).isoformat()
    tier0 = {
        "AssigneeId": org.clerk_id,
        "PermissionSetId": org.permission_set(("ManageUsers",)),
        "ExpirationDate": later,
    }
    assert refused(org, "PermissionSetAssignment", tier0).fields == ("ExpirationDate",)
    plain = {**tier0, "PermissionSetId": org.permission_set(())}
    assert (
        refused(org, "PermissionSetAssignment", {**plain, "ExpirationDate": "2026-05-13T11:00:00Z"}).status
        == 400
    )
    records.create(org.store, org.admin, "PermissionSetAssignment", plain)


def test_freezing_is_audited_and_never_oneself(org: SmallOrg) -> None:
    logins = {row["UserId"]: str(row["Id"]) for row in org.store.find("UserLogin")}
    records.update(org.store, org.admin, "UserLogin", logins[org.clerk_id], {"IsFrozen": True})
    assert audited(org) == ["frozeuser"]
    with pytest.raises(SalesforceError, match="CANNOT_FREEZE_SELF"):
        records.update(org.store, org.admin, "UserLogin", logins[org.admin_id], {"IsFrozen": True})


def test_a_new_user_gets_a_login_and_the_profiles_set(org: SmallOrg) -> None:
    profile = org.store.find("Profile", Name="clerk profile")[0]["Id"]
    made = records.create(
        org.store,
        org.admin,
        "User",
        {
            "Username": "new@meridian.example",
            "LastName": "New",
            "FirstName": "Nia",
            "Alias": "new",
            "Email": "new@meridian.example",
            "ProfileId": profile,
            "IsActive": True,
        },
    )
    assert (org.store.get("User", made) or {})["Name"] == "Nia New"
    assert org.store.find("UserLogin", UserId=made)
    assert org.store.find("PermissionSetAssignment", AssigneeId=made)


def test_a_group_changes_with_its_members(org: SmallOrg) -> None:
    group = records.create(
        org.store, org.admin, "PermissionSetGroup", {"DeveloperName": "G", "MasterLabel": "G"}
    )
    member = records.create(org.store, org.admin, "PermissionSet", {"Name": "M", "Label": "M"})
    records.create(
        org.store,
        org.admin,
        "PermissionSetGroupComponent",
        {"PermissionSetGroupId": group, "PermissionSetId": member},
    )
    records.create(
        org.store,
        org.admin,
        "PermissionSetAssignment",
        {"AssigneeId": org.clerk_id, "PermissionSetGroupId": group},
    )
    records.update(org.store, org.admin, "PermissionSet", member, {"PermissionsRunReports": True})
    assert "RunReports" in org.clerk.permissions


def test_data_records_follow_rights_and_sharing(org: SmallOrg) -> None:
    writer = org.permission_set(())
    org.open(writer, "Account", Create=True, Edit=True)
    org.grant(org.clerk_id, writer)
    mine = records.create(org.store, org.clerk, "Account", {"Name": "Mine"})
    assert (org.store.get("Account", mine) or {})["OwnerId"] == org.clerk_id
    hers = org.store.insert("Account", [{"Name": "Hers", "OwnerId": org.admin_id}])[0]
    records.update(org.store, org.clerk, "Account", hers, {"Name": "Hers too"})
    org.store.update("EntityDefinition", "Account", {"InternalSharingModel": "Read"})
    with pytest.raises(SalesforceError) as caught:
        records.update(org.store, org.clerk, "Account", hers, {"Name": "No"})
    assert caught.value.status == 403
    with pytest.raises(SalesforceError, match="SSN__c"):
        records.update(org.store, org.clerk, "Account", mine, {"SSN__c": "1"})
    with pytest.raises(SalesforceError, match="INSUFFICIENT_ACCESS"):
        records.delete(org.store, org.clerk, "Account", mine)


def test_upsert_by_external_id_and_deleted_rows(org: SmallOrg) -> None:
    org.grant(org.clerk_id, org.permission_set(("ModifyAllData", "ViewAllFieldsGlobal")))
    org.open(writer := org.permission_set(()), "Account")
    org.store.insert(
        "FieldPermissions",
        [
            {
                "ParentId": writer,
                "SobjectType": "Account",
                "PermissionsRead": True,
                "Field": "Account.External_Id__c",
                "PermissionsEdit": True,
            }
        ],
    )
    org.grant(org.clerk_id, writer)
    made, created = records.upsert(org.store, org.clerk, "Account", "External_Id__c", "E1", {"Name": "One"})
    again, created_again = records.upsert(
        org.store, org.clerk, "Account", "External_Id__c", "E1", {"Name": "Two"}
    )
    assert (made, created, created_again) == (again, True, False)
    shown = records.retrieve(org.store, org.clerk, "Account", made, ["Name", "Owner.Username"])
    assert shown["Name"] == "Two"
    records.delete(org.store, org.clerk, "Account", made)
    with pytest.raises(SalesforceError, match="ENTITY_IS_DELETED"):
        records.delete(org.store, org.clerk, "Account", made)
    with pytest.raises(SalesforceError, match="NOT_FOUND"):
        records.retrieve(org.store, org.clerk, "Account", made)


def test_a_new_tenant_secret_archives_the_old_one(org: SmallOrg) -> None:
    org.grant(org.clerk_id, org.permission_set(("ManageEncryptionKeys",)))
    for note in ("first", "second"):
        records.create(org.store, org.clerk, "TenantSecret", {"Description": note, "Type": "Data"})
        org.clock.advance(timedelta(hours=24))
    rows = org.ask("SELECT Version, Status FROM TenantSecret ORDER BY Version").records
    assert [(row["Version"], row["Status"]) for row in rows] == [(1, "Archived"), (2, "Active")]


def test_a_profiles_permissions_reach_its_users(org: SmallOrg) -> None:
    profile = str(org.store.find("Profile", Name="clerk profile")[0]["Id"])
    records.update(org.store, org.admin, "Profile", profile, {"PermissionsRunReports": True})
    assert "RunReports" in org.clerk.permissions
    assert audited(org) == ["profileUserPermChanged"]


def test_deactivation_ends_sessions(org: SmallOrg) -> None:
    org.store.insert("AuthSession", [{"UsersId": org.clerk_id}])
    records.update(org.store, org.admin, "User", org.clerk_id, {"IsActive": False})
    assert org.store.find("AuthSession") == []
    assert audited(org) == ["deactivateduser"]
