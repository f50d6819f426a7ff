"""Which of our routes and users each threat hits. Nothing is said to be well because nobody looked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from ipaddress import ip_address, ip_network

from tasks.alerts.model import EVERY_ORG, Alert, Severity
from tasks.audit.model import OrgEvidence
from tasks.estate.model import Estate
from tasks.estate.model_threats import ThreatsPolicy
from tasks.threats.model import (
    EVERYWHERE,
    Campaign,
    Hit,
    Indicator,
    IndicatorKind,
    Outlook,
    PackStanding,
    PackState,
    PlatformChange,
    Unjudged,
)
from tasks.threats.traits import TRAITS, routes_of

THREAT, PACK = "threat:", "threat-pack:"
"""How keys of these alerts begin."""
_SHOWN = 5


def outlook(
    packs: Sequence[PackStanding],
    orgs: Mapping[str, OrgEvidence],
    unread: Mapping[str, str],
    estate: Estate,
    policy: ThreatsPolicy,
    today: date,
) -> Outlook:
    """`unread` says by org why it was not read."""
    hits: list[Hit] = []
    unjudged: list[Unjudged] = []
    for standing in packs:
        if standing.pack is None:
            continue
        for change in standing.pack.changes:
            if change.takes_effect - today <= policy.ahead:
                _judge_change(change, orgs, unread, estate, policy, today, hits, unjudged)
        if standing.state is PackState.GOOD:
            for campaign in standing.pack.campaigns:
                _judge_campaign(campaign, orgs, unread, estate, hits, unjudged)
    return Outlook(packs=tuple(packs), hits=tuple(dict.fromkeys(hits)), unjudged=tuple(unjudged))


def _judge_change(
    change: PlatformChange,
    orgs: Mapping[str, OrgEvidence],
    unread: Mapping[str, str],
    estate: Estate,
    policy: ThreatsPolicy,
    today: date,
    hits: list[Hit],
    unjudged: list[Unjudged],
) -> None:
    trait = TRAITS.get(change.trait)
    if trait is None:
        why = f"this version has no rule {change.trait}"
        unjudged.append(Unjudged(threat=change.id, org=EVERYWHERE, why=why))
        return
    unjudged += _unseen(change.id, trait.needs, orgs, unread)
    near = change.takes_effect - today <= policy.urgent
    for alias, org in orgs.items():
        for route, subject, evidence in trait.find(org, estate):
            hits.append(
                Hit(
                    threat=change.id,
                    title=change.title,
                    org=alias,
                    route=route,
                    subject=subject,
                    evidence=evidence,
                    what_to_do=change.what_to_do,
                    due=change.takes_effect,
                    severity=Severity.ERROR if near else Severity.WARNING,
                )
            )


def _judge_campaign(
    campaign: Campaign,
    orgs: Mapping[str, OrgEvidence],
    unread: Mapping[str, str],
    estate: Estate,
    hits: list[Hit],
    unjudged: list[Unjudged],
) -> None:
    unjudged += _unseen(campaign.id, ("users", "logins", "grants"), orgs, unread)
    for alias, org in orgs.items():
        for username, evidence, weak in _traces(campaign.indicators, org):
            for route in [each.name for each in routes_of(alias, username, estate)] or [""]:
                hits.append(
                    Hit(
                        threat=campaign.id,
                        title=campaign.title,
                        org=alias,
                        route=route,
                        subject=username,
                        evidence=evidence,
                        what_to_do=campaign.what_to_do,
                        due=None,
                        severity=Severity.WARNING if weak else Severity.CRITICAL,
                    )
                )


def _traces(indicators: Sequence[Indicator], org: OrgEvidence) -> Iterator[tuple[str, str, bool]]:
    names = {user.id: user.username for user in org.users}
    for each in indicators:
        said = f", listed by {each.source}"
        for login in org.logins:
            who = names.get(login.user_id, login.user_id)
            tried = "signed in" if login.success else "was tried"
            if each.kind is IndicatorKind.ADDRESS and _within(login.address, each.value):
                yield who, f"{tried} from {login.address} on {login.last:%Y-%m-%d}{said}", each.weak
            elif each.kind is IndicatorKind.APP and each.value.lower() in login.application.lower():
                yield who, f"{tried} with {login.application} on {login.last:%Y-%m-%d}{said}", each.weak
        for grant in org.grants:
            if each.kind is IndicatorKind.APP and each.value.lower() in grant.app_name.lower():
                yield (
                    names.get(grant.user_id, grant.user_id),
                    f"holds a token of {grant.app_name}{said}",
                    each.weak,
                )


def _within(address: str, network: str) -> bool:
    """LoginHistory also has words such as `Salesforce.com IP` where an address would be."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    wanted = ip_network(network)
    return found.version == wanted.version and found in wanted


