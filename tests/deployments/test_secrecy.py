"""No secret in Prefect's stores, logs, the ledger, reports, lists of processes or core files: planted ones and new ones."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deployments.bench.rotation_setup import Administrator
from deployments.register import offer_choices, register_files
from deployments.sandbox import launch
from flows.plans import approve_plan
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.credentials.rotation_gateway import certificate_around, new_key
from tasks.estate.read import read_estate
from tests.deployments.aside import put_aside
from tests.product import Product, unpacked
from tests.running import RunningEstate
from tests.secrecy import Onlooker, Secrets, cores, leaks, of_estate, of_vault
from tests.tasks.certificates.minted import elliptic
from tests.tasks.certificates.test_handshakes import root_and_issuing

FEED, PAIRED = "salesforce/hq/kyc-feed", "lab/paired"
ROUTE = "HQ_to_Compliance_Transaction_Sync"
ISSUING = "bulkhead/issuing"
AWS_KEY = "cnry-aws/Kq7+Zr0tUcW3eXy9"
PATIENCE = 420
SECRET = 'cnry-/leak+ü"7c1f2a9e'
PEM = new_key()


def planted() -> Secrets:
    secrets = Secrets()
    secrets.add("canary", SECRET)
    secrets.add("key", PEM)
    return secrets


BODY = [line for line in PEM.splitlines() if not line.startswith("-----")]
LEAKS = {
    "plain": SECRET.encode(),
    "json": json.dumps({"data": SECRET}).encode(),
    "base64": base64.b64encode(SECRET.encode()),
    "base64 in a longer text": base64.b64encode(b"xy" + SECRET.encode() + b"and more of it"),
    "base64url": base64.urlsafe_b64encode(b"\xff\xfe\xfd" + SECRET.encode()),
    "url": quote(SECRET, safe="").encode(),
    "hex": SECRET.encode().hex().encode(),
    "a key": PEM.encode(),
    "a line of a key": f"ValueError: {BODY[-3]}".encode(),
    "a key for JSON": json.dumps(PEM).encode(),
    "a key in base64": base64.b64encode(json.dumps({"key": PEM}).encode()),
    "a key in hex": base64.b64decode("".join(BODY)).hex().encode(),
}


@pytest.mark.parametrize("how", LEAKS)
def test_a_leak_is_seen_however_it_is_written(how: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"of no interest " * 1_000 + LEAKS[how] + b" of no interest")
    (tmp_path / "clean").write_bytes(b"of no interest " * 1_000)
    assert leaks(tmp_path.iterdir(), planted()).keys() == {str(tmp_path / "log")}


def test_a_leak_in_the_process_list_is_seen(tmp_path: Path) -> None:
    mark = str(tmp_path)
    for call, environment in (([SECRET], {}), ([], {"LEAK": SECRET})):
        with Onlooker(mark) as onlooker:
            command = [sys.executable, "-c", "import time; time.sleep(20)", mark, *call]
            child = subprocess.Popen(command, env={**os.environ, **environment})
            deadline = time.monotonic() + 10
            while not onlooker.told and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(0.3)
            child.kill()
            child.wait()
        assert planted().found_in(onlooker.all) == {"canary"}


def test_a_core_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "core.1").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x04\x00" + bytes(100))
    (tmp_path / "program").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00" + bytes(100))
    assert cores([tmp_path]) == [tmp_path / "core.1"]


@dataclass
class Ground:
    """A product whose estate also rotates a key pair, has an authority with a key of its own, and a marked key for AWS."""

    product: Product
    estate: RunningEstate
    cloud: Cloud

    def runs(self, deployment: str, expected: str = "COMPLETED", **parameters: Any) -> str:
        """As the button of the UI does it: in a process that the worker starts."""
        run = self.started(deployment, **parameters)
        deadline = time.monotonic() + PATIENCE
        state = ""
        while time.monotonic() < deadline and state not in ("COMPLETED", "FAILED", "CRASHED"):
            time.sleep(0.3)
            state = self.product.prefect("GET", f"/flow_runs/{run}")["state"]["type"]
        assert state == expected, (deployment, self.product.prefect("GET", f"/flow_runs/{run}")["state"])
        return run

    def started(self, deployment: str, **parameters: Any) -> str:
        wanted = {"deployments": {"name": {"any_": [deployment]}}}
        (found,) = self.product.prefect("POST", "/deployments/filter", json=wanted)
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        return str(
            self.product.prefect("POST", f"/deployments/{found['id']}/create_flow_run", json=body)["id"]
        )

    def digest(self, run: str) -> str:
        wanted = {"artifacts": {"flow_run_id": {"any_": [run]}}}
        keys = [each["key"] for each in self.product.prefect("POST", "/artifacts/filter", json=wanted)]
        return next(key.removeprefix("plan-") for key in keys if key.startswith("plan-"))

    def applies(self, digest: str) -> None:
        for approver in ("bob", "eve"):
            approve_plan(digest=digest, approver=approver, reason="reviewed")
        self.runs("apply-plan", digest=digest)


@pytest.fixture(scope="module")
def ground(
    product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    launch.save_snapshot(estate.folder, "before-secrecy")
    folder = tmp_path_factory.mktemp("registered")
    declared = yaml.safe_load((estate.folder / "estate.yaml").read_text())
    policy = yaml.safe_load((estate.folder / "policy.yaml").read_text())
    cloud = Cloud(
        AwsConnection(**read_estate((estate.folder / "estate.yaml").read_text()).cloud.model_dump())
    )

    administrator = Administrator(estate.folder, "hq")
    private = new_key()
    own = administrator.make_app(
        "Lab_A", certificate=certificate_around(private, datetime.now(UTC)), held_by="Client_Laboratory"
    )
    administrator.make_app(
        "Lab_B", certificate=certificate_around(new_key(), datetime.now(UTC)), held_by="Client_Laboratory"
    )
    username = administrator.username
    administrator.close()
    write_secret(cloud, PAIRED, {"consumerKey": own, "privateKey": private, "username": username})
    issuing = elliptic("an issuing key in a secret")
    written = issuing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    write_secret(cloud, ISSUING, {"chain": root_and_issuing(issuing.public_key()), "privateKey": written})
    cloud.client("s3").create_bucket(
        Bucket="acme-crl-2", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    launch.ask(
        estate.folder,
        "POST",
        "/switches",
        {"org": "compliance", "name": "private_roots_accepted", "value": True},
    )

    credentials = Path(declared["cloud"]["shared_credentials_file"]).read_text()
    marked = re.sub(r"(aws_secret_access_key\s*=\s*).*", lambda found: found[1] + AWS_KEY, credentials)
    (folder / "aws-credentials").write_text(marked)
    declared["cloud"]["shared_credentials_file"] = str(folder / "aws-credentials")
    consumer = {"name": "Lab", "principal": "user/AKIALABREADER0000001", "addresses": ["203.0.113.10/32"]}
    declared["credentials"].append(
        {
            "secret": PAIRED,
            "org": "hq",
            "kind": "key-pair",
            "apps": ["Lab_A", "Lab_B"],
            "consumers": [consumer],
        }
    )
    address = "http://acme-crl-2.s3.eu-central-1.amazonaws.com/clients.crl"
    policy["certificates"] |= {
        "authority": "own",
        "own": {"chain_secret": ISSUING, "list_bucket": "acme-crl-2", "list_address": address},
    }
    (folder / "estate.yaml").write_text(yaml.safe_dump(declared, sort_keys=False))
    (folder / "policy.yaml").write_text(yaml.safe_dump(policy, sort_keys=False))
    offer_choices(register_files(folder / "estate.yaml", folder / "policy.yaml"))
    yield Ground(product, estate, cloud)
    launch.restore_snapshot(estate.folder, "before-secrecy")
    launch.delete_snapshot(estate.folder, "before-secrecy")
    offer_choices(register_files(estate.folder / "estate.yaml"))
    put_aside(FEED, PAIRED)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nothing_secret_is_left_anywhere(ground: Ground) -> None:
    product, estate, cloud = ground.product, ground.estate, ground.cloud
    before = of_vault(cloud)
    with Onlooker(str(product.home.root)) as onlooker:
        rotation = ground.digest(ground.runs("credential-rotation", requester="ada", secrets=[FEED, PAIRED]))
        ground.applies(rotation)
        # The first lists the certificate, the second lets the caller present it.
        for _ in range(2):
            ground.applies(ground.digest(ground.runs("mutual-tls", requester="ada", routes=[ROUTE])))
        ground.runs("prove-mutual-tls", routes=[ROUTE])
        meanwhile = of_vault(cloud)
        ground.runs("rollback-plan", digest=rotation, reason="the feed does not like it")
        # Says in Slack, PagerDuty and mail that it was taken back.
        ground.runs("rotate-credentials-hourly", secrets=[FEED, PAIRED])
        limit = dies_in_the_middle(ground)
    after = of_vault(cloud)
    held = {**meanwhile.by_kind, **{k: v | meanwhile.by_kind.get(k, set()) for k, v in after.by_kind.items()}}
    made = {kind: values - before.by_kind.get(kind, set()) for kind, values in held.items()}
    assert made["consumerSecret"] and made["privateKey"] and made.get("clientKey"), made.keys()
    secrets = of_estate(estate)
    for source in (before, meanwhile, after):
        for kind, values in source.by_kind.items():
            secrets.add(kind, *values)
    secrets.add("AWS secret access key", AWS_KEY)
    assert {
        "consumer secret", "password", "security token", "Slack address", "PagerDuty key", "mail password", "private key of an app",
    } <= set(secrets.by_kind)  # fmt: skip
    issuing = read_secret(cloud, ISSUING)["privateKey"]
    assert issuing in secrets.by_kind["privateKey"]

    assert leaks(product.files(), secrets) == {}
    assert secrets.found_in(onlooker.all) == set()
    shaped = re.compile(
        rb"PRIVATE KEY-----|00D[0-9A-Za-z]{12,15}![0-9A-Za-z._]{20,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"
    )
    assert not {
        str(path): found[0][:12] for path in product.files() if (found := shaped.search(unpacked(path)))
    }

    assert limit in ("0", "1"), (
        "it had read secrets: no core file of it may be written, nor go through a pipe"
    )
    assert cores([product.home.root, Path.cwd(), Path("/tmp/cores")]) == []
    # What was searched is what there is: names of secrets are there, so values would be found.
    names = Secrets()
    names.add("name", FEED, PAIRED)
    assert any(path.endswith("prefect.db") for path in leaks(product.files(), names))
    assert names.found_in(onlooker.all) == set() and str(product.home.root).encode() in onlooker.all


def dies_in_the_middle(ground: Ground) -> str:
    """A run that has read secrets and is aborted as by a crash; what its core limit was."""
    # Prefect hears of a task some time after it began; a run that was over before that is started again.
    for _ in range(6):
        run = ground.started("mutual-tls", requester="ada", routes=[ROUTE])
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            wanted = {"flow_runs": {"id": {"any_": [run]}}}
            tasks = ground.product.prefect("POST", "/task_runs/filter", json=wanted)
            if any(task["name"].startswith("read-inventory") for task in tasks):
                pid = process_of(run)
                if pid is None:
                    break
                limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
                os.kill(pid, signal.SIGABRT)
                return next(line.split()[4] for line in limits if line.startswith("Max core"))
            time.sleep(0.05)
    raise AssertionError("the run never came so far")


def process_of(run: str) -> int | None:
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if run.encode() in (path / "environ").read_bytes():
                return int(path.name)
        except OSError:
            continue
    return None
