"""What is tightened about an app, who is let in first, and what stays as it is and why."""

from typing import Any

import pytest

from tasks.estate.policy import Policy
from tasks.inventory.model import App, AppKind
from tasks.network.plan import own_addresses, ranges_by_profile
from tasks.oauth.admit import ONE_BY_ONE, set_of
from tasks.oauth.apps import ALLOW_LIST, PROOF_KEYS
from tasks.oauth.model import DOORS, Doors, Flow, FlowUse, OrgApps, PasswordUse
from tasks.oauth.plan import oauth_plan
from tasks.permissions.lockout import saws_off
from tasks.plans.gate import needed
from tasks.plans.model import ChangeClass, Plan, ResourceKind
from tasks.plans.render import markdown
from tests.tasks.audit.evidence_factory import NOW, SETTINGS, app, assigned, days, group, permission_set, user
from tests.tasks.oauth.orgs import ANN, BEN, ELSEWHERE, PORTAL, SYNC, admits, grant, org_apps, seen
from tests.tasks.permissions.orgs import ESTATE, GLASS, SCANNER

POLICY = Policy.model_validate({"jit": {"break_glass": [GLASS]}})
ANYBODY = PORTAL.model_copy(update={"admin_approved_only": False})
ENDLESS = PORTAL.model_copy(update={"refresh_policy": "infinite"})
RELAXED = PORTAL.model_copy(update={"ip_relaxation": "BYPASS"})
WITHOUT_PROOF = PORTAL.model_copy(update={"pkce_required": False})
UNCONTROLLED = SETTINGS.model_copy(update={"admin_approved_apps_only": False})


def doors(*used: FlowUse, soap: tuple[PasswordUse, ...] = (), proof_keys: bool = True) -> Doors:
    shut = dict.fromkeys(DOORS, True)
    return Doors(org="emea", days=90, shut=shut, used=used, soap=soap, proof_keys=proof_keys)


def plan_for(org: OrgApps, seen_at: Doors | None = None, **options: Any) -> Plan:
    plan = oauth_plan(ESTATE, POLICY, [(seen_at or doors(), org)], "ada", NOW, **options)
    ours, ranges = {org.org: own_addresses(org, ESTATE, POLICY)}, {org.org: ranges_by_profile(org)}
    assert saws_off(plan, [org.rights], ESTATE, POLICY, NOW, ours, ranges) == (), (
        "no plan of ours is refused for a lock-out"
    )
    return plan


def keys(plan: Plan) -> list[str]:
    return [change.resource.key for change in plan.changes]


def told(plan: Plan, words: str) -> bool:
    return any(words in line for line in plan.risks)


def test_an_app_in_good_order_needs_nothing() -> None:
    plan = plan_for(org_apps(PORTAL, grants=(grant(ANN),), app_access=(admits("of-clerk"),)))
    assert plan.changes == () and plan.risks == ()


def test_who_uses_an_app_is_let_in_before_the_door_is_shut() -> None:
    plan = plan_for(org_apps(ANYBODY, grants=(grant(ANN), grant(BEN, 120)), logins=(seen(SYNC),)))
    own = set_of(ANYBODY)
    assert keys(plan) == [
        own,
        f"{own}/{ANYBODY.id}",
        f"{ANN}/{own}",
        f"{SYNC}/{own}",
        "connected-app:Portal_App/permitted-users",
    ]
    assert plan.changes[-1].needs == (2, 3, 4), "nobody stands before a shut door for a moment"
    assert plan.changes[1].needs == plan.changes[2].needs == (1,)
    assert f"{SYNC} and 1 user used it" in plan.changes[-1].effect, "machines by name, people by number"
    assert told(plan, "Portal refuses 1 user who did not use it lately") and not told(plan, BEN)


