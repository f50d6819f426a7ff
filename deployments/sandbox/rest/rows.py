"""Single records: read, create, change, remove, upsert, and the two odd ones, LogFile and password."""

import base64
import re
from email.utils import parsedate_to_datetime

from deployments.sandbox import records
from deployments.sandbox.clock import parse_stamp
from deployments.sandbox.ids import is_id, to18
from deployments.sandbox.rest import changes, password, related, tooling
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.describe import summary
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.schema import SObject
from deployments.sandbox.telemetry.files import body_of
from deployments.sandbox.wire import Reply, json_reply


def answer(one: Call) -> Reply:
    """Everything below /sobjects but describe."""
    target = one.sobject(one.parts[1])
    rest = one.parts[2:]
    if not rest:
        return _collection(one, target)
    if len(rest) == 1 and rest[0] in changes.KINDS:
        return changes.answer(one, target, rest[0])
    if len(rest) == 1 and is_id(rest[0]):
        return _record(one, target, to18(rest[0]))
    if len(rest) >= 2 and is_id(rest[0]):
        return _beneath(one, target, to18(rest[0]), rest[1:])
    if len(rest) == 2:
        return _by_external_id(one, target, rest[0], rest[1])
    raise not_found()


def _collection(one: Call, target: SObject) -> Reply:
    if one.method == "GET":
        return json_reply(200, {"objectDescribe": summary(one, target), "recentItems": []})
    if one.method != "POST":
        raise not_allowed(one.method, "GET,POST,HEAD")
    record_id = create(one, target, one.mapping())
    reply = json_reply(201, {"id": record_id, "success": True, "errors": []})
    reply.headers["Location"] = f"{one.base}/sobjects/{target.name}/{record_id}"
    return reply


def _record(one: Call, target: SObject, record_id: str) -> Reply:
    if (refused := _precondition(one, target, record_id)) is not None:
        return refused
    if one.method in ("GET", "HEAD"):
        return json_reply(200, read(one, target, record_id))
    if one.method == "PATCH":
        change(one, target, record_id, one.mapping())
    elif one.method == "DELETE":
        remove(one, target, record_id)
    else:
        raise not_allowed(one.method, "DELETE,GET,PATCH,HEAD")
    return Reply(204)


def _precondition(one: Call, target: SObject, record_id: str) -> Reply | None:
    """If-Modified-Since and If-Unmodified-Since on one record (REST API guide, Conditional Requests; RFC 9110)."""
    since, unless = (one.headers.get(name, "") for name in ("if-modified-since", "if-unmodified-since"))
    if not (since or unless) or "LastModifiedDate" not in target.fields:
        return None
    row = one.store.get(target.name, record_id)
    try:
        asked = parsedate_to_datetime(since or unless)
    except ValueError:
        # RFC 9110: a date that is none is as if it had not been sent.
        return None
    if row is None or not row.get("LastModifiedDate") or asked.tzinfo is None:
        return None
    changed = parse_stamp(str(row["LastModifiedDate"])).replace(microsecond=0)
    if since:
        return Reply(304) if one.method in ("GET", "HEAD") and changed <= asked else None
    return Reply(412) if changed > asked else None


def _beneath(one: Call, target: SObject, record_id: str, path: tuple[str, ...]) -> Reply:
    """Along relationships from a record, as far as the path goes; what is none is a part of the record itself."""
    field = target.relations.get(path[0].lower())
    child = one.schema.children(target.name).get(path[0].lower())
    if field is None and child is None:
        if len(path) > 1:
            raise not_found()
        return _blob(one, target, record_id, path[0])
    # Raises when the caller may not see the record the way begins at.
    records.retrieve(one.store, one.caller, target.name, record_id, ["Id"], tooling=one.tooling)
    if field is None and child is not None:
        if len(path) > 1:
            raise not_found()
        return related.children(one, target, record_id, child)
    assert field is not None
    above, above_id = related.parent(one, target, one.store.get(target.name, record_id) or {}, field)
    return _beneath(one, above, above_id, path[1:]) if path[1:] else _record(one, above, above_id)


