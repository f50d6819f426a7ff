"""A web application firewall before the integration gateway."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    name = evidence.policy.waf.web_acls.get(org.org.alias)
    if name is None:
        return (CONTROL.fail(org, "waf:none", "The policy names no web ACL for this org's gateway."),)
    acl = next((acl for acl in evidence.cloud.web_acls if acl.name == name), None)
    why = []
    if acl is None:
        why.append("there is no web ACL of this name")
    else:
        if acl.rate_limit is None:
            why.append("no rate-based rule blocks")
        elif acl.rate_limit > evidence.policy.waf.max_rate:
            why.append(
                f"its rate limit of {acl.rate_limit} is over {evidence.policy.waf.max_rate} in five minutes"
            )
        if not acl.associated:
            why.append("it protects no resource")
    return (
        (
            CONTROL.fail(
                org,
                f"waf:{name}",
                f"Web ACL {name} does not protect the gateway.",
                *why,
            ),
        )
        if why
        else ()
    )


CONTROL = Control(
    id="ZT-15",
    title="WAF: rate limits, DDoS",
    layer="network",
    severity=Severity.MEDIUM,
    needs=("cloud.web_acls",),
    remediation=(
        "Associate the web ACL with the gateway and give it a rate-based rule that blocks within the "
        "policy's limit. AWS WAF cannot stand before Salesforce itself."
    ),
    source="AWS WAF developer guide: rate-based rules; NIST SP 800-53 r5 SC-5",
    judge=judge,
)
