"""A courier writes records of its one object and nothing else; bulk jobs over the wire, with what can go wrong on it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.sandbox import launch
from tasks.errors import BadRequest, ConfigurationError, WriteRefused
from tasks.salesforce import bulk
from tasks.salesforce.carrying import CarryingSession, shown
from tasks.salesforce.connection import Connection
from tasks.salesforce.guard import may_courier_send
from tasks.salesforce.handshakes import Pair
from tests.running import RunningEstate

BASE = "https://x.my.salesforce.com/services/data/v67.0"
TYPED = json.dumps({"records": [{"attributes": {"type": "Contact"}, "LastName": "A"}]}).encode()

WITH_ID = TYPED.replace(b'"LastName"', b'"id": "003", "LastName"')


@pytest.mark.parametrize(
    ("method", "path", "body", "may"),
    [
        ("GET", "queryAll?q=SELECT+Id+FROM+Contact", None, True),
        ("PATCH", "composite/sobjects/Contact/Ext__c", TYPED, True),
        ("PATCH", "composite/sobjects/Account/Ext__c", TYPED, False),
        ("PATCH", "composite/sobjects/Contact/Ext__c", TYPED.replace(b"Contact", b"User"), False),
        ("PATCH", "composite/sobjects", TYPED, False),
        ("PATCH", "composite/sobjects", WITH_ID, True),
        ("PATCH", "composite/sobjects", WITH_ID.replace(b"Contact", b"User"), False),
        ("POST", "composite/sobjects", TYPED, False),
        ("POST", "composite/sobjects/Contact", b'{"ids": ["003"], "fields": ["Id"]}', True),
        ("POST", "composite/sobjects/User", b'{"ids": ["005"], "fields": ["Id"]}', False),
        ("DELETE", "composite/sobjects?ids=003&allOrNone=false", None, True),
        ("DELETE", "sobjects/Contact/003", None, False),
        ("POST", "sobjects/Contact", b"{}", False),
        ("POST", "jobs/ingest", b'{"operation": "upsert", "object": "Contact"}', True),
        ("POST", "jobs/ingest", b'{"operation": "upsert", "object": "Account"}', False),
        ("POST", "jobs/ingest", b'{"operation": "hardDelete", "object": "Contact"}', False),
        (
            "POST",
            "jobs/ingest",
            b'{"operation": "upsert", "operation": "delete", "object": "Contact"}',
            False,
        ),
        ("PUT", "jobs/ingest/750/batches", b"a", True),
        ("PATCH", "jobs/ingest/750", b'{"state": "UploadComplete"}', True),
        ("PATCH", "jobs/ingest/750", b'{"state": "Open"}', False),
        ("DELETE", "jobs/ingest/750", None, False),
        ("GET", "jobs/ingest/750/failedResults", None, True),
        ("PATCH", "composite/sobjects/Contact/Ext__c?_HttpMethod=DELETE", TYPED, False),
        ("PATCH", "composite/sobjects/../sobjects/Contact", TYPED, False),
        ("POST", "composite", b'{"compositeRequest": [{"method": "POST", "url": "/x"}]}', False),
    ],
)
def test_a_courier_sends_what_its_object_needs(method: str, path: str, body: bytes | None, may: bool) -> None:
    assert may_courier_send(method, f"{BASE}/{path}", body, "Contact") is may


def test_a_certificate_is_shown_from_memory_and_gone_with_the_block() -> None:
    with shown(Pair("chain", "key")) as files:
        assert files is not None
        chain, key = files
        assert tuple(Path(file).read_text() for file in (chain, key, key)) == ("chain", "key", "key")
        assert chain.startswith("/proc/self/fd/")
    with pytest.raises(OSError):
        Path(chain).read_text()
    with shown(None) as nothing:
        assert nothing is None


@pytest.fixture(scope="module")
def courier(estate: RunningEstate) -> Iterator[CarryingSession]:
    """The laboratory's user as the courier of opportunities."""
    launch.save_snapshot(estate.folder, "before-carrying")
    org = estate.org("emea")
    app = next(each for each in org["apps"] if each["name"] == "Client_Laboratory" and "private_key" in each)
    connection = Connection(
        alias="emea",
        base_url=org["instance_url"],
        flow="jwt-bearer",
        username=app["username"],
        consumer_key=app["consumer_key"],
        private_key=app["private_key"],
        role="courier",
        carries="Opportunity",
        proxy=estate.state["proxy"],
        ca_bundle=estate.state["ca_bundle"],
    )
    with CarryingSession(connection, sleep=lambda seconds: None) as session:
        yield session
    launch.restore_snapshot(estate.folder, "before-carrying")
    launch.delete_snapshot(estate.folder, "before-carrying")


