"""The authority outside, and callers as tests play them: they sign requests, and knock with what an org or a secret holds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import requests

from deployments.sandbox import launch
from tests.running import JWT_BEARER, RunningEstate


def sign(estate: RunningEstate, request: str, **how: Any) -> str:
    """The chain for a request."""
    return str(launch.ask(estate.folder, "POST", "/authority/sign", {"request": request, **how})["chain"])


def revoke(estate: RunningEstate, chain: str) -> None:
    launch.ask(estate.folder, "POST", "/authority/revoke", {"chain": chain})


def key_pair(estate: RunningEstate, org: str, name: str) -> tuple[str, str]:
    """Chain and key that an org presents."""
    found = launch.ask(estate.folder, "GET", f"/key-pair?org={org}&name={quote(name)}")
    return found["chain"], found["key"]


def app_of(estate: RunningEstate, org: str, username: str) -> dict[str, Any]:
    """Of clients.json: how a route's user signs in."""
    apps = json.loads((estate.folder / "clients.json").read_text())["apps"]
    return next(
        app
        for app in apps
        if app["org"] == org and app["username"] == username and "client_certificate_file" in app
    )


@contextmanager
def shown(pair: tuple[str, str] | None) -> Iterator[tuple[str, str] | None]:
    """A pair as files, which is all that requests takes."""
    if pair is None:
        yield None
        return
    with TemporaryDirectory() as folder:
        files = Path(folder) / "chain.pem", Path(folder) / "key.pem"
        for file, content in zip(files, pair, strict=True):
            file.write_text(content)
        yield str(files[0]), str(files[1])


def sign_in(
    estate: RunningEstate, app: dict[str, Any], port: int, pair: tuple[str, str] | None
) -> tuple[int, str]:
    """Status and words of the token endpoint; (0, "tls") where the handshake itself was refused."""
    form = _form(estate, app)
    host = estate.org(app["org"])["instance_url"]
    with shown(pair) as files, estate.session() as session:
        session.cert = files
        try:
            answer = session.post(f"{host}:{port}/services/oauth2/token", data=form, timeout=30)
        except requests.exceptions.ConnectionError:
            return 0, "tls"
    body = answer.json()
    return answer.status_code, str(body.get("error_description") or body.get("access_token", ""))


def _form(estate: RunningEstate, app: dict[str, Any]) -> dict[str, str]:
    if "jwt" in app["flows"] and "private_key_file" in app:
        key = Path(app["private_key_file"]).read_text()
        assertion = estate.assertion(key, app["consumer_key"], app["username"])
        return {"grant_type": JWT_BEARER, "assertion": assertion}
    form = {"client_id": app["consumer_key"], "client_secret": app["consumer_secret"]}
    if "client_credentials" in app["flows"]:
        return {"grant_type": "client_credentials", **form}
    return {"grant_type": "refresh_token", "refresh_token": app["refresh_token"], **form}
