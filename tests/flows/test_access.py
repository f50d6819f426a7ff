"""Just-in-time access on a real server and the embedded estate: given, seen, ended, by us and by the platform."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import yaml
from prefect import flow

from deployments.register import register_files
from deployments.sandbox import launch
from flows.access import approve_access, end_access, request_access, wanted
from flows.continuous import review_access, sweep_access
from tasks.access.gateway import look
from tasks.access.ledger_gateway import GrantBook
from tasks.access.model import Grant, Place, Stray
from tasks.access.steps import granted
from tasks.errors import AccessOutlasts, ConfigurationError, GrantRefused
from tasks.orgs import load_estate, load_policy, open_for_writing, open_ledger
from tasks.plans.digest import policy_digest
from tests.product import Product
from tests.running import RunningEstate

ORG, USER, SET = "emea", "sync.hq-emea-contact@emea.meridian.example", "Export_Reports"
ADMINISTRATOR = "client.laboratory@emea.meridian.example"
ROUTE, STANDING = "HQ_to_EMEA_Contact_Sync", "Hq_Emea_Contact_Sync"
WINDOW = {
    "name": "contact sync",
    "route": ROUTE,
    "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "start": "00:00",
    "end": "00:00",
    "approver": "bob",
    "max_grant": "PT1H",
    "valid_until": "2999-12-31",
}


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    """The estate's time moves here, and only a snapshot goes back."""
    launch.save_snapshot(estate.folder, "before-access")
    yield
    launch.restore_snapshot(estate.folder, "before-access")
    launch.delete_snapshot(estate.folder, "before-access")


def assignments(estate: RunningEstate, permission_set: str = SET) -> list[dict[str, Any]]:
    where = f"Assignee.Username = '{USER}' AND PermissionSet.Name = '{permission_set}'"
    soql = f"SELECT Id, AssigneeId, PermissionSetId, ExpirationDate, IsActive FROM PermissionSetAssignment WHERE {where}"
    found: list[dict[str, Any]] = estate.get(ORG, ADMINISTRATOR, f"v62.0/query?q={soql}").json()["records"]
    return found


def held_by(estate: RunningEstate, username: str) -> list[dict[str, Any]]:
    where = f"Assignee.Username = '{username}' AND PermissionSet.IsOwnedByProfile = false"
    soql = f"SELECT Id, PermissionSet.Name, ExpirationDate FROM PermissionSetAssignment WHERE {where} ORDER BY Id"
    found: list[dict[str, Any]] = estate.get(ORG, ADMINISTRATOR, f"v62.0/query?q={soql}").json()["records"]
    return found


def asked(permission_set: str = SET, hours: float = 1, reason: str = "case 4711") -> str:
    return str(
        request_access(
            requester="ada", org=ORG, username=USER, permission_set=permission_set, reason=reason, hours=hours
        )
    )


def test_given_at_the_approval_and_taken_at_the_end(estate: RunningEstate) -> None:
    grant = asked()
    assert assignments(estate) == []
    with pytest.raises(GrantRefused, match="who asks does not approve"):
        approve_access(grant=asked(reason="by oneself"), approver="Ada")
    approved = approve_access(grant=grant[:8], approver="bob")
    assert approved.until is not None
    [row] = assignments(estate)
    assert row["ExpirationDate"].startswith(approved.until.strftime("%Y-%m-%dT%H:%M"))
    end_access(grant=grant, actor="ada")
    assert assignments(estate) == []


def test_the_platform_ends_it_where_nobody_sweeps(estate: RunningEstate) -> None:
    grant = asked(hours=0.25, reason="a short one")
    approve_access(grant=grant, approver="bob")
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 16 * 60})
    assert [row["IsActive"] for row in assignments(estate)] == [False]
    [done] = sweep_access()
    assert (done.org, done.taken, done.settled) == (ORG, 1, 1)
    assert assignments(estate) == []


