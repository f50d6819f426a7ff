"""What is not as a route was declared for is named before the first record moves."""

from typing import Any

import pytest

from tasks.permissions.model import EffectiveRights, ObjectRights
from tasks.sync.drift import drift, fields_of, rights_missing
from tasks.sync.model import Column, Rules
from tests.tasks.sync.test_rules import route

RULES = Rules(
    route="R",
    source="hq",
    target="emea",
    sobject="Account",
    key="Ext__c",
    external_id="Ext__c",
    columns=(
        Column(name="Name", source="Name"),
        Column(name="Amount__c", source="Amount__c"),
        Column(name="Sealed__c", source="SSN__c", sealed=True),
    ),
)


def field(name: str, kind: str = "string", length: int = 40, **more: Any) -> dict[str, Any]:
    ready = {"createable": True, "updateable": True, "nillable": True, "defaultedOnCreate": False}
    return {"name": name, "type": kind, "length": length, **ready, **more}


KEY = field("Ext__c", length=64, externalId=True, unique=True)
SOURCE = (KEY, field("Name", length=255), field("Amount__c", "currency", 0, scale=2), field("SSN__c"))
TARGET = (
    KEY,
    field("Name", length=255, nillable=False),
    field("Amount__c", "currency", 0, scale=2),
    field("Sealed__c", length=255),
)


def seen(
    *changed: dict[str, Any], of: tuple[dict[str, Any], ...] = TARGET, without: str = ""
) -> dict[str, Any]:
    names = {each["name"] for each in changed} | {without}
    return fields_of({"fields": [*(each for each in of if each["name"] not in names), *changed]})


def test_orgs_that_fit_have_no_drift() -> None:
    assert drift(RULES, seen(of=SOURCE), seen()) == ()


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        (seen(of=SOURCE, without="SSN__c"), seen(), "hq shows no Account.SSN__c"),
        (seen(of=SOURCE), seen(without="Name"), "emea shows no Account.Name"),
        (seen(of=SOURCE), seen(without="Ext__c"), "emea shows no Account.Ext__c"),
        (seen(of=SOURCE, without="Ext__c"), seen(), "hq shows no Account.Ext__c"),
        (seen(of=SOURCE), seen(KEY | {"unique": False}), "no unique external id"),
        (seen(KEY | {"unique": False}, of=SOURCE), seen(), "two records could become one"),
        (seen(of=SOURCE), seen(KEY | {"length": 20}), "holds 20 letters"),
        (
            seen(of=SOURCE),
            seen(field("Name", updateable=False, length=255)),
            "Account.Name of emea cannot be written",
        ),
        (seen(of=SOURCE), seen(field("Name", length=80)), "255 letters in hq and 80 in emea"),
        (
            seen(of=SOURCE),
            seen(field("Amount__c", "string", 40)),
            "of type currency in hq and of type string in emea",
        ),
        (seen(of=SOURCE), seen(field("Amount__c", "currency", 0, scale=0)), "more decimal places"),
        (
            seen(of=SOURCE),
            seen(field("Sealed__c", length=90)),
            "too few for a sealed SSN__c of up to 40 bytes",
        ),
        (seen(of=SOURCE), seen(field("Sealed__c", "phone", 255)), "a sealed value is a text"),
        (seen(of=SOURCE), seen(field("Owner__c", nillable=False)), "Owner__c of emea must not be empty"),
    ],
)
def test_each_drift_is_named(source: dict[str, Any], target: dict[str, Any], said: str) -> None:
    [found] = drift(RULES, source, target)
    assert said in found


def test_choices_that_the_target_does_not_take_are_counted() -> None:
    def choices(*values: str, **more: Any) -> dict[str, Any]:
        return field(
            "Name", "picklist", 255, picklistValues=[{"value": v, "active": True} for v in values], **more
        )

    [found] = drift(
        RULES, seen(choices("A", "B", "C"), of=SOURCE), seen(choices("A", restrictedPicklist=True))
    )
    assert "does not take 2 choices" in found
    assert drift(RULES, seen(choices("A", "B"), of=SOURCE), seen(choices("A"))) == ()


def rights(
    *flags: str, writable: tuple[str, ...] = ("Name", "Amount__c", "Sealed__c", "Ext__c")
) -> EffectiveRights:
    return EffectiveRights(
        user_id="005",
        permissions={},
        objects={"Account": ObjectRights.model_validate(dict.fromkeys(flags, True))},
        fields={
            f"Account.{name}": (True, name in writable)
            for name in ("Name", "Amount__c", "Sealed__c", "Ext__c")
        },
    )


def test_rights_are_asked_for_what_the_sync_does_and_the_declaration_allows() -> None:
    declared = route(("Name", "Amount__c", "Sealed__c"))
    assert rights_missing(declared, RULES, rights("read", "create", "edit"), ()) == ()
    assert "no right to create Account" in rights_missing(declared, RULES, rights("read", "edit"), ())
    lacking = rights_missing(
        declared, RULES, rights("read", "create", "edit", writable=("Amount__c", "Sealed__c", "Ext__c")), ()
    )
    assert lacking == ("Name may not be written",)
    assert (
        rights_missing(
            declared,
            RULES,
            rights("read", "create", "edit", writable=("Amount__c", "Sealed__c", "Ext__c")),
            ("Name",),
        )
        == ()
    )
    removing = RULES.model_copy(update={"removes": True})
    assert set(rights_missing(declared, removing, rights("read", "create", "edit"), ())) == {
        "R removes nothing",
        "no right to delete Account",
    }
    narrow = route(("Name", "Sealed__c"))
    assert "Amount__c is not declared for R" in rights_missing(
        narrow, RULES, rights("read", "create", "edit"), ()
    )
