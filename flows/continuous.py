"""Continuous: what has to happen all the time. Here: the ledger is sealed, anchored and checked."""

from prefect import flow
from prefect.logging import get_run_logger

from tasks.evidence.steps import seal_ledger, verify_ledger
from tasks.ledger.model import Verdict

DESCRIPTION = """
Signs what is new in the ledger, keeps the signature **where nobody can remove it**, and checks every entry.

* A run that fails says which entry was touched. Nothing may be applied until that is understood.
"""


@flow(name="keep-evidence", description=DESCRIPTION.strip())
def keep_evidence() -> Verdict:
    """Raises LedgerUnavailable when something was touched."""
    seal_ledger()
    verdict = verify_ledger()
    get_run_logger().info(
        "%d entries, %d checkpoints and %d anchors are as they were written",
        verdict.entries,
        verdict.checkpoints,
        verdict.anchors,
    )
    return verdict
