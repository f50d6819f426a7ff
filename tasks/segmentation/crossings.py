"""What joins production and non-production, proven by what the orgs hold and by the trust graph."""

from collections.abc import Iterable, Iterator, Mapping

from tasks.audit.model import OrgEvidence
from tasks.estate.model import Estate, OrgKind
from tasks.inventory.edges import estate_hosts, host_of
from tasks.inventory.model import InboundCertificate, SecretHolder, TrustEdge
from tasks.segmentation.model import Crossing, CrossingKind

Orgs = Mapping[str, OrgEvidence]


def crossings(
    estate: Estate, orgs: Orgs, edges: Iterable[TrustEdge], org: str | None = None
) -> tuple[Crossing, ...]:
    """
    Each once, in order of org and resource; with `org` those that are judged there. What joins two orgs is judged in the one
    that is no production, but remote sites and sign-ins, which are judged where they are set.
    """
    edges = tuple(edges)
    kinds = {entry.alias: entry.kind for entry in estate.orgs}
    found: dict[tuple[str, str], Crossing] = {}
    for alias in orgs if org is None else [org]:
        if alias not in orgs:
            continue
        each: list[Crossing] = [*_sites(alias, estate, orgs, kinds), *_sign_ins(alias, estate, orgs, kinds)]
        if kinds[alias] is OrgKind.SANDBOX:
            each += [*_undeclared(alias, orgs, edges, kinds), *_shared(alias, edges, kinds)]
            each += [*_passwords(alias, orgs, edges, kinds), *_certificates(alias, orgs, kinds)]
            each += _apps(alias, orgs, edges, kinds)
        for crossing in each:
            found[crossing.org, crossing.resource] = crossing
    return tuple(found[place] for place in sorted(found))


def silent(orgs: Orgs) -> frozenset[tuple[str, str]]:
    """Org and name of named credentials that are switched off."""
    return frozenset(
        (org, c.name) for org, each in orgs.items() for c in each.outbound if not c.callout_enabled
    )


def _undeclared(
    alias: str, orgs: Orgs, edges: tuple[TrustEdge, ...], kinds: Mapping[str, OrgKind]
) -> Iterator[Crossing]:
    """What is switched off joins nothing, as an inactive remote site does not."""
    off = silent(orgs)
    by_secret: dict[str, list[TrustEdge]] = {}
    for edge in edges:
        if edge.source is None or edge.routes or alias not in (edge.source, edge.target):
            continue
        if edge.holder is SecretHolder.NAMED_CREDENTIAL and (edge.source, edge.credential) in off:
            continue
        if kinds.get(edge.source) is not kinds[edge.target]:
            by_secret.setdefault(edge.secret_id, []).append(edge)
    for secret, found in by_secret.items():
        edge = found[-1]
        yield Crossing(
            org=alias,
            kind=CrossingKind.UNDECLARED_EDGE,
            name=edge.credential,
            resource=f"edge:{secret}",
            summary=f"{edge.credential} joins {edge.source} and {edge.target} without a declared route.",
            holder=edge.source,
            others=tuple(sorted({each.target for each in found})),
            edges=tuple(found),
        )


def _shared(alias: str, edges: tuple[TrustEdge, ...], kinds: Mapping[str, OrgKind]) -> Iterator[Crossing]:
    for secret in sorted({edge.secret_id for edge in edges if edge.target == alias}):
        opening = tuple(edge for edge in edges if edge.secret_id == secret)
        opened = sorted({edge.target for edge in opening})
        if len({kinds[target] for target in opened}) > 1:
            yield Crossing(
                org=alias,
                kind=CrossingKind.SHARED_CREDENTIAL,
                name=secret,
                resource=f"credential:{secret}",
                summary=f"One secret opens production and non-production: {', '.join(opened)}.",
                holder=opening[0].source,
                others=tuple(opened),
                edges=opening,
            )


def _sites(alias: str, estate: Estate, orgs: Orgs, kinds: Mapping[str, OrgKind]) -> Iterator[Crossing]:
    hosts = estate_hosts(estate)
    for site in orgs[alias].remote_sites:
        other = hosts.get(host_of(site.url))
        if site.active and other is not None and kinds[other] is not kinds[alias]:
            yield Crossing(
                org=alias,
                kind=CrossingKind.REMOTE_SITE,
                name=site.name,
                resource=f"remote-site:{site.name}",
                summary=f"Remote site {site.name} opens {other} ({kinds[other].value}) to this {kinds[alias].value} org.",
                holder=alias,
                others=(other,),
            )


