"""
Runs as traces for OpenTelemetry (OTLP over HTTP): a span for each run of a flow and of a task, as Prefect itself makes them.

`OTEL_PYTHON_TRACER_PROVIDER=bulkhead` in a process's environment switches it on (OpenTelemetry for Python, environment variables;
pyproject.toml registers the name). Processes that workers start for runs take the variable over.
"""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def provider() -> TracerProvider:
    """
    Where to, and with which headers and certificates, say OpenTelemetry's own variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, …). What waits
    is sent when the process ends; a collector that does not answer stops no run.

    Spans bear names of runs, states with their messages, and of parameters the type alone: what Prefect's UI shows.
    """
    made = TracerProvider(resource=Resource.create({"service.name": "bulkhead"}))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made
