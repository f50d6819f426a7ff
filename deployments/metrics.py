"""`bulkhead metrics`: how Bulkhead itself is, for Prometheus, and whether its parts answer. No org and no person is named."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateName,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import StateType
from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from deployments.settings import WORK_POOL
from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import Severity
from tasks.orgs import open_ledger

Reader = Callable[[], "Seen"]
_FRESH_SECONDS = 15
"""Scrapes within it are told the same, so that many scrapers cost what one does."""
_GOING = (StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.CANCELLING)
_LATE = "Late"
_ONLINE = "ONLINE"


@dataclass(frozen=True)
class Seen:
    """
    What one look found. A part that did not answer is missing from `answered`, and what only it knows is left out: an old number
    would look like a new one.
    """

    answered: frozenset[str]
    runs: Mapping[str, int] = field(default_factory=dict)
    """By state in lower case; `late` are those whose time has come and that nobody has taken."""
    workers: int | None = None
    alerts: Mapping[str, int] = field(default_factory=dict)
    beats: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """By detector: when it last came to its end (seconds since 1970), and its period in seconds."""
    entries: int | None = None
    unsealed: int | None = None


PARTS = ("prefect", "ledger")
NAMES = {
    "bulkhead_part_up": "Whether a part answers.",
    "bulkhead_flow_runs": "Runs that are not over, by state.",
    "bulkhead_workers_online": "Workers that ask for work.",
    "bulkhead_open_alerts": "Open alerts by severity.",
    "bulkhead_detector_last_run_timestamp_seconds": "When a detector last came to its end.",
    "bulkhead_detector_period_seconds": "How often a detector is to run.",
    "bulkhead_ledger_entries": "Sequence of the ledger's last entry.",
    "bulkhead_ledger_unsealed_entries": "Entries that no signature covers yet.",
}
"""What is told, by the name of its gauge."""


class Bulkhead(Collector):
    """Reads when it is scraped."""

    def __init__(self, look: Reader) -> None:
        self._look = look

    def describe(self) -> Iterable[Any]:
        # Registering looks at nothing.
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        seen = self._look()
        up = GaugeMetricFamily("bulkhead_part_up", NAMES["bulkhead_part_up"], labels=["part"])
        for part in PARTS:
            up.add_metric([part], float(part in seen.answered))
        yield up
        yield from _by("bulkhead_flow_runs", "state", seen.runs)
        yield from _one("bulkhead_workers_online", seen.workers)
        yield from _by("bulkhead_open_alerts", "severity", seen.alerts)
        last = {name: at for name, (at, _) in seen.beats.items()}
        yield from _by("bulkhead_detector_last_run_timestamp_seconds", "detector", last)
        periods = {name: period for name, (_, period) in seen.beats.items()}
        yield from _by("bulkhead_detector_period_seconds", "detector", periods)
        yield from _one("bulkhead_ledger_entries", seen.entries)
        yield from _one("bulkhead_ledger_unsealed_entries", seen.unsealed)


def _one(name: str, value: float | None) -> Iterator[GaugeMetricFamily]:
    if value is not None:
        yield GaugeMetricFamily(name, NAMES[name], value=value)


def _by(name: str, label: str, values: Mapping[str, float]) -> Iterator[GaugeMetricFamily]:
    if values:
        family = GaugeMetricFamily(name, NAMES[name], labels=[label])
        for each, value in sorted(values.items()):
            family.add_metric([each], value)
        yield family


def look() -> Seen:
    """One look at Prefect and at the ledger; what fails is left out."""
    answered, found = set(), {}
    for part, read in (("prefect", _prefect), ("ledger", _ledger)):
        try:
            found.update(read())
            answered.add(part)
        except Exception:  # noqa: S112  # whatever it is, the gauge of this part says so
            continue
    return Seen(answered=frozenset(answered), **found)


def remembered(read: Reader, clock: Callable[[], float] = time.monotonic) -> Reader:
    """The same, looked up anew only after _FRESH_SECONDS; one look at a time."""
    lock = threading.Lock()
    known: list[tuple[float, Seen]] = []

    def recall() -> Seen:
        with lock:
            if not known or clock() - known[0][0] >= _FRESH_SECONDS:
                known[:] = [(clock(), read())]
            return known[0][1]

    return recall


def application(read: Reader) -> Callable[..., Iterable[bytes]]:
    """`/metrics` for Prometheus; `/health` answers 200 when every part does, 503 with the silent ones otherwise."""
    registry = CollectorRegistry()
    registry.register(Bulkhead(read))
    metrics = make_wsgi_app(registry)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            told: Iterable[bytes] = metrics(environ, start)
            return told
        if path != "/health":
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"There are /metrics and /health.\n"]
        silent = [part for part in PARTS if part not in read().answered]
        start("503 Service Unavailable" if silent else "200 OK", [("Content-Type", "text/plain")])
        return [f"{', '.join(silent)}: no answer\n".encode() if silent else b"ok\n"]

    return answer


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Scrapes are no news."""


def listen(host: str, port: int, read: Reader) -> WSGIServer:
    """A server that has yet to be run (`serve_forever`). Raises OSError for a busy port."""
    made: WSGIServer = make_server(host, port, application(read), _Server, _Quiet)
    return made


def _prefect() -> dict[str, Any]:
    with get_client(sync_client=True) as client:
        runs = {
            kind.value.lower(): client.count_flow_runs(
                flow_run_filter=FlowRunFilter(
                    state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[kind]))
                )
            )
            for kind in _GOING
        }
        late = FlowRunFilter(state=FlowRunFilterState(name=FlowRunFilterStateName(any_=[_LATE])))
        runs["late"] = client.count_flow_runs(flow_run_filter=late)
        pool = WorkPoolFilter(name=WorkPoolFilterName(any_=[WORK_POOL]))
        workers = (
            client.read_workers_for_work_pool(WORK_POOL)
            if client.read_work_pools(work_pool_filter=pool)
            else []
        )
    online = sum(1 for each in workers if each.status is not None and each.status.value == _ONLINE)
    return {"runs": runs, "workers": online}


def _ledger() -> dict[str, Any]:
    with open_ledger() as ledger:
        book = AlertBook(ledger)
        severities = Counter(each.alert.severity.value for each in book.current() if each.resolved is None)
        beats = {
            each.detector: (each.at.timestamp(), each.period.total_seconds())
            for each in book.beats()
            if each.ran
        }
        with ledger.read() as pages:
            head, sealed = pages.head().sequence, pages.sealed()
    return {
        "alerts": {each.value: severities[each.value] for each in Severity},
        "beats": beats,
        "entries": head,
        "unsealed": head - sealed,
    }
