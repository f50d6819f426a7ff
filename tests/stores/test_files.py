"""Files of earlier versions below BULKHEAD_HOME: read by this one, with the same sums, and gone on with."""

import shutil
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import orjson
import polars as pl
import pytest

from tasks.anomalies.history_gateway import History
from tasks.audit.gateway import kept_assessments
from tasks.backups.places_gateway import UrlPlace
from tasks.backups.vault_gateway import Vault
from tasks.ledger.evidence import check
from tasks.ledger.store import Ledger
from tasks.reports.drift import drift
from tasks.reports.gateway import kept_history
from tasks.reports.history import posture
from tasks.reports.model import DriftClass
from tasks.streams.ledger_gateway import StreamBook
from tasks.telemetry.files import files_to_take
from tasks.telemetry.model import LogFile, Tier
from tasks.telemetry.state_ledger_gateway import TelemetryBook
from tasks.telemetry.store import TelemetryStore
from tests.stores.files_keeping import BACKUP, DAY, FIRST, KEY, NOW, ORG, ROWS, SOBJECT, TYPE, Kms
from tests.stores.keeping import KEPT, Ticking, restored, stores
from tests.stores.rooms import streams, telemetry
from tests.stores.test_earlier import PIN
from tests.tasks.reports.sample import sample


def having(part: str) -> list[str]:
    return [each.name for each in stores() if (each / part).exists()]


@pytest.mark.parametrize("name", having("files/reports"))
def test_an_assessment_of_before_is_what_the_next_one_is_compared_with(name: str) -> None:
    now = sample().model_copy(update={"made_at": sample().made_at + timedelta(weeks=1)})
    reports = KEPT / name / "files" / "reports"
    (before,) = kept_assessments(reports, now.estate)
    assert len(before.findings()) > 20 and before.graph.edges and before.ages and before.sensitive
    kinds = {each.drift for each in drift(now, before).changes if each.org in ("hq", "emea")}
    assert DriftClass.PERSISTENT in kinds and not kinds & {DriftClass.NEW, DriftClass.RESOLVED}
    history = kept_history(reports, now.estate)
    told = posture(now, before, history)
    assert [run.made_at for run in told.runs] == [before.made_at, now.made_at]


@pytest.mark.parametrize("name", having("files/reports/history.json"))
def test_the_history_of_before_is_kept(name: str) -> None:
    (run,) = kept_history(KEPT / name / "files" / "reports", sample().estate).runs
    assert run.made_at == sample().made_at and run.edges == len(sample().graph.edges)


@pytest.mark.parametrize("name", having("files/evidence.jsonl"))
def test_evidence_of_before_verifies(name: str) -> None:
    before = orjson.loads((KEPT / name / "read.json").read_bytes())["chain"]
    verdict = check(KEPT / name / "files" / "evidence.jsonl", (PIN,))
    assert verdict.sound and verdict.pinned
    assert (verdict.head.model_dump(), verdict.sealed) == (before["head"], before["sealed"])


@pytest.mark.parametrize("name", having("files/backups"))
def test_a_backup_of_before_is_whole_and_opens(name: str) -> None:
    vault = Vault(cast(Any, Kms()), UrlPlace(f"file://{KEPT / name}/files/backups"), ORG, KEY)
    (kept,), problems = vault.kept((PIN,))
    assert not problems and kept.manifest.id == BACKUP
    assert vault.problems(kept.manifest, open_files=True) == []
    assert [*vault.rows([kept.manifest], SOBJECT)] == ROWS
    assert dict(vault.component_files(kept.manifest))["0001-ApexClass/classes/A.cls"] == b"class A {}"


