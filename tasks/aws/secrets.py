"""Secrets Manager: reads, and writes of what is ours."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import Cloud, cloud_error, error_code
from tasks.aws.staging import drop_old_ages, labelled_since, move_stage, read_stages, since_label
from tasks.errors import CloudError, SecretUnavailable

_WRITTEN = "BULKHEAD-WRITTEN"
"""On a version that is about to become the current one."""


@dataclass(frozen=True, kw_only=True)
class SecretSummary:
    """
    What Secrets Manager says about a secret without opening it. `since` is since when its credential is what it is, where the
    current version changed only something beside it.
    """

    name: str
    type: str | None
    created: datetime
    last_changed: datetime
    last_rotated: datetime | None
    rotation_enabled: bool
    tags: dict[str, str]
    since: datetime | None = None


def read_secret(cloud: Cloud, name: str) -> dict[str, Any]:
    """The current version's JSON object. Raises as `read_current` does."""
    return read_current(cloud, name)[1]


def read_previous(cloud: Cloud, name: str) -> dict[str, Any] | None:
    """The JSON object of the version before the current one; None where there is none. Raises as `read_current` does."""
    try:
        return _read(cloud, name, "AWSPREVIOUS")[1]
    except SecretUnavailable as error:
        if error.code == "ResourceNotFoundException":
            return None
        raise


def read_current(cloud: Cloud, name: str) -> tuple[str, dict[str, Any]]:
    """
    The current version's id and its JSON object.

    The stage is always named: without it some implementations hand out the version before the last rotation.
    Raises SecretUnavailable, whose text never holds any part of the value.
    """
    return _read(cloud, name, "AWSCURRENT")


def _read(cloud: Cloud, name: str, stage: str) -> tuple[str, dict[str, Any]]:
    try:
        answer = cloud.client("secretsmanager").get_secret_value(SecretId=name, VersionStage=stage)
    except ClientError as error:
        raise SecretUnavailable(
            f"The secret {name} cannot be read ({error_code(error)}). Create it, or grant "
            "secretsmanager:GetSecretValue on it.",
            error_code(error),
        ) from None
    except BotoCoreError as error:
        raise cloud_error(f"read the secret {name}", error) from None
    try:
        value = orjson.loads(answer["SecretString"])
    except (KeyError, orjson.JSONDecodeError):
        value = None
    if not isinstance(value, dict):
        raise SecretUnavailable(f"The secret {name} is no JSON object. Store its parts as a JSON object.")
    return str(answer["VersionId"]), value


def list_secrets(cloud: Cloud) -> Iterator[SecretSummary]:
    """Every secret of the account and region that is not about to be deleted."""
    try:
        for page in cloud.client("secretsmanager").get_paginator("list_secrets").paginate():
            for item in page["SecretList"]:
                yield SecretSummary(
                    name=item["Name"],
                    type=item.get("Type"),
                    created=item["CreatedDate"],
                    last_changed=item.get("LastChangedDate", item["CreatedDate"]),
                    last_rotated=item.get("LastRotatedDate"),
                    rotation_enabled=bool(item.get("RotationEnabled")),
                    tags={tag["Key"]: tag["Value"] for tag in item.get("Tags", [])},
                    since=labelled_since(
                        stage
                        for stages in item.get("SecretVersionsToStages", {}).values()
                        if "AWSCURRENT" in stages
                        for stage in stages
                    ),
                )
    except (BotoCoreError, ClientError) as error:
        raise cloud_error("list secrets", error) from None


def write_secret(cloud: Cloud, name: str, value: dict[str, Any]) -> None:
    """Makes the secret, or gives it a new current version. Raises CloudError."""
    client, text = cloud.client("secretsmanager"), orjson.dumps(value).decode()
    try:
        client.put_secret_value(SecretId=name, SecretString=text)
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise cloud_error(f"write the secret {name}", error) from None
        try:
            client.create_secret(Name=name, SecretString=text)
        except (BotoCoreError, ClientError) as refused:
            raise cloud_error(f"make the secret {name}", refused) from None
    except BotoCoreError as error:
        raise cloud_error(f"write the secret {name}", error) from None


def replace_secret(cloud: Cloud, name: str, value: dict[str, Any], *, instead_of: str) -> bool:
    """
    Makes a new current version only where `instead_of` still is the current one: AWS compares as it moves the label, so what
    somebody else stored meanwhile is never lost. False where it is not. Raises CloudError.

    For what changes something beside the credential: that goes on being as old as it was.
    """
    client, text = cloud.client("secretsmanager"), orjson.dumps(value).decode()
    try:
        since = next(each.since for each in read_stages(cloud, name).versions if each.id == instead_of)
        labels = [_WRITTEN, since_label(since, instead_of)]
        version = client.put_secret_value(SecretId=name, SecretString=text, VersionStages=labels)["VersionId"]
    except (BotoCoreError, ClientError) as error:
        raise cloud_error(f"write the secret {name}", error) from None
    try:
        move_stage(cloud, name, "AWSCURRENT", to=version, source=instead_of)
        return True
    except CloudError:
        if read_current(cloud, name)[0] == instead_of:
            raise
        return False
    finally:
        # A version without a label can be read by its id alone, and AWS removes it when it needs the room.
        move_stage(cloud, name, _WRITTEN, to=None, source=version)
        # The next write takes off what is left now.
        with suppress(CloudError):
            drop_old_ages(cloud, name)


def rotating(cloud: Cloud, name: str) -> bool:
    """Whether a version waits to become the current one. Raises CloudError; no secret, nothing waits."""
    try:
        answer = cloud.client("secretsmanager").describe_secret(SecretId=name)
    except ClientError as error:
        if error_code(error) == "ResourceNotFoundException":
            return False
        raise cloud_error(f"look at the secret {name}", error) from None
    except BotoCoreError as error:
        raise cloud_error(f"look at the secret {name}", error) from None
    stages = answer.get("VersionIdsToStages", {}).values()
    return any("AWSPENDING" in each and "AWSCURRENT" not in each for each in stages)
