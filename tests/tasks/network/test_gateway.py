"""Ranges, settings and telemetry of real orgs; firewalls and backups of the estate's AWS."""

import json
from typing import Any

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.estate.read import read_estate, read_policy
from tasks.network.gateway import read_cloud_network, read_network
from tests.running import RunningEstate
from tests.tasks.conftest import Open, Play
from tests.tasks.salesforce.script import Rows, scripted
from tests.tasks.salesforce.stub import Answer, Call


def test_settings_ranges_and_second_factors_come(org: Open, estate: RunningEstate) -> None:
    session = org(json.loads((estate.folder / "answer-key.json").read_text())["clean_org"])
    profiles = [(row["Id"], row["Name"]) for row in session.query("SELECT Id, Name FROM Profile")]
    reading = read_network(session, profiles=profiles)
    assert reading.gaps == {}
    settings = reading.values["settings"]
    assert settings.enforce_ranges_every_request and settings.event_log_generation
    assert {p.profile_name for p in reading.values["profiles"]} == {name for _, name in profiles}
    assert any(p.login_ranges for p in reading.values["profiles"])
    assert reading.values["mfa"] and reading.values["event_logs"]


def test_event_logs_tell_which_objects_were_used(org: Open) -> None:
    used = [read_network(org(alias), profiles=[]).values["used_objects"] for alias in ("hq", "emea")]
    assert any("Opportunity" in objects for found in used if found for objects in found.values())


def test_an_org_without_metadata_rights_keeps_its_settings_unknown(play: Play) -> None:
    reading = read_network(
        play(scripted(lambda soql: [], fault="INSUFFICIENT_ACCESS")), profiles=[("00e", "Admin")]
    )
    assert {"settings", "profiles", "transaction_policies"} <= reading.gaps.keys()
    assert reading.values["event_logs"] == ()


def test_settings_an_org_does_not_give_are_unknown_and_not_off(play: Play) -> None:
    reading = read_network(play(scripted(lambda soql: [])), profiles=[])
    assert "SecuritySettings" in reading.gaps["settings"]
    assert "settings" not in reading.values


def second_factors(allowed: bool) -> Any:
    def reply(soql: str) -> Rows | tuple[str, str]:
        if "FROM PermissionSetAssignment" in soql:
            return [{"PermissionSet": {"PermissionsManageTwoFactor": allowed}}]
        if "FROM EventLogFile" in soql:
            return [{"Id": "0AT000000000001AAA", "EventType": "RestApi", "Interval": "Daily"}]
        return []

    return reply


def test_without_the_right_no_second_factors_are_unknown_and_not_none(play: Play) -> None:
    seen = read_network(play(scripted(second_factors(True))), profiles=[])
    hidden = read_network(play(scripted(second_factors(False))), profiles=[])
    assert seen.values["mfa"] == ()
    assert "Manage MFA in API" in hidden.gaps["mfa"] and "mfa" not in hidden.values


def test_a_refused_log_file_loses_only_what_it_would_have_told(play: Play) -> None:
    script = scripted(second_factors(True))

    def refusing(call: Call) -> Answer:
        if call.path.endswith("/LogFile"):
            return Answer(403, b'[{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]')
        return script(call)

    reading = read_network(play(refusing), profiles=[])
    assert "View Event Log Files" in reading.gaps["used_objects"]
    assert {"mfa", "event_logs"} <= reading.values.keys()


def test_buckets_and_web_acls_come(estate: RunningEstate) -> None:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    policy = read_policy((estate.folder / "policy.yaml").read_text())
    cloud = Cloud(AwsConnection(**document.cloud.model_dump()))
    reading = read_cloud_network(cloud, buckets=policy.backups.buckets.values())
    assert reading.gaps == {}
    assert {b.name for b in reading.values["buckets"]} == set(policy.backups.buckets.values())
    assert any(acl.associated and acl.rate_limit for acl in reading.values["web_acls"])
