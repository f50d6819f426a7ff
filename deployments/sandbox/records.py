"""Reading and writing single records as a caller: rights, validation, the platform's refusals, audit."""

from collections.abc import Mapping, Sequence

from deployments.sandbox import audit, managed, rules
from deployments.sandbox.caller import Caller
from deployments.sandbox.completion import completed, compose_name, modified_by, with_defaults
from deployments.sandbox.errors import SalesforceError, bad_field, no_access, not_found
from deployments.sandbox.ids import is_id, to18
from deployments.sandbox.schema import SObject
from deployments.sandbox.sharing import changes as sharing
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import Fault
from deployments.sandbox.soql.rows import records as rows_of
from deployments.sandbox.soql.select import Asking
from deployments.sandbox.store import OrgStore
from deployments.sandbox.values import checked

__all__ = ["SalesforceError", "create", "delete", "retrieve", "update", "upsert"]

Body = Mapping[str, object]


def create(store: OrgStore, caller: Caller, sobject: str, body: Body, *, tooling: bool = False) -> str:
    """Create one record and give its id. Raises SalesforceError."""
    target = _target(store, caller, sobject, tooling)
    _may(caller, target, "create")
    values = completed(store, target, checked(store, caller, target, body, create=True), caller)
    managed.check(store, target.name, values)
    rules.check(store, target.name, with_defaults(target, values), None)
    _unique(store, target, values, None)
    sharing.check_share(store, caller, target, values)
    record_id = store.insert(target.name, [values])[0]
    sharing.created(store, target)
    audit.follow(store, caller, target.name, None, store.get(target.name, record_id))
    return record_id


def update(
    store: OrgStore, caller: Caller, sobject: str, record_id: str, body: Body, *, tooling: bool = False
) -> None:
    """Change one record. Raises SalesforceError."""
    target = _target(store, caller, sobject, tooling)
    before = _record(store, target, record_id)
    _may(caller, target, "update", before, store)
    values = checked(store, caller, target, body, create=False)
    _forbidden_change(caller, target, before, values)
    managed.check(store, target.name, before)
    compose_name(target, {**before, **values}, values)
    if target.name == "PermissionSet" and "HasActivationRequired" in values:
        values["Type"] = "Session" if values["HasActivationRequired"] else "Regular"
    rules.check(store, target.name, {**before, **values}, str(before["Id"]))
    _unique(store, target, values, str(before["Id"]))
    if target.name == "FieldPermissions" and values.get("PermissionsRead") is False:
        store.delete(target.name, record_id)
    else:
        store.update(target.name, record_id, values | modified_by(target, caller))
    sharing.changed(store, target, before, values)
    audit.follow(store, caller, target.name, before, store.get(target.name, record_id))


def upsert(
    store: OrgStore, caller: Caller, sobject: str, field: str, key: str, body: Body, *, tooling: bool = False
) -> tuple[str, bool]:
    """Update the record an external id names, or create it; gives the id and whether it was created.

    Raises SalesforceError, with status 300 when several records carry the key.
    """
    target = _target(store, caller, sobject, tooling)
    known = target.folded.get(field.lower())
    if known is None or not (known.external_id or known.type == "id") or not caller.reads(target, known):
        message = f"Provided external ID field does not exist or is not accessible: {field}"
        raise SalesforceError(404, "NOT_FOUND", message)
    found = [row for row in store.find(target.name, **{known.name: key}) if not row.get("IsDeleted")]
    if len(found) > 1:
        raise SalesforceError(300, "MULTIPLE_CHOICES", f"{len(found)} records carry this {known.name}")
    if found:
        update(store, caller, sobject, str(found[0]["Id"]), body, tooling=tooling)
        return str(found[0]["Id"]), False
    if known.type == "id":
        raise not_found()
    return create(store, caller, sobject, {**body, known.name: key}, tooling=tooling), True


def delete(store: OrgStore, caller: Caller, sobject: str, record_id: str, *, tooling: bool = False) -> None:
    """Delete one record. Raises SalesforceError."""
    target = _target(store, caller, sobject, tooling)
    before = _record(store, target, record_id)
    _may(caller, target, "delete", before, store)
    managed.check(store, target.name, before)
    if target.name == "PermissionSetAssignment":
        owned = store.get("PermissionSet", str(before["PermissionSetId"])) or {}
        if owned.get("IsOwnedByProfile"):
            raise bad_field(
                "You can't remove the assignment of a profile's own permission set", "PermissionSetId"
            )
    if target.name == "PermissionSet":
        _refuse_assigned(store, before)
    store.delete(target.name, record_id)
    _cascade(store, target, str(before["Id"]))
    audit.follow(store, caller, target.name, before, None)


