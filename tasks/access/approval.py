"""Approvals of access that the approver's own key signs, where policy asks that of rights that are given."""

from tasks.access.model import Grant
from tasks.errors import ConfigurationError
from tasks.estate.model_changes import ApprovalPolicy
from tasks.ledger.chain import canonical
from tasks.plans.signature import holds_over, sign_message

_APPROVAL = b"bulkhead grant approval 1\n"


def sign(grant: Grant, approver: str, key: bytes, passphrase: bytes | None = None) -> str:
    """Hexadecimal. Raises ConfigurationError when the key is none we take or its passphrase is wrong."""
    return sign_message(_signed_bytes(grant, approver), key, passphrase)


def unsigned(grant: Grant, approver: str, signature: str, policy: ApprovalPolicy) -> str | None:
    """
    Why an approval does not count; None when it does, which it always does where policy asks for no signatures.

    Raises ConfigurationError for a requester who has no key: by another name it could be the approver.
    """
    if "widening" not in policy.signed:
        return None
    keys = {name.strip().lower(): key for name, key in policy.keys.items()}
    requester = grant.request.requester
    if requester.strip().lower() not in keys:
        raise ConfigurationError(
            f"{requester}, who asked, has no key under changes.approvals.keys of policy.yaml, so nobody can tell that the "
            "approver is somebody else. Ask again by a name that has one."
        )
    key = keys.get(approver.strip().lower())
    if key is None:
        return f"{approver} has no key under changes.approvals.keys of policy.yaml"
    if not signature:
        return "policy wants it signed: `bulkhead jit approve --key`"
    return (
        None if holds_over(_signed_bytes(grant, approver), signature, key) else "the signature does not hold"
    )


def _signed_bytes(grant: Grant, approver: str) -> bytes:
    document = {"approver": approver, "grant": grant.id, "request": grant.request.model_dump(mode="json")}
    return _APPROVAL + canonical(document)
