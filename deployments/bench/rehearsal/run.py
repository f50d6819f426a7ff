"""Plays every attack on the ground: before hardening, after it, and with each layer really taken away."""

import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deployments import server
from deployments.bench.rehearsal.ground import Ground
from deployments.bench.rehearsal.hardening import Job, applied, jobs, taken_back
from deployments.bench.rehearsal.playing import one_play
from deployments.bench.rehearsal.watch import looked
from deployments.bench.rehearsal.year import year_of_leaks
from deployments.settings import Home, on_its_own
from tasks.anomalies.steps import REFUSED, settle_wanted
from tasks.orgs import load_estate
from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.matrix import Matrix, Taken
from tasks.rehearsal.model import Attack, Layer, Played
from tasks.rehearsal.steps import publish_matrix

Tell = Callable[[str], None]
UNTOUCHED, BEFORE, HARDENED = "untouched", "before", "hardened"
BREACH = "stolen-key"
_FRIDAY, _EVENING, _MONDAY, _MORNING = 4, 19, 0, 9
_REVIEWED = (
    "Before hardening nobody watches: what is seen is seen by the weekly review on Monday at nine, as in the article, whose theft began "
    "on Friday evening. That review is assumed and not played; every other figure is measured."
)
_TO_KNOW = (
    "encryption is what a route seals on its way; platform encryption shows fields to everybody whose rights show them, and changes no "
    "figure here",
    "just-in-time access is that of a route between its runs; no plan takes standing rights of people away",
)


class Rehearsal:
    """
    One rehearsal on one ground. `only` names attacks; `layers` those to take away. When an attack was seen that got nowhere is looked
    up for all, or to save time for the breach alone (`see_all`).
    """

    def __init__(
        self,
        ground: Ground,
        tell: Tell,
        *,
        only: Collection[str] = (),
        layers: Collection[Layer] = tuple(Layer),
        see_all: bool = True,
    ) -> None:
        self._ground = ground
        self._tell = tell
        self._layers = [layer for layer in Layer if layer in layers]
        self._only = only
        self._attacks: tuple[Attack, ...] = ()
        self._see_all = see_all
        self._plans: list[Taken] = []
        self._idle: list[str] = []
        self._before: tuple[Played, ...] = ()
        self._after: tuple[Played, ...] = ()
        self._leaks_before: tuple[Played, ...] = ()
        self._leaks_after: tuple[Played, ...] = ()

    def run(self) -> Matrix:
        """Leaves the ground as it was. Raises what planning and applying raise."""
        began = time.monotonic()
        self._ground.save(UNTOUCHED)
        try:
            self.begin()
            self.on_friday(BEFORE)
            self.attack_unhardened()
            self.harden(jobs(self._ground.folder, load_estate(), self._ground.loot))
            self.attack_hardened()
            without = {layer: self._without(layer) for layer in self._layers if self._stands(layer)}
            made = self.matrix(without, time.monotonic() - began)
        finally:
            self._ground.restore(UNTOUCHED)
            self._ground.forget()
        publish_matrix(made)
        return made

    def begin(self) -> None:
        """What attacks begin with is laid out."""
        self._ground.prepare()
        self._attacks = tuple(
            each for each in at_hand(self._ground) if not self._only or each.name in self._only
        )

    def on_friday(self, point: str) -> None:
        """Attacks that go back to this point begin on a Friday evening, as the article's did."""
        self._ground.advance(until_friday(self._ground.now(), self._zone()))
        self._ground.save(point)

    def attack_unhardened(self) -> None:
        self._before = self._reviewed(self._column(BEFORE, hardened=False))
        self._leaks_before = self._leaked(BEFORE, hardened=False)
        self._ground.restore(BEFORE)

    def attack_hardened(self) -> None:
        self._after = self._column(HARDENED)
        self._leaks_after = self._leaked(HARDENED, hardened=True)
        self._ground.restore(HARDENED)

    def matrix(self, without: Mapping[Layer, tuple[Played, ...]], seconds: float) -> Matrix:
        """What came of it. Both rounds of attacks were played."""
        return Matrix(
            estate=load_estate().name,
            at=self._ground.now(),
            before=self._before,
            after=self._after,
            without=without,
            leaks_before=self._leaks_before,
            leaks_after=self._leaks_after,
            plans=tuple(self._plans),
            reviewed=_REVIEWED,
            left_out=(*_TO_KNOW, *self._idle, *self._lacking()),
            seconds=round(seconds, 1),
        )

    def _leaked(self, point: str, *, hardened: bool) -> tuple[Played, ...]:
        known = {each.name: each for each in self._attacks}
        played = year_of_leaks(self._ground, point, known, hardened=hardened)
        reached = ", ".join(each.attack for each in played if each.rows) or "none"
        self._tell(f"of {len(played)} leaked credentials, used within a year, reach data: {reached}")
        return played

    def _zone(self) -> str:
        return load_estate().org(self._ground.loot[BREACH].org).time_zone

    def _lacking(self) -> list[str]:
        return [
            f"{each.name} was not played: this estate has nothing for it to begin with"
            for each in attacks()
            if each.name not in self._ground.loot
        ]

    def harden(self, work: Mapping[Layer, Mapping[str, Job]]) -> None:
        """Raises what planning and applying raise."""
        self.apply(work)
        self.settle()

    def apply(self, work: Mapping[Layer, Mapping[str, Job]]) -> None:
        """Layer by layer, each plan when the one before it is applied. Raises what planning and applying raise."""
        for layer, planners in work.items():
            if layer is Layer.ROTATION:
                self._carry()
                self._ground.save(without(layer))
            for name, job in planners.items():
                began = time.monotonic()
                digest, changes = applied(job)
                self._plans.append(Taken(layer=layer, job=name, digest=digest, changes=changes))
                if not changes:
                    self._idle.append(f"{layer.value}: {name} had nothing to change")
                self._tell(f"{layer.value}: {name} changed {changes} in {time.monotonic() - began:.0f} s")

    def settle(self) -> None:
        """Attacks on what is hardened begin here."""
        self._look_round()
        self._ground.save(HARDENED)

    def _carry(self) -> None:
        began = time.monotonic()
        verified = self._ground.carried.carry()
        self._plans.append(Taken(layer=Layer.ENCRYPTION, job="sync-route", changes=verified))
        self._tell(
            f"{Layer.ENCRYPTION.value}: sync-route sealed {verified:,} records in {time.monotonic() - began:.0f} s"
        )

    def _look_round(self) -> None:
        """
        What hardening did is told before any attack begins. It is no attack, so nobody is contained for it, and who would be is said.
        """
        for org in sorted({self._ground.loot[each.name].org for each in self._attacks}):
            for wanted in looked(org).wanted:
                settle_wanted.fn(wanted, f"{REFUSED}it was the hardening of a rehearsal")
                self._tell(f"hardening {org} made detections agree about {wanted.facts.username}")

    def _stands(self, layer: Layer) -> bool:
        """Whether hardening made it: a column without what never was would show what all layers show."""
        made = layer is Layer.DETECTION or any(each.layer is layer and each.changes for each in self._plans)
        if not made:
            self._idle.append(f"{layer.value} was not lost: nothing here was hardened by it")
        return made

    def _without(self, layer: Layer) -> tuple[Played, ...]:
        point = without(layer)
        if layer is Layer.DETECTION:
            point = HARDENED
        elif layer is Layer.ROTATION:
            # What was revoked does not come back, so it is left out instead.
            self._ground.restore(point)
            self._look_round()
            self._ground.save(point)
        elif layer is Layer.ENCRYPTION:
            self._ground.restore(HARDENED)
            self._ground.carried.copy_in_clear()
            self._ground.save(point)
        else:
            self._ground.restore(HARDENED)
            for each in reversed([plan for plan in self._plans if plan.layer is layer and plan.changes]):
                taken_back(each.digest)
            self._ground.save(point)
        return self._column(point, lost=layer)

    def _column(self, point: str, *, hardened: bool = True, lost: Layer | None = None) -> tuple[Played, ...]:
        """Every attack from the same saved point; nobody watches before hardening, nor where detection is lost."""
        watched = hardened and lost is not Layer.DETECTION
        self._ground.restore(point)
        self._tell(
            f"{'hardened' if hardened else 'before hardening'}{f' without {lost.value}' if lost else ''}:"
        )
        played = []
        for attack in self._attacks:
            # When it was seen counts where all layers stand; without one, what got nowhere has nothing to be contained.
            see = lost is None and (self._see_all or attack.name == BREACH)
            one = one_play(self._ground, attack, hardened=hardened, lost=lost, watched=watched, see=see)
            played.append(one)
            self._tell(f"  {attack.name}: {one.rows:,} rows, {one.where or 'nothing stopped it'}")
            # What a watch has told once it does not tell again, so it has to forget, too.
            if watched or any(each.reached for each in one.outcomes):
                self._ground.restore(point)
        return tuple(played)

    def _reviewed(self, played: tuple[Played, ...]) -> tuple[Played, ...]:
        zone = self._zone()
        found = []
        for each in played:
            began = next((outcome.at for outcome in each.outcomes if outcome.at is not None), None)
            seen = None if began is None else until_review(began, zone)
            found.append(each.model_copy(update={"seen": seen, "by": "the weekly review"}))
        return tuple(found)


