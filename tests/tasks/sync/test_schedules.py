"""
Five hundred schedules of trouble: kills, lost replies, ended sessions, locks, refusals, late transactions, changes, deletions.

What is held against each: the target becomes what the source is, no write says what the target had already, nothing is lost, and
no sensitive value is in the clear at any moment.
"""

from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest

from tasks.errors import OrgUnavailable, SessionExpired, SyncStopped, Throttled
from tasks.sync.carry import carry, replay
from tests.slices import chosen
from tests.tasks.sync.worlds import NOW, OVERLAP, RULES, Killed, World, hands, in_clear, record, stamp

LIMIT = 5
PEOPLE = 30
CODES = ("UNABLE_TO_LOCK_ROW", "FIELD_CUSTOM_VALIDATION_EXCEPTION", "DUPLICATE_VALUE")
_ERRORS = (OrgUnavailable, SessionExpired, Throttled)


class Schedule:
    """One seed's world: what changes when, what fails when, and a witness of every write."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.world = World()
        self.world.watch = self.witness
        self.way = self.random.choice(["collections", "bulk"])
        self.said: dict[str, list[str | None]] = {}
        self.twice: list[str] = []
        self.names = 0
        for number in range(self.random.randrange(1, PEOPLE)):
            self.change(number, NOW - timedelta(hours=1, seconds=number // 3))

    def witness(self, key: str, cells: list[str | None]) -> None:
        if not cells:
            self.said.pop(key, None)
            return
        for column, cell in zip(RULES.columns, cells, strict=True):
            assert cell is None or not column.sealed or cell.startswith("AES256:"), "in the clear"
        opened = hands(self.world).seals.opened([key], [cells])[0]
        assert opened is not None
        if self.said.get(key) == opened:
            self.twice.append(key)
        self.said[key] = opened

    def change(self, number: int, at: object = None) -> None:
        """A new state of a record, of a transaction that may have begun a while ago; each has a name of its own."""
        when = self.world.now - timedelta(seconds=self.random.randrange(1, 200)) if at is None else at
        before = self.world.records.get(f"003{number:015d}")
        if before is not None and before.stamp >= stamp(when):  # type: ignore[arg-type]  # a moment
            return
        self.names += 1
        secret = None if self.random.random() < 0.1 else f"523-45-{self.names:04d}"
        gone = before is not None and self.random.random() < 0.3
        self.world.change(
            record(number, when, name=f"N{self.names}", secret=secret, deleted=gone)  # type: ignore[arg-type]  # a moment
        )

    def trouble(self, step: str) -> None:
        if self.random.random() < 0.08:
            if self.random.random() < 0.5:
                raise Killed(step)
            raise self.random.choice(_ERRORS)("emea", step, "Try again.")

    def refusing(self, key: str) -> str | None:
        return self.random.choice(CODES) if self.random.random() < 0.05 else None

    def run(self) -> None:
        self.world.open_window()
        while not carry(hands(self.world), RULES, self.way, LIMIT).last:  # type: ignore[arg-type]  # a text out of two
            pass
        if self.random.random() < 0.3:
            replay(hands(self.world), RULES)

    def play(self) -> None:
        for _ in range(6):
            self.world.trouble, self.world.refusing = self.trouble, self.refusing
            self.world.locked = {f"K{self.random.randrange(PEOPLE)}"} if self.random.random() < 0.3 else set()
            for _ in range(self.random.randrange(0, 5)):
                self.change(self.random.randrange(PEOPLE))
            with suppress(Killed, SyncStopped, *_ERRORS):
                self.run()
            self.world.now += timedelta(seconds=self.random.randrange(1, 60))

    def settle(self) -> None:
        """Nothing goes wrong any more."""
        self.world.trouble, self.world.refusing = lambda step: None, lambda key: None
        self.world.locked = set()
        for _ in range(2):
            self.world.open_window()
            while not carry(hands(self.world), RULES, self.way, LIMIT).last:  # type: ignore[arg-type]  # as above
                pass
            replay(hands(self.world), RULES)
            self.world.now += timedelta(seconds=1)


@pytest.mark.parametrize("seed", chosen(range(500), 40))
def test_the_target_becomes_what_the_source_is_and_no_write_is_needless(seed: int) -> None:
    schedule = Schedule(seed)
    schedule.play()
    schedule.settle()
    world = schedule.world
    wanted = {str(r.key): list(r.values) for r in world.records.values() if not r.deleted}
    assert in_clear(world) == wanted, "nothing is lost, and nothing stays that is gone"
    assert schedule.twice == [], "nothing twice"
    assert world.waiting == {}, "what was refused came in the end"
    writes = len(world.writes)
    schedule.settle()
    assert len(world.writes) == writes and world.now - NOW < OVERLAP + timedelta(minutes=5)
