"""A plan about apps on a real wire: who it says is refused is refused, who goes on goes on, and the way back restores."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest

from deployments.sandbox import launch
from tasks.estate.policy import AppsPolicy
from tasks.oauth.apps import ALLOW_LIST
from tasks.oauth.forecast import ended, kept_out
from tasks.oauth.plan import oauth_plan
from tasks.oauth.use import Uses
from tasks.permissions.lockout import saws_off
from tasks.plans.model import ChangeClass, Plan, ResourceKind
from tasks.plans.render import markdown
from tasks.plans.rollback import rollback
from tests.running import RunningEstate
from tests.tasks.oauth.portal import EXTERNAL, Portal, connected
from tests.tasks.plans.worlds import NOW, World
from tests.tasks.salesforce.scanner import scanner_session

ORG = "emea"
WEB, CLIENT, LATE = "key.web", "key.client", "key.late"
DAYS = 2


class Guests(NamedTuple):
    """`early` let the apps in some days ago and never came back, `late` today, `never` not at all."""

    early: str
    late: str
    never: str
    tokens: dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def portal(estate: RunningEstate) -> Iterator[Portal]:
    launch.save_snapshot(estate.folder, "before-portal")
    portal = Portal(estate, ORG)
    portal.metadata("create", connected("Web_Portal", WEB) + EXTERNAL)
    portal.open_to_all()
    mfa = "<enableMFADirectUILoginOptIn>false</enableMFADirectUILoginOptIn>"
    portal.switch("Security", "Security", f"<sessionSettings>{mfa}</sessionSettings>")
    yield portal
    launch.restore_snapshot(estate.folder, "before-portal")
    launch.delete_snapshot(estate.folder, "before-portal")


@pytest.fixture(scope="module")
def guests(portal: Portal) -> Guests:
    early, late, never = portal.people("Service Agent", 3)
    tokens = {(early, key): portal.sign_in(early, key) for key in (WEB, CLIENT)}
    launch.advance_clock(portal.estate.folder, timedelta(days=DAYS + 1))
    tokens |= {(late, key): portal.sign_in(late, key) for key in (WEB, CLIENT)}
    return Guests(early, late, never, tokens)


def planned(
    portal: Portal, *, revoke: bool = False, although: bool = False
) -> tuple[Plan, list[dict[str, list[str]]]]:
    """The plan, and by app who is kept out by it and whose token ends with it."""
    doors, apps, now = portal.read()
    estate, policy = portal.documents()
    policy = policy.model_copy(update={"apps": AppsPolicy(token_idle_days=DAYS)})
    plan = oauth_plan(
        estate, policy, [(doors, apps)], "ada", now, although_used=although, revoke_unused=revoke
    )
    assert saws_off(plan, [apps.rights], estate, policy, now) == ()
    uses = Uses(apps, DAYS, now)
    found = (kept_out(apps, uses, plan), ended(apps, uses, plan))
    return plan, [{label: [user.username for user in each] for label, each in one.items()} for one in found]


@pytest.mark.slow
def test_who_the_plan_names_is_refused_the_others_go_on_and_the_way_back_restores(
    portal: Portal, guests: Guests
) -> None:
    plan, (kept, over) = planned(portal, although=True)
    mine = {c.resource.key: (c.before, c.after) for c in plan.changes if "Portal" in c.resource.key}
    policies = {key: states for key, states in mine.items() if ":" in key}
    assert policies == {
        f"{app}/{policy}": states
        for app in ("connected-app:Web_Portal", "external-client-app:Client_Portal")
        for policy, states in {
            "permitted-users": ({"on": False}, {"on": True}),
            "pkce": ({"on": False}, {"on": True}),
            "addresses": ({"value": "BYPASS"}, {"value": "ENFORCE"}),
            "refresh-tokens": ({"value": "infinite"}, {"value": f"specific_inactivity:{DAYS}:DAYS"}),
        }.items()
    }
    assert ALLOW_LIST in {c.resource.key for c in plan.changes}, "nothing in use would be refused any more"
    assert not plan.final
    assert kept == over == {"Web Portal": [guests.early], "Client Portal": [guests.early]}
    portal.metadata("create", connected("Late_Portal", LATE))

    journal = World(states={})
    outcome = portal.apply(plan, journal)

    assert outcome.finished, outcome.stopped
    for key, label in ((WEB, "Web Portal"), (CLIENT, "Client Portal")):
        come_back = {
            who for who in (guests.early, guests.late) if portal.refresh(guests.tokens[who, key], key) != "in"
        }
        assert come_back == set(kept[label])
        assert portal.sign_in(guests.never, key) == "OAUTH_APP_ACCESS_DENIED"
        assert portal.sign_in(guests.late, key, proof=False) == "invalid_request"
        assert portal.refresh(portal.sign_in(guests.late, key), key) == "in"
    assert portal.sign_in(guests.late, LATE) == "OAUTH_APP_ACCESS_DENIED", "nobody approved that app"
    with scanner_session(portal.estate, ORG) as ours:
        assert ours.count("SELECT COUNT() FROM Organization") == 1, "our own door stays open"
    assert portal.administrator in portal.documents()[1].jit.break_glass and portal.break_glass() == "in"

    back = rollback(plan, journal.history(), "eve", NOW)
    assert back is not None and len(back.changes) == len(plan.changes)
    outcome = portal.apply(back, World(states={}))
    assert outcome.finished, outcome.stopped
    for key in (WEB, CLIENT):
        for who in (guests.early, guests.late):
            assert portal.refresh(guests.tokens[who, key], key) == "in", "tokens that only rested work again"
        assert portal.refresh(portal.sign_in(guests.never, key, proof=False), key) == "in"
    assert portal.refresh(portal.sign_in(guests.late, LATE), LATE) == "in"


@pytest.mark.slow
def test_a_token_that_nobody_uses_ends_for_good_and_one_that_comes_to_use_stops_the_plan(
    portal: Portal, guests: Guests
) -> None:
    launch.advance_clock(portal.estate.folder, timedelta(days=DAYS + 1))
    early, late = (guests.tokens[who, WEB] for who in (guests.early, guests.late))
    plan, _ = planned(portal)
    assert not plan.final and any("revoke_unused" in line for line in plan.risks)
    plan, _ = planned(portal, revoke=True)
    tokens = [c for c in plan.changes if c.resource.kind is ResourceKind.APP_TOKEN]
    assert tokens == list(plan.final) == list(plan.changes[-len(tokens) :]), "what has no way back comes last"
    assert {c.kind for c in tokens} == {ChangeClass.IRREVERSIBLE}
    assert "no way back" in markdown(plan, "0" * 64, 2)
    ours = portal.administrator
    assert not any(c.resource.key.startswith(ours) for c in tokens) and any(
        ours in line for line in plan.risks
    )

    assert portal.refresh(late, WEB) == "in"
    outcome = portal.apply(plan, World(states={}))
    assert outcome.stopped is not None and "not as it was planned for" in outcome.stopped.reason
    assert portal.refresh(late, WEB) == "in", "nobody takes away what somebody uses"

    plan, _ = planned(portal, revoke=True)
    [in_use] = {c.resource for c in tokens} - {c.resource for c in plan.final}
    assert in_use.key.startswith(guests.late) and in_use.key.endswith("/Web Portal")
    journal = World(states={})
    outcome = portal.apply(plan, journal)
    assert outcome.finished, outcome.stopped
    assert portal.refresh(late, WEB) == "in"
    assert portal.refresh(early, WEB) == "expired access/refresh token"
    back = rollback(plan, journal.history(), "eve", NOW)
    assert back is not None and not back.final and any("no way back" in line for line in back.risks)
    assert portal.apply(back, World(states={})).finished
    assert portal.refresh(early, WEB) == "expired access/refresh token", "that was said before"
