"""A door is shut only where nobody goes through it, unless somebody says otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tasks.oauth.codes import CODES_SET
from tasks.oauth.model import DOORS, Doors, Flow, FlowUse, PasswordUse
from tasks.oauth.plan import oauth_plan
from tasks.plans.model import ChangeClass, Plan
from tests.tasks.audit.evidence_factory import assigned, permission_set, profile_set
from tests.tasks.oauth.orgs import SYNC, org_apps
from tests.tasks.permissions.orgs import ESTATE, GLASS, POLICY

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
USE = FlowUse(username="etl@emea", application="Loader", flow=Flow.PASSWORD, times=7, last=NOW)
OPEN = dict.fromkeys(DOORS, False)


def doors(shut: dict[Flow, bool] = OPEN, *used: FlowUse, soap: tuple[PasswordUse, ...] = ()) -> Doors:
    return Doors(org="emea", days=90, shut=shut, used=used, soap=soap, proof_keys=True)


def plan_for(one: Doors, *, although_used: bool = False, **changes: Any) -> Plan:
    """`changes` are those of the org."""
    return oauth_plan(ESTATE, POLICY, [(one, org_apps(**changes))], "ada", NOW, although_used=although_used)


def keys(plan: Plan) -> list[str]:
    return [change.resource.key for change in plan.changes]


def test_what_nobody_uses_is_shut() -> None:
    plan = plan_for(doors())
    assert keys(plan) == ["OauthOidc.blockOAuthUnPwFlow", "OauthOidc.blockOAuthUsrAgtFlow"]
    assert {(str(c.before), str(c.after), c.kind) for c in plan.changes} == {
        ("{'on': False}", "{'on': True}", ChangeClass.IDENTITY)
    }
    assert plan.risks == () and "nobody was seen" in plan.changes[0].effect


def test_what_is_shut_already_is_kept() -> None:
    plan = plan_for(doors(dict.fromkeys(DOORS, True)))
    assert plan.changes == () and sum("is shut already" in line for line in plan.keeps) == 2


def test_what_somebody_uses_stays_open_and_is_named() -> None:
    plan = plan_for(doors(OPEN, USE))
    assert keys(plan) == ["OauthOidc.blockOAuthUsrAgtFlow"]
    [line] = plan.risks
    assert "etl@emea used the OAuth user-name-password flow with the app Loader 7 times" in line
    assert "stays open until that is moved" in line


def test_it_is_shut_all_the_same_where_somebody_says_so_and_who_is_refused_is_named() -> None:
    plan = plan_for(doors(OPEN, USE), although_used=True)
    assert keys(plan)[0] == "OauthOidc.blockOAuthUnPwFlow"
    assert (
        "it will be refused" in plan.risks[0]
        and "whoever went through it (1) is refused" in plan.changes[0].effect
    )


def over_soap(*names: str) -> Doors:
    soap = tuple(PasswordUse(username=name, times=3, last=NOW) for name in names)
    return doors(dict.fromkeys(DOORS, True), soap=soap)


def test_passwords_over_soap_are_named_and_stay_unless_somebody_says_so() -> None:
    plan = plan_for(over_soap("old@emea", SYNC))
    assert plan.changes == ()
    assert "old@emea signs in by SOAP with its password (3 times, last on 2026-05-13)" in plan.risks[0]
    assert all("stays open until it is moved" in line for line in plan.risks)


def test_who_signs_in_by_soap_is_asked_for_a_code_where_somebody_says_so() -> None:
    gone = "old@emea"
    plan = plan_for(over_soap(gone, SYNC), although_used=True)
    assert keys(plan) == [CODES_SET, f"{SYNC}/{CODES_SET}"]
    made, given = plan.changes
    assert made.after is not None and made.after["permissions"] == ["ForceTwoFactor", "TwoFactorApi"]
    assert given.needs == (made.number,) and given.kind is ChangeClass.IDENTITY
    assert any(gone in line and "stays open" in line for line in plan.risks), (
        "who is no user any more cannot hold a set"
    )
    assert any(SYNC in line and "will be refused without the code" in line for line in plan.risks)
    assert any("registered an authenticator" in line for line in plan.afterwards)


def test_a_protected_user_that_signs_in_by_soap_is_named_and_left_alone() -> None:
    plan = plan_for(over_soap(GLASS), although_used=True)
    assert plan.changes == () and any(GLASS in line and "no plan touches" in line for line in plan.risks)


BOTH = ("ForceTwoFactor", "TwoFactorApi")


def holding(*permissions: str, **grant: Any) -> dict[str, Any]:
    """An org where an earlier plan has made the set and given it to the sync user."""
    sets = (profile_set("api"), permission_set(CODES_SET, *permissions))
    return {"permission_sets": sets, "assignments": (assigned(SYNC, CODES_SET, **grant),)}


def test_who_is_asked_for_a_code_already_needs_nothing() -> None:
    plan = plan_for(over_soap(SYNC), although_used=True, **holding(*BOTH))
    assert plan.changes == () and any(SYNC in line and "already" in line for line in plan.keeps)


def test_a_set_that_asks_no_more_is_made_to_ask_again() -> None:
    plan = plan_for(over_soap(SYNC), although_used=True, **holding("RunReports"))
    [change] = plan.changes
    assert (change.before, change.after) == (
        {"label": CODES_SET, "permissions": ["RunReports"]},
        {"label": CODES_SET, "permissions": ["ForceTwoFactor", "RunReports", "TwoFactorApi"]},
    )
    assert change.users == (SYNC,), "who holds it already is concerned"


def test_a_set_that_is_there_is_given_and_one_that_ended_is_given_again() -> None:
    there = {**holding(*BOTH), "assignments": ()}
    [change] = plan_for(over_soap(SYNC), although_used=True, **there).changes
    assert (change.resource.key, change.before) == (f"{SYNC}/{CODES_SET}", None)
    ended = holding(*BOTH, expires=NOW - timedelta(days=1))
    [change] = plan_for(over_soap(SYNC), although_used=True, **ended).changes
    assert (change.before, change.after) == (
        {"expires": "2026-05-12T12:00:00.000+0000"},
        {"expires": None},
    )


def test_nobody_is_said_to_be_refused_where_a_protected_user_keeps_the_set_as_it_is() -> None:
    there = holding("RunReports")
    both = {**there, "assignments": (assigned(GLASS, CODES_SET),)}
    plan = plan_for(over_soap(SYNC), although_used=True, **both)
    assert plan.changes == () and plan.afterwards == ()
    assert any(f"{GLASS}, whom no plan touches, holds it" in line for line in plan.risks)
    [line] = [line for line in plan.risks if SYNC in line]
    assert "stays open until then" in line and "will be refused" not in line
