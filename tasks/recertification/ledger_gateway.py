"""Rounds of questions in the ledger: what was asked of whom, who answered, and how each round ended."""

from datetime import datetime

from pydantic import JsonValue

from tasks.errors import ConfigurationError
from tasks.ledger.model import Entry, EntryKind, Note
from tasks.ledger.store import Ledger, Pages
from tasks.recertification.model import Access, Answer, Decision, Round
from tasks.recertification.rounds import find, refusal

PREFIX = "recertification:"
_ACTOR = "recertify-access"


class RoundBook:
    """The pages of the ledger that are about recertification."""

    def __init__(self, ledger: Ledger, policy: str = "") -> None:
        self._ledger = ledger
        self._policy = policy

    def rounds(self) -> list[Round]:
        """Oldest first. Raises LedgerUnavailable."""
        with self._ledger.read() as pages:
            return _rounds(pages)

    def ask(self, accesses: tuple[Access, ...], asked: datetime, due: datetime) -> Round:
        """Begins a round; while one is open, that one goes on."""
        with self._ledger.exclusive() as pages:
            known = _rounds(pages)
            if known and known[-1].closed is None:
                return known[-1]
            body: dict[str, JsonValue] = {
                "step": "asked",
                "asked": asked.isoformat(),
                "due": due.isoformat(),
                "accesses": [each.model_dump(mode="json") for each in accesses],
            }
            pages.append(self._note(f"{PREFIX}{asked:%Y%m%dT%H%M%SZ}", _ACTOR, body))
            return _rounds(pages)[-1]

    def answer(self, start: str, decision: Decision, person: str, reason: str) -> Access:
        """Judged and noted as one. Raises ConfigurationError when it does not count, or nothing is asked."""
        with self._ledger.exclusive() as pages:
            known = _rounds(pages)
            if not known:
                raise ConfigurationError("Nothing is asked yet. The flow recertify-access begins a round.")
            round_ = known[-1]
            access = find(round_, start)
            if why := refusal(round_, access, person, self._ledger.now()):
                raise ConfigurationError(f"{access.name}: {why}.")
            body: dict[str, JsonValue] = {
                "step": "answered",
                "access": access.id,
                "decision": decision.value,
                "reason": reason,
            }
            pages.append(self._note(f"{PREFIX}{round_.id}", person, body))
            return access

    def close(self, round_: Round, plan: str) -> Round:
        """Closed before, it stays as it was closed."""
        with self._ledger.exclusive() as pages:
            found = next(each for each in _rounds(pages) if each.id == round_.id)
            if found.closed is None:
                body: dict[str, JsonValue] = {
                    "step": "closed",
                    "plan": plan,
                    "confirmed": len(found.decided(Decision.CONFIRM)),
                    "dropped": len(found.decided(Decision.DROP)),
                    "unanswered": len(found.silent),
                }
                pages.append(self._note(f"{PREFIX}{round_.id}", _ACTOR, body))
            return next(each for each in _rounds(pages) if each.id == round_.id)

    def _note(self, subject: str, actor: str, body: dict[str, JsonValue]) -> Note:
        return Note(kind=EntryKind.EVIDENCE, subject=subject, actor=actor, body=body, policy=self._policy)


def _rounds(pages: Pages) -> list[Round]:
    found: dict[str, Round] = {}
    for entry in pages.entries((EntryKind.EVIDENCE,)):
        if not entry.subject.startswith(PREFIX):
            continue
        name = entry.subject.removeprefix(PREFIX)
        if entry.body.get("step") == "asked":
            said = {key: entry.body[key] for key in ("asked", "due", "accesses")}
            found[name] = Round.model_validate({"id": name, **said})
        elif name in found:
            found[name] = found[name].model_copy(update=_heard(found[name], entry))
    return list(found.values())


def _heard(round_: Round, entry: Entry) -> dict[str, object]:
    if entry.body.get("step") == "closed":
        return {"closed": entry.at, "plan": str(entry.body["plan"])}
    answer = Answer(
        access=str(entry.body["access"]),
        decision=Decision(str(entry.body["decision"])),
        person=entry.actor,
        reason=str(entry.body["reason"]),
        at=entry.at,
    )
    return {"answers": (*round_.answers, answer)}
