"""A yes to a containment that the approver's own key signs, where policy asks that."""

from collections.abc import Iterable

from tasks.errors import ConfigurationError
from tasks.estate.model_changes import ApprovalPolicy
from tasks.ledger.chain import canonical
from tasks.plans.signature import holds_over, sign_message
from tasks.response.model import Containment

DETECTIONS = "detections"
"""Who asks where no person does; it holds no key, and nobody signs by that name."""
_APPROVAL = b"bulkhead containment approval 1\n"


def sign(made: Containment, approver: str, reason: str, key: bytes, passphrase: bytes | None = None) -> str:
    """Hexadecimal. Raises ConfigurationError when the key is none we take or its passphrase is wrong."""
    return sign_message(_signed_bytes(made, approver, reason), key, passphrase)


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
    keys = {name.strip().lower(): " ".join(key.split()[:2]) for name, key in policy.keys.items()}
    person = approver.strip().lower()
    if requester.strip().lower() not in {*keys, DETECTIONS}:
        raise ConfigurationError(
            f"{requester}, who asked, has no key under changes.approvals.keys of policy.yaml, so nobody can tell that the "
            "approver is somebody else. Contain again by a name that has one."
        )
    key = keys.get(person)
    if key is None:
        return f"{approver} has no key under changes.approvals.keys of policy.yaml"
    if not signature:
        return f"policy wants it signed: `{command(made, approver)}`"
    if not holds_over(_signed_bytes(made, approver, reason), signature, key):
        return "the signature does not hold"
    others = {*(each.strip().lower() for each in agreed), requester.strip().lower()} - {person}
    if twin := next((name for name in sorted(others) if keys.get(name) == key), None):
        return f"{approver} has the same key as {twin}, whose word counts already"
    return None


def command(made: Containment, approver: str) -> str:
    """What to type for a yes that is signed."""
    return f'bulkhead containment approve {made.id[:12]} --approver {approver} --reason "…" --key ~/.ssh/id_ed25519'


def _signed_bytes(made: Containment, approver: str, reason: str) -> bytes:
    # A set has no order, and the same document has to be the same bytes.
    document = {**made.model_dump(mode="json"), "waiting": sorted(made.waiting)}
    return _APPROVAL + canonical({"approver": approver, "containment": document, "reason": reason})
