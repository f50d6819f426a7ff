"""
Knocks at an org's doors: real TLS on 443 and 8443, with one client certificate or none, as one identity or as nobody.

What comes back says who refused: TLS itself, or the org. A cut connection is TLS's way to refuse a certificate in version
1.3, where the client has finished first; it may as well be the network's, so whoever judges asks for a good knock beside it.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import requests

from tasks.errors import LoginRefused, OrgError, OrgUnavailable, TlsFailure
from tasks.salesforce import passwords
from tasks.salesforce.connection import Connection
from tasks.salesforce.tokens import TokenManager
from tasks.salesforce.transport import open_transport

MUTUAL_PORT = 8443
_FINGERPRINT = re.compile(r"\b(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}\b|\b[0-9A-Fa-f]{64}\b")


class Answer(StrEnum):
    LET_IN = "let in"
    REFUSED_BY_TLS = "refused by TLS"
    REFUSED_BY_ORG = "refused by the org"
    UNANSWERED = "no answer"


@dataclass(frozen=True)
class Pair:
    """A chain, leaf first, and its key, both PEM."""

    chain: str
    key: str

    def __repr__(self) -> str:
        return "Pair(…)"


@dataclass(frozen=True)
class TrustStore:
    """What an org's `/cacerts.jsp` lists: SHA-256 fingerprints, and its lines as `comparable` makes them."""

    fingerprints: frozenset[str]
    lines: tuple[str, ...]


def sign_in(connection: Connection, port: int, pair: Pair | None) -> Answer:
    """Signs in as the connection's identity, and ends that session at once. Raises nothing but for a broken key file."""
    with _presented(pair) as files:
        there = replace(connection, base_url=_at(connection, port), client_certificate=files, role="enforcer")
        try:
            _let_in(there)
        except TlsFailure:
            return Answer.REFUSED_BY_TLS
        except LoginRefused:
            return Answer.REFUSED_BY_ORG
        except OrgUnavailable:
            return Answer.REFUSED_BY_TLS if pair is not None else Answer.UNANSWERED
        except OrgError as error:
            return Answer.REFUSED_BY_ORG if error.code else Answer.UNANSWERED
        return Answer.LET_IN


def _let_in(there: Connection) -> None:
    """Raises as TokenManager and `passwords` do."""
    if there.password is not None:
        passwords.sign_in(there, there.username, there.password)
        return
    tokens = TokenManager(there)
    tokens.current()
    # It ends by itself; that somebody got in is what was asked.
    with suppress(OrgError):
        tokens.end()


def greet(connection: Connection, port: int, pair: Pair | None) -> Answer:
    """As nobody: whether the door answers at all with this certificate, judged by TLS alone."""
    with _presented(pair) as files:
        there = replace(connection, client_certificate=files)
        with open_transport(there) as transport:
            try:
                transport.get(f"{_at(connection, port)}/services/data", allow_redirects=False)
            except requests.exceptions.SSLError:
                return Answer.REFUSED_BY_TLS
            except requests.exceptions.ConnectionError:
                return Answer.REFUSED_BY_TLS if pair is not None else Answer.UNANSWERED
            except requests.RequestException:
                return Answer.UNANSWERED
    return Answer.LET_IN


def read_trust_store(connection: Connection) -> TrustStore | None:
    """None where the page does not come, or lists no fingerprint."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = connection.ca_bundle or True
        if connection.proxy:
            session.proxies = {"https": connection.proxy}
        try:
            answer = session.get(
                f"https://{connection.host}/cacerts.jsp", timeout=(5, 30), allow_redirects=False
            )
        except requests.RequestException:
            return None
    if answer.status_code != 200:
        return None
    found = {each.replace(":", "").lower() for each in _FINGERPRINT.findall(answer.text)}
    lines = tuple(comparable(line) for line in answer.text.splitlines() if line.strip())
    return TrustStore(frozenset(found), lines) if found else None


def comparable(line: str) -> str:
    """
    Small letters and digits alone, but for `,` and `=`: what separates the parts of a distinguished name, an alias from its
    date, or cells of a table. A comma that is escaped (RFC 4514) or quoted (Java) belongs to its name.
    """
    whole = re.sub(r'\\.|"[^"]*"', lambda quoted: re.sub(r"\W", "", quoted[0]), line.lower())
    return re.sub(r"[^a-z0-9,=]", "", re.sub(r"<[^>]*>|[:+]", ",", whole))


def _at(connection: Connection, port: int) -> str:
    return f"https://{connection.host}" if port == 443 else f"https://{connection.host}:{port}"


@contextmanager
def _presented(pair: Pair | None) -> Iterator[tuple[str, str] | None]:
    """TLS libraries take keys from files only; these are gone with the block, and nobody else's meanwhile."""
    if pair is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="bulkhead-") as folder:
        files = Path(folder) / "chain.pem", Path(folder) / "key.pem"
        for file, content in zip(files, (pair.chain, pair.key), strict=True):
            file.touch(mode=0o600)
            file.write_text(content)
        yield str(files[0]), str(files[1])
