"""
Real-time events over Pub/Sub API (gRPC, Avro): what has come on topics since a place on each, within a bound of time and number.

A subscriber asks for events, at most 100 at a time, and is silent otherwise: where nothing comes, the bus says so only after 270
seconds (Pub/Sub API, Allocations; pubsub_api.proto, FetchResponse).
"""

import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Literal, Self, cast

import fastavro
import grpc

from tasks.errors import (
    IncompleteRead,
    OrgError,
    OrgRefused,
    OrgUnavailable,
    ReplayLost,
    SessionExpired,
    Throttled,
)
from tasks.salesforce import pubsub_api_pb2 as api
from tasks.salesforce.connection import Connection

Start = bytes | Literal["earliest", "latest"]
"""A replay id to go on behind; all that is kept; or what comes from now on."""
MOST_REQUESTED = 100
_ASK_AGAIN = 50
_LARGEST_MESSAGE = 16 << 20
_SERVICE = "/eventbus.v1.PubSub/"
_ANSWER_SECONDS = 10.0
_LOOK_SECONDS = 0.05
_REFUSED = (
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.UNIMPLEMENTED,
)
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bounds:
    """
    How long a look listens: for `seconds` at most, to `most` events of a topic; a topic that is silent for `quiet` seconds, or has
    told of a moment after `began` (the org's time), has told all.
    """

    seconds: float
    quiet: float
    most: int
    began: datetime


@dataclass
class Heard:
    """
    What a topic told: events as they are named in its schema, with moments as datetimes. `replay` is the place behind the last of them,
    empty where the bus has named none; `whole` whether it told all it had.
    """

    events: list[dict[str, Any]] = field(default_factory=list)
    replay: bytes = b""
    whole: bool = False


class EventBus:
    """The bus as one session sees it. TLS always; through the connection's proxy, trusting its CA bundle."""

    def __init__(self, connection: Connection, address: str, token: str, organization: str) -> None:
        """`organization` is the org's id. Raises OrgUnavailable where the CA bundle cannot be read."""
        self._alias = connection.alias
        self._headers: Headers = (
            ("accesstoken", token),
            ("instanceurl", connection.audience),
            ("tenantid", organization),
        )
        self._channel = grpc.secure_channel(address, _credentials(connection), _options(connection))
        self._topic = self._channel.unary_unary(
            f"{_SERVICE}GetTopic",
            request_serializer=api.TopicRequest.SerializeToString,
            response_deserializer=api.TopicInfo.FromString,
        )
        self._schema = self._channel.unary_unary(
            f"{_SERVICE}GetSchema",
            request_serializer=api.SchemaRequest.SerializeToString,
            response_deserializer=api.SchemaInfo.FromString,
        )
        self._subscribe = self._channel.stream_stream(
            f"{_SERVICE}Subscribe",
            request_serializer=api.FetchRequest.SerializeToString,
            response_deserializer=api.FetchResponse.FromString,
        )
        self._schemas: dict[str, _Schema] = {}
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._channel.close()

    def listen(self, wanted: Mapping[str, Start], bounds: Bounds) -> dict[str, Heard | OrgError]:
        """
        By topic what it told since its start, or the error that it alone met. All topics are heard side by side.

        Raises SessionExpired where the token is none any more, and OrgUnavailable where no topic was heard.
        """
        with ThreadPoolExecutor(max_workers=max(len(wanted), 1)) as pool:
            found = dict(
                zip(
                    wanted,
                    pool.map(lambda topic: self._hear(topic, wanted[topic], bounds), wanted),
                    strict=True,
                )
            )
        for error in found.values():
            if isinstance(error, SessionExpired):
                raise error
        if found and all(isinstance(each, OrgUnavailable | Throttled) for each in found.values()):
            raise cast(OrgError, next(iter(found.values())))
        return found

    def _hear(self, topic: str, start: Start, bounds: Bounds) -> Heard | OrgError:
        try:
            known = self._topic(
                api.TopicRequest(topic_name=topic), metadata=self._headers, timeout=_ANSWER_SECONDS
            )
            if not known.can_subscribe:
                return OrgRefused(
                    self._alias, "its topic is not offered to this user", "Grant the right to see its events."
                )
            return _Subscription(self, topic, start, bounds).heard()
        except grpc.RpcError as error:
            return classify_call(self._alias, error)
        except OrgError as error:
            return error

    def opened(self, requests: "SimpleQueue[api.FetchRequest | None]", seconds: float) -> Any:
        """A subscription that is fed from a queue; typed loosely, for a call is an iterator that can be ended, too."""
        return self._subscribe(iter(requests.get, None), metadata=self._headers, timeout=seconds)

    def read(self, topic: str, event: api.ProducerEvent) -> dict[str, Any]:
        """An event by the schema that it names, which is asked for once. Raises IncompleteRead where it cannot be read by it."""
        with self._lock:
            if event.schema_id not in self._schemas:
                answer = self._schema(
                    api.SchemaRequest(schema_id=event.schema_id),
                    metadata=self._headers,
                    timeout=_ANSWER_SECONDS,
                )
                self._schemas[event.schema_id] = _Schema(answer.schema_json)
            schema = self._schemas[event.schema_id]
        try:
            return schema.read(event.payload)
        except (ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError):
            raise IncompleteRead(
                self._alias,
                f"an event on {topic} is not as its schema says",
                "It is read from the stored events instead.",
            ) from None


