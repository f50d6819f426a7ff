"""Plans in the ledger: kept, found, approved, and what became of each change."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from tasks.errors import ConfigurationError
from tasks.ledger.model import Entry, EntryKind, Note
from tasks.ledger.store import Ledger, Pages
from tasks.plans.digest import digest
from tasks.plans.model import Approval, Change, Failure, History, Look, Plan, Stopped, Watch, WayBack
from tasks.plans.overview import WATCHING, PlanStatus, due, history_of, status_of, watches_of
from tasks.plans.signature import holds

SHORTEST_DIGEST = 8
_HALT = "all applies"


class PlanBook:
    """The pages of the ledger that are about plans. `actor` is who is at work, as they say."""

    def __init__(self, ledger: Ledger, actor: str, policy: str = "") -> None:
        self._ledger = ledger
        self._actor = actor
        self._policy = policy

    def keep(self, plan: Plan, run: str = "") -> str:
        """The plan's digest; kept before, it is not kept again. `run` is the id of the run that all of this began with."""
        name = digest(plan)
        body: dict[str, JsonValue] = {"plan": plan.model_dump(mode="json"), **({"run": run} if run else {})}
        with self._ledger.exclusive() as pages:
            if pages.last((EntryKind.PLAN,), name) is None:
                pages.append(self._note(EntryKind.PLAN, name, body))
        return name

    def find(self, start: str) -> tuple[str, Plan]:
        """The one plan whose digest begins so. Raises ConfigurationError for none, several, or too few letters."""
        if len(start) < SHORTEST_DIGEST:
            raise ConfigurationError(f"A plan is named by at least {SHORTEST_DIGEST} letters of its digest.")
        with self._ledger.read() as pages:
            names = {
                e.subject for e in pages.entries((EntryKind.PLAN,)) if e.subject.startswith(start.lower())
            }
            if len(names) != 1:
                found = "There is no plan" if not names else "There are several plans"
                raise ConfigurationError(
                    f"{found} whose digest begins with {start}. `bulkhead plan list` shows them."
                )
            name = names.pop()
            return name, self._plan(pages, name)

    def statuses(self) -> list[PlanStatus]:
        """All plans, the latest first."""
        now = self._ledger.now()
        with self._ledger.read() as pages:
            plans = {e.subject: _loaded(e) for e in pages.entries((EntryKind.PLAN,))}
            pasts = {name: list(pages.entries(subject=name)) for name in plans}
        found = []
        for name, plan in plans.items():
            undone = [(other, history_of(pasts[key])) for key, other in plans.items() if other.undoes == name]
            found.append(status_of(name, plan, pasts[name], undone, now))
        return found[::-1]

    def status(self, name: str) -> PlanStatus:
        return next(status for status in self.statuses() if status.digest == name)

    def approve(self, approval: Approval, signature: str | None = None) -> None:
        """Notes it as it was given; whether it counts is judged when the plan is to be applied."""
        body: dict[str, JsonValue] = {"approval": approval.model_dump(mode="json"), "signature": signature}
        self._ledger.append(
            Note(
                kind=EntryKind.APPROVAL,
                subject=approval.plan,
                actor=approval.approver,
                body=body,
                policy=self._policy,
            )
        )

    def approvals(self, name: str, keys: Mapping[str, str]) -> list[Approval]:
        """`keys` are the approvers' registered public keys; `signed_by` is set where one of them really signed."""
        by_person = {person.strip().lower(): key for person, key in keys.items()}
        found = []
        for entry in self._ledger.entries(EntryKind.APPROVAL, subject=name):
            approval = Approval.model_validate(entry.body["approval"]).model_copy(update={"signed_by": None})
            key = by_person.get(approval.approver.strip().lower())
            signature = entry.body.get("signature")
            if key is not None and isinstance(signature, str) and holds(approval, signature, key):
                approval = approval.model_copy(update={"signed_by": key.split()[1][-16:]})
            found.append(approval)
        return found

    def watch(self, name: str, org: str, users: Sequence[str], since: datetime) -> None:
        """Noted before the plan is sent to the org, each time anew: what follows is watched from the first note on."""
        body: dict[str, JsonValue] = {"org": org, "users": [*users], "since": since.isoformat()}
        self._ledger.append(self._note(EntryKind.WATCH, name, body))

    def watches(self, name: str | None = None) -> list[Watch]:
        """Of one plan or of all, in the order in which they began."""
        with self._ledger.read() as pages:
            entries = list(pages.entries(WATCHING, name))
            plans = {e.subject: self._plan(pages, e.subject) for e in entries if e.kind is EntryKind.WATCH}
        return watches_of(entries, {digest: plan.title for digest, plan in plans.items()})

    def looked(self, watch: Watch, look: Look) -> None:
        body: dict[str, JsonValue] = {"org": watch.org, "look": look.model_dump(mode="json")}
        self._ledger.append(self._note(EntryKind.LOOK, watch.plan, body))

    def failing(
        self,
        watch: Watch,
        failures: Sequence[Failure],
        numbers: Mapping[str, Sequence[int]],
        automatic: bool,
    ) -> int:
        """
        Notes what was not noted before, the changes to be taken back for it, and whether that happens by itself.

        Gives how many were new.
        """
        with self._ledger.exclusive() as pages:
            known = watches_of(list(pages.entries(WATCHING, watch.plan)), {watch.plan: watch.title})
            about = {f.about for each in known if each.org == watch.org for f in each.failures}
            new = [failure for failure in failures if failure.about not in about]
            for failure in new:
                body: dict[str, JsonValue] = {
                    "org": watch.org,
                    "failure": failure.model_dump(mode="json"),
                    "numbers": [*numbers.get(failure.user, ())],
                    "automatic": automatic,
                }
                pages.append(self._note(EntryKind.FAILURE, watch.plan, body))
        return len(new)

    def watched(self, watch: Watch) -> None:
        self._ledger.append(self._note(EntryKind.WATCHED, watch.plan, {"org": watch.org}))

    def ways_back(self) -> list[WayBack]:
        """What has to be taken back because a user fails, and is not yet: one for each user, whatever fails of it."""
        with self._ledger.read() as pages:
            failing = list(pages.entries((EntryKind.FAILURE,)))
        standing = {status.digest: status for status in self.statuses()} if failing else {}
        return due(failing, standing, [status for status in standing.values() if status.plan.undoes])

    def journal(self, name: str) -> "LedgerJournal":
        return LedgerJournal(self._ledger, name, self._actor, self._policy)

    def halt(self, reason: str) -> None:
        self._ledger.append(self._note(EntryKind.HALT, _HALT, {"reason": reason}))

    def resume(self, reason: str) -> None:
        self._ledger.append(self._note(EntryKind.RESUME, _HALT, {"reason": reason}))

    def halted(self) -> str | None:
        """Why no plan may be applied; None when they may."""
        with self._ledger.read() as pages:
            last = pages.last((EntryKind.HALT, EntryKind.RESUME), _HALT)
        if last is None or last.kind is EntryKind.RESUME:
            return None
        return f"{last.body.get('reason')} ({last.actor}, {last.at:%Y-%m-%d %H:%M} UTC)"

    def _plan(self, pages: Pages, name: str) -> Plan:
        entry = pages.last((EntryKind.PLAN,), name)
        if entry is None:
            raise ConfigurationError(f"There is no plan {name}.")
        return _loaded(entry)

    def _note(self, kind: EntryKind, subject: str, body: dict[str, JsonValue]) -> Note:
        return Note(kind=kind, subject=subject, actor=self._actor, body=body, policy=self._policy)


