"""Platform encryption on sensitive fields."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.encryption.classify import PROTECTED_KINDS


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    """A scheme of `None` as text is off; a scheme that was not read is no proof of either."""
    found = []
    for sensitive in evidence.sensitive.get(org.org.alias, ()):
        name = sensitive.field.name
        if sensitive.kind not in PROTECTED_KINDS or sensitive.field.encrypted:
            continue
        if sensitive.field.encryption_scheme is None and sensitive.shield_capable:
            found.append(
                CONTROL.unknown(org, f"field:{name}", f"The encryption of {name} could not be read.")
            )
            continue
        why = ["sensitive by " + ", ".join(reason.value for reason in sensitive.reasons)]
        if not sensitive.shield_capable:
            why.append(
                "its data type cannot be encrypted by the platform: convert it, or encrypt before sync"
            )
        found.append(CONTROL.fail(org, f"field:{name}", f"{name} is not encrypted.", *why))
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
    remediation=(
        "Classify the field, check what filters on it, and set its encryption scheme under Shield "
        "Platform Encryption, or encrypt it on the client before it is synced."
    ),
    source="Salesforce Shield Platform Encryption guide; NIST SP 800-53 r5 SC-28",
    judge=judge,
)
