"""Trouble at the level of HTTP: waiting without holding up others, cutting, and counting long requests."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from deployments.sandbox.faults.replies import LONG, refusal, worded
from deployments.sandbox.faults.rules import Fault
from deployments.sandbox.orgs import LOGIN_HOST, TEST_HOST, Org, Orgs
from deployments.sandbox.sinks import PAGERDUTY_HOST, SLACK_HOST
from deployments.sandbox.wire import Reply, Request

LONG_SECONDS = 20.0
MOST_LONG = 25
"""Requests of one org that may have run for LONG_SECONDS at the same time."""
_CUTS = frozenset({"cut", "lost_token"})
_NAMES = {LOGIN_HOST: "login", TEST_HOST: "test", SLACK_HOST: "slack", PAGERDUTY_HOST: "pagerduty"}
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Acting:
    """Carries out the rules of one estate around the plain function that answers requests."""

    def __init__(self, orgs: Orgs) -> None:
        self._orgs = orgs
        self._running: dict[str, list[float]] = {}

    async def around(
        self, scope: dict[str, Any], receive: Receive, answer: Callable[[], Reply]
    ) -> Reply | None:
        """The reply to send, or None when the connection has to be cut instead."""
        if not self._orgs.faults.rules and not self._running:
            return answer()
        name, path = self._whereabouts(scope)
        if path.startswith(("/services/data/", "/services/Soap/")) and self._too_many_long(name):
            return worded(path, 403, *LONG)
        fault = self._orgs.faults.take("request", name, scope["method"], path, self._orgs.clock.now())
        if fault is None:
            return answer()
        scope["estate.fault"] = fault
        with self._counted(name):
            if fault.kind == "hang":
                await _silence(receive, fault.options["seconds"])
                return None
            if fault.kind == "slow" and not fault.after_commit:
                await asyncio.sleep(fault.options["seconds"])
            if fault.kind in _CUTS and not fault.after_commit and not fault.options["within"]:
                return None
            reply = answer()
            if fault.kind == "slow" and fault.after_commit:
                await asyncio.sleep(fault.options["seconds"])
            return None if fault.kind in _CUTS and not fault.options["within"] else reply

    def _whereabouts(self, scope: Mapping[str, Any]) -> tuple[str, str]:
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").split(":")[0].lower()
        return name_of(self._orgs, host), unquote(scope["raw_path"].decode("latin-1").split("?")[0])

    @contextmanager
    def _counted(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        self._running.setdefault(name, []).append(began)
        try:
            yield
        finally:
            self._running[name].remove(began)
            if not self._running[name]:
                del self._running[name]

    def _too_many_long(self, name: str) -> bool:
        before = time.monotonic() - LONG_SECONDS
        return sum(began < before for began in self._running.get(name, ())) >= MOST_LONG


def name_of(orgs: Orgs, host: str) -> str:
    """What rules call a host: the alias of its org, the name of a sink, `login` or `test`."""
    org = orgs.at(host)
    return org.alias if org is not None else _NAMES.get(host, "")


def cut_within(scope: Mapping[str, Any]) -> bool:
    """Whether the connection is to be cut in the middle of the answer."""
    fault: Fault | None = scope.get("estate.fault")
    return fault is not None and bool(fault.options.get("within"))


def instead(scope: Mapping[str, Any], org: Org | None, request: Request, route: Callable[[], Reply]) -> Reply:
    """The reply of a request that a rule strikes, with the request's own work done where the rule says so."""
    fault: Fault | None = scope.get("estate.fault")
    if fault is None:
        return route()
    request.notes["fault"] = fault.kind
    if fault.kind == "expire" and org is not None:
        _expire(org, request, everybody=fault.options["everybody"])
    reply = refusal(fault, request.path)
    if reply is None:
        return _cropped(fault, route())
    if fault.after_commit:
        route()
    return reply


def _cropped(fault: Fault, reply: Reply) -> Reply:
    if fault.kind == "truncate":
        reply.body = reply.body[: int(len(reply.body) * fault.options["share"])]
    return reply


def _expire(org: Org, request: Request, *, everybody: bool) -> None:
    """Sessions that clients opened; what the seed shows in AuthSession stays."""
    if everybody:
        org.store.sql("DELETE FROM AuthSession WHERE Id IN (SELECT session_id FROM _session)")
        org.store.sql("DELETE FROM _session")
        org.store.commit()
    else:
        org.sessions.end(request.headers.get("authorization", "").rpartition(" ")[2])


async def _silence(receive: Receive, seconds: float) -> None:
    """Until the client gives up, or the time is over."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return
