"""The whole estate and its policy as one Block: what was registered, word for word."""

from typing import Any, ClassVar

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl


class EstateDocument(Block):
    """
    The registered estate and policy, validated before they were saved.

    Example:
        ```python
        from blocks import EstateDocument

        document = EstateDocument.load("bulkhead")
        ```
    """

    _block_type_name: ClassVar[str] = "Bulkhead Estate"
    _block_type_slug: ClassVar[str] = "bulkhead-estate"
    _documentation_url: ClassVar[HttpUrl | None] = HttpUrl("https://csrc.nist.gov/pubs/sp/800/207/final")

    estate: dict[str, Any] = Field(description="The estate: orgs, routes, channels, attestations.")
    policy: dict[str, Any] = Field(description="The policy: networks, thresholds, caps, waivers.")
