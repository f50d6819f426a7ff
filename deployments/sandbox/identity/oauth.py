"""What surrounds a token: revoke it, look into it, learn whose it is."""

import base64
import secrets
from binascii import Error as Base64Error
from urllib.parse import quote, unquote

from deployments.sandbox.clock import stamp
from deployments.sandbox.identity import policy, staging
from deployments.sandbox.identity.sessions import fingerprint
from deployments.sandbox.orgs import Org, Orgs
from deployments.sandbox.wire import Reply, Request, json_reply


def bearer(request: Request) -> str:
    """The token of the Authorization header, empty without one; `OAuth` is an old spelling of `Bearer`."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if kind.lower() in ("bearer", "oauth") else ""


def client(request: Request) -> tuple[str, str]:
    """The app's key and secret, from Basic authorization or from the form; empty when there are none."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.form.get("client_id", ""), request.form.get("client_secret", "")
    try:
        key, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError):
        return "", ""
    return unquote(key), unquote(secret)


def revoke(request: Request, orgs: Orgs) -> Reply:
    """Ends the session of an access token, or a refresh token's grant with the sessions that came of it."""
    token = (request.form if request.method == "POST" else request.query).get("token", "")
    request.notes["operation"] = "revoke"
    for org in _candidates(request, orgs):
        request.notes["org"] = org.alias
        if org.sessions.end(token):
            return Reply(200)
        rows = org.store.sql(
            "SELECT rowid, UserId, AppName FROM OauthToken WHERE AccessToken = ? OR DeleteToken = ?",
            *(fingerprint(token), token),
        )
        for row in rows:
            org.store.sql("DELETE FROM OauthToken WHERE rowid = ?", row["rowid"])
            for app in org.store.apps():
                if row["AppName"] in (app.label, app.name):
                    org.sessions.end_all(row["UserId"], app.consumer_key)
        if rows:
            org.store.commit()
            return Reply(200)
    return json_reply(400, {"error": "invalid_token", "error_description": "invalid token"})


def introspect(request: Request, orgs: Orgs) -> Reply:
    """RFC 7662 for the app that owns the token."""
    token = request.form.get("token", "")
    key, secret = client(request)
    request.notes["operation"] = "introspect"
    for org in _candidates(request, orgs):
        app = staging.app_by_key(org.store, key)
        if app is None:
            continue
        if app.consumer_secret_hash not in (None, fingerprint(secret)):
            return json_reply(
                401, {"error": "invalid_client", "error_description": "invalid client credentials"}
            )
        session = org.sessions.find(token)
        if session is None or session.app != app.consumer_key:
            return json_reply(200, {"active": False})
        user = org.store.get("User", session.user_id) or {}
        issued = int(session.created_at.timestamp())
        document = {
            "active": True,
            "scope": " ".join(policy.wire_scopes(app.scopes)),
            "client_id": app.consumer_key,
            "username": user.get("Username"),
            "sub": f"https://{org.login_host}/id/{org.store.org_id}/{session.user_id}",
            "token_type": "access_token",
            "exp": issued + session.minutes * 60,
            "iat": issued,
            "nbf": issued,
        }
        return json_reply(200, document)
    return json_reply(401, {"error": "invalid_client", "error_description": "invalid client credentials"})


def userinfo(request: Request, orgs: Orgs) -> Reply:
    """GET or POST /services/oauth2/userinfo."""
    request.notes["operation"] = "userinfo"
    for org in _candidates(request, orgs):
        session = org.sessions.find(bearer(request))
        if session is not None:
            user = org.store.get("User", session.user_id) or {}
            request.notes.update(org=org.alias, user=user.get("Username"))
            return json_reply(200, _about(org, user))
    return Reply(403, b"Bad_OAuth_Token", "text/html;charset=UTF-8")


def single_access(request: Request, orgs: Orgs) -> Reply:
    """A one-time address by which the holder of a token opens the org in a browser."""
    request.notes["operation"] = "singleaccess"
    for org in _candidates(request, orgs):
        if org.sessions.find(bearer(request)) is not None:
            address = f"{org.instance_url}/secur/frontdoor.jsp?otp={secrets.token_urlsafe(32)}&cshc=0"
            path = request.form.get("redirect_uri") or request.query.get("redirect_uri")
            return json_reply(
                200, {"frontdoor_uri": address + (f"&startURL={quote(path, safe='')}" if path else "")}
            )
    return json_reply(403, {"error": "invalid_token", "error_description": "Missing_OAuth_Token"})


