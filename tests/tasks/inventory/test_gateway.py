"""What the inventory reads from real orgs, and what it says when a right is missing."""

import re
from typing import Any

import pytest

from tasks.errors import OrgUnavailable
from tasks.inventory.gateway import GRANTS_CEILING, read_inventory
from tasks.inventory.model import OutboundKind
from tasks.salesforce.metadata import list_metadata
from tests.running import RunningEstate
from tests.tasks.conftest import Open, Play
from tests.tasks.oauth.portal import Portal
from tests.tasks.salesforce.script import Rows, scripted
from tests.tasks.salesforce.stub import Answer

SECTIONS = {
    "organization_id",
    "users",
    "apps",
    "grants",
    "outbound",
    "auth_providers",
    "remote_sites",
    "certificates",
    "inbound_certificates",
    "packages",
    "logins",
}


@pytest.mark.parametrize("alias", ["hq", "emea", "apac", "compliance", "hq-uat"])
def test_every_section_comes_from_every_org(org: Open, alias: str) -> None:
    reading = read_inventory(org(alias))
    assert reading.gaps == {}
    assert set(reading.values) == SECTIONS
    assert reading.values["users"] and reading.values["apps"] and reading.values["logins"]
    assert reading.calls > 0 and reading.server_time is not None


def test_a_named_credential_is_joined_with_its_external_credential(org: Open) -> None:
    outbound = {c.name: c for c in read_inventory(org("hq")).values["outbound"]}
    sync = outbound["EMEA_Org_Sync"]
    assert sync.kind is OutboundKind.JWT
    assert sync.signing_certificate == "HQ_Sync_Client_Cert"
    assert sync.issuer and sync.subject and "meridian-emea" in sync.url


def everything(rights: bool) -> Any:
    """An org with one user; `rights` says whether the scanner sees more than its own rows."""

    def reply(soql: str) -> Rows | tuple[str, str]:
        if "FROM PermissionSetAssignment" in soql and "Assignee.Username" in soql:
            held = ("CustomizeApplication", "MonitorLoginHistory") if rights else ()
            return [{"PermissionSet": {f"Permissions{name}": True for name in held}}]
        if "FROM Organization" in soql:
            return [{"Id": "00D000000000001AAA"}]
        if "FROM AuthProvider" in soql and not rights:
            return "INVALID_TYPE", "sObject type 'AuthProvider' is not supported."
        return []

    return reply


def test_without_the_right_no_grants_and_no_logins_are_unknown_and_not_none(play: Play) -> None:
    reading = read_inventory(play(scripted(everything(rights=False))))
    assert "Customize Application" in reading.gaps["grants"]
    assert "Monitor Login History" in reading.gaps["logins"]
    assert "Manage Auth. Providers" in reading.gaps["auth_providers"]
    assert not {"grants", "logins", "auth_providers"} & reading.values.keys()


def test_a_refused_metadata_api_leaves_the_rest_known(play: Play) -> None:
    reading = read_inventory(play(scripted(everything(rights=True), fault="INSUFFICIENT_ACCESS")))
    assert {"outbound", "inbound_certificates"} <= reading.gaps.keys()
    assert "Modify Metadata" in reading.gaps["outbound"]
    assert {"users", "grants", "certificates"} <= reading.values.keys()


def test_an_org_that_is_down_ends_the_step(play: Play) -> None:
    with pytest.raises(OrgUnavailable):
        read_inventory(play(lambda call: Answer(503, b"<html>maintenance</html>")))


@pytest.mark.parametrize("counts_all", [True, False])
def test_more_tokens_than_a_query_gives_are_read_user_by_user(play: Play, counts_all: bool) -> None:
    users = [f"005{number:015d}" for number in range(6)]
    each = 1000

    def token(user: str) -> dict[str, Any]:
        return {
            "AppName": "Dataloader",
            "AppMenuItem": None,
            "UserId": user,
            "CreatedDate": "2026-05-02T06:14:09.000+0000",
            "LastUsedDate": None,
            "UseCount": 1,
        }

    def reply(soql: str) -> Rows | tuple[str, str]:
        if "FROM OauthToken" in soql:
            wanted = re.findall(r"005\d{15}", soql) or users
            found = [token(user) for user in wanted for _ in range(each)]
            return found if counts_all else found[:GRANTS_CEILING]
        if soql.startswith("SELECT Id, Username"):
            blank = {"LastLoginDate": None, "LastPasswordChangeDate": None, "ProfileId": None}
            return [
                {"Id": u, "Username": f"{u}@x", "IsActive": True, "UserType": "Standard", **blank}
                for u in users
            ]
        answer: Rows | tuple[str, str] = everything(rights=True)(soql)
        return answer

    reading = read_inventory(play(scripted(reply)))
    assert reading.gaps == {}
    assert len(reading.values["grants"]) == each * len(users)


def test_sign_ins_of_too_many_groups_are_read_in_halves(play: Play) -> None:
    users = [f"005{number:015d}" for number in range(8)]

    def reply(soql: str) -> Rows | tuple[str, str]:
        if "COUNT(Id) n FROM LoginHistory" in soql:
            return [{"UserId": user, "n": 1} for user in users]
        if "FROM LoginHistory" in soql:
            wanted = re.findall(r"005\d{15}", soql)
            if len(wanted) > 2:
                return "EXCEEDED_ID_LIMIT", "Aggregate query does not support queryMore()"
            group = {
                "LoginType": "Remote Access 2.0",
                "Application": "Sync",
                "SourceIp": "x",
                "Status": "Success",
            }
            return [{"UserId": u, "n": 1, "latest": "2026-05-02T06:14:09.000+0000", **group} for u in wanted]
        answer: Rows | tuple[str, str] = everything(rights=True)(soql)
        return answer

    reading = read_inventory(play(scripted(reply)))
    assert sorted(login.user_id for login in reading.values["logins"]) == users


def test_ranges_that_an_external_client_app_trusts_are_read(org: Open, estate: RunningEstate) -> None:
    def trusting(ranges: str) -> None:
        kind = "ExtlClntAppOauthConfigurablePolicies"
        owner = "<externalClientApplication>Hq_Emea_Contact_Sync</externalClientApplication>"
        Portal(estate, "emea").metadata(
            "update",
            f'<metadata xsi:type="{kind}"><fullName>{policy}</fullName>{owner}{ranges}</metadata>',
        )

    session = org("emea")
    policy = next(
        name
        for name in list_metadata(session, ["ExtlClntAppOauthConfigurablePolicies"])[
            "ExtlClntAppOauthConfigurablePolicies"
        ]
        if name.startswith("Hq_Emea_Contact")
    )
    trusting(
        "<trustedIpRanges><endIpAddress>192.0.2.9</endIpAddress><startIpAddress>192.0.2.1</startIpAddress></trustedIpRanges>"
    )
    try:
        found = {app.name: app for app in read_inventory(session).values["apps"]}
    finally:
        trusting("<trustedIpRanges/>")
    assert found["Hq_Emea_Contact_Sync"].ip_ranges == (("192.0.2.1", "192.0.2.9"),)
    assert found["Hq_Emea_Account_Sync"].ip_ranges == ()
