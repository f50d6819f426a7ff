"""
Worlds where orgs have copies of a credential: of a client secret, or of which app and which of their own keys they sign with.

As in worlds.py everything fails and dies on order; each call to an org that has a copy is one more place for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tasks.credentials.deliveries import days_for
from tasks.credentials.delivering import SIGNS, Copy, DeliveringHands, SignedByOrgHands
from tasks.credentials.model import SignIn
from tasks.credentials.places import Secret, StagedHands, mark_of
from tasks.credentials.rotate import Hands, Progress, go_on
from tasks.credentials.severing import SeveringHands
from tasks.errors import CloudError, LoginRefused, OrgError, OrgUnavailable
from tasks.estate.model import Delivery, RotatedCredential
from tasks.estate.model_rotation import RotationPolicy
from tests.tasks.credentials.openings import MemoryOpenings
from tests.tasks.credentials.worlds import (
    DAYS,
    SECRET,
    START,
    Clock,
    Faults,
    Killed,
    MemoryBook,
    MemoryPortal,
    MemoryVault,
    Program,
)

T = TypeVar("T")
OURS = "Bulkhead_"


def _away(org: str) -> OrgUnavailable:
    return OrgUnavailable(org, "no answer in time", "Try again later.")


@dataclass
class MemoryApps:
    """Two apps that take one public key each, and the key pairs of the org that signs: by name, what is public of them."""

    clock: Clock
    apps: dict[str, tuple[str, str]] = field(
        default_factory=lambda: {"App_A": ("key-a", "public-0"), "App_B": ("key-b", "nobody")}
    )
    pairs: dict[str, str] = field(default_factory=lambda: {"First": "public-0"})
    entered: list[SignIn] = field(default_factory=list)
    shut_out: list[SignIn] = field(default_factory=list)
    closed: frozenset[str] = frozenset()
    """Apps that let nobody in, whatever he shows."""
    made: int = 0
    faults: Faults = field(default_factory=Faults)

    def now(self) -> datetime:
        return self.clock.now

    def own_key(self) -> str:
        return "rotator"

    seen_by_place = True

    def hurdle(self) -> str:
        return ""

    def accepted(self) -> frozenset[str]:
        return self._call(lambda: frozenset(mark_of(*each) for each in self.apps.values()))

    def mark(self, value: Secret) -> str | None:
        return mark_of(value["consumerKey"], value["certificate"])

    def place(self, value: Secret) -> str:
        return next((name for name, (key, _) in self.apps.items() if key == value["consumerKey"]), "")

    def certificate(self, value: Secret) -> None:
        return None

    def make(self, current: Secret) -> Secret:
        raise AssertionError("the key is the org's")

    def make_held(self, current: Secret, token: str) -> Secret:
        rest = next(name for name in self.apps if name != self.place(current))
        name = f"{OURS}{token[:16]}"
        self._call(lambda: self._make(name))
        public = self._call(lambda: self.pairs[name])
        return {**current, "consumerKey": self.apps[rest][0], SIGNS: name, "certificate": public}

    def give(self, value: Secret) -> None:
        self._call(lambda: self._take(value, value["certificate"]))

    def void(self, value: Secret) -> None:
        if value[SIGNS].startswith(OURS):
            self._call(lambda: self.pairs.pop(value[SIGNS], None))
        self._call(lambda: self._take(value, "nobody"))

    def sign_in(self, value: Secret) -> None:
        if self._call(lambda: self.pairs.get(value[SIGNS])) != value["certificate"]:
            raise LoginRefused("hq", "its key pair is another one", "Order anew.", "KEY_DIFFERS")
        if self.mark(value) not in self.accepted():
            raise LoginRefused("hq", "the app takes another key", "Wait.", "KEY_DIFFERS")

    def sign_ins(self, since: datetime) -> tuple[SignIn, ...]:
        return self._call(lambda: tuple(each for each in self.entered if each.at >= since))

    def accepts(self, shown: tuple[str | None, str | None]) -> bool:
        key, name = shown
        public = self.pairs.get(name or "")
        return any(held == key and taken == public for held, taken in self.apps.values())

    def enter(self, shown: tuple[str | None, str | None], address: str) -> bool:
        app = next(name for name, (key, _) in self.apps.items() if key == shown[0])
        tried = SignIn(app=app, username="sync", address=address, at=self.clock.now)
        right = self.accepts(shown) and app not in self.closed
        (self.entered if right else self.shut_out).append(tried)
        return right

    def _make(self, name: str) -> None:
        if name not in self.pairs:
            self.made += 1
            self.pairs[name] = f"public-{self.made}"

    def _take(self, value: Secret, public: str) -> None:
        app = self.place(value)
        self.apps[app] = self.apps[app][0], public

    def _call(self, work: Callable[[], T]) -> T:
        return self.faults.around(lambda: _away("emea"), work)


@dataclass
class MemoryCopies:
    """What the orgs hold. `shows` says whether the part of a secret copy that tells which it is can be read."""

    door: Any
    secret: bool
    held: dict[str, Secret] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    shows: bool = True
    down: frozenset[str] = frozenset()
    faults: Faults = field(default_factory=Faults)

    def copy(self, delivery: Delivery) -> Copy:
        return self._call(delivery, lambda: self._look(delivery.name))

    def bring(self, delivery: Delivery, value: Secret) -> None:
        self._call(delivery, lambda: self.held.update({delivery.name: dict(value)}))
        if self.secret and self.shows:
            self._call(delivery, lambda: self.shown.update({delivery.name: value["consumerKey"]}))

    def sign_ins(self, since: datetime) -> tuple[SignIn, ...]:
        found: tuple[SignIn, ...] = self.door.sign_ins(since)
        return found

    def refusals(self, since: datetime) -> tuple[SignIn, ...]:
        return tuple(each for each in getattr(self.door, "shut_out", ()) if each.at >= since)

    def _look(self, place: str) -> Copy:
        if self.secret:
            return Copy(self.shown.get(place) if self.shows else None, tells=False)
        return Copy(self.held[place]["consumerKey"], self.held[place][SIGNS])

    def _call(self, delivery: Delivery, work: Callable[[], T]) -> T:
        if delivery.org in self.down:
            raise _away(delivery.org)
        return self.faults.around(lambda: _away(delivery.org), work)


@dataclass
class Caller:
    """An org that signs in with its copy, at most every `pause`."""

    delivery: Delivery
    last: datetime | None = None
    failures: list[datetime] = field(default_factory=list)
    calls: int = 0


@dataclass
class HeldWorld:
    """Everything that survives a death of the rotator. `apps` where orgs sign, `portal` where they hold a secret."""

    clock: Clock
    vault: MemoryVault
    copies: MemoryCopies
    book: MemoryBook
    credential: RotatedCredential
    callers: list[Caller]
    programs: list[Program]
    apps: MemoryApps | None = None
    portal: MemoryPortal | None = None
    days: RotationPolicy = DAYS
    urgent: bool = False

    def __post_init__(self) -> None:
        self.openings = MemoryOpenings(self.clock, self._accepts)

    def run(self, faults: Faults | None = None) -> Progress | None:
        """One run of the rotator; None where it did not live to tell, or could not even look."""
        parts: list[Any] = [self.vault, self.copies, self.book, self.apps or self.portal, self.openings]
        for part in parts:
            part.faults = faults or Faults()
        if faults is not None:
            for part in parts:
                part.faults = faults
        try:
            return go_on(
                SECRET, self.credential.kind, self._hands(), self.book, self.days, lambda seen: False
            )
        except (Killed, CloudError, OrgError):
            return None
        finally:
            for part in parts:
                part.faults = Faults()
            self.whole()

    def whole(self) -> None:
        """At every moment one version is current and signs in, and so does every org, with its copy."""
        _, value = self.vault.current
        assert self._accepts(value), "what is stored as current cannot sign in"
        if not self.urgent:
            for caller in self.callers:
                assert self._accepts(self.copies.held[caller.delivery.name]), "an org is cut off"

    def work(self) -> None:
        for program in self.programs:
            assert self.portal is not None, "only a secret has other consumers"
            program.work(self.vault, self.portal)
        for caller in self.callers:
            if caller.last is None or self.clock.now >= caller.last + caller.delivery.pause:
                caller.last = self.clock.now
                caller.calls += 1
                if not self._enter(self.copies.held[caller.delivery.name]):
                    caller.failures.append(self.clock.now)

    def go_to(self, day: float) -> None:
        self.clock.now = max(self.clock.now, START + timedelta(days=day))

    @property
    def day(self) -> float:
        return (self.clock.now - START) / timedelta(days=1)

    @property
    def steady(self) -> bool:
        """One truth: nothing is open, every copy is the current one, and nothing else signs in or is left over."""
        _, value = self.vault.current
        labels = [labels for _, labels, _ in self.vault.kept.values()]
        return (
            self.book.open_rotation() is None
            and not any("AWSPENDING" in each for each in labels)
            and all(each["consumerKey"] == value["consumerKey"] for each in self.copies.held.values())
            and self._alone(value)
        )

    def _alone(self, value: Secret) -> bool:
        if self.portal is not None:
            return self.portal.other() is None and value["consumerKey"] == self.portal.main().key
        assert self.apps is not None
        alive = [name for name in self.apps.pairs if name.startswith(OURS)]
        signing = [each[SIGNS] for each in self.copies.held.values()]
        taken = sum(public in self.apps.pairs.values() for _, public in self.apps.apps.values())
        return signing == [value[SIGNS]] * len(signing) and alive in ([], [value[SIGNS]]) and taken == 1

    def _accepts(self, value: Secret) -> bool:
        if self.apps is not None:
            return self.apps.accepts((value["consumerKey"], value[SIGNS]))
        assert self.portal is not None
        return self.portal.accepts(value)

    def _enter(self, value: Secret) -> bool:
        if self.apps is not None:
            return self.apps.enter((value["consumerKey"], value[SIGNS]), "192.0.2.77")
        assert self.portal is not None
        try:
            self.portal.enter(value, "192.0.2.77")
        except LoginRefused:
            return False
        return True

    def _hands(self) -> Hands:
        inner: Hands
        if self.apps is not None:
            inner = SignedByOrgHands(self.credential, self.vault, self.apps, self.days)
        else:
            assert self.portal is not None
            inner = StagedHands(self.credential, self.vault, self.portal, self.days)
        around = SeveringHands("hq", self.vault, inner, self.openings)
        return DeliveringHands(self.credential, self.vault, around, self.copies)


def a_held_world(
    *,
    secret: bool,
    pauses: tuple[timedelta, ...] = (timedelta(days=1),),
    programs: tuple[Program, ...] = (),
    skew: timedelta = timedelta(0),
    shows: bool = True,
) -> HeldWorld:
    """One copy per pause, in one org where it signs with its own keys, in an org each where it is a secret."""
    clock = Clock(skew=skew)
    vault = MemoryVault(clock)
    portal = MemoryPortal(clock) if secret else None
    apps = None if secret else MemoryApps(clock)
    value: Secret = (
        {"consumerKey": "key-0", "consumerSecret": "secret-0"}
        if secret
        else {"consumerKey": "key-a", SIGNS: "First", "certificate": "public-0"}
    )
    vault.create(value, START)
    deliveries = [
        {
            "org": f"org-{number}" if secret else "emea",
            "named_credential": f"Sync_{number}",
            "external_credential": f"Sync_{number}_Auth",
            "principal": "Sync" if secret else None,
            "addresses": ["192.0.2.77/32"],
            "pause": pause,
        }
        for number, pause in enumerate(pauses)
    ]
    consumers = [
        {"name": p.name, "principal": p.name, "addresses": [f"{p.address}/32"], "cache": p.cache}
        for p in programs
    ]
    credential = RotatedCredential.model_validate(
        {
            "secret": SECRET,
            "org": "hq",
            "kind": "client-secret" if secret else "key-pair",
            "apps": ["Feed"] if secret else ["App_A", "App_B"],
            "consumers": consumers,
            "deliveries": deliveries,
        }
    )
    copies = MemoryCopies(portal or apps, secret, shows=shows)
    for each in credential.deliveries:
        copies.held[each.name] = dict(value)
        copies.shown[each.name] = value["consumerKey"]
    callers = [Caller(each) for each in credential.deliveries]
    book = MemoryBook(Faults())
    world = HeldWorld(
        *(clock, vault, copies, book, credential, callers, list(programs)),
        apps=apps,
        portal=portal,
        days=days_for(credential, DAYS),
    )
    world.work()
    return world
