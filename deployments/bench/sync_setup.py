"""
What people set up once in the embedded estate so that Bulkhead carries a route: users, sets, fields, keys, secrets, declaration.

The sync user rests: its rights are in a set that only grants assign. What stays assigned lets it in, with a certificate.
"""

import json
import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from deployments.bench.rotation_setup import Administrator
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import write_secret
from tasks.estate.read import read_estate
from tasks.permissions.newcomers import API_LICENCE

API_PROFILE = "Minimum Access - API Only Integrations"
LABORATORY = "Client_Laboratory"
SEALED_LETTERS = 255
ROLES = ("EMEA Finance Manager", "EMEA Sales Rep")
"""Of the article: the first reads sealed values, the second does not."""
_AT_ONCE = 200
_LOCALE = {
    "TimeZoneSidKey": "UTC",
    "LocaleSidKey": "en_US",
    "LanguageLocaleKey": "en_US",
    "EmailEncodingKey": "UTF-8",
}


@dataclass(frozen=True)
class Wish:
    """
    A route as it shall be declared. `sealed` is by field of the target, `rights` are those of the sync user on the object.
    """

    route: str
    source: str
    target: str
    sobject: str
    fields: tuple[str, ...]
    sync_user: str
    sealed: Mapping[str, str] = field(default_factory=dict)
    indexed: Mapping[str, str] = field(default_factory=dict)
    """By field of the target, those of the source of which it holds a blind index."""
    rights: tuple[str, ...] = ("Read", "Create", "Edit", "Delete")
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further parts of the route's `sync`."""
    readers: tuple[Mapping[str, Any], ...] = ()
    """Who reads what it seals, as policy.yaml names them."""


def prepare(folder: Path, wish: Wish, into: Path, *, rests: bool = True) -> tuple[Path, Path]:
    """
    Sets all of it up; estate.yaml and policy.yaml that declare it, written into a folder. Where nothing `rests` yet the sync user
    keeps the rights that it has. Raises RuntimeError and HTTP errors.
    """
    reader = f"sync.reader.{wish.sobject.lower()}@{wish.source}.meridian.example"
    administrators = {alias: Administrator(folder, alias) for alias in (wish.source, wish.target)}
    try:
        _reader(administrators[wish.source], wish, reader)
        _columns(administrators[wish.target], wish)
        if rests:
            _writer(administrators[wish.target], wish, _app(folder, wish)["name"])
    finally:
        for each in administrators.values():
            each.close()
    estate = read_estate((folder / "estate.yaml").read_text())
    cloud = Cloud(AwsConnection(**estate.cloud.model_dump()))
    sync = _secrets(folder, cloud, wish, reader)
    return declare(folder, wish, sync, into)


def add_accounts(folder: Path, org: str, count: int) -> None:
    """Accounts with external ids of their own and three sensitive values each. Raises RuntimeError where the org refuses one, and HTTP errors."""
    # The laboratory's user does not see sensitive fields.
    admin = Administrator(folder, org, f"break.glass.1@{org}.meridian.example")
    try:
        for start in range(0, count, _AT_ONCE):
            rows = [_account(number) for number in range(start, min(start + _AT_ONCE, count))]
            answers = admin.rest("POST", "composite/sobjects", json={"allOrNone": True, "records": rows})
            if not all(answer["success"] for answer in answers):
                raise RuntimeError(f"{org} refuses accounts")
    finally:
        admin.close()


def _account(number: int) -> dict[str, Any]:
    return {
        "attributes": {"type": "Account"},
        "Name": f"Further {number}",
        "External_Id__c": f"MORE-{number:07d}",
        "SSN__c": f"523-{number % 100:02d}-{number % 10_000:04d}",
        "TaxID__c": f"21-{number:07d}",
        "CreditScore__c": str(300 + number % 500),
        "Industry": "Banking",
        "Phone": f"+1 555 {number:07d}",
        "BillingCountry": "CH",
    }


def let_people_see(folder: Path, wish: Wish) -> dict[str, str]:
    """
    Three people of the target see the columns of sealed values; their user names by the article's role. What stands in the columns
    is sealed for them all the same: policy decides who of them reads it. Raises HTTP errors.
    """
    admin = Administrator(folder, wish.target)
    try:
        fields = (*wish.sealed, "External_Id__c")
        rights = ("Read", "ViewAllRecords")
        made = _set(admin, f"Sealed_{wish.sobject}", wish.sobject, rights, fields, edit=False, standing=False)
        people = admin.rows(
            "SELECT Id, Username FROM User WHERE Profile.Name = 'Wealth Advisor' AND IsActive = true ORDER BY Username LIMIT 2"
        )
        for person, role in zip(people, ROLES, strict=True):
            admin.rest("PATCH", f"sobjects/User/{person['Id']}", json={"UserRoleId": _role(admin, role)})
        root = f"break.glass.1@{wish.target}.meridian.example"
        people += admin.rows(f"SELECT Id, Username FROM User WHERE Username = '{root}'")
        for person in people:
            _assign(admin, person["Id"], made)
    finally:
        admin.close()
    names = (*ROLES, "System Administrator")
    return {name: str(person["Username"]) for name, person in zip(names, people, strict=True)}


