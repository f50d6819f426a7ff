"""What orgs refuse by themselves: planned where licensed, written and read back as the same state."""

from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from tasks.estate.model_access import JitPolicy
from tasks.estate.model_response import ResponsePolicy, TransactionRule
from tasks.estate.policy import Policy
from tasks.plans import transactions_gateway as gateway
from tasks.plans.model import Change, ChangeClass, Plan, Resource, State
from tasks.plans.transactions_gateway import read_transaction_policies, write_transaction_policies
from tasks.response.prevention import prevention_plan, resources
from tasks.salesforce.metadata import to_python
from tests.running import RunningEstate
from tests.tasks.response.worlds import ORG, OTHER, ROUTE, START, USER
from tests.tasks.response.worlds import estate as declared
from tests.tasks.salesforce.scanner import enforcer_session

RULES = (
    TransactionRule(event="ApiEvent", over=2_000, spared=(USER.upper(),)),
    TransactionRule(
        event="BulkApiResultEventStore", spared=(USER, OTHER), message='Ask <security> & "wait".'
    ),
)
POLICY = Policy(
    response=ResponsePolicy(transactions=RULES), jit=JitPolicy(break_glass=("glass@emea.example",))
)


def planned(held: dict[Resource, State] | None = None, unlicensed: tuple[str, ...] = ()) -> Plan:
    return prevention_plan(declared(), POLICY, {ORG: held or {}}, {ORG: unlicensed}, "ada", START)


def test_break_glass_and_our_own_users_are_always_spared() -> None:
    plan = planned()
    for change in plan.changes:
        spared = (change.after or {})["spared"]
        assert isinstance(spared, list)
        assert {"glass@emea.example", f"scanner@{ORG}.example", USER} <= {*spared}
        assert spared == sorted(spared)
    assert plan.expires_at - plan.made_at == timedelta(days=7)


def test_routes_that_would_be_refused_are_named_and_count_for_the_limit() -> None:
    first, second = planned().changes
    assert first.users == (OTHER,) and second.users == ()
    assert any("Other would be refused, too" in line for line in planned().risks)
    assert not any(ROUTE in line for line in planned().risks)


def test_what_is_so_already_needs_no_change() -> None:
    done = {change.resource: dict(change.after or {}) for change in planned().changes}
    assert planned(done).changes == ()


def test_an_event_that_the_org_does_not_know_is_left_out_and_named() -> None:
    plan = planned(unlicensed=("ApiEvent",))
    assert [change.resource.key for change in plan.changes] == ["Bulkhead_Bulk_Results"]
    assert any("emea has no ApiEvent" in line for line in plan.risks)


def test_a_rule_that_could_not_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="counts no rows"):
        TransactionRule(event="BulkApiResultEventStore", over=10)
    with pytest.raises(ValueError, match="two transactions"):
        ResponsePolicy(transactions=(RULES[0], RULES[0]))


def test_what_is_written_is_read_as_the_same_state() -> None:
    for change in planned().changes:
        state = change.after or {}
        written: list[Any] = [
            to_python(etree.fromstring(make(change.resource.key, state)))
            for make in (gateway._policy, gateway._flow)
        ]
        assert gateway._state(*written) == state


def test_in_the_running_estate_it_is_deployed_read_back_and_removed(estate: RunningEstate) -> None:
    alias = "hq"
    where = resources(alias, POLICY)
    changes = [
        each.model_copy(update={"resource": resource})
        for each, resource in zip(planned().changes, where, strict=True)
    ]
    with enforcer_session(estate, alias) as session:
        session.rouse()
        assert read_transaction_policies(session, where) == {}
        assert not any(result.code for result in write_transaction_policies(session, changes))
        after = {change.resource: change.after for change in changes}
        assert read_transaction_policies(session, where) == after
        back = [
            Change(
                number=change.number,
                resource=change.resource,
                before=change.after,
                after=None,
                kind=ChangeClass.WIDENING,
                control="ZT-22",
                why="taken back",
                effect="taken back",
            )
            for change in changes
        ]
        assert not any(result.code for result in write_transaction_policies(session, back))
        assert read_transaction_policies(session, where) == {}
