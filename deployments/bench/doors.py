"""Signs in to the embedded estate as an integration does, with the key it has, from an address of one's choice."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jwt
import requests

from deployments.sandbox import launch

_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_TIMEOUT = 60
_KEYS = ("jwt-bearer", "client-credentials")
REFUSED = "ip restricted"
"""What the token endpoint says to who comes from outside."""


class Doors:
    """Sign-ins of apps whose keys a client of the estate holds."""

    def __init__(self, folder: Path) -> None:
        self._env = launch.client_environment(folder)
        self._orgs = {org["alias"]: org for org in self._env["orgs"]}
        self.attacker = "198.18.66.6"

    def apps(self, alias: str) -> list[dict[str, Any]]:
        """Those whose key can be used without a person, one entry each."""
        return [app for app in self._orgs[alias]["apps"] if app["flow"] in _KEYS]

    def sign_in(self, alias: str, app: dict[str, Any], address: str) -> tuple[str, str]:
        """Access token and the reason for having none; one of the two is empty."""
        if app["flow"] == "jwt-bearer":
            claims = {
                "iss": app["consumer_key"],
                "sub": app["username"],
                "aud": "https://login.salesforce.com",
                "exp": int(time.time()) + 120,
            }
            assertion = jwt.encode(claims, app["private_key"], algorithm="RS256")
            form = {"grant_type": _JWT, "assertion": assertion}
        else:
            form = {
                "grant_type": "client_credentials",
                "client_id": app["consumer_key"],
                "client_secret": app["client_secret"],
            }
        with self._from(alias, address, app) as session:
            answer = session.post(
                f"{self._orgs[alias]['mtls_url']}/services/oauth2/token", data=form, timeout=_TIMEOUT
            )
        said = answer.json()
        return str(said.get("access_token") or ""), str(said.get("error_description") or "")

    def call(self, alias: str, app: dict[str, Any], token: str, address: str) -> int:
        """The status of one request of a session that is open."""
        with self._from(alias, address, app) as session:
            session.headers["Authorization"] = f"Bearer {token}"
            url = f"{self._orgs[alias]['mtls_url']}/services/data/v66.0/sobjects"
            return session.get(url, timeout=_TIMEOUT).status_code

    @contextmanager
    def _from(self, alias: str, address: str, app: dict[str, Any]) -> Iterator[requests.Session]:
        """The proxy lends the address that its user name asks for."""
        with requests.Session() as session:
            session.trust_env = False
            place = self._env["proxy"].replace("://", f"://ip-{address.replace('.', '-')}:x@")
            session.proxies = {"https": place}
            session.verify = self._env["ca_bundle"]
            if "client_certificate_file" in app:
                session.cert = (app["client_certificate_file"], app["client_key_file"])
            yield session
