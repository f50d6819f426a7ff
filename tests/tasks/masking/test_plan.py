"""What a masking plan says beforehand of all that runs, refuses or sends when records are written."""

from datetime import UTC, datetime

import pytest

from tasks.estate.policy import Policy
from tasks.masking import gateway
from tasks.masking.model import Automations, Copied, Kind, MaskedObject, Origin, Rule, SandboxReading
from tasks.masking.plan import masking_plan
from tasks.plans.model import Plan
from tests.running import RunningEstate
from tests.tasks.salesforce.scanner import scanner_session

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HERE = Origin(org_id="00D", sandbox=True, created=NOW)
RULE = Rule(field="LastName", kind=Kind.LAST_NAME, type="string", length=80)
ALL = Automations(
    triggers={"Contact": ("Tell_CRM",), "Account": ("Sum_Up",)},
    validation_rules={"Contact": ("Has_Name",)},
    workflow_rules={"Contact": ("Mail_Desk",)},
    duplicate_rules={"Contact": ("Same_Person",)},
    flows=("Welcome_Flow",),
)


def planned(there: Automations, open_records: int = 3) -> Plan:
    counts = {"LastName": open_records} if open_records else {}
    contacts = MaskedObject(sobject="Contact", rules=(RULE,), rows=9, open=open_records, open_fields=counts)
    reading = SandboxReading(
        org="hq-uat",
        origin=HERE,
        objects=(contacts,),
        automations=there,
        copied=Copied(),
        visible={"Contact": 9},
    )
    return masking_plan(Policy(), reading, {"Contact": "d" * 64}, HERE, "ann", NOW)


def test_all_that_runs_refuses_or_sends_is_named_with_its_object() -> None:
    risks = planned(ALL).risks
    for name in ("Tell_CRM", "Has_Name", "Mail_Desk", "Same_Person", "Welcome_Flow", "Deliverability"):
        assert sum(name in risk for risk in risks) == 1, name
    assert not any("Sum_Up" in risk for risk in risks), "nobody writes accounts"
    assert not any("not all automations" in risk for risk in risks)


def test_where_nothing_is_written_nothing_runs() -> None:
    risks = planned(ALL, open_records=0).risks
    assert not any(name in risk for risk in risks for name in ("Tell_CRM", "Welcome_Flow", "Deliverability"))


@pytest.mark.parametrize("name", [*Automations.model_fields])
def test_what_could_not_be_read_is_told_and_not_taken_for_nothing(name: str) -> None:
    assert any("not all automations" in risk for risk in planned(ALL.model_copy(update={name: None})).risks)


def test_the_estates_own_sandbox_says_all_of_it(estate: RunningEstate) -> None:
    with scanner_session(estate, "hq-uat") as session:
        there = gateway.survey(session).automations
    assert all(getattr(there, name) is not None for name in Automations.model_fields), there
