"""Hands that end what is open: sessions and refresh tokens of some users, or of everybody who came through an app."""

from collections.abc import Collection
from datetime import UTC, timedelta

from tasks.errors import OrgError
from tasks.response.model import Step
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal
from tasks.salesforce.writing import COLLECTION, WritingSession

_LONGEST = timedelta(hours=24)
"""No session lives longer without being used (Setup, Session Settings: 24 hours of inactivity is the most)."""
_RIGHTS = {
    "PermissionsManageUsers": "Manage Users",
    "PermissionsCustomizeApplication": "Customize Application",
}
"""Without them an org shows sessions and tokens of others as if there were none (Object Reference: AuthSession, OauthToken)."""


def end(session: WritingSession, reader: Session, step: Step, spared: Collection[str]) -> None:
    """
    Ends what is open now and reads back that it is gone; ended twice is ended once. Nothing of `spared` users (names in lower
    case) ends. Raises OrgError.
    """
    session.rouse()
    _sure(session)
    ours = {each.connection.username.lower() for each in (session, reader)} | set(spared)
    kept = _ids(reader, sorted(ours)) if ours else set()
    logins: set[str] = set()
    users = _ids(reader, step.usernames) if step.usernames else set()
    if not step.usernames:
        logins, users = _came_through(reader, step.apps)
    tokens = {str(row["DeleteToken"]) for row in _tokens(session, step, users, kept)}
    for token in sorted(tokens):
        session.revoke(token)
    opened = _sessions(session, reader, step, users - kept, logins)
    for start in range(0, len(opened), COLLECTION):
        # One that is over already, or went with its parent, is refused: what is there still decides.
        session.delete(opened[start : start + COLLECTION])
    left = len(tokens & {str(row["DeleteToken"]) for row in _tokens(session, step, users, kept)})
    left += len(set(opened) & set(_sessions(session, reader, step, users - kept, logins)))
    if left:
        raise OrgError(
            session.alias,
            f"{left} sessions and tokens are there still",
            "They are ended again in a minute; end them in Setup (Session Management) if they stay.",
            "STILL_OPEN",
        )


def _sure(session: WritingSession) -> None:
    rows = session.query(f"SELECT {', '.join(_RIGHTS)} FROM UserPermissionAccess")
    missing = [label for name, label in _RIGHTS.items() if not (rows and rows[0].get(name))]
    if missing:
        raise OrgError(
            session.alias,
            f"the enforcer lacks {' and '.join(missing)}, so it sees no sessions and tokens of others",
            "Give it to its permission set that sleeps.",
            "INSUFFICIENT_ACCESS",
        )


def _ids(reader: Session, usernames: Collection[str]) -> set[str]:
    rows = reader.query(f"SELECT Id FROM User WHERE Username IN {in_list(usernames)}")
    return {str(row["Id"]) for row in rows}


def _came_through(reader: Session, apps: Collection[str]) -> tuple[set[str], set[str]]:
    """Ids of sign-ins through the apps, and of who they were; login history cannot be filtered by app (Object Reference)."""
    reader.hello()
    if reader.server_time is None:
        raise OrgError(reader.alias, "the answer has no Date", "Look at what stands between us and the org.")
    since = literal((reader.server_time - _LONGEST).astimezone(UTC))
    wanted = {app.lower() for app in apps}
    rows = [
        row
        for row in reader.query(
            f"SELECT Id, UserId, Application FROM LoginHistory WHERE LoginTime >= {since}"
        )
        if str(row["Application"]).lower() in wanted
    ]
    return {str(row["Id"]) for row in rows}, {str(row["UserId"]) for row in rows}


def _tokens(session: WritingSession, step: Step, users: Collection[str], kept: Collection[str]) -> list[Row]:
    """The rows hold secrets: they go no further."""
    fields = "SELECT UserId, AppName, DeleteToken FROM OauthToken WHERE"
    if step.usernames:
        queries = [f"{fields} UserId IN {in_list(part)}" for part in chunks(sorted(users))]
    else:
        queries = [f"{fields} AppName IN {in_list(step.apps)}"]
    return [row for soql in queries for row in session.query(soql) if str(row["UserId"]) not in kept]


def _sessions(
    session: WritingSession, reader: Session, step: Step, users: Collection[str], logins: Collection[str]
) -> list[str]:
    """Ids. Of one that is known to come of another app nothing is ended; where that does not show, it may be of this one."""
    rows: list[Row] = []
    for part in chunks(sorted(users)):
        rows += session.query(f"SELECT Id, LoginHistoryId FROM AuthSession WHERE UsersId IN {in_list(part)}")
    if step.usernames:
        return [str(row["Id"]) for row in rows]
    others = sorted({str(row["LoginHistoryId"]) for row in rows if row["LoginHistoryId"]} - set(logins))
    elsewhere: set[str] = set()
    for part in chunks(others):
        found = reader.query(f"SELECT Id, Application FROM LoginHistory WHERE Id IN {in_list(part)}")
        elsewhere |= {str(row["Id"]) for row in found if row["Application"]}
    return [str(row["Id"]) for row in rows if str(row["LoginHistoryId"]) not in elsewhere]
