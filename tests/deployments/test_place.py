"""`bulkhead up` registers the embedded estate, and never in the place of somebody's own."""

import os
from pathlib import Path
from typing import Any

import pytest

from deployments import processes, register, server
from deployments.processes import Started
from deployments.sandbox.seed.names import ESTATE, HOSTS
from deployments.settings import Home
from tasks.errors import ConfigurationError
from tasks.estate.model import Estate
from tasks.estate.read import read_estate
from tests.tasks.estate.test_read import RIGHT


def like(name: str, *hosts: str) -> dict[str, Any]:
    own = read_estate(RIGHT)
    orgs = tuple(
        own.orgs[0].model_copy(update={"alias": f"org-{number}", "my_domain": f"https://{host}"})
        for number, host in enumerate(hosts)
    )
    return Estate(name=name, orgs=orgs, cloud=own.cloud).model_dump(mode="json")


def test_the_embedded_estate_is_known_by_name_and_addresses() -> None:
    assert server.is_embedded(like(ESTATE, *HOSTS.values()))
    assert server.is_embedded(like(ESTATE, HOSTS["hq"]))
    assert not server.is_embedded(read_estate(RIGHT).model_dump(mode="json"))
    assert not server.is_embedded(like(ESTATE, HOSTS["hq"], "acme-hq.my.salesforce.com"))
    assert not server.is_embedded(like("Acme", HOSTS["hq"]))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `up` does, in order, with nothing really started."""
    did: list[str] = []

    def note(what: str) -> Any:
        return lambda *_, **__: did.append(what)

    sleeping = Started(1, "another time")
    monkeypatch.setattr(processes, "start", lambda *_, **__: sleeping)
    monkeypatch.setattr(server, "wait_for_server", note("server"))
    monkeypatch.setattr(server, "start_estate", note("estate"))
    monkeypatch.setattr(server, "_deploy", note("deploy"))
    monkeypatch.setattr(server, "_register_sandbox", note("register"))
    monkeypatch.setattr(server, "_import_prefect", lambda: None)
    monkeypatch.setattr(server, "estate_running", lambda _: False)
    monkeypatch.setattr(server, "stop_estate", lambda _: False)
    # What `enter` writes into the environment is taken back.
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.setattr(Home, "enter", lambda *_: None)
    return did


@pytest.mark.parametrize("own", [True, False], ids=["own", "embedded"])
def test_an_estate_of_your_own_stays_registered(
    done: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    (home.prefect / "prefect.db").touch()
    found = read_estate(RIGHT).model_dump(mode="json") if own else like(ESTATE, *HOSTS.values())
    monkeypatch.setattr(register, "registered_document", lambda: found)
    if not own:
        server.up(home, port=server.free_port(None))
        assert sorted(done) == ["deploy", "estate", "register", "server"]
        return
    with pytest.raises(ConfigurationError, match=r"Acme is registered here.*--no-sandbox"):
        server.up(home, port=server.free_port(None))
    assert done == ["server"], "deployments would have been paused, or more"
    server.up(home, port=server.free_port(None), sandbox=False)
    assert done == ["server", "server", "deploy"]


def test_an_estate_of_your_own_stays_where_the_embedded_one_died(
    done: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after `bulkhead up`, then `bulkhead register` of another."""
    home = Home(tmp_path / "home")
    home.prepare()
    here = Started(os.getpid(), processes.born(os.getpid()) or "")
    server.write_running(home, server.Running(server.free_port(None), here, here, True))
    monkeypatch.setattr(register, "registered_document", lambda: read_estate(RIGHT).model_dump(mode="json"))
    with pytest.raises(ConfigurationError, match="Nothing was changed"):
        server.up(home)
    assert done == []