@pytest.mark.parametrize(
    ("container", "assignments", "groups"),
    [
        ("of-clerk", (), ()),
        ("lets-in", (assigned(ANN, "lets-in"),), ()),
        ("lets-in", (assigned(ANN, "both", by_group=True),), (group("both", "lets-in"),)),
    ],
    ids=["profile", "set", "group"],
)
def test_who_is_let_in_already_is_not_let_in_again(
    container: str, assignments: tuple[Any, ...], groups: tuple[Any, ...]
) -> None:
    org = org_apps(
        ANYBODY,
        grants=(grant(ANN),),
        app_access=(admits(container),),
        assignments=assignments,
        groups=groups,
    )
    assert keys(plan_for(org)) == ["connected-app:Portal_App/permitted-users"]


@pytest.mark.parametrize("ended", [{"expires": days(1)}, {"active": False}])
def test_an_assignment_that_is_over_lets_nobody_in(ended: dict[str, Any]) -> None:
    org = org_apps(
        ANYBODY,
        grants=(grant(ANN),),
        app_access=(admits("lets-in"),),
        assignments=(assigned(ANN, "lets-in", **ended),),
    )
    assert f"{ANN}/{set_of(ANYBODY)}" in keys(plan_for(org))


def test_a_set_that_an_earlier_plan_made_is_used_again_and_apps_of_like_names_have_sets_of_their_own() -> (
    None
):
    own = permission_set(set_of(ANYBODY))
    sets = (*org_apps().rights.permission_sets, own)
    org = org_apps(ANYBODY, grants=(grant(ANN),), permission_sets=sets, app_access=(admits(set_of(ANYBODY)),))
    assert keys(plan_for(org)) == [f"{ANN}/{own.name}", "connected-app:Portal_App/permitted-users"]
    like = ANYBODY.model_copy(update={"id": "0xI000000000001", "kind": AppKind.EXTERNAL_CLIENT_APP})
    assert set_of(like) != set_of(ANYBODY) and "__" not in set_of(like)


def test_many_users_are_let_in_by_their_profile_unless_a_protected_user_has_it_too() -> None:
    many = tuple(user(f"u{number}@emea", "clerk") for number in range(ONE_BY_ONE + 1))
    tokens = tuple(grant(each.username) for each in many)
    org = org_apps(ANYBODY, users=many, grants=tokens)
    assert keys(plan_for(org)) == [
        f"profile:clerk/{ANYBODY.id}",
        "connected-app:Portal_App/permitted-users",
    ]
    shared = org_apps(ANYBODY, users=(*many, user(GLASS, "clerk")), grants=tokens)
    assert len(keys(plan_for(shared))) == len(many) + 3, "break glass gets nothing by the way"


def test_an_app_of_ours_or_of_break_glass_stays_as_it_is() -> None:
    for org in (
        org_apps(ANYBODY, grants=(grant(GLASS),)),
        org_apps(ANYBODY, logins=(seen(SCANNER),)),
        org_apps(ANYBODY, app_access=(admits("ours"),)),
        org_apps(ANYBODY.model_copy(update={"client_credentials_user": SCANNER})),
    ):
        plan = plan_for(org)
        assert plan.changes == () and told(plan, "whom no plan touches")


def test_an_app_whose_policies_no_api_shows_is_named() -> None:
    foreign = ANYBODY.model_copy(update={"detail_known": False, "refresh_policy": None, "full_name": None})
    plan = plan_for(org_apps(foreign, grants=(grant(ANN),)))
    assert plan.changes == () and told(plan, "1 user used it in 90 days: set them in Setup")


def test_an_app_of_a_package_is_named_too_though_its_metadata_can_be_read() -> None:
    packaged = ENDLESS.model_copy(update={"full_name": "vendor__Portal"})
    plan = plan_for(org_apps(packaged, grants=(grant(ANN),)))
    assert plan.changes == () and told(plan, "not this org's own")


def test_guests_would_be_shut_out_so_the_app_stays_open() -> None:
    plan = plan_for(
        org_apps(ANYBODY, users=(user(ANN, "clerk", user_type="CspLitePortal"),), grants=(grant(ANN),))
    )
    assert plan.changes == () and told(plan, "1 user of a kind that no plan touches")


