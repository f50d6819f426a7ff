"""A search answered with queries, so that nobody finds what they may not read."""

from collections.abc import Sequence

from deployments.sandbox.caller import Caller
from deployments.sandbox.schema import SObject
from deployments.sandbox.soql.query import QueryResult, SoqlError, run_query
from deployments.sandbox.sosl.parse import Group, Returning, Search
from deployments.sandbox.sosl.terms import Terms, terms
from deployments.sandbox.store import OrgStore

Record = dict[str, object]
_TYPES = {
    "ALL": ("string", "email", "phone", "picklist", "url", "textarea"),
    "SIDEBAR": ("string", "email", "phone"),
    "EMAIL": ("email",),
    "PHONE": ("phone",),
}
_NAMES = ("Name", "FirstName", "LastName", "Subject", "Title", "CaseNumber")
IDS_AT_ONCE = 500
MOST_LOOKED_AT = 50_000


def run(store: OrgStore, caller: Caller, search: Search, *, tooling: bool, version: str) -> list[Record]:
    """Records of all objects, object after object. Raises SoqlError."""
    wanted = terms(search.text)
    asked = search.returning or tuple(
        Returning(each.name) for each in store.schema.objects.values() if each.data and caller.sees(each)
    )
    found: list[Record] = []
    for each in asked:
        room = search.limit - len(found)
        if room <= 0:
            break
        found += _Asked(store, caller, tooling, version).of(each, search.group, wanted, room)
    return found


class _Asked:
    def __init__(self, store: OrgStore, caller: Caller, tooling: bool, version: str) -> None:
        self._store, self._caller, self._tooling, self._version = store, caller, tooling, version

    def of(self, each: Returning, group: Group, wanted: Terms, room: int) -> list[Record]:
        target = self._store.schema.get(each.sobject)
        if target is None or not self._caller.sees(target):
            raise SoqlError("INVALID_TYPE", f"sObject type '{each.sobject}' is not supported.")
        fields = searched(target, self._caller, group)
        if not fields:
            return []
        ids = self._ids(target, fields, wanted, each.where)
        return self._records(each, ids, room)

    def _ids(self, target: SObject, fields: Sequence[str], wanted: Terms, where: str) -> list[str]:
        """Candidates by the longest literal piece of any term, then judged word by word."""
        filterable = [name for name in fields if target.fields[name].filterable]
        cores = [core for core in wanted.cores if core]
        conditions = []
        if cores and len(cores) == len(wanted.cores) and len(filterable) == len(fields):
            parts = [f"{name} LIKE '%{_escaped(core)}%'" for core in cores for name in filterable]
            conditions.append(f"({' OR '.join(parts)})")
        if where:
            conditions.append(f"({where})")
        tail = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        query = f"SELECT Id, {', '.join(fields)} FROM {target.name}{tail} LIMIT {MOST_LOOKED_AT}"
        return [
            str(record["Id"])
            for record in self._ask(query).records
            if wanted.matches("\n".join(str(record[name]) for name in fields if record[name] is not None))
        ]

    def _records(self, each: Returning, ids: list[str], room: int) -> list[Record]:
        most = min(room, room if each.limit is None else each.limit)
        order = f" ORDER BY {each.order}" if each.order else ""
        if not each.order and not each.offset:
            ids = ids[:most]
        found: list[Record] = []
        names = ", ".join(each.fields)
        for start in range(0, len(ids), IDS_AT_ONCE):
            part = ", ".join(f"'{each_id}'" for each_id in ids[start : start + IDS_AT_ONCE])
            found += self._ask(f"SELECT {names} FROM {each.sobject} WHERE Id IN ({part}){order}").records
        first = each.offset or 0
        return found[first : first + most]

    def _ask(self, soql: str) -> QueryResult:
        return run_query(
            self._store, self._store.schema, soql, self._caller, tooling=self._tooling, version=self._version
        )


def searched(target: SObject, caller: Caller, group: Group) -> list[str]:
    """The fields that a search of this group looks into."""
    if group == "NAME":
        named = [name for name in _NAMES if name in target.fields]
        return [name for name in named if caller.reads(target, target.fields[name])]
    types = _TYPES[group]
    return [
        name
        for name, field in target.fields.items()
        if field.type in types and not field.encrypted and caller.reads(target, field)
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("%", "\\%").replace("_", "\\_")
