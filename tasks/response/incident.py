"""The incident playbook as a graph of plays with a clock, and what the logs say of what was really read."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from tasks.response.model import Standing
from tasks.usage.model import Operation, Tally, Traffic
from tasks.value import Value


class Play(Value):
    """
    One play of the playbook. It begins when those `after` which it comes are done, and should be done `within` so long after the
    detection.
    """

    name: str
    what: str
    after: tuple[str, ...] = ()
    within: timedelta


PLAYBOOK = (
    Play(name="contain", what="The actor is kept out.", within=timedelta(hours=1)),
    Play(
        name="collect",
        what="Which objects and fields were read and changed, from where, by whom else.",
        after=("contain",),
        within=timedelta(hours=2),
    ),
    Play(name="notify", what="Who has to know is told.", after=("contain",), within=timedelta(hours=2)),
    Play(
        name="eradicate",
        what="What the actor came in by is no good any more.",
        after=("contain",),
        within=timedelta(hours=4),
    ),
    Play(
        name="recover",
        what="What was taken is given back, once a person says that it is safe.",
        after=("collect", "eradicate"),
        within=timedelta(hours=24),
    ),
    Play(
        name="report",
        what="One page says all of it.",
        after=("collect", "notify", "eradicate"),
        within=timedelta(hours=24),
    ),
)
"""Containment comes first and waits for nothing (NIST SP 800-61r2 section 3.3.1); the hours are ours, from the detection on."""


class PlayState(StrEnum):
    DONE = "done"
    WAITS = "waits"
    """For a person."""
    FAILED = "failed"
    BLOCKED = "blocked"
    """A play that it comes after failed."""


class Played(Value):
    """What became of one play. `at` is our own clock; `late` says that it ended behind its time."""

    play: str
    state: PlayState
    at: datetime
    said: str
    late: bool


class Touched(Value):
    """One object as the actor used it since the first event. `fields` are those that logged queries name; `times` counts calls."""

    sobject: str
    operation: Operation
    fields: tuple[str, ...] = ()
    times: int
    addresses: tuple[str, ...] = ()
    last: datetime | None = None


class Reach(Value):
    """
    What the actor could have read against what the logs show. `readable` are objects that its rights open; None where these do not
    show. `unseen` says what no log tells yet: of that nothing is known.
    """

    readable: tuple[str, ...] | None
    touched: tuple[Touched, ...]
    addresses: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    """Other user names that signed in from the same addresses; our own come last and say so."""
    unseen: tuple[str, ...] = ()
    through: datetime | None = None
    """When the latest log file appeared that was read."""

    @property
    def read(self) -> tuple[str, ...]:
        return tuple(sorted({t.sobject for t in self.touched if t.operation is Operation.READ}))

    @property
    def changed(self) -> tuple[str, ...]:
        quiet = (Operation.READ, Operation.OTHER)
        return tuple(sorted({t.sobject for t in self.touched if t.operation not in quiet}))

    @property
    def spared(self) -> tuple[str, ...] | None:
        """Objects that were open to the actor and that no log shows it reading. None where that is not known."""
        return None if self.readable is None else tuple(sorted({*self.readable} - {*self.read}))


class Incident(Value):
    """All of one incident, as its report shows it."""

    standing: Standing
    detected: datetime
    since: datetime
    plays: tuple[Played, ...]
    reach: Reach | None = None


def in_order(playbook: Sequence[Play]) -> tuple[Play, ...]:
    """Each behind those that it comes after. Raises ValueError for a circle and for a play that is not there."""
    done: dict[str, Play] = {}
    left = list(playbook)
    while left:
        ready = [play for play in left if done.keys() >= {*play.after}]
        if not ready:
            raise ValueError(
                f"these plays wait for each other or for none: {', '.join(p.name for p in left)}"
            )
        done |= {play.name: play for play in ready}
        left = [play for play in left if play.name not in done]
    return tuple(done.values())


def play_all(
    playbook: Sequence[Play],
    moves: Mapping[str, Callable[[], tuple[PlayState, str]]],
    detected: datetime,
    clock: Callable[[], datetime],
    excuse: Callable[[Exception], str],
) -> tuple[Played, ...]:
    """
    Every play in its order. One that fails blocks what comes after it and nothing else; one that waits for a person blocks nothing.

    `excuse` words an error without anybody's data.
    """
    done: dict[str, Played] = {}
    for play in in_order(playbook):
        broken = [name for name in play.after if done[name].state in (PlayState.FAILED, PlayState.BLOCKED)]
        if broken:
            state, said = PlayState.BLOCKED, f"{' and '.join(broken)} came to nothing"
        else:
            try:
                state, said = moves[play.name]()
            except Exception as error:  # one play that fails must not hide the others
                state, said = PlayState.FAILED, excuse(error)
        at = clock()
        done[play.name] = Played(
            play=play.name, state=state, at=at, said=said, late=at > detected + play.within
        )
    return tuple(done.values())


def _beside(names: Collection[str], own: Collection[str]) -> tuple[str, ...]:
    others = sorted(name for name in names if name not in own)
    return (*others, *(f"{name} (our own)" for name in sorted(names) if name in own))


def reach_of(
    traffic: Traffic,
    username: str,
    readable: Iterable[str] | None,
    beside: Iterable[str],
    since: datetime,
    own: Iterable[str] = (),
) -> Reach:
    """
    What the logs say of one actor since a moment. `own` are names of our own users in lower case. They come from where we run,
    which is no news; but a stolen key of ours would show here, too.
    """
    ours = [tally for tally in traffic.since if tally.user == username and tally.answered]
    addresses = {at for tally in ours for at in tally.answered_at}
    addresses |= {each.address for each in traffic.sign_ins if each.user == username and each.succeeded}
    unseen = list(traffic.hidden)
    if traffic.newest is None or traffic.newest < since:
        unseen.append(
            "no event log file of this time came yet, so calls do not show; run this again when it came"
        )
    elif not traffic.hourly:
        unseen.append("this org gives daily files alone, so calls of today do not show before tomorrow")
    return Reach(
        readable=None if readable is None else tuple(sorted(readable)),
        touched=tuple(sorted((_touched(tally) for tally in ours), key=lambda t: (t.operation, t.sobject))),
        addresses=tuple(sorted(each for each in addresses if each)),
        beside=_beside({name.lower() for name in beside} - {username}, frozenset(own)),
        unseen=tuple(unseen),
        through=traffic.newest,
    )


def _touched(tally: Tally) -> Touched:
    return Touched(
        sobject=tally.call.sobject,
        operation=tally.call.operation,
        fields=tuple(sorted(tally.call.fields)),
        times=tally.answered,
        addresses=tuple(sorted(tally.answered_at)),
        last=tally.last_answered,
    )
