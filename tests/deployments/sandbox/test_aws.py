"""AWS beside the orgs: seeded, with stage moves that hold, and gone when the estate is."""

import json
import signal
import subprocess
import sys
from datetime import UTC
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from deployments.sandbox.aws import PROFILE
from tests.deployments.sandbox.processes import ended, started
from tests.running import RunningEstate


def secrets_manager(estate: RunningEstate, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(estate.folder / "aws-credentials"))
    session = boto3.Session(profile_name=PROFILE)
    return session.client(
        "secretsmanager", endpoint_url=estate.env["aws_endpoint"], config=Config(proxies={})
    )


def test_the_seed_is_there_under_the_written_profile(
    miniature: RunningEstate, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = secrets_manager(miniature, monkeypatch)

    assert json.loads(client.get_secret_value(SecretId="bulkhead/hq/scanner")["SecretString"]) == {
        "consumerKey": "3MVG9.jwt.hq"
    }
    described = client.describe_secret(SecretId="bulkhead/hq/scanner")
    assert described["CreatedDate"].astimezone(UTC).isoformat() == "2026-01-02T00:00:00+00:00"
    assert described["LastChangedDate"].astimezone(UTC).isoformat() == "2026-02-03T00:00:00+00:00"
    assert "LastRotatedDate" not in described


def test_a_moved_current_label_is_what_a_plain_read_returns(
    miniature: RunningEstate, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = secrets_manager(miniature, monkeypatch)
    old = client.create_secret(Name="rotating", SecretString="old")["VersionId"]
    new = client.put_secret_value(SecretId="rotating", SecretString="new", VersionStages=["AWSPENDING"])[
        "VersionId"
    ]
    assert client.get_secret_value(SecretId="rotating")["SecretString"] == "old"

    client.update_secret_version_stage(
        SecretId="rotating", VersionStage="AWSCURRENT", MoveToVersionId=new, RemoveFromVersionId=old
    )

    assert client.get_secret_value(SecretId="rotating")["SecretString"] == "new"
    previous = client.get_secret_value(SecretId="rotating", VersionStage="AWSPREVIOUS")
    assert previous["SecretString"] == "old"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_aws_ends_with_the_estate_however_that_ends(tmp_path: Path, end: signal.Signals) -> None:
    process, state = started(tmp_path / "state")

    process.send_signal(end)
    code = process.wait(timeout=20)

    assert code == (0 if end is signal.SIGTERM else -end)
    assert ended(state["aws_pid"])
    assert (tmp_path / "state" / "state.json").exists() == (end is signal.SIGKILL)


@pytest.mark.slow
def test_a_second_start_uses_the_seeded_files_again_and_another_seed_does_not(tmp_path: Path) -> None:
    def key_after_a_run(*options: str) -> str:
        process, _ = started(tmp_path / "state", *options)
        process.terminate()
        process.wait(timeout=20)
        return (tmp_path / "state" / "keys" / "app.key").read_text()

    first = key_after_a_run()
    assert key_after_a_run() == first
    assert key_after_a_run("--seed", "1") != first


def test_a_second_estate_on_a_live_folder_is_refused(miniature: RunningEstate) -> None:
    command = [sys.executable, "-m", "deployments.sandbox", "serve", "--state", str(miniature.folder)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert second.returncode == 2
    assert "already serves" in second.stderr
