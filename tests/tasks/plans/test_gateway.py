"""The hands on a real wire: a plan is applied to the embedded estate as the enforcer, and taken back."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import pytest

from tasks.plans.apply import apply
from tasks.plans.gateway import OrgHands
from tasks.plans.model import AppPolicy, Change, ChangeClass, Plan, Resource, ResourceKind, State
from tasks.plans.rollback import rollback
from tasks.salesforce.metadata import list_metadata, read_metadata
from tasks.salesforce.writing import WritingSession
from tests.running import RunningEstate
from tests.tasks.plans.worlds import NOW, World, plan_of
from tests.tasks.salesforce.scanner import enforcer_session

ORG = "emea"
SET = "Route_Under_Test"
Kind = ResourceKind


@pytest.fixture(scope="module")
def session(estate: RunningEstate) -> Iterator[WritingSession]:
    with closing(enforcer_session(estate, ORG)) as opened:
        yield opened


@pytest.fixture
def hands(session: WritingSession) -> OrgHands:
    @contextmanager
    def opened(alias: str) -> Iterator[WritingSession]:
        assert alias == ORG
        yield session

    return OrgHands(opened)


class Journal(World):
    """A ledger in memory; the orgs are real."""

    def __init__(self) -> None:
        super().__init__(states={})


def resource(kind: ResourceKind, key: str) -> Resource:
    return Resource(org=ORG, kind=kind, key=key)


def change(
    number: int, kind: Kind, key: str, before: State | None, after: State | None, *needs: int
) -> Change:
    return Change(
        number=number,
        resource=resource(kind, key),
        before=before,
        after=after,
        kind=ChangeClass.WIDENING,
        control="ZT-03",
        why="a route of its own",
        effect="the sync user reads what it carries",
        needs=needs,
    )


def flags(*held: str) -> State:
    names = ("read", "create", "edit", "delete", "view_all", "modify_all")
    return {name: name in held for name in names}


def open_gate() -> Sequence[str]:
    return ()


@pytest.fixture
def username(session: WritingSession) -> str:
    rows = session.query("SELECT Username FROM User WHERE Username LIKE 'sync.hq-emea-account@%'")
    return str(rows[0]["Username"])


@pytest.fixture
def plan(session: WritingSession, username: str) -> Plan:
    """A set of its own for a sync user, who then loses what it had; and a person with another profile."""
    agent = _agent(session)
    held = f"{username}/Hq_Emea_Account_Sync"
    return plan_of(
        [
            change(
                1,
                Kind.PERMISSION_SET,
                SET,
                None,
                {"label": "Route under test", "permissions": ["ApiEnabled"]},
            ),
            change(2, Kind.OBJECT_PERMISSION, f"{SET}/Account", None, flags("read", "create", "edit"), 1),
            change(
                3, Kind.FIELD_PERMISSION, f"{SET}/Account.Industry", None, {"read": True, "edit": True}, 2
            ),
            change(4, Kind.FIELD_PERMISSION, f"{SET}/Account.Phone", None, {"read": True, "edit": False}, 2),
            change(5, Kind.ASSIGNMENT, f"{username}/{SET}", None, {"expires": None}, 3, 4),
            change(6, Kind.ASSIGNMENT, held, {"expires": None}, None, 5),
            change(7, Kind.USER, agent, {"profile": "Service Agent"}, {"profile": "Read Only"}),
        ]
    )


def _agent(session: WritingSession) -> str:
    soql = "SELECT Username FROM User WHERE Profile.Name = 'Service Agent' AND IsActive = true LIMIT 1"
    return str(session.query(soql)[0]["Username"])


def states(hands: OrgHands, plan: Plan) -> dict[Resource, State | None]:
    return hands.read([change.resource for change in plan.changes])


def run(plan: Plan, hands: OrgHands, journal: Journal) -> Any:
    return apply(plan, hands, journal, open_gate, plan.orgs)


def test_a_plan_is_applied_and_taken_back_by_half_and_whole(hands: OrgHands, plan: Plan) -> None:
    before = states(hands, plan)
    journal = Journal()

    outcome = run(plan, hands, journal)

    assert outcome.finished, outcome.stopped
    assert states(hands, plan) == {each.resource: each.after for each in plan.changes}

    half = rollback(plan, journal.history(), "eve@meridian.example", NOW, only=[6])
    assert half is not None and len(half.changes) == 1
    assert run(half, hands, Journal()).finished
    now = states(hands, plan)
    assert now[plan.change(6).resource] == {"expires": None}
    assert now[plan.change(5).resource] == {"expires": None}

    whole = rollback(plan, journal.history(), "eve@meridian.example", NOW)
    assert whole is not None
    outcome = run(whole, hands, Journal())
    assert outcome.finished, outcome.stopped
    assert states(hands, plan) == before


def test_view_all_fields_is_read_back_taken_and_given_again(session: WritingSession, hands: OrgHands) -> None:
    read = flags("read")
    rights = f"{SET}/Contact"
    first = plan_of(
        [
            change(1, Kind.PERMISSION_SET, SET, None, {"label": "Route under test", "permissions": []}),
            change(2, Kind.OBJECT_PERMISSION, rights, None, {**read, "view_fields": True}, 1),
        ]
    )
    second = plan_of([change(1, Kind.OBJECT_PERMISSION, rights, {**read, "view_fields": True}, read)])
    soql = (
        f"SELECT PermissionsRead, PermissionsViewAllFields FROM ObjectPermissions WHERE Parent.Name = '{SET}'"
    )
    journals = Journal(), Journal()
    for plan, journal, sees in ((first, journals[0], True), (second, journals[1], False)):
        assert run(plan, hands, journal).finished
        (row,) = session.query(soql)
        assert (row["PermissionsRead"], row["PermissionsViewAllFields"]) == (True, sees)
    for plan, journal in ((second, journals[1]), (first, journals[0])):
        back = rollback(plan, journal.history(), "eve", NOW)
        assert back is not None and run(back, hands, Journal()).finished
        if plan is second:
            assert session.query(soql)[0]["PermissionsViewAllFields"]
    assert not session.query(soql)


def test_what_a_plan_promised_is_tried_as_the_platform_sees_it(
    session: WritingSession, hands: OrgHands, plan: Plan
) -> None:
    hands = OrgHands(hands._open, plan.changes)
    journal = Journal()
    outcome = run(plan, hands, journal)
    try:
        assert outcome.finished, outcome.stopped
        taken = plan.change(6)
        assert hands.try_out([taken]) == {}
        held = plan.change(2).resource.key
        less = change(1, Kind.OBJECT_PERMISSION, held, plan.change(2).after, flags("read", "create"))
        assert hands.write([less]) == {}
        # A right to edit the field falls with the object's, as far as the user is concerned.
        assert "may not edit Account, edit Account.Industry" in hands.try_out([taken])[6]
        hands.read([less.resource])
        back = change(1, Kind.OBJECT_PERMISSION, held, less.after, plan.change(2).after)
        assert hands.write([back]) == {}
        assert hands.try_out([taken]) == {}
    finally:
        whole = rollback(plan, journal.history(), "eve@meridian.example", NOW)
        assert whole is not None and run(whole, hands, Journal()).finished


def test_what_the_org_refuses_is_named_without_its_text(hands: OrgHands) -> None:
    plan = plan_of(
        [
            change(
                1,
                Kind.FIELD_PERMISSION,
                "Bulkhead_Enforcer/Account.Name",
                None,
                {"read": True, "edit": False},
            )
        ]
    )

    outcome = run(plan, hands, Journal())

    assert outcome.stopped is not None and outcome.stopped.numbers == (1,)
    assert "refused" in outcome.stopped.reason


def test_a_set_that_is_not_there_is_said_so(hands: OrgHands) -> None:
    plan = plan_of([change(1, Kind.OBJECT_PERMISSION, "No_Such_Set/Account", None, flags("read"))])

    outcome = run(plan, hands, Journal())

    assert outcome.stopped is not None
    assert "the org has no set of a name that the plan uses" in outcome.stopped.reason


def test_a_scanner_cannot_write(estate: RunningEstate) -> None:
    from tasks.errors import ConfigurationError
    from tests.tasks.salesforce.scanner import scanner_connection

    with pytest.raises(ConfigurationError, match="only the enforcer writes"):
        WritingSession(scanner_connection(estate, ORG))


SWITCHES = {
    "Security.sessionSettings.enableMFADirectUILoginOptIn": True,
    "Security.sessionSettings.lockSessionsToIp": True,
    "OauthOidc.blockOAuthUnPwFlow": True,
    "Event.enableEventLogGeneration": True,
    "Event.enableDeleteMonitoringData": True,
}


def without_what_is_off(value: Any) -> Any:
    """An absent switch is off, too."""
    if isinstance(value, list):
        return [without_what_is_off(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: without_what_is_off(inner) for name, inner in value.items() if inner not in ("", "false")}


def settings_of(session: WritingSession) -> Any:
    return without_what_is_off(
        {n: read_metadata(session, f"{n}Settings", [n])[n] for n in ("Security", "OauthOidc", "Event")}
    )


def test_switches_of_the_org_are_turned_and_turned_back_and_nothing_else(
    session: WritingSession, hands: OrgHands
) -> None:
    session.rouse()
    untouched = settings_of(session)
    resources = [resource(Kind.ORG_SETTING, key) for key in SWITCHES]
    before = hands.read(resources)
    plan = plan_of(
        [
            change(
                number, Kind.ORG_SETTING, each.key, before[each], {"on": not (before[each] or {}).get("on")}
            )
            for number, each in enumerate(resources, 1)
        ]
    )
    journal = Journal()
    outcome = run(plan, hands, journal)
    assert outcome.finished, outcome.stopped
    assert all(count == 1 for count in journal.attempts.values()), "all in one call"
    assert all(hands.read(resources)[c.resource] == c.after for c in plan.changes)
    assert settings_of(session) != untouched
    way_back = rollback(plan, journal.history(), "eve", NOW)
    assert way_back is not None and run(way_back, hands, Journal()).finished
    assert settings_of(session) == untouched


def test_settings_that_the_org_does_not_have_are_absent(hands: OrgHands) -> None:
    unknown = resource(Kind.ORG_SETTING, "NoSuch.switch")
    assert hands.read([unknown]) == {unknown: None}


def test_policies_of_apps_and_permissions_of_profiles_are_changed_and_changed_back_and_nothing_else(
    session: WritingSession, hands: OrgHands
) -> None:
    external = session.query("SELECT DeveloperName FROM ExternalClientApplication LIMIT 1")[0][
        "DeveloperName"
    ]
    parts = list_metadata(session, ["ExtlClntAppOauthConfigurablePolicies", "ExtlClntAppGlobalOauthSettings"])

    def all_of_it() -> Any:
        kinds = {
            **parts,
            "ConnectedApp": ("Client_Laboratory",),
            "Profile": ("Service Agent",),
        }
        found = {kind: read_metadata(session, kind, names) for kind, names in kinds.items()}
        for each in found["ExtlClntAppOauthConfigurablePolicies"].values():
            if not str(each.get("refreshTokenPolicyType")).startswith("Specific"):
                # What a policy with a period leaves behind, one without does not look at.
                each.pop("refreshTokenValidityPeriod", None)
                each.pop("refreshTokenValidityUnit", None)
        return without_what_is_off(found)

    keys = [
        *(
            (Kind.APP_POLICY, f"{app}/{policy.value}")
            for app in ("connected-app:Client_Laboratory", f"external-client-app:{external}")
            for policy in AppPolicy
        ),
        (Kind.PROFILE_PERMISSION, "profile:Service Agent/RunReports"),
        (Kind.PROFILE_PERMISSION, "profile:Service Agent/ExportReport"),
    ]
    held = hands.read([resource(kind, key) for kind, key in keys])
    other = {"ENFORCE": "ENFORCE_RELAXREFRESH"}
    changes = []
    for number, (kind, key) in enumerate(keys, 1):
        before = held[resource(kind, key)]
        assert before is not None, key
        value = before.get("value")
        after: State = (
            {"on": not before["on"]}
            if "on" in before
            else {"value": other.get(str(value), "specific_inactivity:7:DAYS")}
        )
        changes.append(change(number, kind, key, before, after))
    plan, before_all, journal = plan_of(changes), all_of_it(), Journal()

    outcome = run(plan, hands, journal)

    assert outcome.finished, outcome.stopped
    assert states(hands, plan) == {each.resource: each.after for each in plan.changes}
    assert all_of_it() != before_all
    back = rollback(plan, journal.history(), "eve@meridian.example", NOW)
    assert back is not None and run(back, hands, Journal()).finished
    assert all_of_it() == before_all


def test_an_app_and_a_profile_that_are_not_there_are_read_as_that(hands: OrgHands) -> None:
    asked = [
        resource(Kind.APP_POLICY, "connected-app:No_Such_App/addresses"),
        resource(Kind.APP_POLICY, "external-client-app:No_Such_App/pkce"),
        resource(Kind.PROFILE_PERMISSION, "profile:No Such Profile/RunReports"),
        resource(Kind.APP_TOKEN, "nobody@emea.meridian.example/2026-01-01T00:00:00.000+0000/App"),
        resource(Kind.INBOUND_CERTIFICATE, "No_Such_Certificate"),
        resource(Kind.KEY_PAIR, "No_Such_Pair"),
        resource(Kind.CLIENT_CERTIFICATE, "No_Such_Credential"),
    ]
    assert hands.read(asked) == dict.fromkeys(asked)
