"""What the ledger knows of drills."""

from datetime import UTC, datetime
from pathlib import Path

from tasks.backups.ledger_gateway import DrillBook
from tasks.backups.model import Drill
from tasks.ledger.store import Ledger
from tasks.masking import steps as masking
from tests.tasks.backups.conftest import BEGAN


def test_a_sandbox_with_records_of_a_drill_is_not_proven_clean_any_more(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: datetime.now(UTC))
    try:
        clean = masking._place("hq-uat"), masking._place("other")
        with ledger.exclusive() as pages:
            for place in clean:
                pages.keep(place, {masking._ORIGIN: {"org_id": "00D"}})
        drill = Drill(org="hq", target="hq-uat", backup="b", began=BEGAN, objects=("Account",))
        DrillBook(ledger, "hq-uat").begin(drill)
        with ledger.read() as pages:
            assert [pages.kept(place) for place in clean] == [{}, {masking._ORIGIN: {"org_id": "00D"}}]
        assert DrillBook(ledger, "hq-uat").under_way() == drill
    finally:
        ledger.close()
