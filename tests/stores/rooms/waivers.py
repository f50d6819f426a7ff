"""A waiver that two assessments leaned on."""

from datetime import UTC, date, datetime, timedelta

from pydantic import JsonValue

from tasks.audit.ledger_gateway import WaiverBook
from tasks.audit.model import WaiverState, WaiverUse
from tasks.estate.policy import Waiver
from tasks.ledger.store import Ledger

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
WAIVER = Waiver(
    control="ZT-03",
    org="emea",
    resource="user:sync@emea.example",
    reason="the vendor changes it in spring",
    owner="ada@acme.example",
    expires=date(2027, 3, 31),
)


def use() -> WaiverUse:
    return WaiverUse(waiver=WAIVER, state=WaiverState.USED, resources=("user:sync@emea.example",))


def write(ledger: Ledger) -> None:
    for weeks in (0, 1):
        WaiverBook(ledger, "5" * 64).note([use()], AT + timedelta(weeks=weeks))


def read(ledger: Ledger) -> JsonValue:
    """How often it was used, as the next assessment says it, which is noted here too."""
    (counted,) = WaiverBook(ledger, "5" * 64).note([use()], AT + timedelta(weeks=2))
    return {"times": counted.times, "key": counted.key}