def _sign_ins(alias: str, estate: Estate, orgs: Orgs, kinds: Mapping[str, OrgKind]) -> Iterator[Crossing]:
    """A provider that a declared route runs through is the route's, and judged with it."""
    hosts = estate_hosts(estate)
    declared = {credential.auth_provider for credential in orgs[alias].outbound}
    for provider in orgs[alias].auth_providers:
        other = hosts.get(host_of(provider.token_url)) if provider.token_url else None
        if other is None or provider.name in declared or kinds[other] is kinds[alias]:
            continue
        yield Crossing(
            org=alias,
            kind=CrossingKind.SIGN_IN,
            name=provider.name,
            resource=f"auth-provider:{provider.name}",
            summary=f"Whoever signs in to {other} ({kinds[other].value}) is let into this {kinds[alias].value} org.",
            holder=alias,
            others=(other,),
        )


def _passwords(
    alias: str, orgs: Orgs, edges: tuple[TrustEdge, ...], kinds: Mapping[str, OrgKind]
) -> Iterator[Crossing]:
    """
    A refresh copies users with their passwords and appends the sandbox's name to the user name. As long as both passwords
    were changed at the same instant, they are one.
    """
    machines = {
        (edge.target, name.lower())
        for edge in edges
        if kinds[edge.target] is OrgKind.PRODUCTION
        for name in edge.run_as
    }
    for org, name in sorted(machines):
        held = orgs[org].user(name) if org in orgs else None
        if held is None or held.last_password_change is None:
            continue
        for copy in orgs[alias].users:
            copied = copy.username.lower().startswith(f"{name}.") and copy.active and not copy.frozen
            if copied and copy.last_password_change == held.last_password_change:
                yield Crossing(
                    org=alias,
                    kind=CrossingKind.SHARED_PASSWORD,
                    name=copy.username,
                    resource=f"user:{copy.username}",
                    summary=f"{copy.username} still has the password of its original in {org}.",
                    holder=alias,
                    others=(org,),
                    edges=tuple(
                        edge for edge in edges if edge.target == alias and copy.username in edge.run_as
                    ),
                )


def _certificates(alias: str, orgs: Orgs, kinds: Mapping[str, OrgKind]) -> Iterator[Crossing]:
    """A client certificate is one by issuer and serial number; where both lists say it has ended, it opens nothing."""
    for mine in orgs[alias].inbound_certificates:
        for other, theirs in _elsewhere(alias, orgs, kinds):
            ended = all(each.expires < orgs[alias].now.date() for each in (mine, theirs))
            if (mine.issuer, mine.serial) == (theirs.issuer, theirs.serial) and not ended:
                yield Crossing(
                    org=alias,
                    kind=CrossingKind.SHARED_CERTIFICATE,
                    name=mine.name,
                    resource=f"inbound-certificate:{mine.name}",
                    summary=f"One client certificate is accepted here and by {other}, which knows it as {theirs.name}.",
                    holder=alias,
                    others=(other,),
                )


def _elsewhere(
    alias: str, orgs: Orgs, kinds: Mapping[str, OrgKind]
) -> Iterator[tuple[str, InboundCertificate]]:
    for other in sorted(orgs):
        if kinds[other] is not kinds[alias]:
            for certificate in orgs[other].inbound_certificates:
                yield other, certificate


def _apps(
    alias: str, orgs: Orgs, edges: tuple[TrustEdge, ...], kinds: Mapping[str, OrgKind]
) -> Iterator[Crossing]:
    """
    A refresh copies apps with their consumer keys, and with the secrets or certificates behind them. Only apps that an edge
    goes through count; what opens nothing joins nothing.
    """
    keys: dict[str, dict[str, str]] = {}
    for edge in edges:
        org = orgs.get(edge.target)
        app = next((app for app in org.apps if app.name == edge.app), None) if org and edge.app else None
        if app is not None and app.consumer_key:
            keys.setdefault(app.consumer_key, {})[edge.target] = app.name
    for places in keys.values():
        others = tuple(sorted(org for org in places if kinds[org] is not kinds[alias]))
        if alias in places and others:
            yield Crossing(
                org=alias,
                kind=CrossingKind.SHARED_APP,
                name=places[alias],
                resource=f"app:{places[alias]}",
                summary=f"{places[alias]} has the consumer key that also opens {', '.join(others)}.",
                holder=alias,
                others=others,
                edges=tuple(edge for edge in edges if edge.target == alias and edge.app == places[alias]),
            )
