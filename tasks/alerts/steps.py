"""Prefect tasks of alerting."""

from prefect import task
from prefect.logging import get_run_logger

from tasks.alerts.gateway import deliver
from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import Alert, Letter
from tasks.alerts.telling import tell
from tasks.aws.secrets import read_secret
from tasks.errors import AlreadyRunning
from tasks.estate.model import AlertChannel
from tasks.orgs import load_estate, open_cloud, open_ledger
from tasks.policies import PUBLISH, READ


@task(
    name="update-alerts",
    description="Opens what is new, resolves what is over, and tells the channels.",
    **PUBLISH,
)
def update_alerts(open_now: list[Alert], over: list[str]) -> int:
    """
    How many letters went out; a channel that does not answer is tried again by the next run, and hinders no other.

    `over` are keys; those that are not open are fine.
    """
    with open_ledger() as ledger:
        book = AlertBook(ledger)
        for alert in open_now:
            if book.open(alert):
                get_run_logger().warning("alert: %s [%s]", alert.title, alert.org)
        for key in over:
            book.resolve(key)
        try:
            sent, failed = tell(book, load_estate().channels, _send)
        except AlreadyRunning as error:
            get_run_logger().warning("%s What it does not tell, the next run does.", error)
            return 0
        for each in failed:
            get_run_logger().error("%s", each)
        return sent


def _send(letter: Letter, channel: AlertChannel) -> None:
    deliver(letter, channel, read_secret(open_cloud(), channel.secret))


@task(name="list-open-alerts", description="What is open, with the org that it is about.", **READ)
def list_open_alerts() -> dict[str, str]:
    """Key to alias."""
    with open_ledger() as ledger:
        return {each.alert.key: each.alert.org for each in AlertBook(ledger).all() if each.resolved is None}
