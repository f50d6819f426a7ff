"""Which profiles get ranges, which stay as they are and why, over an org of a few people and programs."""

from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from tasks.estate.model_network import NamedNetwork, NetworkPolicy
from tasks.estate.policy import Policy
from tasks.inventory.model import App, Login
from tasks.network.forecast import World, refused, world_of
from tasks.network.listing import OrgListing, page
from tasks.network.model import EVERY_REQUEST, AddressRange, Calls, OrgNetwork, ProfileAccess
from tasks.network.org_wide import TRUSTED
from tasks.network.plan import allow_list_plan, own_addresses
from tasks.permissions.lockout import saws_off
from tasks.permissions.model import OrgRights
from tasks.plans.model import AppPolicy, Change, ChangeClass, Plan, Resource, ResourceKind
from tasks.plans.reliance import described
from tasks.plans.render import markdown
from tasks.plans.watch import touched
from tests.tasks.audit.evidence_factory import (
    NOW,
    SETTINGS,
    aggregate,
    app,
    assigned,
    group,
    permission_set,
    profile_set,
    user,
)
from tests.tasks.permissions.orgs import GLASS, SCANNER, route
from tests.tasks.plans.estates import estate_of

SYNC, ADMIN, CLERK = "sync@emea", "admin@emea", "clerk@emea"
OFFICE, VPN, HOME = "203.0.113.10", "198.51.100.24", "192.0.2.77"
NETWORKS = (
    NamedNetwork(name="Office", use="office", ranges=(ip_network("203.0.113.0/24"),)),
    NamedNetwork(name="AWS", use="middleware", ranges=(ip_network("52.94.76.0/22"),)),
    NamedNetwork(name="Corporate VPN", use="vpn", ranges=(ip_network("198.51.100.0/24"),)),
)
POLICY = Policy.model_validate({"network": {"networks": NETWORKS}, "jit": {"break_glass": [GLASS]}})
ESTATE = estate_of(hq="production", emea="production").model_copy(update={"routes": (route(),)})
IN_OFFICE, IN_VPN = "203.0.113.0-203.0.113.255 Office", "198.51.100.0-198.51.100.255 Corporate VPN"


def seen(who: str, address: str, application: str = "Sync_App", **changes: Any) -> Login:
    values = {
        "user_id": f"005-{who}",
        "kind": "Remote Access 2.0",
        "application": application,
        "address": address,
        "success": True,
        "count": 3,
        "last": NOW,
    }
    return Login.model_validate(values | changes)


def at_browser(who: str, address: str) -> Login:
    return seen(who, address, "Browser", kind="Application")


def ranges(profile: str, *pairs: tuple[str, str], changed: datetime | None = None) -> ProfileAccess:
    listed = tuple(AddressRange(first=first, last=last) for first, last in pairs)
    return ProfileAccess(
        profile_id=f"00e-{profile}", profile_name=profile, login_ranges=listed, changed=changed
    )


def network(*logins: Login, **changes: Any) -> OrgNetwork:
    """A sync and an administrator on profiles of their own without ranges, a clerk, break glass, and ourselves."""
    people = (
        user(SYNC, "machines"),
        user(ADMIN, "admins"),
        user(CLERK, "clerks"),
        user(GLASS, "glass"),
        user(SCANNER, "ours"),
    )
    rights: dict[str, Any] = {
        "org": "emea",
        "users": people,
        "permission_sets": (
            profile_set("machines"),
            profile_set("admins"),
            profile_set("clerks"),
            profile_set("glass", "ManageUsers", "AssignPermissionSets"),
            profile_set("ours", "ApiUserOnly"),
            permission_set("keys", "ManageUsers", "AssignPermissionSets"),
        ),
        "groups": (),
        "assignments": (assigned(ADMIN, "keys"),),
        "object_permissions": (),
        "field_permissions": (),
        "app_access": (),
        "apps": {},
        "facts": {},
        "mutual_auth_permission": None,
    }
    usual = {name: ranges(name) for name in ("machines", "admins", "clerks", "glass")}
    usual["ours"] = ranges("ours", ("203.0.113.0", "203.0.113.255"))
    usual |= {each.profile_name: each for each in changes.pop("profiles", ())}
    values: dict[str, Any] = {
        "rights": OrgRights(**rights),
        "profiles": tuple(usual.values()),
        "settings": SETTINGS.model_copy(update={"enforce_ranges_every_request": True, "trusted_ranges": ()}),
        "apps": (),
        "looked_at": frozenset(each.id for each in people),
        "logins": (*logins, seen(SCANNER, OFFICE, "Ours")),
        "calls": (),
        "days": 90,
        "log_days": 90,
    }
    return OrgNetwork(**(values | changes))


