"""What an object and a field are: the nouns that tables, queries and describe answers are made from."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Api = Literal["rest", "tooling"]

# Types kept in SQLite as text that is compared without regard to case.
FOLDED = frozenset(
    {"string", "picklist", "multipicklist", "textarea", "email", "phone", "url", "anyType", "combobox"}
)
# Types that no row stores: they are read from the org's metadata when a query names them.
COMPUTED = frozenset({"metadata"})


@dataclass(frozen=True)
class Field:
    """One field of an object, with the flags a describe answer carries."""

    name: str
    type: str
    label: str
    length: int = 0
    to: tuple[str, ...] = ()
    relationship: str | None = None
    children: str | None = None
    filterable: bool = True
    groupable: bool = True
    sortable: bool = True
    aggregatable: bool = True
    createable: bool = False
    updateable: bool = False
    nillable: bool = True
    # Text (Encrypted) of Classic Encryption, with its mask character and mask type as metadata name them.
    encrypted: bool = False
    mask: str = ""
    mask_type: str = ""
    # Worked out by a formula of the org's own; the estate works none out.
    formula: bool = False
    # The Shield encryption scheme, or nothing.
    scheme: str = ""
    # Goes in and never comes out again.
    write_only: bool = False
    external_id: bool = False
    unique: bool = False
    permissionable: bool = False
    system: bool = False
    default: object = None
    values: tuple[str, ...] = ()
    # The SQL expression over the row's own columns that a field nobody writes is worked out with.
    sql: str | None = None

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")

    @property
    def required(self) -> bool:
        """Whether a create without it is refused."""
        return self.createable and not self.nillable and self.default is None and self.type != "boolean"


@dataclass(frozen=True)
class Child:
    """A relationship from a parent to its children, as sub-queries name it."""

    name: str
    sobject: str
    field: str


@dataclass(frozen=True)
class Access:
    """Who may use a setup object: any one user permission of a set is enough, an empty set is no bar."""

    see: frozenset[str] = frozenset()
    own_field: str | None = None
    own_unless: frozenset[str] = frozenset()
    write: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SObject:
    """One object: its fields in order, where it is served and who may see it."""

    name: str
    prefix: str
    label: str
    plural: str
    fields: dict[str, Field]
    api: frozenset[Api]
    data: bool = False
    calls: frozenset[str] = frozenset()
    access: Access = field(default_factory=Access)
    # The Id a query shows for every row where the real one is hidden (OauthToken: null).
    wire_id: str | None = None
    hides_id: bool = False
    metadata_kind: str | None = None
    # Field names and literal parts that make up the component's full name.
    metadata_name: tuple[str, ...] = ()
    aggregates: bool = True
    page_size: int = 2000
    ceiling: int | None = None
    query_more: bool = True
    required_filters: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    custom_setting: bool = False
    big: tuple[str, ...] = ()
    """The index of a big object: filters use it from left to right and nothing else."""
    # The object whose rights decide about this one's rows, as an account's do about its history.
    follows: str | None = None
    # The SELECT that gives the rows of an object that has none of its own.
    view: str | None = None
    customizable: bool = False

    @property
    def custom(self) -> bool:
        return self.name.endswith(("__c", "__mdt"))

    @cached_property
    def folded(self) -> dict[str, Field]:
        """Fields by lower-case name: field names in a query are case-insensitive."""
        return {name.lower(): each for name, each in self.fields.items()}

    @cached_property
    def relations(self) -> dict[str, Field]:
        """Reference fields by lower-case relationship name."""
        return {each.relationship.lower(): each for each in self.fields.values() if each.relationship}

    @cached_property
    def stored(self) -> tuple[str, ...]:
        """Names of the fields that are columns."""
        return tuple(name for name, each in self.fields.items() if each.type not in COMPUTED)

    @cached_property
    def column_list(self) -> str:
        """The columns as SELECT names them: their order in the table may be another."""
        return ", ".join(f'"{name}"' for name in self.stored)

    @cached_property
    def booleans(self) -> frozenset[str]:
        return frozenset(name for name, each in self.fields.items() if each.type == "boolean")

    @cached_property
    def moments(self) -> frozenset[str]:
        return frozenset(name for name, each in self.fields.items() if each.type == "datetime")

    @cached_property
    def references(self) -> frozenset[str]:
        return frozenset(name for name, each in self.fields.items() if each.type in ("id", "reference"))
