"""`bulkhead detect-files`: event log files from disk to who read more than usual, and what is said of files that are none."""

import gzip
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deployments.cli.main import app

DAYS = [date(2026, 3, 2) + timedelta(days=number) for number in range(12)]
HEADER = "EVENT_TYPE,TIMESTAMP,USER_ID,TIMESTAMP_DERIVED,ROWS_PROCESSED,QUERY"
THIEF, CLERK = "005Dn0000000001", "005Dn0000000002"


def event(day: date, user: str, rows: int | str) -> str:
    return f'"RestApi","{day:%Y%m%d}090000.000","{user}AAA","{day}T09:00:00.000Z","{rows}","SELECT ""Id""\nFROM Lead"'


def written(folder: Path, stolen: date = DAYS[-1], header: str = HEADER) -> Path:
    for at, day in enumerate(DAYS):
        lines = [header, event(day, CLERK, 900 + at), event(day, THIEF, 1_500 + at)]
        if day == stolen:
            lines += [event(day, THIEF, 47_000), event(day, THIEF, "")]
        text = "\n".join(lines).encode()
        (folder / f"{day}.csv.gz").write_bytes(gzip.compress(text)) if at % 2 else (
            folder / f"{day}.csv"
        ).write_bytes(text)
    return folder


def asked(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["detect-files", *map(str, arguments)])


def test_the_theft_of_the_last_day_is_flagged(tmp_path: Path) -> None:
    answer = asked(written(tmp_path))
    assert answer.exit_code == 1
    heading, flagged = answer.stdout.splitlines()
    assert heading == "day,user,records,usual"
    day, user, records, usual = flagged.split(",")
    assert (day, user, records) == (str(DAYS[-1]), THIEF, "48511") and 1_000 < int(usual) < 2_000
    assert "26 events of 2 users, 2026-03-02 to 2026-03-13; 1 flagged" in answer.stderr
    (same,) = json.loads(asked(tmp_path, "--json").stdout)
    assert (same["user"], same["records"]) == (THIEF, 48_511)


def test_only_days_from_since_on_are_judged(tmp_path: Path) -> None:
    written(tmp_path, stolen=DAYS[8])
    assert asked(tmp_path).exit_code == 0, "the last day was quiet"
    assert asked(tmp_path, "--since", DAYS[8]).stdout.splitlines()[1].startswith(f"{DAYS[8]},{THIEF}")
    assert asked(tmp_path, "--since", DAYS[9]).exit_code == 0


@pytest.mark.parametrize("counts", ["RECORDS_PROCESSED", "ROW_COUNT"])
def test_other_types_have_other_names_for_their_counts(tmp_path: Path, counts: str) -> None:
    written(tmp_path, header=HEADER.replace("ROWS_PROCESSED", counts))
    assert f"{THIEF},48511" in asked(tmp_path).stdout


def test_files_of_before_do_not_differ_in_their_order(tmp_path: Path) -> None:
    paths = sorted(written(tmp_path).iterdir())
    assert asked(*paths[::-1]).stdout == asked(tmp_path).stdout


class TestWhatCannotBeRead:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return written(tmp_path)

    def refused(self, *arguments: object) -> str:
        answer = asked(*arguments)
        assert answer.exit_code == 2 and answer.stdout == "", answer.output
        return answer.stderr

    def test_a_cut_gzip_file(self, folder: Path) -> None:
        cut = folder / f"{DAYS[1]}.csv.gz"
        cut.write_bytes(cut.read_bytes()[:-9])
        assert "2026-03-03.csv.gz" in (said := self.refused(folder)) and "cut off" in said

    def test_a_damaged_gzip_file(self, folder: Path) -> None:
        (damaged := folder / f"{DAYS[1]}.csv.gz").write_bytes(b"\x1f\x8b" + b"no gzip" * 9)
        assert damaged.name in self.refused(folder)

    def test_a_file_that_ends_within_a_cell(self, folder: Path) -> None:
        (folder / f"{DAYS[0]}.csv").write_text(HEADER + '\n"RestApi","2026')
        assert "cut" in self.refused(folder)

    def test_other_columns_than_the_header(self, folder: Path) -> None:
        (folder / f"{DAYS[0]}.csv").write_text(HEADER + "\n" + ",".join(["x"] * 9))
        assert "other columns" in self.refused(folder)

    def test_a_type_without_counts(self, folder: Path) -> None:
        (folder / f"{DAYS[0]}.csv").write_text("EVENT_TYPE,TIMESTAMP,USER_ID\nLogin,20260302090000,005")
        assert "ROWS_PROCESSED or RECORDS_PROCESSED or ROW_COUNT" in self.refused(folder)

    def test_nothing_at_all(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert "no .csv" in self.refused(tmp_path / "empty")
        self.refused(tmp_path / "gone.csv")
        (tmp_path / "header.csv").write_text(HEADER + "\n")
        assert "No event" in self.refused(tmp_path / "header.csv")
        (tmp_path / "zero.csv").write_text("")
        assert "No event" in self.refused(tmp_path / "zero.csv")

    @pytest.mark.parametrize("since", ["yesterday", "2026-03-02", "2026-03-14"])
    def test_a_first_day_that_is_none(self, folder: Path, since: str) -> None:
        assert "--since" in self.refused(folder, "--since", since)
