"""
Worlds to rotate in: Secrets Manager and an org's staged credentials in memory, that fail and die on order, and consumers.

`test_rotation_on_the_wire.py` holds them against the embedded estate: the same calls have to give the same answers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from tasks.credentials.deliveries import GiveBack
from tasks.credentials.history import (
    Body,
    History,
    back_note,
    begin_note,
    end_note,
    give_back_note,
    order_note,
    step_note,
    told,
)
from tasks.credentials.model import Order, Rotation, SecretRead, Seen, SignIn
from tasks.credentials.places import Kept, Pair, Secret, StagedHands, TurningHands
from tasks.credentials.rotate import Occupied, Progress, go_on
from tasks.credentials.rotation import GRACE, STAGED, Act, Begin, End, Kind
from tasks.credentials.severing import SeveringHands
from tasks.errors import CloudError, LoginRefused, OrgError, OrgUnavailable, Throttled
from tasks.estate.model import Consumer, RotatedCredential
from tasks.estate.model_rotation import RotationPolicy
from tests.tasks.credentials.faults import START, Clock, Faults, Killed
from tests.tasks.credentials.openings import MemoryOpenings
from tests.tasks.credentials.turning_worlds import MemoryTurns

SECRET = "feed"
APP = "Feed"
DAYS = RotationPolicy()
T = TypeVar("T")


@dataclass
class MemoryVault:
    """One secret in Secrets Manager: versions are made once and never changed, labels move."""

    clock: Clock
    kept: dict[str, tuple[Secret, set[str], datetime]] = field(default_factory=dict)
    opened: list[SecretRead] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    down: bool = False
    managed: str = ""
    blind: bool = False

    def create(self, value: Secret, made: datetime) -> None:
        self.kept["first"] = (value, {"AWSCURRENT"}, made)

    def versions(self) -> tuple[Kept, ...]:
        return self._call(
            lambda: tuple(
                Kept(name, frozenset(labels), made) for name, (_, labels, made) in self.kept.items()
            )
        )

    def taken(self) -> str:
        return self._call(lambda: self.managed)

    def read(self, version: str) -> Secret | None:
        return self._call(lambda: dict(self.kept[version][0]) if version in self.kept else None)

    def put(self, token: str, value: Secret) -> None:
        self._call(lambda: self._put(token, value))

    def move(self, stage: str, to: str | None, source: str) -> None:
        self._call(lambda: self._move(stage, to, source))

    def reads(self, since: datetime) -> tuple[SecretRead, ...]:
        if self.blind:
            raise CloudError("AWS did not answer when asked to look up who opened secrets.")
        return self._call(lambda: tuple(each for each in self.opened if each.at >= since))

    def open_current(self, principal: str) -> Secret:
        """What a consumer does; it is on record."""
        if self.down:
            raise CloudError("the region is down")
        self.opened.append(SecretRead(principal=principal, at=self.clock.now + self.clock.skew))
        return dict(self.current[1])

    @property
    def current(self) -> tuple[str, Secret]:
        found = [(name, value) for name, (value, labels, _) in self.kept.items() if "AWSCURRENT" in labels]
        assert len(found) == 1, "AWSCURRENT is on exactly one version"
        return found[0]

    def _call(self, work: Callable[[], T]) -> T:
        if self.down:
            raise CloudError("the region is down")
        return self.faults.around(lambda: CloudError("AWS did not answer"), work)

    def _put(self, token: str, value: Secret) -> None:
        if token in self.kept:
            if self.kept[token][0] != value:
                raise CloudError("AWS refused to keep a new version (ResourceExistsException).")
            return
        for _, labels, _ in self.kept.values():
            labels.discard("AWSPENDING")
        self.kept[token] = (dict(value), {"AWSPENDING"}, self.clock.now + self.clock.skew)

    def _move(self, stage: str, to: str | None, source: str) -> None:
        if source not in self.kept or stage not in self.kept[source][1]:
            raise CloudError("AWS refused to move the label (InvalidParameterException).")
        self.kept[source][1].discard(stage)
        if to is None:
            return
        self.kept[to][1].add(stage)
        if stage == "AWSCURRENT":
            for _, labels, _ in self.kept.values():
                labels.discard("AWSPREVIOUS")
            self.kept[source][1].add("AWSPREVIOUS")


@dataclass
class MemoryPortal:
    """An External Client App: its main set, and one that is staged or was replaced."""

    clock: Clock
    pair: Pair = field(default_factory=lambda: Pair("key-0", "secret-0"))
    beside: Pair | None = None
    ends: datetime | None = None
    made: int = 0
    entered: list[SignIn] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    own: str = "rotator"
    slow: timedelta = timedelta(0)
    """How long a staged set takes to reach every server."""
    since: datetime = START
    blind: bool = False

    def first(self) -> Secret:
        return {"consumerKey": "key-0", "consumerSecret": "secret-0"}

    def now(self) -> datetime:
        return self.clock.now

    def own_key(self) -> str:
        return self.own

    def main(self) -> Pair:
        return self._call(lambda: self.pair)

    def other(self) -> Pair | None:
        return self._call(self._beside)

    def address(self) -> Secret:
        return {"baseUri": "https://feed.example", "appId": "0x1", "consumerId": "8881"}

    def stage(self) -> None:
        self._call(self.stage_now)

    def rotate(self, handle: str) -> None:
        self._call(lambda: self._rotate(handle))

    def discard(self, handle: str) -> None:
        self._call(lambda: self._discard(handle))

    def sign_in(self, value: Secret) -> None:
        self._call(lambda: self.enter(value, "192.0.2.200"))

    def sign_ins(self, since: datetime) -> tuple[SignIn, ...]:
        if self.blind:
            raise OrgUnavailable("hq", "no answer in time", "Try again later.")
        return self._call(lambda: tuple(each for each in self.entered if each.at >= since))

    def accepts(self, value: Secret) -> bool:
        sets = [self.pair, *([beside] if (beside := self._beside()) else [])]
        return (value.get("consumerKey"), value.get("consumerSecret")) in [(s.key, s.secret) for s in sets]

    def settled(self, current: Secret) -> bool:
        return self._beside() is None and current["consumerKey"] == self.pair.key

    def enter(self, value: Secret, address: str) -> None:
        fresh = self._beside()
        late = fresh is not None and fresh.state == "active" and value.get("consumerKey") == fresh.key
        if not self.accepts(value) or (late and self.clock.now < self.since + self.slow):
            raise LoginRefused("hq", "sign-in was refused (invalid_client)", "Check it.", "invalid_client")
        self.entered.append(SignIn(app=APP, username="sync", address=address, at=self.clock.now))

    def stage_now(self) -> None:
        if self._beside() is not None:
            raise Occupied
        self.made += 1
        self.beside = Pair(f"key-{self.made}", f"secret-{self.made}", f"staged-{self.made}", "active")
        self.since = self.clock.now

    def _beside(self) -> Pair | None:
        if self.ends is not None and self.clock.now >= self.ends:
            self.beside, self.ends = None, None
        return self.beside

    def _rotate(self, handle: str) -> None:
        staged = self._beside()
        if staged is None or staged.id != handle:
            raise OrgError("hq", "the org answered 404", "Look.", "NOT_FOUND")
        if staged.state != "active":
            raise OrgError("hq", "the org answered 400", "Look.", "INVALID_OPERATION")
        old, self.pair = self.pair, Pair(staged.key, staged.secret)
        self.beside = Pair(old.key, old.secret, staged.id, "rotated")
        self.ends = self.clock.now + GRACE

    def _discard(self, handle: str) -> None:
        if (beside := self._beside()) is not None and beside.id == handle:
            self.beside, self.ends = None, None

    def _call(self, work: Callable[[], T]) -> T:
        lost = [OrgUnavailable, Throttled]
        return self.faults.around(
            lambda: lost[self.faults.calls % 2]("hq", "no answer in time", "Try again later."), work
        )


class MemoryBook:
    """The ledger's pages, which die before or after each note as everything else may."""

    def __init__(self, faults: Faults) -> None:
        self.bodies: list[Body] = []
        self.faults = faults
        self._told = (0, History())

    def history(self) -> History:
        if self._told[0] != len(self.bodies):
            self._told = len(self.bodies), told(SECRET, self.bodies)
        return self._told[1]

    def open_rotation(self) -> Rotation | None:
        return self.history().open

    def ordered(self) -> Order | None:
        return self.history().ordered

    def made(self) -> frozenset[str]:
        return self.history().made

    def order(self, order: Order, at: datetime) -> None:
        self.bodies.append(order_note(order, at))

    def take_back(self, at: datetime) -> None:
        rotation = self.open_rotation()
        assert rotation is not None
        self.bodies.append(back_note(rotation, at))

    def begin(self, begin: Begin, order: Order, seen: Seen) -> None:
        self._note(begin_note(begin, order, seen))

    def about(self, act: Act, seen: Seen) -> None:
        self._step("about", act, seen)

    def done(self, act: Act, seen: Seen) -> None:
        self._step("done", act, seen)

    def refused(self, act: Act, seen: Seen) -> None:
        self._step("refused", act, seen)

    def end(self, end: End, seen: Seen) -> None:
        rotation = self.open_rotation()
        if rotation is not None:
            self._note(end_note(rotation, end, seen.now))

    def give_back(self, step: GiveBack, seen: Seen) -> None:
        rotation = self.open_rotation()
        if rotation is not None:
            self._note(give_back_note(rotation, step, seen.now))

    def _step(self, phase: str, act: Act, seen: Seen) -> None:
        rotation = self.open_rotation()
        if rotation is not None:
            self._note(step_note(phase, act, rotation, seen))

    def _note(self, body: Body) -> None:
        self.faults.around(lambda: CloudError("unreachable"), lambda: self.bodies.append(body))


