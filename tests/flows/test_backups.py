"""Backups and restore drills by flow runs on a real server: from an org into S3, and from there into a sandbox and away again."""

import base64
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from deployments.register import register_files
from deployments.sandbox import launch
from flows.backups import back_up_orgs, verify_backups
from flows.drills import restore_drill
from flows.plans import apply_plan, approve_plan, rollback_plan
from tasks.aws.cloud import Cloud
from tasks.aws.objects import Bucket
from tasks.backups.ledger_gateway import DrillBook
from tasks.backups.model import BackupKind, Drill
from tasks.backups.order_steps import clear_after_drill
from tasks.backups.places_gateway import ROOT
from tasks.backups.sandbox_gateway import SandboxOrg
from tasks.errors import BackupBroken, BackupRefused, PlanRefused, PlanStopped
from tasks.ledger.model import EntryKind
from tasks.orgs import forget_connections, open_cloud, open_for_writing, open_ledger
from tests.flows.buckets import locked_bucket
from tests.killing import killed_once
from tests.product import Product
from tests.running import RunningEstate

ORG = "hq-uat"
BUCKET = "backups-of-a-test"
OBJECTS = ("Account", "Opportunity")


pytestmark = pytest.mark.slow
"""Each of them goes on with the backups that those before it have left."""


@pytest.fixture(scope="module")
def cloud(product: Product) -> Cloud:
    return open_cloud()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module", autouse=True)
def ground(product: Product, estate: RunningEstate, folder: Path) -> Iterator[str]:
    """A sandbox whose backups go into a bucket of its own, and come back into itself. Gives the KMS key."""
    launch.save_snapshot(estate.folder, "before-backups-flow")
    key = locked_bucket(BUCKET)
    policy = yaml.safe_load((estate.folder / "policy.yaml").read_text())
    policy["backups"] |= {
        "buckets": {**policy["backups"]["buckets"], ORG: BUCKET},
        "objects": [*OBJECTS],
        "lock": "PT1S",
        "drills": [ORG, "emea"],
    }
    (folder / "estate.yaml").write_text((estate.folder / "estate.yaml").read_text())
    (folder / "policy.yaml").write_text(yaml.safe_dump(policy))
    register_files(folder / "estate.yaml", folder / "policy.yaml")
    yield key
    launch.restore_snapshot(estate.folder, "before-backups-flow")
    launch.delete_snapshot(estate.folder, "before-backups-flow")
    forget_connections()
    register_files(estate.folder / "estate.yaml")


