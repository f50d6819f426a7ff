"""Our own identities' sessions with the orgs of an estate, without Prefect: as `estate.yaml` names them."""

from collections.abc import Iterator
from contextlib import contextmanager

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import read_secret
from tasks.estate.model import Estate
from tasks.orgs import Role
from tasks.salesforce.connection import Connection
from tasks.salesforce.session import Session
from tasks.salesforce.tokens import TokenManager
from tasks.salesforce.writing import WritingSession


class Sessions:
    """Tokens are shared: each identity signs in once."""

    def __init__(self, estate: Estate, cloud: Cloud | None = None) -> None:
        self._estate = estate
        self._cloud = cloud or Cloud(AwsConnection(**estate.cloud.model_dump()))
        self._known: dict[tuple[str, Role], tuple[Connection, TokenManager]] = {}

    @contextmanager
    def scanner(self, alias: str) -> Iterator[Session]:
        with Session(*self._identity(alias, "scanner")) as session:
            yield session

    @contextmanager
    def enforcer(self, alias: str) -> Iterator[WritingSession]:
        with WritingSession(*self._identity(alias, "enforcer")) as session:
            yield session

    def _identity(self, alias: str, role: Role) -> tuple[Connection, TokenManager]:
        if (alias, role) not in self._known:
            made = connection(self._estate, self._cloud, alias, role)
            self._known[alias, role] = made, TokenManager(made)
        return self._known[alias, role]


def connection(estate: Estate, cloud: Cloud, alias: str, role: Role = "scanner") -> Connection:
    """Raises LookupError for an org without that identity, SecretUnavailable and CloudError."""
    org = estate.org(alias)
    identity = org.scanner if role == "scanner" else org.enforcer
    if identity is None:
        raise LookupError(f"{alias} has no {role}")
    secret = read_secret(cloud, identity.secret)
    return Connection.with_secret(
        secret,
        alias=alias,
        base_url=org.my_domain,
        flow=identity.flow,
        username=identity.username,
        role=role,
        session_sets=identity.session_sets,
        proxy=org.proxy,
        ca_bundle=org.ca_bundle,
    )
