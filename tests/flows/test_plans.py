"""From a plan to the org and back: the flows a person starts, on a real server and the embedded estate."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
import requests

from blocks import EstateDocument
from deployments.files import read_files
from deployments.sandbox import launch
from flows.continuous import keep_evidence, sweep_access
from flows.least_privilege import least_privilege
from flows.plans import apply_plan, approve_plan, rollback_plan
from tasks.access.model import Place
from tasks.access.steps import approve_grant, note_request
from tasks.errors import ConfigurationError, GrantRefused, LedgerUnavailable, PlanRefused, PlanStopped
from tasks.estate.model_changes import ChangePolicy
from tasks.ledger.model import EntryKind
from tasks.orgs import REGISTERED, load_estate, load_policy, open_for_writing, open_ledger
from tasks.pages import cell
from tasks.plans.digest import policy_digest
from tasks.plans.gate import counted
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Approval, Plan, ResourceKind, Watched
from tasks.plans.overview import Stage
from tasks.plans.render import markdown
from tasks.plans.steps import keep_plan, plan_the_way_back, reasons_against
from tests.product import Product
from tests.running import RunningEstate
from tests.tasks.plans.test_branch import change
from tests.tasks.plans.worlds import plan_of

ROUTE, ORG = "HQ_to_EMEA_Account_Sync", "emea"
SYNC_USER = "sync.hq-emea-account@emea.meridian.example"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ADMINISTRATOR = "client.laboratory@emea.meridian.example"
SETUP = {
    "PermissionSet": "SELECT Name, Label FROM PermissionSet WHERE IsOwnedByProfile = false",
    "ObjectPermissions": "SELECT Parent.Name, SobjectType, PermissionsRead, PermissionsCreate, PermissionsEdit, "
    "PermissionsDelete, PermissionsViewAllRecords, PermissionsModifyAllRecords FROM ObjectPermissions",
    "FieldPermissions": "SELECT Parent.Name, Field, PermissionsRead, PermissionsEdit FROM FieldPermissions",
    "PermissionSetAssignment": "SELECT Assignee.Username, PermissionSet.Name, ExpirationDate FROM PermissionSetAssignment",
    "SetupEntityAccess": "SELECT Parent.Name, SetupEntityId FROM SetupEntityAccess",
    "User": "SELECT Username, Profile.Name, IsActive FROM User",
}


def rows(estate: RunningEstate, soql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    path = f"v62.0/query?q={soql}"
    while path:
        answer = estate.get(ORG, ADMINISTRATOR, path).json()
        found += answer["records"]
        path = answer.get("nextRecordsUrl", "").removeprefix("/services/data/")
    return found


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted((key, plain(each)) for key, each in value.items() if key != "attributes"))
    return value


def everything(estate: RunningEstate) -> dict[str, set[Any]]:
    """The org's access rights in names: what a way back has to bring back."""
    return {name: {plain(row) for row in rows(estate, soql)} for name, soql in SETUP.items()}


def as_sync_user(estate: RunningEstate, method: str, path: str, **options: Any) -> requests.Response:
    """Over the port and with the certificate that the user is held to would be longer; the rights are what is asked."""
    return estate.call(method, ORG, SYNC_USER, f"v62.0/{path}", **options)


def approved(digest: str, *people: str) -> str:
    """The first by the flow, the others as the flow would, which takes seconds each."""
    approve_plan(digest=digest[:8], approver=people[0], reason="reviewed")
    with open_ledger() as ledger:
        for person in people[1:]:
            yes = Approval(plan=digest, approver=person, reason="reviewed", at=datetime.now(UTC))
            PlanBook(ledger, person).approve(yes)
    return digest


@pytest.fixture
def planned(product: Product) -> str:
    return str(least_privilege(requester="ada@meridian.example", routes=[ROUTE]))


@pytest.fixture(autouse=True)
def as_before(estate: RunningEstate) -> Iterator[None]:
    before = everything(estate)
    yield
    assert everything(estate) == before, "a test left something behind"


