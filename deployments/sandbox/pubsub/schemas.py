"""Which topic tells the events of which stored object, and how an event of it is written in Avro."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import md5
from io import BytesIO
from typing import Any

import fastavro

from deployments.sandbox.clock import parse_stamp
from deployments.sandbox.schema import SObject

TOPICS = {
    "/event/ApiEventStream": "ApiEvent",
    "/event/LoginEventStream": "LoginEvent",
    "/event/LoginAsEventStream": "LoginAsEvent",
    "/event/ReportEventStream": "ReportEvent",
    "/event/ListViewEventStream": "ListViewEvent",
    "/event/UriEventStream": "UriEvent",
    "/event/BulkApiResultEvent": "BulkApiResultEventStore",
    "/event/PermissionSetEvent": "PermissionSetEventStore",
    "/event/FileEvent": "FileEventStore",
    "/event/SessionHijackingEvent": "SessionHijackingEventStore",
    "/event/CredentialStuffingEvent": "CredentialStuffingEventStore",
    "/event/ReportAnomalyEvent": "ReportAnomalyEventStore",
    "/event/ApiAnomalyEvent": "ApiAnomalyEventStore",
}
NEW_FIELD = "ReleaseNote"
"""What events have one day that they had not the day before, where the switch `stream_new_field` is on."""
_OWN = ("CreatedDate", "CreatedById", "EventUuid", NEW_FIELD)
_KINDS = {"double": "double", "int": "int", "boolean": "boolean", "datetime": "long", "currency": "double"}
_WORDS = {
    "double": "Double",
    "int": "Integer",
    "boolean": "Checkbox",
    "datetime": "DateTime",
    "reference": "EntityId",
}


def schema_json(topic: str, target: SObject, *, new_field: bool) -> str:
    """The Avro schema of a topic's events: every field of the object may be null, moments are milliseconds (Pub/Sub API, Event Schema)."""
    fields: list[dict[str, Any]] = [
        {"name": "CreatedDate", "type": "long", "doc": "CreatedDate:DateTime"},
        {"name": "CreatedById", "type": "string", "doc": "CreatedBy:EntityId"},
        {"name": "EventUuid", "type": ["null", "string"], "doc": "EventUuid:Text", "default": None},
    ]
    fields += [
        {
            "name": name,
            "type": ["null", _KINDS.get(field.type, "string")],
            "doc": f"Data:{_WORDS.get(field.type, 'Text')}",
            "default": None,
        }
        for name, field in target.fields.items()
        if name not in ("Id", *_OWN)
    ]
    if new_field:
        fields.append({"name": NEW_FIELD, "type": ["null", "string"], "doc": "Data:Text", "default": None})
    name = topic.rpartition("/")[2]
    return json.dumps({"type": "record", "name": name, "namespace": "com.sforce.eventbus", "fields": fields})


def schema_id(text: str) -> str:
    """A fingerprint of 22 letters: another schema has another one."""
    return urlsafe_b64encode(md5(text.encode(), usedforsecurity=False).digest()).decode().rstrip("=")


def written(text: str, row: Mapping[str, object], author: str) -> bytes:
    """One stored event as the payload of its message; what the row lacks is null."""
    shaped: dict[str, object] = {}
    for field in _parsed(text)["fields"]:
        value = row.get(field["name"])
        if field["doc"].endswith(":DateTime"):
            shaped[field["name"]] = (
                None if value is None else round(parse_stamp(str(value)).timestamp() * 1000)
            )
        elif value is not None and field["type"][1:] == ["boolean"]:
            shaped[field["name"]] = bool(value)
        elif value is not None and field["type"][1:] == ["double"]:
            shaped[field["name"]] = float(str(value))
        else:
            shaped[field["name"]] = value
    shaped["CreatedDate"] = shaped["CreatedDate"] or shaped["EventDate"]
    shaped |= {"CreatedById": author, "EventUuid": row["EventIdentifier"]}
    if NEW_FIELD in {field["name"] for field in _parsed(text)["fields"]}:
        shaped[NEW_FIELD] = "new with this release"
    body = BytesIO()
    fastavro.schemaless_writer(body, _ready(text), shaped)
    return body.getvalue()


@lru_cache(maxsize=64)
def _parsed(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    return document


@lru_cache(maxsize=64)
def _ready(text: str) -> Any:
    return fastavro.parse_schema(json.loads(text))
