"""How each kind of resource lies in Salesforce: its object, its key, its state, and the record that makes it so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from tasks.plans.model import ResourceKind, State

Row = Mapping[str, Any]
Pointer = tuple[str, str]
"""What a name names, and the name in lower case: `set`, `group`, `profile-set`, `profile`, `user`, `licence`."""
Ids = Mapping[Pointer, str]

OBJECT_FLAGS = {
    "read": "PermissionsRead",
    "create": "PermissionsCreate",
    "edit": "PermissionsEdit",
    "delete": "PermissionsDelete",
    "view_all": "PermissionsViewAllRecords",
    "modify_all": "PermissionsModifyAllRecords",
}
VIEW_FIELDS, VIEW_FIELDS_FLAG = "view_fields", "PermissionsViewAllFields"
"""A state names it only where it is held: orgs of older releases have none."""
FIELD_FLAGS = {"read": "PermissionsRead", "edit": "PermissionsEdit"}
_PARENT = ("Parent.Name", "Parent.IsOwnedByProfile", "Parent.Profile.Name")
PROFILE, GROUP = "profile:", "group:"
"""What distinguishes a profile's own rights, and a group that is assigned, from a set's."""


@dataclass(frozen=True)
class Shape:
    """
    `where` takes the names (see `sought`) of the resources asked about; `points` gives what a record refers to. With
    `described` the object's own user permissions are asked for too, and with `optional` fields that not every org has.
    """

    sobject: str
    fields: tuple[str, ...]
    where: str
    sought: Callable[[str], str]
    key: Callable[[Row], str]
    state: Callable[[Row], State | None]
    points: Callable[[str, State], tuple[Pointer, ...]]
    record: Callable[[str, State | None, State, Ids], dict[str, Any]]
    described: bool = False
    optional: tuple[str, ...] = ()


def shape_of(kind: ResourceKind) -> Shape:
    return _SHAPES[kind]


def holder(container: str) -> Pointer:
    """What a part of a key names: `Sync` a set, `profile:Sales` a profile's own set, `group:Ops` a group."""
    if container.startswith(PROFILE):
        return "profile-set", container.removeprefix(PROFILE).lower()
    if container.startswith(GROUP):
        return "group", container.removeprefix(GROUP).lower()
    return "set", container.lower()


def pointer_to(kind: ResourceKind, key: str) -> Pointer | None:
    """How others name a resource that a plan changes itself; None where nothing points to its kind."""
    if kind is ResourceKind.PERMISSION_SET:
        return holder(key)
    return ("user", key.lower()) if kind in (ResourceKind.USER, ResourceKind.NEW_USER) else None


def split(key: str) -> tuple[str, str]:
    """Profiles' names may hold slashes, what follows the last one never does."""
    container, _, name = key.rpartition("/")
    return container, name


# Permission sets ---------------------------------------------------------------------------------------


def _set_state(row: Row) -> State:
    held = (name.removeprefix("Permissions") for name in row if name.startswith("Permissions") and row[name])
    permissions: list[JsonValue] = [*sorted(held)]
    return {"label": row["Label"], "permissions": permissions}


def _set_record(key: str, before: State | None, after: State, ids: Ids) -> dict[str, Any]:
    had, has = _names(before), _names(after)
    record: dict[str, Any] = {f"Permissions{name}": name in has for name in sorted(had ^ has)}
    if before is None:
        record["Name"] = key
    if before is None or before.get("label") != after["label"]:
        record["Label"] = after["label"]
    return record


def _names(state: State | None) -> set[str]:
    held = (state or {}).get("permissions", [])
    return {str(name) for name in held} if isinstance(held, list) else set()


# Object and field permissions --------------------------------------------------------------------------


def _of_parent(row: Row) -> str:
    parent = row["Parent"]
    return f"{PROFILE}{parent['Profile']['Name']}" if parent["IsOwnedByProfile"] else str(parent["Name"])


