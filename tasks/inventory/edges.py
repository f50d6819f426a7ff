"""From credentials to trust edges: which credential acts in which org, as whom, and for which declared route."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from tasks.audit.model import CloudEvidence, OrgEvidence
from tasks.credentials.model import StoredSecret
from tasks.estate.model import Estate
from tasks.inventory.model import (
    App,
    OutboundCredential,
    OutboundKind,
    OutsideEndpoint,
    SecretHolder,
    TrustEdge,
)


# Judgement looks up every org's address for every org.
@lru_cache(maxsize=16_384)
def host_of(url: str) -> str:
    """Lower-case host without port; empty when there is none. A bare host is taken as one."""
    text = url.strip()
    parts = urlsplit(text if "//" in text else f"//{text}")
    return (parts.hostname or "").lower().rstrip(".")


def port_of(url: str) -> int:
    """443 when the address names none, or names nonsense."""
    text = url.strip()
    try:
        return urlsplit(text if "//" in text else f"//{text}").port or 443
    except ValueError:
        return 443


def estate_hosts(estate: Estate) -> dict[str, str]:
    """Host to org alias."""
    return {host_of(entry.my_domain): entry.alias for entry in estate.orgs}


def own_secrets(estate: Estate) -> frozenset[str]:
    """Secrets of our own scanner and enforcer: declared in the estate, so they are not discovered trust."""
    identities = [i for entry in estate.orgs for i in (entry.scanner, entry.enforcer) if i is not None]
    return frozenset(identity.secret for identity in identities)


def find_edges(
    estate: Estate, orgs: Mapping[str, OrgEvidence], cloud: CloudEvidence
) -> tuple[TrustEdge, ...]:
    """Edges sorted by secret, target and credential, so that the same estate always gives the same graph."""
    hosts = estate_hosts(estate)
    edges = [
        _from_credential(estate, orgs, source, credential, hosts[host_of(credential.url)])
        for source, org in orgs.items()
        for credential in org.outbound
        if host_of(credential.url) in hosts and credential.kind is not OutboundKind.NONE
    ]
    ours = own_secrets(estate)
    edges += [
        _from_secret(estate, orgs, secret, hosts[host_of(secret.target_host)])
        for secret in cloud.secrets
        if secret.target_host and host_of(secret.target_host) in hosts and secret.name not in ours
    ]
    return tuple(sorted(edges, key=lambda e: (e.secret_id, e.target, e.credential)))


def outside_endpoints(estate: Estate, orgs: Mapping[str, OrgEvidence]) -> tuple[OutsideEndpoint, ...]:
    """Where orgs call to that is not ours: not judged as trust, but worth a look."""
    hosts = estate_hosts(estate)
    found = []
    for alias, org in sorted(orgs.items()):
        for credential in org.outbound:
            host = host_of(credential.url)
            if host and host not in hosts:
                found.append(
                    OutsideEndpoint(org=alias, name=credential.name, host=host, kind="named-credential")
                )
        for site in org.remote_sites:
            host = host_of(site.url)
            if site.active and host and host not in hosts:
                found.append(OutsideEndpoint(org=alias, name=site.name, host=host, kind="remote-site"))
    return tuple(found)


def secret_id_of(source: str, credential: OutboundCredential) -> str:
    """What a thief would have to steal: the key pair, the provider's secret, or the credential itself."""
    if credential.signing_certificate:
        return f"certificate:{source}/{credential.signing_certificate}"
    if credential.auth_provider:
        return f"auth-provider:{source}/{credential.auth_provider}"
    return f"named-credential:{source}/{credential.name}"


def _from_credential(
    estate: Estate, orgs: Mapping[str, OrgEvidence], source: str, credential: OutboundCredential, target: str
) -> TrustEdge:
    providers = {p.name: p for p in orgs[source].auth_providers}
    provider = providers.get(credential.auth_provider or "")
    app = app_by_key(orgs.get(target), credential.issuer or (provider.consumer_key if provider else None))
    run_as = _run_as(orgs.get(target), credential.kind, credential.subject, app)
    return TrustEdge(
        source=source,
        target=target,
        holder=SecretHolder.NAMED_CREDENTIAL,
        credential=credential.name,
        secret_id=secret_id_of(source, credential),
        kind=credential.kind,
        app=app.name if app else None,
        run_as=run_as,
        url=credential.url,
        presents_certificate=credential.client_certificate is not None,
        last_used=_last_used(orgs.get(target), run_as, app),
        routes=_routes(estate, source, target, credential.name, run_as),
    )


