"""Hands of mutual TLS: what orgs hold and trust, callers' secrets, the authority, and real handshakes."""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from tasks.aws.authorities import KmsKey, issued_by_private_ca, publish, published
from tasks.aws.cloud import Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.certificates.authority import (
    IssuingKey,
    checked,
    issued,
    presentable,
    request_of,
    revocations,
    subject_of,
)
from tasks.certificates.chains import asked_by, chain_of, fits, perhaps_chain
from tasks.certificates.model import Chain, Facts, Held, Knock, Place, Revocations, Roots, Shown, Way
from tasks.certificates.naming import waiting_name
from tasks.certificates.standing import CURRENT, FORMER, NEXT, Middleware
from tasks.errors import ConfigurationError, OrgError, SecretUnavailable
from tasks.estate.model import Estate, Route
from tasks.estate.model_certificates import CertificatesPolicy
from tasks.reading import Reading
from tasks.salesforce.connection import Connection
from tasks.salesforce.gather import Gathering
from tasks.salesforce.handshakes import MUTUAL_PORT, Answer, Pair, greet, read_trust_store, sign_in
from tasks.salesforce.metadata import list_metadata
from tasks.salesforce.packages import META, elements, retrieve
from tasks.salesforce.session import Session

METADATA_RIGHT = "Modify Metadata Through Metadata API Functions"
_SECTION = "held"
_STAGES = {CURRENT: "client", NEXT: "next", FORMER: "former"}
PROBE_LIFE = timedelta(hours=1)
_BESIDES = {Way.REVOKED: "nobody listed it either, which alone refuses it to who is held to the list"}


def read_certificates(session: Session) -> Reading:
    """Sections: held (listed certificates and key pairs), roots where the trust store could be read, enabled."""
    into = Gathering(session)
    held: list[Held] = []
    enabled = True
    try:
        names = list_metadata(session, ["InboundCertificate"])
    except OrgError as error:
        # An org in which Support has not enabled mutual authentication does not know the type.
        if error.code not in ("INVALID_TYPE", "UNKNOWN_EXCEPTION"):
            into.gap(_SECTION, f"{error.what}; reading it needs {METADATA_RIGHT}")
            return into.reading()
        names, enabled = {"InboundCertificate": ()}, False
    names |= into.ask((_SECTION,), METADATA_RIGHT, lambda: list_metadata(session, ["Certificate"])) or {}
    files = into.ask((_SECTION,), METADATA_RIGHT, lambda: retrieve(session, names)) or {}
    for path, content in files.items():
        if not path.endswith(META):
            held.append(_held(session.alias, path, content, files.get(path + META, b"")))
    into.keep(_SECTION, tuple(sorted(held, key=lambda each: (each.place, each.name))))
    into.keep("enabled", enabled)
    store = read_trust_store(session.connection)
    if store is not None:
        into.keep("roots", Roots(fingerprints=store.fingerprints, lines=store.lines))
    return into.reading()


def _held(org: str, path: str, content: bytes, meta: bytes) -> Held:
    name = path.rpartition("/")[2].rpartition(".")[0]
    try:
        said = elements(meta)
    except ValueError:
        said = {}
    text = content.decode("ascii", "replace")
    listed = path.startswith("inboundCertificates/")
    expires = said.get("expirationDate", "")[:10]
    return Held(
        org=org,
        place=Place.INBOUND if listed else Place.KEY_PAIR,
        name=name,
        label=said.get("masterLabel", ""),
        chain=None if "REQUEST" in text else perhaps_chain(text),
        request=text if "REQUEST" in text else None,
        ends=date.fromisoformat(expires) if expires else None,
        key_bits=int(said.get("keySize") or 2048) if not listed else None,
        exportable=None if listed else said.get("privateKeyExportable", "true").lower() == "true",
    )


# Callers outside the orgs ------------------------------------------------------------------------------


