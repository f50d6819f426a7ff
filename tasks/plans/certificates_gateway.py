"""Hands on key pairs and lists of certificates (in packages), on what named credentials present, and on callers' secrets."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tasks.aws.cloud import Cloud
from tasks.aws.secrets import read_current, read_secret, replace_secret, rotating, write_secret
from tasks.certificates.chains import fits
from tasks.certificates.naming import waiting_name
from tasks.credentials.history import told
from tasks.errors import AlreadyRunning, SecretUnavailable
from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tasks.orgs import open_ledger
from tasks.plans.model import Change, Resource, ResourceKind, State
from tasks.salesforce.metadata import Component, many, read_metadata, update_metadata
from tasks.salesforce.packages import META, deploy, document, elements, retrieve
from tasks.salesforce.session import Session
from tasks.salesforce.writing import RecordResult, WritingSession

KINDS = {
    ResourceKind.INBOUND_CERTIFICATE: "InboundCertificate",
    ResourceKind.KEY_PAIR: "Certificate",
    ResourceKind.OLD_KEY_PAIR: "Certificate",
}
_FILES = {
    "InboundCertificate": ("inboundCertificates", "inboundCertificate"),
    "Certificate": ("certs", "crt"),
}
_PER_CALL = 10
STAGES = ("client", "next", "former")
"""Pairs in a caller's secret: `clientCertificate` with `clientKey` is presented, the others wait or are kept for the way back."""
_NEXT = ("nextCertificate", "nextKey")
Turn = Callable[[str], AbstractContextManager[bool]]
"""Holds the turn of a credential; whether it may be written."""


def read_certificates(session: Session, resources: Iterable[Resource]) -> dict[Resource, State]:
    """What the org has; a component that it does not know is left out. Raises OrgError."""
    wanted = list(resources)
    names: dict[str, list[str]] = {}
    for resource in wanted:
        names.setdefault(KINDS[resource.kind], []).append(resource.key)
    files = retrieve(session, names)
    found: dict[Resource, State] = {}
    for resource in wanted:
        content = _path(KINDS[resource.kind], resource.key)
        if content in files and content + META in files:
            said = elements(files[content + META])
            read = _listed_state if resource.kind is ResourceKind.INBOUND_CERTIFICATE else _pair_state
            found[resource] = read(said, files[content].decode("ascii", "replace"))
    return found


def _listed_state(said: Mapping[str, str], content: str) -> State:
    return {
        "label": said.get("masterLabel", ""),
        "issuer": said.get("issuer", ""),
        "serial": said.get("serialId", ""),
        "expires": said.get("expirationDate", "")[:10],
        "chain": _same_text(content),
    }


def _pair_state(said: Mapping[str, str], content: str) -> State:
    return {
        "label": said.get("masterLabel", ""),
        "key_bits": int(said.get("keySize") or 2048),
        # The reference: it is exportable where nothing is said.
        "exportable": said.get("privateKeyExportable", "true").lower() == "true",
        "chain": "" if "REQUEST" in content else _same_text(content),
    }


def write_certificates(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """
    One result per change; all of it is done or none. Raises OrgError.

    A chain cannot be taken from a key pair: taken back, the pair is removed and made anew, and asks to be signed anew.
    """
    again = [c for c in changes if c.resource.kind is ResourceKind.KEY_PAIR and _unsigned(c)]
    if again:
        gone = deploy(session, {}, {}, {"Certificate": [change.resource.key for change in again]})
        if any(result.code for result in gone.values()):
            return [gone.get(_member(change), RecordResult(id=None, code="NOT_SENT")) for change in changes]
    files: dict[str, bytes] = {}
    members: dict[str, list[str]] = {}
    removed: dict[str, list[str]] = {}
    for change in changes:
        kind, name = _member(change)
        if change.after is None:
            removed.setdefault(kind, []).append(name)
            continue
        members.setdefault(kind, []).append(name)
        path = _path(kind, name)
        files[path] = _content(change.after)
        files[path + META] = document(kind, _elements(change.resource.kind, change.after))
    results = deploy(session, files, members, removed)
    return [results[_member(change)] for change in changes]


def _unsigned(change: Change) -> bool:
    return bool(change.before and change.after and change.before["chain"] and not change.after["chain"])


def _member(change: Change) -> tuple[str, str]:
    return KINDS[change.resource.kind], change.resource.key


def _content(state: State) -> bytes:
    """A package with an empty file is refused, so a pair to be made carries a blank line."""
    return (str(state["chain"]) or "\n").encode()


def _elements(kind: ResourceKind, state: State) -> dict[str, object]:
    if kind is ResourceKind.KEY_PAIR:
        return {
            "caSigned": True,
            "keySize": state["key_bits"],
            "masterLabel": state["label"],
            "privateKeyExportable": state["exportable"],
        }
    return {
        "expirationDate": state["expires"],
        "issuer": state["issuer"],
        "masterLabel": state["label"],
        "serialId": state["serial"],
    }


def _path(kind: str, name: str) -> str:
    folder, suffix = _FILES[kind]
    return f"{folder}/{name}.{suffix}"


def _same_text(pem: str) -> str:
    """However its lines are broken: the certificates of the file as `cryptography` writes them; what is none as it is."""
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        return pem
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in found)


