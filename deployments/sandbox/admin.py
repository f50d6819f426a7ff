"""The estate's own interface, on loopback behind a random token: the wire log, the sinks, tokens."""

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.serialization import Encoding

from deployments.sandbox.calling_out import CannotCallOut, token_request
from deployments.sandbox.clock import Clock, parse_stamp, stamp
from deployments.sandbox.fidelity import load_fidelity
from deployments.sandbox.identity.policy import chain_of
from deployments.sandbox.identity.trying import tried
from deployments.sandbox.metadata.certificates import key_of
from deployments.sandbox.orgs import Orgs
from deployments.sandbox.sinks import Sinks
from deployments.sandbox.snapshots import SEED, BadSnapshot, Snapshots
from deployments.sandbox.switches import UnknownSwitch, amount, turn
from deployments.sandbox.telemetry.columns import columns
from deployments.sandbox.telemetry.files import count
from deployments.sandbox.trust import Authority
from deployments.sandbox.wire import Reply, WireLog, json_reply

TEST_SESSION_MINUTES = 120


class Admin:
    """Answers on the admin port; every path but /health needs `Authorization: Bearer <token>`."""

    def __init__(self, orgs: Orgs, sinks: Sinks, wire: WireLog, clock: Clock, token: str) -> None:
        self.token = token
        self._orgs = orgs
        self._sinks = sinks
        self._wire = wire
        self._clock = clock
        self.snapshots: Snapshots | None = None
        """There once AWS is."""
        self.authority: Authority | None = None
        """There once the estate is served."""
        self.clock_moved: list[Callable[[datetime, datetime], None]] = []
        """Called with the estate's time before and after each move."""

    def answer(self, scope: Mapping[str, Any], body: bytes) -> Reply:
        path, method = scope["path"].rstrip("/"), scope["method"]
        if path == "/health":
            return json_reply(200, {"ready": True})
        if not self._allowed(scope):
            return json_reply(401, {"error": "the admin token of state.json is missing or wrong"})
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if (method, path) == ("GET", "/wire"):
            return json_reply(200, self._wire.since(int(query.get("since", "0"))))
        if (method, path) == ("POST", "/reset-wire"):
            self._wire.reset()
            return Reply(204)
        if (method, path) == ("POST", "/token"):
            return self._mint(body)
        if (method, path) == ("POST", "/try-sign-ins"):
            return self._try(body)
        if path == "/clock":
            return self._time(method, body)
        if path.startswith("/faults"):
            return self._trouble(method, path.removeprefix("/faults").strip("/"), body)
        if path.startswith("/snapshots") or (method, path) == ("POST", "/reset"):
            return self._put_aside(method, path, body)
        if path == "/late-event":
            return self._late_event(body)
        if path == "/telemetry":
            return json_reply(200, {"rows": sum(count(org.store) for org in self._orgs)})
        if path == "/switches":
            return self._switches(method, query, body)
        if (method, path) == ("GET", "/key-pair"):
            return self._key_pair(query)
        if (method, path) == ("GET", "/call-out"):
            return self._call_out(query)
        if method == "POST" and path.startswith("/authority/"):
            return self._certify(path.removeprefix("/authority/"), body)
        if path.startswith("/sinks"):
            return self._sink(method, path.removeprefix("/sinks").strip("/"))
        return json_reply(404, {"error": f"there is no {method} {path} here"})

    def _allowed(self, scope: Mapping[str, Any]) -> bool:
        given = dict(scope["headers"]).get(b"authorization", b"")
        return hmac.compare_digest(given, f"Bearer {self.token}".encode())

    def _time(self, method: str, body: bytes) -> Reply:
        """The estate's time; POST `{"advance_seconds"}` moves it forward, `{"rate"}` sets its pace (0: frozen)."""
        if method == "POST":
            before = self._clock.now()
            try:
                wanted = json.loads(body)
                if "rate" in wanted:
                    self._clock.run_at(float(wanted["rate"]))
                if "advance_seconds" in wanted or "rate" not in wanted:
                    self._clock.advance(timedelta(seconds=float(wanted["advance_seconds"])))
            except (ValueError, KeyError, TypeError) as error:
                return json_reply(
                    400, {"error": f"advance_seconds and rate are numbers, and no others are known: {error}"}
                )
            for told in self.clock_moved:
                told(before, self._clock.now())
        now, offset = self._clock.now().isoformat(), self._clock.offset.total_seconds()
        return json_reply(200, {"now": now, "rate": self._clock.rate, "offset_seconds": offset})

    def _trouble(self, method: str, number: str, body: bytes) -> Reply:
        """POST a rule, GET all with their hits, DELETE all or `/faults/<id>`."""
        faults = self._orgs.faults
        try:
            if method == "POST":
                return json_reply(201, faults.add(json.loads(body), self._clock.now()).document())
            if method == "DELETE":
                return json_reply(200, {"removed": faults.remove(int(number) if number else None)})
        except ValueError as error:
            return json_reply(400, {"error": str(error)})
        return json_reply(200, [rule.document() for rule in faults.rules])

    def _put_aside(self, method: str, path: str, body: bytes) -> Reply:
        """GET and POST `/snapshots` (`{"name"}`), DELETE `/snapshots/<name>`, POST `…/<name>/restore`, POST `/reset`."""
        if self.snapshots is None:
            return json_reply(503, {"error": "the estate is not ready yet"})
        _, _, name, action = [*path.split("/"), "", ""][:4]
        try:
            if path == "/reset":
                return json_reply(200, self.snapshots.restore(SEED))
            if method == "GET":
                return json_reply(200, self.snapshots.listing())
            if method == "DELETE":
                self.snapshots.delete(name)
                return Reply(204)
            if action == "restore":
                return json_reply(200, self.snapshots.restore(name))
            return json_reply(201, self.snapshots.save(str(json.loads(body)["name"])))
        except (BadSnapshot, ValueError, KeyError, TypeError) as error:
            return json_reply(400, {"error": str(error)})

    def _late_event(self, body: bytes) -> Reply:
        """POST `{"org", "at", "kind"}`: an event that is found only now, such as a busy platform brings."""
        try:
            wanted = json.loads(body)
            org = self._orgs.named(str(wanted["org"]))
            at = stamp(parse_stamp(str(wanted["at"])))
            kind = str(wanted["kind"])
            columns(kind)
        except (ValueError, KeyError, TypeError) as error:
            return json_reply(
                400, {"error": f"org, at and kind name an org, a moment and an event type: {error}"}
            )
        if org is None:
            return json_reply(404, {"error": f"there is no org {wanted['org']!r}"})
        org.store.add_events([(at, kind, json.dumps({"EVENT_TYPE": kind, "TIMESTAMP_DERIVED": at}))])
        org.store.commit()
        return json_reply(201, {"at": at, "kind": kind})

    def _switches(self, method: str, query: Mapping[str, str], body: bytes) -> Reply:
        """GET where all switches of `?org=` stand; POST `{"name", "value", "org"?}` (null: back to default)."""
        wanted: Mapping[str, Any] = json.loads(body) if method == "POST" else query
        orgs = [org for org in self._orgs if wanted.get("org") in (None, "", org.alias)]
        if not orgs:
            return json_reply(404, {"error": f"there is no org {wanted.get('org')!r}"})
        if method == "POST":
            try:
                for org in orgs:
                    turn(org.store, str(wanted["name"]), wanted["value"])
                    org.store.commit()
            except (UnknownSwitch, KeyError, TypeError, ValueError) as error:
                return json_reply(400, {"error": str(error)})
        declared = load_fidelity().switches
        stand = {org.alias: {name: amount(org.store, name) for name in declared} for org in orgs}
        return json_reply(200, stand)

    def _key_pair(self, query: Mapping[str, str]) -> Reply:
        """What `?org=` itself has to call out with: chain and key of its certificate `?name=`. No API gives the key."""
        org = self._orgs.named(query.get("org", ""))
        name = query.get("name", "")
        key = None if org is None else key_of(org.store, name)
        if org is None or key is None:
            return json_reply(404, {"error": f"there is no key pair {name!r} in {query.get('org')!r}"})
        chain = chain_of((org.store.metadata("Certificate", name) or {}).get("content"))
        text = "".join(each.public_bytes(Encoding.PEM).decode() for each in chain)
        return json_reply(200, {"chain": text, "key": key})

    def _call_out(self, query: Mapping[str, str]) -> Reply:
        """How `?org=` asks for a token through its named credential `?name=`: `{"url", "form"}`, for the caller to send."""
        org = self._orgs.named(query.get("org", ""))
        if org is None:
            return json_reply(404, {"error": f"there is no org {query.get('org')!r}"})
        try:
            return json_reply(200, token_request(org.store, query.get("name", "")))
        except CannotCallOut as error:
            return json_reply(404, {"error": str(error)})

    def _certify(self, action: str, body: bytes) -> Reply:
        """
        POST `/authority/sign` (`{"request", "days"?, "usages"?}`) gives `{"chain"}`; `/authority/revoke` takes `{"chain"}`.

        What an outside authority does with a certificate request. Its time is real time.
        """
        if self.authority is None:
            return json_reply(503, {"error": "the estate is not ready yet"})
        now = datetime.now(UTC)
        try:
            wanted = json.loads(body)
            if action == "revoke":
                self.authority.revoke(str(wanted["chain"]), now)
                return Reply(204)
            chain = self.authority.sign(
                str(wanted["request"]),
                days=float(wanted.get("days", 90)),
                usages=list(wanted.get("usages", ["clientAuth"])),
                now=now,
            )
        except (ValueError, KeyError, TypeError) as error:
            return json_reply(400, {"error": f"that is no certificate request that can be signed: {error}"})
        return json_reply(201, {"chain": chain})

    def _sink(self, method: str, name: str) -> Reply:
        if method == "DELETE" and not name:
            self._sinks.clear()
            return Reply(204)
        if method == "GET" and name in self._sinks.received:
            return json_reply(200, self._sinks.received[name])
        return json_reply(
            404, {"error": f"there is no sink {name}; there are {', '.join(self._sinks.received)}"}
        )

    def _try(self, body: bytes) -> Reply:
        """POST `{"org", "attempts": [[username, application, address]]}`: for each the refusal, or an empty text."""
        wanted = json.loads(body or b"{}")
        org = self._orgs.named(wanted.get("org", ""))
        if org is None:
            return json_reply(404, {"error": f"there is no org {wanted.get('org')!r}"})
        try:
            return json_reply(200, [tried(org, *attempt) for attempt in wanted["attempts"]])
        except LookupError as error:
            return json_reply(404, {"error": str(error)})
        except (ValueError, TypeError) as error:
            return json_reply(400, {"error": f"attempts are [username, application, address]: {error}"})

    def _mint(self, body: bytes) -> Reply:
        """A session without a login, for `{"org", "username"}`: gates and login history are passed by."""
        wanted = json.loads(body or b"{}")
        org = self._orgs.named(wanted.get("org", ""))
        if org is None:
            aliases = ", ".join(each.alias for each in self._orgs)
            return json_reply(404, {"error": f"there is no org {wanted.get('org')!r}; there are {aliases}"})
        user = org.user_named(wanted.get("username", ""))
        if user is None:
            return json_reply(404, {"error": f"org {org.alias} has no user {wanted.get('username')!r}"})
        token = org.sessions.begin(
            str(user["Id"]),
            app="",
            source_ip="203.0.113.10",
            minutes=TEST_SESSION_MINUTES,
            login_type="Application",
            login_id=None,
        )
        return json_reply(
            200, {"access_token": token, "instance_url": org.instance_url, "user_id": user["Id"]}
        )
