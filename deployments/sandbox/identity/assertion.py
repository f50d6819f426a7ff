"""The JWT of the bearer flow: who signed it, for whom, until when; judged by real time."""

import time
from typing import Any

import jwt

from deployments.sandbox.store import AppRecord

LONGEST_LIFE = 180
"""Seconds an assertion may still have to live."""
SKEW = 60
MILLISECONDS = 1e11
"""A number above this cannot be meant as seconds."""


class InvalidAssertion(Exception):
    """Carries the token endpoint's `error` and `error_description`."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description


def unverified_claims(assertion: str) -> dict[str, Any]:
    """The claims as written, to find the app and the org by. Raises InvalidAssertion when it is no JWT."""
    try:
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise InvalidAssertion("invalid_grant", "invalid assertion") from error
    return claims


def verify(assertion: str, app: AppRecord, audiences: frozenset[str]) -> str:
    """The subject of a good assertion. Raises InvalidAssertion."""
    if app.certificate_pem is None:
        raise InvalidAssertion("invalid_grant", "invalid assertion")
    try:
        claims = jwt.decode(
            assertion,
            _public_key(app.certificate_pem),
            algorithms=["RS256"],
            options={"verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except jwt.InvalidTokenError as error:
        raise InvalidAssertion("invalid_grant", "invalid assertion") from error
    audience = claims.get("aud")
    given = audience if isinstance(audience, list) else [audience]
    if not audiences.intersection(str(each).rstrip("/") for each in given):
        raise InvalidAssertion("invalid_grant", "Audience validation failed")
    _check_expiry(claims.get("exp"))
    return str(claims.get("sub", ""))


def _check_expiry(value: object) -> None:
    # simple-salesforce writes the number as a string; Salesforce takes it.
    try:
        expires = float(str(value))
    except ValueError as error:
        raise InvalidAssertion("invalid_grant", "invalid assertion") from error
    if expires > MILLISECONDS:
        # The sf command line counts in them.
        expires /= 1000
    now = time.time()
    if not now - SKEW < expires <= now + LONGEST_LIFE + SKEW:
        raise InvalidAssertion("invalid_grant", "token validity expired")


def _public_key(certificate_pem: str) -> Any:
    from cryptography.x509 import load_pem_x509_certificate

    return load_pem_x509_certificate(certificate_pem.encode()).public_key()
