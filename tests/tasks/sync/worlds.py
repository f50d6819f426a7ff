"""Two orgs in memory behind the sync's hands: a source that changes, a target that refuses, and a process that dies anywhere."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from tasks.encryption.keys import KeyRing, OpenKeys, with_epoch
from tasks.sync.cursor import opened, outlived
from tasks.sync.hands import Hands
from tasks.sync.model import Batch, Column, Cursor, Held, Record, Rules, Way
from tasks.sync.profile import Profile
from tasks.sync.sealing import Seals
from tasks.sync.target_gateway import Refusal, There

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
OVERLAP = timedelta(minutes=5)
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
    ),
    removes=True,
)
Cells = Sequence[str | None]


class Killed(BaseException):
    """kill -9, as far as the code in between can tell: nothing catches it."""


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def record(
    number: int, at: datetime, name: str = "Ada", secret: str | None = "123-45-6789", deleted: bool = False
) -> Record:
    return Record(f"003{number:015d}", stamp(at), deleted, f"K{number}", (name, secret))


@dataclass
class World:
    """`trouble` is asked before and after everything that goes over the wire or to the disk, by the name of the step."""

    records: dict[str, Record] = field(default_factory=dict)
    hidden: dict[str, Record] = field(default_factory=dict)
    """Written in transactions that have not ended."""
    target: dict[str, tuple[str, list[str | None], datetime]] = field(default_factory=dict)
    """By key: id, cells, and when it was written."""
    writes: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    """Refused by jobs, and only by those."""
    state: Cursor = field(default_factory=Cursor)
    lately: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, Held] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    now: datetime = NOW
    trouble: Callable[[str], None] = lambda step: None
    alter: Callable[[str, list[str | None]], list[str | None]] = lambda key, cells: cells
    refusing: Callable[[str], str | None] = lambda key: None
    """A code for a record that is refused this once; the last try of the hands is the one that is told."""
    watch: Callable[[str, list[str | None]], None] = lambda key, cells: None
    """Told every write and every removal (no cells) at the moment at which it happens."""

    def change(self, each: Record) -> None:
        self.records[each.id] = each

    # -- the source

    def read(self, rules: Rules, where: str, limit: int, way: Way) -> list[Record]:
        self.trouble("read")
        found = sorted((r for r in self.records.values() if _in(where, r)), key=lambda r: (r.stamp, r.id))
        return found[:limit]

    def read_again(self, rules: Rules, ids: Sequence[str]) -> list[Record]:
        return [self.records[name] for name in ids if name in self.records]

    # -- the target

    def send(self, rules: Rules, rows: Sequence[Cells]) -> dict[str, Refusal]:
        self.trouble("before send")
        refused = {}
        for key, *cells in rows:
            if (code := self.refuse.get(str(key)) or self.refusing(str(key))) is not None:
                refused[str(key)] = Refusal(code)
                continue
            self._write(str(key), list(cells))
        self.trouble("after send")
        return refused

    def send_in_bulk(
        self, rules: Rules, parts: Iterator[Sequence[Cells]], note: Callable[[str], None]
    ) -> dict[str, Refusal]:
        note("750")
        rows = [row for part in parts for row in part]
        refused = self.send(rules, [row for row in rows if row[0] not in self.locked])
        return refused | {name: Refusal("UNABLE_TO_LOCK_ROW", (), True) for name in self.locked}

    def _write(self, key: str, cells: list[str | None]) -> None:
        self.watch(key, cells)
        known = self.target.get(key)
        self.target[key] = (known[0] if known else f"t-{key}", self.alter(key, cells), self.now)
        self.writes.append(key)

    def settle(self, job: str) -> None:
        self.trouble("settle")

    def remove(self, ids: Sequence[str]) -> dict[str, Refusal]:
        self.trouble("before remove")
        for key in [key for key, (name, _, _) in self.target.items() if name in ids]:
            self.watch(key, [])
            del self.target[key]
        self.trouble("after remove")
        return {}

    def found(self, rules: Rules, keys: Sequence[str]) -> Iterator[list[There]]:
        self.trouble("read back")
        yield [self._there(key) for key in keys if key in self.target]

    by_keys = found

    def written(self, rules: Rules, since: datetime) -> Iterator[list[There]]:
        yield [self._there(key) for key, (_, _, at) in self.target.items() if at >= since]

    def _there(self, key: str) -> There:
        name, cells, _ = self.target[key]
        return There(key, name, tuple(cells))

    def forget(self) -> None:
        return

    # -- what is kept

    def quarantine(self) -> dict[str, Held]:
        return dict(self.waiting)

    def carried(self, ids: Iterable[str]) -> dict[str, str]:
        return {name: self.lately[name] for name in ids if name in self.lately}

    def cursor(self) -> Cursor:
        return self.state

    def put(self, cursor: Cursor) -> None:
        self.trouble("before put")
        self.state = cursor
        self.trouble("after put")

    def verified(
        self,
        batch: Batch,
        cursor: Cursor,
        carried: Mapping[str, str],
        horizon: datetime | None,
        held: Iterable[Held],
        healed: Iterable[str],
    ) -> None:
        self.trouble("before verified")
        self.state = cursor
        for name in [] if horizon is None else [*outlived(self.lately, horizon)]:
            self.lately.pop(name)
        self.lately |= carried
        for name in healed:
            self.waiting.pop(name, None)
        self.waiting |= {each.id: each for each in held}
        self.batches.append(batch)
        self.trouble("after verified")

    # -- runs

    def open_window(self) -> None:
        self.state = opened(self.state, self.now)


class TargetSide:
    """The target's clock is asked as `now()`; the world's own `now` is the moment itself."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        return self._world.now

    def __getattr__(self, name: str) -> object:
        return getattr(self._world, name)


