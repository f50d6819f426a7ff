"""Nouns of the sync: what goes where, how far it is, and what became of each batch."""

from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import Field

from tasks.estate.model import Expected
from tasks.value import Value

Way = Literal["collections", "bulk"]
"""How records go: 200 to a call, or as CSV of a job."""


class Column(Value):
    """A field of the target and the field of the source that fills it. Types are those of describes, lengths in letters."""

    name: str
    source: str
    sealed: bool = False
    indexed: bool = False
    """Holds a blind index of the source's value."""
    type: str = "string"
    source_type: str = "string"
    length: int = 0


class Rules(Value):
    """
    What goes on a route: everything else stays. `key` is the field of the source that becomes `external_id`.

    `contract` is by field of the target.
    """

    route: str
    source: str
    target: str
    sobject: str
    key: str
    external_id: str
    columns: tuple[Column, ...]
    removes: bool = False
    contract: dict[str, Expected] = {}

    @property
    def asked(self) -> tuple[str, ...]:
        """Fields of the source, each once."""
        return tuple(dict.fromkeys(column.source for column in self.columns))

    @property
    def sealed(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.sealed)


class Record(NamedTuple):
    """
    One record of the source as texts, in one form for JSON and CSV; `values` in the order of the rules' columns.

    `stamp` is its SystemModstamp in the form of SOQL, `key` what it is found by in the target.
    """

    id: str
    stamp: str
    deleted: bool
    key: str | None
    values: tuple[str | None, ...]


class Position(Value):
    """The last record of what is done: all that is not behind it in the order of (SystemModstamp, Id)."""

    stamp: str
    id: str


class Underway(Value):
    """
    A batch that was about to be sent. `since` is the target's own time before that; `job` the bulk job, once there is one.
    """

    number: int
    since: datetime
    job: str = ""


class Cursor(Value):
    """
    How far a route is. `carried` is the source's own time up to which all is done; `until` the end of the window that is
    open, `after` the last verified record in it. `unsure` is set once a batch of the window was interrupted: since then
    something may stand in the target that no batch vouches for, and each one looks before it sends. For records that change
    meanwhile move others from one batch to the next.
    """

    carried: datetime | None = None
    until: datetime | None = None
    after: Position | None = None
    batches: int = Field(default=0, ge=0)
    underway: Underway | None = None
    unsure: datetime | None = None


class Held(Value):
    """
    A record in quarantine: the org's code for the refusal, or ours, and the fields it is about. Never a value.

    `stamp` is the state of the record that was refused.
    """

    id: str
    code: str
    fields: tuple[str, ...] = ()
    stamp: str
    tries: int = 1
    since: datetime


class Counts(Value):
    """
    Of a batch or a run. `read` came from the source; `known` of them were carried before in this state; `right` stood in the
    target already. `healed` left the quarantine.
    """

    read: int = 0
    known: int = 0
    right: int = 0
    sent: int = 0
    removed: int = 0
    held: int = 0
    healed: int = 0
    verified: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            **{name: getattr(self, name) + getattr(other, name) for name in type(self).model_fields}
        )


class Batch(Value):
    """What became of one batch; its checksum is that of what should be in the target, and was seen there."""

    number: int
    path: Way
    counts: Counts
    checksum: str
    last: bool
    """Whether the window is carried with it."""


class Ahead(Value):
    """The window that a run carries, and how many records changed in it."""

    until: datetime
    changed: int
    path: Way


class Renewal(Value):
    """
    How far the values of a target are sealed anew under one epoch. `after` is the id of the last record of the target that is
    done; `seen`, `renewed` and `left` count records, `left` those that stay under an older key: they do not open, or the org
    refuses them.
    """

    epoch: int = Field(ge=1)
    after: str = ""
    seen: int = 0
    renewed: int = 0
    left: int = 0
    done: bool = False


class InUse(Value):
    """
    How many values of a target each key of a route has sealed: `live` in records, `binned` in the recycle bin, by key id.
    `foreign` are values that look sealed and name no key of the ring.
    """

    live: dict[str, int] = {}
    binned: dict[str, int] = {}
    foreign: int = 0


class Look(Value):
    """What a rotation saw in the end, under the key of `epoch`."""

    epoch: int
    used: InUse


class OldKey(Value):
    """A key of a route that seals no more. `needed` is None where nobody has looked at the target since it was replaced."""

    key_id: str
    epoch: int
    made: datetime
    needed: int | None


class Epoch(Value):
    """One key of a route for people: its state, and how many values of the target it has sealed, as they were counted."""

    epoch: int
    key_id: str
    made: datetime
    state: str
    live: int
    binned: int


class KeyRotation(Value):
    """A whole rotation of a route's data keys: counts, never values. `grant` is the one whose rights it took."""

    route: str
    target: str
    sobject: str
    epochs: tuple[Epoch, ...]
    seen: int
    renewed: int
    left: int
    foreign: int
    grant: str = ""

    @property
    def needless(self) -> tuple[Epoch, ...]:
        """Old keys that no value needs any more, in the recycle bin either."""
        return tuple(each for each in self.epochs if each.state == "opens" and not each.live + each.binned)


class Lineage(Value):
    """A whole run of a route, for people and for the ledger: counts, never values."""

    route: str
    source: str
    target: str
    sobject: str
    until: datetime
    path: Way
    batches: int
    counts: Counts
    waiting: int
    """Records in quarantine after it."""
    calls: dict[str, int]
    """API calls by org."""
    grant: str = ""