def planned(org: OrgNetwork, policy: Policy = POLICY) -> tuple[Plan, OrgListing]:
    plan, [listing] = allow_list_plan(ESTATE, policy, [org], "ada", NOW)
    return plan, listing


def changed(plan: Plan) -> dict[str, list[str]]:
    """Ranges afterwards by key; other changes have their own."""
    return {c.resource.key: (c.after or {}).get("ranges", ["on"]) for c in plan.changes}  # type: ignore[misc]


def told(plan: Plan, *words: str) -> bool:
    return any(all(word in line for word in words) for line in plan.risks)


def test_integrations_get_offices_and_administrators_the_vpn_too() -> None:
    plan, listing = planned(network(seen(SYNC, OFFICE), at_browser(ADMIN, VPN), log_days=0))
    assert changed(plan) == {"profile:admins": [IN_VPN, IN_OFFICE], "profile:machines": [IN_OFFICE]}
    assert {c.resource.key: c.control for c in plan.changes} == {
        "profile:admins": "ZT-16",
        "profile:machines": "ZT-14",
    }
    assert told(plan, "AWS (52.94.76.0/22)", "egress addresses of your own")
    shown = page([listing], "d" * 64)
    row = "| **machines**<br>1 integration | anywhere<br>→ **203.0.113.0-203.0.113.255 Office** | 203.0.113.10 |"
    assert row in shown
    assert "machines" in markdown(plan, "d" * 64, 2) and IN_OFFICE in markdown(plan, "d" * 64, 2)
    assert any("no log of calls" in line for line in plan.keeps), "what was not observed is said"


@pytest.mark.parametrize(
    "paths",
    [
        {"assignments": (assigned(ADMIN, "keys"),)},
        {"permission_sets": (profile_set("machines"), profile_set("admins", "ModifyAllData"))},
        {
            "permission_sets": (
                profile_set("admins"),
                permission_set("keys", "ManageUsers"),
                aggregate("crew", "ManageUsers"),
            ),
            "groups": (group("crew", "keys"),),
            "assignments": (assigned(ADMIN, "crew", by_group=True),),
        },
    ],
    ids=["set", "profile", "group"],
)
def test_administrators_are_found_by_every_path(paths: dict[str, Any]) -> None:
    org = network(at_browser(ADMIN, VPN))
    none = org.rights.model_copy(update={"assignments": ()})
    assert "profile:admins" not in changed(planned(org.model_copy(update={"rights": none}))[0])
    rights = none.model_copy(update=paths)
    assert changed(planned(org.model_copy(update={"rights": rights}))[0])["profile:admins"] == [
        IN_VPN,
        IN_OFFICE,
    ]


@pytest.mark.parametrize("address", [HOME, "52.94.77.1", VPN, "Salesforce.com IP"])
def test_a_profile_that_would_lock_somebody_out_stays_and_says_who(address: str) -> None:
    plan, listing = planned(network(seen(SYNC, OFFICE), seen(SYNC, address), at_browser(ADMIN, VPN)))
    assert changed(plan) == {"profile:admins": [IN_VPN, IN_OFFICE]}
    assert told(plan, "profile machines stays", SYNC, address, "3 times")
    assert [each.profile for each in listing.profiles if each.left_out] == ["machines"]


def test_the_smallest_ranges_that_would_let_them_in_are_proposed() -> None:
    plan, _ = planned(network(seen(SYNC, "192.0.2.8"), seen(SYNC, "192.0.2.9"), seen(SYNC, "192.0.2.200")))
    assert told(plan, "name 192.0.2.8/31, 192.0.2.200/32 in policy.network.networks")


def explaining(**changes: Any) -> Policy:
    values = {
        "org": "emea",
        "username": "SYNC@*",
        "addresses": "192.0.2.0/24",
        "reason": "the old data centre is closed",
        "owner": "bob",
        "expires": NOW.date(),
    }
    update = {"explained": (NetworkPolicy.model_validate({"explained": [values | changes]}).explained)}
    return POLICY.model_copy(update={"network": POLICY.network.model_copy(update=update)})


