"""Secrets where they belong and where they do not, read from the running estate without their values."""

import json

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.credentials.gateway import read_exposed, read_stored
from tasks.estate.read import read_estate
from tests.running import RunningEstate
from tests.tasks.conftest import Open


def test_planted_secrets_are_found_and_not_kept(org: Open, estate: RunningEstate) -> None:
    key = json.loads((estate.folder / "answer-key.json").read_text())
    expected = {
        (f["org"], f["resource"])
        for f in key["findings"]
        if f["control"] == "ZT-11" and not f["resource"].startswith("exposed:named-credential")
    }
    found = set()
    for alias in ("hq", "emea", "apac", "compliance", "hq-uat"):
        reading = read_exposed(org(alias))
        assert reading.gaps == {}
        found |= {(alias, f"exposed:{s.kind.value}:{s.place}") for s in reading.values["exposed"]}
        assert not any(canary in repr(reading) for canary in key["canaries"])
    assert found == expected


def test_stored_secrets_show_what_identifies_and_nothing_that_opens(estate: RunningEstate) -> None:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    cloud = Cloud(AwsConnection(**document.cloud.model_dump()))
    reading = read_stored(cloud)
    secrets = {s.name: s for s in reading.values["secrets"]}
    legacy = secrets["salesforce/hq/api-key"]
    assert legacy.holds_password and legacy.target_host and legacy.username
    password = read_secret(cloud, "salesforce/hq/api-key")["password"]
    assert password not in repr(reading)


def test_callers_go_by_their_own_address_and_not_by_the_one_for_aws(estate: RunningEstate) -> None:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    cloud = Cloud(AwsConnection(**document.cloud.model_dump()))
    whole = {"instanceUrl": "https://a.my.salesforce.com:8443", "baseUri": "https://a.my.salesforce.com"}
    for name, value in (("a/both", whole), ("a/managed", {"baseUri": whole["baseUri"]})):
        write_secret(cloud, name, value)
    secrets = {each.name: each for each in read_stored(cloud).values["secrets"]}
    assert secrets["a/both"].target_host == "a.my.salesforce.com:8443"
    assert secrets["a/managed"].target_host == "a.my.salesforce.com"
    client = cloud.client("secretsmanager")
    for name in ("a/both", "a/managed"):
        client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
