"""The headlines say what was measured, and nothing better."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tasks.audit.model import Assessment, OrgVerdict, Verdict, WaiverState, WaiverUse
from tasks.estate.policy import Waiver
from tasks.rehearsal.headlines import AUDITED, as_markdown, as_text, headlines, opened, p95
from tasks.rehearsal.report import year
from tests.tasks.rehearsal.test_matrix import NAMES, matrix, played
from tests.tasks.reports.sample import sample


def judged(**verdicts: Verdict) -> Assessment:
    """One org; the four controls pass but for those named `zt_01` and so on."""
    made = tuple(
        OrgVerdict(
            control=control,
            org="hq",
            reason="",
            verdict=verdicts.get(control.lower().replace("-", "_"), Verdict.PASS),
            findings=(),
        )
        for control in AUDITED
    )
    return sample().model_copy(update={"verdicts": made, "waivers": ()})


def test_a_control_that_cannot_be_judged_is_an_open_finding() -> None:
    assert opened(judged()) == ()
    assert opened(judged(zt_01=Verdict.FAIL, zt_06=Verdict.UNKNOWN)) == ("ZT-01", "ZT-06")


def test_every_headline_has_both_sides() -> None:
    leaked = {
        "leaks_before": tuple(played(name, 5) for name in NAMES[:3]),
        "leaks_after": tuple(played(name, 0) for name in NAMES[:3]),
    }
    made = matrix(len(NAMES), {}).model_copy(update=leaked)
    lines = headlines(made, judged(zt_01=Verdict.FAIL, zt_18=Verdict.FAIL), judged(zt_18=Verdict.FAIL))
    told = {each.what.strip(): (each.before, each.after) for each in lines}
    assert told["Rows that the breach of October 2024 takes"] == ("2,001", "0")
    assert told["Leaked credentials that reach data in a year"] == ("3 of 3", "0 of 3")
    assert told["Time to detect (p95)"] == ("3 days", "5 minutes")
    assert told["Audit findings of the case study"] == ("2", "1")
    assert told["logs reviewed by hand once a week (ZT-18)"] == ("1 (hq)", "1 (hq)")
    assert all(f"{before} → {after}" in as_text(lines) for before, after in told.values())
    assert all(
        f"| {each.what.strip()} | {each.before} | {each.after} |" in as_markdown(lines) for each in lines
    )
    assert "3 of 3 before hardening, 0 of 3 after" in year(made)[0]


def test_what_somebody_answers_for_is_said_beside_the_nought() -> None:
    def use(control: str, state: WaiverState, expires: date, *resources: str) -> WaiverUse:
        accepted = Waiver(
            control=control, org="hq", resource="*", reason="no other way", owner="risk", expires=expires
        )
        return WaiverUse(waiver=accepted, state=state, resources=resources)

    uses = (
        use("ZT-06", WaiverState.USED, date(2027, 3, 1), "field:a"),
        use("ZT-06", WaiverState.USED, date(2027, 2, 1), "field:b", "field:c"),
        use("ZT-01", WaiverState.UNUSED, date(2027, 1, 1)),
        use("ZT-02", WaiverState.USED, date(2027, 1, 1), "user:a"),
    )
    after = judged(zt_06=Verdict.WAIVED).model_copy(update={"waivers": uses})
    made = matrix(len(NAMES), {})
    told = {each.what.strip(): each.after for each in headlines(made, judged(), after)}
    assert told["Audit findings of the case study"] == "0 (3 waived until 2027-02-01)"
    assert told["no field encryption (ZT-06)"] == "0 (3 waived until 2027-02-01)"
    assert told["API keys only, no mutual TLS (ZT-01)"] == "0"


def test_an_attack_that_took_rows_and_that_nobody_saw_is_said() -> None:
    made = matrix(len(NAMES), {})
    blind = made.model_copy(update={"after": (played(NAMES[0], 7), *made.after[1:])})
    detected = next(each for each in headlines(blind) if each.what.startswith("Time to detect"))
    assert detected.after == "5 minutes, 1 that took rows unseen"


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_nineteen_of_twenty_are_no_longer_than_p95(minutes: list[int]) -> None:
    lengths = [timedelta(minutes=each) for each in minutes]
    limit = p95(lengths)
    assert limit in lengths
    assert limit is not None and sum(each <= limit for each in lengths) >= 0.95 * len(lengths)


def test_nothing_seen_has_no_p95() -> None:
    assert p95([]) is None