def read_callers(
    cloud: Cloud, names: Collection[str], certificates: Mapping[str, str] | None = None
) -> dict[str, Middleware]:
    """
    What secrets of these names hold, without their keys. A name that is no secret is left out. `certificates` are by name the
    secrets of those whose client certificate is kept by itself. Raises CloudError.
    """
    found: dict[str, Middleware] = {}
    for name in names:
        try:
            value = read_secret(cloud, name)
        except SecretUnavailable:
            continue
        beside = {key: each for key, each in value.items() if not key.startswith(NEXT)}
        pairs = _pairs(
            {**beside, **_by_itself(cloud, (certificates or {}).get(name)), **_waiting(cloud, name)}
        )
        found[name] = Middleware(
            address=str(value.get("instanceUrl") or ""),
            pairs=pairs,
            by_password=bool(value.get("password")) and not value.get("consumerKey"),
        )
    return found


def _by_itself(cloud: Cloud, name: str | None) -> dict[str, Any]:
    """A pair that is kept in a secret of its own, named as in a caller's; nothing where there is none."""
    try:
        value = read_secret(cloud, name) if name is not None else {}
    except SecretUnavailable:
        return {}
    names = {"clientCertificate": "certificate", "clientKey": "privateKey"}
    return {shown: value[kept] for shown, kept in names.items() if value.get(kept)}


def _pairs(value: Mapping[str, Any]) -> tuple[Shown, ...]:
    pairs = []
    for stage, prefix in _STAGES.items():
        pem, request = value.get(f"{prefix}Certificate"), value.get(f"{prefix}Request")
        chain = perhaps_chain(pem) if isinstance(pem, str) else None
        if chain is not None or isinstance(request, str):
            pairs.append(Shown(name=stage, chain=chain, request=None if chain else str(request)))
    return tuple(pairs)


def ask_for(cloud: Cloud, estate: Estate, route: Route, bits: int) -> str:
    """
    The request (PEM) for the next key pair of a route. One that waits for its chain is given again; else a new pair is made,
    in a secret that no caller reads. For who holds the turn of the route's credential. Raises CloudError.
    """
    waiting = _waiting(cloud, route.credential)
    if "nextCertificate" not in waiting and asked_by(waiting.get("nextRequest"), waiting.get("nextKey")):
        return str(waiting["nextRequest"])
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    request = request_of(key, subject_of(estate.name, route.source, route.target, route.name))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    write_secret(cloud, waiting_name(route.credential), {"nextKey": private, "nextRequest": request})
    return request


def keep_signed(cloud: Cloud, credential: str, chain: Chain) -> None:
    """
    The chain beside its key, to be presented when it is listed. For who holds the turn of the credential. Raises CloudError,
    and ConfigurationError for the chain of another key.
    """
    waiting = _waiting(cloud, credential)
    key = waiting.get("nextKey")
    if not fits(chain.pem, key):
        raise ConfigurationError(
            f"The key pair that waits for {credential} is not the one that was signed: it was made anew meanwhile. "
            "Have the request signed that waits now."
        )
    if waiting.get("nextCertificate") != chain.pem:
        write_secret(cloud, waiting_name(credential), {"nextKey": key, "nextCertificate": chain.pem})


def waiting_pair(cloud: Cloud, credential: str) -> Pair | None:
    """The pair that a caller is to present next, None where there is none yet. Raises CloudError and SecretUnavailable."""
    waiting = _waiting(cloud, credential)
    pem, key = waiting.get("nextCertificate"), waiting.get("nextKey")
    return Pair(pem, key) if isinstance(pem, str) and isinstance(key, str) else None


def _waiting(cloud: Cloud, credential: str) -> dict[str, Any]:
    """What waits to be presented next; earlier versions of ours kept it beside the credential."""
    try:
        found = read_secret(cloud, waiting_name(credential))
    except SecretUnavailable:
        found = {}
    if not found.get("nextKey"):
        found = read_secret(cloud, credential)
    return {name: found[name] for name in ("nextKey", "nextRequest", "nextCertificate") if found.get(name)}


