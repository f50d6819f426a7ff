"""What AWS refuses and moto 5.2 does not: disabled keys, denied secrets, reused request tokens, empty rotations."""

import fnmatch
import json
import sys
from collections.abc import Callable
from typing import Any


def refuse_disabled_keys() -> None:
    """
    Makes the KMS refuse to work with a key that is disabled or waits for its deletion.

    moto 5.2 keeps the state and goes on encrypting and decrypting.
    """
    from moto.kms.models import KmsBackend

    def guard(name: str, key_of: Callable[[dict[str, Any]], str | None]) -> None:
        original = getattr(KmsBackend, name)

        def guarded(self: Any, *given: Any, **named: Any) -> Any:
            bound = dict(zip(original.__code__.co_varnames[1:], given, strict=False)) | named
            _demand_enabled(self, key_of(bound))
            return original(self, *given, **named)

        setattr(KmsBackend, name, guarded)

    for name in ("encrypt", "generate_data_key", "sign", "verify", "generate_mac", "verify_mac"):
        guard(name, lambda given: given.get("key_id"))
    # moto writes the key's id in front of what it encrypts.
    guard("decrypt", lambda given: given["ciphertext_blob"][:36].decode("ascii", "replace"))


def _demand_enabled(backend: Any, key_id: str | None) -> None:
    from moto.core.exceptions import JsonRESTError

    key = backend.keys.get(backend.any_id_to_key_id(key_id)) if key_id else None
    if key is not None and key.key_state == "Disabled":
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
    if key is not None and key.key_state == "PendingDeletion":
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")


def refuse_objects_of_disabled_keys() -> None:
    """Makes S3 neither write nor read an object whose KMS key does not work; moto 5.2 does not ask the KMS."""
    from moto.s3.models import S3Backend
    from moto.s3.responses import S3Response

    put, get = S3Backend.put_object, S3Response.get_object

    def written(self: Any, bucket_name: str, *given: Any, **named: Any) -> Any:
        rule = (self.get_bucket(bucket_name).encryption or {}).get("Rule", {})
        default = rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID")
        _demand_working(self.account_id, named.get("kms_key_id") or default)
        return put(self, bucket_name, *given, **named)

    def read(self: Any) -> Any:
        answer = get(self)
        _demand_working(self.current_account, answer[1].get("x-amz-server-side-encryption-aws-kms-key-id"))
        return answer

    S3Backend.put_object = written  # type: ignore[method-assign]  # see above
    S3Response.get_object = read  # type: ignore[method-assign]  # see above


def _demand_working(account: str, key_id: str | None) -> None:
    if not key_id or "moto.kms.models" not in sys.modules:
        return
    from moto.kms.models import kms_backends
    from moto.s3.exceptions import S3ClientError

    for backend in kms_backends[account].values():
        key = backend.keys.get(backend.any_id_to_key_id(key_id))
        if key is not None and key.key_state == "Disabled":
            raise S3ClientError("KMS.DisabledException", f"{key.arn} is disabled.")
        if key is not None and key.key_state == "PendingDeletion":
            raise S3ClientError("KMS.KMSInvalidStateException", f"{key.arn} is pending deletion.")


def refuse_denied_secrets() -> None:
    """
    Makes a secret's own policy count where it denies everybody the reading, without conditions.

    moto 5.2 keeps policies and asks none.
    """
    from moto.secretsmanager.exceptions import SecretsManagerClientError
    from moto.secretsmanager.models import SecretsManagerBackend

    original = SecretsManagerBackend.get_secret_value

    def read(self: Any, secret_id: str, *given: Any, **named: Any) -> dict[str, Any]:
        if self._is_valid_identifier(secret_id):
            secret = self.secrets[secret_id]
            if _denies(getattr(secret, "policy", None), "secretsmanager:GetSecretValue"):
                message = (
                    "User: arn:aws:iam::123456789012:user/estate is not authorized to perform: "
                    f"secretsmanager:GetSecretValue on resource: {secret.arn} with an explicit deny "
                    "in a resource-based policy"
                )
                raise SecretsManagerClientError("AccessDeniedException", message)
        answer: dict[str, Any] = original(self, secret_id, *given, **named)
        return answer

    SecretsManagerBackend.get_secret_value = read  # type: ignore[method-assign]  # see above


def _denies(policy: str | None, action: str) -> bool:
    statements = json.loads(policy)["Statement"] if policy else []
    for statement in [statements] if isinstance(statements, dict) else statements:
        actions, principal = statement.get("Action", []), statement.get("Principal")
        named = [actions] if isinstance(actions, str) else actions
        if (
            statement.get("Effect") == "Deny"
            and not statement.get("Condition")
            and principal in ("*", {"AWS": "*"}, {"AWS": ["*"]})
            and any(fnmatch.fnmatchcase(action.lower(), each.lower()) for each in named)
        ):
            return True
    return False


def refuse_reused_tokens() -> None:
    """
    Makes put_secret_value refuse another value under a token that a version already has.

    moto 5.2 compares with the current version alone and overwrites a pending one, in the very case a repeated
    rotation step relies on.
    """
    from moto.secretsmanager.exceptions import ResourceExistsException
    from moto.secretsmanager.models import SecretsManagerBackend

    original = SecretsManagerBackend.put_secret_value

    def put(
        self: Any,
        secret_id: str,
        secret_string: str,
        secret_binary: str,
        client_request_token: str,
        version_stages: list[str],
    ) -> str:
        if client_request_token and self._is_valid_identifier(secret_id):
            secret = self.secrets[secret_id]
            kept = getattr(secret, "versions", {}).get(client_request_token)
            value = (secret_string or None, secret_binary or None)
            if kept is not None and value != (kept.get("secret_string"), kept.get("secret_binary")):
                raise ResourceExistsException(
                    f"You can't use ClientRequestToken {client_request_token} because that value is already in use "
                    f"for a version of secret {secret.arn}."
                )
        return original(self, secret_id, secret_string, secret_binary, client_request_token, version_stages)

    SecretsManagerBackend.put_secret_value = put  # type: ignore[method-assign]  # see above


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
