"""The partner SOAP API in raw envelopes, and searches over REST: what older tools and people at a search box send."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree

from deployments.sandbox import launch
from tests.deployments.sandbox.logins import HQ
from tests.running import RunningEstate

ADMIN = "admin@hq.example"
ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Header><p:SessionHeader><p:sessionId>{token}</p:sessionId>'
    "</p:SessionHeader></e:Header><e:Body>{body}</e:Body></e:Envelope>"
)


@pytest.fixture(scope="module", autouse=True)
def put_back(miniature: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(miniature.folder, "before-partner")
    yield
    launch.restore_snapshot(miniature.folder, "before-partner")
    launch.delete_snapshot(miniature.folder, "before-partner")


def soap(miniature: RunningEstate, body: str, token: str | None = None) -> tuple[int, str]:
    """Status and answer without prefixes, so that elements can be found by name."""
    envelope = ENVELOPE.format(token=token or miniature.token("hq", ADMIN), body=body)
    with miniature.session() as session:
        answer = session.post(
            f"{HQ}/services/Soap/u/62.0",
            data=envelope.encode(),
            headers={"Content-Type": "text/xml"},
            timeout=20,
        )
    etree.fromstring(answer.content)
    return answer.status_code, re.sub(r"(</?)\w+:", r"\1", answer.text)


def texts(answer: str, name: str) -> list[str]:
    return re.findall(rf"<{name}>([^<]*)</{name}>", answer)


def test_who_and_when(miniature: RunningEstate) -> None:
    status, answer = soap(miniature, "<p:getUserInfo/>")
    assert (status, texts(answer, "userName")) == (200, [ADMIN])
    assert texts(soap(miniature, "<p:getServerTimestamp/>")[1], "timestamp")


def test_queries_and_their_pages(miniature: RunningEstate) -> None:
    query = "<p:query><p:queryString>SELECT Id, Name, Owner.Username FROM Account WHERE Name LIKE 'Account %'</p:queryString></p:query>"
    _, answer = soap(miniature, query)
    assert (texts(answer, "done"), texts(answer, "size")) == (["false"], ["2500"])
    assert texts(answer, "Username")[0] == ADMIN and len(texts(answer, "Name")) == 500
    locator = texts(answer, "queryLocator")[0]
    _, following = soap(miniature, f"<p:queryMore><p:queryLocator>{locator}</p:queryLocator></p:queryMore>")
    assert len(texts(following, "Name")) == 500 and texts(following, "Name")[0] != texts(answer, "Name")[0]


def test_records_through_their_life(miniature: RunningEstate) -> None:
    one = "<p:sObjects><type>Account</type><Name>By soap &amp; more</Name><NumberOfEmployees>7</NumberOfEmployees></p:sObjects>"
    bad = "<p:sObjects><type>Account</type><Phone>1</Phone></p:sObjects>"
    _, made = soap(miniature, f"<p:create>{one}{bad}</p:create>")
    assert texts(made, "success") == ["true", "false"]
    assert texts(made, "statusCode") == ["REQUIRED_FIELD_MISSING"]
    record = texts(made, "id")[0]
    change = f"<p:sObjects><type>Account</type><fieldsToNull>NumberOfEmployees</fieldsToNull><Id>{record}</Id><Name>Changed</Name></p:sObjects>"
    assert texts(soap(miniature, f"<p:update>{change}</p:update>")[1], "success") == ["true"]
    fields = "<p:fieldList>Id, Name, NumberOfEmployees</p:fieldList><p:sObjectType>Account</p:sObjectType>"
    _, got = soap(miniature, f"<p:retrieve>{fields}<p:ids>{record}</p:ids></p:retrieve>")
    assert texts(got, "Name") == ["Changed"] and "NumberOfEmployees xsi:nil" in got
    upsert = "<p:externalIDFieldName>External_Id__c</p:externalIDFieldName><p:sObjects><type>Account</type><External_Id__c>S-1</External_Id__c><Name>Keyed</Name></p:sObjects>"
    assert [texts(soap(miniature, f"<p:upsert>{upsert}</p:upsert>")[1], "created") for _ in range(2)] == [
        ["true"],
        ["false"],
    ]
    assert texts(soap(miniature, f"<p:delete><p:ids>{record}</p:ids></p:delete>")[1], "success") == ["true"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<p:query><p:queryString>SELECT Nope FROM Account</p:queryString></p:query>", "INVALID_FIELD"),
        ("<p:query><p:queryString>SELECT</p:queryString></p:query>", "MALFORMED_QUERY"),
        ("<p:queryMore><p:queryLocator>nothing</p:queryLocator></p:queryMore>", "INVALID_QUERY_LOCATOR"),
        ("<p:describeSObject><p:sObjectType>Nope</p:sObjectType></p:describeSObject>", "INVALID_TYPE"),
    ],
)
def test_refusals_are_faults_with_their_code(miniature: RunningEstate, body: str, code: str) -> None:
    status, answer = soap(miniature, body)
    assert status == 500 and texts(answer, "exceptionCode") == [code]
    assert soap(miniature, "<p:getUserInfo/>", token="00D!nothing")[0] == 500


def test_describes_and_logout(miniature: RunningEstate) -> None:
    _, everything = soap(miniature, "<p:describeGlobal/>")
    assert "Account" in texts(everything, "name")
    _, account = soap(
        miniature, "<p:describeSObjects><p:sObjectType>Account</p:sObjectType></p:describeSObjects>"
    )
    assert {"Name", "OwnerId"} <= set(texts(account, "name"))
    token = miniature.token("hq", ADMIN)
    assert soap(miniature, "<p:logout/>", token)[0] == 200
    assert soap(miniature, "<p:getUserInfo/>", token)[0] == 500


def search(miniature: RunningEstate, text: str) -> Any:
    return miniature.get("hq", ADMIN, "v62.0/search", params={"q": text})


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ("Quokka", {"Quokka Partners", "The Quokka"}),
        ("quok*", {"Quokka Partners", "The Quokka"}),
        ("quok", set()),
        ('"Quokka Partners"', {"Quokka Partners"}),
        ("Quokka AND Partners", {"Quokka Partners"}),
        ("Quokka AND NOT Partners", {"The Quokka"}),
        ("Wombat OR Partners", {"Quokka Partners", "Wombat"}),
        ("(Wombat OR Quokka) AND NOT The", {"Quokka Partners", "Wombat"}),
        ("W?mbat", {"Wombat"}),
    ],
)
def test_searches(miniature: RunningEstate, terms: str, found: set[str]) -> None:
    for name in ("Quokka Partners", "The Quokka", "Wombat"):
        known = miniature.get(
            "hq", ADMIN, "v62.0/query", params={"q": f"SELECT Id FROM Account WHERE Name = '{name}'"}
        )
        if not known.json()["totalSize"]:
            miniature.call("POST", "hq", ADMIN, "v62.0/sobjects/Account", json={"Name": name})
    answer = search(
        miniature,
        f"FIND {{{terms}}} IN NAME FIELDS RETURNING Account(Name WHERE Name != null ORDER BY Name LIMIT 10), Contact",
    )
    assert answer.status_code == 200, answer.text
    assert {record["Name"] for record in answer.json()["searchRecords"] if "Name" in record} == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FIND",
        "FIND {",
        "FIND {}",
        "FIND {x} RETURNING",
        "FIND {x} IN SOME FIELDS",
        "FIND {x} RETURNING Account(Name",
        "FIND {x} nonsense",
    ],
)
def test_searches_that_are_none(miniature: RunningEstate, text: str) -> None:
    answer = search(miniature, text)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "MALFORMED_SEARCH")


def test_parameterized_searches(miniature: RunningEstate) -> None:
    miniature.call("POST", "hq", ADMIN, "v62.0/sobjects/Account", json={"Name": "Numbat"})
    by_address = miniature.get(
        "hq", ADMIN, "v62.0/parameterizedSearch?q=Numbat&sobject=Account&fields=Id,Name"
    )
    document = {
        "q": "Numbat",
        "sobjects": [{"name": "Account", "fields": ["Name"], "limit": 1}],
        "in": "NAME",
    }
    by_document = miniature.call("POST", "hq", ADMIN, "v62.0/parameterizedSearch", json=document)
    for answer in (by_address, by_document):
        assert [record["Name"] for record in answer.json()["searchRecords"]] == ["Numbat"]
