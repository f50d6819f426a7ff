"""Who read which sensitive field, from masked queries."""

from datetime import UTC, datetime

import polars as pl

from tasks.telemetry.masks import pseudonyms
from tasks.telemetry.model import Tier
from tasks.telemetry.normal import normalise
from tasks.telemetry.reads import sensitive_reads

SENSITIVE = ("Contact.SSN__c", "Account.TaxID__c")


def test_fields_are_found_in_masked_queries_and_summed_by_who_read_them() -> None:
    queries = [
        "SELECT Id, ssn__c FROM Contact WHERE Email = 'ada@acme.example'",
        "SELECT Id, SSN__c FROM Contact WHERE Email = 'bob@acme.example'",
        "SELECT Id, Account.TaxID__c FROM Contact",
        "SELECT FIELDS(ALL) FROM Contact LIMIT 200",
        "",
    ]
    texts = pl.DataFrame({
        "TIMESTAMP_DERIVED": [f"2026-05-04T0{n}:00:00.000Z" for n in range(5)],
        "USER_ID": ["005Dn000001ab23"] * 5, "CLIENT_NAME": ["loader"] * 5, "ROWS_PROCESSED": ["10"] * 5, "QUERY": queries,
    })  # fmt: skip
    rows = normalise(texts, "hq", Tier.DAILY, pseudonyms(b"k" * 32)).lazy()
    found = {row["FIELD"]: row for row in sensitive_reads(rows, SENSITIVE).to_dicts()}
    assert {field: (row["TIMES"], row["ROWS"]) for field, row in found.items()} == {
        "Contact.SSN__c": (3, 30),
        "Account.TaxID__c": (1, 10),
    }
    assert found["Contact.SSN__c"]["LAST"] == datetime(2026, 5, 4, 3, tzinfo=UTC)
    assert found["Contact.SSN__c"]["CLIENT_NAME"] == "loader"
