"""Drift: each finding in one class, and none is resolved because nobody looked."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.audit.model import Assessment, Finding, OrgVerdict, Severity, Verdict
from tasks.reports.drift import drift, radius_changes
from tasks.reports.model import DriftClass, Drifted
from tests.tasks.reports.sample import NOW, sample

OPEN = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WAIVED)
RULES = {"ZT-01": "aaa", "ZT-02": "bbb"}
SHAPES = st.dictionaries(
    st.tuples(st.sampled_from(["ZT-01", "ZT-02"]), st.sampled_from(["hq", "emea"])),
    st.tuples(
        st.sampled_from(Verdict), st.dictionaries(st.sampled_from("abc"), st.sampled_from(OPEN), max_size=3)
    ),
)


def made(shape: dict, rules: dict[str, str] | None = None, unreadable: tuple[str, ...] = ()) -> Assessment:
    """`shape` maps control and org to the verdict and the verdicts of resources."""
    verdicts = tuple(
        OrgVerdict(
            control=control,
            org=org,
            verdict=verdict,
            reason="",
            findings=tuple(
                Finding(
                    control=control,
                    org=org,
                    resource=f"user:{name}",
                    verdict=each,
                    severity=Severity.HIGH,
                    summary="",
                    remediation="",
                )
                for name, each in found.items()
            ),
        )
        for (control, org), (verdict, found) in shape.items()
    )
    return sample().model_copy(
        update={
            "verdicts": verdicts,
            "rules": RULES if rules is None else rules,
            "unreadable": dict.fromkeys(unreadable, "refused"),
        }
    )


def only(now: Assessment, before: Assessment) -> Drifted:
    (found,) = drift(now, before).changes
    return found


def one(verdict: Verdict, finding: Verdict | None = None) -> dict:
    return {("ZT-01", "hq"): (verdict, {} if finding is None else {"a": finding})}


FAILS, PASSES = one(Verdict.FAIL, Verdict.FAIL), one(Verdict.PASS)
WAIVED, UNCLEAR = one(Verdict.WAIVED, Verdict.WAIVED), one(Verdict.UNKNOWN, Verdict.UNKNOWN)
DARK = one(Verdict.UNKNOWN)


@pytest.mark.parametrize(
    ("before", "now", "expected", "why"),
    [
        (PASSES, FAILS, DriftClass.NEW, "not there before"),
        (FAILS, FAILS, DriftClass.PERSISTENT, "failed before"),
        (FAILS, PASSES, DriftClass.RESOLVED, "no longer found"),
        (FAILS, one(Verdict.NOT_APPLICABLE), DriftClass.RESOLVED, "nothing is left"),
        (FAILS, WAIVED, DriftClass.WAIVED, "accepted"),
        (WAIVED, FAILS, DriftClass.NEW, "no longer"),
        (WAIVED, WAIVED, DriftClass.WAIVED, "accepted"),
        (WAIVED, PASSES, DriftClass.RESOLVED, "no longer found"),
        (FAILS, DARK, DriftClass.ERROR, "could not be judged"),
        (FAILS, {}, DriftClass.ERROR, "not read"),
        (FAILS, UNCLEAR, DriftClass.ERROR, "could not be judged"),
        (DARK, FAILS, DriftClass.NEW, "could not be judged before"),
        (UNCLEAR, FAILS, DriftClass.NEW, "could not be judged before"),
        (UNCLEAR, PASSES, DriftClass.RESOLVED, "no longer found"),
    ],
)
def test_classes(before: dict, now: dict, expected: DriftClass, why: str) -> None:
    found = only(made(now), made(before))
    assert found.drift is expected and why in found.why


@pytest.mark.parametrize(("before", "now"), [(PASSES, FAILS), (FAILS, PASSES)])
def test_another_rule_is_told_from_another_org(before: dict, now: dict) -> None:
    other = {**RULES, "ZT-01": "ccc"}
    assert only(made(now, other), made(before)).drift is DriftClass.RULE_CHANGED
    assert only(made(now, {**RULES, "ZT-02": "ccc"}), made(before)).drift is not DriftClass.RULE_CHANGED
    assert only(made(now), made(before, {})).drift is not DriftClass.RULE_CHANGED, "nobody knows the old rule"


def test_another_rule_hides_no_darkness_and_no_old_failure() -> None:
    other = {**RULES, "ZT-01": "ccc"}
    assert only(made(DARK, other), made(FAILS)).drift is DriftClass.ERROR
    assert only(made(FAILS, other), made(FAILS)).drift is DriftClass.PERSISTENT


@settings(max_examples=200, deadline=None)
@given(SHAPES, SHAPES, st.booleans(), st.sets(st.sampled_from(["hq", "emea"])))
def test_each_finding_is_in_one_class_and_silence_resolves_nothing(
    before: dict, now: dict, same_rule: bool, dark: set[str]
) -> None:
    now = {key: value for key, value in now.items() if key[1] not in dark}
    ours = made(now, RULES if same_rule else {"ZT-01": "x", "ZT-02": "y"}, tuple(dark))
    theirs = made(before)
    changes = drift(ours, theirs).changes
    keys = [(c.control, c.org, c.resource) for c in changes]
    assert sorted(keys) == sorted(
        {(f.control, f.org, f.resource) for a in (ours, theirs) for f in a.findings()}
    )
    judged = {(v.control, v.org): v.verdict for v in ours.verdicts}
    for change in changes:
        if change.now is Verdict.FAIL:
            assert change.drift in (DriftClass.NEW, DriftClass.PERSISTENT, DriftClass.RULE_CHANGED)
        if change.drift is DriftClass.RESOLVED:
            assert change.now is None and change.org not in dark
            assert judged[change.control, change.org] is not Verdict.UNKNOWN
        if change.drift is DriftClass.RULE_CHANGED:
            assert not same_rule


def test_the_same_run_twice_drifts_nowhere() -> None:
    classes = {change.drift for change in drift(sample(), sample()).changes}
    assert classes == {DriftClass.PERSISTENT, DriftClass.WAIVED, DriftClass.ERROR}


def test_blast_radii_stand_side_by_side() -> None:
    before = sample()
    kept = before.graph.model_copy(update={"radii": before.graph.radii[1:]})
    now = before.model_copy(update={"graph": kept, "made_at": NOW + timedelta(days=7)})
    first, *others = radius_changes(now, before)
    assert first.secret_id == before.graph.radii[0].secret_id
    assert first.sensitive_before == 47_000 and first.sensitive_now is None
    assert all(r.rows_before == r.rows_now for r in others)
