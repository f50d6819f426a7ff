"""Calls from known addresses only."""

from ipaddress import IPv4Address, IPv6Address, ip_address, summarize_address_range

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import acting_users
from tasks.estate.model import Network
from tasks.network.model import AddressRange


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
        elif why := _weaknesses(profile.login_ranges, evidence):
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


def _weaknesses(ranges: tuple[AddressRange, ...], evidence: Evidence) -> list[str]:
    if not ranges:
        return ["no login address ranges"]
    policy = evidence.policy.network
    why = []
    for item in ranges:
        blocks = _blocks(item)
        shortest = min((block.prefixlen for block in blocks), default=0)
        if isinstance(ip_address(item.first), IPv4Address) and shortest < policy.broadest_prefix:
            why.append(f"{item.first}-{item.last} is wider than /{policy.broadest_prefix}")
        elif policy.allowed and not all(_inside(block, policy.allowed) for block in blocks):
            why.append(f"{item.first}-{item.last} lies outside the policy's networks")
    return why


def _blocks(item: AddressRange) -> list[Network]:
    """Empty for a range that runs backwards or mixes versions: it admits nobody."""
    first, last = ip_address(item.first), ip_address(item.last)
    if first.version == last.version and int(first) > int(last):
        return []
    if isinstance(first, IPv4Address) and isinstance(last, IPv4Address):
        return list(summarize_address_range(first, last))
    if isinstance(first, IPv6Address) and isinstance(last, IPv6Address):
        return list(summarize_address_range(first, last))
    return []


def _inside(block: Network, allowed: tuple[Network, ...]) -> bool:
    return any(block.version == n.version and block.subnet_of(n) for n in allowed)  # type: ignore[arg-type]  # versions are equal


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
