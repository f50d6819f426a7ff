"""The estate's authorities: one for its servers, and a root with an issuing one for the clients of port 8443."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deployments.sandbox.state import write_whole

SERVER_NAMES = (
    "*.my.salesforce.com",
    "*.sandbox.my.salesforce.com",
    "login.salesforce.com",
    "test.salesforce.com",
    "api.pubsub.salesforce.com",
    "api.deu.pubsub.salesforce.com",
    "hooks.slack.com",
    "events.pagerduty.com",
    "*.gateways.meridian.example",
    "cases.meridian.example",
    "splunk.meridian.example",
    "siem.meridian.example",
)
AUTHORITY_LIFE = dt.timedelta(days=3650)
LEAF_LIFE = dt.timedelta(days=397)
RENEW_BEFORE = dt.timedelta(days=30)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class KeyPair:
    """A private key and its certificate, both PEM; the key is not encrypted (PKCS#8)."""

    private_key: str
    certificate: str

    def certificate_object(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate.encode())


@dataclass(frozen=True)
class Pki:
    """
    Keys under the state folder's `keys/`: `server-ca`, `client-ca`, `client-issuing` and `server`, each `.pem` and `.key`.

    The client root is the only one in the trust store of the orgs; clients' certificates come from the issuing authority
    below it, so that a client has to send that one's certificate along.

    TLS is judged by real time everywhere, whatever the estate's clock says.
    """

    folder: Path
    server_ca: KeyPair
    client_ca: KeyPair
    client_issuing: KeyPair
    server: KeyPair

    @property
    def server_certificate_file(self) -> Path:
        return self.folder / "server.pem"

    @property
    def server_key_file(self) -> Path:
        return self.folder / "server.key"

    @property
    def client_ca_file(self) -> Path:
        return self.folder / "client-ca.pem"

    def issue_client(self, common_name: str, *, now: dt.datetime, life: dt.timedelta = LEAF_LIFE) -> KeyPair:
        """A CA-signed leaf with the clientAuth usage alone, as inbound mutual TLS demands, and its issuer's certificate."""
        leaf = _leaf(
            common_name, (), ExtendedKeyUsageOID.CLIENT_AUTH, self.client_issuing, now=now, life=life
        )
        return KeyPair(leaf.private_key, leaf.certificate + self.client_issuing.certificate)

    def issue_server(self, *, now: dt.datetime, life: dt.timedelta) -> KeyPair:
        """A certificate for all hosts of the estate, such as one that has ended."""
        usage = ExtendedKeyUsageOID.SERVER_AUTH
        return _leaf("*.my.salesforce.com", SERVER_NAMES, usage, self.server_ca, now=now, life=life)


def open_pki(folder: Path, now: dt.datetime) -> Pki:
    """Reads the authorities, or makes them; renews the server certificate close to its end."""
    server_ca = _kept(folder, "server-ca") or _keep(folder, "server-ca", _authority("Estate server CA", now))
    client_ca = _kept(folder, "client-ca") or _keep(
        folder, "client-ca", _authority("Estate client CA", now, below=1)
    )
    client_issuing = _kept(folder, "client-issuing") or _keep(
        folder, "client-issuing", _issuing("Estate client issuing CA", client_ca, now)
    )
    server = _kept(folder, "server")
    if server is None or not _serves(server, now):
        issued = _leaf(
            "*.my.salesforce.com",
            SERVER_NAMES,
            ExtendedKeyUsageOID.SERVER_AUTH,
            server_ca,
            now=now,
            life=LEAF_LIFE,
        )
        server = _keep(folder, "server", issued)
    return Pki(
        folder=folder,
        server_ca=server_ca,
        client_ca=client_ca,
        client_issuing=client_issuing,
        server=server,
    )


def _serves(server: KeyPair, now: dt.datetime) -> bool:
    """For long enough, and for all names: an older estate knew fewer."""
    held = server.certificate_object()
    names = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = set(names.get_values_for_type(x509.DNSName))
    return held.not_valid_after_utc - now >= RENEW_BEFORE and known >= set(SERVER_NAMES)


def signing_pair(
    common_name: str, *, now: dt.datetime, life: dt.timedelta = dt.timedelta(days=730)
) -> KeyPair:
    """An RSA key with a self-signed certificate: what a JWT bearer app is given."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = _name(common_name)
    builder = _builder(name, name, key.public_key(), now=now, life=life)
    return _pair(key, builder.sign(key, hashes.SHA256()))


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Meridian Wealth"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    *,
    now: dt.datetime,
    life: dt.timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        # An hour back: clients on this machine may read the clock a moment earlier.
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _authority(common_name: str, now: dt.datetime, *, below: int = 0) -> KeyPair:
    """`below` is how many authorities may stand between this one and a leaf."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(common_name)
    builder = _builder(name, name, key.public_key(), now=now, life=AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=below), critical=True)
    builder = builder.add_extension(_usage(authority=True), critical=True)
    return _pair(key, builder.sign(key, hashes.SHA256()))


def _issuing(common_name: str, root: KeyPair, now: dt.datetime) -> KeyPair:
    key = ec.generate_private_key(ec.SECP256R1())
    root_key = private_key_of(root)
    issuer = root.certificate_object()
    builder = _builder(_name(common_name), issuer.subject, key.public_key(), now=now, life=AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(authority=True), critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
    )
    return _pair(key, builder.sign(root_key, hashes.SHA256()))


def private_key_of(authority: KeyPair) -> ec.EllipticCurvePrivateKey:
    """Raises TypeError for an authority with a key of another kind."""
    key = serialization.load_pem_private_key(authority.private_key.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("an authority of the estate holds an elliptic-curve key")
    return key


def _leaf(
    common_name: str,
    names: tuple[str, ...],
    usage: x509.ObjectIdentifier,
    authority: KeyPair,
    *,
    now: dt.datetime,
    life: dt.timedelta,
) -> KeyPair:
    issuer = authority.certificate_object()
    issuer_key = private_key_of(authority)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(common_name), issuer.subject, key.public_key(), now=now, life=life)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
    )
    if names:
        alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternative, critical=False)
    return _pair(key, builder.sign(issuer_key, hashes.SHA256()))


def _pair(key: PrivateKey, certificate: x509.Certificate) -> KeyPair:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return KeyPair(private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode())


def _kept(folder: Path, name: str) -> KeyPair | None:
    try:
        return KeyPair((folder / f"{name}.key").read_text(), (folder / f"{name}.pem").read_text())
    except FileNotFoundError:
        return None


def _keep(folder: Path, name: str, pair: KeyPair) -> KeyPair:
    write_whole(folder / f"{name}.key", pair.private_key)
    write_whole(folder / f"{name}.pem", pair.certificate)
    return pair
