"""What waits for whom, what a yes has brought, and the forms and commands that are next."""

from datetime import timedelta

import pytest

from tasks.estate.model_changes import ApprovalPolicy, ChangePolicy
from tasks.estate.policy import Policy
from tasks.phases.model import PlanStand
from tasks.plans.digest import digest
from tasks.plans.draft import left_out_line
from tasks.plans.gate import Circumstances, hopeless, refusals
from tasks.plans.model import History, Planned
from tasks.plans.next import Open, approval_markdown, next_steps, waiting_markdown
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.render import markdown, outcome_markdown, phase_markdown
from tasks.plans.standing_steps import OVERTAKEN, stands
from tasks.plans.waiting import Wanted, open_plans, to_make_anew, wanted
from tests.tasks.plans.test_drift import NOW, SETTING, status
from tests.tasks.plans.test_gate import approval, change, plan

FORMS = {"approve-plan": "11", "apply-plan": "22", "rollback-plan": "33"}
UNSIGNED, SIGNED = ChangePolicy(), ChangePolicy(approvals=ApprovalPolicy(signed=("narrowing",)))
WAITS = status(SETTING, stage=Stage.PLANNED)
SHORT = WAITS.digest[:12]


def standing(*plans: PlanStatus, **changes: object) -> dict[str, PlanStand]:
    found = stands(plans, [], "0" * 64, NOW)
    return {name: stand.model_copy(update={"begun": False, **changes}) for name, stand in found.items()}


def of(needed: int = 2, given: tuple[str, ...] = (), signed: bool = False) -> Wanted:
    return Wanted(needed=needed, given=given, signed=signed)


def test_only_a_yes_that_counts_is_taken_off_what_is_wanted() -> None:
    made = plan(change())
    yes = [approval(made, "ada"), approval(made, "eve"), approval(plan(title="Another"), "bob")]
    assert wanted(made, yes, UNSIGNED) == Wanted(needed=1, given=("eve",), signed=False)
    assert wanted(made, yes, SIGNED) == Wanted(needed=1, given=(), signed=True)


@pytest.mark.parametrize("stage", sorted(Stage))
def test_open_is_what_is_neither_done_nor_past(stage: Stage) -> None:
    one = status(SETTING, stage=stage)
    wanted_ones = {Stage.PLANNED, Stage.APPROVED, Stage.APPLYING, Stage.STOPPED}
    assert open_plans([one], standing(one)) == ([one] if stage in wanted_ones else [])
    assert open_plans([one], standing(one, outdated=True)) == []
    assert open_plans([one], standing(one, overtaken=True)) == []


def test_what_another_plan_has_overtaken_is_told_until_it_expires() -> None:
    assert to_make_anew([WAITS], standing(WAITS, overtaken=True)) == [WAITS]
    assert to_make_anew([WAITS], standing(WAITS)) == []
    assert to_make_anew([WAITS], standing(WAITS, overtaken=True, outdated=True)) == []
    shown = waiting_markdown([], FORMS, [WAITS])
    assert "## To be made anew" in shown and f"`{SHORT}`" in shown and "No plan waits" in shown
    assert "anew" not in waiting_markdown([], FORMS)


def test_what_is_begun_stays_open_whatever_else_is_true() -> None:
    assert open_plans([WAITS], standing(WAITS, begun=True, outdated=True)) == [WAITS]


def test_of_plans_about_the_same_the_last_is_shown() -> None:
    later = WAITS.plan.model_copy(update={"made_at": WAITS.plan.made_at + timedelta(hours=1)})
    newer = WAITS.model_copy(update={"digest": "f" * 64, "plan": later})
    assert open_plans([newer, WAITS], standing(newer, WAITS)) == [newer]


def test_links_lead_to_forms_that_are_filled_in() -> None:
    shown = "\n".join(next_steps(WAITS.plan, WAITS.digest, of(), FORMS))
    assert f"/deployments/deployment/11/run?parameters=%7B%22digest%22%3A%22{SHORT}%22%7D" in shown
    assert shown.startswith("1. Let 2 people approve it, not ada") and "2. Apply it" in shown
    assert "Let one more person" in "\n".join(next_steps(WAITS.plan, WAITS.digest, of(given=("bob",)), FORMS))
    assert next_steps(WAITS.plan, WAITS.digest, of(needed=0), FORMS)[0].startswith("1. Apply it")


def test_where_a_signature_is_wanted_the_command_stands_and_no_form() -> None:
    typed = f'`bulkhead plan approve {SHORT} --reason "…" --approver you@example.com --key ~/.ssh/id_ed25519`'
    shown = "\n".join(next_steps(WAITS.plan, WAITS.digest, of(signed=True), FORMS))
    assert typed in shown and "[approve-plan]" not in shown
    refused = outcome_markdown(WAITS, refused=["2 people must"], wanted=of(signed=True), forms=FORMS)
    assert "| Approved by | nobody yet |" in refused
    assert typed in refused and "nothing was sent" in refused
    listed = waiting_markdown([Open(status=WAITS, wanted=of(signed=True))], FORMS)
    assert typed.strip("`") in listed and "sign, below" in listed


