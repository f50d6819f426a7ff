"""A run of a phase that is lost midway: what it came to is noted, and what it made is taken over once. Without a server."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows import phases
from flows.phases import Start, in_phase
from tasks.ledger.store import Ledger
from tasks.phases.ledger_gateway import PhaseBook
from tasks.phases.model import Done, Evidence, Phase
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Planned
from tasks.plans.standing_steps import stands
from tests.stores.rooms.plans import a_plan

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ORGS = ("hq", "emea", "apac")
SEEN = Evidence(name="e" * 64, at=NOW, read=ORGS, estate="a" * 64)
RUN = "run-1"


class Killed(BaseException):
    """As when the process ends."""


class Books:
    """The ledger as the tasks of phases write and read it."""

    def __init__(self, file: Path) -> None:
        ledger = Ledger(f"sqlite:///{file}", lambda: NOW)
        self.book, self.plans = PhaseBook(ledger, "Acme"), PlanBook(ledger, "ada")
        self.made = 0

    def plan(self) -> str:
        self.made += 1
        return self.plans.keep(a_plan(f"Plan {self.made}", NOW), RUN)

    def done(self) -> list[Done]:
        return [*self.book.history()[1]]

    def note(
        self,
        phase: Phase,
        job: str,
        evidence: str,
        orgs: Sequence[str],
        actor: str,
        digest: str = "",
        failed: str = "",
    ) -> None:
        self.book.note(phase, job, evidence, orgs, actor=actor, digest=digest, failed=failed)

    def begin(self, phase: Phase, job: str, evidence: str, orgs: Sequence[str], actor: str) -> None:
        self.book.begin(phase, job, evidence, orgs, actor=actor, run=RUN)


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Books:
    made = Books(tmp_path / "ledger.db")
    instead: dict[str, Any] = {
        "note_job": made.note,
        "begin_job": made.begin,
        "find_left_behind": made.book.left_behind,
        "read_phases": made.book.history,
        "how_plans_stand": lambda: stands(made.plans.statuses(), [], "5" * 64, NOW),
        "planned": lambda job, digest: Planned(job=job, digest=digest, changes=1),
        "shown_as_it_stands": lambda *_: (),
        "get_run_logger": lambda: logging.getLogger("phases"),
    }
    for name, each in instead.items():
        monkeypatch.setattr(phases, name, each)
    return made


def start(phase: Phase) -> Start:
    return Start(phase, SEEN, ORGS, ())


def test_what_one_org_came_to_is_noted_before_the_next_begins(books: Books) -> None:
    asked: list[list[str]] = []

    def lost_at_the_last(orgs: list[str]) -> str:
        asked.append(orgs)
        if len(orgs) > 1:
            raise ValueError("one of them is wrong")
        made = books.plan()
        if orgs == ["apac"]:
            raise Killed
        return made

    with pytest.raises(Killed):
        in_phase(start(Phase.QUICK_WINS), {"least-privilege": lost_at_the_last}, "ada")
    assert [each.orgs for each in books.done()] == [("hq",), ("emea",)]
    in_phase(start(Phase.QUICK_WINS), {"least-privilege": lost_at_the_last}, "ada")
    assert [each.orgs for each in books.done()] == [("hq",), ("emea",), ("apac",)]
    assert asked == [[*ORGS], ["hq"], ["emea"], ["apac"]] and books.made == 3, "no org is planned twice"


def test_a_draft_is_not_what_a_job_that_makes_no_plan_came_to(books: Books) -> None:
    """Jobs of the phase that never ends keep drafts for people; lost in between, such a job is run again."""
    asked: list[list[str]] = []

    def watched(orgs: list[str]) -> str:
        asked.append(orgs)
        books.plan()
        if len(asked) == 1:
            raise Killed
        return ""

    with pytest.raises(Killed):
        in_phase(start(Phase.CONTINUOUS), {"watch-drift": watched}, "bulkhead")
    in_phase(start(Phase.CONTINUOUS), {"watch-drift": watched}, "bulkhead")
    assert asked == [[*ORGS], [*ORGS]]
    assert [(each.orgs, each.digest) for each in books.done()] == [(ORGS, "")]
