"""A yes to a containment that has to be signed: by a key of policy.yaml, over this very containment and reason, one key one person."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tasks.errors import ConfigurationError
from tasks.estate.model_changes import ApprovalPolicy
from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tasks.response.approval import Yes, command, sign, unsigned, unsigned_return
from tasks.response.authority import DETECTIONS
from tasks.response.ledger_gateway import ResponseBook
from tasks.response.model import Containment, Recent
from tasks.response.plan import containment
from tests.tasks.response.worlds import POLICY as RESPONSE
from tests.tasks.response.worlds import START, estate, facts, seen

WHY = "the owner confirms it"
KEYS = {name: Ed25519PrivateKey.generate() for name in ("ada", "Bob")}


def public(name: str) -> str:
    return KEYS[name].public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


POLICY = ApprovalPolicy(signed=("containment",), keys={name: public(name) for name in KEYS})


def made(**changes: object) -> Containment:
    policy = RESPONSE.model_copy(update={"auto_disable": ()})
    return containment("4f2a9c4f2a9c4f2a", facts(**changes), seen(), estate(), policy, Recent(), {})


def signed(by: str, of: Containment, approver: str = "bob", reason: str = WHY, yes: Yes = Yes.APPROVE) -> str:
    private = KEYS[by].private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    return sign(of, approver, reason, private, yes=yes)


def why_not(
    signature: str, approver: str = "bob", policy: ApprovalPolicy = POLICY, **more: object
) -> str | None:
    words = {"requester": DETECTIONS, "agreed": (), **more}
    return unsigned(made(), words["requester"], words["agreed"], approver, WHY, signature, policy)  # type: ignore[arg-type]  # words of a test


def test_a_signature_is_wanted_where_policy_names_containments() -> None:
    assert made().waiting
    assert why_not(signed("Bob", made())) is None
    assert why_not("", policy=ApprovalPolicy()) is None
    assert why_not("", policy=POLICY.model_copy(update={"signed": ("widening",)})) is None
    assert command(made(), "bob") in str(why_not("")) and "--key" in command(made(), "bob")
    assert "eve has no key" in str(why_not(signed("Bob", made(), "eve"), "eve"))


@pytest.mark.parametrize(
    "signature",
    [
        signed("ada", made()),
        signed("Bob", made(app="Other_App")),
        signed("Bob", made(), "eve"),
        signed("Bob", made(), reason="another reason"),
        "00" * 64,
    ],
    ids=["another's key", "another containment", "another name", "another reason", "nothing"],
)
def test_a_signature_of_something_else_does_not_hold(signature: str) -> None:
    assert why_not(signature) == "the signature does not hold"


def test_a_containment_read_from_the_ledger_is_signed_alike() -> None:
    again = Containment.model_validate_json(made().model_dump_json())
    assert signed("Bob", again) == signed("Bob", made())


def test_one_key_is_one_person_and_who_asks_has_to_be_known_by_one() -> None:
    twin = POLICY.model_copy(update={"keys": {**POLICY.keys, "carol": f"{public('Bob')} carol@laptop"}})
    by_carol = signed("Bob", made(), "carol")
    assert why_not(by_carol, "carol", twin) is None
    for known in ({"agreed": ("bob",)}, {"requester": "Bob"}):
        assert "same key as bob" in str(why_not(by_carol, "carol", twin, **known))
    with pytest.raises(ConfigurationError, match="who asked, has no key"):
        why_not(signed("Bob", made()), requester="bob@acme.example")


def why_not_back(
    signature: str, approver: str = "bob", policy: ApprovalPolicy = POLICY, asked: tuple[str, ...] = ()
) -> str | None:
    return unsigned_return(made(), asked, approver, WHY, signature, policy)


def test_giving_back_is_signed_as_taking_is() -> None:
    assert why_not_back(signed("Bob", made(), yes=Yes.GIVE_BACK)) is None
    assert why_not_back("", policy=ApprovalPolicy()) is None
    wanted = str(why_not_back(""))
    assert "bulkhead containment re-enable" in wanted and "--key" in wanted
    assert "eve has no key" in str(why_not_back(signed("Bob", made(), "eve", yes=Yes.GIVE_BACK), "eve"))
    twin = POLICY.model_copy(update={"keys": {**POLICY.keys, "carol": public("Bob")}})
    by_carol = signed("Bob", made(), "carol", yes=Yes.GIVE_BACK)
    assert "same key as bob" in str(why_not_back(by_carol, "carol", twin, ("bob",)))


def test_a_yes_to_the_one_is_none_to_the_other() -> None:
    assert why_not_back(signed("Bob", made())) == "the signature does not hold"
    assert why_not(signed("Bob", made(), yes=Yes.GIVE_BACK)) == "the signature does not hold"
    assert why_not_back(signed("ada", made(), yes=Yes.GIVE_BACK)) == "the signature does not hold"


def test_the_ledger_holds_the_signature(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: START)
    book = ResponseBook(ledger, DETECTIONS)
    known = book.decide(facts(), START, lambda name, _: made().model_copy(update={"id": name})).containment
    signature = signed("Bob", known)
    assert ResponseBook(ledger, "bob").agree(known.id, WHY, signature).agreed == ("bob",)
    back = signed("Bob", known, yes=Yes.GIVE_BACK)
    assert ResponseBook(ledger, "bob").ask_back(known.id, WHY, back).asked == ("bob",)
    entries = ledger.entries(EntryKind.RESPONSE, subject=known.id)[-2:]
    assert [(e.actor, e.body["signature"]) for e in entries] == [("bob", signature), ("bob", back)]
    ledger.close()