def hands(
    world: World,
    *,
    rules: Rules = RULES,
    check: Callable[[Profile], tuple[str, ...]] = lambda profile: (),
    impersonal: bool = False,
) -> Hands:
    ring = with_epoch(KeyRing(route=rules.route), "00112233445566ff", "wrapped", NOW)
    keys = OpenKeys(lambda kept: b"k" * 32, lambda: 0.0)
    random = Random(7)
    seals = Seals(rules, ring, keys, lambda changed: None, random.randbytes)
    side: object = TargetSide(world)
    return Hands(
        source=world,
        target=side,  # type: ignore[arg-type]  # the world answers what it does not
        state=world,
        seals=seals,
        check=check,
        digest_key=b"d" * 32,
        overlap=OVERLAP,
        impersonal=impersonal,
    )


def in_clear(world: World, rules: Rules = RULES) -> dict[str, list[str | None] | None]:
    """The target's records by key, opened."""
    seals = hands(world, rules=rules).seals
    return {key: seals.opened([key], [cells])[0] for key, (_, cells, _) in world.target.items()}


def _in(where: str, each: Record) -> bool:
    """The few conditions that windows are made of; fails for one that it does not know."""
    left = where
    for pattern, holds in _CONDITIONS:
        while found := re.search(pattern, left):
            if not holds(each, *found.groups()):
                return False
            left = left[: found.start()] + left[found.end() :]
    assert left.replace("AND", "").strip() == "", left
    return True


_CONDITIONS: tuple[tuple[str, Callable[..., bool]], ...] = (
    (
        r"\(SystemModstamp > (\S+) OR \(SystemModstamp = \S+ AND Id > '(\w+)'\)\)",
        lambda each, at, name: (each.stamp, each.id) > (at, name),
    ),
    (r"SystemModstamp < (\S+)", lambda each, at: each.stamp < at),
    (r"SystemModstamp >= (\S+)", lambda each, at: each.stamp >= at),
    (r"IsDeleted = false", lambda each: not each.deleted),
)
