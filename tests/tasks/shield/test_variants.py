"""Queries in any shape and dress are found; what only looks like one never is."""

from random import Random

import pytest

from tasks.shield.apex import apex_callers
from tasks.shield.choose import SCHEMES, hinders
from tasks.shield.model import CallerKind, Use
from tasks.shield.soql import Related
from tests.slices import chosen
from tests.tasks.shield.variants import asking, looking

RELATED = Related(
    parents={
        "contact.account": ("Account",),
        "case.contact": ("Contact",),
        "event.what": ("Account", "Case"),
    },
    children={"account.contacts": "Contact"},
)
FIELDS = ("Account.SSN__c", "Contact.TaxID__c", "Account.Clean__c", "Contact.Clean__c")


@pytest.mark.parametrize("seed", chosen(range(400), 60))
def test_every_way_to_ask_is_found(seed: int) -> None:
    for lot in range(25):
        variant = asking(Random(f"{seed}/{lot}"), "SSN__c", "TaxID__c")
        found = apex_callers(variant.source, "Asking", CallerKind.APEX_CLASS, FIELDS, RELATED)
        asked = {(caller.field, caller.use) for caller in found if caller.use is not Use.TEXT}
        assert asked == {(variant.asked, variant.use)}, f"{variant.what}\n{variant.source}"
        for caller in found:
            line = variant.source.splitlines()[(caller.line or 0) - 1]
            assert caller.field.partition(".")[2] in line, f"{caller}\n{variant.source}"


@pytest.mark.parametrize("seed", chosen(range(400), 60))
def test_what_only_looks_like_asking_hinders_nothing(seed: int) -> None:
    for lot in range(10):
        variant = looking(Random(f"{seed}/{lot}"), "SSN__c", "TaxID__c")
        found = apex_callers(variant.source, "Quiet", CallerKind.APEX_CLASS, FIELDS, RELATED)
        assert not [c for c in found if any(hinders(c, each) for each in SCHEMES)], (
            f"{found}\n{variant.source}"
        )
