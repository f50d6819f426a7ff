"""Why a user may or may not: every reason against it, and every way by which a right came."""

from datetime import timedelta

import pytest

from tasks.permissions.check import Operation, outside, paths, refusals
from tasks.permissions.effective import effective_rights
from tests.tasks.permissions.test_minimal import (
    NOW,
    assigned,
    on_field,
    on_object,
    permission_set,
    route,
    user,
)

SETS = (
    permission_set("Xstd", "ApiEnabled", profile="Standard User"),
    permission_set("Reader"),
    permission_set("Writer"),
    permission_set("All", "ViewAllData"),
    permission_set("Late"),
)
OBJECTS = (
    on_object("Reader", "Account", "read"),
    on_object("Writer", "Account", "read", "create", "edit"),
    on_object("Late", "Account", "read"),
)
FIELDS = (
    on_field("Reader", "Account.Phone"),
    on_field("Writer", "Account.Phone", True, True),
    on_field("Late", "Account.Phone"),
)


def against(operation: Operation, *sets: str, fields: tuple[str, ...] = ("Phone",)) -> tuple[str, ...]:
    grants = tuple(assigned(name) for name in sets)
    held = effective_rights(SETS, (), grants, OBJECTS, FIELDS, (user(),), ("005sync@emea",), NOW)[
        "005sync@emea"
    ]
    return refusals(held, "Account", fields, operation, always_on=("Name",))


@pytest.mark.parametrize(
    ("operation", "sets", "fields", "reasons"),
    [
        ("read", ("Reader",), ("Phone", "Name"), ()),
        ("read", (), ("Phone",), ("no right to read Account", "Phone may not be read")),
        ("read", ("All",), ("Name",), ()),
        ("read", ("All",), ("Phone",), ("Phone may not be read",)),
        ("edit", ("Reader",), ("Phone",), ("no right to edit Account", "Phone may not be written")),
        ("edit", ("Writer",), ("Phone",), ()),
        ("edit", ("All", "Reader"), ("Name",), ("no right to edit Account",)),
        ("delete", ("Writer",), ("Phone",), ("no right to delete Account",)),
    ],
)
def test_every_reason_is_named(
    operation: Operation, sets: tuple[str, ...], fields: tuple[str, ...], reasons: tuple[str, ...]
) -> None:
    assert against(operation, *sets, fields=fields) == reasons


def test_each_grant_is_judged_alone() -> None:
    grants = (
        assigned("Reader"),
        assigned("Writer", expires=NOW + timedelta(hours=1)),
        assigned("Late", expires=NOW),
    )
    found = paths(user(), SETS, (), grants, OBJECTS, FIELDS, "Account", ("Phone",), "edit", NOW)
    assert [(each.through.partition(" (")[0], each.gives) for each in found] == [
        ("profile Standard User", False),
        ("set Reader", False),
        ("set Writer", True),
        ("set Late", False),
    ]
    assert found[1].why == "no right to edit Account; Phone may not be written"
    assert "until 2026-05-13 13:00" in found[2].through and "ended on" in found[3].why


@pytest.mark.parametrize(
    ("sobject", "fields", "operation", "reasons"),
    [
        ("Account", ("Phone",), "edit", 0),
        ("Account", ("AnnualRevenue",), "read", 0),
        ("Account", ("AnnualRevenue",), "edit", 1),
        ("Account", ("SSN__c",), "read", 1),
        ("Contact", ("Email",), "read", 2),
        ("Account", (), "delete", 1),
    ],
)
def test_a_route_keeps_to_what_it_declared(
    sobject: str, fields: tuple[str, ...], operation: Operation, reasons: int
) -> None:
    assert len(outside(route(), sobject, fields, operation)) == reasons
