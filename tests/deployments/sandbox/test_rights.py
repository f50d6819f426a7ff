"""Who may see what: profiles, sets, groups, muting, expiry, sharing."""

from datetime import timedelta
from pathlib import Path

import pytest

from deployments.sandbox.records import update
from deployments.sandbox.rights import caller_of, recompute_group
from deployments.sandbox.soql.query import SoqlError
from tests.deployments.sandbox.small_org import NOON, SmallOrg


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    return SmallOrg(tmp_path)


def refused(org: SmallOrg, soql: str) -> str:
    with pytest.raises(SoqlError) as caught:
        org.ask(soql, org.clerk)
    return caught.value.code


def test_a_profile_gives_its_permissions(org: SmallOrg) -> None:
    assert org.clerk.permissions == {"ApiEnabled"}
    assert "ManageUsers" in org.admin.permissions


def test_hidden_objects_and_fields_do_not_exist(org: SmallOrg) -> None:
    assert refused(org, "SELECT Id FROM Account") == "INVALID_TYPE"
    assert refused(org, "SELECT Id FROM ObjectPermissions") == "INVALID_TYPE"
    reader = org.permission_set(())
    org.open(reader, "Account", "Industry")
    org.grant(org.clerk_id, reader)
    assert org.ask("SELECT Id, Name, OwnerId, Industry FROM Account", org.clerk).records == []
    assert refused(org, "SELECT SSN__c FROM Account") == "INVALID_FIELD"
    assert refused(org, "SELECT Id FROM Account WHERE SSN__c = '1'") == "INVALID_FIELD"
    assert refused(org, "SELECT Id FROM Account ORDER BY SSN__c") == "INVALID_FIELD"


def test_an_expired_assignment_gives_nothing(org: SmallOrg) -> None:
    powerful = org.permission_set(("ViewAllData",))
    grant = org.grant(org.clerk_id, powerful, ExpirationDate=NOON + timedelta(hours=1))
    assert "ViewAllData" in org.clerk.permissions
    org.clock.advance(timedelta(minutes=60))
    assert "ViewAllData" not in org.clerk.permissions
    assert org.values("SELECT Id, IsActive FROM PermissionSetAssignment", "IsActive") == [False]
    assert org.store.get("PermissionSetAssignment", grant) is not None


def test_a_session_set_counts_only_inside_a_group(org: SmallOrg) -> None:
    session = org.permission_set(("ModifyMetadata",), HasActivationRequired=True, Type="Session")
    org.grant(org.clerk_id, session)
    assert "ModifyMetadata" not in org.clerk.permissions
    group = org.store.insert("PermissionSetGroup", [{"DeveloperName": "G", "MasterLabel": "G"}])[0]
    org.store.insert(
        "PermissionSetGroupComponent", [{"PermissionSetGroupId": group, "PermissionSetId": session}]
    )
    org.grant(org.clerk_id, recompute_group(org.store, group), PermissionSetGroupId=group)
    assert "ModifyMetadata" in org.clerk.permissions


def test_muting_takes_away_from_a_group_what_its_members_give(org: SmallOrg) -> None:
    member = org.permission_set(("ExportReport", "RunReports"))
    org.open(member, "Account", "Industry", "SSN__c", Edit=True, Delete=True)
    mute = org.store.insert(
        "MutingPermissionSet", [{"DeveloperName": "M", "MasterLabel": "M", "PermissionsExportReport": True}]
    )[0]
    org.open(mute, "Account", "SSN__c", Read=False, Delete=True)
    group = org.store.insert("PermissionSetGroup", [{"DeveloperName": "G", "MasterLabel": "G"}])[0]
    org.store.insert(
        "PermissionSetGroupComponent",
        [{"PermissionSetGroupId": group, "PermissionSetId": each} for each in (member, mute)],
    )
    org.grant(org.clerk_id, recompute_group(org.store, group), PermissionSetGroupId=group)
    clerk = org.clerk
    assert "RunReports" in clerk.permissions
    assert "ExportReport" not in clerk.permissions
    assert (clerk.objects["Account"].edit, clerk.objects["Account"].delete) == (True, False)
    assert clerk.readable == {"Account.Industry"}


