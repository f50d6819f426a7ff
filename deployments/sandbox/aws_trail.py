"""CloudTrail's event history of opened secrets: who read which, when, and which version was asked for."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from deployments.sandbox.aws_firewall import ACCOUNT

KEPT = timedelta(days=90)
_MOST = 50_000
_PAGE = 50


def record_openings() -> None:
    """
    Makes every GetSecretValue that was answered an event, and teaches CloudTrail `LookupEvents`, which moto 5.2 lacks.

    The estate has no users of AWS: a reader is `user/<its access key>`. Events are there at once; AWS takes some minutes.
    """
    from moto.cloudtrail.responses import CloudTrailResponse
    from moto.secretsmanager.responses import SecretsManagerResponse

    original = SecretsManagerResponse.get_secret_value

    def read(self: Any) -> str:
        answer = str(original(self))
        _note(self.backend, json.loads(self.body or "{}"), self.get_access_key(), self.region)
        return answer

    SecretsManagerResponse.get_secret_value = read  # type: ignore[method-assign]  # moto has no hook for it
    if not hasattr(CloudTrailResponse, "lookup_events"):
        CloudTrailResponse.lookup_events = _lookup  # type: ignore[attr-defined]  # moto 5.2 lacks it


def _note(backend: Any, asked: dict[str, Any], access_key: str, region: str) -> None:
    """Kept with Secrets Manager's own state, so that it outlives the process and travels with snapshots."""
    now = datetime.now(UTC)
    kept = vars(backend).setdefault("estate_openings", [])
    named = {name: asked[name] for name in ("SecretId", "VersionId", "VersionStage") if asked.get(name)}
    kept.append((now.timestamp(), access_key, named, region))
    if len(kept) > _MOST:
        oldest = (now - KEPT).timestamp()
        kept[:] = [each for each in kept if each[0] >= oldest][-_MOST:]


def _lookup(self: Any) -> tuple[int, dict[str, str], str]:
    from moto.secretsmanager.models import secretsmanager_backends

    asked = json.loads(self.body or "{}")
    wanted = {each["AttributeKey"]: each["AttributeValue"] for each in asked.get("LookupAttributes", [])}
    oldest = (datetime.now(UTC) - KEPT).timestamp()
    since = max(float(asked.get("StartTime") or 0), oldest)
    until = float(asked.get("EndTime") or "inf")
    backend = secretsmanager_backends[ACCOUNT][self.region]
    found = [
        each
        for each in reversed(getattr(backend, "estate_openings", []))
        if since <= each[0] <= until
        and wanted.get("EventName", "GetSecretValue") == "GetSecretValue"
        and wanted.get("ResourceName", each[2].get("SecretId")) == each[2].get("SecretId")
    ]
    start = int(asked.get("NextToken") or 0)
    size = min(int(asked.get("MaxResults") or _PAGE), _PAGE)
    page = [_event(number, *each) for number, each in enumerate(found[start : start + size], start)]
    more = {"NextToken": str(start + size)} if start + size < len(found) else {}
    content = {"Content-Type": "application/x-amz-json-1.1"}
    return 200, content, json.dumps({"Events": page, **more})


def _event(number: int, at: float, access_key: str, asked: dict[str, str], region: str) -> dict[str, Any]:
    """As the CloudTrail record reference spells it: parameters begin with a small letter."""
    moment = datetime.fromtimestamp(at, UTC)
    record = {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "IAMUser",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/{access_key}",
            "accountId": ACCOUNT,
            "accessKeyId": access_key,
            "userName": access_key,
        },
        "eventTime": moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": "GetSecretValue",
        "awsRegion": region,
        "requestParameters": {name[0].lower() + name[1:]: value for name, value in asked.items()},
        "responseElements": None,
        "readOnly": True,
        "eventType": "AwsApiCall",
        "managementEvent": True,
    }
    return {
        "EventId": f"{int(at * 1000):013x}-{number}",
        "EventName": "GetSecretValue",
        "ReadOnly": "true",
        "AccessKeyId": access_key,
        "EventTime": at,
        "EventSource": "secretsmanager.amazonaws.com",
        "Username": access_key,
        "Resources": [{"ResourceType": "AWS::SecretsManager::Secret", "ResourceName": asked.get("SecretId")}],
        "CloudTrailEvent": json.dumps(record),
    }
