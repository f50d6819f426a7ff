"""Bulk API 2.0 over the wire: jobs that take rows and jobs that give them."""

import csv
import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from deployments.sandbox import launch
from tests.running import RunningEstate

ADMIN, CLERK = "admin@hq.example", "clerk@hq.example"
V = "v62.0"
Api = Callable[..., requests.Response]


@pytest.fixture(scope="module", autouse=True)
def put_back(miniature: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(miniature.folder, "before-bulk")
    yield
    launch.restore_snapshot(miniature.folder, "before-bulk")
    launch.delete_snapshot(miniature.folder, "before-bulk")


@pytest.fixture
def api(miniature: RunningEstate) -> Api:
    def call(method: str, path: str, user: str = ADMIN, **options: Any) -> requests.Response:
        return miniature.call(method, "hq", user, f"{V}/{path}", **options)

    return call


def over(api: Api, kind: str, job: str, user: str = ADMIN) -> dict[str, Any]:
    for _ in range(200):
        document: dict[str, Any] = api("GET", f"jobs/{kind}/{job}", user).json()
        if document["state"] in ("JobComplete", "Failed", "Aborted"):
            return document
        time.sleep(0.02)
    raise AssertionError(document)


def rows(answer: requests.Response, delimiter: str = ",") -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text), delimiter=delimiter))


def ingest(api: Api, data: str, *, user: str = ADMIN, **job: Any) -> dict[str, Any]:
    made = api("POST", "jobs/ingest", user, json={"object": "Account", "operation": "insert", **job})
    assert made.status_code == 200, made.text
    job_id = made.json()["id"]
    upload = api(
        "PUT", f"jobs/ingest/{job_id}/batches", user, data=data.encode(), headers={"Content-Type": "text/csv"}
    )
    assert (upload.status_code, upload.content) == (201, b"")
    closed = api("PATCH", f"jobs/ingest/{job_id}", user, json={"state": "UploadComplete"})
    assert closed.json()["state"] == "UploadComplete"
    return over(api, "ingest", job_id, user)


def results(api: Api, job: dict[str, Any], name: str) -> list[list[str]]:
    return rows(api("GET", f"jobs/ingest/{job['id']}/{name}"))


def test_a_job_has_the_fields_of_the_platform(api: Api) -> None:
    job = api("POST", "jobs/ingest", json={"object": "account", "operation": "insert"}).json()
    assert job.keys() == {
        "id", "operation", "object", "createdById", "createdDate", "systemModstamp", "state", "concurrencyMode",
        "contentType", "apiVersion", "contentUrl", "lineEnding", "columnDelimiter",
    }  # fmt: skip
    assert (job["object"], job["state"], job["apiVersion"]) == ("Account", "Open", 62.0)
    assert job["contentUrl"] == f"services/data/v62.0/jobs/ingest/{job['id']}/batches"
    aborted = api("PATCH", f"jobs/ingest/{job['id'][:15]}", json={"state": "Aborted"}).json()
    assert aborted["state"] == "Aborted"
    assert api("DELETE", f"jobs/ingest/{job['id']}").status_code == 204
    assert api("GET", f"jobs/ingest/{job['id']}").status_code == 404


def test_rows_are_written_and_each_refusal_stands_beside_its_row(api: Api) -> None:
    data = 'Name,Phone,NumberOfEmployees\n"Bulk, Inc.",+41 1,12\n,+41 2,3\nBulk Two,#N/A,many\n'
    job = ingest(api, data)
    assert (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"]) == ("JobComplete", 3, 2)
    assert job["jobType"] == "V2Ingest" and job["apiActiveProcessingTime"] <= job["totalProcessingTime"]

    success, failed = results(api, job, "successfulResults"), results(api, job, "failedResults")
    assert success[0] == ["sf__Id", "sf__Created", "Name", "Phone", "NumberOfEmployees"]
    assert success[1][1:] == ["true", "Bulk, Inc.", "+41 1", "12"]
    assert [line[1].partition(":")[0] for line in failed[1:]] == [
        "REQUIRED_FIELD_MISSING",
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
    ]
    assert failed[0][:2] == ["sf__Id", "sf__Error"] and failed[1][1].endswith(" --")
    record = api("GET", f"sobjects/Account/{success[1][0]}").json()
    assert (record["Name"], record["NumberOfEmployees"]) == ("Bulk, Inc.", 12)


def test_records_are_changed_and_removed_by_id(api: Api) -> None:
    made = results(
        api, ingest(api, "Name;Phone\nBulk Three;1\n", columnDelimiter="SEMICOLON"), "successfulResults"
    )
    record = made[1][0].split(";")[0].strip('"')
    changed = ingest(api, f"Id,Phone\r\n{record},#N/A\r\n", operation="update", lineEnding="CRLF")
    assert changed["numberRecordsFailed"] == 0
    assert api("GET", f"sobjects/Account/{record}").json()["Phone"] is None
    gone = ingest(api, f"Id\n{record}\n001000000000000AAA\n", operation="delete")
    assert (gone["numberRecordsProcessed"], gone["numberRecordsFailed"]) == (2, 1)
    assert api("GET", f"sobjects/Account/{record}").status_code == 404


def test_upsert_by_external_id_says_which_were_new(api: Api) -> None:
    options = {"operation": "upsert", "externalIdFieldName": "External_Id__c"}
    first = results(api, ingest(api, "External_Id__c,Name\nB-1,One\n", **options), "successfulResults")
    again = results(
        api, ingest(api, "External_Id__c,Name\nB-1,Uno\nB-2,Two\n", **options), "successfulResults"
    )
    assert [line[1] for line in first[1:]] == ["true"]
    assert [line[1] for line in again[1:]] == ["false", "true"]
    assert again[1][0] == first[1][0]
    refused = api("POST", "jobs/ingest", json={"object": "Account", "operation": "upsert"})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "INVALIDJOB")


