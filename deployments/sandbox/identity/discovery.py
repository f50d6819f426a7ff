"""What clients look up before they log in: OpenID Connect discovery, the keys of id tokens, the login settings."""

import base64
import time
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from deployments.sandbox.orgs import Org, Orgs
from deployments.sandbox.wire import Reply, Request, json_reply

KEY_ID = "estate-1"
_SCOPES = (
    "cdp_ingest_api", "pardot_api", "web", "api", "openid", "profile", "email", "address", "phone", "refresh_token",
    "offline_access", "full", "custom_permissions", "chatter_api", "id",
)  # fmt: skip


@cache
def _key() -> rsa.RSAPrivateKey:
    """Made anew with each process: an id token is looked at right after it was given."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def configuration(request: Request, orgs: Orgs) -> Reply:
    """GET /.well-known/openid-configuration (OpenID Connect Discovery 1.0, section 3)."""
    base = f"https://{request.host}"
    document: dict[str, Any] = {
        "issuer": base,
        "authorization_endpoint": f"{base}/services/oauth2/authorize",
        "token_endpoint": f"{base}/services/oauth2/token",
        "revocation_endpoint": f"{base}/services/oauth2/revoke",
        "userinfo_endpoint": f"{base}/services/oauth2/userinfo",
        "jwks_uri": f"{base}/id/keys",
        "registration_endpoint": f"{base}/services/oauth2/register",
        "introspection_endpoint": f"{base}/services/oauth2/introspect",
        "scopes_supported": list(_SCOPES),
        "response_types_supported": ["code", "token", "token id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "display_values_supported": ["page", "popup", "touch"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
        "claims_supported": ["active", "email", "email_verified", "family_name", "given_name", "is_app_installed",
            "language", "locale", "name", "nickname", "organization_id", "phone_number", "photos", "picture",
            "preferred_username", "profile", "sub", "updated_at", "urls", "user_id", "user_type", "zoneinfo"],
    }  # fmt: skip
    return json_reply(200, document)


def keys(request: Request, orgs: Orgs) -> Reply:
    """GET /id/keys: a JSON Web Key Set (RFC 7517)."""
    numbers = _key().public_key().public_numbers()
    key = {
        "kty": "RSA",
        "n": _text(numbers.n),
        "e": _text(numbers.e),
        "alg": "RS256",
        "use": "sig",
        "kid": KEY_ID,
    }
    return json_reply(200, {"keys": [key]})


def login_settings(request: Request, orgs: Orgs) -> Reply:
    """GET /.well-known/auth-configuration."""
    org = orgs.at(request.host)
    if org is None:
        return json_reply(
            404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]
        )
    document = {
        "OrganizationId": org.store.org_id,
        "MyDomain": org.host.partition(".")[0],
        "LoginPage": {"LoginPageUrl": f"{org.instance_url}/", "UsernamePasswordEnabled": True},
        "SamlProviders": [],
        "AuthProviders": [],
        "MobileSDK": {
            "UseiOSNativeBrowserForAuthentication": False,
            "UseAndroidNativeBrowserForAuthentication": False,
        },
    }
    return json_reply(200, document)


def id_token(org: Org, consumer_key: str, user_id: str, nonce: str = "") -> str:
    """Who logged in, signed (OpenID Connect Core 1.0, section 2)."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": org.instance_url,
        "sub": f"https://{org.login_host}/id/{org.store.org_id}/{user_id}",
        "aud": consumer_key,
        "iat": now,
        "exp": now + 120,
        **({"nonce": nonce} if nonce else {}),
    }
    return jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": KEY_ID})


def _text(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
