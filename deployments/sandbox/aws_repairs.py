"""What the AWS server does not do as AWS does, on the estate's paths; a test shows for each that it is still so."""

import json
from datetime import datetime
from typing import Any

from deployments.sandbox import aws_refusals, aws_trail
from deployments.sandbox.aws_firewall import ACCOUNT, repair_firewall


def repair() -> None:
    """All repairs; done once in the server's process, before it serves."""
    repair_stage_moves()
    repair_version_dates()
    aws_trail.record_openings()
    aws_refusals.refuse_disabled_keys()
    aws_refusals.refuse_objects_of_disabled_keys()
    aws_refusals.refuse_denied_secrets()
    aws_refusals.refuse_reused_tokens()
    aws_refusals.refuse_rotation_without_function()
    repair_firewall()


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
        for version in secret.versions.values():
            version["createdate"] = int(_seconds(given["last_changed"]))
        if given["last_rotated"] is not None:
            secret.rotation_requested = secret.rotation_enabled = True
            secret.last_rotation_date = _seconds(given["last_rotated"])


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


def repair_version_dates() -> None:
    """
    Makes each version say when it was made, and lists those without a label only where they are asked for.

    moto 5.2 answers with the present moment, by which every credential would be new for ever.
    """
    from moto.secretsmanager.responses import SecretsManagerResponse

    original = SecretsManagerResponse.list_secret_version_ids

    def listed(self: Any) -> str:
        asked = json.loads(self.body or "{}")
        answer = json.loads(original(self))
        versions = self.backend.secrets[asked["SecretId"]].versions
        answer["Versions"] = [
            {
                "VersionId": each["VersionId"],
                "VersionStages": each["VersionStages"],
                "CreatedDate": versions[each["VersionId"]]["createdate"],
            }
            for each in answer["Versions"]
            if each["VersionStages"] or asked.get("IncludeDeprecated")
        ]
        return json.dumps(answer)

    SecretsManagerResponse.list_secret_version_ids = listed  # type: ignore[method-assign]  # see above


def _seconds(moment: str | None) -> float:
    if moment is None:
        raise ValueError("a secret needs the dates it was made and changed")
    return datetime.fromisoformat(moment).timestamp()
