"""Clients nobody changed for us: simple-salesforce and jsforce log in and work through the proxy."""

import json
import os
import subprocess
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceResourceNotFound,
)

from tests.programs import program
from tests.running import RunningEstate

JSFORCE = Path(__file__).parent / "jsforce"


def jwt_client(estate: RunningEstate) -> Salesforce:
    app = estate.org("hq")["apps"][0]
    with warnings.catch_warnings():
        # It warns, with the consumer key in the text, that the user must have approved the app.
        warnings.simplefilter("ignore")
        return Salesforce(
            username=app["username"],
            consumer_key=app["consumer_key"],
            privatekey=app["private_key"],
            session=estate.session(),
            domain="meridian-hq.my",
            version="62.0",
        )


def test_simple_salesforce_logs_in_by_jwt_and_takes_an_account_through_its_life(
    miniature: RunningEstate,
) -> None:
    client = jwt_client(miniature)
    record_id = client.Account.create({"Name": "Plain client"})["id"]

    assert client.Account.get(record_id)["Name"] == "Plain client"
    assert client.Account.update(record_id, {"Name": "Changed"}) == 204
    assert (
        client.query(f"SELECT Name FROM Account WHERE Id = '{record_id}'")["records"][0]["Name"] == "Changed"
    )
    assert client.Account.delete(record_id) == 204
    with pytest.raises(SalesforceResourceNotFound):
        client.Account.get(record_id)
    assert client.query_all("SELECT Id FROM Account")["totalSize"] == 2500
    assert client.Account.describe()["name"] == "Account"
    assert client.api_usage["api-usage"].total == 5_000_000


def test_simple_salesforce_sees_refusals_as_its_own_exceptions(miniature: RunningEstate) -> None:
    client = jwt_client(miniature)
    with pytest.raises(SalesforceMalformedRequest) as refused:
        client.query("SELECT Nope FROM Account")
    assert refused.value.content[0]["errorCode"] == "INVALID_FIELD"
    stale = Salesforce(
        session_id="00D!gone",
        instance_url="https://meridian-hq.my.salesforce.com",
        session=miniature.session(),
    )
    with pytest.raises(SalesforceExpiredSession):
        stale.query("SELECT Id FROM Account")


def soap_client(estate: RunningEstate, **changes: Any) -> Salesforce:
    wanted = {
        "username": "admin@hq.example",
        "password": "Passw0rd",
        "security_token": "TOKEN",
        "version": "59.0",
    }
    return Salesforce(session=estate.session(), **{**wanted, **changes})


def test_simple_salesforce_logs_in_by_soap_below_version_65(miniature: RunningEstate) -> None:
    assert soap_client(miniature).query("SELECT COUNT() FROM User")["totalSize"] == 7
    with pytest.raises(SalesforceAuthenticationFailed, match="INVALID_LOGIN"):
        soap_client(miniature, password="wrong")
    with pytest.raises(SalesforceAuthenticationFailed, match="INVALID_LOGIN"):
        soap_client(miniature, security_token="")
    with pytest.raises(SalesforceAuthenticationFailed, match="UNSUPPORTED_API_VERSION"):
        soap_client(miniature, version="65.0")


def test_the_metadata_client_of_simple_salesforce_parses_every_answer(miniature: RunningEstate) -> None:
    client = jwt_client(miniature)
    metadata = client.mdapi
    metadata._client.transport.session = miniature.session()

    assert {entry["xmlName"] for entry in metadata.describe_metadata()["metadataObjects"]} > {
        "Profile",
        "ConnectedApp",
    }
    ranges = [{"startAddress": "203.0.113.0", "endAddress": "203.0.113.63"}]
    metadata.Profile.update(metadata.Profile(fullName="Clerk", loginIpRanges=ranges))
    assert metadata.Profile.read("Clerk")["loginIpRanges"][0]["endAddress"] == "203.0.113.63"
    assert metadata.InboundCertificate.read("Miniature")["issuer"] == "Estate client CA"
    listed = metadata.list_metadata([metadata.ListMetadataQuery(type="InboundCertificate")])
    assert [entry["fullName"] for entry in listed] == ["Miniature"]


@pytest.fixture(scope="session")
def jsforce() -> Path:
    """The folder with jsforce installed from its lock file, once."""
    npm = program("npm")
    program("node")
    if not (JSFORCE / "node_modules" / "jsforce" / "package.json").exists():
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=JSFORCE, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
    return JSFORCE


