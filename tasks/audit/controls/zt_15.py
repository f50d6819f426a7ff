"""A web application firewall before the integration gateway."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.firewall.drift import shortfalls, unshielded


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    alias, policy = org.org.alias, evidence.policy
    name = policy.waf.web_acls.get(alias)
    if name is None:
        return (CONTROL.fail(org, "waf:none", "The policy names no web ACL for this org's gateway."),)
    acl = next((acl for acl in evidence.cloud.web_acls if acl.name == name), None)
    why = ["there is no web ACL of this name"] if acl is None else [*shortfalls(policy, alias, acl)]
    flooded = _flooded(evidence, alias)
    if policy.waf.shield_advanced and flooded:
        why.append(flooded)
    if why:
        told = () if policy.waf.shield_advanced or flooded is None else (f"for information: {flooded}",)
        summary = f"Web ACL {name} does not protect the gateway."
        return (CONTROL.fail(org, f"waf:{name}", summary, *why, *told),)
    if policy.waf.shield_advanced and flooded is None and evidence.cloud.shield is None:
        unread = evidence.cloud.gaps.get("shield", "it was not read")
        return (CONTROL.unknown(org, f"shield:{alias}", f"Nobody can say what Shield protects: {unread}"),)
    return ()


def _flooded(evidence: Evidence, alias: str) -> str | None:
    """What Shield Advanced leaves open; None where nothing, or where nobody could see."""
    shield = evidence.cloud.shield
    return None if shield is None else unshielded(evidence.policy, alias, shield)


CONTROL = Control(
    id="ZT-15",
    title="WAF: rate limits, DDoS",
    layer="network",
    severity=Severity.MEDIUM,
    needs=("cloud.web_acls",),
    remediation=(
        "Run `bulkhead run web-firewall`: its plan puts the web ACL before the gateway, with the networks, the rate limit, "
        "AWS's rule groups and the log that policy names. AWS WAF cannot stand before Salesforce itself."
    ),
    source="AWS WAF developer guide: rate-based rules; NIST SP 800-53 r5 SC-5",
    judge=judge,
)
