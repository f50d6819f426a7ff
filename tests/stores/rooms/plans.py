"""A plan approved, applied and watched, one that stopped, one that nobody has approved, and a halt that is over."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import JsonValue

from tasks.ledger.store import Ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Approval, Plan, Stopped
from tasks.plans.signature import sign

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
PEOPLE = {
    name: Ed25519PrivateKey.from_private_bytes(sha256(f"key of {name} in tests".encode()).digest())
    for name in ("bob", "carol")
}
CHANGES: tuple[dict[str, JsonValue], ...] = (
    {
        "resource": {"org": "emea", "kind": "permission-set", "key": "Sync_Account"},
        "before": None,
        "after": {"label": "Sync Account", "permissions": ["ApiEnabled"]},
        "kind": "widening",
        "control": "ZT-02",
    },
    {
        "resource": {"org": "emea", "kind": "object-permission", "key": "Sync_Account/Account"},
        "before": None,
        "after": {"read": True, "create": False, "edit": True, "delete": False, "view_all": False},
        "kind": "widening",
        "control": "ZT-02",
        "needs": [1],
    },
    {
        "resource": {"org": "emea", "kind": "assignment", "key": "sync@emea.example/Everything"},
        "before": {"expires": None},
        "after": None,
        "kind": "narrowing",
        "control": "ZT-03",
        "needs": [1, 2],
    },
)


def a_plan(title: str, made_at: datetime, changes: tuple[dict[str, JsonValue], ...] = CHANGES) -> Plan:
    return Plan.model_validate(
        {
            "job": "least-privilege",
            "title": title,
            "requester": "ada@acme.example",
            "made_at": made_at,
            "expires_at": made_at + timedelta(days=7),
            "policy_digest": "5" * 64,
            "changes": [
                {"number": number, "why": "its route needs no more", "effect": "sync@emea.example", **change}
                for number, change in enumerate(changes, 1)
            ],
            "watched": [
                {
                    "resource": {"org": "emea", "kind": "user", "key": "sync@emea.example"},
                    "state": {"profile": "Minimum Access"},
                }
            ],
            "keeps": ["reads Account"],
            "risks": ["a report that nobody named"],
        }
    )


def keys() -> dict[str, str]:
    return {
        name: key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        for name, key in PEOPLE.items()
    }


def write(ledger: Ledger) -> None:
    book = PlanBook(ledger, "ada@acme.example", "5" * 64)
    applied, stopped = a_plan("Less for sync users", AT), a_plan("Less for others", AT + timedelta(hours=1))
    name = book.keep(applied)
    for person, key in PEOPLE.items():
        yes = Approval(plan=name, approver=person, reason="reviewed with the owner", at=AT)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        book.approve(yes, sign(yes, private))
    journal = book.journal(name)
    watched(book, name)
    journal.attempted(applied.changes)
    journal.verified(applied.changes)
    other = book.keep(stopped)
    book.approve(Approval(plan=other, approver="bob", reason="an emergency", at=AT, emergency=True))
    half = book.journal(other)
    half.attempted(stopped.changes[:2])
    half.verified(stopped.changes[:1])
    half.stopped(Stopped(reason="the org refused it", numbers=(2,)))
    book.keep(a_plan("Nobody has read it yet", AT + timedelta(hours=2)))
    book.halt("an incident")
    book.resume("it is over")


def watched(book: PlanBook, name: str) -> None:
    """Its user is watched from before it is applied."""
    book.watch(name, "emea", ["sync@emea.example"], AT)


def read(ledger: Ledger) -> JsonValue:
    book = PlanBook(ledger, "reader")
    return {
        "plans": {
            each.digest: {
                "stage": each.stage.value,
                "reason": each.reason,
                "plan": each.plan.model_dump(mode="json"),
                "attempts": {
                    str(number): times
                    for number, times in book.journal(each.digest).history().attempts.items()
                },
                "verified": sorted(book.journal(each.digest).history().verified),
                "approvals": [yes.model_dump(mode="json") for yes in book.approvals(each.digest, keys())],
                **watches(book, each.digest),
            }
            for each in book.statuses()
        },
        "halted": book.halted(),
    }


def watches(book: PlanBook, name: str) -> dict[str, JsonValue]:
    return {"watches": [each.model_dump(mode="json") for each in book.watches(name)]}
