"""One org whose enforcer cannot be used: plans leave it out and say what to do, applies go on without it, phases are not held up."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from flows.allow_listing import allow_listing
from flows.assessment import assessment
from flows.plans import apply_plan, approve_plan, rollback_plan
from flows.quick_wins import QuickWin, quick_wins
from tasks.errors import PhaseRefused, PlanRefused, PlanStopped
from tasks.orgs import forget_connections, load_policy, open_ledger
from tasks.plans.digest import policy_digest
from tasks.plans.draft import left_out_of
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Change, ChangeClass, Plan, Resource, ResourceKind
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.steps import keep_plan
from tests.product import Product
from tests.running import RunningEstate
from tests.tasks.plans.worlds import plan_of

ASLEEP, AWAKE, OTHER = "apac", "emea", "hq-uat"
"""The embedded estate's own planted misconfiguration, and orgs that can be changed; the last is a sandbox, so it comes first."""
SET = "Apart"


def found(digest: str) -> PlanStatus:
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        return book.status(book.find(digest)[0])


def page(product: Product, key: str) -> str:
    return str(product.prefect("GET", f"/artifacts/{key}/latest")["data"])


@contextmanager
def without_enforcer(estate: RunningEstate, org: str) -> Iterator[None]:
    """Somebody in the org has made Bulkhead's writing user inactive."""
    who = f"client.laboratory@{org}.meridian.example"
    soql = f"SELECT Id FROM User WHERE Username = 'bulkhead.enforcer@{org}.meridian.example'"
    (row,) = estate.get(org, who, f"v62.0/query?q={soql}").json()["records"]

    def switched(*, on: bool) -> None:
        done = estate.call("PATCH", org, who, f"v62.0/sobjects/User/{row['Id']}", json={"IsActive": on})
        assert done.ok, done.text
        forget_connections()

    switched(on=False)
    try:
        yield
    finally:
        switched(on=True)


def a_plan_for(*orgs: str) -> str:
    """Approved by two people: a permission set that nobody holds, in each org."""
    now = datetime.now(UTC)
    changes: Sequence[Change] = [
        Change(
            number=number,
            resource=Resource(org=org, kind=ResourceKind.PERMISSION_SET, key=SET),
            before=None,
            after={"label": "Apart", "permissions": ["ApiEnabled"]},
            kind=ChangeClass.WIDENING,
            control="ZT-03",
            why="a test wants it",
            effect="nobody holds it",
        )
        for number, org in enumerate(orgs, start=1)
    ]
    made: Plan = plan_of(
        changes,
        policy_digest=policy_digest(load_policy()),
        made_at=now,
        expires_at=now + timedelta(days=1),
    )
    digest = keep_plan.fn(made)
    for approver in ("bob", "eve"):
        approve_plan(digest=digest, approver=approver, reason="reviewed")
    return digest


def test_a_plan_leaves_it_out_and_says_why_and_what_to_do(product: Product) -> None:
    digest = allow_listing(requester="ada", orgs=[ASLEEP, AWAKE])
    plan = found(digest).plan
    assert plan.orgs == (AWAKE,) and ASLEEP not in plan.title
    said = left_out_of(plan)[ASLEEP]
    assert "nothing can be changed there" in said and f"bulkhead.enforcer@{ASLEEP}.meridian.example" in said
    assert (
        f"The user is not active: activate it in Setup of {ASLEEP} (Users). Then start the job or its phase again"
        in said
    )
    assert "activate it in Setup" in page(product, f"plan-{digest[:12]}")


@pytest.mark.slow
def test_an_apply_goes_on_without_it_and_ends_once_it_is_mended(
    product: Product, estate: RunningEstate
) -> None:
    digest = a_plan_for(AWAKE, "hq", OTHER)
    with without_enforcer(estate, AWAKE):
        with pytest.raises(PlanStopped, match=rf"carried out but for {AWAKE}: .*cannot reach {AWAKE}"):
            apply_plan(digest=digest, actor="ada")
        status = found(digest)
        assert status.history.verified == {2, 3} and status.stage is Stage.STOPPED
        assert f"{AWAKE}: " in status.reason
        waiting = page(product, "waiting-plans").replace("<br>", " ")
        assert re.search(rf"`{digest[:12]}` .*it stopped, {AWAKE}: ", waiting)
    assert apply_plan(digest=digest, actor="ada").stage is Stage.APPLIED
    assert rollback_plan(digest=digest, reason="a test is over").stage is Stage.APPLIED


@pytest.mark.slow
def test_where_no_org_can_be_reached_nothing_is_begun(product: Product, estate: RunningEstate) -> None:
    digest = a_plan_for(AWAKE)
    with (
        without_enforcer(estate, AWAKE),
        pytest.raises(PlanRefused, match=rf"the enforcer cannot reach {AWAKE}"),
    ):
        apply_plan(digest=digest)
    assert not found(digest).history.begun


@pytest.mark.slow
def test_a_phase_goes_on_without_it_and_says_so_on_its_page(product: Product) -> None:
    forget_connections()
    assessment()
    jobs = [QuickWin.SECOND_FACTORS, QuickWin.WEB_FIREWALL]
    made = quick_wins(requester="ada", jobs=jobs, orgs=[ASLEEP, OTHER])
    assert {each.job for each in made} == {job.value for job in jobs} and not any(e.failed for e in made)
    plans = {each.job: found(each.digest).plan for each in made}
    assert set(plans["web-firewall"].orgs) == {ASLEEP, OTHER}, "what AWS holds for it can be changed"
    assert ASLEEP not in plans["second-factors"].orgs and ASLEEP in left_out_of(plans["second-factors"])
    shown = page(product, "quick-wins")
    assert "## Left out" in shown and f"* {ASLEEP}: nothing can be changed there:" in shown
    assert f"activate it in Setup of {ASLEEP}" in shown
    again = quick_wins(requester="ada", jobs=jobs, orgs=[ASLEEP, OTHER])
    assert [each.digest for each in again] == [each.digest for each in made]
    assert "Orgs that quick-wins leaves out" in page(product, "zero-trust")


@pytest.mark.slow
def test_a_phase_for_that_org_alone_is_refused_with_what_to_do(product: Product) -> None:
    with pytest.raises(
        PhaseRefused, match=rf"quick-wins can plan for none of {ASLEEP}\..*activate it in Setup"
    ):
        quick_wins(requester="ada", orgs=[ASLEEP])
