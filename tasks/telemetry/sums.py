"""
What each user did on each day, summed block by block while a file passes through: a baseline needs no more of a row. Pure.

Sums of one day and of another are added up, so that a new day costs that day and no other.
"""

from collections.abc import Collection, Iterable

import polars as pl

_COUNTS = ("ROWS_PROCESSED", "RECORDS_PROCESSED", "ROW_COUNT")
"""Records of an event, by the names that RestApi, API and BulkApi, then BulkApi2, then Report have for them."""
WANTED = frozenset({
    "RESPONSE_SIZE", "STATUS_CODE", "TIMESTAMP", "TIMESTAMP_DERIVED", "USER_ID", "USER_ID_DERIVED", *_COUNTS,
})  # fmt: skip
_BY = ("USER", "DAY")
_NEEDED = (("USER_ID", "USER_ID_DERIVED"), ("TIMESTAMP", "TIMESTAMP_DERIVED"), _COUNTS)
"""One of each, or there is nothing to be summed."""
_PARTS = 32
"""Blocks whose sums are held before they are added up."""


class Sums:
    """Takes texts as files have them, with the columns of WANTED that they have."""

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []

    def add(self, texts: pl.DataFrame) -> None:
        self._parts.append(_summed(texts))
        if len(self._parts) >= _PARTS:
            self._parts = [merged(self._parts)]

    def result(self) -> pl.DataFrame:
        """
        By USER (15 letters of the id) and DAY (`2026-05-04`, UTC): EVENTS, ROWS and BYTES as sums, FAILED as events with a status of
        400 and more.
        """
        return merged(self._parts)


def lacking(columns: Collection[str]) -> str:
    """What a file with these columns misses so that reads by user and day could be summed; empty where nothing."""
    return next((" or ".join(either) for either in _NEEDED if not set(either) & set(columns)), "")


def merged(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Sums of the same user and day added up."""
    found = [*parts] or [_summed(pl.DataFrame(schema=dict.fromkeys(WANTED, pl.String)))]
    return pl.concat(found).group_by(_BY).sum()


def _summed(texts: pl.DataFrame) -> pl.DataFrame:
    day = pl.coalesce(
        _or_none(texts, "TIMESTAMP_DERIVED").str.slice(0, 10),
        _or_none(texts, "TIMESTAMP").str.replace(r"^(\d{4})(\d{2})(\d{2}).*$", "$1-$2-$3")
        if _lacking(texts, "TIMESTAMP_DERIVED")
        else pl.lit(None, pl.String),
    )
    user = pl.coalesce(_or_none(texts, "USER_ID_DERIVED"), _or_none(texts, "USER_ID")).str.slice(0, 15)
    rows = pl.coalesce(_number(texts, name) for name in _COUNTS)
    return (
        texts.lazy()
        .group_by(user.alias("USER"), day.alias("DAY"))
        .agg(
            pl.len().cast(pl.Int64).alias("EVENTS"),
            rows.sum().alias("ROWS"),
            _number(texts, "RESPONSE_SIZE").sum().alias("BYTES"),
            (_number(texts, "STATUS_CODE") >= 400).sum().cast(pl.Int64).alias("FAILED"),
        )
        .collect()
    )


def _number(texts: pl.DataFrame, name: str) -> pl.Expr:
    return _or_none(texts, name).cast(pl.Int64, strict=False)


def _or_none(texts: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in texts.columns else pl.lit(None, pl.String)


def _lacking(texts: pl.DataFrame, name: str) -> bool:
    """Whether the other stamp is needed, which costs more to read."""
    return name not in texts.columns or texts[name].null_count() > 0
