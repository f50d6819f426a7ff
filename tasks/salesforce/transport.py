"""The HTTP session under everything: explicit trust, time-outs, a pool sized to its threads, and the write guard."""

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from tasks.errors import WriteRefused
from tasks.salesforce.connection import Connection
from tasks.salesforce.guard import may_courier_send, may_read_only_session_send

CONNECT_SECONDS, READ_SECONDS = 5.0, 60.0
POOL_SIZE = 32


class TimedAdapter(HTTPAdapter):
    """Gives every request a time-out: simple-salesforce sets none anywhere."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        if timeout is None:
            timeout = (CONNECT_SECONDS, READ_SECONDS)
        return super().send(request, stream, timeout, verify, cert, proxies)


class ReadOnlyAdapter(TimedAdapter):
    """Refuses, before anything is sent, whatever could write."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        if not may_read_only_session_send(request.method or "", request.url or "", body):
            path = (request.url or "").partition("?")[0]
            raise WriteRefused(f"The scanner refuses {request.method} {path}: it only reads.")
        return super().send(request, *args, **kwargs)


class CourierAdapter(TimedAdapter):
    """Refuses, before anything is sent, whatever is not about records of the one object that a sync carries."""

    def __init__(self, sobject: str, **options: Any) -> None:
        self._sobject = sobject
        super().__init__(**options)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        if not may_courier_send(request.method or "", request.url or "", body, self._sobject):
            path = (request.url or "").partition("?")[0]
            raise WriteRefused(
                f"The sync refuses {request.method} {path}: it carries {self._sobject} and nothing else."
            )
        return super().send(request, *args, **kwargs)


class NoPlainText(HTTPAdapter):
    """Refuses whatever is not https: it would leave in clear, and unguarded."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        raise WriteRefused("Salesforce is spoken to over https only; nothing was sent.")


def open_transport(connection: Connection) -> requests.Session:
    """
    A session that trusts what the connection names and nothing else.

    `trust_env` is off: REQUESTS_CA_BUNDLE would silently override `verify`, and proxies of the environment the one
    that was configured. Redirects are not followed, so that a token never goes to another host.
    """
    session = requests.Session()
    session.trust_env = False
    session.verify = connection.ca_bundle or True
    session.cert = connection.client_certificate
    session.max_redirects = 0
    if connection.proxy:
        session.proxies = {"https": connection.proxy}
    session.mount("http://", NoPlainText())
    session.mount("https://", _adapter(connection))
    return session


def _adapter(connection: Connection) -> TimedAdapter:
    size: dict[str, Any] = {"pool_connections": 4, "pool_maxsize": POOL_SIZE}
    if connection.role == "courier":
        return CourierAdapter(connection.carries, **size)
    return (ReadOnlyAdapter if connection.role == "scanner" else TimedAdapter)(**size)
