"""Which routes get users of their own, as whom, in which seats, and when the shared user loses what they needed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from tasks.errors import PlanRefused
from tasks.estate.model import Route
from tasks.estate.model_access import JitPolicy
from tasks.estate.naming import set_name
from tasks.inventory.model import Login
from tasks.permissions.lockout import saws_off
from tasks.permissions.minimal import MINIMUM_ACCESS
from tasks.permissions.model import AppAccess, Newcomers, OrgRights, Particulars, Profile, Seats
from tasks.permissions.newcomers import API_LICENCE, INTEGRATION, SETTLED, username_for
from tasks.permissions.plan import least_privilege_plan
from tasks.permissions.simulate import after, held_in
from tasks.plans.model import ChangeClass, Plan, ResourceKind
from tests.tasks.audit.evidence_factory import NOW, app, assigned, on_object, permission_set, user
from tests.tasks.permissions.orgs import ESTATE, MINIMUM, POLICY, SYNC, of_kind, org, plan_for, route

Kind = ResourceKind
FIRST = route(name="First_Sync")
SECOND = route(name="Second_Sync", app="Second_App", fields=("Name", "Phone"), read_only_fields=())
OWN = username_for(SYNC, SECOND)
THERE = user(OWN, MINIMUM)


def came(who: str, application: str, *, days: float = 0, kind: str = "Remote Access 2.0") -> Login:
    return Login(
        user_id=f"005-{who}",
        kind=kind,
        application=application,
        address="203.0.113.10",
        success=True,
        count=3,
        last=NOW - timedelta(days=days),
    )


def known(*logins: Login, **changes: Any) -> Newcomers:
    values: dict[str, Any] = {
        "logins": logins,
        "apps": (app(), app("Second_App"), app("Third_App")),
        "licences": (Seats(name="Salesforce", total=10, used=5), Seats(name=INTEGRATION, total=5, used=1)),
        "set_licences": (Seats(name=API_LICENCE, total=5, used=1),),
        "seated": frozenset(),
        "particulars": {
            f"005-{SYNC}": Particulars(
                email="team@emea", time_zone="GMT", locale="en_GB", language="en_US", encoding="UTF-8"
            )
        },
    }
    return Newcomers.model_validate({**values, **changes})


def shared(*logins: Login, **changes: Any) -> OrgRights:
    """The sync user is let in by both apps; the profile for machines is there."""
    before = org()
    values = {
        "app_access": (
            *before.app_access,
            AppAccess(parent_id="0PS-Everything", app_id="0H4-Second_App"),
        ),
        "apps": {**before.apps, "0H4-Second_App": ("Second_App", "ConnectedApplication")},
        "newcomers": known(*logins),
    }
    return before.model_copy(update={**values, **changes})


def keys(plan: Plan, kind: Kind) -> list[str]:
    return [change.resource.key for change in of_kind(plan, kind)]


def both(before: OrgRights, *routes: Route, **options: Any) -> Plan:
    made = plan_for(before, *(routes or (FIRST, SECOND)), **options)
    assert saws_off(made, [before], ESTATE, POLICY, NOW) == ()
    return made


def test_without_being_asked_nothing_is_split() -> None:
    made = both(shared(newcomers=None))
    assert not of_kind(made, Kind.NEW_USER) and made.afterwards == ()
    assert (
        made.changes
        == plan_for(org(apps=shared().apps, app_access=shared().app_access), FIRST, SECOND).changes
    )


def test_all_routes_but_the_first_get_users_of_their_own_and_nothing_is_taken() -> None:
    before = shared()
    made = both(before)
    (new,) = of_kind(made, Kind.NEW_USER)
    assert new.resource.key == OWN == "second-sync@emea" and new.kind is ChangeClass.IDENTITY
    assert new.after is not None and new.after["email"] == "team@emea" and new.after["time_zone"] == "GMT"
    assert all(change.before is None for change in made.changes)
    assert not any(change.resource.key.startswith(SYNC) for change in made.changes)
    assert keys(made, Kind.APP_ACCESS) == ["Second_Sync/0H4-Second_App"], "by its own route's app only"
    then = after(before, made)
    own = next(each for each in then.users if each.username == OWN)
    held = held_in(then, [own.id], NOW)[own.id]
    assert held.objects.keys() == {"Account"} and set(held.fields) == {"Account.Phone"}
    assert both(then.model_copy(update={"newcomers": known()})).changes == (), "and it is not made again"


def test_an_assignment_waits_for_the_user_and_its_licence() -> None:
    profiles = (*org().profiles, Profile(id="00e-api", name=MINIMUM_ACCESS[0], license_name=INTEGRATION))
    made = both(shared(profiles=profiles))
    (new,), (licence,) = of_kind(made, Kind.NEW_USER), of_kind(made, Kind.LICENCE)
    assert new.after is not None and new.after["profile"] == MINIMUM_ACCESS[0]
    assert licence.needs == (new.number,)
    for assignment in of_kind(made, Kind.ASSIGNMENT):
        assert {new.number, licence.number} <= set(assignment.needs)


@pytest.mark.parametrize("used", ["licences", "set_licences"])
def test_the_next_profile_is_taken_where_the_narrowest_has_no_seat_left(used: str) -> None:
    profiles = (*org().profiles, Profile(id="00e-api", name=MINIMUM_ACCESS[0], license_name=INTEGRATION))
    full = {
        "licences": (Seats(name="Salesforce", total=10, used=5), Seats(name=INTEGRATION, total=5, used=5)),
        "set_licences": (Seats(name=API_LICENCE, total=5, used=5),),
    }
    made = both(shared(profiles=profiles, newcomers=known(**{used: full[used]})))
    (new,) = of_kind(made, Kind.NEW_USER)
    assert new.after is not None and new.after["profile"] == MINIMUM and not of_kind(made, Kind.LICENCE)


@pytest.mark.parametrize(
    ("seats", "why"),
    [
        ((Seats(name="Salesforce", total=5, used=5),), "no licence is left (Salesforce: 5 of 5 in use)"),
        # The org's own count lags behind: five users are active.
        ((Seats(name="Salesforce", total=5, used=0),), "no licence is left (Salesforce: 5 of 5 in use)"),
    ],
)
def test_without_a_licence_nothing_is_planned_and_why_is_said(seats: Sequence[Seats], why: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        both(shared(newcomers=known(licences=seats)))
    assert why in str(refused.value) and "Second_Sync" in str(refused.value)


def test_seats_that_the_plan_takes_itself_count() -> None:
    one_left = known(licences=(Seats(name="Salesforce", total=6, used=5),))
    third = route(name="Third_Sync", app="Third_App")
    made = both(shared(newcomers=one_left), FIRST, SECOND, third)
    assert keys(made, Kind.NEW_USER) == [OWN]
    assert any("Third_Sync gets no user of its own: no licence is left" in line for line in made.risks)


def test_a_person_at_a_browser_keeps_the_user_and_the_route_moves() -> None:
    made = both(shared(came(SYNC, "Browser", kind="Application")), FIRST)
    assert keys(made, Kind.NEW_USER) == ["first-sync@emea"]
    assert any("a person at a browser signs in as" in line for line in made.risks)


def test_another_app_counts_only_for_the_route_that_somebody_asked_about() -> None:
    other = shared(came(SYNC, "Third App"))
    assert keys(both(other, FIRST), Kind.NEW_USER) == ["first-sync@emea"]
    assert keys(both(shared(came(SYNC, "Sync App")), FIRST), Kind.NEW_USER) == [], "its own is no other"
    elsewhere = route(name="Elsewhere", target="hq")
    assert keys(both(other, FIRST, elsewhere), Kind.NEW_USER) == [], "nobody asked about that very route"


def test_what_is_asked_about_moves_and_where_an_org_says_who_acts_the_client_need_not_change() -> None:
    run_as = (app(client_credentials_user=SYNC), app("Second_App"))
    made = both(shared(newcomers=known(apps=run_as)))
    assert keys(made, Kind.NEW_USER) == ["first-sync@emea"]
    assert any(
        "set the run-as user of the app Sync_App to first-sync@emea" in line for line in made.afterwards
    )
    estate = ESTATE.model_copy(update={"routes": (FIRST, SECOND)})
    made = both(shared(), FIRST, estate=estate)
    assert keys(made, Kind.NEW_USER) == ["first-sync@emea"], "the other one stays"


def test_a_route_that_signs_in_with_a_password_needs_an_app_first() -> None:
    made = both(shared(), FIRST, route(name="Second_Sync", app="username and password"))
    assert not of_kind(made, Kind.NEW_USER) or keys(made, Kind.NEW_USER) == ["first-sync@emea"]
    assert any("is no app of the org" in line for line in made.risks)


@pytest.mark.parametrize(
    ("there", "why"),
    [
        (user(OWN, "wide"), "may do more than the route needs"),
        (user(OWN, "wide", active=False), "may do more than the route needs"),
        (user(OWN, MINIMUM, frozen=True), "is frozen"),
    ],
)
def test_somebody_else_s_user_of_that_name_is_left_alone(there: Any, why: str) -> None:
    with pytest.raises(PlanRefused, match=why):
        both(shared(users=(*org().users, there)))


def test_what_an_inactive_user_was_assigned_counts_again_once_it_is_active() -> None:
    asleep = THERE.model_copy(update={"active": False})
    lost = assigned(OWN, "Everything", active=False)
    with pytest.raises(PlanRefused, match="may do more than the route needs"):
        both(shared(users=(*org().users, asleep), assignments=(*org().assignments, lost)))
    made = both(shared(users=(*org().users, asleep)))
    assert keys(made, Kind.NEW_USER) == [OWN] and "made active again" in made.changes[0].effect


def test_a_break_glass_account_is_never_made_a_route_s() -> None:
    policy = POLICY.model_copy(update={"jit": POLICY.jit.model_copy(update={"break_glass": (OWN,)})})
    with pytest.raises(PlanRefused, match="is never touched"):
        plan_for(shared(), FIRST, SECOND, policy=policy)


def at_work(*logins: Login) -> OrgRights:
    """The new user holds what it needs; who came in is the case's."""
    before = shared()
    then = after(before, both(before))
    renamed = tuple(u.model_copy(update={"id": f"005-{OWN}"}) if u.username == OWN else u for u in then.users)
    rows = tuple(
        row.model_copy(update={"user_id": f"005-{OWN}"}) if row.user_id == f"new:{OWN}" else row
        for row in then.assignments
    )
    return then.model_copy(update={"users": renamed, "assignments": rows, "newcomers": known(*logins)})


