"""Alerts open once, reach every channel once, and resolve once; channels are the estate's sinks over the real protocols."""

import base64
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from deployments.sandbox import launch
from tasks.alerts.gateway import deliver
from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import Alert, Letter, Message, Severity, Telling
from tasks.alerts.signed import is_genuine
from tasks.alerts.telling import tell
from tasks.alerts.words import head
from tasks.aws.cloud import Cloud
from tasks.aws.secrets import read_secret
from tasks.errors import AlertUndelivered
from tasks.estate.model import AlertChannel, ChannelKind
from tasks.estate.read import read_estate
from tasks.ledger.store import Ledger
from tests.running import RunningEstate
from tests.tasks.salesforce.stub import server_certificate
from tests.tasks.streams.test_gateway import receiver

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)


def alert(key: str = "access-outlasts:hq", org: str = "hq") -> Alert:
    return Alert(
        key=key,
        org=org,
        severity=Severity.CRITICAL,
        title="Access that is over may still be there",
        detail="hq: no answer <now> & then",
        next_step="Restore the connection.",
    )


def channel(name: str, *orgs: str) -> AlertChannel:
    return AlertChannel(name=name, kind=ChannelKind.SLACK, orgs=orgs, secret="alerts/x")


def test_two_runs_at_once_tell_once(tmp_path: Path) -> None:
    book = AlertBook(Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: NOW))
    book.open(alert())
    sent: list[str] = []
    together = threading.Barrier(2)

    def send(message: Message, channel: AlertChannel) -> None:
        time.sleep(0.2)
        sent.append(channel.name)

    def run(_: int) -> int:
        together.wait()
        return tell(book, [channel("one", "hq")], send)[0]

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [0, 1]
    assert sent == ["one"]


@pytest.fixture
def real(estate: RunningEstate) -> dict[ChannelKind, AlertChannel]:
    """One of each kind, as estate.yaml names them."""
    document = read_estate((estate.folder / "estate.yaml").read_text())
    return {each.kind: each for each in document.channels if "hq" in each.orgs}


def decoded(header: str) -> str:
    return str(make_header(decode_header(header)))


def received(estate: RunningEstate, sink: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = launch.ask(estate.folder, "GET", f"/sinks/{sink}")
    return found


def letter(*, resolved: bool = False) -> Letter:
    what = Telling.RESOLVED if resolved else Telling.OPENED
    return Letter(id="4711", channel="x", alert=alert(), at=NOW, what=what, covers=frozenset())


def test_slack_gets_text_that_it_cannot_misread(
    estate: RunningEstate, real: dict[ChannelKind, AlertChannel], cloud: Cloud
) -> None:
    slack = real[ChannelKind.SLACK]
    deliver(letter(), slack, read_secret(cloud, slack.secret), NOW)
    body = received(estate, "slack")[-1]["body"]
    assert body["text"] == head(letter())
    assert "&lt;now&gt; &amp; then" in body["blocks"][1]["text"]["text"]


def test_pagerduty_gets_the_opening_and_the_end_under_one_key(
    estate: RunningEstate, real: dict[ChannelKind, AlertChannel], cloud: Cloud
) -> None:
    pager = real[ChannelKind.PAGERDUTY]
    for resolved in (False, True):
        deliver(letter(resolved=resolved), pager, read_secret(cloud, pager.secret), NOW)
    opening, end = (each["body"] for each in received(estate, "pagerduty")[-2:])
    assert (opening["event_action"], end["event_action"]) == ("trigger", "resolve")
    assert opening["dedup_key"] == end["dedup_key"] == "4711"
    assert opening["payload"]["severity"] == "critical" and opening["payload"]["source"] == "hq"


def test_mail_goes_over_the_relay(
    estate: RunningEstate, real: dict[ChannelKind, AlertChannel], cloud: Cloud
) -> None:
    mail = real[ChannelKind.EMAIL]
    deliver(letter(), mail, read_secret(cloud, mail.secret), NOW)
    kept = received(estate, "smtp")[-1]
    assert "Security Alert: Access that is over may still be there [hq]" in decoded(kept["subject"])
    assert "Next: Restore the connection." in kept["text"]


@dataclass
class MailServer:
    """What a mail server on this machine was told, and over what; `address` is host:port."""

    address: str
    bundle: str
    taken: list[tuple[bool, str]] = field(default_factory=list)
    logins: list[tuple[bool, str]] = field(default_factory=list)
    hangs_up: bool = False
    rude: bool = False

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        return "421 4.3.2 go away" if self.rude else "221 Bye"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.taken.append((session.ssl is not None, envelope.mail_from))
        if self.hangs_up:
            server.transport.abort()
        return "250 OK"

    def letter_by(self, **changes: Any) -> None:
        values = {"name": "post", "kind": ChannelKind.EMAIL, "orgs": ("hq",), "secret": "alerts/x"}
        channel = AlertChannel.model_validate({**values, "ca_bundle": self.bundle, **changes})
        host, _, port = self.address.partition(":")
        people = {"from": "bulkhead@meridian.example", "to": "ops@meridian.example"}
        login = {"username": "bulkhead", "password": "s3cret", "host": host, "port": int(port)}
        deliver(letter(), channel, {**people, **login}, NOW)


@contextmanager
def mail_server(folder: Path, *, upgrades: bool) -> Iterator[MailServer]:
    pem, key = server_certificate(folder)
    trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trust.load_cert_chain(pem, key)
    made = MailServer("", str(pem))

    def enter(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        made.logins.append((session.ssl is not None, data.login.decode()))
        return AuthResult(success=data.password == b"s3cret")

    wanted = {"tls_context": trust, "authenticator": enter, "auth_required": True} if upgrades else {}
    controller = Controller(made, hostname="127.0.0.1", port=_free_port(), **wanted)
    controller.start()
    made.address = f"127.0.0.1:{controller.port}"
    try:
        yield made
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.parametrize("relayed", [False, True])
def test_mail_is_upgraded_and_signed_in_where_the_server_offers_it(relayed: bool, tmp_path: Path) -> None:
    with mail_server(tmp_path, upgrades=True) as server:
        server.letter_by(relay=server.address if relayed else None)
    assert server.logins == [(True, "bulkhead")]
    assert server.taken == [(True, "bulkhead@meridian.example")]


def test_mail_goes_in_clear_over_a_relay_of_this_machine_alone(tmp_path: Path) -> None:
    with mail_server(tmp_path, upgrades=False) as server:
        with pytest.raises(AlertUndelivered, match="post did not take an alert: its mail server offers no"):
            server.letter_by()
        assert server.taken == []
        server.letter_by(relay=server.address)
    assert server.taken == [(False, "bulkhead@meridian.example")] and not server.logins


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ({}, "lacks 'url'"),
        ({"url": "https://hooks.slack.com/services/T0/B0/s3cret"}, "did not take an alert"),
    ],
)
def test_a_channel_that_takes_nothing_is_named_without_its_address(secret: dict[str, Any], why: str) -> None:
    lost = AlertChannel(
        name="lost", kind=ChannelKind.SLACK, orgs=("hq",), secret="alerts/x", proxy="http://127.0.0.1:1"
    )
    with pytest.raises(AlertUndelivered, match=why) as refused:
        deliver(letter(), lost, secret, NOW)
    assert "s3cret" not in str(refused.value) and "lost" in str(refused.value)


