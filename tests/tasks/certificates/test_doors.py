"""The linter beside OpenSSL: what a real door refuses it tells, and what it lets through is let in by a real door."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from tasks.certificates.chains import chain_of
from tasks.certificates.lint import against_presenting
from tasks.certificates.model import Roots, Rule
from tests.tasks.certificates.minted import CLIENT, DAY, SERVER, Key, certificate, elliptic, modular, pem

NOW = datetime.now(UTC)
"""OpenSSL judges by real time."""
STRICTER = frozenset({Rule.SERVER_USAGE, Rule.CHAIN_ORDER})
"""Salesforce's words, which OpenSSL does not mind."""
ANY = x509.ObjectIdentifier("2.5.29.37.0")


def made(
    name: str, issuer: str, *, key: Key | None = None, signer: Key | None = None, **changed: Any
) -> x509.Certificate:
    """Keys are known by the names of their holders."""
    return certificate(
        name,
        key or elliptic(name),
        issuer,
        signer or elliptic(issuer),
        **{"starts": NOW - DAY, "ends": NOW + 60 * DAY, **changed},
    )


def leaf(issuer: str = "Doors Issuing", **changed: Any) -> x509.Certificate:
    return made("Doors Leaf", issuer, **{"usages": (CLIENT,), **changed})


def authority(name: str, issuer: str = "Doors Root", **changed: Any) -> x509.Certificate:
    return made(name, issuer, **{"authority": True, **changed})


