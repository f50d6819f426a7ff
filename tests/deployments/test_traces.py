"""Runs appear as traces at a collector, where the environment asks for that, and nowhere else."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from deployments import server
from deployments.settings import Home
from tests.product import point_here, put_back

Heard = list[ExportTraceServiceRequest]
RUN = "from flows.runs import delete_old_runs; delete_old_runs(frequent_days=1234)"


@pytest.fixture
def collector() -> Iterator[tuple[str, Heard]]:
    """Its address, and what it was sent."""
    taken: Heard = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Collector) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", taken
        listening.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Of a Prefect server with nothing on it."""
    home = Home(tmp_path_factory.mktemp("traces") / "home")
    home.prepare()
    port = server.free_port(None)
    before = point_here(home, port)
    server.up(home, port=port, sandbox=False, schedules=False)
    try:
        yield home.environment(port)
    finally:
        server.down(home)
        put_back(before)


def run(settings: dict[str, str], **variables: str) -> None:
    """A flow of ours in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "OTEL_"))}
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        env={**kept, **settings, "NO_PROXY": "127.0.0.1,localhost", **variables},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def spans(heard: Heard) -> list[Span]:
    return [
        span
        for said in heard
        for resource in said.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


@pytest.mark.slow
def test_a_run_and_its_tasks_are_one_trace(settings: dict[str, str], collector: tuple[str, Heard]) -> None:
    address, heard = collector
    run(settings, OTEL_PYTHON_TRACER_PROVIDER="bulkhead", OTEL_EXPORTER_OTLP_ENDPOINT=address)
    found = spans(heard)
    (root,) = (each for each in found if not each.parent_span_id)
    assert root.name.startswith("delete-old-runs")
    below = {each.name.rpartition("-")[0] for each in found if each.parent_span_id == root.span_id}
    assert {"delete-spent-runs", "sweep-shards"} <= below
    assert {each.trace_id for each in found} == {root.trace_id}
    said = {key.key: key.value for key in root.attributes}
    assert said["prefect.run.parameter.frequent_days"].string_value == "int"
    assert "1234" not in str(heard), "of parameters the type alone is told"
    services = {
        each.value.string_value
        for said in heard
        for resource in said.resource_spans
        for each in resource.resource.attributes
        if each.key == "service.name"
    }
    assert services == {"bulkhead"}


@pytest.mark.slow
def test_nothing_is_sent_where_nobody_asks_for_it(
    settings: dict[str, str], collector: tuple[str, Heard]
) -> None:
    run(settings, OTEL_EXPORTER_OTLP_ENDPOINT=collector[0])
    assert collector[1] == []


@pytest.mark.slow
def test_a_collector_that_is_not_there_stops_no_run(settings: dict[str, str]) -> None:
    run(
        settings,
        OTEL_PYTHON_TRACER_PROVIDER="bulkhead",
        OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9",
        OTEL_EXPORTER_OTLP_TIMEOUT="2",
    )
