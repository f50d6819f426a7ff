"""Backups that a thief cannot read."""

from tasks.audit.attested import judge_attestation
from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
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
    return tuple(found)


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
        "access block on, and renew the attestation."
    ),
    source="NIST SP 800-53 r5 CP-9(8); AWS Security Hub S3 controls",
    judge=judge,
)