def test_what_policy_explains_is_planned_and_named_until_its_last_day() -> None:
    org = network(seen(SYNC, OFFICE), seen(SYNC, HOME))
    plan, listing = planned(org, explaining())
    assert changed(plan)["profile:machines"] == [IN_OFFICE]
    assert told(plan, SYNC, HOME, "bob stands for it", "the old data centre is closed")
    assert [(each.username, each.address) for each, *_ in listing.explained] == [(SYNC, HOME)]
    assert "the old data centre is closed (bob)" in page([listing], "d" * 64).replace("<br>", " ")
    yesterday = NOW.date() - timedelta(days=1)
    for other in (
        explaining(expires=yesterday),
        explaining(org="hq"),
        explaining(username="a*"),
        explaining(addresses="192.0.3.0/24"),
    ):
        assert "profile:machines" not in changed(planned(org, other)[0])
    assert told(planned(org, explaining(expires=yesterday))[0], "that is over")


@pytest.mark.parametrize(
    ("login", "matters"),
    [
        (seen(SYNC, HOME, success=False), False),
        (seen(CLERK, HOME), False),
        (seen("gone@emea", HOME), False),
        (seen(SYNC, HOME), True),
    ],
)
def test_only_sign_ins_that_got_in_count(login: Login, matters: bool) -> None:
    plan, _ = planned(network(seen(SYNC, OFFICE), login))
    assert ("profile:machines" not in changed(plan)) is matters


def test_ranges_that_are_too_wide_go_and_good_ones_stay() -> None:
    wide = ranges("machines", ("0.0.0.0", "255.255.255.255"), ("203.0.113.0", "203.0.113.63"))
    plan, _ = planned(network(seen(SYNC, OFFICE), profiles=(wide,)))
    assert changed(plan)["profile:machines"] == ["203.0.113.0-203.0.113.63"]
    plan, _ = planned(network(seen(SYNC, "203.0.113.99"), profiles=(wide,)))
    assert changed(plan)["profile:machines"] == [IN_OFFICE], (
        "who comes from a network but not from the range is let in"
    )


def test_a_range_that_admits_nobody_is_replaced() -> None:
    backwards = ranges("machines", ("203.0.113.9", "203.0.113.1"))
    plan, _ = planned(network(seen(SYNC, OFFICE), profiles=(backwards,)))
    assert changed(plan)["profile:machines"] == [IN_OFFICE]


def test_good_ranges_stay_and_those_that_nobody_uses_are_named() -> None:
    good = ranges("machines", ("203.0.113.0", "203.0.113.63"), ("203.0.113.200", "203.0.113.210"))
    plan, listing = planned(network(seen(SYNC, OFFICE), at_browser(ADMIN, VPN), profiles=(good,)))
    assert "profile:machines" not in changed(plan)
    assert told(plan, "203.0.113.200-203.0.113.210", "nobody was seen in 90 days")
    assert next(each for each in listing.profiles if each.profile == "machines").unused == (
        "203.0.113.200-203.0.113.210",
    )


def test_who_was_never_seen_is_named() -> None:
    assert told(planned(network())[0], f"{SYNC} with profile machines was not seen in 90 days")


@pytest.mark.parametrize(
    ("newcomer", "why"),
    [
        (user("clerk2@emea", "machines"), "integrations (sync@emea) share it with 1 other user"),
        (user("auto@emea", "machines", user_type="AutomatedProcess"), "share it with 1 other user"),
        (user(GLASS, "machines"), "break-glass accounts have it"),
        (
            user("clerk2@emea", "admins"),
            "administrators (admin@emea) share it with 1 user without such rights",
        ),
    ],
)
def test_a_profile_that_others_share_is_named_and_not_touched(newcomer: Any, why: str) -> None:
    org = network(seen(SYNC, OFFICE), at_browser(ADMIN, VPN))
    others = tuple(each for each in org.rights.users if each.username != newcomer.username)
    rights = org.rights.model_copy(update={"users": (*others, newcomer)})
    plan, _ = planned(org.model_copy(update={"rights": rights}))
    assert f"profile:{newcomer.profile_name}" not in changed(plan)
    assert told(plan, f"profile {newcomer.profile_name} stays", why)


