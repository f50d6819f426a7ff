"""Detections that read set-up's audit trail: which actions and texts mean what."""

import polars as pl

from tasks.anomalies.examples import event
from tasks.anomalies.model import Context
from tasks.anomalies.patterns import within
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


def entry(user: str, action: str, display: str, days: float = 0) -> dict[str, object]:
    return event(user, days=days, ACTION=action, DISPLAY=display)
