"""Streams: the ledger as OCSF events to syslog, Splunk and S3."""

from datetime import timedelta

from prefect import flow

from flows.names import by_minute
from flows.reading import reason
from tasks.alerts.steps import note_heartbeat
from tasks.errors import StreamBroken
from tasks.estate.steps import read_estate
from tasks.streams.model import Sent
from tasks.streams.steps import forward_stream

STREAM = """
Brings **alerts, findings and ledger entries as OCSF** to the receivers under `streams` in estate.yaml, each from where it last
took something.

* One that is down hinders no other and loses nothing. A lost answer sends a batch again, under the same `metadata.uid`.
* A run that fails names the receiver that took nothing; `metadata.sequence` has no gaps.
"""


@flow(name="stream-events", flow_run_name=by_minute, description=STREAM.strip())
def stream_events() -> list[Sent]:
    """Raises StreamBroken, after every stream was tried, when one took nothing."""
    done: list[Sent] = []
    failed: list[str] = []
    for stream in read_estate()[0].streams:
        try:
            done.append(forward_stream(stream))
        except Exception as error:  # one receiver must not keep the others waiting
            failed.append(f"{stream.name}: {reason(error)}")
    failed += [each.failed for each in done if each.failed]
    note_heartbeat("stream-events", timedelta(minutes=5))
    if failed:
        raise StreamBroken(f"{'; '.join(failed)} The next run goes on from there.")
    return done
