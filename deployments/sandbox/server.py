"""The estate process: listeners, proxies, sinks and AWS come up together and go together."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from deployments.sandbox import aws
from deployments.sandbox.admin import Admin
from deployments.sandbox.clock import Clock
from deployments.sandbox.faults.acting import Acting, name_of
from deployments.sandbox.faults.certificates import ExpiredCertificates
from deployments.sandbox.firewall import Firewall, Visit
from deployments.sandbox.front import Front, PeerCertificateProtocol, asgi
from deployments.sandbox.gateways import host_of as gateway_of
from deployments.sandbox.network import Callers, Directory, Guard, open_proxy
from deployments.sandbox.orgs import LOGIN_HOST, TEST_HOST, Orgs, open_orgs
from deployments.sandbox.pki import Pki
from deployments.sandbox.preparing import Seeder, Settings, prepare, seed_meridian
from deployments.sandbox.pubsub.door import HOSTS as PUBSUB_HOSTS
from deployments.sandbox.pubsub.door import PORTS as PUBSUB_PORTS
from deployments.sandbox.pubsub.door import Door, open_pubsub
from deployments.sandbox.rights import Caller
from deployments.sandbox.schema import load_schema
from deployments.sandbox.sinks import (
    SPLUNK_HOST,
    SPLUNK_PORT,
    SYSLOG_HOST,
    SYSLOG_PORT,
    WEB_HOSTS,
    Sinks,
    open_smtp,
    open_syslog,
)
from deployments.sandbox.snapshots import SEED, Snapshots
from deployments.sandbox.soql.query import run_query
from deployments.sandbox.state import StateFolder, write_json
from deployments.sandbox.telemetry.files import write_down
from deployments.sandbox.trust import Authority, Revocations, TrustStores
from deployments.sandbox.wire import WireLog

NETWORKS = {"proxy": "203.0.113.10", "attacker_proxy": "198.18.66.6", "vpn_proxy": "203.0.113.20"}
"""The proxies and the addresses they lend: the office, an attacker's network, the company's VPN."""


async def serve(
    folder: StateFolder, settings: Settings, seeder: Seeder = seed_meridian, *, keep: bool = False
) -> None:
    """Runs until SIGTERM or SIGINT. Raises AwsNotStarted; this process must hold the folder."""
    folder.state_file.unlink(missing_ok=True)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    pki, clock = await asyncio.to_thread(prepare, folder, settings, seeder, keep=keep)
    cloud = aws.AwsProcess(folder.aws_seed, folder.log)
    orgs = open_orgs(folder.orgs, load_schema(), clock)
    _warm(orgs)
    wire = WireLog(folder.wire)
    try:
        await _serve(folder, settings, (pki, orgs, wire, clock, cloud), stop)
    finally:
        folder.state_file.unlink(missing_ok=True)
        cloud.stop()
        orgs.close()
        wire.close()


def _warm(orgs: Orgs) -> None:
    """Builds the query grammar before the first client waits for it."""
    for org in orgs:
        run_query(org.store, org.store.schema, "SELECT Id FROM User LIMIT 1", Caller.system())


async def _serve(
    folder: StateFolder,
    settings: Settings,
    parts: tuple[Pki, Orgs, WireLog, Clock, aws.AwsProcess],
    stop: asyncio.Event,
) -> None:
    pki, orgs, wire, clock, cloud = parts
    callers, sinks = Callers(), Sinks()
    firewall = Firewall(folder.firewall, folder.firewall_samples, orgs.clock.now)
    trust, lists = TrustStores(pki, orgs), Revocations(pki, orgs)
    front = Front(orgs, sinks, wire, callers, firewall, trust, lists)
    admin = Admin(orgs, sinks, wire, clock, secrets.token_urlsafe(32))
    admin.authority = Authority(pki)
    sinks.faults, acting = orgs.faults, Acting(orgs)
    expired = ExpiredCertificates(pki, orgs)
    sockets = [_loopback() for _ in range(3)]
    plain_tls, mutual_tls, control = sockets
    servers = [
        _listener(front, acting, pki, expired, None),
        _listener(front, acting, pki, expired, trust),
        _Listener(uvicorn.Config(asgi(admin.answer), **_QUIET)),
    ]
    running = [asyncio.create_task(s.serve(sockets=[each])) for s, each in zip(servers, sockets, strict=True)]
    syslog = await open_syslog(sinks, pki.server_certificate_file, pki.server_key_file)
    events, events_port = await open_pubsub(
        Door(orgs, callers, wire), pki.server_key_file.read_bytes(), pki.server_certificate_file.read_bytes()
    )
    directory = _directory(orgs, _port(plain_tls), _port(mutual_tls), _port(syslog.sockets[0]), events_port)
    guard = _guard(firewall, orgs)
    proxies = {
        name: await open_proxy(directory, callers, address, guard) for name, address in NETWORKS.items()
    }
    smtp = await open_smtp(sinks)
    endpoint = await cloud.endpoint()
    lists.cloud = lambda: endpoint
    admin.snapshots = snapshots = Snapshots(folder, orgs, clock, endpoint)
    snapshots.before_save.append(lambda: _write_down(orgs))
    snapshots.after_restore += [sinks.clear, wire.reset]
    if not (folder.snapshots / SEED).exists():
        snapshots.save(SEED)
    while not all(server.started for server in servers):
        await asyncio.sleep(0.01)
    ports = {name: _port(proxy.sockets[0]) for name, proxy in proxies.items()}
    document = {
        **settings,
        **{name: f"http://127.0.0.1:{port}" for name, port in ports.items()},
        "admin_url": f"http://127.0.0.1:{_port(control)}",
        "admin_token": admin.token,
        "smtp": f"127.0.0.1:{_port(smtp.sockets[0])}",
        "aws_endpoint": endpoint,
        "aws_pid": cloud.pid,
        "pid": os.getpid(),
        "ca_bundle": str(folder.ca_bundle),
        "orgs": {org.alias: org.instance_url for org in orgs},
        "ready": True,
    }
    _complete_files(folder, document)
    write_json(folder.state_file, document)
    await stop.wait()
    # Subscribers keep their calls open for as long as they may.
    await events.stop(grace=None)
    for open_server in (*proxies.values(), smtp, syslog):
        open_server.close()
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*running)
    _write_down(orgs)


def _write_down(orgs: Orgs) -> None:
    """Events that are only noted would end with the process."""
    for org in orgs:
        write_down(org.store)
        org.store.commit()


def _guard(firewall: Firewall, orgs: Orgs) -> Guard:
    def judge(source_ip: str, host: str) -> str | None:
        rule = firewall.blocks(Visit(source_ip, host, name_of(orgs, host)))
        return None if rule is None else f"blocked by the web ACL ({rule})"

    return judge


def _complete_files(folder: StateFolder, document: dict[str, Any]) -> None:
    """estate.yaml names ports that are chosen at each start; a seeder without a draft of it has none."""
    from deployments.sandbox.seed.documents import DRAFT, write_estate_files

    if (folder.root / DRAFT).exists():
        names = ("proxy", "ca_bundle", "aws_endpoint", "smtp")
        write_estate_files(folder.root, **{name: document[name] for name in names})


_QUIET: dict[str, Any] = {
    "log_config": None,
    "access_log": False,
    "lifespan": "off",
    "server_header": False,
    "date_header": False,
    "timeout_graceful_shutdown": 2,
    "timeout_keep_alive": 60,
}


class _Listener(uvicorn.Server):
    """A server that leaves the process's signals alone: the estate as a whole answers them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listener(
    front: Front, acting: Acting, pki: Pki, expired: ExpiredCertificates, trust: TrustStores | None
) -> uvicorn.Server:
    """With `trust`, one that asks for a client certificate."""
    import ssl

    tls: dict[str, Any] = {
        "ssl_certfile": str(pki.server_certificate_file),
        "ssl_keyfile": str(pki.server_key_file),
    }
    if trust is not None:
        # Asked for, not required: who needs one is the user's permission, judged with each login and request.
        tls.update(ssl_ca_certs=str(pki.client_ca_file), ssl_cert_reqs=ssl.CERT_OPTIONAL)
    config = uvicorn.Config(asgi(front.answer, acting), http=PeerCertificateProtocol, **tls, **_QUIET)
    config.load()
    assert config.ssl is not None
    expired.watch(config.ssl, trust.context if trust is not None else None)
    return _Listener(config)


def _loopback() -> socket.socket:
    # The protocol must be named: asyncio sends without Nagle's delay only on sockets that say they are TCP.
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind(("127.0.0.1", 0))
    return opened


def _port(opened: Any) -> int:
    return int(opened.getsockname()[1])


def _directory(orgs: Orgs, plain_tls: int, mutual_tls: int, syslog: int, events: int) -> Directory:
    listeners = {(host, 443): plain_tls for host in (LOGIN_HOST, TEST_HOST, *WEB_HOSTS)}
    listeners |= {(SPLUNK_HOST, SPLUNK_PORT): plain_tls, (SYSLOG_HOST, SYSLOG_PORT): syslog}
    listeners |= {(host, port): events for host in PUBSUB_HOSTS for port in PUBSUB_PORTS}
    for org in orgs:
        listeners[org.host, 443] = plain_tls
        listeners[org.host, 8443] = mutual_tls
        listeners[gateway_of(org.alias), 443] = plain_tls
    return Directory(listeners)
