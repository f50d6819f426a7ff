"""An org as the contract talks to it: the embedded one or a real one, by HTTP alone."""

from dataclasses import dataclass
from typing import Any

import requests


@dataclass
class ContractOrg:
    """`proxy` and `ca_bundle` are None for a real org, which is reached directly."""

    url: str
    token: str
    version: str
    proxy: str | None
    ca_bundle: str | None

    def call(self, method: str, path: str, *, token: str | None = None, **options: Any) -> requests.Response:
        """A path below the instance; `token` replaces the administrator's, empty for none."""
        with requests.Session() as session:
            session.trust_env = False
            session.proxies = {"https": self.proxy} if self.proxy else {}
            session.verify = self.ca_bundle or True
            given = self.token if token is None else token
            headers = {
                **({"Authorization": f"Bearer {given}"} if given else {}),
                **options.pop("headers", {}),
            }
            return session.request(method, self.url + path, headers=headers, timeout=60, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET below /services/data/vXX.X."""
        return self.call("GET", self.data(path), **options)

    def data(self, path: str) -> str:
        return f"/services/data/v{self.version}{path}"

    def query(self, soql: str, *, tooling: bool = False, **options: Any) -> requests.Response:
        return self.get(f"{'/tooling' if tooling else ''}/query", params={"q": soql}, **options)

    def error(self, answer: requests.Response) -> tuple[int, str, str]:
        """Status, code and message of a refusal, whose shape is checked."""
        document = answer.json()
        assert isinstance(document, list) and document, document
        assert set(document[0]) <= {"message", "errorCode", "fields", "extendedErrorDetails"}, document
        return answer.status_code, document[0]["errorCode"], document[0]["message"]


def lacking(found: Any, wanted: str) -> set[str]:
    """Which of these names (with spaces between) a JSON object does not have."""
    return set(wanted.split()) - set(found)
