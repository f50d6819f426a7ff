"""What changed or went between two moments: /sobjects/X/updated and /sobjects/X/deleted."""

from datetime import UTC, datetime, timedelta

from deployments.sandbox.clock import stamp
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed
from deployments.sandbox.schema import SObject
from deployments.sandbox.soql.query import SoqlError, run_query
from deployments.sandbox.wire import Reply, json_reply

KINDS = ("updated", "deleted")
KEPT = timedelta(days=30)


def answer(one: Call, target: SObject, kind: str) -> Reply:
    """GET with `start` and `end`, ISO 8601. Raises ApiError."""
    if one.method != "GET":
        raise not_allowed(one.method, "GET")
    start, end = _moment(one, "start"), _moment(one, "end")
    if start >= end:
        raise ApiError("INVALID_REPLICATION_DATE", "startDate cannot be after endDate")
    gone = kind == "deleted"
    soql = (
        f"SELECT Id, SystemModstamp FROM {target.name} WHERE SystemModstamp >= {start:%Y-%m-%dT%H:%M:%SZ}"
        f" AND SystemModstamp <= {end:%Y-%m-%dT%H:%M:%SZ}{' AND IsDeleted = true' if gone else ''}"
    )
    try:
        rows = run_query(
            one.store, one.schema, soql, one.caller, tooling=one.tooling, include_deleted=gone,
            version=one.version,
        ).records  # fmt: skip
    except SoqlError as error:
        raise ApiError(error.code, error.message) from error
    covered: dict[str, object] = {"latestDateCovered": stamp(end)}
    if not gone:
        return json_reply(200, {"ids": [row["Id"] for row in rows], **covered})
    deleted = [{"deletedDate": row["SystemModstamp"], "id": row["Id"]} for row in rows]
    earliest = stamp(one.store.clock.now() - KEPT)
    return json_reply(200, {"deletedRecords": deleted, "earliestDateAvailable": earliest, **covered})


def _moment(one: Call, name: str) -> datetime:
    # A plus sign that nobody encoded arrives as a space.
    text = one.query.get(name, "").replace(" ", "+")
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ApiError("INVALID_REPLICATION_DATE", f"{name} is missing or no ISO 8601 date-time") from error