def at_hand(ground: Ground) -> tuple[Attack, ...]:
    """Those whose loot this estate has; the breach that it is all about comes first."""
    found = [attack for attack in attacks() if attack.name in ground.loot]
    return tuple(sorted(found, key=lambda each: each.name != BREACH))


def without(layer: Layer) -> str:
    """The name of the point at which a layer is gone."""
    return f"without-{layer.value}"


def until_friday(now: datetime, zone: str) -> timedelta:
    """Until the next Friday evening there; nothing where it is one."""
    return _until(now, zone, _FRIDAY, _EVENING)


def until_review(now: datetime, zone: str) -> timedelta:
    """Until the next Monday morning there."""
    return _until(now, zone, _MONDAY, _MORNING)


def _until(now: datetime, zone: str, weekday: int, hour: int) -> timedelta:
    local = now.astimezone(ZoneInfo(zone))
    then = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    then += timedelta(days=(weekday - local.weekday()) % 7)
    if then < local:
        then += timedelta(days=7)
    return then - local


@on_its_own()
def measure(seed: int, users: int, tell: Tell, *, layers: Collection[Layer] = tuple(Layer)) -> Matrix:
    """Makes an estate and the product beside it in a folder of their own, and throws both away again."""
    root = Path(tempfile.mkdtemp(prefix="bulkhead-bench-"))
    home = Home(root / "home")
    try:
        port = server.free_port(None)
        server.up(home, port=port, users=users, seed=seed, schedules=False, tell=tell)
        home.enter(port)
        return Rehearsal(Ground(home.estate, home), tell, layers=layers).run()
    finally:
        server.down(home)
        shutil.rmtree(root, ignore_errors=True)
