"""What was registered last."""

from pydantic import JsonValue

from tasks.ledger.registration import note_registration, unregistered
from tasks.ledger.store import Ledger

ESTATE, POLICY = "e" * 64, "5" * 64


def write(ledger: Ledger) -> None:
    note_registration(ledger, "0" * 64, POLICY)
    note_registration(ledger, ESTATE, POLICY)


def read(ledger: Ledger) -> JsonValue:
    return {
        "right": unregistered(ledger, ESTATE, POLICY) is None,
        "another": unregistered(ledger, ESTATE, "6" * 64) is None,
    }
