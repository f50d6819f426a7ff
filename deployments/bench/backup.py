"""`bulkhead bench backup`: a whole org into S3, compared with the org's own file, and back into a sandbox, through Prefect."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from deployments import server
from deployments.bench.rotation_setup import Administrator
from deployments.register import register_files
from deployments.settings import Home, on_its_own
from tasks.aws.objects import Bucket
from tasks.backups.ledger_gateway import keys_that_count
from tasks.backups.places_gateway import BucketPlace
from tasks.backups.vault_gateway import Vault
from tasks.errors import ConfigurationError
from tasks.ledger.model import EntryKind
from tasks.orgs import open_cloud, open_ledger, open_signer

BUCKET, SANDBOX = "meridian-bench-backups", "hq-uat"
MIB = 512.0
_AT_ONCE = 200
_TEXTS = frozenset({"id", "reference", "string", "textarea", "phone", "email", "url", "picklist", "date"})
_RUN = """
import json, sys, time
from deployments.bench.memory import peak_mib
from flows.backups import back_up_orgs
from flows.drills import restore_drill
from flows.plans import apply_plan, approve_plan
def approved(digest):
    for person in ("bench-2", "bench-3"):
        approve_plan(digest=digest, approver=person, reason="a bench")
    return digest
began = time.perf_counter()
done = {call}
seconds = time.perf_counter() - began
print(json.dumps({{"seconds": seconds, "mib": peak_mib(), "done": done.model_dump(mode="json")}}), file=open(sys.argv[1], "w"))
"""


@dataclass(frozen=True)
class BackupFigures:
    """
    `backup_*` and `drill_*` are of two processes of their own, the plan of the drill, its approvals and its apply included. `wrong` counts records of the backup that are not as the org's
    own file has them, judged without the product's reading of the org; `equal` those that came out of the sandbox as they
    were. `clear` counts stored files in which a known text of the org stands in the clear.
    """

    org: str
    records: int
    stored_mb: float
    backup_seconds: float
    backup_peak_mib: float
    wrong: int
    clear: int
    drill_seconds: float
    drill_peak_mib: float
    restored: int
    equal: int
    left: int
    rpo_minutes: float
    rto_minutes: float

    @property
    def good(self) -> bool:
        return (
            self.records > 0
            and self.equal == self.records
            and not (self.wrong or self.clear or self.left)
            and max(self.backup_peak_mib, self.drill_peak_mib) <= MIB
        )

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "good": self.good}


@on_its_own()
def measure_backup(
    records: int = 200_000, users: int = 200, seed: int = 0, tell: Callable[[str], None] = lambda text: None
) -> BackupFigures:
    """Raises ConfigurationError when something does not start and for too few records, CalledProcessError when a run fails."""
    home = Home(Path(tempfile.mkdtemp(prefix="bulkhead-bench-")))
    try:
        running = server.up(home, port=server.free_port(), users=users, seed=seed, schedules=False, tell=tell)
        home.enter(running.port)
        org, sizes = _org_of(home.estate / "orgs", records)
        more = records - sum(sizes.values())
        tell(f"{org} gets {more:,} contacts more")
        _fill(home.estate, org, more)
        register_files(*_documents(home.estate, home.root, org))
        _bucket()
        tell("the backup begins")
        kept = _run(home, running.port, f"back_up_orgs(orgs=[{org!r}])[0]")
        wrong, clear, size = _judged(org, home.estate / "orgs")
        tell("the drill begins")
        asked = f"requester='bench-1', org={org!r}, target={SANDBOX!r}"
        drilled = _run(home, running.port, f"apply_plan(digest=approved(restore_drill({asked})))")
        return _figures(org, kept, drilled, _noted(org), wrong, clear, size)
    finally:
        server.down(home)
        shutil.rmtree(home.root, ignore_errors=True)


def _org_of(orgs: Path, records: int) -> tuple[str, dict[str, int]]:
    """The largest production org that is no larger than asked for, and what it has of each object."""
    found = {}
    for file in sorted(orgs.glob("*.sqlite")):
        if file.stem == SANDBOX:
            continue
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            found[file.stem] = {name: _count(database, name) for name in _objects()}
    fitting = {org: sizes for org, sizes in found.items() if sum(sizes.values()) <= records}
    if not fitting:
        least = min(sum(sizes.values()) for sizes in found.values())
        raise ConfigurationError(
            f"The smallest org has {least:,} records. Ask for as many or more with --records."
        )
    org = max(fitting, key=lambda name: sum(fitting[name].values()))
    return org, fitting[org]


def _objects() -> tuple[str, ...]:
    return (
        "Account",
        "Contact",
        "Opportunity",
        "Case",
        "Lead",
        "Portfolio__c",
        "Transaction__c",
        "KYC_Check__c",
    )


def _count(database: sqlite3.Connection, name: str) -> int:
    (count,) = database.execute(f'SELECT COUNT(*) FROM "{name}" WHERE IsDeleted = 0').fetchone()
    return int(count)


def _fill(estate: Path, org: str, count: int) -> None:
    """As an administrator over REST, in collections."""
    admin = Administrator(estate, org)
    try:
        account = admin.rows("SELECT Id FROM Account LIMIT 1")[0]["Id"]
        for start in range(0, count, _AT_ONCE):
            rows = [
                {
                    "attributes": {"type": "Contact"},
                    "LastName": f"Filler {number}",
                    "AccountId": account,
                    "Email": f"filler.{number}@meridian.example",
                }
                for number in range(start, min(start + _AT_ONCE, count))
            ]
            answers = admin.rest("POST", "composite/sobjects", json={"allOrNone": True, "records": rows})
            if not all(each["success"] for each in answers):
                raise ValueError(f"{org} refuses contacts")
    finally:
        admin.close()


def _documents(estate: Path, into: Path, org: str) -> tuple[Path, Path]:
    policy = yaml.safe_load((estate / "policy.yaml").read_text())
    policy["backups"] |= {"buckets": {org: BUCKET}, "lock": "P1D", "drills": [SANDBOX]}
    (into / "estate.yaml").write_text((estate / "estate.yaml").read_text())
    (into / "policy.yaml").write_text(yaml.safe_dump(policy, sort_keys=False))
    return into / "estate.yaml", into / "policy.yaml"


def _bucket() -> None:
    cloud = open_cloud()
    key = cloud.client("kms").create_key(Description="backups of a bench")["KeyMetadata"]["KeyId"]
    s3 = cloud.client("s3")
    where = {"LocationConstraint": s3.meta.region_name}
    s3.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True, CreateBucketConfiguration=where)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})


def _run(home: Home, port: int, call: str) -> dict[str, Any]:
    told = home.root / "told.json"
    with (home.logs / "bench.log").open("ab") as log:
        subprocess.run(
            [sys.executable, "-c", _RUN.format(call=call), str(told)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **home.environment(port)},
            check=True,
        )
    found: dict[str, Any] = json.loads(told.read_text())
    return found


def _judged(org: str, orgs: Path) -> tuple[int, int, int]:
    """Records that are not as in the org's own file, files with a text of the org in the clear, and bytes that lie there."""
    cloud = open_cloud()
    bucket = Bucket(cloud, BUCKET)
    key = bucket.default_key()
    vault = Vault(cloud, BucketPlace(bucket, key), org, key)
    with open_ledger() as ledger:
        (kept,), _ = vault.kept(keys_that_count(ledger, open_signer()))
    manifest, wrong = kept.manifest, 0
    marks = set()
    with sqlite3.connect(f"file:{orgs / f'{org}.sqlite'}?mode=ro", uri=True) as database:
        for each in manifest.objects:
            columns = [column.name for column in each.shape.columns if column.type in _TEXTS]
            at = [each.shape.names.index(name) for name in columns]
            listed = ", ".join(f'"{name}"' for name in columns)
            rows = {tuple(row[place] for place in at) for row in vault.rows([manifest], each.shape.name)}
            own = {
                tuple(cell or None for cell in row)
                for row in database.execute(f'SELECT {listed} FROM "{each.shape.name}" WHERE IsDeleted = 0')
            }
            wrong += len(rows ^ own)
            if "Name" in columns and own:
                marks.add(str(min(row[columns.index("Name")] or "" for row in own)))
    clear = size = 0
    for stored in bucket.versions("bulkhead/"):
        size += stored.size
        if stored.key.endswith(".sealed"):
            body = bucket.read(stored.key, stored.version, 0, stored.size)
            clear += b"PAR1" in body or any(len(mark) > 5 and mark.encode() in body for mark in marks)
    return wrong, clear, size