def _flags(names: Mapping[str, str]) -> Callable[[Row], State]:
    return lambda row: {flag: bool(row[column]) for flag, column in names.items()}


def _object_state(row: Row) -> State:
    return {**_flags(OBJECT_FLAGS)(row), **({VIEW_FIELDS: True} if row.get(VIEW_FIELDS_FLAG) else {})}


def _flag_record(
    names: Mapping[str, str], own: Callable[[str], dict[str, Any]]
) -> Callable[[str, State | None, State, Ids], dict[str, Any]]:
    def record(key: str, before: State | None, after: State, ids: Ids) -> dict[str, Any]:
        container, name = split(key)
        known = {**names, VIEW_FIELDS: VIEW_FIELDS_FLAG}
        gone = dict.fromkeys((before or {}).keys() - after.keys(), False)
        flags: dict[str, Any] = {known[flag]: value for flag, value in (gone | after).items()}
        return flags if before is not None else {"ParentId": ids[holder(container)], **own(name), **flags}

    return record


def _to_parent(key: str, after: State) -> tuple[Pointer, ...]:
    return (holder(split(key)[0]),)


# Assignments -------------------------------------------------------------------------------------------


def _assignment_key(row: Row) -> str:
    group = row["PermissionSetGroup"]
    granted = f"{GROUP}{group['DeveloperName']}" if group else row["PermissionSet"]["Name"]
    return f"{row['Assignee']['Username']}/{granted}"


def _assignment_record(key: str, before: State | None, after: State, ids: Ids) -> dict[str, Any]:
    username, granted = split(key)
    record: dict[str, Any] = {"ExpirationDate": after["expires"]}
    if before is None:
        pointer = holder(granted)
        record["PermissionSetGroupId" if pointer[0] == "group" else "PermissionSetId"] = ids[pointer]
        record["AssigneeId"] = ids["user", username.lower()]
    return record


def _to_grant(key: str, after: State) -> tuple[Pointer, ...]:
    username, granted = split(key)
    return ("user", username.lower()), holder(granted)


# Users -------------------------------------------------------------------------------------------------


def _user_state(row: Row) -> State:
    return {"profile": row["Profile"]["Name"]}


def _user_record(key: str, before: State | None, after: State, ids: Ids) -> dict[str, Any]:
    return {"ProfileId": ids["profile", str(after["profile"]).lower()]}


NEW_USER_FIELDS = {
    "name": "LastName",
    "alias": "Alias",
    "email": "Email",
    "time_zone": "TimeZoneSidKey",
    "locale": "LocaleSidKey",
    "language": "LanguageLocaleKey",
    "encoding": "EmailEncodingKey",
}
"""With the profile, all that an org wants to know of a new user (Object Reference, User, required fields)."""


def _new_user_state(row: Row) -> State | None:
    if not row["IsActive"]:
        return None
    return {"profile": row["Profile"]["Name"], **{word: row[name] for word, name in NEW_USER_FIELDS.items()}}


def _new_user_record(key: str, before: State | None, after: State, ids: Ids) -> dict[str, Any]:
    return {
        "Username": key,
        "IsActive": True,
        "ProfileId": ids["profile", str(after["profile"]).lower()],
        **{name: after[word] for word, name in NEW_USER_FIELDS.items()},
    }


def _licence_record(key: str, before: State | None, after: State, ids: Ids) -> dict[str, Any]:
    username, licence = split(key)
    return {
        "AssigneeId": ids["user", username.lower()],
        "PermissionSetLicenseId": ids["licence", licence.lower()],
    }


