"""Nonsense over the wire: whatever is sent to the estate gets an answer in time, and no room breaks."""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.running import RunningEstate

SLOWEST = 10.0
EXAMPLES = 150
MANY = 3_000
INSTANCE = "https://meridian-hq.my.salesforce.com"
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
CORPUS = [
    line for line in (Path(__file__).parent / "audit_queries.txt").read_text().splitlines() if line.strip()
]


class Prober:
    """Sends and judges: an internal failure of the estate shows as UNKNOWN_EXCEPTION with status 500 and in its log."""

    def __init__(self, estate: RunningEstate) -> None:
        self.session = estate.session()
        self.token = estate.token("hq", "admin@hq.example")
        self.log = estate.folder.parent / "log"
        self._read = self.log.stat().st_size

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        url = INSTANCE + path
        began = perf_counter()
        try:
            answer = self.session.request(method, url, headers=headers, timeout=SLOWEST, **options)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader, UnicodeError):
            # The client itself would not send this.
            return requests.Response()
        assert perf_counter() - began < SLOWEST
        # SOAP faults are answered with 500 by the protocol; a HEAD has no body to tell one by.
        fault = answer.text.startswith("<?xml") or (method == "HEAD" and "/Soap/" in path)
        if answer.status_code == 500 and not fault:
            raise AssertionError(f"{method} {path} {options}: {answer.text[:500]}")
        return answer

    def unbroken(self) -> None:
        with self.log.open("rb") as file:
            file.seek(self._read)
            text = file.read().decode(errors="replace")
        self._read += len(text.encode())
        assert "Traceback" not in text, text[-4000:]


@pytest.fixture
def prober(miniature: RunningEstate) -> Iterator[Prober]:
    made = Prober(miniature)
    yield made
    made.session.close()


def how_many() -> settings:
    """A few of them each time, many in the long run, chosen by the seed."""
    long = os.environ.get("BULKHEAD_SEED") == "all"
    return settings(
        max_examples=MANY if long else EXAMPLES, deadline=None, suppress_health_check=QUIET, database=None
    )


chosen_seed = seed(random.Random(os.environ.get("BULKHEAD_SEED", "0")).randrange(2**32))
WORDS = st.sampled_from([
    *("sobjects", "Account", "Contact", "User", "describe", "query", "queryAll", "search", "tooling", "composite"),
    *("batch", "graph", "tree", "jobs", "ingest", "results", "limits", "recent", "parameterizedSearch", "layouts"),
    *("001000000000000AAA", "01g000000000000-2000", "Id", "Name", "password", "connect", "named-credentials"),
    *("credential", "external-credentials", "chatter", "users", "me", "actions", "standard", "EventLogFile"),
    *("LogFile", "updated", "deleted", "theme", "tabs", "executeAnonymous", "metadata", "deployRequest"),
    *("recordCount", "apps", "oauth", "credentials", "ui-api", "object-info", "quickActions", "listviews", "%2e%2e"),
])  # fmt: skip
ODD = st.text(max_size=12)
SEGMENTS = st.lists(st.one_of(WORDS, WORDS, WORDS, ODD), max_size=6)
ROOTS = st.sampled_from([
    *["/services/data/v62.0"] * 8, "/services/data", "/services/data/v31.0", "/services/data/v99.0",
    "/services/async/62.0", "/services/oauth2", "/services/apexrest", "/id", "/services/Soap/u/59.0", "", "//",
])  # fmt: skip
METHODS = st.sampled_from(["GET", "GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"])
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
)
NAMES = st.sampled_from([
    *("Name", "Id", "attributes", "type", "records", "allOrNone", "compositeRequest", "batchRequests", "graphs"),
    *("method", "url", "referenceId", "body", "operation", "object", "query", "state", "inputs", "ids", "fields"),
    *("graphId", "richInput", "NewPassword", "q", "OwnerId", "Phone", "Industry", "CreatedDate", "Metadata"),
])  # fmt: skip
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(NAMES, NAMES, ODD), inner, max_size=5)
    ),
    max_leaves=15,
)
QUERIES = st.dictionaries(
    st.sampled_from(["q", "fields", "start", "end", "ids", "allOrNone", "explain", "columns", "maxRecords", "locator",
                     "sObjects", "limit", "offset", "_HttpMethod", "type", "token", "format"]),
    st.one_of(st.text(max_size=30), st.sampled_from(["2026-01-01T00:00:00Z", "SELECT Id FROM User", "true", "-1", "9" * 40])),
    max_size=3,
)  # fmt: skip
HEADERS = st.dictionaries(
    st.sampled_from(["Accept", "Content-Type", "Content-Encoding", "Range", "If-Modified-Since", "Sforce-Query-Options",
                     "X-HTTP-Method-Override", "Accept-Encoding", "Sforce-Call-Options"]),
    st.sampled_from(["", "*/*", "application/json", "application/xml", "text/csv", "gzip", "bytes=5-1", "bytes=-0", "nonsense",
                     "batchSize=0", "batchSize=x", "multipart/form-data; boundary=x", "Sat, 01 Jan 2000 00:00:00 GMT"]),
    max_size=2,
)  # fmt: skip


