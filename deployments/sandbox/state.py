"""The estate's state folder: what lies where, who may hold it, and how files are written whole."""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROBES, PROBE_SECONDS = 3, 0.05


class StateInUse(Exception):
    """Another estate already serves this state folder."""


@dataclass(frozen=True)
class StateFolder:
    """Paths below one state folder (mode 0700; files with keys or tokens 0600)."""

    root: Path

    @property
    def state_file(self) -> Path:
        return self.root / "state.json"

    @property
    def seed_stamp(self) -> Path:
        """What the seeded files were made from; compared to decide whether they can be used again."""
        return self.root / "seed-stamp.json"

    @property
    def aws_seed(self) -> Path:
        return self.root / "aws-seed.json"

    @property
    def aws_state(self) -> Path:
        """All that AWS holds, as of its last change."""
        return self.root / "aws-state.pickle"

    @property
    def firewall(self) -> Path:
        """The web ACLs that the proxies enforce."""
        return self.root / "firewall.json"

    @property
    def firewall_samples(self) -> Path:
        """What the proxies judged by web ACLs, one JSON object in a line."""
        return self.root / "firewall-samples.jsonl"

    @property
    def clock(self) -> Path:
        return self.root / "clock.json"

    @property
    def restoring(self) -> Path:
        """Names the snapshot whose files are being copied back; there only meanwhile, or after a crash."""
        return self.root / "restoring"

    @property
    def snapshots(self) -> Path:
        return self.root / "snapshots"

    @property
    def aws_credentials(self) -> Path:
        return self.root / "aws-credentials"

    @property
    def estate_file(self) -> Path:
        return self.root / "estate.yaml"

    @property
    def ca_bundle(self) -> Path:
        return self.root / "ca.pem"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def orgs(self) -> Path:
        return self.root / "orgs"

    @property
    def wire(self) -> Path:
        return self.root / "wire.sqlite"

    @property
    def log(self) -> Path:
        return self.root / "estate.log"

    def prepare(self) -> None:
        """Creates the folders, private to the current user."""
        for folder in (self.root, self.keys, self.orgs):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)

    def hold(self) -> int:
        """
        Takes the folder for this process until it ends; the descriptor must stay open.

        Raises StateInUse when another process holds it.
        """
        descriptor = os.open(self.root / "estate.lock", os.O_CREAT | os.O_RDWR, 0o600)
        for _ in range(PROBES):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except OSError:
                # Somebody who only asks whether the folder is held lets go at once.
                time.sleep(PROBE_SECONDS)
        os.close(descriptor)
        raise StateInUse(
            f"an estate already serves {self.root}; stop it first or choose another --state folder"
        )

    def held(self) -> bool:
        """Whether a live process serves the folder right now."""
        try:
            descriptor = os.open(self.root / "estate.lock", os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def read_state(self) -> dict[str, Any] | None:
        """The document written at readiness, or None when there is none."""
        try:
            document: dict[str, Any] = json.loads(self.state_file.read_text())
        except FileNotFoundError:
            return None
        return document


def write_whole(path: Path, content: str | bytes, *, mode: int = 0o600) -> None:
    """Writes a file so that no reader ever sees half of it."""
    data = content.encode() if isinstance(content, str) else content
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    write_whole(path, json.dumps(document, indent=2, sort_keys=True) + "\n")
