"""Attacks are rehearsed where somebody agreed, as canaries, and never in production."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tasks.alerts.model import Alert, Opened, Severity
from tasks.estate.model import Identity, OrgEntry, OrgKind
from tasks.estate.model_rehearsal import RehearsalConsent, RehearsalPolicy
from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.consent import consent_of, refusal
from tasks.rehearsal.model import Loot, Outcome, Played
from tasks.rehearsal.sight import with_sight

NOW = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
CONSENT = RehearsalConsent(
    org="uat", owner="ciso@acme.example", expires=date(2026, 11, 27), users=("Canary.One@acme.example",)
)
POLICY = RehearsalPolicy(consents=(CONSENT,), abroad="http://127.0.0.1:1")
LOOT = Loot(org="uat", instance_url="https://acme--uat.my.salesforce.com", username="canary.one@acme.example")
ATTACK = attacks()[0]


def org(kind: OrgKind = OrgKind.SANDBOX) -> OrgEntry:
    scanner = Identity(flow="jwt-bearer", username="scanner@acme.example", secret="bulkhead/uat/scanner")
    return OrgEntry(
        alias="uat", my_domain="https://acme--uat.sandbox.my.salesforce.com", kind=kind, scanner=scanner
    )


def test_a_consent_holds_on_its_last_day_and_no_longer() -> None:
    assert consent_of(org(), POLICY, NOW) == CONSENT
    late = consent_of(org(), POLICY, NOW + timedelta(days=1))
    assert isinstance(late, str) and "ended on 2026-11-27" in late


def test_without_consent_and_in_production_nothing_is_played() -> None:
    nobody = consent_of(org(), RehearsalPolicy(), NOW)
    assert isinstance(nobody, str) and "nobody agreed" in nobody
    production = consent_of(org(OrgKind.PRODUCTION), POLICY, NOW)
    assert isinstance(production, str) and "no sandbox" in production


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"username": "ada@acme.example"}, "1 users whom the consent does not name"),
        ({"usernames": ("canary.one@acme.example", "bob@acme.example")}, "1 users whom"),
        ({"org": "hq"}, "about hq, not about uat"),
    ],
)
def test_an_attack_acts_as_canaries_alone(change: dict[str, object], why: str) -> None:
    assert refusal(ATTACK, LOOT, CONSENT, POLICY) is None
    found = refusal(ATTACK, LOOT.model_copy(update=change), CONSENT, POLICY)
    assert found is not None and why in found


def test_an_attack_from_abroad_needs_a_way_abroad() -> None:
    nowhere = POLICY.model_copy(update={"abroad": None})
    assert "names no proxy" in (refusal(ATTACK, LOOT, CONSENT, nowhere) or "")
    assert refusal(ATTACK, LOOT.model_copy(update={"home": "office"}), CONSENT, nowhere) is None


def test_two_consents_about_one_org_are_refused() -> None:
    with pytest.raises(ValueError, match="two consents are about uat"):
        RehearsalPolicy(consents=(CONSENT, CONSENT))


def opened(after: timedelta, title: str, where: str = "uat") -> Opened:
    alert = Alert(
        key=f"k:{title}"[:150], org=where, severity=Severity.ERROR, title=title, detail="", next_step=""
    )
    return Opened(id="a" * 16, alert=alert, at=NOW + after)


def test_an_attack_was_seen_by_the_first_alert_that_names_its_actor_after_it_began() -> None:
    steps = (Outcome(step="in", reached=True, at=NOW),)
    one = Played(
        attack="a", title="A", org="uat", actor="canary.one@acme.example", hardened=True, outcomes=steps
    )
    alerts = [
        opened(timedelta(minutes=-1), "old: Canary.One@acme.example"),
        opened(timedelta(minutes=2), "somebody else"),
        opened(timedelta(minutes=3), "canary.one@acme.example elsewhere", where="hq"),
        opened(timedelta(minutes=9), "again: canary.one@acme.example"),
        opened(timedelta(minutes=4), "new network: Canary.One@acme.example"),
    ]
    (found,) = with_sight([one], alerts)
    assert found.seen == timedelta(minutes=4) and found.by.startswith("new network")
    (unseen,) = with_sight([one], alerts[:3])
    assert unseen.seen is None