# The authority -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Own:
    """Our own authority, ready to sign."""

    chain: str
    key: IssuingKey
    list_address: str


def open_own(cloud: Cloud, policy: CertificatesPolicy) -> Own:
    """Raises CloudError, SecretUnavailable and ConfigurationError."""
    own = policy.own
    if own is None:
        raise ConfigurationError("policy.yaml names no authority of our own under certificates.own.")
    value = read_secret(cloud, own.chain_secret)
    chain = value.get("chain")
    if not isinstance(chain, str):
        raise SecretUnavailable(f"The secret {own.chain_secret} lacks `chain`, the issuing authority's.")
    return Own(
        chain, KmsKey(cloud, own.kms_key) if own.kms_key else _key(own.chain_secret, value), own.list_address
    )


def _key(name: str, value: Mapping[str, Any]) -> IssuingKey:
    try:
        key = serialization.load_pem_private_key(str(value["privateKey"]).encode(), password=None)
    except (KeyError, ValueError, TypeError):
        raise SecretUnavailable(
            f"The secret {name} lacks a readable `privateKey`; name a KMS key, or store it in PEM."
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ConfigurationError(f"The key in {name} signs no certificates: use RSA or an elliptic curve.")
    return key


def signed(
    cloud: Cloud, policy: CertificatesPolicy, estate: Estate, route: Route, request: str, now: datetime
) -> Chain | None:
    """
    The chain for a request by the authority that policy names; None while an outside one has not answered. `now` is real
    time, as TLS judges.

    Raises CloudError, and ConfigurationError for an answer that is none to this request or that a door may refuse.
    """
    chain = _answered(cloud, policy, estate, route, request, now)
    return None if chain is None else presentable(chain, now, policy.renew_before)


def _answered(
    cloud: Cloud, policy: CertificatesPolicy, estate: Estate, route: Route, request: str, now: datetime
) -> Chain | None:
    if policy.authority == "external":
        try:
            value = read_secret(cloud, f"{policy.exchange}/{route.name}")
        except SecretUnavailable:
            return None
        pem = value.get("chain")
        if not isinstance(pem, str):
            return None
        try:
            return checked(pem, request)
        except ConfigurationError:
            # The chain of the request before this one lies there until the new one comes.
            if (old := perhaps_chain(pem)) is not None and old.leaf.ends > now and _for_another(pem, request):
                return None
            raise
    if policy.authority == "aws-private-ca":
        assert policy.private_ca_arn is not None, "policy was checked"
        token = x509.load_pem_x509_csr(request.encode()).signature.hex()
        pem = issued_by_private_ca(cloud, policy.private_ca_arn, request, policy.life.days, token)
        return checked(pem, request)
    own = open_own(cloud, policy)
    return checked(issue(own, estate, route, request, now, policy.life), request)


def probe(
    cloud: Cloud, policy: CertificatesPolicy, estate: Estate, route: Route, now: datetime
) -> Pair | None:
    """A short-lived pair of the private authority, for knocking alone. None with an outside authority. Raises as `signed`."""
    if policy.authority == "external":
        return None
    key, request = _asked(estate, route)
    if policy.authority == "aws-private-ca":
        short = policy.model_copy(update={"life": timedelta(days=1), "renew_before": timedelta()})
        chain = signed(cloud, short, estate, route, request, now)
        return None if chain is None else Pair(chain.pem, key)
    return Pair(issue(open_own(cloud, policy), estate, route, request, now, PROBE_LIFE), key)


def _for_another(pem: str, request: str) -> bool:
    leaf, asked = x509.load_pem_x509_certificates(pem.encode())[0], x509.load_pem_x509_csr(request.encode())
    return leaf.public_key() != asked.public_key()


def issue(
    own: Own,
    estate: Estate,
    route: Route,
    request: str,
    now: datetime,
    life: timedelta,
    usages: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.CLIENT_AUTH,),
) -> str:
    return issued(
        request,
        subject_of(estate.name, route.source, route.target, route.name),
        own.chain,
        own.key,
        serial=x509.random_serial_number(),
        now=now,
        life=life,
        list_address=own.list_address,
        usages=usages,
    )


