"""
Versions of a secret and their staging labels: what a rotation moves.

Source: Secrets Manager user guide, "Rotation function" and RotateSecret. The label AWSPREVIOUS moves by itself with AWSCURRENT.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import Cloud, cloud_error, error_code
from tasks.errors import CloudError, SecretUnavailable

MANAGED_TYPE = "SalesforceClientSecret"
"""AWS managed external secrets of this type are rotated by AWS itself, which calls the org without us."""


_SINCE, _INSTANT = "BULKHEAD-SINCE-", "%Y%m%dT%H%M%SZ"
"""
The label of a version that replaced one without changing its credential: since when the credential is what it is. A label
belongs to one version, so no rotation, by whomever, takes the age along with a copied value, and the layout of the value,
which AWS prescribes for managed secrets, stays as it is.
"""


@dataclass(frozen=True, kw_only=True)
class StoredVersion:
    """`since` is since when its credential is what it is: older than the version where that changed only something beside."""

    id: str
    stages: frozenset[str]
    created: datetime
    since: datetime


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
                    stages=frozenset(s for s in each.get("VersionStages") or () if not s.startswith(_SINCE)),
                    created=each["CreatedDate"],
                    since=labelled_since(each.get("VersionStages") or ()) or each["CreatedDate"],
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


def since_label(since: datetime, instead_of: str) -> str:
    """One label is on one version only, so it names the version too that was replaced."""
    return f"{_SINCE}{since.astimezone(UTC):{_INSTANT}}-{instead_of[:8]}"


def labelled_since(stages: Iterable[str]) -> datetime | None:
    """What such a label says; None where there is none that can be read."""
    for stage in stages:
        if stage.startswith(_SINCE):
            try:
                return datetime.fromisoformat(stage.removeprefix(_SINCE).partition("-")[0])
            except ValueError:
                continue
    return None


def drop_old_ages(cloud: Cloud, name: str) -> None:
    """
    Takes the label off versions that are neither current nor the one before: labels of a secret are limited to 20, and a version
    that has one is kept. Raises CloudError.
    """
    try:
        about = cloud.client("secretsmanager").describe_secret(SecretId=name)
    except (BotoCoreError, ClientError) as error:
        raise cloud_error(f"look at the secret {name}", error) from None
    for version, stages in about.get("VersionIdsToStages", {}).items():
        if not {"AWSCURRENT", "AWSPREVIOUS"}.intersection(stages):
            for stage in stages:
                if stage.startswith(_SINCE):
                    move_stage(cloud, name, stage, to=None, source=version)


def _missing(name: str, error: ClientError) -> CloudError:
    if error_code(error) in ("ResourceNotFoundException", "AccessDeniedException"):
        return SecretUnavailable(
            f"The versions of the secret {name} cannot be read ({error_code(error)}). Create it, or grant "
            "secretsmanager:DescribeSecret, ListSecretVersionIds and GetSecretValue on it."
        )
    return cloud_error(f"read the versions of {name}", error)