def fault(estate: RunningEstate, kind: str, path: str, **more: object) -> None:
    launch.ask(
        estate.folder, "POST", "/faults", {"kind": kind, "org": "emea", "path": path, "times": 1, **more}
    )


def rows(first: int, count: int, amount: str | None = "10") -> bulk.Table:
    table = bulk.Table(("External_Id__c", "Name", "StageName", "CloseDate", "Amount"))
    table.add(
        [
            [f"BLK-{n}", f'Mandate "{n}",\nso', "Prospecting", "2026-12-31", amount]
            for n in range(first, first + count)
        ]
    )
    return table


def job(session: CarryingSession, table: bulk.Table) -> bulk.JobState:
    made = bulk.begin_upsert(session, "Opportunity", "External_Id__c")
    bulk.upload(session, made, table.content())
    bulk.close(session, made)
    return bulk.wait(session, "ingest", made)


def there(session: CarryingSession, columns: str = "Name, Amount") -> list[list[str]]:
    soql = f"SELECT {columns} FROM Opportunity WHERE External_Id__c LIKE 'BLK-%' ORDER BY External_Id__c"
    return [list(row) for row in bulk.query(session, soql)]


def test_rows_go_and_come_back_as_they_were(courier: CarryingSession) -> None:
    assert job(courier, rows(0, 3)).processed == 3
    assert job(courier, rows(1, 1, amount=None)).failed == 0
    header, *found = there(courier)
    assert header == ["Name", "Amount"]
    assert found == [['Mandate "0",\nso', "10.0"], ['Mandate "1",\nso', ""], ['Mandate "2",\nso', "10.0"]]


def test_what_is_refused_is_told_by_key_and_code(courier: CarryingSession) -> None:
    table = rows(0, 1)
    table.add([["BLK-9", None, "Prospecting", "2026-12-31", "10"]])
    state = job(courier, table)
    assert (state.processed, state.failed) == (2, 1)
    assert bulk.refused_rows(courier, state.id, "External_Id__c") == {"BLK-9": "REQUIRED_FIELD_MISSING"}


def test_a_lost_answer_makes_nothing_twice_and_loses_nothing(
    courier: CarryingSession, estate: RunningEstate
) -> None:
    for path, method in (
        ("jobs/ingest$", "POST"),
        ("jobs/ingest/750", "PATCH"),
        ("jobs/query$", "POST"),
        ("results", "GET"),
    ):
        fault(estate, "cut", path, method=method, after_commit=True)
    fault(estate, "expire", "jobs/ingest/750", method="GET")
    try:
        assert job(courier, rows(0, 3)).processed == 3
        assert len(there(courier)) == 4
    finally:
        launch.ask(estate.folder, "DELETE", "/faults")


def test_a_query_that_cannot_be_answered_is_an_error(courier: CarryingSession) -> None:
    with pytest.raises(BadRequest):
        list(bulk.query(courier, "SELECT Nothing__c FROM Opportunity"))


def test_collections_write_by_external_id_and_remove_once(courier: CarryingSession) -> None:
    record = {"Name": "One", "StageName": "Prospecting", "CloseDate": "2026-12-31", "External_Id__c": "COL-1"}
    [first] = courier.upsert("External_Id__c", [record])
    [second] = courier.upsert("External_Id__c", [record | {"Name": "Two"}])
    assert first.id == second.id
    [row] = courier.retrieve([str(first.id)], ["Name"])
    assert row["Name"] == "Two"
    assert [each.code for each in courier.remove([str(first.id)]) + courier.remove([str(first.id)])] == [
        "",
        "",
    ]
    assert courier.retrieve([str(first.id)], ["Name"]) == []


def test_nothing_else_leaves(courier: CarryingSession) -> None:
    with pytest.raises(WriteRefused, match="carries Opportunity and nothing else"):
        courier.once_patiently(
            lambda sf: courier.send_raw(sf, "DELETE", "sobjects/Account/001000000000001AAA", None)
        )
    scanner = Connection(
        alias="x", base_url="https://x.my.salesforce.com", flow="jwt-bearer", username="u", consumer_key="k"
    )
    with pytest.raises(ConfigurationError, match="only a courier"):
        CarryingSession(scanner)