def front_door(request: Request, orgs: Orgs) -> Reply:
    """Where a browser lands: nobody has pages to show here."""
    text = b"<!DOCTYPE html><html lang='en'><head><title>Salesforce</title></head><body>This org has no pages.</body></html>"
    return Reply(200, text, "text/html;charset=UTF-8")


def identity(request: Request, orgs: Orgs) -> Reply:
    """GET /id/<org id>/<user id>, with a token of that user."""
    request.notes["operation"] = "identity"
    parts = request.path.strip("/").split("/")
    for org in _candidates(request, orgs):
        if len(parts) != 3 or org.store.org_id[:15] != parts[1][:15]:
            continue
        session = org.sessions.find(bearer(request))
        if session is None or session.user_id[:15] != parts[2][:15]:
            continue
        user = org.store.get("User", session.user_id) or {}
        request.notes.update(org=org.alias, user=user.get("Username"))
        about = _about(org, user)
        about.update(
            id=about["sub"],
            asserted_user=True,
            username=user.get("Username"),
            display_name=user.get("Name"),
            status={"created_date": None, "body": None},
            last_modified_date=user.get("LastModifiedDate") or stamp(org.store.clock.now()),
        )
        return json_reply(200, about)
    return Reply(403, b"Bad_OAuth_Token", "text/html;charset=UTF-8")


def _candidates(request: Request, orgs: Orgs) -> list[Org]:
    here = orgs.at(request.host)
    return [here] if here is not None else list(orgs)


def _about(org: Org, user: dict[str, object]) -> dict[str, object]:
    base, user_id = org.instance_url, str(user.get("Id"))
    data = f"{base}/services/data/v{{version}}"
    return {
        "sub": f"https://{org.login_host}/id/{org.store.org_id}/{user_id}",
        "user_id": user_id,
        "organization_id": org.store.org_id,
        "preferred_username": user.get("Username"),
        "nickname": user.get("Alias"),
        "name": user.get("Name"),
        "email": user.get("Email"),
        "email_verified": True,
        "given_name": user.get("FirstName"),
        "family_name": user.get("LastName"),
        "zoneinfo": user.get("TimeZoneSidKey"),
        "active": bool(user.get("IsActive")),
        "user_type": "STANDARD",
        "language": user.get("LanguageLocaleKey"),
        "locale": user.get("LocaleSidKey"),
        "utcOffset": 0,
        "urls": {
            "enterprise": f"{base}/services/Soap/c/{{version}}/{org.store.org_id[:15]}",
            "metadata": f"{base}/services/Soap/m/{{version}}/{org.store.org_id[:15]}",
            "partner": f"{base}/services/Soap/u/{{version}}/{org.store.org_id[:15]}",
            "rest": f"{data}/",
            "sobjects": f"{data}/sobjects/",
            "search": f"{data}/search/",
            "query": f"{data}/query/",
            "recent": f"{data}/recent/",
            "tooling_soap": f"{base}/services/Soap/T/{{version}}/{org.store.org_id[:15]}",
            "tooling_rest": f"{data}/tooling/",
            "users": f"{data}/chatter/users",
            "groups": f"{data}/chatter/groups",
            "feeds": f"{data}/chatter/feeds",
            "feed_items": f"{data}/chatter/feed-items",
            "feed_elements": f"{data}/chatter/feed-elements",
            "profile": f"{base}/{user_id}",
            "custom_domain": base,
        },
        "is_app_installed": True,
        "address": {"country": user.get("Country")} if user.get("Country") else {},
        "photos": {"picture": f"{base}/profilephoto/005/F", "thumbnail": f"{base}/profilephoto/005/T"},
        "picture": f"{base}/profilephoto/005/F",
        "profile": f"{base}/{user_id}",
        "updated_at": user.get("LastModifiedDate") or stamp(org.store.clock.now()),
    }
