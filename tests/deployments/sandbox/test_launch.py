"""The estate of Meridian Wealth from outside: started, asked, logged into with what `env` gives, stopped."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import yaml

from deployments.sandbox import launch
from tests.running import JWT_BEARER, RunningEstate

ALIASES = ["apac", "compliance", "emea", "hq", "hq-uat"]


def test_every_org_can_be_logged_into_with_what_env_gives(estate: RunningEstate) -> None:
    assert [org["alias"] for org in estate.env["orgs"]] == ALIASES
    for org in estate.env["orgs"]:
        scanner = next(app for app in org["apps"] if app["name"] == "Bulkhead_Scanner")
        form = {
            "grant_type": JWT_BEARER,
            "assertion": estate.assertion(
                scanner["private_key"], scanner["consumer_key"], scanner["username"]
            ),
        }
        with estate.session() as session:
            answer = session.post(f"{org['instance_url']}/services/oauth2/token", data=form, timeout=30)
            assert answer.status_code == 200, (org["alias"], answer.text)
            headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            query = f"{org['instance_url']}/services/data/v62.0/query?q=SELECT COUNT() FROM User"
            assert session.get(query, headers=headers, timeout=30).json()["totalSize"] > 10


def test_a_client_with_secret_and_certificate_gets_in_where_both_are_right(estate: RunningEstate) -> None:
    tried = []
    for org in estate.env["orgs"]:
        for app in (a for a in org["apps"] if a["flow"] == "client-credentials" and "client_key_file" in a):
            with estate.session() as session:
                session.cert = (app["client_certificate_file"], app["client_key_file"])
                form = {"grant_type": "client_credentials"}
                client = (app["consumer_key"], app["client_secret"])
                for url in (org["instance_url"], org["mtls_url"]):
                    answer = session.post(f"{url}/services/oauth2/token", data=form, auth=client, timeout=30)
                    tried.append(answer.status_code)
    assert tried and set(tried) <= {200, 400}
    assert 200 in tried


def test_the_products_files_name_the_running_addresses(estate: RunningEstate) -> None:
    document = yaml.safe_load((estate.folder / "estate.yaml").read_text())

    assert sorted(org["alias"] for org in document["orgs"]) == ALIASES
    assert {org["proxy"] for org in document["orgs"]} == {estate.state["proxy"]}
    assert document["cloud"]["endpoint_url"] == estate.state["aws_endpoint"]


def test_a_running_estate_is_found_and_not_started_twice(estate: RunningEstate) -> None:
    assert launch.status(estate.folder) == estate.state
    assert launch.start(estate.folder, users=estate.state["users"]) == estate.state
    with pytest.raises(launch.EstateNotStarted, match="already serves"):
        launch.start(estate.folder, users=401)


def test_no_folder_is_no_estate(tmp_path: Path) -> None:
    assert launch.status(tmp_path) is None
    assert launch.stop(tmp_path) is False
    with pytest.raises(launch.EstateNotRunning, match="start one first"):
        launch.client_environment(tmp_path)


def test_an_estate_that_cannot_start_says_why_with_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(launch.EstateNotStarted, match=r"(?s)ended with code 2.*invalid choice"):
        launch.start(tmp_path / "state", plants="some", timeout=timedelta(seconds=30))


def test_stop_ends_the_process_and_frees_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    state = launch.start(folder, users=100, timeout=timedelta(minutes=1))
    began = time.monotonic()

    assert launch.stop(folder) is True
    assert time.monotonic() - began < 10
    assert launch.status(folder) is None
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(state["admin_url"], timeout=5)
