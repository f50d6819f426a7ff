"""The same numbers for collectors that are pushed to (OpenTelemetry, OTLP over HTTP) beside those that scrape."""

from collections.abc import Callable, Iterable, Iterator

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from deployments.metrics import NAMES, Bulkhead, Reader

EVERY_SECONDS = 60
Callback = Callable[[CallbackOptions], Iterable[Observation]]


def push(read: Reader, *, every: float = EVERY_SECONDS) -> MeterProvider:
    """
    Looks and pushes from now on, until it is shut down. Where to, and with which headers and certificates, say the variables that OpenTelemetry
    has for that (`OTEL_EXPORTER_OTLP_ENDPOINT`, …). An endpoint that does not answer stops nothing: its log line says so.

    Labels are those of Prometheus; neither the machine nor the process is named.
    """
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(), export_interval_millis=every * 1000)
    # There is one of it. By itself the library names every process anew, which would be new series with each start.
    who = {"service.name": "bulkhead", "service.instance.id": "metrics"}
    provider = MeterProvider([reader], resource=Resource.create(who))
    meter = provider.get_meter("bulkhead")
    for name, what in NAMES.items():
        meter.create_observable_gauge(name, [_callback(name, Bulkhead(read))], description=what)
    return provider


def _callback(name: str, bulkhead: Bulkhead) -> Callback:
    def observe(_options: CallbackOptions) -> Iterator[Observation]:
        for family in bulkhead.collect():
            if family.name == name:
                for sample in family.samples:
                    yield Observation(sample.value, sample.labels)

    return observe
