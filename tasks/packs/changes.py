"""Changes of a quarter with their approvals and what became of them, from the ledger alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from tasks.ledger.chain import canonical
from tasks.ledger.model import Entry, EntryKind
from tasks.packs.model import ChangeStory, Quarter, Yes
from tasks.plans.model import Approval, Change, Plan, State


@dataclass
class _Past:
    """What the ledger says of one plan until the quarter ends; moments are the last of each change."""

    plan: Plan
    planned: datetime
    approvals: list[Yes] = field(default_factory=list)
    attempted: dict[int, datetime] = field(default_factory=dict)
    verified: dict[int, datetime] = field(default_factory=dict)
    stopped: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """By control; `unread` are plans that could not be read, in words."""

    by_control: dict[str, list[ChangeStory]]
    unread: tuple[str, ...]

    def of(self, control: str) -> tuple[ChangeStory, ...]:
        return tuple(self.by_control.get(control, ()))


def changes_of(entries: Sequence[Entry], quarter: Quarter) -> Changes:
    """Of every plan that was made, sent or verified within the quarter; what came after it is left out."""
    pasts: dict[str, _Past] = {}
    unread = []
    for entry in entries:
        if entry.at >= quarter.until:
            break
        if entry.kind is EntryKind.PLAN:
            try:
                plan = Plan.model_validate(entry.body["plan"])
            except (ValidationError, KeyError):
                unread.append(f"The plan {entry.subject[:12]} is of a version that cannot be read any more.")
                continue
            pasts.setdefault(entry.subject, _Past(plan=plan, planned=entry.at))
        elif (past := pasts.get(entry.subject)) is not None:
            _heard(past, entry)
    found: dict[str, list[ChangeStory]] = {}
    for name, past in pasts.items():
        for change in past.plan.changes:
            moments = (past.planned, past.attempted.get(change.number), past.verified.get(change.number))
            if any(at is not None and quarter.holds(at) for at in moments):
                found.setdefault(change.control, []).append(_story(name, past, change))
    return Changes(by_control=found, unread=tuple(unread))


def _heard(past: _Past, entry: Entry) -> None:
    match entry.kind:
        case EntryKind.APPROVAL:
            given = Approval.model_validate(entry.body["approval"])
            signed = isinstance(entry.body.get("signature"), str)
            yes = Yes(approver=given.approver, at=entry.at, signed=signed, emergency=given.emergency)
            past.approvals.append(yes)
        case EntryKind.ATTEMPT:
            past.attempted.update(dict.fromkeys(_numbers(entry), entry.at))
            for number in _numbers(entry):
                past.stopped.pop(number, None)
        case EntryKind.VERIFICATION:
            past.verified.update(dict.fromkeys(_numbers(entry), entry.at))
        case EntryKind.STOP:
            past.stopped.update(dict.fromkeys(_numbers(entry), str(entry.body.get("reason", ""))))
        case _:
            pass


def _story(name: str, past: _Past, change: Change) -> ChangeStory:
    verified = past.verified.get(change.number)
    return ChangeStory(
        plan=name,
        title=past.plan.title,
        number=change.number,
        org=change.resource.org,
        resource=f"{change.resource.kind.value} {change.resource.key}",
        why=change.why,
        effect=change.effect,
        before=_words(change.before),
        after=_words(change.after),
        requester=past.plan.requester,
        approvals=tuple(past.approvals),
        attempted=past.attempted.get(change.number),
        verified=verified,
        stopped="" if verified is not None else past.stopped.get(change.number, ""),
        undoes=past.plan.undoes or "",
    )


def _words(state: State | None) -> str:
    return "not there" if state is None else canonical(state).decode()


def _numbers(entry: Entry) -> list[int]:
    listed = entry.body.get("numbers", [])
    return [int(str(number)) for number in listed] if isinstance(listed, list) else []
