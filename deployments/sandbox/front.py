"""The door every request comes through: from ASGI to a Request, to the right room, and on the log."""

import gzip
import logging
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

from uvicorn.protocols.http.h11_impl import H11Protocol

from deployments.sandbox import gateways
from deployments.sandbox.bulk.classic import door as classic
from deployments.sandbox.faults.acting import Acting, cut_within, instead
from deployments.sandbox.faults.replies import TOTAL, worded
from deployments.sandbox.firewall import Firewall
from deployments.sandbox.identity import discovery, oauth, soap_login, tokens, web_server
from deployments.sandbox.metadata import door as metadata
from deployments.sandbox.network import Callers
from deployments.sandbox.orgs import LOGIN_HOST, TEST_HOST, Org, Orgs
from deployments.sandbox.partner import door as partner
from deployments.sandbox.rest import door as rest
from deployments.sandbox.sinks import WEB_HOSTS, Sinks
from deployments.sandbox.switches import switched
from deployments.sandbox.telemetry.noting import request_done
from deployments.sandbox.trust import Revocations, TrustStores
from deployments.sandbox.wire import Reply, Request, WireLog, json_reply

LARGEST_BODY = 52_428_800
LONGEST_ADDRESS = 16_384
"""Bytes of path and query together; a longer query has to be split or sent in a composite."""
SMALLEST_COMPRESSED = 512
MUTUAL_PORT = 8443
NO_CERTIFICATE = ("MUTUAL_AUTHENTICATION_FAILED", "This port was called without a client certificate")
log = logging.getLogger(__name__)
Room = Callable[[Request, Orgs], Reply]
OAUTH: dict[str, Room] = {
    "token": tokens.token,
    "revoke": oauth.revoke,
    "introspect": oauth.introspect,
    "userinfo": oauth.userinfo,
    "authorize": web_server.authorize,
    "singleaccess": oauth.single_access,
    "success": oauth.front_door,
}
PUBLIC: dict[str, Room] = {
    "/.well-known/openid-configuration": discovery.configuration,
    "/.well-known/auth-configuration": discovery.login_settings,
    "/id/keys": discovery.keys,
    "/secur/frontdoor.jsp": oauth.front_door,
}


