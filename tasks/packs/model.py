"""Nouns of audit packs: a quarter, what a pack holds, what its narrative says, and what became of checking one."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, model_validator

from tasks.audit.model import Severity, Verdict
from tasks.ledger.model import Algorithm, Head
from tasks.ledger.model import Verdict as LedgerVerdict
from tasks.value import Value

_MONTHS = 3
QUARTER = r"^\d{4}-Q[1-4]$"


class Quarter(Value):
    """Three months of the calendar in UTC; `until` is the first instant that is no longer in it."""

    name: str = Field(pattern=QUARTER)

    @classmethod
    def of(cls, at: datetime) -> "Quarter":
        at = at.astimezone(UTC)
        return cls(name=f"{at.year:04}-Q{(at.month - 1) // _MONTHS + 1}")

    @classmethod
    def ended_before(cls, at: datetime) -> "Quarter":
        """The last one that is over."""
        this = cls.of(at)
        return this._moved(-1)

    @property
    def since(self) -> datetime:
        year, number = int(self.name[:4]), int(self.name[-1])
        return datetime(year, (number - 1) * _MONTHS + 1, 1, tzinfo=UTC)

    @property
    def until(self) -> datetime:
        return self._moved(1).since

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until

    def _moved(self, by: int) -> "Quarter":
        count = int(self.name[:4]) * 4 + int(self.name[-1]) - 1 + by
        return Quarter(name=f"{count // 4:04}-Q{count % 4 + 1}")


class PackedFile(Value):
    """`sha256` in hexadecimal over its bytes, `size` in bytes."""

    path: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*$", max_length=120)
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(Value):
    """What is in a pack, in the order in which it is there; the signature is over this. `head` is where its ledger ends."""

    format: str
    estate: str
    quarter: str = Field(pattern=QUARTER)
    made_at: str
    key_id: str = Field(min_length=1)
    head: Head
    files: tuple[PackedFile, ...]

    @model_validator(mode="after")
    def _names_each_once(self) -> "Manifest":
        if len({each.path for each in self.files}) != len(self.files):
            raise ValueError("a file is named twice")
        return self


class Signature(Value):
    """Over the digest of the manifest."""

    key_id: str = Field(min_length=1)
    algorithm: Algorithm
    signature: str = Field(pattern=r"^([0-9a-f]{2})+$")


class Fault(Value):
    """Something in a pack that is not as it was written; `where` is a file of it, or the pack itself."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class PackVerdict(Value):
    """
    What became of checking a pack. `ledger` is None where its ledger could not be read at all; `pinned` says whether the
    checker brought keys along: without, only the pack's own word vouches for the key that signed it.
    """

    estate: str
    quarter: str
    made_at: str
    files: int
    key_id: str
    pinned: bool
    ledger: LedgerVerdict | None
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        return not self.faults


class OrgStanding(Value):
    """One control in one org, at the first and the last assessment of the quarter; None where there was none."""

    org: str
    opening: Verdict | None
    closing: Verdict | None
    reason: str
    failing: tuple[str, ...]
    """What still failed at the end, as `resource: what is wrong`."""


class Yes(Value):
    """One approval of a plan. Whether a signature counts is judged when a plan is applied; here is whether there is one."""

    approver: str
    at: datetime
    signed: bool
    emergency: bool


class ChangeStory(Value):
    """One change of a plan for a control, with what the ledger says became of it; None where it does not."""

    plan: str
    title: str
    number: int
    org: str
    resource: str
    why: str
    effect: str
    before: str
    after: str
    requester: str
    approvals: tuple[Yes, ...]
    attempted: datetime | None
    verified: datetime | None
    stopped: str
    undoes: str
    """Digest of the plan that it takes back; empty where it takes none back."""


class Asked(Value):
    """A requirement of a framework that a control speaks to."""

    framework: str
    requirement: str
    title: str


class Risk(Value):
    """A failure that somebody accepted, with until when and what it covers."""

    org: str
    resource: str
    owner: str
    reason: str
    expires: str
    state: str


class ControlStory(Value):
    """One control over the quarter, and its sentences for people."""

    id: str
    title: str
    layer: str
    severity: Severity
    source: str
    remediation: str
    standing: tuple[OrgStanding, ...]
    changes: tuple[ChangeStory, ...]
    risks: tuple[Risk, ...]
    asked_by: tuple[Asked, ...]
    sentences: tuple[str, ...]


class Exercise(Value):
    """A test or a rehearsal of the quarter, as the ledger has it."""

    kind: str
    about: str
    at: datetime
    result: str
    entry: int


class Narrative(Value):
    """
    All that a pack tells about its quarter. `gaps` are what it cannot tell, each with the reason; an auditor reads them first.
    """

    estate: str
    quarter: str
    since: datetime
    until: datetime
    made_at: datetime
    opening: datetime | None
    closing: datetime | None
    controls: tuple[ControlStory, ...]
    tests: tuple[Exercise, ...]
    rehearsals: tuple[Exercise, ...]
    entries: int
    """Entries of the ledger within the quarter."""
    gaps: tuple[str, ...]


class Pack(Value):
    """A pack that was made: where it is, the SHA-256 of the file in hexadecimal, and how many files are in it."""

    path: Path
    sha256: str
    files: int
    narrative: Narrative
