"""Reads event log files and sign-ins of some users of one org."""

import csv
import io
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import partial

from tasks.errors import OrgError
from tasks.reading import Reading
from tasks.salesforce.gather import Gathering, held, own_rights_query
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal
from tasks.usage.calls import KINDS
from tasks.usage.model import LogFile
from tasks.usage.observe import Observation, worth_reading

DAYS = 90
"""How far back is asked; orgs keep files for 30 days, and up to 365 where they pay for it."""
_RIGHT = "View Event Log Files"
_LOGIN_RIGHT = "Monitor Login History"
_SEE_LOGINS = ("MonitorLoginHistory", "ManageUsers")
_USERS_PER_PART = 10
"""An aggregate gives 2,000 groups at most: ten users, ninety days, and two statuses stay below."""
_CELL = 1 << 24


def read_usage(session: Session, users: Collection[str], now: datetime, days: int = DAYS) -> Reading:
    """`users` are ids; `now` is the org's own time. Section: usage, or a gap where no file may be read."""
    into = Gathering(session)
    last = now.astimezone(UTC).date()
    first = last - timedelta(days=days - 1)
    start = literal(datetime.combine(first, datetime.min.time(), UTC))
    queries = {
        "EventLogFile": "SELECT Id, EventType, Interval, LogDate FROM EventLogFile "
        f"WHERE EventType IN {in_list(KINDS)} AND LogDate >= {start}",
        "OwnRights": own_rights_query(session.connection.username, _SEE_LOGINS),
    }
    parts = list(chunks(sorted(users), _USERS_PER_PART))
    for index, part in enumerate(parts):
        queries[f"LoginHistory {index}"] = (
            "SELECT UserId, Status, DAY_ONLY(LoginTime) day, COUNT(Id) n FROM LoginHistory "
            f"WHERE LoginTime >= {start} AND UserId IN {in_list(part)} GROUP BY UserId, Status, DAY_ONLY(LoginTime)"
        )
    found = session.read_all(queries)
    observation = Observation(users, first, last)
    listed = [
        LogFile(
            id=row["Id"],
            kind=row["EventType"],
            interval=row["Interval"],
            day=date.fromisoformat(row["LogDate"][:10]),
        )
        for row in into.rows(found, "EventLogFile", ("usage",), _RIGHT)
    ]
    csv.field_size_limit(_CELL)  # logged queries are longer than what csv takes by itself
    for file in worth_reading(listed) if "usage" not in into.gaps else ():
        path = f"sobjects/EventLogFile/{file.id}/LogFile"
        content = into.ask(("usage",), _RIGHT, partial(session.get_bytes, path))
        if content is None:
            break
        observation.add(file, csv.DictReader(io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")))
    into.keep("usage", observation.usage(_logins(into, found, len(parts))))
    return into.reading()


def _logins(
    into: Gathering, found: dict[str, list[dict[str, object]] | OrgError], parts: int
) -> dict[str, frozenset[date]] | None:
    """Days of sign-ins that succeeded, by user; None where others' sign-ins are hidden from us."""
    if not held(into.rows(found, "OwnRights", (), _LOGIN_RIGHT), _SEE_LOGINS):
        return None
    days: dict[str, set[date]] = {}
    for index in range(parts):
        answer = found[f"LoginHistory {index}"]
        if isinstance(answer, OrgError):
            return None
        for row in answer:
            if str(row["Status"]).lower() == "success":
                days.setdefault(str(row["UserId"]), set()).add(date.fromisoformat(str(row["day"])[:10]))
    return {user: frozenset(seen) for user, seen in days.items()}
