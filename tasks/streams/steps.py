"""Prefect tasks of streams."""

import socket
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from prefect import task
from prefect.logging import get_run_logger

from tasks.audit.model import Assessment
from tasks.aws.secrets import read_secret
from tasks.estate.model_channels import Stream
from tasks.orgs import load_estate, open_cloud, open_ledger
from tasks.policies import PUBLISH
from tasks.streams.forward import forward
from tasks.streams.gateway import send
from tasks.streams.ledger_gateway import StreamBook
from tasks.streams.model import Sent


@task(
    name="note-findings",
    description="Notes findings that are new, worse or over, for the streams.",
    **PUBLISH,
)
def note_findings(assessment: Assessment) -> int:
    """How many were news; 0 where estate.yaml names no stream."""
    if not load_estate().streams:
        return 0
    assessed = {verdict.org for verdict in assessment.verdicts} - assessment.unreadable.keys()
    with open_ledger() as ledger:
        return StreamBook(ledger).note_findings(assessment.findings(), assessed)


@task(
    task_run_name="forward-{stream.name}",
    description="Brings one receiver what the ledger says since it last took something.",
    **PUBLISH,
)
def forward_stream(stream: Stream) -> Sent:
    """Raises AlreadyRunning; what a receiver does not take is in the answer, and goes on from there with the next run."""
    cloud = open_cloud()
    secret = read_secret(cloud, stream.secret) if stream.secret else {}
    host = socket.gethostname()

    def brought(events: Sequence[dict[str, Any]]) -> None:
        send(events, stream, secret=secret, cloud=cloud, host=host)

    with open_ledger() as ledger:
        done = forward(StreamBook(ledger), stream.name, brought, version("bulkhead"))
    get_run_logger().info("%s: %d entries, %d behind", stream.name, done.entries, done.behind)
    return done