WEEK = SETTLED.days


@pytest.mark.parametrize(
    ("logins", "taken"),
    [
        ((), False),
        ((came(OWN, "Second App"),), True),
        ((came(OWN, "Second App"), came(SYNC, "Second App", days=WEEK)), True),
        ((came(OWN, "Second App"), came(SYNC, "Second App", days=WEEK - 1)), False),
        # Both went quiet, the new one first: its client was turned back.
        ((came(OWN, "Second App", days=WEEK + 2), came(SYNC, "Second App", days=WEEK + 1)), False),
        ((came(OWN, "Second App"), came(SYNC, "Sync App")), True),
        ((came(OWN, "Sync App"),), False),
    ],
)
def test_the_old_user_is_narrowed_only_when_the_new_one_took_over(logins: Any, taken: bool) -> None:
    before = at_work(*logins)
    made = both(before)
    assert not of_kind(made, Kind.NEW_USER)
    assert bool(made.changes) is taken
    if taken:
        then = after(before, made)
        held = held_in(then, [f"005-{SYNC}"], NOW)[f"005-{SYNC}"]
        assert held.objects["Account"].edit and not held.has("ModifyAllData")
        assert keys(made, Kind.APP_ACCESS) == ["First_Sync/0H4App"], (
            "the moved route's app lets it in no more"
        )


