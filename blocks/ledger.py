"""Where the ledger lives and what seals it, as a Block."""

from typing import ClassVar

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl


class Ledger(Block):
    """
    The ledger of plans, approvals, grants and evidence.

    Example:
        ```python
        from blocks import Ledger

        ledger = Ledger.load("bulkhead")
        ```
    """

    _block_type_name: ClassVar[str] = "Bulkhead Ledger"
    _block_type_slug: ClassVar[str] = "bulkhead-ledger"
    _documentation_url: ClassVar[HttpUrl | None] = HttpUrl("https://csrc.nist.gov/pubs/sp/800/92/final")

    url_secret: str | None = Field(
        default=None,
        description="Name of the secret with the database's address; a file where none is named.",
    )
    signing_secret: str | None = Field(
        default=None, description="Name of the secret with the Ed25519 key that seals checkpoints."
    )
    signing_kms_key: str | None = Field(
        default=None, description="KMS key that seals checkpoints instead (ECC_NIST_P256)."
    )
    anchor_bucket: str | None = Field(
        default=None, description="Bucket with Object Lock that keeps the checkpoints."
    )
    anchor_prefix: str = Field(default="ledger/", description="Where in the bucket.")
    anchor_days: int = Field(default=2555, description="Days for which a checkpoint cannot be removed.")