def test_a_parent_may_be_named_by_a_key_of_its_own(api: Api) -> None:
    job = ingest(api, f"Name,Owner.Username\nOwned,{CLERK}\nLost,nobody@hq.example\n")
    assert (job["numberRecordsProcessed"], job["numberRecordsFailed"]) == (2, 1)
    record = results(api, job, "successfulResults")[1][0]
    owner = api("GET", f"sobjects/Account/{record}?fields=OwnerId").json()["OwnerId"]
    assert api("GET", f"sobjects/User/{owner}?fields=Username").json()["Username"] == CLERK
    assert "Foreign key external ID: nobody@hq.example not found" in results(api, job, "failedResults")[1][1]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("Nothing\nx\n", "InvalidBatch : Field name not found : Nothing"),
        ("Name\r\nx\r\n", "ClientInputError : LineEnding is invalid on user data."),
        ("Name,Phone\nx\n", "InvalidBatch : The number of columns in row 2"),
        ("", "InvalidBatch : Unable to find any data"),
    ],
)
def test_an_upload_that_cannot_be_read_fails_the_job(api: Api, data: str, message: str) -> None:
    job = ingest(api, data)
    assert job["state"] == "Failed" and job["errorMessage"].startswith(message)


def test_one_upload_while_open_and_nothing_after(api: Api) -> None:
    job = api("POST", "jobs/ingest", json={"object": "Account", "operation": "insert"}).json()["id"]
    put = {"data": b"Name\nx\n", "headers": {"Content-Type": "text/csv"}}
    assert api("PUT", f"jobs/ingest/{job}/batches", **put).status_code == 201
    assert api("PUT", f"jobs/ingest/{job}/batches", **put).json()[0]["errorCode"] == "INVALIDBATCH"
    assert api("DELETE", f"jobs/ingest/{job}").json()[0]["errorCode"] == "INVALIDJOBSTATE"
    api("PATCH", f"jobs/ingest/{job}", json={"state": "Aborted"})
    assert api("PUT", f"jobs/ingest/{job}/batches", **put).json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert results(api, {"id": job}, "unprocessedrecords") == [["Name"], ["x"]]


def test_job_and_data_in_one_multipart_request(api: Api) -> None:
    parts = {
        "job": (None, '{"object": "Account", "operation": "insert"}', "application/json"),
        "content": ("content", "Name\nMultipart\n", "text/csv"),
    }
    made = api("POST", "jobs/ingest", files=parts)
    assert made.status_code == 200 and made.json()["state"] == "UploadComplete"
    assert over(api, "ingest", made.json()["id"])["numberRecordsProcessed"] == 1


@pytest.mark.parametrize(
    ("job", "code"),
    [
        ({"object": "Nope", "operation": "insert"}, "INVALIDENTITY"),
        ({"object": "Account"}, "INVALIDJOB"),
        ({"object": "Account", "operation": "merge"}, "INVALIDOPERATION"),
        ({"object": "Account", "operation": "insert", "columnDelimiter": "COLON"}, "INVALIDJOB"),
        ({"object": ["Account"], "operation": "insert"}, "INVALIDJOB"),
        ({"object": "LoginHistory", "operation": "insert"}, "INVALIDENTITY"),
    ],
)
def test_jobs_that_are_none_are_refused(api: Api, job: dict[str, Any], code: str) -> None:
    refused = api("POST", "jobs/ingest", json=job)
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, code)