def wrote(estate: RunningEstate, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    user = f"client.laboratory@{ORG}.meridian.example"
    answer = estate.call(method, ORG, user, f"v62.0/{path}", json=body)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def count(estate: RunningEstate, sobject: str) -> int:
    found: int = wrote(estate, "GET", f"query?q=SELECT COUNT() FROM {sobject}")["totalSize"]
    return found


def planned(backup: str = "", target: str = ORG) -> str:
    return restore_drill("ann", ORG, target, backup)  # type: ignore[no-any-return]  # lost by the decorator


def drilled(backup: str = "") -> dict[str, Any]:
    """By a plan that two people approved; what the drill noted of itself."""
    digest = planned(backup)
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    apply_plan(digest=digest)
    return last_drill()


def last_drill() -> dict[str, Any]:
    with open_ledger() as ledger:
        notes = ledger.entries(EntryKind.EVIDENCE, subject=f"backup {ORG}")
    return next(e.body for e in reversed(notes) if e.body["step"] == "drilled")


@pytest.fixture
def accounts(estate: RunningEstate) -> Iterator[list[str]]:
    """Two accounts, each the other's parent's child: a circle that no order resolves."""
    ids = [
        wrote(estate, "POST", "sobjects/Account", {"Name": f"Circle {n}", "Industry": "Banking"})["id"]
        for n in range(2)
    ]
    wrote(estate, "PATCH", f"sobjects/Account/{ids[1]}", {"ParentId": ids[0]})
    yield ids
    for name in reversed(ids):
        estate.call(
            "DELETE", ORG, f"client.laboratory@{ORG}.meridian.example", f"v62.0/sobjects/Account/{name}"
        )


def test_a_backup_its_increment_and_their_restore(
    estate: RunningEstate, accounts: list[str], cloud: Cloud
) -> None:
    before = {name: count(estate, name) for name in OBJECTS}
    (whole,) = back_up_orgs([ORG])
    assert whole.kind is BackupKind.FULL and whole.rows == sum(before.values())
    wrote(estate, "PATCH", f"sobjects/Account/{accounts[0]}", {"Name": "Circle renamed"})
    wrote(estate, "DELETE", f"sobjects/Account/{accounts[1]}")
    (increment,) = back_up_orgs([ORG])
    assert increment.kind is BackupKind.INCREMENT and 2 <= increment.rows < 20
    assert verify_backups([ORG], open_files=True) == 2

    digest = planned()
    with pytest.raises(PlanRefused, match="2 people"):
        apply_plan(digest=digest)
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    estate.reset_wire()
    apply_plan(digest=digest)
    left = before | {"Account": before["Account"] - 1}
    done = last_drill()
    assert done["good"] and done["backup"] == increment.id and done["left"] == 0
    assert done["rows"] == done["restored"] == done["equal"] == sum(left.values())
    assert {name: count(estate, name) for name in OBJECTS} == left
    assert any(row["method"] == "POST" and "composite" in row["path"] for row in estate.wire())
    estate.reset_wire()
    apply_plan(digest=digest)
    assert not any("composite/sobjects" in row["path"] for row in estate.wire() if row["method"] != "GET")
    with open_ledger() as ledger, ledger.read() as pages:
        assert f"sandbox-unproven:{ORG}" in {e.subject for e in pages.entries((EntryKind.ALERT,))}
    with pytest.raises(PlanStopped, match="DRILL_IS_OVER"):
        rollback_plan(digest=digest, reason="too late", actor="ann")
    with open_ledger() as ledger:
        steps = [e.body["step"] for e in ledger.entries(EntryKind.EVIDENCE, subject=f"backup {ORG}")]
    assert steps == ["vouching", "made", "vouching", "made", "drilled"]


def test_a_drill_that_was_killed_is_cleared_away_by_the_next(estate: RunningEstate) -> None:
    before = {name: count(estate, name) for name in OBJECTS}
    (made,) = back_up_orgs([ORG], full=True)
    with open_for_writing(ORG) as session, open_ledger() as ledger:
        sandbox = SandboxOrg(session)
        DrillBook(ledger, ORG).begin(
            Drill(org=ORG, target=ORG, backup=made.id, began=sandbox.now(), objects=("Account",))
        )
        results = sandbox.make("Account", [{"Name": f"Left {number}"} for number in range(3)])
    assert all(each.id and not each.code for each in results)
    assert drilled(made.id)["good"] and {name: count(estate, name) for name in OBJECTS} == before
    with open_ledger() as ledger:
        assert DrillBook(ledger, ORG).under_way() is None


@pytest.mark.parametrize("by", ["the next apply", "the daily look"])
def test_what_a_drill_left_that_was_really_killed_goes_with_the_next_run(
    estate: RunningEstate, tmp_path: Path, by: str
) -> None:
    before = {name: count(estate, name) for name in OBJECTS}
    back_up_orgs([ORG], full=True)
    digest = planned()
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    code = f"from flows.plans import apply_plan; apply_plan(digest={digest!r})"

    def there() -> bool:
        return sum(count(estate, name) for name in OBJECTS) > sum(before.values())

    killed_once(there, code, tmp_path / "killed.log")
    assert there()
    if by == "the daily look":
        gone, stay = clear_after_drill(ORG) or (0, 0)
        assert gone > 0 and stay == 0
        assert {name: count(estate, name) for name in OBJECTS} == before
        assert clear_after_drill(ORG) is None
    apply_plan(digest=digest)
    assert last_drill()["good"] and {name: count(estate, name) for name in OBJECTS} == before
    with open_ledger() as ledger:
        assert DrillBook(ledger, ORG).under_way() is None and DrillBook(ledger, ORG).orders(ORG).open is None


def test_what_a_drill_has_made_goes_by_its_id_whatever_became_of_its_date(estate: RunningEstate) -> None:
    before = count(estate, "Account")
    with open_for_writing(ORG) as session:
        sandbox = SandboxOrg(session)
        sandbox.targets(["Account"])
        made = [
            each.id or "" for each in sandbox.make("Account", [{"Name": f"Hidden {n}"} for n in range(3)])
        ]
        later = sandbox.now() + timedelta(days=1)
        assert sandbox.take_back(["Account"], later, {}) == (0, 0)
        assert count(estate, "Account") == before + 3
        assert sandbox.take_back(["Account"], later, {"Account": dict.fromkeys(made, "")}) == (3, 0)
    assert count(estate, "Account") == before


@pytest.mark.parametrize(("target", "why"), [("emea", "no sandbox"), ("compliance", "backups.drills")])
def test_an_org_that_is_no_sandbox_or_not_named_gets_nothing(
    estate: RunningEstate, target: str, why: str
) -> None:
    estate.reset_wire()
    with pytest.raises(BackupRefused, match=why):
        planned(target=target)
    writes = [row for row in estate.wire() if row["method"] != "GET" and "composite/sobjects" in row["path"]]
    assert not writes


def test_what_is_in_files_is_kept_and_a_drill_opens_all_of_it(folder: Path, estate: RunningEstate) -> None:
    content = base64.b64encode(b"a contract" * 200_000).decode()
    body = {"Title": "Contract", "PathOnClient": "contract.pdf", "VersionData": content}
    (name,) = [wrote(estate, "POST", "sobjects/ContentVersion", body)["id"]]
    file = folder / "policy.yaml"
    before = file.read_text()
    policy = yaml.safe_load(before)
    policy["backups"]["objects"] = ["Opportunity", "ContentVersion"]
    file.write_text(yaml.safe_dump(policy))
    try:
        register_files(folder / "estate.yaml", file)
        (whole,) = back_up_orgs([ORG], full=True)
        there = count(estate, "ContentVersion")
        assert whole.bodies == there >= 1 and not [
            gap for gap in whole.gaps if gap.startswith("ContentVersion")
        ]
        (increment,) = back_up_orgs([ORG])
        assert increment.kind is BackupKind.INCREMENT and increment.bodies <= there
        assert drilled(increment.id)["good"] and count(estate, "ContentVersion") == there
        assert wrote(estate, "GET", f"sobjects/ContentVersion/{name}")["Title"] == "Contract"
    finally:
        file.write_text(before)
        register_files(folder / "estate.yaml", file)


def test_without_the_kms_key_nothing_can_be_restored_and_the_drill_says_why(
    ground: str, estate: RunningEstate, cloud: Cloud
) -> None:
    before = {name: count(estate, name) for name in OBJECTS}
    kms = cloud.client("kms")
    kms.disable_key(KeyId=ground)
    try:
        with pytest.raises(BackupRefused, match=r"Nothing of the backups .* can be restored.* is disabled"):
            drilled()
        with pytest.raises(BackupRefused, match="is disabled"):
            back_up_orgs([ORG])
    finally:
        kms.enable_key(KeyId=ground)
    assert {name: count(estate, name) for name in OBJECTS} == before
    assert verify_backups([ORG]) >= 1


def test_a_backup_that_was_taken_away_is_missed(cloud: Cloud) -> None:
    bucket = Bucket(cloud, BUCKET)
    gone = next(each for each in bucket.versions(f"{ROOT}{ORG}/") if each.key.endswith("/manifest.json"))
    time.sleep(1)
    assert bucket.remove(gone.key, gone.version)
    with pytest.raises(BackupBroken, match="the ledger knows it, and it is not there"):
        verify_backups([ORG])


def test_a_drill_of_a_backup_that_lacks_an_object_is_not_good(folder: Path) -> None:
    file = folder / "policy.yaml"
    before = file.read_text()
    policy = yaml.safe_load(before)
    policy["backups"]["objects"] = ["Opportunity", "Ghost__c"]
    file.write_text(yaml.safe_dump(policy))
    try:
        register_files(folder / "estate.yaml", file)
        (whole,) = back_up_orgs([ORG], full=True)
        assert "Ghost__c" in whole.gaps
        with pytest.raises(BackupBroken, match=r"nothing of Ghost__c"):
            drilled(whole.id)
    finally:
        file.write_text(before)
        register_files(folder / "estate.yaml", file)
