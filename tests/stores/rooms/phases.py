"""An assessment that phases start from, and two jobs that came to their end."""

from pydantic import JsonValue

from tasks.ledger.store import Ledger
from tasks.phases.ledger_gateway import PhaseBook
from tasks.phases.model import Phase


def write(ledger: Ledger) -> None:
    book = PhaseBook(ledger, "Acme", "5" * 64)
    evidence = book.assessed(("emea",), {"hq": "it did not answer"}, "e" * 64)
    book.note(Phase.QUICK_WINS, "least-privilege", evidence, ("emea",), digest="d" * 64)
    book.note(Phase.QUICK_WINS, "segmentation", evidence, ("emea",), failed="the org did not answer")


def read(ledger: Ledger) -> JsonValue:
    assessments, done = PhaseBook(ledger, "Acme").history()
    return {
        "assessments": [each.model_dump(mode="json") for each in assessments],
        "done": [each.model_dump(mode="json") for each in done],
    }
