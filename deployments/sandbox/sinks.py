"""Slack, PagerDuty, SMTP, a webhook, Splunk and syslog that keep what they receive instead of passing it on."""

import asyncio
import email
import json
import ssl
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from deployments.sandbox.faults import Faults
from deployments.sandbox.wire import Reply, Request, json_reply

SLACK_HOST = "hooks.slack.com"
PAGERDUTY_HOST = "events.pagerduty.com"
WEBHOOK_HOST = "cases.meridian.example"
SPLUNK_HOST, SPLUNK_PORT = "splunk.meridian.example", 8088
SYSLOG_HOST, SYSLOG_PORT = "siem.meridian.example", 6514
WEB_HOSTS = (SLACK_HOST, PAGERDUTY_HOST, WEBHOOK_HOST, SPLUNK_HOST)
LONGEST_MESSAGE = 1 << 20


class Sinks:
    """What each sink received, oldest first: parsed bodies of requests, or mails as headers and text."""

    def __init__(self) -> None:
        kinds = ("slack", "pagerduty", "smtp", "webhook", "splunk", "syslog")
        self.received: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
        self.faults = Faults()

    def clear(self) -> None:
        for messages in self.received.values():
            messages.clear()

    def answer(self, request: Request) -> Reply:
        """Answers as the real service does to a good or a malformed message."""
        by_host = {SLACK_HOST: self._slack, WEBHOOK_HOST: self._webhook, SPLUNK_HOST: self._splunk}
        return by_host.get(request.host, self._pagerduty)(request)

    def _webhook(self, request: Request) -> Reply:
        """Keeps the body as it came, with the headers that sign it: whether it is genuine is for the reader to find out."""
        request.notes["org"] = "webhook"
        if request.method != "POST":
            return json_reply(405, {"error": "only POST is taken here"})
        signed = {name: value for name, value in request.headers.items() if name.startswith("webhook-")}
        self.received["webhook"].append(
            {"path": request.path, "headers": signed, "body": request.body.decode("utf-8", "replace")}
        )
        return Reply(204)

    def _splunk(self, request: Request) -> Reply:
        """As HTTP Event Collector answers: its codes 2, 5, 6 and 0 (Splunk, Troubleshoot HTTP Event Collector)."""
        request.notes["org"] = "splunk"
        if request.method != "POST" or request.path.rstrip("/") not in (
            "/services/collector",
            "/services/collector/event",
        ):
            return json_reply(404, {"text": "The requested URL was not found on this server.", "code": 404})
        if not request.headers.get("authorization", "").startswith("Splunk "):
            return json_reply(401, {"text": "Token is required", "code": 2})
        decoder, text, events = json.JSONDecoder(), request.body.decode("utf-8", "replace").strip(), []
        while text:
            try:
                document, end = decoder.raw_decode(text)
            except ValueError:
                return json_reply(400, {"text": "Invalid data format", "code": 6})
            events.append(document)
            text = text[end:].lstrip()
        if not events or not all(isinstance(each, dict) and each.get("event") for each in events):
            return json_reply(400, {"text": "No data", "code": 5})
        self.received["splunk"] += events
        return json_reply(200, {"text": "Success", "code": 0})

    async def read_syslog(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Messages with their length before them (RFC 5425 section 4.3.1); what is none ends the connection."""
        try:
            while length := (await reader.readuntil(b" ")).strip():
                if not length.isdigit() or int(length) > LONGEST_MESSAGE:
                    break
                message = await reader.readexactly(int(length))
                self.received["syslog"].append({"message": message.decode("utf-8", "replace")})
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass
        finally:
            writer.close()

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


async def open_syslog(sinks: Sinks, certificate: Path, key: Path) -> asyncio.Server:
    """A syslog receiver over TLS on a free loopback port, in the running loop."""
    trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trust.load_cert_chain(certificate, key)
    return await asyncio.start_server(sinks.read_syslog, "127.0.0.1", 0, ssl=trust)


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
