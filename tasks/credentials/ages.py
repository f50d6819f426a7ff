"""How old every credential is and when it ends: the credential calendar."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from tasks.credentials.model import CredentialAge, CredentialKind, StoredSecret
from tasks.inventory.model import Certificate, OauthGrant, OutboundKind, TrustEdge, User


def secret_ages(secrets: Iterable[StoredSecret], edges: Iterable[TrustEdge], now: datetime) -> tuple[CredentialAge, ...]:
    """One line per stored secret that opens an org; the org named is the one it opens."""
    used = _users(edges)
    targets = {edge.secret_id: edge.target for edge in edges}
    return tuple(
        CredentialAge(
            org=targets[f"secret:{secret.name}"],
            kind=CredentialKind.SECRET,
            name=secret.name,
            since=renewed(secret),
            expires=None,
            age=now - renewed(secret),
            used_by=used[f"secret:{secret.name}"],
        )
        for secret in secrets
        if f"secret:{secret.name}" in targets
    )


def certificate_ages(
    org: str, certificates: Iterable[Certificate], edges: Iterable[TrustEdge], now: datetime
) -> tuple[CredentialAge, ...]:
    """One line per key pair of an org, used or not."""
    used = _users(edges)
    return tuple(
        CredentialAge(
            org=org,
            kind=CredentialKind.KEY_PAIR,
            name=certificate.name,
            since=certificate.created,
            expires=certificate.expires,
            age=now - certificate.created if certificate.created else None,
            used_by=used[f"certificate:{org}/{certificate.name}"],
        )
        for certificate in certificates
    )


def password_ages(
    org: str, users: Iterable[User], edges: Iterable[TrustEdge], now: datetime
) -> tuple[CredentialAge, ...]:
    """One line per user whose password an edge into this org still uses."""
    by_user: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if edge.target == org and edge.kind is OutboundKind.PASSWORD:
            for name in edge.run_as:
                by_user[name.lower()].append(edge.credential)
    return tuple(
        CredentialAge(
            org=org,
            kind=CredentialKind.PASSWORD,
            name=user.username,
            since=user.last_password_change,
            expires=None,
            age=now - user.last_password_change if user.last_password_change else None,
            used_by=tuple(sorted(by_user[user.username.lower()])),
        )
        for user in users
        if user.username.lower() in by_user
    )


def grant_ages(
    org: str, grants: Iterable[OauthGrant], users: Iterable[User], integration: frozenset[str], now: datetime
) -> tuple[CredentialAge, ...]:
    """One line per refresh token of an integration user (`integration` holds user ids)."""
    names = {user.id: user.username for user in users}
    return tuple(
        CredentialAge(
            org=org,
            kind=CredentialKind.REFRESH_TOKEN,
            name=f"{grant.app_name} ({names.get(grant.user_id, grant.user_id)})",
            since=grant.created,
            expires=None,
            age=now - grant.created if grant.created else None,
            used_by=(grant.app_name,),
        )
        for grant in grants
        if grant.user_id in integration
    )


def renewed(secret: StoredSecret) -> datetime:
    """When the value last changed; being created again by name is not being rotated."""
    return max(secret.last_changed, secret.last_rotated or secret.last_changed)


def _users(edges: Iterable[TrustEdge]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        found[edge.secret_id] |= set(edge.routes) or {edge.credential}
    return defaultdict(tuple, {secret: tuple(sorted(names)) for secret, names in found.items()})
