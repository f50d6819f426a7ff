"""Limits of an org and counts of its records."""

from typing import Any

from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.wire import Reply, json_reply

CEILINGS = {
    "ActiveScratchOrgs": 40,
    "AnalyticsExternalDataSizeMB": 40_960,
    "ConcurrentAsyncGetReportInstances": 200,
    "ConcurrentEinsteinDataInsightsStoryCreation": 5,
    "ConcurrentEinsteinDiscoveryStoryCreation": 2,
    "ConcurrentSyncReportRuns": 20,
    "DailyAnalyticsDataflowJobExecutions": 60,
    "DailyAnalyticsUploadedFilesSizeMB": 51_200,
    "DailyAsyncApexExecutions": 250_000,
    "DailyAsyncApexTests": 500,
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyDeliveredPlatformEvents": 50_000,
    "DailyDurableGenericStreamingApiEvents": 1_000_000,
    "DailyDurableStreamingApiEvents": 1_000_000,
    "DailyEinsteinDataInsightsStoryCreation": 1_000,
    "DailyEinsteinDiscoveryOptimizationJobRuns": 25,
    "DailyEinsteinDiscoveryPredictAPICalls": 50_000,
    "DailyEinsteinDiscoveryPredictionsByCDC": 500_000,
    "DailyEinsteinDiscoveryStoryCreation": 100,
    "DailyFunctionsApiCallLimit": 235_000,
    "DailyGenericStreamingApiEvents": 10_000,
    "DailyScratchOrgs": 80,
    "DailyStandardVolumePlatformEvents": 25_000,
    "DailyStreamingApiEvents": 1_000_000,
    "DailyWorkflowEmails": 100_000,
    "DataStorageMB": 20_480,
    "DurableStreamingApiConcurrentClients": 1_000,
    "FileStorageMB": 102_400,
    "HourlyAsyncReportRuns": 1_200,
    "HourlyDashboardRefreshes": 200,
    "HourlyDashboardResults": 5_000,
    "HourlyDashboardStatuses": 999_999_999,
    "HourlyLongTermIdMapping": 100_000,
    "HourlyManagedContentPublicRequests": 50_000,
    "HourlyODataCallout": 20_000,
    "HourlyPublishedPlatformEvents": 250_000,
    "HourlyPublishedStandardVolumePlatformEvents": 100_000,
    "HourlyShortTermIdMapping": 100_000,
    "HourlySyncReportRuns": 500,
    "HourlyTimeBasedWorkflow": 1_000,
    "MassEmail": 5_000,
    "MonthlyEinsteinDiscoveryStoryCreation": 500,
    "Package2VersionCreates": 6,
    "Package2VersionCreatesWithoutValidation": 500,
    "PermissionSets": 1_500,
    "PrivateConnectOutboundCalloutHourlyLimitMB": 0,
    "PublishCallbackUsageInApex": 5_242_880,
    "SingleEmail": 5_000,
    "StreamingApiConcurrentClients": 2_000,
}
"""REST API Developer Guide, Limits; the numbers are those of an Enterprise org."""


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
    document: dict[str, dict[str, Any]] = {
        name: {"Max": most, "Remaining": most} for name, most in CEILINGS.items()
    }
    sets = int(one.store.sql("SELECT COUNT(*) FROM PermissionSet WHERE IsOwnedByProfile = 0")[0][0])
    left = max(0, CEILINGS["PermissionSets"] - sets)
    document["PermissionSets"] = {
        "Max": CEILINGS["PermissionSets"],
        "Remaining": left,
        "CreateCustom": {"Max": 1_000, "Remaining": min(left, 1_000)},
    }
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
        if target is None or "rest" not in target.api or not (names or target.data):
            continue
        if not one.caller.sees(target):
            continue
        live = " WHERE IsDeleted = 0" if "IsDeleted" in target.fields else ""
        total = one.store.sql(f'SELECT COUNT(*) AS n FROM "{target.name}"{live}')[0]["n"]
        counted.append({"count": total, "name": target.name})
    return json_reply(200, {"sObjects": counted})
