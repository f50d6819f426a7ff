"""
Event log files as they appear: hourly ones three hours after their hour, daily ones six hours after their day.

What comes too late for its file goes into another one with a higher Sequence; hourly and daily files tell the same
events. Files go when their time is over. (Event Monitoring: EventLogFile, "hourly" and "daily"; 30 days of retention, and
up to a year where that is paid for.)
"""

import json
from collections import defaultdict
from datetime import datetime, timedelta

from deployments.sandbox.clock import parse_stamp, stamp
from deployments.sandbox.store import OrgStore
from deployments.sandbox.telemetry.background_traffic import PER_PERSON, Recipe, length, rows_of, text
from deployments.sandbox.telemetry.columns import columns, free, header, line, types
from deployments.sandbox.telemetry.generation import written
from deployments.sandbox.telemetry.recording import events_of
from deployments.sandbox.telemetry.stored import stored_rows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATENESS = {"Hourly": timedelta(hours=3), "Daily": timedelta(hours=6)}
RETENTION = timedelta(days=30)
KEPT_DAYS = "event_log_days"
"""Setting of an org that keeps its files for another number of days."""
LICENSED = "event_monitoring"
"""Setting of an org: "0" where Event Monitoring was not bought."""


def publish(store: OrgStore) -> None:
    """Brings files and stored events up to the estate's now."""
    write_down(store)
    now = store.clock.now()
    for interval, span in (("Hourly", HOUR), ("Daily", DAY)):
        if interval == "Hourly" and not _licensed(store):
            continue
        column = interval.lower()
        due = stamp(now - LATENESS[interval] - span)
        rows = store.sql(
            f"SELECT id, at, kind, cells FROM _event WHERE {column} = 0 AND substr(at, 1, {13 if span is HOUR else 10})"
            f" <= substr(?, 1, {13 if span is HOUR else 10}) ORDER BY at, id",
            due,
        )
        grouped: dict[tuple[str, datetime], list[tuple[int, str]]] = defaultdict(list)
        for row in rows:
            start = parse_stamp(row["at"]).replace(minute=0, second=0, microsecond=0)
            start = start if span is HOUR else start.replace(hour=0)
            grouped[row["kind"], start].append((row["id"], row["cells"]))
        for (kind, start), events in grouped.items():
            if _licensed(store) or kind in free():
                _file(store, interval, kind, start, start + span + LATENESS[interval], events)
        if rows:
            store.sql(
                f"UPDATE _event SET {column} = 1 WHERE {column} = 0 AND id <= ?",
                max(row["id"] for row in rows),
            )
    store.sql('DELETE FROM "EventLogFile" WHERE "CreatedDate" < ?', stamp(now - _retention(store)))
    store.commit()


def _retention(store: OrgStore) -> timedelta:
    days = store.setting(KEPT_DAYS)
    return RETENTION if days is None else timedelta(days=int(days))


def write_down(store: OrgStore) -> None:
    """What was noted becomes rows: one of the hidden table for each event of a file, and those of the stored event objects."""
    noted = store.take_events()
    told = written(store)
    rows: list[tuple[str, str, str]] = []
    for at, kind, facts in noted:
        for event, cells in events_of(facts) if kind == "request" else ((kind, facts),):
            if told(at, event):
                shown = _completed(store, at, event, facts, dict(cells))
                rows.append((at, event, json.dumps(shown)))
    store.add_events(rows)
    for sobject, records in stored_rows(noted, store.schema).items():
        store.insert(sobject, records)


def _completed(
    store: OrgStore, at: str, event: str, facts: dict[str, object], cells: dict[str, object]
) -> dict[str, object]:
    moment = parse_stamp(at)
    user = str(facts.get("user_id") or "")
    return {
        "EVENT_TYPE": event,
        "TIMESTAMP": f"{moment:%Y%m%d%H%M%S}.{moment.microsecond // 1000:03d}",
        "TIMESTAMP_DERIVED": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z",
        "ORGANIZATION_ID": store.org_id[:15],
        "USER_ID": user[:15],
        "USER_ID_DERIVED": user,
        **cells,
    }


