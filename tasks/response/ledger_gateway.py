"""Containments in the ledger: decided once, agreed to, each step noted before and after, given back, over."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from pydantic import JsonValue

from tasks.credentials.history import order_note, told
from tasks.credentials.model import Order
from tasks.errors import ConfigurationError, ContainmentRefused
from tasks.ledger.model import Entry, EntryKind, Note
from tasks.ledger.store import Ledger, Pages
from tasks.plans.gate import alike
from tasks.response.model import Containment, Facts, Recent, Standing, Trial
from tasks.response.plan import name_of

SHORTEST = 6
_KINDS = (EntryKind.RESPONSE,)
HOUR = timedelta(hours=1)


class ResponseBook:
    """The pages of the ledger that are about containments. `actor` is who is at work, as they say."""

    def __init__(self, ledger: Ledger, actor: str, policy: str = "") -> None:
        self._ledger = ledger
        self._actor = actor
        self._policy = policy

    def decide(self, facts: Facts, now: datetime, judge: Callable[[str, Recent], Containment]) -> Standing:
        """
        Decided before, nothing is decided again. Two at once are judged one after the other, so both count for the breakers.
        `now` is the org's own time.
        """
        name = name_of(facts)
        with self._ledger.exclusive() as pages:
            known = {each.containment.id: each for each in standings(pages.entries(_KINDS))}
            if name in known:
                return known[name]
            made = judge(name, recent(known.values(), facts.org, now))
            pages.append(self._note(name, {"event": "decided", "containment": made.model_dump(mode="json")}))
            return Standing(containment=made, requester=self._actor)

    def refused(self, facts: Facts, reason: str) -> None:
        self._ledger.append(
            self._note(
                name_of(facts), {"event": "refused", "facts": facts.model_dump(mode="json"), "reason": reason}
            )
        )

    def agree(self, name: str, reason: str, signature: str = "") -> Standing:
        """One person's yes to the steps that wait; the same person's counts once. Raises ContainmentRefused for who may not."""
        return self._say(name, "agreed", reason, signature)

    def ask_back(self, name: str, reason: str, signature: str = "") -> Standing:
        """One person's yes to giving back, as above."""
        return self._say(name, "asked", reason, signature)

    def begin_return(self, name: str, now: datetime, why: str) -> Standing:
        """From here on it is given back, and no step of it is taken any more."""
        return self._once(name, "returning", {"at": now.isoformat(), "why": why})

    def tried(self, name: str, trial: Trial) -> None:
        """The last trial of a credential counts; the same again is not noted."""
        with self._ledger.exclusive() as pages:
            known = {each.secret: each for each in _one(pages, name).trials}
            if known.get(trial.secret) != trial:
                pages.append(self._note(name, {"event": "tried", **trial.model_dump()}))

    def incident(self, name: str, report: str, plays: list[JsonValue]) -> None:
        """What came of the playbook, and the digest (SHA-256) of the report."""
        self._ledger.append(self._note(name, {"event": "incident", "report": report, "plays": plays}))

    def close(self, name: str, now: datetime, reason: str) -> Standing:
        """
        A person's word that nothing more is to be done about an incident; nothing is given back by that. The first one counts. Raises
        ContainmentRefused for the one contained, and before there is a report.
        """
        known = self.find(name)
        if alike(self._actor, known.containment.facts.username):
            raise ContainmentRefused(f"{self._actor} is the one contained. Ask somebody else.")
        if not known.reported:
            raise ContainmentRefused(f"The incident {name[:12]} has no report yet. Start incident first.")
        return self._once(name, "closed", {"at": now.isoformat(), "reason": reason})

    def find(self, start: str) -> Standing:
        """Raises ConfigurationError for none, several, or too few letters."""
        if len(start) < SHORTEST:
            raise ConfigurationError(f"A containment is named by at least {SHORTEST} letters of its id.")
        found = [each for each in self.all() if each.containment.id.startswith(start.lower())]
        if len(found) != 1:
            what = "There is no containment" if not found else "There are several containments"
            raise ConfigurationError(
                f"{what} whose id begins with {start}. The artifact of its run shows it."
            )
        return found[0]

    def all(self) -> list[Standing]:
        """In the order in which they were decided."""
        with self._ledger.read() as pages:
            return standings(pages.entries(_KINDS))

    def entries(self, name: str) -> list[Entry]:
        return self._ledger.entries(EntryKind.RESPONSE, subject=name)

    def page(self, name: str) -> "Page":
        return Page(self, self._ledger, name)

    def _say(self, name: str, event: str, reason: str, signature: str = "") -> Standing:
        with self._ledger.exclusive() as pages:
            known = _one(pages, name)
            said = known.agreed if event == "agreed" else known.asked
            barred = (known.containment.facts.username, *([known.requester] if event == "agreed" else []))
            if any(alike(self._actor, each) for each in barred if each):
                raise ContainmentRefused(
                    f"{self._actor} asked for it or is the one contained, so that yes does not count. Ask somebody else."
                )
            if not any(alike(self._actor, each) for each in said):
                signed: dict[str, JsonValue] = {"signature": signature} if signature else {}
                pages.append(self._note(name, {"event": event, "reason": reason, **signed}))
            return _one(pages, name)

    def _once(self, name: str, event: str, body: dict[str, JsonValue]) -> Standing:
        with self._ledger.exclusive() as pages:
            if not any(e.body["event"] == event for e in pages.entries(_KINDS, name)):
                pages.append(self._note(name, {"event": event, **body}))
            return _one(pages, name)

    def _note(self, name: str, body: dict[str, JsonValue]) -> Note:
        return Note(kind=EntryKind.RESPONSE, subject=name, actor=self._actor, body=body, policy=self._policy)


