"""Which columns a file of an event type has, and a row of it as CSV."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_NUMBERS = frozenset({
    "RUN_TIME", "CPU_TIME", "DB_TOTAL_TIME", "DB_CPU_TIME", "DB_BLOCKS", "ROWS_PROCESSED", "RECORDS_PROCESSED",
    "RECORDS_FAILED", "REQUEST_SIZE", "RESPONSE_SIZE", "NUMBER_FIELDS", "ROW_COUNT", "NUM_ROWS", "SIZE_BYTES", "STATUS_CODE",
    "NUMBER_COLUMNS", "NUMBER_BUCKETS", "AVERAGE_ROW_SIZE",
})  # fmt: skip


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(Path(__file__).with_name("types.yaml").read_text(), yaml.CSafeLoader)
    return document


@cache
def columns(kind: str) -> tuple[str, ...]:
    """Raises KeyError for an event type that is not known."""
    document = _document()
    facts = document["types"][kind]
    without = set(facts.get("without", ()))
    ends = [[name for name in document[part] if name not in without] for part in ("first", "last")]
    return (*ends[0], *facts["own"], *ends[1])


def free() -> frozenset[str]:
    """Types that every org gets, for a day."""
    return frozenset(_document()["free"])


def header(kind: str) -> str:
    return ",".join(f'"{name}"' for name in columns(kind)) + "\n"


def types(kind: str) -> str:
    """What LogFileFieldTypes says, in the order of the columns."""

    def one(name: str) -> str:
        if name in _NUMBERS:
            return "Number"
        if name in ("TIMESTAMP_DERIVED", "TIMESTAMP"):
            return "DateTime" if name == "TIMESTAMP_DERIVED" else "EscapedString"
        return "Id" if name.endswith("_ID") or name == "USER_ID_DERIVED" else "String"

    return ",".join(map(one, columns(kind)))


def line(kind: str, cells: Mapping[str, object]) -> str:
    return ",".join([_quoted(cells.get(name, "")) for name in columns(kind)]) + "\n"


def _quoted(value: object) -> str:
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"'
