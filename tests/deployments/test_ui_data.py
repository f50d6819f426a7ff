"""Data protection in the Prefect UI: backups and drills, masks, sealed routes and their keys, platform encryption."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page

from deployments.bench.rotation_setup import Administrator
from deployments.bench.sync_setup import Wish, prepare
from deployments.register import offer_choices, register_files
from deployments.sandbox import launch
from tasks.aws.secrets import read_secret
from tasks.ledger.model import EntryKind
from tasks.orgs import forget_connections, open_cloud, open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.overview import PlanStatus, Stage
from tests.deployments.person import Person
from tests.deployments.test_ui_controls import approved_and_applied, digest_in, nothing_is_cut_off
from tests.flows.buckets import locked_bucket
from tests.flows.test_encryption import vouched
from tests.flows.test_sync import USER
from tests.product import Product
from tests.running import RunningEstate

ADA, BOB = "ada@meridian.example", "bob@meridian.example"
SANDBOX = "hq-uat"
BUCKET = "backups-of-a-person"
KEPT = ("Account", "Opportunity")
ROUTE = "HQ_to_EMEA_Contact_Sync"
SEALED = {"SSN_Sealed__c": "SSN__c", "Tax_Sealed__c": "TaxID__c"}
WISH = Wish(
    route=ROUTE,
    source="hq",
    target="emea",
    sobject="Contact",
    fields=("LastName", "External_Id__c", *SEALED),
    sync_user=USER,
    sealed=SEALED,
)

pytestmark = [pytest.mark.slow, pytest.mark.alternating, pytest.mark.timeout(900)]


@pytest.fixture(autouse=True, scope="module")
def ground(
    product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A route that Bulkhead carries, and a sandbox with a bucket for its backups; what declares both."""
    launch.save_snapshot(estate.folder, "before-ui-data")
    declared, rules = prepare(estate.folder, WISH, tmp_path_factory.mktemp("ui-data"))
    locked_bucket(BUCKET)
    policy = yaml.safe_load(rules.read_text())
    policy["backups"] |= {
        "buckets": {SANDBOX: BUCKET},
        "objects": [*KEPT],
        "lock": "PT1S",
        "drills": [SANDBOX],
    }
    # Those of the estate are 50 days old.
    policy.setdefault("shield", {})["tenant_secret_max_age"] = "P30D"
    rules.write_text(yaml.safe_dump(policy))
    offer_choices(register_files(declared, rules))
    yield declared
    launch.restore_snapshot(estate.folder, "before-ui-data")
    launch.delete_snapshot(estate.folder, "before-ui-data")
    forget_connections()
    offer_choices(register_files(estate.folder / "estate.yaml"))


def status(digest: str) -> PlanStatus:
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        return book.status(book.find(digest)[0])


def shown(person: Person, page: Page, run: str, key: str) -> str:
    """An artifact's text, its page looked at."""
    text = person.artifact(run, key)
    nothing_is_cut_off(page)
    return text


def carried_out(person: Person, page: Page, run: str) -> str:
    """The plan of a run approved by two people and applied; its digest."""
    digest = digest_in(shown(person, page, run, "plan-"))
    refused = person.starts("apply-plan", "Failed", digest=digest)
    assert "nothing was sent" in person.artifact(refused, "outcome-"), "nobody has approved it"
    outcome = approved_and_applied(person, digest)
    nothing_is_cut_off(page)
    assert status(digest).stage is Stage.APPLIED and BOB in outcome
    return digest


def ask(estate: RunningEstate, org: str, soql: str, who: str = "break.glass.1") -> Any:
    return estate.get(org, f"{who}@{org}.meridian.example", "v62.0/query", params={"q": soql}).json()


