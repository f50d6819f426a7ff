"""The same detection job on a Dask cluster says the same as in one process."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import yaml
from prefect import flow, task

from deployments.bench.rehearsal.ground import loot_of
from deployments.register import register_files
from deployments.sandbox import launch
from flows import detection
from flows.detection import back_test, detect_anomalies
from flows.mapping import over_orgs
from flows.reading import SIDE_BY_SIDE
from tasks.anomalies.look import alert_key
from tasks.anomalies.model_live import Judged
from tasks.errors import ConfigurationError
from tasks.fleet.cluster import SETTING
from tasks.orgs import forget_connections
from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.gateway import HttpCaller
from tasks.rehearsal.play import play
from tests.product import Product
from tests.running import RunningEstate

ORGS = ["hq", "emea"]
CLUSTER = "local:2"


def test_threads_unless_a_cluster_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    assert over_orgs() is SIDE_BY_SIDE
    monkeypatch.setenv(SETTING, "tls://scheduler.acme.example:8786")
    assert over_orgs().address == "tls://scheduler.acme.example:8786"
    monkeypatch.setenv(SETTING, "tcp://scheduler.acme.example:8786")
    with pytest.raises(ConfigurationError, match="without TLS"):
        over_orgs()
    assert over_orgs(CLUSTER).cluster_kwargs["security"] is True, "or everybody here could run code in it"


@task
def whose() -> int:
    return os.getpid()


@flow(name="where-tasks-run")
def where() -> list[int]:
    return [future.result() for future in [whose.submit() for _ in range(4)]]


@pytest.fixture
def theft(
    product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A stolen key was used after detection had learned what is usual; nobody is contained, so that both looks see the same."""
    launch.save_snapshot(estate.folder, "before-mapping")
    policy = yaml.safe_load((estate.folder / "policy.yaml").read_text())
    policy["telemetry"] = {"event_types": ["RestApi", "Login"]}
    policy["response"] = {"auto_disable": []}
    quiet = tmp_path_factory.mktemp("policy") / "policy.yaml"
    quiet.write_text(yaml.safe_dump(policy))
    register_files(estate.folder / "estate.yaml", quiet)
    forget_connections()
    detect_anomalies(orgs=ORGS, tiers="files")
    detect_anomalies(orgs=ORGS)
    held = loot_of(json.loads((estate.folder / "loot.json").read_text())["rehearsal"]["stolen-key"])
    proxies: dict[Any, str | None] = {
        "office": estate.state["proxy"],
        "abroad": estate.state["attacker_proxy"],
    }
    caller = HttpCaller(held, proxies, estate.state["ca_bundle"])
    [attack] = [each for each in attacks() if each.name == "stolen-key"]
    list(play(attack, caller))
    caller.close()
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 300})
    yield
    register_files(estate.folder / "estate.yaml")
    launch.restore_snapshot(estate.folder, "before-mapping")
    launch.delete_snapshot(estate.folder, "before-mapping")
    forget_connections()


def said(found: list[Judged]) -> set[tuple[str, str, str]]:
    return {(judged.org, alert_key(each), each.severity.value) for judged in found for each in judged.current}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_detection_on_a_dask_cluster_gives_the_same_alerts(
    product: Product, theft: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is about what is said, and not about how long a busy machine takes to find that policy contains nobody.
    monkeypatch.setattr(detection, "CONTAIN_SECONDS", 600)
    runners = {"threads": SIDE_BY_SIDE, "dask": over_orgs(CLUSTER)}
    looks = {}
    for name, runner in runners.items():
        # Each look has to find everything by itself, and not to remember it from the other.
        forget_alerts(product)
        looks[name] = detect_anomalies.with_options(task_runner=runner)(orgs=ORGS)
    assert said(looks["threads"]), "there is something to tell"
    assert said(looks["dask"]) == said(looks["threads"])
    processes = where.with_options(task_runner=runners["dask"])()
    assert os.getpid() not in processes, "its tasks do run elsewhere"
    tested = [back_test.with_options(task_runner=each)(orgs=ORGS, days=2) for each in runners.values()]
    assert len({str([each.now for each in found]) for found in tested}) == 1


def forget_alerts(product: Product) -> None:
    with closing(sqlite3.connect(product.home.root / "ledger" / "ledger.db", timeout=60)) as database:
        database.execute("DELETE FROM kept WHERE place LIKE 'anomalies %'")
        database.commit()