def _noted(org: str) -> dict[str, Any]:
    """What the drill has noted in the ledger about itself."""
    with open_ledger() as ledger:
        notes = ledger.entries(EntryKind.EVIDENCE, subject=f"backup {org}")
    return next(entry.body for entry in reversed(notes) if entry.body["step"] == "drilled")


def _figures(
    org: str,
    kept: dict[str, Any],
    drilled: dict[str, Any],
    noted: dict[str, Any],
    wrong: int,
    clear: int,
    size: int,
) -> BackupFigures:
    return BackupFigures(
        org=org,
        records=kept["done"]["rows"],
        stored_mb=size / 1e6,
        backup_seconds=kept["seconds"],
        backup_peak_mib=kept["mib"],
        wrong=wrong,
        clear=clear,
        drill_seconds=drilled["seconds"],
        drill_peak_mib=drilled["mib"],
        restored=noted["restored"],
        equal=noted["equal"],
        left=noted["left"],
        rpo_minutes=noted["rpo_minutes"],
        rto_minutes=noted["rto_minutes"],
    )


def as_text(figures: BackupFigures) -> str:
    verdict = "good" if figures.good else "NOT GOOD"
    return (
        f"{figures.org}, {figures.records:,} records: backed up in {figures.backup_seconds:.1f} s with {figures.backup_peak_mib:.0f} MiB, "
        f"{figures.stored_mb:.1f} MB sealed, {figures.wrong} records otherwise than in the org, {figures.clear} files in clear; "
        f"restored into {SANDBOX}, compared and removed in {figures.drill_seconds:.1f} s with {figures.drill_peak_mib:.0f} MiB (at most "
        f"{MIB:.0f}): {figures.equal:,} equal, {figures.left} left behind; RPO {figures.rpo_minutes:.1f} min, "
        f"RTO {figures.rto_minutes:.1f} min: {verdict}"
    )
