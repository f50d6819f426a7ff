"""Alerts: whether anybody is watching, what is open, and who looks after it."""

from datetime import UTC, datetime

from prefect import flow
from prefect.logging import get_run_logger

from flows.names import by_minute
from tasks.alerts.heartbeat import Beat, awake_again, is_silent, silence_told
from tasks.alerts.model import Opened
from tasks.alerts.steps import (
    list_open_alerts,
    note_acknowledgement,
    publish_alerts,
    publish_heartbeats,
    read_heartbeats,
    read_open_alerts,
    tell_alerts,
    update_alerts,
)
from tasks.estate.steps import read_estate

HEARTBEAT = """
Tells **a silent detector from a quiet night**, and brings what waits to the channels: tries that failed, escalations, the end of
quiet hours. Runs every five minutes.

* An alert opens when a detector has not come to its end for two of its periods, and ends when it does again.
* The artifact *alerts* shows what is open, as of the last run.
* Detectors make themselves known with their first run; `alerts.detectors` in policy.yaml names those that must run in any case.
"""

LIST = """
Shows **what is open** and who looks after it, as the artifact *alerts*.
"""

ACKNOWLEDGE = """
Says that **somebody looks after an alert**: it is escalated no further, and every channel that heard of it hears who it is.

* The alert stays open until its reason is gone.
"""


@flow(name="heartbeat", flow_run_name=by_minute, description=HEARTBEAT.strip())
def heartbeat() -> list[str]:
    """The detectors that are silent."""
    policy = read_estate()[1].alerts
    # Before the heartbeats: what another run opens meanwhile follows from later ones, and is not this run's to resolve.
    opened = list_open_alerts()
    beats = read_heartbeats()
    now = datetime.now(UTC)
    silent: list[Beat] = [beat for beat in beats if is_silent(beat, policy, now)]
    alerts = [silence_told(beat) for beat in silent]
    update_alerts(alerts, awake_again(opened, alerts))
    publish_heartbeats(beats)
    publish_alerts(read_open_alerts())
    for beat in silent:
        get_run_logger().error("%s is silent", beat.detector)
    return [beat.detector for beat in silent]


@flow(name="list-alerts", flow_run_name=by_minute, description=LIST.strip())
def list_alerts() -> list[Opened]:
    """Oldest first."""
    found = read_open_alerts()
    publish_alerts(found)
    for each in found:
        get_run_logger().info(
            "%s %s [%s] %s", each.id, each.alert.severity, each.alert.place, each.alert.title
        )
    return found


@flow(name="acknowledge-alert", flow_run_name="acknowledge-{alert}", description=ACKNOWLEDGE.strip())
def acknowledge_alert(alert: str, person: str) -> Opened:
    """
    Raises ConfigurationError where no single open alert is named so.

    Args:
        alert: The beginning of its id, as Slack and the artifact *alerts* show it, or its key.
        person: Who looks after it. **Shown on the channels.**
    """
    found = note_acknowledgement(alert, person)
    tell_alerts()
    publish_alerts(read_open_alerts())
    return found
