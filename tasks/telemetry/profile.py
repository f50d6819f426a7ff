"""
What a file looks like, worked out while it passes through, and what it should look like: numbers alone, for the checker. Pure.

A file with far more rows than yesterday's is not held back: that is what a theft looks like. One with far fewer may be cut.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tasks.telemetry.columns import AT, CORE, WHOLE_NUMBERS
from tasks.telemetry.model import LogFile, Tier

SPAN = {Tier.HOURLY: timedelta(hours=1), Tier.DAILY: timedelta(days=1)}
SLACK = timedelta(hours=26)
"""How far beside its hour or day a row may lie; an event is written when it ends, and files are cut where they are cut."""
LEAST_SHARE = 0.005
"""Of the rows of the file before: at a weekend an org has a twentieth of a working day's."""
SPOILED = 0.001
"""Share of cells that may be no number where one belongs, and of rows that may have no time."""

Limits = dict[str, tuple[float | None, float | None]]


class Profile:
    """Grows block by block. `rows`, `first` and `last` are known at its end."""

    def __init__(self, file: LogFile) -> None:
        self.file = file
        self.rows = 0
        self.bytes = 0
        self.first: datetime | None = None
        self.last: datetime | None = None
        self._strange = self._timeless = self._negative = self._no_number = self._numbers = 0
        self._lacking = float(len(CORE))

    def add(self, texts: pl.DataFrame, rows: pl.DataFrame) -> None:
        """The same rows, as they came and as they will be kept."""
        self._lacking = float(sum(name not in texts.columns for name in CORE))
        self.rows += rows.height
        if not rows.height:
            return
        numbers = [name for name in rows.columns if name in WHOLE_NUMBERS and name in texts.columns]
        of_another = _other_type(texts, self.file.event_type)
        found = rows.select(
            pl.col(AT).min().alias("first"),
            pl.col(AT).max().alias("last"),
            pl.col(AT).null_count().alias("timeless"),
            *(pl.col(name).null_count().alias(f"none {name}") for name in numbers),
            *((pl.col(name) < 0).sum().alias(f"below {name}") for name in numbers),
        ).row(0, named=True)
        empty = texts.select((pl.col(numbers).is_null() | (pl.col(numbers) == "")).sum()).row(0) if numbers else ()  # fmt: skip
        self._numbers += rows.height * len(numbers)
        self._no_number += sum(found[f"none {name}"] for name in numbers) - sum(empty)
        self._negative += sum(found[f"below {name}"] or 0 for name in numbers)
        self._timeless += found["timeless"]
        self._strange += of_another
        self.first = min((each for each in (self.first, found["first"]) if each is not None), default=None)
        self.last = max((each for each in (self.last, found["last"]) if each is not None), default=None)

    def numbers(self) -> dict[str, float]:
        """
        `rows`; `bytes`; `core_lacking` columns; shares of rows `of_another_type` and `without_time`, of cells that are `no_number`
        or `below_zero`; `hours_early` and `hours_late` of the first and last row beside the file's hour or day.
        """
        end = self.file.start + SPAN[self.file.tier]
        early = (self.file.start - self.first) / timedelta(hours=1) if self.first else 0.0
        late = (self.last - end) / timedelta(hours=1) if self.last else 0.0
        rows, cells = max(self.rows, 1), max(self._numbers, 1)
        return {
            "rows": float(self.rows),
            "bytes": float(self.bytes),
            "core_lacking": self._lacking,
            "of_another_type": self._strange / rows,
            "without_time": self._timeless / rows,
            "no_number": self._no_number / cells,
            "below_zero": self._negative / cells,
            "hours_early": max(early, 0.0),
            "hours_late": max(late, 0.0),
        }


def _other_type(texts: pl.DataFrame, event_type: str) -> int:
    """Rows of another event type. The platform itself writes DocumentAttachmentDownoads for one of them."""
    if "EVENT_TYPE" not in texts.columns:
        return 0
    said = texts["EVENT_TYPE"].drop_nulls().str.strip_chars('"')
    known = [event_type, event_type.replace("Downloads", "Downoads")]
    # The literal of a few types is not documented, so one single strange value is taken for the type's own spelling.
    others = said.filter(~said.is_in(known))
    return 0 if others.n_unique() <= 1 and others.len() == said.len() else others.len()


def limits_of(file: LogFile, before: int | None) -> Limits:
    """`before` are rows of the file of the same type and length of time before this one; None where it is not known or unsteady."""
    slack = SLACK / timedelta(hours=1)
    return {
        "rows": (0 if before is None else before * LEAST_SHARE, None),
        "bytes": (file.length, file.length) if file.length else (0, None),
        "core_lacking": (0, 0),
        "of_another_type": (0, 0),
        "without_time": (0, SPOILED),
        "no_number": (0, SPOILED),
        "below_zero": (0, SPOILED),
        "hours_early": (0, slack),
        "hours_late": (0, slack),
    }


def as_question(numbers: Mapping[str, float], limits: Limits) -> dict[str, Any]:
    """For the checker."""
    return {"profile": dict(numbers), "limits": {name: list(limit) for name, limit in limits.items()}}


_SAID = {
    "rows": "it has far fewer rows than the file before it; it may be cut",
    "bytes": "it is not as long as the org says; it was cut, or is still being written",
    "core_lacking": f"it lacks columns that every file has ({', '.join(CORE)})",
    "of_another_type": "rows of it are of another event type",
    "without_time": "rows of it have no time that can be read",
    "no_number": "cells that should be numbers are none",
    "below_zero": "numbers of it are below zero",
    "hours_early": "rows of it are from long before its time",
    "hours_late": "rows of it are from long after its time",
}


def said(broken: tuple[str, ...]) -> str:
    """Why a file is set aside, for people."""
    return "; ".join(_SAID.get(name, f"its {name} is not as it should be") for name in broken)
