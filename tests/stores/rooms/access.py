"""Rights for hours: one that was ended and seen to be gone, one that goes on, one refused and one that waits."""

from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from tasks.access.ledger_gateway import GrantBook
from tasks.access.model import Place, Request
from tasks.errors import GrantRefused
from tasks.estate.model_access import JitPolicy
from tasks.ledger.store import Ledger

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
POLICY = JitPolicy(max_grant=timedelta(hours=4), break_glass=("break.glass@emea.example",))


def wish(number: int, username: str = "ops@emea.example") -> Request:
    return Request(
        place=Place(org="emea", username=username, permission_set=f"Data_Repair_{number}"),
        hours=2,
        reason="records of a failed import",
        requester="ada@acme.example",
        at=AT,
        ticket=f"OPS-{number}",
    )


def write(ledger: Ledger) -> None:
    book = GrantBook(ledger, "5" * 64)
    ended, active, refused, _ = (book.ask(wish(number)) for number in range(1, 5))
    book.approve(ended, "bob", POLICY, AT, known=True)
    book.end(ended, "ada@acme.example", AT + timedelta(minutes=30))
    book.revoked((ended,), AT + timedelta(minutes=31))
    book.approve(active, "bob", POLICY, AT, known=True)
    try:
        book.approve(refused, "ada@acme.example", POLICY, AT, known=True)
    except GrantRefused:
        return
    raise AssertionError("nobody approves their own")


def read(ledger: Ledger) -> JsonValue:
    now = AT + timedelta(hours=1)
    return {
        each.id: {"state": each.state(now).value, **each.model_dump(mode="json")}
        for each in GrantBook(ledger).all()
    }
