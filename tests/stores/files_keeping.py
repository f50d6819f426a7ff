"""
What makes `files` of a kept store: what a version leaves below BULKHEAD_HOME besides databases, with its own code.

It is run as a file with the version's code before it, and each part is left out where the version has no such thing:
`PYTHONPATH=<its tree> python tests/stores/files_keeping.py <kept store>`.
"""

import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

FIRST, DAY = datetime(2026, 11, 2, tzinfo=UTC), timedelta(days=1)
DAYS = 12
ORG, TYPE = "emea", "RestApi"
NOW = FIRST + DAYS * DAY


def keep(folder: Path) -> None:
    files = folder / "files"
    files.mkdir(exist_ok=True)
    _reports(files / "reports")
    _evidence(folder, files)
    _telemetry(files)
    _backup(files)


def _reports(reports: Path) -> None:
    from tasks.audit.gateway import keep_assessment
    from tests.tasks.reports.sample import sample

    made = sample()
    few = tuple(each for each in made.verdicts if each.org in ("hq", "emea"))
    keep_assessment(made.model_copy(update={"verdicts": few}), reports)
    try:
        from tasks.reports.gateway import keep_history
        from tasks.reports.history import run_of
        from tasks.reports.model import History
    except ImportError:
        return
    keep_history(History(estate=made.estate, runs=(run_of(made),)), reports)


def _evidence(folder: Path, files: Path) -> None:
    try:
        from tasks.ledger.evidence import write
        from tasks.ledger.store import Ledger
    except ImportError:
        return
    with tempfile.TemporaryDirectory() as place:
        with closing(sqlite3.connect(f"{place}/ledger.db")) as database:
            database.executescript((folder / "ledger.sql").read_text())
        ledger = Ledger(f"sqlite:///{place}/ledger.db", lambda: NOW)
        with ledger.read() as pages:
            write(pages, files / "evidence.jsonl")
        ledger.close()


def _telemetry(files: Path) -> None:
    """Hourly and daily files, live rows that were compacted, a snapshot; condensed days, where a version makes them."""
    try:
        import polars as pl

        from tasks.telemetry.masks import pseudonyms
        from tasks.telemetry.model import Tier
        from tasks.telemetry.normal import normalise
        from tasks.telemetry.store import TelemetryStore
    except ImportError:
        return

    def calls(day: datetime, tier: Tier, hours: range) -> pl.DataFrame:
        moments = [day + timedelta(hours=hour) for hour in hours]
        texts = {
            "TIMESTAMP_DERIVED": [f"{each:%Y-%m-%dT%H:%M:%S}.000Z" for each in moments],
            "REQUEST_ID": [f"{'live' if tier is Tier.LIVE else 'file'}-{each:%d-%H}" for each in moments],
            "USER_ID_DERIVED": ["005000000000M01AAA"] * len(moments),
            "URI": [f"/services/data/v66.0/sobjects/Account/001000000000{n:03d}AAA" for n in hours],
            "ROWS_PROCESSED": [str(10 + n) for n in hours],
            "METHOD": ["GET"] * len(moments),
            "CLIENT_IP": ["203.0.113.7"] * len(moments),
        }
        return normalise(pl.DataFrame(texts), ORG, tier, pseudonyms(b"k" * 32))

    store = TelemetryStore(str(files / "telemetry"))
    for number in range(DAYS):
        day = FIRST + number * DAY
        # On the first day a daily file comes behind one of hours, and brings what that lacks.
        hourly = ((Tier.HOURLY, range(4)),) if not number else ()
        for tier, hours in (*hourly, (Tier.DAILY, range(6))):
            with store.staging(ORG, TYPE, tier, f"{tier.value}-{number}") as staged:
                staged.add(calls(day, tier, hours))
                staged.publish()
    for hour in range(3):
        store.keep(ORG, TYPE, calls(FIRST, Tier.LIVE, range(hour, hour + 1)), f"look-{hour}")
    store.compact(ORG, TYPE, FIRST.date(), least=2)
    store.keep_snapshot(ORG, "Certificates", pl.DataFrame({"NAME": ["Sync"], "EXPIRES": ["2027-03-31"]}))
    rows = store.rows([ORG], TYPE, FIRST, NOW).collect()
    said = {"rows": rows.height, "sum": rows["ROWS_PROCESSED"].sum(), "history": None}
    try:
        from tasks.anomalies.history_gateway import History
        from tasks.anomalies.model_live import Known
    except ImportError:
        pass
    else:
        history = History(store, ORG)
        found = history.rows(TYPE, FIRST, NOW - DAY, NOW).collect()
        history.keep_known(Known(org=ORG, at=NOW, unread={"API limit": "no right"}))
        said["history"] = found["ROWS_PROCESSED"].sum()
    (files / "telemetry.json").write_text(json.dumps(said) + "\n")


class Kms:
    """KMS that remembers nothing: a data key follows from its wrapped form and its context. In place of a cloud, too."""

    def client(self, _service: str, _region: str | None = None) -> "Kms":
        return self

    def generate_data_key(self, **named: Any) -> dict[str, bytes]:
        blob = sha256(repr(sorted(named["EncryptionContext"].items())).encode()).digest()
        return {"CiphertextBlob": blob, "Plaintext": sha256(b"kept" + blob).digest()}

    def decrypt(self, **named: Any) -> dict[str, bytes]:
        made = self.generate_data_key(**named)
        assert made["CiphertextBlob"] == named["CiphertextBlob"], "its context is another"
        return made


BACKUP = "20261102T050000Z-full"
SOBJECT, KEY = "Thing__c", "alias/kept"
ROWS = [(f"a0{number:016d}", f"named {number}", "2026-11-01T04:00:00.000Z") for number in range(50)]


def _backup(files: Path) -> None:
    """A full backup on disk: rows and components, sealed, under a signed manifest."""
    try:
        from tasks.backups.model import BackupKind, Manifest
        from tasks.backups.places_gateway import UrlPlace
        from tasks.backups.vault_gateway import Vault
        from tests.tasks.backups.test_vault import SHAPE
    except ImportError:
        return
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    from tasks.ledger.signing import Ed25519Signer

    vault = Vault(Kms(), UrlPlace(f"file://{files}/backups"), ORG, KEY)  # type: ignore[arg-type]  # as far as it is asked
    rows = vault.keep_rows(BACKUP, SHAPE, [[*ROWS]], None, None, lambda count: None, began=FIRST)
    metadata = vault.keep_metadata(
        BACKUP, [("ApexClass", {"ApexClass": 1}, {"classes/A.cls": b"class A {}"})], None
    )
    manifest = Manifest(
        id=BACKUP,
        org=ORG,
        org_id="00D000000000001",
        kind=BackupKind.FULL,
        base=BACKUP,
        began=FIRST,
        ended=FIRST + timedelta(minutes=1),
        key=KEY,
        locked_until=None,
        objects=(rows,),
        metadata=metadata,
    )
    # The key that seals kept ledgers, too.
    key = Ed25519PrivateKey.from_private_bytes(sha256(b"key of kept stores").digest())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    vault.vouch(manifest, Ed25519Signer("kept-stores", pem))


if __name__ == "__main__":
    keep(Path(sys.argv[1]).resolve())
