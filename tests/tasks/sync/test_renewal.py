"""Keys that turn while everything goes on: whatever dies wherever, every value opens, and in the end with the newest key."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from random import Random

import pytest

from tasks.encryption.keys import DataKey, KeyRing, OpenKeys, announced, destroyed, with_epoch
from tasks.encryption.sealed import Place, key_of, seal, seal_key
from tasks.errors import OrgUnavailable, SecretUnavailable, SyncStopped
from tasks.sync.model import Column, Epoch, KeyRotation, Renewal, Rules
from tasks.sync.renewal import UNREADABLE, RenewalHands, begun, in_use, renew, sealed_part, wants_epoch
from tasks.sync.sealing import Seals
from tasks.sync.target_gateway import Refusal, There
from tasks.sync.words import keys_markdown
from tests.slices import chosen
from tests.tasks.sync.worlds import NOW, Killed

OLD, NEW = "00112233445566ff", "ffeeddccbbaa9988"
RULES = Rules(
    route="R",
    source="hq",
    target="emea",
    sobject="Contact",
    key="Ext__c",
    external_id="Ext__c",
    columns=(
        Column(name="Name", source="Name", length=80),
        Column(name="Secret__c", source="SSN__c", sealed=True, length=255),
        Column(name="Tax__c", source="TaxID__c", sealed=True, length=255),
    ),
)
PART = sealed_part(RULES)
ONE = announced(with_epoch(KeyRing(route="R"), OLD, "wrapped-1", NOW), 100)
TWO = with_epoch(ONE, NEW, "wrapped-2", NOW)
LIMIT = 5


def unwrap(kept: DataKey) -> bytes:
    return kept.epoch.to_bytes(32, "big")


class World:
    """A target of sealed records in memory, which can die before and after everything that goes over the wire."""

    def __init__(self, count: int, random: Random) -> None:
        self.random = random
        self.plain = {
            f"K{n}": (f"123-45-{n:04d}", f"{n:02d}-1234567" if n % 3 else None) for n in range(count)
        }
        self.rows: dict[str, There] = {}
        for number, (key, values) in enumerate(self.plain.items()):
            name = f"003{number:015d}"
            self.rows[name] = There(key, name, self.sealed(key, values, 1))
        self.renewal: Renewal | None = None
        self.ring = TWO
        self.writes: list[str] = []
        self.refuse: dict[str, str] = {}
        self.left: dict[str, str] = {}
        self.trouble: Callable[[str], None] = lambda step: None
        self.alter: Callable[[str | None], str | None] = lambda cell: cell

    def sealed(self, key: str, values: Sequence[str | None], epoch: int) -> tuple[str | None, ...]:
        key_id = (OLD, NEW)[epoch - 1]
        made = seal_key(key_id, epoch.to_bytes(32, "big"))
        fields = ("SSN__c", "TaxID__c")
        return tuple(
            seal(made, Place("hq", "Contact", field), [value], [key], randoms=self.random.randbytes)[0]
            for field, value in zip(fields, values, strict=True)
        )

    # -- the target

    def behind(self, rules: Rules, last: str, limit: int) -> list[There]:
        self.trouble("read")
        assert rules == PART, "nothing but what is sealed is read"
        return [self.rows[name] for name in sorted(self.rows) if name > last][:limit]

    def with_ids(self, rules: Rules, ids: Sequence[str]) -> list[There]:
        self.trouble("read back")
        return [self.rows[name] for name in ids if name in self.rows]

    def rewrite(self, rules: Rules, rows: Mapping[str, Sequence[str | None]]) -> dict[str, Refusal]:
        self.trouble("before write")
        refused = {}
        for number, (name, cells) in enumerate(rows.items()):
            if number == len(rows) // 2:
                self.trouble("within write")
            if name in self.refuse:
                refused[name] = Refusal(self.refuse[name])
            elif name in self.rows:
                cells = [self.alter(cell) for cell in cells]
                self.rows[name] = self.rows[name]._replace(values=tuple(cells))
                self.writes.append(name)
        self.trouble("after write")
        return refused

    def sealed_values(self, rules: Rules) -> Iterator[tuple[bool, tuple[str | None, ...]]]:
        yield from ((False, row.values) for row in self.rows.values())

    # -- what is kept

    def renewed(self, renewal: Renewal, refused: Mapping[str, str]) -> None:
        self.trouble("before note")
        self.renewal = renewal
        self.left |= refused
        self.trouble("after note")

    # -- a run

    def hands(self) -> RenewalHands:
        seals = Seals(PART, self.ring, OpenKeys(unwrap, lambda: 0.0), self.keep, self.random.randbytes)
        return RenewalHands(self, self, seals, b"d" * 32)

    def keep(self, ring: KeyRing) -> None:
        self.trouble("before ring")
        self.ring = ring
        self.trouble("after ring")

    def run(self) -> Renewal:
        at, hands = begun(self.renewal, self.ring), self.hands()
        while not at.done:
            at = renew(hands, PART, NEW, at, LIMIT)
        return at

    def opened(self) -> dict[str, tuple[str | None, ...]]:
        seals = Seals(PART, self.ring, OpenKeys(unwrap, lambda: 0.0), self.keep, self.random.randbytes)
        rows = [*self.rows.values()]
        found = seals.opened([row.key for row in rows], [row.values for row in rows])
        return {row.key: tuple(values or ()) for row, values in zip(rows, found, strict=True)}

    def keys(self) -> Counter[str]:
        return Counter(key_of(value) for row in self.rows.values() for value in row.values if value)


def test_every_value_comes_under_the_newest_key_and_holds_what_it_held() -> None:
    world = World(13, Random(1))
    done = world.run()
    assert (done.seen, done.renewed, done.left, done.done) == (13, 13, 0, True)
    assert set(world.keys()) == {NEW} and world.opened() == world.plain
    assert Counter(world.writes) == Counter(world.rows.keys()), "each once"
    newest = world.ring.sealing
    assert newest is not None and newest.sealed == 26, "what was sealed is counted"
    again = world.run()
    assert again == done and len(world.writes) == 13


def test_what_is_under_the_newest_key_already_is_left_alone() -> None:
    world = World(4, Random(1))
    name = sorted(world.rows)[2]
    row = world.rows[name]
    world.rows[name] = row._replace(values=world.sealed(row.key, world.plain[row.key], 2))
    world.run()
    assert name not in world.writes and len(world.writes) == 3


def test_what_does_not_open_is_left_and_named() -> None:
    world = World(7, Random(1))
    moved, clear, nobody = sorted(world.rows)[1:4]
    world.rows[moved] = world.rows[moved]._replace(values=world.rows[clear].values)
    world.rows[clear] = world.rows[clear]._replace(values=("123-45-0002", None))
    world.rows[nobody] = world.rows[nobody]._replace(key="")
    before = {name: world.rows[name] for name in (moved, clear, nobody)}
    done = world.run()
    assert (done.renewed, done.left) == (4, 3)
    assert world.left == dict.fromkeys((moved, clear, nobody), UNREADABLE)
    assert {name: world.rows[name] for name in before} == before


def test_what_the_org_refuses_stays_readable_and_is_named() -> None:
    world = World(8, Random(1))
    name = sorted(world.rows)[3]
    world.refuse[name] = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    done = world.run()
    assert (done.renewed, done.left) == (7, 1) and world.left == world.refuse
    assert world.opened() == world.plain
    used = in_use(world.ring, world.sealed_values(PART))
    assert used.live[OLD] >= 1 and {*used.live} == {OLD, NEW}


def test_many_refusals_stop_the_run_and_the_next_one_goes_on() -> None:
    world = World(60, Random(1))
    world.refuse = dict.fromkeys(sorted(world.rows)[:30], "INSUFFICIENT_ACCESS_OR_READONLY")
    with pytest.raises(SyncStopped, match=r"refuses 30 of 60 .* INSUFFICIENT_ACCESS_OR_READONLY"):
        renew(world.hands(), PART, NEW, begun(None, world.ring), 100)
    assert world.renewal is None
    world.refuse.clear()
    world.run()
    assert set(world.keys()) == {NEW} and max(Counter(world.writes).values()) == 1


def test_what_somebody_alters_on_the_way_stops_the_run() -> None:
    world = World(3, Random(1))
    world.alter = lambda cell: cell and cell.lower()
    with pytest.raises(SyncStopped, match="3 records of Contact in emea are not as they were sealed anew"):
        world.run()
    assert world.renewal is None


def test_a_record_that_is_deleted_meanwhile_is_not_made_anew() -> None:
    world = World(4, Random(1))
    gone = sorted(world.rows)[1]

    def trouble(step: str) -> None:
        if step == "before write":
            world.rows.pop(gone, None)

    world.trouble = trouble
    world.run()
    assert gone not in world.rows and set(world.keys()) == {NEW}


def test_a_disabled_key_stops_before_anything_is_written() -> None:
    world = World(3, Random(1))

    def shut(kept: DataKey) -> bytes:
        raise SecretUnavailable("The KMS key is disabled.")

    seals = Seals(PART, world.ring, OpenKeys(shut, lambda: 0.0), world.keep, world.random.randbytes)
    before = dict(world.rows)
    with suppress(SecretUnavailable):
        renew(RenewalHands(world, world, seals, b"d" * 32), PART, NEW, begun(None, world.ring), LIMIT)
    assert world.rows == before and world.writes == []


STEPS = ("read", "before ring", "after ring", "before write", "within write", "after write", "read back", "before note",
         "after note")  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_run_that_dies_at_any_step_is_gone_on_with(step: str, times: int) -> None:
    world = World(12, Random(times))
    met = [0]

    def trouble(here: str) -> None:
        if here == step:
            met[0] += 1
            if met[0] == times:
                raise Killed(here)

    world.trouble = trouble
    with suppress(Killed):
        world.run()
    assert world.opened() == world.plain, "both keys open all the while"
    world.trouble = lambda here: None
    world.run()
    assert world.opened() == world.plain and set(world.keys()) == {NEW}
    assert max(Counter(world.writes).values()) == 1, "nothing is sealed twice"


@pytest.mark.parametrize("seed", chosen(range(1_000), 40))
def test_whatever_happens_every_value_opens_and_comes_under_the_newest_key(seed: int) -> None:
    """Kills, lost replies, deletions, and records that a sync brings meanwhile, sealed with the newest key."""
    random = Random(seed)
    world = World(random.randrange(0, 30), random)

    def trouble(step: str) -> None:
        if random.random() < 0.1:
            raise Killed(step) if random.random() < 0.5 else OrgUnavailable("emea", step, "Try again.")

    for _ in range(8):
        world.trouble = trouble
        with suppress(Killed, OrgUnavailable):
            world.run()
        world.trouble = lambda step: None
        assert world.opened() == world.plain
        if world.rows and random.random() < 0.5:
            name = random.choice(sorted(world.rows))
            del world.plain[world.rows.pop(name).key]
        if random.random() < 0.5:
            number = 1_000 + random.randrange(1_000)
            key, name = f"K{number}", f"003{random.randrange(40):015d}"
            if name not in world.rows and key not in world.plain:
                world.plain[key] = ("123-45-9999", None)
                world.rows[name] = There(key, name, world.sealed(key, world.plain[key], 2))
    world.run()
    assert world.opened() == world.plain and set(world.keys()) <= {NEW}
    used = in_use(world.ring, world.sealed_values(PART))
    assert destroyed(world.ring, OLD, {*used.live, *used.binned}).keys[0].wrapped == ""


def test_a_rotation_begins_a_new_key_once() -> None:
    assert wants_epoch(None, KeyRing(route="R")) and wants_epoch(None, ONE)
    assert not wants_epoch(None, TWO), "the newest has sealed nothing: a run died right after it was made"
    under_way = Renewal(epoch=2, after="003")
    used = announced(TWO, 5)
    assert not wants_epoch(under_way, used)
    assert wants_epoch(under_way.model_copy(update={"done": True}), used)
    assert wants_epoch(Renewal(epoch=1), used), "that one was about an older key"
    assert begun(under_way, used) == under_way and begun(Renewal(epoch=1, after="003"), used) == Renewal(
        epoch=2
    )
    with pytest.raises(ValueError, match="no key that seals"):
        begun(None, KeyRing(route="R"))


def test_what_lies_in_the_recycle_bin_needs_its_key_too() -> None:
    world = World(3, Random(1))
    rows = [(number == 0, row.values) for number, row in enumerate(world.rows.values())]
    stranger = seal_key("aa" * 8, bytes(32))
    (foreign,) = seal(
        stranger, Place("hq", "Contact", "SSN__c"), ["1"], ["K0"], randoms=world.random.randbytes
    )
    used = in_use(TWO, [*rows, (False, (None, "in the clear")), (False, (foreign, None))])
    assert used.binned == {OLD: 1} and used.live == {OLD: 4} and used.foreign == 1
    only = in_use(TWO, rows[:1])
    assert {*only.binned} == {OLD} and only.live == {}


def test_people_are_told_what_still_needs_which_key() -> None:
    def epoch(number: int, state: str, live: int, binned: int) -> Epoch:
        return Epoch(epoch=number, key_id=OLD, made=NOW, state=state, live=live, binned=binned)

    epochs = (
        epoch(1, "opens", 0, 0),
        epoch(2, "opens", 0, 1),
        epoch(3, "seals", 9, 0),
        epoch(4, "destroyed", 0, 0),
    )
    done = KeyRotation(
        route="R", target="emea", sobject="Contact", epochs=epochs, seen=9, renewed=7, left=2, foreign=1
    )
    text = keys_markdown(done)
    assert [each.epoch for each in done.needless] == [1]
    assert (
        "keys of epoch 1 any more" in text and "**2 records stay" in text and "**1 values name a key" in text
    )
