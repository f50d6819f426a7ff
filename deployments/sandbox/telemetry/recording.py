"""From what is known of a request to the events it leaves: one or several rows, each of a type."""

from collections.abc import Iterator
from typing import Any

_FAMILY = {
    "rest": "REST",
    "tooling": "REST",
    "soap": "SOAP",
    "metadata": "SOAP",
    "bulk1": "Bulk",
    "bulk2": "Bulk",
}
_METADATA = {
    "createMetadata": "meta_synchronous_create", "deleteMetadata": "meta_synchronous_delete", "deploy": "meta_deploy",
    "listMetadata": "meta_list", "readMetadata": "meta_synchronous_read", "retrieve": "meta_retrieve",
    "updateMetadata": "meta_synchronous_update", "upsertMetadata": "meta_synchronous_upsert",
}  # fmt: skip


def events_of(facts: dict[str, Any]) -> Iterator[tuple[str, dict[str, object]]]:
    """(event type, cells) of one request; what all rows have is filled in by whoever writes them."""
    status = "S" if facts["status"] < 400 else "F"
    common: dict[str, object] = {
        "URI": facts["path"],
        "RUN_TIME": facts["milliseconds"],
        "CLIENT_IP": facts["source_ip"],
        "SESSION_KEY": facts["session_id"],
        "REQUEST_STATUS": status,
        "STATUS_CODE": facts["status"],
        "ENTITY_NAME": facts["entity"],
        "ROWS_PROCESSED": facts["rows"],
        "QUERY": facts["soql"],
        "REQUEST_SIZE": facts["sent"],
        "RESPONSE_SIZE": facts["received"],
        "CLIENT_NAME": facts["client"],
        "METHOD": facts["method"],
        "METHOD_NAME": facts["operation"],
        "USER_TYPE": "S",
        "API_VERSION": _version(str(facts["path"])),
    }
    api = str(facts["api"])
    if api in ("rest", "tooling"):
        yield "RestApi", common
    elif api in ("soap", "metadata"):
        yield "API", {**common, "API_TYPE": "M" if api == "metadata" else "P"}
    elif api == "bulk2":
        yield "BulkApi2", {**common, "JOB_ID": facts["job"], "ENTITY_TYPE": facts["entity"], "OPERATION_TYPE": facts["operation"],
                           "RECORDS_PROCESSED": facts["rows"]}  # fmt: skip
    elif api == "bulk1":
        yield "BulkApi", {**common, "JOB_ID": facts["job"], "ENTITY_TYPE": facts["entity"], "OPERATION_TYPE": facts["operation"],
                          "SUCCESS": int(facts["status"] < 400)}  # fmt: skip
    if api == "metadata" and facts["operation"] in _METADATA:
        yield "MetadataApiOperation", {**common, "OPERATION": _METADATA[facts["operation"]]}
    if api in _FAMILY:
        yield (
            "ApiTotalUsage",
            {
                **common,
                "API_FAMILY": _FAMILY[api],
                "API_RESOURCE": facts["operation"]
                if _FAMILY[api] == "SOAP"
                else facts["path"].removeprefix("/services/data"),
                "API_CLIENT_CATEGORY": "EXTERNAL_APPLICATION",
                "COUNTS_AGAINST_API_LIMIT": 1,
                "HTTP_METHOD": facts["method"],
                "USER_NAME": facts["user"],
            },
        )


def _version(path: str) -> str:
    version = path.partition("/v")[2].partition("/")[0]
    return version if version.replace(".", "", 1).isdigit() else ""
