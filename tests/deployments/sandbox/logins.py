"""Logins to the miniature estate, as a client makes them."""

from typing import Any

import requests

from tests.running import JWT_BEARER, RunningEstate

HQ = "https://meridian-hq.my.salesforce.com"
WEB_KEY, WEB_SECRET, WEB_CALLBACK = "3MVG9.web.hq", "web-secret", "https://app.example/callback"
WEB_APP = f"""<createMetadata><metadata xsi:type="ConnectedApp"><fullName>Web</fullName><contactEmail>a@b.example</contactEmail>
<label>Web</label><oauthConfig><callbackUrl>{WEB_CALLBACK}</callbackUrl><consumerKey>{WEB_KEY}</consumerKey>
<consumerSecret>{WEB_SECRET}</consumerSecret><isPkceRequired>true</isPkceRequired>
<isRefreshTokenRotationEnabled>true</isRefreshTokenRotationEnabled><scopes>Api</scopes><scopes>RefreshToken</scopes>
<scopes>OpenID</scopes></oauthConfig></metadata></createMetadata>"""
"""A connected app that people log in to through a browser."""


def key(estate: RunningEstate) -> str:
    return (estate.folder / "keys" / "app.key").read_text()


def bearer_login(
    estate: RunningEstate,
    username: str,
    *,
    app: str = "3MVG9.jwt.hq",
    host: str = HQ,
    attacker: bool = False,
    **claims: Any,
) -> requests.Response:
    form = {"grant_type": JWT_BEARER, "assertion": estate.assertion(key(estate), app, username, **claims)}
    with estate.session(attacker=attacker) as session:
        return session.post(f"{host}/services/oauth2/token", data=form, timeout=30)


def post(
    estate: RunningEstate, path: str, form: dict[str, str], host: str = HQ, **options: Any
) -> requests.Response:
    with estate.session() as session:
        return session.post(f"{host}{path}", data=form, timeout=30, **options)


def refusal(response: requests.Response) -> tuple[int, str, str]:
    body = response.json()
    return response.status_code, body["error"], body["error_description"]


def history(estate: RunningEstate, username: str) -> list[str]:
    """Statuses of a user's logins, oldest first."""
    query = "query?q=SELECT Status, UserId FROM LoginHistory ORDER BY LoginTime, Id"
    rows = estate.get("hq", "admin@hq.example", f"v62.0/{query}").json()["records"]
    users = estate.get("hq", "admin@hq.example", "v62.0/query?q=SELECT Id, Username FROM User").json()[
        "records"
    ]
    wanted = next(user["Id"] for user in users if user["Username"] == username)
    return [row["Status"] for row in rows if row["UserId"] == wanted]
