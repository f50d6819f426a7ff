"""Hands on copies of credentials inside orgs: principals of external credentials, what signs, and the org's own key pairs."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from tasks.aws.cloud import Cloud
from tasks.credentials.delivering import SIGNS, Copy
from tasks.credentials.model import SignIn
from tasks.credentials.places import Secret, mark_of
from tasks.credentials.rotation_gateway import KeyPairDoor, by_label, thumbprint
from tasks.errors import BadRequest, CloudError, LoginRefused, OrgError
from tasks.estate.model import Delivery, RotatedCredential
from tasks.salesforce.gather import moment
from tasks.salesforce.metadata import Component, many, read_metadata, update_metadata
from tasks.salesforce.packages import META, deploy, document, retrieve
from tasks.salesforce.session import Session
from tasks.salesforce.soql import literal
from tasks.salesforce.writing import WritingSession

OURS = "Bulkhead_"
"""How names of key pairs begin that we let an org make: those are removed when their time is over, others never."""
_EXTERNAL, _NAMED, _PAIR = "ExternalCredential", "NamedCredential", "Certificate"
_PATH = "named-credentials/credential"
_VARIANT = "ClientCredentialsClientSecret"
_TAKEN = ("DUPLICATE_VALUE", "DUPLICATE_DEVELOPER_NAME")
_KEY_BITS = 2048
Open = Callable[[str], WritingSession]
"""The enforcer's session with an org, by alias."""


class OrgRounds:
    """The orgs that have copies, and the log of the org that they sign in to."""

    def __init__(self, credential: RotatedCredential, reader: Session, opened: Open) -> None:
        """`reader` is the scanner's session with the org that the credential signs in to."""
        self._credential = credential
        self._reader = reader
        self._opened = opened

    def copy(self, delivery: Delivery) -> Copy:
        session = self._opened(delivery.org)
        session.rouse()
        if delivery.external_credential is None:
            named = _component(session, _NAMED, delivery.named_credential)
            return Copy(_bare(named.get("jwtIssuer")), _bare(named.get("jwtSigningCertificate")))
        external = _component(session, _EXTERNAL, delivery.external_credential)
        parameters = _parameters(external)
        if self._credential.kind == "client-secret":
            shown = next((p.get("parameterValue") for p in parameters if _is_client(p)), None)
            return Copy(_bare(shown), tells=False)
        issuer = next((p.get("parameterValue") for p in parameters if _is_issuer(p)), None)
        signer = next((p.get("certificate") for p in parameters if _is_signer(p)), None)
        return Copy(_bare(issuer), _bare(signer))

    def bring(self, delivery: Delivery, value: Secret) -> None:
        session = self._opened(delivery.org)
        session.rouse()
        if delivery.external_credential is None:
            named = _component(session, _NAMED, delivery.named_credential)
            changed = {**named, "jwtIssuer": value["consumerKey"], "jwtSigningCertificate": value[SIGNS]}
            _update(session, _NAMED, delivery.named_credential, changed)
            return
        external = _component(session, _EXTERNAL, delivery.external_credential)
        if self._credential.kind == "client-secret":
            _put_secret(session, delivery, value)
            if not any(_is_client(each) for each in _parameters(external)):
                return
        parameters = [_changed(each, value) for each in _parameters(external)]
        whole = {**external, "externalCredentialParameters": parameters}
        _update(session, _EXTERNAL, delivery.external_credential, whole)

    def sign_ins(self, since: datetime) -> tuple[SignIn, ...]:
        return self._logged(since, let_in=True)

    def refusals(self, since: datetime) -> tuple[SignIn, ...]:
        return self._logged(since, let_in=False)

    def _logged(self, since: datetime, *, let_in: bool) -> tuple[SignIn, ...]:
        apps = by_label(self._reader, self._credential.apps)
        rows = self._reader.query(
            "SELECT Application, SourceIp, LoginTime, Status FROM LoginHistory "
            f"WHERE LoginTime >= {literal(since.astimezone(UTC))}"
        )
        return tuple(
            SignIn(app=app, username="", address=row["SourceIp"] or "", at=at)
            for row in rows
            if (str(row["Status"]).lower() == "success") is let_in
            and (at := moment(row["LoginTime"])) is not None
            for app in apps.get(str(row["Application"]), ())
        )


def _component(session: Session, kind: str, name: str) -> Component:
    found = read_metadata(session, kind, [name]).get(name)
    if found is None:
        raise OrgError(
            session.alias,
            f"there is no {kind} {name}",
            "Correct `deliveries` of the credential in estate.yaml.",
            "NOT_FOUND",
        )
    return {key: value for key, value in found.items() if key != "fullName"}


def _update(session: WritingSession, kind: str, name: str, whole: Component) -> None:
    """One call for the whole component, so nobody sees half of it."""
    (answer,) = update_metadata(session, [(kind, name, whole)])
    if answer.code:
        raise OrgError(
            session.alias, f"{kind} {name} was refused ({answer.code})", "Look at it in Setup.", answer.code
        )


def _put_secret(session: WritingSession, delivery: Delivery, value: Secret) -> None:
    """
    Both halves in one call. A principal that has none yet takes POST, one that has some takes PUT, which replaces all of it;
    PATCH is for custom protocols only (Connect REST API, Credential).
    """
    body: dict[str, Any] = {
        "externalCredential": delivery.external_credential,
        "principalName": delivery.principal,
        "principalType": "NamedPrincipal",
        "authenticationProtocol": "OAuth",
        "authenticationProtocolVariant": _VARIANT,
        "credentials": {
            "clientId": {"value": value["consumerKey"], "encrypted": False},
            "clientSecret": {"value": value["consumerSecret"], "encrypted": True},
        },
    }
    try:
        session.change("POST", _PATH, body)
    except BadRequest as error:
        if error.code not in _TAKEN:
            raise
        session.change("PUT", _PATH, body)


