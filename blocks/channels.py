"""Where alerts go, as Blocks: each names the secret that holds its address or key."""

from typing import ClassVar

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl


class SlackChannel(Block):
    """
    A Slack channel that alerts of some orgs go to.

    Example:
        ```python
        from blocks import SlackChannel

        channel = SlackChannel.load("security")
        ```
    """

    _block_type_name: ClassVar[str] = "Bulkhead Slack Channel"
    _block_type_slug: ClassVar[str] = "bulkhead-slack-channel"
    _documentation_url: ClassVar[HttpUrl | None] = HttpUrl("https://api.slack.com/messaging/webhooks")

    orgs: list[str] = Field(description="Aliases of the orgs whose alerts go here.")
    secret: str = Field(description="Name of the secret that holds the incoming-webhook address.")


class PagerDutyChannel(Block):
    """
    A PagerDuty service that alerts of some orgs go to.

    Example:
        ```python
        from blocks import PagerDutyChannel

        channel = PagerDutyChannel.load("on-call")
        ```
    """

    _block_type_name: ClassVar[str] = "Bulkhead PagerDuty Channel"
    _block_type_slug: ClassVar[str] = "bulkhead-pagerduty-channel"
    _documentation_url: ClassVar[HttpUrl | None] = HttpUrl(
        "https://developer.pagerduty.com/docs/events-api-v2-overview"
    )

    orgs: list[str] = Field(description="Aliases of the orgs whose alerts go here.")
    secret: str = Field(description="Name of the secret that holds the routing key.")


class EmailChannel(Block):
    """
    A mailbox that alerts of some orgs go to.

    Example:
        ```python
        from blocks import EmailChannel

        channel = EmailChannel.load("audit-mail")
        ```
    """

    _block_type_name: ClassVar[str] = "Bulkhead Email Channel"
    _block_type_slug: ClassVar[str] = "bulkhead-email-channel"
    _documentation_url: ClassVar[HttpUrl | None] = HttpUrl("https://www.rfc-editor.org/rfc/rfc5321")

    orgs: list[str] = Field(description="Aliases of the orgs whose alerts go here.")
    secret: str = Field(description="Name of the secret that holds the mail server's address and login.")


class WebhookChannel(Block):
    """
    A receiver of signed webhooks that alerts of some orgs go to.

    Example:
        ```python
        from blocks import WebhookChannel

        channel = WebhookChannel.load("case-system")
        ```
    """

    _block_type_name: ClassVar[str] = "Bulkhead Webhook Channel"
    _block_type_slug: ClassVar[str] = "bulkhead-webhook-channel"
    _documentation_url: ClassVar[HttpUrl | None] = HttpUrl("https://www.standardwebhooks.com/")

    orgs: list[str] = Field(description="Aliases of the orgs whose alerts go here.")
    secret: str = Field(description="Name of the secret that holds the address and the signing key.")
