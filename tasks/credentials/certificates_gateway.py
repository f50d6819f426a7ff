"""
Hands on the client certificate that a route's caller presents: its list in an org, and the request for the next one.

Who signs is not known here: the request goes out, and the chain that came for it is given in.
"""

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tasks.aws.cloud import Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.certificates.authority import request_of, subject_of
from tasks.certificates.chains import asks_for, perhaps_chain
from tasks.certificates.model import Chain, Revocation
from tasks.certificates.naming import listed_name
from tasks.credentials.places import Secret, Vault, mark_of
from tasks.credentials.rotation_gateway import OrgDoor, as_files
from tasks.errors import CloudError, SecretUnavailable
from tasks.estate.model import RotatedCredential, Route
from tasks.salesforce import passwords
from tasks.salesforce.listed import Entry, put_on, read_listed, take_off
from tasks.salesforce.session import Session
from tasks.salesforce.writing import WritingSession

_LABEL = 64
"""Letters of a masterLabel (Metadata API guide, InboundCertificate)."""
_PORT = 8443


class CertificateDoor(OrgDoor):
    """
    An org's list of certificates: who is held to one gets in with any that is listed, so the next one stands beside the one in use.

    A place is the name under which a certificate is listed. No sign-in tells which certificate was shown.
    """

    seen_by_place = False

    def __init__(
        self,
        session: WritingSession,
        reader: Session,
        cloud: Cloud,
        credential: RotatedCredential,
        route: Route,
        signed: str | None,
    ) -> None:
        """`signed` is the chain (PEM) that came for the request that waits; None where none has come."""
        super().__init__(session, reader, cloud, credential)
        self._route = route
        self._signed = signed
        self._listed: dict[str, str] = {}

    def accepted(self) -> frozenset[str]:
        self._session.rouse()
        found = {name: perhaps_chain(pem) for name, pem in read_listed(self._session).items()}
        self._listed = {name: chain.leaf.fingerprint for name, chain in found.items() if chain is not None}
        return frozenset(mark_of(fingerprint) for fingerprint in self._listed.values())

    def mark(self, value: Secret) -> str | None:
        chain = _chain(value)
        return None if chain is None or not value.get("privateKey") else mark_of(chain.leaf.fingerprint)

    def place(self, value: Secret) -> str:
        chain = _chain(value)
        if chain is None:
            return ""
        names = self._names(chain)
        return names[0] if names else listed_name(self._route.name, chain.leaf.fingerprint)

    def certificate(self, value: Secret) -> Revocation | None:
        chain = _chain(value)
        if chain is None:
            return None
        leaf = chain.leaf
        return Revocation(
            route=self._route.name,
            fingerprint=leaf.fingerprint,
            serial=leaf.serial,
            ends=leaf.ends,
            issuer=leaf.issuer,
        )

    def make(self, current: Secret) -> Secret:
        waiting = waits_for(self._cloud, self._credential.secret)
        chain = perhaps_chain(self._signed or "")
        if waiting is None or chain is None or asks_for(waiting["request"]) != chain.leaf.key_digest:
            raise CloudError(
                f"The request for the next certificate of {self._credential.secret} waits for its chain. Have it signed; the "
                "artifact of rotate-credentials has the request."
            )
        return {**current, "certificate": chain.pem, "privateKey": waiting["privateKey"]}

    def give(self, value: Secret) -> None:
        chain = _chain(value)
        if chain is None or self._names(chain):
            return
        leaf = chain.leaf
        put_on(
            self._session,
            Entry(
                name=listed_name(self._route.name, leaf.fingerprint),
                label=self._route.name[:_LABEL],
                issuer=leaf.issuer,
                serial=leaf.serial,
                expires=leaf.ends.date().isoformat(),
                chain=chain.pem,
            ),
        )

    def void(self, value: Secret) -> None:
        chain = _chain(value)
        if chain is not None:
            take_off(self._session, self._names(chain))

    def hurdle(self) -> str:
        """The same user signs in with the same credential, so it can do the same."""
        return ""

    def sign_in(self, value: Secret) -> None:
        """With the route's own credential, on the port that asks for the certificate."""
        own = read_secret(self._cloud, self._route.credential)
        with as_files(value) as pair:
            connection = replace(
                self._connection(own, pair),
                base_url=f"https://{self._session.connection.host}:{_PORT}",
                username=str(own.get("username") or self._route.sync_user),
            )
            if isinstance(own.get("password"), str):
                passwords.sign_in(replace(connection, role="enforcer"), connection.username, own["password"])
            else:
                self._enter(connection)

    def stay(self, value: Secret) -> None:
        """Without a listed certificate every session is refused, so that one is says nothing about its end."""

    def _names(self, chain: Chain) -> list[str]:
        return [name for name, fingerprint in self._listed.items() if fingerprint == chain.leaf.fingerprint]


def waits_for(cloud: Cloud, secret: str) -> dict[str, str] | None:
    """`request` and `privateKey` (PEM) of the next certificate; None where there is no request. Raises CloudError."""
    try:
        value = read_secret(cloud, next_name(secret))
    except SecretUnavailable:
        return None
    if not isinstance(value.get("request"), str) or not isinstance(value.get("privateKey"), str):
        return None
    return {"request": value["request"], "privateKey": value["privateKey"]}


def next_name(secret: str) -> str:
    """Where the key of the next certificate lies until its chain has come."""
    return f"{secret}.next"


def ask(cloud: Cloud, vault: Vault, secret: str, estate: str, route: Route, bits: int) -> str:
    """
    The request (PEM) for the next certificate: the one that waits, or a new one with a new key where that key was ever stored as
    a version. Raises CloudError.
    """
    waiting = waits_for(cloud, secret)
    if waiting is not None:
        used = [_chain(vault.read(kept.id) or {}) for kept in vault.versions()]
        if asks_for(waiting["request"]) not in [chain.leaf.key_digest for chain in used if chain]:
            return waiting["request"]
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    request = request_of(key, subject_of(estate, route.source, route.target, route.name))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    write_secret(cloud, next_name(secret), {"request": request, "privateKey": private})
    return request


def current_chain(vault: Vault) -> Chain | None:
    """What consumers present now. Raises CloudError."""
    current = next((kept.id for kept in vault.versions() if "AWSCURRENT" in kept.stages), None)
    return None if current is None else _chain(vault.read(current) or {})


def _chain(value: Secret) -> Chain | None:
    pem = value.get("certificate")
    return perhaps_chain(pem) if isinstance(pem, str) else None
