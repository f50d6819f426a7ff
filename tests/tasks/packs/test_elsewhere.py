"""On the auditor's machine there is the verifier, the pack and the public key: no installation, no network."""

import os
import subprocess
import sys
from pathlib import Path

from tasks.ledger.model import PublicKey
from tasks.ledger.signing import pem_of
from tasks.packs import container

_ALONE = """
import sys

def refused(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind"):
        raise RuntimeError(event)

sys.addaudithook(refused)
from deployments.cli.main import main
main()
"""


def verified(folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", _ALONE, "verify-evidence", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "BULKHEAD_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_pack_is_verified_with_the_key_alone(tmp_path: Path, packed: bytes, pin: PublicKey) -> None:
    key = tmp_path / f"{pin.key_id}.pem"
    key.write_text(pem_of(pin))
    (tmp_path / "pack.zip").write_bytes(packed)
    code, told = verified(tmp_path, "pack.zip", "--key", key.name)
    assert code == 0 and "as they were written" in told and "NOT" not in told, told
    assert "Meridian Wealth, 2026-Q4" in told and not (tmp_path / "home").exists()
    found, _ = container.unpacked(packed, "pack")
    approved = found["ledger/approvals.jsonl"].replace(b"bob", b"eve")
    (tmp_path / "pack.zip").write_bytes(container.archive({**found, "ledger/approvals.jsonl": approved}))
    code, told = verified(tmp_path, "pack.zip", "--key", key.name)
    assert code == 1 and "ledger/approvals.jsonl: its content is not what was written" in told, told
