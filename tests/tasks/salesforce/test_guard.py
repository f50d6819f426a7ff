"""The scanner sends nothing that could write: judged before sending, and judged again on the wire elsewhere."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.salesforce.guard import READING_SOAP, may_read_only_session_send

BASE = "https://acme.my.salesforce.com"
DATA = BASE + "/services/data/v67.0"
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "get", "post", ""])


def composite(*methods: str, url: str = "/services/data/v67.0/query?q=x") -> bytes:
    parts = [{"method": method, "url": url, "referenceId": "r"} for method in methods]
    return orjson.dumps({"compositeRequest": parts})


def soap(operation: str) -> bytes:
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        f'<{operation} xmlns="http://soap.sforce.com/2006/04/metadata"/></e:Body></e:Envelope>'
    ).encode()


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("GET", DATA + "/query?q=SELECT+Id+FROM+Account", None),
        ("GET", BASE + "/services/oauth2/userinfo", None),
        ("POST", DATA + "/composite", composite("GET", "GET")),
        ("POST", DATA + "/tooling/composite", composite("GET")),
        ("POST", DATA + "/composite/batch", b'{"batchRequests":[{"method":"GET","url":"v67.0/limits"}]}'),
        ("POST", DATA + "/jobs/query", b'{"operation":"query","query":"SELECT Id FROM Account"}'),
        (
            "POST",
            BASE + "/services/oauth2/token",
            b"grant_type=client_credentials&client_id=a&client_secret=b",
        ),
        ("POST", BASE + "/services/Soap/m/67.0", soap("readMetadata")),
        ("POST", BASE + "/services/Soap/m/67.0", soap("listMetadata")),
    ],
)
def test_reading_is_let_through(method: str, url: str, body: bytes | None) -> None:
    assert may_read_only_session_send(method, url, body)


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", DATA + "/sobjects/Account", b"{}"),
        ("PATCH", DATA + "/sobjects/User/005", b"{}"),
        ("DELETE", DATA + "/sobjects/AuthSession/0Ak", None),
        ("POST", DATA + "/composite", composite("GET", "POST")),
        ("POST", DATA + "/composite", b"not json"),
        ("POST", DATA + "/composite", b'{"compositeRequest":"GET"}'),
        ("POST", DATA + "/composite/sobjects", b'{"records":[]}'),
        ("POST", DATA + "/composite/graph", b'{"graphs":[]}'),
        ("POST", DATA + "/jobs/query", b'{"operation":"delete"}'),
        ("POST", DATA + "/jobs/ingest", b'{"operation":"query"}'),
        ("POST", DATA + "/sobjects/User/005/password", b"{}"),
        ("POST", DATA + "/tooling/executeAnonymous", b"{}"),
        ("POST", BASE + "/services/oauth2/token", b"grant_type=password&username=a&password=b"),
        ("POST", BASE + "/services/oauth2/revoke", b"token=x"),
        ("POST", BASE + "/services/Soap/m/67.0", soap("updateMetadata")),
        ("POST", BASE + "/services/Soap/m/67.0", soap("deploy")),
        ("POST", BASE + "/services/Soap/m/67.0", b"<broken"),
        ("POST", BASE + "/services/Soap/u/64.0", soap("login")),
        ("POST", BASE + "/services/apexrest/anything", b"{}"),
        ("GET", DATA + "/tooling/executeAnonymous/?anonymousBody=delete+x", None),
        ("GET", DATA + "/tooling/query/../executeAnonymous/?anonymousBody=x", None),
        ("GET", DATA + "/tooling/query%2f..%2fexecuteAnonymous", None),
        ("GET", BASE + "/services/oauth2/revoke?token=x", None),
        ("GET", BASE + "/services/apexrest/anything", None),
        ("GET", DATA + "/actions/standard/anything", None),
        ("GET", DATA + "/sobjects/Account/001?_HttpMethod=DELETE", None),
        ("POST", DATA + "/composite?_HttpMethod=PATCH", composite("GET")),
        (
            "POST",
            DATA + "/composite",
            composite("GET", url="/services/data/v67.0/tooling/executeAnonymous/?x=y"),
        ),
        (
            "POST",
            DATA + "/composite",
            composite("GET", url="https://elsewhere.example/services/data/v67.0/query"),
        ),
        ("POST", DATA + "/composite/batch", composite("GET")),
        (
            "POST",
            DATA + "/composite/batch",
            b'{"compositeRequest":[{"method":"GET","url":"/services/data/v67.0/limits"}],'
            b'"batchRequests":[{"method":"DELETE","url":"v67.0/sobjects/User/005"}]}',
        ),
        (
            "POST",
            DATA + "/composite/batch",
            b'{"batchRequests":[{"method":"DELETE","url":"v67.0/sobjects/User/005"}],'
            b'"batchRequests":[{"method":"GET","url":"v67.0/limits"}]}',
        ),
        ("POST", BASE + "/services/oauth2/token", b"grant_type=client_credentials&grant_type=password"),
    ],
)
def test_what_could_write_is_refused(method: str, url: str, body: bytes | None) -> None:
    assert not may_read_only_session_send(method, url, body)


@given(METHODS, st.text(max_size=60), st.binary(max_size=80))
def test_only_get_and_head_pass_without_a_known_body(method: str, path: str, body: bytes) -> None:
    if may_read_only_session_send(method, f"{DATA}/{path}", body):
        assert method in ("GET", "HEAD")


@given(st.lists(METHODS, min_size=1, max_size=25))
def test_a_composite_passes_only_when_each_part_is_a_get(methods: list[str]) -> None:
    passes = may_read_only_session_send("POST", DATA + "/composite", composite(*methods))
    assert passes == all(method == "GET" for method in methods)


@given(st.from_regex(r"[a-zA-Z]{1,30}", fullmatch=True))
def test_only_the_listed_metadata_operations_pass(operation: str) -> None:
    passes = may_read_only_session_send("POST", BASE + "/services/Soap/m/67.0", soap(operation))
    assert passes == (operation in READING_SOAP)
