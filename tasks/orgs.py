"""From an alias to a connection: the only place where Blocks, secrets and sessions meet."""

import base64
import os
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from prefect.blocks.core import Block

from blocks import EstateDocument, SalesforceOrg, SecretStore
from blocks import Ledger as LedgerBlock
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import read_secret
from tasks.aws.signing import KmsSigner
from tasks.errors import ConfigurationError, SecretUnavailable
from tasks.estate.model import Courier, Estate, LedgerSettings, Route, Sync
from tasks.estate.policy import Policy
from tasks.ledger.signing import Ed25519Signer
from tasks.ledger.store import Ledger, Signer
from tasks.ledger.waking import asleep, awake
from tasks.salesforce.carrying import CarryingSession, shown
from tasks.salesforce.connection import Connection
from tasks.salesforce.handshakes import MUTUAL_PORT, Pair
from tasks.salesforce.session import Session
from tasks.salesforce.tokens import GivenToken, TokenManager
from tasks.salesforce.writing import WritingSession
from tasks.spending import spent

REGISTERED = "bulkhead"
"""Name of the one estate document and secret store that `bulkhead register` saves."""

MASKING_KEY_BYTES = 32
Role = Literal["scanner", "enforcer"]
B = TypeVar("B", bound=Block)


@dataclass(frozen=True)
class _Known:
    """What sessions of one identity share, so that five stages sign in once and agree on the version."""

    connection: Connection
    tokens: TokenManager


_known: dict[tuple[str, Role], _Known] = {}
_lock = threading.Lock()


def load_estate() -> Estate:
    """The registered estate. Raises ConfigurationError when none is."""
    return Estate.model_validate(_document().estate)


def load_policy() -> Policy:
    """The registered policy. Raises ConfigurationError when none is."""
    return Policy.model_validate(_document().policy)


def load_registered() -> tuple[Estate, Policy]:
    """Both, from one reading. Raises ConfigurationError when none is registered."""
    document = _document()
    return Estate.model_validate(document.estate), Policy.model_validate(document.policy)


def open_cloud() -> Cloud:
    """AWS as registered. Raises ConfigurationError when it is not. From here on this process leaves no core file."""
    _leave_no_core_file()
    store = _load(SecretStore, REGISTERED, "Run `bulkhead register estate.yaml` first.")
    return Cloud(
        AwsConnection(
            region=store.region,
            endpoint_url=store.endpoint_url,
            profile=store.profile,
            shared_credentials_file=store.shared_credentials_file,
            ca_bundle=store.ca_bundle,
            enforcer_role=store.enforcer_role,
        )
    )


def open_cloud_for_writing() -> Cloud:
    """AWS as the role for changes, for a quarter of an hour. Raises ConfigurationError and CloudError."""
    return open_cloud().for_writing("bulkhead-enforcer")


def _leave_no_core_file() -> None:
    """
    Secrets are about to come into memory, and a core file would hold them.

    Not 0: that keeps files away, but not programs that take cores through a pipe. One byte keeps both away (core(5)).
    """
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0 if hard == 0 else 1, hard))


@contextmanager
def open_org(alias: str, role: Role = "scanner", *, api_share: float | None = None) -> Iterator[Session]:
    """
    A session with one org as one of our identities; `api_share` as Session has it.

    Raises ConfigurationError for an unknown alias or a missing identity, SecretUnavailable, and the errors of signing
    in. Tokens are shared within the process.
    """
    known = _identity(alias, role)
    with Session(known.connection, known.tokens, api_share=api_share) as session:
        try:
            yield session
        finally:
            spent(alias, session.calls)


@contextmanager
def open_as(alias: str, token: str) -> Iterator[Session]:
    """
    A reading session of whoever holds this access token of an org; it is never renewed.

    Raises ConfigurationError for an unknown alias, and LoginRefused for a token that has ended.
    """
    org = _load(SalesforceOrg, alias, "Add it to estate.yaml and run `bulkhead register estate.yaml`.")
    _leave_no_core_file()
    connection = Connection(
        alias=alias,
        base_url=org.my_domain,
        flow="jwt-bearer",
        username="",
        consumer_key="",
        proxy=org.proxy,
        ca_bundle=org.ca_bundle,
    )
    with Session(connection, GivenToken(connection, token)) as session:
        yield session


