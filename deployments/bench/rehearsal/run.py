"""Plays every attack on the ground: before hardening, after it, and with each layer really taken away."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect.context import refresh_global_settings_context

from deployments import server
from deployments.bench.rehearsal.ground import Ground
from deployments.bench.rehearsal.hardening import applied, jobs, taken_back
from deployments.bench.rehearsal.watch import POLL, Watch, looked
from deployments.settings import Home
from tasks.anomalies.steps import REFUSED, settle_wanted
from tasks.orgs import load_estate
from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.matrix import Matrix, Taken
from tasks.rehearsal.model import Attack, Layer, Played
from tasks.rehearsal.play import play
from tasks.rehearsal.steps import publish_matrix

Tell = Callable[[str], None]
BEFORE, HARDENED = "before", "hardened"
BREACH = "stolen-key"
_FRIDAY, _EVENING, _MONDAY, _MORNING = 4, 19, 0, 9
_REVIEWED = (
    "Before hardening nobody watches: what is seen is seen by the weekly review on Monday at nine, as in the article, whose theft began "
    "on Friday evening. That review is assumed and not played; every other figure is measured."
)
_NOT_PLAYED = (
    "just-in-time access and encryption are not in the table: no plan takes standing rights of people away, and platform encryption "
    "shows fields to everybody whose rights show them, so neither would change a figure; sealed routes hold values that no attack of "
    "the catalogue opens",
    "mutual TLS of routes that have none yet takes days of overlap, so the network layer is addresses alone here",
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
        self._attacks = tuple(each for each in at_hand(ground) if not only or each.name in only)
        self._see_all = see_all
        self._plans: list[Taken] = []

    def run(self) -> Matrix:
        """Leaves the ground as it was. Raises what planning and applying raise."""
        began = time.monotonic()
        self._ground.save("untouched")
        try:
            self._ground.prepare()
            self._ground.advance(until_friday(self._ground.now(), self._zone()))
            self._ground.save(BEFORE)
            before = self._reviewed(self._column(BEFORE, hardened=False))
            self._harden()
            after = self._column(HARDENED)
            without = {layer: self._without(layer) for layer in self._layers}
            made = Matrix(
                estate=load_estate().name,
                at=self._ground.now(),
                before=before,
                after=after,
                without=without,
                plans=tuple(self._plans),
                reviewed=_REVIEWED,
                left_out=(*_NOT_PLAYED, *self._lacking()),
                seconds=round(time.monotonic() - began, 1),
            )
        finally:
            self._ground.restore("untouched")
            self._ground.forget()
        publish_matrix(made)
        return made

    def _zone(self) -> str:
        return load_estate().org(self._ground.loot[BREACH].org).time_zone

    def _lacking(self) -> list[str]:
        return [
            f"{each.name} was not played: this estate has nothing for it to begin with"
            for each in attacks()
            if each.name not in self._ground.loot
        ]

    def _harden(self) -> None:
        for layer, planners in jobs(load_estate(), self._ground.loot).items():
            if layer is Layer.ROTATION:
                self._ground.save(without(layer))
            for name, job in planners.items():
                began = time.monotonic()
                digest, changes = applied(job)
                self._plans.append(Taken(layer=layer, job=name, digest=digest, changes=changes))
                self._tell(f"{layer.value}: {name} changed {changes} in {time.monotonic() - began:.0f} s")
        self._look_round()
        self._ground.save(HARDENED)

    def _look_round(self) -> None:
        """
        What hardening did is told before any attack begins. It is no attack, so nobody is contained for it, and who would be is said.
        """
        for org in sorted({self._ground.loot[each.name].org for each in self._attacks}):
            for wanted in looked(org).wanted:
                settle_wanted.fn(wanted, f"{REFUSED}it was the hardening of a rehearsal")
                self._tell(f"hardening {org} made detections agree about {wanted.facts.username}")

    def _without(self, layer: Layer) -> tuple[Played, ...]:
        point = without(layer)
        if layer is Layer.DETECTION:
            point = HARDENED
        elif layer is Layer.ROTATION:
            # What was revoked does not come back, so it is left out instead.
            self._ground.restore(point)
            self._look_round()
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


def one_play(
    ground: Ground,
    attack: Attack,
    *,
    hardened: bool,
    lost: Layer | None,
    watched: bool,
    see: bool = False,
) -> Played:
    """Where it is `watched`, with `see` also when it got nowhere."""
    loot = ground.loot[attack.name]
    watch = Watch(ground, loot.org, ground.now()).of(loot) if watched else None
    with ground.caller(loot) as caller:
        outcomes = play(attack, caller, ground.advance if watch is None else watch.wait)
    seen, by, contained = None, "", False
    if watch is not None:
        if watch.seen.at is None and (see or any(each.reached for each in outcomes)):
            watch.wait(POLL)
        began = next((each.at for each in outcomes if each.at is not None), None)
        if watch.seen.at is not None and began is not None:
            seen, by = watch.seen.at - began, watch.seen.by
        contained = bool(watch.seen.contained)
    return Played(
        attack=attack.name,
        title=attack.title,
        org=loot.org,
        actor=loot.username,
        hardened=hardened,
        lost=lost,
        outcomes=outcomes,
        seen=seen,
        by=by,
        contained=contained,
    )


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


def measure(seed: int, users: int, tell: Tell, *, layers: Collection[Layer] = tuple(Layer)) -> Matrix:
    """Makes an estate and the product beside it in a folder of their own, and throws both away again."""
    root = Path(tempfile.mkdtemp(prefix="bulkhead-bench-"))
    home, before = Home(root / "home"), dict(os.environ)
    try:
        port = server.free_port(None)
        server.up(home, port=port, users=users, seed=seed, schedules=False, tell=tell)
        home.enter(port)
        return Rehearsal(Ground(home.estate, home), tell, layers=layers).run()
    finally:
        server.down(home)
        os.environ.clear()
        os.environ.update(before)
        refresh_global_settings_context()
        shutil.rmtree(root, ignore_errors=True)
