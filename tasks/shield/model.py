"""Nouns of platform encryption: schemes, what uses a field in a way that a scheme does not allow, and what an org has."""

from datetime import datetime, timedelta
from enum import StrEnum

from tasks.encryption.model import TenantSecret
from tasks.value import Value


class Scheme(StrEnum):
    """CustomField.encryptionScheme, as the Metadata API spells it (API 44.0 and later)."""

    NONE = "None"
    PROBABILISTIC = "ProbabilisticEncryption"
    CASE_SENSITIVE = "CaseSensitiveDeterministicEncryption"
    CASE_INSENSITIVE = "CaseInsensitiveDeterministicEncryption"

    @property
    def deterministic(self) -> bool:
        return self in (Scheme.CASE_SENSITIVE, Scheme.CASE_INSENSITIVE)


class Use(StrEnum):
    """What is done with a field, as far as encryption cares."""

    EQUALITY = "compared for equality"
    COMPARISON = "compared by order or by a part of the text"
    SORT = "sorted by"
    GROUP = "grouped by"
    AGGREGATE = "aggregated"
    TEXT = "named in a text from which a query may be made"
    SHARING = "a criterion of a sharing rule"
    FORMULA = "part of a formula"
    SHOWN = "part of a formula that shows nothing then"
    UNIQUE = "unique"
    EXTERNAL_ID = "an external id"
    HISTORY = "tracked in field history"
    TYPE = "of a type that limits encryption"
    STANDARD = "a standard field that is not known to be one that can be encrypted"


class CallerKind(StrEnum):
    APEX_CLASS = "Apex class"
    APEX_TRIGGER = "Apex trigger"
    FLOW = "flow"
    LIST_VIEW = "list view"
    REPORT = "report"
    SHARING_RULE = "sharing rule"
    MATCHING_RULE = "matching rule"
    FORMULA = "formula field"
    FIELD = "the field itself"


class Caller(Value):
    """
    One place that uses a field. `field` is qualified (`Account.SSN__c`), `line` counts from 1 in the source of Apex, `detail`
    is the clause, operator or function, and never a value that something is compared with.
    """

    field: str
    kind: CallerKind
    name: str
    use: Use
    detail: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = self.kind.value if self.kind is CallerKind.FIELD else f"{self.kind.value} {self.name}"
        line = f", line {self.line}" if self.line is not None else ""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{where}{line}: {self.use.value}{detail}"


class FieldFacts(Value):
    """
    What an org says about one field. `data_type` is the label of Setup ("Text(40)"); `scheme` is None where it was not read.

    `case_sensitive` is how a unique field tells values apart.
    """

    name: str
    data_type: str
    scheme: Scheme | None
    unique: bool = False
    case_sensitive: bool = False
    external_id: bool = False
    history: bool = False
    kind: str = "other"
    """As in SensitiveField."""

    @property
    def standard(self) -> bool:
        return not self.name.endswith("__c")


class Choice(Value):
    """
    The scheme for one field, and what that breaks; None where every scheme breaks something.

    `breaks` are the callers that the scheme (or, where there is none, the mildest one) would stop; `others` use the field in a
    way that goes on working or that cannot be told.
    """

    field: FieldFacts
    scheme: Scheme | None
    breaks: tuple[Caller, ...]
    others: tuple[Caller, ...] = ()

    @property
    def possible(self) -> bool:
        return self.scheme is not None


class Holder(Value):
    """
    A set, `group` aside, or a profile (`profile:Name`) that lets read one field. `users` are its active holders' user names.
    """

    name: str
    field: str
    edit: bool
    users: tuple[str, ...] = ()


class OrgShield(Value):
    """
    What one org shows about encryption. `unread` are parts that did not come, each with the right that is missing: what is
    not known to be free of blockers is told. `hidden` are parts that nobody but their makers can read: code of packages.

    `now` is the org's own time.
    """

    org: str
    sandbox: bool
    now: datetime
    fields: tuple[FieldFacts, ...]
    callers: tuple[Caller, ...]
    deterministic: bool
    history_encrypted: bool
    secrets: tuple[TenantSecret, ...]
    holders: tuple[Holder, ...] = ()
    unread: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def active(self, kind: str) -> TenantSecret | None:
        """The secret of a type (`Data`, `DeterministicData`, …) that encrypts now."""
        return next((s for s in self.secrets if s.kind == kind and s.status == "Active"), None)


class SecretsOf(Value):
    """An org's tenant secrets. `now` is its own time."""

    org: str
    sandbox: bool
    now: datetime
    secrets: tuple[TenantSecret, ...]


class Answer(Value):
    """What an org said to one harmless question about an encrypted field: `code` is empty where it answered."""

    field: str
    use: Use
    code: str

    @property
    def refused(self) -> bool:
        return bool(self.code)


class Verified(Value):
    """What an org refuses on its encrypted fields, and the callers that hits."""

    org: str
    at: datetime
    fields: tuple[FieldFacts, ...]
    answers: tuple[Answer, ...]
    hit: tuple[Caller, ...]
    unread: tuple[str, ...] = ()


class Exported(Value):
    """A tenant secret's export, as the ledger has it: the SHA-256 (hex) of what the org gave, and when."""

    version: int
    sha256: str
    at: datetime


DATA, DETERMINISTIC_DATA, SEARCH_INDEX = "Data", "DeterministicData", "SearchIndex"

_PRODUCTION, _SANDBOX, _INDEX = timedelta(hours=24), timedelta(hours=4), timedelta(days=7)


def least_wait(kind: str, *, sandbox: bool) -> timedelta:
    """
    How long after a tenant secret the next of its type may be made (Salesforce Help, "Generate a Tenant Secret"). Only Data
    and SearchIndex are documented: the others are taken for like Data.
    """
    if kind == SEARCH_INDEX:
        return _INDEX
    return _SANDBOX if sandbox else _PRODUCTION
