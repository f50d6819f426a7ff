"""Trouble on order: each kind as an unmodified client meets it, and what the orgs hold afterwards."""

import asyncio
import smtplib
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceError

from deployments.sandbox import launch
from deployments.sandbox.faults import BadFault, Faults, acting
from deployments.sandbox.identity.sessions import Sessions
from deployments.sandbox.orgs import Org, Orgs
from deployments.sandbox.wire import Reply
from tests.deployments.sandbox.processes import started
from tests.deployments.sandbox.small_org import SmallOrg
from tests.running import RunningEstate

ADMIN = "admin@hq.example"
HQ = "https://meridian-hq.my.salesforce.com"
NOON = datetime(2026, 5, 13, 12, 0, tzinfo=UTC)
LIMITS = "v62.0/limits"


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    """An estate of this file's own: faults, switches and the clock belong to nobody else."""
    folder = tmp_path_factory.mktemp("troubled") / "state"
    process, state = started(folder)
    yield RunningEstate(folder, state)
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(autouse=True)
def healed(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "troubled" in request.fixturenames:
        launch.ask(request.getfixturevalue("troubled").folder, "DELETE", "/faults")


def order(estate: RunningEstate, kind: str, **rule: Any) -> dict[str, Any]:
    made: dict[str, Any] = launch.ask(estate.folder, "POST", "/faults", {"kind": kind, "org": "hq", **rule})
    return made


def hits(estate: RunningEstate) -> list[int]:
    return [rule["hits"] for rule in launch.ask(estate.folder, "GET", "/faults")]


def accounts_named(estate: RunningEstate, name: str) -> int:
    query = f"SELECT COUNT() FROM Account WHERE Name = '{name}'"
    found: int = estate.get("hq", ADMIN, "v62.0/query", params={"q": query}).json()["totalSize"]
    return found


@pytest.mark.parametrize(
    ("kind", "status", "piece"),
    [
        ("429", 429, "REQUEST_LIMIT_EXCEEDED"),
        ("503", 503, "<html>"),
        ("lock", 400, "UNABLE_TO_LOCK_ROW"),
        ("limit", 403, "TotalRequests Limit exceeded."),
        ("query_cursor_lost", 400, "INVALID_QUERY_LOCATOR"),
        ("expire", 401, "INVALID_SESSION_ID"),
        ("error", 500, "UNKNOWN_EXCEPTION"),
    ],
)
def test_a_rule_answers_as_often_as_it_says(
    troubled: RunningEstate, kind: str, status: int, piece: str
) -> None:
    order(troubled, kind, path="/limits$", times=1)

    struck = troubled.get("hq", ADMIN, LIMITS)

    assert (struck.status_code, piece in struck.text) == (status, True)
    assert struck.headers["Date"]
    assert troubled.get("hq", ADMIN, LIMITS).status_code == 200
    assert hits(troubled) == [1]
    assert ("Retry-After" in struck.headers) == (kind == "429")


def test_rules_strike_only_where_they_point(troubled: RunningEstate) -> None:
    order(troubled, "503", path="/limits$", method="POST")
    order(troubled, "503", path="/limits$", org="hq-uat")
    order(troubled, "503", path="/query")

    assert troubled.get("hq", ADMIN, LIMITS).status_code == 200
    assert hits(troubled) == [0, 0, 0]


def test_some_are_skipped_and_chance_repeats_itself() -> None:
    def struck(**rule: Any) -> list[int]:
        faults = Faults()
        faults.add({"kind": "503", **rule}, NOON)
        return [n for n in range(20) if faults.take("request", "hq", "GET", "/x", NOON)]

    assert struck(skip=2, times=2) == [2, 3]
    assert struck(probability=0.3, seed=7) == struck(probability=0.3, seed=7)
    assert 0 < len(struck(probability=0.3, seed=7)) < 20
    assert struck(probability=0.3, seed=7) != struck(probability=0.3, seed=8)


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ({"kind": "flood"}, "there is no kind"),
        ({"kind": "503", "path": "("}, "cannot be understood"),
        ({"kind": "503", "often": 3}, "has no often"),
        ({"kind": "slow", "options": {"minutes": 1}}, "no option minutes"),
    ],
)
def test_a_rule_that_cannot_be_says_why(rule: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadFault, match=complaint):
        Faults().add(rule, NOON)


