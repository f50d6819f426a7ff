"""A right that a plan took and somebody gave back by hand: told with who it was, planned back, and over once it is applied."""

from collections.abc import Iterator

import pytest

from deployments.sandbox import launch
from flows.drift import watch_drift
from flows.least_privilege import least_privilege
from flows.plans import apply_plan, approve_plan
from tasks.alerts.ledger_gateway import AlertBook
from tasks.orgs import forget_connections, open_ledger
from tasks.plans.drift import UNDONE, WATCHER
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.overview import PlanStatus, Stage
from tests.product import Product
from tests.running import RunningEstate

ROUTE, ORG = "HQ_to_EMEA_Account_Sync", "emea"
SYNC_USER = "sync.hq-emea-account@emea.meridian.example"
TAKEN = "Hq_Emea_Account_Sync"
MALLORY = "client.laboratory@emea.meridian.example"


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-drift")
    yield
    launch.restore_snapshot(estate.folder, "before-drift")
    launch.delete_snapshot(estate.folder, "before-drift")
    forget_connections()


def one_id(estate: RunningEstate, soql: str) -> str:
    (row,) = estate.get(ORG, MALLORY, "v62.0/query", params={"q": soql}).json()["records"]
    return str(row["Id"])


def given_back_by_hand(estate: RunningEstate) -> None:
    body = {
        "AssigneeId": one_id(estate, f"SELECT Id FROM User WHERE Username = '{SYNC_USER}'"),
        "PermissionSetId": one_id(estate, f"SELECT Id FROM PermissionSet WHERE Name = '{TAKEN}'"),
    }
    made = estate.call("POST", ORG, MALLORY, "v62.0/sobjects/PermissionSetAssignment", json=body)
    assert made.status_code == 201, made.text


def applied(digest: str) -> Stage:
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    return apply_plan(digest=digest).stage


def told(plan: str) -> list[str]:
    with open_ledger() as ledger:
        opened = [each for each in AlertBook(ledger).current() if each.resolved is None]
    return [each.alert.next_step for each in opened if each.alert.key == f"{UNDONE}{plan[:12]}:{ORG}"]


def drafts(plan: str) -> list[PlanStatus]:
    with open_ledger() as ledger:
        found = PlanBook(ledger, "").statuses()
    return [
        each
        for each in found
        if each.plan.requester == WATCHER and plan[:12] in "".join(change.why for change in each.plan.changes)
    ]


@pytest.mark.slow
def test_a_right_given_back_by_hand_is_told_within_one_look_and_planned_back(estate: RunningEstate) -> None:
    plan = str(least_privilege(requester="ada", routes=[ROUTE]))
    assert applied(plan) is Stage.APPLIED
    assert not [each for each in watch_drift(orgs=[ORG]) if each.plan == plan], "all is as the plan left it"
    given_back_by_hand(estate)
    (drift,) = [each for each in watch_drift(orgs=[ORG]) if each.plan == plan]
    assert [change.resource.key for change in drift.changes] == [f"{SYNC_USER}/{TAKEN}"]
    assert drift.by.names == (MALLORY,) and drift.by.sure
    (next_step,) = told(plan)
    (draft,) = drafts(plan)
    assert MALLORY in next_step and draft.digest[:12] in next_step
    assert draft.stage is Stage.PLANNED and len(draft.plan.changes) == 1
    watch_drift(orgs=[ORG])
    assert len(drafts(plan)) == 1, "one draft is enough"
    assert applied(draft.digest) is Stage.APPLIED
    assert not [each for each in watch_drift(orgs=[ORG]) if each.plan in (plan, draft.digest)]
    assert told(plan) == []
