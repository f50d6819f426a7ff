"""What a user holds, through every way in which the platform grants and takes away."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.permissions.check import refusals
from tasks.permissions.effective import effective_rights
from tasks.permissions.model import EffectiveRights
from tasks.permissions.tiers import TIER_0, TIER_1, tier
from tests.tasks.audit.evidence_factory import (
    NOW,
    aggregate,
    assigned,
    group,
    on_field,
    on_object,
    permission_set,
    profile_set,
    user,
)

ANN = "ann@hq"


def rights(sets=(), groups=(), assignments=(), objects=(), fields=(), **changes) -> EffectiveRights:
    people = (user(ANN, **changes),)
    return effective_rights(sets, groups, assignments, objects, fields, people, [f"005-{ANN}"], NOW)[
        f"005-{ANN}"
    ]


def test_profile_and_sets_add_up() -> None:
    held = rights(
        (profile_set("std", "ApiEnabled"), permission_set("a", "ViewSetup")), (), (assigned(ANN, "a"),)
    )
    assert held.permissions.keys() == {"ApiEnabled", "ViewSetup"}
    assert held.permissions["ApiEnabled"][0].profile and not held.permissions["ViewSetup"][0].profile


def test_a_user_without_any_set_holds_nothing() -> None:
    assert rights().permissions == {} and rights().objects == {}


def test_only_the_users_asked_for_are_answered() -> None:
    assert effective_rights(
        (), (), (), (), (), (user(ANN), user("bob@hq")), ["005-bob@hq", "005-gone"], NOW
    ).keys() == {"005-bob@hq"}


@pytest.mark.parametrize(
    "grant",
    [
        assigned(ANN, "a", expires=NOW),
        assigned(ANN, "a", expires=NOW - timedelta(seconds=1)),
        assigned(ANN, "a", active=False),
        assigned("bob@hq", "a"),
        assigned(ANN, "unknown"),
    ],
)
def test_a_grant_that_is_over_inactive_or_another_s_gives_nothing(grant) -> None:
    assert not rights((permission_set("a", "AuthorApex"),), (), (grant,)).permissions


def test_a_grant_that_ends_later_is_in_force_and_says_when() -> None:
    end = NOW + timedelta(seconds=1)
    held = rights((permission_set("a", "AuthorApex"),), (), (assigned(ANN, "a", expires=end),))
    assert held.permissions["AuthorApex"][0].expires == end


def test_a_session_activated_set_sleeps_when_assigned_directly() -> None:
    jit = permission_set("jit", "AuthorApex", activation_required=True)
    assert not rights((jit,), (), (assigned(ANN, "jit"),)).permissions


def test_a_session_activated_set_is_awake_inside_a_group() -> None:
    jit = permission_set("jit", "AuthorApex", activation_required=True)
    held = rights(
        (jit, aggregate("ops", "AuthorApex")), (group("ops", "jit"),), (assigned(ANN, "ops", by_group=True),)
    )
    (source,) = held.permissions["AuthorApex"]
    assert (source.permission_set, source.group, source.session_activated) == ("jit", "ops", True)


def test_the_aggregate_of_a_finished_group_is_the_truth() -> None:
    sets = (permission_set("a", "AuthorApex", "ViewSetup"), aggregate("ops", "ViewSetup"))
    held = rights(
        sets,
        (group("ops", "a"),),
        (assigned(ANN, "ops", by_group=True),),
        (on_object("a", "Account", "read", "delete"), on_object("aggregate-ops", "Account", "read")),
    )
    assert held.permissions.keys() == {"ViewSetup"} and not held.objects["Account"].delete


def test_a_group_assigned_through_its_aggregate_alone_is_still_the_group() -> None:
    grant = assigned(ANN, "ops", by_group=True).model_copy(update={"group_id": None})
    held = rights((permission_set("a", "X"), aggregate("ops", "X")), (group("ops", "a"),), (grant,))
    assert held.permissions["X"][0].group == "ops"


def muted_world(status: str) -> EffectiveRights:
    muting = permission_set("muting", "AuthorApex", id="0QM-muting")
    muted_object = on_object("x", "Account", "delete").model_copy(update={"parent_id": "0QM-muting"})
    muted_field = on_field("x", "Account.SSN__c").model_copy(update={"parent_id": "0QM-muting"})
    return rights(
        (permission_set("a", "AuthorApex", "ViewSetup"), muting, aggregate("ops", "AuthorApex", "ViewSetup")),
        (group("ops", "a", muting=("muting",), status=status),),
        (assigned(ANN, "ops", by_group=True),),
        (on_object("a", "Account", "read", "delete"), muted_object),
        (on_field("a", "Account.SSN__c", edit=True), on_field("a", "Account.Name"), muted_field),
    )


@pytest.mark.parametrize("status", ["Outdated", "Updating", "Failed"])
def test_a_group_that_lags_is_worked_out_from_members_less_muting(status: str) -> None:
    held = muted_world(status)
    assert held.permissions.keys() == {"ViewSetup"}
    assert held.objects["Account"].read and not held.objects["Account"].delete
    assert held.fields == {"Account.Name": (True, False)}


def test_a_finished_group_is_not_muted_twice() -> None:
    assert "AuthorApex" in muted_world("Updated").permissions


def test_a_muting_set_never_grants_even_when_it_is_assigned() -> None:
    muting = permission_set("muting", "AuthorApex", id="0QM-muting")
    grant = assigned(ANN, "x").model_copy(update={"permission_set_id": "0QM-muting"})
    assert not rights((muting,), (group("ops", muting=("muting",)),), (grant,)).permissions


def test_the_row_for_the_own_profile_does_not_count_twice_and_another_s_not_at_all() -> None:
    sets = (profile_set("std", "ApiEnabled"), profile_set("admin", "ModifyAllData"))
    held = rights(sets, (), (assigned(ANN, "of-std"), assigned(ANN, "of-admin")))
    assert held.permissions.keys() == {"ApiEnabled"} and len(held.permissions["ApiEnabled"]) == 1


def test_reading_a_field_needs_the_object_and_modify_all_data_lifts_no_field_security() -> None:
    fields = (on_field("a", "Account.SSN__c"),)
    only_field = rights((permission_set("a"),), (), (assigned(ANN, "a"),), (), fields)
    assert not only_field.may_read_field("Account.SSN__c")
    everything = rights((permission_set("b", "ModifyAllData"),), (), (assigned(ANN, "b"),))
    assert everything.may_read("Account") and not everything.may_read_field("Account.SSN__c")


def test_what_needs_a_muted_right_is_muted_with_it() -> None:
    muting = permission_set("m", id="0QM-m")
    silent = on_object("x", "Account", "edit").model_copy(update={"parent_id": "0QM-m"})
    held = rights(
        (permission_set("a"), muting),
        (group("ops", "a", muting=("m",), status="Outdated"),),
        (assigned(ANN, "ops", by_group=True),),
        (on_object("a", "Account", "read", "create", "edit", "delete"), silent),
    )
    account = held.objects["Account"]
    assert (account.read, account.create, account.edit, account.delete) == (True, True, False, False)


def test_view_all_fields_of_an_object_opens_its_fields_for_reading_only() -> None:
    whole = on_object("a", "Account", "read", "edit").model_copy(update={"view_fields": True})
    held = rights((permission_set("a"),), (), (assigned(ANN, "a"),), (whole, on_object("a", "Lead", "read")))
    assert held.may_read_field("Account.SSN__c") and not held.may_read_field("Lead.SSN__c")
    assert refusals(held, "Account", ["SSN__c"], "read") == ()
    assert refusals(held, "Account", ["SSN__c"], "edit") == ("SSN__c may not be written",)


def test_tiers_do_not_overlap() -> None:
    assert not TIER_0 & TIER_1
    assert [tier("ModifyAllData"), tier("DataExport"), tier("ViewSetup")] == [0, 1, 2]


NAMES = ("AuthorApex", "ViewSetup", "ManageUsers", "ApiEnabled")
FLAGS = ("read", "create", "edit", "delete", "view_all", "modify_all")
some = st.frozensets(st.sampled_from(NAMES))
flags = st.frozensets(st.sampled_from(FLAGS))
Drawn = tuple[frozenset[str], ...]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(some, flags, st.booleans()), min_size=1, max_size=4), some, some, flags)
def test_rights_never_exceed_the_union_and_muting_never_widens(members, profile, muted, muted_flags) -> None:
    sets = [
        permission_set(f"s{n}", *held, activation_required=lazy) for n, (held, _, lazy) in enumerate(members)
    ]
    objects = [on_object(f"s{n}", "Account", *held) for n, (_, held, _) in enumerate(members)]
    muting = permission_set("m", *muted, id="0QM-m")
    silent = on_object("x", "Account", *muted_flags).model_copy(update={"parent_id": "0QM-m"})
    names = [f"s{n}" for n in range(len(members))]

    def held_with(*mutes: str) -> EffectiveRights:
        return rights(
            (profile_set("std", *profile), *sets, muting),
            (group("g", *names, muting=mutes, status="Outdated"),),
            (assigned(ANN, "g", by_group=True), assigned(ANN, "s0")),
            (*objects, silent),
        )

    loud, quiet = held_with(), held_with("m")
    union = frozenset().union(profile, *(held for held, _, _ in members))
    assert quiet.permissions.keys() <= loud.permissions.keys() <= union
    for flag in FLAGS:
        may = getattr(quiet.objects.get("Account"), flag, False)
        assert not may or getattr(loud.objects["Account"], flag)
        assert not may or any(flag in held for _, held, _ in members)