def test_the_articles_sync_ends_with_exactly_the_articles_rights(estate: RunningEstate, planned: str) -> None:
    before = everything(estate)
    status = apply_plan(digest=approved(planned, "bob", "eve"))
    assert status.stage is Stage.APPLIED
    sets = {
        row["PermissionSet"]["Name"]
        for row in rows(
            estate,
            f"SELECT PermissionSet.Name FROM PermissionSetAssignment WHERE Assignee.Username = '{SYNC_USER}' AND PermissionSet.IsOwnedByProfile = false",
        )
    }
    assert sets == {ROUTE, "API_Enabled"}
    flags = (
        "PermissionsRead, PermissionsCreate, PermissionsEdit, PermissionsDelete, PermissionsViewAllRecords"
    )
    objects = rows(
        estate, f"SELECT SobjectType, {flags} FROM ObjectPermissions WHERE Parent.Name = '{ROUTE}'"
    )
    assert [plain(row) for row in objects] == [
        (
            ("PermissionsCreate", True),
            ("PermissionsDelete", False),
            ("PermissionsEdit", True),
            ("PermissionsRead", True),
            ("PermissionsViewAllRecords", False),
            ("SobjectType", "Account"),
        )
    ]
    fields = rows(
        estate,
        f"SELECT Field, PermissionsRead, PermissionsEdit FROM FieldPermissions WHERE Parent.Name = '{ROUTE}'",
    )
    assert {row["Field"]: (row["PermissionsRead"], row["PermissionsEdit"]) for row in fields} == {
        "Account.Industry": (True, True),
        "Account.Phone": (True, True),
        "Account.AnnualRevenue": (True, False),
    }
    # Half of it: the field's right, and the assignment that was taken.
    numbers = [
        c.number
        for c in status.plan.changes
        if c.resource.key.endswith(("AnnualRevenue", "/Hq_Emea_Account_Sync"))
    ]
    assert rollback_plan(digest=planned, reason="only half", only=numbers).stage is Stage.APPLIED
    with open_ledger() as ledger:
        assert PlanBook(ledger, "").status(planned).stage is Stage.PARTLY_TAKEN_BACK
    assert everything(estate) != before
    assert rollback_plan(digest=planned, reason="all of it").stage is Stage.APPLIED
    assert everything(estate) == before
    with open_ledger() as ledger:
        assert PlanBook(ledger, "").status(planned).stage is Stage.TAKEN_BACK


def test_a_plan_needs_people_other_than_its_requester(planned: str) -> None:
    with pytest.raises(PlanRefused, match=r"2 people other than ada.* must approve it; 0 did"):
        apply_plan(digest=planned)
    approved(planned, "bob", "bob", "ada@meridian.example")
    with pytest.raises(PlanRefused, match="1 did"):
        apply_plan(digest=planned)


@pytest.mark.slow
def test_a_policy_that_was_edited_and_not_registered_counts_for_nothing(product: Product) -> None:
    """Whoever reaches Prefect's API could otherwise ask for no approvals at all."""
    document = cast(EstateDocument, EstateDocument.load(REGISTERED, _sync=True))
    right = document.policy
    place = Place(org=ORG, username=SYNC_USER, permission_set="Hq_Emea_Account_Sync")
    grant = note_request.fn(place, 1, "case 4711", "ada", "", datetime.now(UTC))
    document.policy = {**right, "changes": {"approvals": {"narrowing": 0, "widening": 0, "identity": 0}}}
    document.save(REGISTERED, overwrite=True, _sync=True)
    try:
        # Made under the forged policy, so nothing else speaks against it.
        forged = str(least_privilege(requester="mallory", routes=[ROUTE]))
        (reason,) = reasons_against.fn(forged).reasons
        assert "policy.yaml as Prefect keeps it is not what was registered" in reason
        with pytest.raises(PlanRefused, match="not what was registered"):
            apply_plan(digest=forged)
        with pytest.raises(GrantRefused, match="not what was registered"):
            approve_grant.fn(grant.id, "bob")
    finally:
        document.policy = right
        document.save(REGISTERED, overwrite=True, _sync=True)
    assert "policy.yaml was changed after" in reasons_against.fn(forged).reasons[0], "as before"


@pytest.mark.slow
def test_a_halt_stops_every_apply_until_it_is_lifted(planned: str) -> None:
    approved(planned, "bob", "eve")
    with open_ledger() as ledger:
        book = PlanBook(ledger, "ada")
        book.halt("incident 4711")
        with pytest.raises(PlanRefused, match="halted: incident 4711"):
            apply_plan(digest=planned)
        book.resume("over")
    assert apply_plan(digest=planned).stage is Stage.APPLIED
    back = rollback_plan(digest=planned, reason="tidy up", actor="Cleo")
    assert back.stage is Stage.APPLIED
    assert back.plan.requester == "Cleo" and any("tidy up" in line for line in back.plan.risks)
    yes = [
        Approval(plan=back.digest, approver=name, reason="reviewed", at=datetime.now(UTC))
        for name in ("cleo", "eve")
    ]
    assert counted(back.plan, yes, ChangePolicy()) == (yes[1],), "who asks for a way back does not approve it"