def test_a_set_of_user_administration_is_ended_by_the_sweep(estate: RunningEstate) -> None:
    row = {"Name": "User_Admin", "Label": "User Admin", "PermissionsManageUsers": True}
    needs = ("ViewSetup", "ViewAllUsers", "ManageRoles", "ManageSharing", "ResetPasswords", "ViewRoles", "ManageInternalUsers",
             "AssignPermissionSets", "ManageProfilesPermissionsets", "ManageIpAddresses", "ManageLoginAccessPolicies",
             "ManagePasswordPolicies", "FreezeUsers", "MonitorLoginHistory", "DelegatedTwoFactor")  # fmt: skip
    made = estate.call(
        "POST",
        ORG,
        ADMINISTRATOR,
        "v62.0/sobjects/PermissionSet",
        json={**row, **{f"Permissions{n}": True for n in needs}},
    )
    assert made.status_code == 201, made.text
    approve_access(grant=asked("User_Admin", 1, "an incident"), approver="bob")
    [held] = assignments(estate, "User_Admin")
    assert held["ExpirationDate"] is None
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 61 * 60})
    sweep_access()
    assert assignments(estate, "User_Admin") == []


@pytest.mark.slow
def test_an_org_that_does_not_answer_is_named_and_swept_later(estate: RunningEstate) -> None:
    approve_access(grant=asked(hours=0.25, reason="in an outage"), approver="bob")
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 16 * 60})
    launch.ask(estate.folder, "POST", "/faults", {"kind": "503", "org": ORG, "path": "/services/data"})
    try:
        with pytest.raises(AccessOutlasts, match="emea"):
            sweep_access()
        with pytest.raises(AccessOutlasts, match="emea"):
            sweep_access()
    finally:
        launch.ask(estate.folder, "DELETE", "/faults")
    sweep_access()
    assert assignments(estate) == []
    pages = [each["body"] for each in launch.ask(estate.folder, "GET", "/sinks/pagerduty")]
    about = [page["event_action"] for page in pages if page["dedup_key"] == pages[-1]["dedup_key"]]
    assert about == ["trigger", "resolve"], "told once, however often it was seen"


def test_what_is_not_there_is_refused_before_anything_is_given(product: Product) -> None:
    with pytest.raises(ConfigurationError, match="There is no org mars"):
        request_access(requester="ada", org="mars", username=USER, permission_set=SET, reason="nothing")
    with pytest.raises(GrantRefused, match="no such user or set"):
        approve_access(grant=asked("No_Such_Set"), approver="bob")
    with pytest.raises(GrantRefused, match="6 hours are more than the 4"):
        approve_access(grant=asked(hours=6), approver="bob")


def test_what_is_held_through_a_group_is_seen(product: Product, estate: RunningEstate) -> None:
    call, setting = estate.call, ("POST", ORG, ADMINISTRATOR)
    group = {"DeveloperName": "Everything", "MasterLabel": "Everything"}
    made = call(*setting, "v62.0/sobjects/PermissionSetGroup", json=group).json()["id"]
    where = f"v62.0/query?q=SELECT Id FROM PermissionSet WHERE Name = '{SET}'"
    [row] = estate.get(ORG, ADMINISTRATOR, where).json()["records"]
    part = {"PermissionSetGroupId": made, "PermissionSetId": row["Id"]}
    assert call(*setting, "v62.0/sobjects/PermissionSetGroupComponent", json=part).status_code == 201
    where = f"v62.0/query?q=SELECT Id FROM User WHERE Username = '{USER}'"
    [user] = estate.get(ORG, ADMINISTRATOR, where).json()["records"]
    member = {"AssigneeId": user["Id"], "PermissionSetGroupId": made}
    assert call(*setting, "v62.0/sobjects/PermissionSetAssignment", json=member).status_code == 201
    with open_for_writing(ORG) as session:
        seen = look(session, [SET.lower()])
    assert call("DELETE", ORG, ADMINISTRATOR, f"v62.0/sobjects/PermissionSetGroup/{made}").status_code == 204
    place = Place(org=ORG, username=USER, permission_set=SET)
    assert seen.grouped == (Stray(place=place, expires=None, group="Everything"),)
    assert place not in {each.place for each in seen.held}


