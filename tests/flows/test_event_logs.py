"""Event log files: planned, applied, there after their hours, so that ZT-18 passes; undone by hand, told, and taken back."""

import json
from collections.abc import Iterator

import pytest

from deployments.sandbox import launch
from flows.assessment import assessment
from flows.drift import watch_drift
from flows.event_logs import event_logs
from flows.plans import apply_plan, approve_plan, rollback_plan
from tasks.audit.model import Verdict
from tasks.orgs import forget_connections, open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan
from tasks.plans.overview import Stage
from tasks.telemetry.event_logs import DELETION, GENERATION
from tests.flows.by_hand import set_by_hand
from tests.product import Product
from tests.running import RunningEstate

ORG, EMPTY = "hq", "emea"
"""The first was made with generation off, the second with it on and no file at all."""
ADMINISTRATOR = "client.laboratory@hq.meridian.example"
PLANTED = {"setting:eventLogGeneration": GENERATION, "setting:deleteMonitoringData": DELETION}


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-event-logs")
    forget_connections()
    yield
    launch.restore_snapshot(estate.folder, "before-event-logs")
    launch.delete_snapshot(estate.folder, "before-event-logs")
    forget_connections()


def found(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def planned(*orgs: str) -> Plan:
    return found(event_logs(requester="ada", orgs=[*orgs]))


def keys(plan: Plan) -> set[tuple[str, str]]:
    return {(change.resource.org, change.resource.key) for change in plan.changes}


def applied(digest: str) -> Stage:
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    return apply_plan(digest=digest).stage


def later(estate: RunningEstate, hours: float) -> None:
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": hours * 3600})


def files(estate: RunningEstate, org: str) -> set[tuple[str, str, str]]:
    """(event type, interval, start) of each."""
    soql = "SELECT EventType, Interval, LogDate FROM EventLogFile"
    scanner = f"bulkhead.scanner@{org}.meridian.example"
    rows = estate.get(org, scanner, "v62.0/query", params={"q": soql}).json()["records"]
    return {(row["EventType"], row["Interval"], row["LogDate"]) for row in rows}


def verdicts() -> dict[str, tuple[Verdict, set[str]]]:
    """By org how ZT-18 stands, and what fails it."""
    made = assessment(orgs=[ORG, EMPTY])
    failing = {
        org: {f.resource for f in made.findings() if (f.org, f.control) == (org, "ZT-18")}
        for org in (ORG, EMPTY)
    }
    return {
        v.org: (v.verdict, failing[v.org]) for v in made.verdicts if v.control == "ZT-18" and v.org in failing
    }


def test_every_planted_setting_is_planned_and_what_no_plan_brings_is_said(
    product: Product, estate: RunningEstate
) -> None:
    key = json.loads((estate.folder / "answer-key.json").read_text())
    planted = {(f["org"], f["resource"]) for f in key["findings"] if f["control"] == "ZT-18"}
    plan = planned()
    assert keys(plan) == {(org, PLANTED[what]) for org, what in planted if what in PLANTED}
    without = [org for org, what in planted if what == "telemetry:event-log-files"]
    assert without == [EMPTY]
    [left] = [line for line in plan.afterwards if line.startswith(f"{EMPTY}: ")]
    assert "there is no file although generation is on" in left and "no plan brings" in left


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_files_come_once_it_is_applied_and_the_control_passes(
    product: Product, estate: RunningEstate
) -> None:
    # So that both settings are the cause in an org whose enforcer nobody spoiled.
    set_by_hand(estate, ORG, ADMINISTRATOR, "EventSettings", enableDeleteMonitoringData=True)
    assert verdicts() == {
        ORG: (Verdict.FAIL, {*PLANTED}),
        EMPTY: (Verdict.FAIL, {"telemetry:event-log-files"}),
    }
    later(estate, 5)
    before = files(estate, ORG)
    plan = planned(ORG, EMPTY)
    digest = event_logs(requester="ada", orgs=[ORG, EMPTY])
    assert keys(plan) == keys(found(digest)) == {(ORG, GENERATION), (ORG, DELETION)}
    assert files(estate, ORG) == before, "what happened while it was off is in no file"
    assert applied(digest) is Stage.APPLIED
    assert planned(ORG, EMPTY).changes == ()
    later(estate, 5)
    hourly = files(estate, ORG) - before
    assert ("RestApi", "Hourly") in {(kind, interval) for kind, interval, _ in hourly}
    later(estate, 26)
    assert verdicts() == {ORG: (Verdict.PASS, set()), EMPTY: (Verdict.PASS, set())}
    assert {(kind, interval) for kind, interval, _ in files(estate, EMPTY)} <= {
        ("ApiTotalUsage", "Daily"),
        ("Login", "Daily"),
        ("Logout", "Daily"),
    }, "the types that every org has, by the day alone"

    set_by_hand(estate, ORG, ADMINISTRATOR, "EventSettings", enableEventLogGeneration=False)
    [drift] = [each for each in watch_drift(orgs=[ORG]) if each.plan == digest]
    assert [change.resource.key for change in drift.changes] == [GENERATION]
    set_by_hand(estate, ORG, ADMINISTRATOR, "EventSettings", enableEventLogGeneration=True)
    assert not [each for each in watch_drift(orgs=[ORG]) if each.plan == digest]

    rollback_plan(digest=digest, reason="enough")
    again = planned(ORG)
    assert {c.resource: c.before for c in again.changes} == {c.resource: c.before for c in plan.changes}
