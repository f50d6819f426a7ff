"""
Which rights a call needs, closed over what the platform makes depend on it.

Create and Edit need Read, Delete needs Read and Edit, a field's Edit its Read (Object Reference, ObjectPermissions and
FieldPermissions); a detail needs Read on its master; a written lookup needs Read on what it refers to, or the record it
names is refused as a cross reference. Fields without field-level security come with the object.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tasks.permissions.model import EffectiveRights, FieldFacts
from tasks.usage.model import Call, Operation


class Need(NamedTuple):
    """`Account` + `create`, `Account.Phone` + `edit`, or a user permission + `permission`."""

    on: str
    flag: str

    def __str__(self) -> str:
        return self.on if self.flag == PERMISSION else f"{self.flag} {self.on}"


PERMISSION = "permission"
HARD_DELETE = "BulkApiHardDelete"
NO_OBJECT_RIGHTS = frozenset(
    {"User", "Group", "Profile", "UserRole", "RecordType", "Organization", "BusinessHours", "PermissionSet"}
)
"""Read through user permissions and sharing, never through ObjectPermissions."""
DEPENDS = {
    "create": ("read",),
    "edit": ("read",),
    "delete": ("read", "edit"),
    "view_all": ("read",),
    "modify_all": ("read", "edit", "delete", "view_all"),
    "view_fields": ("read",),
}
"""Object Reference, ObjectPermissions: what a row with this right has to hold as well."""
_STANDARD_MASTERS = {"Contract": "Account"}
"""Masters by the platform's own rule, which describe does not tell."""
_OBJECT_FLAGS = {
    Operation.READ: ("read",),
    Operation.CREATE: ("create",),
    Operation.EDIT: ("edit",),
    Operation.UPSERT: ("create", "edit"),
    Operation.DELETE: ("delete",),
    Operation.HARD_DELETE: ("delete",),
    Operation.OTHER: (),
}
_WRITES = frozenset({Operation.CREATE, Operation.EDIT, Operation.UPSERT})


class Fields:
    """Fields of an org by name in any case, as queries write them."""

    def __init__(self, facts: Mapping[str, FieldFacts]) -> None:
        self.facts = facts
        self._names = {name.lower(): name for name in facts}
        self._masters: dict[str, set[str]] = {
            detail: {master} for detail, master in _STANDARD_MASTERS.items()
        }
        for name, fact in facts.items():
            if fact.master:
                self._masters.setdefault(name.partition(".")[0], set()).update(fact.references)

    def named(self, sobject: str, name: str) -> str | None:
        """The qualified name as the org spells it; None for what is no field of the object."""
        return self._names.get(f"{sobject}.{name}".lower())

    def masters(self, sobject: str) -> frozenset[str]:
        return frozenset(self._masters.get(sobject, ()))

    def parents(self, qualified: str) -> tuple[str, ...]:
        """The object that a lookup refers to. Which one of several is meant no field tells, so none is named then."""
        references = self.facts[qualified].references
        return references if len(references) == 1 and references[0] not in NO_OBJECT_RIGHTS else ()

    def path(self, sobject: str, path: str) -> Iterable[Need]:
        """What reading a field needs, along relationships: `Account.Name` of a contact, `Region__r.Code__c`."""
        head, dot, rest = path.partition(".")
        if not dot:
            field = self.named(sobject, head)
            if field is not None and self.facts[field].permissionable:
                yield Need(field, "read")
            return
        lookup = self.named(sobject, f"{head[:-3]}__c" if head.lower().endswith("__r") else f"{head}Id")
        if lookup is None:
            return
        if self.facts[lookup].permissionable:
            yield Need(lookup, "read")
        for parent in self.parents(lookup):
            yield Need(parent, "read")
            yield from self.path(parent, rest)


def needs(call: Call, fields: Fields) -> frozenset[Need]:
    """All that the call needs, dependencies included. Nothing is known of what `OTHER` needs."""
    found = {Need(call.sobject, flag) for flag in _OBJECT_FLAGS[call.operation]}
    if call.sobject in NO_OBJECT_RIGHTS:
        found.clear()
    if call.operation is Operation.HARD_DELETE:
        found.add(Need(HARD_DELETE, PERMISSION))
    for name in call.fields:
        if call.operation not in _WRITES:
            found.update(fields.path(call.sobject, name))
            continue
        field = fields.named(call.sobject, name)
        if field is None:
            continue
        if fields.facts[field].permissionable:
            found.add(Need(field, "edit"))
        found.update(Need(parent, "read") for parent in fields.parents(field))
    return closed(found, fields)


def closed(found: Iterable[Need], fields: Fields) -> frozenset[Need]:
    """With everything that the platform makes these depend on."""
    whole: set[Need] = set()
    waiting = list(found)
    while waiting:
        need = waiting.pop()
        if need in whole:
            continue
        whole.add(need)
        waiting += _behind(need, fields)
    return frozenset(whole)


def _behind(need: Need, fields: Fields) -> list[Need]:
    if need.flag == PERMISSION:
        return []
    behind = [Need(need.on, flag) for flag in DEPENDS.get(need.flag, ())]
    sobject, is_field, _ = need.on.partition(".")
    if is_field:
        return [*behind, Need(sobject, "read")]
    return [*behind, *(Need(master, "read") for master in fields.masters(sobject))]


def satisfied(need: Need, held: EffectiveRights) -> bool:
    """Modify All Data stands for every object right, but lifts no field-level security; View All Fields does for reading."""
    if need.flag == PERMISSION:
        return held.has(need.on)
    if "." in need.on:
        edit = held.fields.get(need.on, (False, False))[1]
        return edit if need.flag == "edit" else held.sees_field(need.on)
    if held.has("ModifyAllData") or (need.flag in ("read", "view_all") and held.has("ViewAllData")):
        return True
    rights = held.objects.get(need.on)
    return rights is not None and bool(getattr(rights, need.flag))
