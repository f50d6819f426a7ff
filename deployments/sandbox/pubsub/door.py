"""The gRPC service eventbus.v1.PubSub: who calls is judged as at every other door of an org."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, NoReturn
from urllib.parse import urlsplit
from uuid import uuid4

import grpc

from deployments.sandbox.faults.rules import Fault
from deployments.sandbox.network import Callers
from deployments.sandbox.orgs import Org, Orgs
from deployments.sandbox.pubsub import pubsub_api_pb2 as api
from deployments.sandbox.pubsub.bus import Bus, NoPlace
from deployments.sandbox.pubsub.schemas import schema_id
from deployments.sandbox.rest import access
from deployments.sandbox.rest.errors import ApiError
from deployments.sandbox.rights import Caller
from deployments.sandbox.schema import SObject
from deployments.sandbox.switches import amount
from deployments.sandbox.wire import Reply, Request, WireLog

HOSTS, PORTS = ("api.pubsub.salesforce.com", "api.deu.pubsub.salesforce.com"), (7443, 443)
MOST_REQUESTED = 100
"""Events a subscriber can have asked for at one time; a larger number counts as this (Pub/Sub API, Allocations)."""
_BATCH = 50
_LOOK_SECONDS = 0.1
_SERVICE = "eventbus.v1.PubSub"
_CODES = "sfdc.platform.eventbus.grpc"
_NO_TOPIC = f"{_CODES}.subscription.topic.notfound"
Context = grpc.aio.ServicerContext[Any, Any]


class Door:
    """Answers the three calls that a subscriber makes; publishing is not served."""

    def __init__(self, orgs: Orgs, callers: Callers, wire: WireLog) -> None:
        self._orgs, self._callers, self._wire = orgs, callers, wire

    def handlers(self) -> grpc.GenericRpcHandler:
        return grpc.method_handlers_generic_handler(
            _SERVICE,
            {
                "GetTopic": grpc.unary_unary_rpc_method_handler(
                    self.topic,
                    request_deserializer=api.TopicRequest.FromString,
                    response_serializer=api.TopicInfo.SerializeToString,
                ),
                "GetSchema": grpc.unary_unary_rpc_method_handler(
                    self.schema,
                    request_deserializer=api.SchemaRequest.FromString,
                    response_serializer=api.SchemaInfo.SerializeToString,
                ),
                "Subscribe": grpc.stream_stream_rpc_method_handler(
                    self.subscribe,
                    request_deserializer=api.FetchRequest.FromString,
                    response_serializer=api.FetchResponse.SerializeToString,
                ),
            },
        )

    async def topic(self, request: api.TopicRequest, context: Context) -> api.TopicInfo:
        org, caller, _ = await self._enter(context, "GetTopic")
        target = await self._target(org, caller, request.topic_name, context)
        return api.TopicInfo(
            topic_name=request.topic_name,
            tenant_guid=f"core/prod/{org.store.org_id}",
            can_publish=False,
            can_subscribe=True,
            schema_id=schema_id(Bus(org.store).schema(request.topic_name, target)),
            rpc_id=str(uuid4()),
        )

    async def schema(self, request: api.SchemaRequest, context: Context) -> api.SchemaInfo:
        org, _, _ = await self._enter(context, "GetSchema")
        text = Bus(org.store).schema_named(request.schema_id)
        if text is None:
            await _refuse(
                context, grpc.StatusCode.NOT_FOUND, f"{_CODES}.schema.notfound", "There is no such schema."
            )
        return api.SchemaInfo(schema_json=text, schema_id=request.schema_id, rpc_id=str(uuid4()))

    async def subscribe(
        self, requests: AsyncIterator[api.FetchRequest], context: Context
    ) -> AsyncIterator[api.FetchResponse]:
        org, caller, fault = await self._enter(context, "Subscribe")
        asked: asyncio.Queue[api.FetchRequest | None] = asyncio.Queue()
        reading = asyncio.create_task(_read(requests, asked))
        try:
            first = await asked.get()
            if first is None:
                return
            target = await self._target(org, caller, first.topic_name, context)
            number = await _begin(org, target, first, context)
            pending = await _more(0, first, first, context)
            heard = time.monotonic()
            while True:
                with suppress(asyncio.QueueEmpty):
                    while (request := asked.get_nowait()) is not None:
                        pending = await _more(pending, request, first, context)
                    return
                # The org behind the name is another one once the estate was put back.
                org, caller, _ = await self._enter(context, "", again=True)
                bus = Bus(org.store)
                found = (
                    list(bus.after(first.topic_name, target, number, min(pending, _BATCH))) if pending else []
                )
                if found:
                    number, pending, heard = found[-1].number, pending - len(found), time.monotonic()
                    yield api.FetchResponse(
                        events=[
                            api.ConsumerEvent(
                                event=api.ProducerEvent(id=m.uuid, schema_id=m.schema_id, payload=m.payload),
                                replay_id=m.replay_id,
                            )
                            for m in found
                        ],
                        latest_replay_id=found[-1].replay_id,
                        rpc_id=str(uuid4()),
                        pending_num_requested=pending,
                    )
                    if fault is not None and fault.kind == "cut":
                        await _refuse(
                            context,
                            grpc.StatusCode.UNAVAILABLE,
                            f"{_CODES}.service.unavailable",
                            "Going away.",
                        )
                    continue
                if time.monotonic() - heard >= amount(org.store, "stream_keepalive_seconds"):
                    heard = time.monotonic()
                    yield api.FetchResponse(
                        latest_replay_id=bus.keepalive(number),
                        rpc_id=str(uuid4()),
                        pending_num_requested=pending,
                    )
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            reading.cancel()

    async def _enter(
        self, context: Context, operation: str, *, again: bool = False
    ) -> tuple[Org, Caller, Fault | None]:
        """The org and the user that the headers name, noted as every request is. Ends the call where either is not right."""
        started = time.perf_counter()
        headers = {name: str(value) for name, value in context.invocation_metadata() or ()}
        host = urlsplit(headers.get("instanceurl", "")).hostname or ""
        org = self._orgs.at(host)
        address, _, port = context.peer().rpartition(":")
        origin = self._callers.find((address.removeprefix("ipv4:"), int(port) if port.isdigit() else 0))
        source_ip = origin.source_ip if origin else "127.0.0.1"
        path = f"/{_SERVICE}/{operation}"
        request = Request("POST", host, 443, path, "", headers, b"", source_ip)
        request.notes |= {"org": org.alias if org is not None else "", "operation": operation}
        fault = None if again or org is None else await self._trouble(org, path, headers, context)
        tenant = headers.get("tenantid", "")
        try:
            if org is None or len(tenant) not in (15, 18) or not org.store.org_id.startswith(tenant[:15]):
                raise access.EXPIRED
            caller, _ = access.enter(org, request, headers.get("accesstoken", ""))
        except ApiError as error:
            self._wire.record(request, Reply(401), started)
            await _refuse(
                context, grpc.StatusCode.UNAUTHENTICATED, f"{_CODES}.service.auth.error", str(error.code)
            )
        if not again:
            self._wire.record(request, Reply(200), started)
        return org, caller, fault

    async def _trouble(self, org: Org, path: str, headers: dict[str, str], context: Context) -> Fault | None:
        fault = self._orgs.faults.take("request", org.alias, "POST", path, self._orgs.clock.now())
        if fault is None:
            return None
        if fault.kind == "expire":
            org.sessions.end(headers.get("accesstoken", ""))
        elif fault.kind in ("slow", "hang"):
            await asyncio.sleep(fault.options["seconds"])
        elif fault.kind in ("throttled", "limit"):
            await _refuse(
                context, grpc.StatusCode.RESOURCE_EXHAUSTED, f"{_CODES}.service.limit.exceeded", "Too many."
            )
        elif fault.kind != "cut" or not path.endswith("/Subscribe"):
            await _refuse(context, grpc.StatusCode.UNAVAILABLE, f"{_CODES}.service.unavailable", "Not now.")
        return fault

    async def _target(self, org: Org, caller: Caller, topic: str, context: Context) -> SObject:
        target = Bus(org.store).target(topic)
        if target is None:
            await _refuse(context, grpc.StatusCode.NOT_FOUND, _NO_TOPIC, f"The topic {topic} does not exist.")
        if not caller.sees(target):
            await _refuse(
                context,
                grpc.StatusCode.PERMISSION_DENIED,
                f"{_CODES}.subscription.topic.permission.denied",
                f"The user may not subscribe to {topic}.",
            )
        return target


async def _read(
    requests: AsyncIterator[api.FetchRequest], asked: asyncio.Queue[api.FetchRequest | None]
) -> None:
    async for request in requests:
        asked.put_nowait(request)
    asked.put_nowait(None)


async def _begin(org: Org, target: SObject, first: api.FetchRequest, context: Context) -> int:
    """The place that the first request names."""
    bus = Bus(org.store)
    if first.replay_preset == api.EARLIEST:
        return 0
    if first.replay_preset == api.LATEST:
        return bus.last(target)
    if not first.replay_id:
        code = f"{_CODES}.subscription.fetch.replayid.validation.failed"
        await _refuse(context, grpc.StatusCode.INVALID_ARGUMENT, code, "CUSTOM needs a replay id.")
    try:
        return bus.place_of(target, first.replay_id)
    except NoPlace as error:
        code = f"{_CODES}.subscription.fetch.replayid.corrupted"
        await _refuse(
            context, grpc.StatusCode.INVALID_ARGUMENT, code, f"The Replay ID validation failed: {error}."
        )


async def _more(pending: int, request: api.FetchRequest, first: api.FetchRequest, context: Context) -> int:
    """How many events may be sent once a further request has come."""
    if request.topic_name not in ("", first.topic_name):
        code = f"{_CODES}.subscription.fetch.topic.mismatch"
        await _refuse(
            context, grpc.StatusCode.INVALID_ARGUMENT, code, "The topic of a subscription cannot change."
        )
    if request.num_requested <= 0:
        code = f"{_CODES}.subscription.fetch.requested.events.invalid"
        await _refuse(context, grpc.StatusCode.INVALID_ARGUMENT, code, "num_requested is one or more.")
    return min(pending + request.num_requested, MOST_REQUESTED)


async def _refuse(context: Context, status: grpc.StatusCode, code: str, why: str) -> NoReturn:
    rpc_id = str(uuid4())
    await context.abort(status, f"{why} rpcId: {rpc_id}", (("error-code", code), ("rpc-id", rpc_id)))
    raise AssertionError("a call that was ended goes on")


async def open_pubsub(door: Door, key: bytes, certificate: bytes) -> tuple[grpc.aio.Server, int]:
    """A started server on loopback, and its port."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((door.handlers(),))
    credentials = grpc.ssl_server_credentials([(key, certificate)])
    port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    return server, port