def retrieve(
    store: OrgStore,
    caller: Caller,
    sobject: str,
    record_id: str,
    fields: Sequence[str] | None = None,
    *,
    tooling: bool = False,
    version: str = "67.0",
) -> dict[str, object]:
    """One record in wire shape, all readable fields unless some are named. Raises SalesforceError."""
    target = _target(store, caller, sobject, tooling)
    names = fields or [name for name, each in target.fields.items() if caller.reads(target, each)]
    if not tooling:
        names = [name for name in names if fields or target.fields[name].type != "metadata"]
    items = tuple(ast.Item(ast.Path(tuple(name.strip().split(".")), 0, 0), None) for name in names)
    by_id = ast.Compare(ast.Path(("Id",), 0, 0), "=", ast.Value("string", record_id))
    query = ast.Query(items, ast.Path((target.name,), 0, 0), where=by_id)
    asking = Asking(store, store.schema, caller, tooling, False, store.clock.now(), version)
    try:
        _, found = rows_of(asking, query)
    except Fault as fault:
        raise SalesforceError(400, fault.code, fault.reason) from None
    if not found:
        raise not_found()
    return found[0]


def _target(store: OrgStore, caller: Caller, sobject: str, tooling: bool) -> SObject:
    target = store.schema.get(sobject)
    if target is None or ("tooling" if tooling else "rest") not in target.api or not caller.sees(target):
        raise not_found()
    return target


def _record(store: OrgStore, target: SObject, record_id: str) -> dict[str, object]:
    if not is_id(record_id) and not target.hides_id:
        message = f"{target.label} ID: id value of incorrect type: {record_id[:40]}"
        raise SalesforceError(400, "MALFORMED_ID", message, ("Id",))
    found = store.get(target.name, record_id)
    if found is None or target.hides_id:
        raise not_found()
    if found.get("IsDeleted"):
        raise SalesforceError(404, "ENTITY_IS_DELETED", "entity is deleted")
    return found


def _may(
    caller: Caller, target: SObject, call: str, row: Body | None = None, store: OrgStore | None = None
) -> None:
    """Raises SalesforceError when the object has no such call or the caller may not use it on this row."""
    if call not in target.calls:
        allowed = ", ".join(["HEAD", "GET", *(["POST"] if "create" in target.calls else [])])
        message = f"HTTP Method not allowed for {target.name}. Allowed are {allowed}"
        raise SalesforceError(405, "METHOD_NOT_ALLOWED", message)
    record_id = str(row["Id"]) if row else None
    if not target.data:
        own_session = target.access.own_field and row and row[target.access.own_field] == caller.user_id
        if not own_session and target.access.own_field and not caller.sees_all_rows(target):
            raise not_found()
        if target.access.write and not caller.holds(target.access.write):
            raise no_access(record_id)
        return
    rights = caller.on(target)
    if not {"create": rights.create, "update": rights.edit, "delete": rights.delete}[call]:
        raise no_access(record_id)
    if row is not None and store is not None:
        sharing.check(store, caller, target, str(row["Id"]), "All" if call == "delete" else "Edit")


def _unique(store: OrgStore, target: SObject, values: Body, record_id: str | None) -> None:
    for name, value in values.items():
        if target.fields[name].unique and value is not None:
            twins = [
                row
                for row in store.find(target.name, **{name: value})
                if row["Id"] != record_id and not row.get("IsDeleted")
            ]
            if twins and target.name == "User":
                message = "Duplicate Username. The username already exists in this or another organization."
                raise bad_field(message, name, code="DUPLICATE_USERNAME")
            if twins:
                message = (
                    f"duplicate value found: {name} duplicates value on record with id: {twins[0]['Id']}"
                )
                raise bad_field(message, name, code="DUPLICATE_VALUE")


def _forbidden_change(caller: Caller, target: SObject, before: Body, values: Body) -> None:
    if target.name == "UserLogin":
        if values.get("IsFrozen") and to18(str(before["UserId"])) == caller.user_id:
            raise SalesforceError(
                400, "CANNOT_FREEZE_SELF", "You can't freeze your own account", ("IsFrozen",)
            )
        if values.get("IsPasswordLocked"):
            raise bad_field("A user can be unlocked here, not locked", "IsPasswordLocked")
    if target.name == "PermissionSet" and (before["IsOwnedByProfile"] or before["Type"] == "Group"):
        code = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
        raise bad_field("This permission set is maintained by its profile or group", "Id", code=code)


def _refuse_assigned(store: OrgStore, before: Body) -> None:
    if before["IsOwnedByProfile"] or before["Type"] == "Group":
        raise bad_field("This permission set is maintained by its profile or group", "Id")
    if store.find("PermissionSetAssignment", PermissionSetId=before["Id"]):
        message = "The permission set could not be deleted because it is assigned to users"
        raise bad_field(message, code="DELETE_FAILED")


def _cascade(store: OrgStore, target: SObject, record_id: str) -> None:
    """Rows that end with their parent: rights of a set, sessions below a session."""
    if target.name == "PermissionSet":
        for child in ("ObjectPermissions", "FieldPermissions", "SetupEntityAccess"):
            store.sql(f'DELETE FROM "{child}" WHERE "ParentId" = ?', record_id)
    if target.name == "AuthSession":
        store.sql('DELETE FROM "AuthSession" WHERE "ParentId" = ?', record_id)
