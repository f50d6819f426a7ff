"""
The authorization code flow: a login page, a consent page, a code, and the exchange of it.

Rules: RFC 6749 section 4.1, RFC 7636 (PKCE, S256 alone), and the platform's own about callback addresses, which have to
be registered, exactly.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from deployments.sandbox.clock import parse_stamp, stamp
from deployments.sandbox.identity import factors, gates, password_policy, policy, second_factor, staging
from deployments.sandbox.identity.passwords import password_alone
from deployments.sandbox.identity.sessions import fingerprint
from deployments.sandbox.orgs import Org, Orgs
from deployments.sandbox.store import AppRecord
from deployments.sandbox.wire import Reply, Request

CODE_LIFE = timedelta(minutes=15)
FLOW = "web_server"
_HTML = "text/html;charset=UTF-8"
_CARRIED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "nonce",
)


@dataclass(frozen=True)
class Redeemed:
    """What a code stood for."""

    user_id: str
    scopes: tuple[str, ...]
    nonce: str


class BadCode(Exception):
    """The token endpoint's `error` and `error_description`."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error, self.description = error, description


def authorize(request: Request, orgs: Orgs) -> Reply:
    """GET shows the login page, POST of it answers with consent or goes back to the app."""
    asked = {**request.query, **(request.form if request.method == "POST" else {})}
    request.notes.update(api="oauth", operation="authorize")
    org = orgs.at(request.host) or next(
        (each for each in orgs if staging.app_by_key(each.store, asked.get("client_id", "")) is not None),
        None,
    )
    app = staging.app_by_key(org.store, asked.get("client_id", "")) if org is not None else None
    if org is None or app is None:
        return _page(400, "error=invalid_client_id&error_description=client identifier invalid")
    request.notes["org"] = org.alias
    redirect = asked.get("redirect_uri", "")
    if redirect not in app.callback_urls:
        return _page(
            400, "error=redirect_uri_mismatch&error_description=redirect_uri must match configuration"
        )
    problem = _problem(org, app, asked)
    if problem is not None:
        return _back(redirect, asked, error=problem[0], error_description=problem[1])
    if request.method != "POST":
        return _login_page(asked)
    if asked.get("deny"):
        return _back(
            redirect, asked, error="access_denied", error_description="end-user denied authorization"
        )
    return _logged_in(org, app, request, asked, redirect)


def redeem(org: Org, app: AppRecord, form: dict[str, str]) -> Redeemed:
    """The code's user, once. Raises BadCode."""
    mark = fingerprint(form.get("code", ""))
    rows = org.store.sql("SELECT value FROM _setting WHERE name = ?", f"code:{mark}")
    org.store.drop_setting(f"code:{mark}")
    if not rows:
        raise BadCode("invalid_grant", "invalid authorization code")
    kept: dict[str, Any] = orjson.loads(rows[0]["value"])
    if kept["app"] != app.consumer_key:
        raise BadCode("invalid_grant", "invalid authorization code")
    if org.store.clock.now() - parse_stamp(kept["at"]) > CODE_LIFE:
        raise BadCode("invalid_grant", "expired authorization code")
    if form.get("redirect_uri", "") != kept["redirect_uri"]:
        raise BadCode("redirect_uri_mismatch", "redirect_uri must match configuration")
    if kept["challenge"] and not hmac.compare_digest(
        _challenge(form.get("code_verifier", "")), kept["challenge"]
    ):
        raise BadCode("invalid_grant", "invalid code verifier")
    return Redeemed(kept["user"], tuple(kept["scopes"]), kept["nonce"])


def _problem(org: Org, app: AppRecord, asked: dict[str, str]) -> tuple[str, str] | None:
    if asked.get("response_type") != "code":
        return "unsupported_response_type", "response type not supported"
    if FLOW not in app.flows:
        return "unauthorized_client", "this app does not use this flow"
    if asked.get("code_challenge_method", "S256") != "S256":
        return "invalid_request", "code challenge method not supported"
    for_all = policy.switched_on(org.store, "OauthOidcSettings", "OauthOidc", "isPkceRequired")
    if (app.require_pkce or for_all) and not asked.get("code_challenge"):
        return "invalid_request", "missing required code challenge"
    return None


