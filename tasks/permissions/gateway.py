"""Reads one org's permission sets, groups, assignments, object and field permissions."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from tasks.errors import OrgError
from tasks.permissions.model import (
    AppAccess,
    Assignment,
    FieldFacts,
    FieldPermission,
    ObjectPermission,
    Particulars,
    PermissionSet,
    PermissionSetGroup,
    Profile,
    Seats,
)
from tasks.reading import Reading
from tasks.salesforce.gather import Gathering, held, moment, own_rights_query
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal

MUTUAL_AUTH_LABEL = "Enforce SSL/TLS Mutual Authentication"
"""The permission's API name stands in no public reference, so each org's own describe is asked for its label."""
MUTING = "Muting"
_RIGHT = "View Setup and Configuration"
SEES_ALL_ASSIGNMENTS = ("ViewSetup", "AssignPermissionSets", "ManageUsers")
_OBJECT_FLAGS = (
    "PermissionsRead",
    "PermissionsCreate",
    "PermissionsEdit",
    "PermissionsDelete",
    "PermissionsViewAllRecords",
    "PermissionsModifyAllRecords",
)
_PARTICULARS = {
    "email": "Email",
    "time_zone": "TimeZoneSidKey",
    "locale": "LocaleSidKey",
    "language": "LanguageLocaleKey",
    "encoding": "EmailEncodingKey",
}
_VIEW_FIELDS = "PermissionsViewAllFields"
_SECTIONS = (
    "permission_sets",
    "groups",
    "assignments",
    "object_permissions",
    "field_permissions",
    "app_access",
)


def read_permissions(session: Session, *, fields: Iterable[str]) -> Reading:
    """
    `fields` are qualified names: field permissions are asked for these only, since all of them are most of an org's
    access rows. Sections: permission_sets, groups, assignments, object_permissions, field_permissions, app_access,
    mutual_auth_permission.
    """
    into = Gathering(session)
    described = session.describe(["PermissionSet", "MutingPermissionSet", "ObjectPermissions"])
    names = _permission_fields(into, described["PermissionSet"])
    muting = _permission_fields(into, described["MutingPermissionSet"])
    queries = _queries(names, muting, _object_flags(described["ObjectPermissions"]), sorted(fields))
    queries["OwnRights"] = own_rights_query(session.connection.username, SEES_ALL_ASSIGNMENTS)
    found = session.read_all(queries)
    if not held(into.rows(found, "OwnRights", (), _RIGHT), SEES_ALL_ASSIGNMENTS):
        into.gap("assignments", f"only the scanner's own assignments are visible; all of them need {_RIGHT}")
    sets = [_set(row, names) for row in into.rows(found, "PermissionSet", ("permission_sets",), _RIGHT)]
    sets += [
        _muting(row, muting) for row in into.rows(found, "MutingPermissionSet", ("permission_sets",), _RIGHT)
    ]
    into.keep("permission_sets", tuple(sets))
    into.keep("groups", _groups(into, found, {s.id for s in sets if s.kind == MUTING}))
    into.keep(
        "assignments",
        tuple(
            Assignment(
                id=row["Id"],
                user_id=row["AssigneeId"],
                permission_set_id=row["PermissionSetId"] or "",
                group_id=row["PermissionSetGroupId"],
                expires=moment(row["ExpirationDate"]),
                active=bool(row["IsActive"]),
            )
            for row in into.rows(found, "PermissionSetAssignment", ("assignments",), _RIGHT)
        ),
    )
    into.keep(
        "object_permissions",
        tuple(_object(row) for row in into.rows(found, "ObjectPermissions", ("object_permissions",), _RIGHT)),
    )
    parts = [name for name in found if name.startswith("FieldPermissions")]
    rows = chain.from_iterable(into.rows(found, name, ("field_permissions",), _RIGHT) for name in parts)
    into.keep(
        "field_permissions",
        tuple(
            FieldPermission(
                parent_id=row["ParentId"],
                sobject=row["SobjectType"],
                field=row["Field"],
                read=bool(row["PermissionsRead"]),
                edit=bool(row["PermissionsEdit"]),
            )
            for row in rows
        ),
    )
    access = into.rows(found, "SetupEntityAccess", ("app_access",), _RIGHT)
    into.keep(
        "app_access", tuple(AppAccess(parent_id=r["ParentId"], app_id=r["SetupEntityId"]) for r in access)
    )
    return into.reading()


def _permission_fields(into: Gathering, described: Any) -> dict[str, str]:
    """Field to permission name. They differ by org and release, so a fixed list would lose the whole query."""
    if isinstance(described, OrgError):
        for section in _SECTIONS:
            into.gap(section, f"{described.what}; reading it needs {_RIGHT}")
        return {}
    found = {}
    for field in described["fields"]:
        if field["name"].startswith("Permissions"):
            found[field["name"]] = field["name"].removeprefix("Permissions")
            # Labels come with stray blanks in some orgs.
            if field["label"].strip() == MUTUAL_AUTH_LABEL:
                into.keep("mutual_auth_permission", found[field["name"]])
    return found


def _object_flags(described: Any) -> list[str]:
    """Orgs of older releases have no View All Fields, and one unknown name would lose the whole query."""
    there = () if isinstance(described, OrgError) else (field["name"] for field in described["fields"])
    return [*_OBJECT_FLAGS, *(name for name in there if name == _VIEW_FIELDS)]


def _queries(
    names: dict[str, str], muting: dict[str, str], flags: list[str], fields: list[str]
) -> dict[str, str]:
    own = ", ".join(["Id", "Name", "Label", "Type", "ProfileId", "PermissionSetGroupId", "NamespacePrefix"])
    queries = {
        "PermissionSet": f"SELECT {', '.join([own, 'HasActivationRequired', *names])} FROM PermissionSet",
        "MutingPermissionSet": f"SELECT {', '.join(['Id', 'DeveloperName', *muting])} FROM MutingPermissionSet",
        "PermissionSetGroup": "SELECT Id, DeveloperName, Status FROM PermissionSetGroup",
        "PermissionSetGroupComponent": "SELECT PermissionSetGroupId, PermissionSetId FROM PermissionSetGroupComponent",
        "PermissionSetAssignment": "SELECT Id, AssigneeId, PermissionSetId, PermissionSetGroupId, ExpirationDate, "
        "IsActive FROM PermissionSetAssignment WHERE PermissionSet.IsOwnedByProfile = false",
        "ObjectPermissions": f"SELECT ParentId, SobjectType, {', '.join(flags)} FROM ObjectPermissions",
        "SetupEntityAccess": "SELECT ParentId, SetupEntityId FROM SetupEntityAccess "
        "WHERE SetupEntityType IN ('ConnectedApplication', 'ExternalClientApplication')",
    }
    for index, part in enumerate(chunks(fields)):
        objects = sorted({name.partition(".")[0] for name in part})
        queries[f"FieldPermissions {index}"] = (
            "SELECT ParentId, SobjectType, Field, PermissionsRead, PermissionsEdit FROM FieldPermissions "
            f"WHERE SobjectType IN {in_list(objects)} AND Field IN {in_list(part)}"
        )
    return queries


def _set(row: Row, names: dict[str, str]) -> PermissionSet:
    return PermissionSet(
        id=row["Id"],
        name=row["Name"],
        label=row["Label"] or "",
        kind=row["Type"] or "Regular",
        profile_id=row["ProfileId"],
        group_id=row["PermissionSetGroupId"],
        permissions=frozenset(name for field, name in names.items() if row[field]),
        activation_required=bool(row["HasActivationRequired"]),
        namespace=row["NamespacePrefix"],
    )


def _muting(row: Row, names: dict[str, str]) -> PermissionSet:
    return PermissionSet(
        id=row["Id"],
        name=row["DeveloperName"],
        label=row["DeveloperName"],
        kind=MUTING,
        profile_id=None,
        group_id=None,
        permissions=frozenset(name for field, name in names.items() if row[field]),
        activation_required=False,
        namespace=None,
    )


def _groups(into: Gathering, found: dict[str, Any], muting: set[str]) -> tuple[PermissionSetGroup, ...]:
    members: dict[str, list[str]] = {}
    for row in into.rows(found, "PermissionSetGroupComponent", ("groups",), _RIGHT):
        members.setdefault(row["PermissionSetGroupId"], []).append(row["PermissionSetId"])
    return tuple(
        PermissionSetGroup(
            id=row["Id"],
            name=row["DeveloperName"],
            status=row["Status"] or "",
            member_ids=tuple(m for m in members.get(row["Id"], ()) if m not in muting),
            muting_ids=tuple(m for m in members.get(row["Id"], ()) if m in muting),
        )
        for row in into.rows(found, "PermissionSetGroup", ("groups",), _RIGHT)
    )


def _object(row: Row) -> ObjectPermission:
    return ObjectPermission(
        parent_id=row["ParentId"],
        sobject=row["SobjectType"],
        read=bool(row["PermissionsRead"]),
        create=bool(row["PermissionsCreate"]),
        edit=bool(row["PermissionsEdit"]),
        delete=bool(row["PermissionsDelete"]),
        view_all=bool(row["PermissionsViewAllRecords"]),
        modify_all=bool(row["PermissionsModifyAllRecords"]),
        view_fields=bool(row.get(_VIEW_FIELDS)),
    )


def read_field_facts(session: Session, sobjects: Iterable[str]) -> Reading:
    """
    What describe says of the fields of some objects, and the org's profiles. Sections: facts, by qualified name; profiles.
    Raises OrgError.
    """
    into = Gathering(session)
    facts = {}
    for name, described in session.describe(sorted(set(sobjects))).items():
        if isinstance(described, OrgError):
            raise described
        for field in described["fields"]:
            facts[f"{name}.{field['name']}"] = FieldFacts(
                permissionable=bool(field["permissionable"]),
                writeable=_writeable(field),
                references=tuple(field.get("referenceTo") or ()),
                # Only a master-detail field has a relationship order (SOAP API guide, DescribeSObjectResult, Field).
                master=field.get("relationshipOrder") is not None,
            )
    into.keep("facts", facts)
    found = session.read_all({"Profile": "SELECT Id, Name, UserLicense.Name FROM Profile"})
    into.keep(
        "profiles",
        tuple(
            Profile(id=row["Id"], name=row["Name"], license_name=(row["UserLicense"] or {}).get("Name") or "")
            for row in into.rows(found, "Profile", ("profiles",), _RIGHT)
        ),
    )
    return into.reading()


def _writeable(field: Row) -> bool:
    """
    Whether anybody may write it. What describe says of creating and updating is about who asks, and the scanner may write
    nothing. So a field with rights of its own counts, and one that has none because every record needs it.
    """
    if field.get("calculated") or field.get("autoNumber"):
        return False
    needed = not (field["nillable"] or field["defaultedOnCreate"])
    return bool(
        field["createable"]
        or field["updateable"]
        or field["permissionable"]
        or needed
        or field["name"] == "OwnerId"
    )


def read_newcomers(session: Session, users: Iterable[str], set_licence: str) -> Reading:
    """
    What is to be known before users are made beside those of `users` (ids). Sections: licences; set_licences; seated, the
    ids of those who hold `set_licence`; particulars.
    """
    into = Gathering(session)
    names = ", ".join(("Id", *_PARTICULARS.values()))
    queries = {
        "UserLicense": "SELECT Name, TotalLicenses, UsedLicenses FROM UserLicense",
        "PermissionSetLicense": "SELECT DeveloperName, TotalLicenses, UsedLicenses FROM PermissionSetLicense",
        "PermissionSetLicenseAssign": "SELECT AssigneeId FROM PermissionSetLicenseAssign "
        f"WHERE PermissionSetLicense.DeveloperName = {literal(set_licence)}",
    }
    for index, part in enumerate(chunks(sorted(users))):
        queries[f"User {index}"] = f"SELECT {names} FROM User WHERE Id IN {in_list(part)}"
    found = session.read_all(queries)
    licences = into.rows(found, "UserLicense", ("licences",), _RIGHT)
    into.keep("licences", tuple(_seats(row, "Name") for row in licences))
    set_licences = into.rows(found, "PermissionSetLicense", ("set_licences",), _RIGHT)
    into.keep("set_licences", tuple(_seats(row, "DeveloperName") for row in set_licences))
    seated = into.rows(found, "PermissionSetLicenseAssign", ("seated",), _RIGHT)
    into.keep("seated", frozenset(row["AssigneeId"] for row in seated))
    rows = chain.from_iterable(
        into.rows(found, name, ("particulars",), _RIGHT) for name in found if name.startswith("User ")
    )
    particulars = {
        row["Id"]: Particulars(**{word: row[name] for word, name in _PARTICULARS.items()}) for row in rows
    }
    into.keep("particulars", particulars)
    return into.reading()


def _seats(row: Row, name: str) -> Seats:
    """An org that states no number sets no limit."""
    total = row["TotalLicenses"]
    return Seats(name=row[name], total=-1 if total is None else total, used=row["UsedLicenses"] or 0)