def test_a_plan_that_changes_nothing_can_be_approved_all_the_same(product: Product) -> None:
    """A job makes one where all is as it should be, and nobody knows that before it is read."""
    now = datetime.now(UTC)
    empty = plan_of([], policy_digest=policy_digest(load_policy()), made_at=now, expires_at=now + DAY)
    name = keep_plan.fn(empty)
    assert approve_plan(digest=name, approver="bob", reason="reviewed") == name


def test_a_way_back_spares_ourselves_and_what_later_plans_stand_on(product: Product) -> None:
    """Nothing is sent: that the first plan was applied stands in the ledger alone."""
    policy, now = policy_digest(load_policy()), datetime.now(UTC)
    scanner = load_estate().org(ORG).scanner.username
    given = change(ResourceKind.ASSIGNMENT, f"{scanner}/API_Enabled", None, {"expires": None})
    listed = change(ResourceKind.REMOTE_SITE, "Partner", {"on": False}, {"on": True}).model_copy(
        update={"number": 2}
    )
    seen = Watched(resource=listed.resource, state=listed.after)

    def noted(made: Plan) -> str:
        name = keep_plan.fn(made)
        with open_ledger() as ledger:
            journal = PlanBook(ledger, "ada").journal(name)
            journal.attempted(made.changes)
            journal.verified(made.changes)
        return name

    first = plan_of([given, listed], policy_digest=policy, made_at=now, expires_at=now + DAY)
    later = plan_of(
        [change(ResourceKind.REMOTE_SITE, "Other", {"on": False}, {"on": True})],
        policy_digest=policy,
        made_at=now + MINUTE,
        expires_at=now + DAY,
        watched=[seen],
    )
    name, other = noted(first), noted(later)
    way_back = plan_the_way_back.fn(name, None, "cleo", "tidy up", now)
    assert way_back is not None
    ours, theirs, how = reasons_against.fn(way_back).reasons
    assert "our scanner" in ours and scanner in ours
    assert f"the later plan {other[:12]}" in theirs and "remote-site Partner" in theirs
    assert f"approve {way_back[:12]} --emergency" in how


def test_a_route_that_is_clean_gives_an_empty_plan(product: Product) -> None:
    digest = least_privilege(requester="ada", routes=["HQ_to_Compliance_Account_Sync"])
    with open_ledger() as ledger:
        _, plan = PlanBook(ledger, "").find(digest)
    assert plan.changes == () and "exactly what its routes need" in plan.keeps[0]


def test_a_user_of_its_own_is_planned_only_where_it_is_asked_for(
    product: Product, estate: RunningEstate
) -> None:
    declared, _ = read_files(estate.folder / "estate.yaml")
    moves = next(route for route in declared.routes if "_Mandate_Sync" in route.name)
    digest = least_privilege(requester="ada", routes=[moves.name], split_shared=True)
    with open_ledger() as ledger:
        _, plan = PlanBook(ledger, "").find(digest)
    (new,) = [change for change in plan.changes if change.resource.kind is ResourceKind.NEW_USER]
    shown = markdown(plan, digest, 2)
    who = cell(new.resource.key, 28)
    assert f"| 1 | {who} | the user itself | none<br>→ active, profile Minimum Access" in shown
    assert f"## What is left to do afterwards\n\n* {moves.source}: let the client of {moves.name}" in shown


@pytest.mark.slow
def test_an_org_that_changed_meanwhile_makes_the_plan_stale(estate: RunningEstate, planned: str) -> None:
    approved(planned, "bob", "eve")
    made = estate.call(
        "POST",
        ORG,
        ADMINISTRATOR,
        "v62.0/sobjects/PermissionSet",
        json={"Name": "API_Enabled", "Label": "Somebody's own"},
    )
    with pytest.raises(PlanStopped, match="not as it was planned for"):
        apply_plan(digest=planned)
    estate.call("DELETE", ORG, ADMINISTRATOR, f"v62.0/sobjects/PermissionSet/{made.json()['id']}")


@pytest.mark.slow
def test_a_set_that_somebody_widened_after_the_approval_is_not_given(
    product: Product, estate: RunningEstate
) -> None:
    sets = "v62.0/sobjects/PermissionSet"
    held = {"Name": "API_Enabled", "Label": "API Enabled", "PermissionsApiEnabled": True}
    made = estate.call("POST", ORG, ADMINISTRATOR, sets, json=held).json()["id"]
    try:
        planned = least_privilege(requester="ada@meridian.example", routes=[ROUTE])
        with open_ledger() as ledger:
            _, plan = PlanBook(ledger, "").find(planned)
        assert "emea: the set API_Enabled gives permissions ApiEnabled, and nothing else" in markdown(
            plan, planned, 2
        )
        approved(planned, "bob", "eve")
        estate.call("PATCH", ORG, ADMINISTRATOR, f"{sets}/{made}", json={"PermissionsModifyAllData": True})
        with pytest.raises(PlanStopped, match="emea set-rights API_Enabled"):
            apply_plan(digest=planned)
        with open_ledger() as ledger:
            assert not PlanBook(ledger, "").status(planned).history.begun
    finally:
        estate.call("DELETE", ORG, ADMINISTRATOR, f"{sets}/{made}")


