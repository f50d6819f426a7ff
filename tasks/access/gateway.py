"""Hands on assignments: what an org has, and giving, prolonging and taking."""

from collections.abc import Iterable
from datetime import UTC, datetime

from tasks.access.model import Action, Give, Held, Place, Prolong, Seen, Settle, Stray, Take
from tasks.access.sweep import USER_ADMINISTRATION
from tasks.errors import OrgError, RowLocked
from tasks.salesforce.gather import moment
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal
from tasks.salesforce.writing import RecordResult, WritingSession

_FLAGS = tuple(f"Permissions{name}" for name in sorted(USER_ADMINISTRATION))
_GONE = frozenset({"ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY"})
_THERE = frozenset({"DUPLICATE_VALUE"})


class OrgAssignments:
    """One org's assignments over its enforcer's session."""

    def __init__(self, session: WritingSession) -> None:
        self._session = session

    def look(self, sets: Iterable[str]) -> Seen:
        return look(self._session, sets)

    def knows(self, place: Place) -> bool:
        return knows(self._session, place)

    def stands(self, place: Place) -> bool:
        return stands(self._session, place)

    def carry_out(self, action: Action) -> None:
        carry_out(self._session, action)


def look(session: Session, sets: Iterable[str]) -> Seen:
    """Raises OrgError."""
    held, stubborn, grouped = [], set(), []
    # Also where nothing is asked about the org's time is needed, and any query brings it.
    for part in [*chunks(sorted(set(sets)))] or [[""]]:
        names = in_list(part)
        for row in session.query(
            f"SELECT Name, {', '.join(_FLAGS)} FROM PermissionSet WHERE Name IN {names} AND IsOwnedByProfile = false"
        ):
            if any(row[flag] for flag in _FLAGS):
                stubborn.add(row["Name"])
        for row in session.query(
            "SELECT Id, Assignee.Username, PermissionSet.Name, ExpirationDate FROM PermissionSetAssignment "
            f"WHERE PermissionSet.Name IN {names} AND PermissionSet.IsOwnedByProfile = false AND PermissionSetGroupId = null"
        ):
            place = Place(
                org=session.alias,
                username=row["Assignee"]["Username"],
                permission_set=row["PermissionSet"]["Name"],
            )
            held.append(Held(place=place, assignment_id=row["Id"], expires=moment(row["ExpirationDate"])))
        grouped += _through_groups(session, names)
    if session.server_time is None:
        raise OrgError(session.alias, "the answer has no Date", "Look at what stands between us and the org.")
    return Seen(
        held=tuple(held),
        grouped=tuple(grouped),
        cannot_expire=frozenset(stubborn),
        now=session.server_time,
    )


def _through_groups(session: Session, names: str) -> list[Stray]:
    """An assignment of a group names the group alone, so its sets are asked for first."""
    sets: dict[str, list[str]] = {}
    for row in session.query(
        f"SELECT PermissionSetGroupId, PermissionSet.Name FROM PermissionSetGroupComponent WHERE PermissionSet.Name IN {names}"
    ):
        # A muting set belongs to a group, too, and has no name; to SOQL that is what '' asks for.
        if row["PermissionSet"] is not None:
            sets.setdefault(row["PermissionSetGroupId"], []).append(row["PermissionSet"]["Name"])
    return [
        Stray(
            place=Place(
                org=session.alias, username=row["Assignee"]["Username"], permission_set=permission_set
            ),
            expires=moment(row["ExpirationDate"]),
            group=row["PermissionSetGroup"]["DeveloperName"],
        )
        for part in chunks(sorted(sets))
        for row in session.query(
            "SELECT PermissionSetGroupId, PermissionSetGroup.DeveloperName, Assignee.Username, ExpirationDate "
            f"FROM PermissionSetAssignment WHERE PermissionSetGroupId IN {in_list(part)}"
        )
        for permission_set in sets[row["PermissionSetGroupId"]]
    ]


def knows(session: Session, place: Place) -> bool:
    """Whether the org has an active user and a set of these names. Raises OrgError."""
    users = session.count(
        f"SELECT COUNT() FROM User WHERE Username = {literal(place.username)} AND IsActive = true"
    )
    sets = session.query(
        f"SELECT Name FROM PermissionSet WHERE Name = {literal(place.permission_set)} AND IsOwnedByProfile = false"
    )
    # The org takes any spelling; what is compared later has only one.
    return users == 1 and [row["Name"] for row in sets] == [place.permission_set]


def stands(session: Session, place: Place) -> bool:
    """Whether the user has the set without an end. Raises OrgError."""
    return any(
        each.place == place and each.expires is None for each in look(session, [place.permission_set]).held
    )


def sets_named(session: Session, names: Iterable[str]) -> list[str]:
    """Those that the org has, in its own spelling. Raises OrgError."""
    rows = session.query(
        f"SELECT Name FROM PermissionSet WHERE Name IN {in_list(names)} AND IsOwnedByProfile = false"
    )
    return [row["Name"] for row in rows]


def carry_out(session: WritingSession, action: Action) -> None:
    """One action. What turns out to be so already is fine. Raises OrgError."""
    match action:
        case Give():
            result = session.create("PermissionSetAssignment", [_row(session, action)])[0]
            _judge(session, result, _THERE)
        case Prolong():
            row = {"Id": action.assignment_id, "ExpirationDate": _stamp(action.expires)}
            _judge(session, session.update("PermissionSetAssignment", [row])[0], frozenset())
        case Take():
            _judge(session, session.delete([action.assignment_id])[0], _GONE)
        case Settle():
            raise ValueError("there is nothing to do in the org")


def _row(session: Session, action: Give) -> dict[str, object]:
    users = session.query(f"SELECT Id FROM User WHERE Username = {literal(action.place.username)}")
    sets = session.query(
        f"SELECT Id FROM PermissionSet WHERE Name = {literal(action.place.permission_set)} AND IsOwnedByProfile = false"
    )
    if not users or not sets:
        raise OrgError(session.alias, "the user or the set of a grant is gone", "End the grant.", "NOT_FOUND")
    row: dict[str, object] = {"AssigneeId": users[0]["Id"], "PermissionSetId": sets[0]["Id"]}
    return row if action.expires is None else {**row, "ExpirationDate": _stamp(action.expires)}


def _judge(session: Session, result: RecordResult, fine: frozenset[str]) -> None:
    if not result.code or result.code in fine:
        return
    if result.passing:
        raise RowLocked(
            session.alias, "the org was busy with the same row", "It is tried again in a minute.", result.code
        )
    what = f"the org refused it ({result.code}{' on ' + ', '.join(result.fields) if result.fields else ''})"
    raise OrgError(session.alias, what, "Look at the set's licence and the enforcer's rights.", result.code)


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
