"""The estate's files as files."""

from pathlib import Path

import pytest

from deployments.files import read_files
from tasks.errors import ConfigurationError
from tests.tasks.estate.test_read import RIGHT


def test_paths_are_meant_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text(RIGHT.replace("region: eu-central-1", "region: eu-central-1\n  ca_bundle: certs/ca.pem"))
    estate, _ = read_files(file)
    assert estate.cloud.ca_bundle == str(tmp_path / "certs/ca.pem")


def test_mistakes_of_both_files_come_together(tmp_path: Path) -> None:
    (tmp_path / "estate.yaml").write_text(RIGHT.replace("kind: production", "kind: live"))
    (tmp_path / "policy.yaml").write_text("jit: {max_grant: long}\n")
    with pytest.raises(ConfigurationError) as caught:
        read_files(tmp_path / "estate.yaml")
    assert "estate.yaml:5" in str(caught.value) and "policy.yaml:1" in str(caught.value)


def test_a_missing_file_says_where_an_example_is(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="sandbox up"):
        read_files(tmp_path / "estate.yaml")
