"""What happened, before anybody writes it down: the facts from which each tier's events are made."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import polars as pl

_STAMP = pl.Datetime("us", "UTC")
SCHEMAS: dict[str, dict[str, Any]] = {
    "signin": {"ORG": pl.String, "AT": _STAMP, "USER": pl.String, "NAME": pl.String, "IP": pl.String, "COUNTRY": pl.String,
               "STATUS": pl.String, "TYPE": pl.String, "SUBTYPE": pl.String, "APP": pl.String, "AGENT": pl.String,
               "LAT": pl.Float64, "LON": pl.Float64, "KEY": pl.String, "ATTACK": pl.String},
    "read": {"ORG": pl.String, "AT": _STAMP, "USER": pl.String, "APP": pl.String, "FAMILY": pl.String, "ENTITY": pl.String,
             "ROWS": pl.Int64, "IP": pl.String, "KEY": pl.String, "QUERY": pl.String, "PATH": pl.String, "METHOD": pl.String,
             "AGENT": pl.String, "JOB": pl.String, "ATTACK": pl.String},
    "change": {"ORG": pl.String, "AT": _STAMP, "USER": pl.String, "ACTION": pl.String, "DISPLAY": pl.String, "ATTACK": pl.String},
    "login_as": {"ORG": pl.String, "AT": _STAMP, "USER": pl.String, "TARGET": pl.String, "IP": pl.String, "KEY": pl.String,
                 "ATTACK": pl.String},
    "guest": {"ORG": pl.String, "AT": _STAMP, "IP": pl.String, "ATTACK": pl.String},
}  # fmt: skip
"""FAMILY is rest (with or without a query), bulk (one finished query job and its results), report, export or list."""


@dataclass
class Facts:
    """Rows by kind, in columns or one by one; `frames` puts them together."""

    parts: dict[str, list[pl.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, **cells: Any) -> None:
        self.rows[kind].append(cells)

    def columns(self, kind: str, **columns: Any) -> None:
        """Many rows at once; what is not given is null."""
        schema = SCHEMAS[kind]
        frame = pl.DataFrame(columns)
        self.parts[kind].append(
            frame.select(
                [
                    (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
                    for name, dtype in schema.items()
                ]
            )
        )

    def frames(self) -> dict[str, pl.DataFrame]:
        made = {}
        for kind, schema in SCHEMAS.items():
            rows = [{name: row.get(name) for name in schema} for row in self.rows[kind]]
            made[kind] = pl.concat([*self.parts[kind], pl.DataFrame(rows, schema=schema)]).sort("AT")
        return made
