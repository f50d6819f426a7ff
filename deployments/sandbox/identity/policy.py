"""What an org's settings say about who may come in: address ranges, switches, inbound certificates."""

import base64
import ssl
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from ipaddress import ip_address
from typing import Any

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


def certificate_listed(store: OrgStore, der: bytes | None, today: date) -> bool:
    """Whether the peer's certificate is among the org's inbound ones, unexpired on the estate clock."""
    if der is None:
        return False
    wanted = sha256(der).digest()
    for name in store.metadata_names("InboundCertificate"):
        body = store.metadata("InboundCertificate", name) or {}
        if str(body.get("expirationDate", "9999-12-31"))[:10] < today.isoformat():
            continue
        if _certificate_digest(body.get("content")) == wanted:
            return True
    return False


def entries(value: object) -> list[dict[str, Any]]:
    """A repeated metadata element as a list, whether it came once, often or not at all."""
    if isinstance(value, dict):
        return [value]
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _certificate_digest(content: object) -> bytes | None:
    """`content` is base64 of a PEM file, as MetadataWithContent carries it, or the PEM itself."""
    if not isinstance(content, str):
        return None
    text = content if "-----BEGIN" in content else base64.b64decode(content).decode("ascii", "replace")
    try:
        return sha256(ssl.PEM_cert_to_DER_cert(text.strip())).digest()
    except ValueError:
        return None
