"""What has to be on disk before an estate can serve: keys, and orgs that are seeded or found as they were left."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from deployments.sandbox import aws
from deployments.sandbox.clock import Clock
from deployments.sandbox.pki import Pki, open_pki
from deployments.sandbox.schema import VERSION
from deployments.sandbox.snapshots import SEED, bring_back
from deployments.sandbox.state import StateFolder, write_json, write_whole

Settings = dict[str, Any]
Seeder = Callable[[Path, Settings, Pki, Clock], None]
"""Writes `orgs/*.sqlite`, `aws-seed.json` and the files for clients into the state folder."""


def prepare(
    folder: StateFolder, settings: Settings, seeder: Seeder, *, keep: bool = False
) -> tuple[Pki, Clock]:
    """
    Keys, and a seeded estate: the one that is there when its settings are the same, else a new one.

    An estate of another day is made anew too, because what was seeded as a week old no longer is; `keep` leaves
    it, with all that was done to it.
    """
    pki = open_pki(folder.keys, datetime.now(UTC))
    write_whole(folder.ca_bundle, pki.server_ca.certificate)
    write_whole(folder.aws_credentials, aws.CREDENTIALS)
    stamp = {**settings, "schema": VERSION, "day": f"{datetime.now(UTC):%Y-%m-%d}", "code": _fingerprint()}
    bring_back(folder)
    if _fits(folder, stamp, keep=keep):
        return pki, Clock(folder.clock)
    folder.seed_stamp.unlink(missing_ok=True)
    files = (folder.clock, folder.aws_state, folder.firewall, folder.firewall_samples)
    for stale in (*folder.orgs.glob("*.sqlite*"), *folder.root.glob("wire.sqlite*"), *files):
        stale.unlink(missing_ok=True)
    shutil.rmtree(folder.snapshots / SEED, ignore_errors=True)
    clock = Clock(folder.clock)
    seeder(folder.root, settings, pki, clock)
    write_json(folder.seed_stamp, stamp)
    return pki, clock


def _fits(folder: StateFolder, stamp: Settings, *, keep: bool) -> bool:
    """Whether the estate on disk is whole and the one that is wanted."""
    if not folder.seed_stamp.exists() or not (folder.snapshots / SEED).exists():
        return False
    found = json.loads(folder.seed_stamp.read_text())
    return bool(found == stamp or (keep and {**found, "day": stamp["day"]} == stamp))


def _fingerprint() -> str:
    """Of what seeds: an estate made by other code, or on another day, would no longer fit its answer key."""
    here = Path(__file__).parent
    digest = sha256()
    for source in sorted((*here.glob("seed/**/*.py"), *here.glob("schema/*.yaml"))):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def seed_meridian(root: Path, settings: Settings, pki: Pki, clock: Clock) -> None:
    """The estate of Meridian Wealth."""
    from deployments.sandbox.seed import seed_estate

    seed_estate(
        root,
        seed=settings["seed"],
        users=settings["users"],
        plants=settings["plants"],
        pki=pki,
        clock=clock,
        light=settings["light"],
    )
