"""Nouns of backups: what of an org goes out, what lies where, and what vouches for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field

from tasks.value import Value

FORMAT = "bulkhead backup 1"
ID = "Id"
DELETED = "IsDeleted"
STAMP = "SystemModstamp"
NAMED = r"^\d{8}T\d{6}Z-(full|increment)$"
"""How a backup is named."""


class BackupKind(StrEnum):
    FULL = "full"
    INCREMENT = "increment"


class Column(Value):
    """A field that goes into a backup. `to` are the objects that a lookup may lead to."""

    name: str
    type: str
    to: tuple[str, ...] = ()


class Shape(Value):
    """What the scanner sees of an object, and which of its fields it does not read."""

    name: str
    columns: tuple[Column, ...]
    unread: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def stamped(self) -> bool:
        return STAMP in self.names


class SealedFile(Value):
    """
    A file of a backup as it lies there, enciphered. `size` and `sha256` are of the ciphertext; `version` is S3's own, empty
    elsewhere. `wrapped` is the file's data key under KMS, base64; `second` is the same key under the second KMS key, empty
    where there is none.
    """

    path: str
    version: str = ""
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    wrapped: str = Field(repr=False)
    second: str = Field(default="", repr=False)


class ObjectBackup(Value):
    """
    The rows of one object. `digest` is over the rows in their order, in the clear. `mark` is the SystemModstamp up to which
    all is surely in this backup or an earlier one, never later than its beginning; None for an object without. `counted` is what the org itself says it has.
    """

    shape: Shape
    file: SealedFile
    rows: int = Field(ge=0)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    mark: datetime | None = None
    counted: int | None = None


class MetadataBackup(Value):
    """A zip of component files, by kind. `digest` is over paths and contents in their order, in the clear."""

    file: SealedFile
    components: dict[str, int]
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class BodiesBackup(Value):
    """
    A zip of bodies of files, each under the id of its version; many files are in several of these. `digest` is over ids and
    hashes in their order, in the clear; `bytes` how long the bodies are.
    """

    part: str = Field(pattern=r"^files-\d{4,}\.zip$")
    file: SealedFile
    files: int = Field(ge=0)
    bytes: int = Field(ge=0)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(Value):
    """
    What a backup holds. Times are the org's own. `base` is the full backup that an increment belongs to (itself for a full
    one), `previous` the digest of the manifest before it, empty for an org's first.
    """

    format: str = FORMAT
    id: str = Field(pattern=NAMED)
    org: str
    org_id: str
    kind: BackupKind
    base: str
    began: datetime
    ended: datetime
    key: str
    """The KMS key under which the data keys are wrapped."""
    second_key: str | None = None
    """Another one under which they are wrapped too: with either of them alone all of it opens."""
    locked_until: datetime | None
    objects: tuple[ObjectBackup, ...]
    metadata: MetadataBackup | None
    bodies: tuple[BodiesBackup, ...] = ()
    """Of an increment those of what changed since the one before."""
    gaps: dict[str, str] = Field(default_factory=dict)
    """What could not be read, and why."""
    missing: tuple[str, ...] = ()
    """Objects that belong to a backup and of which this one has nothing: each is a gap."""
    previous: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")

    def context(self, part: str) -> dict[str, str]:
        """What KMS and the cipher bind a file to."""
        return context_of(self.org, self.id, part)

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.objects)

    @property
    def size(self) -> int:
        """Bytes of all files as they lie there."""
        files = [each.file for each in (*self.objects, self.metadata, *self.bodies) if each is not None]
        return sum(file.size for file in files)


def context_of(org: str, backup: str, part: str) -> dict[str, str]:
    return {"bulkhead:org": org, "bulkhead:backup": backup, "bulkhead:part": part}


class SignedManifest(Value):
    """A manifest as its canonical text, with a signature over that very text."""

    manifest: str
    key_id: str
    signature: str = Field(pattern=r"^([0-9a-f]{2})+$")


class Problem(Value):
    """Something in a backup that is not as it was written."""

    backup: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.backup}, {self.where}: {self.what}"


class BackupDone(Value):
    """What one backup came to. `seconds` is how long it took, `removed` which older ones ended with it."""

    org: str
    id: str
    kind: BackupKind
    rows: int
    objects: int
    components: int
    bodies: int = 0
    """Files whose contents were kept."""
    size: int
    seconds: float
    calls: int
    gaps: dict[str, str]
    removed: tuple[str, ...] = ()


class DrillOrder(Value):
    """
    What a plan lets into a sandbox: one backup, by the digest of its manifest. `rows` are the records of its files, those of
    increments counted again; `order` is the number of the order, larger than any before.
    """

    backup: str = Field(pattern=NAMED)
    manifest: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: int = Field(ge=0)
    order: int = Field(ge=1)


class Restorable(Value):
    """A backup that a drill is asked for, as its manifest says. `chain` are it and what it builds on, oldest first."""

    org: str
    target: str
    backup: str
    manifest: str
    chain: tuple[str, ...]
    rows: int
    objects: tuple[str, ...]
    missing: tuple[str, ...]
    began: datetime
    stands: DrillOrder | None
    """The order about this org that stands in the sandbox."""
    next_order: int


class KeyLoss(Value):
    """
    What is left of an org's backups without one key of KMS. `recovered` is the newest backup that opens whole with the
    others, empty where none does; all of it was opened and compared, in `rto`, and `rpo` is its age. `stands` says what KMS
    itself does with the key today.
    """

    key: str
    stands: Literal["in use", "gone"]
    files: int
    unreadable: int
    recovered: str = ""
    rows: int = 0
    problems: tuple[str, ...] = ()
    out_of_reach: bool = False
    """Whether the place itself encrypts under it, so that a second key alone helps nobody."""
    rpo: timedelta | None = None
    rto: timedelta | None = None


class KeyLossDone(Value):
    """A key-loss drill: `newest` is the org's last backup, which has to open whichever key is lost."""

    org: str
    newest: str
    backups: int
    losses: tuple[KeyLoss, ...]

    @property
    def good(self) -> bool:
        return bool(self.losses) and all(
            each.recovered == self.newest and not each.problems for each in self.losses
        )

    @property
    def rpo(self) -> timedelta | None:
        return _worst(each.rpo for each in self.losses)

    @property
    def rto(self) -> timedelta | None:
        return _worst(each.rto for each in self.losses)


