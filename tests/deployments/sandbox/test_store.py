"""Ids, the clock, the schema and the file that keeps an org."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.sandbox.clock import Clock, stamp
from deployments.sandbox.ids import id_run, is_id, make_id, to18
from deployments.sandbox.schema import load_schema, permission_labels
from deployments.sandbox.store import AppRecord, OrgStore
from tests.deployments.sandbox.small_org import NOON, SmallOrg


def test_the_checksum_of_a_published_example() -> None:
    assert to18("001D000000IRFma") == "001D000000IRFmaIAH"
    assert is_id("001D000000IRFma")
    assert is_id("001D000000IRFmaIAH")
    assert not is_id("001D000000IRFmaIAA")
    assert not is_id("001D000000IRFm'")


@given(st.integers(0, 62**6), st.integers(0, 500))
def test_ids_in_bulk_equal_ids_one_by_one(first: int, count: int) -> None:
    assert list(id_run("0Ya", "Ab0", first, count)) == [
        make_id("0Ya", "Ab0", n) for n in range(first, first + count)
    ]


def test_the_clock_moves_forward_only_and_remembers(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock.json")
    before = clock.now()
    clock.advance(timedelta(days=84))
    assert Clock(tmp_path / "clock.json").now() - before >= timedelta(days=84)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(timedelta(seconds=-1))


def test_moments_have_one_wire_form() -> None:
    assert stamp(datetime(2026, 5, 2, 6, 14, 9, tzinfo=UTC)) == "2026-05-02T06:14:09.000+0000"


def test_the_schema_offers_the_permissions_and_both_doors() -> None:
    schema = load_schema()
    assert len(permission_labels()) >= 120
    assert schema["permissionset"].fields["PermissionsManageUsers"].label == "Manage Users"
    assert schema["Certificate"].api == {"tooling"}
    assert schema["NamedCredential"].api == {"rest", "tooling"}
    assert set(schema.children("Account")) >= {"contacts", "opportunities", "kyc_checks__r"}
    assert not schema["LoginHistory"].fields["Status"].filterable
    # Histories share a prefix, and so do feeds.
    prefixes = [
        each.prefix for each in schema.objects.values() if not each.name.endswith(("History", "Feed"))
    ]
    assert len(prefixes) == len(set(prefixes))


def test_the_same_rows_make_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = SmallOrg(tmp_path / "a"), SmallOrg(tmp_path / "b")
    assert one.store.org_id == two.store.org_id
    assert [tuple(row) for row in one.store.sql("SELECT * FROM User")] == [
        tuple(row) for row in two.store.sql("SELECT * FROM User")
    ]


def test_insert_fills_what_rows_leave_out(tmp_path: Path) -> None:
    org = SmallOrg(tmp_path)
    first, second = org.store.insert("Account", [{"Name": "Acme"}, {"Name": "Bolt", "CreatedDate": NOON}])
    found = org.store.get("Account", first[:15])
    assert found is not None
    assert found["Id"] == first
    assert found["IsDeleted"] is False
    assert found["SystemModstamp"] == "2026-05-13T12:00:00.000+0000"
    assert (org.store.get("Account", second) or {})["Name"] == "Bolt"


def test_deleting_marks_or_removes(tmp_path: Path) -> None:
    org = SmallOrg(tmp_path)
    account = org.store.insert("Account", [{"Name": "Acme"}])[0]
    session = org.store.insert("AuthSession", [{"UsersId": org.admin_id}])[0]
    org.store.delete("Account", account)
    org.store.delete("AuthSession", session)
    assert (org.store.get("Account", account) or {})["IsDeleted"] is True
    assert org.store.get("AuthSession", session) is None
    with pytest.raises(KeyError):
        org.store.update("AuthSession", session, {"SourceIp": "192.0.2.1"})


def test_a_reopened_store_goes_on_counting(tmp_path: Path) -> None:
    org = SmallOrg(tmp_path)
    first = org.store.insert("Account", [{"Name": "Acme"}])[0]
    org.store.put_metadata(
        "Profile", "Admin", {"custom": False, "loginIpRanges": [{"startAddress": "192.0.2.1"}]}
    )
    org.store.put_app(AppRecord("a", "A", "connected-app", "0H4x", "key", flows=frozenset({"jwt"})))
    org.store.close()
    again = OrgStore(tmp_path / "org.sqlite", load_schema(), org.clock)
    assert (again.alias, again.host) == ("hq", "meridian-hq.my.salesforce.com")
    assert again.insert("Account", [{"Name": "Bolt"}])[0] != first
    assert (again.metadata("Profile", "ADMIN") or {})["loginIpRanges"] == [{"startAddress": "192.0.2.1"}]
    app = again.app_by_key("key")
    assert app is not None
    assert app.flows == {"jwt"}


def test_the_schema_describes_itself_in_rows(tmp_path: Path) -> None:
    org = SmallOrg(tmp_path)
    field = org.store.get("FieldDefinition", "Account.SSN__c")
    assert field is not None
    assert field["DataType"] == "Text(40)"
    soql = "SELECT FullName FROM CustomField WHERE TableEnumOrId = 'Account' AND DeveloperName = 'SSN'"
    assert org.ask(soql, tooling=True).records[0]["FullName"] == "Account.SSN__c"
    org.store.update("FieldDefinition", "Account.SSN__c", {"SecurityClassification": "Restricted"})
    soql = "SELECT SecurityClassification FROM FieldDefinition WHERE DurableId = 'Account.SSN__c'"
    assert org.values(soql, "SecurityClassification") == ["Restricted"]
