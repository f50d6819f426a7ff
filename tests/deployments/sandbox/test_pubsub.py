"""The estate's event bus over its wire: who is let in, flow control, replay, keepalive, and refusals with the bus's own codes."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import fastavro
import grpc
import orjson
import pytest

from deployments.sandbox import launch
from deployments.sandbox.pubsub import pubsub_api_pb2 as api
from tests.running import RunningEstate

API_EVENTS = "/event/ApiEventStream"
CODES = "sfdc.platform.eventbus.grpc"


class Subscriber:
    """A client that shares no code with the product: the calls of pubsub_api.proto through the estate's proxy."""

    def __init__(self, estate: RunningEstate, **headers: str) -> None:
        self.estate = estate
        token = estate.token("hq", "bulkhead.scanner@hq.meridian.example")
        right = {
            "accesstoken": token,
            "instanceurl": estate.org("hq")["instance_url"],
            "tenantid": token.partition("!")[0],
        }
        self.metadata = tuple((right | headers).items())
        trusted = grpc.ssl_channel_credentials(Path(estate.state["ca_bundle"]).read_bytes())
        options = [("grpc.http_proxy", estate.state["proxy"]), ("grpc.use_local_subchannel_pool", 1)]
        self.channel = grpc.secure_channel("api.pubsub.salesforce.com:7443", trusted, options)

    def one(self, name: str, request: Any, answer: Any) -> Any:
        call = self.channel.unary_unary(
            f"/eventbus.v1.PubSub/{name}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=answer.FromString,
        )
        return call(request, metadata=self.metadata, timeout=10)

    def topic(self, name: str = API_EVENTS) -> Any:
        return self.one("GetTopic", api.TopicRequest(topic_name=name), api.TopicInfo)

    def subscribe(self, *requests: api.FetchRequest, seconds: float = 10) -> Any:
        call = self.channel.stream_stream(
            "/eventbus.v1.PubSub/Subscribe",
            request_serializer=api.FetchRequest.SerializeToString,
            response_deserializer=api.FetchResponse.FromString,
        )
        return call(_held_open(requests, seconds), metadata=self.metadata, timeout=seconds)

    def ask(self, times: int) -> None:
        """Each query of the org is an event."""
        for number in range(times):
            query = f"SELECT Id FROM Account WHERE Name = 'door {number}' LIMIT 1"
            self.estate.get("hq", "bulkhead.scanner@hq.meridian.example", "v64.0/query", params={"q": query})


def _held_open(requests: tuple[api.FetchRequest, ...], seconds: float) -> Iterator[api.FetchRequest]:
    """A subscription ends with its requests."""
    import time

    yield from requests
    time.sleep(seconds)


def first(
    number: int = 100, preset: api.ReplayPreset = api.EARLIEST, replay: bytes = b""
) -> api.FetchRequest:
    return api.FetchRequest(
        topic_name=API_EVENTS, num_requested=number, replay_preset=preset, replay_id=replay
    )


def refused(call: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.RpcError) as error:
        list(call())
    trailers = dict(error.value.trailing_metadata() or ())
    assert trailers["rpc-id"] in error.value.details()
    return error.value.code(), trailers["error-code"]


@pytest.fixture
def subscriber(estate: RunningEstate) -> Iterator[Subscriber]:
    made = Subscriber(estate)
    yield made
    made.channel.close()
    for name in ("stream_keepalive_seconds", "stream_retention_hours"):
        turn(estate, name, None)


def turn(estate: RunningEstate, name: str, value: float | None) -> None:
    launch.ask(estate.folder, "POST", "/switches", {"name": name, "value": value})


def test_an_event_can_be_read_by_the_schema_that_its_topic_names(subscriber: Subscriber) -> None:
    subscriber.ask(2)
    known = subscriber.topic()
    assert known.can_subscribe and not known.can_publish
    schema = subscriber.one("GetSchema", api.SchemaRequest(schema_id=known.schema_id), api.SchemaInfo)
    parsed = fastavro.parse_schema(orjson.loads(schema.schema_json))
    response = next(subscriber.subscribe(first()))
    event: Any = fastavro.schemaless_reader(BytesIO(response.events[-1].event.payload), parsed, None)
    assert {each.event.schema_id for each in response.events} == {known.schema_id}
    assert event["EventIdentifier"] == response.events[-1].event.id and event["EventDate"] > 1_700_000_000_000