def test_after_the_commit_the_work_is_done_and_the_answer_lost(troubled: RunningEstate) -> None:
    for number, (kind, done) in enumerate([("503", False), ("503", True), ("cut", False), ("cut", True)]):
        order(troubled, kind, path="/sobjects/Account", times=1, after_commit=done)
        name = f"Lost {number}"
        try:
            answer = troubled.call("POST", "hq", ADMIN, "v62.0/sobjects/Account", json={"Name": name})
            assert (kind, answer.status_code) == ("503", 503)
        except requests.exceptions.ConnectionError:
            assert kind == "cut"
        assert accounts_named(troubled, name) == done


def test_an_answer_can_break_off(troubled: RunningEstate) -> None:
    order(troubled, "cut", path="/limits$", times=1, options={"within": True})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        troubled.get("hq", ADMIN, LIMITS)

    order(troubled, "truncate", path="/limits$", times=1)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        troubled.get("hq", ADMIN, LIMITS).json()


def test_waiting_holds_nobody_else_up(troubled: RunningEstate) -> None:
    order(troubled, "slow", path="/limits$", times=1, options={"seconds": 1.0})
    order(troubled, "hang", path="/recent$", times=1)
    token = troubled.token("hq", ADMIN)
    with troubled.session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        began = time.monotonic()
        with pytest.raises(requests.exceptions.ReadTimeout):
            session.get(f"{HQ}/services/data/v62.0/recent", timeout=0.3)
        assert session.get(f"{HQ}/services/data/v62.0/sobjects", timeout=5).status_code == 200
        assert time.monotonic() - began < 1.5
        assert session.get(f"{HQ}/services/data/{LIMITS}", timeout=5).status_code == 200
        assert time.monotonic() - began > 1.0


def test_a_login_can_succeed_without_anybody_hearing_of_it(troubled: RunningEstate) -> None:
    app = troubled.org("hq")["apps"][0]
    assertion = troubled.assertion(app["private_key"], app["consumer_key"], app["username"])
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    count = "v62.0/query?q=SELECT COUNT() FROM LoginHistory"
    before = troubled.get("hq", ADMIN, count).json()["totalSize"]

    order(troubled, "lost_token", times=1)
    with troubled.session() as session, pytest.raises(requests.exceptions.ConnectionError):
        session.post(f"{HQ}/services/oauth2/token", data=form, timeout=10)

    assert troubled.get("hq", ADMIN, count).json()["totalSize"] == before + 1
    order(troubled, "lock", path="oauth2/token", times=1)
    with troubled.session() as session:
        answer = session.post(f"{HQ}/services/oauth2/token", data=form, timeout=10).json()
    assert answer == {"error": "unknown_error", "error_description": "retry your request"}


def test_soap_and_simple_salesforce_understand_what_strikes_them(troubled: RunningEstate) -> None:
    with troubled.session() as session:
        client = Salesforce(
            session_id=troubled.token("hq", ADMIN), instance_url=HQ, version="62.0", session=session
        )
        order(troubled, "limit", path="/query", times=1)
        with pytest.raises(SalesforceError, match="TotalRequests Limit exceeded"):
            client.query("SELECT Id FROM User LIMIT 1")
        order(troubled, "limit", path="/services/Soap/m/", times=1)
        fault = session.post(f"{HQ}/services/Soap/m/62.0", data="<x/>", timeout=10)
    assert fault.status_code == 500
    assert "<faultcode>sf:REQUEST_LIMIT_EXCEEDED</faultcode>" in fault.text


def test_sinks_fail_too(troubled: RunningEstate) -> None:
    order(troubled, "503", org="slack", times=1)
    order(troubled, "mail_refused", org="smtp", times=1)
    with troubled.session() as session:
        statuses = [
            session.post(
                "https://hooks.slack.com/services/T/B/x", json={"text": "Hi"}, timeout=10
            ).status_code
            for _ in range(2)
        ]
    assert statuses == [503, 200]
    host, _, port = troubled.state["smtp"].partition(":")
    with smtplib.SMTP(host, int(port)) as mail, pytest.raises(smtplib.SMTPDataError, match="451"):
        mail.sendmail("a@meridian.example", ["b@meridian.example"], "Subject: x\n\nx")


def test_maintenance_ends_by_the_estates_clock(troubled: RunningEstate) -> None:
    order(troubled, "maintenance", options={"minutes": 30})
    assert troubled.get("hq", ADMIN, LIMITS).status_code == 503

    launch.advance_clock(troubled.folder, timedelta(minutes=31))

    assert troubled.get("hq", ADMIN, LIMITS).status_code == 200


