"""The estate's internet: what the proxies open, whose address the orgs see, and mutual TLS."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests

from deployments.sandbox import launch
from tests.deployments.sandbox.envelopes import ip_range, update
from tests.deployments.sandbox.logins import HQ, bearer_login, refusal
from tests.running import JWT_BEARER, RunningEstate

MUTUAL = f"{HQ}:8443"


def through_proxy(estate: RunningEstate, request: bytes) -> bytes:
    with socket.create_connection(
        ("127.0.0.1", urlsplit(estate.state["proxy"]).port), timeout=10
    ) as connection:
        connection.sendall(request)
        return connection.recv(4096)


@pytest.mark.parametrize("target", ["example.com:443", "meridian-hq.my.salesforce.com:22", "localhost:443"])
def test_nothing_but_the_estate_is_reached(miniature: RunningEstate, target: str) -> None:
    answer = through_proxy(miniature, f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())

    assert answer.startswith(b"HTTP/1.1 403")
    assert b"not part of the estate" in answer


def test_plain_requests_and_endless_heads_are_refused(miniature: RunningEstate) -> None:
    assert through_proxy(miniature, b"GET http://example.com/ HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 405")
    assert through_proxy(miniature, b"CONNECT " + b"a" * 20_000).startswith(b"HTTP/1.1 431")


def test_tls_is_end_to_end_with_a_certificate_for_every_host(miniature: RunningEstate) -> None:
    context = ssl.create_default_context(cafile=miniature.state["ca_bundle"])
    for host in (
        "meridian-hq.my.salesforce.com",
        "meridian-hq--uat.sandbox.my.salesforce.com",
        "login.salesforce.com",
    ):
        port = urlsplit(miniature.state["proxy"]).port
        with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
            raw.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
            assert raw.recv(4096).startswith(b"HTTP/1.1 200")
            with context.wrap_socket(raw, server_hostname=host) as secured:
                assert secured.version() == "TLSv1.3"


def test_a_client_that_does_not_trust_the_authority_stops(miniature: RunningEstate) -> None:
    with miniature.session() as session, pytest.raises(requests.exceptions.SSLError):
        session.get(f"{HQ}/services/data", verify=True, timeout=10)


def test_each_proxy_lends_its_own_address(miniature: RunningEstate) -> None:
    mark = max((row["id"] for row in miniature.wire()), default=0)
    for attacker in (False, True):
        with miniature.session(attacker=attacker) as session:
            session.get(f"{HQ}/services/data", timeout=10)

    seen = [row["source_ip"] for row in miniature.wire(mark) if row["path"] == "/services/data"]
    assert seen == ["203.0.113.10", "198.18.66.6"]


@contextmanager
def security(estate: RunningEstate, kind: str, name: str, body: str, undo: str) -> Iterator[None]:
    update(estate, kind, name, body)
    try:
        yield
    finally:
        update(estate, kind, name, undo)


def test_profile_ranges_refuse_the_login_from_elsewhere(miniature: RunningEstate) -> None:
    ranges = ip_range("203.0.113.0", "203.0.113.63")
    with security(miniature, "Profile", "Admin", ranges, "<loginIpRanges/>"):
        assert bearer_login(miniature, "admin@hq.example").status_code == 200
        abroad = bearer_login(miniature, "admin@hq.example", attacker=True)
        known = {"q": "SELECT Status, SourceIp FROM LoginHistory ORDER BY LoginTime DESC LIMIT 1"}
        history = miniature.get("hq", "admin@hq.example", "v62.0/query", params=known).json()["records"]
    assert refusal(abroad) == (400, "invalid_grant", "ip restricted")
    assert (history[0]["Status"], history[0]["SourceIp"]) == ("Restricted IP", "198.18.66.6")
    assert bearer_login(miniature, "admin@hq.example", attacker=True).status_code == 200


def test_gates_are_tried_without_a_trace_and_say_what_a_login_would(miniature: RunningEstate) -> None:
    attempts = [("admin@hq.example", "N/A", address) for address in ("203.0.113.10", "198.18.66.6")]
    assert launch.try_sign_ins(miniature.folder, "hq", attempts) == ["", ""]
    count = {"q": "SELECT COUNT() FROM LoginHistory"}
    ranges = ip_range("203.0.113.0", "203.0.113.63")
    with security(miniature, "Profile", "Admin", ranges, "<loginIpRanges/>"):
        before = miniature.get("hq", "admin@hq.example", "v62.0/query", params=count).json()["totalSize"]
        assert launch.try_sign_ins(miniature.folder, "hq", attempts) == ["", "Restricted IP"]
        after = miniature.get("hq", "admin@hq.example", "v62.0/query", params=count).json()["totalSize"]
    assert before == after
    with pytest.raises(LookupError, match="has no user nobody"):
        launch.try_sign_ins(miniature.folder, "hq", [("nobody@hq.example", "N/A", "203.0.113.10")])


@pytest.mark.parametrize("switch", ["lockSessionsToIp", "enforceIpRangesEveryRequest"])
def test_a_stolen_token_dies_elsewhere_once_requests_are_checked(
    miniature: RunningEstate, switch: str
) -> None:
    token = miniature.token("hq", "admin@hq.example")
    headers = {"Authorization": f"Bearer {token}"}
    ranges = ip_range("203.0.113.0", "203.0.113.63")
    settings = "<sessionSettings><{0}>{1}</{0}></sessionSettings>"
    on, off = settings.format(switch, "true"), settings.format(switch, "false")
    with miniature.session(attacker=True) as thief:
        assert thief.get(f"{HQ}/services/data/v62.0/limits", headers=headers, timeout=10).status_code == 200
        with (
            security(miniature, "Profile", "Admin", ranges, "<loginIpRanges/>"),
            security(miniature, "SecuritySettings", "Security", on, off),
        ):
            refused = thief.get(f"{HQ}/services/data/v62.0/limits", headers=headers, timeout=10)
    assert refused.status_code == 401


def machine_login(estate: RunningEstate, host: str, certificate: str | None) -> requests.Response:
    keys = estate.folder / "keys"
    form = {
        "grant_type": JWT_BEARER,
        "assertion": estate.assertion((keys / "app.key").read_text(), "3MVG9.jwt.hq", "machine@hq.example"),
    }
    with estate.session() as session:
        if certificate:
            session.cert = (str(keys / f"{certificate}.pem"), str(keys / f"{certificate}.key"))
        return session.post(f"{host}/services/oauth2/token", data=form, timeout=10)


def test_an_enforced_user_needs_the_mutual_port_and_a_listed_certificate(miniature: RunningEstate) -> None:
    answer = machine_login(miniature, MUTUAL, "inbound")
    assert answer.status_code == 200, answer.text

    assert refusal(machine_login(miniature, HQ, "inbound"))[2] == "mutual authentication failed"
    assert refusal(machine_login(miniature, MUTUAL, "stranger"))[2] == "mutual authentication failed"
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    keys = miniature.folder / "keys"
    with miniature.session() as session:
        plain = session.get(f"{HQ}/services/data/v62.0/sobjects", headers=headers, timeout=10)
        session.cert = (str(keys / "inbound.pem"), str(keys / "inbound.key"))
        mutual = session.get(f"{MUTUAL}/services/data/v62.0/sobjects", headers=headers, timeout=10)
    assert (plain.status_code, plain.json()[0]["errorCode"]) == (403, "MUTUAL_AUTHENTICATION_FAILED")
    assert mutual.status_code == 200


def test_the_mutual_port_asks_for_a_certificate_and_lets_the_users_rights_decide(
    miniature: RunningEstate,
) -> None:
    assert refusal(machine_login(miniature, MUTUAL, None))[2] == "mutual authentication failed"
    headers = {"Authorization": f"Bearer {miniature.token('hq', 'admin@hq.example')}"}
    with miniature.session() as session:
        without = session.get(f"{MUTUAL}/services/data/v62.0/sobjects", headers=headers, timeout=10)
    assert without.status_code == 200


def test_a_switch_closes_the_mutual_port_to_everybody_without_a_certificate(miniature: RunningEstate) -> None:
    headers = {"Authorization": f"Bearer {miniature.token('hq', 'admin@hq.example')}"}
    switch = {"org": "hq", "name": "require_client_certificate", "value": True}
    launch.ask(miniature.folder, "POST", "/switches", switch)
    try:
        with miniature.session() as session:
            closed = session.get(f"{MUTUAL}/services/data/v62.0/sobjects", headers=headers, timeout=10)
            open_ = session.get(f"{HQ}/services/data/v62.0/sobjects", headers=headers, timeout=10)
    finally:
        launch.ask(miniature.folder, "POST", "/switches", {**switch, "value": None})
    assert (closed.status_code, closed.json()[0]["errorCode"]) == (403, "MUTUAL_AUTHENTICATION_FAILED")
    assert open_.status_code == 200