def _parameters(external: Component) -> list[Component]:
    return [each for each in many(external, "externalCredentialParameters") if isinstance(each, dict)]


def _is_client(parameter: Component) -> bool:
    return (parameter.get("parameterType"), parameter.get("parameterName")) == ("AuthParameter", "ClientId")


def _is_issuer(parameter: Component) -> bool:
    return (parameter.get("parameterType"), parameter.get("parameterName")) == ("JwtBodyClaim", "iss")


def _is_signer(parameter: Component) -> bool:
    return parameter.get("parameterType") == "SigningCertificate"


def _changed(parameter: Component, value: Secret) -> Component:
    if _is_client(parameter) or _is_issuer(parameter):
        before = str(parameter.get("parameterValue") or "")
        # Claims are formulas, where a text may stand in quotes; it is left as it was written.
        quote = before[0] if before[:1] in ("'", '"') else ""
        return {**parameter, "parameterValue": f"{quote}{value['consumerKey']}{quote}"}
    return {**parameter, "certificate": value[SIGNS]} if _is_signer(parameter) else parameter


def _bare(value: object) -> str | None:
    return str(value).strip().strip("'\"") or None if value else None


class HeldPairDoor(KeyPairDoor):
    """Two External Client Apps of one user; the key of each is a `Certificate` of the org that signs in with it."""

    def __init__(
        self,
        session: WritingSession,
        reader: Session,
        cloud: Cloud,
        credential: RotatedCredential,
        opened: Open,
    ) -> None:
        super().__init__(session, reader, cloud, credential)
        self._source = credential.deliveries[0].org
        self._opened = opened

    def mark(self, value: Secret) -> str | None:
        key, certificate = value.get("consumerKey"), _leaf(value.get("certificate"))
        if not isinstance(key, str) or certificate is None or not value.get(SIGNS):
            return None
        return mark_of(key, thumbprint(certificate))

    def make_held(self, current: Secret, token: str) -> Secret:
        """One that was made and not stored, because the process died or the answer was lost, is taken."""
        used = self.place(current)
        rest = next((name for name in self._credential.apps if name != used), None)
        if not used or rest is None:
            raise CloudError(
                f"The current version of {self._credential.secret} signs in as neither of its two apps. Correct estate.yaml."
            )
        _, key, _ = self._apps()[rest]
        name = f"{OURS}{token[:16]}"
        pem = self._public(name)
        if pem is None:
            self._deploy(name)
            pem = self._public(name)
        if pem is None:
            raise OrgError(self._source, f"the key pair {name} was made and is not there", "Run again.")
        return {**current, "consumerKey": key, SIGNS: name, "certificate": pem}

    def give(self, value: Secret) -> None:
        self._write(value, str(value["certificate"]))

    def void(self, value: Secret) -> None:
        """First the key that signs, then what the app takes: in between nobody can sign."""
        name = str(value[SIGNS])
        if name.startswith(OURS) and self._public(name) is not None:
            self._remove(name)
        super().void(value)

    def stay(self, value: Secret) -> None:
        """Only its org can sign in with it."""

    def sign_in(self, value: Secret) -> None:
        """Raises LoginRefused where it could not: the org's key is another one, or the app takes another one."""
        pem = self._public(str(value[SIGNS]))
        held, wanted = _leaf(pem), _leaf(value.get("certificate"))
        if held is None or wanted is None or thumbprint(held) != thumbprint(wanted):
            raise LoginRefused(
                self._source,
                f"its key pair {value[SIGNS]} is not the one that was made for this",
                "Order the rotation anew; nothing was changed for those who sign in.",
                "KEY_DIFFERS",
            )
        if self.mark(value) not in self.accepted():
            raise LoginRefused(
                self._session.alias,
                f"{self.place(value)} does not take the key of {value[SIGNS]} yet",
                "The next run tries again.",
                "KEY_DIFFERS",
            )

    def _public(self, name: str) -> str | None:
        """The certificate of a key pair of the source org in PEM; None where it has none of that name."""
        session = self._opened(self._source)
        session.rouse()
        content = retrieve(session, {_PAIR: [name]}).get(f"certs/{name}.crt")
        return None if content is None else content.decode("ascii", "replace")

    def _deploy(self, name: str) -> None:
        path = f"certs/{name}.crt"
        said = {
            "caSigned": False,
            "keySize": _KEY_BITS,
            "masterLabel": name,
            "privateKeyExportable": False,
        }
        # A package with an empty file is refused, so the pair to be made carries a blank line.
        files = {path: b"\n", path + META: document(_PAIR, said)}
        self._sent(name, deploy(self._opened(self._source), files, {_PAIR: [name]}, {}))

    def _remove(self, name: str) -> None:
        self._sent(name, deploy(self._opened(self._source), {}, {}, {_PAIR: [name]}))

    def _sent(self, name: str, results: dict[tuple[str, str], Any]) -> None:
        if code := results[_PAIR, name].code:
            raise OrgError(
                self._source,
                f"the key pair {name} was refused ({code})",
                "Look at Certificate and Key Management in Setup.",
                code,
            )


def _leaf(pem: object) -> x509.Certificate | None:
    if not isinstance(pem, str):
        return None
    try:
        return x509.load_pem_x509_certificates(pem.encode())[0]
    except (ValueError, IndexError):
        return None
