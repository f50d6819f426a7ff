"""What an org's settings say about who may come in: address ranges, switches, inbound certificates."""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_address
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from deployments.sandbox.store import OrgStore

RELAXED = frozenset({"BYPASS", "BYPASS_2FACTOR"})
ENFORCE_MUTUAL_TLS = "EnforceMutualAuthentication"
PROFILE_NAMES = {"System Administrator": "Admin", "Standard User": "Standard", "Read Only": "ReadOnly"}
"""Profiles whose metadata name is not their label."""


_SPELLINGS = {
    "refreshtoken": "refresh_token", "offlineaccess": "offline_access", "custompermissions": "custom_permissions",
    "chatter": "chatter_api", "content": "content", "basic": "id",
}  # fmt: skip


def wire_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """Scopes as tokens name them; metadata writes `RefreshToken` where the wire says `refresh_token`."""
    folded = (scope.lower() for scope in scopes)
    return tuple(dict.fromkeys(_SPELLINGS.get(scope, scope) for scope in folded)) or ("api",)


def setting(store: OrgStore, kind: str, full_name: str, *path: str) -> Any:
    """One value of a settings component, None where the component or the path is missing."""
    value: Any = store.metadata(kind, full_name)
    for step in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def switched_on(store: OrgStore, kind: str, full_name: str, *path: str) -> bool:
    return setting(store, kind, full_name, *path) in (True, "true")


def profile_ranges(store: OrgStore, profile_id: object) -> list[tuple[str, str]]:
    """The login ranges of a profile as (first, last) addresses; empty means no restriction."""
    body = profile_body(store, profile_id)
    return [(entry["startAddress"], entry["endAddress"]) for entry in entries(body.get("loginIpRanges"))]


def profile_body(store: OrgStore, profile_id: object) -> Mapping[str, Any]:
    """The profile's metadata, under its own name or the platform's."""
    profile = store.get("Profile", str(profile_id)) or {}
    name = str(profile.get("Name", ""))
    return store.metadata("Profile", PROFILE_NAMES.get(name, name)) or store.metadata("Profile", name) or {}


def trusted_ranges(store: OrgStore) -> list[tuple[str, str]]:
    """The org's trusted ranges: they spare the security token and restrict nothing."""
    found = setting(store, "SecuritySettings", "Security", "networkAccess", "ipRanges")
    return [(entry["start"], entry["end"]) for entry in entries(found)]


def inside(address: str, ranges: Iterable[tuple[str, str]]) -> bool:
    here = ip_address(address)
    for first, last in ranges:
        low, high = ip_address(first), ip_address(last)
        if low.version == here.version and int(low) <= int(here) <= int(high):
            return True
    return False


def certificate_listed(store: OrgStore, der: bytes | None, now: datetime) -> bool:
    """Whether the peer's certificate is among the org's inbound ones, and not past its end on the estate clock."""
    if der is None or x509.load_der_x509_certificate(der).not_valid_after_utc <= now:
        return False
    wanted = sha256(der).digest()
    for name in store.metadata_names("InboundCertificate"):
        body = store.metadata("InboundCertificate", name) or {}
        if str(body.get("expirationDate", "9999-12-31"))[:10] < now.date().isoformat():
            continue
        chain = chain_of(body.get("content"))
        if chain and chain[0].fingerprint(SHA256()) == wanted:
            return True
    return False


def chain_of(content: object) -> list[x509.Certificate]:
    """The certificates of `content`: base64 of a PEM file, as MetadataWithContent carries it. Nothing of what is no PEM."""
    if not isinstance(content, str):
        return []
    try:
        text = content if "-----BEGIN" in content else base64.b64decode(content).decode("ascii", "replace")
        return x509.load_pem_x509_certificates(text.encode())
    except ValueError:
        return []


def entries(value: object) -> list[dict[str, Any]]:
    """A repeated metadata element as a list, whether it came once, often or not at all."""
    if isinstance(value, dict):
        return [value]
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
