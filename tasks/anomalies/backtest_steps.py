"""Prefect tasks that ask detections about days that are over."""

from datetime import UTC, datetime, timedelta

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.anomalies import backtest
from tasks.anomalies.backtest import Tested, back_tested
from tasks.anomalies.history_gateway import History
from tasks.anomalies.state_ledger_gateway import FeedbackBook
from tasks.anomalies.tuning_gateway import load_tuning
from tasks.errors import ConfigurationError
from tasks.ledger.model import EntryKind
from tasks.orgs import load_registered, open_ledger
from tasks.policies import PUBLISH, READ
from tasks.telemetry.store_gateway import open_store


@task(
    name="back-test-org",
    task_run_name="back-test-{alias}",
    description="What detections would have said of days that are over. Tells nobody and changes nothing.",
    **READ,
)
def back_test_org(alias: str, tiers: str, days: int, tuning: str) -> Tested:
    """
    `tuning` is a file that is tried beside the one in force. Raises ConfigurationError, also where nothing is known of the org yet:
    then detection never looked at it.
    """
    _, policy = load_registered()
    documents = load_tuning(policy), load_tuning(policy, tuning)
    history = History(open_store(policy), alias)
    known = history.known()
    if known is None:
        raise ConfigurationError(f"Detection never looked at {alias}. Start detect-anomalies first.")
    # The org's own clock may be ahead of ours.
    until = max(known.at, datetime.now(UTC))
    since = until - timedelta(days=days)
    with open_ledger() as ledger:
        alerts = ledger.entries(EntryKind.ALERT)
        told = [
            entry.subject for entry in alerts if entry.at >= since and entry.subject.startswith("anomaly:")
        ]
        feedback = FeedbackBook(ledger).all(until)
    return back_tested(
        alias, history, known, documents, feedback, told,
        tiers=tiers, since=since, until=until, history=policy.detection.history,
    )  # fmt: skip


@task(name="publish-back-test", description="What a changed rule adds, and what it loses.", **PUBLISH)
def publish_back_test(found: list[Tested], failed: dict[str, str], tuning: str) -> None:
    create_markdown_artifact(
        markdown=backtest.markdown(found, failed, tuning),
        key="back-test",
        description="What a changed rule adds, and what it loses.",
    )