def test_an_endless_token_ends_when_nobody_uses_it_and_whose_that_is_is_told() -> None:
    plan = plan_for(org_apps(ENDLESS, grants=(grant(ANN, 89), grant(SYNC, 91), grant(BEN, None))))
    [change] = plan.changes
    assert (change.before, change.after) == ({"value": "infinite"}, {"value": "specific_inactivity:90:DAYS"})
    assert told(plan, f"Portal asks {SYNC} and 1 user to let it in anew")
    without_tokens = ENDLESS.model_copy(update={"scopes": ("Api",)})
    assert plan_for(org_apps(without_tokens)).changes == (), "an app that gets no token has none that lasts"


def test_addresses_bind_an_app_where_nobody_came_from_outside() -> None:
    plan = plan_for(org_apps(RELAXED, logins=(seen(ANN),)))
    assert keys(plan) == ["connected-app:Portal_App/addresses"]
    for outside in (seen(ANN, address=ELSEWHERE), seen(ANN, address="Salesforce.com IP"), seen(SYNC)):
        org = org_apps(RELAXED, logins=(outside,))
        plan = plan_for(org)
        assert plan.changes == () and told(plan, "relaxation stays until that is settled")
        plan = plan_for(org, although_used=True)
        assert keys(plan) == ["connected-app:Portal_App/addresses"] and told(plan, "they will be refused")
    failed = seen(ANN, address=ELSEWHERE, success=False)
    old = seen(ANN, address=ELSEWHERE, at=days(91))
    assert keys(plan_for(org_apps(RELAXED, logins=(failed, old)))) == ["connected-app:Portal_App/addresses"]


def test_proof_keys_for_the_whole_org_where_no_app_got_a_token_by_code() -> None:
    open_to_all = doors(proof_keys=False)
    assert keys(plan_for(org_apps(WITHOUT_PROOF), open_to_all)) == [PROOF_KEYS]
    other = app("Other", scopes=("Api",), refresh_policy="zero", full_name="Other")
    org = org_apps(WITHOUT_PROOF, other, grants=(grant(ANN),))
    plan = plan_for(org, open_to_all)
    assert keys(plan) == ["connected-app:Other/pkce"] and told(
        plan, "Portal gets its tokens by authorization code"
    )
    assert "connected-app:Portal_App/pkce" in keys(plan_for(org, open_to_all, although_used=True))
    code = FlowUse(username=ANN, application="Portal", flow=Flow.WEB_SERVER, times=1, last=NOW)
    assert plan_for(org_apps(WITHOUT_PROOF), doors(code, proof_keys=False)).changes == ()
    machine = WITHOUT_PROOF.model_copy(update={"has_jwt_certificate": True})
    assert "pkce" not in str(keys(plan_for(org_apps(machine, other, grants=(grant(ANN),)), open_to_all))[1:])


def test_tokens_that_nobody_uses_are_counted_and_ended_only_where_asked() -> None:
    org = org_apps(PORTAL, grants=(grant(ANN, 91), grant(BEN, 89), grant(GLASS, 300), grant(SYNC, None)))
    plan = plan_for(org)
    assert plan.changes == () and told(plan, "3 refresh tokens of Portal (3) were not used for 90 days")
    plan = plan_for(org, revoke_unused=True)
    assert [c.resource.key.partition("/")[0] for c in plan.changes] == [ANN, SYNC]
    assert keys(plan)[0].endswith("+0000/Portal") and plan.changes[1].before == {"last_used": None}
    assert {c.kind for c in plan.changes} == {ChangeClass.IRREVERSIBLE} and plan.final == plan.changes
    assert told(plan, f"unused refresh token of {GLASS}")
    assert "**2 changes have no way back (number 1, 2)" in markdown(plan, "0" * 64, 2)
    assert needed(plan, POLICY.changes.model_copy(update={"approvals": POLICY.changes.approvals})) == 2


def test_api_access_control_is_turned_on_where_nothing_in_use_would_be_refused() -> None:
    plan = plan_for(org_apps(ANYBODY, grants=(grant(ANN),), settings=UNCONTROLLED))
    assert keys(plan)[-1] == ALLOW_LIST and plan.changes[-1].needs == (4,), "after the app is approved"
    assert keys(plan_for(org_apps(settings=UNCONTROLLED))) == [ALLOW_LIST]