def test_a_backup_is_made_checked_and_brought_back(person: Person, page: Page, estate: RunningEstate) -> None:
    before = [ask(estate, SANDBOX, f"SELECT COUNT() FROM {each}")["totalSize"] for each in KEPT]
    run = person.starts("back-up-orgs-daily", orgs=[SANDBOX])
    made = shown(person, page, run, f"backup-{SANDBOX}")
    assert f"{sum(before):,} records" in made
    assert SANDBOX in shown(person, page, person.starts("verify-backups-weekly", orgs=[SANDBOX]), "backups-")
    plan = person.starts("restore-drill", requester=ADA, org=SANDBOX, target=SANDBOX)
    carried_out(person, page, plan)
    after = [ask(estate, SANDBOX, f"SELECT COUNT() FROM {each}")["totalSize"] for each in KEPT]
    assert after == before, "what the drill made is gone again"
    with open_ledger() as ledger:
        notes = ledger.entries(EntryKind.EVIDENCE, subject=f"backup {SANDBOX}")
    drill = next(each.body for each in reversed(notes) if each.body["step"] == "drilled")
    assert drill["good"] is True, drill
    lost = person.starts("key-loss-drill-monthly", "Failed", orgs=[SANDBOX])
    assert "key" in shown(person, page, lost, f"key-loss-{SANDBOX}"), "no second key is named in the policy"


def test_a_sandbox_is_masked_and_scanned(person: Person, page: Page, estate: RunningEstate) -> None:
    people = "SELECT Id, LastName FROM Lead ORDER BY Id LIMIT 200"
    before = ask(estate, SANDBOX, people)["records"]
    assert person.offered("mask-sandbox", "org") == [SANDBOX], "no production"
    run = person.starts("mask-sandbox", requester=ADA, org=SANDBOX, objects=["Lead"])
    carried_out(person, page, run)
    after = ask(estate, SANDBOX, people)["records"]
    assert [row["Id"] for row in before] == [row["Id"] for row in after]
    assert before and not {row["LastName"] for row in before} & {row["LastName"] for row in after}
    scan = person.starts("scan-sandbox", org=SANDBOX, objects=["Lead"])
    assert "Nothing" in person.artifact(scan, f"scan-{SANDBOX}")


def test_a_sandbox_nobody_proved_clean_is_told_and_gets_its_plans(person: Person, page: Page) -> None:
    person.starts("watch-sandboxes-daily")
    alerts = person.artifact(person.starts("list-alerts"), "alerts")
    assert SANDBOX in alerts
    run = person.starts("prepare-sandbox", requester=ADA, org=SANDBOX)
    planned = shown(person, page, run, f"prepare-{SANDBOX}")
    assert all(each in planned for each in ("mask-sandbox", "copied-credentials", "segmentation"))
    copied = person.starts("copied-credentials", requester=ADA, org=SANDBOX)
    assert SANDBOX in person.artifact(copied, f"copied-{SANDBOX}")


def _sees_sealed_columns(estate: RunningEstate) -> None:
    """The test's own user may read what stands in emea."""
    user = "client.laboratory@emea.meridian.example"

    def made(sobject: str, row: dict[str, Any]) -> str:
        answer = estate.call("POST", "emea", user, f"v62.0/sobjects/{sobject}", json=row)
        assert answer.ok, answer.text
        return str(answer.json()["id"])

    columns = made("PermissionSet", {"Name": "Sealed_Columns", "Label": "Sealed columns"})
    for field in ("SSN_Sealed__c", "External_Id__c"):
        row = {"ParentId": columns, "SobjectType": "Contact", "Field": f"Contact.{field}"}
        made("FieldPermissions", row | {"PermissionsRead": True, "PermissionsEdit": False})
    rights = {"ParentId": columns, "SobjectType": "Contact", "PermissionsRead": True}
    made("ObjectPermissions", rights | {"PermissionsViewAllRecords": True})
    [me] = ask(estate, "emea", f"SELECT Id FROM User WHERE Username = '{user}'")["records"]
    made("PermissionSetAssignment", {"AssigneeId": me["Id"], "PermissionSetId": columns})


