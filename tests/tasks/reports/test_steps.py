"""Publishing: which artifacts, under which keys, and which files."""

import re
from pathlib import Path
from typing import Any

import pytest

from tasks.reports import steps
from tests.tasks.reports.sample import sample


def test_every_artifact_has_a_valid_key_and_a_description(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(steps, "create_markdown_artifact", lambda **given: made.append(given))
    monkeypatch.setattr(steps, "create_table_artifact", lambda **given: made.append(given))
    steps.publish_scoreboard.fn(sample())
    steps.publish_findings.fn(sample())
    steps.publish_blast_radius.fn(sample())
    written = steps.publish_report.fn(sample(), tmp_path)
    keys = {artifact["key"] for artifact in made}
    named = {f"assessment-{name}" for name in ("scoreboard", "findings", "blast-radius", "report")}
    assert keys == named | {
        f"assessment-{o}" for o in ("hq", "emea", "apac", "compliance", "hq-uat", "latam")
    }
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)
    assert all(len(artifact["description"]) > 40 for artifact in made)
    assert (tmp_path / "latest.html").read_text() == written.read_text()
    endings = ("html", "json", "csv", "sarif", "ocsf.json")
    assert {p.name for p in tmp_path.iterdir()} == {
        f"{stem}.{ending}" for stem in ("latest", written.stem) for ending in endings
    }


def test_an_org_named_like_an_artifact_does_not_replace_it() -> None:
    assert steps.org_key("findings") == "assessment-org-findings"
    assert steps.org_key("hq") == "assessment-hq"


def test_a_mistake_in_the_inputs_of_the_calculator_costs_no_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(steps, "create_markdown_artifact", lambda **given: None)
    (tmp_path / "roi.yaml").write_text("name: [")
    written = steps.publish_report.fn(sample(), tmp_path / "reports")
    assert "These are not your figures" in written.read_text()
    assert "is no YAML" in caplog.text