@pytest.mark.parametrize(
    ("org", "seen_at", "why"),
    [
        (
            org_apps(PORTAL, logins=(seen(ANN, "Loader"),), settings=UNCONTROLLED),
            doors(),
            "Loader is not installed",
        ),
        (
            org_apps(PORTAL, grants=(grant(ANN, app_id=None, app_name="Loader"),), settings=UNCONTROLLED),
            doors(),
            "Loader is not installed",
        ),
        (
            org_apps(ANYBODY, grants=(grant(GLASS),), settings=UNCONTROLLED),
            doors(),
            "Portal is for everybody to authorize",
        ),
        (
            org_apps(settings=UNCONTROLLED),
            doors(soap=(PasswordUse(username=SYNC, times=3, last=NOW),)),
            f"{SYNC} signs in by SOAP",
        ),
    ],
    ids=["sign-in", "token", "app that stays open", "soap"],
)
def test_api_access_control_stays_off_and_what_stands_against_it_is_named(
    org: OrgApps, seen_at: Doors, why: str
) -> None:
    plan = plan_for(org, seen_at, although_used=True)
    assert ALLOW_LIST not in keys(plan) and told(plan, f"API Access Control stays off: {why}")


def test_api_access_control_stays_off_while_nobody_can_tell_how_we_sign_in_ourselves() -> None:
    org = org_apps(settings=UNCONTROLLED).model_copy(update={"logins": ()})
    assert told(
        plan_for(org),
        f"API Access Control stays off: nobody can tell which app {SCANNER}, our scanner, signs in",
    )
    apps = (app("Ours", admin_approved_only=False, refresh_policy="zero", pkce_required=True),)
    org = org_apps(settings=UNCONTROLLED).model_copy(update={"apps": apps})
    assert told(plan_for(org), "API Access Control stays off: Ours is for everybody to authorize")


def test_external_client_apps_are_not_asked_by_api_access_control() -> None:
    external = ANYBODY.model_copy(update={"kind": AppKind.EXTERNAL_CLIENT_APP, "detail_known": False})
    assert keys(plan_for(org_apps(external, grants=(grant(ANN),), settings=UNCONTROLLED))) == [ALLOW_LIST]


def test_two_orgs_with_an_app_of_one_name_are_two() -> None:
    def org(alias: str, one: App) -> tuple[Doors, OrgApps]:
        apps = org_apps(one, grants=(grant(ANN, 91),))
        rights = apps.rights.model_copy(update={"org": alias})
        return doors().model_copy(update={"org": alias}), apps.model_copy(update={"rights": rights})

    plan = oauth_plan(ESTATE, POLICY, [org("hq", ENDLESS), org("emea", PORTAL)], "ada", NOW)
    assert [str(c.resource) for c in plan.changes] == [
        "hq app-policy connected-app:Portal_App/refresh-tokens"
    ]
    assert [line for line in plan.risks if "anew" in line and line.startswith("emea")] == []


@pytest.mark.parametrize("loose", [ANYBODY, ENDLESS, RELAXED, WITHOUT_PROOF])
def test_whoever_signed_in_with_an_app_or_let_it_in_counts_when_its_policies_change(loose: App) -> None:
    gone = user("gone@emea", "clerk", active=False)
    org = org_apps(loose, grants=(grant(ANN), grant(BEN, 120), grant("gone@emea")), logins=(seen(SYNC),))
    rights = org.rights.model_copy(update={"users": (*org.rights.users, gone)})
    org = org.model_copy(update={"rights": rights})
    used = FlowUse(flow=Flow.WEB_SERVER, username=ANN, application="Portal", times=1, last=NOW)
    plan = plan_for(org, doors(used, proof_keys=False), although_used=True)
    policies = [c for c in plan.changes if c.resource.kind is ResourceKind.APP_POLICY]
    assert policies and {change.users for change in policies} == {(ANN, BEN, SYNC)}
