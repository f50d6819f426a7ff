"""Fields, samples and masking as real orgs give them; values stay where they were read."""

from tasks.encryption.gateway import read_fields
from tests.running import RunningEstate
from tests.tasks.conftest import Open


def test_classification_encryption_and_counts_come(org: Open) -> None:
    reading = read_fields(org("compliance"), kind="production")
    assert reading.gaps == {}
    fields = {f.name: f for f in reading.values["fields"]}
    assert fields["Account.SSN__c"].security_classification == "Restricted"
    assert fields["Account.SSN__c"].encrypted
    assert reading.values["row_counts"]["Account"] == 5_000
    assert reading.values["mask_policies"] == ()


def test_a_sandbox_tells_its_mask_policies(org: Open) -> None:
    reading = read_fields(org("hq-uat"), kind="sandbox")
    assert reading.gaps == {}
    assert any(policy.fields for policy in reading.values["mask_policies"])


def test_no_sampled_value_leaves_the_reading(org: Open, estate: RunningEstate) -> None:
    session = org("hq")
    reading = read_fields(session, kind="production")
    values = {row["SSN__c"] for row in session.query("SELECT SSN__c FROM Account LIMIT 200") if row["SSN__c"]}
    assert values, "there is something that could leak"
    text = repr(reading)
    assert not any(value in text for value in values)