def test_our_own_profile_is_changed_only_when_we_are_known_to_come_from_inside() -> None:
    open_ours = (ranges("ours"),)
    plan, _ = planned(network(profiles=open_ours))
    assert changed(plan)["profile:ours"] == [IN_OFFICE]
    silent = network(profiles=open_ours, logins=())
    assert "profile:ours" not in changed(planned(silent)[0])
    assert told(planned(silent)[0], "profile ours stays", "nobody knows from where s@emea")
    away = network(seen(SCANNER, HOME, "Ours"), profiles=open_ours)
    everything = explaining(username="*")
    assert told(planned(away, everything)[0], "profile ours stays", "that is our scanner"), (
        "policy explains away nobody of ours"
    )


def test_a_plan_that_shuts_us_or_break_glass_out_is_refused() -> None:
    org = network(profiles=(ranges("ours"),))
    plan, _ = planned(org)

    def refusal(addresses: dict[str, Any]) -> str:
        return "; ".join(saws_off(plan, [org.rights], ESTATE, POLICY, NOW, {"emea": addresses}))

    assert own_addresses(org, ESTATE, POLICY) == {SCANNER: {OFFICE}}
    assert refusal(own_addresses(org, ESTATE, POLICY)) == ""
    assert f"shuts out our scanner ({SCANNER}), who comes from {HOME}" in refusal({SCANNER: {OFFICE, HOME}})
    assert "nobody knows from where our scanner" in refusal({})
    moved = [each if each.username != GLASS else user(GLASS, "machines") for each in org.rights.users]
    rights = org.rights.model_copy(update={"users": tuple(moved)})
    [why] = saws_off(plan, [rights], ESTATE, POLICY, NOW, {"emea": {SCANNER: {OFFICE}}})
    assert "narrows from where a break-glass account (glass@emea) may come" in why


ROAMING = app("Sync_App", ip_relaxation="BYPASS", full_name="Sync_App")
RANGED = (ranges("machines", ("203.0.113.0", "203.0.113.255")),)
AT_SIGN_IN = SETTINGS.model_copy(update={"enforce_ranges_every_request": False, "trusted_ranges": ()})


def test_a_relaxed_app_is_held_to_the_ranges_where_nobody_needs_it_relaxed() -> None:
    quiet = network(seen(SYNC, OFFICE), profiles=RANGED, apps=(ROAMING,), settings=AT_SIGN_IN)
    plan, _ = planned(quiet)
    key = "connected-app:Sync_App/addresses"
    assert {key, EVERY_REQUEST} <= changed(plan).keys()
    last = next(c for c in plan.changes if c.resource.key == EVERY_REQUEST)
    assert {plan.change(n).resource.key for n in last.needs} >= {key}
    roaming = network(
        seen(SYNC, OFFICE), seen(SYNC, HOME), profiles=RANGED, apps=(ROAMING,), settings=AT_SIGN_IN
    )
    plan, _ = planned(roaming)
    assert not {key, EVERY_REQUEST} & changed(plan).keys()
    assert told(plan, "Sync App goes on passing the ranges by", HOME)
    assert told(plan, "ranges go on being checked at sign-in only", HOME)


def test_an_app_that_ours_sign_in_with_or_that_is_not_the_orgs_own_is_left_alone() -> None:
    ours = app("Ours", ip_relaxation="BYPASS", full_name="Ours")
    packaged = app("Kit", ip_relaxation="BYPASS", full_name="ns__Kit")
    plan, _ = planned(network(seen(SYNC, OFFICE), apps=(ours, packaged)))
    assert not [key for key in changed(plan) if "addresses" in key]
    assert told(plan, "Ours goes on passing", SCANNER) and told(
        plan, "Kit passes the ranges by", "look in Setup"
    )


def test_calls_from_elsewhere_keep_ranges_from_being_checked_with_every_request() -> None:
    call = Calls(user_id=f"005-{SYNC}", address=HOME, count=7, last=NOW.date())
    org = network(seen(SYNC, OFFICE), calls=(call,), log_days=30, profiles=RANGED, settings=AT_SIGN_IN)
    plan, _ = planned(org)
    assert EVERY_REQUEST not in changed(plan)
    assert told(plan, "sign-in only", f"{SYNC} called the API from {HOME} 7 times")
    unlooked = org.model_copy(update={"calls": (), "looked_at": frozenset()})
    assert EVERY_REQUEST not in changed(planned(unlooked)[0]), "what was not read is not known"
    assert EVERY_REQUEST in changed(planned(org.model_copy(update={"calls": ()}))[0])


