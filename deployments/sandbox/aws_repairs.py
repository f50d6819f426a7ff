"""What the AWS server lacks and the estate needs: dates in the past, and a web ACL's resources."""

import json
from datetime import datetime
from typing import Any

ACCOUNT = "123456789012"
_SERVICES = {
    "APPLICATION_LOAD_BALANCER": "elasticloadbalancing",
    "API_GATEWAY": "apigateway",
    "APPSYNC": "appsync",
    "COGNITO_USER_POOL": "cognito-idp",
    "APP_RUNNER_SERVICE": "apprunner",
    "VERIFIED_ACCESS_INSTANCE": "ec2",
}


def give_dates(region: str, dates: dict[str, dict[str, str | None]]) -> None:
    """
    Sets when secrets were made, changed and rotated: the server stamps its own time on everything it is told.

    `dates` maps secret names to `created`, `last_changed` and `last_rotated` (ISO 8601; null: never rotated).
    """
    from moto.secretsmanager.models import secretsmanager_backends

    backend = secretsmanager_backends[ACCOUNT][region]
    for name, given in dates.items():
        secret: Any = backend.secrets[name]
        secret.created_date = _seconds(given["created"])
        secret.last_changed_date = _seconds(given["last_changed"])
        if given["last_rotated"] is not None:
            secret.rotation_requested = secret.rotation_enabled = True
            secret.last_rotation_date = _seconds(given["last_rotated"])


def list_web_acl_resources() -> None:
    """Adds ListResourcesForWebACL, which moto 5.2 does not offer, to its WAFv2 answers."""
    from moto.wafv2.responses import WAFV2Response

    def answer(self: Any) -> tuple[int, dict[str, str], str]:
        asked = json.loads(self.body)
        acl = self.wafv2_backend.wacls.get(asked["WebACLArn"])
        service = _SERVICES[asked.get("ResourceType", "APPLICATION_LOAD_BALANCER")]
        found = [arn for arn in acl.associated_resources if arn.split(":")[2] == service] if acl else []
        return 200, {"Content-Type": "application/json"}, json.dumps({"ResourceArns": found})

    if not hasattr(WAFV2Response, "list_resources_for_web_acl"):
        setattr(WAFV2Response, "list_resources_for_web_acl", answer)  # noqa: B010  # mypy knows no such method


def _seconds(moment: str | None) -> float:
    if moment is None:
        raise ValueError("a secret needs the dates it was made and changed")
    return datetime.fromisoformat(moment).timestamp()
