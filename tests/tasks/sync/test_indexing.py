"""Blind indexes of a route: equal values meet, nobody reads them, and nothing that cannot be an index is carried."""

from typing import Any

import pytest
from pydantic import ValidationError

from tasks.encryption.matching import INDEX_LETTERS, blind_index
from tasks.estate.model import Courier, Sync
from tasks.sync.drift import drift
from tasks.sync.indexing import IndexedSource
from tasks.sync.model import Column, Rules
from tasks.sync.profile import limits_of, profile_of
from tests.tasks.sync.worlds import NOW, RULES, World, record

KEY = bytes(range(32))
INDEXED = RULES.model_copy(
    update={
        "columns": (
            *RULES.columns,
            Column(name="Index__c", source="SSN__c", source_type="double", indexed=True, length=255),
        )
    }
)


def world(*secrets: str | None) -> World:
    found = World()
    for number, secret in enumerate(secrets):
        made = record(number, NOW, secret=secret)
        found.change(made._replace(values=(*made.values, secret)))
    return found


def test_equal_values_meet_and_nothing_else_is_touched() -> None:
    source = IndexedSource(world("7", "7", "8", None), KEY)
    read = source.read(INDEXED, "IsDeleted = false", 10, "collections")
    assert [each.values[:2] for each in read] == [("Ada", "7"), ("Ada", "7"), ("Ada", "8"), ("Ada", None)]
    indexes = [each.values[2] for each in read]
    assert indexes[0] == indexes[1] == blind_index(KEY, "Contact", "SSN__c", "7") and indexes[3] is None
    assert indexes[2] not in (indexes[0], "8") and len(str(indexes[2])) == INDEX_LETTERS
    assert source.read_again(INDEXED, [read[2].id]) == [read[2]]
    assert IndexedSource(world("7"), bytes(32)).read(INDEXED, "", 1, "bulk")[0].values[2] != indexes[0]


def test_an_index_of_a_number_is_no_number() -> None:
    profile = profile_of(INDEXED, IndexedSource(world("7"), KEY).read(INDEXED, "", 1, "bulk"))
    assert profile["Index__c.longest"] == INDEX_LETTERS
    assert {name for name in {**profile, **limits_of(INDEXED, 9)} if name.startswith("Index__c.")} == {
        "Index__c.empty",
        "Index__c.longest",
    }


@pytest.mark.parametrize(
    ("there", "fits"),
    [
        ({"length": 22}, True),
        ({"length": 21}, False),
        ({"type": "double"}, False),
        ({"type": "textarea"}, True),
    ],
)
def test_an_index_wants_a_text_that_holds_it(there: dict[str, Any], fits: bool) -> None:
    text = {"type": "string", "length": 255, "createable": True, "updateable": True, "nillable": True}
    key = text | {"unique": True, "externalId": True}
    rules = Rules(
        **INDEXED.model_dump(exclude={"columns"}),
        columns=(Column(name="Index__c", source="SSN__c", indexed=True),),
    )
    said = drift(
        rules, {"Ext__c": key, "SSN__c": text | {"type": "double"}}, {"Ext__c": key, "Index__c": text | there}
    )
    assert (said == ()) is fits
    assert fits or "blind index: a text of at least 22 letters" in said[0]


def test_an_index_needs_a_key_and_a_field_of_its_own() -> None:
    courier = Courier(flow="jwt-bearer", username="s@e", secret="s", client_certificate="c")
    both = {"source": courier, "target": courier, "external_id": "E__c"}
    with pytest.raises(ValidationError, match="index_fields need an index_key"):
        Sync(**both, index_fields={"I__c": "A"})
    with pytest.raises(ValidationError, match="I__c cannot be sealed and an index"):
        Sync(**both, data_key="k", sealed_fields={"I__c": "A"}, index_key="n", index_fields={"I__c": "A"})
