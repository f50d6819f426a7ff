"""AWS on this machine: moto's server as a process of its own; what it holds outlives it."""

import argparse
import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployments.sandbox.aws_firewall import add_operations
from deployments.sandbox.aws_repairs import give_dates, repair
from deployments.sandbox.state import StateFolder

if TYPE_CHECKING:
    from deployments.sandbox.aws_app import EstateApp

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


def _end_with_parent(app: "EstateApp") -> None:
    sys.stdin.buffer.read()
    app.keep()
    os._exit(0)


def _fill(app: "EstateApp", endpoint: str, seed_file: Path) -> None:
    """What the server held when it ended, or else the seed."""
    from deployments.sandbox.aws_keeping import OtherVersion, load

    try:
        load(app.file)
    except FileNotFoundError:
        pass
    except OtherVersion as error:
        logging.getLogger(__name__).warning("AWS is seeded anew: %s", error)
    else:
        app.tell_firewall()
        return
    if seed_file.exists():
        document = json.loads(seed_file.read_text())
        apply_seed(endpoint, document)
        give_dates(document.get("region", REGION), document.get("dates", {}))
    app.tell_firewall()


def main(arguments: list[str] | None = None) -> int:
    """Serves until standard input closes; prints one JSON line `{"endpoint"}` when seeded."""
    parser = argparse.ArgumentParser(prog="python -m deployments.sandbox.aws", description=__doc__)
    parser.add_argument("--seed-file", type=Path, required=True, help="in the estate's state folder")
    options = parser.parse_args(arguments)
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    from deployments.sandbox.aws_app import EstateApp

    class Speaking11(WSGIRequestHandler):
        """Keeps connections open, as AWS does."""

        protocol_version = "HTTP/1.1"

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    repair()
    folder = options.seed_file.resolve().parent
    add_operations(StateFolder(folder).firewall_samples)
    app = EstateApp(DomainDispatcherApplication(create_backend_app), folder)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Speaking11)
    threading.Thread(target=_end_with_parent, args=[app], daemon=True).start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    app.follow_time()
    _fill(app, endpoint, options.seed_file)
    threading.Thread(target=app.keep_keeping, daemon=True).start()
    print(json.dumps({"endpoint": endpoint}), flush=True)
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
