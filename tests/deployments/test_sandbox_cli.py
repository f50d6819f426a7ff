"""`bulkhead sandbox …` against a running estate: each command's effect and its JSON."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deployments.cli.asking import duration
from deployments.cli.main import app
from tests.deployments.sandbox.processes import started

COMMANDS = [
    *(["clock", name] for name in ("show", "advance", "freeze", "thaw", "rate")),
    *(["faults", name] for name in ("add", "list", "remove", "kinds")),
    *(["snapshot", name] for name in ("save", "restore", "list", "delete")),
    *(["switch", name] for name in ("list", "set")),
    ["fidelity"],
    ["attack"],
]
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    process, _ = started(folder / "estate")
    yield folder
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("BULKHEAD_HOME", str(home))

    def command(*words: str, code: int = 0) -> Any:
        answer = CliRunner().invoke(app, ["sandbox", *words])
        assert answer.exit_code == code, answer.output
        return json.loads(answer.stdout) if "--json" in words else answer.output

    return command


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_helps_with_an_example(command: list[str]) -> None:
    answer = CliRunner().invoke(app, ["sandbox", *command, "--help"])

    assert answer.exit_code == 0
    assert f"Example: bulkhead sandbox {' '.join(command)}" in answer.stdout


def test_the_clock(run: Run) -> None:
    assert run("clock", "advance", "3d", "--json")["offset_seconds"] == pytest.approx(259_200, abs=1)
    assert run("clock", "freeze", "--json")["rate"] == 0
    assert "standing still" in run("clock", "show")
    assert run("clock", "rate", "60", "--json")["rate"] == 60
    assert run("clock", "thaw", "--json")["rate"] == 1
    assert "is no duration" in run("clock", "advance", "soon", code=2)
    assert "rate from 0" in run("clock", "rate", "1e9", code=2)


def test_faults(run: Run) -> None:
    made = run("faults", "add", "slow", "--org", "hq", "--option", "seconds=0.5", "--times", "1", "--json")
    assert (made["options"], made["times"]) == ({"seconds": 0.5}, 1)
    cut = run("faults", "add", "cut", "--option", "within=true", "--json")
    assert cut["options"] == {"within": True}
    assert [rule["kind"] for rule in run("faults", "list", "--json")] == ["slow", "cut"]
    run("faults", "remove", str(made["id"]))
    assert "0 hits" in run("faults", "list")
    assert "1 removed" in run("faults", "remove")
    assert run("faults", "list") == "none\n"
    assert "there is no kind" in run("faults", "add", "flood", code=2)
    assert "UNABLE_TO_LOCK_ROW" in run("faults", "kinds")


def test_snapshots_and_reset(run: Run) -> None:
    run("clock", "advance", "10d")
    run("snapshot", "save", "ten-days")
    assert [each["name"] for each in run("snapshot", "list", "--json")] == ["ten-days"]
    assert "as it was made" in run("reset")
    assert run("clock", "show", "--json")["offset_seconds"] == 0
    assert "is back" in run("snapshot", "restore", "ten-days")
    assert run("clock", "show", "--json")["offset_seconds"] >= 864_000
    run("snapshot", "delete", "ten-days")
    assert "no snapshot" in run("snapshot", "restore", "ten-days", code=2)


def test_switches_and_claims(run: Run) -> None:
    run("switch", "set", "freeze_ends_sessions", "on", "--org", "hq")
    assert {
        org: values["freeze_ends_sessions"] for org, values in run("switch", "list", "--json").items()
    } == {"hq": 1, "hq-uat": 0}
    assert "hq 1" in run("switch", "list")
    run("switch", "set", "freeze_ends_sessions", "default")
    assert "hq 1" not in run("switch", "list")
    assert "neither on, off" in run("switch", "set", "freeze_ends_sessions", "maybe", code=2)
    claims = run("fidelity", "--json")
    assert all(claim["source"] == "guess" for claim in run("fidelity", "--guesses", "--json"))
    assert len(run("fidelity", "--guesses", "--json")) <= len(claims)


def test_tokens_and_addresses(run: Run) -> None:
    made = run("token", "hq", "--user", "admin@hq.example", "--json")
    assert made["access_token"] == made["access_token"].strip() and "!" in made["access_token"]
    assert "has no user" in run("token", "hq", "--user", "nobody@hq.example", code=2)
    assert "ip-198-51-100-7" in run("env")


def test_without_an_estate_every_command_says_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULKHEAD_HOME", str(tmp_path))
    for words in (["clock", "show"], ["faults", "list"], ["snapshot", "list"], ["switch", "list"]):
        answer = CliRunner().invoke(app, ["sandbox", *words])
        assert (answer.exit_code, "bulkhead sandbox up" in answer.output) == (2, True)


def test_durations() -> None:
    assert duration("1w2d3h4m5.5s") == timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5.5)
    for wrong in ("", "3", "d", "-1d", "3 d"):
        with pytest.raises(ValueError, match="no duration"):
            duration(wrong)
