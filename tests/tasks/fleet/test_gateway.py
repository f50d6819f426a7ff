"""What one run has read waits for the run that joins it, and not for ever."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from stat import S_IMODE
from typing import Any

import pytest

from tasks.errors import ShardLost
from tasks.fleet import gateway
from tasks.fleet.model import Seen

DUE = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
NOTHING = Seen(evidence={}, unreadable={"hq": "why"}, calls={})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shards" / "asker"
    gateway.open_folder(made, DUE)
    return made


def test_what_was_kept_is_read_by_its_own_user(folder: Path) -> None:
    path = gateway.keep(folder, "run", NOTHING)
    assert gateway.kept(folder, "run") and gateway.read(folder, "run") == NOTHING
    assert [S_IMODE(each.stat().st_mode) for each in (folder.parent, folder, path)] == [0o700, 0o700, 0o600]


def test_what_does_not_fit_is_refused_without_showing_it(folder: Path) -> None:
    (folder / "run.json").write_text('{"evidence": {"hq": {"users": "ada@acme.example"}}}')
    with pytest.raises(ShardLost, match="does not fit this version") as refused:
        gateway.read(folder, "run")
    assert "ada" not in str(refused.value)
    with pytest.raises(ShardLost, match="share one BULKHEAD_HOME"):
        gateway.read(folder, "other")


def _without_a_section(stamp: str) -> str:
    return stamp.replace(" transaction_policies", "")


def _with_a_section(stamp: str) -> str:
    return f"{stamp} zones"


def _of_a_version(stamp: str) -> str:
    return stamp.replace("bulkhead ", "bulkhead 9", 1)


@pytest.mark.parametrize("other", [_without_a_section, _with_a_section, _of_a_version])
def test_what_looks_the_same_but_is_of_another_version_is_refused(folder: Path, other: Any) -> None:
    """An older one lacks a section, which would load as empty and pass; a newer one has one that nobody here would look at."""
    path = gateway.keep(folder, "run", NOTHING)
    document = json.loads(path.read_text())
    assert other(document["stamp"]) != document["stamp"]
    path.write_text(json.dumps(document | {"stamp": other(document["stamp"])}))
    with pytest.raises(ShardLost, match="bring all workers to the same one"):
        gateway.read(folder, "run")


def test_where_nobody_opened_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    for refused in (
        lambda: gateway.expect_folder(tmp_path / "asker"),
        lambda: gateway.keep(tmp_path / "asker", "run", NOTHING),
    ):
        with pytest.raises(ShardLost, match="Start the assessment in Prefect's UI"):
            refused()
    (tmp_path / "file").touch()
    with pytest.raises(ShardLost, match="cannot be made"):
        gateway.open_folder(tmp_path / "file" / "asker", DUE)


def test_what_nobody_joined_goes_after_two_days(tmp_path: Path) -> None:
    old, of_before = tmp_path / "old", tmp_path / "run.json"
    gateway.open_folder(old, DUE)
    gateway.keep(old, "run", NOTHING)
    of_before.touch()
    for path in (old, of_before):
        os.utime(path, (DUE.timestamp(), DUE.timestamp()))
    assert gateway.sweep(tmp_path, DUE + gateway.KEPT) == 0 and gateway.kept(old, "run")
    assert gateway.sweep(tmp_path, DUE + 1.01 * gateway.KEPT) == 2 and not any(tmp_path.iterdir())
    assert gateway.sweep(tmp_path / "none", DUE) == 0


def test_what_was_joined_goes(folder: Path) -> None:
    gateway.keep(folder, "run", NOTHING)
    gateway.forget(folder)
    gateway.forget(folder)
    assert not folder.exists()
