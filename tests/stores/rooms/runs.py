"""Assessments that the trend is made of."""

from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from tasks.ledger.store import Ledger
from tasks.reports.ledger_gateway import RunBook
from tasks.reports.model import Run

AT = datetime(2026, 11, 9, 3, tzinfo=UTC)


def write(ledger: Ledger) -> None:
    for weeks in (0, 1):
        run = {
            "made_at": AT + timedelta(weeks=weeks),
            "scores": {"emea": 40 + weeks, "hq": None},
            "coverage": {"emea": 90, "hq": 30},
            "verdicts": {"pass": 9, "fail": 13 - weeks},
            "failing": {"critical": 2, "high": 5},
            "edges": 12,
            "rows": 47_000,
            "sensitive_rows": 41_000,
        }
        RunBook(ledger, "Acme").note(Run.model_validate(run), "5" * 64)


def read(ledger: Ledger) -> JsonValue:
    return [run.model_dump(mode="json") for run in RunBook(ledger, "Acme").runs()]
