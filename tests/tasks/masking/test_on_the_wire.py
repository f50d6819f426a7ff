"""The estate's own sandbox: looked at as the scanner, masked as the enforcer while answers get lost, and scanned again."""

from collections import Counter
from typing import Any

import pytest

from deployments.bench.leftovers import SHAPES, Leftover, leftovers
from deployments.sandbox import launch
from tasks.errors import OrgRefused, OrgUnavailable, WriteHeld
from tasks.masking import gateway
from tasks.masking.fakes import Masker
from tasks.masking.model import Kind, MaskedObject, Rule
from tasks.masking.residual import Scanner
from tasks.plans.masking_gateway import mask
from tests.running import RunningEstate
from tests.tasks.masking.conftest import KEY
from tests.tasks.salesforce.scanner import enforcer_session, scanner_session

ORG = "hq-uat"
ADMINISTRATOR = "break.glass.1@hq-uat.meridian.example"

pytestmark = pytest.mark.usefixtures("put_back")


def rows(estate: RunningEstate, soql: str) -> list[dict[str, Any]]:
    with scanner_session(estate, ORG) as session:
        found = session.query(soql)
    return [{name: value for name, value in row.items() if name != "attributes"} for row in found]


def looked_at(estate: RunningEstate, masker: Masker, *objects: str) -> dict[str, MaskedObject]:
    with scanner_session(estate, ORG) as session:
        names = gateway.survey(session, objects).visible
        scanner = Scanner(masker)
        found = {name: gateway.inspect(session, masker, scanner, name) for name in names}
    return {name: each for name, each in found.items() if each is not None}


def written(estate: RunningEstate) -> int:
    return sum(1 for row in estate.wire() if row["org"] == ORG and row["method"] == "PATCH")


def test_production_is_refused_before_anything_is_read(estate: RunningEstate, masker: Masker) -> None:
    estate.reset_wire()
    with scanner_session(estate, "emea") as session:
        for look in (
            lambda: gateway.survey(session),
            lambda: gateway.inspect(session, masker, Scanner(masker), "Contact"),
            lambda: gateway.scan(session, Scanner(masker)),
        ):
            with pytest.raises(OrgRefused) as refused:
                look()
            assert refused.value.code == "NOT_A_SANDBOX"
    asked = [row["path"] for row in estate.wire() if row["org"] == "emea" and "/oauth2/" not in row["path"]]
    assert len(asked) <= 4 and not any("describe" in path for path in asked), asked


def test_nothing_is_written_where_the_org_says_that_it_is_production(
    estate: RunningEstate, masker: Masker
) -> None:
    rules = (Rule(field="LastName", kind=Kind.LAST_NAME, type="string", length=80),)
    estate.reset_wire()
    with enforcer_session(estate, "hq") as session, pytest.raises(OrgRefused, match="it is production"):
        mask(session, masker, "Contact", rules)
    assert not [row for row in estate.wire() if row["method"] == "PATCH" or "actions" in row["path"]]


def test_a_run_that_lost_its_answer_is_gone_on_with_and_records_stay_joined(
    estate: RunningEstate, masker: Masker
) -> None:
    soql = "SELECT Id, FirstName, LastName, Email, SSN__c, AccountId, External_Id__c FROM Contact ORDER BY Id"
    before = rows(estate, soql)
    found = looked_at(estate, masker, "Contact")["Contact"]
    assert found.open == found.rows == len(before) == 1_200
    launch.ask(
        estate.folder,
        "POST",
        "/faults",
        {
            "kind": "cut",
            "org": ORG,
            "path": "composite/sobjects",
            "method": "PATCH",
            "skip": 2,
            "times": 1,
            "after_commit": True,
        },
    )
    with enforcer_session(estate, ORG) as session, pytest.raises(OrgUnavailable):
        mask(session, masker, "Contact", found.rules)
    half = looked_at(estate, masker, "Contact")["Contact"]
    assert half.open == 600, "three collections came, the answer of the last did not"
    with enforcer_session(estate, ORG) as session:
        assert mask(session, Masker(KEY), "Contact", found.rules) == (600, {})
        estate.reset_wire()
        assert mask(session, Masker(KEY), "Contact", found.rules) == (0, {}) and written(estate) == 0
    after = rows(estate, soql)
    assert [(r["Id"], r["AccountId"], r["External_Id__c"]) for r in after] == [
        (r["Id"], r["AccountId"], r["External_Id__c"]) for r in before
    ]
    for name in ("FirstName", "LastName", "Email", "SSN__c"):
        pairs = {(old[name], new[name]) for old, new in zip(before, after, strict=True)}
        assert len(pairs) == len({old for old, _ in pairs}), "one value, one fake"
        assert all(old != new for old, new in pairs)
        assert len({new for _, new in pairs}) >= len({old for old, _ in pairs}) * 0.99
    with scanner_session(estate, ORG) as session:
        assert gateway.scan(session, Scanner(masker), only=("Contact",)).clean