def publish_list(
    cloud: Cloud, policy: CertificatesPolicy, revoked: Mapping[int, datetime], number: int, now: datetime
) -> None:
    """Signs and publishes our own authority's list. Raises as `open_own` does."""
    own = open_own(cloud, policy)
    assert policy.own is not None, "open_own has looked"
    content = revocations(own.chain, own.key, revoked, number=number, now=now)
    publish(cloud, policy.own.list_bucket, policy.own.list_key, content)


def read_list(cloud: Cloud, policy: CertificatesPolicy) -> Revocations | None:
    """Our own authority's list as it is published; None where there is none that can be read. Raises CloudError."""
    if policy.own is None:
        return None
    chain = str(read_secret(cloud, policy.own.chain_secret).get("chain", ""))
    content = published(cloud, policy.own.list_bucket, policy.own.list_key)
    try:
        issuing = x509.load_pem_x509_certificates(chain.encode())[0]
        signed = x509.load_der_x509_crl(content or b"")
    except (ValueError, IndexError):
        return None
    return Revocations(
        ends=signed.next_update_utc or signed.last_update_utc,
        serials=frozenset(str(each.serial_number) for each in signed),
        authentic=signed.is_signature_valid(issuing.public_key()),  # type: ignore[arg-type]  # of any kind that signs
    )


# Handshakes --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Forged:
    """Pairs that a good door refuses. `why` says of the others why they could not be made."""

    pairs: Mapping[Way, Pair]
    why: Mapping[Way, str]


def forge(
    estate: Estate, route: Route, own: Own | None, now: datetime, revoke: Callable[[str], None] | None
) -> Forged:
    """
    A stranger's certificate, and with our own authority an expired one, one for servers, one that is revoked at once, and a
    good one that nobody listed. `revoke` takes the chain of the one to be revoked.
    """
    pairs = {Way.FOREIGN: foreign(estate, route, now)}
    outside = "only the authority itself could issue it"
    if own is None:
        return Forged(pairs, dict.fromkeys((Way.ENDED, Way.SERVER, Way.REVOKED, Way.UNLISTED), outside))
    key, request = _asked(estate, route)

    def made(life: timedelta, usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.CLIENT_AUTH) -> Pair:
        return Pair(issue(own, estate, route, request, now, life, (usage,)), key)

    pairs |= {
        Way.ENDED: made(-PROBE_LIFE),
        Way.SERVER: made(PROBE_LIFE, ExtendedKeyUsageOID.SERVER_AUTH),
        Way.UNLISTED: made(PROBE_LIFE),
    }
    if revoke is None:
        return Forged(pairs, {Way.REVOKED: "nothing is revoked in this run"})
    pairs[Way.REVOKED] = made(PROBE_LIFE)
    revoke(pairs[Way.REVOKED].chain)
    return Forged(pairs, {})


def _asked(estate: Estate, route: Route) -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return private, request_of(key, subject_of(estate.name, route.source, route.target, route.name))


def foreign(estate: Estate, route: Route, now: datetime) -> Pair:
    """From an authority that nobody has heard of, and that is forgotten at once."""
    authority = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Unknown {secrets.token_hex(4)}")])
    own = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(authority.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - PROBE_LIFE)
        .not_valid_after(now + PROBE_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority, hashes.SHA256())
    )
    key, request = _asked(estate, route)
    chain = issued(
        request,
        subject_of(estate.name, route.source, route.target, route.name),
        own.public_bytes(serialization.Encoding.PEM).decode(),
        authority,
        serial=x509.random_serial_number(),
        now=now,
        life=PROBE_LIFE,
        list_address=None,
    )
    return Pair(chain, key)


