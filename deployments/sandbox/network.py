"""The estate's internet: CONNECT proxies that lead real names to local listeners and lend addresses."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
LONGEST_HEAD = 16_384


@dataclass(frozen=True)
class Origin:
    """Where a connection came from, as the listener must see it."""

    source_ip: str
    port: int
    """The port the client asked for: 443 or 8443."""


@dataclass
class Callers:
    """Origins of live proxied connections, by the local address from which the proxy reached the listener."""

    origins: dict[tuple[str, int], Origin] = field(default_factory=dict)

    def find(self, address: tuple[str, int] | None) -> Origin | None:
        return self.origins.get(address) if address else None


@dataclass(frozen=True)
class Directory:
    """Which local port answers for `host:port` of the outside world."""

    listeners: Mapping[tuple[str, int], int]

    def find(self, host: str, port: int) -> int | None:
        return self.listeners.get((host.lower(), port))


class _Pipe(asyncio.Protocol):
    """One half of a tunnel: bytes in here go out of `peer`."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.peer: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if self.peer is not None:
            self.peer.write(data)

    def eof_received(self) -> bool:
        if self.peer is not None and not self.peer.is_closing() and self.peer.can_write_eof():
            self.peer.write_eof()
        return True

    def pause_writing(self) -> None:
        if self.peer is not None:
            self.peer.pause_reading()

    def resume_writing(self) -> None:
        if self.peer is not None:
            self.peer.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.peer is not None:
            self.peer.close()


class _Upstream(_Pipe):
    """The half towards the listener; forgets the caller when it closes."""

    def __init__(self, callers: Callers, origin: Origin) -> None:
        super().__init__()
        self._callers = callers
        self._origin = origin
        self._address: tuple[str, int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._address = transport.get_extra_info("sockname")[:2]
        assert self._address is not None
        self._callers.origins[self._address] = self._origin

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._address is not None:
            self._callers.origins.pop(self._address, None)


class _Client(_Pipe):
    """The half towards the client: reads one CONNECT head, then only carries bytes."""

    def __init__(self, directory: Directory, callers: Callers, source_ip: str) -> None:
        super().__init__()
        self._directory = directory
        self._callers = callers
        self._source_ip = source_ip
        self._head = b""
        self._dialling: asyncio.Task[None] | None = None

    def data_received(self, data: bytes) -> None:
        if self.peer is not None:
            self.peer.write(data)
            return
        self._head += data
        if self._dialling is not None:
            return
        if b"\r\n\r\n" in self._head:
            head, _, self._head = self._head.partition(b"\r\n\r\n")
            self._dialling = asyncio.get_running_loop().create_task(self._connect(head))
        elif len(self._head) > LONGEST_HEAD:
            self._refuse("431 Request Header Fields Too Large", "the request head is too long")

    async def _connect(self, head: bytes) -> None:
        method, _, rest = head.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")
        target = rest.rsplit(" ", 1)[0]
        host, _, port_text = target.rpartition(":")
        if method != "CONNECT" or not port_text.isdigit():
            self._refuse("405 Method Not Allowed", "this proxy only opens CONNECT tunnels")
            return
        port = int(port_text)
        local_port = self._directory.find(host, port)
        if local_port is None:
            self._refuse("403 Forbidden", f"{host}:{port} is not part of the estate")
            return
        origin = Origin(self._source_ip, port)
        try:
            _, upstream = await asyncio.get_running_loop().create_connection(
                lambda: _Upstream(self._callers, origin), "127.0.0.1", local_port
            )
        except OSError:
            self._refuse("502 Bad Gateway", f"{host}:{port} does not answer")
            return
        self._join(upstream)

    def _join(self, upstream: _Upstream) -> None:
        assert self.transport is not None and upstream.transport is not None
        if self.transport.is_closing():
            upstream.transport.close()
            return
        self.peer, upstream.peer = upstream.transport, self.transport
        self.transport.write(ESTABLISHED)
        if self._head:
            upstream.transport.write(self._head)
            self._head = b""

    def _refuse(self, status: str, reason: str) -> None:
        assert self.transport is not None
        body = f"{reason}\n".encode()
        self.transport.write(
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
            f"Connection: close\r\n\r\n".encode()
            + body
        )
        self.transport.close()


async def open_proxy(directory: Directory, callers: Callers, source_ip: str, port: int = 0) -> asyncio.Server:
    """A CONNECT proxy on loopback whose clients seem to come from `source_ip`."""
    return await asyncio.get_running_loop().create_server(
        lambda: _Client(directory, callers, source_ip), "127.0.0.1", port
    )
