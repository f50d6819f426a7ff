"""Who opened a secret, as CloudTrail's event history has it: 90 days, some minutes late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import Cloud, cloud_error


@dataclass(frozen=True, kw_only=True)
class Opened:
    """`version` and `stage` are what the reader asked for; empty where it asked for the current one."""

    secret: str
    principal: str
    at: datetime
    version: str
    stage: str


def read_openings(cloud: Cloud, name: str, since: datetime) -> tuple[Opened, ...]:
    """
    Who read a value of the secret since then (CloudTrail user guide, "Logging Secrets Manager API calls": requestParameters
    names the secret as the caller did). Raises CloudError.
    """
    found = []
    try:
        pages = cloud.client("cloudtrail").get_paginator("lookup_events")
        names = [{"AttributeKey": "EventName", "AttributeValue": "GetSecretValue"}]
        for page in pages.paginate(LookupAttributes=names, StartTime=since):
            found += [
                opened
                for event in page["Events"]
                if (opened := _opened(orjson.loads(event["CloudTrailEvent"]))) and _names(opened.secret, name)
            ]
    except (BotoCoreError, ClientError) as error:
        raise cloud_error("look up who opened secrets", error) from None
    return tuple(sorted(found, key=lambda each: each.at))


def _opened(event: dict[str, Any]) -> Opened | None:
    asked, who = event.get("requestParameters") or {}, event.get("userIdentity") or {}
    if event.get("errorCode") or not asked.get("secretId") or not who.get("arn"):
        return None
    return Opened(
        secret=str(asked["secretId"]),
        principal=str(who["arn"]),
        at=datetime.fromisoformat(str(event["eventTime"]).replace("Z", "+00:00")),
        version=str(asked.get("versionId") or ""),
        stage=str(asked.get("versionStage") or ""),
    )


def _names(given: str, name: str) -> bool:
    """A reader names the secret by its name or its ARN, whose end is the name and six letters that AWS adds."""
    if given == name:
        return True
    _, found, end = given.partition(":secret:")
    return bool(found) and (end == name or end[:-7] == name)