def test_from_a_user_that_a_person_keeps_only_the_way_in_is_taken() -> None:
    sign_in = (came(SYNC, "Browser", kind="Application"), came("first-sync@emea", "Sync App"))
    before = shared(*sign_in)
    then = after(before, both(before, FIRST))
    own = next(each for each in then.users if each.username == "first-sync@emea")
    seen = (sign_in[0], sign_in[1].model_copy(update={"user_id": own.id}))
    made = both(then.model_copy(update={"newcomers": known(*seen)}), FIRST)
    assert [(c.resource.key, c.after) for c in made.changes] == [(f"{SYNC}/Everything", None)]
    assert any("a person at a browser loses what Everything gives, too" in line for line in made.risks)


def test_while_another_route_comes_in_as_a_user_that_a_person_keeps_nothing_is_taken() -> None:
    person = came(SYNC, "Browser", kind="Application")
    before = shared(person)
    then = after(before, both(before))
    first = next(each for each in then.users if each.username == "first-sync@emea")
    seen = came("first-sync@emea", "Sync App").model_copy(update={"user_id": first.id})
    made = both(then.model_copy(update={"newcomers": known(person, seen)}))
    assert made.changes == ()
    assert f"emea: {SYNC} keeps all it has until Second_Sync came in as another user" in made.keeps


