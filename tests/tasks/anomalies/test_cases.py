"""When several suspicions are enough to take access away without asking."""

from datetime import timedelta
from typing import Any

from tasks.alerts.model import Severity
from tasks.anomalies.cases import cases
from tasks.anomalies.detect import detect
from tasks.anomalies.examples import ADMIN, CONTEXT, MACHINE, NOON, PERSON, daily, event, frames
from tasks.anomalies.model import Aspect, Suspicion, Tier


def suspicion(
    detection: str, aspect: Aspect, *, hours: float = 0, actor: str = MACHINE, **more: Any
) -> Suspicion:
    at = NOON + timedelta(hours=hours)
    return Suspicion(
        detection=detection, org="hq", actor=actor, at=at, since=at, tier=Tier.LIVE, severity=Severity.ERROR, title="t",
        expected="e", seen="s", aspect=aspect, **more,
    )  # fmt: skip


STRANGER = suspicion("known-app-new-network", Aspect.WHO)
VOLUME = suspicion("unusual-volume", Aspect.WHAT, hours=1)


def contained(*suspicions: Suspicion) -> bool:
    return any(case.contain is not None for case in cases(suspicions, CONTEXT.members))


def test_a_stranger_who_reads_much_is_contained_once_both_are_known() -> None:
    (case,) = cases([STRANGER, VOLUME], CONTEXT.members)
    assert case.contain == VOLUME.at
    assert case.because == ("known-app-new-network", "unusual-volume")


def test_one_sign_alone_is_watched() -> None:
    assert not contained(STRANGER)
    assert not contained(VOLUME)


def test_two_signs_of_volume_may_be_a_backfill() -> None:
    assert not contained(VOLUME, suspicion("session-volume", Aspect.WHAT))


def test_two_signs_of_a_stranger_are_enough_for_a_machine_and_not_for_a_traveller() -> None:
    country = suspicion("unexpected-country", Aspect.WHO, hours=1)
    assert contained(STRANGER, country)
    traveller = [each.model_copy(update={"actor": PERSON}) for each in (STRANGER, country)]
    assert not contained(*traveller)
    assert contained(*traveller, VOLUME.model_copy(update={"actor": PERSON}))


def test_signs_days_apart_do_not_agree() -> None:
    assert not contained(STRANGER, suspicion("unusual-volume", Aspect.WHAT, hours=30))


def test_a_machine_off_its_schedule_from_a_new_network_is_no_move() -> None:
    nightly = daily(MACHINE, 28, ROWS_RETURNED=5_000, SOURCE_IP="203.0.113.7")
    for address, severity in (("192.0.2.7", Severity.ERROR), ("203.0.113.9", Severity.WARNING)):
        odd = event(MACHINE, minutes=9 * 60, ROWS_RETURNED=3_000, SOURCE_IP=address)
        judged = detect(frames({"ApiEvent": [*nightly, odd]}), CONTEXT)
        off = [each for each in judged.suspicions if each.detection == "off-hours-access"]
        assert [each.severity for each in off] == [severity]
        assert contained(*judged.suspicions) is (severity is Severity.ERROR)


def test_a_guessed_password_contains_where_the_country_is_new_too() -> None:
    home = daily(PERSON, 20, STATUS="Success", SOURCE_IP="203.0.113.7", COUNTRY_ISO="US")
    for country, tries, enough in (("RO", 12, True), ("US", 12, False), ("RO", 8, False)):
        there: dict[str, Any] = {"SOURCE_IP": "192.0.2.9", "COUNTRY_ISO": country}
        failed = [event(PERSON, minutes=n / 6, STATUS="Invalid Password", **there) for n in range(tries)]
        rows = [*home, *failed, event(PERSON, minutes=5, STATUS="Success", **there)]
        judged = detect(frames({"LoginHistory": rows}), CONTEXT)
        assert "brute-force-then-success" in {each.detection for each in judged.suspicions}
        assert contained(*judged.suspicions) is enough, (country, tries)
        newcomer = detect(frames({"LoginHistory": rows[len(home) :]}), CONTEXT)
        assert not contained(*newcomer.suspicions)


def test_something_conclusive_is_enough() -> None:
    assert contained(suspicion("secret-hunting", Aspect.WHAT, conclusive=True))


def test_administrators_and_strangers_are_left_to_people() -> None:
    assert not contained(suspicion("secret-hunting", Aspect.WHAT, actor=ADMIN, conclusive=True))
    assert not contained(suspicion("guest-scraping", Aspect.WHAT, actor="192.0.2.1", conclusive=True))
