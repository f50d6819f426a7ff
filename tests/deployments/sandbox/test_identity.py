"""Logins over the wire: every flow, every gate, and what the login history says of it."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from deployments.sandbox.pki import signing_pair
from tests.deployments.sandbox.envelopes import update
from tests.deployments.sandbox.logins import HQ, bearer_login, history, post, refusal
from tests.running import JWT_BEARER, RunningEstate


def test_a_signed_assertion_opens_a_session_that_answers_queries(miniature: RunningEstate) -> None:
    answer = bearer_login(miniature, "admin@hq.example").json()

    assert answer["instance_url"] == HQ
    assert answer["token_type"] == "Bearer"
    assert "expires_in" not in answer
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    with miniature.session() as session:
        found = session.get(
            f"{HQ}/services/data/v62.0/query?q=SELECT COUNT() FROM User", headers=headers, timeout=30
        )
    assert found.json() == {"totalSize": 7, "done": True, "records": []}
    assert history(miniature, "admin@hq.example")[-1] == "Success"


@pytest.mark.parametrize("host", ["https://login.salesforce.com", HQ])
@pytest.mark.parametrize("audience", ["https://login.salesforce.com", HQ])
def test_the_login_host_and_my_domain_are_doors_and_audiences(
    miniature: RunningEstate, host: str, audience: str
) -> None:
    answer = bearer_login(miniature, "admin@hq.example", host=host, aud=audience)

    assert answer.status_code == 200, answer.text
    assert answer.json()["instance_url"] == HQ


def test_an_expiry_written_as_text_is_taken(miniature: RunningEstate) -> None:
    assert bearer_login(miniature, "admin@hq.example", exp=str(int(time.time()) + 100)).status_code == 200


@pytest.mark.parametrize(
    ("claims", "error", "description"),
    [
        ({"aud": "https://elsewhere.example"}, "invalid_grant", "Audience validation failed"),
        ({"exp": 1_000_000_000}, "invalid_grant", "token validity expired"),
        ({"exp": 4_000_000_000}, "invalid_grant", "token validity expired"),
        ({"exp": "soon"}, "invalid_grant", "invalid assertion"),
        ({"iss": "3MVG9.nobody"}, "invalid_client_id", "client identifier invalid"),
        ({"sub": "nobody@hq.example"}, "invalid_grant", "user hasn't approved this consumer"),
    ],
)
def test_a_wrong_claim_is_refused(
    miniature: RunningEstate, claims: dict[str, Any], error: str, description: str
) -> None:
    assert refusal(bearer_login(miniature, "admin@hq.example", **claims)) == (400, error, description)


def test_an_assertion_signed_with_another_key_is_refused(miniature: RunningEstate) -> None:
    other = signing_pair("other", now=datetime.now(UTC)).private_key
    form = {
        "grant_type": JWT_BEARER,
        "assertion": miniature.assertion(other, "3MVG9.jwt.hq", "admin@hq.example"),
    }

    assert refusal(post(miniature, "/services/oauth2/token", form)) == (
        400,
        "invalid_grant",
        "invalid assertion",
    )


@pytest.mark.parametrize(
    ("username", "error", "description", "status"),
    [
        ("gone@hq.example", "invalid_grant", "inactive user", "User is inactive"),
        ("frozen@hq.example", "invalid_grant", "user is frozen", "User is frozen"),
        ("visitor@hq.example", "invalid_grant", "api is not enabled for this user", "API is not enabled"),
        (
            "clerk@hq.example",
            "invalid_app_access",
            "user is not admin approved to access this app",
            "Failed: Not approved for access",
        ),
    ],
)
def test_a_closed_gate_refuses_and_leaves_its_status(
    miniature: RunningEstate, username: str, error: str, description: str, status: str
) -> None:
    before = len(history(miniature, username))

    assert refusal(bearer_login(miniature, username)) == (400, error, description)
    assert history(miniature, username)[before:] == [status]


def test_an_app_open_to_all_needs_the_users_own_consent(miniature: RunningEstate) -> None:
    assert bearer_login(miniature, "clerk@hq.example", app="3MVG9.open.hq").status_code == 200
    assert refusal(bearer_login(miniature, "unapproved@hq.example", app="3MVG9.open.hq")) == (
        *(400, "invalid_grant", "user hasn't approved this consumer"),
    )


def test_client_credentials_run_as_the_configured_user_on_my_domain_only(miniature: RunningEstate) -> None:
    form = {"grant_type": "client_credentials"}
    right, wrong = ("3MVG9.machine.hq", "app-secret"), ("3MVG9.machine.hq", "guess")

    answer = post(miniature, "/services/oauth2/token", form, auth=right).json()
    assert answer["signature"] and answer["issued_at"].isdigit()
    assert refusal(post(miniature, "/services/oauth2/token", form, auth=wrong)) == (
        *(400, "invalid_client", "invalid client credentials"),
    )
    elsewhere = post(miniature, "/services/oauth2/token", form, "https://login.salesforce.com", auth=right)
    assert refusal(elsewhere) == (400, "invalid_grant", "request not supported on this domain")


def test_a_refresh_token_gives_sessions_until_it_is_revoked(miniature: RunningEstate) -> None:
    form = {"grant_type": "refresh_token", "client_id": "3MVG9.open.hq-uat", "client_secret": "app-secret"}
    form["refresh_token"] = "refresh-me"
    uat = "https://meridian-hq--uat.sandbox.my.salesforce.com"

    token = post(miniature, "/services/oauth2/token", form, uat).json()["access_token"]
    revoked = post(miniature, "/services/oauth2/revoke", {"token": "delete-me"}, uat)

    assert revoked.status_code == 200
    assert refusal(post(miniature, "/services/oauth2/token", form, uat))[2] == "expired access/refresh token"
    with miniature.session() as session:
        headers = {"Authorization": f"Bearer {token}"}
        after = session.get(f"{uat}/services/data/v62.0/limits", headers=headers, timeout=30)
    assert (after.status_code, after.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")


def test_the_password_flow_ends_when_the_org_blocks_it(miniature: RunningEstate) -> None:
    form = {
        "grant_type": "password",
        "client_id": "3MVG9.open.hq",
        "client_secret": "app-secret",
        "username": "admin@hq.example",
        "password": "Passw0rdTOKEN",
    }
    assert post(miniature, "/services/oauth2/token", form).status_code == 200
    wrong = post(miniature, "/services/oauth2/token", {**form, "password": "Passw0rd"})
    assert refusal(wrong)[2] == "authentication failure"
    switch = "<blockOAuthUnPwFlow>{}</blockOAuthUnPwFlow>"
    update(miniature, "OauthOidcSettings", "OauthOidc", switch.format("true"))
    try:
        assert refusal(post(miniature, "/services/oauth2/token", form))[2] == "authentication failure"
    finally:
        update(miniature, "OauthOidcSettings", "OauthOidc", switch.format("false"))


def test_a_revoked_access_token_is_dead_and_an_unknown_one_is_refused(miniature: RunningEstate) -> None:
    token = bearer_login(miniature, "admin@hq.example").json()["access_token"]

    assert post(miniature, "/services/oauth2/revoke", {"token": token}).status_code == 200
    assert post(miniature, "/services/oauth2/revoke", {"token": token}).status_code == 400
    with miniature.session() as session:
        headers = {"Authorization": f"Bearer {token}"}
        after = session.get(f"{HQ}/services/data/v62.0/limits", headers=headers, timeout=30)
    assert after.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_deleting_the_session_row_ends_the_session(miniature: RunningEstate) -> None:
    token = bearer_login(miniature, "admin@hq.example").json()["access_token"]
    rows = miniature.get(
        "hq", "admin@hq.example", "v62.0/query?q=SELECT Id FROM AuthSession ORDER BY Id"
    ).json()
    newest = [row["Id"] for row in rows["records"]][-2]

    # The newest row but one: the query itself ran in a session of its own.
    gone = miniature.call("DELETE", "hq", "admin@hq.example", f"v62.0/sobjects/AuthSession/{newest}")
    assert gone.status_code == 204, gone.text
    with miniature.session() as session:
        headers = {"Authorization": f"Bearer {token}"}
        assert session.get(f"{HQ}/services/data/v62.0/limits", headers=headers, timeout=30).status_code == 401


def test_introspection_tells_the_apps_own_tokens_alone(miniature: RunningEstate) -> None:
    form = {"grant_type": "client_credentials"}
    client = ("3MVG9.machine.hq", "app-secret")
    token = post(miniature, "/services/oauth2/token", form, auth=client).json()["access_token"]
    asking = {"token": token, "client_id": "3MVG9.machine.hq", "client_secret": "app-secret"}

    assert post(miniature, "/services/oauth2/introspect", asking).json()["username"] == "admin@hq.example"
    other = {**asking, "client_id": "3MVG9.open.hq"}
    assert post(miniature, "/services/oauth2/introspect", other).json() == {"active": False}


def test_userinfo_and_the_identity_address_name_the_user(miniature: RunningEstate) -> None:
    answer = bearer_login(miniature, "admin@hq.example").json()
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    with miniature.session() as session:
        info = session.get(f"{HQ}/services/oauth2/userinfo", headers=headers, timeout=30).json()
        identity = session.get(answer["id"], headers=headers, timeout=30).json()
        nobody = session.get(answer["id"], timeout=30)

    assert info["preferred_username"] == "admin@hq.example"
    assert identity["username"] == "admin@hq.example"
    assert identity["urls"]["rest"] == f"{HQ}/services/data/v{{version}}/"
    assert (nobody.status_code, nobody.text) == (403, "Bad_OAuth_Token")


def test_an_unknown_grant_is_refused(miniature: RunningEstate) -> None:
    answer = post(miniature, "/services/oauth2/token", {"grant_type": "magic"})

    assert refusal(answer) == (400, "unsupported_grant_type", "grant type not supported")
