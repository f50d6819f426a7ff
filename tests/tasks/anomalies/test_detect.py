"""All detections together: what is blind says so, allowances cover what they say and no more."""

from datetime import timedelta

from tasks.anomalies.detect import detect
from tasks.anomalies.detections.known_app_new_network import DETECTION as NEW_NETWORK
from tasks.anomalies.detections.log_gap import DETECTION as LOG_GAP
from tasks.anomalies.examples import CONTEXT, NOON, frames
from tasks.anomalies.model import DAY, Allowance, Tuning

EVENTS = frames(NEW_NETWORK.fires[0].rows)


def allowance(**changed: object) -> Allowance:
    facts = {
        "detection": NEW_NETWORK.name,
        "reason": "it moves tonight",
        "owner": "integration team",
        "expires": NOON + DAY,
    }
    return Allowance.model_validate({**facts, **changed})


def names(tuning: Tuning) -> list[str]:
    return [each.detection for each in detect(EVENTS, CONTEXT, tuning, (NEW_NETWORK,)).suspicions]


def test_what_somebody_announced_is_left_alone_and_shown() -> None:
    judged = detect(EVENTS, CONTEXT, Tuning(allowances=(allowance(),)), (NEW_NETWORK,))
    assert not judged.suspicions
    assert [each.detection for each in judged.allowed] == [NEW_NETWORK.name]


def test_an_allowance_ends_on_its_day_and_is_named_as_idle() -> None:
    over = allowance(expires=NOON - timedelta(hours=1))
    judged = detect(EVENTS, CONTEXT, Tuning(allowances=(over,)), (NEW_NETWORK,))
    assert judged.suspicions
    assert judged.idle_allowances == (over,)


def test_an_allowance_for_another_org_covers_nothing() -> None:
    assert names(Tuning(allowances=(allowance(org="emea"),)))


def test_what_is_off_does_not_run() -> None:
    assert not names(Tuning(off=(NEW_NETWORK.name,)))


def test_what_cannot_be_judged_is_said_for_each_org() -> None:
    judged = detect({}, CONTEXT, Tuning(), (LOG_GAP,))
    assert {each.org for each in judged.blind} == {"hq", "emea"}
    assert "ApiTotalUsage" in judged.blind[0].reason


def test_a_suspicion_explains_itself() -> None:
    (found,) = detect(EVENTS, CONTEXT, Tuning(), (NEW_NETWORK,)).suspicions
    assert found.contributions and abs(sum(each.weight for each in found.contributions) - 1) < 0.01
    assert "192.0.2.7" in found.seen and found.expected
