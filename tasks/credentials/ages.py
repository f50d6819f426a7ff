"""How old every credential is and when it ends: the credential calendar and the question of rotation."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from tasks.audit.model import CloudEvidence, OrgEvidence
from tasks.credentials.model import CredentialAge, CredentialKind
from tasks.inventory.model import (
    Certificate,
    OutboundCredential,
    OutboundKind,
    SecretHolder,
    TrustEdge,
)


def secret_since(edge: TrustEdge, orgs: Mapping[str, OrgEvidence], cloud: CloudEvidence) -> datetime | None:
    """
    Since when the edge's secret is what it is; None when nothing says so.

    A stored secret counts from its last change, as a rotation that left the value alone is no rotation. A signing
    certificate counts from its creation. A password counts from the user's last password change, wherever it is kept. A
    refresh token counts from the oldest consent that still stands in the org that gave it: who consents anew and leaves the
    former token alive has not renewed anything.
    """
    times: list[datetime | None] = []
    if edge.holder is SecretHolder.SECRETS_MANAGER:
        stored = next((s for s in cloud.secrets if s.name == edge.credential), None)
        times.append(stored.since if stored else None)
    elif edge.kind is OutboundKind.JWT:
        certificate = certificate_of(edge, orgs)
        times.append(certificate.created if certificate else None)
    if edge.kind is OutboundKind.PASSWORD:
        times.append(_password_since(edge, orgs))
    if edge.kind is OutboundKind.AUTHORIZATION_CODE:
        times.append(_consented(edge, orgs))
    known = [time for time in times if time is not None]
    return min(known, default=None)


def certificate_of(edge: TrustEdge, orgs: Mapping[str, OrgEvidence]) -> Certificate | None:
    """The key pair in the source org with which a named credential signs."""
    credential = credential_of(edge, orgs)
    if credential is None or edge.source is None or credential.signing_certificate is None:
        return None
    held = orgs[edge.source].certificates
    return next((c for c in held if c.name == credential.signing_certificate), None)


def credential_of(edge: TrustEdge, orgs: Mapping[str, OrgEvidence]) -> OutboundCredential | None:
    if edge.holder is not SecretHolder.NAMED_CREDENTIAL or edge.source is None or edge.source not in orgs:
        return None
    return next((c for c in orgs[edge.source].outbound if c.name == edge.credential), None)


def _password_since(edge: TrustEdge, orgs: Mapping[str, OrgEvidence]) -> datetime | None:
    org = orgs.get(edge.target)
    users = [org.user(name) for name in edge.run_as] if org else []
    changed = [user.last_password_change for user in users if user and user.last_password_change]
    return min(changed, default=None)


def _consented(edge: TrustEdge, orgs: Mapping[str, OrgEvidence]) -> datetime | None:
    org = orgs.get(edge.target)
    app = None if org is None else next((each for each in org.apps if each.name == edge.app), None)
    if org is None or app is None:
        return None
    users = {user.id for name in edge.run_as if (user := org.user(name))}
    given = [
        grant.created
        for grant in org.grants
        if grant.created
        and grant.user_id in users
        and (grant.app_id == app.id if grant.app_id else grant.app_name in (app.name, app.label))
    ]
    return min(given, default=None)


def calendar(
    orgs: Mapping[str, OrgEvidence], cloud: CloudEvidence, edges: tuple[TrustEdge, ...], now: datetime
) -> tuple[CredentialAge, ...]:
    """Certificates, stored secrets, passwords and consents of edges, the soonest to end first, then the oldest."""
    lines = [line for alias, org in orgs.items() for line in _certificates(alias, org, edges, now)]
    lines += _stored(cloud, edges, now)
    lines += [line for alias, org in orgs.items() for line in _passwords(alias, org, edges, now)]
    lines += _consents(orgs, edges, now)
    return tuple(sorted(lines, key=_urgency))


def _urgency(line: CredentialAge) -> tuple[date, datetime, str, str]:
    never = datetime.max.replace(tzinfo=UTC)
    return (line.expires or date.max, line.since or never, line.org, line.name)


def _certificates(
    alias: str, org: OrgEvidence, edges: tuple[TrustEdge, ...], now: datetime
) -> list[CredentialAge]:
    signing = {c.name: {c.signing_certificate, c.client_certificate} for c in org.outbound}
    own = [
        CredentialAge(
            org=alias,
            kind=CredentialKind.KEY_PAIR,
            name=certificate.name,
            since=certificate.created,
            expires=certificate.expires,
            age=now - certificate.created if certificate.created else None,
            used_by=tuple(
                sorted(
                    {
                        e.key
                        for e in edges
                        if e.source == alias and certificate.name in signing.get(e.credential, ())
                    }
                )
            ),
        )
        for certificate in org.certificates
    ]
    accepted = [
        CredentialAge(
            org=alias,
            kind=CredentialKind.CERTIFICATE,
            name=inbound.name,
            since=None,
            expires=inbound.expires,
            age=None,
            used_by=tuple(sorted({e.key for e in edges if e.target == alias and e.presents_certificate})),
        )
        for inbound in org.inbound_certificates
    ]
    return own + accepted


def _stored(cloud: CloudEvidence, edges: tuple[TrustEdge, ...], now: datetime) -> list[CredentialAge]:
    lines = []
    for secret in cloud.secrets:
        users = [e for e in edges if e.credential == secret.name and e.holder is SecretHolder.SECRETS_MANAGER]
        if not users:
            continue
        lines.append(
            CredentialAge(
                org=users[0].source or users[0].target,
                kind=CredentialKind.SECRET,
                name=secret.name,
                since=secret.since,
                expires=None,
                age=now - secret.since,
                used_by=tuple(sorted({e.key for e in users})),
            )
        )
    return lines


def _passwords(
    alias: str, org: OrgEvidence, edges: tuple[TrustEdge, ...], now: datetime
) -> list[CredentialAge]:
    used_by: dict[str, set[str]] = {}
    for edge in edges:
        if edge.target == alias and edge.kind is OutboundKind.PASSWORD:
            for name in edge.run_as:
                used_by.setdefault(name, set()).add(edge.key)
    lines = []
    for name, keys in sorted(used_by.items()):
        user = org.user(name)
        since = user.last_password_change if user else None
        lines.append(
            CredentialAge(
                org=alias,
                kind=CredentialKind.PASSWORD,
                name=name,
                since=since,
                expires=None,
                age=now - since if since else None,
                used_by=tuple(sorted(keys)),
            )
        )
    return lines


def _consents(
    orgs: Mapping[str, OrgEvidence], edges: tuple[TrustEdge, ...], now: datetime
) -> list[CredentialAge]:
    """By the place that holds the refresh token: whoever consented there has to do so again."""
    return [
        CredentialAge(
            org=edge.source or edge.target,
            kind=CredentialKind.REFRESH_TOKEN,
            name=edge.credential,
            since=since,
            expires=None,
            age=now - since if since else None,
            used_by=(edge.key,),
        )
        for edge in edges
        if edge.kind is OutboundKind.AUTHORIZATION_CODE
        for since in (_consented(edge, orgs),)
    ]
