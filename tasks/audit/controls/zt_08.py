"""Masked data in sandboxes."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.encryption.classify import PROTECTED_KINDS
from tasks.encryption.recognise import SENSITIVE
from tasks.estate.model import OrgKind


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    if org.org.kind is not OrgKind.SANDBOX:
        return None
    samples = {sample.field: sample for sample in org.samples}
    doubts = _doubts(org, evidence)
    proven = doubts is not None and not doubts
    found = [*(doubts or ())]
    for sensitive in evidence.sensitive.get(org.org.alias, ()):
        name = sensitive.field.name
        if sensitive.kind not in PROTECTED_KINDS or not org.row_counts.get(sensitive.field.sobject):
            continue
        policies = [policy for policy in org.mask_policies if name in policy.fields]
        why = []
        # A scan of every record says more than a policy that has run.
        if not policies and not proven:
            why.append("no Data Mask policy covers it")
        elif policies and not proven and not any(policy.last_completed for policy in policies):
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


def _doubts(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    """What speaks against the last clean scan of ours; None where there was none, and Data Mask policies decide."""
    proof = (evidence.sandboxes or {}).get(org.org.alias)
    if proof is None:
        return None
    if org.organization_id and proof.origin.org_id != org.organization_id:
        return (
            CONTROL.fail(
                org,
                "sandbox:refresh",
                "It was refreshed since it was proven clean.",
                "what was masked is gone with the org that it was",
            ),
        )
    longest = evidence.policy.masking.proof_max_age
    if proof.at is None or evidence.now - proof.at > longest:
        since = "nobody knows when" if proof.at is None else f"on {proof.at:%Y-%m-%d}"
        return (
            CONTROL.unknown(
                org,
                "sandbox:scan",
                f"It was proven clean {since}; policy wants a scan every {longest.days} days. Run scan-sandbox.",
            ),
        )
    return ()


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
        "Run prepare-sandbox, apply its plans and prove it with scan-sandbox; or add the field to a Data Mask policy and run "
        "the policy to the end. Repeat it after every refresh."
    ),
    source="Salesforce Data Mask documentation; NIST SP 800-53 r5 SA-3(2)",
    judge=judge,
)
