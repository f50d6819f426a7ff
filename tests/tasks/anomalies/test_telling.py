"""The alert of a suspicion: the article's words and figures, and nothing said that was not verified."""

from datetime import datetime, timedelta

from tasks.alerts.mail_gateway import mail_of
from tasks.alerts.model import Alert, Containment, Letter, Severity, Telling
from tasks.alerts.pagerduty import pagerduty_event
from tasks.alerts.slack import slack_message
from tasks.alerts.words import plain
from tasks.anomalies.detect import detect
from tasks.anomalies.detections.authentication_failures import DETECTION as FAILURES
from tasks.anomalies.detections.volume_over_average import DETECTION as AVERAGE
from tasks.anomalies.examples import MACHINE, NOON, frames
from tasks.anomalies.model import Blind, Detection, Tuning
from tasks.anomalies.model_live import Judged
from tasks.anomalies.telling import alert_of, markdown
from tests.pages import table_width

USER = "sync_user@emea.meridian.example"
FIRE = AVERAGE.fires[0]
JUDGED = Judged(
    org="hq",
    at=NOON,
    people={MACHINE: USER},
    blind=(Blind(detection="guest-scraping", org="hq", reason="needs events of Sites"),),
    unseen={"ReportEvent": "needs a licence"},
)


def told(contained: Containment, refused: str = "") -> Alert:
    tuning = Tuning(on=(AVERAGE.name,))
    (found,) = detect(frames(FIRE.rows), FIRE.context, tuning, (AVERAGE,)).suspicions
    return alert_of(found, JUDGED, contained, refused, "https://prefect.example/deployments/1")


def letter(alert: Alert) -> Letter:
    return Letter(id="c0ffee", channel="soc", alert=alert, at=NOON, what=Telling.OPENED, covers=frozenset())


def test_the_article_s_figures_stand_on_every_channel() -> None:
    sent = letter(told(Containment.VERIFIED))
    mail = mail_of(sent, "bulkhead@meridian.example", "soc@meridian.example").get_content()
    for said in (plain(sent), str(slack_message(sent)), str(pagerduty_event(sent, "key")), mail):
        for words in (
            USER,
            "89,420",
            "42,180",
            "+112%",
            "Baseline (30-day avg)",
            "auto-disabled pending review",
        ):
            assert words in said, (words, said)
    assert "Re-enable User" in str(slack_message(sent))


def test_before_it_is_verified_nobody_is_said_to_be_disabled_and_nothing_can_be_given_back() -> None:
    for state in (Containment.NONE, Containment.UNDER_WAY, Containment.FAILED):
        sent = letter(told(state))
        mail = mail_of(sent, "bulkhead@meridian.example", "soc@meridian.example").get_content()
        for said in (str(slack_message(sent)), str(pagerduty_event(sent, "key")), mail):
            assert "auto-disabled" not in said and "Re-enable" not in said


def test_what_could_not_be_seen_and_why_nobody_was_contained_is_told() -> None:
    said = plain(letter(told(Containment.NONE, "it is a break-glass account")))
    assert "ReportEvent" in said and "guest-scraping" in said
    assert "Nobody was contained: it is a break-glass account" in said
    assert AVERAGE.runbook in said and AVERAGE.technique in said


def test_the_table_of_a_look_is_no_wider_than_a_page() -> None:
    tuning = Tuning(on=(AVERAGE.name,))
    (found,) = detect(frames(FIRE.rows), FIRE.context, tuning, (AVERAGE,)).suspicions
    long = found.model_copy(
        update={"seen": "records of " + "Account, " * 9, "expected": f"no more than {10**9:,} a day"}
    )
    shown = markdown([JUDGED.model_copy(update={"news": (long,)})], {}, "live")
    assert 0 < table_width(shown) <= 100
    assert USER in shown.replace("<br>", "")


def test_who_is_contained_and_knocks_calls_nobody() -> None:
    def severity(detection: Detection, state: Containment, contained_at: datetime) -> Severity:
        fire = detection.fires[0]
        found = detect(
            frames(fire.rows), fire.context, Tuning(on=(detection.name,)), (detection,)
        ).suspicions[0]
        return alert_of(found, JUDGED, state, "", "", contained_at).severity

    before, after = NOON - timedelta(days=9), NOON + timedelta(days=9)
    assert severity(FAILURES, Containment.VERIFIED, before) is Severity.INFO
    assert severity(FAILURES, Containment.VERIFIED, after) is FAILURES.severity, (
        "what led to it is told as ever"
    )
    assert severity(FAILURES, Containment.FAILED, before) is FAILURES.severity
    assert severity(AVERAGE, Containment.VERIFIED, before) is AVERAGE.severity, (
        "who reads all the same is not contained"
    )