def _from_secret(
    estate: Estate, orgs: Mapping[str, OrgEvidence], secret: StoredSecret, target: str
) -> TrustEdge:
    aliases = {entry.alias for entry in estate.orgs}
    tagged = secret.tags.get("source")
    source = tagged if tagged in aliases else None
    app = app_by_key(orgs.get(target), secret.consumer_key)
    kind = kind_of_secret(secret)
    run_as = _run_as(orgs.get(target), kind, secret.username, app)
    address = secret.target_host or ""
    declared = [r.name for r in estate.routes if r.target == target and r.name in _tagged_routes(secret)]
    return TrustEdge(
        source=source,
        target=target,
        holder=SecretHolder.SECRETS_MANAGER,
        credential=secret.name,
        secret_id=f"secret:{secret.name}",
        kind=kind,
        app=app.name if app else None,
        run_as=run_as,
        url=address if "//" in address else f"https://{address}",
        last_used=_last_used(orgs.get(target), run_as, app),
        routes=tuple(declared) or _routes(estate, source, target, secret.name, run_as),
    )


def kind_of_secret(secret: StoredSecret) -> OutboundKind:
    """A user name beside a password is a password login; beside a consumer key alone it is a JWT subject."""
    if secret.holds_password:
        return OutboundKind.PASSWORD
    if secret.consumer_key:
        return OutboundKind.JWT if secret.username else OutboundKind.CLIENT_CREDENTIALS
    return OutboundKind.OTHER


def app_by_key(org: OrgEvidence | None, consumer_key: str | None) -> App | None:
    """Only equality of consumer keys proves which app a credential belongs to."""
    if org is None or not consumer_key:
        return None
    return next((app for app in org.apps if app.consumer_key == consumer_key), None)


def _run_as(
    org: OrgEvidence | None, kind: OutboundKind, subject: str | None, app: App | None
) -> tuple[str, ...]:
    """One name when proven, every candidate when not; never a guess, and never a user the org does not have."""
    if org is None:
        return ()
    if kind is OutboundKind.AUTHORIZATION_CODE:
        return _grantees(org, app)
    named = subject if kind is not OutboundKind.CLIENT_CREDENTIALS else None
    if kind is OutboundKind.CLIENT_CREDENTIALS and app is not None:
        named = app.client_credentials_user
    if not named:
        return ()
    found = org.user(named) or next((u for u in org.users if u.id == named), None)
    return (found.username,) if found else ()


def _grantees(org: OrgEvidence, app: App | None) -> tuple[str, ...]:
    if app is None:
        return ()
    names = {u.id: u.username for u in org.users}
    granted = {g.user_id for g in org.grants if _same_app(app, g.app_id, g.app_name)}
    return tuple(sorted(names[user_id] for user_id in granted if user_id in names))


def _same_app(app: App, app_id: str | None, app_name: str) -> bool:
    """By id where the grant has one: two apps may share a label."""
    return app_id == app.id if app_id else app_name in (app.name, app.label)


def _last_used(org: OrgEvidence | None, run_as: Iterable[str], app: App | None) -> datetime | None:
    if org is None or app is None:
        return None
    wanted = {user.id for name in run_as if (user := org.user(name))}
    times = [
        login.last
        for login in org.logins
        if login.user_id in wanted
        and login.success
        and not login.interactive
        and login.application in (app.name, app.label)
    ]
    return max(times, default=None)


def _tagged_routes(secret: StoredSecret) -> frozenset[str]:
    tag = secret.tags.get("route", "")
    return frozenset(part for part in tag.replace(",", " ").split() if part)


def _routes(
    estate: Estate, source: str | None, target: str, credential: str, run_as: tuple[str, ...]
) -> tuple[str, ...]:
    """By the credential's own name where a route declares it; else by the user that the route syncs as."""
    between = [r for r in estate.routes if r.target == target and source in (None, r.source)]
    by_credential = tuple(r.name for r in between if r.credential == credential)
    if by_credential or source is None:
        return by_credential
    people = {name.lower() for name in run_as}
    return tuple(r.name for r in between if r.sync_user.lower() in people)
