"""Old secrets give way when they are old or when somebody says so, never too soon; none is destroyed on anybody's mere word."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tasks.encryption.model import TenantSecret
from tasks.errors import ConfigurationError
from tasks.estate.model import Attestation, AttestedControl
from tasks.estate.model_data import ShieldPolicy
from tasks.estate.policy import Policy
from tasks.plans.model import ChangeClass, ResourceKind
from tasks.shield.export import export_note, exports
from tasks.shield.model import Exported, SecretsOf
from tasks.shield.rotation import destruction_plan, finished, rotation_plan

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
POLICY = Policy(shield=ShieldPolicy(tenant_secret_max_age=timedelta(days=90)))
SHA = "ab" * 32
EXPORTED = Exported(version=1, sha256=SHA, at=NOW)


def secret(version: int, age: timedelta, status: str = "Active", kind: str = "Data") -> TenantSecret:
    return TenantSecret(kind=kind, status=status, version=version, created=NOW - age)


def held(*secrets: TenantSecret, sandbox: bool = False) -> SecretsOf:
    return SecretsOf(org="hq", sandbox=sandbox, now=NOW, secrets=secrets)


def word(day: date = date(2026, 5, 12), **more: object) -> Attestation:
    return Attestation.model_validate(
        {
            "subject": AttestedControl.BACKGROUND_ENCRYPTION,
            "orgs": ("hq",),
            "owner": "ada",
            "date": day,
            "expires": date(2026, 12, 31),
            "evidence_sha256": SHA,
            **more,
        }
    )


def test_what_is_older_than_policy_allows_gives_way() -> None:
    secrets = held(
        secret(1, timedelta(days=300), "Archived"),
        secret(2, timedelta(days=91)),
        secret(3, timedelta(days=90), kind="DeterministicData"),
    )
    plan = rotation_plan(POLICY, {"hq": secrets}, (), "ann", NOW)
    (change,) = plan.changes
    assert (change.resource.kind, change.resource.key) == (ResourceKind.OLD_TENANT_SECRET, "Data/2")
    assert change.kind is ChangeClass.IRREVERSIBLE and change.after is None
    assert any("DeterministicData is 90 days old" in line for line in plan.keeps)
    assert any("background-encryption" in line for line in plan.afterwards)
    asked = rotation_plan(POLICY, {"hq": secrets}, ("DeterministicData",), "ann", NOW)
    assert [change.resource.key for change in asked.changes] == ["DeterministicData/3"]


@pytest.mark.parametrize(
    ("kind", "sandbox", "wait"),
    [
        ("Data", False, timedelta(hours=24)),
        ("Data", True, timedelta(hours=4)),
        ("DeterministicData", False, timedelta(hours=24)),
        ("SearchIndex", True, timedelta(days=7)),
    ],
)
def test_the_platform_waits_between_two_secrets(kind: str, sandbox: bool, wait: timedelta) -> None:
    for age, planned in ((wait - timedelta(seconds=1), 0), (wait, 1)):
        secrets = held(secret(2, age, kind=kind), sandbox=sandbox)
        plan = rotation_plan(POLICY, {"hq": secrets}, (kind,), "ann", NOW)
        assert len(plan.changes) == planned
        assert any("makes no other of its type before" in risk for risk in plan.risks) is not planned


def test_only_an_archived_exported_and_vouched_for_secret_is_destroyed() -> None:
    secrets = held(secret(1, timedelta(days=300), "Archived"), secret(2, timedelta(days=5)))
    plan = destruction_plan(POLICY, secrets, "Data", 1, EXPORTED, [word()], "ann", NOW)
    (change,) = plan.changes
    assert change.final and change.before == {"status": "archived", "exported": SHA}
    assert "ada vouched" in change.why and SHA not in change.why
    for version, exported, words, why in (
        (2, EXPORTED, [word()], "is active; only an archived one"),
        (3, EXPORTED, [word()], "is not there"),
        (1, None, [word()], "never exported"),
        (1, EXPORTED, [], "nobody vouches"),
    ):
        with pytest.raises(ConfigurationError, match=why):
            destruction_plan(POLICY, secrets, "Data", version, exported, words, "ann", NOW)


@pytest.mark.parametrize(
    "bad",
    [
        {"day": date(2026, 5, 8)},
        {"day": date(2026, 5, 14)},
        {"expires": date(2026, 5, 12)},
        {"evidence_sha256": None},
        {"orgs": ("emea",)},
        {"subject": AttestedControl.BACKUP},
    ],
)
def test_no_word_counts_that_is_old_early_over_bare_or_about_something_else(bad: dict[str, object]) -> None:
    since = NOW - timedelta(days=5)
    assert finished([word()], "hq", since, NOW) == word()
    assert finished([word(**bad)], "hq", since, NOW) is None  # type: ignore[arg-type]  # one of them is the day


def test_the_latest_export_of_each_version_counts() -> None:
    notes = [
        export_note("Data", 1, "aa" * 32, NOW),
        export_note("DeterministicData", 1, "cc" * 32, NOW),
        export_note("Data", 1, SHA, NOW),
    ]
    assert exports(notes, "Data") == {1: EXPORTED}
