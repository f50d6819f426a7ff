"""Reads what users did in the hours of their grants: event log files and sign-ins, at the moment each happened."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from tasks.access.model import Grant, LogSpan, SignIn, Touch, Watched
from tasks.access.review import DAILY, SESSION, midnight_after, ready, span, worth_reading
from tasks.salesforce.gather import Gathering, held, moment, own_rights_query
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal
from tasks.usage.calls import KINDS, Row, call_of, succeeded, user_of

_FILES = "View Event Log Files"
_LOGIN_RIGHT = "Monitor Login History"
_SEE_LOGINS = ("MonitorLoginHistory", "ManageUsers")
_NO_LOGINS = f"sign-ins; reading them needs {_LOGIN_RIGHT}"
_MACHINES = frozenset({"Other Apex API", "Remote Access 2.0", "Remote Access Client", "Partner Product"})
"""LoginHistory.LoginType of what calls the APIs; all others may end in a browser."""
_CELL = 1 << 24


def watch(session: Session, grants: Sequence[Grant]) -> dict[str, Watched]:
    """
    What is known of the users of those of one org's `grants` that can be reviewed by now, by grant id.

    Each file is read once, whatever the number of grants. Raises OrgError where the org does not answer.
    """
    listed, gap = _listed(session, grants)
    now = session.server_time or datetime.now(UTC)
    chosen = [grant for grant in grants if ready(grant, listed, now)]
    if not chosen:
        return {}
    users = _users(session, {grant.request.place.username for grant in chosen})
    sign_ins = _sign_ins(session, users, chosen)
    spans, touches, unread = _touches(session, worth_reading(listed, chosen), set(users.values()))
    found = {}
    for grant in chosen:
        user = users.get(grant.request.place.username)
        gaps = [gap or unread] if gap or unread else []
        gaps += [_NO_LOGINS] if sign_ins is None else []
        gaps += [] if user else ["the org has no such user any more"]
        found[grant.id] = Watched(
            # Without the user nothing was looked for, whatever files there are.
            touches=tuple(touches.get((user or "")[:15], ())),
            spans=tuple(spans) if user else (),
            sign_ins=None if sign_ins is None or not user else tuple(sign_ins.get(user, ())),
            gap="; ".join(gaps),
        )
    return found


def _listed(session: Session, grants: Sequence[Grant]) -> tuple[list[LogSpan], str]:
    """Files of the grants' days, and why there are none."""
    into = Gathering(session)
    first = min(midnight_after(span(grant)[0]) for grant in grants) - timedelta(days=1)
    last = max(midnight_after(span(grant)[1]) for grant in grants)
    soql = (
        f"SELECT Id, EventType, Interval, LogDate FROM EventLogFile WHERE EventType IN {in_list(KINDS)} "
        f"AND LogDate >= {literal(first)} AND LogDate < {literal(last)}"
    )
    rows = into.rows(session.read_all({"files": soql}), "files", ("files",), _FILES)
    return [_span(row) for row in rows], into.gaps.get("files", "")


def _span(row: dict[str, object]) -> LogSpan:
    first = moment(row["LogDate"])
    assert first is not None
    length = timedelta(days=1) if row["Interval"] == DAILY else timedelta(hours=1)
    return LogSpan(
        id=str(row["Id"]),
        kind=str(row["EventType"]),
        interval=str(row["Interval"]),
        first=first,
        last=first + length,
    )


def _users(session: Session, names: Collection[str]) -> dict[str, str]:
    """User name in lower case to id."""
    found = {}
    for part in chunks(sorted(names)):
        for row in session.query(f"SELECT Id, Username FROM User WHERE Username IN {in_list(part)}"):
            found[row["Username"].lower()] = row["Id"]
    return found


def _sign_ins(
    session: Session, users: dict[str, str], grants: Sequence[Grant]
) -> dict[str, list[SignIn]] | None:
    """Those that succeeded, by user id; None where others' sign-ins are hidden from us."""
    rights = session.query(own_rights_query(session.connection.username, _SEE_LOGINS))
    if not held(rights, _SEE_LOGINS):
        return None
    times: dict[str, list[tuple[datetime, datetime]]] = {}
    for grant in grants:
        if user := users.get(grant.request.place.username):
            times.setdefault(user, []).append(span(grant))
    found: dict[str, list[SignIn]] = {}
    for user, theirs in times.items():
        first, last = min(start for start, _ in theirs), max(end for _, end in theirs)
        soql = (
            f"SELECT LoginTime, LoginType, Status FROM LoginHistory WHERE UserId = {literal(user)} "
            f"AND LoginTime >= {literal(first - SESSION)} AND LoginTime <= {literal(last)}"
        )
        for row in session.query(soql):
            at = moment(row["LoginTime"])
            if at is not None and str(row["Status"]).lower() == "success":
                found.setdefault(user, []).append(SignIn(at=at, browser=row["LoginType"] not in _MACHINES))
    return found


def _touches(
    session: Session, files: Sequence[LogSpan], users: Collection[str]
) -> tuple[list[LogSpan], dict[str, list[Touch]], str]:
    """The files that could be read, the users' calls by the first 15 letters of their id, and why the rest was not read."""
    into = Gathering(session)
    wanted = {user[:15] for user in users}
    done: list[LogSpan] = []
    touches: dict[str, list[Touch]] = {}
    csv.field_size_limit(_CELL)  # logged queries are longer than what csv takes by itself
    for file in files:
        path = f"sobjects/EventLogFile/{file.id}/LogFile"
        content = into.ask(("files",), _FILES, partial(session.get_bytes, path))
        if content is None:
            break
        done.append(file)
        for user, touch in _calls(file.kind, content):
            if user in wanted:
                touches.setdefault(user, []).append(touch)
    return done, touches, into.gaps.get("files", "")


def _calls(kind: str, content: bytes) -> Iterator[tuple[str, Touch]]:
    rows = csv.DictReader(io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline=""))
    for row in rows:
        at = _at(row)
        if at is not None and succeeded(row):
            call = call_of(kind, row)
            yield user_of(row), Touch(at=at, sobject=call.sobject if call else "")


def _at(row: Row) -> datetime | None:
    """TIMESTAMP's fraction is not padded, so only its whole seconds count."""
    derived = (row.get("TIMESTAMP_DERIVED") or "").strip('"')
    if derived:
        return datetime.fromisoformat(derived)
    plain = (row.get("TIMESTAMP") or "").strip('"')[:14]
    return datetime.strptime(plain, "%Y%m%d%H%M%S").replace(tzinfo=UTC) if len(plain) == 14 else None
