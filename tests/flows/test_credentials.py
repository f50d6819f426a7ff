"""The credential calendar of a running estate, and secrets that lie where they do not belong."""

import json
from typing import Any

import pytest

from flows.credentials import credential_calendar, exposed_secrets
from flows.plans import apply_plan, approve_plan, rollback_plan
from tasks.credentials.model import CredentialKind
from tasks.credentials.schedule import state
from tasks.errors import ConfigurationError
from tasks.orgs import open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan
from tests.product import Product
from tests.running import RunningEstate


def found(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def test_what_was_planted_as_old_is_overdue_and_published(product: Product, estate: RunningEstate) -> None:
    lines = credential_calendar()
    now = max(line.since for line in lines if line.since)
    key = json.loads((estate.folder / "answer-key.json").read_text())
    old = [f["resource"].partition(":")[2] for f in key["findings"] if f["control"] == "ZT-10"]
    assert old
    overdue = {
        use.rpartition("->")[0] for line in lines if state(line, now) == "overdue" for use in line.used_by
    }
    assert set(old) <= overdue
    assert {line.kind for line in lines} >= {
        CredentialKind.KEY_PAIR, CredentialKind.CERTIFICATE, CredentialKind.SECRET, CredentialKind.PASSWORD,
    }  # fmt: skip
    found = product.prefect("POST", "/artifacts/latest/filter", json={})
    (table,) = [each for each in found if each["key"] == "credential-calendar"]
    rows = json.loads(table["data"])
    assert len(rows) == len(lines) and rows[0]["state"] == "overdue"


@pytest.mark.slow
def test_what_lies_about_is_told_without_its_value_and_cleared_once_it_is_attested(
    product: Product, estate: RunningEstate
) -> None:
    key = json.loads((estate.folder / "answer-key.json").read_text())
    planted = [(f["org"], f["resource"]) for f in key["findings"] if f["control"] == "ZT-11"]
    plan = found(exposed_secrets(requester="ada"))
    told = "\n".join(plan.afterwards)
    for org, resource in planted:
        _, kind, place = resource.split(":", 2)
        assert f"{org}: {kind} {place}" in told, resource
    assert not any(canary in repr(plan) for canary in key["canaries"])
    org, resource = next(each for each in planted if ":custom-setting:" in each[1])
    digest = exposed_secrets(requester="ada", orgs=[org], switched=[f"{org}/{resource}"])
    client = f"client.laboratory@{org}.meridian.example"
    row, field = resource.split(":", 2)[2].split(".")[1:]
    soql = f"SELECT Id, {field} FROM Integration_Settings__c WHERE Name = '{row}'"

    def held() -> Any:
        return estate.get(org, client, "v62.0/query", params={"q": soql}).json()["records"][0]

    before = held()
    assert before[field]
    try:
        for person in ("bob", "eve"):
            approve_plan(digest=digest, approver=person, reason="reviewed")
        apply_plan(digest=digest)
        assert held()[field] is None
        with pytest.raises(ConfigurationError, match="way back"):
            rollback_plan(digest=digest, reason="enough")
    finally:
        path = f"v62.0/sobjects/Integration_Settings__c/{before['Id']}"
        estate.call("PATCH", org, client, path, json={field: before[field]})
