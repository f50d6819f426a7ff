"""Nouns of masking: what kind of personal data a field holds, which fields of an object are masked, and what was found left."""

from datetime import datetime
from enum import StrEnum

from tasks.value import Value


class Kind(StrEnum):
    """What a field holds, which decides how its values are made up. Kinds are part of plans: they are added, never renamed."""

    FIRST_NAME = "first-name"
    LAST_NAME = "last-name"
    FULL_NAME = "full-name"
    """First name and last name in one field: made of the two that the others would become."""
    COMPANY = "company"
    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    """Social security and tax numbers, IBANs, payment cards, account and document numbers: the value says which."""
    BAND = "band"
    """An amount or a score: it stays in its band."""
    DATE = "date"
    """A day: its year stays."""
    STREET = "street"
    CITY = "city"
    POSTAL_CODE = "postal-code"
    URL = "url"
    TEXT = "text"
    """Free text, which may hold anything: all of it is replaced."""
    FILE_NAME = "file-name"
    """What stands before the last dot is replaced."""
    CHOICE = "choice"
    """A value of a list: the first one that may still be chosen."""
    COORDINATE = "coordinate"
    """A latitude or a longitude: a corner of its field of five degrees."""


KEYED = frozenset(
    {
        Kind.FIRST_NAME,
        Kind.LAST_NAME,
        Kind.FULL_NAME,
        Kind.COMPANY,
        Kind.EMAIL,
        Kind.STREET,
        Kind.URL,
        Kind.TEXT,
        Kind.FILE_NAME,
    }
)
"""Kinds whose fakes carry a mark that only the key makes. The others have no room for one."""


class Rule(Value):
    """How one field of an object is masked. `length` in characters; 0 where the type has none. `scale` in decimals."""

    field: str
    kind: Kind
    type: str
    length: int = 0
    scale: int = 0
    unique: bool = False
    choices: tuple[str, ...] = ()


class MaskedObject(Value):
    """
    The rules of one object, and what they found: `rows` records, `open` of which hold something that is no fake, and how
    many of each field do.
    """

    sobject: str
    rules: tuple[Rule, ...]
    rows: int = 0
    open: int = 0
    open_fields: dict[str, int] = {}
    left_out: tuple[str, ...] = ()
    """Fields that should be masked and cannot be, with why."""

    @property
    def key(self) -> str:
        """How a plan names it: the object, and each field with its kind."""
        return f"{self.sobject}/{','.join(f'{rule.field}={rule.kind.value}' for rule in self.rules)}"


class Origin(Value):
    """
    What an org says about itself. A refresh of a sandbox makes a new org: its id changes, and so does the day it was made.
    """

    org_id: str
    sandbox: bool
    created: datetime | None = None


class SandboxSeen(Value):
    """
    A sandbox as one look found it. `proven` is the org that was proven clean last, `seen` the one for which plans were
    drafted last.
    """

    org: str
    now: Origin
    proven: Origin | None
    seen: Origin | None


class CleanProof(Value):
    """That a sandbox was scanned whole and nothing real was found."""

    origin: Origin
    at: datetime | None
    """By our own clock; None for what was noted before that was."""


class Automations(Value):
    """What would run, or refuse, when records of an object are written. Names only; None for what could not be read."""

    triggers: dict[str, tuple[str, ...]] | None = None
    """By object."""
    validation_rules: dict[str, tuple[str, ...]] | None = None
    """By object."""
    workflow_rules: dict[str, tuple[str, ...]] | None = None
    """By object, active or not: what lists them does not say. They may send mail and messages to elsewhere."""
    duplicate_rules: dict[str, tuple[str, ...]] | None = None
    """By object, active or not."""
    flows: tuple[str, ...] | None = None
    """Active ones that start with a record, of whatever object."""


class Copied(Value):
    """What a copy of production brought along: counts alone."""

    users: int = 0
    apps: int = 0
    certificates: int = 0


class SandboxReading(Value):
    """What a plan is made from."""

    org: str
    origin: Origin
    visible: dict[str, int] = {}
    """Records that we see, by object."""
    objects: tuple[MaskedObject, ...] = ()
    automations: Automations
    copied: Copied
    files: int = 0
    """Files and attachments, whose contents nobody masks."""
    unread: tuple[str, ...] = ()
    """Objects that could not be read, with why."""
    passed_over: tuple[str, ...] = ()
    """Objects that people fill and that are not looked at."""


class Residual(Value):
    """What looks real in one field. Counts only: values never leave the task that read them."""

    field: str
    pattern: str
    records: int


class ScanReport(Value):
    """`compared` counts the values of production that were looked for, as keyed hashes; 0 where none were."""

    org: str
    origin: Origin
    at: datetime
    fields: int
    records: int
    residuals: tuple[Residual, ...]
    compared: int = 0
    unread: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()

    def with_part(self, other: "ScanReport") -> "ScanReport":
        """With what was found in other objects of the org."""
        return self.model_copy(
            update={
                "at": other.at,
                "fields": self.fields + other.fields,
                "records": self.records + other.records,
                "residuals": (*self.residuals, *other.residuals),
                "unread": tuple(dict.fromkeys((*self.unread, *other.unread))),
                "passed_over": tuple(dict.fromkeys((*self.passed_over, *other.passed_over))),
            }
        )

    @property
    def clean(self) -> bool:
        """What could not be read is not clean."""
        return not self.residuals and not self.unread
