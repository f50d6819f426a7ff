"""What Shield Platform Encryption takes from a field's queries."""

from pathlib import Path

import pytest

from deployments.sandbox.soql.query import SoqlError
from tests.deployments.sandbox.small_org import SmallOrg

PROBABILISTIC, SENSITIVE, INSENSITIVE = (
    "ProbabilisticEncryption", "CaseSensitiveDeterministicEncryption", "CaseInsensitiveDeterministicEncryption",
)  # fmt: skip


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    org = SmallOrg(tmp_path)
    org.store.insert("Account", [{"Name": name, "SSN__c": name} for name in ("Anna", "anna", "Bob")])
    return org


def encrypt(org: SmallOrg, scheme: str) -> None:
    org.store.put_metadata("CustomField", "Account.SSN__c", {"type": "Text", "encryptionScheme": scheme})
    org.store.extend_schema()


@pytest.mark.parametrize(
    "clause",
    [
        "WHERE SSN__c = 'Anna'",
        "WHERE SSN__c != null",
        "WHERE SSN__c LIKE 'A%'",
        "ORDER BY SSN__c",
        "GROUP BY SSN__c",
    ],
)
def test_a_probabilistic_field_cannot_be_asked_about(org: SmallOrg, clause: str) -> None:
    soql = f"SELECT COUNT(Id) FROM Account {clause}"
    if clause.startswith("ORDER"):
        soql = f"SELECT Id FROM Account {clause}"
    org.ask(soql)
    encrypt(org, PROBABILISTIC)
    with pytest.raises(SoqlError, match="field 'SSN__c' can not be"):
        org.ask(soql)
    assert org.values("SELECT SSN__c FROM Account WHERE Name = 'Bob'", "SSN__c") == ["Bob"]


@pytest.mark.parametrize(("scheme", "found"), [(SENSITIVE, 1), (INSENSITIVE, 2)])
def test_a_deterministic_field_can_be_compared_and_no_more(org: SmallOrg, scheme: str, found: int) -> None:
    encrypt(org, scheme)
    for where in ("SSN__c = 'Anna'", "SSN__c IN ('Anna', 'Zoe')"):
        assert org.ask(f"SELECT COUNT() FROM Account WHERE {where}").total_size == found
    assert org.ask("SELECT COUNT() FROM Account WHERE SSN__c = null").total_size == 0
    for where in ("SSN__c LIKE 'A%'", "SSN__c > 'A'"):
        with pytest.raises(SoqlError, match="INVALID_QUERY_FILTER_OPERATOR"):
            org.ask(f"SELECT COUNT() FROM Account WHERE {where}")
    with pytest.raises(SoqlError, match="can not be sorted"):
        org.ask("SELECT Id FROM Account ORDER BY SSN__c")


def test_taking_the_scheme_away_gives_the_filters_back(org: SmallOrg) -> None:
    encrypt(org, PROBABILISTIC)
    encrypt(org, "None")
    assert org.ask("SELECT COUNT() FROM Account WHERE SSN__c = 'Bob'").total_size == 1
