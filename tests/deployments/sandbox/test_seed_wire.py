"""The orderly estate over the wire: its syncs work the way they are declared, and only that way."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from deployments.sandbox import launch
from tests.running import JWT_BEARER, RunningEstate


@pytest.fixture(scope="module")
def orderly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    folder = tmp_path_factory.mktemp("orderly") / "state"
    state = launch.start(folder, seed=3, users=60, plants="none", timeout=timedelta(minutes=2))
    yield RunningEstate(folder, state)
    launch.stop(folder)


def syncs(estate: RunningEstate) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Apps that machines log into, with their orgs; grants by refresh token are left out."""
    return [
        (org, app)
        for org in estate.env["orgs"]
        for app in org["apps"]
        if "client_certificate_file" in app and app["flow"] in ("jwt-bearer", "client-credentials")
    ]


def login(estate: RunningEstate, app: dict[str, Any], url: str, *, certificate: bool) -> requests.Response:
    form, client = {"grant_type": "client_credentials"}, None
    if app["flow"] == "jwt-bearer":
        assertion = estate.assertion(app["private_key"], app["consumer_key"], app["username"])
        form = {"grant_type": JWT_BEARER, "assertion": assertion}
    else:
        client = (app["consumer_key"], app["client_secret"])
    with estate.session() as session:
        if certificate:
            session.cert = (app["client_certificate_file"], app["client_key_file"])
        return session.post(f"{url}/services/oauth2/token", data=form, auth=client, timeout=30)


def test_every_sync_gets_in_with_its_client_certificate(orderly: RunningEstate) -> None:
    found = syncs(orderly)
    answers = {
        app["name"]: login(orderly, app, org["mtls_url"], certificate=True).status_code for org, app in found
    }

    assert len(found) == 13
    assert set(answers.values()) == {200}, answers


def test_no_sync_gets_in_without_one(orderly: RunningEstate) -> None:
    for org, app in syncs(orderly):
        answer = login(orderly, app, org["instance_url"], certificate=False)
        assert answer.json()["error_description"] == "mutual authentication failed", app["name"]


def test_a_sync_sees_its_own_object_and_no_other(orderly: RunningEstate) -> None:
    org, app = next(pair for pair in syncs(orderly) if pair[1]["name"] == "Hq_Emea_Account_Sync")
    token = login(orderly, app, org["mtls_url"], certificate=True).json()["access_token"]
    with orderly.session() as session:
        session.cert = (app["client_certificate_file"], app["client_key_file"])
        session.headers["Authorization"] = f"Bearer {token}"
        for soql, status in (
            ("SELECT Phone FROM Account LIMIT 1", 200),
            ("SELECT COUNT() FROM Contact", 400),
            ("SELECT SSN__c FROM Account LIMIT 1", 400),
        ):
            answer = session.get(
                f"{org['mtls_url']}/services/data/v62.0/query", params={"q": soql}, timeout=30
            )
            assert answer.status_code == status, soql


def test_an_event_log_file_names_the_users_and_objects_of_its_day(orderly: RunningEstate) -> None:
    scanner = "bulkhead.scanner@hq.meridian.example"
    asked = "SELECT Id FROM EventLogFile WHERE EventType = 'RestApi' ORDER BY LogDate DESC LIMIT 1"
    row = orderly.get("hq", scanner, f"v62.0/query?q={asked}").json()["records"][0]
    text = orderly.get("hq", scanner, f"v62.0/sobjects/EventLogFile/{row['Id']}/LogFile").text
    header, *lines = text.splitlines()

    assert {'"USER_ID"', '"ENTITY_NAME"', '"ROWS_PROCESSED"'} <= set(header.split(","))
    assert len(lines) >= 4
    assert all(line.startswith('"RestApi"') for line in lines)
