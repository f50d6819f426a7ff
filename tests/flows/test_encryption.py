"""Sensitive fields encrypted by an approved plan, verified by what the org refuses, and secrets that give way and end."""

import base64
import json
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from requests import HTTPError

from deployments.bench.rotation_setup import Administrator
from deployments.register import register_files
from deployments.sandbox import launch
from flows.encryption import (
    destroy_tenant_secret,
    export_tenant_secret,
    plan_encryption,
    prepare_own_key,
    rotate_tenant_secrets,
    verify_encryption,
)
from flows.plans import apply_plan, approve_plan
from tasks.aws.secrets import read_secret
from tasks.errors import ConfigurationError, PlanRefused
from tasks.ledger.model import EntryKind
from tasks.orgs import forget_connections, open_cloud, open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan, ResourceKind
from tasks.plans.overview import Stage
from tasks.shield.model import Scheme
from tests.product import Product
from tests.running import RunningEstate

SCORE = "Contact.CreditScore__c"

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-encryption-flow")
    yield
    launch.restore_snapshot(estate.folder, "before-encryption-flow")
    launch.delete_snapshot(estate.folder, "before-encryption-flow")
    forget_connections()
    register_files(estate.folder / "estate.yaml")


@pytest.fixture(scope="module")
def org(estate: RunningEstate) -> str:
    return str(json.loads((estate.folder / "answer-key.json").read_text())["blockers"][0]["org"])


