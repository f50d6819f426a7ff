"""What one run has read waits in a file for the run that joins it: all workers share BULKHEAD_HOME."""

import os
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree

from pydantic import TypeAdapter, ValidationError

from tasks.audit.model import OrgEvidence
from tasks.errors import ShardLost
from tasks.fleet.model import Seen

KEPT = timedelta(days=2)
"""How long such files stay where nobody took them away. They are as confidential as reports, and of no use once they were joined."""
_SHARE = "whoever starts an assessment and all workers have to share one BULKHEAD_HOME"


def _stamp() -> str:
    """A section that another version did not know would load as empty, and what is empty passes."""
    return f"bulkhead {version('bulkhead')}: {' '.join(sorted(each.name for each in fields(OrgEvidence)))}"


@dataclass(frozen=True, kw_only=True)
class _File:
    seen: Seen
    stamp: str = field(default_factory=_stamp)


@dataclass(frozen=True, kw_only=True)
class _Stamped:
    stamp: str


_FILE, _STAMPED = TypeAdapter(_File), TypeAdapter(_Stamped)


def open_folder(folder: Path, now: datetime) -> None:
    """
    For the current user only. Whoever starts runs opens it before, and by it they know that they share its disk. Takes old ones
    beside it away. Raises ShardLost where it cannot be made.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        os.utime(folder)
    except OSError as error:
        raise ShardLost(f"{folder} cannot be made ({os.strerror(error.errno or 0)})") from None
    sweep(folder.parent, now)


def expect_folder(folder: Path) -> None:
    """Raises ShardLost where nobody has opened it on this disk: what is read here would be found by nobody."""
    if not folder.is_dir():
        raise ShardLost(
            f"{folder} is not there: {_SHARE}. Start the assessment in Prefect's UI, and a worker runs it; where that is so "
            "already, give all workers the same BULKHEAD_HOME"
        )


def keep(folder: Path, run: str, seen: Seen) -> Path:
    """
    Writes the whole file or nothing, for the current user only; `run` is the id of the run that has read. Raises ShardLost where
    the folder is not there.
    """
    expect_folder(folder)
    path = _path(folder, run)
    temporary = path.with_suffix(".part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_FILE.dump_json(_File(seen=seen)))
    temporary.replace(path)
    return path


def kept(folder: Path, run: str) -> bool:
    return _path(folder, run).is_file()


def read(folder: Path, run: str) -> Seen:
    """Raises ShardLost where it is not there or is of another version."""
    try:
        content = _path(folder, run).read_bytes()
        # Before all else: what another version wrote may well look like ours.
        if _STAMPED.validate_json(content).stamp == _stamp():
            return _FILE.validate_json(content).seen
    except FileNotFoundError:
        raise ShardLost(f"what it read is not in {folder}; {_SHARE}") from None
    except ValidationError:
        pass  # its text would show values
    raise ShardLost("what it read does not fit this version; bring all workers to the same one")


def forget(folder: Path) -> None:
    """Once it was joined; a file that does not go now goes when it is old."""
    rmtree(folder, ignore_errors=True)


def sweep(root: Path, now: datetime) -> int:
    """Takes away what is older than KEPT, whoever left it there; gives how much that was."""
    gone = 0
    for path in root.glob("*"):
        try:
            if now.timestamp() - path.stat().st_mtime <= KEPT.total_seconds():
                continue
            if path.is_dir():
                rmtree(path)
            else:
                path.unlink()
            gone += 1
        except FileNotFoundError:
            continue  # another worker was first
    return gone


def _path(folder: Path, run: str) -> Path:
    return folder / f"{run}.json"