def trusting(*pairs: tuple[str, str], **changes: Any) -> Any:
    listed = tuple(AddressRange(first=first, last=last, description="Trusted") for first, last in pairs)
    return SETTINGS.model_copy(update={"trusted_ranges": listed, "block_password_flow": True, **changes})


EVERYWHERE = ("0.0.0.0", "255.255.255.255")  # a range of callers; nothing binds to it


def test_trusted_ranges_are_narrowed_apart_and_good_ones_kept() -> None:
    settings = trusting(EVERYWHERE, ("203.0.113.0", "203.0.113.7"))
    plan, _ = planned(network(seen(SYNC, OFFICE), settings=settings))
    assert changed(plan)[TRUSTED] == [IN_VPN, "203.0.113.0-203.0.113.7 Trusted", IN_OFFICE]
    assert TRUSTED not in changed(planned(network(settings=trusting(("203.0.113.0", "203.0.113.7"))))[0])


def test_trusted_ranges_stay_where_a_password_may_depend_on_them() -> None:
    soap = seen(CLERK, HOME, "N/A", kind="Other Apex API")
    plan, _ = planned(network(soap, settings=trusting(EVERYWHERE)))
    assert TRUSTED not in changed(plan) and told(plan, "trusted ranges stay", CLERK)
    flow = planned(network(settings=trusting(EVERYWHERE, block_password_flow=False)))[0]
    assert TRUSTED not in changed(flow) and told(flow, "the OAuth password flow is open")


def test_an_app_whose_own_ranges_are_wide_is_named() -> None:
    trusts: App = app("Portal", ip_ranges=(EVERYWHERE,))
    assert told(planned(network(apps=(trusts,)))[0], "Portal trusts 0.0.0.0-255.255.255.255", "block nobody")


def test_changes_say_whose_access_they_change() -> None:
    roaming = app("Sync_App", ip_relaxation="BYPASS", full_name="Sync_App")
    org = network(
        seen(SYNC, OFFICE),
        at_browser(ADMIN, VPN),
        profiles=(ranges("clerks", ("203.0.113.0", "203.0.113.255")),),
        apps=(roaming,),
        settings=AT_SIGN_IN,
    )
    plan, _ = planned(org)
    assert {c.resource.key: c.users for c in plan.changes} == {
        "profile:admins": (ADMIN,),
        "profile:machines": (SYNC,),
        "connected-app:Sync_App/addresses": (SYNC,),
        EVERY_REQUEST: (ADMIN, CLERK, SCANNER, SYNC),
    }


def test_a_routes_user_is_watched_by_the_ranges_of_its_profile() -> None:
    plan, _ = planned(network(seen(SYNC, OFFICE), at_browser(ADMIN, VPN)))
    number = next(c.number for c in plan.changes if c.resource.key == "profile:machines")
    assert touched(plan, "emea", ESTATE.routes) == {SYNC: (number,)}
    assert [(w.resource.key, w.state) for w in plan.watched] == [(SYNC, {"profile": "machines"})]
    assert f"emea: the user {SYNC} has the profile machines" in described(plan)


def test_without_networks_nothing_is_planned() -> None:
    bare = POLICY.model_copy(update={"network": NetworkPolicy()})
    plan, _ = planned(network(seen(SYNC, OFFICE)), bare)
    assert not plan.changes and told(plan, "policy.yaml names no network")


BEFORE, SINCE = NOW - timedelta(days=1), NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("login", "changed", "lost"),
    [
        (seen(SYNC, HOME), None, True),
        (seen(SYNC, HOME), BEFORE, True),
        (seen(SYNC, HOME), SINCE, False),
        (seen(SYNC, HOME, "Vendor Suite"), SINCE, True),
        (at_browser(SYNC, HOME), SINCE, False),
        (at_browser(SYNC, HOME), BEFORE, True),
        (seen(SYNC, OFFICE), None, False),
    ],
    ids=["nobody knows", "since", "before", "app unknown", "browser before", "browser since", "inside"],
)
def test_who_got_in_is_lost_unless_the_profile_was_changed_since(
    login: Login, changed: datetime | None, lost: bool
) -> None:
    """A success is its own proof; only what is known to be refused by now is no loss."""
    held = ranges("machines", ("203.0.113.0", "203.0.113.255"), changed=changed)
    org = network(login, profiles=(held,), apps=(app("Sync_App"),))
    closed = World(ranges=world_of(org).ranges, every_request=True, relaxed=frozenset())
    assert bool(refused(org, world_of(org), closed)) is lost