def test_what_needs_a_muted_right_is_muted_with_it(org: SmallOrg) -> None:
    member = org.permission_set(())
    org.open(member, "Account", Create=True, Edit=True, Delete=True, ViewAllFields=True)
    mute = org.store.insert("MutingPermissionSet", [{"DeveloperName": "M", "MasterLabel": "M"}])[0]
    org.open(mute, "Account", Read=False, Edit=True)
    group = org.store.insert("PermissionSetGroup", [{"DeveloperName": "G", "MasterLabel": "G"}])[0]
    org.store.insert(
        "PermissionSetGroupComponent",
        [{"PermissionSetGroupId": group, "PermissionSetId": each} for each in (member, mute)],
    )
    org.grant(org.clerk_id, recompute_group(org.store, group), PermissionSetGroupId=group)
    held = org.clerk.objects["Account"]
    assert (held.create, held.read, held.edit, held.delete) == (True, True, False, False)
    assert held.view_fields


def test_a_user_who_changes_the_profile_leaves_the_old_one_s_rights(org: SmallOrg) -> None:
    boss_id = org.user("boss", ("ApiEnabled", "ModifyMetadata"))
    boss, clerk = (org.store.get("User", each) for each in (boss_id, org.clerk_id))
    owned = org.store.find("PermissionSet", ProfileId=boss["ProfileId"])[0]["Id"]
    row = org.grant(boss_id, owned)
    update(org.store, org.admin, "User", boss_id, {"ProfileId": clerk["ProfileId"]})
    assert "ModifyMetadata" not in caller_of(org.store, boss_id).permissions
    own = org.store.find("PermissionSet", ProfileId=clerk["ProfileId"])[0]["Id"]
    assert org.store.get("PermissionSetAssignment", row)["PermissionSetId"] == own


def test_view_all_data_opens_objects_but_not_fields(org: SmallOrg) -> None:
    org.grant(org.clerk_id, org.permission_set(("ViewAllData",)))
    org.ask("SELECT Id FROM Contact", org.clerk)
    assert refused(org, "SELECT SSN__c FROM Contact") == "INVALID_FIELD"
    org.grant(org.clerk_id, org.permission_set(("ViewAllFieldsGlobal",)))
    org.ask("SELECT SSN__c FROM Contact", org.clerk)


def test_without_the_permission_only_own_rows_show(org: SmallOrg) -> None:
    for sobject in ("OauthToken", "LoginHistory"):
        org.store.insert(sobject, [{"UserId": org.admin_id}, {"UserId": org.clerk_id}])
        assert org.ask(f"SELECT COUNT() FROM {sobject}", org.clerk).total_size == 1
    org.grant(org.clerk_id, org.permission_set(("CustomizeApplication", "MonitorLoginHistory")))
    for sobject in ("OauthToken", "LoginHistory"):
        assert org.ask(f"SELECT COUNT() FROM {sobject}", org.clerk).total_size == 2


def test_a_private_object_shows_own_records_only(org: SmallOrg) -> None:
    reader = org.permission_set(())
    org.open(reader, "Account")
    org.grant(org.clerk_id, reader)
    org.store.insert(
        "Account", [{"Name": "Mine", "OwnerId": org.clerk_id}, {"Name": "Hers", "OwnerId": org.admin_id}]
    )
    assert org.ask("SELECT COUNT() FROM Account", org.clerk).total_size == 2
    org.store.update("EntityDefinition", "Account", {"InternalSharingModel": "Private"})
    assert [each["Name"] for each in org.ask("SELECT Name FROM Account", org.clerk).records] == ["Mine"]
    semi = "SELECT Id FROM User WHERE Id IN (SELECT OwnerId FROM Account)"
    assert [each["Id"] for each in org.ask(semi, org.clerk).records] == [org.clerk_id]


def test_everybody_can_ask_what_they_may_do(org: SmallOrg) -> None:
    soql = "SELECT PermissionsApiEnabled, PermissionsManageUsers FROM UserPermissionAccess"
    for caller, manages in ((org.clerk, False), (org.admin, True)):
        (row,) = org.ask(soql, caller).records
        assert (row["PermissionsApiEnabled"], row["PermissionsManageUsers"]) == (True, manages)
