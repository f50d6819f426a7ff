"""The run of a shard is started once, through a server that fails and through answers that are lost on the way."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prefect.logging import disable_run_logger
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from tasks.fleet.model import Shard
from tasks.fleet.plan import idempotency_key
from tasks.fleet.steps import READ_SHARD, _Wait
from tests.product import Product

START = "/create_flow_run"
_OWN = {"host", "connection", "content-length", "accept-encoding"}
"""Headers of one connection; all others, tokens among them, are the server's to see."""


class Middle(ThreadingHTTPServer):
    """Stands before Prefect's server. Of what would start a run, the first is refused, and of the second the answer is lost."""

    def __init__(self, api: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.api = api
        self.starts = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api"


class _Passing(BaseHTTPRequestHandler):
    server: Middle

    def _passes(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        starts = self.path.endswith(START)
        self.server.starts += starts
        if starts and self.server.starts == 1:
            return self._answers(500, b"{}")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN}
        url = self.server.api + self.path.removeprefix("/api")
        found = httpx.request(self.command, url, content=body, headers=headers, timeout=30, trust_env=False)
        if starts and self.server.starts == 2:
            return self._answers(504, b"{}")
        return self._answers(found.status_code, found.content)

    do_GET = do_POST = do_PATCH = _passes  # noqa: N815  # the library looks for these names

    def _answers(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def middle(product: Product, monkeypatch: pytest.MonkeyPatch) -> Iterator[Middle]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Middle(PREFECT_API_URL.value()) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with temporary_settings({PREFECT_API_URL: server.url, PREFECT_CLIENT_MAX_RETRIES: 0}):
            yield server
        server.shutdown()
        thread.join()


@pytest.mark.slow
def test_it_is_started_once_whatever_becomes_of_the_answers(product: Product, middle: Middle) -> None:
    # Nobody has opened a folder for this one, so its run ends before an org is asked anything.
    asker, shard = uuid4(), Shard(name="0", orgs=("hq",))
    key = idempotency_key("assessment", shard, asker)
    with disable_run_logger():
        run = _Wait(timedelta(minutes=1)).for_start(shard, asker, key)
    assert middle.starts == 3
    name = READ_SHARD.partition("/")[2]
    wanted = {"deployments": {"name": {"any_": [name]}}}
    found = product.prefect("POST", "/flow_runs/filter", json=wanted)
    assert [each["id"] for each in found if each["idempotency_key"] == key] == [str(run.id)]
