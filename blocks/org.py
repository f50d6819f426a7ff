"""One Salesforce org as a Block."""

from typing import ClassVar, Literal

from prefect.blocks.core import Block
from pydantic import BaseModel, Field, HttpUrl


class OrgIdentity(BaseModel):
    """One of our users in an org and the name of the secret that signs it in."""

    flow: Literal["jwt-bearer", "client-credentials"] = Field(description="OAuth flow that gets the token.")
    username: str = Field(description="User name in the org.")
    secret: str = Field(
        description="Name of the secret that holds the consumer key and the private key or secret."
    )
    session_sets: list[str] = Field(
        default_factory=list,
        description="Session-activated permission sets with the write rights, woken for approved changes only.",
    )


class SalesforceOrg(Block):
    """
    A Salesforce org: where it is, how it is reached, and as whom.

    Example:
        ```python
        from blocks import SalesforceOrg

        org = SalesforceOrg.load("hq")
        ```
    """

    _block_type_name: ClassVar[str] = "Salesforce Org"
    _block_type_slug: ClassVar[str] = "salesforce-org"
    _documentation_url: ClassVar[HttpUrl | None] = HttpUrl(
        "https://help.salesforce.com/s/articleView?id=sf.domain_name_overview.htm"
    )

    alias: str = Field(description="Short name of the org, used everywhere.", pattern=r"^[a-z0-9-]+$")
    my_domain: str = Field(description="My Domain address, such as https://acme.my.salesforce.com.")
    kind: Literal["production", "sandbox"] = Field(description="Whether the org holds production data.")
    scanner: OrgIdentity = Field(description="Identity that reads; its session refuses every write.")
    enforcer: OrgIdentity | None = Field(
        default=None, description="Identity that changes, for approved plans only."
    )
    proxy: str | None = Field(default=None, description="HTTP proxy through which the org is reached.")
    ca_bundle: str | None = Field(default=None, description="File of certificate authorities to trust.")
    region: str = Field(default="", description="Where the org's data lives.")
    time_zone: str = Field(default="UTC", description="IANA time zone of the org's business hours.")
