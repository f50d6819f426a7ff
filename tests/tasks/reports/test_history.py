"""Runs that are remembered, and the delays of alerts: measured or not said."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from tasks.audit.model import Severity, Verdict
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger
from tasks.reports.history import posture, run_of, tier_times
from tasks.reports.ledger_gateway import RunBook
from tasks.reports.model import History, Tier
from tests.tasks.reports.sample import NOW, sample

SECOND = timedelta(seconds=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: NOW + timedelta(minutes=9))
    yield made
    made.close()


def test_a_run_is_counted_from_its_assessment() -> None:
    made = sample()
    run = run_of(made)
    assert sum(run.verdicts.values()) == len(made.verdicts)
    assert sum(run.failing.values()) == sum(f.verdict is Verdict.FAIL for f in made.findings())
    assert run.failing[Severity.CRITICAL] > 0
    assert (run.rows, run.sensitive_rows, run.edges) == (47_000, 47_000, len(made.graph.edges))


def test_the_ledger_remembers_each_run_once(ledger: Ledger) -> None:
    book = RunBook(ledger, "Meridian Wealth")
    run = run_of(sample())
    later = run.model_copy(update={"made_at": NOW + timedelta(days=7)})
    for each in (run, run, later):
        book.note(each)
    assert book.runs() == (run, later)
    assert RunBook(ledger, "another").runs() == ()


def test_a_run_of_another_version_is_passed_over(ledger: Ledger) -> None:
    ledger.append(Note(kind=EntryKind.ASSESSMENT, subject="m", actor="bulkhead", body={"run": {"old": 1}}))
    assert RunBook(ledger, "m").runs() == ()


def test_a_posture_ends_with_its_own_run_and_knows_no_later_one() -> None:
    made = sample()
    old, young = (run_of(made).model_copy(update={"made_at": NOW + timedelta(days=days)}) for days in (-7, 7))
    found = posture(made, None, History(estate=made.estate, runs=(young, old)))
    assert [run.made_at for run in found.runs] == [old.made_at, NOW]
    assert found.drift is None and found.radii == ()
    before = made.model_copy(update={"made_at": NOW - timedelta(days=1)})
    found = posture(made, before)
    assert [run.made_at for run in found.runs] == [before.made_at, NOW]
    assert found.drift is not None and found.drift.since == before.made_at


def test_nobody_is_told_a_time_that_was_not_measured() -> None:
    assert all((each.alerts, each.mean, each.p95) == (0, None, None) for each in tier_times(()))


def test_tiers_are_never_mixed() -> None:
    delays = [(Tier.LIVE, n * SECOND) for n in range(1, 21)] + [(Tier.DAILY, timedelta(days=1))]
    live, hourly, daily = tier_times(delays)
    assert (live.alerts, live.mean, live.p95) == (20, 10.5 * SECOND, 19 * SECOND)
    assert hourly.mean is None and daily.mean == timedelta(days=1)


def test_delays_come_from_what_alerts_say(ledger: Ledger) -> None:
    def alert(**facts: str) -> Note:
        told = [{"key": key, "label": key, "text": text} for key, text in facts.items()]
        return Note(
            kind=EntryKind.ALERT, subject="k", actor="bulkhead", body={"id": "1", "alert": {"facts": told}}
        )

    ledger.append(
        alert(tier="live", since=(NOW - timedelta(minutes=1)).isoformat()),
        alert(tier="live"),
        alert(tier="weekly", since=NOW.isoformat()),
        alert(tier="daily", since="yesterday"),
        alert(tier="daily", since="2026-01-01T00:00:00"),
        Note(kind=EntryKind.ALERT, subject="k", actor="bulkhead", body={"id": "2", "alert": {"facts": []}}),
        Note(kind=EntryKind.ALERT, subject="k", actor="bulkhead", body={"id": "3"}),
        alert(tier="hourly", since=(NOW + timedelta(hours=1)).astimezone(UTC).isoformat()),
    )
    assert RunBook(ledger, "m").delays() == ((Tier.LIVE, timedelta(minutes=10)), (Tier.HOURLY, timedelta()))
