"""Runs in the ledger, where no lost file takes them from the trend; and the delays of alerts."""

from datetime import datetime, timedelta

from pydantic import JsonValue, ValidationError

from tasks.ledger.model import Entry, EntryKind, Note
from tasks.ledger.store import Ledger
from tasks.reports.model import Run, Tier


class RunBook:
    """The pages of the ledger that are about the assessments of one estate."""

    def __init__(self, ledger: Ledger, estate: str) -> None:
        self._ledger = ledger
        self._estate = estate

    def note(self, run: Run, policy: str = "") -> None:
        """Noting one run twice notes it once. Raises LedgerUnavailable."""
        with self._ledger.exclusive() as pages:
            last = [_run(entry) for entry in pages.entries((EntryKind.ASSESSMENT,), self._estate)]
            if any(each is not None and each.made_at == run.made_at for each in last):
                return
            body: dict[str, JsonValue] = {"run": run.model_dump(mode="json")}
            pages.append(
                Note(
                    kind=EntryKind.ASSESSMENT,
                    subject=self._estate,
                    actor="bulkhead",
                    policy=policy,
                    body=body,
                )
            )

    def runs(self) -> tuple[Run, ...]:
        """Oldest first. Raises LedgerUnavailable."""
        found = (_run(e) for e in self._ledger.entries(EntryKind.ASSESSMENT, subject=self._estate))
        return tuple(run for run in found if run is not None)

    def delays(self) -> tuple[tuple[Tier, timedelta], ...]:
        """
        Of alerts that say in their facts from which `tier` of telemetry they come and `since` when it happened: how
        long it took until they were opened. Alerts about Bulkhead's own work say neither.
        """
        found = (_delay(entry) for entry in self._ledger.entries(EntryKind.ALERT))
        return tuple(each for each in found if each is not None)


def _run(entry: Entry) -> Run | None:
    """None for one of another version, which a trend can do without."""
    try:
        return Run.model_validate(entry.body.get("run"))
    except ValidationError:
        return None


def _delay(entry: Entry) -> tuple[Tier, timedelta] | None:
    alert = entry.body.get("alert")
    told = alert.get("facts") if isinstance(alert, dict) else None
    facts = (
        {f.get("key"): f.get("text") for f in told or () if isinstance(f, dict)}
        if isinstance(told, list)
        else {}
    )
    try:
        since = datetime.fromisoformat(str(facts["since"]))
        return Tier(str(facts["tier"])), max(entry.at - since, timedelta())
    except (KeyError, ValueError, TypeError):
        return None