def _file(
    store: OrgStore, interval: str, kind: str, start: datetime, due: datetime, events: list[tuple[int, str]]
) -> None:
    # A request has one id, in the hour's file as in the day's.
    body = header(kind) + "".join(
        line(kind, {"REQUEST_ID": f"4{number:020d}", **json.loads(cells)}) for number, cells in events
    )
    earlier = store.sql(
        'SELECT COUNT(*) FROM "EventLogFile" WHERE "EventType" = ? AND "Interval" = ? AND "LogDate" = ?',
        kind,
        interval,
        stamp(start),
    )[0][0]
    first = 1 if interval == "Hourly" else 0
    store.insert(
        "EventLogFile",
        [
            {
                "EventType": kind,
                "LogDate": start,
                "Interval": interval,
                "Sequence": first + earlier,
                "LogFile": body,
                "LogFileFieldNames": ",".join(columns(kind)),
                "LogFileFieldTypes": types(kind),
                "LogFileLength": float(len(body.encode())),
                "ApiVersion": 66.0,
                # A later sequence appears when it is found, not when the first one was due.
                "CreatedDate": due if not earlier else store.clock.now(),
            }
        ],
    )


def _licensed(store: OrgStore) -> bool:
    return store.setting(LICENSED) != "0"


# What was there before anybody looked ------------------------------------------------------------------


def write_background(store: OrgStore, users: list[str], today: datetime, days: int, salt: int) -> None:
    """Daily files of past days: a row each, and the recipe its body is made from."""
    rows, recipes = [], []
    for back in range(1, days + 1):
        day = (today - back * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
        for kind in PER_PERSON:
            number = rows_of(kind, len(users), day)
            if not number:
                continue
            recipe = Recipe(kind, day, number, salt)
            recipes.append(recipe)
            rows.append(
                {
                    "EventType": kind,
                    "LogDate": day,
                    "Interval": "Daily",
                    "Sequence": 0,
                    "LogFileFieldNames": ",".join(columns(kind)),
                    "LogFileFieldTypes": types(kind),
                    "LogFileLength": float(length(recipe, store.org_id, users)),
                    "ApiVersion": 66.0,
                    "CreatedDate": day + DAY + LATENESS["Daily"],
                }
            )
    ids = store.insert("EventLogFile", rows)
    for file_id, recipe in zip(ids, recipes, strict=True):
        document = {"kind": recipe.kind, "day": stamp(recipe.day), "rows": recipe.rows, "salt": recipe.salt}
        store.sql("INSERT INTO _log_recipe VALUES (?, ?, ?)", file_id, json.dumps(document), recipe.rows)
    store.set_setting("traffic_users", json.dumps(users))


def body_of(store: OrgStore, file_id: str) -> str:
    """The CSV of a file, made now where it is one of background traffic."""
    rows = store.sql("SELECT recipe FROM _log_recipe WHERE id = ?", file_id)
    if not rows:
        return str((store.get("EventLogFile", file_id) or {}).get("LogFile") or "")
    facts = json.loads(rows[0]["recipe"])
    recipe = Recipe(facts["kind"], parse_stamp(facts["day"]), facts["rows"], facts["salt"])
    return text(recipe, store.org_id, json.loads(store.setting("traffic_users") or "[]"))


def count(store: OrgStore) -> int:
    """Telemetry rows of an org: logins, stored events, and lines of all files."""
    write_down(store)
    total = store.sql("SELECT COALESCE(SUM(rows), 0) FROM _log_recipe")[0][0]
    total += store.sql("SELECT COUNT(*) FROM _event")[0][0]
    for name in store.schema.objects:
        if name == "LoginHistory" or store.schema[name].big:
            total += store.sql(f'SELECT COUNT(*) FROM "{name}"')[0][0]
    lines = 'SELECT COALESCE(SUM(length("LogFile") - length(replace("LogFile", char(10), \'\')) - 1), 0) FROM "EventLogFile"'
    return int(total + store.sql(f'{lines} WHERE "LogFile" IS NOT NULL AND "LogFile" != \'\'')[0][0])
