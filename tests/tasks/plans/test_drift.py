"""What plans hardened and somebody undid: found, put to whoever did it, planned back once, and never mistaken for a plan's own work."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.alerts.model import Alert
from tasks.estate.policy import Policy
from tasks.plans.digest import digest
from tasks.plans.drift import (
    HARDENED,
    WATCHER,
    Drift,
    Promise,
    TrailRow,
    actors,
    drafted,
    drifted,
    over,
    promises,
    restoring,
    undone_told,
)
from tasks.plans.model import Change, ChangeClass, History, Plan, Resource, ResourceKind, State
from tasks.plans.overview import PlanStatus, Stage

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ON, OFF = {"on": True}, {"on": False}
LOCK = "Security.sessionSettings.lockSessionsToIp"
OURS = ("scanner@x.example", "enforcer@x.example")
POLICY = Policy()


def change(
    number: int,
    kind: ResourceKind,
    key: str,
    before: State | None,
    after: State | None,
    needs: tuple[int, ...] = (),
) -> Change:
    return Change(
        number=number,
        resource=Resource(org="emea", kind=kind, key=key),
        before=before,
        after=after,
        kind=ChangeClass.NARROWING,
        control="ZT-14",
        why="policy wants it",
        effect="sessions end",
        needs=needs,
    )


def status(*changes: Change, undoes: str | None = None, **others: object) -> PlanStatus:
    plan = Plan(
        job="allow-listing",
        title="Trusted networks only",
        requester=str(others.get("requester", "ada")),
        made_at=NOW - timedelta(days=1),
        expires_at=NOW + timedelta(days=6),
        policy_digest="0" * 64,
        changes=changes,
        undoes=undoes,
    )
    numbers = frozenset(each.number for each in changes)
    return PlanStatus(
        digest=digest(plan),
        plan=plan,
        stage=Stage(str(others.get("stage", Stage.APPLIED))),
        approvals=(),
        history=History(attempts=dict.fromkeys(numbers, 1), verified=numbers),
    )


SETTING = change(1, ResourceKind.ORG_SETTING, LOCK, OFF, ON)
SITE = change(2, ResourceKind.REMOTE_SITE, "Legacy_Feed", ON, OFF, needs=(1,))
BOTH = status(SETTING, SITE)


def read_back(*statuses: PlanStatus) -> list[tuple[str, datetime, frozenset[int]]]:
    return [
        (each.digest, NOW + timedelta(minutes=place), each.history.verified)
        for place, each in enumerate(statuses)
    ]


def promised(*statuses: PlanStatus, managed: tuple[str, ...] = ()) -> dict[Resource, Promise]:
    return promises(statuses, read_back(*statuses), managed)


def row(by: str, display: str, minutes: int = 5) -> TrailRow:
    return TrailRow(at=NOW + timedelta(minutes=minutes), by=by, action="changed", display=display)


def found(observed: dict[Resource, State | None], *trail: TrailRow) -> list[Drift]:
    return drifted("emea", promised(BOTH).values(), observed, trail, OURS)


class TestPromises:
    def test_the_last_plan_counts(self) -> None:
        again = status(change(1, ResourceKind.ORG_SETTING, LOCK, ON, OFF))
        assert promised(BOTH, again)[SETTING.resource].change.after == OFF
        assert promised(again, BOTH)[SETTING.resource].change.after == ON

    def test_what_was_taken_back_is_promised_by_nobody(self) -> None:
        way_back = status(change(1, ResourceKind.ORG_SETTING, LOCK, ON, OFF), undoes=BOTH.digest)
        assert set(promised(BOTH, way_back)) == {SITE.resource}

    def test_rights_for_hours_come_and_go(self) -> None:
        given_up = change(1, ResourceKind.ASSIGNMENT, "sync@x.example/Route_Set", {"expires": None}, None)
        assert promised(status(given_up))
        assert not promised(status(given_up), managed=("route_set",))

    @pytest.mark.parametrize("kind", sorted(set(ResourceKind) - HARDENED))
    def test_what_others_renew_is_left_to_them(self, kind: ResourceKind) -> None:
        assert kind not in {resource.kind for resource in promised(BOTH)}


class TestDrift:
    AS_LEFT: dict[Resource, State | None] = {SETTING.resource: ON, SITE.resource: OFF}

    def test_nothing_is_told_while_all_is_as_it_was_left(self) -> None:
        assert found(self.AS_LEFT) == []

    def test_what_could_not_be_read_is_no_drift(self) -> None:
        assert found({SITE.resource: OFF}) == []

    def test_what_is_gone_is_one(self) -> None:
        (drift,) = found({**self.AS_LEFT, SITE.resource: None})
        assert drift.now == (None,)

    def test_who_did_it_is_found_in_the_trail(self) -> None:
        trail = (
            row(
                "mallory@x.example",
                "Changed Lock sessions to the IP address from which they originate to off",
            ),
            row("eve@x.example", "Created permission set Reports"),
        )
        (drift,) = found({**self.AS_LEFT, SETTING.resource: OFF}, *trail)
        assert drift.by.names == ("mallory@x.example",) and drift.by.sure

    def test_labels_and_names_are_the_same_to_it(self) -> None:
        (drift,) = found(
            {**self.AS_LEFT, SITE.resource: ON}, row("mallory@x.example", "Remote site Legacy Feed activated")
        )
        assert drift.by.names == ("mallory@x.example",)

    def test_where_the_trail_names_nothing_all_who_changed_something_are_named_as_that(self) -> None:
        (drift,) = found(
            {**self.AS_LEFT, SETTING.resource: OFF}, row("a@x.example", "x"), row("b@x.example", "y")
        )
        assert not drift.by.sure and str(drift.by) == "one of a@x.example, b@x.example"

    def test_what_the_plan_itself_left_in_the_trail_is_no_actor(self) -> None:
        before = row("early@x.example", "Lock sessions to the IP address", minutes=-5)
        own = row("Enforcer@x.example", "Lock sessions to the IP address")
        (drift,) = found(
            {**self.AS_LEFT, SETTING.resource: OFF},
            before,
            own,
            row("mallory@x.example", "Lock sessions to the IP"),
        )
        assert drift.by.names == ("mallory@x.example",)

    def test_our_own_enforcer_is_named_where_there_is_nobody_else(self) -> None:
        those = [promised(BOTH)[SETTING.resource]]
        by = actors(those, [row("enforcer@x.example", "Lock sessions to the IP address")], OURS)
        assert by.names == ("enforcer@x.example",)
        assert str(actors(those, [], OURS)) == "nobody in the set-up audit trail"


class TestTheWayBackToIt:
    def drift(self, **observed: State | None) -> Drift:
        state = {SETTING.resource: OFF, SITE.resource: ON}
        return found(state, row("mallory@x.example", "Legacy Feed"))[0]

    def test_it_leads_from_what_is_to_what_was_promised(self) -> None:
        plan = restoring(self.drift(), NOW, POLICY)
        assert [(c.resource, c.before, c.after) for c in plan.changes] == [
            (SETTING.resource, OFF, ON),
            (SITE.resource, ON, OFF),
        ]
        assert plan.changes[1].needs == (1,) and plan.requester == WATCHER
        assert "mallory@x.example" in plan.changes[0].why

    @given(st.sets(st.sampled_from([0, 1]), min_size=1))
    def test_any_part_of_a_plan_can_be_restored(self, which: set[int]) -> None:
        state: dict[Resource, State | None] = {SETTING.resource: ON, SITE.resource: OFF}
        for place in which:
            state[(SETTING, SITE)[place].resource] = None
        (drift,) = found(state)
        assert len(restoring(drift, NOW, POLICY).changes) == len(which)

    def test_one_draft_is_enough_while_it_is_open_and_says_the_same(self) -> None:
        drift = self.drift()
        plan = restoring(drift, NOW, POLICY)
        draft = status(*plan.changes, requester=WATCHER, stage=Stage.PLANNED)
        assert drafted(drift, [BOTH, draft]) == draft.digest
        assert drafted(drift, [BOTH]) is None
        assert drafted(drift, [draft.model_copy(update={"stage": Stage.EXPIRED})]) is None
        other = found({SETTING.resource: OFF, SITE.resource: None})[0]
        assert drafted(other, [draft]) is None

    def test_the_alert_says_what_who_and_what_next(self) -> None:
        told = undone_told(self.drift(), "d" * 64)
        assert LOCK in told.detail and "mallory@x.example" in told.next_step and "d" * 12 in told.next_step

    def test_it_ends_when_all_is_as_it_was_in_an_org_that_was_read(self) -> None:
        told = undone_told(self.drift(), "")
        opened = {told.key: "emea", "route-fails:1": "emea"}
        none: list[Alert] = []
        assert over(opened, none, {"emea"}) == [told.key]
        assert over(opened, none, {"hq"}) == []
        assert over(opened, [told], {"emea"}) == []
