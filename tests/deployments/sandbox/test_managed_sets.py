"""A managed package's permission sets: assigned, grouped and muted, but never changed."""

from pathlib import Path

import pytest

from deployments.sandbox import records
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.metadata import permissions
from tests.deployments.sandbox.small_org import SmallOrg

READ = {"SobjectType": "Account", "PermissionsRead": True}


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    return SmallOrg(tmp_path)


@pytest.fixture
def set_id(org: SmallOrg) -> str:
    chosen = org.permission_set([], Name="Feed", Label="Feed", NamespacePrefix="mktdata", IsCustom=True)
    org.open(chosen, "Account", "Industry")
    return chosen


@pytest.fixture
def refused() -> "pytest.RaisesExc[SalesforceError]":
    return pytest.raises(SalesforceError, match=r"^CANNOT_MODIFY_MANAGED_OBJECT: .*state=installed$")


def test_neither_the_set_nor_what_belongs_to_it_changes(
    org: SmallOrg, set_id: str, refused: "pytest.RaisesExc[SalesforceError]"
) -> None:
    right = str(org.store.find("ObjectPermissions", ParentId=set_id)[0]["Id"])
    field = str(org.store.find("FieldPermissions", ParentId=set_id)[0]["Id"])
    with refused:
        records.update(org.store, org.admin, "PermissionSet", set_id, {"PermissionsViewSetup": True})
    with refused:
        records.delete(org.store, org.admin, "PermissionSet", set_id)
    with refused:
        records.create(
            org.store, org.admin, "ObjectPermissions", {**READ, "SobjectType": "Contact", "ParentId": set_id}
        )
    with refused:
        records.update(org.store, org.admin, "ObjectPermissions", right, {"PermissionsCreate": True})
    with refused:
        records.delete(org.store, org.admin, "FieldPermissions", field)
    with refused:
        permissions.write(org.store, org.admin, "PermissionSet", "Feed", {"label": "Feed"}, replace=True)


def test_it_can_be_assigned_and_grouped(org: SmallOrg, set_id: str) -> None:
    row = {"AssigneeId": org.clerk_id, "PermissionSetId": set_id}
    records.delete(
        org.store,
        org.admin,
        "PermissionSetAssignment",
        records.create(org.store, org.admin, "PermissionSetAssignment", row),
    )
    group = {"DeveloperName": "Own", "MasterLabel": "Own"}
    group_id = records.create(org.store, org.admin, "PermissionSetGroup", group)
    member = {"PermissionSetGroupId": group_id, "PermissionSetId": set_id}
    records.create(org.store, org.admin, "PermissionSetGroupComponent", member)


def test_a_managed_group_takes_muting_sets_alone(
    org: SmallOrg, refused: "pytest.RaisesExc[SalesforceError]"
) -> None:
    group = {"DeveloperName": "Feeds", "MasterLabel": "Feeds", "NamespacePrefix": "mktdata"}
    group_id = org.store.insert("PermissionSetGroup", [group])[0]
    own = org.permission_set([], Name="Own", Label="Own")
    muting = org.store.insert("MutingPermissionSet", [{"DeveloperName": "Mute", "MasterLabel": "Mute"}])[0]
    component = {"PermissionSetGroupId": group_id}
    with refused:
        records.create(
            org.store, org.admin, "PermissionSetGroupComponent", {**component, "PermissionSetId": own}
        )
    records.create(
        org.store, org.admin, "PermissionSetGroupComponent", {**component, "PermissionSetId": muting}
    )
