"""Attacks on a sandbox whose owner agreed: as canaries, on canary records, told and noted; everywhere else refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from deployments.register import register_files
from deployments.sandbox import launch
from flows.rehearsal import AttackName, rehearsal
from tasks.errors import FindingsOverLimit, OrgRefused
from tasks.estate.model import OrgKind
from tasks.ledger.model import EntryKind
from tasks.orgs import load_estate, open_ledger
from tasks.rehearsal.model import Played
from tests.product import Product
from tests.running import RunningEstate

ORG = "hq-uat"
LABORATORY = f"client.laboratory@{ORG}.meridian.example"
CANARIES = ("Canary One", "Canary Two", "Canary Three")
LOOT = f"bulkhead/rehearsal/{ORG}/batch-password"


@pytest.fixture(scope="module")
def canary(estate: RunningEstate) -> dict[str, str]:
    known: dict[str, str] = json.loads((estate.folder / "loot.json").read_text())["canary"]
    return known


@pytest.fixture(autouse=True, scope="module")
def agreed(
    product: Product, estate: RunningEstate, canary: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-rehearsal")
    policy = yaml.safe_load((estate.folder / "policy.yaml").read_text())
    consent = {"owner": "ciso@meridian.example", "expires": "2999-01-01", "users": [canary["username"]]}
    policy["rehearsal"] = {
        "abroad": estate.state["attacker_proxy"],
        "consents": [{"org": ORG, **consent}, {"org": "emea", **consent}],
    }
    file = tmp_path_factory.mktemp("policy") / "policy.yaml"
    file.write_text(yaml.safe_dump(policy))
    register_files(estate.folder / "estate.yaml", file)
    for name in CANARIES:
        made = estate.call("POST", ORG, LABORATORY, "v62.0/sobjects/Account", json={"Name": name})
        assert made.status_code == 201, made.text
    put_secret(estate, LOOT, canary)
    yield
    register_files(estate.folder / "estate.yaml")
    launch.restore_snapshot(estate.folder, "before-rehearsal")
    launch.delete_snapshot(estate.folder, "before-rehearsal")


def put_secret(estate: RunningEstate, name: str, value: dict[str, Any]) -> None:
    """As the owner of the sandbox does it, with an administrator's tools."""
    import boto3

    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-central-1"
    )
    client = session.client("secretsmanager", endpoint_url=estate.env["aws_endpoint"])
    client.create_secret(Name=name, SecretString=json.dumps(value))


def played(**options: Any) -> list[Played]:
    return list(rehearsal(watch_minutes=0, **options))


def test_canary_records_alone_are_taken_and_it_is_told_and_noted(
    product: Product, estate: RunningEstate, canary: dict[str, str]
) -> None:
    before = len(estate.wire())
    (one,) = played(orgs=[ORG])
    assert one.attack == "batch-password" and one.org == ORG
    assert one.rows == len(CANARIES) and one.stopped, "the sandbox has a thousand accounts"
    asked = [row for row in estate.wire()[before:] if row.get("user") == canary["username"]]
    assert asked and {row["source_ip"] for row in asked} == {"198.18.66.6"}, "it came from abroad"

    page = str(product.prefect("GET", "/artifacts/rehearsal/latest")["data"])
    assert "The password of a batch job" in page and "1 of 1 attacks were stopped" in page
    assert "stolen-key is left out" in page and canary["password"] not in page
    with open_ledger() as ledger:
        last = ledger.entries(EntryKind.EVIDENCE, subject=f"rehearsal:{ORG}")[-1]
    assert last.body["rehearsal"] == [{"attack": "batch-password", "rows": 3, "stopped": True}]


def test_an_attack_that_nothing_stops_makes_the_run_red(
    estate: RunningEstate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.rehearsal.model.ENOUGH", len(CANARIES) - 1)
    with pytest.raises(
        FindingsOverLimit, match=r"1 of 1 attacks were not stopped: batch-password \(3 rows\)"
    ):
        played(orgs=[ORG], chosen=[AttackName.BATCH_PASSWORD])


def test_production_is_refused_although_policy_names_it() -> None:
    assert load_estate().org("emea").kind is OrgKind.PRODUCTION
    with pytest.raises(OrgRefused, match="no sandbox"):
        played(orgs=["emea"])


def test_an_org_that_nobody_agreed_for_is_refused() -> None:
    with pytest.raises(OrgRefused, match="no sandbox"):
        played(orgs=["hq"])


def test_whoever_is_no_canary_is_not_misused(estate: RunningEstate, canary: dict[str, str]) -> None:
    name = f"bulkhead/rehearsal/{ORG}/slow-drip"
    put_secret(estate, name, canary | {"username": f"team.lead@{ORG}.meridian.example"})
    since = len(estate.wire())
    assert played(orgs=[ORG], chosen=[AttackName.SLOW_DRIP]) == []
    assert not [row for row in estate.wire()[since:] if row.get("source_ip") == "198.18.66.6"]
