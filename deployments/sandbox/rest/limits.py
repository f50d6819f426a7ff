"""Limits of an org and counts of its records."""

from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.wire import Reply, json_reply

CEILINGS = {
    "ConcurrentAsyncGetReportInstances": 200,
    "ConcurrentSyncReportRuns": 20,
    "DailyAsyncApexExecutions": 250_000,
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyStreamingApiEvents": 1_000_000,
    "DataStorageMB": 20_480,
    "FileStorageMB": 102_400,
    "HourlyODataCallout": 20_000,
    "MassEmail": 5_000,
    "PermissionSets": 1_500,
    "SingleEmail": 5_000,
}


def answer(one: Call) -> Reply:
    if one.method != "GET":
        raise not_allowed(one.method, "GET")
    if one.parts == ("limits",):
        return _limits(one)
    if one.parts == ("limits", "recordCount"):
        return _record_count(one)
    raise not_found()


def _limits(one: Call) -> Reply:
    if not one.caller.holds(("ViewSetup",)):
        raise ApiError(
            "INSUFFICIENT_ACCESS", "You need the View Setup and Configuration permission to see limits"
        )
    document = {name: {"Max": most, "Remaining": most} for name, most in CEILINGS.items()}
    document["DailyApiRequests"] = {
        "Max": one.org.daily_requests,
        "Remaining": one.org.daily_requests - one.org.requests,
    }
    return json_reply(200, dict(sorted(document.items())))


def _record_count(one: Call) -> Reply:
    names = [name for name in one.query.get("sObjects", "").split(",") if name]
    targets = [one.schema.get(name) for name in names] if names else list(one.schema.objects.values())
    counted = []
    for target in targets:
        if target is None or not target.data or not one.caller.sees(target):
            continue
        live = " WHERE IsDeleted = 0" if "IsDeleted" in target.fields else ""
        total = one.store.sql(f'SELECT COUNT(*) AS n FROM "{target.name}"{live}')[0]["n"]
        counted.append({"count": total, "name": target.name})
    return json_reply(200, {"sObjects": counted})
