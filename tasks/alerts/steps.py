"""Prefect tasks of alerting."""

from datetime import UTC, datetime, timedelta

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.events import emit_event
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.utilities.urls import url_for

from tasks.alerts.changes import Change
from tasks.alerts.events import event_of
from tasks.alerts.gateway import deliver
from tasks.alerts.heartbeat import Beat, awaited, markdown
from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import Alert, Link, Message, Opened
from tasks.alerts.runbooks import with_runbook
from tasks.alerts.telling import tell
from tasks.alerts.volume import RUN
from tasks.alerts.words import overview
from tasks.aws.secrets import read_secret
from tasks.errors import AlreadyRunning, ConfigurationError
from tasks.estate.model import AlertChannel, Estate
from tasks.estate.policy import Policy
from tasks.ledger.store import Ledger
from tasks.orgs import load_registered, open_cloud, open_ledger
from tasks.policies import PUBLISH, READ


@task(
    name="update-alerts",
    description="Opens what is new, notes what changed, resolves what is over, and tells the channels.",
    **PUBLISH,
)
def update_alerts(open_now: list[Alert], over: list[str]) -> int:
    """
    How many letters went out; a channel that does not answer is tried again by the next run, and hinders no other.

    `over` are keys; those that are not open are fine. An alert without a button for the run gets one.
    """
    estate, policy = load_registered()
    with open_ledger() as ledger:
        book = AlertBook(ledger)
        book.announced()
        for alert in open_now:
            if book.open(with_runbook(_with_run(alert), policy.alerts.runbook), policy.alerts) is Change.NEW:
                get_run_logger().warning("alert: %s [%s]", alert.title, alert.place)
        for key in over:
            book.resolve(key, estate.channels, policy.alerts)
        return _told(ledger, estate, policy)


@task(name="tell-alerts", description="Tells the channels what they have not heard.", **PUBLISH)
def tell_alerts() -> int:
    """How many letters went out."""
    estate, policy = load_registered()
    with open_ledger() as ledger:
        return _told(ledger, estate, policy)


@task(name="acknowledge-alert", description="Notes who looks after an alert; escalation ends.", **PUBLISH)
def note_acknowledgement(alert: str, person: str) -> Opened:
    """
    `alert` is the beginning of its id, or its key. Again by somebody else, it stays with the first.

    Raises ConfigurationError where no single open alert is named so.
    """
    with open_ledger() as ledger:
        AlertBook(ledger).announced()
        found = AlertBook(ledger, person).acknowledge(alert)
    if found is None:
        raise ConfigurationError(
            f"No single open alert has the key {alert} or an id that begins so. `bulkhead run list-alerts` shows them."
        )
    return found


@task(name="list-open-alerts", description="What is open, with the org that it is about.", **READ)
def list_open_alerts() -> dict[str, str]:
    """Key to alias."""
    return {each.alert.key: each.alert.org for each in read_open_alerts.fn()}


@task(name="read-open-alerts", description="What is open, and who looks after it.", **READ)
def read_open_alerts() -> list[Opened]:
    """Oldest first."""
    with open_ledger() as ledger:
        return [each for each in AlertBook(ledger).current() if each.resolved is None]


@task(name="note-heartbeat", description="Says that a detector came to its end.", **PUBLISH)
def note_heartbeat(detector: str, period: timedelta) -> None:
    """`period` is how often it runs; an alert follows when it has not for two of them."""
    with open_ledger() as ledger:
        AlertBook(ledger).beat([Beat(detector=detector, at=datetime.now(UTC), period=period)])


@task(name="read-heartbeats", description="When each detector last came to its end.", **READ)
def read_heartbeats() -> list[Beat]:
    """Those that policy expects and that never ran are noted, and count from now on."""
    _, policy = load_registered()
    with open_ledger() as ledger:
        book = AlertBook(ledger)
        found = book.beats()
        beats = awaited(found, policy.alerts, datetime.now(UTC))
        known = {beat.detector for beat in found}
        book.beat([beat for beat in beats if beat.detector not in known])
    return beats


@task(name="publish-heartbeats", description="Which detectors ran, and which are silent.", **PUBLISH)
def publish_heartbeats(beats: list[Beat]) -> None:
    _, policy = load_registered()
    text = markdown(beats, policy.alerts, datetime.now(UTC))
    create_markdown_artifact(text, key="heartbeat", description="Which detectors ran, and which are silent.")


@task(name="publish-alerts", description="What is open, and who looks after it.", **PUBLISH)
def publish_alerts(alerts: list[Opened]) -> None:
    create_markdown_artifact(
        overview(alerts), key="alerts", description="What is open, and who looks after it."
    )


def _told(ledger: Ledger, estate: Estate, policy: Policy) -> int:
    book = AlertBook(ledger)
    _announce(book)
    try:
        sent, failed = tell(book, estate.channels, _send, policy.alerts)
    except AlreadyRunning as error:
        get_run_logger().warning("%s What it does not tell, the next run does.", error)
        return 0
    _announce(book)
    for each in failed:
        get_run_logger().error("%s", each)
    return sent


def _announce(book: AlertBook) -> None:
    """
    Killed before the note, the same events are emitted again under the same ids. What Prefect's server does not take is lost
    to automations, never to the channels.
    """
    entries = book.entries(book.announced())
    if not entries:
        return
    alerts = {each.id: each for each in book.current()}
    for event in filter(None, (event_of(entry, alerts) for entry in entries)):
        emit_event(
            event.event,
            resource=event.resource,
            occurred=event.occurred,
            related=list(event.related),
            payload=dict(event.payload),
            id=event.id,
        )
    book.announced(entries[-1].sequence)


def _send(message: Message, channel: AlertChannel) -> None:
    deliver(message, channel, read_secret(open_cloud(), channel.secret), datetime.now(UTC))


def _with_run(alert: Alert) -> Alert:
    address = url_for("flow-run", obj_id=flow_run.id, url_type="ui") if flow_run.id else None
    if not address or any(link.label == RUN for link in alert.links) or len(alert.links) > 9:
        return alert
    return alert.model_copy(update={"links": (*alert.links, Link(label=RUN, url=address))})
