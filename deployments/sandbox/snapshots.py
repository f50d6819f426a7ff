"""The whole estate put aside under a name and brought back, while it serves."""

import fcntl
import http.client
import json
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deployments.sandbox.clock import Clock
from deployments.sandbox.orgs import Orgs, read_orgs
from deployments.sandbox.schema import load_schema
from deployments.sandbox.state import StateFolder, write_json, write_whole

SEED = ".seed"
"""The estate as it was made; `reset` goes back to it."""
_NAMES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
_CLONE = 0x40049409  # FICLONE of linux/fs.h
_PATIENCE = 30.0


class BadSnapshot(ValueError):
    """There is no such snapshot, or it belongs to another estate; the message says which."""


class Snapshots:
    """
    Saves and restores orgs, AWS, clock and firewall of one running estate.

    Both happen between two requests: nothing else runs meanwhile. `before_save` and `after_restore` are for
    whoever holds more in memory than the orgs' own objects do.
    """

    def __init__(self, folder: StateFolder, orgs: Orgs, clock: Clock, aws_endpoint: str) -> None:
        self._folder, self._orgs, self._clock, self._aws = folder, orgs, clock, aws_endpoint
        self.before_save: list[Callable[[], None]] = []
        self.after_restore: list[Callable[[], None]] = []

    def save(self, name: str) -> dict[str, Any]:
        """Takes the place of a snapshot of the same name. Raises BadSnapshot for a name that is none."""
        began = time.perf_counter()
        for told in self.before_save:
            told()
        target = self._path(name)
        draft = self._folder.snapshots / f".draft-{name}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        for org in self._orgs:
            org.store.copy_to(lambda path: copy_whole(path, draft / path.name))
        self._ask_aws("save", draft / "aws-state.pickle")
        write_json(draft / "clock.json", self._clock.state())
        facts = {"name": name, "at": self._clock.now().isoformat(), "stamp": self._stamp()}
        write_json(draft / "snapshot.json", facts)
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
        return self._facts(target) | {"seconds": round(time.perf_counter() - began, 3)}

    def restore(self, name: str) -> dict[str, Any]:
        """Everything as it was then, the estate's time too. Raises BadSnapshot."""
        began = time.perf_counter()
        source = self._path(name)
        if not (source / "snapshot.json").exists():
            known = ", ".join(each["name"] for each in self.listing()) or "none"
            raise BadSnapshot(f"there is no snapshot {name}; there are: {known}")
        if not self._fits(json.loads((source / "snapshot.json").read_text())):
            raise BadSnapshot(f"snapshot {name} is of an estate that was made otherwise, or on another day")
        for org in self._orgs:
            org.store.discard()
        write_whole(self._folder.restoring, name)
        bring_back(self._folder)
        self._clock.read()
        self._orgs.faults.remove()
        self._orgs.fill(read_orgs(self._folder.orgs, load_schema(), self._clock))
        self._ask_aws("restore", source / "aws-state.pickle")
        for told in self.after_restore:
            told()
        return self._facts(source) | {"seconds": round(time.perf_counter() - began, 3)}

    def listing(self) -> list[dict[str, Any]]:
        """The user's snapshots, oldest first."""
        found = [path.parent for path in self._folder.snapshots.glob("*/snapshot.json")]
        facts = [self._facts(path) for path in found if not path.name.startswith(".")]
        return sorted(facts, key=lambda each: str(each["saved"]))

    def delete(self, name: str) -> None:
        """Raises BadSnapshot when there is none."""
        if not (self._path(name) / "snapshot.json").exists():
            raise BadSnapshot(f"there is no snapshot {name}")
        shutil.rmtree(self._path(name))

    def _path(self, name: str) -> Path:
        if not name or not _NAMES.issuperset(name) or (name.startswith(".") and name != SEED):
            raise BadSnapshot("a snapshot's name has letters, digits, dots, - and _, and no dot in front")
        return self._folder.snapshots / name

    def _facts(self, path: Path) -> dict[str, Any]:
        """
        `at` is the estate's time, `saved` real time (seconds since 1970), `bytes` what it takes on disk.

        `fits`: of this very estate, and not of one that was made otherwise or on another day.
        """
        kept = json.loads((path / "snapshot.json").read_text())
        size = sum(file.stat().st_size for file in path.iterdir())
        saved = (path / "snapshot.json").stat().st_mtime
        return {"name": path.name, "at": kept["at"], "saved": saved, "bytes": size, "fits": self._fits(kept)}

    def _fits(self, facts: dict[str, Any]) -> bool:
        return bool(facts["stamp"] == self._stamp())

    def _stamp(self) -> Any:
        return json.loads(self._folder.seed_stamp.read_text())

    def _ask_aws(self, what: str, file: Path) -> None:
        address = urlsplit(self._aws)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_PATIENCE)
        with closing(connection):
            connection.request("POST", f"/estate/{what}", str(file))
            answer = connection.getresponse()
            if answer.status != 204:
                raise BadSnapshot(f"AWS could not {what}: {answer.read().decode(errors='replace')}")


def bring_back(folder: StateFolder) -> None:
    """Copies the files of a restore that has begun; without one it does nothing. No org may be open."""
    if not folder.restoring.exists():
        return
    source = folder.snapshots / folder.restoring.read_text()
    if not (source / "snapshot.json").exists():
        # Half a restore without its source: only a new estate is whole again.
        folder.seed_stamp.unlink(missing_ok=True)
        folder.restoring.unlink()
        return
    for log in (*folder.orgs.glob("*.sqlite-wal"), *folder.orgs.glob("*.sqlite-shm")):
        # The log of a file that is replaced would be played into its successor.
        log.unlink()
    for kept in source.glob("*.sqlite"):
        copy_whole(kept, folder.orgs / kept.name)
    write_whole(folder.clock, (source / "clock.json").read_bytes())
    write_whole(folder.aws_state, (source / "aws-state.pickle").read_bytes())
    folder.restoring.unlink()


def copy_whole(source: Path, target: Path) -> None:
    """
    Copies a file: without copying its blocks where the file system can share them, never as a hard link.

    Whoever reads `target` meanwhile sees the old file or the new one.
    """
    draft = target.with_name(f".{target.name}.draft")
    with source.open("rb") as read, draft.open("wb") as write:
        try:
            fcntl.ioctl(write.fileno(), _CLONE, read.fileno())
        except OSError:
            shutil.copyfileobj(read, write, 1 << 22)
    draft.chmod(0o600)
    draft.replace(target)
