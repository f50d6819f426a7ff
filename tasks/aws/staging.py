"""
Versions of a secret and their staging labels: what a rotation moves.

Source: Secrets Manager user guide, "Rotation function" and RotateSecret. The label AWSPREVIOUS moves by itself with AWSCURRENT.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import Cloud, cloud_error, error_code
from tasks.errors import CloudError, SecretUnavailable

MANAGED_TYPE = "SalesforceClientSecret"
"""AWS managed external secrets of this type are rotated by AWS itself, which calls the org without us."""


@dataclass(frozen=True, kw_only=True)
class StoredVersion:
    id: str
    stages: frozenset[str]
    created: datetime


@dataclass(frozen=True, kw_only=True)
class StagedSecret:
    """
    What Secrets Manager says about a secret and its versions without opening one. `rotated_by` is the rotation function, if
    there is one that runs; `next_rotation` what AWS itself says will come.
    """

    name: str
    type: str | None
    rotation_enabled: bool
    rotated_by: str | None
    last_rotated: datetime | None
    next_rotation: datetime | None
    versions: tuple[StoredVersion, ...]

    @property
    def managed(self) -> bool:
        return self.type == MANAGED_TYPE


def read_stages(cloud: Cloud, name: str) -> StagedSecret:
    """Unlabelled versions included. Raises SecretUnavailable and CloudError."""
    client = cloud.client("secretsmanager")
    try:
        about = client.describe_secret(SecretId=name)
        versions: list[StoredVersion] = []
        marker: dict[str, str] = {}
        while True:
            page = client.list_secret_version_ids(SecretId=name, IncludeDeprecated=True, **marker)
            versions += [
                StoredVersion(
                    id=each["VersionId"],
                    stages=frozenset(each.get("VersionStages") or ()),
                    created=each["CreatedDate"],
                )
                for each in page["Versions"]
            ]
            if not page.get("NextToken"):
                break
            marker = {"NextToken": page["NextToken"]}
    except ClientError as error:
        raise _missing(name, error) from None
    except BotoCoreError as error:
        raise cloud_error(f"read the versions of {name}", error) from None
    return StagedSecret(
        name=name,
        type=about.get("Type"),
        rotation_enabled=bool(about.get("RotationEnabled")),
        rotated_by=about.get("RotationLambdaARN"),
        last_rotated=about.get("LastRotatedDate"),
        next_rotation=about.get("NextRotationDate"),
        versions=tuple(versions),
    )


def read_version(cloud: Cloud, name: str, version: str) -> dict[str, Any] | None:
    """The JSON object of one version; None where it holds none. Raises CloudError."""
    try:
        answer = cloud.client("secretsmanager").get_secret_value(SecretId=name, VersionId=version)
    except ClientError as error:
        # A rotation that failed may leave a version without a value.
        if error_code(error) == "ResourceNotFoundException":
            return None
        raise _missing(name, error) from None
    except BotoCoreError as error:
        raise cloud_error(f"read a version of {name}", error) from None
    try:
        value = orjson.loads(answer.get("SecretString") or "")
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def put_pending(cloud: Cloud, name: str, token: str, value: dict[str, Any]) -> None:
    """Keeps a new version under this id, labelled AWSPENDING. The same again is nothing new. Raises CloudError."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    try:
        cloud.client("secretsmanager").put_secret_value(
            SecretId=name, ClientRequestToken=token, SecretString=text, VersionStages=["AWSPENDING"]
        )
    except (BotoCoreError, ClientError) as error:
        raise cloud_error(f"keep a new version of {name}", error) from None


def move_stage(cloud: Cloud, name: str, stage: str, *, to: str | None, source: str) -> None:
    """
    Moves a label, or takes it off where `to` is None. AWS refuses when it is not on `source` any more, so that nobody moves what
    another has moved meanwhile. Raises CloudError.
    """
    wanted = {"MoveToVersionId": to} if to else {}
    try:
        cloud.client("secretsmanager").update_secret_version_stage(
            SecretId=name, VersionStage=stage, RemoveFromVersionId=source, **wanted
        )
    except (BotoCoreError, ClientError) as error:
        raise cloud_error(f"move the label {stage} of {name}", error) from None


def _missing(name: str, error: ClientError) -> CloudError:
    if error_code(error) in ("ResourceNotFoundException", "AccessDeniedException"):
        return SecretUnavailable(
            f"The versions of the secret {name} cannot be read ({error_code(error)}). Create it, or grant "
            "secretsmanager:DescribeSecret, ListSecretVersionIds and GetSecretValue on it."
        )
    return cloud_error(f"read the versions of {name}", error)
