"""Whose client certificates the orgs believe: roots in the trust store, and what authorities have revoked."""

import json
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from deployments.sandbox.identity.policy import chain_of
from deployments.sandbox.orgs import Org, Orgs
from deployments.sandbox.pki import Pki, private_key_of
from deployments.sandbox.state import write_whole
from deployments.sandbox.switches import switched
from deployments.sandbox.wire import Reply

CRL_ADDRESS = "http://crl.estate-authority.example/clients.crl"
"""Where the estate's own authority says that its list lies; the estate answers for it itself."""
_USAGES = {"clientAuth": ExtendedKeyUsageOID.CLIENT_AUTH, "serverAuth": ExtendedKeyUsageOID.SERVER_AUTH}
_FETCH_SECONDS = 5.0
_FRESH_SECONDS = 2.0


class TrustStores:
    """The roots that a handshake on the mutual port is judged by, org by org."""

    def __init__(self, pki: Pki, orgs: Orgs) -> None:
        self._pki, self._orgs = pki, orgs
        self._contexts: dict[bytes, ssl.SSLContext] = {}

    def roots(self, org: Org) -> list[x509.Certificate]:
        """Roots of the platform; also private ones from the org's own list where the org accepts such."""
        found = [self._pki.client_ca.certificate_object()]
        if switched(org.store, "private_roots_accepted"):
            for name in org.store.metadata_names("InboundCertificate"):
                body = org.store.metadata("InboundCertificate", name) or {}
                found += [each for each in chain_of(body.get("content"))[1:] if each.issuer == each.subject]
        return list({each.fingerprint(hashes.SHA256()): each for each in found}.values())

    def context(self, host: str, like: ssl.SSLContext) -> ssl.SSLContext | int | None:
        """The listener's context with the roots of an org, None where they are the usual ones; or a refusal."""
        org = self._orgs.at(host)
        if org is not None and not switched(org.store, "mutual_authentication_enabled"):
            return int(ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE)
        if org is None or not switched(org.store, "private_roots_accepted"):
            return None
        roots = self.roots(org)
        key = b"".join(sorted(each.fingerprint(hashes.SHA256()) for each in roots))
        if key not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._pki.server_certificate_file, self._pki.server_key_file)
            context.verify_mode = like.verify_mode
            context.load_verify_locations(cadata=b"".join(each.public_bytes(Encoding.DER) for each in roots))
            self._contexts[key] = context
        return self._contexts[key]

    def page(self, org: Org) -> Reply:
        """`/cacerts.jsp`: the trusted roots as a keystore's list shows them."""
        lines = [f"Your keystore contains {len(self.roots(org))} entries", ""]
        for root in self.roots(org):
            digest = root.fingerprint(hashes.SHA256()).hex(":").upper()
            name = root.subject.rfc4514_string().lower().replace(" ", "")
            lines += [f"{name}, {root.not_valid_before_utc:%b %d, %Y}, trustedCertEntry,"]
            lines += [f"Certificate fingerprint (SHA-256): {digest}"]
        return Reply(200, "\n".join(lines).encode(), "text/plain;charset=UTF-8")


