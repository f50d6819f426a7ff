"""Platform encryption as the estate enforces it: who waits, what ends, and which fields cannot be encrypted how."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox import records
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.metadata import components
from tests.deployments.sandbox.small_org import SmallOrg

SECRET, CONTENT = {"Type": "Data"}, 32
FIELD = "Account.SSN__c"


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    made = SmallOrg(tmp_path)
    made.grant(made.admin_id, made.permission_set(("ManageEncryptionKeys", "CustomizeApplication")))
    made.store.put_metadata("CustomField", FIELD, {"label": "SSN", "type": "Text", "length": "40"})
    return made


def secret(org: SmallOrg, kind: str = "Data") -> str:
    return records.create(org.store, org.admin, "TenantSecret", {"Type": kind})


def encrypt(org: SmallOrg, scheme: str = "ProbabilisticEncryption", **more: Any) -> None:
    brought = {"encryptionScheme": scheme, **more}
    components.write(org.store, org.admin, "update", "CustomField", FIELD, brought)


def test_another_secret_of_a_type_waits_a_day(org: SmallOrg) -> None:
    secret(org)
    secret(org, "DeterministicData")
    org.clock.advance(timedelta(hours=24) - timedelta(seconds=1))
    with pytest.raises(SalesforceError, match="once in 24 hours") as refused:
        secret(org)
    assert refused.value.code == "LIMIT_EXCEEDED"
    org.clock.advance(timedelta(seconds=1))
    secret(org)


def test_a_secret_ends_by_way_of_the_archive_and_its_export_with_it(org: SmallOrg) -> None:
    first = secret(org)
    with pytest.raises(SalesforceError, match="cannot become Destroyed"):
        records.update(org.store, org.admin, "TenantSecret", first, {"Status": "Destroyed"})
    org.clock.advance(timedelta(days=1))
    secret(org)
    held = org.store.get("TenantSecret", first) or {}
    assert held["Status"] == "Archived" and held["SecretValue"]
    with pytest.raises(SalesforceError, match="cannot become Active"):
        records.update(org.store, org.admin, "TenantSecret", first, {"Status": "Active"})
    records.update(org.store, org.admin, "TenantSecret", first, {"Status": "Destroyed"})
    assert (org.store.get("TenantSecret", first) or {})["SecretValue"] is None


def test_a_field_is_encrypted_only_with_a_secret_and_deterministically_only_where_enabled(
    org: SmallOrg,
) -> None:
    with pytest.raises(components.Unwritable, match="no active tenant secret of type Data"):
        encrypt(org)
    secret(org)
    encrypt(org)
    with pytest.raises(components.Unwritable, match="not enabled"):
        encrypt(org, "CaseSensitiveDeterministicEncryption")
    settings = {"enableDeterministicEncryption": True}
    org.store.put_metadata("PlatformEncryptionSettings", "PlatformEncryption", settings)
    with pytest.raises(components.Unwritable, match="type DeterministicData"):
        encrypt(org, "CaseSensitiveDeterministicEncryption")
    secret(org, "DeterministicData")
    encrypt(org, "CaseSensitiveDeterministicEncryption", unique=True)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"unique": True}, "unique"),
        ({"externalId": True}, "external id"),
        ({"type": "Currency"}, "type Currency"),
    ],
)
def test_what_a_field_is_keeps_it_in_clear(org: SmallOrg, more: dict[str, Any], why: str) -> None:
    secret(org)
    with pytest.raises(components.Unwritable, match=why):
        encrypt(org, **more)


def test_sharing_rules_and_most_formulas_keep_a_field_in_clear(org: SmallOrg) -> None:
    secret(org)
    rule = {"criteriaItems": {"field": "SSN__c", "operation": "equals", "value": "1"}}
    org.store.put_metadata("SharingCriteriaRule", "Account.Own", rule)
    with pytest.raises(components.Unwritable, match=r"sharing rule Account\.Own"):
        encrypt(org)
    org.store.delete_metadata("SharingCriteriaRule", "Account.Own")
    formula = {"label": "Tail", "type": "Text", "formula": "RIGHT(SSN__c, 4)"}
    org.store.put_metadata("CustomField", "Account.Tail__c", formula)
    with pytest.raises(components.Unwritable, match=r"formula Account.Tail__c"):
        encrypt(org)
    for other in ('IF(SSN__c = "1", "a", "b")', '"x" + SSN__c'):
        org.store.put_metadata("CustomField", "Account.Tail__c", {**formula, "formula": other})
        with pytest.raises(components.Unwritable, match=r"formula Account.Tail__c"):
            encrypt(org)
    org.store.delete_metadata("CustomField", "Account.Tail__c")
    across = {**formula, "formula": "LEFT(Account.SSN__c, 2)"}
    org.store.put_metadata("CustomField", "Contact.Of__c", across)
    with pytest.raises(components.Unwritable, match=r"formula Contact.Of__c"):
        encrypt(org)
    org.store.put_metadata("CustomField", "Contact.Of__c", {**across, "formula": "LEFT(SSN__c, 2)"})
    org.store.put_metadata(
        "CustomField", "Account.Tail__c", {**formula, "formula": "IF(ISBLANK(SSN__c), 'no', 'yes')"}
    )
    encrypt(org)
