"""A tiny HTTPS org that answers from a script: for faults that a truthful estate would not produce on demand."""

import datetime as dt
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tasks.salesforce.connection import Connection


@dataclass
class Call:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """`body` is JSON unless it is bytes."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[Call], Answer]


@dataclass
class StubOrg:
    """`calls` are all requests in order, `sign_ins` the token requests among them."""

    port: int
    ca: Path
    key_pem: str
    script: Script
    calls: list[Call] = field(default_factory=list)
    host: str = "localhost"

    @property
    def sign_ins(self) -> list[Call]:
        return [call for call in self.calls if call.path == "/services/oauth2/token"]

    def connection(self, **changes: Any) -> Connection:
        values: dict[str, Any] = {
            "alias": "stub",
            "base_url": f"https://{self.host}:{self.port}",
            "flow": "jwt-bearer",
            "username": "scanner@stub.example",
            "consumer_key": "3MVG9.stub",
            "private_key": self.key_pem,
            "ca_bundle": str(self.ca),
        }
        return Connection(**values | changes)


@contextmanager
def stub_org(folder: Path, script: Script) -> Iterator[StubOrg]:
    """Serves until the block ends. Sign-in and version list are answered unless the script answers them."""
    certificate, key = server_certificate(folder)
    org = StubOrg(port=0, ca=certificate, key_pem=_signing_key(), script=script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            call = Call(self.command, self.path, dict(self.headers), self.rfile.read(size))
            org.calls.append(call)
            answer = org.script(call)
            body = answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body)
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(0 if answer.status == 204 else len(body)))
            self.end_headers()
            if answer.status != 204:
                self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815  # names that http.server calls

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    org.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield org
    finally:
        server.shutdown()
        server.server_close()


def usual(call: Call) -> Answer | None:
    """Sign-in and version list, as every org answers them."""
    if call.path == "/services/oauth2/token":
        return Answer(body={"access_token": "00Dstub!token", "instance_url": "https://elsewhere.example"})
    if call.path == "/services/data/":
        return Answer(body=[{"label": "Old", "url": "/services/data/v55.0", "version": "55.0"}])
    return None


def _signing_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def server_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stub org")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem, key_file = folder / "stub.pem", folder / "stub.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem, key_file