def _role(admin: Administrator, name: str) -> str:
    known = admin.rows(f"SELECT Id FROM UserRole WHERE Name = '{name}'")
    if known:
        return str(known[0]["Id"])
    body = {"Name": name, "DeveloperName": name.replace(" ", "_")}
    return str(admin.rest("POST", "sobjects/UserRole", json=body)["id"])


def _reader(admin: Administrator, wish: Wish, username: str) -> None:
    made_from = {**wish.sealed, **wish.indexed}
    fields = [*dict.fromkeys(made_from.get(name, name) for name in wish.fields)]
    make_reader(admin, username, wish.sobject, fields, f"Sync_Reader_{wish.sobject}")


def make_reader(
    admin: Administrator, username: str, sobject: str, fields: Sequence[str], permission_set: str
) -> None:
    """A machine that reads all records of one object, with a certificate alone. Raises HTTP errors."""
    profile = admin.rows(f"SELECT Id FROM Profile WHERE Name = '{API_PROFILE}'")[0]["Id"]
    user = admin.rest(
        "POST",
        "sobjects/User",
        json={
            "Username": username,
            "LastName": f"Reader of {sobject}",
            "Alias": "reader",
            "IsActive": True,
            "Email": "integration@meridian.example",
            "ProfileId": profile,
            **_LOCALE,
        },
    )["id"]
    licence = admin.rows(f"SELECT Id FROM PermissionSetLicense WHERE DeveloperName = '{API_LICENCE}'")[0][
        "Id"
    ]
    seat = {"AssigneeId": user, "PermissionSetLicenseId": licence}
    admin.rest("POST", "sobjects/PermissionSetLicenseAssign", json=seat)
    rights = ("Read", "ViewAllRecords")
    made = _set(admin, permission_set, sobject, rights, fields, edit=False, standing=True)
    _admit(admin, made, LABORATORY)
    _assign(admin, user, made)


def let_read(
    admin: Administrator, username: str, sobject: str, fields: Sequence[str], permission_set: str
) -> None:
    """Somebody of the org sees these fields of one object. Raises HTTP errors."""
    user = admin.rows(f"SELECT Id FROM User WHERE Username = '{username}'")[0]["Id"]
    made = _set(admin, permission_set, sobject, ("Read",), fields, edit=False, standing=False)
    _assign(admin, user, made)


def let_write(
    admin: Administrator, username: str, sobject: str, fields: Sequence[str], permission_set: str
) -> None:
    """Somebody of the org may write these fields of all records of one object. Raises HTTP errors."""
    user = admin.rows(f"SELECT Id FROM User WHERE Username = '{username}'")[0]["Id"]
    rights = ("Read", "Create", "Edit", "ViewAllRecords")
    _assign(admin, user, _set(admin, permission_set, sobject, rights, fields, edit=True, standing=False))


def _app(folder: Path, wish: Wish) -> dict[str, Any]:
    """Of clients.json: how the sync user signs in."""
    apps: list[dict[str, Any]] = json.loads((folder / "clients.json").read_text())["apps"]
    return next(
        app
        for app in apps
        if app["org"] == wish.target and app["username"] == wish.sync_user and "private_key_file" in app
    )


def _columns(admin: Administrator, wish: Wish) -> None:
    for name, source in {**wish.sealed, **wish.indexed}.items():
        admin.write(
            "createMetadata",
            "CustomField",
            f"{wish.sobject}.{name}",
            label=f"{source} {'sealed' if name in wish.sealed else 'index'}",
            length=SEALED_LETTERS,
            type="Text",
        )


def _writer(admin: Administrator, wish: Wish, app: str) -> None:
    user = admin.rows(f"SELECT Id FROM User WHERE Username = '{wish.sync_user}'")[0]["Id"]
    where = f"AssigneeId = '{user}' AND PermissionSet.IsOwnedByProfile = false"
    standing = admin.rows(f"SELECT Id FROM PermissionSetAssignment WHERE {where}")
    for row in standing:
        admin.rest("DELETE", f"sobjects/PermissionSetAssignment/{row['Id']}")
    base = _set(admin, f"Sync_Door_{wish.sobject}", wish.sobject, (), (), edit=False, standing=True)
    _admit(admin, base, app)
    _assign(admin, user, base)
    _set(
        admin,
        wish.route,
        wish.sobject,
        (*wish.rights, "ViewAllRecords"),
        wish.fields,
        edit=True,
        standing=False,
    )


