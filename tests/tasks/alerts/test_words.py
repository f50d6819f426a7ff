"""The article's alert, word for word, and the same facts wherever else it goes."""

import pytest

from tasks.alerts.mail_gateway import mail_of
from tasks.alerts.model import Alert, Containment, Digest, Letter, Opened, Severity, Telling
from tasks.alerts.pagerduty import pagerduty_event
from tasks.alerts.signed import webhook_body
from tasks.alerts.slack import slack_message
from tasks.alerts.volume import variance, volume_alert
from tasks.alerts.words import overview, plain
from tests.pages import table_width
from tests.tasks.alerts.worlds import NOW, an_alert

USER = "hq_emea_account_sync@company.com"
RE_ENABLE = "https://prefect.example/deployments/deployment/1/run"
RUN = "https://prefect.example/runs/flow-run/2"


def article(containment: Containment = Containment.VERIFIED) -> Alert:
    return volume_alert(
        "volume:emea:hq_emea_account_sync",
        "emea",
        user=USER,
        records=89_420,
        baseline=42_180,
        containment=containment,
        re_enable=RE_ENABLE,
        run=RUN,
    )


def letter(alert: Alert, what: Telling = Telling.OPENED) -> Letter:
    return Letter(id="c0ffee", channel="x", alert=alert, at=NOW, what=what, covers=frozenset())


def test_slack_gets_the_alert_of_the_article() -> None:
    message = slack_message(letter(article()))
    assert message["text"] == "🚨 Security Alert: Anomalous Sync Detected"
    header, section, actions, context = message["blocks"]
    assert header["text"]["text"] == message["text"]
    assert section == {
        "type": "section",
        "text": {
            "type": "mrkdwn",
            "text": (
                "*Sync User:* hq_emea_account_sync@company.com\n"
                "*Records Processed:* 89,420\n"
                "*Baseline (30-day avg):* 42,180\n"
                "*Variance:* +112%\n"
                "*Action:* User auto-disabled pending review"
            ),
        },
    }
    assert actions == {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "Re-enable User"}, "url": RE_ENABLE},
            {"type": "button", "text": {"type": "plain_text", "text": "View Run"}, "url": RUN},
        ],
    }
    assert context["elements"][0]["text"] == "emea | critical | alert c0ffee"


@pytest.mark.parametrize("containment", [each for each in Containment if each is not Containment.VERIFIED])
def test_a_user_is_called_disabled_only_after_containment_is_verified(containment: Containment) -> None:
    alert = article(containment)
    event = pagerduty_event(letter(alert), "R")
    everywhere = [
        str(slack_message(letter(alert))),
        plain(letter(alert)),
        str(event),
        str(webhook_body(letter(alert))),
    ]
    for text in everywhere:
        assert "auto-disabled" not in text and "Re-enable" not in text, text
        assert "89,420" in text and "+112%" in text


def test_pagerduty_and_mail_say_the_same() -> None:
    event = pagerduty_event(letter(article()), "R")
    assert (event["event_action"], event["dedup_key"], event["routing_key"]) == ("trigger", "c0ffee", "R")
    details = event["payload"]["custom_details"]
    assert {
        "user": USER,
        "records": "89,420",
        "baseline": "42,180",
        "variance": "+112%",
        "action": "User auto-disabled pending review",
    }.items() <= details.items()
    assert "Baseline (30-day avg): 42,180" in details["text"]
    assert event["links"][0] == {"href": RE_ENABLE, "text": "Re-enable User"}
    assert event["payload"]["severity"] == "critical" and event["payload"]["class"] == "volume"
    text = mail_of(letter(article()), "a@x.example", "b@x.example").get_content()
    for line in (
        f"Sync User: {USER}",
        "Records Processed: 89,420",
        "Baseline (30-day avg): 42,180",
        "Variance: +112%",
        "Action: User auto-disabled pending review",
        f"Re-enable User: {RE_ENABLE}",
    ):
        assert line in text.splitlines(), line


@pytest.mark.parametrize(
    ("what", "action"),
    [
        (Telling.OPENED, "trigger"),
        (Telling.UPDATED, "trigger"),
        (Telling.ESCALATED, "trigger"),
        (Telling.ACKNOWLEDGED, "acknowledge"),
        (Telling.RESOLVED, "resolve"),
    ],
)
def test_pagerduty_hears_each_turn_in_its_own_words(what: Telling, action: str) -> None:
    event = pagerduty_event(letter(article(), what), "R")
    assert event["event_action"] == action and ("payload" in event) is (action == "trigger")


@pytest.mark.parametrize(
    ("seen", "baseline", "text"),
    [(89_420, 42_180, "+112%"), (21_090, 42_180, "-50%"), (42_180, 42_180, "+0%"), (5, 0, "no baseline")],
)
def test_variance(seen: int, baseline: int, text: str) -> None:
    assert variance(seen, baseline) == text


def test_a_name_cannot_speak_for_us() -> None:
    evil = an_alert(title="x\r\nBcc: evil@x.example", detail="<!channel> & <https://evil.example|click>")
    section = slack_message(letter(evil))["blocks"][1]["text"]["text"]
    assert section == "&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;"
    mail = mail_of(letter(evil), "a@x.example", "b@x.example")
    assert mail["Bcc"] is None and "\n" not in mail["Subject"]


def test_slack_s_limits_are_kept() -> None:
    message = slack_message(letter(an_alert(title="t" * 200, detail="d" * 9_000)))
    assert len(message["blocks"][0]["text"]["text"]) == 150
    assert len(message["blocks"][1]["text"]["text"]) == 3_000
    letters = [letter(an_alert(f"k:{n}", title=f"{n} " + "t" * 190)) for n in range(60)]
    digest = slack_message(Digest(channel="x", at=NOW, letters=tuple(letters)))
    assert len(digest["blocks"][1]["text"]["text"]) <= 3_000


def test_a_digest_counts_repeats_and_names_the_worst() -> None:
    letters = [letter(an_alert(severity=Severity.CRITICAL, title="Theft"))]
    letters += [letter(an_alert(f"k:{n}", severity=Severity.INFO, title="Noise")) for n in range(40)]
    text = plain(Digest(channel="x", at=NOW, letters=tuple(letters)))
    assert text.splitlines() == [
        "🚨 41 alerts in one message",
        "critical: Security Alert: Theft [hq]",
        "info: Security Alert: Noise [hq] (40 times)",
    ]


def test_a_mail_about_what_became_of_it_answers_the_first() -> None:
    first = mail_of(letter(article()), "a@x.example", "b@x.example")
    end = mail_of(letter(article(), Telling.RESOLVED), "a@x.example", "b@x.example")
    assert end["In-Reply-To"] == first["Message-ID"] and end["Message-ID"] != first["Message-ID"]


def test_the_table_of_what_is_open_is_no_wider_than_a_page() -> None:
    alert = article().model_copy(
        update={"title": f"Records were read outside working hours: {USER} | and more"}
    )
    shown = overview(
        [Opened(id="c0ffee0123456789", alert=alert, at=NOW, acknowledged_by="ada.first@meridian.example")]
    )
    assert 0 < table_width(shown) <= 100
    assert "c0ffee01" in shown and USER in shown.replace("<br>", "")
