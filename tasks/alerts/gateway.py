"""Delivery: Slack by slack-sdk, PagerDuty by its Events API v2, mail by SMTP."""

import smtplib
import ssl
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Any

import requests
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from tasks.alerts.model import Letter, Severity
from tasks.errors import AlertUndelivered
from tasks.estate.model import AlertChannel, ChannelKind

PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"
_SECONDS = 15
_SIGNS = {
    Severity.INFO: ":information_source:",
    Severity.WARNING: ":warning:",
    Severity.ERROR: ":rotating_light:",
    Severity.CRITICAL: ":rotating_light:",
}


def deliver(letter: Letter, channel: AlertChannel, secret: dict[str, Any]) -> None:
    """Raises AlertUndelivered, which names the channel and never its address."""
    by_kind = {ChannelKind.SLACK: _slack, ChannelKind.PAGERDUTY: _pagerduty, ChannelKind.EMAIL: _mail}
    try:
        by_kind[channel.kind](letter, channel, secret)
    except KeyError as error:
        raise AlertUndelivered(
            f"The secret {channel.secret} of the channel {channel.name} lacks {error}. Complete it."
        ) from None
    except (requests.RequestException, SlackClientError, smtplib.SMTPException, OSError, ValueError) as error:
        raise AlertUndelivered(
            f"The channel {channel.name} did not take an alert ({type(error).__name__}). It is tried again; look at its "
            "secret, the proxy and the CA bundle."
        ) from None


def words(letter: Letter) -> str:
    alert = letter.alert
    head = f"{'Resolved: ' if letter.resolved else ''}{alert.title} [{alert.org}]"
    parts = [
        head,
        alert.detail,
        f"Next: {alert.next_step}" if alert.next_step and not letter.resolved else "",
    ]
    return "\n".join(part for part in parts if part)


def _slack(letter: Letter, channel: AlertChannel, secret: dict[str, Any]) -> None:
    client = WebhookClient(
        secret["url"], timeout=_SECONDS, ssl=_trust(channel), proxy=channel.proxy, default_headers={}
    )
    # Without a proxy of ours it would take one from the environment.
    client.proxy = channel.proxy
    sign = ":white_check_mark:" if letter.resolved else _SIGNS[letter.alert.severity]
    text = words(letter)
    section = {"type": "section", "text": {"type": "mrkdwn", "text": f"{sign} {_escaped(text)}"}}
    answer = client.send(text=text, blocks=[section])
    if answer.status_code != 200:
        raise ValueError(answer.status_code)


def _escaped(text: str) -> str:
    """Slack reads these three (formatting text for app surfaces)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _pagerduty(letter: Letter, channel: AlertChannel, secret: dict[str, Any]) -> None:
    alert = letter.alert
    event: dict[str, Any] = {
        "routing_key": secret["routingKey"],
        "event_action": "resolve" if letter.resolved else "trigger",
        "dedup_key": letter.id,
    }
    if not letter.resolved:
        event["payload"] = {
            "summary": f"{alert.title} [{alert.org}]",
            "source": alert.org,
            "severity": alert.severity.value,
            "timestamp": letter.at.isoformat(),
            "custom_details": {"detail": alert.detail, "next_step": alert.next_step, "key": alert.key},
        }
    with requests.Session() as session:
        session.trust_env = False
        if channel.proxy:
            session.proxies = {"https": channel.proxy}
        answer = session.post(PAGERDUTY, json=event, timeout=_SECONDS, verify=channel.ca_bundle or True)
    answer.raise_for_status()


def _mail(letter: Letter, channel: AlertChannel, secret: dict[str, Any]) -> None:
    mail = EmailMessage()
    mail["Subject"] = words(letter).partition("\n")[0]
    mail["From"], mail["To"] = secret["from"], secret["to"]
    # One thread for an alert and its end, in every mail program.
    mail["Message-ID" if not letter.resolved else "In-Reply-To"] = f"<{letter.id}@bulkhead>"
    mail.set_content(words(letter))
    host, _, port = (channel.relay or f"{secret['host']}:{secret.get('port', 587)}").rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=_SECONDS) as server:
        # Before this it is not known what the server can.
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=_trust(channel))
            if secret.get("username"):
                server.login(secret["username"], secret["password"])
        elif channel.relay is None or not _stays_here(server):
            raise AlertUndelivered(
                f"The channel {channel.name} did not take an alert: its mail server offers no STARTTLS, and mail does not "
                "go in clear. Turn it on there, or name a relay on this machine."
            )
        server.send_message(mail)


def _stays_here(server: smtplib.SMTP) -> bool:
    return server.sock is not None and ip_address(server.sock.getpeername()[0]).is_loopback


def _trust(channel: AlertChannel) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=channel.ca_bundle)
