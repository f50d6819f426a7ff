"""How detections write down events that they fire on and events that they leave alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from tasks.anomalies.model import DAY, Context, Example, Frames, Indicator, Kind, Member, Rows

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
"""A Tuesday; examples happen on it, or before."""
MACHINE, PERSON, ADMIN = "005000000000M01", "005000000000P01", "005000000000A01"
CONTEXT = Context(
    since=NOON - timedelta(hours=12),
    until=NOON + timedelta(hours=12),
    members=(
        Member(org="hq", user=MACHINE, kind=Kind.MACHINE, name="sync@hq.example"),
        Member(org="emea", user=MACHINE, kind=Kind.MACHINE, name="sync@emea.example"),
        Member(org="hq", user=PERSON, name="sales@hq.example"),
        Member(org="hq", user=ADMIN, administrator=True, name="admin@hq.example"),
        Member(org="hq", user="005000000000S01", name="old@hq.example", last_seen=NOON - 200 * DAY),
    ),
    restricted=frozenset({"Contact.SSN__c"}),
    sensitive=frozenset({"Contact", "Case"}),
    countries={"hq": frozenset({"US", "GB"})},
    indicators=(
        Indicator(kind="agent", value="Salesforce-Multi-Org-Fetcher", source="GTIG", expires=NOON + 30 * DAY),
        Indicator(kind="address", value="192.0.2.66", source="GTIG", expires=NOON - DAY),
    ),
    api_limits={"hq": 100},
    steady={"hq": frozenset({"ApiTotalUsage"})},
)


def event(
    user: str = PERSON, *, days: float = 0, minutes: float = 0, org: str = "hq", **columns: Any
) -> dict[str, Any]:
    """One event, so long after noon of the example's day; before it with a minus."""
    return {
        "ORG": org,
        "AT": NOON + timedelta(days=days, minutes=minutes),
        "TIER": "live",
        "USER_ID": user,
        **columns,
    }


def daily(user: str, days: int = 20, **columns: Any) -> list[dict[str, Any]]:
    """The same every day before the example's."""
    return [event(user, days=-back, **columns) for back in range(days, 0, -1)]


def example(why: str = "", context: Context = CONTEXT, **rows: list[dict[str, Any]]) -> Example:
    return Example(rows=rows, context=context, why=why)


def frames(rows: Rows) -> Frames:
    """Examples as the store would give them."""
    made = {}
    for kind, events in rows.items():
        frame = pl.DataFrame(events, infer_schema_length=None)
        made[kind] = frame.with_columns(pl.col("AT").cast(pl.Datetime("us", "UTC"))).lazy()
    return made