def test_calls_that_were_answered_are_lost_unless_every_request_was_checked_and_the_profile_changed_since() -> (
    None
):
    call = Calls(user_id=f"005-{SYNC}", address=HOME, count=7, last=NOW.date())
    for changed, every_request, lost in [
        (None, True, True),
        (SINCE, True, False),
        (SINCE, False, True),
        (NOW, True, True),
    ]:
        held = ranges("machines", ("203.0.113.0", "203.0.113.255"), changed=changed)
        org = network(calls=(call,), log_days=30, profiles=(held,))
        now = World(ranges=world_of(org).ranges, every_request=every_request, relaxed=frozenset())
        closed = World(ranges=now.ranges, every_request=True, relaxed=frozenset())
        assert bool(refused(org, now, closed)) is lost, (changed, every_request)


@pytest.mark.parametrize(
    ("login", "words"),
    [
        (seen(SYNC, HOME, "Vendor Suite", count=900), (SYNC, "Vendor Suite", HOME, "900 times")),
        (seen(SCANNER, HOME, "Ours", count=5000), (SCANNER, HOME, "that is our scanner")),
    ],
)
def test_every_request_is_not_checked_where_somebody_comes_past_the_ranges(
    login: Login, words: tuple[str, ...]
) -> None:
    """How an app that is only installed here relaxes the ranges, no API shows; that somebody came past them shows it."""
    plan, _ = planned(network(seen(SYNC, OFFICE), login, profiles=RANGED, settings=AT_SIGN_IN))
    assert EVERY_REQUEST not in changed(plan)
    assert told(plan, "ranges go on being checked at sign-in only", *words)


def test_what_an_unknown_app_let_in_is_no_reason_to_leave_another_app_relaxed() -> None:
    org = network(
        seen(SYNC, OFFICE),
        seen(SYNC, HOME, "Vendor Suite"),
        profiles=RANGED,
        apps=(ROAMING,),
        settings=AT_SIGN_IN,
    )
    assert "connected-app:Sync_App/addresses" in changed(planned(org)[0])


def test_nothing_is_told_of_logs_where_every_request_is_checked_already() -> None:
    assert not told(planned(network(seen(SYNC, OFFICE), log_days=1))[0], "addresses of calls are known")


def test_every_request_says_that_some_will_end_where_policy_explains_it() -> None:
    org = network(seen(SYNC, OFFICE), seen(SYNC, HOME), profiles=RANGED, settings=AT_SIGN_IN)
    effect = next(c.effect for c in planned(org, explaining())[0].changes if c.resource.key == EVERY_REQUEST)
    assert "came from inside" not in effect and "as policy explains" in effect


def test_without_a_log_of_calls_somebody_has_to_stand_for_every_request() -> None:
    org = network(seen(SYNC, OFFICE), profiles=RANGED, settings=AT_SIGN_IN, log_days=0)
    plan, _ = planned(org)
    assert EVERY_REQUEST not in changed(plan)
    assert told(plan, "sign-in only", "no log of calls", "policy.network.unlogged")

    def accepting(**changes: Any) -> Policy:
        values = {
            "org": "emea",
            "reason": "no licence for event files",
            "owner": "bob",
            "expires": NOW.date(),
        }
        network_policy = NetworkPolicy.model_validate({"unlogged": [values | changes]})
        update = {"unlogged": network_policy.unlogged}
        return POLICY.model_copy(update={"network": POLICY.network.model_copy(update=update)})

    plan, _ = planned(org, accepting())
    [made] = [c for c in plan.changes if c.resource.key == EVERY_REQUEST]
    assert "all that was seen" not in made.effect
    assert told(plan, "no log of calls", "bob stands for it", "no licence for event files")
    yesterday = NOW.date() - timedelta(days=1)
    for other in (accepting(org="hq"), accepting(expires=yesterday)):
        assert EVERY_REQUEST not in changed(planned(org, other)[0])