def _unseen(
    threat: str, needs: Sequence[str], orgs: Mapping[str, OrgEvidence], unread: Mapping[str, str]
) -> Iterator[Unjudged]:
    for org, why in unread.items():
        yield Unjudged(threat=threat, org=org, why=why)
    for alias, found in orgs.items():
        for need in needs:
            if need in found.gaps:
                yield Unjudged(threat=threat, org=alias, why=f"{need}: {found.gaps[need]}")


def told(outlook: Outlook) -> list[Alert]:
    """One alert for each threat and org that it hits, and one for each pack that does not count as it should."""
    grouped: dict[tuple[str, str], list[Hit]] = {}
    for hit in outlook.hits:
        grouped.setdefault((hit.threat, hit.org), []).append(hit)
    packs = [each for each in outlook.packs if each.state not in (PackState.GOOD, PackState.OLD)]
    return [*(_alert(org, hits) for (_, org), hits in grouped.items()), *map(_of_pack, packs)]


def over(outlook: Outlook, open_now: Mapping[str, str], now: Sequence[Alert]) -> list[str]:
    """Keys of ours whose reason is gone. Where nobody could look, or a pack counts no more, an alert stays open."""
    keys = {each.key for each in now}
    dark = {f"{THREAT}{each.threat}:" for each in outlook.unjudged}
    counted = {name for each in outlook.packs if each.pack is not None for name in each.pack.names}
    return [
        key
        for key in open_now
        if key not in keys
        and (
            key.startswith(PACK)
            or (
                key.startswith(THREAT)
                and key.split(":")[1] in counted
                and not any(key.startswith(d) for d in dark)
            )
        )
    ]


def _alert(org: str, hits: Sequence[Hit]) -> Alert:
    first, routes = hits[0], sorted({hit.route for hit in hits if hit.route})
    about = f"routes {', '.join(routes[:_SHOWN])}" if routes else "no declared route, but users or apps"
    more = f" and {len(routes) - _SHOWN} more" if len(routes) > _SHOWN else ""
    due = f" It takes effect on {first.due}." if first.due else ""
    return Alert(
        key=f"{THREAT}{first.threat}:{org}",
        org=org,
        severity=max((hit.severity for hit in hits), key=lambda each: each.rank),
        title=f"{first.title} in {org}"[:200],
        detail=f"{len(hits)} findings; it is about {about}{more}.{due} The artifact emerging-threats names each.",
        next_step=first.what_to_do,
    )


def _of_pack(pack: PackStanding) -> Alert:
    return Alert(
        key=f"{PACK}{pack.name}",
        org=EVERY_ORG,
        severity=Severity.ERROR if pack.state is PackState.UNSIGNED else Severity.WARNING,
        title=f"The threat pack {pack.name} is {pack.state.value}"[:200],
        detail=f"{pack.why[:1].upper()}{pack.why[1:]}. What it says of campaigns does not count.",
        next_step="Put a newer pack and its signature into the folder that threats.folder of policy.yaml names, or update Bulkhead.",
    )
