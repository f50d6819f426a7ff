"""How an org says no: codes, statuses and the words clients look for."""

import re

import pytest

from tests.contract.org import ContractOrg, lacking


@pytest.mark.parametrize(
    ("soql", "code", "words"),
    [
        ("SELECT Id, Nope FROM Account", "INVALID_FIELD", "No such column 'Nope' on entity 'Account'"),
        ("SELECT Id FROM Nope", "INVALID_TYPE", "sObject type 'Nope' is not supported."),
        ("SELECT Id Account", "MALFORMED_QUERY", ""),
        ("SELECT FROM Account", "MALFORMED_QUERY", ""),
        ("SELECT Id FROM Account WHERE Name = 1", "INVALID_FIELD", ""),
        ("SELECT Id FROM Account WHERE CreatedDate > 'x'", "INVALID_FIELD", ""),
        ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY", "Field must be grouped or aggregated: Name"),
    ],
)  # fmt: skip
def test_queries(org: ContractOrg, soql: str, code: str, words: str) -> None:
    status, found, message = org.error(org.query(soql))

    assert (status, found) == (400, code), message
    assert words in message


def test_a_wrong_column_is_pointed_at(org: ContractOrg) -> None:
    message = org.error(org.query("SELECT Id, Nope FROM Account"))[2]

    assert re.search(r"ERROR at Row:1:Column:12", message), message
    assert "please reference your WSDL" in message.lower() or "reference your WSDL" in message


def test_a_session_that_is_none(org: ContractOrg) -> None:
    for token in ("", "00Dxx0000000000!AQ"):
        answer = org.get("/limits", token=token)
        assert org.error(answer) == (401, "INVALID_SESSION_ID", "Session expired or invalid")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "NOT_FOUND"),
        ("GET", "/sobjects/Nope/describe", 404, "NOT_FOUND"),
        ("GET", "/sobjects/User/005000000000000AAA", 404, "NOT_FOUND"),
        ("POST", "/limits", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_paths(org: ContractOrg, method: str, path: str, status: int, code: str) -> None:
    assert org.error(org.call(method, org.data(path)))[:2] == (status, code)


def test_a_version_that_is_none(org: ContractOrg) -> None:
    assert org.call("GET", "/services/data/v999.0/limits").status_code == 404


def test_a_body_that_is_no_json(org: ContractOrg) -> None:
    answer = org.call("POST", org.data("/composite"), data="{", headers={"Content-Type": "application/json"})
    assert org.error(answer)[:2] == (400, "JSON_PARSER_ERROR")


def test_a_wrong_grant(org: ContractOrg) -> None:
    answer = org.call("POST", "/services/oauth2/token", token="", data={"grant_type": "nonsense"})

    assert answer.status_code == 400
    assert lacking(answer.json(), "error error_description") == set()
    assert answer.json()["error"] == "unsupported_grant_type"


def test_an_invalid_soap_session(org: ContractOrg) -> None:
    envelope = (
        '<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>'
        '<m:SessionHeader xmlns:m="http://soap.sforce.com/2006/04/metadata"><m:sessionId>x</m:sessionId>'
        '</m:SessionHeader></e:Header><e:Body><m:describeMetadata xmlns:m="http://soap.sforce.com/2006/04/metadata">'
        f"<m:asOfVersion>{org.version}</m:asOfVersion></m:describeMetadata></e:Body></e:Envelope>"
    )
    headers = {"SOAPAction": '""', "Content-Type": "text/xml"}
    answer = org.call("POST", f"/services/Soap/m/{org.version}", token="", data=envelope, headers=headers)

    assert answer.status_code == 500
    assert "<faultcode>sf:INVALID_SESSION_ID</faultcode>" in answer.text
    assert "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader" in answer.text
