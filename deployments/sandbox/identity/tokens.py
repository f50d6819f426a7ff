"""The token endpoint: JWT bearer, client credentials, authorization code, refresh and username-password."""

import base64
import hmac
import time
from collections.abc import Callable
from hashlib import sha256

from deployments.sandbox.identity import (
    discovery,
    gates,
    grants,
    oauth,
    password_policy,
    policy,
    second_factor,
    staging,
    web_server,
)
from deployments.sandbox.identity.assertion import InvalidAssertion, unverified_claims, verify
from deployments.sandbox.identity.passwords import password_right
from deployments.sandbox.identity.sessions import fingerprint
from deployments.sandbox.orgs import LOGIN_HOST, TEST_HOST, Org, Orgs
from deployments.sandbox.store import AppRecord
from deployments.sandbox.wire import Reply, Request, json_reply

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
REMOTE_ACCESS = "Remote Access 2.0"


class Refused(Exception):
    """An object-shaped error of the token endpoint."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.reply = json_reply(status, {"error": error, "error_description": description})


def token(request: Request, orgs: Orgs) -> Reply:
    """POST /services/oauth2/token."""
    if request.method != "POST":
        return json_reply(400, {"error": "invalid_request", "error_description": "must use HTTP POST"})
    form = request.form
    flows: dict[str, Callable[[Request, Orgs, dict[str, str]], Reply]] = {
        JWT_BEARER: _jwt_bearer,
        "client_credentials": _client_credentials,
        "refresh_token": _refresh,
        "password": _password,
        "authorization_code": _authorization_code,
        "hybrid_auth_code": _authorization_code,
        "hybrid_refresh": _refresh,
        DEVICE: _device,
        "device": _device,
    }
    grant = form.get("grant_type", "")
    if form.get("response_type") == "device_code":
        grant = "device"
    request.notes["operation"] = f"token:{grant.rsplit(':', 1)[-1]}"
    if grant not in flows:
        return json_reply(
            400, {"error": "unsupported_grant_type", "error_description": "grant type not supported"}
        )
    try:
        return flows[grant](request, orgs, form)
    except Refused as refused:
        return refused.reply
    except InvalidAssertion as error:
        return json_reply(400, {"error": error.error, "error_description": error.description})


def _jwt_bearer(request: Request, orgs: Orgs, form: dict[str, str]) -> Reply:
    assertion = form.get("assertion", "")
    claims = unverified_claims(assertion)
    org = _org(request, orgs, str(claims.get("sub", "")))
    app = _app(org, str(claims.get("iss", "")), "jwt")
    audiences = frozenset({org.instance_url, f"https://{LOGIN_HOST}", f"https://{TEST_HOST}"})
    username = verify(assertion, app, audiences)
    return _enter(request, org, app, _user(org, username), _plain_answer)


def _client_credentials(request: Request, orgs: Orgs, form: dict[str, str]) -> Reply:
    org = orgs.at(request.host)
    if org is None:
        raise Refused("invalid_grant", "request not supported on this domain")
    request.notes["org"] = org.alias
    key, secret = oauth.client(request)
    app = _app(org, key, "client_credentials")
    _check_secret(app, secret)
    if not app.run_as:
        raise Refused("invalid_grant", "no client credentials user enabled")
    return _enter(request, org, app, _user(org, app.run_as), _signed_answer)


def _authorization_code(request: Request, orgs: Orgs, form: dict[str, str]) -> Reply:
    key, secret = oauth.client(request)
    org = orgs.at(request.host) or next((each for each in orgs if staging.app_by_key(each.store, key)), None)
    if org is None:
        raise Refused("invalid_client_id", "client identifier invalid")
    request.notes["org"] = org.alias
    app = _app(org, key, web_server.FLOW)
    if secret or not app.require_pkce:
        _check_secret(app, secret)
    try:
        redeemed = web_server.redeem(org, app, form)
    except web_server.BadCode as error:
        org.store.commit()
        raise Refused(error.error, error.description) from None
    user = org.store.get("User", redeemed.user_id)

    def answer(org: Org, app: AppRecord, user_id: str, access_token: str) -> Reply:
        more: dict[str, str] = {}
        if "refresh_token" in policy.wire_scopes(app.scopes) and "refresh_token" in app.flows:
            more["refresh_token"] = grants.give(org.store, app, user_id)
        if "openid" in redeemed.scopes:
            more["id_token"] = discovery.id_token(org, app.consumer_key, user_id, redeemed.nonce)
        return _signed_answer(org, app, user_id, access_token, **more)

    return _enter(request, org, app, user, answer, consented=True)


def _device(request: Request, orgs: Orgs, form: dict[str, str]) -> Reply:
    """Since September 2025 the device flow is closed to apps that an org has not installed."""
    key, _ = oauth.client(request)
    org = orgs.at(request.host) or next((each for each in orgs if staging.app_by_key(each.store, key)), None)
    app = staging.app_by_key(org.store, key) if org is not None else None
    if app is None:
        raise Refused("invalid_client_id", "client identifier invalid")
    raise Refused("invalid_grant", "device flow is not enabled for this app")


def _refresh(request: Request, orgs: Orgs, form: dict[str, str]) -> Reply:
    key, secret = oauth.client(request)
    mark = fingerprint(form.get("refresh_token", ""))
    for org in [found] if (found := orgs.at(request.host)) else list(orgs):
        rows = org.store.sql("SELECT UserId, AppName FROM OauthToken WHERE AccessToken = ?", mark)
        if not rows:
            continue
        request.notes["org"] = org.alias
        app = _app(org, key, "refresh_token")
        if rows[0]["AppName"] not in (app.label, app.name):
            break
        if app.consumer_secret_hash:
            _check_secret(app, secret)
        if grants.over(org.store, app, mark):
            break
        grants.note_use(org.store, mark)
        user = org.store.get("User", rows[0]["UserId"])

        def answer(org: Org, app: AppRecord, user_id: str, access_token: str, used: str = mark) -> Reply:
            more = (
                {"refresh_token": grants.rotate(org.store, app, user_id, used)} if app.rotate_refresh else {}
            )
            return _signed_answer(org, app, user_id, access_token, **more)

        return _enter(request, org, app, user, answer)
    for org in [found] if (found := orgs.at(request.host)) else list(orgs):
        # A token that was rotated away and comes back is in two hands: the whole grant ends.
        if grants.reused(org.store, mark):
            org.store.commit()
    raise Refused("invalid_grant", "expired access/refresh token")


def _password(request: Request, orgs: Orgs, form: dict[str, str]) -> Reply:
    username = form.get("username", "")
    org = _org(request, orgs, username)
    key, secret = oauth.client(request)
    app = _app(org, key, "password")
    _check_secret(app, secret)
    user = _user(org, username)
    refusal: gates.Refusal | None = None
    if policy.switched_on(org.store, "OauthOidcSettings", "OauthOidc", "blockOAuthUnPwFlow"):
        refusal = gates.FLOW_BLOCKED
    else:
        permissions = gates.permissions_of(org, user)
        code = second_factor.asked_at_api(permissions)
        if not password_right(org.store, user, form.get("password", ""), request.source_ip, code):
            refusal = gates.WRONG_PASSWORD
        elif password_policy.expired(org.store, user, permissions):
            refusal = gates.EXPIRED_PASSWORD
    return _enter(request, org, app, user, _signed_answer, refusal)


def _org(request: Request, orgs: Orgs, username: str) -> Org:
    org = orgs.at(request.host) or orgs.of_user(request.host, username)
    if org is None:
        raise Refused("invalid_grant", "user hasn't approved this consumer")
    request.notes["org"] = org.alias
    return org


def _app(org: Org, consumer_key: str, flow: str) -> AppRecord:
    app = staging.app_by_key(org.store, consumer_key)
    if app is None:
        raise Refused("invalid_client_id", "client identifier invalid")
    if flow not in app.flows:
        raise Refused("invalid_grant", "request not supported for this app")
    return app


def _user(org: Org, username: str) -> dict[str, object]:
    user = org.user_named(username)
    if user is None:
        raise Refused("invalid_grant", "user hasn't approved this consumer")
    return user


def _check_secret(app: AppRecord, secret: str) -> None:
    if not hmac.compare_digest(fingerprint(secret), app.consumer_secret_hash or ""):
        raise Refused("invalid_client", "invalid client credentials")


def _enter(
    request: Request,
    org: Org,
    app: AppRecord,
    user: dict[str, object] | None,
    answer: Callable[[Org, AppRecord, str, str], Reply],
    refusal: gates.Refusal | None = None,
    *,
    consented: bool = False,
) -> Reply:
    if user is None:
        raise Refused("invalid_grant", "inactive user")
    outcome = gates.admit(gates.Attempt(org, request, user, app, REMOTE_ACCESS, consented=consented), refusal)
    if isinstance(outcome, gates.Refusal):
        raise Refused(outcome.error, outcome.description)
    return answer(org, app, str(user["Id"]), outcome)


def _plain_answer(org: Org, app: AppRecord, user_id: str, access_token: str) -> Reply:
    document = {
        "access_token": access_token,
        "scope": " ".join(policy.wire_scopes(app.scopes)),
        "instance_url": org.instance_url,
        "id": f"https://{org.login_host}/id/{org.store.org_id}/{user_id}",
        "token_type": "Bearer",
    }
    return json_reply(200, document, **{"Cache-Control": "no-store"})


def _signed_answer(org: Org, app: AppRecord, user_id: str, access_token: str, **more: str) -> Reply:
    """The other flows also say when, and sign `id` and `issued_at` with the app's secret."""
    identity = f"https://{org.login_host}/id/{org.store.org_id}/{user_id}"
    issued_at = str(int(time.time() * 1000))
    key = (app.consumer_secret_hash or app.consumer_key).encode()
    signature = base64.b64encode(hmac.digest(key, (identity + issued_at).encode(), sha256)).decode()
    document = {
        "access_token": access_token,
        "signature": signature,
        "scope": " ".join(policy.wire_scopes(app.scopes)),
        "instance_url": org.instance_url,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
        **more,
    }
    return json_reply(200, document, **{"Cache-Control": "no-store"})
