"""A collector that is pushed to hears what Prometheus is told, and no more."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from deployments.metrics import NAMES, Bulkhead, Seen
from deployments.otlp import push
from tests.deployments.test_metrics import ALL

Heard = list[ExportMetricsServiceRequest]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """What a collector on loopback was sent."""
    taken: Heard = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/metrics"
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(ExportMetricsServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.delenv("OTEL_RESOURCE_ATTRIBUTES", raising=False)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield taken
        server.shutdown()
        thread.join()


def points(said: ExportMetricsServiceRequest) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (metric.name, tuple((each.key, each.value.string_value) for each in point.attributes)): (
            point.as_double if point.HasField("as_double") else float(point.as_int)
        )
        for resource in said.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        for point in metric.gauge.data_points
    }


def test_it_hears_what_prometheus_is_told(heard: Heard) -> None:
    provider = push(lambda: ALL, every=3600)
    provider.force_flush()
    provider.shutdown()
    told = {
        (sample.name, tuple(sample.labels.items())): sample.value
        for family in Bulkhead(lambda: ALL).collect()
        for sample in family.samples
    }
    assert points(heard[0]) == told and {name for name, _ in told} == NAMES.keys()


def test_neither_machine_nor_process_is_named(heard: Heard) -> None:
    provider = push(lambda: ALL, every=3600)
    provider.force_flush()
    provider.shutdown()
    (resource,) = heard[0].resource_metrics
    named = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert (named.pop("service.name"), named.pop("service.instance.id")) == ("bulkhead", "metrics")
    assert {key.partition(".")[0] for key in named} == {"telemetry"}, named


def test_what_nobody_knows_is_left_out(heard: Heard) -> None:
    provider = push(lambda: Seen(answered=frozenset()), every=3600)
    provider.force_flush()
    provider.shutdown()
    assert {name for name, _ in points(heard[0])} == {"bulkhead_part_up"}


def test_it_comes_by_itself(heard: Heard) -> None:
    provider = push(lambda: ALL, every=0.2)
    arrived = threading.Event()
    for _ in range(200):
        if len(heard) >= 2:
            break
        arrived.wait(0.1)
    provider.shutdown()
    assert len(heard) >= 2
