"""Five hundred schedules of deaths, outages, lost answers, doubled calls and clock steps: nothing lost, nothing opened twice."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from tasks.alerts.model import Letter, Message, Severity, Telling
from tasks.errors import AlertUndelivered
from tasks.estate.model import AlertChannel, ChannelKind
from tests.slices import chosen
from tests.tasks.alerts.worlds import Killed, World, a_channel, an_alert, policy_of

SCHEDULES = 500
SLICE = 40
STEPS = 40
POLICY = {
    "channels": {
        "slack": {"max_per_hour": 8},
        "mail": {"max_per_hour": 8, "quiet": {"start": "22:00", "end": "06:00"}},
        "chief": {"at_once": False},
    },
    "escalation": [{"after": "PT30M", "channels": ["chief", "pager"]}],
}


@dataclass
class Pager:
    """Incidents as PagerDuty keeps them: a trigger after a resolve opens another under the same key."""

    opened: Counter[str] = field(default_factory=Counter)
    open: set[str] = field(default_factory=set)

    def takes(self, letter: Letter) -> None:
        if letter.what is Telling.RESOLVED:
            self.open.discard(letter.id)
        elif letter.what is not Telling.ACKNOWLEDGED and letter.id not in self.open:
            self.open.add(letter.id)
            self.opened[letter.id] += 1


@dataclass
class Trouble:
    """What happens to each message: nothing, an outage, a lost answer, a death before or after it arrived."""

    chance: Random
    pager: Pager
    seen: Counter[str] = field(default_factory=Counter)
    """Letters, as people see them; those in a digest too."""
    has: set[tuple[str, str]] = field(default_factory=set)
    """Which channel has which alert."""
    down: set[str] = field(default_factory=set)
    healed: bool = False

    def __call__(self, message: Message, channel: AlertChannel, arrive: Callable[[], None]) -> None:
        if channel.name in self.down and not self.healed:
            raise AlertUndelivered("down")
        turn = 1.0 if self.healed else self.chance.random()
        if turn < 0.06:
            raise Killed
        if turn < 0.12:
            raise AlertUndelivered("503", refused=turn < 0.09)
        arrive()
        for letter in [message] if isinstance(message, Letter) else message.letters:
            self.has.add((letter.id, channel.name))
            if channel.kind.folds:
                self.pager.takes(letter)
            else:
                self.seen[letter.unique] += 1
        if turn < 0.18:
            raise Killed
        if turn < 0.26:
            raise AlertUndelivered("no answer", doubtful=True)


def play(seed: int, folder: Path) -> None:
    chance = Random(seed)
    trouble = Trouble(chance, Pager())
    channels = [
        a_channel("slack", "hq", "emea"),
        a_channel("mail", "hq", "emea", kind=ChannelKind.EMAIL),
        a_channel("chief", "hq"),
        a_channel("pager", "hq", "emea", kind=ChannelKind.PAGERDUTY),
    ]
    (folder / str(seed)).mkdir()
    world = World(folder / str(seed), channels, policy_of(**POLICY), trouble=trouble)
    steady = chance.random() < 0.5
    for _ in range(STEPS):
        step(chance, world, trouble, steady=steady)
    trouble.healed = True
    for _ in range(12):
        world.later(hours=7)
        told(world)
    assert told(world.later(hours=7)) == [], seed
    assert_nothing_lost_or_doubled(seed, world, trouble)
    world.ledger.close()


def step(chance: Random, world: World, trouble: Trouble, *, steady: bool) -> None:
    key, org = f"volume:{chance.randint(1, 9)}", chance.choice(["hq", "emea"])
    match chance.randint(0, 9):
        case 0 | 1 | 2:
            alert = an_alert(
                f"{key}:{org}", org, severity=chance.choice(list(Severity)), detail=str(chance.random())
            )
            for _ in range(chance.randint(1, 2)):
                world.book.open(alert, world.policy)
        case 3:
            world.resolve(f"{key}:{org}")
        case 4:
            world.book.acknowledge(f"{key}:{org}")
        case 5:
            trouble.down = {name for name in ("slack", "mail", "chief", "pager") if chance.random() < 0.3}
        case 6 if not steady:
            world.later(hours=chance.uniform(-30, 30))
        case _:
            world.later(minutes=chance.choice([1, 1, 5, 30, 200]))
    told(world)


def told(world: World) -> list[str]:
    try:
        return world.tell()
    except Killed:
        return ["killed"]


def assert_nothing_lost_or_doubled(seed: int, world: World, trouble: Trouble) -> None:
    alerts = world.book.all()
    for each in alerts:
        place = (seed, each.id, each.alert.key)
        assert trouble.pager.opened[each.id] == 1, place
        assert (each.id in trouble.pager.open) is (each.resolved is None), place
        people = {name for alert, name in trouble.has if alert == each.id} - {"pager"}
        unsure = {mark.partition(":")[0] for mark in each.delivered if mark.endswith(":unsure")}
        assert people, place
        assert {"slack", "mail"} <= people | unsure, place
    assert all(times <= 2 for times in trouble.seen.values()), (seed, trouble.seen.most_common(1))


@pytest.mark.parametrize("seed", [*range(6), 1_245])
def test_a_few_schedules(seed: int, tmp_path: Path) -> None:
    """The last one sets the clock back by four days while alerts wait for their escalation."""
    play(seed, tmp_path)


@pytest.mark.slow
def test_five_hundred_schedules(tmp_path: Path) -> None:
    for seed in chosen(range(1_000, 1_000 + SCHEDULES), SLICE):
        play(seed, tmp_path)
