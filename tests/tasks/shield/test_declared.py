"""What components say about a field is read as it is meant, whichever of their names it goes by."""

import pytest

from tasks.shield.declared import (
    flow_callers,
    formula_callers,
    list_view_callers,
    matching_callers,
    own_callers,
    report_callers,
    sharing_callers,
)
from tasks.shield.model import FieldFacts, Scheme, Use
from tasks.shield.soql import Related

FIELDS = ("Account.SSN__c", "Contact.SSN__c", "Account.AccountNumber", "Contact.Email")
RELATED = Related(parents={"contact.account": ("Account",)}, children={"account.contacts": "Contact"})


def test_a_flow_asks_by_filters_and_sorts() -> None:
    flow = {
        "status": "Active",
        "recordLookups": [
            {
                "name": "Get",
                "object": "Account",
                "filters": [
                    {"field": "SSN__c", "operator": "EqualTo"},
                    {"field": "Name", "operator": "EqualTo"},
                ],
                "sortField": "AccountNumber",
            },
            {"name": "Other", "object": "Lead", "filters": {"field": "SSN__c", "operator": "EqualTo"}},
        ],
        "start": {"object": "Contact", "filters": {"field": "SSN__c", "operator": "StartsWith"}},
    }
    found = [(c.field, c.use, c.detail) for c in flow_callers("F", flow, FIELDS)]
    assert found == [
        ("Account.SSN__c", Use.EQUALITY, "Get, EqualTo"),
        ("Account.AccountNumber", Use.SORT, "Get"),
        ("Contact.SSN__c", Use.COMPARISON, "start, StartsWith"),
    ]
    assert not [*flow_callers("F", {**flow, "status": "Obsolete"}, FIELDS)]


@pytest.mark.parametrize(
    ("column", "operation", "field", "use"),
    [
        ("SSN__c", "equals", "Contact.SSN__c", Use.EQUALITY),
        ("SSN__c", "contains", "Contact.SSN__c", Use.COMPARISON),
        ("CONTACT.EMAIL", "notEqual", "Contact.Email", Use.EQUALITY),
    ],
)
def test_a_list_view_filters(column: str, operation: str, field: str, use: Use) -> None:
    view = {"columns": ["SSN__c"], "filters": {"field": column, "operation": operation, "value": "7"}}
    (found,) = list_view_callers("Contact.Mine", view, FIELDS)
    assert (found.field, found.use, found.name) == (field, use, "Contact.Mine")
    assert not [*list_view_callers("Lead.Mine", view, FIELDS)]


@pytest.mark.parametrize(
    ("column", "fields"),
    [
        ("Account.SSN__c", ["Account.SSN__c"]),
        ("Account$SSN__c", ["Account.SSN__c"]),
        ("Account.Contacts$SSN__c", ["Contact.SSN__c"]),
        ("FK_CUSTENT.SSN__c", ["Account.SSN__c", "Contact.SSN__c"]),
        ("ACCOUNT.ACCOUNT_NUMBER", ["Account.AccountNumber"]),
        ("ACCOUNT.NAME", []),
    ],
)
def test_a_report_groups_by_whichever_name_a_column_has(column: str, fields: list[str]) -> None:
    report = {"columns": [{"field": column}], "groupingsDown": {"field": column}}
    found = [*report_callers("F/R", report, FIELDS, RELATED)]
    assert [caller.field for caller in found] == fields
    assert {caller.use for caller in found} <= {Use.GROUP}
    also = {
        "filter": {"criteriaItems": [{"column": column, "operator": "lessThan"}]},
        "sortColumn": column,
        "buckets": {"sourceColumnName": column},
    }
    uses = [c.use for c in report_callers("F/R", also, FIELDS, RELATED) if c.field in fields[:1]]
    assert uses == ([Use.COMPARISON, Use.GROUP, Use.SORT] if fields else [])


def test_a_joined_report_and_a_time_frame_are_looked_into() -> None:
    block = {"groupingsAcross": {"field": "Account.SSN__c"}}
    report = {
        "block": [block, {}],
        "timeFrameFilter": {"dateColumn": "Contact.SSN__c", "interval": "INTERVAL_CUSTOM"},
    }
    found = [(c.field, c.use) for c in report_callers("F/R", report, FIELDS, RELATED)]
    assert found == [("Contact.SSN__c", Use.COMPARISON), ("Account.SSN__c", Use.GROUP)]


@pytest.mark.parametrize(("method", "use"), [("Exact", Use.EQUALITY), ("LastName", Use.COMPARISON)])
def test_a_matching_rule_compares_while_it_is_active(method: str, use: Use) -> None:
    rule = {"ruleStatus": "Active", "matchingRuleItems": {"fieldName": "SSN__c", "matchingMethod": method}}
    (found,) = matching_callers("Contact.Twins", rule, FIELDS)
    assert (found.field, found.use) == ("Contact.SSN__c", use)
    assert not [*matching_callers("Contact.Twins", {**rule, "ruleStatus": "Inactive"}, FIELDS)]


def test_a_sharing_rule_names_a_criterion() -> None:
    rule = {"criteriaItems": [{"field": "AccountNumber", "operation": "startsWith", "value": "PB"}]}
    (found,) = sharing_callers("Account.Rule", rule, FIELDS)
    assert (found.field, found.use) == ("Account.AccountNumber", Use.SHARING)
    assert "PB" not in str(found), "what it is compared with may be a value of somebody's"


def test_a_formula_names_fields_and_functions() -> None:
    (found,) = formula_callers("Contact.Tail__c", 'RIGHT(SSN__c, 4) & " SSN__c"', FIELDS, RELATED)
    assert (found.field, found.detail) == ("Contact.SSN__c", "uses RIGHT")
    (found,) = formula_callers("Contact.Of__c", "IF(ISBLANK(Account.SSN__c), 1, 2)", FIELDS, RELATED)
    assert (found.field, found.use) == ("Account.SSN__c", Use.SHOWN) and "Lightning" in found.detail
    (found,) = formula_callers("Contact.X__c", 'IF(Account.SSN__c = "1", 1, 2)', FIELDS, RELATED)
    assert (found.use, found.detail) == (Use.FORMULA, "uses =")
    assert not [*formula_callers("Contact.X__c", '"SSN__c" & Name', FIELDS, RELATED)]


def test_a_field_tells_what_it_is_itself() -> None:
    facts = FieldFacts(
        name="Account.SSN__c",
        data_type="Text(9)",
        scheme=Scheme.NONE,
        unique=True,
        external_id=True,
        history=True,
    )
    found = {c.use: c.detail for c in own_callers(facts, history_encrypted=False)}
    assert found.keys() == {Use.UNIQUE, Use.EXTERNAL_ID, Use.HISTORY}
    assert "in clear" in found[Use.HISTORY]
    assert not [
        *own_callers(
            facts.model_copy(update={"unique": False, "external_id": False, "history": False}),
            history_encrypted=True,
        )
    ]