def test_a_halt_stops_it_before_the_next_batch_and_it_is_gone_on_with(
    estate: RunningEstate, masker: Masker
) -> None:
    (rule,) = (Rule(field="Name", kind=Kind.COMPANY, type="string", length=255),)
    before = rows(estate, "SELECT Id, Name FROM Account ORDER BY Id")
    assert len(before) > 600
    answers = iter([(), (), ("halted: incident",)])
    with enforcer_session(estate, ORG) as session, pytest.raises(WriteHeld, match="halted: incident"):
        mask(session, masker, "Account", [rule], lambda: next(answers))
    half = rows(estate, "SELECT Id, Name FROM Account ORDER BY Id")
    assert [old != new for old, new in zip(before, half, strict=True)] == [
        place < 400 for place in range(len(before))
    ]
    with enforcer_session(estate, ORG) as session:
        assert mask(session, masker, "Account", [rule]) == (len(before) - 400, {})
    after = rows(estate, "SELECT Id, Name FROM Account ORDER BY Id")
    assert after[:400] == half[:400], "nothing is masked twice"


def test_values_leave_no_trace_in_what_is_told(estate: RunningEstate, masker: Masker) -> None:
    with scanner_session(estate, ORG) as session:
        found = gateway.inspect(session, masker, Scanner(masker), "Lead")
        report = gateway.scan(session, Scanner(masker), only=("Lead",))
    assert found is not None
    told = found.model_dump_json() + report.model_dump_json()
    for row in rows(estate, "SELECT LastName, Email, Company FROM Lead"):
        assert row["Email"] not in told and row["Company"] not in told
    assert {each.field for each in report.residuals} >= {"Lead.Email", "Lead.Company", "Lead.LastName"}


def test_numbers_are_written_as_numbers(estate: RunningEstate, masker: Masker) -> None:
    (lead,) = rows(estate, "SELECT Id FROM Lead LIMIT 1")
    body = {"AnnualRevenue": 74321.55, "NumberOfEmployees": 1234}
    changed = estate.call("PATCH", ORG, ADMINISTRATOR, f"v62.0/sobjects/Lead/{lead['Id']}", json=body)
    assert changed.status_code == 204, changed.text
    rules = (
        Rule(field="AnnualRevenue", kind=Kind.COORDINATE, type="currency"),
        Rule(field="NumberOfEmployees", kind=Kind.BAND, type="int"),
    )
    with enforcer_session(estate, ORG) as session:
        assert mask(session, masker, "Lead", rules)[1] == {}
        assert mask(session, masker, "Lead", rules) == (0, {})
    (after,) = rows(estate, f"SELECT AnnualRevenue, NumberOfEmployees FROM Lead WHERE Id = '{lead['Id']}'")
    assert after["AnnualRevenue"] == 74320 and 1000 <= after["NumberOfEmployees"] < 1500
    assert isinstance(after["NumberOfEmployees"], int)


@pytest.mark.slow
def test_hundreds_of_leftovers_are_found_and_a_clean_sandbox_has_none(
    estate: RunningEstate, masker: Masker
) -> None:
    for name, found in looked_at(estate, masker).items():
        with enforcer_session(estate, ORG) as session:
            assert mask(session, masker, name, found.rules)[1] == {}
    with scanner_session(estate, "hq") as session:
        hashes = gateway.hashes(session, masker)
    scanner = Scanner(masker, hashes)
    with scanner_session(estate, ORG) as session:
        clean = gateway.scan(session, scanner, len(hashes))
    assert clean.residuals == () and clean.unread == () and clean.records == 2_650

    planted = plant(estate, leftovers(3, len(SHAPES) * 12))
    with scanner_session(estate, ORG) as session:
        report = gateway.scan(session, scanner, len(hashes))
    counted: Counter[str] = Counter()
    for each in report.residuals:
        counted[each.field] += each.records
    there = Counter(f"{each.sobject}.{each.field}" for each in planted)
    assert set(counted) <= set(there), "nothing else is a finding"
    assert sum(min(counted[name], count) for name, count in there.items()) >= 0.99 * len(planted) > 200


def test_a_filled_field_that_nobody_can_mask_is_told(estate: RunningEstate, masker: Masker) -> None:
    body = {"Title": "a", "PathOnClient": "Passport Ada Bauer.pdf", "VersionData": "YQ=="}
    made = estate.call("POST", ORG, ADMINISTRATOR, "v62.0/sobjects/ContentVersion", json=body)
    assert made.status_code == 201, made.text
    with scanner_session(estate, ORG) as session:
        report = gateway.scan(session, Scanner(masker), only=("ContentVersion",))
    assert report.unread == ("ContentVersion.PathOnClient: it can only be written when the record is made",)


def plant(estate: RunningEstate, wanted: list[Leftover]) -> list[Leftover]:
    """Each in a record of its own, as far as there are so many."""
    ids = {
        name: [row["Id"] for row in rows(estate, f"SELECT Id FROM {name}")]
        for name in {w.sobject for w in wanted}
    }
    used: Counter[tuple[str, str]] = Counter()
    by_object: dict[str, dict[str, dict[str, str]]] = {}
    planted = []
    for each in wanted:
        place = used[each.sobject, each.field]
        if place >= len(ids[each.sobject]):
            continue
        used[each.sobject, each.field] += 1
        by_object.setdefault(each.sobject, {}).setdefault(ids[each.sobject][place], {})[each.field] = (
            each.text
        )
        planted.append(each)
    for sobject, records in by_object.items():
        sent = [{"attributes": {"type": sobject}, "Id": key, **record} for key, record in records.items()]
        for start in range(0, len(sent), 200):
            body = {"records": sent[start : start + 200]}
            answer = estate.call("PATCH", ORG, ADMINISTRATOR, "v62.0/composite/sobjects", json=body)
            assert all(one["success"] for one in answer.json()), answer.text
    return planted