def identity(
    cloud: Cloud, route: Route, like: Connection, certificate: str | None = None
) -> tuple[Connection, Pair | None]:
    """
    A middleware route as it signs in, and its pair, which may lie in a secret of its own (`certificate`). `like` is how its target
    org is reached. Raises SecretUnavailable, also for a secret that opens nothing.
    """
    value = read_secret(cloud, route.credential)
    password = None
    if value.get("password") and not value.get("privateKey"):
        password = f"{value['password']}{value.get('securityToken') or ''}"
    by_app = value.get("consumerKey") and (value.get("privateKey") or value.get("consumerSecret"))
    if not by_app and not (password and value.get("username")):
        raise SecretUnavailable(
            f"The secret {route.credential} holds neither a signing key nor a client secret beside its consumer key, nor a user name "
            "with a password."
        )
    shown = {**value, **_by_itself(cloud, certificate)}
    pem, key = shown.get("clientCertificate"), shown.get("clientKey")
    pair = Pair(pem, key) if isinstance(pem, str) and isinstance(key, str) else None
    connection = Connection.with_secret(
        {"consumerKey": "", **value},
        password=password,
        alias=route.target,
        base_url=f"https://{like.host}",
        flow="jwt-bearer" if value.get("privateKey") else "client-credentials",
        username=str(value.get("username") or route.sync_user),
        proxy=like.proxy,
        ca_bundle=like.ca_bundle,
    )
    return connection, pair


def knock(connection: Connection, pair: Pair | None, forged: Forged) -> tuple[Knock, ...]:
    """
    Every way in, each once. With its certificate the route comes first and last: a door that does not answer, or that lets
    nobody in any more, is no proof that the others were refused for what they showed.
    """
    found = []
    if pair is not None:
        found.append(_tried(Way.LISTED, sign_in(connection, MUTUAL_PORT, pair)))
    if connection.password is not None and (pair is None or found[0].answer != Answer.LET_IN.value):
        # Each further try could be one more wrong password, and enough of them lock the user out.
        return tuple(found)
    found.append(_tried(Way.NONE, sign_in(connection, MUTUAL_PORT, None)))
    found.append(_tried(Way.PLAIN, sign_in(connection, 443, None)))
    if pair is not None:
        found.append(_tried(Way.PLAIN_WITH, sign_in(connection, 443, pair)))
    found += [
        _tried(way, sign_in(connection, MUTUAL_PORT, each), _BESIDES.get(way, ""))
        for way, each in forged.pairs.items()
    ]
    found += [Knock(way=way, answer=None, words=why) for way, why in forged.why.items()]
    if pair is not None and found[0].answer == Answer.LET_IN.value:
        again = sign_in(connection, MUTUAL_PORT, pair)
        if again is not Answer.LET_IN:
            found[0] = Knock(way=Way.LISTED, answer="no answer", words="it was let in not both times")
    return tuple(found)


def accepts(connection: Connection, pair: Pair, foreign: Pair) -> bool | None:
    """
    Whether an org's door on the mutual port takes a certificate of this authority.

    None where the door does not answer, and where it greets `foreign` too, of an authority that nobody has heard of: it then
    looks at nobody's certificate before who comes is known, and a greeting says nothing.
    """
    if greet(connection, MUTUAL_PORT, None) is not Answer.LET_IN:
        return None
    if greet(connection, MUTUAL_PORT, foreign) is not Answer.REFUSED_BY_TLS:
        return None
    answer = greet(connection, MUTUAL_PORT, pair)
    # A door that has gone meanwhile refuses in the same way as one that does not take it.
    return True if answer is Answer.LET_IN else _refuses(connection, answer)


def _refuses(connection: Connection, answer: Answer) -> bool | None:
    still = greet(connection, MUTUAL_PORT, None) is Answer.LET_IN
    return False if still and answer is Answer.REFUSED_BY_TLS else None


def leaf_of(chain: str) -> Facts:
    return chain_of(chain).leaf


def _tried(way: Way, answer: Answer, words: str = "") -> Knock:
    return Knock(way=way, answer=answer.value, words=words)
