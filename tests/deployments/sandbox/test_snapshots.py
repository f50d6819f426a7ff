"""Snapshots of a serving estate: all of it comes back, nothing of what came after stays."""

import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from deployments.sandbox import launch
from deployments.sandbox.snapshots import copy_whole
from tests.deployments.sandbox.processes import started
from tests.running import RunningEstate

ADMIN = "admin@hq.example"
HQ = "https://meridian-hq.my.salesforce.com"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    folder = tmp_path_factory.mktemp("snapshots") / "state"
    process, state = started(folder)
    yield RunningEstate(folder, state)
    process.terminate()
    process.wait(timeout=20)


def ask(estate: RunningEstate, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    return launch.ask(estate.folder, method, path, body)


def secrets(estate: RunningEstate) -> Any:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-central-1"}
    config = Config(proxies={})
    return boto3.client("secretsmanager", endpoint_url=estate.state["aws_endpoint"], config=config, **keys)


def names(estate: RunningEstate) -> set[str]:
    soql = "SELECT Name FROM Account WHERE Name LIKE 'Made %'"
    rows = estate.get("hq", ADMIN, "v62.0/query", params={"q": soql}).json()["records"]
    return {row["Name"] for row in rows}


def make(estate: RunningEstate, name: str) -> None:
    assert estate.call("POST", "hq", ADMIN, "v62.0/sobjects/Account", json={"Name": name}).status_code == 201


def test_everything_comes_back_and_what_came_later_goes(own: RunningEstate) -> None:
    token = own.token("hq", ADMIN)
    make(own, "Made before")
    secrets(own).create_secret(Name="before", SecretString="1")
    saved = launch.save_snapshot(own.folder, "mid-way")
    make(own, "Made after")
    secrets(own).create_secret(Name="after", SecretString="2")
    secrets(own).put_secret_value(SecretId="before", SecretString="changed")
    launch.advance_clock(own.folder, timedelta(days=40))
    ask(own, "POST", "/faults", {"kind": "503"})

    restored = launch.restore_snapshot(own.folder, "mid-way")

    assert max(saved["seconds"], restored["seconds"]) < 2
    with own.session() as session:
        # A session of before the snapshot is alive again: the clock went back with it.
        headers = {"Authorization": f"Bearer {token}"}
        assert session.get(f"{HQ}/services/data/v62.0/limits", headers=headers, timeout=10).status_code == 200
    assert names(own) == {"Made before"}
    held = {each["Name"] for each in secrets(own).list_secrets()["SecretList"]}
    assert {"before", "after"} & held == {"before"}
    assert secrets(own).get_secret_value(SecretId="before")["SecretString"] == "1"
    now = datetime.fromisoformat(ask(own, "GET", "/clock")["now"])
    assert now - datetime.fromisoformat(saved["at"]) < timedelta(minutes=2)

    make(own, "Made again")
    assert names(own) == {"Made before", "Made again"}
    launch.reset(own.folder)
    assert names(own) == set()
    assert "before" not in {each["Name"] for each in secrets(own).list_secrets()["SecretList"]}


def test_clients_notice_nothing_but_the_change(own: RunningEstate) -> None:
    ask(own, "POST", "/snapshots", {"name": "busy"})
    token, answers, enough = own.token("hq", ADMIN), [], threading.Event()
    ask(own, "POST", "/snapshots", {"name": "busy"})

    def keep_asking() -> None:
        with own.session() as session:
            session.headers["Authorization"] = f"Bearer {token}"
            while not enough.is_set():
                answers.append(session.get(f"{HQ}/services/data/v62.0/limits", timeout=10).status_code)

    client = threading.Thread(target=keep_asking)
    client.start()
    try:
        for _ in range(60):
            if len(answers) > 30:
                break
            ask(own, "POST", "/snapshots", {"name": "another"})
            ask(own, "POST", "/snapshots/busy/restore")
    finally:
        enough.set()
        client.join()

    assert len(answers) > 30
    assert set(answers) == {200}


def test_they_can_be_listed_and_deleted(own: RunningEstate) -> None:
    ask(own, "POST", "/snapshots", {"name": "short-lived"})
    assert "short-lived" in [each["name"] for each in ask(own, "GET", "/snapshots")]
    launch.delete_snapshot(own.folder, "short-lived")
    assert "short-lived" not in [each["name"] for each in ask(own, "GET", "/snapshots")]

    for method, path in (("POST", "/snapshots/short-lived/restore"), ("DELETE", "/snapshots/short-lived")):
        with pytest.raises(LookupError, match="no snapshot short-lived"):
            ask(own, method, path)
    for name in ("../up", ".seed2", "", "a/b"):
        with pytest.raises(LookupError, match="name has letters"):
            ask(own, "POST", "/snapshots", {"name": name})


def test_one_of_an_estate_made_otherwise_is_refused(own: RunningEstate) -> None:
    ask(own, "POST", "/snapshots", {"name": "foreign"})
    facts = own.folder / "snapshots" / "foreign" / "snapshot.json"
    facts.write_text(facts.read_text().replace('"seed": 0', '"seed": 1'))

    with pytest.raises(LookupError, match="made otherwise"):
        ask(own, "POST", "/snapshots/foreign/restore")


def test_a_restore_cut_off_is_finished_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    process, state = started(folder)
    estate = RunningEstate(folder, state)
    make(estate, "Made before")
    launch.save_snapshot(folder, "whole")
    make(estate, "Made after")
    launch.advance_clock(folder, timedelta(days=1))
    process.kill()
    process.wait(timeout=20)
    (folder / "state.json").unlink()
    # As a crash leaves it that hit after the first of the orgs had been copied.
    (folder / "restoring").write_text("whole")
    (folder / "orgs" / "hq-uat.sqlite").write_bytes(b"half")

    process, state = started(folder)
    try:
        estate = RunningEstate(folder, state)
        assert names(estate) == {"Made before"}
        assert abs(ask(estate, "GET", "/clock")["offset_seconds"]) < 1
        assert not (folder / "restoring").exists()
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.slow
def test_an_estate_of_another_day_is_kept_on_request(tmp_path: Path) -> None:
    folder = tmp_path / "state"

    def run(*options: str) -> set[str]:
        process, state = started(folder, *options)
        estate = RunningEstate(folder, state)
        found = names(estate)
        make(estate, "Made yesterday")
        process.terminate()
        process.wait(timeout=20)
        stamp = folder / "seed-stamp.json"
        stamp.write_text(re.sub(r'"day": "[^"]*"', '"day": "2020-01-01"', stamp.read_text()))
        return found

    assert run() == set()
    assert run("--keep") == {"Made yesterday"}
    assert run() == set()


def test_a_copy_shares_nothing_with_its_source(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"one")
    copy_whole(source, target)
    with source.open("r+b") as file:
        file.write(b"two")

    assert target.read_bytes() == b"one"
    assert source.stat().st_ino != target.stat().st_ino