def query(api: Api, soql: str, user: str = ADMIN, **job: Any) -> dict[str, Any]:
    made = api("POST", "jobs/query", user, json={"operation": "query", "query": soql, **job})
    assert made.status_code == 200, made.text
    return over(api, "query", made.json()["id"], user)


def test_all_rows_of_a_query_page_by_page(api: Api) -> None:
    job = query(api, "SELECT Id, name, Owner.Username FROM Account WHERE Name LIKE 'Account 0%'")
    assert (job["state"], job["object"], job["jobType"]) == ("JobComplete", "Account", "V2Query")
    found, locator, pages = [], "", 0
    while locator != "null":
        suffix = f"&locator={locator}" if locator else ""
        answer = api("GET", f"jobs/query/{job['id']}/results?maxRecords=1000{suffix}")
        header, *page = rows(answer)
        assert header == ["Id", "Name", "Owner.Username"]
        assert answer.headers["Sforce-NumberOfRecords"] == str(len(page))
        locator, pages = answer.headers["Sforce-Locator"], pages + 1
        found += page
    assert pages == 3 and len(found) == job["numberRecordsProcessed"] == 2500
    assert found[0][1:] == ["Account 00000", ADMIN] and len({line[0] for line in found}) == 2500


def test_pages_side_by_side(api: Api) -> None:
    job = query(api, "SELECT Id FROM Account WHERE Name LIKE 'Account 0%'")
    pages = api("GET", f"jobs/query/{job['id']}/resultPages?maxRecords=1000").json()
    assert pages["done"] is True and len(pages["resultPages"]) == 3
    second = pages["resultPages"][1]["resultUrl"].partition(f"{V}/")[2]
    assert len(rows(api("GET", f"{second}&maxRecords=1000"))) == 1001


def test_delimiters_quotes_and_nulls(api: Api) -> None:
    ingest(api, 'Name,Phone\n"He said ""so"", | twice",\n')
    job = query(
        api,
        "SELECT Name, Phone, IsDeleted FROM Account WHERE Name LIKE 'He said%'",
        columnDelimiter="PIPE",
        lineEnding="CRLF",
    )
    answer = api("GET", f"jobs/query/{job['id']}/results")
    assert answer.text == '"Name"|"Phone"|"IsDeleted"\r\n"He said ""so"", | twice"|""|"false"\r\n'


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT COUNT() FROM Account", "API_ERROR"),
        ("SELECT Industry, COUNT(Id) FROM Account GROUP BY Industry", "API_ERROR"),
        ("SELECT Id FROM Account LIMIT 5 OFFSET 5", "API_ERROR"),
        ("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "API_ERROR"),
        ("SELECT Id FROM Nope", "INVALID_TYPE"),
        ("SELECT FROM", "MALFORMED_QUERY"),
    ],
)
def test_queries_that_bulk_does_not_know(api: Api, soql: str, code: str) -> None:
    refused = api("POST", "jobs/query", json={"operation": "query", "query": soql})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, code)


def test_an_unknown_field_fails_the_job(api: Api) -> None:
    job = query(api, "SELECT Nope__c FROM Account")
    assert job["state"] == "Failed" and "No such column 'Nope__c'" in job["errorMessage"]
    refused = api("GET", f"jobs/query/{job['id']}/results")
    assert refused.json()[0]["errorCode"] == "INVALIDJOBSTATE"


def test_jobs_are_listed_newest_first(api: Api) -> None:
    first, second = (query(api, "SELECT Id FROM Account LIMIT 1")["id"] for _ in range(2))
    listed = api("GET", "jobs/query").json()
    assert listed["done"] is True and listed["nextRecordsUrl"] is None
    ids = [job["id"] for job in listed["records"]]
    assert ids.index(second) < ids.index(first)
    assert all(job["jobType"] == "V2Query" for job in listed["records"])


def test_rows_are_those_of_the_one_who_asks(api: Api) -> None:
    refused = api("POST", "jobs/query", CLERK, json={"operation": "query", "query": "SELECT Id FROM Account"})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "INVALID_TYPE")


def test_trouble_on_order_keeps_a_job_or_fails_it(api: Api, miniature: RunningEstate) -> None:
    for kind, state in (("job_failed", "Failed"), ("job_stuck", "InProgress")):
        rule = {"kind": kind, "org": "hq", "path": "jobs/query", "times": 1}
        launch.ask(miniature.folder, "POST", "/faults", rule)
        job = api("POST", "jobs/query", json={"operation": "query", "query": "SELECT Id FROM Account"}).json()
        time.sleep(0.3)
        assert api("GET", f"jobs/query/{job['id']}").json()["state"] == state
