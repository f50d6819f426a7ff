"""Detections that read set-up's audit trail: which actions and texts mean what."""

import polars as pl

from tasks.anomalies.examples import event
from tasks.anomalies.model import Context
from tasks.anomalies.patterns import LEARNING, within
from tasks.anomalies.views import Views

TRAIL = (frozenset({"SetupAuditTrail"}),)
NAMED = r"([\w.+-]+@[\w.-]+\w|user-[0-9a-f]{16})"
"""A user name in a text, or the made-up name that stands for it in what is stored."""


def changed(
    views: Views, context: Context, pattern: str, seen: str, *, expected: str, strangers: bool = False
) -> pl.LazyFrame:
    """
    Changes whose action or text matches. With `strangers`, only by somebody who made no such change on an earlier day: whose
    work it is, is not told of each time.
    """
    both = pl.concat_str([pl.col("ACTION").fill_null(""), pl.lit(" "), pl.col("DISPLAY").fill_null("")])
    matching = views.changes.filter(both.str.contains(pattern))
    if strangers:
        first = pl.col("AT").min().over("ORG", "USER")
        matching = matching.filter(pl.col("AT") - first < pl.duration(days=1))
    return within(matching, context).with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit(expected),
        SEEN=pl.lit(seen),
        KEYS=pl.concat_list("KEY"),
        F_CHANGE=pl.lit(1.0),
    )


def whose(views: Views, rows: pl.LazyFrame) -> pl.LazyFrame:
    """
    With USER as whose account a row is about, CHANGER as who did it: the last one named, since a pairing may bear any name. Who is not
    known stays a name; a text that names nobody is about who wrote it.
    """
    owners = views.members.lazy().select("ORG", NAMED=pl.col("WHO").str.to_lowercase(), OWNER="USER")
    named = rows.with_columns(NAMED=pl.col("DISPLAY").str.extract_all(NAMED).list.last().str.to_lowercase())
    owned = named.join(
        owners.filter(pl.col("NAMED") != "").unique(["ORG", "NAMED"]), on=["ORG", "NAMED"], how="left"
    )
    return owned.with_columns(CHANGER="USER", USER=pl.coalesce("OWNER", "NAMED", "USER"))


def settled(views: Views, rows: pl.LazyFrame) -> pl.LazyFrame:
    """As `known`, with SETTLED: whether the user's first days were over by then; null for who was never seen to sign in."""
    came = views.signins.filter(pl.col("OK")).group_by("ORG", "USER").agg(BEGAN=pl.col("AT").min())
    there = pl.col("AT") - pl.col("BEGAN") >= pl.lit(LEARNING)
    return (
        views.known(rows)
        .join(came, on=["ORG", "USER"], how="left")
        .with_columns(SETTLED=pl.when(pl.col("LAST_SEEN").is_not_null()).then(pl.lit(True)).otherwise(there))
    )


def entry(user: str, action: str, display: str, days: float = 0) -> dict[str, object]:
    return event(user, days=days, ACTION=action, DISPLAY=display)
