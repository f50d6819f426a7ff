"""AWS on this machine: moto's server as a process of its own, seeded anew at each start."""

import argparse
import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from deployments.sandbox.aws_repairs import give_dates, list_web_acl_resources

REGION = "eu-central-1"
PROFILE = "bulkhead-sandbox"
CREDENTIALS = f"""\
[{PROFILE}]
aws_access_key_id = AKIAESTATE0000000000
aws_secret_access_key = estate
region = {REGION}
"""


class AwsNotStarted(Exception):
    """The AWS process ended or stayed silent before it was ready."""


class AwsProcess:
    """The child process; it ends when this one does, however that ends: its input is our life line."""

    def __init__(self, seed_file: Path, log: Path) -> None:
        with log.open("ab") as errors:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "deployments.sandbox.aws", "--seed-file", str(seed_file)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    @property
    def pid(self) -> int:
        return self._child.pid

    async def endpoint(self) -> str:
        """Waits until AWS is up and seeded; its address. Raises AwsNotStarted when it ends before."""
        assert self._child.stdout is not None
        line = await asyncio.to_thread(self._child.stdout.readline)
        if not line:
            raise AwsNotStarted(f"the AWS process ended with code {self._child.wait()}; its log says why")
        return str(json.loads(line)["endpoint"])

    def stop(self) -> None:
        assert self._child.stdin is not None and self._child.stdout is not None
        self._child.stdin.close()
        try:
            self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()


def repair_stage_moves() -> None:
    """
    Makes a moved AWSCURRENT label the version that a plain read returns.

    moto 5.2 moves the label and goes on answering with the old version, on the very path of a rotation.
    """
    from moto.secretsmanager.models import SecretsManagerBackend

    original = SecretsManagerBackend.update_secret_version_stage

    def moved(
        self: Any, secret_id: str, version_stage: str, remove_from_version_id: str, move_to_version_id: str
    ) -> tuple[str, str]:
        answer = original(self, secret_id, version_stage, remove_from_version_id, move_to_version_id)
        if version_stage == "AWSCURRENT" and move_to_version_id:
            self.secrets[secret_id].set_default_version_id(move_to_version_id)
        return answer

    SecretsManagerBackend.update_secret_version_stage = moved  # type: ignore[method-assign]  # see above


def apply_seed(endpoint: str, document: dict[str, Any]) -> None:
    """
    Replays the calls of `aws-seed.json` in order.

    The document is `{"region", "calls": [{"service", "operation", "parameters", "save"?}]}`; an operation is
    boto3's method name. `save` maps names to dotted paths of the answer, and a parameter `"${name}"` takes a
    saved value.
    """
    import boto3
    from botocore.config import Config

    session = boto3.Session(
        aws_access_key_id="estate", aws_secret_access_key="estate", region_name=document.get("region", REGION)
    )
    clients: dict[str, Any] = {}
    saved: dict[str, Any] = {}
    for call in document.get("calls", []):
        service = call["service"]
        if service not in clients:
            clients[service] = session.client(
                service, endpoint_url=endpoint, config=Config(proxies={}, s3={"addressing_style": "path"})
            )
        answer = getattr(clients[service], call["operation"])(**_filled(call.get("parameters", {}), saved))
        for name, path in call.get("save", {}).items():
            value = answer
            for step in path.split("."):
                value = value[step]
            saved[name] = value


def _filled(value: Any, saved: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, saved) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, saved) for inner in value]
    if isinstance(value, str) and value.startswith("${") and value.endswith("}"):
        return saved[value[2:-1]]
    return value


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main(arguments: list[str] | None = None) -> int:
    """Serves until standard input closes; prints one JSON line `{"endpoint"}` when seeded."""
    parser = argparse.ArgumentParser(prog="python -m deployments.sandbox.aws", description=__doc__)
    parser.add_argument("--seed-file", type=Path, required=True)
    options = parser.parse_args(arguments)
    threading.Thread(target=_end_with_parent, daemon=True).start()

    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    repair_stage_moves()
    list_web_acl_resources()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    if options.seed_file.exists():
        document = json.loads(options.seed_file.read_text())
        apply_seed(endpoint, document)
        give_dates(document.get("region", REGION), document.get("dates", {}))
    print(json.dumps({"endpoint": endpoint}), flush=True)
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