def test_a_route_s_own_user_is_not_split_again() -> None:
    own = route(name="First_Sync", sync_user="first-sync@emea")
    users = (*org().users, user("first-sync@emea", "wide"))
    person = came("first-sync@emea", "Browser", kind="Application")
    made = both(shared(person, users=users), own)
    assert not of_kind(made, Kind.NEW_USER) and keys(made, Kind.USER) == ["first-sync@emea"]


def test_a_name_that_is_too_long_keeps_its_end_apart() -> None:
    names = {username_for("x@emea.example", route(name="R" * 90 + tail)) for tail in ("a", "b")}
    assert len(names) == 2 and all(len(name) == 80 and name.endswith("@emea.example") for name in names)


def test_what_a_profile_itself_gives_is_said_of_a_new_user() -> None:
    rights = (*org().object_permissions, on_object(f"profile-{MINIMUM}", "Case", "read"))
    own = next(each for each in org().permission_sets if each.profile_id == f"00e-{MINIMUM}")
    rows = tuple(
        each.model_copy(update={"parent_id": own.id}) if each.sobject == "Case" else each for each in rights
    )
    assert not any("itself gives" in line for line in both(shared()).risks)
    made = both(shared(object_permissions=rows))
    assert any(f"the profile {MINIMUM} itself gives {OWN} Case: read" in line for line in made.risks)


def test_one_key_for_two_users_is_said() -> None:
    made = both(shared(), FIRST, route(name="Second_Sync"))
    assert len(of_kind(made, Kind.NEW_USER)) == 2, "one that stayed would hide that the other moved"
    assert any("whoever has its key is let in as either user" in line for line in made.risks)


def test_a_set_of_the_same_name_that_the_old_user_holds_is_left_to_it() -> None:
    sets = (*org().permission_sets, permission_set("Second_Sync", "RunReports"))
    made = both(shared(permission_sets=sets, assignments=(*org().assignments, assigned(SYNC, "Second_Sync"))))
    assert keys(made, Kind.PERMISSION_SET) == ["Second_Sync_Route", "API_Enabled"]


def test_a_new_user_whose_set_only_runs_hold_rests_too() -> None:
    name = set_name(SECOND)
    rests = POLICY.model_copy(update={"jit": JitPolicy(managed_sets={"emea": (name,)})})

    def planned(before: OrgRights) -> Plan:
        routes = [FIRST, SECOND]
        return least_privilege_plan(ESTATE, rests, routes, [before], "ada@meridian.example", NOW)

    made = planned(shared())
    assert OWN in keys(made, Kind.NEW_USER) and name in keys(made, Kind.PERMISSION_SET)
    assert f"{OWN}/{name}" not in keys(made, Kind.ASSIGNMENT)
    assert any(f"{OWN} rests between runs without {name}" in line for line in made.keeps)
    again = planned(after(shared(), made))
    assert not any(OWN in change.resource.key for change in again.changes), "nothing is missing of it at rest"
