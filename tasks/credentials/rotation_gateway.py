"""Hands on rotated credentials: Secrets Manager, an org's staged credentials, and the certificates of two apps."""

import base64
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from tasks.aws.cloud import Cloud
from tasks.aws.secrets import read_secret
from tasks.aws.staging import StagedSecret, move_stage, put_pending, read_stages, read_version
from tasks.aws.trail import read_openings
from tasks.certificates.model import Revocation
from tasks.credentials.model import SecretRead, SignIn, Version
from tasks.credentials.places import Kept, Pair, Secret, mark_of
from tasks.credentials.rotate import Occupied
from tasks.credentials.severing import Still
from tasks.errors import CloudError, OrgError, SecretUnavailable
from tasks.estate.model import RotatedCredential
from tasks.salesforce import app_credentials
from tasks.salesforce.connection import Connection
from tasks.salesforce.gather import moment
from tasks.salesforce.metadata import Component, list_metadata, read_metadata, update_metadata
from tasks.salesforce.session import Session
from tasks.salesforce.soql import literal
from tasks.salesforce.tokens import TokenManager, lets_in
from tasks.salesforce.writing import WritingSession

_GLOBAL = "ExtlClntAppGlobalOauthSettings"
_LIFE = timedelta(days=398)
"""Of the certificate around a public key. The org does not refuse an expired one (it is we who end it), so it only has to last."""
_KEY_SIZE = 2048


_Apps = dict[str, tuple[str, str, x509.Certificate | None]]
"""Full name of the settings, consumer key and certificate by app."""


class CloudVault:
    """One secret in AWS."""

    def __init__(self, cloud: Cloud, name: str) -> None:
        self._cloud = cloud
        self._name = name

    def about(self) -> StagedSecret:
        return read_stages(self._cloud, self._name)

    def unopened(self, about: StagedSecret | None = None) -> tuple[Version, ...]:
        """Without what they hold."""
        return tuple(
            Version(id=each.id, mark=None, stages=each.stages, created=each.since)
            for each in (about or self.about()).versions
        )

    def versions(self) -> tuple[Kept, ...]:
        return tuple(Kept(each.id, each.stages, each.since) for each in self.about().versions)

    def taken(self) -> str:
        return taken_by(self.about())

    def read(self, version: str) -> Secret | None:
        return read_version(self._cloud, self._name, version)

    def put(self, token: str, value: Secret) -> None:
        put_pending(self._cloud, self._name, token, value)

    def move(self, stage: str, to: str | None, source: str) -> None:
        move_stage(self._cloud, self._name, stage, to=to, source=source)

    def reads(self, since: datetime) -> tuple[SecretRead, ...]:
        return tuple(
            SecretRead(principal=each.principal, at=each.at, version=each.version, stage=each.stage)
            for each in read_openings(self._cloud, self._name, since)
        )


def taken_by(about: StagedSecret) -> str:
    """Who rotates a secret instead of us."""
    if about.managed:
        return "AWS rotates it itself (managed external secret)"
    if about.rotated_by and about.rotation_enabled:
        return "a rotation function of Secrets Manager rotates it"
    return ""