@chosen_seed
@how_many()
@given(METHODS, ROOTS, SEGMENTS, QUERIES, st.one_of(DOCUMENTS, st.binary(max_size=60)), HEADERS)
def test_no_address_and_no_body_breaks_a_room(
    prober: Prober,
    method: str,
    root: str,
    segments: list[str],
    query: dict[str, str],
    body: Any,
    headers: dict[str, str],
) -> None:
    path = root + "/" + "/".join(segments)
    sent = {"data": body} if isinstance(body, bytes) else {"json": body}
    prober.send(method, path.replace("#", "").replace("?", ""), params=query, headers=headers, **sent)
    prober.unbroken()


@chosen_seed
@how_many()
@given(
    st.sampled_from(["sobjects/Account", "sobjects/Contact", "sobjects/User", "composite", "composite/batch",
                     "composite/graph", "composite/tree/Account", "composite/sobjects", "jobs/ingest", "jobs/query",
                     "sobjects/PermissionSetAssignment", "sobjects/PermissionSet", "sobjects/FieldPermissions",
                     "parameterizedSearch", "tooling/sobjects/ApexClass", "actions/standard/activateSessionPermSet",
                     "named-credentials/credential", "tooling/sobjects/CustomField"]),
    st.sampled_from(["POST", "PATCH", "PUT", "DELETE"]),
    DOCUMENTS,
)  # fmt: skip
def test_no_document_breaks_a_room_that_writes(prober: Prober, path: str, method: str, body: Any) -> None:
    prober.send(method, f"/services/data/v62.0/{path}", json=body)
    prober.unbroken()