class LedgerJournal:
    """The pages about one plan, as applying it needs them."""

    def __init__(self, ledger: Ledger, name: str, actor: str, policy: str) -> None:
        self._ledger = ledger
        self._name = name
        self._actor = actor
        self._policy = policy

    def history(self) -> History:
        return history_of(self._ledger.entries(EntryKind.ATTEMPT, EntryKind.VERIFICATION, subject=self._name))

    def attempted(self, changes: Sequence[Change]) -> None:
        self._append(EntryKind.ATTEMPT, {"numbers": [change.number for change in changes]})

    def verified(self, changes: Sequence[Change]) -> None:
        self._append(EntryKind.VERIFICATION, {"numbers": [change.number for change in changes]})

    def stopped(self, stopped: Stopped) -> None:
        self._append(EntryKind.STOP, {"reason": stopped.reason, "numbers": list(stopped.numbers)})

    def _append(self, kind: EntryKind, body: dict[str, JsonValue]) -> None:
        self._ledger.append(
            Note(kind=kind, subject=self._name, actor=self._actor, body=body, policy=self._policy)
        )


def _loaded(entry: Entry) -> Plan:
    """A plan that does not match the digest it is kept under was touched. Raises ConfigurationError."""
    plan = Plan.model_validate(entry.body["plan"])
    if digest(plan) != entry.subject:
        raise ConfigurationError(
            f"The plan {entry.subject[:12]} is not what was approved under that digest. Run `bulkhead verify-evidence`."
        )
    return plan
