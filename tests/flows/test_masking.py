"""A sandbox masked by a plan that two people approved, on a real server and the embedded estate; production is refused."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from deployments.sandbox import launch
from flows.masking import mask_sandbox, scan_sandbox
from flows.plans import apply_plan, approve_plan
from tasks.aws.secrets import read_secret, write_secret
from tasks.errors import FindingsOverLimit, OrgRefused, PlanRefused, PlanStopped, SecretUnavailable
from tasks.ledger.model import EntryKind
from tasks.masking.model import Origin, Residual, ScanReport
from tasks.orgs import load_policy, open_cloud, open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import ChangeClass, Plan, ResourceKind
from tasks.plans.overview import Stage
from tests.killing import killed_once
from tests.product import Product
from tests.running import RunningEstate

ORG = "hq-uat"
OBJECTS = ["Contact", "Lead"]
ADMINISTRATOR = "break.glass.1@hq-uat.meridian.example"

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-mask-flow")
    yield
    launch.restore_snapshot(estate.folder, "before-mask-flow")
    launch.delete_snapshot(estate.folder, "before-mask-flow")


def plan_of(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def masked(objects: list[str]) -> str:
    return mask_sandbox(requester="ann", org=ORG, objects=objects)  # type: ignore[no-any-return]  # lost by the decorator


def scanned(**options: Any) -> ScanReport:
    return scan_sandbox(org=ORG, **options)  # type: ignore[no-any-return]  # the same


def approved(digest: str) -> str:
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    return digest


def rows(estate: RunningEstate, soql: str) -> list[dict[str, Any]]:
    answer = estate.get(ORG, ADMINISTRATOR, "v62.0/query", params={"q": soql})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["records"])


def test_production_is_refused_by_its_own_word(estate: RunningEstate) -> None:
    with pytest.raises(OrgRefused, match="it is production"):
        mask_sandbox(requester="ann", org="emea", objects=OBJECTS)
    with pytest.raises(OrgRefused, match="it is production"):
        scan_sandbox(org="emea", objects=OBJECTS)


def test_it_is_masked_as_two_people_approved_and_nothing_is_left(
    estate: RunningEstate, product: Product
) -> None:
    before = rows(estate, "SELECT Id, LastName, Email, AccountId FROM Contact ORDER BY Id")
    with pytest.raises(FindingsOverLimit, match="look real"):
        scanned(objects=OBJECTS, production="hq", fail_on_findings=True)
    digest = masked(OBJECTS)
    plan = plan_of(digest)
    assert {change.kind for change in plan.changes} == {ChangeClass.IRREVERSIBLE}
    assert {change.resource.kind for change in plan.changes} == {ResourceKind.REAL_DATA}
    assert any("was never proven clean" in risk for risk in plan.risks)
    assert any("end what was copied" in line for line in plan.afterwards)
    with pytest.raises(PlanRefused, match="2 people"):
        apply_plan(digest=digest)
    assert rows(estate, "SELECT Id, LastName, Email, AccountId FROM Contact ORDER BY Id") == before

    done = apply_plan(digest=approved(digest))
    assert done.stage is Stage.APPLIED
    assert float(product.prefect("GET", f"/artifacts/apply-progress-{ORG}/latest")["data"]) == 100.0
    after = rows(estate, "SELECT Id, LastName, Email, AccountId FROM Contact ORDER BY Id")
    assert [(row["Id"], row["AccountId"]) for row in after] == [
        (row["Id"], row["AccountId"]) for row in before
    ]
    names: dict[str, str] = {}
    for old, new in zip(before, after, strict=True):
        assert new["LastName"] != old["LastName"] and new["Email"].endswith("@example.com")
        assert names.setdefault(old["LastName"], new["LastName"]) == new["LastName"]
    assert len({row["Email"] for row in after}) == len(after)
    report = scanned(objects=OBJECTS, production="hq", fail_on_findings=True)
    assert report.clean and report.compared > 1_000 and report.records == 1_300

    again = plan_of(masked(OBJECTS))
    assert again.changes == ()
    assert any("never proven clean" in risk for risk in again.risks), "other objects were not looked at"


def test_what_cannot_be_written_is_listed_and_the_run_fails(estate: RunningEstate) -> None:
    digest = approved(masked(["Case"]))
    fault = {"kind": "partial", "org": ORG, "path": "composite/sobjects", "method": "PATCH", "times": 3}
    told = {"code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "Ada Bauer is no client"}
    launch.ask(estate.folder, "POST", "/faults", {**fault, "options": told})
    with pytest.raises(
        PlanStopped, match=r"3 records of Case \(FIELD_CUSTOM_VALIDATION_EXCEPTION 3\); 147 were masked"
    ):
        apply_plan(digest=digest)
    with open_ledger() as ledger:
        note = ledger.entries(EntryKind.MASKING, subject=ORG)[-1]
    refused = note.body["refused"]
    assert isinstance(refused, dict) and set(refused.values()) == {told["code"]} and len(refused) == 3
    assert "Bauer" not in str(note.body)
    assert scanned(objects=["Case"]).residuals == (
        Residual(field="Case.Description", pattern="no fake (text)", records=3),
    )
    assert apply_plan(digest=digest).stage is Stage.APPLIED
    assert scanned(objects=["Case"]).clean


def test_a_halt_stops_it_in_the_middle_of_an_object(estate: RunningEstate) -> None:
    digest = approved(masked(["Account"]))
    before = rows(estate, "SELECT Id, Name FROM Account ORDER BY Id")
    estate.reset_wire()

    def halt() -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if any(row["org"] == ORG and row["method"] == "PATCH" for row in estate.wire()):
                break
            time.sleep(0.02)
        with open_ledger() as ledger:
            PlanBook(ledger, "ada").halt("incident 4711")

    halting = Thread(target=halt)
    halting.start()
    try:
        with pytest.raises(PlanStopped, match=r"halted: incident 4711.*; Account is masked in part"):
            apply_plan(digest=digest)
    finally:
        halting.join()
        with open_ledger() as ledger:
            PlanBook(ledger, "ada").resume("over")
    half = rows(estate, "SELECT Id, Name FROM Account ORDER BY Id")
    count = sum(old != new for old, new in zip(before, half, strict=True))
    assert 0 < count < len(before)
    assert apply_plan(digest=digest).stage is Stage.APPLIED
    after = rows(estate, "SELECT Id, Name FROM Account ORDER BY Id")
    assert after[:count] == half[:count] and scanned(objects=["Account"]).clean


def test_killed_in_the_middle_it_is_gone_on_with_and_no_record_is_half_masked_or_masked_twice(
    estate: RunningEstate, tmp_path: Path
) -> None:
    soql = "SELECT Id, Subject, Description FROM Case ORDER BY Id"
    for row in rows(estate, soql):
        text = {
            "Description": f"Ada Bauer called about {row['Id']}",
            "Subject": f"Call of Ada Bauer {row['Id']}",
        }
        changed = estate.call("PATCH", ORG, ADMINISTRATOR, f"v62.0/sobjects/Case/{row['Id']}", json=text)
        assert changed.status_code == 204, changed.text
    before = rows(estate, soql)
    digest = approved(masked(["Case", "Account"]))
    code = f"from flows.plans import apply_plan; apply_plan(digest={digest!r})"
    estate.reset_wire()
    killed_once(
        lambda: any(row["org"] == ORG and row["method"] == "PATCH" for row in estate.wire()),
        code,
        tmp_path / "killed.log",
    )
    half = rows(estate, soql)
    done = apply_plan(digest=digest)
    assert done.stage is Stage.APPLIED
    after = rows(estate, soql)
    for old, then, new in zip(before, half, after, strict=True):
        assert "Ada Bauer" not in new["Description"] and "Ada Bauer" not in new["Subject"]
        touched = then != old
        assert not touched or (
            then["Description"] != old["Description"] and then["Subject"] != old["Subject"]
        )
        assert not touched or then == new, "what a killed run has masked is left alone by the next"
    assert scanned(objects=["Case", "Account"]).clean


def test_a_field_that_the_enforcer_may_not_write_is_named_and_all_else_is_masked(
    estate: RunningEstate,
) -> None:
    body = {"LastName": "Bauer", "Company": "Bauer Partners", "Phone": "+1 212 867 5309"}
    made = estate.call("POST", ORG, ADMINISTRATOR, "v62.0/sobjects/Lead", json=body)
    assert made.status_code == 201, made.text
    digest = approved(masked(["Lead"]))
    sets = "('Bulkhead_Masking', 'Bulkhead_Enforcer_Writes')"
    soql = f"SELECT Id FROM FieldPermissions WHERE Parent.Name IN {sets} AND Field = 'Lead.Phone'"
    ids = [row["Id"] for row in rows(estate, soql)]
    assert ids

    def edit(allowed: bool) -> None:
        for one in ids:
            path = f"v62.0/sobjects/FieldPermissions/{one}"
            changed = estate.call("PATCH", ORG, ADMINISTRATOR, path, json={"PermissionsEdit": allowed})
            assert changed.status_code == 204, changed.text

    edit(False)
    try:
        with pytest.raises(PlanStopped, match=r"may not write Lead.Phone: give it Edit"):
            apply_plan(digest=digest)
    finally:
        edit(True)
    assert {each.field for each in scanned(objects=["Lead"]).residuals} == {"Lead.Phone"}
    assert apply_plan(digest=digest).stage is Stage.APPLIED
    assert scanned(objects=["Lead"]).clean


def test_another_key_than_approved_stops_the_plan_and_without_one_nothing_is_read(
    estate: RunningEstate,
) -> None:
    changed = estate.call(
        "POST",
        ORG,
        ADMINISTRATOR,
        "v62.0/sobjects/Lead",
        json={"LastName": "Bauer", "Company": "Bauer Partners"},
    )
    assert changed.status_code == 201, changed.text
    digest = approved(masked(["Lead"]))
    name = load_policy().masking.key_secret
    held = read_secret(open_cloud(), name)
    try:
        write_secret(open_cloud(), name, {"key": base64.b64encode(bytes(32)).decode()})
        with pytest.raises(PlanStopped, match="not as it was planned for"):
            apply_plan(digest=digest)
        write_secret(open_cloud(), name, {"key": "short"})
        with pytest.raises(SecretUnavailable, match="lacks `key`"):
            masked(["Lead"])
    finally:
        write_secret(open_cloud(), name, held)
    assert apply_plan(digest=digest).stage is Stage.APPLIED


def test_what_is_planted_afterwards_is_found(estate: RunningEstate) -> None:
    (row,) = rows(estate, "SELECT Id FROM Opportunity LIMIT 1")
    text = "Ring Ada Bauer on +1 212 555 8143"
    changed = estate.call(
        "PATCH", ORG, ADMINISTRATOR, f"v62.0/sobjects/Opportunity/{row['Id']}", json={"NextStep": text}
    )
    assert changed.status_code == 204, changed.text
    assert scanned(objects=["Opportunity"]).residuals == (
        Residual(field="Opportunity.NextStep", pattern="phone", records=1),
    )


def test_a_refresh_shows_until_all_of_the_org_is_proven_clean_again(estate: RunningEstate) -> None:
    apply_plan(digest=approved(masked([])))
    assert scanned(production="hq").clean
    assert not any("proven clean" in risk for risk in plan_of(masked(OBJECTS)).risks)
    with open_ledger() as ledger, ledger.exclusive() as pages:
        known = Origin.model_validate(pages.kept(f"sandbox {ORG}")["origin"])
        pages.keep(
            f"sandbox {ORG}", {"origin": known.model_copy(update={"org_id": "00D"}).model_dump(mode="json")}
        )
    assert any("was refreshed since" in risk for risk in plan_of(masked(OBJECTS)).risks)
