"""Phases in the ledger: which jobs came to their end, from which evidence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from pydantic import JsonValue, ValidationError

from tasks.ledger.model import Entry, EntryKind, Note
from tasks.ledger.store import Ledger
from tasks.phases.model import STEPS, Done, Evidence, Phase

_ACTOR = "bulkhead"


class PhaseBook:
    """The pages of the ledger that are about the phases of one estate. Everything raises LedgerUnavailable."""

    def __init__(self, ledger: Ledger, estate: str, policy: str = "") -> None:
        self._ledger = ledger
        self._estate = estate
        self._policy = policy

    def assessed(self, read: Sequence[str], unread: Mapping[str, str], estate_digest: str) -> str:
        """Notes an assessment; gives the name that later phases call it by."""
        body: dict[str, JsonValue] = {
            "phase": Phase.ASSESSMENT.value,
            "read": [*read],
            "unread": {**unread},
            "estate": estate_digest,
        }
        (entry,) = self._ledger.append(self._note(_ACTOR, body))
        return entry.hash

    def note(
        self,
        phase: Phase,
        job: str,
        evidence: str,
        orgs: Sequence[str],
        *,
        actor: str = _ACTOR,
        digest: str = "",
        failed: str = "",
    ) -> None:
        """What became of one job for these orgs. Raises KeyError for a job that is not of this phase."""
        code = {step.job: step.code for step in STEPS[phase]}[job]
        body: dict[str, JsonValue] = {
            "phase": phase.value,
            "code": code,
            "job": job,
            "evidence": evidence,
            "orgs": [*orgs],
            "digest": digest,
            "failed": failed,
        }
        self._ledger.append(self._note(actor, body))

    def begin(
        self, phase: Phase, job: str, evidence: str, orgs: Sequence[str], *, actor: str = _ACTOR, run: str
    ) -> None:
        """Before a job is carried out for these orgs by `run`, so that what it makes is found when the run is lost meanwhile."""
        body: dict[str, JsonValue] = {
            "phase": phase.value,
            "begun": job,
            "evidence": evidence,
            "orgs": [*orgs],
            "run": run,
        }
        self._ledger.append(self._note(actor, body))

    def left_behind(self, phase: Phase, job: str, evidence: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """
        Digests of plans, each with the orgs that it was asked for, that a run made for this job and did not come to note: it was lost
        in between.
        """
        with self._ledger.read() as pages:
            return left(
                pages.entries((EntryKind.PHASE, EntryKind.PLAN)),
                self._estate,
                {"phase": phase.value, "job": job, "evidence": evidence},
            )

    def history(self) -> tuple[tuple[Evidence, ...], tuple[Done, ...]]:
        """Assessments and jobs, oldest first; entries of another version are passed over."""
        assessments: list[Evidence] = []
        done: list[Done] = []
        for entry in self._ledger.entries(EntryKind.PHASE, subject=self._estate):
            try:
                if entry.body.get("phase") == Phase.ASSESSMENT:
                    assessments.append(_evidence(entry))
                else:
                    done.append(Done.model_validate({**entry.body, "at": entry.at}))
            except ValidationError:
                continue
        return tuple(assessments), tuple(done)

    def _note(self, actor: str, body: dict[str, JsonValue]) -> Note:
        return Note(kind=EntryKind.PHASE, subject=self._estate, actor=actor, body=body, policy=self._policy)


def left(
    entries: Iterable[Entry], estate: str, about: Mapping[str, str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """`about` says which `phase`, `job` and `evidence`. Of the last time that it was begun; nothing once what became of it is noted."""
    run, orgs = "", tuple[str, ...]()
    found: list[tuple[str, tuple[str, ...]]] = []
    for entry in entries:
        body = entry.body
        if entry.kind is EntryKind.PLAN:
            if run and body.get("run") == run:
                found.append((entry.subject, orgs))
            continue
        same = entry.subject == estate and all(body.get(key) == about[key] for key in ("phase", "evidence"))
        if same and body.get("begun") == about["job"]:
            run, orgs, found = str(body["run"]), tuple(map(str, cast(list[str], body["orgs"]))), []
        elif same and body.get("job") == about["job"]:
            run, orgs, found = "", (), []
        elif body.get("run") == run:
            # The run has gone on to another job.
            run, orgs = "", ()
    return tuple(found)


def _evidence(entry: Entry) -> Evidence:
    return Evidence.model_validate(
        {
            "name": entry.hash,
            "at": entry.at,
            **{part: entry.body.get(part) for part in ("read", "unread", "estate")},
        }
    )
