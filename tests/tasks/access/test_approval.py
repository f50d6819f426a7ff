"""Approvals of access that have to be signed: by a key of policy.yaml, over this very request, asked for by somebody known."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tasks.access.approval import sign, unsigned
from tasks.access.model import Grant
from tasks.errors import ConfigurationError
from tasks.estate.model_changes import ApprovalPolicy
from tests.tasks.access.worlds import place, request

KEYS = {name: Ed25519PrivateKey.generate() for name in ("ada", "Bob")}
POLICY = ApprovalPolicy(
    signed=("widening",),
    keys={
        name: key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        for name, key in KEYS.items()
    },
)


def grant(**changes: object) -> Grant:
    return Grant(id="4f2a9c4f2a9c4f2a", request=request(**changes))  # type: ignore[arg-type]


def signed(by: str, of: Grant, approver: str = "bob") -> str:
    private = KEYS[by].private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    return sign(of, approver, private)


def test_a_signature_is_wanted_where_policy_wants_rights_signed() -> None:
    assert unsigned(grant(), "bob", signed("Bob", grant()), POLICY) is None
    assert unsigned(grant(), "bob", "", ApprovalPolicy()) is None
    assert "wants it signed" in str(unsigned(grant(), "bob", "", POLICY))
    assert "eve has no key" in str(unsigned(grant(), "eve", signed("Bob", grant(), "eve"), POLICY))


@pytest.mark.parametrize(
    "signature",
    [
        signed("ada", grant()),
        signed("Bob", grant(hours=1)),
        signed("Bob", grant(place=place("Export"))),
        signed("Bob", grant(), "eve"),
        "00" * 64,
    ],
)
def test_a_signature_of_something_else_does_not_hold(signature: str) -> None:
    assert unsigned(grant(), "bob", signature, POLICY) == "the signature does not hold"


def test_who_asks_has_to_be_known_by_a_key() -> None:
    """ada@acme.example would not be ada otherwise."""
    alias = grant(requester="ada@acme.example")
    with pytest.raises(ConfigurationError, match="who asked, has no key"):
        unsigned(alias, "ada", signed("ada", alias, "ada"), POLICY)
