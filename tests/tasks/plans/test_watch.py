"""Whether a plan is to blame, for a route that fails, a thief that tries, a bad record, a limit, and an outage."""

from datetime import datetime, timedelta

import pytest

from tasks.estate.model import Route
from tasks.estate.model_changes import WatchPolicy
from tasks.plans.model import FINAL, Change, ChangeClass, Look, Resource, ResourceKind, Watch
from tasks.plans.watch import failures, is_over, line, looked, touched
from tasks.usage.model import Call, Operation, SignIns, Tally, Traffic
from tests.tasks.plans.worlds import NOW, plan_of

USER = "sync@emea.example"
CASE = Call(operation=Operation.READ, sobject="Case", fields=frozenset({"Id", "Subject"}))
HOUR = timedelta(hours=1)
ROUTE = Route(
    name="HQ_to_EMEA",
    source="hq",
    target="emea",
    sobject="Account",
    fields=("Name", "Phone"),
    sync_user="Sync@emea.example",
    app="Sync",
    credential="Sync",
)
WATCH = Watch(plan="0" * 64, title="Less", org="emea", users=(USER,), since=NOW, latest=NOW)


def tally(call: Call = CASE, **counts: object) -> Tally:
    moments = {"first_failed": NOW + HOUR, "last_failed": NOW + 2 * HOUR} if counts.get("failed") else {}
    return Tally.model_validate({"user": USER, "call": call, **moments, **counts})


def traffic(*since: Tally, before: tuple[Tally, ...] = (), **options: object) -> Traffic:
    fields: dict[str, object] = {
        "now": NOW + 5 * HOUR,
        "fresh": True,
        "newest": NOW + 4 * HOUR,
        "hourly": True,
        "others": NOW + 3 * HOUR,
        "since": since,
        "before": before,
    }
    return Traffic.model_validate(fields | options)


def blamed(seen: Traffic) -> list[bool]:
    return [failure.caused for failure in failures(WATCH, seen, [ROUTE])]


ANSWERED = (tally(answered=40),)


def test_a_call_that_was_answered_and_is_refused_every_time_since_fails_by_the_plan() -> None:
    [failure] = failures(WATCH, traffic(tally(failed=2), before=ANSWERED), [ROUTE])
    assert failure.caused and failure.what == "read Case (Id, Subject)" and failure.first == NOW + HOUR
    assert "2 times" in failure.why and "answered 40 times before" in failure.why


@pytest.mark.parametrize(
    ("since", "before", "others", "why"),
    [
        (tally(failed=2), (tally(failed=3),), 3, "it failed before as well"),
        (tally(failed=1), ANSWERED, 3, "one bad record"),
        (tally(failed=5, answered=9, last_answered=NOW + 3 * HOUR), ANSWERED, 3, "it is answered since"),
        (tally(failed=5), ANSWERED, 0, "nobody was answered: a limit, or an outage"),
        (tally(answered=5), ANSWERED, 3, "nothing failed"),
    ],
)
def test_what_the_plan_is_not_to_blame_for(
    since: Tally, before: tuple[Tally, ...], others: int, why: str
) -> None:
    assert blamed(traffic(since, before=before, others=NOW + others * HOUR)) == [], why


def test_one_refusal_is_enough_where_access_is_what_was_refused() -> None:
    assert blamed(traffic(tally(failed=1, forbidden=1), before=ANSWERED)) == [True]
    assert blamed(traffic(tally(failed=1, named=1), before=ANSWERED, others=None)) == [True]


def test_a_call_refused_now_and_then_before_has_to_be_refused_again_and_again() -> None:
    sometimes = (tally(answered=40, failed=2),)
    assert blamed(traffic(tally(failed=1, forbidden=1), before=sometimes)) == []
    assert blamed(traffic(tally(failed=2, forbidden=2), before=sometimes)) == [True]


def test_what_was_never_seen_before_is_told_and_takes_nothing_back() -> None:
    assert blamed(traffic(tally(failed=9, forbidden=9))) == [False]
    export = Call(operation=Operation.READ, sobject="Account", fields=frozenset({"SSN__c"}))
    assert blamed(traffic(tally(export, failed=9))) == [False]
    erase = Call(operation=Operation.DELETE, sobject="Account")
    assert blamed(traffic(tally(erase, failed=9))) == [False]


def test_what_the_route_declares_needs_no_log_of_before() -> None:
    declared = Call(operation=Operation.READ, sobject="Account", fields=frozenset({"Id", "phone"}))
    assert blamed(traffic(tally(declared, failed=2))) == [True]
    somebody = tally(declared, failed=2).model_copy(update={"user": "other@emea.example"})
    assert blamed(traffic(somebody)) == [False]


def test_the_routes_own_call_from_where_it_never_came_takes_nothing_back() -> None:
    home = (tally(answered=40, answered_at=["203.0.113.7"]),)
    assert blamed(traffic(tally(failed=2, failed_at=["198.51.100.66"]), before=home)) == [False]
    assert blamed(traffic(tally(failed=2, failed_at=["203.0.113.7"]), before=home)) == [True]
    assert blamed(traffic(tally(failed=2), before=home)) == [True], "the log names no address"


