"""A large estate is read by a run for each shard, and judged as one; here a large estate is one of more than two orgs."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from prefect import flow
from prefect.runtime import flow_run

from deployments.register import register_files
from deployments.sandbox import launch
from flows import fleet
from flows.assessment import assessment
from tasks.audit.model import Assessment
from tasks.errors import ShardLost
from tasks.estate.steps import read_estate
from tasks.fleet import gateway, steps
from tasks.fleet.model import Seen, Shard
from tasks.fleet.plan import shards
from tasks.orgs import forget_connections, home
from tasks.phases.model import Phase
from tests.product import Product
from tests.running import RunningEstate

ORGS = ("hq", "emea", "apac", "compliance", "hq-uat")


@pytest.fixture(autouse=True)
def _few_to_a_shard(monkeypatch: pytest.MonkeyPatch, product: Product) -> None:
    forget_connections()
    monkeypatch.setattr(fleet, "LARGEST", 2)


@flow(name="reading-of-a-fleet", validate_parameters=False)
def reading() -> Seen:
    estate, policy = read_estate()
    return fleet.read_fleet(estate, policy, estate.orgs, Phase.ASSESSMENT, _no_bar)


@flow(name="reading-of-one-shard", validate_parameters=False)
def shard_of(orgs: list[str], seconds: int = 240) -> Seen:
    return steps.run_shard("assessment", Shard(name="0", orgs=tuple(orgs)), timedelta(seconds=seconds))


@flow(name="asking-for-one-shard-again", validate_parameters=False)
def shard_thrice(orgs: list[str]) -> list[Seen]:
    """The third time what was read is gone."""
    seen = [_run_shard(orgs), _run_shard(orgs)]
    gateway.forget(home() / "shards" / str(flow_run.get_id()))
    return [*seen, _run_shard(orgs)]


def _run_shard(orgs: list[str]) -> Seen:
    return steps.run_shard("assessment", Shard(name="0", orgs=tuple(orgs)), timedelta(seconds=240))


def _no_bar() -> None: ...


def runs(product: Product) -> list[dict[str, object]]:
    wanted = {"flows": {"name": {"any_": ["read-shard"]}}}
    found: list[dict[str, object]] = product.prefect("POST", "/flow_runs/filter", json=wanted)
    return found


def left(product: Product) -> list[Path]:
    return list((product.home.root / "shards").glob("*"))


@pytest.mark.slow
def test_what_shards_read_makes_the_same_posture_as_one_run(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, waiting = len(runs(product)), set(left(product))
    sharded = assessment()
    assert set(left(product)) == waiting, "what was joined and published goes"
    expected = shards(ORGS, 2)
    assert len(expected) >= 3
    assert len(runs(product)) - before == len(expected)
    monkeypatch.setattr(fleet, "LARGEST", 64)
    whole = assessment()
    assert len(runs(product)) - before == len(expected), "five orgs need no shards"
    assert not sharded.unreadable and told(sharded) == told(whole)
    assert {(e.source, e.target) for e in sharded.graph.edges} == {
        (e.source, e.target) for e in whole.graph.edges
    }
    assert sharded.calls.keys() == whole.calls.keys() == set(ORGS)


def told(made: Assessment) -> set[tuple[str, str, str, str]]:
    return {(f.control, f.org, f.resource, f.verdict.value) for f in made.findings()}


@pytest.mark.slow
def test_what_waits_to_be_joined_is_for_its_own_user_only(product: Product, estate: RunningEstate) -> None:
    shard_of(["compliance"])
    folder = product.home.root / "shards"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (kept, *_) = sorted(folder.glob("*/*.json"))
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.slow
def test_the_same_work_asked_for_twice_is_done_once(product: Product) -> None:
    before = len(runs(product))
    first, again, anew = shard_thrice(["apac"])
    assert again == first and set(first.evidence) == {"apac"}
    assert set(anew.evidence) == {"apac"} and anew != first, "what is gone is read anew"
    assert len(runs(product)) - before == 2


@pytest.mark.slow
def test_a_shard_that_fails_is_said_and_hides_no_other(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (Shard(name="0", orgs=("emea", "compliance")), Shard(name="1", orgs=("there-is-none",)))
    monkeypatch.setattr(fleet, "chosen_shards", lambda *_: parts)
    seen = reading()
    assert set(seen.evidence) == {"emea", "compliance"}
    assert set(seen.unreadable) == {"there-is-none"}
    assert "its shard 1 was not read" in seen.unreadable["there-is-none"]
    assert "does not start a run for it (409)" in seen.unreadable["there-is-none"]


@pytest.mark.slow
def test_a_run_that_does_not_share_a_disk_with_the_one_that_asks_reads_nothing(
    product: Product, estate: RunningEstate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "open_folder", lambda *_: None)
    before = len(estate.wire())
    with pytest.raises(ShardLost, match=r"its run .* ended as Failed"):
        shard_of(["emea"])
    asked = [row for row in estate.wire()[before:] if row["org"] == "emea"]
    assert not asked, "no allowance is spent for nothing"


@pytest.mark.slow
def test_a_dead_org_hides_no_other_of_its_shard(
    product: Product, estate: RunningEstate, tmp_path: Path
) -> None:
    document = yaml.safe_load((estate.folder / "estate.yaml").read_text())
    next(org for org in document["orgs"] if org["alias"] == "apac")["scanner"]["secret"] = "bulkhead/none"
    broken = tmp_path / "estate.yaml"
    broken.write_text(yaml.safe_dump(document, sort_keys=False))
    try:
        register_files(broken, estate.folder / "policy.yaml")
        seen = reading()
    finally:
        register_files(estate.folder / "estate.yaml", estate.folder / "policy.yaml")
    assert set(seen.evidence) == set(ORGS) - {"apac"}
    assert "bulkhead/none" in seen.unreadable["apac"]


def test_a_shard_for_which_no_worker_has_room_is_given_up_and_ended(product: Product) -> None:
    with pytest.raises(ShardLost, match="did not begin within 0:00:00"):
        shard_of(["hq-uat", "hq", "apac"], seconds=0)
    found = [run for run in runs(product) if run["parameters"]["orgs"] == ["hq-uat", "hq", "apac"]]  # type: ignore[index]  # an answer of Prefect's
    assert found and all(run["state_type"] in ("CANCELLING", "CANCELLED") for run in found)


@pytest.fixture
def nearly_spent(estate: RunningEstate) -> Iterator[None]:
    """As the day's allowance of an org that its other clients have used up but for a few requests."""
    answer = estate.get("emea", "break.glass.1@emea.meridian.example", "v62.0/limits")
    used = int(answer.headers["Sforce-Limit-Info"].partition("/")[0].removeprefix("api-usage="))
    allowed = used + 5
    launch.ask(
        estate.folder, "POST", "/switches", {"org": "emea", "name": "daily_api_requests", "value": allowed}
    )
    yield
    launch.ask(
        estate.folder, "POST", "/switches", {"org": "emea", "name": "daily_api_requests", "value": None}
    )


@pytest.mark.slow
def test_an_org_whose_allowance_is_nearly_spent_is_left_to_its_other_clients(
    product: Product, estate: RunningEstate, nearly_spent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "LARGEST", 64)
    seen = reading()
    assert set(seen.evidence) | set(seen.unreadable) == set(ORGS)
    missing = (
        " ".join([seen.unreadable.get("emea", ""), *seen.evidence["emea"].gaps.values()])
        if "emea" in seen.evidence
        else seen.unreadable["emea"]
    )
    assert "API requests of the day are used" in missing and "fleet.api_share" in missing
    assert not any(
        "API requests" in why for org in set(ORGS) - {"emea"} for why in seen.evidence[org].gaps.values()
    )
