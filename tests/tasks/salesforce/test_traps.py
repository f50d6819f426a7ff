"""What simple-salesforce 1.12 does wrong, and that our room does not: one test for each of the twenty known traps."""

import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
import pytest

from tasks.errors import OrgError, OrgUnavailable, SessionExpired, TlsFailure, WriteRefused
from tasks.salesforce import transport
from tasks.salesforce.classify import classify
from tasks.salesforce.metadata import read_metadata
from tasks.salesforce.session import Session
from tasks.salesforce.tokens import TokenManager
from tests.running import RunningEstate
from tests.tasks.salesforce.stub import Answer, Call, Script, StubOrg, stub_org, usual

EXPIRED = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
PAGE: dict[str, Any] = {"totalSize": 1, "done": True, "records": [{"Id": "001000000000001AAA"}]}

Serve = Callable[[Script], StubOrg]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda script: stack.enter_context(stub_org(tmp_path, lambda call: usual(call) or script(call)))


def composite(call: Call, body: Any = PAGE, status: int = 200) -> Answer:
    """The same answer to each part of a composite."""
    parts = orjson.loads(call.body)["compositeRequest"]
    return Answer(
        body={
            "compositeResponse": [
                {"referenceId": p["referenceId"], "httpStatusCode": status, "httpHeaders": {}, "body": body}
                for p in parts
            ]
        }
    )


def test_01_a_session_refused_for_ever_signs_in_once_more_and_gives_up(serve: Serve) -> None:
    org = serve(lambda call: Answer(401, EXPIRED))
    with Session(org.connection()) as session, pytest.raises(SessionExpired):
        session.get("limits")
    assert len(org.sign_ins) == 2


def test_02_sixteen_threads_that_meet_an_expired_session_sign_in_once(serve: Serve) -> None:
    expired = threading.Event()

    def script(call: Call) -> Answer:
        if "token-1" in call.headers["Authorization"] and expired.is_set():
            return Answer(401, EXPIRED)
        return Answer(body={})

    org = serve(script)
    count = iter(range(1, 100))
    org.script = lambda call: (
        Answer(body={"access_token": f"00D!token-{next(count)}"})
        if call.path == "/services/oauth2/token"
        else usual(call) or script(call)
    )
    tokens = TokenManager(org.connection())
    tokens.current()
    expired.set()
    errors: list[OrgError] = []

    def work() -> None:
        try:
            with Session(org.connection(), tokens) as session:
                session.get("limits")
        except OrgError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(org.sign_ins) == 2


def test_03_a_silent_org_ends_in_a_time_out(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.3)
    org = serve(lambda call: time.sleep(1.5) or Answer(body={}))  # type: ignore[func-returns-value]  # sleeps, then answers
    with Session(org.connection(), sleep=lambda _: None) as session:
        session.version  # noqa: B018  # agreed before the org falls silent
        with pytest.raises(OrgUnavailable, match="no answer in time"):
            session.get("limits")


def test_04_bulk_one_which_loses_records_is_never_spoken() -> None:
    from tasks.salesforce.guard import may_read_only_session_send

    assert not may_read_only_session_send(
        "POST", "https://o/services/async/60.0/job", b'{"operation":"query"}'
    )


def test_05_a_metadata_call_leaves_the_headers_of_rest_calls_alone(serve: Serve) -> None:
    soap = b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>'
    org = serve(lambda call: Answer(body=soap) if "/Soap/" in call.path else Answer(body={}))
    with Session(org.connection()) as session:
        read_metadata(session, "Profile", ["Admin"])
        session.get("limits")
    assert org.calls[-1].headers["Content-Type"] == "application/json"
    assert "SOAPAction" not in org.calls[-1].headers


def test_06_metadata_goes_through_our_proxy_and_trusts_our_authority(scanner: Session) -> None:
    assert read_metadata(scanner, "SecuritySettings", ["Security"])["Security"]["fullName"] == "Security"


def test_07_metadata_uses_the_new_session_after_a_renewal(serve: Serve) -> None:
    fault = (
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>'
        b"<faultcode>sf:INVALID_SESSION_ID</faultcode></e:Fault></e:Body></e:Envelope>"
    )
    good = b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>'
    count = iter(range(1, 10))

    def script(call: Call) -> Answer:
        if call.path == "/services/oauth2/token":
            return Answer(body={"access_token": f"00D!token-{next(count)}"})
        if "/Soap/" in call.path:
            return Answer(500, fault) if b"token-1<" in call.body else Answer(200, good)
        return usual(call) or Answer(body={})

    org = serve(lambda call: Answer(body={}))
    org.script = script
    with Session(org.connection()) as session:
        assert read_metadata(session, "Profile", ["Admin"]) == {}
    assert b"token-2<" in org.calls[-1].body


