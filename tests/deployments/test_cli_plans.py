"""Plans, grants, evidence and access questions from the command line, on a registered estate."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.product import Product

SYNC_USER = "sync.hq-emea-account@emea.meridian.example"
ROUTE = "HQ_to_EMEA_Account_Sync"


class Run(Protocol):
    def __call__(self, *words: str, code: int = 0) -> str: ...


@pytest.fixture
def run(product: Product) -> Run:
    """Runs a command beside the product; gives all that it printed."""

    def command(*words: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "deployments.cli", *words],
            env={**os.environ, "BULKHEAD_HOME": str(product.home.root)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stderr[-2000:]
        return done.stdout + done.stderr

    return command


@pytest.mark.slow
def test_a_question_of_access_is_answered_with_every_reason(run: Run) -> None:
    asked = ("check-access", "--org", "emea", "--user", SYNC_USER, "--object", "Account")
    assert "allowed" in run(*asked, "--field", "Phone", "--operation", "edit")
    refused = run(*asked, "--field", "SSN__c", "--explain", "--route", ROUTE, code=1)
    assert "SSN__c may not be read" in refused and f"SSN__c is not declared for {ROUTE}" in refused
    assert "profile Minimum Access - API Only Integrations" in refused
    answer = run(*asked, "--operation", "delete", "--json", code=1)
    assert json.JSONDecoder().raw_decode(answer[answer.index("{") :])[0]["allowed"] is False
    assert "there is no user nobody" in run(
        "check-access", "--org", "emea", "--user", "nobody", "--object", "Account", code=2
    )


@pytest.mark.slow
def test_a_plan_from_the_command_line(run: Run, tmp_path: Path) -> None:
    key = tmp_path / "approver"
    made_key = Ed25519PrivateKey.generate()
    key.write_bytes(made_key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    made = run("run", "least-privilege", "--param", "requester=ada", "--param", f'routes=["{ROUTE}"]')
    digest = next(line for line in made.splitlines() if len(line) == 64)
    shown = run("plan", "show", digest[:10])
    assert (
        "2 people other than ada must approve it" in shown and "Account.AnnualRevenue: none → read" in shown
    )
    assert "must approve it" in run("plan", "apply", digest[:10], code=2)
    assert "(unsigned)" in run("plan", "approve", digest[:10], "--reason", "reviewed", "--approver", "bob")
    signed = run(
        "plan", "approve", digest[:10], "--reason", "reviewed", "--approver", "eve", "--key", str(key)
    )
    assert "(unsigned)" not in signed
    assert "10 of 10 changes verified" in run("plan", "apply", digest[:10])
    assert f"emea: {SYNC_USER} is watched until" in run("plan", "show", digest[:10])
    run("run", "watch-plans")
    watched = run("plan", "show", digest[:10], "--json")
    assert "nothing failed" in json.JSONDecoder().raw_decode(watched[watched.index("{") :])[0]["watched"][0]
    assert re.search(rf"^{digest[:12]} +applied ", run("plan", "list"), re.M)
    run("plan", "rollback", digest[:10], "--reason", "only tried")
    assert re.search(rf"^{digest[:12]} +taken back ", run("plan", "list"), re.M)


@pytest.mark.slow
def test_the_ledger_as_a_file_is_checked_without_anything_running(run: Run, tmp_path: Path) -> None:
    file, keys = tmp_path / "evidence.jsonl", tmp_path / "keys"
    run("ledger", "seal")
    assert "sha256" in run("ledger", "export", str(file))
    written = run("ledger", "keys", str(keys)).split()[0]
    assert "as they were written" in run("verify-evidence", str(file), "--key", written)
    assert "as they were written" in run("verify-evidence", "--anchor", "registered")
    file.write_bytes(file.read_bytes().replace(b'"actor":"', b'"actor":"x', 1))
    assert "NOT as they were written" in run("verify-evidence", str(file), code=1)
    assert "no evidence file" in run("verify-evidence", __file__, code=2)
