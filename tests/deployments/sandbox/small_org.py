"""A hand-made org of two users, for tests of the engine alone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deployments.sandbox.caller import Caller
from deployments.sandbox.clock import Clock
from deployments.sandbox.rights import caller_of
from deployments.sandbox.schema import load_schema
from deployments.sandbox.soql.query import QueryResult, run_query
from deployments.sandbox.store import OrgStore

NOON = datetime(2026, 5, 13, 12, 0, tzinfo=UTC)
ADMIN_RIGHTS = (
    "ApiEnabled", "ViewSetup", "AssignPermissionSets", "ManageProfilesPermissionsets", "ManageUsers",
    "FreezeUsers",
)  # fmt: skip


class SmallOrg:
    """An org at a frozen noon with an administrator and a clerk who holds nothing."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.clock.freeze(NOON)
        self.store = OrgStore(folder / "org.sqlite", load_schema(), self.clock)
        self.store.register("hq", "meridian-hq.my.salesforce.com")
        self.store.install_schema()
        self.store.put_metadata("UserManagementSettings", "UserManagement", {"psaExpirationUIEnabled": True})
        self.admin_id = self.user("admin", ADMIN_RIGHTS)
        self.clerk_id = self.user("clerk", ("ApiEnabled",))

    def user(self, name: str, permissions: Sequence[str] = ()) -> str:
        """A user with a profile of their own that grants the permissions."""
        profile = self.store.insert("Profile", [{"Name": f"{name} profile"}])[0]
        own = {
            "Name": f"X{name}",
            "Label": name,
            "Type": "Profile",
            "IsOwnedByProfile": True,
            "ProfileId": profile,
        }
        self.permission_set(permissions, **own)
        row = {"Username": f"{name}@meridian.example", "LastName": name, "Name": name, "Alias": name[:8],
               "Email": f"{name}@meridian.example", "ProfileId": profile, "IsActive": True}  # fmt: skip
        user_id = self.store.insert("User", [row])[0]
        self.store.insert("UserLogin", [{"UserId": user_id}])
        return user_id

    def permission_set(self, permissions: Sequence[str], **fields: object) -> str:
        flags = {f"Permissions{each}": True for each in permissions}
        return self.store.insert("PermissionSet", [{"Name": "S", "Label": "S", **fields, **flags}])[0]

    def grant(self, user_id: str, set_id: str, **fields: object) -> str:
        row = {"AssigneeId": user_id, "PermissionSetId": set_id, **fields}
        return self.store.insert("PermissionSetAssignment", [row])[0]

    def open(self, set_id: str, sobject: str, *fields: str, **flags: bool) -> None:
        """Give a set object rights (read unless said otherwise) and readable fields."""
        rights = {f"Permissions{name}": on for name, on in {"Read": True, **flags}.items()}
        self.store.insert("ObjectPermissions", [{"ParentId": set_id, "SobjectType": sobject, **rights}])
        readable = {"ParentId": set_id, "SobjectType": sobject, "PermissionsRead": True}
        self.store.insert("FieldPermissions", [{**readable, "Field": f"{sobject}.{name}"} for name in fields])

    @property
    def admin(self) -> Caller:
        return caller_of(self.store, self.admin_id)

    @property
    def clerk(self) -> Caller:
        return caller_of(self.store, self.clerk_id)

    def ask(self, soql: str, caller: Caller | None = None, *, tooling: bool = False) -> QueryResult:
        """Run a query, as the estate itself unless a caller is given."""
        return run_query(
            self.store, self.store.schema, soql, caller or Caller.system(self.admin_id), tooling=tooling
        )

    def values(self, soql: str, field: str) -> list[object]:
        return [record[field] for record in self.ask(soql).records]
