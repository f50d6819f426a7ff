"""A plan that a lost run made and did not come to note is found again, and no other."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.ledger.store import Ledger
from tasks.phases.ledger_gateway import PhaseBook
from tasks.phases.model import Phase
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan
from tests.stores.rooms.plans import a_plan

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
JOB, OTHER, EVIDENCE, ORGS = "least-privilege", "segmentation", "e" * 64, ("emea", "apac")
Left = tuple[tuple[str, tuple[str, ...]], ...]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: NOW)


class Runs:
    """What runs of the phase write."""

    def __init__(self, ledger: Ledger) -> None:
        self.book, self.plans = PhaseBook(ledger, "Acme"), PlanBook(ledger, "ada")
        self.made = 0

    def begin(self, run: str, job: str = JOB, orgs: tuple[str, ...] = ORGS, evidence: str = EVIDENCE) -> None:
        self.book.begin(Phase.QUICK_WINS, job, evidence, orgs, actor="ada", run=run)

    def plan(self, run: str) -> str:
        self.made += 1
        made: Plan = a_plan(f"Plan {self.made}", NOW)
        return self.plans.keep(made, run)

    def note(self, job: str = JOB, digest: str = "", failed: str = "") -> None:
        self.book.note(Phase.QUICK_WINS, job, EVIDENCE, ORGS, actor="ada", digest=digest, failed=failed)

    def left(self, job: str = JOB) -> Left:
        return self.book.left_behind(Phase.QUICK_WINS, job, EVIDENCE)


@pytest.fixture
def runs(ledger: Ledger) -> Runs:
    return Runs(ledger)


def test_what_was_made_and_not_noted_is_left_behind(runs: Runs) -> None:
    assert runs.left() == ()
    runs.begin("run-1")
    assert runs.left() == (), "it was lost before it made one"
    name = runs.plan("run-1")
    assert runs.left() == ((name, ORGS),)
    assert runs.left(OTHER) == ()
    runs.note(digest=name)
    assert runs.left() == (), "taken over once"


@pytest.mark.parametrize("failed", ["", "the org did not answer"])
def test_what_was_noted_is_not(runs: Runs, failed: str) -> None:
    runs.begin("run-1")
    name = runs.plan("run-1")
    runs.note(digest="" if failed else name, failed=failed)
    assert runs.left() == ()


def test_plans_of_others_are_not(runs: Runs) -> None:
    """Somebody makes one by the job's own deployment while the phase is at work."""
    runs.begin("run-1")
    runs.plan("run-of-somebody")
    runs.plan("")
    assert runs.left() == ()
    mine = runs.plan("run-1")
    runs.plan("run-of-somebody")
    assert runs.left() == ((mine, ORGS),)


def test_nor_are_those_of_the_next_job_of_the_same_run(runs: Runs) -> None:
    runs.begin("run-1")
    runs.note(digest=runs.plan("run-1"))
    runs.begin("run-1", OTHER, ("emea",))
    other = runs.plan("run-1")
    assert runs.left() == () and runs.left(OTHER) == ((other, ("emea",)),)


def test_the_last_begin_counts_and_the_evidence_too(runs: Runs) -> None:
    runs.begin("run-1", evidence="d" * 64)
    runs.plan("run-1")
    assert runs.left() == ()
    runs.begin("run-2")
    runs.plan("run-2")
    runs.begin("run-3", orgs=("apac",))
    assert runs.left() == ()
    third = runs.plan("run-3")
    assert runs.left() == ((third, ("apac",)),)


def test_an_older_version_passes_over_begins(runs: Runs) -> None:
    """They are none of the two kinds of entries that history knows."""
    runs.begin("run-1")
    assert runs.book.history() == ((), ())