def test_a_webhook_comes_signed_and_its_end_under_another_id(estate: RunningEstate) -> None:
    hook = AlertChannel(
        name="cases",
        kind=ChannelKind.WEBHOOK,
        orgs=("hq",),
        secret="alerts/x",
        proxy=estate.state["proxy"],
        ca_bundle=estate.state["ca_bundle"],
    )
    key = base64.b64encode(bytes(range(32))).decode()
    for resolved in (False, True):
        secret = {"url": "https://cases.meridian.example/bulkhead", "key": key}
        deliver(letter(resolved=resolved), hook, secret, NOW)
    opening, end = received(estate, "webhook")[-2:]
    for each, kind in ((opening, "alert.opened"), (end, "alert.resolved")):
        assert is_genuine(each["headers"], each["body"].encode(), bytes(range(32)), NOW)
        assert json.loads(each["body"])["type"] == kind
    assert opening["headers"]["webhook-id"] != end["headers"]["webhook-id"]
    with pytest.raises(AlertUndelivered, match="did not take an alert"):
        deliver(letter(), hook, {"url": "https://cases.meridian.example/x", "key": "c2hvcnQ="}, NOW)


@pytest.mark.parametrize("kind", [ChannelKind.SLACK, ChannelKind.PAGERDUTY])
def test_an_answer_that_never_comes_is_doubtful_and_one_that_says_no_is_not(
    kind: ChannelKind, estate: RunningEstate
) -> None:
    def undelivered(proxy: str) -> AlertUndelivered:
        way = {"proxy": proxy, "ca_bundle": estate.state["ca_bundle"]}
        silent = AlertChannel(name="x", kind=kind, orgs=("hq",), secret="alerts/x", **way)
        wrong = {"url": "https://hooks.slack.com/nowhere", "routingKey": ""}
        with pytest.raises(AlertUndelivered) as refused:
            deliver(letter(), silent, wrong, NOW)
        return refused.value

    said_no = undelivered(estate.state["proxy"])
    assert not said_no.doubtful and said_no.refused is (kind is ChannelKind.PAGERDUTY)
    if kind is ChannelKind.SLACK:
        assert not undelivered("http://127.0.0.1:1").doubtful, "nothing was sent"


def test_slack_that_reads_all_and_answers_nothing_leaves_doubt_and_is_asked_once(tmp_path: Path) -> None:
    with receiver(tmp_path, cut_after=300) as (port, bundle, got):
        silent = AlertChannel(
            name="x", kind=ChannelKind.SLACK, orgs=("hq",), secret="alerts/x", ca_bundle=bundle
        )
        with pytest.raises(AlertUndelivered) as lost:
            deliver(letter(), silent, {"url": f"https://localhost:{port}/services/x"}, NOW)
    assert lost.value.doubtful and got.qsize() == 1


def test_a_farewell_that_goes_wrong_takes_no_mail_back(tmp_path: Path) -> None:
    with mail_server(tmp_path, upgrades=True) as server:
        server.rude = True
        server.letter_by()
    assert len(server.taken) == 1


def test_mail_whose_answer_is_lost_is_doubtful(tmp_path: Path) -> None:
    with mail_server(tmp_path, upgrades=True) as server:
        server.hangs_up = True
        with pytest.raises(AlertUndelivered) as lost:
            server.letter_by()
    assert lost.value.doubtful and len(server.taken) == 1
