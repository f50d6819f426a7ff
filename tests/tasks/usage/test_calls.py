"""From rows as the platform writes them to the calls they tell of."""

import pytest

from tasks.usage.calls import call_of, family_of, succeeded, user_of
from tasks.usage.model import Operation

DATA = "/services/data/v66.0"


def rest(method: str, path: str, entity: str = "Account", **cells: str) -> dict[str, str | None]:
    return {"METHOD": method, "URI": f"{DATA}{path}", "ENTITY_NAME": entity, **cells}


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/sobjects/Account/001x", Operation.READ),
        ("GET", "/sobjects/Account/describe", Operation.READ),
        ("HEAD", "/sobjects/Account", Operation.READ),
        ("POST", "/sobjects/Account", Operation.CREATE),
        ("PATCH", "/sobjects/Account/001x", Operation.EDIT),
        ("DELETE", "/sobjects/Account/001x", Operation.DELETE),
        ("PATCH", "/sobjects/Account/External_Id__c/42", Operation.UPSERT),
        ("PATCH", "/composite/sobjects/Account/External_Id__c", Operation.UPSERT),
        ("PATCH", "/composite/sobjects", Operation.EDIT),
        ("POST", "/composite/tree/Account", Operation.CREATE),
        ("POST", "/parameterizedSearch", Operation.READ),
        ("POST", "/composite", Operation.OTHER),
        ("POST", "/composite/batch/", Operation.OTHER),
        ("POST", "/jobs/ingest", Operation.OTHER),
        ("BREW", "/sobjects/Account", Operation.OTHER),
    ],
)
def test_rest_calls(method: str, path: str, operation: Operation) -> None:
    call = call_of("RestApi", rest(method, path))
    assert call is not None and (call.operation, call.sobject) == (operation, "Account")


def test_a_query_tells_its_object_and_fields_even_without_an_entity() -> None:
    call = call_of("RestApi", rest("GET", "/query", "", QUERY="SELECT Email FROM Contact"))
    assert call is not None
    assert (call.operation, call.sobject, call.fields) == (Operation.READ, "Contact", {"Email"})


@pytest.mark.parametrize(
    ("method", "operation"),
    [
        ("query", Operation.READ),
        ("describeSObjects", Operation.READ),
        ("create", Operation.CREATE),
        ("update", Operation.EDIT),
        ("upsert", Operation.UPSERT),
        ("delete", Operation.DELETE),
        ("undelete", Operation.DELETE),
        ("convertLead", Operation.OTHER),
    ],
)
def test_soap_calls(method: str, operation: Operation) -> None:
    row: dict[str, str | None] = {"METHOD_NAME": method, "ENTITY_NAME": "Lead"}
    found = call_of("API", row)
    assert found is not None and found.operation is operation
    summary = {"API_FAMILY": "SOAP", "API_RESOURCE": method, "ENTITY_NAME": "Lead"}
    assert call_of("ApiTotalUsage", summary) == found


@pytest.mark.parametrize(
    ("kind", "job", "operation"),
    [
        ("BulkApi2", "insert", Operation.CREATE),
        ("BulkApi2", "update", Operation.EDIT),
        ("BulkApi2", "upsert", Operation.UPSERT),
        ("BulkApi2", "delete", Operation.DELETE),
        ("BulkApi2", "hardDelete", Operation.HARD_DELETE),
        ("BulkApi", "queryAll", Operation.READ),
        ("BulkApi", "?", Operation.OTHER),
    ],
)
def test_bulk_calls(kind: str, job: str, operation: Operation) -> None:
    found = call_of(kind, {"ENTITY_TYPE": "Contact", "OPERATION_TYPE": job})
    assert found is not None and (found.operation, found.sobject) == (operation, "Contact")


def test_the_summary_tells_rest_calls_by_other_columns() -> None:
    row = {
        "API_FAMILY": "REST",
        "HTTP_METHOD": "PATCH",
        "API_RESOURCE": "/v66.0/sobjects/Account/001x",
        "ENTITY_NAME": "Account",
    }
    found = call_of("ApiTotalUsage", row)
    assert found is not None and found.operation is Operation.EDIT
    assert family_of("ApiTotalUsage", row) == "RestApi"


def test_a_row_without_an_object_is_no_call_on_one() -> None:
    assert call_of("RestApi", rest("GET", "/limits", "")) is None


@pytest.mark.parametrize(
    ("cells", "answered"),
    [
        ({"STATUS_CODE": "200"}, True),
        ({"STATUS_CODE": "404"}, False),
        ({"REQUEST_STATUS": "F"}, False),
        ({"REQUEST_STATUS": "S"}, True),
        ({"SUCCESS": "0"}, False),
        ({"SUCCESS": "1"}, True),
        ({}, True),
    ],
)
def test_refused_calls_are_told_from_answered_ones(cells: dict[str, str | None], answered: bool) -> None:
    assert succeeded(cells) is answered


def test_users_are_the_same_with_fifteen_and_eighteen_characters_and_in_double_quotes() -> None:
    assert user_of({"USER_ID": "005000000000001"}) == "005000000000001"
    assert user_of({"USER_ID_DERIVED": "005000000000001AAA"}) == "005000000000001"
    assert user_of({"USER_ID": '"005000000000001"'}) == "005000000000001"
