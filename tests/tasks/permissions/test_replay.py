"""A set is minimal when every call still works with it, and some call no longer does without any one of its rights."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.estate.model import Route
from tasks.permissions.demands import Fields, Need, closed, needs
from tasks.permissions.minimal import declared_calls, minimal_set
from tasks.permissions.model import EffectiveRights, FieldFacts, MinimalSet, ObjectRights, Source
from tasks.permissions.replay import replay, unjudged
from tasks.usage.model import Call, Operation, SeenCall

SOURCE = (Source(permission_set="S", group=None, profile=False, expires=None),)
PLAIN, HELD = (
    FieldFacts(permissionable=True, writeable=True),
    FieldFacts(permissionable=False, writeable=True),
)
FACTS = {
    "Account.Name": HELD,
    "Account.Phone": PLAIN,
    "Account.Rating": PLAIN,
    "Account.Score__c": FieldFacts(permissionable=True, writeable=False),
    "Contact.LastName": HELD,
    "Contact.Email": PLAIN,
    "Contact.AccountId": FieldFacts(permissionable=True, writeable=True, references=("Account",)),
    "Contact.OwnerId": FieldFacts(permissionable=False, writeable=True, references=("Group", "User")),
    "Booking__c.Portfolio__c": FieldFacts(
        permissionable=False, writeable=True, references=("Portfolio__c",), master=True
    ),
    "Booking__c.Amount__c": PLAIN,
    "Booking__c.Contact__c": FieldFacts(permissionable=True, writeable=True, references=("Contact",)),
    "Portfolio__c.Account__c": FieldFacts(
        permissionable=False, writeable=True, references=("Account",), master=True
    ),
}
FIELDS = Fields(FACTS)
OBJECTS = sorted({name.partition(".")[0] for name in FACTS})


def route(
    sobject: str, names: set[str], read_only: set[str] = frozenset(), also: tuple[str, ...] = ()
) -> Route:  # type: ignore[assignment]
    return Route(
        name="R", source="hq", target="emea", sobject=sobject, fields=tuple(sorted(names)), sync_user="s@emea", app="A",
        credential="C", read_only_fields=tuple(sorted(read_only)), also_reads=also,
    )  # fmt: skip


@st.composite
def routes(draw: Any) -> Route:
    sobject = draw(st.sampled_from(OBJECTS))
    names = [name.partition(".")[2] for name in FACTS if name.startswith(f"{sobject}.")]
    chosen = draw(st.sets(st.sampled_from(names)))
    read_only = draw(st.sets(st.sampled_from(sorted(chosen)))) if chosen else set()
    also = draw(st.lists(st.sampled_from([*FACTS, *OBJECTS]), max_size=3, unique=True))
    return route(sobject, chosen, read_only, tuple(also))


def seen(call: Call, times: int = 1) -> SeenCall:
    return SeenCall(call=call, times=times, days=1, last=date(2026, 11, 24))


def call(operation: Operation, sobject: str, *fields: str) -> Call:
    return Call(operation=operation, sobject=sobject, fields=frozenset(fields))


def rights(of: MinimalSet, without: Need | None = None) -> EffectiveRights:
    objects, fields = dict(of.objects), dict(of.fields)
    if without is not None and "." in without.on:
        read, edit = fields[without.on]
        fields[without.on] = (read and without.flag != "read", edit and without.flag != "edit")
    elif without is not None:
        objects[without.on] = objects[without.on].model_copy(update={without.flag: False})
    return EffectiveRights(user_id="005", permissions={}, objects=objects, fields=fields)


def each_right(of: MinimalSet) -> list[Need]:
    found = [
        Need(name, flag) for name, can in of.objects.items() for flag, on in can.model_dump().items() if on
    ]
    return found + [
        Need(name, flag)
        for name, can in of.fields.items()
        for flag, on in zip(("read", "edit"), can, strict=True)
        if on
    ]


@settings(max_examples=150, deadline=None)
@given(routes())
def test_every_declared_call_works_and_none_works_without_any_one_right(made: Route) -> None:
    allowed = minimal_set(made, FACTS)
    calls = [seen(each) for each in declared_calls(made, FACTS)]
    assert replay(calls, rights(allowed), FIELDS) == ()
    for right in each_right(allowed):
        assert replay(calls, rights(allowed, without=right), FIELDS), right


@settings(max_examples=150, deadline=None)
@given(routes())
def test_no_set_deletes_or_looks_past_sharing_or_writes_what_is_read_only(made: Route) -> None:
    allowed = minimal_set(made, FACTS)
    for can in allowed.objects.values():
        assert not (can.delete or can.view_all or can.modify_all)
    assert all(name == made.sobject or not (can.create or can.edit) for name, can in allowed.objects.items())
    for name, (read, edit) in allowed.fields.items():
        assert FACTS[name].permissionable and read
        local = name.partition(".")[2]
        assert not edit or (name.startswith(f"{made.sobject}.") and local not in made.read_only_fields)
        assert not edit or FACTS[name].writeable


@settings(max_examples=150, deadline=None)
@given(routes())
def test_each_right_has_its_reason(made: Route) -> None:
    allowed = minimal_set(made, FACTS)
    whats = [right.what for right in allowed.evidence]
    for name, can in allowed.objects.items():
        assert all(f"{flag} {name}" in whats for flag in ("read", "create", "edit") if getattr(can, flag))
    for name in allowed.fields:
        assert any(what.endswith((name, f" {name.partition('.')[2]}")) for what in whats), name
    assert all(right.why for right in allowed.evidence)


@given(
    st.sets(
        st.builds(
            Need, st.sampled_from([*FACTS, *OBJECTS]), st.sampled_from(["read", "create", "edit", "delete"])
        )
    )
)
def test_closing_twice_adds_nothing_and_takes_nothing(found: set[Need]) -> None:
    once = closed(found, FIELDS)
    assert found <= once and closed(once, FIELDS) == once


def test_a_field_s_right_depends_on_its_object_s() -> None:
    assert closed([Need("Booking__c.Amount__c", "edit")], FIELDS) == {
        Need("Booking__c.Amount__c", "edit"),
        Need("Booking__c.Amount__c", "read"),
        Need("Booking__c", "read"),
        Need("Portfolio__c", "read"),
        Need("Account", "read"),
    }


@pytest.mark.parametrize(
    ("asked", "needed"),
    [
        (call(Operation.READ, "Account", "Name", "phone"), {"read Account", "read Account.Phone"}),
        (call(Operation.CREATE, "Account", "Name"), {"create Account", "read Account"}),
        (call(Operation.EDIT, "Account", "Phone"), {"edit Account", "read Account", "edit Account.Phone", "read Account.Phone"}),
        (call(Operation.UPSERT, "Account"), {"create Account", "edit Account", "read Account"}),
        (call(Operation.DELETE, "Account"), {"delete Account", "edit Account", "read Account"}),
        (call(Operation.HARD_DELETE, "Account"), {"delete Account", "edit Account", "read Account", "BulkApiHardDelete"}),
        (call(Operation.OTHER, "Account"), set()),
        (call(Operation.READ, "User", "Email"), set()),
        (call(Operation.READ, "Contract"), {"read Contract", "read Account"}),
        (call(Operation.READ, "Contact", "Account.Phone"), {"read Contact", "read Contact.AccountId", "read Account", "read Account.Phone"}),
        (call(Operation.READ, "Booking__c", "Contact__r.Account.Rating"),
         {"read Booking__c", "read Portfolio__c", "read Booking__c.Contact__c", "read Contact", "read Contact.AccountId",
          "read Account", "read Account.Rating"}),
        (call(Operation.EDIT, "Contact", "AccountId"),
         {"edit Contact", "read Contact", "edit Contact.AccountId", "read Contact.AccountId", "read Account"}),
        (call(Operation.EDIT, "Contact", "OwnerId"), {"edit Contact", "read Contact"}),
        (call(Operation.READ, "Booking__c"), {"read Booking__c", "read Portfolio__c", "read Account"}),
        (call(Operation.READ, "Account", "Nowhere", "Nobody.Name"), {"read Account"}),
    ],
)  # fmt: skip
def test_what_a_call_needs(asked: Call, needed: set[str]) -> None:
    assert {str(need) for need in needs(asked, FIELDS)} == needed


def test_what_would_fail_is_listed_with_what_it_lacks_the_most_frequent_first() -> None:
    allowed = minimal_set(route("Account", {"Name", "Phone"}), FACTS)
    delete, secret = call(Operation.DELETE, "Account"), call(Operation.READ, "Account", "Phone", "Rating")
    calls = [seen(call(Operation.READ, "Account", "Phone"), 9), seen(delete, 2), seen(secret, 5)]
    found = replay(calls, rights(allowed), FIELDS)
    assert [(each.seen.times, each.lacks) for each in found] == [
        (5, ("read Account.Rating",)),
        (2, ("delete Account",)),
    ]


def test_calls_that_do_not_tell_are_counted_and_not_judged() -> None:
    nothing = EffectiveRights(user_id="005", permissions={}, objects={}, fields={})
    calls = [seen(call(Operation.OTHER, "Account"), 7), seen(call(Operation.READ, "Account"), 1)]
    assert [each.seen.times for each in replay(calls, nothing, FIELDS)] == [1] and unjudged(calls) == 7


@pytest.mark.parametrize(
    ("permission", "asked", "works"),
    [
        ("ViewAllData", call(Operation.READ, "Account"), True),
        ("ViewAllData", call(Operation.EDIT, "Account"), False),
        ("ModifyAllData", call(Operation.DELETE, "Account"), True),
        ("ModifyAllData", call(Operation.READ, "Account", "Phone"), False),
        ("ModifyAllData", call(Operation.HARD_DELETE, "Account"), False),
    ],
)
def test_rights_over_all_data_lift_no_field_level_security(permission: str, asked: Call, works: bool) -> None:
    held = EffectiveRights(user_id="005", permissions={permission: SOURCE}, objects={}, fields={})
    assert (replay([seen(asked)], held, FIELDS) == ()) is works


def test_what_was_seen_supports_rights_and_never_makes_one() -> None:
    declared = route("Account", {"Name", "Phone"})
    stolen = [
        seen(call(Operation.READ, "Contact", "Email"), 900),
        seen(call(Operation.READ, "Account", "Rating", "Phone"), 900),
        seen(call(Operation.DELETE, "Account"), 1),
    ]
    bare, supported = minimal_set(declared, FACTS), minimal_set(declared, FACTS, seen=stolen)
    assert (supported.objects, supported.fields) == (bare.objects, bare.fields)
    why = {right.what: right.why for right in supported.evidence}
    assert "seen 900 times, last on 2026-11-24" in why["read Account"]
    assert "seen 900 times" in why["read and edit Phone"]
    assert "not seen in the observed days" in why["create Account"]
    assert not any("seen" in right.why for right in bare.evidence)


def test_dependencies_say_on_what() -> None:
    found = minimal_set(route("Booking__c", {"Amount__c", "Contact__c"}, also=("Account.Rating",)), FACTS)
    why = {right.what: right.why for right in found.evidence}
    assert why["read Contact"] == "dependency of Booking__c.Contact__c, which refers to it"
    assert why["read Portfolio__c"] == "dependency of Booking__c.Portfolio__c, which refers to it"
    assert "looks it up" in why["read Account"] and why["read Account.Rating"] == "declared: looked up"
    assert found.objects["Contact"] == ObjectRights(read=True)
