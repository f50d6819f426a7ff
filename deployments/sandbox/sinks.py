"""Slack, PagerDuty and SMTP that keep what they receive instead of passing it on."""

import asyncio
import email
import json
from datetime import UTC, datetime
from email.message import Message
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from deployments.sandbox.faults import Faults
from deployments.sandbox.wire import Reply, Request, json_reply

SLACK_HOST = "hooks.slack.com"
PAGERDUTY_HOST = "events.pagerduty.com"


class Sinks:
    """What each sink received, oldest first: parsed bodies of requests, or mails as headers and text."""

    def __init__(self) -> None:
        self.received: dict[str, list[dict[str, Any]]] = {"slack": [], "pagerduty": [], "smtp": []}
        self.faults = Faults()

    def clear(self) -> None:
        for messages in self.received.values():
            messages.clear()

    def answer(self, request: Request) -> Reply:
        """Answers as the real service does to a good or a malformed message."""
        if request.host == SLACK_HOST:
            return self._slack(request)
        return self._pagerduty(request)

    def _slack(self, request: Request) -> Reply:
        request.notes["org"] = "slack"
        if request.method != "POST" or not request.path.startswith("/services/"):
            return Reply(404, b"no_service", "text/plain")
        document = _object(request.form.get("payload", "").encode() or request.body)
        if document is None or not (
            document.get("text") or document.get("blocks") or document.get("attachments")
        ):
            return Reply(400, b"invalid_payload" if document is None else b"no_text", "text/plain")
        self.received["slack"].append({"path": request.path, "body": document})
        return Reply(200, b"ok", "text/plain")

    def _pagerduty(self, request: Request) -> Reply:
        request.notes["org"] = "pagerduty"
        if request.method != "POST" or request.path.rstrip("/") != "/v2/enqueue":
            return json_reply(404, {"status": "not found"})
        document = _object(request.body)
        missing = [name for name in ("routing_key", "event_action") if not (document or {}).get(name)]
        if document is None or missing:
            errors = [f"'{name}' is missing or blank" for name in missing]
            return json_reply(
                400, {"status": "invalid event", "message": "Event object is invalid", "errors": errors}
            )
        key = document.get("dedup_key") or f"estate-{len(self.received['pagerduty']) + 1:06d}"
        self.received["pagerduty"].append({"path": request.path, "body": document})
        return json_reply(202, {"status": "success", "message": "Event processed", "dedup_key": key})

    async def handle_DATA(  # noqa: N802  aiosmtpd calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.faults.take("mail", "smtp", "DATA", "", datetime.now(UTC)) is not None:
            return "451 4.3.0 Temporary failure, please try again later"
        content = envelope.content or b""
        mail = email.message_from_bytes(content if isinstance(content, bytes) else content.encode())
        self.received["smtp"].append(
            {
                "from": envelope.mail_from,
                "to": list(envelope.rcpt_tos),
                "subject": str(mail["Subject"] or ""),
                "text": _text(mail),
            }
        )
        return "250 Message accepted for delivery"


async def open_smtp(sinks: Sinks) -> asyncio.Server:
    """An SMTP server on a free loopback port, in the running loop."""
    return await asyncio.get_running_loop().create_server(
        lambda: SMTP(sinks, hostname="estate.invalid", decode_data=False), "127.0.0.1", 0
    )


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _text(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(payload)
    return ""
