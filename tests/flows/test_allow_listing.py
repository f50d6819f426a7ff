"""Address ranges: planned, applied, every sign-in of the last days tried again, a thief kept out, and all taken back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from deployments.bench.doors import REFUSED, Doors
from deployments.bench.sameness import differences
from deployments.sandbox import launch
from flows.allow_listing import allow_listing
from flows.plans import apply_plan, approve_plan, rollback_plan
from tasks.network.addresses import parsed
from tasks.orgs import open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan, ResourceKind
from tasks.plans.overview import PlanStatus, Stage
from tests.product import Product
from tests.running import RunningEstate

BEFORE, AFTER = "before-ranges", "after-ranges"
INSIDE, THIEF, STRANGE = "203.0.113.10", "198.18.66.6", "192.0.2.44"
GLASS = "break.glass.1@{}.meridian.example"
ORGS = ["hq", "emea", "compliance", "hq-uat"]
"""The enforcer of the one that is left out was spoiled on purpose."""


@pytest.fixture(autouse=True)
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, BEFORE)
    yield
    launch.restore_snapshot(estate.folder, BEFORE)
    for name in (BEFORE, AFTER):
        launch.delete_snapshot(estate.folder, name)


def found(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def applied(digest: str) -> PlanStatus:
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    return apply_plan(digest=digest)


def sign_ins(estate: RunningEstate, org: str) -> list[tuple[str, str, str]]:
    """User name, application and address of each sign-in that got in within 90 days, from the store itself."""
    now = datetime.fromisoformat(launch.ask(estate.folder, "GET", "/clock")["now"])
    path = estate.folder / "snapshots" / BEFORE / f"{org}.sqlite"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        rows = store.execute(
            'SELECT DISTINCT u.Username, l.Application, l.SourceIp FROM LoginHistory l JOIN "User" u ON u.Id = l.UserId '
            "WHERE l.Status = 'Success' AND u.IsActive = 1 AND l.LoginTime >= ?",
            ((now - timedelta(days=90)).date().isoformat(),),
        )
        return [row for row in rows if parsed(row[2]) is not None]


def changed_profiles(plan: Plan, org: str) -> set[str]:
    return {
        c.resource.key.partition(":")[2]
        for c in plan.changes
        if c.resource.org == org and c.resource.kind is ResourceKind.LOGIN_RANGES
    }


def profiles(estate: RunningEstate, org: str) -> dict[str, str]:
    soql = (
        "SELECT Username, Profile.Name FROM User WHERE IsActive = true AND Profile.Name LIKE 'Integration%25'"
    )
    answer = estate.get(org, f"client.laboratory@{org}.meridian.example", f"v62.0/query?q={soql}")
    return {row["Username"]: row["Profile"]["Name"] for row in answer.json()["records"]}


@pytest.mark.slow
def test_nobody_who_signed_in_is_locked_out_a_thief_is_and_the_way_back_leaves_no_trace(
    product: Product, estate: RunningEstate
) -> None:
    digest = allow_listing(requester="ada", orgs=ORGS)
    plan = found(digest)
    org = next(each for each in ORGS if changed_profiles(plan, each))
    doors, theirs = Doors(estate.folder), profiles(estate, org)
    app = next(a for a in doors.apps(org) if theirs.get(a["username"]) in changed_profiles(plan, org))

    # One sign-in from elsewhere, and the profile stays as it is until somebody has explained it.
    assert doors.sign_in(org, app, STRANGE)[0]
    held_back = found(allow_listing(requester="ada", orgs=[org]))
    assert theirs[app["username"]] not in changed_profiles(held_back, org)
    assert any(app["username"] in line and STRANGE in line for line in held_back.risks)
    launch.restore_snapshot(estate.folder, BEFORE)

    seen = {each: sign_ins(estate, each) for each in ORGS}
    got_in = {
        each: [
            one
            for one, why in zip(listed, launch.try_sign_ins(estate.folder, each, listed), strict=True)
            if not why
        ]
        for each, listed in seen.items()
    }
    assert all(len(listed) > 20 for listed in got_in.values())
    live, _ = doors.sign_in(org, app, INSIDE)
    assert doors.call(org, app, live, THIEF) == 200, "before the plan a stolen session works from anywhere"

    assert applied(digest).stage is Stage.APPLIED

    for each, listed in got_in.items():
        refusals = launch.try_sign_ins(estate.folder, each, listed)
        assert not [(one, why) for one, why in zip(listed, refusals, strict=True) if why]
    assert doors.sign_in(org, app, INSIDE)[0], "its own address goes on"
    assert doors.sign_in(org, app, THIEF) == ("", REFUSED)
    assert doors.call(org, app, live, THIEF) == 401, (
        "the session that was open is refused at its next request"
    )
    [glass] = launch.try_sign_ins(estate.folder, org, [(GLASS.format(org), "Browser", THIEF)])
    assert not glass, "break glass gets in from wherever it could"

    rollback_plan(digest=digest, reason="enough")
    launch.save_snapshot(estate.folder, AFTER)
    place = estate.folder / "snapshots"
    for each in ORGS:
        assert differences(place / BEFORE / f"{each}.sqlite", place / AFTER / f"{each}.sqlite") == ()
    assert doors.sign_in(org, app, THIEF)[0]