PIECES = sorted(
    {piece for query in CORPUS for piece in query.replace("(", " ( ").replace(")", " ) ").split()}
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A query of the corpus with a few pieces dropped, doubled, swapped or replaced."""
    pieces = draw(st.sampled_from(CORPUS)).split(" ")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(pieces) - 1)))
        change = draw(st.sampled_from(["drop", "double", "replace", "odd", "glue"]))
        match change:
            case "drop":
                del pieces[at : at + 1]
            case "double":
                pieces[at:at] = pieces[at : at + 1]
            case "replace":
                pieces[at : at + 1] = [draw(st.sampled_from(PIECES))]
            case "odd":
                pieces[at : at + 1] = [draw(st.text(max_size=8))]
            case _:
                pieces[at : at + 2] = ["".join(pieces[at : at + 2])]
    return " ".join(pieces)


@chosen_seed
@how_many()
@given(mutated(), st.booleans())
def test_no_query_breaks_the_engine(prober: Prober, soql: str, tooling: bool) -> None:
    room = "tooling/query" if tooling else "query"
    answer = prober.send("GET", f"/services/data/v62.0/{room}", params={"q": soql})
    assert answer.status_code in (200, 400, 403, 414), (soql, answer.status_code, answer.text[:300])
    prober.unbroken()


@chosen_seed
@how_many()
@given(st.text(max_size=60).map(lambda text: "FIND {" + text + "} IN ALL FIELDS RETURNING Account(Id)"))
def test_no_search_breaks_the_engine(prober: Prober, sosl: str) -> None:
    answer = prober.send("GET", "/services/data/v62.0/search", params={"q": sosl})
    assert answer.status_code in (200, 400), (sosl, answer.text[:300])
    prober.unbroken()


ENVELOPE = (
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://soap.sforce.com/2006/04/metadata">'
    "<s:Header><SessionHeader><sessionId>{token}</sessionId></SessionHeader></s:Header><s:Body>{body}</s:Body></s:Envelope>"
)
OPERATIONS = st.sampled_from([
    *("describeMetadata", "listMetadata", "readMetadata", "createMetadata", "updateMetadata", "upsertMetadata"),
    *("deleteMetadata", "renameMetadata", "deploy", "checkDeployStatus", "cancelDeploy", "retrieve"),
    *("checkRetrieveStatus", "describeValueType", "deployRecentValidation", "nonsense", "login"),
])  # fmt: skip
TAGS = st.sampled_from([
    *("type", "fullNames", "metadata", "queries", "folder", "asOfVersion", "ZipFile", "DeployOptions", "checkOnly"),
    *("asyncProcessId", "includeDetails", "retrieveRequest", "unpackaged", "types", "members", "name", "fullName"),
    *("loginIpRanges", "startAddress", "oldFullName", "newFullName", "singlePackage", "apiVersion", "userPermissions"),
])  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(["Profile", "Clerk", "PermissionSet", "CustomField", "62.0", "true", "*", "", "UEsDBA==", "Settings"]),
    st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="<>&"), max_size=10),
)  # fmt: skip
KINDS = st.sampled_from(["", ' xsi:type="Profile"', ' xsi:type="PermissionSet"', ' xsi:type="CustomField"', ' xsi:type="Nope"',
                         ' xsi:nil="true"', ' xsi:type="SecuritySettings"', ' xsi:type="ConnectedApp"'])  # fmt: skip
TREES = st.recursive(
    TEXTS,
    lambda inner: st.lists(
        st.tuples(TAGS, KINDS, inner).map(lambda part: f"<{part[0]}{part[1]}>{part[2]}</{part[0]}>"), max_size=4
    ).map("".join),
    max_leaves=12,
)  # fmt: skip


@chosen_seed
@how_many()
@given(OPERATIONS, TREES, st.sampled_from(["m/62.0", "m/31.0", "u/59.0", "c/59.0", "m/x"]))
def test_no_envelope_breaks_the_metadata_api(prober: Prober, operation: str, inside: str, door: str) -> None:
    body = ENVELOPE.format(token=prober.token, body=f"<{operation}>{inside}</{operation}>")
    answer = prober.send(
        "POST", f"/services/Soap/{door}", data=body.encode(), headers={"Content-Type": "text/xml"}
    )
    assert answer.status_code in (200, 404, 500), answer.text[:300]
    prober.unbroken()


@chosen_seed
@how_many()
@given(
    st.sampled_from(["token", "revoke", "introspect", "userinfo", "authorize"]),
    st.dictionaries(
        st.sampled_from(["grant_type", "assertion", "client_id", "client_secret", "refresh_token", "code", "username",
                         "password", "token", "redirect_uri", "response_type", "scope", "code_verifier", "state"]),
        st.one_of(
            st.sampled_from(["urn:ietf:params:oauth:grant-type:jwt-bearer", "client_credentials", "refresh_token",
                             "authorization_code", "password", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "3MVG9.jwt.hq"]),
            st.text(max_size=20),
        ),
        max_size=6,
    ),
    st.sampled_from(["GET", "POST"]),
)  # fmt: skip
def test_no_form_breaks_the_token_endpoint(
    prober: Prober, door: str, form: dict[str, str], method: str
) -> None:
    sent = {"params": form} if method == "GET" else {"data": form}
    prober.send(
        method, f"/services/oauth2/{door}", headers={"Authorization": ""}, allow_redirects=False, **sent
    )
    prober.unbroken()