@contextmanager
def open_for_writing(alias: str) -> Iterator[WritingSession]:
    """
    The enforcer's session with one org. Raises as `open_org` does.

    Its write rights wake with the first write and sleep again with the end of the block; the ledger has a note of both.
    """
    known = _identity(alias, "enforcer")
    with WritingSession(known.connection, known.tokens, waking=lambda: _note_waking(alias)) as session:
        yield session


@contextmanager
def open_source(route: Route) -> Iterator[Session]:
    """
    The route's own reading session with its source org; whatever could write is refused before it is sent.

    Raises as `open_org` does, and ConfigurationError for a route that Bulkhead does not carry.
    """
    courier = _sync_of(route).source
    with _courier(route.source, courier, role="scanner") as connection, Session(connection) as session:
        yield session


@contextmanager
def open_target(route: Route) -> Iterator[CarryingSession]:
    """The route's own session with its target org, which writes records of the route's object alone. Raises as `open_source`."""
    courier = _sync_of(route).target
    with (
        _courier(route.target, courier, role="courier", carries=route.sobject) as connection,
        CarryingSession(connection) as session,
    ):
        yield session


def _sync_of(route: Route) -> Sync:
    if route.sync is None:
        raise ConfigurationError(
            f"{route.name} says nothing about how to carry it. Add `sync` to the route in estate.yaml and register again."
        )
    return route.sync


@contextmanager
def _courier(alias: str, courier: Courier, **how: Any) -> Iterator[Connection]:
    org = _load(SalesforceOrg, alias, "Add it to estate.yaml and run `bulkhead register estate.yaml`.")
    cloud = open_cloud()
    pair = None
    if courier.client_certificate is not None:
        held = _whole_secret(cloud, courier.client_certificate, "mutual TLS", "certificate", "privateKey")
        pair = Pair(held["certificate"], held["privateKey"])
    wanted = "privateKey" if courier.flow == "jwt-bearer" else "consumerSecret"
    secret = _whole_secret(cloud, courier.secret, courier.flow, "consumerKey", wanted)
    with shown(pair) as files:
        yield Connection.with_secret(
            secret,
            alias=alias,
            base_url=org.my_domain if pair is None else f"{org.my_domain}:{MUTUAL_PORT}",
            flow=courier.flow,
            username=courier.username,
            proxy=org.proxy,
            ca_bundle=org.ca_bundle,
            client_certificate=files,
            **how,
        )


def connect_with(alias: str, secret: str, username: str) -> Connection:
    """
    How a stored credential would sign in to an org, to see whether it still opens it. `username` counts where the secret names none.

    Raises ConfigurationError for an unknown alias, SecretUnavailable and CloudError.
    """
    org = _load(SalesforceOrg, alias, "Add it to estate.yaml and run `bulkhead register estate.yaml`.")
    held = _whole_secret(open_cloud(), secret, "signing in", "consumerKey")
    return Connection.with_secret(
        held,
        alias=alias,
        base_url=org.my_domain,
        flow="jwt-bearer" if held.get("privateKey") else "client-credentials",
        username=str(held.get("username") or username),
        proxy=org.proxy,
        ca_bundle=org.ca_bundle,
    )


def _whole_secret(cloud: Cloud, name: str, why: str, *parts: str) -> dict[str, Any]:
    secret = read_secret(cloud, name)
    for part in parts:
        if not isinstance(secret.get(part), str):
            raise SecretUnavailable(f"The secret {name} lacks `{part}`, which {why} needs.")
    return secret


def _note_waking(alias: str) -> Callable[[], None]:
    with open_ledger() as ledger:
        name = awake(ledger, alias)

    def note() -> None:
        with open_ledger() as ledger:
            asleep(ledger, alias, [name])

    return note


@contextmanager
def open_ledger() -> Iterator[Ledger]:
    """The registered ledger; its tables are made with the first use. Raises ConfigurationError and LedgerUnavailable."""
    ledger = Ledger(_ledger_place(), lambda: datetime.now(UTC))
    try:
        yield ledger
    finally:
        ledger.close()


