"""simple-salesforce, unchanged: every public call works on the seeded estate, or fails as Salesforce would have it fail."""

import csv
import io
import time
import warnings
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from simple_salesforce import Salesforce, SalesforceLogin
from simple_salesforce.exceptions import (
    SalesforceError,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)

from tests.running import RunningEstate

QUICKLY = 0.05


@pytest.fixture(scope="module")
def app(estate: RunningEstate) -> dict[str, Any]:
    found: dict[str, Any] = next(app for app in estate.org("hq")["apps"] if app["flow"] == "jwt-bearer")
    return found


@pytest.fixture(scope="module")
def client(estate: RunningEstate, app: dict[str, Any]) -> Iterator[Salesforce]:
    with warnings.catch_warnings():
        # It warns, with the consumer key in the text, that the user must have approved the app.
        warnings.simplefilter("ignore")
        made = Salesforce(
            username=app["username"],
            consumer_key=app["consumer_key"],
            privatekey=app["private_key"],
            session=estate.session(),
            domain="meridian-hq.my",
            version="62.0",
        )
    yield made
    made.session.close()


@pytest.fixture
def account(client: Salesforce) -> Iterator[str]:
    record_id = str(client.Account.create({"Name": "For one test"})["id"])
    yield record_id
    if client.query(f"SELECT Id FROM Account WHERE Id = '{record_id}'")["totalSize"]:
        client.Account.delete(record_id)


def test_it_logs_in_by_every_flow_it_knows(estate: RunningEstate, app: dict[str, Any]) -> None:
    secret = next(each for each in estate.org("hq")["apps"] if each["flow"] == "client-credentials")
    token, host = SalesforceLogin(
        consumer_key=secret["consumer_key"],
        consumer_secret=secret["client_secret"],
        domain="meridian-hq.my",
        session=estate.session(),
    )
    assert (token.startswith("00D"), host) == (True, "meridian-hq.my.salesforce.com")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        token, host = SalesforceLogin(
            username=app["username"],
            consumer_key=app["consumer_key"],
            privatekey=app["private_key"],
            session=estate.session(),
        )
    assert host == "meridian-hq.my.salesforce.com"


def test_every_way_to_query_gives_the_same_rows(client: Salesforce) -> None:
    soql = "SELECT Id, Name FROM Account ORDER BY Id LIMIT 4500"
    page = client.query(soql)
    ids = [record["Id"] for record in page["records"]]
    while not page["done"]:
        page = client.query_more(page["nextRecordsUrl"], identifier_is_url=True)
        ids += [record["Id"] for record in page["records"]]
    assert len(set(ids)) == page["totalSize"] == 4500
    assert [record["Id"] for record in client.query_all(soql)["records"]] == ids
    assert [record["Id"] for record in client.query_all_iter(soql)] == ids
    first = client.query(soql)
    cursor = first["nextRecordsUrl"].rsplit("/", 1)[1]
    assert client.query_more(cursor)["records"][0]["Id"] == ids[2000]


def test_deleted_rows_come_with_include_deleted_only(client: Salesforce, account: str) -> None:
    client.Account.delete(account)
    soql = f"SELECT Id, IsDeleted FROM Account WHERE Id = '{account}'"
    assert client.query(soql)["totalSize"] == 0
    assert [record["IsDeleted"] for record in client.query_all(soql, include_deleted=True)["records"]] == [
        True
    ]


def test_search_finds_by_name(client: Salesforce) -> None:
    made = client.Account.create({"Name": "Quetzalcoatl Holdings"})["id"]
    found = client.search("FIND {Quetzalcoatl} IN NAME FIELDS RETURNING Account(Id, Name)")
    assert [record["Id"] for record in found["searchRecords"]] == [made]
    assert made in [record["Id"] for record in client.quick_search("Quetzalcoatl")["searchRecords"]]
    client.Account.delete(made)
    with pytest.raises(SalesforceMalformedRequest):
        client.search("FIND Quetzalcoatl")


def test_the_org_describes_itself(client: Salesforce) -> None:
    described = client.describe()
    assert {"Account", "Contact", "User", "PermissionSet"} <= {each["name"] for each in described["sobjects"]}
    assert client.is_sandbox() is False
    assert client.limits()["DailyApiRequests"]["Max"] == client.api_usage["api-usage"].total
    assert client.Account.metadata()["objectDescribe"]["keyPrefix"] == "001"
    fields = {field["name"]: field for field in client.Account.describe()["fields"]}
    assert (fields["Name"]["type"], fields["OwnerId"]["referenceTo"]) == ("string", ["User"])
    master = next(
        each["recordTypeId"] for each in client.Account.describe()["recordTypeInfos"] if each["master"]
    )
    assert client.Account.describe_layout(master)["detailLayoutSections"] is not None


