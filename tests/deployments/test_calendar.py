"""`bulkhead calendar`: the credential calendar of the last assessment, without a server."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deployments.cli.main import app
from tasks.audit.gateway import keep_assessment
from tasks.credentials.schedule import scheduled
from tasks.estate.model_rotation import RotationPolicy
from tests.tasks.reports.sample import sample


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BULKHEAD_HOME", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(app, ["calendar", *arguments])


@pytest.fixture
def kept(tmp_path: Path) -> None:
    made = sample()
    made = made.model_copy(update={"ages": scheduled(made.ages, RotationPolicy())})
    keep_assessment(made, tmp_path / "reports")


def test_what_is_due_first_comes_first(run, kept: None) -> None:
    answer = run()
    assert answer.exit_code == 0
    lines = answer.stdout.splitlines()
    assert "overdue" in lines[0] and "salesforce/hq/api-key" in lines[0]
    rows = json.loads(run("--json").stdout)
    assert [row["state"] for row in rows] == ["overdue", "in time"]


def test_it_writes_a_file_for_other_calendars(run, kept: None, tmp_path: Path) -> None:
    file = tmp_path / "credentials.ics"
    assert run("--ics", str(file)).exit_code == 0
    text = file.read_bytes()
    assert text.startswith(b"BEGIN:VCALENDAR\r\n") and text.count(b"BEGIN:VEVENT") == 2


def test_without_an_assessment_it_says_what_to_do(run) -> None:
    assert run().exit_code == 2
