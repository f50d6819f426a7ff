"""What a batch looks like, and what the route says it should: numbers alone, which is all that a checker gets. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tasks.encryption.model import SampleVerdict
from tasks.encryption.recognise import recognise
from tasks.encryption.sealed import longest
from tasks.estate.model import Expected
from tasks.sync.model import Column, Record, Rules
from tasks.sync.rules import NUMBERS

Profile = dict[str, float]
"""`rows`, and for each column `Name.empty` (a share), `Name.longest`, and for numbers `Name.least` and `Name.most`."""


def profile_of(rules: Rules, records: Sequence[Record]) -> Profile:
    found: Profile = {"rows": float(len(records))}
    for at, column in enumerate(rules.columns):
        values = [value for record in records if (value := record.values[at]) is not None]
        found[f"{column.name}.empty"] = 1 - len(values) / len(records) if records else 0.0
        found[f"{column.name}.longest"] = float(max(map(len, values), default=0))
        if _is_number(column) and values:
            numbers = [float(Decimal(value)) for value in values]
            found[f"{column.name}.least"], found[f"{column.name}.most"] = min(numbers), max(numbers)
    return found


def limits_of(rules: Rules, most_rows: int) -> dict[str, tuple[float | None, float | None]]:
    """Least and largest of each number of a profile; those of a column that has no values are left out there."""
    limits: dict[str, tuple[float | None, float | None]] = {"rows": (0, most_rows)}
    for column in rules.columns:
        expected = rules.contract.get(column.name, Expected())
        limits[f"{column.name}.empty"] = (0, expected.empty)
        limits[f"{column.name}.longest"] = (
            0,
            expected.longest if expected.longest is not None else _room(column),
        )
        if _is_number(column):
            limits[f"{column.name}.least"] = (expected.least, None)
            limits[f"{column.name}.most"] = (None, expected.most)
    return limits


def _is_number(column: Column) -> bool:
    return column.source_type in NUMBERS and not column.indexed


def _room(column: Column) -> float | None:
    if column.sealed:
        # Longer ones go to quarantine one by one, and are not in the profile.
        return longest(column.length)
    return column.length or None


def samples_of(rules: Rules, records: Sequence[Record]) -> list[SampleVerdict]:
    """What the values look like, field by field of the source: counts."""
    found: list[SampleVerdict] = []
    for at, column in enumerate(rules.columns):
        values = (value for record in records if (value := record.values[at]) is not None)
        found.append(recognise(f"{rules.sobject}.{column.source}", values))
    return found


def as_question(profile: Profile, limits: dict[str, tuple[float | None, float | None]]) -> dict[str, Any]:
    """For the checker. Columns without values have no least and most."""
    asked = {
        name: limit
        for name, limit in limits.items()
        if name in profile or not name.endswith((".least", ".most"))
    }
    return {"profile": profile, "limits": {name: list(limit) for name, limit in asked.items()}}