def signed(status: str, address: str = "203.0.113.7", hours: float = 1) -> SignIns:
    at = NOW + hours * HOUR
    return SignIns(user=USER, address=address, status=status, times=3, first=at, last=at)


@pytest.mark.parametrize(
    ("before", "since", "blame"),
    [
        ([signed("Success", hours=-9)], [signed("Restricted IP")], True),
        ([signed("Success", hours=-9)], [signed("Failed: Not approved for access")], True),
        ([signed("Success", hours=-9)], [signed("API is not enabled")], True),
        ([signed("Success", hours=-9)], [signed("Invalid Password")], False),
        ([signed("Success", hours=-9)], [signed("Restricted IP"), signed("success", hours=2)], False),
        ([signed("Success", hours=-9)], [signed("Restricted IP", "198.51.100.66")], False),
        (
            [signed("Success", hours=-9), signed("Restricted IP", hours=-8)],
            [signed("Restricted IP")],
            False,
        ),
        ([], [signed("Restricted IP")], False),
    ],
)
def test_sign_ins_show_at_once(before: list[SignIns], since: list[SignIns], blame: bool) -> None:
    seen = traffic(sign_ins_before=tuple(before), sign_ins=tuple(since), others=None)
    assert blamed(seen) == ([True] if blame else [])


@pytest.mark.parametrize(("hourly", "newest", "hours"), [(True, NOW, 6), (False, NOW, 72), (False, None, 0)])
def test_a_watch_lasts_until_late_files_are_there(hourly: bool, newest: datetime | None, hours: int) -> None:
    policy = WatchPolicy(length=10 * HOUR)

    def over(after: float) -> bool:
        seen = traffic(now=NOW + after * HOUR, hourly=hourly, newest=newest)
        return is_over(WATCH, looked(WATCH, seen), policy)

    assert not over(10 + hours - 0.1) and over(10 + hours)


def test_a_person_reads_what_cannot_be_seen_yet() -> None:
    look = looked(WATCH, traffic(now=NOW + 8 * HOUR))
    seen = WATCH.model_copy(update={"look": look})
    assert "calls after 2026-11-25 14:00 UTC may be in log files still to come" in line(seen, WatchPolicy())
    blind = looked(WATCH, traffic(newest=None, hourly=False))
    assert "gives no event log files" in line(WATCH.model_copy(update={"look": blind}), WatchPolicy())
    unread = Look(at=NOW, clear=NOW, hidden=("sign-ins (no right)",))
    assert "sign-ins (no right)" in line(WATCH.model_copy(update={"look": unread}), WatchPolicy())


def change(number: int, kind: ResourceKind, key: str, before: object, after: object, *needs: int) -> Change:
    return Change.model_validate(
        {
            "number": number,
            "resource": Resource(org="emea", kind=kind, key=key),
            "before": before,
            "after": after,
            "kind": ChangeClass.IRREVERSIBLE if kind in FINAL else ChangeClass.NARROWING,
            "control": "ZT-03",
            "why": "too much",
            "effect": "less",
            "needs": needs,
        }
    )


def test_what_is_one_users_and_what_is_shared() -> None:
    kind, on = ResourceKind, {"v": 1}
    plan = plan_of(
        [
            change(1, kind.PERMISSION_SET, "HQ_to_EMEA", None, on),
            change(2, kind.OBJECT_PERMISSION, "HQ_to_EMEA/Account", on, {"v": 2}, 1),
            change(3, kind.PERMISSION_SET, "API_Enabled", on, {"v": 2}),
            change(4, kind.ASSIGNMENT, "Sync@emea.example/HQ_to_EMEA", None, on, 1),
            change(5, kind.ASSIGNMENT, "Sync@emea.example/API_Enabled", None, on, 3),
            change(6, kind.ASSIGNMENT, "other@emea.example/API_Enabled", None, on, 3),
            change(7, kind.USER, "Sync@emea.example", on, {"v": 2}, 4),
            change(8, kind.ASSIGNMENT, "Sync@emea.example/group:Ops", on, None, 7),
        ]
    )
    assert touched(plan, "emea", [ROUTE]) == {USER: (2, 4, 5, 7, 8)}


def test_the_routes_app_its_tokens_and_licences_are_its_users_too() -> None:
    kind, on, off = ResourceKind, {"on": True}, {"on": False}
    plan = plan_of(
        [
            change(1, kind.APP_POLICY, f"connected-app:{ROUTE.app}/permitted-users", off, on),
            change(2, kind.APP_POLICY, "connected-app:Another/permitted-users", off, on),
            change(3, kind.LICENCE, "Sync@emea.example/Integration", None, {"assigned": True}),
            change(4, kind.APP_TOKEN, f"sync@emea.example/2026-01-01T00:00:00Z/{ROUTE.app}", on, None),
            change(5, kind.ORG_SETTING, "Security.switch", off, on),
            change(6, kind.PROFILE_PERMISSION, "profile:Staff/BypassMFAForUiLogins", on, off),
        ]
    )
    assert touched(plan, "emea", [ROUTE]) == {USER: (1, 3, 4)}
