"""A running estate as tests see it: its addresses, its clients, its wire log."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import requests

from deployments.sandbox import launch

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass
class RunningEstate:
    """`state` is the document of state.json, `env` that of `bulkhead sandbox env --json`."""

    folder: Path
    state: dict[str, Any]
    env: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.env = launch.client_environment(self.folder)

    def org(self, alias: str) -> dict[str, Any]:
        """Address and apps of one org."""
        found: dict[str, Any] = next(org for org in self.env["orgs"] if org["alias"] == alias)
        return found

    def token(self, alias: str, username: str) -> str:
        """An access token that no login was needed for."""
        return launch.mint_token(self.folder, alias, username)

    def wire(self, since: int = 0) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = launch.ask(self.folder, "GET", f"/wire?since={since}")
        return rows

    def reset_wire(self) -> None:
        launch.ask(self.folder, "POST", "/reset-wire")

    def session(self, *, attacker: bool = False) -> requests.Session:
        """An HTTP session through the estate's proxy, from the office or from the attacker's network."""
        session = requests.Session()
        session.trust_env = False
        session.proxies = {"https": self.state["attacker_proxy" if attacker else "proxy"]}
        session.verify = self.state["ca_bundle"]
        return session

    def get(self, alias: str, username: str, path: str, **options: Any) -> requests.Response:
        """GET below /services/data as a user."""
        return self.call("GET", alias, username, path, **options)

    def call(self, method: str, alias: str, username: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token(alias, username)}", **options.pop("headers", {})}
        url = f"{self.org(alias)['instance_url']}/services/data/{path}"
        with self.session() as session:
            return session.request(method, url, headers=headers, timeout=30, **options)

    def assertion(self, private_key: str, issuer: str, subject: str, **changes: Any) -> str:
        """A signed JWT of the bearer flow; `changes` replace or add claims."""
        claims = {
            "iss": issuer,
            "sub": subject,
            "aud": "https://login.salesforce.com",
            "exp": int(time.time()) + 120,
        }
        return jwt.encode({**claims, **changes}, private_key, algorithm="RS256")
