"""Platform encryption on sensitive fields."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.encryption.classify import PROTECTED_KINDS


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    found = []
    for sensitive in evidence.sensitive.get(org.org.alias, ()):
        if sensitive.kind not in PROTECTED_KINDS or sensitive.field.encrypted:
            continue
        why = ["sensitive by " + ", ".join(reason.value for reason in sensitive.reasons)]
        if not sensitive.shield_capable:
            why.append(
                "its data type cannot be encrypted by the platform: convert it, or encrypt before sync"
            )
        found.append(
            CONTROL.fail(
                org,
                f"field:{sensitive.field.name}",
                f"{sensitive.field.name} is not encrypted.",
                *why,
            )
        )
    return tuple(found)


CONTROL = Control(
    id="ZT-06",
    title="Platform encryption on sensitive fields",
    layer="data protection",
    severity=Severity.HIGH,
    needs=(
        "fields",
        "samples",
    ),
    remediation="Classify the field, check what filters on it, and set its encryption scheme under Shield Platform Encryption, or encrypt it on the client before it is synced.",
    source="Salesforce Shield Platform Encryption guide; NIST SP 800-53 r5 SC-28",
    judge=judge,
)