class Revocations:
    """What the lists say that certificates point to. A list that cannot be fetched revokes nothing."""

    def __init__(self, pki: Pki, orgs: Orgs) -> None:
        self._pki, self._orgs = pki, orgs
        self._lock = threading.Lock()
        self._fetched: dict[str, tuple[float, bytes]] = {}
        self.cloud: Callable[[], str | None] = lambda: None
        """Where AWS answers, for lists that lie in a bucket."""

    def unusable(self, org: Org, der: bytes) -> bool:
        """Revoked, or not for clients: OpenSSL takes one without any extended usage for one with all."""
        leaf = x509.load_der_x509_certificate(der)
        try:
            usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            return True
        return ExtendedKeyUsageOID.CLIENT_AUTH not in usages or self._revoked(org, leaf)

    def _revoked(self, org: Org, leaf: x509.Certificate) -> bool:
        for address in _points(leaf):
            if (listed := self._list(address)) is None:
                continue
            issuer = self._issuer(org, leaf)
            # Typed as any key, also one that only agrees on others; who issued a certificate has one that signs.
            if issuer is None or not listed.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]  # see above
                continue
            if listed.get_revoked_certificate_by_serial_number(leaf.serial_number) is not None:
                return True
        return False

    def _issuer(self, org: Org, leaf: x509.Certificate) -> x509.Certificate | None:
        """From what the org was given to list, and from the estate's own authority."""
        known = [self._pki.client_issuing.certificate_object(), self._pki.client_ca.certificate_object()]
        for name in org.store.metadata_names("InboundCertificate"):
            body = org.store.metadata("InboundCertificate", name) or {}
            known += chain_of(body.get("content"))[1:]
        for each in known:
            if each.subject == leaf.issuer and _signed_by(leaf, each):
                return each
        return None

    def _list(self, address: str) -> x509.CertificateRevocationList | None:
        if address == CRL_ADDRESS:
            return Authority(self._pki).revocations()
        content = self._fetch(address)
        try:
            return x509.load_pem_x509_crl(content) if b"BEGIN" in content else x509.load_der_x509_crl(content)
        except ValueError:
            return None

    def _fetch(self, address: str) -> bytes:
        """From a bucket `<name>.s3.<anything>`; the estate has no other internet."""
        parts, endpoint = urlsplit(address), self.cloud()
        bucket, s3, _ = (parts.hostname or "").partition(".s3.")
        if endpoint is None or not s3:
            return b""
        with self._lock:
            at, content = self._fetched.get(address, (0.0, b""))
            if time.monotonic() - at < _FRESH_SECONDS:
                return content
        try:
            answer = requests.get(f"{endpoint}/{bucket}{parts.path}", timeout=_FETCH_SECONDS)
            content = answer.content if answer.status_code == 200 else b""
        except requests.RequestException:
            content = b""
        with self._lock:
            self._fetched[address] = time.monotonic(), content
        return content


class Authority:
    """The authority that outsiders send their requests to, and what it takes back."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki
        self._file = pki.folder / "client-revoked.json"

    def sign(self, request: str, *, days: float, usages: list[str], now: datetime) -> str:
        """
        The chain for a request (PEM), leaf first, without the root. Raises ValueError for what is no proper request.

        A negative number of days gives a certificate that ended that long ago.
        """
        asked = x509.load_pem_x509_csr(request.encode())
        if not asked.is_signature_valid:
            raise ValueError("the request is not signed with its own key")
        issuer, key = self._pki.client_issuing.certificate_object(), private_key_of(self._pki.client_issuing)
        end = now + timedelta(days=days)
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(CRL_ADDRESS)], None, None, None)
        usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (usage, True),
            (x509.SubjectKeyIdentifier.from_public_key(asked.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False),
            (x509.CRLDistributionPoints([point]), False),
        ]
        if usages:
            extensions.append((x509.ExtendedKeyUsage([_USAGES[name] for name in usages]), False))
        builder = (
            x509.CertificateBuilder()
            .subject_name(asked.subject)
            .issuer_name(issuer.subject)
            .public_key(asked.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, end) - timedelta(hours=1))
            .not_valid_after(end)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        leaf = builder.sign(key, hashes.SHA256())
        return leaf.public_bytes(Encoding.PEM).decode() + self._pki.client_issuing.certificate

    def revoke(self, certificate: str, now: datetime) -> None:
        """By a chain whose first certificate it is. Raises ValueError."""
        serial = x509.load_pem_x509_certificates(certificate.encode())[0].serial_number
        kept = {**self._revoked(), str(serial): now.astimezone(UTC).isoformat()}
        write_whole(self._file, json.dumps(kept))

    def revocations(self) -> x509.CertificateRevocationList:
        now = datetime.now(UTC)
        issuer = self._pki.client_issuing.certificate_object()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.subject)
            .last_update(now)
            .next_update(now + timedelta(days=7))
        )
        for serial, at in self._revoked().items():
            entry = x509.RevokedCertificateBuilder().serial_number(int(serial))
            builder = builder.add_revoked_certificate(
                entry.revocation_date(datetime.fromisoformat(at)).build()
            )
        return builder.sign(private_key_of(self._pki.client_issuing), hashes.SHA256())

    def _revoked(self) -> dict[str, str]:
        try:
            found: dict[str, str] = json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}
        return found


def _points(leaf: x509.Certificate) -> list[str]:
    try:
        points = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return [
        name.value
        for point in points
        for name in point.full_name or []
        if isinstance(name, x509.UniformResourceIdentifier)
    ]


def _signed_by(leaf: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True