def load_masking_key() -> bytes:
    """Of the one secret that policy names, read each time. Raises SecretUnavailable, CloudError and ConfigurationError."""
    name = load_policy().masking.key_secret
    held = read_secret(open_cloud(), name).get("key")
    try:
        key = base64.b64decode(held, validate=True) if isinstance(held, str) else b""
    except ValueError:
        key = b""
    if len(key) < MASKING_KEY_BYTES:
        raise SecretUnavailable(
            f"The secret {name} lacks `key`, {MASKING_KEY_BYTES} random bytes in base64, which masking needs. Nothing was masked."
        )
    return key


def open_signer() -> Signer | None:
    """What seals the ledger; None where nothing was named. Raises SecretUnavailable, CloudError, ConfigurationError."""
    block = _ledger_block()
    if block.signing_kms_key:
        return KmsSigner(open_cloud(), block.signing_kms_key)
    if block.signing_secret is None:
        return None
    secret = read_secret(open_cloud(), block.signing_secret)
    for part in ("keyId", "privateKey"):
        if not isinstance(secret.get(part), str):
            raise SecretUnavailable(f"The secret {block.signing_secret} lacks `{part}`, which sealing needs.")
    return Ed25519Signer(secret["keyId"], secret["privateKey"])


def load_ledger_settings() -> LedgerSettings:
    """As registered. Raises ConfigurationError."""
    return load_estate().ledger


def _ledger_place() -> str | Path:
    block = _ledger_block()
    if block.url_secret is None:
        return home() / "ledger" / "ledger.db"
    address = read_secret(open_cloud(), block.url_secret).get("url")
    if not isinstance(address, str):
        raise SecretUnavailable(f"The secret {block.url_secret} lacks `url`, the address of the ledger.")
    return address


def _ledger_block() -> LedgerBlock:
    return _load(LedgerBlock, REGISTERED, "Run `bulkhead register estate.yaml` first.")


def home() -> Path:
    """BULKHEAD_HOME, or `.bulkhead` in the current folder."""
    return Path(os.environ.get("BULKHEAD_HOME") or ".bulkhead").resolve()


def forget_connections() -> None:
    """Drops shared tokens and connections, for a process in which another estate is registered."""
    with _lock:
        _known.clear()


def _identity(alias: str, role: Role) -> _Known:
    with _lock:
        if (alias, role) not in _known:
            connection = _connection(alias, role)
            _known[alias, role] = _Known(connection, TokenManager(connection))
        return _known[alias, role]


def _connection(alias: str, role: Role) -> Connection:
    org = _load(SalesforceOrg, alias, "Add it to estate.yaml and run `bulkhead register estate.yaml`.")
    identity = org.scanner if role == "scanner" else org.enforcer
    if identity is None:
        raise ConfigurationError(
            f"The org {alias} has no {role} identity. Add one to estate.yaml and register again."
        )
    if org.ca_bundle is not None and not Path(org.ca_bundle).is_file():
        raise ConfigurationError(
            f"{alias}: there is no CA bundle {org.ca_bundle}. Correct ca_bundle in estate.yaml and register again."
        )
    wanted = "privateKey" if identity.flow == "jwt-bearer" else "consumerSecret"
    secret = _whole_secret(open_cloud(), identity.secret, identity.flow, "consumerKey", wanted)
    return Connection.with_secret(
        secret,
        alias=alias,
        base_url=org.my_domain,
        flow=identity.flow,
        username=identity.username,
        role=role,
        session_sets=tuple(identity.session_sets),
        proxy=org.proxy,
        ca_bundle=org.ca_bundle,
    )


def _document() -> EstateDocument:
    return _load(EstateDocument, REGISTERED, "Run `bulkhead register estate.yaml` first.")


def _load(kind: type[B], name: str, next_step: str) -> B:
    try:
        # Typed as perhaps a coroutine; in synchronous code it never is one.
        return cast(B, cast(Any, kind).load(name, _sync=True))
    except ValueError:
        raise ConfigurationError(
            f"There is no {kind.get_block_type_slug()} named {name}. {next_step}"
        ) from None