class OrgDoor:
    """An org over the enforcer's session, for what every kind of credential asks of it."""

    def __init__(
        self, session: WritingSession, reader: Session, cloud: Cloud, credential: RotatedCredential
    ) -> None:
        """`reader` is the scanner's session, which may see everybody's sign-ins without a right that sleeps."""
        self._session = session
        self._reader = reader
        self._cloud = cloud
        self._credential = credential

    def now(self) -> datetime:
        """The org's own, of its last answer."""
        if self._session.server_time is None:
            raise OrgError(
                self._session.alias, "the answer has no Date", "Look at what stands between us and the org."
            )
        return self._session.server_time

    def own_key(self) -> str:
        return self._session.connection.consumer_key

    def certificate(self, value: Secret) -> Revocation | None:
        return None

    def sign_in(self, value: Secret) -> None:
        with self._certificate() as certificate:
            self._enter(self._connection(value, certificate))

    def stay(self, value: Secret) -> Still | None:
        """Signs in with it and stays. Raises as `sign_in` does; None where we cannot sign in with it, or it would not tell."""
        with self._certificate() as certificate:
            connection = replace(self._connection(value, certificate), role="enforcer")
            token = TokenManager(connection).current()

        def still() -> bool:
            # The files of a certificate are gone with the block above.
            with self._certificate() as anew:
                return lets_in(replace(connection, client_certificate=anew), token)

        return still

    def _enter(self, connection: Connection) -> None:
        # A session that only reads may not end its own token either.
        tokens = TokenManager(replace(connection, role="enforcer"))
        tokens.current()
        try:
            with Session(connection, tokens) as session:
                session.get("")
        finally:
            with suppress(OrgError):
                tokens.end()

    def sign_ins(self, since: datetime) -> tuple[SignIn, ...]:
        """
        Of the credential's apps. LoginHistory names an app by its label, and no reference says that one can be asked for, so
        they are sorted out here; where two apps have one label, a sign-in counts for both.
        """
        apps = by_label(self._reader, self._credential.apps)
        rows = self._reader.query(
            "SELECT Application, SourceIp, LoginTime, Status FROM LoginHistory "
            f"WHERE LoginTime >= {literal(since.astimezone(UTC))}"
        )
        return tuple(
            SignIn(app=app, username="", address=row["SourceIp"] or "", at=at)
            for row in rows
            if str(row["Status"]).lower() == "success" and (at := moment(row["LoginTime"])) is not None
            for app in apps.get(str(row["Application"]), ())
        )

    def _connection(self, value: Secret, certificate: tuple[str, str] | None) -> Connection:
        ours = self._session.connection
        port = ":8443" if certificate else ""
        return replace(
            ours,
            base_url=f"https://{ours.host}{port}",
            flow="jwt-bearer" if value.get("privateKey") else "client-credentials",
            username=str(value.get("username") or ""),
            consumer_key=str(value.get("consumerKey") or ""),
            private_key=value.get("privateKey"),
            consumer_secret=value.get("consumerSecret"),
            role="scanner",
            session_sets=(),
            client_certificate=certificate,
        )

    @contextmanager
    def _certificate(self) -> Iterator[tuple[str, str] | None]:
        """The client certificate that the users of this credential have to present, as files nobody else can read."""
        name = self._credential.client_certificate
        if name is None:
            yield None
            return
        value = read_secret(self._cloud, name)
        if not isinstance(value.get("certificate"), str) or not isinstance(value.get("privateKey"), str):
            raise SecretUnavailable(f"The secret {name} lacks `certificate` or `privateKey` in PEM form.")
        with as_files(value) as files:
            yield files


def by_label(session: Session, apps: Iterable[str]) -> dict[str, list[str]]:
    """External Client Apps by what LoginHistory calls them. Raises OrgError."""
    rows = session.query("SELECT DeveloperName, MasterLabel FROM ExternalClientApplication")
    labels = {row["DeveloperName"]: row["MasterLabel"] for row in rows}
    found: dict[str, list[str]] = {}
    for app in apps:
        found.setdefault(str(labels.get(app) or app), []).append(app)
    return found


