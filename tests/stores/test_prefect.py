"""Homes of earlier versions with Prefect's database in them: `bulkhead up` of this version goes on with what was registered there."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
from prefect.variables import Variable

from blocks import Ledger, SalesforceOrg, SecretStore, SlackChannel
from deployments import processes, server
from deployments.catalog import catalog
from deployments.retired import RETIRED
from deployments.server import Running
from deployments.settings import Home
from tasks.errors import ConfigurationError
from tasks.estate.read import read_estate
from tasks.orgs import REGISTERED, load_ledger_settings, load_registered, open_ledger
from tests.deployments.test_cli import bulkhead
from tests.product import Product, drain, point_here, put_back
from tests.stores.keeping import KEPT, restored, stores
from tests.stores.prefect_keeping import PAUSED, RUNS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
WITH_PREFECT = [each.name for each in stores() if (each / "prefect.sql").exists()]


class Earlier(NamedTuple):
    kept: Path
    product: Product

    def jobs(self) -> dict[str, dict[str, Any]]:
        """What is deployed now, by `flow/deployment`."""
        flows = {each["id"]: each["name"] for each in self._all("flows")}
        return {f"{flows[each['flow_id']]}/{each['name']}": each for each in self._all("deployments")}

    def before(self) -> set[str]:
        document = orjson.loads((self.kept / "deployments.json").read_bytes())
        return {f"{job['flow']}/{job['name']}" for job in document}

    def runs(self, name: str) -> dict[str, dict[str, Any]]:
        """By name those that people started, whose names begin so."""
        found = self._all("flow_runs", flow_runs={"name": {"like_": name}})
        return {each["name"]: each for each in found}

    def paused(self) -> str:
        """What a person paused in that version."""
        return next(name for name in PAUSED if name in self.before())

    def _all(self, what: str, **wanted: Any) -> Any:
        return self.product.prefect("POST", f"/{what}/filter", json={"limit": 200, **wanted})


@pytest.fixture(scope="module", params=WITH_PREFECT)
def earlier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Earlier]:
    """A home as that version left it, once `bulkhead up --no-sandbox` of this one has run."""
    kept, home = KEPT / request.param, Home(tmp_path_factory.mktemp("home") / "home")
    home.prepare()
    restored((kept / "prefect.sql").read_text(), home.prefect / "prefect.db")
    if (kept / "ledger.sql").exists():
        (home.root / "ledger").mkdir()
        restored((kept / "ledger.sql").read_text(), home.root / "ledger" / "ledger.db")
    if (key := kept / home.encryption_key.name).exists():
        home.encryption_key.write_bytes(key.read_bytes())
    port = server.free_port(None)
    try:
        answer = bulkhead(home.root, "up", "--no-sandbox", "--port", str(port))
        assert answer.returncode == 0, answer.stderr
        running = server.read_running(home)
        assert isinstance(running, Running) and running.worker is not None
        # What is due by now would be started, and there are no orgs.
        processes.stop(running.worker)
        before = point_here(home, port)
        try:
            yield Earlier(kept, Product(home, running))
        finally:
            drain()
            put_back(before)
    finally:
        bulkhead(home.root, "down")


def test_what_was_registered_is_read_by_the_key_of_before(earlier: Earlier) -> None:
    estate, policy = load_registered()
    assert estate == read_estate((earlier.kept / "estate.yaml").read_text())
    assert policy.waivers
    for org in estate.orgs:
        block: Any = SalesforceOrg.load(org.alias)
        assert block.my_domain == org.my_domain and block.scanner.secret == org.scanner.secret
    store: Any = SecretStore.load(REGISTERED)
    assert (store.region, store.enforcer_role) == (estate.cloud.region, estate.cloud.enforcer_role)
    for channel in estate.channels:
        found: Any = SlackChannel.load(channel.name)
        assert (found.orgs, found.secret) == ([*channel.orgs], channel.secret)


def test_the_ledger_is_where_it_was_or_people_are_told_to_register(earlier: Earlier) -> None:
    if earlier.kept.name == "1-assessment":
        # It had no ledger.
        with pytest.raises(ConfigurationError, match="bulkhead register"), open_ledger():
            pass
    else:
        estate, _ = load_registered()
        block: Any = Ledger.load(REGISTERED)
        assert block.signing_secret == estate.ledger.signing_secret
        with open_ledger() as ledger, ledger.read() as pages:
            said = orjson.loads((earlier.kept / "read.json").read_bytes())["chain"]["head"]
            assert pages.head().sequence >= said["sequence"]


def test_jobs_are_those_of_this_version(earlier: Earlier) -> None:
    jobs, wanted = earlier.jobs(), {f"{job.flow_name}/{job.name}": job for job in catalog()}
    assert jobs.keys() == wanted.keys()
    assert not RETIRED & jobs.keys()
    assert {name: (each["entrypoint"], sorted(each["tags"])) for name, each in jobs.items()} == {
        name: (job.entrypoint, sorted(job.tags)) for name, job in wanted.items()
    }
    assert {name: sorted(str(s["slug"]) for s in each["schedules"]) for name, each in jobs.items()} == {
        name: sorted(str(s.slug) for s in job.schedules or ()) for name, job in wanted.items()
    }


def test_what_a_person_paused_stays_so_and_nothing_else(earlier: Earlier) -> None:
    assert {name for name, each in earlier.jobs().items() if each["paused"]} == {earlier.paused()}


def test_runs_of_before_show_what_they_were_started_with(earlier: Earlier) -> None:
    ours = {name: parameters for name, parameters in RUNS.items() if name in earlier.before()}
    runs = earlier.runs("over-")
    assert runs.keys() == {f"over-{name.partition('/')[2]}" for name in ours}
    for name, parameters in ours.items():
        over = runs[f"over-{name.partition('/')[2]}"]
        # Beside what a person wrote stands what the job itself is deployed with.
        assert over["parameters"].items() >= dict(parameters).items() and over["state_type"] == "COMPLETED"
    staying = {f"ahead-{name.partition('/')[2]}" for name in ours if name not in RETIRED}
    assert earlier.runs("ahead-").keys() == staying, "what is to come of a job that went, went with it"


def test_what_is_peoples_own_stays(earlier: Earlier) -> None:
    assert asyncio.run(Variable.aget("our_own")) == ["of", "a", "person"]


def test_registering_again_is_all_that_is_left_to_do(earlier: Earlier, tmp_path: Path) -> None:
    text = (earlier.kept / "policy.yaml").read_text()
    (tmp_path / "policy.yaml").write_text(text[: text.index("- control: ZT-01")] if "latam" in text else text)
    (tmp_path / "estate.yaml").write_bytes((earlier.kept / "estate.yaml").read_bytes())
    answer = bulkhead(earlier.product.home.root, "register", str(tmp_path / "estate.yaml"))
    assert answer.returncode == 0, answer.stderr
    assert load_ledger_settings() == load_registered()[0].ledger
    assert {name for name, each in earlier.jobs().items() if each["paused"]} == {earlier.paused()}
