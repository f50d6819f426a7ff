"""What an org sends when it asks another one for a token: from its named credential, and from the secrets and keys in it."""

import time
from collections.abc import Mapping
from typing import Any

import jwt
import orjson

from deployments.sandbox.metadata.certificates import key_of
from deployments.sandbox.store import OrgStore

_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFE = 120


class CannotCallOut(LookupError):
    """Why there is nothing to send."""


def token_request(store: OrgStore, name: str) -> dict[str, Any]:
    """`url` and `form` of the request for named credential `name`. Raises CannotCallOut. It goes by real time, as JWTs do."""
    named = store.metadata("NamedCredential", name)
    if named is None:
        raise CannotCallOut(f"there is no named credential {name}")
    if named.get("namedCredentialType", "Legacy") == "Legacy":
        return _signed(
            store,
            url=str(named.get("authTokenEndpointUrl") or ""),
            certificate=str(named.get("jwtSigningCertificate") or ""),
            claims={
                "iss": named.get("jwtIssuer"),
                "sub": named.get("jwtTextSubject"),
                "aud": named.get("jwtAudience"),
            },
        )
    parameters = _list(named, "namedCredentialParameters")
    holder = next((str(p["externalCredential"]) for p in parameters if p.get("externalCredential")), "")
    external = store.metadata("ExternalCredential", holder)
    if external is None:
        raise CannotCallOut(f"{name} has no external credential")
    held = _list(external, "externalCredentialParameters")
    url = _value(held, "AuthProviderUrl")
    signer = next(
        (str(p.get("certificate")) for p in held if p.get("parameterType") == "SigningCertificate"), ""
    )
    if signer:
        claims = {
            str(p["parameterName"]): str(p.get("parameterValue")).strip("'\"")
            for p in held
            if p.get("parameterType") == "JwtBodyClaim"
        }
        return _signed(store, url=url, certificate=signer, claims=claims)
    principal = next(
        (str(p["parameterName"]) for p in held if p.get("parameterType") == "NamedPrincipal"), ""
    )
    kept = orjson.loads(store.setting(f"credential:{holder}:{principal}") or "{}")
    if not {"clientId", "clientSecret"} <= kept.keys():
        raise CannotCallOut(f"the principal {principal} of {holder} has no client id and secret")
    form = {
        "grant_type": "client_credentials",
        "client_id": kept["clientId"]["value"],
        "client_secret": kept["clientSecret"]["value"],
    }
    return {"url": url, "form": form}


def _signed(store: OrgStore, *, url: str, certificate: str, claims: Mapping[str, object]) -> dict[str, Any]:
    key = key_of(store, certificate)
    if key is None:
        raise CannotCallOut(f"there is no key pair {certificate}")
    assertion = jwt.encode({**claims, "exp": int(time.time()) + _LIFE}, key, algorithm="RS256")
    return {"url": url, "form": {"grant_type": _BEARER, "assertion": assertion}}


def _list(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Metadata keeps one of a repeated element bare."""
    found = body.get(name) or []
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]


def _value(parameters: list[dict[str, Any]], kind: str) -> str:
    return next((str(p.get("parameterValue")) for p in parameters if p.get("parameterType") == kind), "")