class _Subscription:
    """One topic in one look. The call's own deadline ends it where the bus says nothing; a watch ends it where enough was heard."""

    def __init__(self, bus: EventBus, topic: str, start: Start, bounds: Bounds) -> None:
        self._bus, self._topic, self._bounds = bus, topic, bounds
        self._requests: SimpleQueue[api.FetchRequest | None] = SimpleQueue()
        named = isinstance(start, bytes)
        preset = api.CUSTOM if named else api.EARLIEST if start == "earliest" else api.LATEST
        self._requests.put(
            api.FetchRequest(
                topic_name=topic,
                replay_preset=preset,
                replay_id=start if isinstance(start, bytes) else b"",
                num_requested=MOST_REQUESTED,
            )
        )
        self._last = time.monotonic()
        self._over = False

    def heard(self) -> Heard:
        """Raises grpc.RpcError and IncompleteRead."""
        found = Heard()
        deadline = time.monotonic() + self._bounds.seconds
        call = self._bus.opened(self._requests, self._bounds.seconds + _ANSWER_SECONDS)
        watch = Thread(target=self._watch, args=(call, deadline), daemon=True)
        watch.start()
        try:
            for response in call:
                if self._took(found, response):
                    break
        except grpc.RpcError as error:
            if not self._over or error.code() is not grpc.StatusCode.CANCELLED:
                raise
            # Silence for so long is all it had; the end of the time with events still coming is not.
            found.whole = found.whole or time.monotonic() < deadline
        finally:
            self._over = True
            self._requests.put(None)
            call.cancel()
            watch.join()
        return found

    def _took(self, found: Heard, response: api.FetchResponse) -> bool:
        """Adds what came; whether it is enough."""
        for each in response.events:
            found.events.append(self._bus.read(self._topic, each.event))
            found.replay = each.replay_id
        if not response.events:
            # Nothing is waiting: the bus says so, and where to go on.
            found.replay, found.whole = response.latest_replay_id or found.replay, True
            return True
        self._last = time.monotonic()
        moments = [
            at
            for event in found.events[-len(response.events) :]
            if isinstance(at := event.get("EventDate"), datetime)
        ]
        if moments and max(moments) >= self._bounds.began:
            found.whole = True
            return True
        if len(found.events) >= self._bounds.most:
            return True
        if response.pending_num_requested <= _ASK_AGAIN:
            self._requests.put(api.FetchRequest(topic_name=self._topic, num_requested=_ASK_AGAIN))
        return False

    def _watch(self, call: Any, deadline: float) -> None:
        while not self._over:
            now = time.monotonic()
            if now >= deadline or now - self._last >= self._bounds.quiet:
                self._over = True
                call.cancel()
                return
            time.sleep(_LOOK_SECONDS)


class _Schema:
    """An Avro schema, and which of its fields are moments: milliseconds, which their `doc` alone tells from other numbers."""

    def __init__(self, text: str) -> None:
        document = json.loads(text)
        self._parsed = fastavro.parse_schema(document)
        self._moments = [
            each["name"] for each in document["fields"]
            if "DateTime" in str(each.get("doc", "")).split(":") or each["name"] == "EventDate"
        ]  # fmt: skip

    def read(self, payload: bytes) -> dict[str, Any]:
        event = cast(dict[str, Any], fastavro.schemaless_reader(BytesIO(payload), self._parsed, None))
        for name in self._moments:
            if isinstance(value := event.get(name), int):
                event[name] = datetime.fromtimestamp(value / 1000, UTC)
        return event


def classify_call(org: str, error: grpc.RpcError) -> OrgError:
    """What a call's end means: by the bus's own code in the trailers, by the status where it names none. Details are left out."""
    status = error.code() if isinstance(error, grpc.Call) else None
    told: Any = error.trailing_metadata() if isinstance(error, grpc.Call) else None
    code = next((str(value) for name, value in told or () if name == "error-code"), "")
    if status is grpc.StatusCode.UNAUTHENTICATED or code.endswith("service.auth.error"):
        return SessionExpired(
            org, "the event bus does not take the session", "A new token is requested.", code
        )
    if ".replayid." in code:
        return ReplayLost(org, "its topic cannot go on from where it was", "It begins anew.", code)
    if status in _REFUSED:
        return OrgRefused(
            org, "its topic is not offered to this user", "License and enable its stream, or leave it.", code
        )
    if status is grpc.StatusCode.RESOURCE_EXHAUSTED:
        return Throttled(org, "the event bus asks for patience", "The next look tries again.", code)
    return OrgUnavailable(
        org, "the event bus did not answer", "Check its address, the proxy, ca_bundle and the network.", code
    )


def _credentials(connection: Connection) -> grpc.ChannelCredentials:
    if connection.ca_bundle is None:
        return grpc.ssl_channel_credentials()
    try:
        return grpc.ssl_channel_credentials(Path(connection.ca_bundle).read_bytes())
    except OSError:
        raise OrgUnavailable(
            connection.alias,
            "its CA bundle cannot be read",
            "Correct ca_bundle in estate.yaml and register again.",
        ) from None


def _options(connection: Connection) -> list[tuple[str, Any]]:
    options: list[tuple[str, Any]] = [
        ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
        ("grpc.enable_retries", 0),
        # Channels to one address share a connection otherwise, whatever each of them trusts.
        ("grpc.use_local_subchannel_pool", 1),
    ]
    # A proxy of the environment is not ours, as in the HTTP transport.
    if connection.proxy is None:
        return [*options, ("grpc.enable_http_proxy", 0)]
    return [*options, ("grpc.http_proxy", connection.proxy)]
