"""A parsed query: frozen nouns, each name with the place it stands at."""

from dataclasses import dataclass
from typing import Literal as Kind


@dataclass(frozen=True, slots=True)
class Path:
    """A field or object name, possibly through relationships: Profile.UserLicense.Name."""

    names: tuple[str, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function of fields: COUNT(), MAX(LoginTime), FIELDS(ALL)."""

    name: str
    args: "tuple[Path | Call | Value, ...]"
    line: int
    column: int


Expression = Path | Call


@dataclass(frozen=True, slots=True)
class Value:
    """A literal. `value` is text, number, bool, None or, for `range`, the date literal's word.

    `pattern` is the text as LIKE reads it, where an escaped % or _ stands for itself.
    """

    kind: Kind["string", "number", "boolean", "null", "day", "moment", "range"]
    value: str | float | int | bool | None
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Compare:
    left: Expression
    operator: str
    right: Value


@dataclass(frozen=True, slots=True)
class Among:
    """x IN (…) or x NOT IN (…), with values or with the one column of a sub-query."""

    left: Expression
    negated: bool
    values: "tuple[Value, ...] | Query"


@dataclass(frozen=True, slots=True)
class Picks:
    """INCLUDES or EXCLUDES of a multi-select picklist; 'a;b' asks for both."""

    left: Expression
    negated: bool
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    inner: "Condition"


@dataclass(frozen=True, slots=True)
class Junction:
    word: Kind["AND", "OR"]
    parts: "tuple[Condition, ...]"


Condition = Compare | Among | Picks | Negation | Junction


@dataclass(frozen=True, slots=True)
class Item:
    expression: Expression
    alias: str | None


@dataclass(frozen=True, slots=True)
class TypeOf:
    """TYPEOF Owner WHEN User THEN Name ELSE Id END: branches by object name, "" for ELSE."""

    path: Path
    branches: tuple[tuple[str, tuple[Path, ...]], ...]


@dataclass(frozen=True, slots=True)
class Sort:
    expression: Expression
    descending: bool
    nulls_last: bool | None


@dataclass(frozen=True, slots=True)
class Query:
    items: "tuple[Item | TypeOf | Query, ...]"
    source: Path
    alias: str | None = None
    scope: str | None = None
    where: Condition | None = None
    group: tuple[Expression, ...] = ()
    having: Condition | None = None
    order: tuple[Sort, ...] = ()
    limit: int | None = None
    offset: int | None = None
    joined: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Aliases of relationships named in FROM, in the old notation: `FROM Contact c, c.Account a`."""
