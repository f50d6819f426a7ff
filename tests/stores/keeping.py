"""
What makes a kept store, and reads one.

A store is a folder: `ledger.sql` (the ledger's SQLite file as statements), `estate.yaml` and `policy.yaml`, `deployments.json`
(what was registered with Prefect) and `read.json` (what the version that wrote it read in it again). No secret is in any of them.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from prefect.deployments.runner import RunnerDeployment
from pydantic import JsonValue

from tasks.ledger.signing import Ed25519Signer
from tasks.ledger.store import Ledger

KEPT = Path(__file__).parent / "kept"
START = datetime(2026, 11, 20, 16, tzinfo=UTC)


def stores(place: Path = KEPT) -> list[Path]:
    """In the order in which they were kept, which their numbers say."""
    return sorted(place.iterdir(), key=lambda each: int(each.name.partition("-")[0]))


class Ticking:
    """A clock that goes on by a second with every look."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def rooms() -> Mapping[str, ModuleType]:
    package = import_module("tests.stores.rooms")
    names = sorted(each.name for each in iter_modules(package.__path__))
    return {name: import_module(f"{package.__name__}.{name}") for name in names}


def signer() -> Ed25519Signer:
    """A key for stores that are kept; it seals nothing else."""
    key = Ed25519PrivateKey.from_private_bytes(sha256(b"key of kept stores").digest())
    return Ed25519Signer(
        "kept-stores", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    )


def write(file: Path, parts: Mapping[str, ModuleType]) -> None:
    """What every room keeps, sealed in the middle and at the end."""
    ledger = Ledger(f"sqlite:///{file}", Ticking())
    for name, part in parts.items():
        part.write(ledger)
        if name == "certificates":
            ledger.seal(signer())
    ledger.seal(signer())
    ledger.close()


def read(file: Path, parts: Mapping[str, ModuleType]) -> dict[str, JsonValue]:
    """What each room reads there, and where the chain ends."""
    ledger = Ledger(f"sqlite:///{file}", Ticking(START + timedelta(hours=1)))
    with ledger.read() as pages:
        head, sealed = pages.head(), pages.sealed()
    found = {name: part.read(ledger) for name, part in parts.items()}
    ledger.close()
    return {"chain": {"head": head.model_dump(), "sealed": sealed}, "rooms": found}


def dumped(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return "\n".join(database.iterdump()) + "\n"


def restored(statements: str, file: Path) -> Path:
    with closing(sqlite3.connect(file)) as database:
        database.executescript(statements)
    return file


def described(job: RunnerDeployment) -> dict[str, Any]:
    """What of a deployment outlives its version."""
    return {
        "flow": job.flow_name,
        "name": job.name,
        "entrypoint": job.entrypoint,
        "tags": sorted(job.tags),
        "parameters": job.parameters,
        "schedules": [
            each.model_dump(mode="json", include={"slug", "schedule", "active"})
            for each in job.schedules or ()
        ],
    }


def as_text(document: JsonValue) -> str:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2).decode() + "\n"
