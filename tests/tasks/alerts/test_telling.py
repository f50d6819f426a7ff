"""Who hears what, when and how often: routing, quiet hours, escalation, backoff, digests, doubtful deliveries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.alerts.changes import Change
from tasks.alerts.model import Containment, Digest, Message, Severity
from tasks.alerts.quiet import is_quiet
from tasks.errors import AlertUndelivered
from tasks.estate.model import AlertChannel, ChannelKind
from tasks.estate.model_alerts import QuietHours
from tests.tasks.alerts.worlds import World, a_channel, an_alert, loses_answers, policy_of, refuses

PAGER = a_channel("pager", kind=ChannelKind.PAGERDUTY)


def test_an_alert_is_opened_updated_acknowledged_and_resolved(tmp_path: Path) -> None:
    world = World(tmp_path, [a_channel("slack"), PAGER])
    assert world.book.open(an_alert()) is Change.NEW and world.book.open(an_alert()) is Change.SAME
    assert world.tell() == ["slack:opened", "pager:opened"] and world.tell() == []
    assert world.book.open(an_alert(detail="more"), world.policy) is Change.SAME, "at most every 15 minutes"
    assert world.later(minutes=16).book.open(an_alert(detail="more"), world.policy) is Change.QUIET
    assert world.tell() == ["pager:updated"], "no new message where it would be seen twice"
    contained = an_alert(detail="more", containment=Containment.VERIFIED)
    assert world.book.open(contained, world.policy) is Change.LOUD
    assert world.tell() == ["slack:updated", "pager:updated"]
    [seen] = world.book.current()
    acknowledged = world.book.acknowledge(seen.id[:6])
    assert acknowledged is not None and acknowledged.acknowledged_by == "bulkhead"
    assert world.tell() == ["slack:acknowledged", "pager:acknowledged"]
    assert world.resolve(an_alert().key) and not world.resolve(an_alert().key)
    assert world.tell() == ["slack:resolved", "pager:resolved"] and world.tell() == []
    assert world.book.open(an_alert()) is Change.NEW, "what comes back is another alert"
    assert len({each.id for each in world.book.all()}) == 2


def test_what_is_over_and_told_is_not_read_again(tmp_path: Path) -> None:
    world = World(tmp_path, [a_channel("slack")])
    for number in range(3):
        world.book.open(an_alert(f"volume:{number}"))
        world.tell()
        world.resolve(f"volume:{number}")
    assert [each.alert.key for each in world.book.current()] == ["volume:2"], "its end is not told yet"
    world.tell()
    assert world.book.current() == [] and len(world.book.all()) == 3
    world.book.open(an_alert())
    assert [each.alert.key for each in world.book.current()] == [an_alert().key]


def test_severity_and_key_decide_who_hears_it(tmp_path: Path) -> None:
    rules = {"pager": {"least": "critical"}, "mail": {"keys": ["volume:*"]}}
    channels = [PAGER, a_channel("mail", kind=ChannelKind.EMAIL), a_channel("other", "emea")]
    world = World(tmp_path, channels, policy_of(channels=rules))
    world.book.open(an_alert())
    world.book.open(an_alert("stray:hq"))
    assert world.tell() == ["mail:opened"]
    world.book.open(an_alert(severity=Severity.CRITICAL), world.policy)
    assert world.tell() == ["pager:opened", "mail:updated"]
    world.book.open(an_alert("silent:x", org="*", severity=Severity.CRITICAL))
    assert world.tell() == ["pager:opened", "other:opened"], "what is about no single org reaches all"


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-05-13T19:59", False),
        ("2026-05-13T20:00", True),
        ("2026-05-14T04:59", True),
        ("2026-05-14T05:00", False),
        ("2026-03-29T04:59", True),  # 06:59 in summer time, which began that night
        ("2026-03-29T05:00", False),
        ("2026-03-28T05:30", True),  # 06:30 in winter time
        ("2026-10-25T05:59", True),  # 06:59, the hour before went round twice
    ],
)
def test_quiet_hours_follow_the_clock_on_the_wall(at: str, quiet: bool) -> None:
    hours = QuietHours.model_validate({"start": "22:00", "end": "07:00", "time_zone": "Europe/Zurich"})
    assert is_quiet(hours, datetime.fromisoformat(at).replace(tzinfo=UTC)) is quiet


def test_what_can_wait_waits_for_the_morning_and_what_is_over_by_then_is_told_once(tmp_path: Path) -> None:
    quiet = {"start": "10:00", "end": "18:00", "time_zone": "UTC"}
    world = World(tmp_path, [a_channel("slack")], policy_of(channels={"slack": {"quiet": quiet}}))
    world.book.open(an_alert("a:waits"))
    world.book.open(an_alert("a:over"))
    world.book.open(an_alert("a:loud", severity=Severity.CRITICAL))
    assert world.tell() == ["slack:opened"]
    world.resolve("a:over")
    assert world.tell() == []
    assert world.later(hours=6).tell() == ["slack:digest(2)"], "one message about the night"
    digest = world.received["slack"][-1]
    assert isinstance(digest, Digest) and {each.what for each in digest.letters} == {"opened", "over"}
    assert world.later(days=1).tell() == []


def test_nobody_acknowledges_so_the_next_are_told(tmp_path: Path) -> None:
    steps = [
        {"after": "PT15M", "channels": ["chief"]},
        {"after": "PT1H", "channels": ["chief", "pager"], "least": "critical"},
    ]
    rules = {"chief": {"at_once": False}}
    world = World(
        tmp_path,
        [a_channel("slack"), a_channel("chief"), PAGER],
        policy_of(channels=rules, escalation=steps, fold_after="PT1M"),
    )
    world.book.open(an_alert(severity=Severity.CRITICAL))
    world.book.open(an_alert("b:small", severity=Severity.WARNING))
    assert world.tell() == ["slack:opened", "slack:opened", "pager:opened", "pager:opened"]
    assert world.later(minutes=14).tell() == []
    assert world.later(minutes=1).tell() == ["chief:escalated"] and world.tell() == []
    assert world.later(minutes=45).tell() == ["chief:escalated", "pager:escalated"]
    world.book.acknowledge(an_alert().key)
    assert world.tell() == ["slack:acknowledged", "chief:acknowledged", "pager:acknowledged"]
    world.resolve(an_alert().key)
    assert world.tell() == ["slack:resolved", "chief:resolved", "pager:resolved"]


def test_an_acknowledged_alert_is_not_escalated(tmp_path: Path) -> None:
    policy = policy_of(
        channels={"chief": {"at_once": False}}, escalation=[{"after": "PT15M", "channels": ["chief"]}]
    )
    world = World(tmp_path, [a_channel("slack"), a_channel("chief")], policy)
    world.book.open(an_alert())
    world.tell()
    world.book.acknowledge(an_alert().key)
    assert world.later(hours=2).tell() == ["slack:acknowledged"]


def test_a_channel_that_is_down_is_tried_ever_more_rarely_and_hinders_no_other(tmp_path: Path) -> None:
    world = World(tmp_path, [a_channel("lost"), a_channel("one")], trouble=refuses("lost"))
    world.book.open(an_alert())
    world.book.open(an_alert("b:second"))
    assert world.tell() == ["one:opened", "one:opened"] and len(world.failed) == 1, "one timeout a turn"
    tries = 0
    for _ in range(6 * 60):
        world.later(minutes=1).tell()
        tries += len(world.failed)
    assert 12 <= tries <= 18, "1, 2, 4, 8, 16 and then every 30 minutes"
    world.trouble = None
    assert world.later(minutes=30).tell() == ["lost:digest(2)"]
    assert world.later(minutes=30).tell() == []


def test_what_was_over_before_the_channel_came_back_is_told_once(tmp_path: Path) -> None:
    slack = a_channel("slack")
    world = World(tmp_path, [slack, PAGER], trouble=refuses("slack", "pager"))
    world.book.open(an_alert())
    world.tell()
    world.resolve(an_alert().key)
    world.trouble = None
    assert world.later(minutes=5).tell() == ["slack:over", "pager:opened", "pager:resolved"]
    world.channels = [slack, PAGER, a_channel("new")]
    assert world.later(minutes=5).tell() == [], "who came later hears nothing of what was over by then"


def test_a_clock_that_was_put_back_holds_no_channel_up(tmp_path: Path) -> None:
    world = World(tmp_path, [a_channel("slack")], trouble=refuses("slack"))
    world.book.open(an_alert())
    world.later(days=3).tell()
    world.trouble = None
    assert world.later(days=-3).tell() == ["slack:opened"]


def test_a_flood_is_capped_and_the_worst_comes_first(tmp_path: Path) -> None:
    world = World(tmp_path, [a_channel("slack"), PAGER], policy_of(channels={"slack": {"max_per_hour": 5}}))
    for number in range(200):
        world.book.open(an_alert(f"noise:{number}", severity=Severity.WARNING))
    world.book.open(an_alert("theft", severity=Severity.CRITICAL, title="Theft"))
    told = world.tell()
    assert told[:5] == ["slack:opened"] * 4 + ["slack:digest(197)"]
    first = world.received["slack"][0]
    assert not isinstance(first, Digest) and first.alert.title == "Theft"
    assert told.count("pager:opened") == 30 and len(told) == 35
    assert world.received["pager"][0] == first.model_copy(
        update={"channel": "pager", "covers": world.received["pager"][0].covers}  # type: ignore[union-attr] # a pager gets letters
    )
    heard = 30
    for _ in range(12):
        heard += world.later(minutes=61).tell().count("pager:opened")
    assert heard == 201, "the rest comes, hour by hour"


def test_the_second_doubtful_try_is_the_last_where_another_can_tell_it(tmp_path: Path) -> None:
    rules = {"mail": {"least": "critical"}}
    channels = [a_channel("slack"), a_channel("mail", kind=ChannelKind.EMAIL)]
    world = World(tmp_path, channels, policy_of(channels=rules), trouble=loses_answers("slack"))
    world.book.open(an_alert())
    told = [world.later(hours=1).tell() for _ in range(6)]
    assert told[:2] == [["slack:opened"], ["slack:opened"]]
    assert [each for turn in told for each in turn].count("slack:opened") == 2
    assert [each for turn in told for each in turn].count("mail:opened") == 1, (
        "though its rule would not say so"
    )


def test_the_only_channel_is_told_until_it_is_sure(tmp_path: Path) -> None:
    world = World(tmp_path, [a_channel("slack")], trouble=loses_answers("slack"))
    world.book.open(an_alert())
    for _ in range(4):
        assert world.later(hours=1).tell() == ["slack:opened"]
    world.trouble = None
    assert world.later(hours=1).tell() == ["slack:opened"] and world.later(hours=1).tell() == []


def test_one_message_that_is_refused_holds_up_no_other(tmp_path: Path) -> None:
    def trouble(message: Message, channel: AlertChannel, arrive: Callable[[], None]) -> None:
        if not isinstance(message, Digest) and message.alert.key == "poison":
            raise AlertUndelivered("400", refused=True)
        arrive()

    world = World(tmp_path, [PAGER], trouble=trouble)
    world.book.open(an_alert("poison", severity=Severity.CRITICAL))
    world.book.open(an_alert())
    assert world.tell() == ["pager:opened"] and len(world.failed) == 1
    world.resolve("poison")
    assert world.later(minutes=5).tell() == [], "its end does not come before its beginning"


def test_a_channel_that_asks_for_a_pause_gets_it(tmp_path: Path) -> None:
    def trouble(message: Message, channel: AlertChannel, arrive: Callable[[], None]) -> None:
        raise AlertUndelivered("429", retry_after=timedelta(minutes=40))

    world = World(tmp_path, [a_channel("slack")], trouble=trouble)
    world.book.open(an_alert())
    world.tell()
    world.trouble = None
    assert world.later(minutes=39).tell() == []
    assert world.later(minutes=1).tell() == ["slack:opened"]
