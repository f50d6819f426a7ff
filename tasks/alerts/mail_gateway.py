"""Alerts by mail: SMTP with STARTTLS, in clear only over a relay of this machine."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from ipaddress import ip_address
from typing import Any

from tasks.alerts.model import Digest, Message, Telling
from tasks.alerts.words import plain, subject
from tasks.errors import AlertUndelivered
from tasks.estate.model import AlertChannel


def send_mail(message: Message, channel: AlertChannel, secret: dict[str, Any], seconds: float) -> None:
    """Raises AlertUndelivered, and KeyError and ValueError for a secret that is not as it should be."""
    mail = mail_of(message, secret["from"], secret["to"])
    host, _, port = (channel.relay or f"{secret['host']}:{secret.get('port', 587)}").rpartition(":")
    sent = taken = False
    try:
        with smtplib.SMTP(host, int(port), timeout=seconds) as server:
            _secured(server, channel, secret)
            _addressed(server, secret["from"], [address for _, address in getaddresses([secret["to"]])])
            sent = True
            code, answer = server.data(mail.as_bytes(policy=SMTP))
            sent = False
            if code >= 400:
                raise smtplib.SMTPDataError(code, answer)
            taken = True
    except (smtplib.SMTPException, OSError) as error:
        # A farewell that goes wrong takes nothing back.
        if not taken:
            answered = isinstance(error, smtplib.SMTPResponseException)
            raise _untaken(channel, error, doubtful=sent and not answered) from None


def mail_of(message: Message, sender: str, recipient: str) -> EmailMessage:
    """One thread for an alert and all that becomes of it; the same message sent again has the same id."""
    mail = EmailMessage()
    mail["Subject"] = subject(message)
    mail["From"], mail["To"] = sender, recipient
    if isinstance(message, Digest):
        mail["Message-ID"] = f"<digest.{message.letters[0].id}.{message.at:%Y%m%d%H%M%S}@bulkhead>"
    elif message.what is Telling.OPENED:
        mail["Message-ID"] = f"<{message.id}@bulkhead>"
    else:
        mail["Message-ID"] = f"<{message.id}.{message.what}.{message.revision}@bulkhead>"
        mail["In-Reply-To"] = mail["References"] = f"<{message.id}@bulkhead>"
    # Servers without 8BITMIME take it, too.
    mail.set_content(plain(message), cte="quoted-printable")
    return mail


def _addressed(server: smtplib.SMTP, sender: str, recipients: list[str]) -> None:
    """One recipient that is taken is enough: the others cannot be told by trying again."""
    code, answer = server.mail(sender)
    if code >= 400:
        raise smtplib.SMTPSenderRefused(code, answer, sender)
    refused = {each: said for each in recipients if (said := server.rcpt(each))[0] >= 400}
    if len(refused) == len(recipients):
        raise smtplib.SMTPRecipientsRefused(refused)


def _secured(server: smtplib.SMTP, channel: AlertChannel, secret: dict[str, Any]) -> None:
    # Before this it is not known what the server can.
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context(cafile=channel.ca_bundle))
        server.ehlo()
        if secret.get("username"):
            server.login(secret["username"], secret["password"])
    elif channel.relay is None or not _stays_here(server):
        raise AlertUndelivered(
            f"The channel {channel.name} did not take an alert: its mail server offers no STARTTLS, and mail does not "
            "go in clear. Turn it on there, or name a relay on this machine."
        )


def _stays_here(server: smtplib.SMTP) -> bool:
    return server.sock is not None and ip_address(server.sock.getpeername()[0]).is_loopback


def _untaken(channel: AlertChannel, error: Exception, *, doubtful: bool) -> AlertUndelivered:
    return AlertUndelivered(
        f"The channel {channel.name} did not take an alert ({type(error).__name__}). It is tried again; look at its secret, the "
        "mail server and the CA bundle.",
        doubtful=doubtful,
    )
