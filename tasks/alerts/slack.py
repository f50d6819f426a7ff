"""Alerts as Slack's Block Kit. Limits: api.slack.com/reference/block-kit/blocks (header 150, section 3,000, button 75)."""

from typing import Any

from tasks.alerts.model import Digest, Letter, Message
from tasks.alerts.words import digest_lines, head, lines, links

_HEADER, _SECTION = 150, 3_000


def slack_message(message: Message) -> dict[str, Any]:
    """`text` is what notifications and screen readers show, `blocks` what the channel does."""
    text = head(message)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(text, _HEADER), "emoji": True}}
    ]
    if isinstance(message, Digest):
        blocks.append(_section("\n".join(escaped(line) for line in digest_lines(message))))
        return {"text": escaped(text), "blocks": blocks}
    if said := lines(message):
        blocks.append(_section("\n".join(_line(label, value) for label, value in said)))
    if buttons := links(message.alert):
        elements = [
            {"type": "button", "text": {"type": "plain_text", "text": link.label}, "url": link.url}
            for link in buttons
        ]
        blocks.append({"type": "actions", "elements": elements})
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": _tail(message)}]})
    return {"text": escaped(text), "blocks": blocks}


def escaped(text: str) -> str:
    """Slack reads these three: without it a name such as <!channel> would call everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _line(label: str, value: str) -> str:
    return f"*{label}:* {escaped(value)}" if label else escaped(value)


def _tail(letter: Letter) -> str:
    alert = letter.alert
    return escaped(f"{alert.place} | {alert.severity} | alert {letter.id}")


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text, _SECTION)}}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