def test_jsforce_logs_in_by_jwt_and_takes_an_account_through_its_life(
    miniature: RunningEstate, jsforce: Path
) -> None:
    org = miniature.org("hq")
    given = {"proxy": miniature.env["proxy"], "instance_url": org["instance_url"], **org["apps"][0]}
    environment = {**os.environ, "NODE_EXTRA_CA_CERTS": miniature.env["ca_bundle"]}

    run = subprocess.run(
        ["node", "account.mjs"],
        cwd=jsforce, input=json.dumps(given), env=environment,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]

    seen = json.loads(run.stdout)
    assert (seen["created"], seen["read"], seen["updated"], seen["deleted"], seen["left"]) == (
        *(True, "From jsforce", True, True, 0),
    )
    assert seen["queried"] == ["From jsforce, again"]
    assert (seen["many"], seen["gone"]) == ([True, True], [True, True])
    assert seen["identity"] == "admin@hq.example"
    assert (seen["refusal"], seen["settings"], seen["api_usage"]) == ("INVALID_FIELD", "Security", True)


@pytest.mark.parametrize(
    "kind",
    [
        *(
            "ConnectedApp",
            "NamedCredential",
            "ExternalCredential",
            "Profile",
            "InboundCertificate",
            "Certificate",
        ),
        *("TransactionSecurityPolicy", "CustomField", "PermissionSet", "SecuritySettings", "EventSettings"),
    ],
)
def test_simple_salesforce_parses_every_component_of_the_estate(estate: RunningEstate, kind: str) -> None:
    client = Salesforce(
        session_id=estate.token("hq", "bulkhead.scanner@hq.meridian.example"),
        instance_url="https://meridian-hq.my.salesforce.com",
        session=estate.session(),
        version="62.0",
    )
    metadata = client.mdapi
    metadata._client.transport.session = estate.session()

    names = [entry["fullName"] for entry in metadata.list_metadata([metadata.ListMetadataQuery(type=kind)])]
    assert names
    for name in names:
        assert getattr(metadata, kind).read(name)["fullName"] == name


def laboratory(estate: RunningEstate, alias: str, flow: str) -> dict[str, Any]:
    """What the environment document lists first for people who bring their own client."""
    first = [app for app in estate.org(alias)["apps"][:2] if app["flow"] == flow]
    assert [app["name"] for app in first] == ["Client_Laboratory"]
    return dict(first[0])


@pytest.mark.parametrize("flow", ["jwt-bearer", "client-credentials"])
@pytest.mark.parametrize("alias", ["hq", "emea", "apac", "compliance", "hq-uat"])
def test_the_first_app_of_every_org_lets_a_plain_client_write_on_the_usual_port(
    estate: RunningEstate, alias: str, flow: str
) -> None:
    app = laboratory(estate, alias, flow)
    proof = (
        {"privatekey": app["private_key"], "username": app["username"]}
        if flow == "jwt-bearer"
        else {"consumer_secret": app["client_secret"]}
    )
    host = estate.org(alias)["instance_url"].removeprefix("https://")
    with warnings.catch_warnings():
        # It warns, with the consumer key in the text, that the user must have approved the app.
        warnings.simplefilter("ignore")
        client = Salesforce(
            consumer_key=app["consumer_key"],
            session=estate.session(),
            domain=host.removesuffix(".salesforce.com"),
            version="62.0",
            **proof,
        )
    record_id = client.Account.create({"Name": "From outside", "Phone": "+41 44 000 00 00"})["id"]
    assert client.Account.update(record_id, {"Name": "Changed"}) == 204
    assert client.Account.get(record_id)["Name"] == "Changed"
    start, end = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(hours=1)
    assert record_id in client.Account.updated(start, end)["ids"]
    contact_id = client.Contact.create({"LastName": "Outside", "AccountId": record_id})["id"]
    found = client.query(f"SELECT Account.Name FROM Contact WHERE Id = '{contact_id}'")["records"]
    assert found[0]["Account"]["Name"] == "Changed"
    with pytest.raises(SalesforceMalformedRequest, match="SSN__c"):
        client.query("SELECT SSN__c FROM Account LIMIT 1")
    assert (client.Contact.delete(contact_id), client.Account.delete(record_id)) == (204, 204)
    assert client.query(f"SELECT Id FROM Account WHERE Id = '{record_id}'")["totalSize"] == 0
    assert record_id in [each["id"] for each in client.Account.deleted(start, end)["deletedRecords"]]
    assert record_id not in client.Account.updated(start, end)["ids"]


def test_jsforce_works_with_the_first_app_of_the_seeded_estate(estate: RunningEstate, jsforce: Path) -> None:
    app = laboratory(estate, "hq", "jwt-bearer")
    given = {"proxy": estate.env["proxy"], "instance_url": estate.org("hq")["instance_url"], **app}
    run = subprocess.run(
        ["node", "account.mjs"],
        cwd=jsforce, input=json.dumps({**given, "settings": False}),
        env={**os.environ, "NODE_EXTRA_CA_CERTS": estate.env["ca_bundle"]},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    seen = json.loads(run.stdout)
    assert (seen["created"], seen["updated"], seen["deleted"], seen["left"]) == (True, True, True, 0)
    assert seen["queried"] == ["From jsforce, again"]
    assert seen["identity"] == app["username"]
