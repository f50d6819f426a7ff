"""What is news, stands and is over; and what people's word makes of suspicions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.alerts.model import Severity
from tasks.anomalies.detect import QUIET
from tasks.anomalies.examples import NOON
from tasks.anomalies.model import Suspicion, Tier
from tasks.anomalies.model_live import Feedback, Told, Verdict
from tasks.anomalies.told import forgettable, heard, news, remembered, said_elsewhere, unseen_for_long

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def suspicion(at: datetime = NOON, actor: str = "005A", severity: Severity = Severity.ERROR) -> Suspicion:
    return Suspicion(
        detection="unusual-volume",
        org="hq",
        actor=actor,
        at=at,
        since=at,
        tier=Tier.LIVE,
        severity=severity,
        title="More than usual",
        expected="400",
        seen="47,000",
    )


def opened(told: Mapping[str, Told]) -> dict[str, Told]:
    return {key: each.model_copy(update={"opened": True}) for key, each in told.items()}


def test_what_another_tier_told_is_not_told_again_by_files_that_come_days_later() -> None:
    elsewhere = {suspicion().key: Told(suspicion=suspicion(), at=NOON, opened=True, over=True)}
    assert said_elsewhere(suspicion(NOON - HOUR), elsewhere)
    assert not said_elsewhere(suspicion(NOON + QUIET + HOUR), elsewhere)
    assert not said_elsewhere(suspicion(actor="005B"), elsewhere)


def said(verdict: Verdict, at: datetime = NOON, actor: str = "005A") -> Feedback:
    return Feedback(
        detection="unusual-volume", org="hq", actor=actor, verdict=verdict, at=at, until=at + 30 * DAY
    )


def test_the_same_is_news_once_and_again_after_its_quiet_time() -> None:
    known = {suspicion().key: Told(suspicion=suspicion(), at=NOON)}
    assert news([suspicion(NOON + HOUR)], known) == []
    later = suspicion(NOON + QUIET + HOUR)
    assert news([later], known) == [later]
    assert news([suspicion(actor="005B")], known) == [suspicion(actor="005B")]


def test_it_is_over_when_nothing_more_was_said_for_so_long_and_never_told_again() -> None:
    told = remembered({}, [suspicion()], NOON, DAY)
    assert not told[suspicion().key].over
    unopened = remembered(told, [], NOON + DAY, DAY)
    assert not unopened[suspicion().key].over, "killed before its alert was opened: the next look opens it"
    told = opened(told)
    later = remembered(told, [], NOON + DAY, DAY)
    assert later[suspicion().key].over
    assert news([suspicion(NOON + HOUR)], later) == []
    assert forgettable(later, NOON) == []
    assert forgettable(later, NOON + QUIET + HOUR) == [suspicion().key]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 240), st.integers(0, 2)), max_size=20), st.integers(1, 9))
def test_whatever_the_order_of_looks_nothing_is_lost_and_nothing_told_twice_in_its_quiet_time(
    events: list[tuple[int, int]], every: int
) -> None:
    """Looks of every few hours at windows of 26 hours: each event is told, or one of the same actor in the same window."""
    window, told, all_news = timedelta(hours=26), dict[str, Told](), list[Suspicion]()
    found = [suspicion(NOON + hours * HOUR, f"005{who}") for hours, who in events]
    for hour in range(0, 280, every):
        now = NOON + hour * HOUR
        seen = [each for each in found if now - window <= each.at < now]
        fresh = news(seen, told)
        all_news += fresh
        told = remembered(told, fresh, now, DAY)
        for key in forgettable(told, now - window):
            del told[key]
    for each in found:
        mine = [one for one in all_news if one.actor == each.actor]
        assert any(abs(one.at - each.at) <= window for one in mine), each
    for actor in {each.actor for each in all_news}:
        times = sorted(one.at for one in all_news if one.actor == actor)
        assert all(b - a > QUIET for a, b in pairwise(times))


def test_a_false_alarm_lowers_two_mute_and_a_true_one_raises() -> None:
    false, true = said(Verdict.FALSE), said(Verdict.TRUE, NOON + HOUR)
    assert heard([suspicion()], [false])[0][0].severity is Severity.WARNING
    assert heard([suspicion()], [false, false]) == ([], [suspicion()])
    raised, muted = heard([suspicion(NOON + 2 * HOUR)], [false, false, true])
    assert raised[0].severity is Severity.CRITICAL and not muted


def test_word_counts_for_its_actor_and_until_its_day_alone() -> None:
    false = [said(Verdict.FALSE), said(Verdict.FALSE)]
    other = suspicion(actor="005B")
    late = suspicion(NOON + 31 * DAY)
    early = suspicion(NOON - HOUR)
    assert heard([other, late, early], false) == ([other, late, early], [])


def test_an_org_is_silent_when_it_was_not_judged_for_long_or_never() -> None:
    last = {"hq": NOON, "apac": NOON - 2 * HOUR, "emea": NOON + HOUR}
    silent = unseen_for_long(["hq", "apac", "emea", "new"], last, NOON + timedelta(minutes=5), HOUR)
    assert silent == ["apac", "emea", "new"], "a clock that was put back proves nothing"


def test_what_is_as_severe_as_can_be_stays_so() -> None:
    (raised,), _ = heard([suspicion(severity=Severity.CRITICAL)], [said(Verdict.TRUE)])
    assert raised.severity is Severity.CRITICAL
