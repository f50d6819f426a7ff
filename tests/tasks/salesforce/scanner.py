"""A scanner's session with an org of the running estate, connected as estate.yaml says."""

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import read_secret
from tasks.estate.read import read_estate
from tasks.salesforce.connection import Connection
from tasks.salesforce.session import Session
from tests.running import RunningEstate


def scanner_connection(estate: RunningEstate, alias: str) -> Connection:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    org = document.org(alias)
    secret = read_secret(Cloud(AwsConnection(**document.cloud.model_dump())), org.scanner.secret)
    return Connection(
        alias=alias,
        base_url=org.my_domain,
        flow=org.scanner.flow,
        username=org.scanner.username,
        consumer_key=secret["consumerKey"],
        private_key=secret.get("privateKey"),
        proxy=org.proxy,
        ca_bundle=org.ca_bundle,
    )


def scanner_session(estate: RunningEstate, alias: str) -> Session:
    return Session(scanner_connection(estate, alias))