def test_a_route_is_carried_sealed_and_its_keys_turn(
    person: Person, page: Page, estate: RunningEstate
) -> None:
    key = ROUTE.lower().replace("_", "-")
    record = {"LastName": "Sealed", "External_Id__c": "SEA-000001", "SSN__c": "523-46-0001"}
    path = "v62.0/sobjects/Contact"
    made = estate.call("POST", "hq", "break.glass.1@hq.meridian.example", path, json=record)
    assert made.ok, made.text
    first = shown(person, page, person.starts("sync-route", route=ROUTE), f"sync-{key}")
    assert "read back, count and checksum right" in first
    sealed = "SELECT SSN_Sealed__c FROM Contact WHERE External_Id__c = 'SEA-000001'"
    _sees_sealed_columns(estate)
    [before] = ask(estate, "emea", sealed, "client.laboratory")["records"]
    shown(person, page, person.starts("rotate-data-keys", route=ROUTE), f"data-keys-{key}")
    [after] = ask(estate, "emea", sealed, "client.laboratory")["records"]
    assert before["SSN_Sealed__c"] != after["SSN_Sealed__c"] and after["SSN_Sealed__c"].startswith("AES256:")
    carried_out(person, page, person.starts("retire-data-keys", requester=ADA, route=ROUTE))


def test_fields_are_encrypted_and_a_tenant_secret_gives_way(
    person: Person, page: Page, estate: RunningEstate, ground: Path, tmp_path: Path
) -> None:
    org = str(json.loads((estate.folder / "answer-key.json").read_text())["blockers"][0]["org"])
    field = "Transaction__c.Iban__c"
    run = person.starts("plan-encryption", requester=ADA, orgs=[org], fields=[field])
    assert shown(person, page, run, "encryption-blockers")
    carried_out(person, page, run)
    done = shown(person, page, person.starts("verify-encryption", org=org), f"encryption-{org}")
    assert field in done
    carried_out(person, page, person.starts("rotate-tenant-secrets", requester=ADA, orgs=[org]))
    secrets = "SELECT Version FROM TenantSecret WHERE Type = 'Data' AND Status = 'Archived'"
    version = ask(estate, org, secrets, "bulkhead.scanner")["records"][0]["Version"]
    which = {"org": org, "version": str(version)}
    person.starts("export-tenant-secret", requester=ADA, **which)
    person.starts("destroy-tenant-secret", "Failed", requester=ADA, **which)
    vouched(ground, org, tmp_path, _encrypted_anew(estate, org))
    carried_out(person, page, person.starts("destroy-tenant-secret", requester=ADA, **which))
    gone = f"SELECT Status FROM TenantSecret WHERE Version = {version} AND Type = 'Data'"
    assert [row["Status"] for row in ask(estate, org, gone, "bulkhead.scanner")["records"]] == ["Destroyed"]


def _encrypted_anew(estate: RunningEstate, org: str) -> str:
    """The day after the new secret was made, which is over: somebody may vouch for it."""
    active = "SELECT CreatedDate FROM TenantSecret WHERE Status = 'Active' AND Type = 'Data'"
    made = ask(estate, org, active, "bulkhead.scanner")["records"][0]["CreatedDate"]
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 2 * 24 * 3600})
    forget_connections()
    return str(datetime.fromisoformat(made).date() + timedelta(days=1))


def test_an_own_key_is_prepared(person: Person, estate: RunningEstate) -> None:
    admin = Administrator(estate.folder, "emea")
    made = {"caSigned": "false", "keySize": "4096", "masterLabel": "BYOK", "privateKeyExportable": "false"}
    admin.write("createMetadata", "Certificate", "BYOK", **made)
    admin.close()
    secret = "bulkhead/own-keys/emea"
    person.starts("prepare-own-key", org="emea", certificate="BYOK", secret=secret)
    assert read_secret(open_cloud(), secret)
