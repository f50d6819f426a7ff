"""
Access tokens: taken once, shared by all threads, renewed by exactly one of them.

JWT bearer after RFC 7523 (three minutes at most, `exp` a number) and client credentials after RFC 6749 section 4.4,
both against the My Domain host.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import jwt
import requests

from tasks.errors import LoginRefused, OrgError, OrgUnavailable
from tasks.salesforce.classify import classify, classify_exception, first_error
from tasks.salesforce.connection import Connection
from tasks.salesforce.transport import open_transport

_LIFETIME_SECONDS = 180
_ANY_VERSION = "64.0"
"""Every org answers it, and to sessions only."""
_NEXT_STEP = {
    "invalid_client_id": "Check the consumer key in the secret.",
    "invalid_client": "Check the consumer secret or key in the secret.",
    "invalid_app_access": "Pre-authorise the user for the app by permission set or profile.",
    "unsupported_grant_type": "Enable the flow on the app.",
    "invalid_grant": "Check the key, that the user is active and pre-authorised, and the allowed addresses.",
}


@dataclass(frozen=True)
class Token:
    """`generation` counts renewals, so that a thread can tell whether another has already renewed."""

    value: str
    generation: int

    def __repr__(self) -> str:
        return f"Token(generation={self.generation})"


class TokenManager:
    """One identity's token. `renew` is single-flight: of many threads that met a rejected token one signs in."""

    def __init__(self, connection: Connection, clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._refused: LoginRefused | None = None
        self.sign_ins = 0
        self.version: str | None = None
        """The API version agreed with the org, kept here because all sessions of an identity share it."""

    def current(self) -> Token:
        """Raises LoginRefused, OrgUnavailable or TlsFailure."""
        with self._lock:
            return self._token or self._sign_in_unless_refused()

    def renew(self, rejected: Token) -> Token:
        """A token newer than the rejected one; signs in only when nobody has since."""
        with self._lock:
            if self._token is not None and self._token.generation > rejected.generation:
                return self._token
            return self._sign_in_unless_refused()

    def end(self) -> None:
        """Revokes the token, which ends its session (RFC 7009). Raises OrgError; without a token there is nothing to end."""
        with self._lock:
            token, self._token = self._token, None
        if token is None:
            return
        with open_transport(self._connection) as transport:
            try:
                response = transport.post(
                    f"{self._connection.base_url}/services/oauth2/revoke",
                    data={"token": token.value},
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                raise classify_exception(self._connection.alias, error) from None
        if response.status_code != 200:
            raise login_error(self._connection.alias, response)

    def _sign_in_unless_refused(self) -> Token:
        """A refusal is remembered: many threads that repeat it would lock the user out."""
        if self._refused is not None:
            raise self._refused
        try:
            return self._sign_in()
        except LoginRefused as error:
            self._refused = error
            raise

    def _sign_in(self) -> Token:
        connection = self._connection
        self.sign_ins += 1
        with open_transport(connection) as transport:
            try:
                response = transport.post(
                    f"{connection.base_url}/services/oauth2/token",
                    data=self._form(),
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                raise classify_exception(connection.alias, error) from None
        if response.status_code != 200:
            raise login_error(connection.alias, response)
        self._token = Token(_access_token(connection.alias, response), self.sign_ins)
        return self._token

    def _form(self) -> dict[str, str]:
        connection = self._connection
        if connection.flow == "client-credentials":
            return {
                "grant_type": "client_credentials",
                "client_id": connection.consumer_key,
                "client_secret": connection.consumer_secret or "",
            }
        claims = {
            "iss": connection.consumer_key,
            "sub": connection.username,
            "aud": connection.audience,
            "exp": int(self._clock()) + _LIFETIME_SECONDS,
        }
        try:
            assertion = jwt.encode(claims, connection.private_key or "", algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            raise LoginRefused(
                connection.alias,
                "the private key in the secret cannot be read",
                "Store an unencrypted RSA key in PEM form under `privateKey`.",
            ) from None
        return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}


class GivenToken(TokenManager):
    """A token that somebody brought along: used as it is, never renewed, never revoked."""

    def __init__(self, connection: Connection, value: str) -> None:
        super().__init__(connection)
        self._token = Token(value, 1)

    def end(self) -> None:
        """Nothing: the session is somebody else's."""

    def _sign_in(self) -> Token:
        raise LoginRefused(
            self._connection.alias,
            "the access token is none of this org, or has ended",
            "Sign in to the org again and bring the new one.",
        )


def lets_in(connection: Connection, token: Token) -> bool:
    """
    Whether a token is let in, by one harmless call; one that has ended is not renewed. Raises OrgError where the answer says
    neither.
    """
    with open_transport(connection) as transport:
        try:
            response = transport.get(
                f"{connection.base_url}/services/data/v{_ANY_VERSION}/",
                headers={"Authorization": f"Bearer {token.value}"},
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise classify_exception(connection.alias, error) from None
    if response.status_code in (200, 401):
        return response.status_code == 200
    raise OrgUnavailable(
        connection.alias, f"whether a token is let in was answered {response.status_code}", "Run again."
    )


def _access_token(org: str, response: requests.Response) -> str:
    try:
        value = response.json()["access_token"]
    except (ValueError, KeyError, TypeError):
        value = None
    if not isinstance(value, str) or not value:
        raise OrgUnavailable(
            org, "the token endpoint answered no token", "A proxy or a sign-in page may stand between."
        ) from None
    return value


def login_error(org: str, response: requests.Response) -> OrgError:
    """The error for a refused token request; OAuth bodies are one object, not a list."""
    try:
        body = response.json()
    except ValueError:
        body = None
    code, _ = first_error(body)
    if not code or response.status_code >= 500:
        return classify(org, response.status_code, body, response.headers)
    step = _NEXT_STEP.get(code, "Check the app's policies and the user's login history.")
    return LoginRefused(org, f"sign-in was refused ({code})", step, code)
