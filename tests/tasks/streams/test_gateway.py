"""Events reach syslog over TLS, Splunk and S3 of the embedded estate over their own protocols, and say so only then."""

import asyncio
import gzip
import json
import queue
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox import launch
from tasks.aws.cloud import Cloud
from tasks.errors import StreamBroken
from tasks.estate.model_channels import Stream
from tasks.streams.gateway import send
from tests.running import RunningEstate
from tests.tasks.alerts.worlds import NOW
from tests.tasks.salesforce.stub import server_certificate

NO_CLOUD: Any = None
"""For streams that do not speak to AWS."""


def events(count: int) -> list[dict[str, Any]]:
    return [
        {
            "class_uid": 3004,
            "severity_id": 1,
            "time": int(NOW.timestamp() * 1000),
            "message": "Zürich\n7",
            "metadata": {"uid": f"{n:064x}", "sequence": n + 1, "original_time": NOW.isoformat()},
        }
        for n in range(count)
    ]


def stream(estate: RunningEstate, **fields: Any) -> Stream:
    way = {"proxy": estate.state["proxy"], "ca_bundle": estate.state["ca_bundle"]}
    return Stream.model_validate({"name": "siem", **way, **fields})


def received(estate: RunningEstate, sink: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = launch.ask(estate.folder, "GET", f"/sinks/{sink}")
    return found


def test_syslog_takes_every_message_whole(estate: RunningEstate) -> None:
    before = len(received(estate, "syslog"))
    siem = stream(estate, kind="syslog", address="siem.meridian.example:6514")
    send(events(300), siem, secret={}, cloud=NO_CLOUD, host="h")
    got = received(estate, "syslog")[before:]
    assert [json.loads(each["message"].partition("\ufeff")[2]) for each in got] == events(300)


def test_splunk_takes_a_batch_with_its_token(estate: RunningEstate) -> None:
    before = len(received(estate, "splunk"))
    hec = stream(estate, kind="splunk", address="https://splunk.meridian.example:8088", secret="alerts/hec")
    send(events(5), hec, secret={"token": "t"}, cloud=NO_CLOUD, host="h")
    got = received(estate, "splunk")[before:]
    assert [each["event"] for each in got] == events(5)
    assert got[0]["sourcetype"] == "ocsf:json" and got[0]["time"] == NOW.timestamp()
    with pytest.raises(StreamBroken, match="lacks `token`"):
        send(events(1), hec, secret={}, cloud=NO_CLOUD, host="h")


def test_s3_keeps_the_same_batch_once(estate: RunningEstate, cloud: Cloud) -> None:
    s3: Any = cloud.client("s3")
    where = {"CreateBucketConfiguration": {"LocationConstraint": s3.meta.region_name}}
    s3.create_bucket(Bucket="bulkhead-lake", **({} if s3.meta.region_name == "us-east-1" else where))
    lake = Stream.model_validate({"name": "lake", "kind": "s3", "bucket": "bulkhead-lake"})
    for _ in range(2):
        send(events(4), lake, secret={}, cloud=cloud, host="h")
    [kept] = s3.list_objects_v2(Bucket="bulkhead-lake")["Contents"]
    assert kept["Key"] == "bulkhead/2026-05-13/000000000001.jsonl.gz"
    text = gzip.decompress(s3.get_object(Bucket="bulkhead-lake", Key=kept["Key"])["Body"].read())
    assert [json.loads(line) for line in text.decode().splitlines()] == events(4)


@contextmanager
def receiver(folder: Path, *, cut_after: int | None) -> Iterator[tuple[int, str, queue.Queue[bytes]]]:
    """
    A TLS receiver on this machine: port, CA bundle and what it read of each connection (its TLS layer says goodbye before
    the reader wakes: wait for it). With `cut_after` it resets after so many bytes.
    """
    pem, key = server_certificate(folder)
    trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trust.load_cert_chain(pem, key)
    got: queue.Queue[bytes] = queue.Queue()

    async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.put(await (reader.read() if cut_after is None else reader.readexactly(cut_after)))
        if cut_after is None:
            writer.close()
        else:
            writer.transport.abort()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(read, "127.0.0.1", 0, ssl=trust))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1], str(pem), got
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()


@pytest.mark.parametrize(("cut_after", "taken"), [(None, True), (10, False)])
def test_only_what_was_read_to_its_end_counts(cut_after: int | None, taken: bool, tmp_path: Path) -> None:
    with receiver(tmp_path, cut_after=cut_after) as (port, bundle, got):
        here = Stream.model_validate(
            {"name": "siem", "kind": "syslog", "address": f"localhost:{port}", "ca_bundle": bundle}
        )
        if taken:
            send(events(3), here, secret={}, cloud=NO_CLOUD, host="h")
            assert got.get(timeout=20).count(b"bulkhead - 3004") == 3
        else:
            with pytest.raises(StreamBroken, match="siem was not taken"):
                send(events(20_000), here, secret={}, cloud=NO_CLOUD, host="h")


def test_a_receiver_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    with receiver(tmp_path, cut_after=None) as (port, _, got):
        here = Stream.model_validate({"name": "siem", "kind": "syslog", "address": f"localhost:{port}"})
        with pytest.raises(StreamBroken, match="SSLCertVerificationError"):
            send(events(1), here, secret={}, cloud=NO_CLOUD, host="h")
        assert got.empty() or got.get() == b""
