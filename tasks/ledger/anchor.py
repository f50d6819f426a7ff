"""Checkpoints as objects in a bucket with Object Lock: names that sort by sequence, contents that carry the signature."""

from collections.abc import Iterable

from pydantic import ValidationError

from tasks.errors import ConfigurationError
from tasks.ledger.chain import canonical
from tasks.ledger.evidence import checkpoint_document
from tasks.ledger.model import Checkpoint


def key_of(prefix: str, mark: Checkpoint) -> str:
    return f"{prefix}{mark.head.sequence:012d}-{mark.head.hash[:16]}.json"


def body_of(mark: Checkpoint) -> bytes:
    return canonical(checkpoint_document(mark))


def read_marks(objects: Iterable[tuple[str, bytes]]) -> list[Checkpoint]:
    """Raises ConfigurationError when an object below the prefix is no checkpoint."""
    found = []
    for key, body in objects:
        try:
            found.append(Checkpoint.model_validate_json(body))
        except ValidationError:
            raise ConfigurationError(
                f"{key} is no checkpoint. Is the prefix of the anchor the right one?"
            ) from None
    return found
