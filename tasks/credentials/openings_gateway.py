"""Hands on what was opened with a credential: refresh tokens of its apps, and sessions of those who act with it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from tasks.credentials.places import Secret
from tasks.credentials.rotation_gateway import by_label
from tasks.credentials.severing import Actors, Still
from tasks.errors import OrgError
from tasks.estate.model import RotatedCredential
from tasks.salesforce.gather import moment
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal
from tasks.salesforce.writing import COLLECTION, WritingSession

_SLACK = timedelta(minutes=1)
"""An org tells its time in whole seconds, and its servers do not agree to the second. Who is new signs in once more."""
_RIGHTS = {
    "PermissionsManageUsers": "Manage Users",
    "PermissionsCustomizeApplication": "Customize Application",
}
"""Without them an org shows sessions and tokens of others as if there were none (Object Reference: AuthSession, OauthToken)."""


class OrgOpenings:
    """In the org where the credential signs in."""

    def __init__(
        self,
        session: WritingSession,
        reader: Session,
        credential: RotatedCredential,
        actors: Actors,
        stay: Callable[[Secret], Still | None],
    ) -> None:
        """`reader` is the scanner's session, which may see everybody's sign-ins. `stay` is the door's."""
        self._session = session
        self._reader = reader
        self._credential = credential
        self._actors = actors
        self._stay = stay

    def stay(self, value: Secret) -> Still | None:
        return self._stay(value)

    def end(self, value: Secret, since: datetime, until: datetime) -> None:
        self._session.rouse()
        self._sure()
        labels = by_label(self._reader, self._credential.apps)
        users = self._users(str(value.get("username") or ""), since, labels)
        limit = until + _SLACK
        tokens = {str(row["DeleteToken"]) for row in self._tokens(users, labels, limit)}
        for token in sorted(tokens):
            self._session.revoke(token)
        opened = self._sessions(users, labels, limit)
        for start in range(0, len(opened), COLLECTION):
            # One that is over already, or went with its parent, is refused: what is there still decides.
            self._session.delete(opened[start : start + COLLECTION])
        left = len(tokens & {str(row["DeleteToken"]) for row in self._tokens(users, labels, limit)})
        left += len(set(opened) & set(self._sessions(users, labels, limit)))
        if left:
            raise OrgError(
                self._session.alias,
                f"{left} sessions and tokens that the old credential may have opened are there still",
                "The next run ends them again; end them in Setup if they stay.",
                "STILL_OPEN",
            )

    def _sure(self) -> None:
        rows = self._session.query(f"SELECT {', '.join(_RIGHTS)} FROM UserPermissionAccess")
        missing = [label for name, label in _RIGHTS.items() if not (rows and rows[0].get(name))]
        if missing:
            raise OrgError(
                self._session.alias,
                f"the enforcer lacks {' and '.join(missing)}, so it sees no sessions and tokens of others",
                "Give it to its permission set that sleeps.",
                "INSUFFICIENT_ACCESS",
            )

    def _users(self, own: str, since: datetime, labels: Iterable[str]) -> list[str]:
        """
        Ids. `own` is the user name that the secret holds, if any. Who signed in through the apps since the rotation began is among
        them: we have done so ourselves, with the new one, as the user that the app runs as.
        """
        known = set(labels)
        seen = (
            {
                str(row["UserId"])
                for row in self._reader.query(
                    f"SELECT UserId, Application, Status FROM LoginHistory WHERE LoginTime >= {literal(since.astimezone(UTC))}"
                )
                if row["Application"] in known and str(row["Status"]).lower() == "success"
            }
            if known
            else set()
        )
        names = sorted(self._actors.users | ({own.lower()} if own else set()))
        if names:
            found = self._reader.query(f"SELECT Id FROM User WHERE Username IN {in_list(names)}")
            seen |= {str(row["Id"]) for row in found}
        if not seen:
            raise OrgError(
                self._session.alias,
                f"nobody was seen to act with {self._credential.secret}, so nobody knows whose sessions to end",
                "See whether the scanner may view the login history.",
                "NOT_FOUND",
            )
        ours = {each.connection.username.lower() for each in (self._session, self._reader)}
        spared = sorted(self._actors.spared | {each for each in ours if each})
        kept = self._reader.query(f"SELECT Id FROM User WHERE Username IN {in_list(spared or [''])}")
        return sorted(seen - {str(row["Id"]) for row in kept})

    def _tokens(self, users: list[str], labels: Iterable[str], limit: datetime) -> list[Row]:
        """The rows hold secrets: they go no further. Users of a password have no apps of their own: it is all theirs."""
        names = {*labels, *self._credential.apps}
        found: list[Row] = []
        for part in chunks(users):
            found += self._session.query(
                f"SELECT AppName, CreatedDate, DeleteToken FROM OauthToken WHERE UserId IN {in_list(part)}"
            )
        return [row for row in found if (not names or row["AppName"] in names) and _before(row, limit)]

    def _sessions(self, users: list[str], labels: Iterable[str], limit: datetime) -> list[str]:
        """Ids. Of one that is known to come of another app nothing is ended; where that does not show, it may be of ours."""
        rows: list[Row] = []
        for part in chunks(users):
            rows += self._session.query(
                f"SELECT Id, CreatedDate, LoginHistoryId FROM AuthSession WHERE UsersId IN {in_list(part)}"
            )
        rows = [row for row in rows if _before(row, limit)]
        known = set(labels)
        if not known:
            return [str(row["Id"]) for row in rows]
        through: dict[str, str] = {}
        logins = sorted({str(row["LoginHistoryId"]) for row in rows if row["LoginHistoryId"]})
        for part in chunks(logins):
            found = self._reader.query(
                f"SELECT Id, Application FROM LoginHistory WHERE Id IN {in_list(part)}"
            )
            through |= {str(row["Id"]): str(row["Application"]) for row in found if row["Application"]}
        return [str(row["Id"]) for row in rows if through.get(str(row["LoginHistoryId"])) in (None, *known)]


def _before(row: Row, limit: datetime) -> bool:
    """What has no date is taken for old."""
    at = moment(row["CreatedDate"])
    return at is None or at < limit
