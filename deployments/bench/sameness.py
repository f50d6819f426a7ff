"""Whether an org is what it was: two copies of its store compared row by row, but for ids and audit."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

AUDIT_ROWS = frozenset(
    {
        "SetupAuditTrail", "LoginHistory", "LoginEvent", "ApiEvent", "AuthSession", "EventLogFile", "UserLogin",
        "VerificationHistory", "OauthToken", "sqlite_stat1", "_event", "_session", "_counter", "UserPermissionAccess",
        "UserRecordAccess", "UserEntityAccess", "UserFieldAccess",
    }
)  # fmt: skip
"""What happened, who is signed in, and which ids were given: rows that every call adds to."""
AUDIT_COLUMNS = frozenset(
    {
        "Id", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp", "LastLoginDate",
        "LastUsedDate", "LastViewedDate", "LastReferencedDate", "UsageBeforeDate",
    }
)  # fmt: skip


def differences(before: Path, after: Path) -> tuple[str, ...]:
    """Tables that differ, with how many rows only one of the two has. A row's own id is none of its content; ids it names are."""
    with closing(sqlite3.connect(f"file:{before}?mode=ro", uri=True)) as store:
        store.execute("ATTACH DATABASE ? AS later", (f"file:{after}?mode=ro",))
        tables = {
            name for (name,) in store.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
        }
        later = {
            name for (name,) in store.execute("SELECT name FROM later.sqlite_master WHERE type = 'table'")
        }
        found = [f"{name}: only in one of the two" for name in sorted(tables ^ later)]
        found += _differing(store, sorted(name for name in tables & later if not _is_audit(name)))
    return tuple(found)


def _is_audit(table: str) -> bool:
    return table in AUDIT_ROWS or table.endswith(("EventStore", "Event__e"))


def _differing(store: sqlite3.Connection, tables: Iterable[str]) -> list[str]:
    found = []
    for table in tables:
        listed = [row[1] for row in store.execute(f'PRAGMA main.table_info("{table}")')]
        columns = ", ".join(f'"{name}"' for name in listed if name not in AUDIT_COLUMNS)
        if not columns:
            continue
        # Grouped, so that a row that was there twice and is there once does not look the same.
        rows = {
            place: f'SELECT {columns}, COUNT(*) FROM {place}."{table}" GROUP BY {columns}'
            for place in ("main", "later")
        }
        gone = store.execute(f"SELECT COUNT(*) FROM ({rows['main']} EXCEPT {rows['later']})").fetchone()[0]
        come = store.execute(f"SELECT COUNT(*) FROM ({rows['later']} EXCEPT {rows['main']})").fetchone()[0]
        if gone or come:
            found.append(f"{table}: {gone} rows gone or changed, {come} new or changed")
    return found
