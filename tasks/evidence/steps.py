"""Prefect tasks of the evidence room."""

from prefect import task

from tasks.aws.secrets import read_secret
from tasks.errors import LedgerUnavailable
from tasks.evidence import gateway
from tasks.ledger.model import Checkpoint, PublicKey, Verdict
from tasks.orgs import load_ledger_settings, open_cloud, open_ledger, open_signer
from tasks.policies import PUBLISH, READ


@task(
    name="seal-ledger",
    description="Signs the ledger's head and keeps the checkpoint where nobody can remove it.",
    **PUBLISH,
)
def seal_ledger() -> Checkpoint | None:
    """None when nothing is new, or when estate.yaml names no key."""
    signer = open_signer()
    if signer is None:
        return None
    with open_ledger() as ledger:
        return gateway.seal(ledger, signer, open_cloud(), load_ledger_settings().anchor)


@task(
    name="verify-ledger",
    description="Checks every hash, signature and anchor of the ledger.",
    **READ,
)
def verify_ledger() -> Verdict:
    """Raises LedgerUnavailable when something was touched."""
    anchor = load_ledger_settings().anchor
    anchors = gateway.read_anchors(open_cloud(), anchor.bucket, anchor.prefix) if anchor else []
    with open_ledger() as ledger:
        verdict = gateway.check(ledger, _keys(), anchors)
    if not verdict.sound:
        raise LedgerUnavailable(
            f"The ledger was touched: {'; '.join(map(str, verdict.problems[:3]))}. "
            "Stop applying plans, export what is there, and compare it with the last archive."
        )
    return verdict


def _keys() -> tuple[PublicKey, ...]:
    """None for a key in KMS: which ones its alias named before is not known there."""
    settings = load_ledger_settings()
    if settings.signing_secret is None or settings.signing_kms_key is not None:
        return ()
    return gateway.keys_in(read_secret(open_cloud(), settings.signing_secret))
