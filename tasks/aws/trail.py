"""Who opened a secret, as CloudTrail's event history has it: 90 days, some minutes late."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import sleep
from typing import Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import THROTTLING, Cloud, cloud_error, error_code
from tasks.errors import CloudError

_OPENED = "GetSecretValue"
_PAGE = 50
"""Events of a page; LookupEvents gives no more, and answers twice a second (CloudTrail API reference)."""
_PAGES = 200
_WAITS = (1, 2, 4, 8, 16)
"""Seconds before a page that was throttled is asked for again, after the client's own tries."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """`version` and `stage` are what the reader asked for; empty where it asked for the current one."""

    secret: str
    principal: str
    at: datetime
    version: str
    stage: str


def read_openings(
    cloud: Cloud, name: str, since: datetime, pause: Callable[[float], None] = sleep
) -> tuple[Opened, ...]:
    """
    Who read a value of the secret since then (CloudTrail user guide, "Logging Secrets Manager API calls": requestParameters
    names the secret as the caller did). Raises CloudError, also where there is more than can be looked through.

    The history is asked by the secret's names. No reference says under which of them it keeps an answered GetSecretValue, and we
    have opened the secret ourselves: where nothing at all is found by name, all openings of the account are looked through.
    """
    asked = _Asked(cloud, since, pause)
    found: dict[str, Opened] = {}
    for given in _spellings(cloud, name):
        found |= asked.for_events("ResourceName", given)
    if not found:
        found = asked.for_events("EventName", _OPENED)
    return tuple(
        sorted((each for each in found.values() if _names(each.secret, name)), key=lambda each: each.at)
    )


def _spellings(cloud: Cloud, name: str) -> tuple[str, ...]:
    """Its name, its ARN, and its ARN without what AWS adds."""
    try:
        arn = str(cloud.client("secretsmanager").describe_secret(SecretId=name)["ARN"])
    except (BotoCoreError, ClientError) as error:
        raise cloud_error(f"look at the secret {name}", error) from None
    return name, arn, arn[:-7]


class _Asked:
    """One look through the event history: so many pages in all, and slower where AWS asks for that."""

    def __init__(self, cloud: Cloud, since: datetime, pause: Callable[[float], None]) -> None:
        self._client = cloud.client("cloudtrail")
        self._since = since
        self._pause = pause
        self._left = _PAGES

    def for_events(self, attribute: str, value: str) -> dict[str, Opened]:
        """By the event's id. Raises CloudError."""
        found: dict[str, Opened] = {}
        more: dict[str, str] = {}
        while True:
            page = self._page(
                LookupAttributes=[{"AttributeKey": attribute, "AttributeValue": value}],
                StartTime=self._since,
                MaxResults=_PAGE,
                **more,
            )
            for event in page["Events"]:
                if (opened := _opened(orjson.loads(event["CloudTrailEvent"]))) is not None:
                    found[str(event["EventId"])] = opened
            if not page.get("NextToken"):
                return found
            more = {"NextToken": str(page["NextToken"])}

    def _page(self, **asked: Any) -> dict[str, Any]:
        if not self._left:
            raise CloudError(
                f"CloudTrail has more than {_PAGES * _PAGE} events about opened secrets since {self._since:%Y-%m-%d}, so nobody "
                "knows who has opened this one. Look in a trail of your own, and waive what does not matter."
            )
        self._left -= 1
        for wait in (*_WAITS, None):
            try:
                answer: dict[str, Any] = self._client.lookup_events(**asked)
                return answer
            except ClientError as error:
                if error_code(error) not in THROTTLING or wait is None:
                    raise cloud_error("look up who opened secrets", error) from None
                self._pause(wait)
            except BotoCoreError as error:
                raise cloud_error("look up who opened secrets", error) from None
        raise AssertionError("the last wait is none")


def _opened(event: dict[str, Any]) -> Opened | None:
    asked, who = event.get("requestParameters") or {}, event.get("userIdentity") or {}
    if event.get("eventName") != _OPENED:
        return None
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