_SHAPES: dict[ResourceKind, Shape] = {
    ResourceKind.PERMISSION_SET: Shape(
        sobject="PermissionSet",
        fields=("Name", "Label"),
        where="Name IN {names} AND IsOwnedByProfile = false",
        sought=lambda key: key,
        key=lambda row: str(row["Name"]),
        state=_set_state,
        points=lambda key, after: (),
        record=_set_record,
        described=True,
    ),
    ResourceKind.OBJECT_PERMISSION: Shape(
        sobject="ObjectPermissions",
        fields=(*_PARENT, "SobjectType", *OBJECT_FLAGS.values()),
        where="SobjectType IN {names}",
        sought=lambda key: split(key)[1],
        key=lambda row: f"{_of_parent(row)}/{row['SobjectType']}",
        state=_object_state,
        points=_to_parent,
        record=_flag_record(OBJECT_FLAGS, lambda name: {"SobjectType": name}),
        optional=(VIEW_FIELDS_FLAG,),
    ),
    ResourceKind.FIELD_PERMISSION: Shape(
        sobject="FieldPermissions",
        fields=(*_PARENT, "SobjectType", "Field", *FIELD_FLAGS.values()),
        where="Field IN {names}",
        sought=lambda key: split(key)[1],
        key=lambda row: f"{_of_parent(row)}/{row['Field']}",
        state=_flags(FIELD_FLAGS),
        points=_to_parent,
        record=_flag_record(FIELD_FLAGS, lambda name: {"SobjectType": name.partition(".")[0], "Field": name}),
    ),
    ResourceKind.APP_ACCESS: Shape(
        sobject="SetupEntityAccess",
        fields=(*_PARENT, "SetupEntityId", "SetupEntityType"),
        where="SetupEntityId IN {names}",
        sought=lambda key: split(key)[1],
        key=lambda row: f"{_of_parent(row)}/{row['SetupEntityId']}",
        state=lambda row: {"type": row["SetupEntityType"]},
        points=_to_parent,
        record=lambda key, before, after, ids: {
            "ParentId": ids[holder(split(key)[0])],
            "SetupEntityId": split(key)[1],
        },
    ),
    ResourceKind.ASSIGNMENT: Shape(
        sobject="PermissionSetAssignment",
        fields=(
            "Assignee.Username",
            "PermissionSet.Name",
            "PermissionSetGroup.DeveloperName",
            "ExpirationDate",
        ),
        where="Assignee.Username IN {names} AND PermissionSet.IsOwnedByProfile = false",
        sought=lambda key: split(key)[0],
        key=_assignment_key,
        state=lambda row: {"expires": row["ExpirationDate"]},
        points=_to_grant,
        record=_assignment_record,
    ),
    ResourceKind.USER: Shape(
        sobject="User",
        fields=("Username", "Profile.Name"),
        where="Username IN {names}",
        sought=lambda key: key,
        key=lambda row: str(row["Username"]),
        state=_user_state,
        points=lambda key, after: (("profile", str(after["profile"]).lower()),),
        record=_user_record,
    ),
    ResourceKind.NEW_USER: Shape(
        sobject="User",
        fields=("Username", "IsActive", "Profile.Name", *NEW_USER_FIELDS.values()),
        where="Username IN {names}",
        sought=lambda key: key,
        key=lambda row: str(row["Username"]),
        state=_new_user_state,
        points=lambda key, after: (("profile", str(after["profile"]).lower()),),
        record=_new_user_record,
    ),
    ResourceKind.LICENCE: Shape(
        sobject="PermissionSetLicenseAssign",
        fields=("Assignee.Username", "PermissionSetLicense.DeveloperName"),
        where="Assignee.Username IN {names}",
        sought=lambda key: split(key)[0],
        key=lambda row: f"{row['Assignee']['Username']}/{row['PermissionSetLicense']['DeveloperName']}",
        state=lambda row: {"assigned": True},
        points=lambda key, after: (("user", split(key)[0].lower()), ("licence", split(key)[1].lower())),
        record=_licence_record,
    ),
}

DESCRIBED = tuple(shape.sobject for shape in _SHAPES.values() if shape.described or shape.optional)
"""Objects of which an org has to say what fields they have."""
