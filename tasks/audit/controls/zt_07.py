"""Backups that a thief cannot read, that are there, and that were seen to come back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tasks.audit.attested import judge_attestation
from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.backups.model import BackupProof
from tasks.estate.model import AttestedControl, OrgKind
from tasks.network.model import BackupBucket


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    if org.org.kind is OrgKind.SANDBOX:
        return None
    found = list(judge_attestation(CONTROL, org, evidence, AttestedControl.BACKUP))
    name = evidence.policy.backups.buckets.get(org.org.alias)
    bucket = next((b for b in evidence.cloud.buckets if b.name == name), None)
    if name is not None and (why := _weaknesses(bucket)):
        found.append(
            CONTROL.fail(
                org,
                f"bucket:{name}",
                f"Backups in {name} are not well protected.",
                *why,
            )
        )
    # Who has another product for backups vouches for it, and we know of none of ours.
    if (proof := (evidence.backups or {}).get(org.org.alias)) is not None:
        found += _proven(org, evidence, proof)
    return tuple(found)


def _proven(org: OrgEvidence, evidence: Evidence, proof: BackupProof) -> Iterator[Finding]:
    """Backups of our own, by what the ledger says of them; all times are of our own clock."""
    policy, now = evidence.policy.backups, evidence.now
    if now - proof.made > policy.max_age:
        yield CONTROL.fail(
            org,
            "backup:last",
            f"The last backup is {_days(now - proof.made)} old; policy wants one every {_days(policy.max_age)}.",
            f"it was made on {proof.made:%Y-%m-%d %H:%M} UTC",
        )
    drills = (
        ("restore-drill", "no backup was ever restored", proof.restored, proof.restored_well),
        (
            "key-loss-drill",
            "nobody ever tried what the loss of a key costs",
            proof.key_lost,
            proof.key_survived,
        ),
    )
    for name, never, at, well in drills:
        yield from _drill(org, name, never, at, well=well, every=policy.drill_every, now=now)


def _drill(
    org: OrgEvidence,
    name: str,
    never: str,
    at: datetime | None,
    *,
    well: bool,
    every: timedelta,
    now: datetime,
) -> Iterator[Finding]:
    resource = f"backup:{name}"
    if at is None:
        yield CONTROL.unknown(org, resource, f"The backups are not proven: {never}. Run {name}.")
    elif not well:
        yield CONTROL.fail(
            org, resource, f"The last {name} did not bring everything back.", f"it ran on {at:%Y-%m-%d}"
        )
    elif now - at > every:
        yield CONTROL.unknown(
            org, resource, f"The last {name} is {_days(now - at)} old; policy wants one every {_days(every)}."
        )


def _days(span: timedelta) -> str:
    return f"{span.total_seconds() / 86_400:.0f} days"


def _weaknesses(bucket: BackupBucket | None) -> list[str]:
    if bucket is None or not bucket.exists:
        return ["the bucket does not exist"]
    why = []
    if not bucket.kms_encrypted:
        why.append("default encryption does not use a KMS key")
    if bucket.kms_key_enabled is False:
        why.append("its KMS key is disabled")
    if not bucket.versioned:
        why.append("versioning is off")
    if not bucket.public_access_blocked:
        why.append("public access is not blocked")
    return why


CONTROL = Control(
    id="ZT-07",
    title="Encrypted backups",
    layer="data protection",
    severity=Severity.HIGH,
    needs=("cloud.buckets",),
    remediation=(
        "Encrypt the bucket by default with a customer-managed KMS key, switch versioning and the public-"
        "access block on, and renew the attestation. Where Bulkhead makes the backups: see why back-up-orgs "
        "stopped, name a second key, and run restore-drill and key-loss-drill."
    ),
    source="NIST SP 800-53 r5 CP-9(1), CP-9(8), CP-4; AWS Security Hub S3 controls",
    judge=judge,
)