@pytest.mark.slow
def test_nobody_who_lets_us_in_is_given_an_end(estate: RunningEstate) -> None:
    entry = load_estate().org(ORG)
    assert entry.enforcer is not None
    glass = next(name for name in load_policy().jit.break_glass if f"@{ORG}." in name)
    names = (entry.enforcer.username, entry.scanner.username, glass)
    held = {username: held_by(estate, username) for username in names}
    for username, before in held.items():
        grant = request_access(
            requester="ada",
            org=ORG,
            username=username,
            permission_set=before[0]["PermissionSet"]["Name"] if before else SET,
            reason="by mistake",
            hours=0.25,
        )
        with pytest.raises(GrantRefused, match="whose rights stand"):
            approve_access(grant=grant, approver="bob")
    sweep_access()
    assert {username: held_by(estate, username) for username in names} == held


def test_what_somebody_holds_for_good_stays_so(estate: RunningEstate) -> None:
    before = assignments(estate, STANDING)
    with pytest.raises(GrantRefused, match="holds the set for good"):
        approve_access(grant=asked(STANDING), approver="bob")
    assert assignments(estate, STANDING) == before and before[0]["ExpirationDate"] is None


# Runs of a route ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def resting(
    product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The sync user rests: nothing is assigned but what a run takes, in a window that never closes."""
    call, setting = estate.call, ("POST", ORG, ADMINISTRATOR)
    made = call(*setting, "v62.0/sobjects/PermissionSet", json={"Name": ROUTE, "Label": ROUTE}).json()["id"]
    right = {"ParentId": made, "SobjectType": "Contact", "PermissionsRead": True}
    assert call(*setting, "v62.0/sobjects/ObjectPermissions", json=right).status_code == 201
    [standing] = assignments(estate, STANDING)
    call("DELETE", ORG, ADMINISTRATOR, f"v62.0/sobjects/PermissionSetAssignment/{standing['Id']}")
    policy = yaml.safe_load((estate.folder / "policy.yaml").read_text())
    policy["jit"]["windows"] = [WINDOW]
    file = tmp_path_factory.mktemp("policy") / "policy.yaml"
    file.write_text(yaml.safe_dump(policy))
    register_files(estate.folder / "estate.yaml", file)
    yield
    register_files(estate.folder / "estate.yaml")
    call("DELETE", ORG, ADMINISTRATOR, f"v62.0/sobjects/PermissionSet/{made}")
    row = {name: standing[name] for name in ("AssigneeId", "PermissionSetId")}
    assert call(*setting, "v62.0/sobjects/PermissionSetAssignment", json=row).status_code == 201


def may_read(estate: RunningEstate) -> bool:
    """Tried on the wire as the sync user."""
    answer = estate.get(ORG, USER, "v62.0/query?q=SELECT Id, LastName FROM Contact LIMIT 1")
    if answer.status_code == 200:
        return True
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_TYPE"), answer.text
    return False


def stand_in(estate: RunningEstate, requester: str = "prefect", fails: bool = False, grant: str = "") -> bool:
    """The estate is no parameter of the flow: it holds secrets, and Prefect keeps parameters."""

    @flow(name="stand-in")
    def run() -> bool:
        with granted(ROUTE, "nightly run", requester, hours=0.5, grant=grant):
            if fails:
                raise LookupError("the work went wrong")
            return may_read(estate)

    return run()


def newest() -> Grant:
    with open_ledger() as ledger:
        return GrantBook(ledger).all()[0]


def test_a_run_takes_its_rights_and_gives_them_back(resting: None, estate: RunningEstate) -> None:
    assert not may_read(estate), "a sync user rests"
    assert stand_in(estate), "and may do its work during a run"
    assert not may_read(estate) and assignments(estate, ROUTE) == []
    grant = newest()
    assert (grant.window, grant.approver, grant.request.route) == ("contact sync", "bob", ROUTE)
    with open_ledger() as ledger:
        [noted] = [e for e in ledger.entries() if e.subject == grant.id and "window" in e.body]
    assert noted.policy == policy_digest(load_policy()) and noted.actor == "window contact sync"
    with pytest.raises(LookupError):
        stand_in(estate, fails=True)
    assert not may_read(estate) and newest().revoked is not None


@pytest.mark.slow
def test_a_run_without_a_window_waits_for_a_person(resting: None, estate: RunningEstate) -> None:
    """Who stands for a window cannot use it for a wish of their own."""
    with pytest.raises(GrantRefused, match="waits for approval") as refused:
        stand_in(estate, requester="Bob")
    waiting = newest()
    assert waiting.id in str(refused.value) and waiting.until is None and not may_read(estate)
    approve_access(grant=waiting.id, approver="eve")
    assert stand_in(estate, grant=waiting.id)
    assert not may_read(estate)
    with pytest.raises(ConfigurationError, match="not running"):
        stand_in(estate, grant=waiting.id)
    late = request_access(requester="ada", route=ROUTE, reason="too late", hours=2)
    approve_access(grant=late, approver="eve")
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 2 * 3600 + 1})
    with pytest.raises(GrantRefused, match="is over"):
        stand_in(estate, grant=late)


@pytest.mark.slow
def test_rights_of_a_killed_run_end_at_their_deadline(resting: None, estate: RunningEstate) -> None:
    code = f"""
