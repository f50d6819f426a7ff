"""Access rows as real orgs give them."""

import pytest

from tasks.permissions.gateway import read_field_facts, read_permissions
from tests.tasks.conftest import Open, Play
from tests.tasks.salesforce.script import Rows, scripted

FIELDS = ["Account.SSN__c", "Contact.SSN__c"]


@pytest.mark.parametrize("alias", ["hq", "emea", "apac", "compliance", "hq-uat"])
def test_all_access_rows_come(org: Open, alias: str) -> None:
    reading = read_permissions(org(alias), fields=FIELDS)
    assert reading.gaps == {}
    assert {f.field for f in reading.values["field_permissions"]} <= set(FIELDS)
    assert any(s.kind == "Profile" and s.profile_id for s in reading.values["permission_sets"])
    aggregates = {s.group_id for s in reading.values["permission_sets"] if s.kind == "Group"}
    assert aggregates == {group.id for group in reading.values["groups"]}
    assert any("ApiUserOnly" in s.permissions for s in reading.values["permission_sets"])


def test_what_may_be_written_does_not_follow_from_what_the_scanner_may_write(org: Open) -> None:
    session = org("emea")
    described = session.describe(["Account"])["Account"]
    assert isinstance(described, dict) and not any(each["updateable"] for each in described["fields"])
    facts = read_field_facts(session, ["Account"]).values["facts"]
    writeable = {name for name, fact in facts.items() if fact.writeable}
    assert {"Account.Industry", "Account.Name", "Account.OwnerId"} <= writeable
    assert not writeable & {"Account.Id", "Account.CreatedDate", "Account.LastActivityDate"}


def test_the_permission_for_mutual_tls_is_found_by_its_label(org: Open) -> None:
    name = read_permissions(org("emea"), fields=FIELDS).values["mutual_auth_permission"]
    sets = read_permissions(org("emea"), fields=FIELDS).values["permission_sets"]
    assert any(name in held.permissions for held in sets)


def test_an_object_the_org_does_not_show_is_a_gap_with_the_right_to_grant(play: Play) -> None:
    def reply(soql: str) -> Rows | tuple[str, str]:
        hidden = "INVALID_TYPE", "sObject type 'ObjectPermissions' is not supported."
        if "Assignee.Username" in soql:
            return [{"PermissionSet": {"PermissionsViewSetup": True}}]
        return hidden if "FROM ObjectPermissions" in soql else []

    reading = read_permissions(play(scripted(reply)), fields=FIELDS)
    assert list(reading.gaps) == ["object_permissions"]
    assert "View Setup" in reading.gaps["object_permissions"]


def test_without_the_right_no_assignments_are_unknown_and_not_none(play: Play) -> None:
    reading = read_permissions(play(scripted(lambda soql: [])), fields=FIELDS)
    assert list(reading.gaps) == ["assignments"]
    assert "View Setup" in reading.gaps["assignments"]