def test_a_subscriber_gets_what_it_asked_for_and_no_more(subscriber: Subscriber) -> None:
    subscriber.ask(8)
    turn(subscriber.estate, "stream_keepalive_seconds", 0.2)
    call = subscriber.subscribe(first(3), api.FetchRequest(num_requested=2))
    came: list[int] = []
    for response in call:
        came.append(len(response.events))
        if not response.events:
            break
    assert sum(came) == 5 and response.pending_num_requested == 0
    greedy = next(subscriber.subscribe(first(100_000)))
    assert len(greedy.events) + greedy.pending_num_requested == 100


def test_a_replay_id_leads_behind_its_event_and_so_does_that_of_an_empty_response(
    subscriber: Subscriber,
) -> None:
    subscriber.ask(4)
    turn(subscriber.estate, "stream_keepalive_seconds", 0.2)
    events = next(subscriber.subscribe(first(4))).events
    after = next(subscriber.subscribe(first(1, api.CUSTOM, events[1].replay_id))).events
    assert after[0].event.id == events[2].event.id
    tip = next(subscriber.subscribe(first(1, api.LATEST)))
    assert not tip.events
    subscriber.ask(1)
    fresh = next(subscriber.subscribe(first(5, api.CUSTOM, tip.latest_replay_id))).events
    assert len(fresh) == 1


def test_what_is_wrong_is_refused_with_the_buss_own_code(
    subscriber: Subscriber, estate: RunningEstate
) -> None:
    invalid = grpc.StatusCode.INVALID_ARGUMENT
    fetch = f"{CODES}.subscription.fetch"
    replay = next(subscriber.subscribe(first(1))).events[0].replay_id
    assert refused(lambda: subscriber.subscribe(first(0))) == (invalid, f"{fetch}.requested.events.invalid")
    assert refused(lambda: subscriber.subscribe(first(1, api.CUSTOM))) == (
        invalid,
        f"{fetch}.replayid.validation.failed",
    )
    corrupted = (invalid, f"{fetch}.replayid.corrupted")
    assert refused(lambda: subscriber.subscribe(first(1, api.CUSTOM, b"?"))) == corrupted
    assert (
        refused(lambda: subscriber.subscribe(first(1, api.CUSTOM, replay[:1] + b"\xff" + replay[2:])))
        == corrupted
    )
    other = api.FetchRequest(topic_name="/event/LoginEventStream", num_requested=1)
    assert refused(lambda: subscriber.subscribe(first(1), other))[0] is invalid
    turn(estate, "stream_retention_hours", 0)
    assert refused(lambda: subscriber.subscribe(first(1, api.CUSTOM, replay))) == corrupted
    assert refused(lambda: [subscriber.topic("/event/NoSuch")])[0] is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize(
    "header",
    [
        {"accesstoken": "00D000000000001!none"},
        {"tenantid": "00D000000000001"},
        {"instanceurl": "https://no.my.salesforce.com"},
    ],
)
def test_nobody_gets_in_without_a_session_of_that_org(estate: RunningEstate, header: dict[str, str]) -> None:
    expected = (grpc.StatusCode.UNAUTHENTICATED, f"{CODES}.service.auth.error")
    assert refused(lambda: [Subscriber(estate, **header).topic()]) == expected


def test_who_may_not_see_events_may_not_subscribe(estate: RunningEstate) -> None:
    query = "SELECT Username FROM User WHERE IsActive = true AND Profile.Name = 'Standard User' LIMIT 1"
    scanner = "bulkhead.scanner@hq.meridian.example"
    (row,) = estate.get("hq", scanner, "v64.0/query", params={"q": query}).json()["records"]
    stranger = Subscriber(estate, accesstoken=estate.token("hq", row["Username"]))
    assert refused(lambda: [stranger.topic()])[0] is grpc.StatusCode.PERMISSION_DENIED
    assert refused(lambda: stranger.subscribe(first()))[0] is grpc.StatusCode.PERMISSION_DENIED