@dataclass
class Program:
    """A consumer: reads the secret, keeps it for `cache`, and reads once more when it is refused (if it cooperates)."""

    name: str
    address: str
    cache: timedelta
    cooperates: bool = True
    held: Secret | None = None
    read_at: datetime = START
    failures: list[datetime] = field(default_factory=list)
    calls: int = 0

    def work(self, vault: MemoryVault, portal: MemoryPortal | MemoryTurns) -> None:
        now = vault.clock.now
        self.calls += 1
        if self.held is None or (self.cooperates and now >= self.read_at + self.cache):
            self._read(vault, now)
        assert self.held is not None
        try:
            portal.enter(self.held, self.address)
        except LoginRefused:
            if self.cooperates and self._read(vault, now):
                try:
                    portal.enter(self.held, self.address)
                    return
                except LoginRefused:
                    pass
            self.failures.append(now)

    def _read(self, vault: MemoryVault, now: datetime) -> bool:
        try:
            self.held = vault.open_current(self.name)
        except CloudError:
            return False
        self.read_at = now
        return True


@dataclass
class World:
    """Everything that survives a death of the rotator."""

    clock: Clock
    vault: MemoryVault
    portal: MemoryPortal | MemoryTurns
    book: MemoryBook
    programs: list[Program]
    credential: RotatedCredential
    days: RotationPolicy = DAYS
    waived: bool = False
    kind: Kind = STAGED

    def __post_init__(self) -> None:
        self.openings = MemoryOpenings(self.clock, self.portal.accepts)

    def run(self, faults: Faults | None = None) -> Progress | None:
        """One run of the rotator; None where it did not live to tell, or could not even look."""
        faults = faults or Faults()
        self.vault.faults = self.portal.faults = self.book.faults = self.openings.faults = faults
        hands: StagedHands | TurningHands
        if isinstance(self.portal, MemoryPortal):
            hands = StagedHands(self.credential, self.vault, self.portal, self.days)
        else:
            hands = TurningHands(self.credential, self.vault, self.portal, self.days)
        try:
            around = SeveringHands("hq", self.vault, hands, self.openings)
            return go_on(SECRET, self.kind, around, self.book, self.days, lambda seen: self.waived)
        except (Killed, CloudError, OrgError):
            return None
        finally:
            self.vault.faults = self.portal.faults = self.book.faults = self.openings.faults = Faults()
            self.whole()

    def whole(self) -> None:
        """What has to be so at every moment: one current version, and it signs in."""
        _, value = self.vault.current
        assert self.portal.accepts(value), "what is stored as current cannot sign in"

    def go_to(self, day: float) -> None:
        self.clock.now = max(self.clock.now, START + timedelta(days=day))

    def work(self) -> None:
        for program in self.programs:
            program.work(self.vault, self.portal)

    @property
    def day(self) -> float:
        return (self.clock.now - START) / timedelta(days=1)

    @property
    def steady(self) -> bool:
        """One truth: nothing is open, nothing is beside, the labels are where they belong."""
        _, value = self.vault.current
        labels = [labels for _, labels, _ in self.vault.kept.values()]
        return (
            self.book.open_rotation() is None
            and self.portal.settled(value)
            and not any("AWSPENDING" in each for each in labels)
        )


