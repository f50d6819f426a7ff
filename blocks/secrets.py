"""Where secrets are kept, as a Block."""

from typing import ClassVar

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl


class SecretStore(Block):
    """
    AWS Secrets Manager of one account and region. Credentials come from the usual AWS chain or a named file.

    Example:
        ```python
        from blocks import SecretStore

        store = SecretStore.load("bulkhead")
        ```
    """

    _block_type_name: ClassVar[str] = "AWS Secret Store"
    _block_type_slug: ClassVar[str] = "aws-secret-store"
    _documentation_url: ClassVar[HttpUrl | None] = HttpUrl("https://docs.aws.amazon.com/secretsmanager/")

    region: str = Field(description="AWS region, such as us-east-1.")
    endpoint_url: str | None = Field(default=None, description="Endpoint, where it is not the public one.")
    profile: str | None = Field(default=None, description="Profile of the shared credentials file.")
    shared_credentials_file: str | None = Field(
        default=None, description="Path of the shared credentials file."
    )
    ca_bundle: str | None = Field(default=None, description="File of certificate authorities to trust.")
    enforcer_role: str | None = Field(
        default=None, description="ARN of the role taken on for approved changes to firewalls."
    )
