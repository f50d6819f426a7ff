"""A user who is contained: one step taken and read back, one that waits for a person."""

from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from tasks.ledger.store import Ledger
from tasks.plans.model import Resource, ResourceKind
from tasks.response.ledger_gateway import ResponseBook
from tasks.response.model import Containment, Facts, Recent

AT = datetime(2026, 11, 20, 14, tzinfo=UTC)
FACTS = Facts.model_validate(
    {
        "org": "emea",
        "username": "sync@emea.example",
        "route": "HQ_to_EMEA",
        "detection": "volume-over-baseline",
        "severity": "critical",
        "at": AT,
    }
)


def decided(name: str, _recent: Recent) -> Containment:
    sign_in = Resource(org="emea", kind=ResourceKind.SIGN_IN, key="sync@emea.example")
    assignment = Resource(org="emea", kind=ResourceKind.ASSIGNMENT, key="sync@emea.example/Sync_Account")
    return Containment.model_validate(
        {
            "id": name,
            "facts": FACTS,
            "rung": "route",
            "steps": steps(sign_in, assignment),
            "waiting": [2],
            "needed": 1,
            "users": ["sync@emea.example"],
            "routes": ["HQ_to_EMEA"],
            "at": AT,
            "undo_after": timedelta(hours=8),
        }
    )


def steps(sign_in: Resource, assignment: Resource) -> list[dict[str, object]]:
    taken = {"rung": "route", "deed": "take", "org": "emea"}
    return [
        {
            **taken,
            "number": 1,
            "what": "freezes the user",
            "resource": sign_in,
            "before": {"on": True},
            "after": {"on": False},
        },
        {
            **taken,
            "number": 2,
            "what": "takes the assignment",
            "resource": assignment,
            "before": {"expires": None},
        },
    ]


def write(ledger: Ledger) -> None:
    book = ResponseBook(ledger, "detections", "5" * 64)
    name = book.decide(FACTS, AT, decided).containment.id
    page = book.page(name)
    page.begin(1)
    page.taken(1)
    ResponseBook(ledger, "bob", "5" * 64).agree(name, "the owner confirms it")


def read(ledger: Ledger) -> JsonValue:
    return {
        each.containment.id: each.model_dump(mode="json") for each in ResponseBook(ledger, "reader").all()
    }
