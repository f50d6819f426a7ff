"""Delivery: Slack by slack-sdk, PagerDuty by its Events API v2, mail by SMTP, and signed webhooks."""

import http.client
import json
import ssl
from datetime import datetime, timedelta
from typing import Any
from urllib.error import URLError

import requests
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from tasks.alerts.mail_gateway import send_mail
from tasks.alerts.model import Digest, Letter, Message
from tasks.alerts.pagerduty import pagerduty_event
from tasks.alerts.signed import key_of, signed_headers, webhook_body
from tasks.alerts.slack import slack_message
from tasks.errors import AlertUndelivered
from tasks.estate.model import AlertChannel, ChannelKind

PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"
_SECONDS = 15
_THIS_ONE = frozenset({400, 413, 422})
"""Answers that take exception to one message."""


def deliver(message: Message, channel: AlertChannel, secret: dict[str, Any], now: datetime) -> None:
    """
    `now` is real time, which webhooks are signed with. Raises AlertUndelivered, which names the channel and never its address.

    An answer that is no success is a no, however late a gateway gives it; doubtful is only what was sent whole and never
    answered.
    """
    try:
        match channel.kind:
            case ChannelKind.SLACK:
                _slack(message, channel, secret)
            case ChannelKind.EMAIL:
                send_mail(message, channel, secret, _SECONDS)
            case ChannelKind.PAGERDUTY:
                for each in _single(message):
                    event = json.dumps(pagerduty_event(each, secret["routingKey"])).encode()
                    _post(channel, PAGERDUTY, event, {})
            case ChannelKind.WEBHOOK:
                key = key_of(secret["key"])
                for each in _single(message):
                    body = json.dumps(webhook_body(each)).encode()
                    _post(channel, secret["url"], body, signed_headers(each.unique, body, key, now))
    except KeyError as error:
        raise AlertUndelivered(
            f"The secret {channel.secret} of the channel {channel.name} lacks {error}. Complete it."
        ) from None
    except ValueError as error:
        raise _undelivered(channel, type(error).__name__) from None


def _single(message: Message) -> tuple[Letter, ...]:
    return message.letters if isinstance(message, Digest) else (message,)


def _slack(message: Message, channel: AlertChannel, secret: dict[str, Any]) -> None:
    # Handlers of its own would send again after a reset connection, and so say it twice.
    client = WebhookClient(secret["url"], timeout=_SECONDS, ssl=_trust(channel), retry_handlers=[])
    # Without a proxy of ours it would take one from the environment.
    client.proxy = channel.proxy
    made = slack_message(message)
    try:
        answer = client.send(text=made["text"], blocks=made["blocks"])
    except (SlackClientError, URLError) as error:
        # urllib names so what happened before all was sent.
        raise _undelivered(channel, type(error).__name__) from None
    except (OSError, http.client.HTTPException) as error:
        raise _undelivered(channel, type(error).__name__, doubtful=True) from None
    if answer.status_code != requests.codes.ok:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        raise _answered(channel, answer.status_code, headers.get("retry-after"))


def _post(channel: AlertChannel, url: str, body: bytes, headers: dict[str, str]) -> None:
    try:
        with requests.Session() as session:
            session.trust_env = False
            if channel.proxy:
                session.proxies = {"https": channel.proxy}
            answer = session.post(
                url,
                data=body,
                headers={"Content-Type": "application/json", **headers},
                timeout=_SECONDS,
                verify=channel.ca_bundle or True,
                allow_redirects=False,
            )
    except (requests.RequestException, OSError) as error:
        raise _undelivered(channel, type(error).__name__, doubtful=True) from None
    if not 200 <= answer.status_code < 300:
        raise _answered(channel, answer.status_code, answer.headers.get("Retry-After"))


def _answered(channel: AlertChannel, status: int, retry_after: str | None) -> AlertUndelivered:
    wait = timedelta(seconds=int(retry_after)) if retry_after and retry_after.isdecimal() else None
    return _undelivered(channel, f"HTTP {status}", refused=status in _THIS_ONE, retry_after=wait)


def _undelivered(channel: AlertChannel, why: str, **more: Any) -> AlertUndelivered:
    return AlertUndelivered(
        f"The channel {channel.name} did not take an alert ({why}). It is tried again; look at its secret, the proxy and the CA "
        "bundle.",
        **more,
    )


def _trust(channel: AlertChannel) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=channel.ca_bundle)
