"""The Prefect task that says what the ledger knows of backups, for controls to judge."""

from collections.abc import Sequence

from prefect import task

from tasks.backups.ledger_gateway import BackupBook
from tasks.backups.model import BackupProof
from tasks.orgs import open_ledger
from tasks.policies import READ


@task(
    name="read-backup-proofs",
    description="When each org was backed up last, restored last, and when the loss of a key was tried, from the ledger.",
    **READ,
)
def read_backup_proofs(orgs: Sequence[str]) -> dict[str, BackupProof]:
    """Of those that Bulkhead has ever backed up. Raises LedgerUnavailable."""
    with open_ledger() as ledger:
        found = {org: BackupBook(ledger, org).proof() for org in orgs}
    return {org: proof for org, proof in found.items() if proof is not None}
