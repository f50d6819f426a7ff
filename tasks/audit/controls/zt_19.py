"""Alerts that reach somebody."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    stored = {secret.name for secret in evidence.cloud.secrets}
    found = []
    for kind in evidence.policy.required_channels:
        channels = [c for c in evidence.estate.channels if c.kind is kind and org.org.alias in c.orgs]
        if not channels:
            found.append(
                CONTROL.fail(
                    org,
                    f"channel:{kind.value}",
                    f"No {kind.value} channel covers this org.",
                )
            )
        elif not any(channel.secret in stored for channel in channels):
            names = ", ".join(channel.name for channel in channels)
            found.append(
                CONTROL.fail(
                    org,
                    f"channel:{kind.value}",
                    f"The secret of {names} is not in the secrets manager.",
                )
            )
    return tuple(found)


CONTROL = Control(
    id="ZT-19",
    title="Alerts: Slack, PagerDuty, e-mail",
    layer="monitoring",
    severity=Severity.MEDIUM,
    needs=("cloud.secrets",),
    remediation=(
        "Add the channel for this org to estate.yaml and store its address or key under the secret's name."
    ),
    source="NIST SP 800-53 r5 IR-6, SI-4(5)",
    judge=judge,
)
