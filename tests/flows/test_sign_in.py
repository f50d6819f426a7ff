"""Second factors and password doors: planned, applied, tried as the people concerned, and taken back."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from deployments.sandbox import launch
from deployments.sandbox.identity.second_factor import shared_key
from flows.plans import apply_plan, approve_plan, rollback_plan
from flows.sign_in import oauth_flows, second_factors, sign_ins
from tasks.errors import ConfigurationError
from tasks.inventory.gateway import read_inventory
from tasks.mfa.plan import held_up
from tasks.network.gateway import read_network
from tasks.oauth.codes import CODES_SET
from tasks.orgs import open_ledger
from tasks.permissions.gateway import read_permissions
from tasks.plans.draft import left_out_of
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan, ResourceKind
from tests.deployments.sandbox.envelopes import ENVELOPE
from tests.deployments.sandbox.logins import WEB_APP, WEB_CALLBACK, WEB_KEY, WEB_SECRET
from tests.product import Product
from tests.running import RunningEstate
from tests.tasks.oauth.portal import Portal
from tests.tasks.salesforce.scanner import scanner_session

ORG = "hq-uat"
ADMINISTRATOR = "client.laboratory@hq-uat.meridian.example"
GLASS = "break.glass.1@hq-uat.meridian.example"
SCANNER = "bulkhead.scanner@hq-uat.meridian.example"
KEEPER = "client.laboratory@hq.meridian.example"
PASSWORD, KEY = "Long-enough-4711", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-sign-in")
    yield
    launch.restore_snapshot(estate.folder, "before-sign-in")
    launch.delete_snapshot(estate.folder, "before-sign-in")


def found(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def applied(digest: str) -> None:
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    apply_plan(digest=digest)


def ask(estate: RunningEstate, method: str, path: str, **options: Any) -> Any:
    answer = estate.call(method, ORG, ADMINISTRATOR, f"v62.0/{path}", **options)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def user_id(estate: RunningEstate, username: str) -> str:
    soql = f"SELECT Id FROM User WHERE Username = '{username}'"
    return str(ask(estate, "GET", f"query?q={soql}")["records"][0]["Id"])


@pytest.fixture(scope="module")
def web(estate: RunningEstate) -> None:
    """An app that people sign in to and let in themselves, in both orgs."""
    for org in (ORG, "hq"):
        Portal(estate, org).open_to_all()
        token = estate.token(org, f"client.laboratory@{org}.meridian.example")
        with estate.session() as session:
            answer = session.post(
                f"{estate.org(org)['instance_url']}/services/Soap/m/62.0",
                data=ENVELOPE.format(token=token, content=WEB_APP).encode(),
                headers={"Content-Type": "text/xml", "SOAPAction": '""'},
                timeout=30,
            )
        assert "<success>true</success>" in answer.text, answer.text


def at_the_browser(estate: RunningEstate, username: str, code: str = "") -> str:
    """Where somebody with the right password ends: `in`, `asked for a code`, or `must register`."""
    ask(estate, "POST", f"sobjects/User/{user_id(estate, username)}/password", json={"NewPassword": PASSWORD})
    form = {
        "client_id": WEB_KEY,
        "redirect_uri": WEB_CALLBACK,
        "response_type": "code",
        "scope": "api",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
        "username": username,
        "password": PASSWORD,
        "allow": "1",
        **({"code": code} if code else {}),
    }
    with estate.session() as session:
        url = f"{estate.org(ORG)['instance_url']}/services/oauth2/authorize"
        answer = session.post(url, data=form, allow_redirects=False, timeout=30)
    if answer.status_code == 302 and "code=" in answer.headers["Location"]:
        return "in"
    if "Connect an Authenticator App" in answer.text:
        return "must register"
    assert "name='code'" in answer.text, answer.text
    return "asked for a code"


def forecast(estate: RunningEstate, plan: Plan) -> list[str]:
    """Names, which the plan itself does not tell of people who administer nothing."""
    with scanner_session(estate, ORG) as session:
        inventory = read_inventory(session)
        rights = read_permissions(session, fields=[])
        network = read_network(session, profiles=[])
    found, now = sign_ins(ORG, [inventory, rights, network])
    return held_up(found, plan, now)


@pytest.mark.slow
def test_second_factors_are_asked_for_as_forecast_and_no_longer_after_the_way_back(
    product: Product, estate: RunningEstate, web: None
) -> None:
    digest = second_factors(requester="ada", orgs=[ORG])
    plan = found(digest)
    assert [c.resource.kind for c in plan.changes] == [ResourceKind.ORG_SETTING]
    waiting = forecast(estate, plan)
    assert any("each registers one at the next sign-in" in line for line in plan.risks)
    soql = "SELECT Username FROM User WHERE IsActive = true AND Profile.Name LIKE 'Standard%' AND LastLoginDate != null"
    staff = [row["Username"] for row in ask(estate, "GET", f"query?q={soql}")["records"]]
    tried = [*[name for name in staff if not name.startswith("sync.")][:12], GLASS]
    assert len(set(tried) & set(waiting)) >= 2 and len(set(tried) - set(waiting)) >= 2
    before = {name: at_the_browser(estate, name) for name in tried}
    assert {where for name, where in before.items() if name in waiting} == {"in"}, "they get in without one"
    key = {"UserId": user_id(estate, GLASS), "Type": "TOTP", "SharedKey": KEY}
    made = estate.call("POST", ORG, SCANNER, "v62.0/sobjects/TwoFactorInfo", json=key)
    assert made.status_code == 201, made.text
    applied(digest)
    held_up = {name for name in tried if at_the_browser(estate, name) == "must register"}
    assert held_up == set(tried) & set(waiting), "the forecast is what happens"
    shown = TOTP(shared_key(KEY) or b"", 6, SHA1(), 30, enforce_key_length=False).generate(int(time.time()))
    assert at_the_browser(estate, GLASS, shown.decode()) == "in", "break glass still gets in, with its key"
    rollback_plan(digest=digest, reason="enough")
    assert {name: at_the_browser(estate, name) for name in tried} == before


def test_every_administrator_and_exemption_that_was_planted_is_named(
    product: Product, estate: RunningEstate
) -> None:
    key = json.loads((estate.folder / "answer-key.json").read_text())
    planted = [
        (f["org"], f["resource"].partition(":")[2]) for f in key["findings"] if f["control"] == "ZT-04"
    ]
    plan = found(second_factors(requester="ada"))
    switched = {c.resource.org for c in plan.changes if c.resource.kind is ResourceKind.ORG_SETTING}
    told = "\n".join((*plan.risks, *(c.effect for c in plan.changes)))
    assert len(planted) >= 3
    for org, name in planted:
        assert name in told or org in switched, name


def password_flow(estate: RunningEstate) -> str:
    """
    What the OAuth user-name-password flow answers somebody with the right password.

    While the door is open the password is taken, and only that the user never approved the app is said.
    """
    known = json.loads((estate.folder / "loot.json").read_text())["phished-admin"]
    form = {
        "grant_type": "password",
        "client_id": WEB_KEY,
        "client_secret": WEB_SECRET,
        "username": known["username"],
        "password": known["password"] + known["security_token"],
    }
    with estate.session() as session:
        url = f"{estate.org('hq')['instance_url']}/services/oauth2/token"
        answer = session.post(url, data=form, timeout=30).json()
    return str(answer.get("error_description"))


@pytest.mark.slow
def test_the_password_door_is_shut_and_opened_again(
    product: Product, estate: RunningEstate, web: None
) -> None:
    whole = found(oauth_flows(requester="ada"))
    (out,) = left_out_of(whole)
    assert {each for each in endless_apps(estate) if not each.startswith(f"{out} ")} <= {
        str(c.resource) for c in whole.changes
    }
    # The enforcers of the other orgs were spoiled on purpose.
    digest = oauth_flows(requester="ada", orgs=["hq", "emea", "compliance"])
    plan = found(digest)
    planned = {str(c.resource) for c in plan.changes}
    assert {
        "hq org-setting OauthOidc.blockOAuthUnPwFlow",
        "hq app-policy connected-app:Web/permitted-users",
    } <= planned
    assert len(set(plan.orgs)) > 1
    assert not plan.final, "what has no way back is planned only where somebody asks for it"
    assert password_flow(estate) == "user hasn't approved this consumer"
    applied(digest)
    assert password_flow(estate) == "authentication failure"
    assert {str(c.resource) for c in found(oauth_flows(requester="ada", orgs=[*plan.orgs])).changes} == set()
    rollback_plan(digest=digest, reason="enough")
    assert password_flow(estate) == "user hasn't approved this consumer"
    assert estate.token("hq", KEEPER), "other flows were never touched"
    again = found(oauth_flows(requester="ada", orgs=["hq", "emea", "compliance"]))
    assert {str(c.resource) for c in again.changes} == planned, "all is as it was"


def over_soap(estate: RunningEstate) -> str:
    """What SOAP login() answers somebody with the right password and security token: `in`, or the code of its fault."""
    known = json.loads((estate.folder / "loot.json").read_text())["stolen-key"]
    body = (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:urn="urn:partner.soap.sforce.com">'
        f"<soapenv:Body><urn:login><urn:username>{known['username']}</urn:username>"
        f"<urn:password>{escape(known['password'] + known['security_token'])}</urn:password></urn:login></soapenv:Body></soapenv:Envelope>"
    )
    with estate.session() as session:
        answer = session.post(
            f"{estate.org('hq')['instance_url']}/services/Soap/u/62.0",
            data=body.encode(),
            headers={"Content-Type": "text/xml", "SOAPAction": "login"},
            timeout=30,
        )
    if "<sessionId>" in answer.text:
        return "in"
    code = re.search(r"<faultcode>(?:\w+:)?(\w+)</faultcode>", answer.text)
    assert code is not None, answer.text
    return code[1]


def test_a_password_alone_no_longer_signs_in_by_soap_until_the_way_back(
    product: Product, estate: RunningEstate, web: None
) -> None:
    known = json.loads((estate.folder / "loot.json").read_text())["stolen-key"]["username"]
    assert over_soap(estate) == "in"
    named = found(oauth_flows(requester="ada", orgs=["hq"]))
    assert any(known in line and "stays open until it is moved" in line for line in named.risks)
    assert not [c for c in named.changes if c.resource.key.endswith(CODES_SET)]
    digest = oauth_flows(requester="ada", orgs=["hq"], although_used=True)
    assert f"{known}/{CODES_SET}" in {c.resource.key for c in found(digest).changes}
    applied(digest)
    assert over_soap(estate) == "INVALID_LOGIN"
    assert estate.token("hq", KEEPER), "JWT bearer asks for no code"
    rollback_plan(digest=digest, reason="enough")
    assert over_soap(estate) == "in"


def endless_apps(estate: RunningEstate) -> set[str]:
    """What the answer key knows of apps whose tokens never end, as the plan calls them."""
    key = json.loads((estate.folder / "answer-key.json").read_text())
    found = {
        f"{f['org']} app-policy connected-app:{f['resource'].partition(':')[2]}/refresh-tokens"
        for f in key["findings"]
        if f["control"] == "ZT-12" and f["resource"].startswith("app:")
    }
    assert found
    return found


def test_unknown_orgs_are_named(product: Product) -> None:
    with pytest.raises(ConfigurationError, match="There is no org mars"):
        oauth_flows(requester="ada", orgs=["mars"])
