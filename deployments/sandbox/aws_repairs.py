"""What the AWS server does not do as AWS does, on the estate's paths; a test shows for each that it is still so."""

import json
import sys
from collections.abc import Callable
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


def repair() -> None:
    """All repairs; done once in the server's process, before it serves."""
    repair_stage_moves()
    list_web_acl_resources()
    refuse_disabled_keys()
    refuse_rotation_without_function()


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


def repair_stage_moves() -> None:
    """
    Makes a moved AWSCURRENT label the version that a plain read returns.

    moto 5.2 moves the label and goes on answering with the old version, on the very path of a rotation.
    """
    from moto.secretsmanager.models import SecretsManagerBackend

    original = SecretsManagerBackend.update_secret_version_stage

    def moved(
        self: Any, secret_id: str, version_stage: str, remove_from_version_id: str, move_to_version_id: str
    ) -> tuple[str, str]:
        answer = original(self, secret_id, version_stage, remove_from_version_id, move_to_version_id)
        if version_stage == "AWSCURRENT" and move_to_version_id:
            self.secrets[secret_id].set_default_version_id(move_to_version_id)
        return answer

    SecretsManagerBackend.update_secret_version_stage = moved  # type: ignore[method-assign]  # see above


def refuse_disabled_keys() -> None:
    """
    Makes the KMS refuse to work with a key that is disabled or waits for its deletion.

    moto 5.2 keeps the state and goes on encrypting and decrypting.
    """
    from moto.kms.models import KmsBackend

    def guard(name: str, key_of: Callable[[Any, dict[str, Any]], str | None]) -> None:
        original = getattr(KmsBackend, name)

        def guarded(self: Any, *given: Any, **named: Any) -> Any:
            bound = dict(zip(original.__code__.co_varnames[1:], given, strict=False)) | named
            _demand_enabled(self, key_of(self, bound))
            return original(self, *given, **named)

        setattr(KmsBackend, name, guarded)

    for name in ("encrypt", "generate_data_key", "sign", "verify", "generate_mac", "verify_mac"):
        guard(name, lambda _, given: given.get("key_id"))
    guard("decrypt", lambda _, given: _key_of_ciphertext(given["ciphertext_blob"]))


def _key_of_ciphertext(blob: bytes) -> str | None:
    """moto writes the key's id in front of what it encrypts."""
    return blob[:36].decode("ascii", "replace") or None


def _demand_enabled(backend: Any, key_id: str | None) -> None:
    from moto.core.exceptions import JsonRESTError

    key = backend.keys.get(backend.any_id_to_key_id(key_id)) if key_id else None
    if key is not None and key.key_state == "Disabled":
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
    if key is not None and key.key_state == "PendingDeletion":
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")


def refuse_rotation_without_function() -> None:
    """
    Makes rotate_secret refuse where there is no rotation function.

    moto 5.2 gives the secret a new current version that holds nothing, so that the value is lost.
    """
    from moto.secretsmanager.exceptions import InvalidRequestException, ResourceNotFoundException
    from moto.secretsmanager.models import SecretsManagerBackend

    original = SecretsManagerBackend.rotate_secret

    def rotated(self: Any, secret_id: str, *given: Any, **named: Any) -> str:
        function = named.get("rotation_lambda_arn") or (given[1] if len(given) > 1 else None)
        if self._is_valid_identifier(secret_id):
            function = function or self.secrets[secret_id].rotation_lambda_arn
            if not function:
                raise InvalidRequestException(
                    "No Lambda rotation function ARN is associated with this secret."
                )
            if not _function_exists(self, function):
                raise ResourceNotFoundException(f"Lambda does not exist: {function}")
        answer: str = original(self, secret_id, *given, **named)
        return answer

    SecretsManagerBackend.rotate_secret = rotated  # type: ignore[method-assign]  # see above


def _function_exists(backend: Any, arn: str) -> bool:
    if "moto.awslambda.models" not in sys.modules:
        # Nobody has made a function yet; loading the service only to ask would cost its memory.
        return False
    from moto.awslambda.exceptions import LambdaClientError
    from moto.awslambda.utils import get_backend

    try:
        get_backend(backend.account_id, backend.region_name).get_function(arn)
    except LambdaClientError:
        return False
    return True


def _seconds(moment: str | None) -> float:
    if moment is None:
        raise ValueError("a secret needs the dates it was made and changed")
    return datetime.fromisoformat(moment).timestamp()
