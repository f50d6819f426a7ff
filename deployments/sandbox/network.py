"""The estate's internet: CONNECT proxies that lead real names to local listeners and lend addresses."""

import asyncio
import base64
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
LONGEST_HEAD = 16_384
Guard = Callable[[str, str], str | None]


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

    def __init__(self, directory: Directory, callers: Callers, source_ip: str, guard: Guard) -> None:
        super().__init__()
        self._directory = directory
        self._callers = callers
        self._source_ip = source_ip
        self._guard = guard
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
        source_ip = _chosen_address(head) or self._source_ip
        if (reason := self._guard(source_ip, host.lower())) is not None:
            self._refuse("403 Forbidden", reason)
            return
        origin = Origin(source_ip, port)
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


def _chosen_address(head: bytes) -> str | None:
    """The address a client asks for by its proxy user name: `ip-198-51-100-7` for 198.51.100.7."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.decode("latin-1").partition(":")
        if name.strip().lower() != "proxy-authorization":
            continue
        try:
            user = base64.b64decode(value.strip().partition(" ")[2]).decode("latin-1").partition(":")[0]
            return str(ipaddress.IPv4Address(user.removeprefix("ip-").replace("-", ".")))
        except ValueError:
            return None
    return None


async def open_proxy(
    directory: Directory, callers: Callers, source_ip: str, guard: Guard = lambda source_ip, host: None
) -> asyncio.Server:
    """
    A CONNECT proxy on loopback whose clients seem to come from `source_ip`, or from the address they choose.

    `guard` is asked for each connection and gives the reason why it may not be, if there is one.
    """
    return await asyncio.get_running_loop().create_server(
        lambda: _Client(directory, callers, source_ip, guard), "127.0.0.1", 0
    )
