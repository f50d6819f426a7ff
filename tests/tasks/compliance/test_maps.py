"""The maps: whole, about controls that there are, and honest about what was checked."""

import pytest

from tasks.audit.controls import catalogue
from tasks.audit.model import Verdict
from tasks.compliance.maps import frameworks, gaps
from tasks.compliance.model import Framework
from tasks.compliance.standing import standings
from tests.tasks.reports.sample import sample

CONTROLS = {control.id for control in catalogue()}
EXPECTED = {
    "sbs",
    "nist-sp-800-207",
    "nist-sp-800-53-r5",
    "cis-controls-v8",
    "sox-itgc",
    "glba-safeguards",
    "gdpr-art-32",
    "pci-dss-4",
    "hipaa-security-rule",
    "finra",
}


def test_every_framework_is_there() -> None:
    assert {framework.id for framework in frameworks()} == EXPECTED


@pytest.mark.parametrize("framework", frameworks(), ids=lambda f: f.id)
def test_every_control_is_mapped_or_said_not_to_be(framework: Framework) -> None:
    assert framework.controls.keys() | framework.unmapped.keys() == CONTROLS


@pytest.mark.parametrize("framework", frameworks(), ids=lambda f: f.id)
def test_every_requirement_says_against_what_it_was_checked(framework: Framework) -> None:
    assert all(requirement.proof for requirement in framework.requirements.values())


def test_a_map_that_does_not_hold_together_is_refused() -> None:
    framework = frameworks()[0]
    torn = framework.model_copy(
        update={
            "controls": {**framework.controls, "ZT-01": ("nowhere",), "ZT-02": ()},
            "unmapped": {"ZT-01": "why"},
            "requirements": {**framework.requirements, "unused": next(iter(framework.requirements.values()))},
            "proofs": {},
        }
    )
    told = " ".join(gaps(torn))
    for fault in (
        "nowhere is mapped and not described",
        "unused is described and not mapped",
        "ZT-01 is mapped and unmapped",
        "ZT-02 is mapped to nothing",
        "is not described",
    ):
        assert fault in told
    assert not gaps(framework)


@pytest.mark.parametrize("framework", frameworks(), ids=lambda f: f.id)
def test_no_requirement_passes_while_an_org_was_not_read(framework: Framework) -> None:
    made = sample()
    assert made.unreadable
    found = standings(framework, made)
    assert [each.requirement for each in found] == list(framework.requirements)
    assert all(each.verdict in (Verdict.FAIL, Verdict.UNKNOWN) for each in found)
    assert all(sum(each.counts.values()) == 6 * len(each.controls) for each in found)


def test_a_requirement_passes_when_all_its_controls_pass_everywhere() -> None:
    made = sample()
    passed = tuple(v.model_copy(update={"verdict": Verdict.PASS, "findings": ()}) for v in made.verdicts)
    clean = made.model_copy(update={"verdicts": passed, "unreadable": {}})
    for framework in frameworks():
        assert {each.verdict for each in standings(framework, clean)} == {Verdict.PASS}
    one = passed[0].model_copy(update={"verdict": Verdict.FAIL})
    worse = clean.model_copy(update={"verdicts": (one, *passed[1:])})
    for framework in frameworks():
        failing = {each.requirement for each in standings(framework, worse) if each.verdict is Verdict.FAIL}
        assert failing == set(framework.asked_by(one.control))
