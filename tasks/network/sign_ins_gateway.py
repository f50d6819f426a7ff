"""
Reads from where some users of one org come: sign-ins as sums, and addresses of calls and of pages that people open at a
browser from event log files.

An aggregate gives 2,000 groups at most and cannot be paged, so users are asked for in parts that are halved on refusal.
"""

import csv
import io
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from tasks.errors import OrgError
from tasks.inventory.model import Login
from tasks.network.model import DAYS, Calls
from tasks.reading import Reading
from tasks.salesforce.gather import Gathering, held, moment, own_rights_query
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal

USERS_PER_PART = 100
_RIGHT = "Monitor Login History"
_SEES = ("MonitorLoginHistory", "ManageUsers")
_FILES = "View Event Log Files"
_CALLS, _REST = "ApiTotalUsage", "RestApi"
"""Every call stands in the first; the second is read for days that lack it."""
_PAGES = ("URI", "LightningPageView")
"""Pages of Salesforce Classic, and of Lightning Experience."""
_GROUPS = "UserId, LoginType, Application, SourceIp, Status"
_REFUSED = ("4", "5")
"""How status codes of calls begin that got nothing."""
_DENIED = "A"
"""REQUEST_STATUS of what the platform refused (EventLogFile: an authorization error)."""


def read_sign_ins(session: Session, users: Collection[str], now: datetime) -> Reading:
    """`users` are ids, `now` the org's own time. Sections: sign_ins, calls, log_days, page_days."""
    into = Gathering(session)
    first = now.astimezone(UTC).date() - timedelta(days=DAYS - 1)
    start = literal(datetime.combine(first, datetime.min.time(), UTC))
    parts = [list(part) for part in chunks(sorted(users), USERS_PER_PART)]
    extra = {
        "OwnRights": own_rights_query(session.connection.username, _SEES),
        "EventLogFile": "SELECT Id, EventType, LogDate FROM EventLogFile WHERE Interval = 'Daily' "
        f"AND EventType IN {in_list((_CALLS, _REST, *_PAGES))} AND LogDate >= {start}",
    }
    logins: list[Login] = []
    while parts or extra:
        asked = {f"LoginHistory {index}": part for index, part in enumerate(parts)}
        answers = session.read_all({**extra, **{name: _query(part, start) for name, part in asked.items()}})
        if extra:
            if not held(into.rows(answers, "OwnRights", (), _RIGHT), _SEES):
                into.gap(
                    "sign_ins", f"only the scanner's own sign-ins are visible; all of them need {_RIGHT}"
                )
            files = into.rows(answers, "EventLogFile", (), _FILES)
            _calls(into, files, users)
            extra = {}
        parts = []
        for name, part in asked.items():
            answer = answers[name]
            if isinstance(answer, OrgError) and answer.code == "EXCEEDED_ID_LIMIT" and len(part) > 1:
                parts += [part[: len(part) // 2], part[len(part) // 2 :]]
                continue
            logins += [_login(row) for row in into.rows(answers, name, ("sign_ins",), _RIGHT)]
    into.keep("sign_ins", tuple(logins))
    return into.reading()


def _query(users: list[str], start: str) -> str:
    return (
        f"SELECT {_GROUPS}, COUNT(Id) n, MAX(LoginTime) latest FROM LoginHistory "
        f"WHERE LoginTime >= {start} AND UserId IN {in_list(users)} GROUP BY {_GROUPS}"
    )


def _login(row: Row) -> Login:
    latest = moment(row["latest"])
    assert latest is not None, "a group of sign-ins has a latest one"
    return Login(
        user_id=row["UserId"],
        kind=row["LoginType"] or "",
        application=row["Application"] or "",
        address=row["SourceIp"] or "",
        success=str(row["Status"]).lower() == "success",
        count=int(row["n"]),
        last=latest,
    )


def _calls(into: Gathering, files: list[Row], users: Collection[str]) -> None:
    """
    An org that gives no files leaves none to read; then `log_days` and `page_days` say so. A day may have several files, and
    is one of those days when all of them were read.
    """
    by_day: dict[date, dict[str, list[str]]] = {}
    for row in files:
        kinds = by_day.setdefault(date.fromisoformat(row["LogDate"][:10]), {})
        kinds.setdefault(row["EventType"], []).append(row["Id"])
    calls = {day: kinds.get(_CALLS) or kinds.get(_REST, []) for day, kinds in by_day.items()}
    pages = {day: [file for kind in _PAGES for file in kinds.get(kind, ())] for day, kinds in by_day.items()}
    called, log_days = _seen(into, calls, users, pages=False)
    opened, page_days = _seen(into, pages, users, pages=True)
    into.keep("log_days", log_days)
    into.keep("page_days", page_days)
    into.keep("calls", (*called, *opened))


def _seen(
    into: Gathering, files: dict[date, list[str]], users: Collection[str], *, pages: bool
) -> tuple[tuple[Calls, ...], int]:
    """What ids of files tell by day, and of how many days all was read."""
    short = {user[:15]: user for user in users}
    seen: dict[tuple[str, str], tuple[int, date]] = {}
    read = 0
    for day, ids in sorted(files.items()):
        whole = bool(ids)
        for file in ids:
            path = f"sobjects/EventLogFile/{file}/LogFile"
            content = into.ask((), _FILES, partial(into.session.get_bytes, path))
            if content is None:
                whole = False
                continue
            lines = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
            for user, address in _addresses(csv.DictReader(lines), short):
                count, _ = seen.get((user, address), (0, day))
                seen[user, address] = count + 1, day
        read += whole
    found = tuple(
        Calls(user_id=user, address=address, count=count, last=last, pages=pages)
        for (user, address), (count, last) in sorted(seen.items())
    )
    return found, read


def _addresses(rows: Iterable[dict[str, str]], short: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Of what was answered; a refused call or page is no use."""
    for row in rows:
        user = short.get((row.get("USER_ID") or row.get("USER_ID_DERIVED") or "")[:15])
        address = row.get("CLIENT_IP") or ""
        refused = (row.get("STATUS_CODE") or "").startswith(_REFUSED) or row.get("REQUEST_STATUS") == _DENIED
        if user and address and not refused:
            yield user, address
