"""`bulkhead sandbox attack` on a whole estate: everything is reached before hardening, nothing after it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deployments.cli.main import app
from tests.running import RunningEstate

Run = Callable[..., Any]


@pytest.fixture
def run(estate: RunningEstate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    (tmp_path / "estate").symlink_to(estate.folder)
    monkeypatch.setenv("BULKHEAD_HOME", str(tmp_path))

    def command(*words: str, code: int = 0) -> Any:
        answer = CliRunner().invoke(app, ["sandbox", *words])
        assert answer.exit_code == code, answer.output
        return json.loads(answer.stdout) if "--json" in words else answer.output

    return command


def test_everything_is_reached_before_and_nothing_after(run: Run) -> None:
    played = run("attack", "--json")

    assert set(played) == {"phished-admin", "stolen-key"}
    for name, rehearsal in played.items():
        assert [each["step"] for each in rehearsal["before"] if not each["reached"]] == [], name
        assert [each["step"] for each in rehearsal["after"] if each["reached"]] == [], name
        assert len(rehearsal["before"]) == len(rehearsal["after"]) == 8
        assert rehearsal["measures"]


def test_the_estate_is_as_it_was_afterwards(run: Run) -> None:
    before = run("attack", "stolen-key")
    again = run("attack", "stolen-key")

    assert again == before
    assert "reached: 8 of 8 before, 0 of 8 after" in before
    assert "before-attack" not in run("snapshot", "list")


def test_an_attack_that_is_not_known(run: Run) -> None:
    assert "phished-admin, stolen-key" in run("attack", "flood", code=2)
