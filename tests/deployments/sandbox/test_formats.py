"""The data API in XML, by relationship paths, with overridden methods and with conditions."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from lxml import etree

from tests.running import RunningEstate

ADMIN = "admin@hq.example"
XML = {"Accept": "application/xml"}
SENT = {"Content-Type": "application/xml"}


def call(estate: RunningEstate, method: str, path: str, **options: Any) -> requests.Response:
    return estate.call(method, "hq", options.pop("user", ADMIN), f"v62.0/{path}", **options)


def tree(answer: requests.Response) -> etree._Element:
    assert answer.headers["Content-Type"].startswith("application/xml"), answer.text
    return etree.fromstring(answer.content)


@pytest.fixture(scope="module")
def account(miniature: RunningEstate) -> Iterator[str]:
    record_id = call(miniature, "POST", "sobjects/Account", json={"Name": "Ünder & Sons <1>"}).json()["id"]
    call(miniature, "POST", "sobjects/Contact", json={"LastName": "One", "AccountId": record_id})
    call(miniature, "POST", "sobjects/Contact", json={"LastName": "Two", "AccountId": record_id})
    yield str(record_id)
    call(miniature, "DELETE", f"sobjects/Account/{record_id}")


def test_a_record_in_xml_by_suffix_and_by_header(miniature: RunningEstate, account: str) -> None:
    by_suffix = tree(call(miniature, "GET", f"sobjects/Account/{account}.xml?fields=Name,Phone"))
    assert (by_suffix.tag, by_suffix.get("type")) == ("Account", "Account")
    assert by_suffix.findtext("Name") == "Ünder & Sons <1>"
    assert by_suffix.find("Phone").get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true"  # type: ignore[union-attr]
    by_header = call(miniature, "GET", f"sobjects/Account/{account}?fields=Name,Phone", headers=XML)
    assert etree.tostring(tree(by_header)) == etree.tostring(by_suffix)
    suffix_wins = call(miniature, "GET", f"sobjects/Account/{account}.json?fields=Name", headers=XML)
    assert suffix_wins.json()["Name"] == "Ünder & Sons <1>"


def test_a_query_in_xml(miniature: RunningEstate, account: str) -> None:
    soql = (
        f"query?q=SELECT LastName, Account.Name FROM Contact WHERE AccountId = '{account}' ORDER BY LastName"
    )
    found = tree(call(miniature, "GET", soql, headers=XML))
    assert found.tag == "QueryResult"
    assert found.findtext("totalSize") == "2" and found.findtext("done") == "true"
    assert [each.findtext("LastName") for each in found.findall("records")] == ["One", "Two"]
    assert found.find("records/Account").get("type") == "Account"  # type: ignore[union-attr]


def test_a_record_comes_in_as_xml(miniature: RunningEstate) -> None:
    body = b"<Account><Name>From &lt;XML&gt;</Name><Phone>1</Phone></Account>"
    made = tree(call(miniature, "POST", "sobjects/Account", data=body, headers={**XML, **SENT}))
    assert (made.tag, made.findtext("success")) == ("Result", "true")
    record_id = made.findtext("id")
    change = b'<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Phone xsi:nil="true"/></a>'
    path = f"sobjects/Account/{record_id}"
    assert call(miniature, "PATCH", path, data=change, headers=SENT).status_code == 204
    read = call(miniature, "GET", path).json()
    assert (read["Name"], read["Phone"]) == ("From <XML>", None)
    assert call(miniature, "POST", f"{path}?_HttpMethod=DELETE").status_code == 204
    assert call(miniature, "GET", path).status_code == 404


def test_errors_and_listings_in_xml(miniature: RunningEstate) -> None:
    refused = call(miniature, "GET", "query?q=SELECT", headers=XML)
    assert refused.status_code == 400
    assert tree(refused).findtext("Error/errorCode") == "MALFORMED_QUERY"
    broken = call(miniature, "POST", "sobjects/Account", data=b"<Account>", headers=SENT)
    assert broken.json()[0]["errorCode"] == "XML_PARSER_ERROR"
    bomb = b'<!DOCTYPE a [<!ENTITY x "boom">]><Account><Name>&x;</Name></Account>'
    assert call(miniature, "POST", "sobjects/Account", data=bomb, headers=SENT).status_code == 400
    with miniature.session() as session:
        url = f"{miniature.org('hq')['instance_url']}/services/data.xml"
        versions = etree.fromstring(session.get(url, timeout=10).content)
    assert versions.tag == "Versions" and versions.findtext("Version/version") == "31.0"
    assert tree(call(miniature, "GET", "limits.xml")).tag == "LimitsSnapshot"
    described = tree(call(miniature, "GET", "sobjects/Account/describe", headers=XML))
    assert described.tag == "DescribeSObject" and described.findtext("name") == "Account"


def test_a_method_can_be_named_in_a_post(miniature: RunningEstate, account: str) -> None:
    path = f"sobjects/Account/{account}"
    assert call(miniature, "POST", f"{path}?_HttpMethod=PATCH", json={"Phone": "55"}).status_code == 204
    assert call(miniature, "GET", f"{path}?_HttpMethod=DELETE").json()["Phone"] == "55", (
        "only a POST names one"
    )


def test_records_by_way_of_relationships(miniature: RunningEstate, account: str) -> None:
    listed = call(miniature, "GET", f"sobjects/Account/{account}/Contacts?fields=LastName").json()
    assert (listed["totalSize"], listed["done"]) == (2, True)
    contact = listed["records"][0]["Id"]
    above = call(miniature, "GET", f"sobjects/Contact/{contact}/Account?fields=Name").json()
    assert above["attributes"]["type"] == "Account" and above["Name"] == "Ünder & Sons <1>"
    owner = call(miniature, "GET", f"sobjects/Contact/{contact}/Account/Owner?fields=Username").json()
    assert owner["Username"] == ADMIN
    assert (
        call(miniature, "PATCH", f"sobjects/Contact/{contact}/Account", json={"Phone": "77"}).status_code
        == 204
    )
    assert call(miniature, "GET", f"sobjects/Account/{account}").json()["Phone"] == "77"
    assert call(miniature, "GET", f"sobjects/Account/{account}/Parent").status_code == 404
    assert call(miniature, "GET", f"sobjects/Account/{account}/Nonsense").status_code == 404
    strange = call(miniature, "GET", f"sobjects/Account/{account}/Contacts?fields=Nonsense")
    assert strange.json()[0]["errorCode"] == "INVALID_FIELD"
    hidden = call(miniature, "GET", f"sobjects/Contact/{contact}/Account", user="visitor@hq.example")
    assert hidden.status_code in (403, 404)


def test_conditions_on_one_record(miniature: RunningEstate, account: str) -> None:
    path = f"sobjects/Account/{account}"
    now = datetime.fromisoformat(call(miniature, "GET", path).json()["LastModifiedDate"])
    later, earlier = (
        format_datetime((now + step).astimezone(UTC), usegmt=True)
        for step in (timedelta(minutes=1), timedelta(minutes=-1))
    )
    assert call(miniature, "GET", path, headers={"If-Modified-Since": later}).status_code == 304
    assert call(miniature, "GET", path, headers={"If-Modified-Since": earlier}).status_code == 200
    unless = {"If-Unmodified-Since": earlier}
    assert call(miniature, "PATCH", path, json={"Phone": "1"}, headers=unless).status_code == 412
    unless = {"If-Unmodified-Since": later}
    assert call(miniature, "PATCH", path, json={"Phone": "1"}, headers=unless).status_code == 204
    assert call(miniature, "GET", path, headers={"If-Modified-Since": "yesterday"}).status_code == 200


@pytest.mark.parametrize(
    ("sobject", "name", "body", "changed"),
    [
        (
            "CustomField",
            "Account.Tier__c",
            {"label": "Tier", "type": "Text", "length": 20},
            {"label": "Tier", "type": "Text", "length": 40},
        ),
        (
            "RemoteProxy",
            "Ledger_Site",
            {"url": "https://ledger.example", "isActive": True, "disableProtocolSecurity": False},
            {"url": "https://ledger2.example", "isActive": True, "disableProtocolSecurity": False},
        ),
    ],
)
def test_components_over_the_tooling_api(
    miniature: RunningEstate,
    sobject: str,
    name: str,
    body: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    path = f"tooling/sobjects/{sobject}"
    bare = call(miniature, "POST", path, json={"Metadata": body})
    assert bare.json()[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    made = call(miniature, "POST", path, json={"FullName": name, "Metadata": body})
    assert made.status_code == 201, made.text
    twice = call(miniature, "POST", path, json={"FullName": name, "Metadata": body})
    assert twice.json()[0]["errorCode"].startswith("DUPLICATE")
    record = f"{path}/{made.json()['id']}"
    mixed = call(miniature, "PATCH", record, json={"Metadata": changed, "DeveloperName": "Other"})
    assert mixed.json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert call(miniature, "PATCH", record, json={"Metadata": changed}).status_code == 204
    where = f"tooling/query?q=SELECT FullName, Metadata FROM {sobject} WHERE Id = '{made.json()['id']}'"
    found = call(miniature, "GET", where).json()["records"][0]
    assert found["FullName"] == name
    assert {key: str(value) for key, value in found["Metadata"].items() if key in changed}.items() >= {
        key: str(value) for key, value in changed.items() if key != "label"
    }.items()
    assert call(miniature, "DELETE", record).status_code == 204
    assert call(miniature, "GET", where).json()["records"] == []
