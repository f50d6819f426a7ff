"""One row of an ingest job turned into a record: texts into values, natural keys into ids."""

from collections.abc import Sequence
from dataclasses import dataclass

from deployments.sandbox import records
from deployments.sandbox.bulk.table import BadTable
from deployments.sandbox.caller import Caller
from deployments.sandbox.errors import SalesforceError, bad_field
from deployments.sandbox.schema import Field, SObject
from deployments.sandbox.store import OrgStore

NULL = "#N/A"
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
_INTEGER, _NUMBER = frozenset({"int", "long"}), frozenset({"double", "currency", "percent"})


@dataclass(frozen=True)
class Column:
    """`key` names the field of the parent by which it is found, for columns such as `Owner.Username`."""

    field: Field
    parent: SObject | None = None
    key: Field | None = None


@dataclass(frozen=True)
class Written:
    """What became of one row: the record's id and whether it is new, or `CODE:message:fields --`."""

    id: str
    created: bool
    error: str = ""


class Writer:
    """Applies rows of one job. Raises BadTable for a header that the object does not have."""

    def __init__(
        self,
        store: OrgStore,
        caller: Caller,
        target: SObject,
        operation: str,
        external_id: str | None,
        header: Sequence[str],
    ) -> None:
        self._store, self._caller, self._target = store, caller, target
        self._operation = operation
        self._external_id = external_id
        self._columns = [self._column(name) for name in header]

    def write(self, row: Sequence[str]) -> Written:
        record_id = ""
        try:
            values = self._values(row)
            record_id = str(values.pop("Id", "") or "")
            return self._apply(record_id, values)
        except SalesforceError as error:
            return Written(record_id, False, f"{error.code}:{error.message}:{', '.join(error.fields)} --")

    def _apply(self, record_id: str, values: dict[str, object]) -> Written:
        store, caller, name = self._store, self._caller, self._target.name
        if self._operation == "insert":
            return Written(records.create(store, caller, name, values), True)
        if self._operation == "upsert":
            return self._upsert(record_id, values)
        if not record_id:
            raise SalesforceError(400, "MISSING_ARGUMENT", "Id not specified in an update call")
        if self._operation == "update":
            records.update(store, caller, name, record_id, values)
        else:
            records.delete(store, caller, name, record_id)
        return Written(record_id, False)

    def _upsert(self, record_id: str, values: dict[str, object]) -> Written:
        name = self._target.name
        field = self._target.folded.get((self._external_id or "Id").lower())
        if field is None:
            raise bad_field(f"Field name not found : {self._external_id}", code="INVALID_FIELD")
        if field.type == "id":
            if not record_id:
                return Written(records.create(self._store, self._caller, name, values), True)
            records.update(self._store, self._caller, name, record_id, values)
            return Written(record_id, False)
        key = values.pop(field.name, None)
        if key in (None, ""):
            raise SalesforceError(400, "MISSING_ARGUMENT", f"{field.name} not specified")
        return Written(*records.upsert(self._store, self._caller, name, field.name, str(key), values))

    # Columns -------------------------------------------------------------------------------------------

    def _column(self, name: str) -> Column:
        relation, dot, key = name.partition(".")
        if not dot:
            field = self._target.folded.get(name.lower())
            if field is None or not self._caller.reads(self._target, field):
                raise BadTable(f"InvalidBatch : Field name not found : {name}")
            return Column(field)
        # `Owner:User.Username` says which kind of parent is meant.
        relation, _, kind = relation.partition(":")
        link = self._target.relations.get(relation.lower())
        parents = [self._store.schema[each] for each in link.to] if link else []
        parent = next((p for p in parents if not kind or p.name.lower() == kind.lower()), None)
        found = parent.folded.get(key.lower()) if parent else None
        if link is None or found is None:
            raise BadTable(f"InvalidBatch : Field name not found : {name}")
        return Column(link, parent, found)

    def _values(self, row: Sequence[str]) -> dict[str, object]:
        """An empty cell leaves the field alone; `#N/A` empties it."""
        values: dict[str, object] = {}
        for column, text in zip(self._columns, row, strict=True):
            if text == "":
                continue
            if text == NULL:
                values[column.field.name] = None
            elif column.parent is not None and column.key is not None:
                values[column.field.name] = self._found(column.parent, column.key, text)
            else:
                values[column.field.name] = value_of(column.field, text)
        return values

    def _found(self, parent: SObject, key: Field, text: str) -> str:
        rows = [row for row in self._store.find(parent.name, **{key.name: text}) if not row.get("IsDeleted")]
        if len(rows) != 1:
            message = (
                f"Foreign key external ID: {text} not found for field {key.name} in entity {parent.name}"
            )
            raise bad_field(message, code="INVALID_FIELD")
        return str(rows[0]["Id"])


def value_of(field: Field, text: str) -> object:
    """Texts of a CSV as the JSON value they stand for; what is none is left for the record's own checks."""
    if field.type == "boolean" and text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    if field.type in _INTEGER | _NUMBER:
        try:
            return float(text) if field.type in _NUMBER or "." in text else int(text)
        except ValueError:
            message = f"{field.label}: value not of required type: {text[:40]}"
            raise bad_field(message, field.name, code="INVALID_TYPE_ON_FIELD_IN_RECORD") from None
    return text
