"""Which fields are masked is decided by what holds for everybody, not by what the scanner may write."""

from typing import Any

from tasks.masking.model import Kind
from tasks.masking.rules import rules_of


def field(name: str, type_: str = "string", length: int = 80, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "length": length, "createable": False, "updateable": False, **more}


def kinds(sobject: str, *described: dict[str, Any]) -> dict[str, Kind]:
    return {rule.field: rule.kind for rule in rules_of(sobject, described, {})[0]}


def test_a_scanner_that_may_write_nothing_still_plans() -> None:
    described = [field("Name"), field("LastName"), field("Email", "email"), field("Phone", "phone")]
    assert kinds("Contact", *described) == {
        "LastName": Kind.LAST_NAME,
        "Email": Kind.EMAIL,
        "Phone": Kind.PHONE,
    }


def test_what_follows_others_has_no_rule_of_its_own() -> None:
    assert kinds("Case", field("ContactEmail", "email"), field("Email__c", "email", calculated=True)) == {}
    assert (
        kinds("Contact", field("MailingAddress", "address"), field("Phone", "phone", autoNumber=True)) == {}
    )


def test_what_is_written_once_is_named() -> None:
    rules, left_out = rules_of(
        "ContentVersion", [field("Title", length=255), field("PathOnClient", length=500)], {}
    )
    assert [rule.field for rule in rules] == ["Title"]
    assert left_out == {"PathOnClient": "it can only be written when the record is made"}


def test_where_somebody_lives_is_masked_as_numbers_too() -> None:
    names = ("MailingLatitude", "OtherLongitude", "BillingLatitude", "ShippingLongitude", "Home__Latitude__s")
    described = [field(name, "double", 0) for name in (*names, "Home_Longitude__c", "Latitude_Error__c")]
    assert kinds("Contact", *described) == dict.fromkeys((*names, "Home_Longitude__c"), Kind.COORDINATE)
