"""Hands of a containment: what an org takes from somebody, gives back, and whether a key is still let in."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tasks.errors import LoginRefused, OrgError, RowLocked
from tasks.plans.apps_gateway import read_policies, write_policies
from tasks.plans.model import Change, ChangeClass, Resource, ResourceKind, State
from tasks.plans.records import Pointer, shape_of
from tasks.plans.ways_gateway import read_callouts, read_sign_ins, write_callouts, write_sign_ins
from tasks.response.endings_gateway import end
from tasks.response.model import Deed, Step
from tasks.salesforce.connection import Connection
from tasks.salesforce.gather import moment
from tasks.salesforce.session import Session
from tasks.salesforce.soql import in_list
from tasks.salesforce.tokens import TokenManager
from tasks.salesforce.writing import RecordResult, WritingSession

Row = Mapping[str, Any]
_READS = {
    ResourceKind.SIGN_IN: read_sign_ins,
    ResourceKind.CALLOUTS: read_callouts,
    ResourceKind.APP_POLICY: read_policies,
}
_WRITES = {
    ResourceKind.SIGN_IN: write_sign_ins,
    ResourceKind.CALLOUTS: write_callouts,
    ResourceKind.APP_POLICY: write_policies,
}
_ROWS = frozenset({ResourceKind.ASSIGNMENT, ResourceKind.APP_ACCESS})
_NAMED = {
    "user": "SELECT Id FROM User WHERE Username IN {}",
    "set": "SELECT Id FROM PermissionSet WHERE IsOwnedByProfile = false AND Name IN {}",
    "profile-set": "SELECT Id FROM PermissionSet WHERE IsOwnedByProfile = true AND Profile.Name IN {}",
    "group": "SELECT Id FROM PermissionSetGroup WHERE DeveloperName IN {}",
}
_GONE = frozenset({"ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY", "DUPLICATE_VALUE"})
"""What an org says where it is so already; reading back decides."""


class OrgHands:
    """
    Takes and gives back in any org, over the enforcer's sessions; `read_in` are the scanner's.

    `spared` gives the user names of an org, in lower case, whose sessions stay; `order` notes an emergency rotation of a secret.
    """

    def __init__(
        self,
        write_in: Callable[[str], WritingSession],
        read_in: Callable[[str], Session],
        spared: Callable[[str], frozenset[str]],
        order: Callable[[str], None],
    ) -> None:
        self._write_in = write_in
        self._read_in = read_in
        self._spared = spared
        self._order = order

    def take(self, step: Step) -> None:
        match step.deed:
            case Deed.ROTATE:
                self._order(step.secret)
            case Deed.END:
                end(self._write_in(step.org), self._read_in(step.org), step, self._spared(step.org))
            case Deed.TAKE:
                self._bring(step, step.before, step.after)

    def give_back(self, step: Step) -> bool:
        if step.resource is None:
            raise ValueError(f"step {step.number} has no way back")
        session = self._write_in(step.org)
        session.rouse()
        now = read(session, step.resource)
        if now == step.before:
            return True
        if now != step.after or _has_ended(step.before, session):
            return False
        self._bring(step, step.after, step.before)
        return True

    def _bring(self, step: Step, held: State | None, wanted: State | None) -> None:
        resource = step.resource
        if resource is None:
            raise ValueError(f"step {step.number} takes nothing")
        session = self._write_in(step.org)
        # Reading some of it takes rights that sleep; who does it here has a decision of the policy or of people in hand.
        session.rouse()
        if read(session, resource) == wanted:
            return
        result = write(session, resource, held, wanted)
        if read(session, resource) == wanted:
            return
        if result.passing:
            raise RowLocked(
                session.alias,
                "the org was busy with the same row",
                "It is tried again in a minute.",
                result.code,
            )
        said = f"the org refused it ({result.code})" if result.code else "the org took it and it is not so"
        raise OrgError(
            session.alias, said, "Look at the enforcer's rights, then do it in Setup.", result.code
        )


def read(session: Session, resource: Resource) -> State | None:
    """What is there now; None where nothing is. Raises OrgError."""
    if resource.kind in _ROWS:
        row = _row(session, resource)
        return None if row is None else shape_of(resource.kind).state(row)
    return _READS[resource.kind](session, [resource]).get(resource)


def write(
    session: WritingSession, resource: Resource, before: State | None, after: State | None
) -> RecordResult:
    """Sent once. Raises OrgError."""
    if resource.kind not in _ROWS:
        change = Change(
            number=1,
            resource=resource,
            before=before,
            after=after,
            kind=ChangeClass.IDENTITY,
            control="ZT-22",
            why="containment",
            effect="containment",
        )
        return _WRITES[resource.kind](session, [change])[0]
    shape = shape_of(resource.kind)
    if after is None:
        row = _row(session, resource)
        return RecordResult(id=None) if row is None else _lenient(session.delete([str(row["Id"])])[0])
    ids = {pointer: _id(session, pointer) for pointer in shape.points(resource.key, after)}
    return _lenient(session.create(shape.sobject, [shape.record(resource.key, None, after, ids)])[0])


def let_in(connection: Connection) -> bool:
    """Whether a credential opens the org. Raises OrgError where there is no answer to that."""
    tokens = TokenManager(connection)
    try:
        tokens.current()
    except LoginRefused:
        return False
    tokens.end()
    return True


def _lenient(result: RecordResult) -> RecordResult:
    return RecordResult(id=result.id) if result.code in _GONE else result


def _has_ended(state: State | None, session: Session) -> bool:
    """Whether an assignment would have ended by itself by now."""
    expires = moment((state or {}).get("expires"))
    return expires is not None and session.server_time is not None and expires <= session.server_time


def _row(session: Session, resource: Resource) -> Row | None:
    shape = shape_of(resource.kind)
    where = shape.where.format(names=in_list([shape.sought(resource.key)]))
    rows = session.query(f"SELECT Id, {', '.join(shape.fields)} FROM {shape.sobject} WHERE {where}")
    return next((row for row in rows if shape.key(row).lower() == resource.key.lower()), None)


def _id(session: Session, pointer: Pointer) -> str:
    kind, name = pointer
    return only(session, session.query(_NAMED[kind].format(in_list([name]))), f"{kind} that was taken")


def only(session: Session, rows: Iterable[Row], what: str) -> str:
    """The id of the one row. Raises OrgError for none or several."""
    found = [str(row["Id"]) for row in rows]
    if len(found) != 1:
        raise OrgError(session.alias, f"there is no {what}", "Do the rest in Setup.", "NOT_FOUND")
    return found[0]
