"""What Prometheus is told, and that nobody is named in it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.util import setup_testing_defaults

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deployments.metrics import Seen, application, listen, look, remembered
from tests.product import Product

ALL = Seen(
    answered=frozenset({"prefect", "ledger"}),
    runs={"running": 2, "late": 0},
    workers=3,
    alerts={"error": 1, "critical": 0},
    beats={"sweep-access": (1_772_355_600.0, 60.0)},
    entries=41,
    unsealed=2,
)


def ask(seen: Seen, path: str) -> tuple[str, str]:
    environ: dict[str, Any] = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    said: list[str] = []
    body = b"".join(application(lambda: seen)(environ, lambda status, _headers: said.append(status)))
    return said[0], body.decode()


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (each.name, tuple(each.labels.values())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def test_everything_seen_is_told() -> None:
    status, text = ask(ALL, "/metrics")
    assert status == "200 OK"
    found = samples(text)
    assert found["bulkhead_part_up", ("ledger",)] == 1
    assert found["bulkhead_flow_runs", ("running",)] == 2
    assert found["bulkhead_workers_online", ()] == 3
    assert found["bulkhead_open_alerts", ("critical",)] == 0
    assert found["bulkhead_detector_last_run_timestamp_seconds", ("sweep-access",)] == 1_772_355_600
    assert found["bulkhead_ledger_unsealed_entries", ()] == 2
    assert ask(ALL, "/health") == ("200 OK", "ok\n")


def test_what_a_silent_part_knows_is_left_out_and_health_names_it() -> None:
    seen = Seen(answered=frozenset({"prefect"}), runs={"running": 0}, workers=0)
    found = samples(ask(seen, "/metrics")[1])
    assert found["bulkhead_part_up", ("ledger",)] == 0
    assert not any(name.startswith(("bulkhead_ledger", "bulkhead_open")) for name, _ in found)
    assert found["bulkhead_workers_online", ()] == 0
    assert ask(seen, "/health") == ("503 Service Unavailable", "ledger: no answer\n")


def test_other_paths_are_none() -> None:
    assert ask(ALL, "/")[0] == "404 Not Found"


def test_many_scrapers_cost_what_one_does() -> None:
    now, looks = [0.0], []

    def look() -> Seen:
        looks.append(now[0])
        return ALL

    read = remembered(look, lambda: now[0])
    for at in (0, 5, 14.9, 15, 16, 40):
        now[0] = at
        assert read() is ALL
    assert looks == [0, 15, 40]


@contextmanager
def served() -> Iterator[str]:
    with listen("127.0.0.1", 0, remembered(look)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.usefixtures("product")
def test_the_running_product_is_measured_and_names_nobody(product: Product) -> None:
    with served() as url, httpx.Client(trust_env=False, timeout=60) as scraper:
        assert scraper.get(f"{url}/health").text == "ok\n"
        text = scraper.get(f"{url}/metrics").text
    found = samples(text)
    assert found["bulkhead_part_up", ("prefect",)] == found["bulkhead_part_up", ("ledger",)] == 1
    assert found["bulkhead_workers_online", ()] == 1
    assert found["bulkhead_ledger_entries", ()] > 0
    assert len(found) < 200, "few series, whatever the estate"
    assert "@" not in text and "meridian" not in text.lower() and "hq" not in text
