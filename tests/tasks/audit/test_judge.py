"""Verdicts, waivers, gaps and scores over the small estate."""

import pytest

from tasks.audit.controls import catalogue
from tasks.audit.evidence import assemble, assess, withheld
from tasks.audit.judge import judge
from tasks.audit.model import OrgVerdict, Verdict
from tasks.audit.score import score
from tasks.estate.policy import Waiver
from tasks.reading import Reading
from tests.tasks.audit.evidence_factory import NOW, TODAY, World, assigned, entry, permission_set


def test_the_catalogue_holds_the_twenty_two_controls_in_order() -> None:
    assert [c.id for c in catalogue()] == [f"ZT-{n:02}" for n in range(1, 23)]


@pytest.mark.parametrize("control", catalogue(), ids=lambda c: c.id)
def test_every_control_says_why_and_what_to_do(control) -> None:
    assert control.source and len(control.remediation) > 40 and control.title


@pytest.mark.parametrize("control", catalogue(), ids=lambda c: c.id)
def test_every_need_names_a_section_of_the_evidence(control) -> None:
    evidence = World().evidence()
    for need in control.needs:
        owner, _, name = need.rpartition(".")
        assert hasattr(evidence.cloud if owner == "cloud" else evidence.orgs["hq"], name), need


def test_an_estate_in_good_order_has_neither_failures_nor_unknowns() -> None:
    bad = [v for v in judge(World().evidence()) if v.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
    assert not bad, [(v.control, v.org, v.reason) for v in bad]


def test_controls_about_edges_do_not_apply_without_an_inbound_edge() -> None:
    world = World()
    for control in ("ZT-01", "ZT-02", "ZT-03", "ZT-10", "ZT-14"):
        assert world.verdict(control, "hq").verdict is Verdict.NOT_APPLICABLE
        assert world.verdict(control, "emea").verdict is Verdict.PASS


@pytest.mark.parametrize("control", [c for c in catalogue() if c.needs], ids=lambda c: c.id)
def test_a_gap_in_any_needed_section_is_unknown_and_says_why(control) -> None:
    for need in control.needs:
        world = World()
        if need.startswith("cloud."):
            world.store(gaps={need.removeprefix("cloud."): "missing right"})
        else:
            world.put("emea", gaps={need: "missing right"})
        verdict = world.verdict(control.id, "emea")
        assert verdict.verdict is Verdict.UNKNOWN and "missing right" in verdict.reason


def test_an_org_that_could_not_be_read_is_unknown_and_hides_no_other() -> None:
    world = World()
    del world.orgs["emea"]
    world.unreadable["emea"] = "connection refused"
    verdicts = judge(world.evidence())
    assert {v.verdict for v in verdicts if v.org == "emea"} == {Verdict.UNKNOWN}
    assert all("connection refused" in v.reason for v in verdicts if v.org == "emea")
    assert {v.verdict for v in verdicts if v.org == "hq"} <= {Verdict.PASS, Verdict.NOT_APPLICABLE}


@pytest.mark.parametrize("control", ["ZT-01", "ZT-06"])
def test_what_is_good_as_far_as_seen_says_how_far_that_is(control: str) -> None:
    world = World().put("uat", gaps={"outbound": "no right"})
    verdict = world.verdict(control, "emea")
    assert verdict.verdict is Verdict.PASS and "uat" in verdict.reason
    assert "uat" in world.verdict("ZT-01", "hq").reason


def waiver(**changes) -> Waiver:
    given = {
        "control": "ZT-13",
        "org": "hq",
        "resource": "user:ann@*",
        "reason": "leaves in May",
        "owner": "ciso",
        "expires": TODAY,
    }
    return Waiver(**{**given, **changes})


def with_standing_admin() -> World:
    return World().add(
        "hq",
        permission_sets=(permission_set("power", "AuthorApex"),),
        assignments=(assigned("ann@hq", "power"),),
    )


def test_a_waiver_covers_what_its_pattern_matches_through_its_last_day() -> None:
    verdict = with_standing_admin().rule(waivers=(waiver(),)).verdict("ZT-13", "hq")
    assert verdict.verdict is Verdict.WAIVED
    assert "leaves in May" in " ".join(verdict.findings[0].evidence)


@pytest.mark.parametrize(
    "changes",
    [
        {"org": "emea"},
        {"control": "ZT-04"},
        {"resource": "user:bob@*"},
    ],
)
def test_a_waiver_covers_nothing_else(changes) -> None:
    world = with_standing_admin().rule(waivers=(waiver(**changes),))
    assert world.verdict("ZT-13", "hq").verdict is Verdict.FAIL


def test_one_finding_that_is_not_waived_still_fails() -> None:
    world = with_standing_admin().rule(waivers=(waiver(),))
    world.user("hq", "glass@hq", username="other@hq")
    assert world.verdict("ZT-13", "hq").verdict is Verdict.FAIL


def verdicts(**counts: int) -> tuple[OrgVerdict, ...]:
    return tuple(
        OrgVerdict(control="ZT-01", org="hq", verdict=Verdict(name.replace("_", "-")), reason="", findings=())
        for name, count in counts.items()
        for _ in range(count)
    )


def test_the_score_is_the_share_of_passed_among_judged() -> None:
    (line,) = score(verdicts(**{"pass": 6, "fail": 2, "unknown": 2, "not_applicable": 5}))
    assert (line.score, line.coverage, line.not_applicable) == (75, 80, 5)


def test_a_waived_control_is_judged_but_not_passed() -> None:
    (line,) = score(verdicts(**{"pass": 1, "waived": 1}))
    assert (line.score, line.coverage) == (50, 100)


@pytest.mark.parametrize(("judged", "expected"), [(5, 100), (4, None)])
def test_below_half_coverage_there_is_no_score(judged: int, expected: int | None) -> None:
    (line,) = score(verdicts(**{"pass": judged, "unknown": 10 - judged}))
    assert line.score == expected


def test_one_failure_never_rounds_up_to_a_hundred() -> None:
    (line,) = score(verdicts(**{"pass": 999, "fail": 1}))
    assert line.score == 99


def reading(values, gaps=None) -> Reading:
    return Reading(org="hq", values=values, gaps=gaps or {}, calls=1, rows={}, server_time=NOW)


def test_what_no_reading_mentions_is_a_gap() -> None:
    org = assemble(entry("hq"), [reading({"users": ()}, {"logins": "no right"})])
    assert "users" not in org.gaps and org.gaps["logins"] == "no right" and "settings" in org.gaps


def test_a_section_that_broke_its_contract_is_emptied_and_a_gap() -> None:
    read = assemble(entry("hq"), [reading({"users": World().orgs["hq"].users, "row_counts": {"Account": 3}})])
    org = withheld(read, {"users": "two users share an id"})
    assert read.users and org.users == () and org.gaps["users"] == "two users share an id"
    assert org.row_counts == {"Account": 3} and "row_counts" not in org.gaps
    assert withheld(read, {"row_counts": "counted twice"}).row_counts == {}
    with pytest.raises(ValueError, match="usres"):
        withheld(read, {"usres": "why"})


def test_a_section_that_evidence_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="usres"):
        assemble(entry("hq"), [reading({"usres": ()})])


def test_the_assessment_names_shared_and_dangerous_machine_users() -> None:
    world = World().add(
        "emea",
        permission_sets=(permission_set("power", "ModifyAllData"),),
        assignments=(assigned("sync@emea", "power"),),
    )
    assessment = assess(world.evidence(), {"hq": 3})
    (worst,) = [o for o in assessment.over_privileged if o.org == "emea"]
    assert worst.username == "sync@emea" and "Modify All Data (set power)" in worst.high_risk
