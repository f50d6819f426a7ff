"""
UserRecordAccess: rows that exist only for the user and the records a query names.

Source: Object Reference, UserRecordAccess: UserId and up to 200 RecordIds are needed; users without View Setup ask about
themselves only.
"""

from collections.abc import Iterator

from deployments.sandbox.caller import Caller
from deployments.sandbox.ids import to18
from deployments.sandbox.rights import caller_of
from deployments.sandbox.schema import SObject
from deployments.sandbox.sharing.rows import Need, allowed
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import Fault, malformed
from deployments.sandbox.store import OrgStore

NAME = "UserRecordAccess"
MOST = 200
_LEVELS = ("All", "Transfer", "Delete", "Edit", "Read")


def note(store: OrgStore, asking: Caller, query: ast.Query) -> None:
    """Writes the rows that the query is about to read. Raises Fault when it names no user or no records."""
    named: dict[str, list[str]] = {}
    for name, values in _named(query.where):
        named.setdefault(name, []).extend(values)
    users, record_ids = named.get("userid", []), list(dict.fromkeys(named.get("recordid", [])))
    if len(users) != 1 or not record_ids:
        raise malformed(f"Implementation restriction: {NAME} needs a filter on one UserId and on RecordId.")
    if len(record_ids) > MOST:
        raise Fault("MALFORMED_QUERY", f"{NAME} can be asked about {MOST} records at a time")
    if users[0] != asking.user_id and not asking.holds(("ViewSetup", "ManageUsers")):
        raise Fault(
            "INSUFFICIENT_ACCESS", f"{NAME} of another user needs the permission View Setup and Configuration"
        )
    store.sql(f'DELETE FROM "{NAME}"')
    if store.get("User", users[0]) is not None:
        caller = caller_of(store, users[0])
        store.insert(NAME, [_row(store, caller, record_id) for record_id in record_ids])


def _named(condition: ast.Condition | None) -> Iterator[tuple[str, list[str]]]:
    match condition:
        case ast.Junction("AND", parts):
            for part in parts:
                yield from _named(part)
        case ast.Compare(ast.Path(names), "=", value) if value.kind == "string":
            yield names[-1].lower(), [to18(str(value.value))]
        case ast.Among(ast.Path(names), False, values) if not isinstance(values, ast.Query):
            yield names[-1].lower(), [to18(str(each.value)) for each in values if each.kind == "string"]
        case _:
            return


def _row(store: OrgStore, caller: Caller, record_id: str) -> dict[str, object]:
    target = _owner(store, record_id)
    rights = caller.on(target) if target else None

    def may(right: bool, need: Need) -> bool:
        return right and target is not None and allowed(store, caller, target, record_id, need)

    read = may(rights.read, "Read") if rights else False
    edit = may(rights.edit, "Edit") if rights else False
    delete = may(rights.delete, "All") if rights else False
    transfer = may(rights.edit, "All") if rights else False
    held = {"Read": read, "Edit": edit, "Delete": delete, "Transfer": transfer, "All": delete and transfer}
    return {
        "UserId": caller.user_id,
        "RecordId": record_id,
        "MaxAccessLevel": next((level for level in _LEVELS if held[level]), "None"),
        **{f"Has{level}Access": on for level, on in held.items()},
    }


def _owner(store: OrgStore, record_id: str) -> SObject | None:
    """The object whose record this is, if there is one."""
    for target in store.schema.objects.values():
        if target.data and target.prefix == record_id[:3] and store.get(target.name, record_id) is not None:
            return target
    return None
