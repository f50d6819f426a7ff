"""Slack, PagerDuty, SMTP, webhooks and Splunk keep what they receive and refuse what the real ones refuse."""

import smtplib
from email.message import EmailMessage
from typing import Any

from deployments.sandbox import launch
from tests.running import RunningEstate


def received(estate: RunningEstate, sink: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = launch.ask(estate.folder, "GET", f"/sinks/{sink}")
    return messages


def test_slack_takes_a_message_with_text_and_refuses_others(miniature: RunningEstate) -> None:
    hook = "https://hooks.slack.com/services/T0/B0/secret"
    with miniature.session() as session:
        good = session.post(hook, json={"text": "Alert opened"}, timeout=10)
        empty = session.post(hook, json={}, timeout=10)
        broken = session.post(hook, data=b"{", timeout=10)

    assert (good.status_code, good.text) == (200, "ok")
    assert (empty.status_code, empty.text) == (400, "no_text")
    assert (broken.status_code, broken.text) == (400, "invalid_payload")
    assert received(miniature, "slack")[-1]["body"] == {"text": "Alert opened"}


def test_pagerduty_takes_an_event_and_names_what_is_missing(miniature: RunningEstate) -> None:
    event = {"routing_key": "R", "event_action": "trigger", "dedup_key": "k1", "payload": {"summary": "s"}}
    with miniature.session() as session:
        good = session.post("https://events.pagerduty.com/v2/enqueue", json=event, timeout=10)
        bad = session.post("https://events.pagerduty.com/v2/enqueue", json={"routing_key": "R"}, timeout=10)

    assert (good.status_code, good.json()["dedup_key"]) == (202, "k1")
    assert (bad.status_code, bad.json()["errors"]) == (400, ["'event_action' is missing or blank"])
    assert received(miniature, "pagerduty")[-1]["body"]["payload"] == {"summary": "s"}


def test_splunk_wants_a_token_and_events(miniature: RunningEstate) -> None:
    address = "https://splunk.meridian.example:8088/services/collector/event"
    token = {"Authorization": "Splunk t"}
    with miniature.session() as session:
        bare = session.post(address, data=b'{"event": "x"}', timeout=10)
        empty = session.post(address, headers=token, data=b"", timeout=10)
        broken = session.post(address, headers=token, data=b'{"event": "x"}{', timeout=10)
        good = session.post(address, headers=token, data=b'{"event": "a"}\n{"event": "b"}', timeout=10)

    answers = [(each.status_code, each.json()["code"]) for each in (bare, empty, broken, good)]
    assert answers == [(401, 2), (400, 5), (400, 6), (200, 0)]
    assert [each["event"] for each in received(miniature, "splunk")] == ["a", "b"]


def test_a_webhook_is_kept_as_it_came(miniature: RunningEstate) -> None:
    with miniature.session() as session:
        answer = session.post(
            "https://cases.meridian.example/in", headers={"webhook-id": "m1"}, data=b'{"a": 1 }', timeout=10
        )

    assert answer.status_code == 204
    assert received(miniature, "webhook")[-1] == {
        "path": "/in",
        "headers": {"webhook-id": "m1"},
        "body": '{"a": 1 }',
    }


def test_a_mail_is_kept_with_its_envelope(miniature: RunningEstate) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = (
        "Rotation due",
        "bulkhead@meridian.example",
        "soc@meridian.example",
    )
    mail.set_content("Two days left.")
    host, port = miniature.state["smtp"].split(":")
    with smtplib.SMTP(host, int(port), timeout=10) as server:
        server.send_message(mail)

    kept = received(miniature, "smtp")[-1]
    assert (kept["from"], kept["to"]) == ("bulkhead@meridian.example", ["soc@meridian.example"])
    assert (kept["subject"], kept["text"].strip()) == ("Rotation due", "Two days left.")