@contextmanager
def as_files(value: Secret) -> Iterator[tuple[str, str]]:
    """TLS libraries take keys from files only; these are gone with the block, and nobody else's meanwhile."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-") as folder:
        paths = []
        for part in ("certificate", "privateKey"):
            path = Path(folder) / part
            path.touch(0o600)
            path.write_text(str(value[part]))
            paths.append(str(path))
        yield paths[0], paths[1]


class AppDoor(OrgDoor):
    """An External Client App whose credentials are staged by the org."""

    def __init__(
        self, session: WritingSession, reader: Session, cloud: Cloud, credential: RotatedCredential
    ) -> None:
        super().__init__(session, reader, cloud, credential)
        self._place: app_credentials.AppPlace | None = None

    def main(self) -> Pair:
        # Reading the pair takes rights that sleep.
        self._session.rouse()
        found = app_credentials.main_set(self._session, self._where())
        return Pair(found.key, found.secret)

    def other(self) -> Pair | None:
        found = app_credentials.other_set(self._session, self._where())
        return None if found is None else Pair(found.key, found.secret, found.id, found.state)

    def stage(self) -> None:
        try:
            app_credentials.stage(self._session, self._where())
        except OrgError as error:
            if error.code == "DUPLICATE_VALUE":
                raise Occupied from None
            raise

    def rotate(self, handle: str) -> None:
        app_credentials.rotate(self._session, self._where(), handle)

    def discard(self, handle: str) -> None:
        app_credentials.discard(self._session, self._where(), handle)

    def address(self) -> Secret:
        place, ours = self._where(), self._session.connection
        return {
            "baseUri": f"https://{ours.host}",
            "appId": place.app_id,
            "consumerId": place.consumer_id,
        }

    def _where(self) -> app_credentials.AppPlace:
        if self._place is None:
            self._session.rouse()
            self._place = app_credentials.find_app(self._session, self._credential.apps[0])
        return self._place


class KeyPairDoor(OrgDoor):
    """
    Two External Client Apps of one user, each with one certificate: one app is in use, the other at rest.

    An org has no overlap for certificates, so it is the apps that take turns. The name around a public key says nothing.
    """

    seen_by_place = True

    def __init__(
        self, session: WritingSession, reader: Session, cloud: Cloud, credential: RotatedCredential
    ) -> None:
        super().__init__(session, reader, cloud, credential)
        self._read: _Apps | None = None

    def accepted(self) -> frozenset[str]:
        """Read anew; names and keys of the apps do not change in between."""
        self._read = None
        return frozenset(
            mark_of(key, thumbprint(certificate))
            for _, key, certificate in self._apps().values()
            if certificate is not None
        )

    def mark(self, value: Secret) -> str | None:
        key, private = value.get("consumerKey"), value.get("privateKey")
        if not isinstance(key, str) or not isinstance(private, str):
            return None
        try:
            # Whether the key is a good one shows when it is tried; here it only has to be told apart.
            public = load_pem_private_key(
                private.encode(), None, unsafe_skip_rsa_key_validation=True
            ).public_key()
        except (ValueError, TypeError):
            return None
        return mark_of(
            key, mark_of(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex())
        )

    def place(self, value: Secret) -> str:
        key = value.get("consumerKey")
        return next((name for name, (_, own, _) in self._apps().items() if own == key), "")

    def make(self, current: Secret) -> Secret:
        used = self.place(current)
        rest = next((name for name in self._credential.apps if name != used), None)
        if not used or rest is None:
            raise CloudError(
                f"The current version of {self._credential.secret} signs in as neither of its two apps. Correct estate.yaml."
            )
        _, key, _ = self._apps()[rest]
        return {**current, "consumerKey": key, "privateKey": new_key()}

    def give(self, value: Secret) -> None:
        self._write(value, certificate_around(str(value["privateKey"]), self.now()))

    def void(self, value: Secret) -> None:
        self._write(value, certificate_around(new_key(), self.now()))

    def hurdle(self) -> str:
        """Both apps act as one user, so they can do the same."""
        return ""

    def _write(self, value: Secret, certificate: str) -> None:
        app = self.place(value)
        full_name, _, _ = self._apps()[app]
        (answer,) = update_metadata(self._session, [(_GLOBAL, full_name, {"certificate": certificate})])
        if answer.code:
            raise OrgError(
                self._session.alias,
                f"the certificate of {app} was refused ({answer.code})",
                "Look at the app in Setup.",
                answer.code,
            )

    def _apps(self) -> _Apps:
        """Raises OrgError."""
        if self._read is not None:
            return self._read
        self._session.rouse()
        found = {}
        names = list_metadata(self._session, [_GLOBAL])[_GLOBAL]
        for full_name, held in read_metadata(self._session, _GLOBAL, names).items():
            app = str(held.get("externalClientApplication") or "")
            if app in self._credential.apps:
                found[app] = full_name, str(held.get("consumerKey") or ""), certificate_in(held)
        if missing := sorted(set(self._credential.apps) - found.keys()):
            raise OrgError(
                self._session.alias,
                f"there is no External Client App {missing[0]}",
                "Make it for the same user, or correct `apps` of the credential in estate.yaml.",
                "NOT_FOUND",
            )
        self._read = found
        return found


def certificate_in(held: Component | Mapping[str, Any]) -> x509.Certificate | None:
    """PEM, or the bare base64 of it or of its DER: no reference says which comes back."""
    text = str(held.get("certificate") or "").strip()
    if not text:
        return None
    try:
        content = text.encode() if "-----BEGIN" in text else base64.b64decode(text)
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError:
        return None


def thumbprint(certificate: x509.Certificate) -> str:
    """Of its public key: the certificate around it may be made anew."""
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return mark_of(public.hex())


def new_key() -> str:
    """An RSA key in PEM, as JWT bearer wants it (RS256)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_SIZE)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def certificate_around(private_key: str, now: datetime) -> str:
    """A self-signed certificate: an app wants one, and looks at its key only. In PEM."""
    key = load_pem_private_key(private_key.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey), "we made it"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bulkhead-rotated")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()