class TestTelemetry:
    @pytest.fixture(params=having("files/telemetry"))
    def store(self, request: pytest.FixtureRequest, tmp_path: Path) -> TelemetryStore:
        self.said: dict[str, Any] = orjson.loads(
            (KEPT / request.param / "files" / "telemetry.json").read_bytes()
        )
        self.place = tmp_path / "telemetry"
        shutil.copytree(KEPT / request.param / "files" / "telemetry", self.place)
        return TelemetryStore(str(self.place))

    def rows(self, store: TelemetryStore) -> pl.DataFrame:
        return store.rows([ORG], TYPE, FIRST, NOW).collect()

    def test_rows_and_sums_are_those_of_before(self, store: TelemetryStore) -> None:
        rows = self.rows(store)
        assert (rows.height, rows["ROWS_PROCESSED"].sum()) == (self.said["rows"], self.said["sum"])
        tiers = rows.filter(pl.col("AT") < FIRST + DAY)["TIER"].value_counts()
        assert dict(tiers.iter_rows()) == {"hourly": 4, "daily": 2, "live": 3}
        snapshot = store.snapshot(ORG, "Certificates")
        assert snapshot is not None and snapshot["NAME"].to_list() == ["Sync"]

    def test_what_comes_again_is_there_once(self, store: TelemetryStore) -> None:
        day = self.rows(store).filter((pl.col("AT") >= FIRST + DAY) & (pl.col("AT") < FIRST + 2 * DAY))
        for source in ("daily-1", "sent-again"):
            with store.staging(ORG, TYPE, Tier.DAILY, source) as staged:
                staged.add(day)
                staged.publish()
        store.compact(ORG, TYPE, FIRST.date(), least=1)
        assert self.rows(store).height == self.said["rows"]

    def test_detection_looks_back_on_the_same_sums(self, store: TelemetryStore) -> None:
        def look() -> tuple[int, int]:
            history = History(store, ORG)
            return history.rows(TYPE, FIRST, NOW - DAY, NOW).collect()["ROWS_PROCESSED"].sum(), history.made

        # What another version condensed and marked by other rules is made anew, and then stands.
        assert look()[0] == self.said["sum"]
        assert look() == (self.said["sum"], 0)
        known = History(store, ORG).known()
        assert (None if known is None else known.at) == (NOW if self.said["history"] else None)

    def test_no_condensed_day_of_before_outlives_what_it_is_needed_for(self, store: TelemetryStore) -> None:
        """Whether or not this version has looked at it: the version before may have looked further back."""
        later = NOW + timedelta(weeks=20)
        with store.staging(ORG, TYPE, Tier.DAILY, "later") as staged:
            staged.add(self.rows(store).tail(1).with_columns(AT=pl.lit(later - 5 * DAY)))
            staged.publish()
        History(store, ORG).rows(TYPE, later - timedelta(weeks=2), later, later).collect()
        there = sorted(path.name for path in (self.place / "_condensed").rglob("*.parquet"))
        assert there == [f"day={(later - 5 * DAY).date()}.parquet"]


class _Listing:
    """An org that lists one file that was taken and one that came since."""

    alias = "emea"

    def files(self, since: datetime, until: datetime, event_types: Collection[str]) -> list[LogFile]:
        listed = [telemetry.a_file(1), telemetry.a_file(3)]
        return [each for each in listed if since <= each.made < until]

    def content(self, file: LogFile) -> AbstractContextManager[Iterator[bytes]]:
        raise NotImplementedError


@pytest.mark.parametrize("name", having("ledger.sql"))
def test_cursors_go_on_where_they_were(name: str, tmp_path: Path) -> None:
    before = orjson.loads((KEPT / name / "read.json").read_bytes())["rooms"]
    ledger = Ledger(
        f"sqlite:///{restored((KEPT / name / 'ledger.sql').read_text(), tmp_path / 'l.db')}", Ticking()
    )
    if "telemetry" in before:
        book = TelemetryBook(ledger, "emea")
        taken = files_to_take(
            _Listing(),
            book,
            ["BulkApi2"],
            telemetry.AT + timedelta(hours=1),
            settle=timedelta(minutes=5),
            backfill=timedelta(days=30),
            cursor="EventLogFile",
        )
        assert [each.id for each in taken] == [telemetry.a_file(3).id]
    if "streams" in before:
        book_of_streams = StreamBook(ledger)
        assert book_of_streams.cursor(streams.STREAM) == before["streams"]["cursor"]
    ledger.close()
