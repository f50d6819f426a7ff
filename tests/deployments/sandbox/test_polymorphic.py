"""References that lead to several kinds of records."""

from pathlib import Path

import pytest

from deployments.sandbox.soql.query import SoqlError
from tests.deployments.sandbox.small_org import SmallOrg


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    org = SmallOrg(tmp_path)
    queue = org.store.insert("Group", [{"Name": "Desk", "DeveloperName": "Desk", "Type": "Queue"}])[0]
    org.store.insert(
        "Task", [{"Subject": "his", "OwnerId": org.clerk_id}, {"Subject": "ours", "OwnerId": queue}]
    )
    account = org.store.insert("Account", [{"Name": "Acme", "OwnerId": org.admin_id}])[0]
    case = org.store.insert("Case", [{"Subject": "C", "CaseNumber": "00001026", "OwnerId": queue}])[0]
    for what in (account, case):
        org.store.insert("Task", [{"Subject": what, "OwnerId": org.clerk_id, "WhatId": what}])
    return org


def test_every_kind_of_parent_is_found(org: SmallOrg) -> None:
    rows = org.ask(
        "SELECT Subject, Owner.Name, Owner.Type, Owner.Profile.Name FROM Task WHERE Subject IN ('his', 'ours') ORDER BY Subject"
    ).records
    (his, ours) = (row["Owner"] for row in rows)
    assert isinstance(his, dict) and isinstance(ours, dict)
    assert (his["Name"], his["Type"], his["Profile"]["Name"]) == ("clerk", "User", "clerk profile")
    assert (ours["Name"], ours["Type"], ours["Profile"]) == ("Desk", "Group", None)
    assert his["attributes"] == {"type": "Name", "url": f"/services/data/v67.0/sobjects/User/{org.clerk_id}"}
    assert "/sobjects/Group/00G" in ours["attributes"]["url"]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Owner.Name = 'Desk'", 1),
        ("Owner.Type = 'User'", 3),
        ("What.Name = 'Acme'", 1),
        ("What.Name LIKE '0000%'", 1),
        ("What.Type IN ('Account', 'Case')", 2),
        ("Owner.Profile.Name = 'clerk profile'", 3),
    ],
)
def test_parents_of_every_kind_can_be_filtered(org: SmallOrg, where: str, found: int) -> None:
    assert org.ask(f"SELECT COUNT() FROM Task WHERE {where}").total_size == found


def test_only_what_all_kinds_share_can_be_asked(org: SmallOrg) -> None:
    with pytest.raises(SoqlError, match="No such column 'Department'"):
        org.ask("SELECT Owner.Department FROM Task")
    with pytest.raises(SoqlError, match="INVALID_TYPE"):
        org.ask("SELECT Id FROM Name")
