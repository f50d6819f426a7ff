"""Least privilege on a real wire: planned, applied as the enforcer, tried as the sync user, and taken back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

import pytest

from flows.least_privilege import joined
from tasks.estate.model import Estate, Route
from tasks.estate.policy import Policy
from tasks.estate.read import read_estate, read_policy
from tasks.inventory.gateway import read_inventory
from tasks.permissions.gateway import read_field_facts, read_permissions
from tasks.permissions.lockout import saws_off
from tasks.permissions.minimal import HARMLESS
from tasks.permissions.model import EffectiveRights, OrgRights
from tasks.permissions.plan import least_privilege_plan
from tasks.permissions.simulate import after, held_in
from tasks.plans.apply import apply
from tasks.plans.gateway import OrgHands
from tasks.plans.model import Outcome, Plan, ResourceKind
from tasks.plans.rollback import rollback
from tasks.salesforce.writing import WritingSession
from tasks.usage.gateway import read_usage
from tests.running import RunningEstate
from tests.tasks.conftest import Open
from tests.tasks.permissions.orgs import plainly
from tests.tasks.plans.worlds import World
from tests.tasks.salesforce.scanner import enforcer_session

ARTICLE = "HQ_to_EMEA_Account_Sync"
API = "v66.0"
See = Callable[[Route], tuple[OrgRights, datetime]]


@pytest.fixture(scope="module")
def declared(estate: RunningEstate) -> tuple[Estate, Policy]:
    folder = estate.folder
    return read_estate((folder / "estate.yaml").read_text()), read_policy(
        (folder / "policy.yaml").read_text()
    )


@pytest.fixture
def see(org: Open) -> See:
    """Reads what a plan for a route is reasoned from, as the scanner."""

    def seen(route: Route) -> tuple[OrgRights, datetime]:
        session = org(route.target)
        inventory, facts = read_inventory(session), read_field_facts(session, [route.sobject])
        users = [u.id for u in inventory.values["users"] if u.username == route.sync_user]
        assert session.server_time is not None
        usage = read_usage(session, users, session.server_time)
        return joined(
            route.target, [inventory, facts, read_permissions(session, fields=facts.values["facts"]), usage]
        )

    return seen


@pytest.fixture
def hands(estate: RunningEstate) -> Iterator[OrgHands]:
    with ExitStack() as stack:
        open_ones: dict[str, WritingSession] = {}

        @contextmanager
        def opened(alias: str) -> Iterator[WritingSession]:
            if alias not in open_ones:
                open_ones[alias] = stack.enter_context(enforcer_session(estate, alias))
            yield open_ones[alias]

        yield OrgHands(opened)


def route_like(estate: Estate, name: str) -> Route:
    return next(route for route in estate.routes if name in route.name)


def everybody(org: OrgRights, now: datetime) -> dict[str, EffectiveRights]:
    return held_in(org, [user.id for user in org.users], now)


def run(plan: Plan, hands: OrgHands, journal: World) -> Outcome:
    def open_gate() -> Sequence[str]:
        return ()

    return apply(plan, hands, journal, open_gate, plan.orgs)


@pytest.mark.parametrize("name", [ARTICLE, pytest.param("_Warehouse_Sync", marks=pytest.mark.slow)])
def test_a_route_is_brought_to_its_least_and_back(
    name: str,
    declared: tuple[Estate, Policy],
    see: See,
    hands: OrgHands,
    estate: RunningEstate,
) -> None:
    document, policy = declared
    route = route_like(document, name)
    before, now = see(route)
    plan = least_privilege_plan(document, policy, [route], [before], "ada", now)
    assert plan.changes and saws_off(plan, [before], document, policy, now) == ()
    journal = World(states={})
    try:
        outcome = run(plan, hands, journal)
        assert outcome.finished, outcome.stopped
        reached, _ = see(route)
        # What the org holds is what was worked out beforehand, for each of its users.
        assert plainly(everybody(reached, now)) == plainly(everybody(after(before, plan), now))
        user = next(u for u in reached.users if u.username == route.sync_user)
        held = everybody(reached, now)[user.id]
        assert held.permissions.keys() - HARMLESS == {before.mutual_auth_permission} and held.has(
            "ApiEnabled"
        )
        assert held.objects.keys() == {route.sobject}
        assert user.profile_name.startswith("Minimum Access")
        assert least_privilege_plan(document, policy, [route], [reached], "ada", now).changes == ()
        if route.name == ARTICLE:
            assert held.fields == {
                "Account.Industry": (True, True),
                "Account.Phone": (True, True),
                "Account.AnnualRevenue": (True, False),
            }
            the_user_can_do_its_job_and_nothing_else(estate, route)
        else:
            assert [c.resource.kind for c in plan.changes].count(ResourceKind.USER) == 1
            assert any("logged calls" in line and "still work" in line for line in plan.keeps), plan.keeps
            assert not any("it will fail" in line for line in plan.risks), (
                "what a sync was seen doing it may go on doing"
            )
    finally:
        way_back = rollback(plan, journal.history(), "ada", now)
        assert way_back is not None and run(way_back, hands, World(states={})).finished
    again, _ = see(route)
    assert plainly(everybody(again, now)) == plainly(everybody(before, now))
    assert {s.name for s in again.permission_sets} == {s.name for s in before.permission_sets}


def the_user_can_do_its_job_and_nothing_else(estate: RunningEstate, route: Route) -> None:
    """On the mutual port, with the certificate that it is held to."""
    org = estate.org(route.target)
    app = next(app for app in org["apps"] if app.get("username") == route.sync_user)
    token = estate.token(route.target, route.sync_user)

    def ask(method: str, path: str, **options: Any) -> tuple[int, str]:
        with estate.session() as session:
            session.cert = (app["client_certificate_file"], app["client_key_file"])
            url = f"{org['mtls_url']}/services/data/{API}/{path}"
            answer = session.request(
                method, url, headers={"Authorization": f"Bearer {token}"}, timeout=30, **options
            )
        body = answer.json() if answer.content else {}
        return answer.status_code, body[0]["errorCode"] if isinstance(body, list) else body.get("id", "")

    query = "query?q=SELECT {} FROM {} LIMIT 1"
    assert ask("GET", query.format("Name, Industry, Phone, AnnualRevenue", "Account"))[0] == 200
    for secret in ("SSN__c", "CreditScore__c"):
        assert ask("GET", query.format(secret, "Account")) == (400, "INVALID_FIELD")
    assert ask("GET", query.format("Id", "Contact")) == (400, "INVALID_TYPE")
    status, made = ask(
        "POST", "sobjects/Account", json={"Name": "Least Ltd", "Phone": "1", "Industry": "Banking"}
    )
    assert status == 201
    assert ask("PATCH", f"sobjects/Account/{made}", json={"Phone": "2"})[0] == 204
    assert ask("PATCH", f"sobjects/Account/{made}", json={"AnnualRevenue": 1})[0] == 400
    assert ask("DELETE", f"sobjects/Account/{made}")[0] in (400, 403)


def test_the_contact_sync_of_the_article_needs_one_object_and_no_delete(
    declared: tuple[Estate, Policy], see: See
) -> None:
    document, policy = declared
    route = route_like(document, "HQ_to_EMEA_Contact_Sync")
    before, now = see(route)
    plan = least_privilege_plan(document, policy, [route], [before], "ada", now)
    assert plan.changes == () and "holds exactly what its routes need" in plan.keeps[0]
    user = next(u for u in before.users if u.username == route.sync_user)
    contact = everybody(before, now)[user.id].objects["Contact"]
    assert (contact.read, contact.create, contact.edit) == (True, True, True)
    assert (contact.delete, contact.view_all, contact.modify_all) == (False, False, False)
