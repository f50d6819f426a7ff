"""What changed between two states of something that has no history: new, changed, gone. Pure."""

from collections.abc import Sequence

import polars as pl

CHANGE, NTH = "CHANGE", "NTH"


def changes(before: pl.DataFrame | None, after: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """
    Rows with CHANGE `new`, `changed` or `gone`, a gone one as it was last; all are new where there was no state before.

    Rows that share a key are told apart by their order. Columns are those of `after`.
    """
    numbered = _numbered(after, key)
    if before is None:
        return after.with_columns(pl.lit("new").alias(CHANGE))
    known = _numbered(before.select(name for name in after.columns if name in before.columns), key)
    on = [*key, NTH]
    new = numbered.join(known, on=on, how="anti", nulls_equal=True).with_columns(pl.lit("new").alias(CHANGE))
    gone = known.join(numbered, on=on, how="anti", nulls_equal=True).with_columns(
        pl.lit("gone").alias(CHANGE)
    )
    others = [name for name in known.columns if name not in (*on, "ORG", "AT", "TIER")]
    stayed = numbered.join(known, on=on, how="semi", nulls_equal=True)
    changed = stayed.join(known, on=[*on, *others], how="anti", nulls_equal=True)
    found = [new, changed.with_columns(pl.lit("changed").alias(CHANGE)), gone]
    return pl.concat(found, how="diagonal").drop(NTH)


def _numbered(frame: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    ordered = frame.sort(frame.columns)
    return ordered.with_columns(pl.int_range(pl.len()).over(list(key)).alias(NTH))
