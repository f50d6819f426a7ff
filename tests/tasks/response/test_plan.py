"""How far a containment goes, and what stops it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.estate.model_response import ResponsePolicy, ResponseRule, Rung
from tasks.plans.model import ResourceKind
from tasks.response.model import AppSeen, Containment, Deed, Found, Recent, Seen
from tasks.response.plan import containment, refusal, rule_for, stored_credentials
from tests.tasks.response.worlds import (
    ADMISSION,
    APP_POLICY,
    ASSIGNMENT,
    CALLOUTS,
    ORG,
    OTHER,
    POLICY,
    ROUTE,
    SECRET,
    SIGN_IN,
    USER,
    estate,
    facts,
    resource,
    seen,
)


def made(
    rung: Rung = Rung.ROUTE, recent: Recent | None = None, at: Seen | None = None, **policy: object
) -> Containment:
    rules = (ResponseRule(rung=rung, undo_after=timedelta(hours=4)),)
    by = POLICY.model_copy(update={"rules": rules, **policy})
    return containment("c" * 16, facts(), at or seen(), estate(), by, recent or Recent())


def taken(done: Containment) -> list[object]:
    return [step.resource or step.deed for step in done.steps]


@pytest.mark.parametrize(
    ("rung", "expected"),
    [
        (Rung.WATCH, []),
        (Rung.SESSIONS, [Deed.END]),
        (Rung.FREEZE, [SIGN_IN, Deed.END]),
        (Rung.ACCESS, [SIGN_IN, Deed.END, APP_POLICY, ADMISSION, ASSIGNMENT, Deed.END]),
        (Rung.ROTATE, [SIGN_IN, Deed.END, APP_POLICY, ADMISSION, ASSIGNMENT, Deed.END, Deed.ROTATE]),
        (Rung.ROUTE, [SIGN_IN, Deed.END, APP_POLICY, ADMISSION, ASSIGNMENT, Deed.END, CALLOUTS, Deed.ROTATE]),
    ],
)
def test_each_rung_takes_what_those_before_it_take(rung: Rung, expected: list[object]) -> None:
    done = made(rung)
    assert taken(done) == expected
    assert done.waiting == frozenset()
    assert [step.number for step in done.steps] == list(range(1, len(expected) + 1))


def test_without_a_rule_nothing_is_taken() -> None:
    done = containment("c" * 16, facts(), seen(), estate(), ResponsePolicy(auto_disable=(ORG,)), Recent())
    assert (done.rung, done.steps, done.users) == (Rung.WATCH, (), ())


def test_the_first_rule_that_fits_counts() -> None:
    policy = ResponsePolicy(
        rules=(
            ResponseRule(detection="volume-*", severity="critical", rung=Rung.FREEZE),
            ResponseRule(severity="error", rung=Rung.SESSIONS),
        )
    )
    assert rule_for(facts(), policy).rung is Rung.FREEZE
    assert rule_for(facts(detection="impossible-travel"), policy).rung is Rung.SESSIONS
    assert rule_for(facts(severity="warning"), policy).rung is Rung.WATCH


def test_an_org_that_policy_does_not_name_waits_for_a_person() -> None:
    done = made(auto_disable=("hq",))
    assert done.waiting == {step.number for step in done.steps} and done.needed == 1
    assert "auto_disable" in done.why[0]


def test_rungs_beyond_what_policy_leaves_to_itself_wait() -> None:
    done = made(unasked=Rung.FREEZE)
    assert {step.rung for step in done.steps if step.number not in done.waiting} == {
        Rung.FREEZE,
        Rung.SESSIONS,
    }


def test_who_owns_the_org_is_kept_out_by_two_people_only() -> None:
    done = made(at=seen(tier_0=True))
    assert done.needed == 2
    assert [step.deed for step in done.steps if step.number not in done.waiting] == [Deed.END]


def test_break_glass_accounts_and_ours_are_refused() -> None:
    assert "break-glass" in (refusal(facts(), seen(), "a break-glass account") or "")
    assert refusal(facts(), seen(), "") is None
    assert "no active user" in (refusal(facts(), seen(sign_in=None), "") or "")


def test_whom_the_app_acts_as_is_kept_out_too_but_never_a_spared_one() -> None:
    other = Found(resource=resource(ResourceKind.SIGN_IN, OTHER), state={"on": True})
    at = seen(run_as=(other,))
    assert other.resource in taken(made(Rung.ACCESS, at=at))
    done = containment("c" * 16, facts(), at, estate(), POLICY, Recent(), spared=[OTHER])
    assert other.resource not in taken(done)
    assert any(OTHER in line for line in done.left)


def test_what_is_so_already_is_not_taken_and_so_not_given_back() -> None:
    frozen = Found(resource=SIGN_IN, state={"on": False})
    assert SIGN_IN not in taken(made(at=seen(sign_in=frozen)))


def test_many_users_through_an_app_are_not_shut_out_unasked() -> None:
    app = seen().apps[0].model_copy(update={"admitted": 21})
    done = made(at=seen(apps=(app,)))
    waiting = {step.number for step in done.steps} & done.waiting
    assert [step.resource or step.deed for step in done.steps if step.number in waiting] == [
        APP_POLICY,
        ADMISSION,
        Deed.END,
    ]


def test_more_users_than_the_share_within_an_hour_wait() -> None:
    nineteen = frozenset(f"u{n}@emea.example" for n in range(19))
    assert made(recent=Recent(users=nineteen)).waiting == frozenset()
    twenty = nineteen | {"u19@emea.example"}
    done = made(recent=Recent(users=twenty))
    assert done.waiting == {step.number for step in done.steps}
    assert made(recent=Recent(users=twenty | {USER})).waiting == frozenset(), "the same user counts once"


def test_more_routes_than_allowed_within_an_hour_wait() -> None:
    done = made(recent=Recent(routes=frozenset({"A", "B"})))
    assert done.routes == (ROUTE,)
    assert {step.rung for step in done.steps if step.number not in done.waiting} == {Rung.SESSIONS}
    assert made(recent=Recent(routes=frozenset({ROUTE, "B"}))).waiting == frozenset()


def test_credentials_to_replace_are_found_by_the_apps_of_the_steps() -> None:
    assert stored_credentials(made(), estate()) == [SECRET]
    assert stored_credentials(made(at=seen(apps=())), estate()) == [SECRET], "by the app that the alert names"
    other = containment("c" * 16, facts(app="", route=""), seen(apps=()), estate(), POLICY, Recent())
    assert stored_credentials(other, estate()) == []


def test_what_stays_open_is_named() -> None:
    hidden = AppSeen(name="Vendor", labels=("Vendor",))
    assert any("Vendor" in line for line in made(at=seen(apps=(hidden,))).left)
    done = containment(
        "c" * 16, facts(username=OTHER, app="", route=""), seen(apps=()), estate(), POLICY, Recent()
    )
    assert any("nothing is rotated" in line for line in done.left)
    assert any("calls out" in line for line in made(at=seen(callouts=())).left)
    assert made().left == ()
    assert [step.secret for step in made().steps if step.secret] == [SECRET]


@settings(deadline=None)  # a busy machine is no failure
@given(
    rung=st.sampled_from(Rung),
    unasked=st.sampled_from(Rung),
    named=st.booleans(),
    tier_0=st.booleans(),
    users=st.integers(0, 5000),
    share=st.floats(0.001, 1),
    admitted=st.integers(0, 50),
    earlier=st.sets(st.integers(0, 60), max_size=60),
    routes=st.sets(st.sampled_from([ROUTE, "A", "B", "C"])),
    most=st.integers(0, 4),
)
def test_no_breaker_is_ever_passed_without_a_person(
    rung: Rung,
    unasked: Rung,
    named: bool,
    tier_0: bool,
    users: int,
    share: float,
    admitted: int,
    earlier: set[int],
    routes: set[str],
    most: int,
) -> None:
    app = seen().apps[0].model_copy(update={"admitted": admitted})
    before = Recent(users=frozenset(f"u{n}@emea.example" for n in earlier), routes=frozenset(routes))
    done = made(
        rung,
        before,
        seen(tier_0=tier_0, users=users, apps=(app,)),
        unasked=unasked,
        auto_disable=(ORG,) if named else (),
        max_share=share,
        max_routes=most,
    )
    now = [step for step in done.steps if step.number not in done.waiting]
    allowed = max(1, int(share * users))
    assert all(step.rung.height <= rung.height for step in done.steps)
    if now:
        assert named and all(step.rung.height <= unasked.height for step in now)
        assert len(before.users | set(done.users)) <= allowed
    if any(step.rung is not Rung.SESSIONS for step in now):
        assert not tier_0
        assert len(before.routes | set(done.routes)) <= most or set(done.routes) <= before.routes
    if any(step.resource in (APP_POLICY, ADMISSION) for step in now):
        assert admitted <= allowed
