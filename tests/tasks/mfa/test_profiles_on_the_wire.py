"""An exemption that a profile gives ends for all who have it, on a real wire, and comes back with the way back."""

from collections.abc import Iterator

import pytest

from deployments.sandbox import launch
from flows.sign_in import sign_ins
from tasks.mfa.plan import held_up, mfa_plan
from tasks.permissions.lockout import saws_off
from tasks.plans.model import Plan
from tasks.plans.rollback import rollback
from tests.running import RunningEstate
from tests.tasks.oauth.portal import Portal, connected
from tests.tasks.plans.worlds import NOW, World

ORG, PROFILE, STANDARD, KEY = "emea", "Service Agent", "Standard User", "key.web"
EXEMPT = "<userPermissions><enabled>true</enabled><name>BypassMFAForUiLogins</name></userPermissions>"
RESOURCE = f"{ORG} profile-permission profile:{PROFILE}/BypassMFAForUiLogins"


@pytest.fixture(scope="module")
def portal(estate: RunningEstate) -> Iterator[Portal]:
    launch.save_snapshot(estate.folder, "before-profiles")
    portal = Portal(estate, ORG)
    portal.metadata("create", connected("Web_Portal", KEY))
    portal.open_to_all()
    profiles = "".join(
        f'<metadata xsi:type="Profile"><fullName>{name}</fullName>{EXEMPT}</metadata>'
        for name in (PROFILE, "Standard")
    )
    portal.metadata("update", profiles)
    yield portal
    launch.restore_snapshot(estate.folder, "before-profiles")
    launch.delete_snapshot(estate.folder, "before-profiles")


def planned(portal: Portal) -> tuple[Plan, list[str]]:
    """The plan, and whom it holds up at the browser."""
    estate, policy = portal.documents()
    org, now = sign_ins(ORG, portal.readings())
    plan = mfa_plan(estate, policy, [org], "ada", now)
    assert saws_off(plan, [org.rights], estate, policy, now) == ()
    return plan, held_up(org, plan, now)


@pytest.mark.slow
def test_an_exemption_by_a_custom_profile_is_taken_away_and_given_back(portal: Portal) -> None:
    agents, staff = portal.people(PROFILE, 8), portal.people(STANDARD, 2)
    assert all(portal.sign_in(name, KEY) not in ("must register", "a page") for name in (*agents, *staff))
    plan, waiting = planned(portal)
    [change] = [c for c in plan.changes if str(c.resource) == RESOURCE]
    assert (change.before, change.after) == ({"on": True}, {"on": False})
    assert any("by the standard profile Standard User" in line for line in plan.risks), (
        "nobody can edit that one"
    )

    journal = World(states={})
    outcome = portal.apply(plan, journal)

    assert outcome.finished, outcome.stopped
    then = {name: portal.sign_in(name, KEY) for name in (*agents, *staff)}
    assert {name for name, where in then.items() if where == "must register"} == set(waiting) & then.keys()
    assert {then[name] for name in agents} == {"must register", "a page"}, "all are asked, some have a factor"
    assert not {then[name] for name in staff} & {"must register", "a page"}, "their profile is as it was"
    back = rollback(plan, journal.history(), "eve", NOW)
    assert back is not None and portal.apply(back, World(states={})).finished
    assert all(portal.sign_in(name, KEY) not in ("must register", "a page") for name in (*agents, *staff))
    assert [str(c.resource) for c in planned(portal)[0].changes] == [str(c.resource) for c in plan.changes]
