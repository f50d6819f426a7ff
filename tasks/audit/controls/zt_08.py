"""Masked data in sandboxes."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.encryption.classify import PROTECTED_KINDS
from tasks.encryption.recognise import SENSITIVE
from tasks.estate.model import OrgKind


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    if org.org.kind is not OrgKind.SANDBOX:
        return None
    samples = {sample.field: sample for sample in org.samples}
    found = []
    for sensitive in evidence.sensitive.get(org.org.alias, ()):
        name = sensitive.field.name
        if sensitive.kind not in PROTECTED_KINDS or not org.row_counts.get(sensitive.field.sobject):
            continue
        policies = [policy for policy in org.mask_policies if name in policy.fields]
        why = []
        if not policies:
            why.append("no Data Mask policy covers it")
        elif not any(policy.last_completed for policy in policies):
            why.append("its Data Mask policy has never run to the end")
        sample = samples.get(name)
        if sample is not None and sample.pattern in SENSITIVE:
            why.append(f"{sample.matching} of {sample.sampled} sampled values look real ({sample.pattern})")
        if why:
            found.append(
                CONTROL.fail(
                    org,
                    f"field:{name}",
                    f"{name} holds unmasked data in a sandbox.",
                    *why,
                )
            )
    return tuple(found)


CONTROL = Control(
    id="ZT-08",
    title="Data masking in sandboxes",
    layer="data protection",
    severity=Severity.HIGH,
    needs=(
        "fields",
        "samples",
        "row_counts",
        "mask_policies",
    ),
    remediation=(
        "Add the field to a Data Mask policy, run the policy to the end, and repeat it after every refresh."
    ),
    source="Salesforce Data Mask documentation; NIST SP 800-53 r5 SA-3(2)",
    judge=judge,
)
