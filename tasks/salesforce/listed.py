"""Mutual authentication certificates of an org (InboundCertificate): listed, put on the list, and taken off it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.errors import OrgError
from tasks.salesforce.metadata import list_metadata
from tasks.salesforce.packages import META, deploy, document, retrieve
from tasks.salesforce.session import Session
from tasks.salesforce.writing import WritingSession

KIND, FOLDER, SUFFIX = "InboundCertificate", "inboundCertificates", "inboundCertificate"


@dataclass(frozen=True)
class Entry:
    """`issuer` from country to common name, `serial` decimal, `expires` as YYYY-MM-DD; `chain` in PEM, leaf first."""

    name: str
    label: str
    issuer: str
    serial: str
    expires: str
    chain: str


def read_listed(session: Session) -> dict[str, str]:
    """PEM by API name. Raises OrgError."""
    names = list_metadata(session, [KIND])[KIND]
    files = retrieve(session, {KIND: names})
    return {name: files[path(name)].decode("ascii", "replace") for name in names if path(name) in files}


def put_on(session: WritingSession, entry: Entry) -> None:
    """Beside what is listed. Sent once. Raises OrgError."""
    said = {
        "expirationDate": entry.expires,
        "issuer": entry.issuer,
        "masterLabel": entry.label,
        "serialId": entry.serial,
    }
    own = path(entry.name)
    _deployed(session, {own: entry.chain.encode(), own + META: document(KIND, said)}, [entry.name], [])


def take_off(session: WritingSession, names: Sequence[str]) -> None:
    """Sent once. Raises OrgError."""
    if names:
        _deployed(session, {}, [], names)


def _deployed(
    session: WritingSession, files: dict[str, bytes], members: Sequence[str], removed: Sequence[str]
) -> None:
    results = deploy(session, files, {KIND: members} if members else {}, {KIND: removed} if removed else {})
    for (_, name), result in results.items():
        if result.code:
            raise OrgError(
                session.alias,
                f"the listed certificate {name} was refused ({result.code})",
                "Look at Certificate and Key Management in Setup; it takes Manage Certificates.",
                result.code,
            )


def path(name: str) -> str:
    return f"{FOLDER}/{name}.{SUFFIX}"
