"""What a pack tells about its quarter, and what it says it cannot tell."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.audit.model import Assessment
from tasks.ledger.model import Entry, EntryKind, Head, Note
from tasks.ledger.store import Ledger
from tasks.packs import pages
from tasks.packs.extracts import extracts
from tasks.packs.model import Narrative, Quarter
from tasks.packs.narrate import narrate
from tests.tasks.packs.conftest import ESTATE, NOW, QUARTER, START
from tests.tasks.reports.sample import sample

MOMENTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants naive bounds


@given(at=MOMENTS)
def test_every_moment_is_in_exactly_one_quarter(at: datetime) -> None:
    quarter, before = Quarter.of(at), Quarter.ended_before(at)
    assert quarter.holds(at) and not before.holds(at)
    assert before.until == quarter.since < quarter.until
    assert timedelta(days=89) < quarter.until - quarter.since < timedelta(days=93)


def test_a_change_is_told_with_who_asked_who_agreed_and_what_became_of_it(told: Narrative) -> None:
    control = next(each for each in told.controls if each.id == "ZT-06")
    first, second = control.changes
    assert (first.requester, [yes.approver for yes in first.approvals]) == ("ada", ["bob"])
    assert first.verified is not None and first.stopped == "" and not first.approvals[0].signed
    assert second.verified is None and second.stopped == "the org did not take it"
    assert "2 changes of 1 plans are about it: 1 were read back as planned, 1 were sent" in " ".join(
        control.sentences
    )
    assert control.asked_by, "frameworks speak to it"
    assert all(not each.changes for each in told.controls if each.id != "ZT-06")


def test_every_control_stands_in_every_org(told: Narrative) -> None:
    assert len(told.controls) == 22
    for control in told.controls:
        assert [each.org for each in control.standing] == [
            "hq",
            "emea",
            "apac",
            "compliance",
            "hq-uat",
            "latam",
        ]
        assert control.standing[-1].closing == "unknown", "what was not read is never a pass"


def test_what_cannot_be_told_is_said(
    ledger: Ledger, told: Narrative, assessments: tuple[Assessment, ...]
) -> None:
    gaps = " ".join(told.gaps)
    assert "latam could not be read" in gaps and "No rehearsal" in gaps and "No test" not in gaps
    entries = ledger.entries()
    empty = narrate(ESTATE, QUARTER, (), entries, Head(), NOW)
    assert "No assessment of this quarter is kept" in " ".join(empty.gaps)
    assert all("not known" in each.sentences[0] for each in empty.controls)
    one = narrate(ESTATE, QUARTER, assessments[-1:], entries, Head(), NOW)
    assert "one assessment" in " ".join(one.gaps)
    early = narrate(ESTATE, QUARTER, assessments, entries, Head(), START + timedelta(days=1))
    assert "is not over" in " ".join(early.gaps)
    archived = narrate(ESTATE, QUARTER, assessments, entries[2:], Head(sequence=2), NOW)
    assert "left for an archive" in " ".join(archived.gaps)


def test_what_is_of_another_quarter_is_left_out(ledger: Ledger, assessments: tuple[Assessment, ...]) -> None:
    before = Quarter(name="2026-Q3")
    told = narrate(ESTATE, before, assessments, ledger.entries(), Head(), NOW)
    assert told.opening is None and told.entries == 0 and not told.tests
    assert all(not each.changes for each in told.controls)
    assert set(extracts(ledger.entries(), before).values()) == {b""}


def test_drawers_hold_what_they_are_named_for(ledger: Ledger) -> None:
    ledger.append(
        Note(
            kind=EntryKind.EVIDENCE,
            subject="rehearsal:emea",
            actor="rehearsal",
            body={"rehearsal": [{"attack": "stolen-key", "rows": 0, "stopped": "allow-list"}]},
        )
    )
    found = {path: content.count(b"\n") for path, content in extracts(ledger.entries(), QUARTER).items()}
    counted = {name: number for name, number in found.items() if number}
    assert counted == {
        "ledger/plans.jsonl": 1,
        "ledger/approvals.jsonl": 1,
        "ledger/changes.jsonl": 2,
        "ledger/verifications.jsonl": 1,
        "ledger/tests.jsonl": 1,
        "ledger/rehearsals.jsonl": 1,
    }
    told = narrate(ESTATE, QUARTER, (), ledger.entries(), Head(), NOW)
    assert told.rehearsals[0].result == "1 attacks. stolen-key: allow-list, 0 rows"


def test_a_plan_that_cannot_be_read_any_more_is_a_gap(ledger: Ledger) -> None:
    ledger.append(Note(kind=EntryKind.PLAN, subject="f" * 64, actor="ada", body={"plan": {"job": "old"}}))
    told = narrate(ESTATE, QUARTER, (), ledger.entries(), Head(), NOW)
    assert any("ffffffffffff is of a version" in gap for gap in told.gaps)


@pytest.mark.parametrize("mark", ["<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>"])
def test_the_page_asks_for_nothing_and_runs_nothing(ledger: Ledger, mark: str) -> None:
    told = narrate(ESTATE + mark, QUARTER, (sample(mark),), ledger.entries(), Head(), NOW)
    page = pages.as_html(told)
    assert mark not in page and escape(mark, quote=False).split("&lt;", 1)[1][:4] in page
    assert "<script" not in page and not re.findall(r"""(?:src|href)=["'](?!#|data:,)""", page)
    assert len(re.findall('<section id="ZT-', page)) == 22
    assert json.loads(pages.as_json(told))["controls"][5]["changes"][0]["requester"] == "ada"


def test_equal_input_gives_equal_pages(told: Narrative) -> None:
    assert pages.as_html(told) == pages.as_html(told.model_copy())


def test_entries_tell_of_a_drill_that_did_not_hold(ledger: Ledger) -> None:
    entries: list[Entry] = ledger.entries()
    failed = entries[-2].model_copy(update={"body": {**entries[-2].body, "good": False}})
    told = narrate(ESTATE, QUARTER, (), [failed], Head(), NOW)
    assert told.tests[0].result.startswith("did not hold: 7 of 7")
