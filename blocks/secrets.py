"""Where secrets are kept, as a Block."""

from typing import ClassVar

from prefect.blocks.core import Block
from pydantic import Field

_LOGO = (
    "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'>"
    "<path fill='%23b45309' d='M17 9V7A5 5 0 0 0 7 7v2H5v12h14V9zM9 7a3 3 0 0 1 6 0v2H9z'/></svg>"
)


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
    _documentation_url: ClassVar[str] = "https://docs.aws.amazon.com/secretsmanager/"
    _logo_url: ClassVar[str] = _LOGO

    region: str = Field(description="AWS region, such as us-east-1.")
    endpoint_url: str | None = Field(default=None, description="Endpoint, where it is not the public one.")
    profile: str | None = Field(default=None, description="Profile of the shared credentials file.")
    shared_credentials_file: str | None = Field(default=None, description="Path of the shared credentials file.")
    ca_bundle: str | None = Field(default=None, description="File of certificate authorities to trust.")
