"""Hands towards receivers: syslog over TLS, Splunk's HTTP Event Collector, and objects in S3."""

import gzip
import http.client
import json
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import requests

from tasks.aws.cloud import Cloud
from tasks.aws.objects import put_object
from tasks.errors import StreamBroken
from tasks.estate.model_channels import Stream, StreamKind
from tasks.streams.syslog import framed

_SECONDS = 15
_SYSLOG_PORT = 6514
"""RFC 5425 section 4.1."""


def send(
    events: Sequence[dict[str, Any]], stream: Stream, *, secret: dict[str, Any], cloud: Cloud, host: str
) -> None:
    """All of them are taken when it returns. Raises StreamBroken and CloudError; then some may have been taken."""
    match stream.kind:
        case StreamKind.SYSLOG:
            _syslog(events, stream, host)
        case StreamKind.SPLUNK:
            _splunk(events, stream, secret, host)
        case StreamKind.S3:
            _s3(events, stream, cloud)


def _syslog(events: Sequence[dict[str, Any]], stream: Stream, host: str) -> None:
    """
    Syslog has no answer. That the other side read everything is known when it closes its half after we closed ours (RFC 5425
    section 4.4: it answers our close_notify with its own). Some only end the connection: in order, that is an answer too, for
    with anything unread it would be reset. Whatever else happens, all is sent again.
    """
    name, _, port = str(stream.address).partition(":")
    trust = ssl.create_default_context(cafile=stream.ca_bundle)
    try:
        with (
            _reached(name, int(port or _SYSLOG_PORT), stream.proxy) as bare,
            trust.wrap_socket(bare, server_hostname=name) as secured,
        ):
            for event in events:
                secured.sendall(framed(event, host))
            with suppress(ssl.SSLEOFError):
                secured.unwrap()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _broken(stream, type(error).__name__) from None


def _reached(name: str, port: int, proxy: str | None) -> socket.socket:
    if proxy is None:
        return socket.create_connection((name, port), timeout=_SECONDS)
    where = urlsplit(proxy)
    tunnel = http.client.HTTPConnection(str(where.hostname), where.port or 3128, timeout=_SECONDS)
    tunnel.set_tunnel(name, port)
    tunnel.connect()
    assert isinstance(tunnel.sock, socket.socket)
    return tunnel.sock


def _splunk(events: Sequence[dict[str, Any]], stream: Stream, secret: dict[str, Any], host: str) -> None:
    """Events one after the other in one body, as HEC takes them (Splunk, Format events for HTTP Event Collector)."""
    token = secret.get("token")
    if not isinstance(token, str):
        raise StreamBroken(
            f"The secret {stream.secret} of the stream {stream.name} lacks `token`. Complete it."
        )
    body = "\n".join(
        json.dumps({"time": event["time"] / 1000, "host": host, "sourcetype": "ocsf:json", "event": event})
        for event in events
    )
    try:
        with requests.Session() as session:
            session.trust_env = False
            if stream.proxy:
                session.proxies = {"https": stream.proxy}
            answer = session.post(
                f"{str(stream.address).rstrip('/')}/services/collector/event",
                data=gzip.compress(body.encode(), mtime=0),
                headers={"Authorization": f"Splunk {token}", "Content-Encoding": "gzip"},
                timeout=_SECONDS,
                verify=stream.ca_bundle or True,
                allow_redirects=False,
            )
    except (requests.RequestException, OSError) as error:
        raise _broken(stream, type(error).__name__) from None
    if answer.status_code != requests.codes.ok:
        raise _broken(stream, f"HTTP {answer.status_code}")


def _s3(events: Sequence[dict[str, Any]], stream: Stream, cloud: Cloud) -> None:
    """One object for each batch, named by where it begins: the same batch again replaces itself."""
    first = events[0]["metadata"]
    day = str(first["original_time"])[:10]
    key = f"{stream.prefix}{day}/{int(first['sequence']):012d}.jsonl.gz"
    lines = "".join(f"{json.dumps(event, sort_keys=True)}\n" for event in events)
    put_object(cloud, str(stream.bucket), key, gzip.compress(lines.encode(), mtime=0))


def _broken(stream: Stream, why: str) -> StreamBroken:
    return StreamBroken(
        f"The stream {stream.name} was not taken ({why}). It goes on from there; look at its address, secret, proxy and CA bundle."
    )
