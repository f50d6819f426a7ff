"""Administrators come through the VPN."""

from tasks.audit.attested import judge_attestation
from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import administrators
from tasks.estate.model import AttestedControl
from tasks.network.addresses import administrators as where_from
from tasks.network.addresses import in_networks, parsed


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    allowed = where_from(evidence.policy.network)
    found = list(judge_attestation(CONTROL, org, evidence, AttestedControl.VPN))
    for user, _ in administrators(org, evidence):
        outside = sorted(
            {
                login.address
                for login in org.logins
                if login.user_id == user.id
                and login.success
                and login.interactive
                # Texts such as `Salesforce.com IP` are no addresses and prove nothing.
                and parsed(login.address) is not None
                and not in_networks(login.address, allowed)
            }
        )
        if outside:
            found.append(
                CONTROL.fail(
                    org,
                    f"user:{user.username}",
                    f"Administrator {user.username} signed in from outside.",
                    *outside,
                )
            )
    return tuple(found)


CONTROL = Control(
    id="ZT-16",
    title="VPN for remote admin access",
    layer="network",
    severity=Severity.HIGH,
    needs=(
        "users",
        "logins",
        "permission_sets",
        "groups",
        "assignments",
    ),
    remediation=(
        "Give administrators' profiles login ranges of offices and VPN only, and renew the VPN attestation."
    ),
    source="NIST SP 800-53 r5 AC-17",
    judge=judge,
)