class PeerCertificateProtocol(H11Protocol):
    """Shows the verified client certificate (DER) to the application; uvicorn itself does not."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        certificate = tls.getpeercert(binary_form=True) if tls is not None else None
        self.app_state = {**self.app_state, "peer_certificate": certificate, "transport": transport}


class Front:
    """Answers requests of all hosts of the estate."""

    def __init__(
        self,
        orgs: Orgs,
        sinks: Sinks,
        wire: WireLog,
        callers: Callers,
        firewall: Firewall,
        trust: TrustStores,
        lists: Revocations,
    ) -> None:
        self._orgs = orgs
        self._firewall = firewall
        self._sinks = sinks
        self._wire = wire
        self._callers = callers
        self._trust = trust
        self._lists = lists

    def answer(self, scope: Mapping[str, Any], body: bytes) -> Reply:
        started = time.perf_counter()
        request = self._request(scope, body)
        try:
            request.body = _unpacked(request)
            request.certificate_unusable = self._unusable(request)
            reply = instead(scope, self._orgs.at(request.host), request, lambda: self._route(request))
        except BadBody as error:
            reply = json_reply(400, [{"message": str(error), "errorCode": "INVALID_REQUEST"}])
        except Exception:
            # The estate must outlive a defect in one of its rooms; the log says where it is.
            log.exception("%s %s on %s failed", request.method, request.path, request.host)
            if (org := self._orgs.at(request.host)) is not None:
                org.store.rollback()
            broken = {"message": "An unexpected error occurred.", "errorCode": "UNKNOWN_EXCEPTION"}
            reply = json_reply(500, [broken])
        self._wire.record(request, reply, started)
        if (org := self._orgs.at(request.host)) is not None:
            request_done(org, request, reply, (time.perf_counter() - started) * 1000)
        reply.headers["Date"] = self._date(request)
        if len(reply.body) >= SMALLEST_COMPRESSED and "gzip" in request.headers.get("accept-encoding", ""):
            reply.body = gzip.compress(reply.body, 1)
            reply.headers["Content-Encoding"] = "gzip"
            reply.headers["Vary"] = "Accept-Encoding"
        return reply

    def _request(self, scope: Mapping[str, Any], body: bytes) -> Request:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        origin = self._callers.find(tuple(scope["client"]) if scope["client"] else None)
        return Request(
            method=scope["method"],
            host=headers.get("host", "").split(":")[0].lower(),
            port=origin.port if origin else 443,
            path=unquote(scope["raw_path"].decode("latin-1").split("?")[0]),
            query_string=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=body,
            source_ip=origin.source_ip if origin else "127.0.0.1",
            peer_certificate=scope.get("state", {}).get("peer_certificate"),
        )

    def _unusable(self, request: Request) -> bool:
        org = self._orgs.at(request.host)
        if org is None or request.peer_certificate is None:
            return False
        return self._lists.unusable(org, request.peer_certificate)

    def _route(self, request: Request) -> Reply:
        if request.host in WEB_HOSTS:
            return self._sinks.answer(request)
        if gateways.answers(request.host):
            return gateways.answer(self._firewall, request)
        if len(request.path) + len(request.query_string) > LONGEST_ADDRESS:
            return Reply(414, b"<html><body>URI Too Long</body></html>", "text/html;charset=UTF-8")
        # Salesforce takes doubled and trailing slashes.
        path = "/" + "/".join(part for part in request.path.split("/") if part)
        if path.startswith("/services/oauth2/") and (room := OAUTH.get(path.rpartition("/")[2])) is not None:
            return room(request, self._orgs)
        if path in PUBLIC:
            return PUBLIC[path](request, self._orgs)
        if path.startswith("/id/"):
            return oauth.identity(request, self._orgs)
        if soap_login.answers(path, request.body):
            return soap_login.call(path, request, self._orgs)
        org = self._orgs.at(request.host)
        if org is None:
            return _nowhere(request)
        request.notes["org"] = org.alias
        if path == "/cacerts.jsp" and request.method == "GET":
            return self._trust.page(org)
        if request.port == MUTUAL_PORT and request.peer_certificate is None and _certificates_for_all(org):
            return worded(path, 403, *NO_CERTIFICATE)
        return self._org_route(org, path, request)

    def _org_route(self, org: Org, path: str, request: Request) -> Reply:
        if org.exhausted() and path.startswith(("/services/data/", "/services/Soap/", "/services/async/")):
            return worded(path, 403, *TOTAL)
        if path.startswith("/services/Soap/m/"):
            return metadata.call(org, path, request)
        if path.startswith(("/services/Soap/u/", "/services/Soap/c/")) and partner.PATH.match(path):
            return partner.call(org, path, request)
        if path.startswith("/services/async/"):
            return classic.call(org, path, request)
        if path.startswith("/services/data"):
            return rest.call(org, path, request)
        return _nowhere(request)

    def _date(self, request: Request) -> str:
        org = self._orgs.at(request.host) or next(iter(self._orgs), None)
        if org is None:
            from datetime import UTC, datetime

            return format_datetime(datetime.now(UTC), usegmt=True)
        return format_datetime(org.store.clock.now(), usegmt=True)


class BadBody(ValueError):
    """A body that is not packed as its headers say."""


def _unpacked(request: Request) -> bytes:
    """The body as it was before it was compressed. Raises BadBody, also where it would grow beyond all bounds."""
    if request.headers.get("content-encoding", "").strip().lower() != "gzip":
        return request.body
    try:
        inflating = zlib.decompressobj(wbits=31)
        body = inflating.decompress(request.body, LARGEST_BODY)
    except zlib.error:
        raise BadBody("The request body is no gzip data") from None
    if inflating.unconsumed_tail or not inflating.eof:
        raise BadBody("The request body is too large or cut off")
    return body


def _certificates_for_all(org: Org) -> bool:
    return switched(org.store, "require_client_certificate")


def _nowhere(request: Request) -> Reply:
    if request.host in (LOGIN_HOST, TEST_HOST):
        return Reply(404, b"<html><body>URL No Longer Exists</body></html>", "text/html;charset=UTF-8")
    error = {"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}
    return json_reply(404, [error])


def asgi(
    answer: Callable[[Mapping[str, Any], bytes], Reply], acting: Acting | None = None
) -> Callable[..., Awaitable[None]]:
    """
    An ASGI application around a plain function; `acting` is the trouble that may strike its requests.

    Answers are made on the event loop: SQLite work is short, and threads would only share one core.
    """

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        chunks: list[bytes] = []
        size, more = 0, True
        while more:
            event = await receive()
            if event["type"] == "http.disconnect":
                return
            chunks.append(event.get("body", b""))
            size += len(chunks[-1])
            more = event.get("more_body", False)
            if size > LARGEST_BODY:
                chunks, more = [], False
        body = b"".join(chunks)
        if size > LARGEST_BODY:
            reply: Reply | None = Reply(413)
        elif acting is None:
            reply = answer(scope, body)
        else:
            reply = await acting.around(scope, receive, lambda: answer(scope, body))
        if reply is None:
            scope["state"]["transport"].abort()
            return
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]
        if reply.status != 204:
            headers.append((b"content-type", reply.content_type.encode("latin-1")))
            headers.append((b"content-length", str(len(reply.body)).encode()))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if acting is not None and cut_within(scope):
            half = reply.body[: len(reply.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            scope["state"]["transport"].abort()
            return
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else reply.body})

    return application