def _set(
    admin: Administrator,
    name: str,
    sobject: str,
    rights: Sequence[str],
    fields: Sequence[str],
    *,
    edit: bool,
    standing: bool,
) -> str:
    door = {"PermissionsApiEnabled": True, "PermissionsEnforceMutualAuthentication": True} if standing else {}
    body = {"Name": name, "Label": name.replace("_", " "), **door}
    made = str(admin.rest("POST", "sobjects/PermissionSet", json=body)["id"])
    if rights:
        flags = {f"Permissions{right}": True for right in rights}
        admin.rest(
            "POST", "sobjects/ObjectPermissions", json={"ParentId": made, "SobjectType": sobject, **flags}
        )
    described = admin.rest("GET", f"sobjects/{sobject}/describe")["fields"]
    permissionable = {each["name"] for each in described if each["permissionable"]}
    for each in fields:
        # What the administrator does not see, such as sensitive fields, has field-level security all the same.
        if each in permissionable or each not in {d["name"] for d in described}:
            row = {"ParentId": made, "SobjectType": sobject, "Field": f"{sobject}.{each}"}
            flags = {"PermissionsRead": True, "PermissionsEdit": edit}
            admin.rest("POST", "sobjects/FieldPermissions", json=row | flags)
    return made


def _admit(admin: Administrator, permission_set: str, app: str) -> None:
    for kind, column in (("ConnectedApplication", "Name"), ("ExternalClientApplication", "DeveloperName")):
        for row in admin.rows(f"SELECT Id FROM {kind} WHERE {column} = '{app}'"):
            access = {"ParentId": permission_set, "SetupEntityId": row["Id"]}
            admin.rest("POST", "sobjects/SetupEntityAccess", json=access)
            return
    raise RuntimeError(f"there is no app {app}")


def _assign(admin: Administrator, user: str, permission_set: str) -> None:
    admin.rest(
        "POST",
        "sobjects/PermissionSetAssignment",
        json={"AssigneeId": user, "PermissionSetId": permission_set},
    )


def _secrets(folder: Path, cloud: Cloud, wish: Wish, reader: str) -> dict[str, Any]:
    """The `sync` of the route, whose secrets and key are made."""
    apps = json.loads((folder / "clients.json").read_text())["apps"]
    found = {
        "source": (next(a for a in apps if a["org"] == wish.source and a["name"] == LABORATORY), reader),
        "target": (_app(folder, wish), wish.sync_user),
    }
    sync: dict[str, Any] = {}
    for end, (app, username) in found.items():
        org = wish.source if end == "source" else wish.target
        names = {
            "secret": f"sync/{wish.route}/{end}",
            "client_certificate": f"sync/{wish.route}/{end}-certificate",
        }
        key = Path(app["private_key_file"]).read_text()
        write_secret(cloud, names["secret"], {"consumerKey": app["consumer_key"], "privateKey": key})
        pair = {
            "certificate": (folder / "keys" / f"client-{org}.pem").read_text(),
            "privateKey": (folder / "keys" / f"client-{org}.key").read_text(),
        }
        write_secret(cloud, names["client_certificate"], pair)
        sync[end] = {"flow": "jwt-bearer", "username": username, **names}
    if wish.sealed:
        key_id = cloud.client("kms").create_key(Description=f"data keys of {wish.route}")["KeyMetadata"][
            "KeyId"
        ]
        sync |= {"sealed_fields": dict(wish.sealed), "data_key": key_id}
    if wish.indexed:
        name = f"sync/{wish.route}/index-key"
        write_secret(cloud, name, {"key": b64encode(os.urandom(32)).decode()})
        sync |= {"index_fields": dict(wish.indexed), "index_key": name}
    return {**sync, "external_id": "External_Id__c", **wish.more}


def declare(folder: Path, wish: Wish, sync: Mapping[str, Any], into: Path) -> tuple[Path, Path]:
    """estate.yaml and policy.yaml of the running estate, with the route as it is set up; written into a folder."""
    estate = yaml.safe_load((folder / "estate.yaml").read_text())
    route = next((each for each in estate["routes"] if each["name"] == wish.route), None)
    if route is None:
        route = {"name": wish.route, "app": "Bulkhead", "credential": f"sync/{wish.route}/target"}
        estate["routes"].append(route)
    route |= {
        "source": wish.source,
        "target": wish.target,
        "sobject": wish.sobject,
        "fields": [*wish.fields],
        "sync_user": wish.sync_user,
        "masked_fields": [],
        "read_only_fields": [],
        "sync": dict(sync),
    }
    policy = yaml.safe_load((folder / "policy.yaml").read_text())
    window = {
        "name": f"runs of {wish.route}",
        "route": wish.route,
        "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "start": "00:00",
        "end": "00:00",
        "approver": "bob@meridian.example",
        "max_grant": "PT4H",
        "valid_until": "2999-12-31",
    }
    policy["jit"]["windows"] = [*policy["jit"].get("windows", ()), window]
    if wish.readers:
        policy["decryption"] = {"readers": [dict(each) for each in wish.readers]}
    files = into / "estate.yaml", into / "policy.yaml"
    for file, document in zip(files, (estate, policy), strict=True):
        file.write_text(yaml.safe_dump(document, sort_keys=False))
    return files
