"""How far an org was judged, whom to contain, and what somebody said of an alert."""

from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from tasks.anomalies.model_live import Feedback, Wanted
from tasks.anomalies.state_ledger_gateway import AnomalyBook, FeedbackBook, LookBook
from tasks.ledger.store import Ledger
from tests.stores.rooms.response import FACTS

AT = datetime(2026, 11, 20, 15, tzinfo=UTC)


def write(ledger: Ledger) -> None:
    book = AnomalyBook(ledger, "emea", "live")
    book.remember({}, (), {"emea": AT})
    book.want(Wanted(facts=FACTS, actor="005000000000001AAA", because=("volume-over-baseline",)))
    LookBook(ledger, "live").looked(["emea"], AT)
    said = Feedback.model_validate(
        {
            "detection": "volume-over-baseline",
            "org": "emea",
            "actor": "005000000000001AAA",
            "verdict": "false alarm",
            "at": AT,
            "until": AT + timedelta(days=30),
        }
    )
    FeedbackBook(ledger, "bob", "5" * 64).note(said, "volume:emea", "a migration")


def read(ledger: Ledger) -> JsonValue:
    book = AnomalyBook(ledger, "emea", "live")
    return {
        "until": {org: at.isoformat() for org, at in book.last().items()},
        "looks": {org: at.isoformat() for org, at in LookBook(ledger, "live").last().items()},
        "wanted": {
            actor: [wanted.model_dump(mode="json"), outcome]
            for actor, (wanted, outcome) in book.wanted().items()
        },
        "feedback": [each.model_dump(mode="json") for each in FeedbackBook(ledger).all(AT)],
    }
