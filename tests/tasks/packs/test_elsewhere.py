"""On the auditor's machine there is the verifier, the pack and the public key: no installation, no network."""

import io
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

import pytest

from deployments.verifier import NEEDS, write_verifier
from tasks.ledger import evidence
from tasks.ledger.model import Problem, PublicKey
from tasks.ledger.signing import Ed25519Signer, new_key, pem_of
from tasks.ledger.store import Ledger
from tasks.packs import container, gateway
from tasks.packs.verifier_gateway import pack_lines, verdict_lines
from tests.tasks.packs.conftest import unsealed

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


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty virtual environment with what the verifier says that it needs, and nothing of ours but its one file."""
    folder = tmp_path_factory.mktemp("machine")
    venv.create(folder / "venv", with_pip=False)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    for name in needed(NEEDS):
        found = distribution(name)
        for top in {
            file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")
        }:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(found.locate_file(top))))
    write_verifier(folder / "verify.pyz")
    (folder / "home").mkdir()
    return folder


def needed(names: tuple[str, ...]) -> set[str]:
    """With all that they need themselves, extras left out."""
    found: set[str] = set()
    left = [*names]
    while left:
        if (name := left.pop()) in found:
            continue
        found.add(name)
        asked = distribution(name).requires or ()
        left += [
            each.split(";")[0].split("[")[0].strip(" <>=!~.0123456789,")
            for each in asked
            if "extra" not in each and "python_version" not in each
        ]
    return found


def alone(machine: Path, *words: str) -> tuple[int, str]:
    """Without any of our variables, in a home that is empty before and after."""
    done = subprocess.run(
        [str(machine / "venv" / "bin" / "python"), "-B", "-s", str(machine / "verify.pyz"), *words],
        cwd=machine,
        env={"PATH": "/usr/bin:/bin", "HOME": str(machine / "home")},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert not list((machine / "home").iterdir())
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def brought(machine: Path, packed: bytes, pin: PublicKey) -> Mapping[str, bytes]:
    """The pack and the key are there; gives the files of the pack."""
    (machine / f"{pin.key_id}.pem").write_text(pem_of(pin))
    (machine / "pack.zip").write_bytes(packed)
    return container.unpacked(packed, "pack")[0]


def test_the_verifier_is_one_file_that_needs_nothing_of_ours(
    machine: Path, brought: Mapping[str, bytes], pin: PublicKey
) -> None:
    key = ("--key", f"{pin.key_id}.pem")
    code, told = alone(machine, "pack.zip", *key)
    assert code == 0 and "as they were written" in told and "NOT" not in told, told
    (machine / "evidence.jsonl").write_bytes(brought["ledger.jsonl"])
    code, told = alone(machine, "evidence.jsonl", *key)
    assert code == 0 and "7 entries" in told, told
    code, told = alone(machine, "verify.pyz", *key)
    assert code == 2 and "is no evidence file" in told, told
    code, told = alone(machine, "pack.zip", "--key", "pack.zip")
    assert code == 2 and "no public key" in told, told


def test_there_what_somebody_else_sealed_or_nobody_is_not_vouched_for(
    machine: Path, brought: Mapping[str, bytes], ledger: Ledger, pin: PublicKey
) -> None:
    key = ("--key", f"{pin.key_id}.pem")
    forged = unsealed(ledger, Ed25519Signer("ledger-9", new_key()))
    (machine / "pack.zip").write_bytes(forged)
    code, told = alone(machine, "pack.zip", *key)
    assert code == 1 and "by the key ledger-9, which nothing vouches for" in told, told
    assert "ledger.jsonl: entries 8 to 9 are under no signature" in told, told
    lines = brought["ledger.jsonl"].splitlines(keepends=True)
    bare = [line for line in lines[:-1] if not line.startswith(b'{"checkpoint"')]
    (machine / "evidence.jsonl").write_bytes(b"".join([*bare, b'{"checkpoints":0,"entries":7}\n']))
    code, told = alone(machine, "evidence.jsonl", *key)
    assert code == 1 and "entry 7: no key that you trust sealed any of it" in told, told


def test_there_every_kind_of_change_is_named(
    machine: Path, brought: Mapping[str, bytes], pin: PublicKey
) -> None:
    turned = dict([*brought.items()][::-1])
    touched = {**brought, "ledger/approvals.jsonl": brought["ledger/approvals.jsonl"].replace(b"bob", b"eve")}
    missing = {name: content for name, content in brought.items() if name != "ledger/plans.jsonl"}
    for changed, named in (
        (touched, "ledger/approvals.jsonl: its content is not what was written"),
        (missing, "ledger/plans.jsonl: it is missing"),
        ({**brought, "more.txt": b"x"}, "more.txt: it was added"),
        (turned, "pack.zip: its files are not in the order in which they were written"),
    ):
        (machine / "pack.zip").write_bytes(container.archive(changed))
        code, told = alone(machine, "pack.zip", "--key", f"{pin.key_id}.pem")
        assert code == 1 and named in told, told
    out = io.BytesIO(container.archive(brought))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as target:
        target.writestr("readme.txt", "another")
    (machine / "pack.zip").write_bytes(out.getvalue())
    code, told = alone(machine, "pack.zip")
    assert code == 1 and "readme.txt: it is there twice" in told, told


@pytest.mark.parametrize(
    "name", ["a\x1b[2K\x1b[1A\rb", "more\nit is as it was written", "a\u202eb", "a\x9b2Jb"]
)
def test_names_within_a_pack_give_the_terminal_no_orders(name: str, tmp_path: Path, packed: bytes) -> None:
    """They could wipe out the line that says NOT."""
    found, _ = container.unpacked(packed, "pack")
    manifest = found[container.MANIFEST].replace(b"Meridian", b"\\u001b[2JMeridian")
    for changed in ({**found, name: b"x"}, {**found, container.MANIFEST: manifest}):
        (tmp_path / "pack.zip").write_bytes(container.archive(changed))
        lines = list(pack_lines(gateway.check(tmp_path / "pack.zip")))
        assert all(line.isprintable() for line in lines), lines
        assert "NOT as they were written" in lines[0]
    problem = Problem(sequence=1, what=f"it says {name}")
    verdict = evidence.check_content(found[gateway.LEDGER], "it")[0].model_copy(
        update={"problems": (problem,)}
    )
    assert all(line.isprintable() for line in verdict_lines(verdict, anchored=True))


def test_other_letters_than_ours_stay_as_they_are(tmp_path: Path, packed: bytes) -> None:
    found, _ = container.unpacked(packed, "pack")
    (tmp_path / "pack.zip").write_bytes(container.archive({**found, "ärzte 東京.txt": b"x"}))
    assert "  ärzte 東京.txt: it was added" in pack_lines(gateway.check(tmp_path / "pack.zip"))
