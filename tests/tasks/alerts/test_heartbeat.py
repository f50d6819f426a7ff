"""A silent detector is told from a quiet night, and every turn of an alert is an event under an id of its own."""

from datetime import timedelta
from pathlib import Path

import pytest

from tasks.alerts.events import ACTOR, AlertEvent, event_of
from tasks.alerts.heartbeat import Beat, awaited, awake_again, is_silent, markdown, silence_told
from tasks.alerts.model import Fact
from tests.tasks.alerts.worlds import NOW, World, a_channel, an_alert, policy_of

TEN = timedelta(minutes=10)


def beat(minutes: float, period: timedelta = TEN, name: str = "watch-plans") -> Beat:
    return Beat(detector=name, at=NOW - timedelta(minutes=minutes), period=period)


@pytest.mark.parametrize(
    ("minutes", "period", "silent"),
    [
        (0, TEN, False),
        (20, TEN, False),
        (20.1, TEN, True),
        (3, timedelta(minutes=1), False),
        (5.1, timedelta(minutes=1), True),
        (-19, TEN, False),
        (-21, TEN, True),
    ],
)
def test_two_periods_without_an_end_are_silence(minutes: float, period: timedelta, silent: bool) -> None:
    assert is_silent(beat(minutes, period), policy_of(), NOW) is silent


def test_what_must_run_and_never_did_counts_from_the_first_look(tmp_path: Path) -> None:
    policy = policy_of(detectors={"detect-live": "PT5M", "watch-plans": None, "sweep-access": "PT30M"})
    world = World(tmp_path, [])
    world.book.beat([beat(0), beat(0, name="sweep-access")])
    first = awaited(world.book.beats(), policy, NOW)
    assert [(each.detector, each.ran, each.period.seconds) for each in first] == [
        ("detect-live", False, 300),
        ("sweep-access", True, 1800),
    ]
    world.book.beat(first)
    later = NOW + timedelta(minutes=11)
    silent = [each for each in awaited(world.book.beats(), policy, later) if is_silent(each, policy, later)]
    assert [each.detector for each in silent] == ["detect-live"]
    assert "never" in str(silence_told(silent[0]))


def test_silence_is_told_once_everywhere_and_ends_with_a_run(tmp_path: Path) -> None:
    world = World(tmp_path, [a_channel("slack", "hq"), a_channel("other", "emea")])
    alert = silence_told(beat(60))
    for _ in range(3):
        world.book.open(silence_told(beat(60)), world.policy)
        world.later(hours=1)
    assert world.tell() == ["slack:opened", "other:opened"]
    opened = {each.alert.key: each.alert.org for each in world.book.current()}
    assert awake_again({**opened, "volume:hq": "hq"}, [alert]) == []
    assert awake_again({**opened, "volume:hq": "hq"}, []) == [alert.key]


def test_the_page_says_quiet_only_where_all_ran() -> None:
    assert markdown([beat(1), beat(1, name="b")], policy_of(), NOW).startswith("All 2 detectors ran.")
    assert markdown([beat(1), beat(90, name="b")], policy_of(), NOW).startswith(
        "**1 of 2 detectors are silent.**"
    )
    assert "nothing is being watched" in markdown([], policy_of(), NOW)


def test_each_turn_is_an_event_and_the_same_one_when_it_is_emitted_again(tmp_path: Path) -> None:
    steps = [{"after": "PT1M", "channels": ["slack"]}]
    world = World(tmp_path, [a_channel("slack")], policy_of(escalation=steps))
    assert world.book.announced() == 0
    world.book.open(an_alert())
    world.tell()
    world.later(minutes=2).tell()
    world.book.acknowledge(an_alert().key)
    world.resolve(an_alert().key)
    alerts = {each.id: each for each in world.book.all()}

    def events() -> list[AlertEvent]:
        return [event for entry in world.book.entries(0) if (event := event_of(entry, alerts))]

    assert [each.event.rpartition(".")[2] for each in events()] == [
        "opened",
        "escalated",
        "acknowledged",
        "resolved",
    ]
    assert events() == events() and len({each.id for each in events()}) == 4
    first = events()[0]
    assert first.resource["prefect.resource.id"] == "zero-trust.org.hq"
    assert first.payload["severity"] == "error" and first.payload["kind"] == "volume"
    world.book.announced(7)
    assert world.book.announced(3) == 7, "what was emitted is not taken back"


@pytest.mark.parametrize(("key", "starts"), [("volume:hq", True), ("anomaly:unusual-volume/hq/005", False)])
def test_alerts_of_detection_start_no_playbook_by_themselves(tmp_path: Path, key: str, starts: bool) -> None:
    world = World(tmp_path, [])
    world.book.announced()
    world.book.open(
        an_alert().model_copy(
            update={"key": key, "facts": (Fact(key="user", label="Who", text="a@b.example"),)}
        )
    )
    alerts = {each.id: each for each in world.book.all()}
    [event] = [event for entry in world.book.entries(0) if (event := event_of(entry, alerts))]
    assert (ACTOR in event.resource) is starts and event.payload["actor"] == "a@b.example"


def test_who_never_emitted_does_not_emit_the_past(tmp_path: Path) -> None:
    world = World(tmp_path, [])
    world.book.open(an_alert())
    assert world.book.entries(world.book.announced()) == []