import os, signal
from prefect import flow
from tasks.access.steps import granted
@flow
def dies():
    with granted({ROUTE!r}, "killed run", "prefect", hours=0.25):
        os.kill(os.getpid(), signal.SIGKILL)
dies()
"""
    ended = subprocess.run([sys.executable, "-c", code], env={**os.environ}, capture_output=True, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert may_read(estate), "nobody could give them back"
    sweep_access()
    assert may_read(estate), "they last as long as they were granted for"
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 15 * 60 + 1})
    assert not may_read(estate), "the platform ends them"
    sweep_access()
    assert assignments(estate, ROUTE) == [] and newest().revoked is not None


@pytest.mark.slow
def test_a_route_is_asked_for_by_name_and_goes_longer_only_with_a_new_approval(
    resting: None, estate: RunningEstate
) -> None:
    first = request_access(requester="ada", route=ROUTE, reason="by hand")
    with open_ledger() as ledger:
        grant = GrantBook(ledger).find(first)
    assert (grant.request.place.username, grant.request.place.permission_set) == (USER, ROUTE)
    assert grant.request.length == timedelta(hours=4) and grant.until is None, (
        "longer than the window stands for"
    )
    approved = approve_access(grant=first, approver="eve")
    longer = request_access(requester="ada", extends=first[:8], hours=0.5, reason="takes longer")
    [row] = assignments(estate, ROUTE)
    assert approved.until is not None and row["ExpirationDate"][:16] == f"{approved.until:%Y-%m-%dT%H:%M}"
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 230 * 60})
    extended = approve_access(grant=longer, approver="eve")
    [row] = assignments(estate, ROUTE)
    assert extended.until is not None and row["ExpirationDate"][:16] == f"{extended.until:%Y-%m-%dT%H:%M}"
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 15 * 60})
    sweep_access()
    assert may_read(estate), "the first one is over, the second is not"
    end_access(grant=longer, actor="ada")
    assert not may_read(estate)


@pytest.mark.parametrize(
    ("route", "parts", "extends"),
    [
        ("", ("", "", ""), ""),
        (ROUTE, (ORG, "", ""), ""),
        ("", (ORG, USER, ""), ""),
        (ROUTE, ("", "", ""), "4f2a9c"),
    ],
)
def test_a_request_names_one_thing(route: str, parts: tuple[str, str, str], extends: str) -> None:
    with pytest.raises(ConfigurationError, match="Name either a route"):
        wanted(route, parts, extends)


@pytest.mark.slow
def test_what_a_request_names_has_to_be_there(resting: None) -> None:
    with pytest.raises(ConfigurationError, match="There is no route Nowhere"):
        request_access(requester="ada", reason="nothing", route="Nowhere")
    with pytest.raises(ConfigurationError, match="has no permission set HQ_to_EMEA_Account_Sync yet"):
        request_access(requester="ada", reason="nothing", route="HQ_to_EMEA_Account_Sync")


@pytest.mark.slow
def test_what_grants_were_used_for_is_said_once_when_the_logs_are_there(
    resting: None, estate: RunningEstate
) -> None:
    stand_in(estate)
    grant = newest()
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 3 * 3600})
    assert grant.id not in {each.id for each in review_access()}, "its day is not over"
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 31 * 3600})
    found = {each.id: each.review for each in review_access()}
    review = found[grant.id]
    assert review is not None and review.objects == ("Contact",) and review.unseen == ()
    assert timedelta(0) < review.used <= review.granted < timedelta(minutes=2)
    assert review_access() == []