def _logged_in(org: Org, app: AppRecord, request: Request, asked: dict[str, str], redirect: str) -> Reply:
    user = org.user_named(asked.get("username", ""))
    if user is None:
        return _login_page(asked, "Please check your username and password.")
    right = password_alone(org.store, user, asked.get("password", ""))
    refusal, code_shown = None if right else gates.WRONG_PASSWORD, ""
    permissions = gates.permissions_of(org, user)
    if right and "ApiUserOnly" in permissions:
        # API Only users have no browser to sign in with.
        refusal = gates.API_ONLY
    elif right and password_policy.expired(org.store, user, permissions):
        refusal = gates.EXPIRED_PASSWORD
    elif right and second_factor.asked_at_browser(org.store, permissions):
        if not factors.registered(org.store, str(user["Id"])):
            return _registration_page()
        code_shown = asked.get("code", "").strip()
        if not code_shown:
            return _code_page(asked)
        if not factors.fresh(org.store, str(user["Id"]), code_shown):
            refusal = gates.NO_SECOND_FACTOR
    consented = asked.get("allow") == "1"
    attempt = gates.Attempt(
        org, request, user, app, "Remote Access 2.0", interactive=True, consented=consented
    )
    if refusal is None and not consented and gates.needs_consent(attempt):
        return _consent_page(app, asked)
    outcome = gates.admit(attempt, refusal)
    if code_shown:
        taken = refusal is not gates.NO_SECOND_FACTOR
        factors.shown(org.store, str(user["Id"]), code_shown, request.source_ip, taken=taken)
    if isinstance(outcome, gates.Refusal):
        if outcome is gates.NOT_APPROVED:
            return _back(
                redirect, asked, error="OAUTH_APP_ACCESS_DENIED", error_description=outcome.description
            )
        return _login_page(
            asked,
            "Please check your username and password. If you still can't log in, contact your administrator.",
        )
    org.sessions.end(outcome)
    code = secrets.token_urlsafe(48)
    wanted = [each for each in asked.get("scope", "").split() if each]
    kept = {
        "app": app.consumer_key,
        "at": stamp(org.store.clock.now()),
        "challenge": asked.get("code_challenge", ""),
        "nonce": asked.get("nonce", ""),
        "redirect_uri": redirect,
        "scopes": wanted or list(policy.wire_scopes(app.scopes)),
        "user": str(user["Id"]),
    }
    org.store.set_setting(f"code:{fingerprint(code)}", orjson.dumps(kept).decode())
    org.store.commit()
    return _back(redirect, asked, code=code)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def _back(redirect: str, asked: dict[str, str], **answer: str) -> Reply:
    state = {"state": asked["state"]} if asked.get("state") else {}
    joint = "&" if urlsplit(redirect).query else "?"
    return Reply(302, b"", _HTML, {"Location": f"{redirect}{joint}{urlencode({**answer, **state})}"})


# Pages -------------------------------------------------------------------------------------------------


def _page(status: int, inside: str, title: str = "Salesforce") -> Reply:
    text = (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title></head>"
        f"<body>{inside}</body></html>"
    )
    return Reply(status, text.encode(), _HTML, {"Cache-Control": "no-store", "X-Frame-Options": "DENY"})


def _hidden(asked: dict[str, str], *names: str) -> str:
    return "".join(
        f"<input type='hidden' name='{name}' value='{escape(asked[name], quote=True)}'>"
        for name in names
        if name in asked
    )


def _login_page(asked: dict[str, str], problem: str = "") -> Reply:
    error = f"<div id='error' role='alert'>{escape(problem)}</div>" if problem else ""
    return _page(
        200,
        f"{error}<form method='post' id='login_form' action='/services/oauth2/authorize'>{_hidden(asked, *_CARRIED)}"
        "<label for='username'>Username</label><input id='username' name='username' autocomplete='username'>"
        "<label for='password'>Password</label><input id='password' name='password' type='password'>"
        "<button id='Login' type='submit'>Log In</button></form>",
        "Login | Salesforce",
    )


def _consent_page(app: AppRecord, asked: dict[str, str]) -> Reply:
    rights = "".join(f"<li>{escape(each)}</li>" for each in policy.wire_scopes(app.scopes))
    carried = _hidden(asked, *_CARRIED, "username", "password", "code")
    return _page(
        200,
        f"<h1>Allow Access?</h1><p>{escape(app.label)} is asking to:</p><ul>{rights}</ul>"
        f"<form method='post' action='/services/oauth2/authorize'>{carried}"
        "<button id='oadeny' name='deny' value='1'>Deny</button>"
        "<button id='oaapprove' name='allow' value='1'>Allow</button></form>",
        "Allow Access? | Salesforce",
    )


def _code_page(asked: dict[str, str]) -> Reply:
    carried = _hidden(asked, *_CARRIED, "username", "password", "allow")
    return _page(
        200,
        "<h1>Verify Your Identity</h1><form method='post' action='/services/oauth2/authorize'>"
        f"{carried}<label for='code'>Verification Code</label>"
        "<input id='code' name='code' autocomplete='one-time-code' inputmode='numeric'>"
        "<button id='save' type='submit'>Verify</button></form>",
        "Verify Your Identity | Salesforce",
    )


def _registration_page() -> Reply:
    """A person without a second factor gets no further here: the administrator registers one."""
    return _page(
        200,
        "<h1>Connect an Authenticator App</h1><p>Your company asks for a second factor, and you have registered none. "
        "Ask your administrator to connect your authenticator app.</p>",
        "Connect an Authenticator App | Salesforce",
    )
