"""What an org says of its own counts decides nothing, and what is not looked at is named."""

import re

import pytest

from tasks.masking import gateway
from tasks.masking.model import SandboxReading
from tests.tasks.conftest import Play
from tests.tasks.salesforce.script import Rows, scripted

SANDBOX = [{"Id": "00D000000000001", "IsSandbox": True, "CreatedDate": None}]
_AFTER = re.compile(r"QualifiedApiName > '([^']+)'")


def survey(
    play: Play, names: list[str], kept: dict[str, int], here: int = 7, searchable: tuple[str, ...] = ()
) -> SandboxReading:
    def reply(soql: str) -> Rows | tuple[str, str]:
        if "FROM Organization" in soql:
            return SANDBOX
        if "FROM EntityDefinition" in soql:
            after = _AFTER.search(soql)
            left = [name for name in sorted(names) if after is None or name > after.group(1)]
            return [{"QualifiedApiName": name} for name in left[:2_000]]
        if "COUNT(Id)" in soql and "Big" in soql:
            return "MALFORMED_QUERY", "big objects cannot be counted"
        if "COUNT(Id)" in soql:
            return [{"n": here}]
        return []

    resources = {
        "limits/recordCount": {"sObjects": [{"name": name, "count": n} for name, n in kept.items()]},
        "sobjects": {"sobjects": [{"name": name, "searchable": True} for name in searchable]},
    }
    return gateway.survey(play(scripted(reply, resources=resources)))


FILES = dict.fromkeys(gateway.FILES, 7)


def test_an_object_that_the_org_counted_as_empty_or_not_at_all_is_looked_at(play: Play) -> None:
    found = survey(
        play, ["Contact", "Lead", "New__c", "Big__b"], {**FILES, "Contact": 0, "Lead": 100, "Big__b": 1}
    )
    assert {"Contact": 7, "Lead": 7, "New__c": 7}.items() <= found.visible.items()
    assert set(found.unread) == {
        "Big__b cannot be counted, so it is not looked at (MALFORMED_QUERY)",
        "the scanner sees 7 of about 100 records of Lead; let it view all",
        "the org does not say how many records of New__c there are; 7 are visible",
    }


@pytest.mark.slow
def test_an_org_has_more_objects_than_one_answer_holds(play: Play) -> None:
    names = [f"Object{number:04d}__c" for number in range(2_101)]
    found = survey(play, names, {**FILES, **dict.fromkeys(names, 7)})
    assert len(found.visible) == 2_101 + len(FILES) and found.unread == ()


def test_what_people_fill_and_is_not_looked_at_is_named(play: Play) -> None:
    found = survey(
        play,
        ["Contact", "User", "Contact__Feed"],
        {**FILES, "Contact": 7},
        searchable=("Contact", "FeedItem"),
    )
    assert found.passed_over == ("FeedItem", "User")
