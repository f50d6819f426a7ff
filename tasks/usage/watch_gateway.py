"""Reads what some users of one org did since a moment: live from sign-ins, and from event log files when they come."""

import csv
import io
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from tasks.errors import OrgError
from tasks.salesforce.gather import Gathering, held, moment, own_rights_query
from tasks.salesforce.session import Session
from tasks.salesforce.soql import in_list, literal
from tasks.usage.calls import KINDS
from tasks.usage.model import LogFile, SignIns, Traffic
from tasks.usage.watch import Sides, worth_watching

BEFORE = timedelta(days=14)
"""How far back is asked whether a call failed already; weekly runs are in it twice."""
_HOURLY = timedelta(days=2)
_RIGHT = "View Event Log Files"
_SEE_LOGINS = ("MonitorLoginHistory", "ManageUsers")
_CELL = 1 << 24


def read_traffic(
    session: Session, usernames: Collection[str], since: datetime, looked: datetime | None, now: datetime
) -> Traffic:
    """
    `looked` is when the latest file appeared that an earlier look has read: without a later one none is read again.

    `now` is used only where the org sends no time of its own. Raises OrgError.
    """
    into = Gathering(session)
    first = (since - BEFORE).astimezone(UTC).date()
    start = literal(datetime.combine(first, datetime.min.time(), UTC))
    named = session.query(
        f"SELECT Id, Username FROM User WHERE Username IN {in_list(sorted(usernames) or [''])}"
    )
    users = {row["Id"]: str(row["Username"]).lower() for row in named}
    signed = f"FROM LoginHistory WHERE UserId IN {in_list(sorted(users) or [''])}"
    parts = "UserId, SourceIp, Status, COUNT(Id) n, MIN(LoginTime) low, MAX(LoginTime) high"
    by = "GROUP BY UserId, SourceIp, Status"
    found = session.read_all(
        {
            "EventLogFile": "SELECT Id, EventType, Interval, LogDate, CreatedDate FROM EventLogFile "
            f"WHERE EventType IN {in_list(KINDS)} AND LogDate >= {start}",
            "OwnRights": own_rights_query(session.connection.username, _SEE_LOGINS),
            "Before": f"SELECT {parts} {signed} AND LoginTime >= {start} AND LoginTime < {literal(since)} {by}",
            "Since": f"SELECT {parts} {signed} AND LoginTime >= {literal(since)} {by}",
        }
    )
    listed = [_file(row) for row in into.rows(found, "EventLogFile", ("calls",), _RIGHT)]
    newest = max((file.made for file in listed if file.made is not None), default=None)
    fresh = looked is None or (newest is not None and newest > looked)
    sides = Sides(users, since)
    day = since.astimezone(UTC).date()
    recent = worth_watching(listed, day) if fresh else ()
    _add(into, sides, recent)
    failing = any(tally.failed for tally in sides.tallies(since=True))
    if failing:
        earlier = set(worth_watching([file for file in listed if file.day < day], date.min))
        _add(into, sides, sorted(earlier, key=lambda file: (file.day, file.kind, file.id)))
    before, after = _logins(into, found, users)
    return Traffic(
        now=session.server_time or now,
        fresh=fresh,
        newest=newest,
        files=len(recent),
        hourly=any(f.interval == "Hourly" and f.day >= (since - _HOURLY).date() for f in listed),
        since=sides.tallies(since=True),
        before=sides.tallies(since=False),
        others=sides.others,
        sign_ins_before=before,
        sign_ins=after,
        hidden=tuple(f"{section} ({why})" for section, why in sorted(into.gaps.items())),
    )


def _file(row: dict[str, Any]) -> LogFile:
    return LogFile(
        id=row["Id"],
        kind=row["EventType"],
        interval=row["Interval"],
        day=date.fromisoformat(row["LogDate"][:10]),
        made=moment(row["CreatedDate"]),
    )


def _add(into: Gathering, sides: Sides, files: Iterable[LogFile]) -> None:
    csv.field_size_limit(_CELL)  # logged queries are longer than what csv takes by itself
    for file in files:
        path = f"sobjects/EventLogFile/{file.id}/LogFile"
        content = into.ask(("calls",), _RIGHT, partial(into.session.get_bytes, path))
        if content is None:
            return
        sides.add(file, csv.DictReader(io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")))


def _logins(
    into: Gathering, found: dict[str, list[dict[str, Any]] | OrgError], users: dict[str, str]
) -> tuple[tuple[SignIns, ...], tuple[SignIns, ...]]:
    """Before and since; where others' sign-ins are hidden from us, a gap says so."""
    needs = "Monitor Login History"
    if not held(into.rows(found, "OwnRights", (), needs), _SEE_LOGINS):
        into.gap("sign-ins", f"seeing those of others needs {needs}")
        return (), ()
    sides = []
    for name in ("Before", "Since"):
        rows = into.rows(found, name, ("sign-ins",), needs)
        sides.append(tuple(_sign_ins(row, users[row["UserId"]]) for row in rows if row["UserId"] in users))
    return sides[0], sides[1]


def _sign_ins(row: dict[str, Any], user: str) -> SignIns:
    return SignIns(
        user=user,
        address=str(row["SourceIp"] or ""),
        status=str(row["Status"]),
        times=int(row["n"]),
        first=datetime.fromisoformat(row["low"]),
        last=datetime.fromisoformat(row["high"]),
    )
