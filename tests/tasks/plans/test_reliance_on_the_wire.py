"""What sets give and users hold, read from a running org by both of our identities, and compared before a plan is applied."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from tasks.plans.apply import apply
from tasks.plans.gateway import OrgHands
from tasks.plans.model import Change, ChangeClass, Plan, Resource, ResourceKind, Watched
from tasks.plans.reliance import relied_on
from tasks.plans.reliance_gateway import read_relied_on
from tasks.salesforce.session import Session
from tasks.salesforce.writing import WritingSession
from tests.running import RunningEstate
from tests.tasks.conftest import Open
from tests.tasks.plans.worlds import World, plan_of
from tests.tasks.salesforce.scanner import enforcer_session

ORG, SET = "emea", "Relied_On"
ADMINISTRATOR = "client.laboratory@emea.meridian.example"
USER = "sync.hq-emea-account@emea.meridian.example"
Kind = ResourceKind


class Laboratory:
    """Somebody else in the org; what was made is removed at the end, the last first."""

    def __init__(self, estate: RunningEstate) -> None:
        self._estate = estate
        self.made: list[tuple[str, str]] = []

    def make(self, sobject: str, **fields: Any) -> str:
        name = str(self._call("POST", f"sobjects/{sobject}", json=fields)["id"])
        self.made.append((sobject, name))
        return name

    def alter(self, sobject: str, name: str, **fields: Any) -> None:
        self._call("PATCH", f"sobjects/{sobject}/{name}", json=fields)

    def remove(self) -> None:
        for sobject, name in reversed(self.made):
            self._call("DELETE", f"sobjects/{sobject}/{name}")

    def _call(self, method: str, path: str, **options: Any) -> Any:
        answer = self._estate.call(method, ORG, ADMINISTRATOR, f"v62.0/{path}", **options)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def laboratory(estate: RunningEstate) -> Iterator[Laboratory]:
    found = Laboratory(estate)
    yield found
    found.remove()


@pytest.fixture
def scanner(org: Open) -> Session:
    return org(ORG)


@pytest.fixture(scope="module")
def session(estate: RunningEstate) -> Iterator[WritingSession]:
    with closing(enforcer_session(estate, ORG)) as opened:
        yield opened


def hands_of(session: WritingSession) -> OrgHands:
    @contextmanager
    def opened(alias: str) -> Iterator[WritingSession]:
        yield session

    return OrgHands(opened)


def at(kind: Kind, key: str) -> Resource:
    return Resource(org=ORG, kind=kind, key=key)


def assigning(scanner: Session) -> Plan:
    """As a flow keeps it: with what it relies on, as it is now."""
    plan = plan_of(
        [
            Change(
                number=1,
                resource=at(Kind.ASSIGNMENT, f"{USER}/{SET}"),
                before=None,
                after={"expires": None},
                kind=ChangeClass.WIDENING,
                control="ZT-03",
                why="a set that is there",
                effect="gets it",
            )
        ]
    )
    states = read_relied_on(scanner, relied_on(plan))
    watched = tuple(Watched(resource=each, state=state) for each, state in states.items())
    return plan.model_copy(update={"watched": watched})


def test_each_right_that_somebody_adds_stops_the_plan_with_nothing_sent(
    laboratory: Laboratory, scanner: Session, session: WritingSession
) -> None:
    own = laboratory.make("PermissionSet", Name=SET, Label="Relied on", PermissionsApiEnabled=True)
    app = scanner.query("SELECT Id FROM ConnectedApplication LIMIT 1")[0]["Id"]

    def widened(step: int) -> None:
        match step:
            case 0:
                laboratory.make(
                    "ObjectPermissions", ParentId=own, SobjectType="Account", PermissionsRead=True
                )
            case 1:
                laboratory.make(
                    "FieldPermissions",
                    ParentId=own,
                    SobjectType="Account",
                    Field="Account.SSN__c",
                    PermissionsRead=True,
                )
            case 2:
                laboratory.make("SetupEntityAccess", ParentId=own, SetupEntityId=app)
            case _:
                laboratory.alter("PermissionSet", own, PermissionsRunReports=True)

    for step in range(4):
        plan = assigning(scanner)
        (watched,) = plan.watched
        assert hands_of(session).read([watched.resource]) == {watched.resource: watched.state}
        widened(step)
        world = World(states={})
        outcome = apply(plan, hands_of(session), world, lambda: (), plan.orgs)
        assert outcome.stopped is not None and str(watched.resource) in outcome.stopped.reason, step
        assert not world.attempts
    held = f"SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = '{own}'"
    assert not scanner.query(held)
    (watched,) = assigning(scanner).watched
    assert watched.state == {
        "permissions": ["ApiEnabled", "RunReports"],
        "objects": {"Account": "read"},
        "fields": {"Account.SSN__c": "read"},
        "access": [app],
        "activated by session": False,
    }


def test_what_a_user_holds_is_read_with_all_that_its_sets_give(
    laboratory: Laboratory, scanner: Session, session: WritingSession
) -> None:
    user = at(Kind.USER_GRANTS, USER)
    before = read_relied_on(scanner, [user])
    grants = before[user]
    assert grants is not None and isinstance(grants["sets"], list) and grants["sets"]
    assert {each.key for each in before if each.kind is Kind.SET_RIGHTS} >= set(grants["sets"])
    assert hands_of(session).read(list(before)) == before
    own = laboratory.make("PermissionSet", Name=SET, Label="Relied on")
    holder = scanner.query(f"SELECT Id FROM User WHERE Username = '{USER}'")[0]["Id"]
    laboratory.make("PermissionSetAssignment", PermissionSetId=own, AssigneeId=holder)
    now = hands_of(session).read([user])[user]
    assert now is not None and now["sets"] == sorted([*grants["sets"], SET])


def test_a_group_is_read_with_its_members_and_nobody_is_absent(
    laboratory: Laboratory, scanner: Session, session: WritingSession
) -> None:
    own = laboratory.make("PermissionSet", Name=SET, Label="Relied on")
    group = laboratory.make("PermissionSetGroup", DeveloperName=f"{SET}_Group", MasterLabel="Relied on")
    laboratory.make("PermissionSetGroupComponent", PermissionSetGroupId=group, PermissionSetId=own)
    asked = [
        at(Kind.SET_RIGHTS, f"group:{SET}_Group"),
        at(Kind.SET_RIGHTS, "No_Such_Set"),
        at(Kind.USER_GRANTS, "nobody@emea.meridian.example"),
    ]
    found = read_relied_on(scanner, asked)
    assert [found[each] for each in asked] == [{"members": [SET], "muted": False}, None, None]
    assert at(Kind.SET_RIGHTS, SET) in found, "what its members give counts"
    assert hands_of(session).read(list(found)) == found