def _worst(spans: Iterable[timedelta | None]) -> timedelta | None:
    """None where one is not known, which is the worst."""
    found = [*spans]
    known = [each for each in found if each is not None]
    return max(known) if known and len(known) == len(found) else None


class BackupProof(Value):
    """
    What the ledger says of an org's backups, by our own clock: when the last was made, when one was restored last and whether
    all of it came back, and when the loss of a key was tried last and whether the newest backup outlived it.
    """

    made: datetime
    restored: datetime | None = None
    restored_well: bool = False
    key_lost: datetime | None = None
    key_survived: bool = False


class Drill(Value):
    """A restore drill that is under way in a sandbox: what lies there since `began` and is the enforcer's goes again."""

    org: str
    target: str
    backup: str
    began: datetime
    objects: tuple[str, ...]
    """Parents first."""

    def with_left(self, before: "Drill | None") -> "Drill":
        """Reaches back to an earlier one of which something is left there."""
        if before is None:
            return self
        # What only that one made leads to nothing of this one, so it goes last.
        only = tuple(name for name in before.objects if name not in self.objects)
        return self.model_copy(
            update={"began": min(self.began, before.began), "objects": (*only, *self.objects)}
        )


class ObjectDrill(Value):
    """
    One object in a drill. `refused` counts records that the sandbox did not take, by the code of the refusal; `left_out` are
    columns that were not restored, `differing` records that came out otherwise than they were, `missing` those that did not
    come at all though the sandbox took them. `kept` is False for an object that the backup should have and has not. `opened` is
    True for one that no drill may restore, since nothing removes it again: all of it was read and is what was written.
    """

    name: str
    rows: int
    restored: int
    refused: dict[str, int] = Field(default_factory=dict)
    equal: int = 0
    differing: int = 0
    missing: int = 0
    left_out: tuple[str, ...] = ()
    kept: bool = True
    opened: bool = False

    @property
    def good(self) -> bool:
        return self.kept and (self.opened or self.equal == self.rows)

    def with_refusals(self, more: dict[str, int]) -> "ObjectDrill":
        counts = {code: self.refused.get(code, 0) + more.get(code, 0) for code in {*self.refused, *more}}
        return self.model_copy(update={"refused": counts})


class DrillDone(Value):
    """`rpo` is the age of what was restored when the drill began, `rto` the time until all of it was there and compared."""

    org: str
    target: str
    backup: str
    chain: tuple[str, ...]
    objects: tuple[ObjectDrill, ...]
    rpo: timedelta
    rto: timedelta
    removed: int
    left: int
    """Records of the drill that could not be removed again."""

    @property
    def good(self) -> bool:
        return bool(self.objects) and self.left == 0 and all(each.good for each in self.objects)
