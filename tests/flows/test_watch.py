"""A plan that takes too much: seen in the org's own logs, taken back for that user alone, told once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import pytest
import requests

from blocks import EstateDocument
from deployments.sandbox import launch
from flows.continuous import keep_evidence, watch_plans
from flows.least_privilege import least_privilege
from flows.plans import apply_plan
from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import Opened
from tasks.errors import PlanRefused, PlanUnwatched
from tasks.ledger.model import EntryKind
from tasks.ledger.registration import note_registration
from tasks.orgs import REGISTERED, load_registered, open_ledger
from tasks.plans.digest import estate_digest, policy_digest
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Approval, Watch
from tasks.plans.overview import Stage
from tests.flows.by_hand import set_by_hand
from tests.product import Product
from tests.running import RunningEstate

ORG = "hq"
LOSER_ROUTE, LOSER = "EMEA_to_HQ_Portfolio_Sync", "sync.emea-hq-portfolio@hq.meridian.example"
QUIET_ROUTE, QUIET = "APAC_to_HQ_Warehouse_Sync", "sync.apac-hq-warehouse@hq.meridian.example"
ADMINISTRATOR = "client.laboratory@hq.meridian.example"
NEEDED = "SELECT Id, Subject FROM Case LIMIT 1"
"""What the first route does although it never said so."""
NEVER_DONE = "SELECT Id, Status FROM Lead LIMIT 1"


@pytest.fixture(autouse=True)
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    """The estate's time moves here, and only a snapshot goes back."""
    launch.save_snapshot(estate.folder, "before-watch")
    # Whoever made the estate switched it off there, and without logs nothing is watched.
    set_by_hand(estate, ORG, ADMINISTRATOR, "EventSettings", enableEventLogGeneration=True)
    yield
    launch.restore_snapshot(estate.folder, "before-watch")
    launch.delete_snapshot(estate.folder, "before-watch")


def later(estate: RunningEstate, hours: float) -> None:
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": hours * 3600})


def asked(estate: RunningEstate, user: str, soql: str) -> requests.Response:
    return estate.get(ORG, user, f"v62.0/query?q={soql}")


def sets_of(estate: RunningEstate, user: str) -> set[str]:
    where = f"Assignee.Username = '{user}' AND PermissionSet.IsOwnedByProfile = false"
    found = asked(
        estate, ADMINISTRATOR, f"SELECT PermissionSet.Name FROM PermissionSetAssignment WHERE {where}"
    )
    return {row["PermissionSet"]["Name"] for row in found.json()["records"]}


def planned() -> str:
    """A plan of both routes that two people approved; the flow for that takes seconds."""
    plan = str(least_privilege(requester="ada@meridian.example", routes=[LOSER_ROUTE, QUIET_ROUTE]))
    with open_ledger() as ledger:
        for person in ("bob", "eve"):
            yes = Approval(plan=plan, approver=person, reason="reviewed", at=datetime.now(UTC))
            PlanBook(ledger, person).approve(yes)
    return plan


def watched(plan: str) -> Watch:
    """One look at everything that is watched, whoever applied it."""
    [watch] = [each for each in watch_plans() if each.plan == plan]
    return watch


def alerts(plan: str) -> list[Opened]:
    with open_ledger() as ledger:
        return [each for each in AlertBook(ledger).all() if plan[:12] in each.alert.key]


@pytest.mark.slow
def test_what_a_plan_broke_is_taken_back_for_that_user_alone(product: Product, estate: RunningEstate) -> None:
    had = sets_of(estate, LOSER)
    assert asked(estate, LOSER, NEEDED).status_code == 200
    later(estate, 5)
    plan = planned()
    assert apply_plan(digest=plan).stage is Stage.APPLIED
    narrowed = sets_of(estate, QUIET)
    refused = [asked(estate, LOSER, NEEDED) for _ in range(2)]
    assert {answer.status_code for answer in refused} == {400}, [answer.text[:300] for answer in refused]
    assert {asked(estate, QUIET, NEVER_DONE).status_code for _ in range(2)} == {403}, (
        "it came without its certificate"
    )
    sets_of(estate, LOSER)

    later(estate, 5)
    watch = watched(plan)
    assert {(f.user, f.caused) for f in watch.failures} == {(LOSER, True), (QUIET, False)}
    assert sets_of(estate, LOSER) == had and asked(estate, LOSER, NEEDED).status_code == 200
    assert sets_of(estate, QUIET) == narrowed, "nobody gets rights back by calls that the route never made"
    first = alerts(plan)
    assert {each.alert.key.partition(":")[0]: each.resolved is not None for each in first} == {
        "route-fails": True,
        "route-doubtful": False,
    }

    with open_ledger() as ledger:
        ended = ledger.entries()[-1].sequence
        assert PlanBook(ledger, "").status(plan).stage is Stage.PARTLY_TAKEN_BACK
    watch_plans()
    with open_ledger() as ledger:
        since = Counter(entry.kind for entry in ledger.entries() if entry.sequence > ended)
    assert not since.keys() & {EntryKind.PLAN, EntryKind.ATTEMPT, EntryKind.ALERT, EntryKind.FAILURE}
    assert alerts(plan) == first, "told once"
    with pytest.raises(PlanRefused, match="cannot read Case"):
        apply_plan(digest=plan)
    assert keep_evidence().sound