ROOT, ISSUING = authority("Doors Root"), authority("Doors Issuing")
LOWER = authority("Doors Lower", "Doors Issuing")
NEW_KEY = authority("Doors Issuing", "Doors Issuing", key=elliptic("Doors Issuing, new"))
LET_IN: dict[str, Sequence[x509.Certificate]] = {
    "leaf and intermediate": (leaf(), ISSUING),
    "with the root": (leaf(), ISSUING, ROOT),
    "an intermediate twice": (leaf(), ISSUING, ISSUING),
    "a stranger beside it": (leaf(), ISSUING, authority("Stranger", "Stranger")),
    "a root that an older one signed": (leaf(), ISSUING, authority("Doors Root", "Older Root")),
    "an authority for clients": (leaf(), authority("Doors Issuing", usages=(CLIENT,))),
    "as many authorities as allowed": (leaf("Doors Lower"), LOWER, authority("Doors Issuing", depth=1)),
    "a new key of the same authority": (
        leaf(signer=elliptic("Doors Issuing, new")),
        NEW_KEY,
        authority("Doors Issuing", depth=0),
    ),
    "keys that may do what they have to": (
        leaf(key_uses=("digital_signature",)),
        authority("Doors Issuing", key_uses=("key_cert_sign",)),
    ),
    "for servers, too": (leaf(usages=(CLIENT, SERVER)), ISSUING),
}  # fmt: skip
REFUSED: dict[str, tuple[Rule, Sequence[x509.Certificate]]] = {
    "the leaf alone": (Rule.NO_INTERMEDIATE, (leaf(),)),
    "ended": (Rule.ENDS_SOON, (leaf(starts=NOW - 2 * DAY, ends=NOW - DAY), ISSUING)),
    "not yet valid": (Rule.NOT_YET_VALID, (leaf(starts=NOW + DAY), ISSUING)),
    "for servers": (Rule.NO_CLIENT_USAGE, (leaf(usages=(SERVER,)), ISSUING)),
    "for anything": (Rule.NO_CLIENT_USAGE, (leaf(usages=(ANY,)), ISSUING)),
    "a key that may only encrypt": (Rule.NO_CLIENT_USAGE, (leaf(key_uses=("key_encipherment",)), ISSUING)),
    "another root": (Rule.UNTRUSTED_ROOT, (leaf("Other Issuing"), authority("Other Issuing", "Other Root"))),
    "signed itself": (Rule.SELF_SIGNED, (made("Doors Leaf", "Doors Leaf", usages=(CLIENT,)),)),
    "an issuer that has ended": (Rule.ISSUER_ENDS, (leaf(), authority("Doors Issuing", starts=NOW - 2 * DAY, ends=NOW - DAY))),
    "an issuer that is not yet valid": (Rule.NOT_YET_VALID, (leaf(), authority("Doors Issuing", starts=NOW + DAY))),
    "an issuer that is no authority": (Rule.NO_AUTHORITY, (leaf(), authority("Doors Issuing", authority=False))),
    "an issuer whose key signs no certificates": (Rule.NO_AUTHORITY, (leaf(), authority("Doors Issuing", key_uses=("crl_sign",)))),
    "an issuer for servers": (Rule.NO_CLIENT_USAGE, (leaf(), authority("Doors Issuing", usages=(SERVER,)))),
    "an issuer for anything": (Rule.NO_CLIENT_USAGE, (leaf(), authority("Doors Issuing", usages=(ANY,)))),
    "an issuer below one that may have none": (Rule.NO_AUTHORITY, (leaf("Doors Lower"), LOWER, authority("Doors Issuing", depth=0))),
    "an issuer with a weak key": (Rule.WEAK_KEY, (leaf(signer=modular(1024)), authority("Doors Issuing", key=modular(1024)))),
    "authorities that signed each other": (Rule.UNTRUSTED_ROOT, (leaf("East"), authority("East", "West"), authority("West", "East"))),
}  # fmt: skip
TRUSTED = Roots(
    fingerprints=frozenset({ROOT.fingerprint(hashes.SHA256()).hex()}),
    lines=("doorsroot,jan1,2026,trustedcertentry,",),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return door(tmp_path_factory.mktemp("door"), ROOT)


def door(folder: Path, root: x509.Certificate) -> ssl.SSLContext:
    """It asks callers for a certificate below the root."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=2")
    context.load_cert_chain(*written(folder, (made("host", "host", usages=(SERVER,)),), elliptic("host")))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=pem(root))
    return context


def written(folder: Path, chain: Sequence[x509.Certificate], key: Key) -> tuple[Path, Path]:
    files = folder / "chain.pem", folder / "key.pem"
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files[0].write_text(pem(*chain))
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return files


def lets_in(server: ssl.SSLContext, files: tuple[Path, Path]) -> bool:
    """A handshake in memory."""
    caller = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    caller.check_hostname, caller.verify_mode = False, ssl.CERT_NONE
    # The caller's own library shall not be the one that refuses a weak key.
    caller.set_ciphers("DEFAULT:@SECLEVEL=0")
    caller.load_cert_chain(*files)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [caller.wrap_bio(down, up), server.wrap_bio(up, down, server_side=True)]
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
            if end is ends[1]:
                return True
    raise AssertionError("the handshake did not come to an end")


@pytest.mark.parametrize("name", LET_IN)
def test_what_the_linter_finds_nothing_against_a_door_lets_in(
    name: str, server: ssl.SSLContext, tmp_path: Path
) -> None:
    chain = LET_IN[name]
    assert lets_in(server, written(tmp_path, chain, elliptic("Doors Leaf")))
    faults = against_presenting(chain_of(pem(*chain)), NOW, TRUSTED)
    assert {fault.rule for fault in faults} <= STRICTER


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_door_refuses_the_linter_tells(name: str, server: ssl.SSLContext, tmp_path: Path) -> None:
    rule, chain = REFUSED[name]
    assert not lets_in(server, written(tmp_path, chain, elliptic("Doors Leaf")))
    faults = against_presenting(chain_of(pem(*chain)), NOW, TRUSTED)
    assert [fault.rule for fault in faults if fault.rule not in STRICTER] == [rule]


def test_a_root_that_may_have_no_authority_below_it_is_told_where_the_file_holds_it(tmp_path: Path) -> None:
    short = authority("Short Root", "Short Root", depth=0)
    chain = leaf("Short Issuing"), authority("Short Issuing", "Short Root"), short
    roots = Roots(fingerprints=frozenset({short.fingerprint(hashes.SHA256()).hex()}))
    assert not lets_in(door(tmp_path, short), written(tmp_path, chain, elliptic("Doors Leaf")))
    (fault,) = against_presenting(chain_of(pem(*chain)), NOW, roots)
    assert fault.rule is Rule.NO_AUTHORITY and "Short Root" in fault.what
