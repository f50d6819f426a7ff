"""Queries, pages and describes: over the real estate where it can show the thing, over a script where it cannot."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from tasks.errors import (
    BadRequest,
    IncompleteRead,
    LoginRefused,
    MutualTlsRefused,
    OrgError,
    OrgRefused,
    OrgUnavailable,
    RowLocked,
    Throttled,
    UnsupportedVersion,
    WriteRefused,
)
from tasks.salesforce.classify import backoff, classify
from tasks.salesforce.metadata import list_metadata, read_metadata
from tasks.salesforce.session import Session
from tests.running import RunningEstate
from tests.tasks.salesforce.scanner import scanner_connection, scanner_session
from tests.tasks.salesforce.stub import Answer, Call, Script, StubOrg, stub_org, usual

Serve = Callable[[Script], StubOrg]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(stub_org(tmp_path, lambda call: usual(call) or script(call)))


@pytest.fixture
def scanner(estate: RunningEstate) -> Iterator[Session]:
    with scanner_session(estate, "hq") as session:
        yield session


def test_forty_seven_thousand_rows_come_whole_and_in_few_calls(scanner: Session) -> None:
    rows = scanner.query("SELECT Id FROM Account")
    assert len(rows) == len({row["Id"] for row in rows}) == 47_000
    # One composite for the first page, five for the 23 others, and the version list.
    assert scanner.calls == 6


def test_one_query_that_fails_leaves_the_others_whole(scanner: Session) -> None:
    found = scanner.read_all({"good": "SELECT Id FROM Organization", "bad": "SELECT Id FROM Nothing__c"})
    assert len(found["good"]) == 1  # type: ignore[arg-type]  # a list where the query went well
    assert isinstance(found["bad"], BadRequest) and found["bad"].code == "INVALID_TYPE"


def test_describe_says_which_object_is_hidden(scanner: Session) -> None:
    found = scanner.describe(["Account", "Nothing__c"])
    assert found["Account"]["name"] == "Account"  # type: ignore[index]  # a describe where the object is visible
    assert isinstance(found["Nothing__c"], OrgError)


def test_usage_and_the_clock_of_the_org_are_kept(scanner: Session) -> None:
    scanner.query("SELECT Id FROM Organization")
    assert scanner.api_usage is not None and scanner.api_usage[0] > 0
    assert scanner.server_time is not None and scanner.server_time.tzinfo is not None


def test_a_missing_component_is_left_out(scanner: Session) -> None:
    assert read_metadata(scanner, "NamedCredential", ["No_Such_Credential"]) == {}


def test_components_are_listed_by_kind(scanner: Session) -> None:
    names = list_metadata(scanner, ["NamedCredential", "ConnectedApp"])
    assert "EMEA_Org_Sync" in names["NamedCredential"]


def test_the_scanner_refuses_to_write_even_to_a_real_org(estate: RunningEstate) -> None:
    estate.reset_wire()
    with scanner_session(estate, "hq") as session, pytest.raises(WriteRefused):
        session._transport.post(
            f"{session.connection.base_url}/services/data/v60.0/sobjects/Account", json={}
        )
    assert not estate.wire()


def test_a_wrong_key_says_what_to_do(estate: RunningEstate) -> None:
    good = scanner_connection(estate, "hq")
    other = scanner_connection(estate, "emea")
    wrong = dataclasses.replace(good, private_key=other.private_key)
    with Session(wrong) as session, pytest.raises(LoginRefused) as caught:
        session.query("SELECT Id FROM Organization")
    assert "invalid_grant" in str(caught.value) and "Check the key" in str(caught.value)


def pages(total: int, size: int, *, offsets: bool) -> Script:
    """An org that pages; with `offsets` off it knows only locators it has handed out itself."""
    handed = set()

    def page(at: int) -> dict[str, Any]:
        body: dict[str, Any] = {
            "totalSize": total,
            "done": at + size >= total,
            "records": [{"Id": str(i)} for i in range(at, min(at + size, total))],
        }
        if not body["done"]:
            body["nextRecordsUrl"] = f"/services/data/v55.0/query/01g-{at + size}"
            handed.add(at + size)
        return body

    def part(url: str) -> tuple[int, Any]:
        if "?q=" in url:
            return 200, page(0)
        at = int(url.rpartition("-")[2])
        if not offsets and at not in handed:
            return 400, [{"errorCode": "INVALID_QUERY_LOCATOR", "message": "gone"}]
        return 200, page(at)

    def script(call: Call) -> Answer:
        if call.method == "GET":
            return Answer(*part(call.path))
        found = [(p["referenceId"], *part(p["url"])) for p in orjson.loads(call.body)["compositeRequest"]]
        return Answer(
            body={
                "compositeResponse": [
                    {"referenceId": r, "httpStatusCode": s, "httpHeaders": {}, "body": b} for r, s, b in found
                ]
            }
        )

    return script


@pytest.mark.parametrize("offsets", [True, False])
def test_all_pages_come_in_order_whether_or_not_offsets_may_be_asked(serve: Serve, offsets: bool) -> None:
    org = serve(pages(23, 4, offsets=offsets))
    with Session(org.connection()) as session:
        assert [row["Id"] for row in session.query("SELECT Id FROM Account")] == [str(i) for i in range(23)]


def test_fewer_rows_than_counted_are_refused(serve: Serve) -> None:
    def script(call: Call) -> Answer:
        answer = pages(10, 20, offsets=True)(call)
        answer.body["compositeResponse"][0]["body"]["totalSize"] = 11
        return answer

    org = serve(script)
    with Session(org.connection()) as session, pytest.raises(IncompleteRead, match="10 of 11"):
        session.query("SELECT Id FROM Account")


def test_an_old_org_is_refused_with_its_version(serve: Serve) -> None:
    org = serve(lambda call: Answer(body={}))
    org.script = lambda call: (
        Answer(body=[{"version": "41.0"}]) if call.path == "/services/data/" else usual(call) or Answer()
    )
    with Session(org.connection()) as session, pytest.raises(UnsupportedVersion, match=r"41\.0"):
        session.get("limits")


def test_patience_is_shown_as_long_as_the_org_asks(serve: Serve) -> None:
    answers = iter(
        [Answer(429, [], {"Retry-After": "7"}), Answer(503, b"<html>busy</html>"), Answer(body={"ok": 1})]
    )
    waits: list[float] = []
    org = serve(lambda call: next(answers))
    with Session(org.connection(), sleep=waits.append, random=Random(1)) as session:
        assert session.get("limits") == {"ok": 1}
    assert waits[0] == 7.0 and len(waits) == 2


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "UNABLE_TO_LOCK_ROW", RowLocked),
        (400, "QUERY_TIMEOUT", Throttled),
        (403, "REQUEST_LIMIT_EXCEEDED", Throttled),
        (429, "", Throttled),
        (403, "INSUFFICIENT_ACCESS", OrgRefused),
        (400, "INSUFFICIENT_ACCESS_OR_READONLY", OrgRefused),
        (403, "MUTUAL_AUTHENTICATION_FAILED", MutualTlsRefused),
        (400, "INVALID_FIELD", BadRequest),
        (404, "NOT_FOUND", BadRequest),
        (500, "UNKNOWN_EXCEPTION", OrgUnavailable),
        (503, "", OrgUnavailable),
    ],
)
def test_each_answer_has_its_class(status: int, code: str, kind: type[OrgError]) -> None:
    error = classify("hq", status, [{"errorCode": code, "message": "SSN 123-45-6789"}], {})
    assert type(error) is kind and error.org == "hq"
    assert "123-45-6789" not in str(error)


def test_a_text_in_the_place_of_a_code_is_not_carried_on() -> None:
    error = classify("hq", 400, {"error": "no entry for jane.doe@bank.example"}, {})
    assert "jane" not in str(error) + error.code


def test_pauses_grow_and_end() -> None:
    random = Random(0)
    assert all(backoff(attempt, random) <= timedelta(seconds=20) for attempt in range(50))
    assert max(backoff(0, random) for _ in range(100)) <= timedelta(seconds=0.5)