@pytest.mark.slow
def test_a_way_back_that_cannot_be_taken_is_told_and_taken_later(
    product: Product, estate: RunningEstate
) -> None:
    had = sets_of(estate, LOSER)
    assert asked(estate, LOSER, NEEDED).status_code == 200
    later(estate, 5)
    plan = planned()
    assert apply_plan(digest=plan).stage is Stage.APPLIED
    assert {asked(estate, LOSER, NEEDED).status_code for _ in range(2)} == {400}
    sets_of(estate, LOSER)
    later(estate, 5)
    with open_ledger() as ledger:
        PlanBook(ledger, "ada").halt("incident 4711")
    try:
        for _ in range(2):
            with pytest.raises(PlanUnwatched, match="halted: incident 4711"):
                watch_plans()
    finally:
        with open_ledger() as ledger:
            PlanBook(ledger, "ada").resume("over")
    told = {each.alert.key.partition(":")[0]: each.resolved for each in alerts(plan)}
    assert told == {"route-fails": None, "rollback-failed": None}
    assert sets_of(estate, LOSER) != had
    watch_plans()
    assert sets_of(estate, LOSER) == had and all(each.resolved is not None for each in alerts(plan))
    with open_ledger() as ledger:
        [back] = [each.plan for each in PlanBook(ledger, "").statuses() if each.plan.undoes == plan]
    assert back.requester == "watch-plans" and "cannot read Case" in back.risks[0]


@pytest.fixture
def careful(product: Product) -> Iterator[None]:
    """One user first, and the rest when that was quiet for two hours."""
    document = cast(EstateDocument, EstateDocument.load(REGISTERED, _sync=True))
    before = document.policy
    canary = {"first": "user", "quiet": "PT2H"}
    document.policy = {**before, "changes": {"canary": canary, "watch": {"length": "PT4H"}}}
    document.save(REGISTERED, overwrite=True, _sync=True)
    _note()
    yield
    document.policy = before
    document.save(REGISTERED, overwrite=True, _sync=True)
    _note()


def _note() -> None:
    """As `bulkhead register` does."""
    estate, policy = load_registered()
    with open_ledger() as ledger:
        note_registration(ledger, estate_digest(estate), policy_digest(policy))


@pytest.mark.slow
def test_a_canary_first_and_the_rest_when_it_was_quiet(careful: None, estate: RunningEstate) -> None:
    had = {user: sets_of(estate, user) for user in (LOSER, QUIET)}
    plan = planned()
    for _ in range(2):
        assert apply_plan(digest=plan).stage is Stage.APPLYING
        now = {user for user in had if sets_of(estate, user) != had[user]}
        assert len(now) == 1, "nobody goes on before the canary was watched"

    watch = watched(plan)
    assert watch.failures == () and watch.look is not None
    assert asked(estate, ADMINISTRATOR, NEEDED).status_code == 200
    later(estate, 7)
    watch_plans()
    assert apply_plan(digest=plan).stage is Stage.APPLYING, "the logs of its two hours may still come"
    later(estate, 2)
    watch_plans()
    status = apply_plan(digest=plan)
    assert status.stage is Stage.APPLIED and {*status.history.attempts.values()} == {1}
    assert all(sets_of(estate, user) != had[user] for user in had)

    later(estate, 11)
    watch = watched(plan)
    assert watch.over and watch.users == (LOSER, QUIET)
    assert alerts(plan) == [] and plan not in {each.plan for each in watch_plans()}
    with open_ledger() as ledger:
        assert PlanBook(ledger, "").status(plan).stage is Stage.APPLIED, "a quiet plan is left alone"
