"""The orgs one estate serves, found by the host name of a request or by a username."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deployments.sandbox.clock import Clock
from deployments.sandbox.identity.sessions import Sessions
from deployments.sandbox.schema import Schema
from deployments.sandbox.store import OrgStore

LOGIN_HOST = "login.salesforce.com"
TEST_HOST = "test.salesforce.com"
DAILY_REQUESTS = 5_000_000


@dataclass
class Org:
    """One open org: its store, its sessions, and its API requests since the estate started."""

    store: OrgStore
    sessions: Sessions
    requests: int = field(default=0)

    @property
    def host(self) -> str:
        return self.store.host

    @property
    def alias(self) -> str:
        return self.store.alias

    @property
    def is_sandbox(self) -> bool:
        return ".sandbox." in self.host

    @property
    def login_host(self) -> str:
        return TEST_HOST if self.is_sandbox else LOGIN_HOST

    @property
    def instance_url(self) -> str:
        return f"https://{self.host}"

    def user_named(self, username: str) -> dict[str, object] | None:
        """The user row with this username, compared without regard to case."""
        rows = self.store.sql("SELECT Id FROM User WHERE Username = ?", username)
        return self.store.get("User", rows[0]["Id"]) if rows else None


class Orgs:
    """All orgs of an estate."""

    def __init__(self, orgs: list[Org]) -> None:
        self._by_host = {org.host: org for org in orgs}
        self._by_alias = {org.alias: org for org in orgs}

    def __iter__(self) -> Iterator[Org]:
        return iter(self._by_host.values())

    def at(self, host: str) -> Org | None:
        return self._by_host.get(host)

    def named(self, alias: str) -> Org | None:
        return self._by_alias.get(alias)

    def of_user(self, login_host: str, username: str) -> Org | None:
        """The org behind login.salesforce.com or test.salesforce.com that has this username."""
        for org in self:
            if org.login_host == login_host and org.user_named(username) is not None:
                return org
        return None

    def close(self) -> None:
        for org in self:
            org.store.close()


def open_orgs(folder: Path, schema: Schema, clock: Clock) -> Orgs:
    """Opens every `<alias>.sqlite` of the folder."""
    stores = [OrgStore(path, schema, clock) for path in sorted(folder.glob("*.sqlite"))]
    return Orgs([Org(store, Sessions(store)) for store in stores])
