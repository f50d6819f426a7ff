"""What speaks against applying a plan now."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from ipaddress import IPv4Network
from typing import Any

import orjson
import pytest

from tasks.estate.model_changes import ChangePolicy, ChangeWindow, Freeze
from tasks.estate.model_network import NetworkPolicy
from tasks.estate.policy import Policy
from tasks.plans.digest import digest, policy_digest
from tasks.plans.gate import WATCHER, Circumstances, counted, needed, refusals, ring_order
from tasks.plans.model import Approval, Change, ChangeClass, Plan, Resource, ResourceKind
from tasks.plans.render import markdown
from tests.tasks.plans.worlds import NOW, plan_of

POLICY = Policy()
AROUND = Circumstances(now=NOW, users={"hq": 100, "emea": 4})


def change(number: int = 1, kind: ChangeClass = ChangeClass.NARROWING, **resource: Any) -> Change:
    at = {"org": "hq", "kind": ResourceKind.FIELD_PERMISSION, "key": f"Sync/Account.F{number}__c"} | resource
    return Change(
        number=number,
        resource=Resource(**at),
        before={"read": True, "edit": False},
        after=None,
        kind=kind,
        control="ZT-03",
        why="no route carries it",
        effect="the sync user no longer reads it",
    )


def plan(*changes: Change, policy: Policy = POLICY, **options: Any) -> Plan:
    return plan_of(changes or [change()], policy_digest=policy_digest(policy), **options)


def approval(of: Plan, approver: str = "eve@meridian.example", **options: Any) -> Approval:
    fields = {"plan": digest(of), "approver": approver, "reason": "reviewed", "at": NOW}
    return Approval(**(fields | options))


def test_an_approved_plan_within_its_time_may_be_applied() -> None:
    made = plan()
    assert refusals(made, [approval(made)], POLICY, AROUND) == ()


def test_an_org_that_cannot_be_reached_speaks_against_no_other() -> None:
    """Nobody knows how many users it has, and nothing is sent to it."""
    many = [
        change(number, ChangeClass.NARROWING, org="emea", key=f"Set{number}/Account.A__c").model_copy(
            update={"users": (f"user{number}@emea.example",)}
        )
        for number in (1, 2)
    ]
    made = plan(*many, change(3))
    (reason,) = refusals(made, [approval(made)], POLICY, Circumstances(now=NOW, users={"hq": 100}))
    assert "emea: the access of 2 users would change" in reason
    apart = Circumstances(now=NOW, users={"hq": 100}, apart=frozenset({"emea"}))
    assert refusals(made, [approval(made)], POLICY, apart) == ()


def test_the_requester_never_approves() -> None:
    made = plan()
    (reason,) = refusals(made, [approval(made, " ADA@meridian.example")], POLICY, AROUND)
    assert "one person other than ada@meridian.example" in reason


@pytest.mark.parametrize(("asks", "approves"), [("ada@acme.example", "ada"), ("Ada", "ada@acme.example")])
def test_a_name_without_its_domain_is_the_same_person(asks: str, approves: str) -> None:
    """The command line takes the user of the machine where nobody says who approves."""
    made = plan(requester=asks)
    assert counted(made, [approval(made, approves)], POLICY.changes) == ()
    yes = [approval(made, name) for name in ("bob", "bob@acme.example", "bob@other.example")]
    assert counted(made, yes, POLICY.changes) == (yes[0],)
    assert counted(made, yes[1:], POLICY.changes) == tuple(yes[1:])


def test_an_approval_binds_one_digest() -> None:
    made, other = plan(), plan(title="Another")
    assert refusals(made, [approval(other)], POLICY, AROUND)
    assert digest(made) != digest(other)


def test_the_digest_holds_what_was_observed() -> None:
    made = plan()
    altered = made.changes[0].model_copy(update={"before": {"read": True, "edit": True}})
    assert digest(made) != digest(made.model_copy(update={"changes": (altered,)}))


def test_what_is_left_to_do_is_approved_too_and_plans_without_it_keep_their_digest() -> None:
    made = plan()
    assert digest(made) != digest(made.model_copy(update={"afterwards": ("tell the client",)}))
    older = made.model_dump(mode="json", exclude={"afterwards": True, "changes": {"__all__": {"users"}}})
    whole = b"bulkhead plan 1\n" + orjson.dumps(older, option=orjson.OPT_SORT_KEYS)
    assert digest(made) == hashlib.sha256(whole).hexdigest(), "as ledgers know them"


def test_giving_rights_takes_two_different_people() -> None:
    made = plan(change(kind=ChangeClass.WIDENING))
    assert needed(made, POLICY.changes) == 2
    assert refusals(made, [approval(made), approval(made, "Eve@Meridian.example")], POLICY, AROUND)
    assert refusals(made, [approval(made), approval(made, "bob@meridian.example")], POLICY, AROUND) == ()


KEYS = {"ada@meridian.example": "ssh-ed25519 AAAA1", "eve@meridian.example": "ssh-ed25519 AAAA2"}
SIGNED = Policy(
    changes=ChangePolicy.model_validate(
        {"approvals": {"signed": ["narrowing", "rollback"], "keys": KEYS, "rollback": 1}}
    )
)


def test_a_requester_whom_no_key_knows_may_be_anybody_and_so_nobody_can_approve() -> None:
    stranger = plan(policy=SIGNED, requester="ada@acme.example")
    yes = approval(stranger, "ada@meridian.example", signed_by="k1")
    (reason,) = refusals(stranger, [yes], SIGNED, AROUND)
    assert "ada@acme.example" in reason and "approvals.keys" in reason
    known = plan(policy=SIGNED, requester=" ADA@meridian.example")
    assert refusals(known, [approval(known, signed_by="k2")], SIGNED, AROUND) == ()
    # Where no signature is asked for, names are somebody's word anyway.
    free = plan(requester="ada@acme.example")
    assert refusals(free, [approval(free)], POLICY, AROUND) == ()


def test_a_way_back_that_the_watch_asks_for_needs_no_key_of_its_own() -> None:
    back = plan(policy=SIGNED, requester=WATCHER, undoes="a" * 64)
    assert refusals(back, [approval(back, signed_by="k2")], SIGNED, AROUND) == ()
    made_up = plan(policy=SIGNED, requester=WATCHER)
    assert refusals(made_up, [approval(made_up, signed_by="k2")], SIGNED, AROUND)


def test_one_key_is_one_person_whatever_names_it_has() -> None:
    policy = SIGNED.changes.model_copy(
        update={"approvals": SIGNED.changes.approvals.model_copy(update={"signed": ("widening",)})}
    )
    made = plan(change(kind=ChangeClass.WIDENING), policy=SIGNED.model_copy(update={"changes": policy}))
    both = [
        approval(made, name, signed_by="k1") for name in ("eve@meridian.example", "eve.2@meridian.example")
    ]
    assert counted(made, both, policy) == (both[0],)


def test_where_policy_wants_a_signature_an_unsigned_yes_does_not_count() -> None:
    policy = Policy(
        changes=ChangePolicy.model_validate({"approvals": {"signed": ["narrowing"], "keys": KEYS}})
    )
    made = plan(policy=policy)
    (reason,) = refusals(made, [approval(made)], policy, AROUND)
    assert "with a signature; 0 did" in reason
    assert refusals(made, [approval(made, signed_by="k1")], policy, AROUND) == ()
    assert len(counted(made, [approval(made, signed_by="k1")], policy.changes)) == 1


def test_a_rollback_needs_no_new_approval_and_no_window() -> None:
    policy = Policy(changes=ChangePolicy(windows=(ChangeWindow(days=(), start=time(1), end=time(2)),)))
    made = plan(change(kind=ChangeClass.WIDENING), policy=policy, undoes="a" * 64)
    assert refusals(made, [], policy, AROUND) == ()


def test_a_halt_stops_a_rollback_too() -> None:
    made = plan(undoes="a" * 64)
    halted = Circumstances(now=NOW, users={}, halted="incident 4711")
    assert refusals(made, [], POLICY, halted) == ("all applies are halted: incident 4711",)


def test_an_expired_plan_and_a_changed_policy() -> None:
    made = plan(expires_at=NOW)
    other = Policy(network=NetworkPolicy(allowed=(IPv4Network("203.0.113.0/24"),)))
    reasons = refusals(made, [approval(made)], other, AROUND)
    assert [reason.partition(" ")[2].split()[0] for reason in reasons] == ["plan", "was"]


def test_a_blast_limit_counts_changes() -> None:
    policy = Policy(changes=ChangePolicy(max_changes=3))
    many = plan(*(change(n) for n in range(1, 5)), policy=policy)
    (reason,) = refusals(many, [approval(many)], policy, AROUND)
    assert "hq: 4 changes are more than the 3" in reason


@pytest.mark.parametrize(("org", "count", "refused"), [("hq", 2, False), ("hq", 3, True), ("emea", 1, False)])
def test_a_share_of_people_but_always_one(org: str, count: int, refused: bool) -> None:
    policy = Policy(changes=ChangePolicy(max_share=0.02))
    changes = [
        Change(
            number=n,
            resource=Resource(org=org, kind=ResourceKind.ASSIGNMENT, key=f"u{n}@x/Set"),
            before={"expires": None},
            after=None,
            kind=ChangeClass.NARROWING,
            control="ZT-03",
            why="too much",
            effect="less",
        )
        for n in range(1, count + 1)
    ]
    made = plan(*changes, policy=policy)
    assert bool(refusals(made, [approval(made)], policy, AROUND)) is refused


def ranges_for(*users: str, number: int = 1, profile: str = "Integration") -> Change:
    return Change(
        number=number,
        resource=Resource(org="hq", kind=ResourceKind.LOGIN_RANGES, key=f"profile:{profile}"),
        before={"ranges": []},
        after={"ranges": ["203.0.113.0-203.0.113.255"]},
        kind=ChangeClass.NARROWING,
        control="ZT-14",
        why="a stolen key works from anywhere",
        effect="they may come from there only",
        users=users,
    )


def test_whoever_has_a_profile_counts_when_its_ranges_change() -> None:
    policy = Policy(changes=ChangePolicy(max_share=0.02))

    def limit(*changes: Change) -> tuple[str, ...]:
        made = plan(*changes, policy=policy)
        return refusals(made, [approval(made)], policy, AROUND)

    assert limit(ranges_for("a@x", "b@x")) == ()
    [reason] = limit(ranges_for("a@x", "b@x", "c@x"))
    assert "hq: the access of 3 users would change; 2 are allowed" in reason
    assert limit(ranges_for("a@x", "b@x"), ranges_for("A@x", number=2, profile="Other")) == ()
    assert limit(ranges_for("a@x", "b@x"), ranges_for("c@x", number=2, profile="Other"))
    own = change(2, kind=ChangeClass.NARROWING, key="a@x/Set")
    own = own.model_copy(
        update={"resource": own.resource.model_copy(update={"kind": ResourceKind.ASSIGNMENT})}
    )
    assert limit(ranges_for("a@x", "b@x"), own) == (), "one user is counted once"


def test_ranges_of_a_profile_without_those_who_have_it_are_not_within_any_limit() -> None:
    made = plan(ranges_for())
    [reason] = refusals(made, [approval(made)], POLICY, AROUND)
    assert "change 1 does not say whose access it changes" in reason


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (ResourceKind.PROFILE_PERMISSION, "profile:Sales/Waive"),
        (ResourceKind.PERMISSION_SET, "Waiver"),
        (ResourceKind.ORG_SETTING, "Security.mfa"),
        (ResourceKind.APP_POLICY, "connected-app:Portal/permitted-users"),
    ],
)
def test_whoever_a_profile_a_set_a_setting_or_an_app_touches_counts_and_is_shown(
    kind: ResourceKind, key: str
) -> None:
    policy = Policy(changes=ChangePolicy(max_share=0.02))
    change = ranges_for("a@x", "b@x", "c@x")
    change = change.model_copy(
        update={
            "resource": Resource(org="hq", kind=kind, key=key),
            "before": {"on": False, "permissions": []},
            "after": {"on": True, "permissions": []},
        }
    )
    made = plan(change, policy=policy)
    [reason] = refusals(made, [approval(made)], policy, AROUND)
    assert "hq: the access of 3 users would change; 2 are allowed" in reason
    shown = markdown(made, digest(made), 1)
    assert "The access of **3 users** changes." in shown and "(3 users)" in shown
    assert "a@x" not in shown, "people are counted and not named"


def test_a_profile_s_permission_says_whose_it_is() -> None:
    change = ranges_for()
    where = Resource(org="hq", kind=ResourceKind.PROFILE_PERMISSION, key="profile:Sales/Waive")
    made = plan(change.model_copy(update={"resource": where}))
    [reason] = refusals(made, [approval(made)], POLICY, AROUND)
    assert "change 1 does not say whose access it changes" in reason


def test_whose_access_changes_is_approved_too() -> None:
    assert digest(plan(ranges_for("a@x"))) != digest(plan(ranges_for("b@x")))


NIGHT = ChangeWindow(days=("sat",), start=time(22), end=time(4), time_zone="Europe/Zurich")


@pytest.mark.parametrize(
    ("when", "open_"),
    [
        (datetime(2026, 11, 28, 20, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 28, 21, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 29, 2, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 29, 3, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 28, 2, 0, tzinfo=UTC), False),
    ],
)
def test_a_window_past_midnight_belongs_to_its_first_day(when: datetime, open_: bool) -> None:
    policy = Policy(changes=ChangePolicy(windows=(NIGHT,)))
    made = plan(policy=policy, expires_at=when + timedelta(days=1))
    reasons = refusals(made, [approval(made)], policy, Circumstances(now=when, users={}))
    assert (reasons == ()) is open_


def test_a_freeze_yields_to_an_emergency_only() -> None:
    freeze = Freeze(first=date(2026, 11, 25), last=date(2026, 11, 25), reason="quarter end")
    policy = Policy(changes=ChangePolicy(freezes=(freeze,)))
    made = plan(policy=policy)
    (reason,) = refusals(made, [approval(made)], policy, AROUND)
    assert "quarter end" in reason
    assert refusals(made, [approval(made, emergency=True)], policy, AROUND) == ()
    # An emergency declared by the requester is none.
    assert len(refusals(made, [approval(made, "ada@meridian.example", emergency=True)], policy, AROUND)) == 2


def test_sandboxes_come_first_then_the_rings() -> None:
    from tests.tasks.plans.estates import estate_of

    estate = estate_of(hq="production", emea="production", uat="sandbox", apac="production")
    policy = ChangePolicy(rings=(("apac",), ("hq",)))
    assert ring_order(["hq", "emea", "uat", "apac"], estate, policy) == ("uat", "apac", "hq", "emea")
