"""Logging in through a browser: authorization code with PKCE, consent, refresh tokens that rotate, discovery."""

import base64
import re
import secrets
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests

from deployments.sandbox import launch
from tests.deployments.sandbox.envelopes import soap, texts, update
from tests.deployments.sandbox.logins import HQ, WEB_APP, WEB_CALLBACK, WEB_KEY, WEB_SECRET
from tests.running import RunningEstate

KEY, SECRET, CALLBACK = WEB_KEY, WEB_SECRET, WEB_CALLBACK
PERSON = {"username": "clerk@hq.example", "password": "Passw0rd"}


@pytest.fixture(scope="module", autouse=True)
def app(miniature: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(miniature.folder, "before-web")
    assert texts(soap(miniature, WEB_APP)[1], "success") == ["true"]
    yield
    launch.restore_snapshot(miniature.folder, "before-web")
    launch.delete_snapshot(miniature.folder, "before-web")


@pytest.fixture
def browser(miniature: RunningEstate) -> Iterator[requests.Session]:
    with miniature.session() as session:
        yield session


VERIFIER = secrets.token_urlsafe(48)
CHALLENGE = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKED = {
    "client_id": KEY, "redirect_uri": CALLBACK, "response_type": "code", "state": "s 1", "nonce": "n1",
    "scope": "api refresh_token openid", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
}  # fmt: skip


def authorize(browser: requests.Session, form: dict[str, str], **asked: str) -> requests.Response:
    return browser.post(
        f"{HQ}/services/oauth2/authorize", data={**ASKED, **asked, **form}, allow_redirects=False, timeout=10
    )


def returned(answer: requests.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(CALLBACK)
    return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def exchange(browser: requests.Session, **form: str) -> requests.Response:
    client = {"client_id": KEY, "client_secret": SECRET}
    return browser.post(f"{HQ}/services/oauth2/token", data={**client, **form}, timeout=10)


def code(browser: requests.Session) -> str:
    return returned(authorize(browser, {**PERSON, "allow": "1"}))["code"]


def redeem(browser: requests.Session, **changes: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return exchange(browser, **{**form, "code": code(browser), **changes})


def test_from_the_login_page_to_a_token(browser: requests.Session) -> None:
    page = browser.get(f"{HQ}/services/oauth2/authorize?{urlencode(ASKED)}", timeout=10)
    assert page.status_code == 200 and "id='username'" in page.text
    carried = dict(re.findall(r"name='([^']+)' value='([^']*)'", page.text))
    consent = browser.post(f"{HQ}/services/oauth2/authorize", data={**carried, **PERSON}, timeout=10)
    assert "Allow Access?" in consent.text and "refresh_token" in consent.text
    denied = returned(authorize(browser, {**PERSON, "deny": "1"}))
    assert denied == {
        "error": "access_denied",
        "error_description": "end-user denied authorization",
        "state": "s 1",
    }
    answered = returned(authorize(browser, {**PERSON, "allow": "1"}))
    assert answered["state"] == "s 1"
    token = redeem(browser, code=answered["code"]).json()
    assert token.keys() >= {"access_token", "refresh_token", "id_token", "signature", "instance_url", "id"}
    assert token["scope"] == "api refresh_token openid"
    found = browser.get(
        f"{HQ}/services/data/v62.0/sobjects",
        headers={"Authorization": f"Bearer {token['access_token']}"},
        timeout=10,
    )
    assert found.status_code == 200
    again = redeem(browser, code=answered["code"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "x" * 50}, "invalid_grant"),
        ({"redirect_uri": "https://evil.example"}, "redirect_uri_mismatch"),
        ({"code": "nonsense"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
    ],
)
def test_a_code_is_worth_nothing_without_the_rest(
    browser: requests.Session, changes: dict[str, str], error: str
) -> None:
    refused = redeem(browser, **changes)
    assert (refused.status_code, refused.json()["error"]) == (400, error)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_what_the_app_does_not_allow_goes_back_to_it(
    browser: requests.Session, asked: dict[str, str], error: str
) -> None:
    assert returned(authorize(browser, PERSON, **asked))["error"] == error


def test_an_unknown_address_is_never_gone_back_to(browser: requests.Session) -> None:
    answer = authorize(browser, PERSON, redirect_uri="https://evil.example/")
    assert answer.status_code == 400 and "redirect_uri_mismatch" in answer.text


def test_a_wrong_password_stays_on_the_page(browser: requests.Session) -> None:
    answer = authorize(browser, {**PERSON, "password": "wrong"})
    assert answer.status_code == 200 and "Please check your username and password." in answer.text


def test_a_refresh_token_rotates_and_its_second_use_ends_the_grant(browser: requests.Session) -> None:
    first = redeem(browser).json()["refresh_token"]
    second = exchange(browser, grant_type="refresh_token", refresh_token=first).json()["refresh_token"]
    assert first != second
    assert exchange(browser, grant_type="refresh_token", refresh_token=first).status_code == 400
    ended = exchange(browser, grant_type="refresh_token", refresh_token=second)
    assert (ended.status_code, ended.json()["error"]) == (400, "invalid_grant")


def test_an_id_token_is_signed_with_a_published_key(browser: requests.Session) -> None:
    configuration = browser.get(f"{HQ}/.well-known/openid-configuration", timeout=10).json()
    assert configuration["issuer"] == HQ
    keys: dict[str, Any] = browser.get(configuration["jwks_uri"], timeout=10).json()
    token = redeem(browser).json()["id_token"]
    key = next(each for each in keys["keys"] if each["kid"] == jwt.get_unverified_header(token)["kid"])
    claims = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["RS256"], audience=KEY, issuer=HQ)
    assert (claims["nonce"], "/005" in claims["sub"]) == ("n1", True)


def test_the_device_flow_and_token_exchange_are_closed(browser: requests.Session) -> None:
    device = exchange(browser, response_type="device_code", scope="api")
    assert (device.status_code, device.json()["error"]) == (400, "invalid_grant")
    other = exchange(browser, grant_type="urn:ietf:params:oauth:grant-type:token-exchange")
    assert (other.status_code, other.json()["error"]) == (400, "unsupported_grant_type")


def test_ten_wrong_passwords_lock_the_account_for_a_while(
    browser: requests.Session, miniature: RunningEstate
) -> None:
    policies = "<passwordPolicies><lockoutInterval>FifteenMinutes</lockoutInterval><maxLoginAttempts>TenAttempts</maxLoginAttempts></passwordPolicies>"
    update = f'<updateMetadata><metadata xsi:type="SecuritySettings"><fullName>Security</fullName>{policies}</metadata></updateMetadata>'
    assert texts(soap(miniature, update)[1], "success") == ["true"]
    person = {"username": "unapproved@hq.example", "password": "Remember4ever"}
    user = "v62.0/query?q=SELECT Id FROM User WHERE Username = 'unapproved@hq.example'"
    user_id = miniature.get("hq", "admin@hq.example", user).json()["records"][0]["Id"]
    renewed = miniature.call(
        "POST",
        "hq",
        "admin@hq.example",
        f"v62.0/sobjects/User/{user_id}/password",
        json={"NewPassword": person["password"]},
    )
    assert renewed.status_code == 204
    for _ in range(10):
        authorize(browser, {**person, "password": "wrong"})
    assert authorize(browser, {**person, "allow": "1"}).status_code == 200
    query = f"v62.0/query?q=SELECT Status FROM LoginHistory WHERE UserId = '{user_id}' ORDER BY LoginTime DESC, Id DESC LIMIT 1"
    assert miniature.get("hq", "admin@hq.example", query).json()["records"][0]["Status"] == "Password Lockout"
    launch.ask(miniature.folder, "POST", "/clock", {"advance_seconds": 16 * 60})
    assert "code" in returned(authorize(browser, {**person, "allow": "1"}))


def test_login_hours_bind(browser: requests.Session, miniature: RunningEstate) -> None:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    closed = "".join(f"<{day}End>1</{day}End><{day}Start>0</{day}Start>" for day in sorted(days))
    update = '<updateMetadata><metadata xsi:type="Profile"><fullName>Clerk</fullName>{}</metadata></updateMetadata>'
    assert texts(soap(miniature, update.format(f"<loginHours>{closed}</loginHours>"))[1], "success") == [
        "true"
    ]
    try:
        assert authorize(browser, {**PERSON, "allow": "1"}).status_code == 200
    finally:
        soap(miniature, update.format('<loginHours xsi:nil="true"/>'))
    assert "code" in returned(authorize(browser, {**PERSON, "allow": "1"}))


def test_api_access_control_closes_apps_that_users_may_let_in_themselves(
    browser: requests.Session, miniature: RunningEstate
) -> None:
    token = redeem(browser).json()["refresh_token"]
    component = '<metadata xsi:type="ConnectedAppSettings"><fullName>ConnectedApp</fullName>{}</metadata>'
    inside = component.format("<enableAdminApprovedAppsOnly>{}</enableAdminApprovedAppsOnly>")
    switch = f"<upsertMetadata>{inside}</upsertMetadata>"
    may = "<userPermissions><enabled>{}</enabled><name>UseAnyApiClient</name></userPermissions>"
    assert texts(soap(miniature, switch.format("true"))[1], "success") == ["true"]
    try:
        refused = returned(authorize(browser, {**PERSON, "allow": "1"}))
        assert refused["error"] == "OAUTH_APP_ACCESS_DENIED"
        again = exchange(browser, grant_type="refresh_token", refresh_token=token)
        assert (again.status_code, again.json()["error"]) == (400, "invalid_app_access")
        update(miniature, "Profile", "Clerk", may.format("true"))
        assert "code" in returned(authorize(browser, {**PERSON, "allow": "1"}))
    finally:
        update(miniature, "Profile", "Clerk", may.format("false"))
        soap(miniature, switch.format("false"))
    assert "code" in returned(authorize(browser, {**PERSON, "allow": "1"}))


def test_an_org_may_ask_every_app_for_a_proof_key(
    browser: requests.Session, miniature: RunningEstate
) -> None:
    lenient = (
        "<oauthConfig><callbackUrl>{}</callbackUrl><consumerKey>{}</consumerKey><isPkceRequired>{}</isPkceRequired>"
        "<scopes>Api</scopes><scopes>RefreshToken</scopes><scopes>OpenID</scopes></oauthConfig>"
    )
    switch = "<isPkceRequired>{}</isPkceRequired>"
    without = {"code_challenge": "", "allow": "1"}
    update(miniature, "ConnectedApp", "Web", lenient.format(CALLBACK, KEY, "false"))
    try:
        assert "code" in returned(authorize(browser, {**PERSON, **without}))
        update(miniature, "OauthOidcSettings", "OauthOidc", switch.format("true"))
        assert returned(authorize(browser, {**PERSON, **without}))["error"] == "invalid_request"
    finally:
        update(miniature, "OauthOidcSettings", "OauthOidc", switch.format("false"))
        update(miniature, "ConnectedApp", "Web", lenient.format(CALLBACK, KEY, "true"))