def test_an_open_browser_session_from_elsewhere_keeps_every_request_from_being_checked() -> None:
    opened = Calls(user_id=f"005-{SYNC}", address=HOME, count=7, last=NOW.date(), pages=True)
    org = network(seen(SYNC, OFFICE), profiles=RANGED, settings=AT_SIGN_IN, page_days=90)
    assert EVERY_REQUEST in changed(planned(org)[0])
    plan, _ = planned(org.model_copy(update={"calls": (opened,)}))
    assert EVERY_REQUEST not in changed(plan)
    assert told(plan, "sign-in only", f"{SYNC} opened pages in a session from {HOME} 7 times")


@pytest.mark.parametrize(
    ("page_days", "words"),
    [(0, "gives no log of pages"), (1, "addresses of pages are known of 1 of 90 days"), (90, "")],
)
def test_pages_that_no_log_shows_are_named_among_what_could_break(page_days: int, words: str) -> None:
    org = network(seen(SYNC, OFFICE), profiles=RANGED, settings=AT_SIGN_IN, page_days=page_days)
    plan, _ = planned(org)
    assert EVERY_REQUEST in changed(plan)
    assert told(plan, "browser sessions", "refused at their next request", words) is bool(words)


@pytest.mark.parametrize(("log_days", "named"), [(1, True), (89, True), (90, False)])
def test_days_without_a_log_are_named_among_what_could_break(log_days: int, named: bool) -> None:
    org = network(seen(SYNC, OFFICE), profiles=RANGED, settings=AT_SIGN_IN, log_days=log_days)
    plan, _ = planned(org)
    assert EVERY_REQUEST in changed(plan)
    assert told(plan, "addresses of calls are known", "of 90 days") is named
    assert told(plan, "browser sessions", "refused at their next request")
    assert not told(planned(network(settings=SETTINGS, log_days=0))[0], "browser sessions")


HARDER = (
    (ResourceKind.ORG_SETTING, EVERY_REQUEST, {"on": False}, {"on": True}),
    (
        ResourceKind.APP_POLICY,
        f"connected-app:Vendor/{AppPolicy.ADDRESSES.value}",
        {"value": "BYPASS"},
        {"value": "ENFORCE"},
    ),
)


@pytest.mark.parametrize(("kind", "key", "before", "after"), HARDER, ids=["every request", "app"])
def test_ranges_that_would_count_from_now_on_must_let_ours_in(
    kind: ResourceKind, key: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    made, _ = planned(network())
    change = Change(
        number=1,
        resource=Resource(org="emea", kind=kind, key=key),
        before=before,
        after=after,
        kind=ChangeClass.IDENTITY,
        control="ZT-14",
        why="because",
        effect="less",
    )
    plan = made.model_copy(update={"changes": (change,), "watched": ()})
    org = network()
    known = {each.profile_name: each.login_ranges for each in org.profiles}

    def refusal(addresses: set[str], ranges: dict[str, Any]) -> str:
        ours = {"emea": {SCANNER: addresses}}
        return "; ".join(saws_off(plan, [org.rights], ESTATE, POLICY, NOW, ours, {"emea": ranges}))

    assert refusal({OFFICE}, known) == ""
    assert f"our scanner ({SCANNER}) comes from {HOME}" in refusal({OFFICE, HOME}, known)
    assert refusal({HOME}, known | {"ours": ()}) == "", "who has no ranges comes from anywhere"
    unread = {name: held for name, held in known.items() if name != "ours"}
    assert f"nobody knows the ranges of our scanner ({SCANNER})" in refusal({OFFICE}, unread)


def test_where_we_came_from_before_the_ranges_changed_is_not_where_we_come_from() -> None:
    held = ranges("ours", ("203.0.113.0", "203.0.113.255"), changed=SINCE)
    org = network(seen(SCANNER, HOME, "Ours"), profiles=(held,), apps=(app("Ours"),))
    assert own_addresses(org, ESTATE, POLICY) == {SCANNER: {OFFICE}}
    unknown = org.model_copy(update={"apps": ()})
    assert own_addresses(unknown, ESTATE, POLICY) == {SCANNER: {OFFICE, HOME}}