def plan_of(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def approved(digest: str) -> str:
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    return digest


def ask(estate: RunningEstate, org: str, soql: str) -> Any:
    """As the scanner, which reads all fields and may see tenant secrets."""
    return estate.get(org, f"bulkhead.scanner@{org}.meridian.example", "v62.0/query", params={"q": soql})


def test_fields_are_encrypted_as_approved_and_the_report_names_who_is_hit(
    estate: RunningEstate, org: str
) -> None:
    search = f"SELECT Id FROM Contact WHERE {SCORE.partition('.')[2]} < '500' LIMIT 1"
    assert ask(estate, org, search).status_code == 200
    with pytest.raises(ConfigurationError, match=r"has Account.Nothing__c"):
        plan_encryption(requester="ann", orgs=[org], fields=["Account.Nothing__c"])
    digest = plan_encryption(requester="ann", orgs=[org], although_used=[SCORE])
    plan = plan_of(digest)
    planned = {c.resource.key for c in plan.changes if c.resource.kind is ResourceKind.FIELD_ENCRYPTION}
    assert {SCORE, "Account.SSN__c", "Transaction__c.Iban__c"} <= planned
    assert "Account.AccountNumber" not in planned, "a sharing rule names it"
    with pytest.raises(PlanRefused, match="must approve"):
        apply_plan(digest=digest)
    assert apply_plan(digest=approved(digest)).stage is Stage.APPLIED

    assert ask(estate, org, search).json()[0]["errorCode"] == "INVALID_FIELD"
    with pytest.raises(ConfigurationError, match=r"has Account.Nothing__c"):
        verify_encryption(org=org, fields=["Account.Nothing__c"])
    verified = verify_encryption(org=org)
    schemes = {field.name: field.scheme for field in verified.fields}
    assert schemes["Account.SSN__c"] is Scheme.CASE_INSENSITIVE and planned <= schemes.keys()
    assert [caller.name for caller in verified.hit if caller.field == SCORE] == ["Contact.Low_Scores"]
    assert not [caller for caller in verified.hit if caller.name == "ClientSearch"], "it still finds"
    again = plan_of(plan_encryption(requester="ann", orgs=[org]))
    assert not [c for c in again.changes if c.resource.key in planned]


def test_a_secret_gives_way_and_ends_only_with_export_word_and_two_people(
    estate: RunningEstate, org: str, tmp_path: Path
) -> None:
    digest = rotate_tenant_secrets(requester="ann", orgs=[org], types=["Data"])
    (change,) = plan_of(digest).changes
    version = int(change.resource.key.partition("/")[2])
    approve_plan(digest=digest, approver="bob", reason="reviewed")
    with pytest.raises(PlanRefused, match="2 people"):
        apply_plan(digest=digest)
    approve_plan(digest=digest, approver="eve", reason="reviewed")
    assert apply_plan(digest=digest).stage is Stage.APPLIED
    assert plan_of(rotate_tenant_secrets(requester="ann", orgs=[org], types=["Data"])).changes == ()

    with pytest.raises(ConfigurationError, match="never exported"):
        destroy_tenant_secret(requester="ann", org=org, version=version)
    path = Path(str(export_tenant_secret(requester="ann", org=org, version=version)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and len(path.read_bytes()) == 32
    with open_ledger() as ledger:
        note = ledger.entries(EntryKind.TENANT_SECRET, subject=org)[-1]
    assert note.actor == "ann" and path.read_bytes().hex() not in str(note.body)
    with pytest.raises(ConfigurationError, match="nobody vouches"):
        destroy_tenant_secret(requester="ann", org=org, version=version)

    made = ask(estate, org, "SELECT CreatedDate FROM TenantSecret WHERE Status = 'Active' AND Type = 'Data'")
    rotated = datetime.fromisoformat(made.json()["records"][0]["CreatedDate"]).date()
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 2 * 24 * 3600})
    forget_connections()
    vouched(estate.folder / "estate.yaml", org, tmp_path, str(rotated + timedelta(days=1)))
    last = str(destroy_tenant_secret(requester="ann", org=org, version=version))
    approve_plan(digest=last, approver="bob", reason="reviewed")
    with pytest.raises(PlanRefused, match="2 people"):
        apply_plan(digest=last)
    approve_plan(digest=last, approver="eve", reason="reviewed")
    assert apply_plan(digest=last).stage is Stage.APPLIED
    rows = ask(estate, org, f"SELECT Status FROM TenantSecret WHERE Version = {version} AND Type = 'Data'")
    assert [row["Status"] for row in rows.json()["records"]] == ["Destroyed"]


def test_a_key_of_ones_own_is_taken_by_the_org_that_it_was_wrapped_for(
    estate: RunningEstate, org: str
) -> None:
    admin = Administrator(estate.folder, org)
    for name, bits in (("BYOK", 4096), ("Small", 2048)):
        made = {"caSigned": False, "keySize": bits, "masterLabel": name, "privateKeyExportable": False}
        admin.write("createMetadata", "Certificate", name, **{k: str(v).lower() for k, v in made.items()})
    secret = f"bulkhead/own-keys/{org}"
    with pytest.raises(ConfigurationError, match="no RSA key of 4096 bits"):
        prepare_own_key(org=org, certificate="Small", secret=secret)
    with pytest.raises(ConfigurationError, match="no certificate Nothing"):
        prepare_own_key(org=org, certificate="Nothing", secret=secret)
    path = Path(str(prepare_own_key(org=org, certificate="BYOK", secret=secret)))
    upload = json.loads(path.read_text())
    kept = read_secret(open_cloud(), secret)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and kept["material"] not in path.read_text()
    assert base64.b64decode(upload["SecretValueHash"]) == sha256(bytes.fromhex(kept["material"])).digest()

    admin.close()
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 2 * 24 * 3600})
    forget_connections()
    other = {**upload, "SecretValueHash": base64.b64encode(sha256(b"another").digest()).decode()}
    # Sessions have ended meanwhile.
    admin = Administrator(estate.folder, org)
    with pytest.raises(HTTPError) as refused:
        admin.rest("POST", "sobjects/TenantSecret", json=other)
    assert "not what its hash says" in refused.value.response.text
    admin.rest("POST", "sobjects/TenantSecret", json=upload)
    admin.close()
    now = ask(estate, org, "SELECT Source FROM TenantSecret WHERE Status = 'Active' AND Type = 'Data'")
    assert [row["Source"] for row in now.json()["records"]] == ["Uploaded"]


def vouched(declared: Path, org: str, folder: Path, day: str) -> None:
    """What is declared, policy.yaml beside it, registered once more, with somebody's word that background encryption is done."""
    document = yaml.safe_load(declared.read_text())
    word = {
        "subject": "background-encryption",
        "orgs": [org],
        "owner": "ada",
        "date": day,
        "expires": "2099-12-31",
        "evidence_sha256": "ab" * 32,
    }
    document["attestations"].append(word)
    file = folder / "vouched.yaml"
    file.write_text(yaml.safe_dump(document))
    register_files(file, declared.with_name("policy.yaml"))