def test_the_page_says_for_whom_each_plan_waits() -> None:
    shown = waiting_markdown([Open(status=WAITS, wanted=of(given=("bob",)))], FORMS)
    assert f"`{SHORT}`" in shown and "one more person other than<br>ada" in shown and "yes: bob" in shown
    ready = waiting_markdown([Open(status=WAITS, wanted=of(given=("bob", "eve")))], FORMS)
    assert "who applies it" in ready and "/deployments/deployment/22/run" in ready
    stopped = WAITS.model_copy(update={"stage": Stage.STOPPED, "reason": "the org has moved on"})
    assert "has moved" in waiting_markdown([Open(status=stopped, wanted=of(needed=0))], FORMS)
    assert "No plan waits" in waiting_markdown([], FORMS)


def test_only_approvals_that_count_stand_on_the_page_of_what_became_of_it() -> None:
    said = WAITS.model_copy(update={"approvals": ("ada", "bob")})
    shown = outcome_markdown(said, refused=["2 people must"], wanted=of(given=("bob",)), forms=FORMS)
    assert "| Approved by | bob |" in shown
    assert "| Approved by | nobody yet |" in outcome_markdown(said, wanted=of(signed=True))


CHANGED = {"policy_digest": "f" * 64}
MANY = Policy(changes=ChangePolicy(max_changes=1))
KEYS = Policy(changes=ChangePolicy(approvals=ApprovalPolicy(signed=("narrowing",))))


@pytest.mark.parametrize(
    ("policy", "later", "changed", "why"),
    [
        (Policy(), timedelta(), CHANGED, "policy.yaml was changed after"),
        (Policy(), timedelta(days=99), {}, "the plan expired on"),
        (MANY, timedelta(), {}, "2 changes are more than the 1 allowed"),
        (KEYS, timedelta(), {}, "whom approvals.keys in policy.yaml does not name"),
    ],
)
def test_what_would_be_refused_whatever_anybody_does_has_a_reason_in_place_of_a_form(
    policy: Policy, later: timedelta, changed: dict[str, str], why: str
) -> None:
    made = plan(change(1), change(2), policy=policy).model_copy(update=changed)
    now = made.made_at + later
    against = hopeless(made, policy, now)
    yes = [approval(made, "eve").model_copy(update={"signed_by": "a key"})]
    assert any(why in each for each in against)
    assert set(against) <= set(refusals(made, yes, policy, Circumstances(now=now, users={"hq": 100})))
    assert hopeless(plan(), Policy(), made.made_at) == ()
    waits = WAITS.model_copy(update={"plan": made, "digest": digest(made), "history": History()})
    for each in (of(signed=policy is KEYS), of(given=("bob", "eve"))):
        shown = waiting_markdown([Open(status=waits, wanted=each, against=against)], FORMS)
        plain = " ".join(shown.replace("<br>", " ").split())
        assert why in plain and "it would be refused" in plain
        assert "apply-plan" not in shown and "approve" not in shown.replace("approvals", "").replace(
            "approver", ""
        )
        assert "rollback-plan" not in shown, "nothing was sent yet"
    begun = waits.model_copy(update={"stage": Stage.APPLYING, "history": History(attempts={1: 1})})
    assert "[rollback-plan]" in waiting_markdown([Open(status=begun, wanted=of(), against=against)], FORMS)


NEVER = ("hq: the access of 40 users would change; 5 are allowed in one plan",)
NOW_NOT = ("no change window is open",)
SENT = History(attempts={1: 1}, verified=frozenset({1}))
A_BACK = "a" * 12


def named(shown: str) -> set[str]:
    """The forms and commands that the next steps of a page name, those of another plan's rollback apart."""
    after = shown.partition("## Next")[2]
    found = {name for name, form in FORMS.items() if f"deployment/{form}/" in after.replace(A_BACK, "")}
    assert ("bulkhead plan apply" in after) == ("apply-plan" in found)
    assert ("bulkhead plan approve" in after) == ("approve-plan" in found)
    return {name.partition("-")[0] for name in found}


