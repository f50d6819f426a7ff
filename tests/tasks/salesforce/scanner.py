"""Our own sessions with an org of the running estate, connected as estate.yaml says."""

from dataclasses import replace
from typing import Any, Literal

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import read_secret
from tasks.estate.read import read_estate
from tasks.salesforce.connection import Connection
from tasks.salesforce.session import Session
from tasks.salesforce.writing import WritingSession
from tests.running import RunningEstate


def scanner_connection(estate: RunningEstate, alias: str) -> Connection:
    return _connection(estate, alias, "scanner")


def scanner_session(estate: RunningEstate, alias: str) -> Session:
    return Session(scanner_connection(estate, alias))


def enforcer_connection(estate: RunningEstate, alias: str, **changed: Any) -> Connection:
    return replace(_connection(estate, alias, "enforcer"), **changed)


def enforcer_session(estate: RunningEstate, alias: str) -> WritingSession:
    return WritingSession(_connection(estate, alias, "enforcer"))


def _connection(estate: RunningEstate, alias: str, role: Literal["scanner", "enforcer"]) -> Connection:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    org = document.org(alias)
    identity = org.scanner if role == "scanner" else org.enforcer
    assert identity is not None
    secret = read_secret(Cloud(AwsConnection(**document.cloud.model_dump())), identity.secret)
    return Connection(
        alias=alias,
        base_url=org.my_domain,
        flow=identity.flow,
        username=identity.username,
        consumer_key=secret["consumerKey"],
        private_key=secret.get("privateKey"),
        role=role,
        session_sets=identity.session_sets,
        proxy=org.proxy,
        ca_bundle=org.ca_bundle,
    )
