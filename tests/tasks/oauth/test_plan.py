"""A door is shut only where nobody goes through it, unless somebody says otherwise."""

from datetime import UTC, datetime

from tasks.estate.policy import Policy
from tasks.oauth.model import DOORS, Doors, Flow, FlowUse, PasswordUse
from tasks.oauth.plan import oauth_plan
from tasks.plans.model import ChangeClass, Plan
from tests.tasks.oauth.orgs import org_apps
from tests.tasks.permissions.orgs import ESTATE

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
USE = FlowUse(username="etl@emea", application="Loader", flow=Flow.PASSWORD, times=7, last=NOW)
OPEN = dict.fromkeys(DOORS, False)


def doors(shut: dict[Flow, bool] = OPEN, *used: FlowUse, soap: tuple[PasswordUse, ...] = ()) -> Doors:
    return Doors(org="emea", days=90, shut=shut, used=used, soap=soap, proof_keys=True)


def plan_for(one: Doors, *, although_used: bool = False) -> Plan:
    return oauth_plan(ESTATE, Policy(), [(one, org_apps())], "ada", NOW, although_used=although_used)


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


def test_passwords_over_soap_are_named_and_no_plan_shuts_that_door() -> None:
    soap = (PasswordUse(username="old@emea", times=3, last=NOW),)
    plan = plan_for(doors(dict.fromkeys(DOORS, True), soap=soap))
    assert plan.changes == ()
    assert "old@emea signs in by SOAP with its password (3 times, last on 2026-05-13)" in plan.risks[0]