@pytest.mark.parametrize("missing", [True, False])
@pytest.mark.parametrize(
    ("stage", "history", "refused", "lasting", "undoes", "wants"),
    [
        (Stage.PLANNED, History(), (), (), None, {"approve", "apply", "rollback"}),
        (Stage.APPROVED, History(), NOW_NOT, (), None, {"approve", "apply", "rollback"}),
        (Stage.PLANNED, History(), (), (), "a" * 64, {"approve", "apply"}),
        (Stage.PLANNED, History(), NEVER, NEVER, None, set()),
        (Stage.APPROVED, History(), NEVER, NEVER, None, set()),
        (Stage.PLANNED, History(), (), (OVERTAKEN,), None, set()),
        (Stage.APPROVED, History(), (), (OVERTAKEN,), None, set()),
        (Stage.EXPIRED, History(), (), (), None, set()),
        (Stage.EXPIRED, History(), NEVER, NEVER, "a" * 64, {"rollback"}),
        (Stage.APPLYING, SENT, (), (), None, {"approve", "apply", "rollback"}),
        (Stage.APPLYING, SENT, NEVER, NEVER, None, {"rollback"}),
        (Stage.STOPPED, SENT, (), (), None, {"approve", "apply", "rollback"}),
        (Stage.STOPPED, SENT, NEVER, NEVER, None, {"rollback"}),
        (Stage.STOPPED, SENT, NEVER, NEVER, "a" * 64, {"rollback"}),
        (Stage.APPLIED, SENT, (), (), None, {"rollback"}),
        (Stage.APPLIED, SENT, NEVER, NEVER, None, {"rollback"}),
        (Stage.APPLIED, SENT, (), (), "a" * 64, set()),
        (Stage.PARTLY_TAKEN_BACK, SENT, (), (), None, {"rollback"}),
        (Stage.PARTLY_TAKEN_BACK, SENT, NEVER, NEVER, None, {"rollback"}),
        (Stage.TAKEN_BACK, SENT, (), (), None, set()),
        (Stage.TAKEN_BACK, SENT, NEVER, NEVER, None, set()),
    ],
)
def test_each_state_of_a_plan_has_its_next_step(
    stage: Stage,
    history: History,
    refused: tuple[str, ...],
    lasting: tuple[str, ...],
    undoes: str | None,
    wants: set[str],
    missing: bool,
) -> None:
    """No yes is asked for what can never be applied, and what stands can be taken back."""
    made = plan(change(1), change(2), undoes=undoes)
    stands_so = WAITS.model_copy(
        update={"plan": made, "digest": digest(made), "stage": stage, "history": history}
    )
    wanted_of = of(given=() if missing else ("bob", "eve"))
    if not missing:
        wants = wants - {"approve"}
    pages = [
        outcome_markdown(stands_so, "", refused, wanted_of, FORMS, lasting),
        approval_markdown(stands_so, "bob", wanted_of, refused, FORMS, lasting),
    ]
    for shown in pages:
        assert named(shown) == wants, shown
        if not wants and stage in (Stage.PLANNED, Stage.APPROVED, Stage.EXPIRED):
            assert "Make it anew" in shown
        if undoes and stage in (Stage.EXPIRED, Stage.STOPPED):
            assert f"Take the plan `{A_BACK}` back anew" in shown


def test_the_table_of_next_steps_knows_every_stage() -> None:
    (mark,) = [
        each
        for each in test_each_state_of_a_plan_has_its_next_step.pytestmark  # type: ignore[attr-defined]  # pytest's
        if len(each.args[0]) == 6
    ]
    assert {row[0] for row in mark.args[1]} == set(Stage)


def test_a_plan_that_can_never_be_applied_says_so_where_it_is_made() -> None:
    made = plan(change(1), change(2), policy=MANY)
    against = hopeless(made, MANY, made.made_at)
    assert named(markdown(made, digest(made), 2, against, FORMS)) == set()
    assert named(markdown(made, digest(made), 2, (), FORMS)) == {"approve", "apply", "rollback"}
    job = Planned(job="least-privilege", digest=digest(made), changes=2, against=against)
    shown = phase_markdown("quick-wins", [job])
    assert "would be refused" in shown and "approve-plan" not in shown


def test_a_way_back_is_held_by_no_limit() -> None:
    back = plan(change(1), change(2), policy=MANY, undoes="a" * 64)
    assert hopeless(back, MANY, back.made_at) == ()


def test_a_yes_that_does_not_count_is_called_so() -> None:
    shown = approval_markdown(WAITS, "bob", of(given=("bob",)), ["2 people must approve it; 1 did"], FORMS)
    assert "The yes of bob is noted." in shown and "* 2 people must approve it; 1 did" in shown
    assert "does not count" in approval_markdown(WAITS, "ada", of(), ["2 people must"], FORMS)
    held = approval_markdown(WAITS, "eve", of(given=("bob", "eve")), ["too many users"], FORMS)
    assert "too many users" in held and "1. Once nothing above speaks against it, apply it" in held
    assert "It may be applied now" in approval_markdown(WAITS, "eve", of(given=("bob", "eve")), [], FORMS)


def test_who_is_left_out_stands_before_the_changes_and_once() -> None:
    out = left_out_line("apac", "nothing can be changed there: its enforcer is not active")
    shown = markdown(plan(change(1), risks=(out, "hq: somebody signs in by hand")), "a" * 64, 1)
    assert shown.count("apac is left out: ") == 1
    assert shown.index("## Left out") < shown.index("## hq") < shown.index("## What could break")
    assert "* hq: somebody signs in by hand" in shown
