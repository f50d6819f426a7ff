"""Calls from known addresses only."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import acting_users
from tasks.network.addresses import integrations, weaknesses


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    """Only a profile's login ranges block; the org's trusted ranges merely skip a verification and do not count."""
    inbound = evidence.graph.inbound(org.org.alias)
    if not inbound:
        return None
    profiles = {profile.profile_id: profile for profile in org.profiles}
    used: dict[str, list[str]] = {}
    names = {}
    for user, _ in acting_users(org, evidence):
        used.setdefault(user.profile_id, []).append(user.username)
        names[user.profile_id] = user.profile_name
    allowed = integrations(evidence.policy.network)
    found = []
    for profile_id, users in sorted(used.items(), key=lambda item: names[item[0]]):
        profile = profiles.get(profile_id)
        resource = f"profile:{names[profile_id]}"
        if profile is None:
            found.append(
                CONTROL.unknown(
                    org,
                    resource,
                    f"The login ranges of {names[profile_id]} could not be read.",
                )
            )
        elif why := weaknesses(profile.login_ranges, allowed, evidence.policy.network):
            found.append(
                CONTROL.fail(
                    org,
                    resource,
                    f"{names[profile_id]} admits more addresses than it should.",
                    *why,
                    *users,
                )
            )
    apps = {edge.app for edge in inbound if edge.app}
    found += [
        CONTROL.fail(
            org,
            f"app:{app.name}",
            f"{app.label} relaxes the address ranges ({app.ip_relaxation}).",
        )
        for app in org.apps
        if app.name in apps and (app.ip_relaxation or "").upper().startswith("BYPASS")
    ]
    if org.settings is not None and not org.settings.enforce_ranges_every_request:
        found.append(
            CONTROL.fail(
                org,
                "setting:enforceIpRangesEveryRequest",
                "Address ranges are checked at sign-in only: a stolen session works from anywhere.",
            )
        )
    return tuple(found)


CONTROL = Control(
    id="ZT-14",
    title="IP allow-listing",
    layer="network",
    severity=Severity.HIGH,
    needs=(
        "users",
        "outbound",
        "grants",
        "profiles",
        "settings",
        "apps",
        "cloud.secrets",
    ),
    remediation=(
        "Give the sync users' profile login ranges within the policy's networks, set the app to enforce "
        "them, and switch on Enforce login IP ranges on every request."
    ),
    source="Salesforce Help: restrict login IP addresses in profiles; article pattern 6",
    judge=judge,
)