@pytest.mark.slow
def test_a_selection_of_nothing_takes_nothing_back(estate: RunningEstate, planned: str) -> None:
    """A form or a script that chose no number must not be taken for a wish for all of them."""
    assert apply_plan(digest=approved(planned, "bob", "eve")).stage is Stage.APPLIED
    applied = everything(estate)
    for numbers, why in (
        ([], "No change is named, so nothing was taken back"),
        ([1, 99], "has no change 99"),
    ):
        with pytest.raises(ConfigurationError, match=why):
            rollback_plan(digest=planned, reason="none of it", only=numbers)
    assert everything(estate) == applied
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        assert book.status(planned).stage is Stage.APPLIED
        assert all(each.plan.undoes != planned for each in book.statuses()), "not even planned"
    assert rollback_plan(digest=planned, reason="all of it", only=None).stage is Stage.APPLIED


def test_unknown_plans_and_routes_are_named(product: Product) -> None:
    with pytest.raises(ConfigurationError, match="There is no plan whose digest begins with 00000000"):
        apply_plan(digest="00000000")
    with pytest.raises(ConfigurationError, match="watch-plans is no person"):
        rollback_plan(digest="00000000", reason="in the watch's name", actor="watch-plans")
    with pytest.raises(ConfigurationError, match="There is no route Nowhere"):
        least_privilege(requester="ada", routes=["Nowhere"])


def awake(estate: RunningEstate) -> int:
    soql = "SELECT COUNT() FROM SessionPermSetActivation"
    return int(estate.get(ORG, ADMINISTRATOR, f"v62.0/query?q={soql}").json()["totalSize"])


@pytest.mark.slow
def test_a_killed_apply_is_finished_by_the_next_one(
    product: Product, estate: RunningEstate, planned: str
) -> None:
    approved(planned, "bob", "eve")
    launch.ask(
        estate.folder,
        "POST",
        "/faults",
        {
            "kind": "slow",
            "org": ORG,
            "path": "/composite/sobjects",
            "method": "POST",
            "skip": 2,
            "times": 1,
            "options": {"seconds": 20},
        },
    )
    code = f"from flows.plans import apply_plan; apply_plan(digest='{planned}')"
    process = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    with open_ledger() as ledger:
        while len(ledger.entries(EntryKind.ATTEMPT, subject=planned)) < 3 and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    launch.ask(estate.folder, "DELETE", "/faults")
    assert awake(estate) == 1, "the killed process could not put the enforcer's rights to sleep"
    sweep_access()
    assert awake(estate) == 0, "the next sweep does"
    assert apply_plan(digest=planned).stage is Stage.APPLIED
    with open_ledger() as ledger:
        status = PlanBook(ledger, "").status(planned)
    assert max(status.history.attempts.values()) <= 2
    assert awake(estate) == 0, "and an apply that ends puts them to sleep itself"
    assert rollback_plan(digest=planned, reason="tidy up").stage is Stage.APPLIED


def test_rights_that_are_awake_for_a_living_apply_stay_awake(product: Product, estate: RunningEstate) -> None:
    with open_ledger() as ledger, ledger.held(f"the org {ORG}"), open_for_writing(ORG) as session:
        session.rouse()
        sweep_access()
        assert awake(estate) == 1
    sweep_access()
    assert awake(estate) == 0


def test_a_touched_ledger_fails_the_hourly_check(product: Product) -> None:
    assert keep_evidence().sound
    with open_ledger() as ledger, ledger._engine.begin() as connection:
        first = ledger.entries()[0]
        connection.exec_driver_sql("DROP TRIGGER entries_keep")
        connection.exec_driver_sql("UPDATE entries SET actor = 'eve' WHERE sequence = ?", (first.sequence,))
    try:
        told = f"entry {first.sequence}: its content is not what was written"
        with pytest.raises(LedgerUnavailable, match=told):
            keep_evidence()
    finally:
        with open_ledger() as ledger, ledger._engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE entries SET actor = ? WHERE sequence = ?", (first.actor, first.sequence)
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER entries_keep BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'append only'); END"
            )
