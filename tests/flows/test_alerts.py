"""Flows of alerts: a silent detector reaches the channels, is listed, acknowledged and over; each turn is an event."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from blocks import EstateDocument
from deployments.sandbox import launch
from flows import alerts
from flows.alerts import acknowledge_alert, heartbeat, list_alerts
from flows.streams import stream_events
from tasks.alerts.heartbeat import Beat
from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.steps import read_heartbeats
from tasks.errors import ConfigurationError, StreamBroken
from tasks.orgs import REGISTERED, open_ledger
from tests.product import Product
from tests.running import RunningEstate

DETECTOR = "detector-laboratory"
KEY = f"detector-silent:{DETECTOR}"


def received(estate: RunningEstate, sink: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = launch.ask(estate.folder, "GET", f"/sinks/{sink}")
    return found


def beat(age: timedelta) -> None:
    with open_ledger() as ledger:
        at = datetime.now(UTC) - age
        AlertBook(ledger).beat([Beat(detector=DETECTOR, at=at, period=timedelta(minutes=10))])


def emitted(product: Product, alert: str) -> set[str]:
    """Names of the events about one alert; the server takes them a moment later."""
    wanted = {
        "filter": {
            "event": {"prefix": ["zero-trust.alert."]},
            "any_resource": {"id": [f"zero-trust.alert.{alert}"]},
        }
    }
    for _ in range(60):
        found = {each["event"] for each in product.prefect("POST", "/events/filter", json=wanted)["events"]}
        if len(found) == 3:
            break
        time.sleep(1)
    return {name.rpartition(".")[2] for name in found}


@pytest.mark.slow
def test_a_silent_detector_is_told_acknowledged_and_over(product: Product, estate: RunningEstate) -> None:
    beat(timedelta(hours=1))
    assert DETECTOR in heartbeat()
    told = [each["body"] for each in received(estate, "pagerduty") if DETECTOR in str(each["body"])]
    assert [each["event_action"] for each in told] == ["trigger"]
    slack = [each["body"] for each in received(estate, "slack") if DETECTOR in str(each["body"])][-1]
    buttons = [each["text"]["text"] for each in slack["blocks"][2]["elements"]]
    assert buttons == ["View Run"] and "/runs/flow-run/" in slack["blocks"][2]["elements"][0]["url"]
    shown = product.prefect("GET", "/artifacts/alerts/latest")["data"]
    assert DETECTOR in shown.replace("<br>", ""), "nobody has to ask for it"
    [opened] = [each for each in list_alerts() if each.alert.key == KEY]
    assert DETECTOR in heartbeat(), "still"
    assert acknowledge_alert(opened.id[:8], "ada").acknowledged_by == "ada"
    with pytest.raises(ConfigurationError, match="No single open alert"):
        acknowledge_alert("nothing-like-it", "ada")
    beat(timedelta())
    assert DETECTOR not in heartbeat()
    told = [
        each["body"] for each in received(estate, "pagerduty") if each["body"].get("dedup_key") == opened.id
    ]
    assert [each["event_action"] for each in told] == ["trigger", "acknowledge", "resolve"]
    assert emitted(product, opened.id) == {"opened", "acknowledged", "resolved"}


@pytest.mark.slow
def test_a_run_does_not_end_what_another_opened_meanwhile(
    product: Product, estate: RunningEstate, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(timedelta())
    heartbeat()

    def read_and_linger() -> list[Beat]:
        found = read_heartbeats()
        beat(timedelta(hours=1))
        with monkeypatch.context() as others:
            others.setattr(alerts, "read_heartbeats", read_heartbeats)
            assert DETECTOR in heartbeat()
        return found

    monkeypatch.setattr(alerts, "read_heartbeats", read_and_linger)
    assert DETECTOR not in heartbeat()
    assert KEY in [each.alert.key for each in list_alerts()]


@pytest.fixture
def streamed(product: Product, estate: RunningEstate) -> Iterator[None]:
    """The registered estate with a stream to syslog, and one whose receiver is not there."""
    document = cast(EstateDocument, EstateDocument.load(REGISTERED, _sync=True))
    before = document.estate
    way = {"proxy": estate.state["proxy"], "ca_bundle": estate.state["ca_bundle"]}
    streams = [
        {"name": "gone", "kind": "syslog", "address": "nowhere.meridian.example:6514", **way},
        {"name": "siem", "kind": "syslog", "address": "siem.meridian.example:6514", **way},
    ]
    document.estate = {**before, "streams": streams}
    document.save(REGISTERED, overwrite=True, _sync=True)
    yield
    document.estate = before
    document.save(REGISTERED, overwrite=True, _sync=True)


@pytest.mark.slow
def test_what_the_ledger_says_reaches_a_siem_once(streamed: None, estate: RunningEstate) -> None:
    beat(timedelta(hours=1))
    heartbeat()
    for _ in range(2):
        with pytest.raises(StreamBroken, match="gone was not taken"):
            stream_events()
    got = [each["message"] for each in received(estate, "syslog")]
    assert len(got) == len(set(got)) and any("2004" in each and KEY in each for each in got)
