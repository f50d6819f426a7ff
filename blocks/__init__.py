"""Prefect Blocks: how orgs, AWS and alert channels are reached. They hold names of secrets, never secrets."""

from blocks.channels import EmailChannel, PagerDutyChannel, SlackChannel, WebhookChannel
from blocks.estate import EstateDocument
from blocks.ledger import Ledger
from blocks.org import SalesforceOrg
from blocks.secrets import SecretStore

__all__ = [
    "EmailChannel",
    "EstateDocument",
    "Ledger",
    "PagerDutyChannel",
    "SalesforceOrg",
    "SecretStore",
    "SlackChannel",
    "WebhookChannel",
]
