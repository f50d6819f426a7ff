"""`bulkhead serve`, `work` and `migrate`: the same processes beyond one machine."""

from typing import Annotated

import typer

from deployments import fleet
from deployments.settings import DEFAULT_PORT, LOOPBACK, home


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = DEFAULT_PORT,
    public: Annotated[
        str,
        typer.Option(
            envvar="BULKHEAD_PUBLIC_URL", help="Where people reach it, such as https://bulkhead.acme.example."
        ),
    ] = "",
    migrate: Annotated[bool, typer.Option(help="Bring the database to this version first.")] = True,
) -> None:
    """
    Run the Prefect server here, in the foreground, for workers on other machines.

    One that others reach needs PREFECT_SERVER_DATABASE_CONNECTION_URL (PostgreSQL), PREFECT_SERVER_API_AUTH_STRING and
    PREFECT_SERVER_ENCRYPTION_KEY; it ends TLS nowhere, so put it behind something that does. With PREFECT_REDIS_MESSAGING_URL
    messages between its parts go through Redis, which drops none in a burst of task runs.

    Example: bulkhead serve --host 0.0.0.0 --public https://bulkhead.acme.example
    """
    fleet.serve(home(), host=host, port=port, public=public, migrate=migrate)


def work(
    name: Annotated[str, typer.Option(help="Its name in the UI; the machine's where none is given.")] = "",
    health_port: Annotated[
        int, typer.Option(help="Port on which GET /health says whether it still asks for work.")
    ] = 8080,
    limit: Annotated[int, typer.Option(help="How many runs go on here at once.")] = 8,
) -> None:
    """
    Run a worker here, in the foreground, for the server that BULKHEAD_API_URL names.

    It signs in with PREFECT_API_AUTH_STRING. Several share BULKHEAD_HOME, where reports and telemetry lie.

    Example: BULKHEAD_API_URL=https://bulkhead.acme.example/api bulkhead work --limit 4
    """
    fleet.work(home(), name=name, health_port=health_port, limit=limit)


def migrate() -> None:
    """
    Bring Prefect's database to this version, before its server starts. The ledger's follows with its first use.

    Example: bulkhead migrate
    """
    fleet.migrate(home())


def add_to(app: typer.Typer) -> None:
    for command in (serve, work, migrate):
        app.command()(command)
