"""Certificates that were revoked, with the number of their list."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import JsonValue

from tasks.certificates.ledger_gateway import CertificateBook
from tasks.certificates.model import Revocation
from tasks.ledger.store import Ledger

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def write(ledger: Ledger) -> None:
    revoked = [
        Revocation(
            route="HQ_to_EMEA", fingerprint=f"{serial:064x}", serial=str(serial), ends=AT.replace(year=2027)
        )
        for serial in (4711, 4712)
    ]
    CertificateBook(ledger).list_anew(_nowhere, lambda: AT, revoked)


def _nowhere(_serials: Mapping[int, datetime], _number: int, _at: datetime) -> None:
    """Nobody fetches the list of a store that is only kept."""


def read(ledger: Ledger) -> JsonValue:
    published: dict[str, JsonValue] = {}

    def put(serials: Mapping[int, datetime], number: int, _at: datetime) -> None:
        published["serials"] = {str(serial): at.isoformat() for serial, at in sorted(serials.items())}
        published["number"] = number

    CertificateBook(ledger).list_anew(put, lambda: AT)
    return published
