"""`bulkhead metrics`."""

from typing import Annotated

import typer

from deployments.cli.asking import connect
from deployments.cli.output import tell
from deployments.settings import LOOPBACK


def metrics(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 9464,
) -> None:
    """
    Serve /metrics for Prometheus and /health, in the foreground: runs, workers, alerts, detectors, ledger.

    Nothing in it names an org or a person.

    Example: bulkhead metrics --port 9464
    """
    connect()
    from deployments.metrics import listen

    with listen(host, port) as server:
        tell(f"http://{host}:{server.server_port}/metrics and /health")
        server.serve_forever()


def add_to(app: typer.Typer) -> None:
    app.command()(metrics)
