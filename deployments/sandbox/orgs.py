"""The orgs one estate serves, found by the host name of a request or by a username."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from deployments.sandbox.clock import Clock
from deployments.sandbox.faults import Faults
from deployments.sandbox.identity.sessions import Sessions
from deployments.sandbox.schema import Schema
from deployments.sandbox.store import OrgStore
from deployments.sandbox.switches import amount

LOGIN_HOST = "login.salesforce.com"
TEST_HOST = "test.salesforce.com"
DAY = timedelta(hours=24)


@dataclass
class Org:
    """One open org: its store, its sessions, and its API requests of the last day of the estate's time."""

    store: OrgStore
    sessions: Sessions
    requests: int = field(default=0)
    faults: Faults = field(default_factory=Faults)
    """Trouble on order; the same rules for all orgs of an estate."""
    _counting_since: datetime | None = field(default=None)

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

    @property
    def daily_requests(self) -> int:
        """How many API requests the org may get in a day."""
        return int(amount(self.store, "daily_api_requests"))

    def exhausted(self) -> bool:
        """Whether a further API request would be over the day's limit."""
        now = self.store.clock.now()
        if self._counting_since is None or now - self._counting_since >= DAY:
            self._counting_since, self.requests = now, 0
        return self.requests >= self.daily_requests

    def user_named(self, username: str) -> dict[str, object] | None:
        """The user row with this username, compared without regard to case."""
        rows = self.store.sql("SELECT Id FROM User WHERE Username = ?", username)
        return self.store.get("User", rows[0]["Id"]) if rows else None


class Orgs:
    """All orgs of an estate, on one clock, with one list of troubles."""

    def __init__(self, orgs: list[Org], clock: Clock) -> None:
        self.clock = clock
        self.faults = Faults()
        self.fill(orgs)

    def fill(self, orgs: list[Org]) -> None:
        """Takes these orgs in the place of all it has."""
        self._by_host = {org.host: org for org in orgs}
        self._by_alias = {org.alias: org for org in orgs}
        for org in orgs:
            org.faults = self.faults

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
    return Orgs(read_orgs(folder, schema, clock), clock)


def read_orgs(folder: Path, schema: Schema, clock: Clock) -> list[Org]:
    """The same as a list."""
    stores = [OrgStore(path, schema, clock) for path in sorted(folder.glob("*.sqlite"))]
    return [Org(store, Sessions(store)) for store in stores]
