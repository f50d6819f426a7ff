"""Phases start from evidence, make only what is missing, and say what blocks the next."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.estate.model_phases import PhasesPolicy
from tasks.phases.model import STEPS, Done, Evidence, Phase, PlanStand, Progress
from tasks.phases.plan import (
    aside,
    calendar,
    evidence_against,
    evidence_for,
    is_late,
    phase_before_against,
    standings,
    to_make,
)
from tasks.phases.words import calendar_markdown, phase_markdown

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ESTATE, OTHER = "a" * 64, "b" * 64
POLICY = PhasesPolicy()
ORGS = ("hq", "emea")
SEEN = Evidence(name="1" * 64, at=NOW - timedelta(days=3), read=ORGS, estate=ESTATE)


def job(name: str, phase: Phase = Phase.QUICK_WINS, **changes: object) -> Done:
    code = next(step.code for step in STEPS[phase] if step.job == name)
    values = {"phase": phase, "code": code, "job": name, "evidence": SEEN.name, "orgs": ORGS, "at": NOW}
    return Done.model_validate({**values, **changes})


def plan(digest: str, **changes: object) -> PlanStand:
    values = dict.fromkeys(("finished", "begun", "taken_back", "overtaken", "outdated"), False)
    return PlanStand.model_validate({"digest": digest, "stage": "planned", "changes": 3, **values, **changes})


def every_job(phase: Phase, digest: str) -> list[Done]:
    return [job(step.job, phase, digest=digest) for step in STEPS[phase]]


class TestEvidence:
    def against(self, evidence: Evidence | None, estate: str = ESTATE, now: datetime = NOW) -> str:
        return evidence_against(Phase.QUICK_WINS, evidence, estate, ORGS, now, POLICY)

    def test_without_an_assessment_no_phase_starts(self) -> None:
        said = self.against(None)
        assert "there is none" in said and "bulkhead run assessment" in said

    def test_a_fresh_one_is_enough(self) -> None:
        assert not self.against(SEEN)

    @pytest.mark.parametrize("late", [timedelta(seconds=1), timedelta(days=400)])
    def test_a_stale_one_is_refused_with_both_ages(self, late: timedelta) -> None:
        assert not self.against(SEEN, now=SEEN.at + POLICY.evidence_max_age)
        said = self.against(SEEN, now=SEEN.at + POLICY.evidence_max_age + late)
        assert "old; 8 days are allowed" in said and "bulkhead run assessment" in said

    def test_one_of_another_estate_is_refused(self) -> None:
        assert "estate.yaml was changed" in self.against(SEEN, estate=OTHER)

    def test_one_org_that_was_read_is_enough(self) -> None:
        part = SEEN.model_copy(update={"read": ("hq",), "unread": {"emea": "emea: no answer."}})
        assert not self.against(part)

    def test_none_that_was_read_is_refused_with_why(self) -> None:
        none = SEEN.model_copy(
            update={"read": (), "unread": {"emea": "emea: no answer.", "hq": "hq: asleep."}}
        )
        said = self.against(none)
        assert "no answer" in said and "asleep" in said


class TestWhichEvidence:
    def chosen(self, *assessments: Evidence) -> Evidence | None:
        return evidence_for(Phase.QUICK_WINS, assessments, ESTATE, ORGS, NOW, POLICY)

    def test_an_assessment_of_one_org_hides_no_whole_one(self) -> None:
        part = SEEN.model_copy(update={"name": OTHER, "at": NOW, "read": ("hq",)})
        assert self.chosen(SEEN, part) == SEEN

    def test_where_no_whole_one_is_fresh_the_newest_counts(self) -> None:
        old = SEEN.model_copy(update={"at": NOW - timedelta(days=30)})
        part = SEEN.model_copy(update={"name": OTHER, "at": NOW, "read": ("hq",)})
        assert self.chosen(old, part) == part
        assert self.chosen() is None


class TestResume:
    STEP = next(step for step in STEPS[Phase.QUICK_WINS] if step.job == "least-privilege")

    def made(self, *done: Done, **of_the_plan: object) -> tuple[str, ...]:
        return to_make(self.STEP, done, {"d": plan("d", **of_the_plan)}, ORGS, SEEN.name)

    def test_what_never_ran_is_made(self) -> None:
        assert self.made() == ORGS

    def test_a_plan_that_waits_is_left_as_it_is(self) -> None:
        assert self.made(job("least-privilege", digest="d")) == ()

    @pytest.mark.parametrize("why", ["taken_back", "overtaken", "outdated"])
    def test_what_is_past_is_made_anew(self, why: str) -> None:
        assert self.made(job("least-privilege", digest="d"), **{why: True}) == ORGS

    @pytest.mark.parametrize("why", ["overtaken", "outdated"])
    def test_a_plan_that_is_being_carried_out_is_not_made_anew(self, why: str) -> None:
        assert self.made(job("least-privilege", digest="d"), **{why: True, "begun": True}) == ()

    def test_only_the_org_that_is_missing_is_made(self) -> None:
        assert self.made(job("least-privilege", digest="d", orgs=("hq",))) == ("emea",)

    def test_a_failure_is_tried_again_and_the_others_are_left(self) -> None:
        good = job("least-privilege", digest="d", orgs=("hq",))
        assert self.made(good, job("least-privilege", failed="no", orgs=("emea",))) == ("emea",)

    def test_what_was_made_from_older_evidence_is_made_anew(self) -> None:
        assert self.made(job("least-privilege", digest="d", evidence=OTHER)) == ORGS

    def test_the_last_word_counts(self) -> None:
        failed, good = job("least-privilege", failed="no"), job("least-privilege", digest="d")
        assert self.made(failed, good) == ()
        assert self.made(good, failed) == ORGS


class TestTheOneBefore:
    def test_waiting_plans_hold_the_next_phase_and_are_named(self) -> None:
        far = standings(
            Phase.QUICK_WINS, every_job(Phase.QUICK_WINS, "d" * 64), {"d" * 64: plan("d" * 64)}, ORGS
        )
        said = phase_before_against(Phase.ADVANCED, far)
        assert "Q2 least-privilege waits with 3 changes (hq, emea): plan dddddddddddd" in said
        assert "approve-plan" in said and "although_open" in said

    def test_jobs_that_never_ran_say_what_to_run(self) -> None:
        said = phase_before_against(Phase.ADVANCED, standings(Phase.QUICK_WINS, [], {}, ORGS))
        assert "Q1 allow-listing was never run" in said and "bulkhead run quick-wins" in said

    def test_finished_plans_let_it_start(self) -> None:
        plans = {"d": plan("d", finished=True, begun=True)}
        far = standings(Phase.QUICK_WINS, every_job(Phase.QUICK_WINS, "d"), plans, ORGS)
        assert all(each.progress is Progress.DONE for each in far)
        assert not phase_before_against(Phase.ADVANCED, far)

    def test_one_org_that_is_behind_holds_it(self) -> None:
        plans = {"d": plan("d", finished=True, begun=True)}
        done = [each for each in every_job(Phase.QUICK_WINS, "d") if each.job != "oauth-flows"]
        far = standings(Phase.QUICK_WINS, [*done, job("oauth-flows", digest="d", orgs=("hq",))], plans, ORGS)
        assert "Q4 oauth-flows was never run (emea)" in phase_before_against(Phase.ADVANCED, far)

    def test_the_assessment_needs_nothing_before_it(self) -> None:
        assert not phase_before_against(Phase.ASSESSMENT, standings(Phase.ASSESSMENT, [], {}, ORGS))


class TestOrgsAside:
    def test_an_org_in_which_a_job_failed_holds_up_no_other(self) -> None:
        done = [*every_job(Phase.QUICK_WINS, "d"), job("oauth-flows", failed="no way in.", orgs=("emea",))]
        plans = {"d": plan("d", finished=True, begun=True)}
        assert aside(Phase.QUICK_WINS, done, plans, ORGS) == {"emea": "Q4 oauth-flows: no way in."}
        span = calendar([SEEN], done, plans, ORGS, NOW, POLICY)[1]
        assert span.blocks == () and span.aside == ("emea: Q4 oauth-flows: no way in.",)
        shown = calendar_markdown([span], NOW)
        assert "Orgs that quick-wins leaves out" in shown and "* emea: Q4 oauth-flows" in shown

    def test_what_fails_everywhere_is_no_orgs_own_trouble(self) -> None:
        assert aside(Phase.QUICK_WINS, [job("oauth-flows", failed="no")], {}, ORGS) == {}

    def test_what_was_never_run_waits_for_a_person_and_still_holds(self) -> None:
        assert aside(Phase.QUICK_WINS, [], {}, ORGS) == {}

    def test_a_plan_that_waits_for_one_org_is_done_in_the_others(self) -> None:
        plans = {"d": plan("d", begun=True, left=frozenset({"emea"}))}
        done = every_job(Phase.QUICK_WINS, "d")
        assert {e.progress for e in standings(Phase.QUICK_WINS, done, plans, ["hq"])} == {Progress.DONE}
        far = standings(Phase.QUICK_WINS, done, plans, ORGS)
        assert {(e.progress, e.orgs) for e in far} == {(Progress.WAITING, ("emea",))}


class TestCalendar:
    def test_planned_from_the_first_assessment_on(self) -> None:
        spans = calendar([SEEN], [], {}, ORGS, NOW, POLICY)
        assert [span.phase for span in spans] == list(Phase)
        assert [span.planned_from for span in spans] == [
            SEEN.at,
            SEEN.at + timedelta(weeks=2),
            SEEN.at + timedelta(weeks=6),
            SEEN.at + timedelta(days=91),
        ]
        assert spans[0].last == SEEN.at and not spans[0].blocks
        assert spans[1].first is None and len(spans[1].blocks) == len(STEPS[Phase.QUICK_WINS])

    def test_what_is_not_done_in_time_is_late(self) -> None:
        later = SEEN.at + POLICY.quick_wins + timedelta(seconds=1)
        spans = calendar([SEEN], [], {}, ORGS, later, POLICY)
        assert [is_late(span, later) for span in spans] == [False, True, False, False]
        assert "late" in calendar_markdown(spans, later)

    def test_a_phase_is_done_with_its_last_change(self) -> None:
        done = every_job(Phase.QUICK_WINS, "d")
        changed = NOW + timedelta(days=1)
        plans = {"d": plan("d", finished=True, begun=True, changed=changed)}
        span = calendar([SEEN], done, plans, ORGS, NOW, POLICY)[1]
        assert (span.first, span.last, span.blocks) == (NOW, changed, ())

    def test_an_org_that_nobody_could_read_blocks(self) -> None:
        part = SEEN.model_copy(update={"read": ("hq",), "unread": {"emea": "emea: no answer."}})
        first = calendar([part], [], {}, ORGS, NOW, POLICY)[0]
        assert first.last is None and first.blocks == ("A1 could not read emea: emea: no answer",)

    def test_it_is_shown_with_what_blocks_the_next(self) -> None:
        shown = calendar_markdown(calendar([SEEN], [], {}, ORGS, NOW, POLICY), NOW)
        assert "What blocks advanced" in shown and "Q2 least-privilege was never run" in shown
        assert "weeks 3–6" in shown


def test_the_page_of_a_phase_has_each_job_with_its_plan_and_what_is_next() -> None:
    far = standings(
        Phase.QUICK_WINS, [job("least-privilege", digest="d" * 64)], {"d" * 64: plan("d" * 64)}, ORGS
    )
    shown = phase_markdown(Phase.QUICK_WINS, far, ["emea: no answer"])
    assert "| Q2 | least-privilege | [dddddddddddd]" in shown and "approve-plan" in shown
    assert "| Q4 | oauth-flows | **none**" in shown and "* emea: no answer" in shown
    filled = phase_markdown(Phase.QUICK_WINS, far, [], {"approve-plan": "11", "apply-plan": "22"})
    assert filled.count("%22dddddddddddd%22") == 2 and "/deployments/deployment/11/run?" in filled


def test_a_job_that_makes_no_plan_leads_to_no_page() -> None:
    far = standings(Phase.ADVANCED, [job("detect-anomalies", Phase.ADVANCED)], {}, ORGS)
    shown = phase_markdown(Phase.ADVANCED, far, [])
    assert "| D3 | detect-anomalies | **none** |  | done; it makes no plan |" in shown
    assert "1 of 6 jobs is done, 0 wait for a person" in shown


def test_where_a_signature_is_wanted_the_page_of_a_phase_has_no_form_to_approve() -> None:
    done = [
        job("least-privilege", digest="d" * 64, orgs=("hq",)),
        job("least-privilege", digest="c" * 64, orgs=("emea",)),
    ]
    plans = {"d" * 64: plan("d" * 64, signed=True), "c" * 64: plan("c" * 64)}
    shown = phase_markdown(Phase.QUICK_WINS, standings(Phase.QUICK_WINS, done, plans, ORGS), [])
    assert "| sign, see its page, then [apply-plan]" in shown
    assert shown.count("[approve-plan]") == 1, "the other has one"


def test_a_page_shows_plans_of_orgs_that_are_further_too() -> None:
    done = [
        job("least-privilege", digest="d" * 64, orgs=("hq",)),
        job("least-privilege", failed="no", orgs=("emea",)),
    ]
    far = standings(Phase.QUICK_WINS, done, {"d" * 64: plan("d" * 64)}, ORGS)
    shown = phase_markdown(Phase.QUICK_WINS, far, [])
    assert "[dddddddddddd]" in shown and "no<br>start" in shown


def test_the_steps_are_those_of_the_article() -> None:
    codes = [step.code for phase in Phase for step in STEPS[phase]]
    assert list(dict.fromkeys(codes)) == [f"{letter}{n}" for letter in "AQDC" for n in range(1, 5)]
