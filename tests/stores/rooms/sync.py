"""Where a route is: its cursor within a window, what it carried lately, and a record in quarantine."""

from datetime import UTC, datetime

from pydantic import JsonValue

from tasks.ledger.store import Ledger
from tasks.sync.model import Batch, Counts, Cursor, Held, Position
from tasks.sync.state_ledger_gateway import RouteState

ROUTE = "HQ_to_EMEA"
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
STAMP = "2026-11-20T11:59:00.000+0000"
CARRIED = {"001000000000001AAA": STAMP, "001000000000002AAA": STAMP}
HELD = Held(id="001000000000003AAA", code="REQUIRED_FIELD_MISSING", fields=("Phone",), stamp=STAMP, since=AT)


def write(ledger: Ledger) -> None:
    state = RouteState(ledger, ROUTE, "sync-route", "5" * 64)
    cursor = Cursor(carried=AT.replace(hour=11), until=AT, after=Position(stamp=STAMP, id=HELD.id), batches=1)
    batch = Batch(
        number=1,
        path="collections",
        counts=Counts(read=3, sent=2, held=1, verified=2),
        checksum="c" * 64,
        last=False,
    )
    state.put(cursor)
    state.verified(batch, cursor, CARRIED, None, [HELD], [])


def read(ledger: Ledger) -> JsonValue:
    state = RouteState(ledger, ROUTE, "reader")
    return {
        "cursor": state.cursor().model_dump(mode="json"),
        "carried": {**carried(state)},
        "quarantine": {name: held.model_dump(mode="json") for name, held in state.quarantine().items()},
    }


def carried(state: RouteState) -> dict[str, str]:
    return state.carried(CARRIED)
