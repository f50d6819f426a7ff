"""
Hands on orders of restore drills: a plan says which backup goes into which sandbox, the ledger keeps the order, and the drill
carries it out. So what was approved is on record before the first record is written, and a killed run loses nothing.
"""

from collections.abc import Sequence

from tasks.backups.model import DrillOrder
from tasks.backups.orders import order_note, subject_of, told
from tasks.ledger.model import EntryKind, Note
from tasks.orgs import open_ledger
from tasks.plans.model import Change, Resource, State
from tasks.salesforce.writing import RecordResult, WritingSession

_ACTOR = "apply-plan"


def read_drill_orders(session: WritingSession, resources: Sequence[Resource]) -> dict[Resource, State]:
    """What stands, by the ledger alone. Raises LedgerUnavailable."""
    found: dict[Resource, State] = {}
    with open_ledger() as ledger:
        for resource in resources:
            entries = ledger.entries(EntryKind.EVIDENCE, subject=subject_of(resource.org))
            stands = told((entry.body for entry in entries), resource.key).stands
            if stands is not None:
                found[resource] = stands.model_dump(mode="json")
    return found


def order_drills(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """Notes orders, and takes back those that nothing was done about; no org is touched here. One result per change."""
    results = []
    with open_ledger() as ledger:
        for change in changes:
            target, org = change.resource.org, change.resource.key
            with ledger.exclusive() as pages:
                entries = pages.entries((EntryKind.EVIDENCE,), subject_of(target))
                known = told((entry.body for entry in entries), org)
                wanted = None if change.after is None else DrillOrder.model_validate(change.after)
                if (wanted is None or wanted.order <= known.last) and known.open is None:
                    results.append(RecordResult(id=None, code="DRILL_IS_OVER"))
                    continue
                body = order_note(org, wanted)
                pages.append(
                    Note(kind=EntryKind.EVIDENCE, subject=subject_of(target), actor=_ACTOR, body=body)
                )
                results.append(RecordResult(id=None))
    return results