def test_08_the_repeat_after_a_renewal_is_the_same_request(serve: Serve) -> None:
    seen: list[Call] = []

    def script(call: Call) -> Answer:
        seen.append(call)
        return Answer(401, EXPIRED) if len(seen) == 1 else Answer(body={})

    org = serve(script)
    with Session(org.connection()) as session:
        session.get("query", {"q": "SELECT Id FROM Account"})
    first, second = (({k: v for k, v in c.headers.items() if k != "Authorization"}, c.path) for c in seen)
    assert first == second


@pytest.mark.parametrize("body", [b"<html>signed out</html>", {"error": "invalid_token"}])
def test_09_a_refusal_in_any_shape_is_an_expired_session(serve: Serve, body: Any) -> None:
    org = serve(lambda call: Answer(401, body))
    with Session(org.connection()) as session, pytest.raises(SessionExpired):
        session.get("limits")


def test_10_the_bulk_form_of_an_expired_session_is_recognised() -> None:
    error = classify("org", 400, {"exceptionCode": "InvalidSessionId", "exceptionMessage": "x"}, {})
    assert isinstance(error, SessionExpired)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "jobs/ingest"), ("PUT", "jobs/ingest/750/batches"), ("DELETE", "jobs/query/750")],
)
def test_11_12_bulk_two_jobs_that_write_or_delete_are_refused(serve: Serve, method: str, path: str) -> None:
    org = serve(lambda call: Answer(body={}))
    with transport.open_transport(org.connection()) as session, pytest.raises(WriteRefused):
        session.request(method, f"{org.connection().base_url}/services/data/v60.0/{path}", data=b"{}")
    assert not org.calls


def test_13_every_request_goes_to_the_configured_host(serve: Serve) -> None:
    org = serve(lambda call: Answer(body={}))
    with Session(org.connection()) as session:
        session.get("limits")
    assert {call.headers["Host"] for call in org.calls} == {f"localhost:{org.port}"}


def test_14_an_empty_answer_is_an_outage_and_not_a_crash(serve: Serve) -> None:
    org = serve(lambda call: Answer(204))
    with Session(org.connection(), sleep=lambda _: None) as session, pytest.raises(OrgUnavailable):
        session.query("SELECT Id FROM Account")


def test_15_the_environment_decides_neither_trust_nor_proxy(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    org = serve(lambda call: Answer(body={"ok": True}))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with Session(org.connection()) as session:
        assert session.get("limits") == {"ok": True}
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(org.ca))
    monkeypatch.delenv("HTTPS_PROXY")
    with Session(org.connection(ca_bundle=None)) as session, pytest.raises(TlsFailure):
        session.get("limits")


def test_16_the_pool_holds_as_many_connections_as_threads() -> None:
    assert transport.POOL_SIZE >= 16


def test_17_no_error_carries_the_query(serve: Serve) -> None:
    org = serve(lambda call: Answer(400, [{"message": "near 'hunter2'", "errorCode": "MALFORMED_QUERY"}]))
    with Session(org.connection()) as session, pytest.raises(OrgError) as caught:
        session.get("query", {"q": "SELECT Id FROM Account WHERE Name = 'hunter2'"})
    assert "hunter2" not in repr(caught.value) + str(caught.value)
    assert caught.value.__cause__ is None


def test_18_the_version_is_agreed_with_the_org(serve: Serve) -> None:
    org = serve(lambda call: Answer(body={}))
    with Session(org.connection()) as session:
        session.get("limits")
    assert org.calls[-1].path == "/services/data/v55.0/limits"


def test_19_a_misspelt_name_is_an_error_and_not_an_object(serve: Serve) -> None:
    org = serve(lambda call: Answer(body={}))
    with Session(org.connection()) as session, pytest.raises(AttributeError):
        session.qeury("SELECT Id FROM Account")  # type: ignore[attr-defined]  # misspelt on purpose


def test_20_signing_in_warns_of_nothing_and_shows_no_key(serve: Serve) -> None:
    org = serve(lambda call: Answer(body={}))
    connection = org.connection()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        token = TokenManager(connection).current()
    assert connection.consumer_key not in repr(connection) and token.value not in repr(token)
    assert isinstance(orjson.loads(_claims(org.sign_ins[0]))["exp"], int)


def _claims(call: Call) -> bytes:
    from base64 import urlsafe_b64decode
    from urllib.parse import parse_qs

    part = parse_qs(unquote(call.body.decode()))["assertion"][0].split(".")[1]
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.fixture
def scanner(estate: RunningEstate) -> Iterator[Session]:
    from tests.tasks.salesforce.scanner import scanner_session

    with scanner_session(estate, "hq") as session:
        yield session
