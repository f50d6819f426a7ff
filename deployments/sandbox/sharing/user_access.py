"""
UserEntityAccess and UserFieldAccess: what a user may do with objects and their fields, for the user and objects a query names.

Source: Object Reference, UserEntityAccess and UserFieldAccess: rows of one user, with equality filters joined by AND.
That asking about somebody else takes View Setup, as for UserRecordAccess, is a guess.
"""

from collections.abc import Iterator

from deployments.sandbox.caller import Caller
from deployments.sandbox.ids import to18
from deployments.sandbox.rights import caller_of
from deployments.sandbox.schema import SObject
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import Fault, malformed
from deployments.sandbox.store import OrgStore

ENTITY, FIELD = "UserEntityAccess", "UserFieldAccess"
NAMES = frozenset({ENTITY, FIELD})
_OBJECT = frozenset({"entitydefinitionid", "qualifiedapiname"})
_MERGED = frozenset({"Account", "Contact", "Lead", "Case"})


def note(store: OrgStore, asking: Caller, query: ast.Query, sobject: str) -> None:
    """Writes the rows that the query is about to read. Raises Fault when it names no user or no object."""
    users: list[str] = []
    objects: list[str] = []
    for path, values in _named(query.where):
        if path[-1] == "userid":
            users += map(to18, values)
        elif path[-1] in _OBJECT and path[0] != "fielddefinition":
            objects += values
    if len(set(users)) != 1 or not objects:
        raise malformed(
            f"Implementation restriction: {sobject} needs a filter on one UserId and on EntityDefinition."
        )
    if users[0] != asking.user_id and not asking.holds(("ViewSetup", "ManageUsers")):
        raise Fault(
            "INSUFFICIENT_ACCESS",
            f"{sobject} of another user needs the permission View Setup and Configuration",
        )
    store.sql(f'DELETE FROM "{sobject}"')
    if store.get("User", users[0]) is None:
        return
    caller = caller_of(store, users[0])
    wanted = {name.lower() for name in objects}
    for target in store.schema.objects.values():
        if target.data and target.name.lower() in wanted:
            store.insert(
                sobject, [*(_entity(caller, target) if sobject == ENTITY else _fields(caller, target))]
            )


def _named(condition: ast.Condition | None) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    match condition:
        case ast.Junction("AND", parts):
            for part in parts:
                yield from _named(part)
        case ast.Compare(ast.Path(names), "=", value) if value.kind == "string":
            yield tuple(name.lower() for name in names), [str(value.value)]
        case ast.Among(ast.Path(names), False, values) if not isinstance(values, ast.Query):
            yield tuple(name.lower() for name in names), [str(v.value) for v in values if v.kind == "string"]
        case _:
            return


def _entity(caller: Caller, target: SObject) -> Iterator[dict[str, object]]:
    rights = caller.on(target)
    yield {
        "DurableId": f"{target.name}.{caller.user_id}",
        "UserId": caller.user_id,
        "EntityDefinitionId": target.name,
        "IsActivateable": False,
        "IsCreatable": rights.create,
        "IsDeletable": rights.delete,
        "IsEditable": rights.edit,
        "IsFlsUpdatable": rights.edit,
        "IsMergeable": target.name in _MERGED and rights.edit and rights.delete,
        "IsReadable": rights.read,
        "IsUndeletable": rights.delete,
        "IsUpdatable": rights.edit,
    }


def _fields(caller: Caller, target: SObject) -> Iterator[dict[str, object]]:
    rights = caller.on(target)
    for field in target.fields.values():
        edits = caller.edits(target, field)
        yield {
            "DurableId": f"{target.name}.{caller.user_id}.{field.name}",
            "UserId": caller.user_id,
            "EntityDefinitionId": target.name,
            "FieldDefinitionId": f"{target.name}.{field.name}",
            "IsAccessible": rights.read and caller.reads(target, field),
            "IsCreatable": rights.create and edits and field.createable,
            "IsUpdatable": rights.edit and edits and field.updateable,
        }
