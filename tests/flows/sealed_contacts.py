"""Contacts of hq whose sensitive fields a route seals on their way to emea, the people of emea who ask for them, and a whole dump of emea."""

import json
import time
from typing import Any

from deployments.bench.sync_setup import Wish, let_people_see
from tests.flows.test_sync import wrote
from tests.running import RunningEstate

SEALED = {"SSN_Sealed__c": "SSN__c", "Tax_Sealed__c": "TaxID__c", "Score_Sealed__c": "CreditScore__c"}
ADMINISTRATOR = "break.glass.1@emea.meridian.example"
LABORATORY = "client.laboratory@emea.meridian.example"
PEOPLE: dict[str, str] = {}
"""User names by the article's role, once `people_of_emea` has run."""
_FILTERED = {
    "ContentDocumentLink",
    "FieldDefinition",
    "UserRecordAccess",
    "UserEntityAccess",
    "UserFieldAccess",
}
"""They answer no query for all of their rows; none of them holds a value of a record."""


def people_of_emea(estate: RunningEstate, wish: Wish) -> None:
    """Three who see the columns in the org; only what stands in them differs by who asks. And one who may write them."""
    [laboratory] = rows(estate, f"SELECT Id FROM User WHERE Username = '{LABORATORY}'")
    editors = {
        "AssigneeId": laboratory["Id"],
        "PermissionSetId": _columns(estate, "Sealed_Editors", edit=True),
    }
    there(estate, "POST", "sobjects/PermissionSetAssignment", editors)
    PEOPLE.update(let_people_see(estate.folder, wish))


def _columns(estate: RunningEstate, name: str, *, edit: bool) -> str:
    made = str(there(estate, "POST", "sobjects/PermissionSet", {"Name": name, "Label": name})["id"])
    for field in (*SEALED, "External_Id__c"):
        row = {"ParentId": made, "SobjectType": "Contact", "Field": f"Contact.{field}"}
        flags = {"PermissionsRead": True, "PermissionsEdit": edit}
        there(estate, "POST", "sobjects/FieldPermissions", row | flags)
    rights = {"ParentId": made, "SobjectType": "Contact"}
    flags = {"PermissionsRead": True, "PermissionsViewAllRecords": True, "PermissionsEdit": edit}
    there(estate, "POST", "sobjects/ObjectPermissions", rights | flags)
    return made


def there(estate: RunningEstate, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    answer = estate.call(method, "emea", LABORATORY, f"v62.0/{path}", json=body)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def rows(
    estate: RunningEstate, soql: str, who: str = LABORATORY, resource: str = "query"
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    path, params = f"v62.0/{resource}", {"q": soql}
    while path:
        page = estate.get("emea", who, path, params=params).json()
        assert "records" in page, page
        found += page["records"]
        path, params = page.get("nextRecordsUrl", "").partition("/services/data/")[2], {}
    return found


def contacts(estate: RunningEstate, first: int, count: int) -> None:
    records = [
        {
            "attributes": {"type": "Contact"},
            "LastName": f"Sealed{number}",
            "External_Id__c": f"SEA-{number:06d}",
            **values(number),
        }
        for number in range(first, first + count)
    ]
    made = wrote(estate, "POST", "composite/sobjects", {"records": records})
    assert all(each["success"] for each in made), made


def values(number: int) -> dict[str, str]:
    return {
        "SSN__c": f"523-46-{number:04d}",
        "TaxID__c": f"21-77{number:05d}",
        "CreditScore__c": f"{300 + number}",
    }


def carried(estate: RunningEstate, who: str = LABORATORY) -> dict[str, dict[str, Any]]:
    names = ", ".join(("Id", "External_Id__c", *SEALED))
    found = rows(estate, f"SELECT {names} FROM Contact WHERE External_Id__c LIKE 'SEA-%'", who)
    return {row["External_Id__c"]: row for row in found}


def dump(estate: RunningEstate, *only: str) -> dict[str, str]:
    """Rows of all objects (or only these) that answer queries, those in the recycle bin too; bodies of files; and a bulk job's result."""
    listed = estate.get("emea", ADMINISTRATOR, "v62.0/sobjects").json()["sobjects"]
    found: dict[str, str] = {}
    for name in only or sorted(each["name"] for each in listed if each["queryable"]):
        if name in _FILTERED:
            continue
        fields = estate.get("emea", ADMINISTRATOR, f"v62.0/sobjects/{name}/describe").json()["fields"]
        # Those two are given for one row at a time; they describe setup.
        columns = [each["name"] for each in fields if each["name"] not in ("Metadata", "FullName")]
        held = rows(estate, f"SELECT {', '.join(columns)} FROM {name}", ADMINISTRATOR, "queryAll")
        found[name] = json.dumps(held)
        bodies = [each["name"] for each in fields if each["type"] == "base64"]
        found[f"bodies of {name}"] = "\n".join(
            estate.get("emea", ADMINISTRATOR, row[body].partition("/services/data/")[2]).text
            for body in bodies
            for row in held
            if row[body]
        )
        if name == "Contact":
            found["bulk Contact"] = in_bulk(estate, f"SELECT {', '.join(columns)} FROM Contact")
    return found


def in_bulk(estate: RunningEstate, soql: str) -> str:
    """The whole CSV, in one page."""
    jobs, asked = "v62.0/jobs/query", {"operation": "queryAll", "query": soql}
    job = estate.call("POST", "emea", ADMINISTRATOR, jobs, json=asked).json()["id"]
    until = time.monotonic() + 60
    while estate.get("emea", ADMINISTRATOR, f"{jobs}/{job}").json()["state"] != "JobComplete":
        assert time.monotonic() < until
        time.sleep(0.2)
    answer = estate.get("emea", ADMINISTRATOR, f"{jobs}/{job}/results", params={"maxRecords": 100_000})
    assert answer.headers["Sforce-Locator"] == "null"
    return answer.text
