"""The values of a write, checked field by field before anything is stored."""

import base64
from collections.abc import Callable, Mapping
from datetime import date, datetime

from deployments.sandbox.caller import Caller
from deployments.sandbox.clock import parse_stamp
from deployments.sandbox.errors import SalesforceError, bad_field
from deployments.sandbox.ids import is_id, to18
from deployments.sandbox.schema import Field, SObject
from deployments.sandbox.store import OrgStore

_SECURITY = (
    "Please check the security settings of this field and verify that it is read/write for your profile "
    "or permission set."
)


def checked(
    store: OrgStore, caller: Caller, target: SObject, body: Mapping[str, object], *, create: bool
) -> dict[str, object]:
    """The body's values under the fields' real names, in stored form.

    Raises SalesforceError on unknown, read-only or hidden fields, wrong types and dangling references.
    """
    values: dict[str, object] = {}
    for name, value in body.items():
        if name == "attributes":
            continue
        field = target.folded.get(name.lower())
        if field is None or not caller.reads(target, field):
            message = f"No such column '{name}' on sobject of type {target.name}"
            raise bad_field(message, name, code="INVALID_FIELD")
        if not (field.createable if create else field.updateable) or not caller.edits(target, field):
            message = f"Unable to create/update fields: {field.name}. {_SECURITY}"
            raise bad_field(message, field.name, code="INVALID_FIELD_FOR_INSERT_UPDATE")
        values[field.name] = _value(store, field, value)
    if create:
        _require(target, values)
    return values


def _require(target: SObject, values: Mapping[str, object]) -> None:
    missing = [
        name for name, field in target.fields.items() if field.required and values.get(name) in (None, "")
    ]
    if missing:
        message = f"Required fields are missing: [{', '.join(missing)}]"
        raise bad_field(message, *missing, code="REQUIRED_FIELD_MISSING")


def _value(store: OrgStore, field: Field, value: object) -> object:
    if value is None or value == "":
        if not field.nillable and field.type != "boolean":
            raise bad_field(
                f"Required fields are missing: [{field.name}]", field.name, code="REQUIRED_FIELD_MISSING"
            )
        return False if field.type == "boolean" else None
    convert = _CONVERT.get(field.type)
    if convert is not None:
        try:
            return convert(value)
        except (TypeError, ValueError):
            message = f"Cannot deserialize instance of {field.type} from the value given for {field.name}"
            raise SalesforceError(400, "JSON_PARSER_ERROR", message, (field.name,)) from None
    if field.type == "reference":
        return _reference(store, field, str(value))
    return _text(field, str(value))


def _text(field: Field, text: str) -> str:
    if field.length and len(text) > field.length:
        message = f"{field.label}: data value too large: {text[:40]} (max length={field.length})"
        raise bad_field(message, field.name, code="STRING_TOO_LONG")
    return text


def _reference(store: OrgStore, field: Field, value: str) -> str:
    if not is_id(value):
        raise bad_field(
            f"{field.label}: id value of incorrect type: {value[:40]}", field.name, code="MALFORMED_ID"
        )
    target = store.schema.by_prefix(value)
    if target is None or target.name not in field.to:
        message = f"{field.label}: id value of incorrect type: {value}"
        raise bad_field(message, field.name, code="FIELD_INTEGRITY_EXCEPTION")
    if store.get(target.name, value) is None:
        raise bad_field("invalid cross reference id", field.name, code="INVALID_CROSS_REFERENCE_KEY")
    return to18(value)


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not a boolean")
    return value


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    return int(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    return float(value)


def _moment(value: object) -> datetime:
    return parse_stamp(str(value))


def _day(value: object) -> date:
    return date.fromisoformat(str(value)[:10])


def _base64(value: object) -> str:
    return base64.b64encode(base64.b64decode(str(value), validate=True)).decode()


_CONVERT: dict[str, Callable[[object], object]] = {
    "boolean": _boolean,
    "int": _integer,
    "double": _number,
    "currency": _number,
    "percent": _number,
    "datetime": _moment,
    "date": _day,
    "base64": _base64,
}