def _blob(one: Call, target: SObject, record_id: str, part: str) -> Reply:
    if target.name == "EventLogFile" and part == "LogFile" and one.method == "GET":
        read(one, target, record_id)
        return _part_of(one, body_of(one.store, record_id).encode())
    if target.name == "User" and part == "password":
        return password.answer(one, record_id)
    field = target.folded.get(part.lower())
    if field is not None and field.type == "base64" and one.method == "GET":
        # Raises when the caller may not see the record or the field.
        records.retrieve(one.store, one.caller, target.name, record_id, [field.name], tooling=one.tooling)
        content = (one.store.get(target.name, record_id) or {}).get(field.name)
        return Reply(200, base64.b64decode(str(content or "")), "application/octetstream")
    raise not_found()


def _part_of(one: Call, content: bytes) -> Reply:
    """The whole file, or the bytes a Range asks for (RFC 9110, section 14; one range)."""
    kind = "text/csv;charset=UTF-8"
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", one.headers.get("range", "").strip())
    if asked is None or not any(asked.groups()):
        return Reply(200, content, kind, {"Accept-Ranges": "bytes"})
    first, last = asked.groups()
    start = int(first) if first else max(0, len(content) - int(last))
    end = min(int(last), len(content) - 1) if first and last else len(content) - 1
    if start > end:
        return Reply(416, b"", kind, {"Content-Range": f"bytes */{len(content)}"})
    return Reply(
        206, content[start : end + 1], kind, {"Content-Range": f"bytes {start}-{end}/{len(content)}"}
    )


def _by_external_id(one: Call, target: SObject, field_name: str, value: str) -> Reply:
    if one.method == "PATCH":
        record_id, created = records.upsert(
            one.store, one.caller, target.name, field_name, value, _plain(one.mapping()), tooling=one.tooling
        )
        body = {"id": record_id, "success": True, "errors": [], "created": created}
        return json_reply(201 if created else 200, body)
    field = target.folded.get(field_name.lower())
    if field is None or not (field.external_id or field.type == "id") or not one.caller.reads(target, field):
        message = f"Provided external ID field does not exist or is not accessible: {field_name}"
        raise ApiError("NOT_FOUND", message)
    found = [row for row in one.store.find(target.name, **{field.name: value}) if not row.get("IsDeleted")]
    if len(found) > 1:
        return json_reply(300, [f"{one.base}/sobjects/{target.name}/{row['Id']}" for row in found])
    if not found:
        raise not_found()
    return _record(one, target, str(found[0]["Id"]))


def read(one: Call, target: SObject, record_id: str) -> dict[str, object]:
    """One record with all fields the caller may see, or those of `fields=`. Raises SalesforceError."""
    wanted = one.query.get("fields")
    fields = [name.strip() for name in wanted.split(",")] if wanted else None
    if fields is not None and "id" not in (name.lower() for name in fields):
        # The id comes along whether or not it was asked for.
        fields.append("Id")
    return records.retrieve(
        one.store, one.caller, target.name, record_id, fields, tooling=one.tooling, version=one.version
    )


def create(one: Call, target: SObject, values: dict[str, object]) -> str:
    """The id of a new record. Raises SalesforceError."""
    if "Metadata" in values and tooling.is_component(one, target):
        return tooling.create(one, target, values)
    return records.create(one.store, one.caller, target.name, _plain(values), tooling=one.tooling)


def change(one: Call, target: SObject, record_id: str, values: dict[str, object]) -> None:
    if "Metadata" in values and tooling.is_component(one, target):
        tooling.change(one, target, record_id, values)
        return
    records.update(one.store, one.caller, target.name, record_id, _plain(values), tooling=one.tooling)


def remove(one: Call, target: SObject, record_id: str) -> None:
    if tooling.is_component(one, target):
        tooling.remove(one, target, record_id)
        return
    records.delete(one.store, one.caller, target.name, record_id, tooling=one.tooling)


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != "attributes"}