class Page:
    """One containment, as `carry` turns it over."""

    def __init__(self, book: ResponseBook, ledger: Ledger, name: str) -> None:
        self._book = book
        self._ledger = ledger
        self._name = name

    def standing(self) -> Standing:
        with self._ledger.read() as pages:
            return _one(pages, self._name)

    def begin(self, number: int) -> None:
        self._append({"event": "begin", "step": number})

    def taken(self, number: int) -> None:
        self._append({"event": "taken", "step": number})

    def giving(self, number: int) -> None:
        self._append({"event": "giving", "step": number})

    def given(self, number: int, kept: bool) -> None:
        self._append({"event": "given", "step": number, "kept": kept})

    def over(self, now: datetime) -> None:
        self._book._once(self._name, "over", {"at": now.isoformat()})

    def _append(self, body: dict[str, JsonValue]) -> None:
        self._ledger.append(self._book._note(self._name, body))


def order_rotation(ledger: Ledger, secret: str, name: str, now: datetime) -> None:
    """
    Notes an emergency for a credential, once for each containment. Where one is under way already, that one is enough.

    The rotation's own run carries it out.
    """
    actor = f"containment {name}"
    with ledger.exclusive() as pages:
        entries = list(pages.entries((EntryKind.ROTATION,), secret))
        history = told(secret, (entry.body for entry in entries))
        under_way = history.open is not None and history.open.order is Order.EMERGENCY
        if history.ordered is Order.EMERGENCY or under_way or any(e.actor == actor for e in entries):
            return
        pages.append(
            Note(kind=EntryKind.ROTATION, subject=secret, actor=actor, body=order_note(Order.EMERGENCY, now))
        )


def standings(entries: Iterable[Entry]) -> list[Standing]:
    found: dict[str, Standing] = {}
    for entry in entries:
        if entry.body["event"] == "decided":
            made = Containment.model_validate(entry.body["containment"])
            found[entry.subject] = Standing(containment=made, requester=entry.actor)
        elif entry.subject in found:
            now = found[entry.subject]
            found[entry.subject] = now.model_copy(update=_change(now, entry))
    return list(found.values())


def recent(known: Iterable[Standing], org: str, now: datetime) -> Recent:
    """What the last hour took, or is about to, without a person. Those that somebody agreed to count for nothing."""
    users: set[str] = set()
    routes: set[str] = set()
    for each in known:
        made = each.containment
        if made.at <= now - HOUR or not each.allowed or each.agreed:
            continue
        routes |= set(made.routes)
        if made.facts.org == org:
            users |= set(made.users)
    return Recent(users=frozenset(users), routes=frozenset(routes))


def _one(pages: Pages, name: str) -> Standing:
    found = standings(pages.entries(_KINDS, name))
    if not found:
        raise ConfigurationError(f"There is no containment {name}. The artifact of its run shows its id.")
    return found[0]


def _change(now: Standing, entry: Entry) -> dict[str, object]:
    body = entry.body
    match body["event"]:
        case "begin":
            return {"begun": now.begun | {body["step"]}}
        case "taken":
            return {"taken": now.taken | {body["step"]}}
        case "agreed":
            return {"agreed": (*now.agreed, entry.actor.strip().lower())}
        case "asked":
            return {"asked": (*now.asked, entry.actor.strip().lower())}
        case "tried":
            trial = Trial(secret=str(body["secret"]), refused=bool(body["refused"]))
            others = tuple(each for each in now.trials if each.secret != trial.secret)
            return {"trials": (*others, trial)}
        case "returning":
            return {"returning": datetime.fromisoformat(str(body["at"]))}
        case "given":
            kept = {body["step"]} if body["kept"] else set()
            return {"given": now.given | {body["step"]}, "kept": now.kept | kept}
        case "over":
            return {"over": datetime.fromisoformat(str(body["at"]))}
        case "incident":
            return {"reported": True}
        case "closed":
            return {"closed": datetime.fromisoformat(str(body["at"]))}
        case _:
            return {}
