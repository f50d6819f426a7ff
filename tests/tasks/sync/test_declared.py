"""What estate.yaml says about a sync is checked when it is read, each mistake with its place."""

from typing import Any

import pytest
import yaml

from tasks.errors import ConfigurationError
from tasks.estate.read import read_estate

COURIER = {"flow": "jwt-bearer", "username": "sync@emea.example", "secret": "sync/target"}


def document(**sync: Any) -> str:
    orgs = [
        {
            "alias": alias,
            "my_domain": f"https://{alias}.my.salesforce.com",
            "kind": "production",
            "scanner": {"flow": "jwt-bearer", "username": f"scan@{alias}.example", "secret": "s"},
        }
        for alias in ("hq", "emea")
    ]
    route = {
        "name": "R",
        "source": "hq",
        "target": "emea",
        "sobject": "Account",
        "fields": ["Name", "Phone", "Ext__c", "Sealed__c"],
        "masked_fields": ["Phone"],
        "sync_user": "sync@emea.example",
        "app": "A",
        "credential": "C",
        "sync": {"source": COURIER, "target": COURIER, "external_id": "Ext__c", **sync},
    }
    return yaml.safe_dump({"name": "E", "orgs": orgs, "cloud": {"region": "eu-central-1"}, "routes": [route]})


def test_a_whole_declaration_is_read() -> None:
    text = document(
        sealed_fields={"Sealed__c": "SSN__c"}, data_key="alias/routes", deletes="remove", overlap="PT10M"
    )
    [route] = read_estate(text).routes
    assert route.sync is not None and route.sync.sealed_fields == {"Sealed__c": "SSN__c"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"external_id": "Nowhere__c"}, "Nowhere__c is not among the route's fields"),
        ({"excluded_fields": ["Ext__c"]}, "has to be carried as it is"),
        ({"excluded_fields": ["Nowhere__c"]}, "Nowhere__c is not among the route's fields"),
        ({"contract": {"Nowhere__c": {"empty": 0}}}, "Nowhere__c is not among the route's fields"),
        ({"sealed_fields": {"Phone": "SSN__c"}, "data_key": "k"}, "left out by the route as well"),
        ({"sealed_fields": {"Sealed__c": "SSN__c"}}, "need a data_key"),
        ({"target": {**COURIER, "username": "other@emea.example"}}, "must be the route's sync_user"),
        ({"overlap": "P2D"}, "overlap"),
        ({"external_id": "Ext__c FROM User"}, "must match"),
    ],
)
def test_mistakes_are_named(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=r"routes\[0\]\.sync") as refused:
        read_estate(document(**wrong))
    assert said in str(refused.value)