def test_an_expired_certificate_is_shown_to_the_org_it_is_meant_for(troubled: RunningEstate) -> None:
    order(troubled, "tls_expired", times=1)

    assert troubled.get("hq-uat", "admin@hq-uat.example", LIMITS).status_code == 200
    with pytest.raises(requests.exceptions.SSLError, match="expired"):
        troubled.get("hq", ADMIN, LIMITS)
    assert troubled.get("hq", ADMIN, LIMITS).status_code == 200


def test_the_days_requests_run_out_and_come_back_a_day_later(troubled: RunningEstate) -> None:
    def switch(value: int | None) -> None:
        wanted = {"name": "daily_api_requests", "value": value, "org": "hq"}
        launch.ask(troubled.folder, "POST", "/switches", wanted)

    try:
        used, _, most = troubled.get("hq", ADMIN, LIMITS).headers["Sforce-Limit-Info"].partition("/")
        assert most == "5000000"
        switch(int(used.removeprefix("api-usage=")) + 1)
        assert [troubled.get("hq", ADMIN, LIMITS).status_code for _ in range(2)] == [200, 403]
        launch.advance_clock(troubled.folder, timedelta(hours=25))
        assert troubled.get("hq", ADMIN, LIMITS).status_code == 200
    finally:
        switch(None)


def test_parts_of_a_composite_or_collection_fail_alone(troubled: RunningEstate) -> None:
    def call(path: str, body: dict[str, Any]) -> Any:
        return troubled.call("POST", "hq", ADMIN, f"v62.0/composite{path}", json=body).json()

    parts = [
        {"method": "POST", "url": "/services/data/v62.0/sobjects/Account", "body": {"Name": f"Part {n}"}}
        for n in range(3)
    ]
    order(troubled, "partial", skip=1, times=1)
    named = [{**part, "referenceId": f"r{n}"} for n, part in enumerate(parts)]
    found = call("", {"allOrNone": False, "compositeRequest": named})["compositeResponse"]
    assert [each["httpStatusCode"] for each in found] == [201, 400, 201]
    assert found[1]["body"][0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    assert [accounts_named(troubled, f"Part {n}") for n in range(3)] == [1, 0, 1]

    order(troubled, "partial", path="composite/sobjects$", skip=1, times=1)
    records = [{"attributes": {"type": "Account"}, "Name": f"Record {n}"} for n in range(3)]
    results = call("/sobjects", {"allOrNone": False, "records": records})
    assert [each["success"] for each in results] == [True, False, True]
    assert results[1]["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"


def test_long_requests_of_an_org_are_counted_and_the_next_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "LONG_SECONDS", 0.05)
    store = SmallOrg(tmp_path).store
    orgs = Orgs([Org(store, Sessions(store))], store.clock)
    orgs.faults.add({"kind": "slow", "path": "/slow$", "options": {"seconds": 0.3}}, NOON)
    one = acting.Acting(orgs)

    async def ask(path: str, host: str = store.host) -> int:
        scope = {"method": "GET", "raw_path": path.encode(), "headers": [(b"host", host.encode())]}
        reply = await one.around(scope, asyncio.Event().wait, lambda: Reply(200))  # type: ignore[arg-type]
        return reply.status if reply else 0

    async def crowd(size: int) -> tuple[int, int, list[int]]:
        slow = [asyncio.create_task(ask("/services/data/slow")) for _ in range(size)]
        await asyncio.sleep(0.1)
        during = await ask("/services/data/quick"), await ask("/services/data/quick", "login.salesforce.com")
        return *during, await asyncio.gather(*slow)

    assert asyncio.run(crowd(24)) == (200, 200, [200] * 24)
    assert asyncio.run(crowd(25)) == (403, 200, [200] * 25)
    assert asyncio.run(ask("/services/data/quick")) == 200


def test_an_unknown_switch_or_rule_is_an_error_in_words(troubled: RunningEstate) -> None:
    with pytest.raises(LookupError, match="there is no switch"):
        launch.ask(troubled.folder, "POST", "/switches", {"name": "x", "value": True})
    with pytest.raises(LookupError, match="there is no kind"):
        launch.ask(troubled.folder, "POST", "/faults", {"kind": "x"})