def a_world(
    programs: list[Program] | None = None,
    days: RotationPolicy = DAYS,
    *,
    skew: timedelta = timedelta(0),
    kind: Kind = STAGED,
) -> World:
    clock = Clock(skew=skew)
    vault = MemoryVault(clock)
    portal = MemoryPortal(clock) if kind == STAGED else MemoryTurns(clock, kind)
    vault.create({**portal.first(), "instanceUrl": "https://feed.example"}, START)
    programs = programs or [Program("user/feed", "192.0.2.1", timedelta(hours=1))]
    credential = RotatedCredential(
        secret=SECRET,
        org="hq",
        kind=kind,
        apps={"key-pair": ("a", "b"), "password": ()}.get(kind, (APP,)),
        users=("a", "b") if kind == "password" else (),
        route="Feed_Sync" if kind == "client-certificate" else None,
        consumers=tuple(
            Consumer.model_validate(
                {
                    "name": each.name,
                    "principal": each.name,
                    "addresses": [f"{each.address}/32"],
                    "cache": each.cache,
                }
            )
            for each in programs
        ),
    )
    world = World(clock, vault, portal, MemoryBook(Faults()), programs, credential, days, kind=kind)
    world.work()
    return world


def chance_faults(chance: Random) -> Faults:
    """One life of a rotator: where it dies, which answers are lost, what is throttled."""

    def some(most: int) -> frozenset[tuple[int, bool]]:
        return frozenset(
            (chance.randint(1, 70), chance.random() < 0.5) for _ in range(chance.randint(0, most))
        )

    return Faults(
        deaths=some(2),
        lost=some(2),
        throttled=frozenset(chance.randint(1, 70) for _ in range(chance.randint(0, 2))),
    )
