"""What waivers accept, what they leave failing when they are over, and what the ledger knows of their use."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tasks.audit.evidence import assess
from tasks.audit.ledger_gateway import WaiverBook
from tasks.audit.model import Verdict, WaiverState, WaiverUse
from tasks.audit.waivers import told
from tasks.errors import LedgerUnavailable
from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tests.tasks.audit.evidence_factory import NOW, TODAY, World
from tests.tasks.audit.test_judge import waiver, with_standing_admin

YESTERDAY = TODAY - timedelta(days=1)
POLICY = "0" * 64


def used(world: World, *waivers) -> tuple[WaiverUse, ...]:
    return assess(world.rule(waivers=waivers).evidence(), {}).waivers


def test_an_expired_waiver_fails_and_names_its_owner_and_its_day() -> None:
    old = waiver(expires=YESTERDAY)
    verdict = with_standing_admin().rule(waivers=(old,)).verdict("ZT-13", "hq")
    assert verdict.verdict is Verdict.FAIL
    (finding,) = verdict.findings
    assert f"the waiver of ciso expired on {YESTERDAY}" in " ".join(finding.evidence)
    (use,) = used(with_standing_admin(), old)
    assert use.state is WaiverState.EXPIRED and use.resources == (finding.resource,)
    assert "ciso" in str(told(use)) and str(YESTERDAY) in str(told(use))


def test_one_that_was_prolonged_beside_the_old_one_accepts() -> None:
    old, new = waiver(expires=YESTERDAY), waiver(resource="user:*")
    verdict = with_standing_admin().rule(waivers=(old, new)).verdict("ZT-13", "hq")
    assert verdict.verdict is Verdict.WAIVED
    assert [u.state for u in used(with_standing_admin(), old, new)] == [WaiverState.UNUSED, WaiverState.USED]


def test_use_is_counted_by_resource() -> None:
    world = with_standing_admin()
    world.user("hq", "glass@hq", username="other@hq")
    both, none = waiver(resource="user:*"), waiver(resource="user:nobody@*")
    first, second = used(world, both, none)
    assert first.state is WaiverState.USED and len(first.resources) == 2 and told(first) is None
    assert second.state is WaiverState.UNUSED and "policy.yaml" in str(told(second))


def test_what_could_not_be_judged_makes_no_waiver_unused() -> None:
    world = with_standing_admin()
    del world.orgs["hq"]
    world.unreadable["hq"] = "connection refused"
    uses = used(world, waiver(), waiver(org="emea"))
    assert {use.state for use in uses} == {WaiverState.UNJUDGED} and not any(map(told, uses))
    gap = with_standing_admin().put("hq", gaps={"users": "no right"})
    (use,) = used(gap, waiver())
    assert use.state is WaiverState.UNJUDGED


def test_a_control_that_does_not_apply_needs_no_waiver() -> None:
    (use,) = used(World(), waiver(control="ZT-01", resource="*"))
    assert use.state is WaiverState.UNUSED


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: NOW)
    yield made
    made.close()


def test_the_ledger_counts_assessments_and_notes_each_once(ledger: Ledger) -> None:
    uses = used(with_standing_admin(), waiver(), waiver(control="ZT-06", resource="*"))
    book = WaiverBook(ledger, POLICY)

    def times(at: datetime) -> list[int | None]:
        return [use.times for use in book.note(uses, at)]

    assert times(NOW) == [1, 0]
    assert times(NOW) == [1, 0]
    assert times(NOW + timedelta(days=7)) == [2, 0]
    entries = ledger.entries(EntryKind.WAIVER)
    assert [entry.subject for entry in entries] == ["ZT-13/hq/user:ann@*"] * 2
    assert entries[0].body["resources"] == ["user:ann@hq"] and entries[0].policy == POLICY


def test_a_missed_waiver_is_noted_and_not_counted_as_used(ledger: Ledger) -> None:
    uses = used(with_standing_admin(), waiver(expires=YESTERDAY))
    (use,) = WaiverBook(ledger, POLICY).note(uses, NOW)
    assert use.times == 0
    (entry,) = ledger.entries(EntryKind.WAIVER)
    assert entry.body["state"] == "expired"


def test_a_ledger_that_takes_nothing_says_so(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: NOW)
    ledger.close()
    for path in tmp_path.iterdir():
        path.unlink()
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(LedgerUnavailable):
        WaiverBook(ledger, POLICY).note(used(with_standing_admin(), waiver()), NOW)
