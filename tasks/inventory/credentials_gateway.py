"""From named-credential metadata, old shape and new, to one noun."""

from datetime import date
from typing import Any

from tasks.inventory.model import InboundCertificate, OutboundCredential, OutboundKind
from tasks.salesforce.metadata import Component, many

_LEGACY = {
    "Password": OutboundKind.PASSWORD,
    "Oauth": OutboundKind.AUTHORIZATION_CODE,
    "Jwt": OutboundKind.JWT,
    "JwtExchange": OutboundKind.JWT,
    "NoAuthentication": OutboundKind.NONE,
}


def outbound_credential(named: Component, external: dict[str, Component]) -> OutboundCredential:
    """`external` holds external credentials by full name."""
    if named.get("namedCredentialType", "Legacy") == "Legacy":
        return _legacy(named)
    parameters = [p for p in many(named, "namedCredentialParameters") if isinstance(p, dict)]
    url = _first(parameters, "Url", "parameterValue") or ""
    holder = _first(parameters, "Authentication", "externalCredential")
    certificate = _first(parameters, "ClientCertificate", "certificate")
    return OutboundCredential(
        name=named["fullName"],
        label=str(named.get("label") or ""),
        legacy=False,
        url=url,
        external_credential=holder,
        client_certificate=certificate,
        callout_enabled=named.get("calloutStatus", "Enabled") != "Disabled",
        **(_authentication(external[holder]) if holder in external else _unread(holder)),
    )


def _unread(holder: str | None) -> dict[str, Any]:
    """A holder that is named and did not come is unknown, not absent: the edge must not disappear."""
    return {"kind": OutboundKind.OTHER if holder else OutboundKind.NONE}


def _authentication(external: Component) -> dict[str, Any]:
    """How an external credential proves who it is: kind, issuer, subject, signing certificate, provider."""
    parameters = [p for p in many(external, "externalCredentialParameters") if isinstance(p, dict)]
    claims = {
        str(p.get("parameterName")): str(p.get("parameterValue"))
        for p in parameters
        if p.get("parameterType") in ("JwtBodyClaim", "AuthParameter")
    }
    variant = _first(parameters, "AuthProtocolVariant", "parameterValue") or ""
    provider = _first(parameters, "AuthProvider", "authProvider")
    signing = _first(parameters, "SigningCertificate", "certificate")
    signing = signing or _first(parameters, "SigningCertificate", "parameterValue")
    protocol = str(external.get("authenticationProtocol") or "")
    if provider:
        kind = OutboundKind.AUTHORIZATION_CODE
    elif variant.startswith("Jwt") or protocol == "Jwt" or "sub" in claims:
        kind = OutboundKind.JWT
    elif variant.startswith("ClientCredentials"):
        kind = OutboundKind.CLIENT_CREDENTIALS
    elif protocol == "Basic":
        kind = OutboundKind.PASSWORD
    elif protocol in ("", "NoAuthentication") or variant == "NoAuthentication":
        kind = OutboundKind.NONE
    else:
        kind = OutboundKind.OTHER
    return {
        "kind": kind,
        "issuer": _bare(claims.get("iss") or claims.get("ClientId")),
        "subject": _bare(claims.get("sub")),
        "signing_certificate": signing,
        "auth_provider": provider,
    }


def _legacy(named: Component) -> OutboundCredential:
    kind = _LEGACY.get(str(named.get("protocol") or "NoAuthentication"), OutboundKind.OTHER)
    password = kind is OutboundKind.PASSWORD
    return OutboundCredential(
        name=named["fullName"],
        label=str(named.get("label") or ""),
        kind=kind,
        legacy=True,
        url=str(named.get("endpoint") or ""),
        auth_provider=_text(named, "authProvider"),
        issuer=_text(named, "jwtIssuer"),
        subject=_text(named, "username") if password else _bare(_text(named, "jwtTextSubject")),
        signing_certificate=_text(named, "jwtSigningCertificate"),
        client_certificate=_text(named, "certificate"),
        stores_password=password,
        callout_enabled=named.get("calloutStatus", "Enabled") != "Disabled",
    )


def inbound_certificate(component: Component) -> InboundCertificate:
    return InboundCertificate(
        name=component["fullName"],
        label=str(component.get("masterLabel") or ""),
        issuer=str(component.get("issuer") or ""),
        serial=str(component.get("serialId") or ""),
        expires=date.fromisoformat(str(component["expirationDate"])[:10]),
    )


def _first(parameters: list[Component], kind: str, value: str) -> str | None:
    return next((str(p[value]) for p in parameters if p.get("parameterType") == kind and p.get(value)), None)


def _text(component: Component, name: str) -> str | None:
    return str(component[name]) if component.get(name) else None


def _bare(value: str | None) -> str | None:
    """Claim values are formulas, where a text stands in quotes."""
    return value.strip().strip("'\"") or None if value else None
