"""
From the cells of a file, or the fields of a live object, to typed and masked rows. Pure.

The traps are those of section "CSV traps" of what the project knows about event log files: quotes within quotes, fractions of
seconds that are not padded, ids of 15 letters beside ids of 18, empty cells in place of none.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import polars as pl

from tasks.telemetry.columns import (
    AT,
    LOGIN_CODES,
    LOGIN_TYPES,
    MOMENT,
    MOMENTS,
    NUMBERS,
    ORG,
    TIER,
    WHOLE_NUMBERS,
    column_of,
    schema_of,
    snake,
)
from tasks.telemetry.masks import Pseudonym, mask
from tasks.telemetry.model import Tier

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def normalise(frame: pl.DataFrame, org: str, tier: Tier, pseudonym: Pseudonym) -> pl.DataFrame:
    """
    Texts as a file has them, by upper-case column names, to rows as the store keeps them. AT is null where a row has no time
    that can be read; a number that is none becomes null.
    """
    found = with_moments(with_ids(unquoted(frame)))
    typed = found.with_columns(_typed(name) for name in found.columns if name != AT)
    kept = mask(typed, pseudonym)
    return kept.select(
        pl.lit(org).alias(ORG), pl.col(AT), pl.lit(tier.value).alias(TIER), pl.exclude(ORG, AT, TIER)
    )


def unquoted(frame: pl.DataFrame) -> pl.DataFrame:
    """Empty cells become nulls, and cells lose the quotes that some exporters put within quotes."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    starts = frame.select(pl.col(texts).str.starts_with('"').any())
    quoted = [name for name in starts.columns if starts[name].item()]
    bare = frame.with_columns(pl.col(quoted).str.replace(r'(?s)^"(.*)"$', "$1")) if quoted else frame
    return bare.with_columns(
        pl.when(pl.col(name).str.len_bytes() > 0).then(pl.col(name)).alias(name) for name in texts
    )


def with_moments(frame: pl.DataFrame) -> pl.DataFrame:
    """
    AT from TIMESTAMP_DERIVED; from TIMESTAMP where that is empty or strange. `.13` is read as 130 milliseconds: the fraction is
    cut where it ends in zeros.
    """
    columns = []
    if "TIMESTAMP_DERIVED" in frame.columns:
        columns.append(_moment(pl.col("TIMESTAMP_DERIVED")))
    if "TIMESTAMP" in frame.columns:
        columns.append(pl.col("TIMESTAMP").str.to_datetime("%Y%m%d%H%M%S%.f", time_unit="us", strict=False).dt.replace_time_zone("UTC"))  # fmt: skip
    return frame.with_columns((pl.coalesce(columns) if columns else pl.lit(None, MOMENT)).alias(AT))


def _moment(column: pl.Expr) -> pl.Expr:
    """`2026-05-02T06:14:09.000Z`, and `+0000` as queries have it."""
    plain = column.str.replace(r"(?:Z|\+00:?00)$", "")
    return plain.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False).dt.replace_time_zone(
        "UTC"
    )


def with_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """USER_ID with 15 letters and USER_ID_DERIVED with 18 in all rows that have either: some event types have only one."""
    names = [name for name in ("USER_ID", "USER_ID_DERIVED") if name in frame.columns]
    if not names:
        return frame
    short = pl.coalesce(names).str.slice(0, 15)
    whole = frame.with_columns(short.alias("USER_ID"))
    known = {value: long_id(value) for value in whole["USER_ID"].drop_nulls().unique().to_list()}
    long = pl.col("USER_ID").replace_strict(known, default=None, return_dtype=pl.String)
    if "USER_ID_DERIVED" in frame.columns:
        long = pl.coalesce("USER_ID_DERIVED", long)
    return whole.with_columns(long.alias("USER_ID_DERIVED"))


@lru_cache(maxsize=1 << 16)
def long_id(short: str) -> str:
    """An id of 15 letters with its three letters of check sum; anything else as it is."""
    if len(short) != 15 or not short.isalnum():
        return short
    parts = (short[start : start + 5] for start in (0, 5, 10))
    marks = (sum(1 << at for at, letter in enumerate(part) if "A" <= letter <= "Z") for part in parts)
    return short + "".join(_ALPHABET[mark] for mark in marks)


def _typed(name: str) -> pl.Expr:
    column = pl.col(name)
    if name in WHOLE_NUMBERS:
        whole = column.cast(pl.Int64, strict=False)
        return pl.coalesce(whole, column.cast(pl.Float64, strict=False).round().cast(pl.Int64, strict=False))
    if name in NUMBERS:
        return column.cast(pl.Float64, strict=False)
    return _moment(column) if name in MOMENTS else column


# -- live objects


def rows_of(
    records: Iterable[Mapping[str, Any]], time_field: str, org: str, pseudonym: Pseudonym
) -> pl.DataFrame:
    """
    Records of a query as rows: AT from `time_field`, fields under the names of files' columns where they mean the same, and
    under their own in upper snake case. A sign-in has its code beside its text.
    """
    cells = [_cells(record, time_field) for record in records]
    if not cells:
        return pl.DataFrame(schema=schema_of(()))
    names = list(dict.fromkeys(name for row in cells for name in row))
    frame = pl.DataFrame(
        {name: [row.get(name) for row in cells] for name in names}, schema=dict.fromkeys(names, pl.String)
    )
    return normalise(frame, org, Tier.LIVE, pseudonym)


def _cells(record: Mapping[str, Any], time_field: str) -> dict[str, str | None]:
    row: dict[str, str | None] = {}
    for field, value in record.items():
        if field == "attributes":
            continue
        text = _text(value)
        if field != column_of(field):
            row[column_of(field)] = text
        row.setdefault(snake(field), text)
    row["TIMESTAMP_DERIVED"] = _text(record.get(time_field))
    if "STATUS" in row and "LOGIN_TYPE" in row:
        status, kind = (row[name] or "" for name in ("STATUS", "LOGIN_TYPE"))
        row["LOGIN_STATUS"] = LOGIN_CODES.get(status.lower(), status or None)
        row["LOGIN_TYPE_TEXT"] = kind or None
        row["LOGIN_TYPE"] = LOGIN_TYPES.get(kind.lower(), kind or None)
    row.pop("USERNAME", None)
    row.pop("USER_ID", None)
    if "SOURCE_IP" in row:
        row.setdefault("CLIENT_IP", row["SOURCE_IP"])
    return row


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, datetime) else str(value)