# What a named credential presents ----------------------------------------------------------------------


def read_presented(session: Session, resources: Iterable[Resource]) -> dict[Resource, State]:
    """Certificate and address of named credentials; those that the org does not know are left out. Raises OrgError."""
    wanted = list(resources)
    found = read_metadata(session, "NamedCredential", sorted({resource.key for resource in wanted}))
    return {resource: _presented(found[resource.key]) for resource in wanted if resource.key in found}


def _presented(named: Component) -> State:
    if named.get("namedCredentialType", "Legacy") == "Legacy":
        return {"certificate": named.get("certificate") or None, "address": str(named.get("endpoint") or "")}
    parameters = [p for p in many(named, "namedCredentialParameters") if isinstance(p, dict)]
    certificate = next(
        (p["certificate"] for p in parameters if p.get("parameterType") == "ClientCertificate"), None
    )
    address = next((p["parameterValue"] for p in parameters if p.get("parameterType") == "Url"), "")
    return {"certificate": certificate, "address": str(address)}


def write_presented(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """
    One result per change. Raises OrgError.

    Each credential is sent whole, as it was read a moment ago, with nothing but these two changed in it.
    """
    names = [change.resource.key for change in changes]
    held = read_metadata(session, "NamedCredential", names)
    components = []
    for change in changes:
        named = {k: v for k, v in held.get(change.resource.key, {}).items() if k != "fullName"}
        after = change.after or {}
        components.append(("NamedCredential", change.resource.key, _changed(named, after)))
    return [
        result
        for start in range(0, len(components), _PER_CALL)
        for result in update_metadata(session, components[start : start + _PER_CALL])
    ]


def _changed(named: Component, after: Mapping[str, Any]) -> Component:
    if named.get("namedCredentialType", "Legacy") == "Legacy":
        found = {**named, "endpoint": after["address"], "certificate": after["certificate"]}
        return {name: value for name, value in found.items() if value is not None}
    parameters: list[Component] = []
    for each in many(named, "namedCredentialParameters"):
        if each.get("parameterType") == "Url":
            parameters.append({**each, "parameterValue": after["address"]})
        elif each.get("parameterType") != "ClientCertificate":
            parameters.append(each)
    if after["certificate"] is not None:
        parameters.append(
            {
                "certificate": after["certificate"],
                "parameterName": "ClientCertificate",
                "parameterType": "ClientCertificate",
            }
        )
    return {**named, "namedCredentialParameters": parameters}


# What middleware finds in its secret -------------------------------------------------------------------


def read_callers(cloud: Callable[[], Cloud], resources: Iterable[Resource]) -> dict[Resource, State]:
    """Fingerprint and address of each secret; one that does not exist is left out. Raises CloudError."""
    found: dict[Resource, State] = {}
    for resource in resources:
        try:
            value = read_secret(cloud(), resource.key)
        except SecretUnavailable:
            continue
        found[resource] = _caller(value)
    return found


def _caller(value: Mapping[str, Any]) -> State:
    return {
        "certificate": fingerprint(value.get("clientCertificate")),
        "address": str(value.get("instanceUrl") or ""),
    }


@contextmanager
def credential_turn(secret: str) -> Iterator[bool]:
    """As `turn_in`, in the registered ledger."""
    with open_ledger() as ledger, turn_in(ledger, secret) as free:
        yield free


@contextmanager
def turn_in(ledger: Ledger, secret: str) -> Iterator[bool]:
    """
    While it lasts no rotation of ours goes on with this secret; whether none is open or ordered. Raises AlreadyRunning.

    An open one is left alone for all of its overlap: it knows its versions by their ids.
    """
    with ledger.held(f"the credential {secret}"):
        entries = ledger.entries(EntryKind.ROTATION, subject=secret)
        history = told(secret, (entry.body for entry in entries))
        yield history.open is None and history.ordered is None


def write_callers(
    cloud: Callable[[], Cloud], changes: Sequence[Change], turn: Turn = credential_turn
) -> list[RecordResult]:
    """One result per change. Raises CloudError. Private keys move between a caller's two secrets and nowhere else."""
    return [_in_turn(cloud(), change, turn) for change in changes]


def _in_turn(cloud: Cloud, change: Change, turn: Turn) -> RecordResult:
    try:
        with turn(change.resource.key) as free:
            # A version in rotation would be lost, or bring the former certificate back.
            if not free or rotating(cloud, change.resource.key):
                return RecordResult(id=None, code="ROTATION_UNDER_WAY")
            return _write_caller(cloud, change)
    except AlreadyRunning:
        return RecordResult(id=None, code="ROTATION_UNDER_WAY")


def _write_caller(cloud: Cloud, change: Change) -> RecordResult:
    name, after = change.resource.key, change.after or {}
    version, value = read_current(cloud, name)
    if _caller(value) != change.before:
        return RecordResult(id=None, code="CHANGED_MEANWHILE")
    waiting = _waiting(cloud, name)
    written = presenting({**value, **waiting}, after.get("certificate"), str(after.get("address") or ""))
    if isinstance(written, str):
        return RecordResult(id=None, code=written)
    if waiting:
        # What waits and was not chosen stays where it is.
        written = {key: each for key, each in written.items() if key not in _NEXT}
    if not replace_secret(cloud, name, written, instead_of=version):
        return RecordResult(id=None, code="CHANGED_MEANWHILE")
    if waiting and waiting["nextCertificate"] == written.get("clientCertificate"):
        write_secret(cloud, waiting_name(name), {})
    return RecordResult(id=None)


def presenting(value: Mapping[str, Any], wanted: object, address: str) -> dict[str, Any] | str:
    """
    A caller's secret once it presents the certificate with this fingerprint, or none; nothing but certificates, their keys
    and the address is changed. A code where it cannot be.
    """
    pairs = {stage: (value.get(f"{stage}Certificate"), value.get(f"{stage}Key")) for stage in STAGES}
    chosen = next(
        (s for s, (pem, _) in pairs.items() if wanted is not None and fingerprint(pem) == wanted), None
    )
    if wanted is not None and chosen is None:
        return "NO_SUCH_PAIR"
    if chosen is not None and not fits(*pairs[chosen]):
        return "PAIR_DOES_NOT_FIT"
    shown = pairs["client"]
    if chosen != "client":
        pairs["client"] = pairs[chosen] if chosen else (None, None)
        # What was presented is kept where the other came from, so that the way back finds it.
        pairs[chosen or "former"] = shown
        if chosen == "next" and shown[0]:
            pairs["next"], pairs["former"] = (None, None), shown
    written = {**value, "instanceUrl": address}
    for stage, (pem, key) in pairs.items():
        written[f"{stage}Certificate"], written[f"{stage}Key"] = pem, key
    return {name: each for name, each in written.items() if each is not None}


def _waiting(cloud: Cloud, name: str) -> dict[str, Any]:
    """A whole pair of the secret beside, or nothing."""
    try:
        found = read_secret(cloud, waiting_name(name))
    except SecretUnavailable:
        return {}
    return {key: found[key] for key in _NEXT} if all(found.get(key) for key in _NEXT) else {}


def fingerprint(pem: object) -> str | None:
    """SHA-256 of a chain's first certificate, in hex; None for what is none."""
    if not isinstance(pem, str):
        return None
    try:
        return x509.load_pem_x509_certificates(pem.encode())[0].fingerprint(SHA256()).hex()
    except (ValueError, IndexError):
        return None