def test_a_record_through_its_whole_life(client: Salesforce, account: str) -> None:
    assert client.Account.get(account)["Name"] == "For one test"
    assert client.Account.update(account, {"Name": "Changed", "NumberOfEmployees": 12}) == 204
    assert client.Account.get(account, params={"fields": "Name,NumberOfEmployees"})["NumberOfEmployees"] == 12
    assert client.Account.upsert(f"Id/{account}", {"Name": "Upserted"}) in (200, 204)
    assert client.Account.get(account)["Name"] == "Upserted"
    assert client.Account.update(account, {"Name": "Raw"}, raw_response=True).status_code == 204
    window = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(minutes=1)
    assert account in client.Account.updated(*window)["ids"]
    assert client.Account.delete(account) == 204
    assert account in [each["id"] for each in client.Account.deleted(*window)["deletedRecords"]]
    with pytest.raises(SalesforceResourceNotFound) as gone:
        client.Account.get(account)
    assert gone.value.content[0]["errorCode"] in ("NOT_FOUND", "ENTITY_IS_DELETED")


def test_refusals_carry_the_codes_of_the_platform(client: Salesforce, account: str) -> None:
    for data, code in (
        ({"Name": "x" * 256}, "STRING_TOO_LONG"),
        ({"Nope": 1}, "INVALID_FIELD"),
        ({"CreatedDate": "2026-01-01T00:00:00Z"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"NumberOfEmployees": "many"}, "JSON_PARSER_ERROR"),
        ({"ParentId": "nonsense"}, "MALFORMED_ID"),
        ({"OwnerId": "005000000000000AAA"}, "INVALID_CROSS_REFERENCE_KEY"),
    ):
        with pytest.raises(SalesforceError) as refused:
            client.Account.update(account, data)
        assert refused.value.content[0]["errorCode"] == code, data
    with pytest.raises(SalesforceMalformedRequest) as missing:
        client.Account.create({})
    assert missing.value.content[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    with pytest.raises(SalesforceResourceNotFound):
        client.Nothing__c.describe()


def test_more_than_one_record_for_an_external_id_is_an_error_of_its_own(client: Salesforce) -> None:
    field = client.mdapi.CustomField(
        fullName="Account.Ledger__c", label="Ledger", type="Text", length=20, externalId=True
    )
    client.mdapi._client.transport.session = client.session
    client.mdapi.CustomField.create(field)
    grants = [{"field": "Account.Ledger__c", "editable": True, "readable": True}]
    client.mdapi.PermissionSet.create(
        client.mdapi.PermissionSet(fullName="Ledger", label="Ledger", fieldPermissions=grants)
    )
    me = client.oauth2("userinfo")["user_id"]
    ledger = client.query("SELECT Id FROM PermissionSet WHERE Name = 'Ledger'")["records"][0]["Id"]
    given = client.PermissionSetAssignment.create({"AssigneeId": me, "PermissionSetId": ledger})["id"]
    made = [client.Account.create({"Name": f"Twin {n}", "Ledger__c": "L-1"})["id"] for n in range(2)]
    with pytest.raises(SalesforceMoreThanOneRecord):
        client.Account.get_by_custom_id("Ledger__c", "L-1")
    client.Account.delete(made[0])
    assert client.Account.get_by_custom_id("Ledger__c", "L-1")["Id"] == made[1]
    assert client.Account.upsert("Ledger__c/L-2", {"Name": "New"}) == 201
    assert client.Account.upsert("Ledger__c/L-2", {"Name": "Newer"}) in (200, 204)
    for record in client.query("SELECT Id FROM Account WHERE Ledger__c LIKE 'L-%'")["records"]:
        client.Account.delete(record["Id"])
    client.PermissionSetAssignment.delete(given)
    client.mdapi.PermissionSet.delete(["Ledger"])
    client.mdapi.CustomField.delete(["Account.Ledger__c"])
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
        client.query("SELECT Ledger__c FROM Account LIMIT 1")


def test_the_open_doors_to_any_address(client: Salesforce) -> None:
    found = client.toolingexecute("query", params={"q": "SELECT Id, Name FROM ApexClass LIMIT 1"})
    assert found["records"][0]["attributes"]["type"] == "ApexClass"
    assert client.restful("limits", params={})["DailyApiRequests"]["Max"] > 0
    assert client.oauth2("userinfo")["preferred_username"].startswith("client.laboratory@")
    made = client.restful("sobjects/Account", method="POST", json={"Name": "Restful"})
    assert client.restful(f"sobjects/Account/{made['id']}", method="DELETE") is None
    with pytest.raises(SalesforceResourceNotFound):
        client.apexecute("Nothing/here")


def test_a_password_can_be_set_for_somebody_else(client: Salesforce) -> None:
    person = client.query(
        "SELECT Id FROM User WHERE IsActive = true AND Profile.Name = 'Service Agent' ORDER BY Username LIMIT 1"
    )["records"][0]["Id"]
    assert client.set_password(person, "Correct-Horse-17") is None
    with pytest.raises(SalesforceError) as weak:
        client.set_password(person, "short")
    assert weak.value.content[0]["errorCode"] == "INVALID_NEW_PASSWORD"


def test_files_go_in_and_come_out_as_they_were(client: Salesforce, account: str, tmp_path: Path) -> None:
    file = tmp_path / "picture.bin"
    file.write_bytes(bytes(range(256)))
    made = client.Attachment.create({"ParentId": account, "Name": "picture.bin", "Body": "AAAA"})["id"]
    client.Attachment.update_base64(made, str(file))
    assert client.Attachment.get_base64(made) == bytes(range(256))


def test_bulk_one_takes_records_through_their_life(
    client: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Most of its calls leave no choice but to look every five seconds.
    monkeypatch.setattr("simple_salesforce.bulk.sleep", lambda seconds: time.sleep(QUICKLY))
    rows = [{"Name": f"Bulk one {n}"} for n in range(25)]
    made = client.bulk.Account.insert(rows, batch_size=10)
    assert [each["success"] for each in made] == [True] * 25
    ids = [{"Id": each["id"]} for each in made]
    changed = client.bulk.Account.update([{**each, "Name": "Changed in bulk"} for each in ids], batch_size=25)
    assert all(each["success"] for each in changed)
    again = client.bulk.Account.upsert([{**ids[0], "Name": "Again"}], "Id", batch_size=1)
    assert again[0]["created"] is False
    found = client.bulk.Account.query("SELECT Id, Name FROM Account WHERE Name = 'Changed in bulk'")
    assert len(found) == 24
    refused = client.bulk.Account.insert([{"Phone": "1"}], batch_size=1)
    assert refused[0]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert all(each["success"] for each in client.bulk.Account.delete(ids, batch_size=25))
    everything = client.bulk.Account.query_all(
        "SELECT Id, IsDeleted FROM Account WHERE Name = 'Changed in bulk'"
    )
    assert len(everything) == 24
    done = client.bulk.submit_dml("Account", "insert", [{"Name": "By name"}])
    client.bulk.submit_dml("Account", "delete", [{"Id": done[0]["id"]}])


def test_bulk_two_takes_records_through_their_life(client: Salesforce, tmp_path: Path) -> None:
    bulk = client.bulk2.Account
    rows = [{"Name": f"Bulk two {n}", "Phone": str(n)} for n in range(40)]
    done = bulk.insert(records=rows, wait=QUICKLY)[0]
    assert (done["numberRecordsProcessed"], done["numberRecordsFailed"]) == (40, 0)
    good = list(csv.DictReader(io.StringIO(bulk.get_successful_records(done["job_id"]))))
    assert {row["sf__Created"] for row in good} == {"true"}
    ids = [{"Id": row["sf__Id"]} for row in good]
    assert (
        bulk.update(records=[{**each, "Name": "Two"} for each in ids], wait=QUICKLY)[0]["numberRecordsFailed"]
        == 0
    )
    assert (
        bulk.upsert(records=[{**ids[0], "Name": "Two"}], external_id_field="Id", wait=QUICKLY)[0][
            "numberRecordsFailed"
        ]
        == 0
    )
    pages = [
        list(csv.DictReader(io.StringIO(page)))
        for page in bulk.query("SELECT Id FROM Account WHERE Name = 'Two'", wait=QUICKLY)
    ]
    assert sum(map(len, pages)) == 40
    folder = tmp_path / "pages"
    folder.mkdir()
    kept = bulk.download("SELECT Id, Name FROM Account", str(folder), max_records=20_000, wait=QUICKLY)
    assert sum(each["number_of_records"] for each in kept) >= 47_000 and len(kept) >= 3
    file = tmp_path / "bad.csv"
    file.write_text("Name,Phone\n,1\nGood,2\n")
    mixed = bulk.insert(csv_file=str(file), wait=QUICKLY)[0]
    assert (mixed["numberRecordsProcessed"], mixed["numberRecordsFailed"]) == (2, 1)
    results = bulk.get_all_ingest_records(mixed["job_id"])
    assert "REQUIRED_FIELD_MISSING" in results["failedRecords"][0]["sf__Error"]
    ids += [{"Id": row["sf__Id"]} for row in results["successfulRecords"]]
    assert bulk.get_unprocessed_records(mixed["job_id"]).strip().splitlines()[1:] == []
    assert bulk.delete(records=ids, wait=QUICKLY)[0]["numberRecordsFailed"] == 0


def test_metadata_components_through_their_life(client: Salesforce) -> None:
    metadata = client.mdapi
    metadata._client.transport.session = client.session
    site = {
        "fullName": "Python_Site",
        "url": "https://site.example",
        "isActive": True,
        "disableProtocolSecurity": False,
    }
    metadata.RemoteSiteSetting.create(metadata.RemoteSiteSetting(**site))
    with pytest.raises(Exception, match="DUPLICATE_DEVELOPER_NAME"):
        metadata.RemoteSiteSetting.create(metadata.RemoteSiteSetting(**site))
    metadata.RemoteSiteSetting.update(metadata.RemoteSiteSetting(**{**site, "url": "https://other.example"}))
    metadata.RemoteSiteSetting.upsert(metadata.RemoteSiteSetting(**{**site, "description": "kept"}))
    assert metadata.RemoteSiteSetting.read("Python_Site")["description"] == "kept"
    metadata.RemoteSiteSetting.rename("Python_Site", "Python_Place")
    listed = metadata.list_metadata([metadata.ListMetadataQuery(type="RemoteSiteSetting")])
    assert "Python_Place" in {each["fullName"] for each in listed}
    metadata.RemoteSiteSetting.delete(["Python_Place"])
    assert metadata.RemoteSiteSetting.describe() is not None
    assert len(metadata.describe_metadata()["metadataObjects"]) > 50


PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<Package xmlns="http://soap.sforce.com/2006/04/metadata">
    <types><members>Zip_Site</members><name>RemoteSiteSetting</name></types>
    <version>62.0</version>
</Package>
"""
SITE = """<?xml version="1.0" encoding="UTF-8"?>
<RemoteSiteSetting xmlns="http://soap.sforce.com/2006/04/metadata">
    <disableProtocolSecurity>false</disableProtocolSecurity>
    <isActive>true</isActive>
    <url>{url}</url>
</RemoteSiteSetting>
"""


def package(url: str) -> io.BytesIO:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("package.xml", PACKAGE)
        archive.writestr("remoteSiteSettings/Zip_Site.remoteSite", SITE.format(url=url))
    held.seek(0)
    return held


def wait_for(ask: Any) -> Any:
    for _ in range(200):
        answer = ask()
        state = answer[0] if isinstance(answer, tuple) else answer["state"]
        if state in ("Succeeded", "Failed", "SucceededPartial", "Canceled"):
            return answer
        time.sleep(QUICKLY)
    raise AssertionError(answer)


def test_a_package_is_deployed_and_retrieved(client: Salesforce, estate: RunningEstate) -> None:
    # A client of its own: deploy() leaves its headers behind on the client that sent it.
    own = Salesforce(
        session_id=client.session_id, instance_url="https://meridian-hq.my.salesforce.com",
        session=estate.session(), version="62.0",
    )  # fmt: skip
    started = own.deploy(package("https://zip.example"), sandbox=True, checkOnly=False)
    status = wait_for(lambda: own.checkDeployStatus(started["asyncId"]))
    assert (status["state"], status["deployment_detail"]["deployed_count"]) == ("Succeeded", "1"), status
    refused = own.deploy(package("not an address"), sandbox=True)
    status = wait_for(lambda: own.checkDeployStatus(refused["asyncId"]))
    assert (status["state"], status["deployment_detail"]["failed_count"]) == ("Failed", "1"), status

    asked, _ = own.mdapi.retrieve("", unpackaged={"RemoteSiteSetting": ["Zip_Site"]})
    assert wait_for(lambda: own.mdapi.check_retrieve_status(asked))[0] == "Succeeded"
    _, _, _, content = own.mdapi.retrieve_zip(asked)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = next(each for each in archive.namelist() if each.endswith("Zip_Site.remoteSite"))
        assert "https://zip.example" in archive.read(name).decode()
    client.mdapi.RemoteSiteSetting.delete(["Zip_Site"])
