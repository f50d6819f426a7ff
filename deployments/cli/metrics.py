"""`bulkhead metrics`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from deployments.cli.asking import connect
from deployments.cli.output import Exit, complain, tell
from deployments.settings import LOOPBACK

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider

    from deployments.metrics import Reader


def metrics(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 9464,
    otlp: Annotated[
        bool,
        typer.Option(
            help="Also push to an OpenTelemetry collector every minute: OTEL_EXPORTER_OTLP_ENDPOINT says where."
        ),
    ] = False,
) -> None:
    """
    Serve /metrics for Prometheus and /health, in the foreground: runs, workers, alerts, detectors, ledger.

    Nothing in it names an org or a person.

    Example: bulkhead metrics --port 9464
    """
    connect()
    from deployments.metrics import listen, look, remembered

    read = remembered(look)
    pushing = _pusher()(read) if otlp else None
    try:
        with listen(host, port, read) as server:
            tell(f"http://{host}:{server.server_port}/metrics and /health")
            server.serve_forever()
    finally:
        if pushing is not None:
            pushing.shutdown()


def _pusher() -> "Callable[[Reader], MeterProvider]":
    try:
        from deployments.otlp import push
    except ModuleNotFoundError as error:
        complain(
            f'--otlp needs {error.name}: install the extra "opentelemetry" from this repository (make setup does).',
            Exit.CONFIGURATION,
        )
    return push


def add_to(app: typer.Typer) -> None:
    app.command()(metrics)
