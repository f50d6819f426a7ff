"""A yes to a containment, or to giving back, that the approver's own key signs, where policy asks that."""

from collections.abc import Iterable
from enum import StrEnum

from tasks.errors import ConfigurationError
from tasks.estate.model_changes import ApprovalPolicy
from tasks.ledger.chain import canonical
from tasks.plans.signature import holds_over, sign_message
from tasks.response.authority import DETECTIONS
from tasks.response.model import Containment


class Yes(StrEnum):
    """What is agreed to, by the command that signs it. One never counts as the other."""

    APPROVE = "approve"
    """Steps that wait are taken."""
    GIVE_BACK = "re-enable"


_PURPOSES = {
    Yes.APPROVE: b"bulkhead containment approval 1\n",
    Yes.GIVE_BACK: b"bulkhead containment return 1\n",
}


def sign(
    made: Containment,
    approver: str,
    reason: str,
    key: bytes,
    passphrase: bytes | None = None,
    *,
    yes: Yes = Yes.APPROVE,
) -> str:
    """Hexadecimal. Raises ConfigurationError when the key is none we take or its passphrase is wrong."""
    return sign_message(_signed_bytes(made, approver, reason, yes), key, passphrase)


def unsigned(
    made: Containment,
    requester: str,
    agreed: Iterable[str],
    approver: str,
    reason: str,
    signature: str,
    policy: ApprovalPolicy,
) -> str | None:
    """
    Why a yes does not count; None when it does, which it always does where policy asks for no signatures. `agreed` are those
    who said yes before: one key is one person, whatever names it stands under.

    Raises ConfigurationError for a person who asked and has no key: by another name it could be the approver.
    """
    if "containment" not in policy.signed:
        return None
    if requester.strip().lower() not in {*_keys(policy), DETECTIONS}:
        raise ConfigurationError(
            f"{requester}, who asked, has no key under changes.approvals.keys of policy.yaml, so nobody can tell that the "
            "approver is somebody else. Contain again by a name that has one."
        )
    return _unsigned(made, (*agreed, requester), approver, reason, signature, policy, Yes.APPROVE)


def unsigned_return(
    made: Containment,
    asked: Iterable[str],
    approver: str,
    reason: str,
    signature: str,
    policy: ApprovalPolicy,
) -> str | None:
    """Why a yes to giving back does not count, as above; `asked` are those who said it before. Who contained may say it, too."""
    if "containment" not in policy.signed:
        return None
    return _unsigned(made, asked, approver, reason, signature, policy, Yes.GIVE_BACK)


def _unsigned(
    made: Containment,
    said: Iterable[str],
    approver: str,
    reason: str,
    signature: str,
    policy: ApprovalPolicy,
    yes: Yes,
) -> str | None:
    keys, person = _keys(policy), approver.strip().lower()
    key = keys.get(person)
    if key is None:
        return f"{approver} has no key under changes.approvals.keys of policy.yaml"
    if not signature:
        return f"policy wants it signed: `{command(made, approver, yes)}`"
    if not holds_over(_signed_bytes(made, approver, reason, yes), signature, key):
        return "the signature does not hold"
    others = {each.strip().lower() for each in said} - {person}
    if twin := next((name for name in sorted(others) if keys.get(name) == key), None):
        return f"{approver} has the same key as {twin}, whose word counts already"
    return None


def command(made: Containment, approver: str, yes: Yes = Yes.APPROVE) -> str:
    """What to type for a yes that is signed."""
    return f'bulkhead containment {yes.value} {made.id[:12]} --approver {approver} --reason "…" --key ~/.ssh/id_ed25519'


def _keys(policy: ApprovalPolicy) -> dict[str, str]:
    """Public keys without their comments, by person in lower case."""
    return {name.strip().lower(): " ".join(key.split()[:2]) for name, key in policy.keys.items()}


def _signed_bytes(made: Containment, approver: str, reason: str, yes: Yes) -> bytes:
    # A set has no order, and the same document has to be the same bytes.
    document = {**made.model_dump(mode="json"), "waiting": sorted(made.waiting)}
    return _PURPOSES[yes] + canonical({"approver": approver, "containment": document, "reason": reason})
