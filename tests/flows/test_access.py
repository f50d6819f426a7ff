"""Just-in-time access on a real server and the embedded estate: given, seen, ended, by us and by the platform."""

from collections.abc import Iterator
from typing import Any

import pytest

from deployments.sandbox import launch
from flows.advanced import approve_access, end_access, request_access
from flows.continuous import sweep_access
from tasks.errors import AccessOutlasts, ConfigurationError, GrantRefused
from tests.product import Product
from tests.running import RunningEstate

ORG, USER, SET = "emea", "sync.hq-emea-contact@emea.meridian.example", "Export_Reports"
ADMINISTRATOR = "client.laboratory@emea.meridian.example"


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    """The estate's time moves here, and only a snapshot goes back."""
    launch.save_snapshot(estate.folder, "before-access")
    yield
    launch.restore_snapshot(estate.folder, "before-access")
    launch.delete_snapshot(estate.folder, "before-access")


def assignments(estate: RunningEstate, permission_set: str = SET) -> list[dict[str, Any]]:
    where = f"Assignee.Username = '{USER}' AND PermissionSet.Name = '{permission_set}'"
    soql = f"SELECT Id, ExpirationDate, IsActive FROM PermissionSetAssignment WHERE {where}"
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
