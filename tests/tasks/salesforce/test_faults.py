"""What proxies, maintenance pages and crossed wires send: an error of ours, patience where it helps, no part for a whole."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest

from tasks.errors import BulkheadError, IncompleteRead, LoginRefused, WriteRefused
from tasks.salesforce import transport
from tasks.salesforce.metadata import read_metadata
from tasks.salesforce.session import Session
from tasks.salesforce.tokens import TokenManager
from tests.tasks.salesforce.stub import Answer, Call, Script, StubOrg, stub_org, usual

ROW: dict[str, Any] = {"totalSize": 1, "done": True, "records": [{"Id": "1"}]}
Serve = Callable[[Script], StubOrg]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(stub_org(tmp_path, script))


def composite(call: Call, body: Any, status: int = 200) -> Answer:
    parts = orjson.loads(call.body)["compositeRequest"]
    found = [
        {"referenceId": p["referenceId"], "httpStatusCode": status, "httpHeaders": {}, "body": body}
        for p in parts
    ]
    return Answer(body={"compositeResponse": found})


def reading(org: StubOrg) -> Session:
    return Session(org.connection(), sleep=lambda _: None)


def test_an_empty_page_with_a_size_is_no_whole(serve: Serve) -> None:
    org = serve(lambda call: usual(call) or composite(call, {"totalSize": 500, "done": True, "records": []}))
    with reading(org) as session, pytest.raises(IncompleteRead, match="0 of 500"):
        session.query("SELECT Id FROM User")


def test_an_org_may_change_the_size_of_its_pages(serve: Serve) -> None:
    def page(at: int) -> dict[str, Any]:
        size = 4 if at == 0 else 2
        records = [{"Id": str(i)} for i in range(at, min(10, at + size))]
        body: dict[str, Any] = {"totalSize": 10, "done": at + size >= 10, "records": records}
        return (
            body if body["done"] else body | {"nextRecordsUrl": f"/services/data/v55.0/query/01g-{at + size}"}
        )

    def script(call: Call) -> Answer:
        if call.method == "GET":
            return usual(call) or Answer(body=page(int(call.path.rpartition("-")[2])))
        if (answer := usual(call)) is not None:
            return answer
        parts = orjson.loads(call.body)["compositeRequest"]
        offsets = [0 if "?q=" in p["url"] else int(p["url"].rpartition("-")[2]) for p in parts]
        found = [
            {"referenceId": p["referenceId"], "httpStatusCode": 200, "body": page(at)}
            for p, at in zip(parts, offsets, strict=True)
        ]
        return Answer(body={"compositeResponse": found})

    with reading(serve(script)) as session:
        assert [row["Id"] for row in session.query("SELECT Id FROM User")] == [str(i) for i in range(10)]


def once_then(first: Answer, matches: Callable[[Call], bool], then: Callable[[Call], Answer]) -> Script:
    """`first` for the first call that matches, `then` for all others."""
    seen: list[Call] = []

    def script(call: Call) -> Answer:
        if matches(call) and not seen:
            seen.append(call)
            return first
        return usual(call) or then(call)

    return script


BUSY = Answer(503, b"<html>busy</html>")


@pytest.mark.parametrize("path", ["/services/oauth2/token", "/services/data/"])
def test_a_moment_of_outage_on_the_way_in_is_waited_out(serve: Serve, path: str) -> None:
    org = serve(once_then(BUSY, lambda call: call.path == path, lambda call: composite(call, ROW)))
    with reading(org) as session:
        assert len(session.query("SELECT Id FROM User")) == 1


def test_a_throttled_part_is_asked_again(serve: Serve) -> None:
    def limited(call: Call) -> Answer:
        return composite(call, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": ""}], 403)

    calls: list[Call] = []

    def script(call: Call) -> Answer:
        if (answer := usual(call)) is not None:
            return answer
        calls.append(call)
        return limited(call) if len(calls) == 1 else composite(call, ROW)

    with reading(serve(script)) as session:
        assert len(session.query("SELECT Id FROM User")) == 1


@pytest.mark.parametrize("answer", [Answer(200, b"<html>portal</html>"), Answer(200, {}), Answer(200, [])])
def test_a_token_answer_without_a_token_is_an_error_of_ours(serve: Serve, answer: Answer) -> None:
    org = serve(lambda call: answer if call.path.endswith("token") else usual(call) or Answer(body={}))
    with reading(org) as session, pytest.raises(BulkheadError) as caught:
        session.get("limits")
    assert "portal" not in str(caught.value) and caught.value.__cause__ is None


@pytest.mark.parametrize("body", [b"<html><br>busy", b'<e:Envelope xmlns:e="x"><e:Body>'])
@pytest.mark.parametrize("status", [200, 500])
def test_a_metadata_answer_that_is_no_soap_is_an_error_of_ours(
    serve: Serve, status: int, body: bytes
) -> None:
    org = serve(lambda call: usual(call) or Answer(status, body))
    with reading(org) as session, pytest.raises(BulkheadError):
        read_metadata(session, "Profile", ["Admin"])


def test_a_composite_that_lacks_an_answer_is_an_error_of_ours(serve: Serve) -> None:
    org = serve(lambda call: usual(call) or Answer(body={"compositeResponse": []}))
    with reading(org) as session, pytest.raises(BulkheadError):
        session.query("SELECT Id FROM User")


def test_a_refused_login_is_not_repeated_by_every_thread(serve: Serve) -> None:
    refusal = Answer(400, {"error": "invalid_grant", "error_description": "x"})
    org = serve(lambda call: refusal if call.path.endswith("token") else usual(call) or Answer(body={}))
    tokens = TokenManager(org.connection())
    refused: list[LoginRefused] = []

    def work() -> None:
        try:
            tokens.current()
        except LoginRefused as error:
            refused.append(error)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 16 and len(org.sign_ins) == 1


def test_nothing_leaves_in_clear(serve: Serve) -> None:
    reached: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.timeout = 0.2
    org = serve(lambda call: usual(call) or Answer(body={}))
    with transport.open_transport(org.connection()) as session, pytest.raises(WriteRefused):
        session.get(f"http://127.0.0.1:{server.server_port}/services/data/v60.0/limits")
    server.handle_request()
    server.server_close()
    assert not reached
