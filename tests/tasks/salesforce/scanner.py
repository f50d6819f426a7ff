"""Our own sessions with an org of the running estate, connected as estate.yaml says."""

from dataclasses import replace
from typing import Any

from deployments.bench.sessions import connection
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.estate.read import read_estate
from tasks.orgs import Role
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


def _connection(estate: RunningEstate, alias: str, role: Role) -> Connection:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    return connection(document, Cloud(AwsConnection(**document.cloud.model_dump())), alias, role)
