"""Password policy, expired passwords, second factors, licences and seats, over the wire."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from deployments.sandbox import launch, licences, records
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.identity import password_policy, second_factor
from deployments.sandbox.switches import turn
from tests.deployments.sandbox.envelopes import soap, texts
from tests.deployments.sandbox.logins import HQ, WEB_APP, WEB_CALLBACK, WEB_KEY, history, post
from tests.deployments.sandbox.small_org import SmallOrg
from tests.running import RunningEstate

ADMIN = "admin@hq.example"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def call(
    estate: RunningEstate, method: str, path: str, user: str = ADMIN, **options: Any
) -> requests.Response:
    return estate.call(method, "hq", user, f"v62.0/{path}", **options)


def security(estate: RunningEstate, **sections: str) -> None:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in sections.items())
    update = f'<updateMetadata><metadata xsi:type="SecuritySettings"><fullName>Security</fullName>{inner}</metadata></updateMetadata>'
    assert texts(soap(estate, update)[1], "success") == ["true"]


@pytest.fixture(scope="module", autouse=True)
def app(miniature: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(miniature.folder, "before-passwords")
    assert texts(soap(miniature, WEB_APP)[1], "success") == ["true"]
    yield
    launch.restore_snapshot(miniature.folder, "before-passwords")
    launch.delete_snapshot(miniature.folder, "before-passwords")


@pytest.fixture
def person(miniature: RunningEstate) -> Iterator[dict[str, str]]:
    """A new clerk with a password of her own, who is gone afterwards."""
    profile = call(miniature, "GET", "query?q=SELECT Id FROM Profile WHERE Name = 'Clerk'").json()["records"][
        0
    ]["Id"]
    name = f"person{time.time_ns()}@hq.example"
    row = {
        "Username": name,
        "LastName": "Marlowe",
        "Alias": "pers",
        "Email": name,
        "ProfileId": profile,
        "IsActive": True,
    }
    made = call(miniature, "POST", "sobjects/User", json=row)
    assert made.status_code == 201, made.text
    user_id = made.json()["id"]
    yield {"id": user_id, "username": name, "path": f"sobjects/User/{user_id}/password"}
    security(miniature, passwordPolicies="", sessionSettings="")
    call(miniature, "PATCH", f"sobjects/User/{user_id}", json={"IsActive": False})


def code(seconds: int = 0) -> str:
    key = second_factor.shared_key(KEY)
    assert key is not None
    return TOTP(key, 6, SHA1(), 30, enforce_key_length=False).generate(int(time.time()) + seconds).decode()


def refusal(estate: RunningEstate, person: dict[str, str], password: str, user: str = ADMIN) -> str:
    answer = call(estate, "POST", person["path"], user, json={"NewPassword": password})
    if answer.status_code == 204:
        return ""
    assert answer.json()[0]["errorCode"] == "INVALID_NEW_PASSWORD"
    return str(answer.json()[0]["message"])


def test_the_orgs_policy_says_what_a_password_must_be(
    miniature: RunningEstate, person: dict[str, str]
) -> None:
    security(
        miniature,
        passwordPolicies="<complexity>UpperLowerCaseNumericSpecialCharacters</complexity>"
        "<historyRestriction>2</historyRestriction><minimumPasswordLength>12</minimumPasswordLength>",
    )
    assert "at least 12 characters" in refusal(miniature, person, "Sh0rt!")
    assert "must have a mix of" in refusal(miniature, person, "longbutplain1")
    assert "user name" in refusal(miniature, person, "Philip-Marlowe-1")
    assert refusal(miniature, person, "First-Secret-1") == ""
    assert refusal(miniature, person, "First-Secret-1") == "invalid repeated password"
    assert refusal(miniature, person, "Second-Secret-2") == ""
    assert refusal(miniature, person, "First-Secret-1") == "invalid repeated password"
    assert refusal(miniature, person, "Third-Secret-3") == ""
    assert refusal(miniature, person, "First-Secret-1") == "", "two are remembered, not three"


def test_a_profiles_own_policy_goes_before_the_orgs(miniature: RunningEstate, person: dict[str, str]) -> None:
    policy = "<minimumPasswordLength>14</minimumPasswordLength><passwordComplexity>3</passwordComplexity><profile>Clerk</profile>"
    name = '<metadata xsi:type="ProfilePasswordPolicy"><fullName>Clerk_Policy</fullName>'
    soap(miniature, f"<createMetadata>{name}{policy}</metadata></createMetadata>")
    try:
        assert "at least 14 characters" in refusal(miniature, person, "Longer4youAndMe"[:13])
        assert refusal(miniature, person, "Longer4youAndMe") == ""
    finally:
        gone = "<type>ProfilePasswordPolicy</type><fullNames>Clerk_Policy</fullNames>"
        soap(miniature, f"<deleteMetadata>{gone}</deleteMetadata>")


def login(estate: RunningEstate, username: str, password: str) -> tuple[int, Any]:
    body = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><login xmlns="urn:partner.soap.sforce.com">'
        f"<username>{username}</username><password>{password}</password></login></e:Body></e:Envelope>"
    )
    with estate.session() as session:
        headers = {"Content-Type": "text/xml", "SOAPAction": "login"}
        answer = session.post(f"{HQ}/services/Soap/u/62.0", data=body, headers=headers, timeout=10)
    return answer.status_code, answer.text


def between(text: str, tag: str) -> str:
    return text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]


def test_an_expired_password_opens_nothing_but_its_own_change(tmp_path: Path) -> None:
    org = SmallOrg(tmp_path)
    user = org.store.get("User", org.clerk.user_id) or {}
    org.store.put_metadata("SecuritySettings", "Security", {"passwordPolicies": {"expiration": "NinetyDays"}})
    password_policy.keep(org.store, user, "Some-Secret-1", "T")
    org.store.clock.advance(timedelta(days=89))
    assert not password_policy.expired(org.store, user, frozenset())
    org.store.clock.advance(timedelta(days=2))
    assert password_policy.expired(org.store, user, frozenset())
    assert not password_policy.expired(org.store, user, frozenset({"PasswordNeverExpires"}))


def test_a_code_is_asked_for_at_the_api_where_the_permission_says_so(
    miniature: RunningEstate, person: dict[str, str]
) -> None:
    assert refusal(miniature, person, "Code-Secret-1") == ""
    made = call(
        miniature,
        "POST",
        "sobjects/PermissionSet",
        json={"Name": "Api_Mfa", "Label": "Api MFA", "PermissionsTwoFactorApi": True},
    )
    set_id = made.json()["id"]
    call(
        miniature,
        "POST",
        "sobjects/PermissionSetAssignment",
        json={"AssigneeId": person["id"], "PermissionSetId": set_id},
    )
    status, answer = login(miniature, person["username"], "Code-Secret-1")
    assert status == 500 and "INVALID_LOGIN" in answer
    factor = {"UserId": person["id"], "Type": "TOTP", "SharedKey": KEY}
    assert call(miniature, "POST", "sobjects/TwoFactorInfo", "clerk@hq.example", json=factor).status_code in (
        403,
        404,
    )
    assert call(miniature, "POST", "sobjects/TwoFactorInfo", json=factor).status_code == 201
    assert login(miniature, person["username"], f"Code-Secret-1{code()}")[0] == 200
    assert login(miniature, person["username"], f"Code-Secret-1{code(-600)}")[0] == 500
    assert login(miniature, person["username"], f"Other-Secret-1{code()}")[0] == 500
    call(miniature, "DELETE", f"sobjects/PermissionSet/{set_id}")


def test_a_person_at_a_browser_shows_a_second_factor(
    miniature: RunningEstate, person: dict[str, str]
) -> None:
    assert refusal(miniature, person, "Browser-Secret-1") == ""
    security(miniature, sessionSettings="<enableMFADirectUILoginOptIn>true</enableMFADirectUILoginOptIn>")
    form = {
        "client_id": WEB_KEY,
        "redirect_uri": WEB_CALLBACK,
        "response_type": "code",
        "code_challenge": "qpbsDzXEAiL4r1HJahCxVsXiuK0BIfy1Q4_tqwJLV4E",
        "username": person["username"],
        "password": "Browser-Secret-1",
        "allow": "1",
    }

    def page(**more: str) -> requests.Response:
        return post(miniature, "/services/oauth2/authorize", {**form, **more}, allow_redirects=False)

    assert "Connect an Authenticator App" in page().text
    factor = {"UserId": person["id"], "Type": "TOTP", "SharedKey": KEY}
    assert call(miniature, "POST", "sobjects/TwoFactorInfo", json=factor).status_code == 201
    assert "Verify Your Identity" in page().text
    assert page(code="000000" if code() != "000000" else "000001").status_code == 200
    assert history(miniature, person["username"])[-1] == "Failed: Multi-factor challenge"
    shown = code()
    assert page(code=shown).status_code == 302
    assert page(code=shown).status_code == 200, "a code opens one login"
    soql = "SELECT Status FROM VerificationHistory WHERE UserId = '" + person["id"] + "' ORDER BY Id"
    rows = call(miniature, "GET", f"query?q={soql}").json()["records"]
    assert [row["Status"] for row in rows] == ["FailedInvalidCode", "Succeeded", "FailedInvalidCode"]


def test_an_administrators_reset_ends_sessions_where_the_org_says_so(
    miniature: RunningEstate, person: dict[str, str]
) -> None:
    assert refusal(miniature, person, "Reset-Secret-1") == ""
    security(
        miniature, networkAccess="<ipRanges><end>127.255.255.255</end><start>127.0.0.0</start></ipRanges>"
    )
    ended = (
        "<terminateUserSessionsWhenAdminResetsPassword>true</terminateUserSessionsWhenAdminResetsPassword>"
    )
    security(miniature, sessionSettings=ended)
    token = miniature.token("hq", person["username"])
    headers = {"Authorization": f"Bearer {token}"}
    with miniature.session() as session:
        url = f"{HQ}/services/data/v62.0/sobjects"
        assert session.get(url, headers=headers, timeout=10).status_code == 200
        assert refusal(miniature, person, "Reset-Secret-2") == ""
        assert session.get(url, headers=headers, timeout=10).status_code == 401
    security(miniature, networkAccess="")


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    """A small org whose machine user has the licence for integrations, and no permission set licence."""
    small = SmallOrg(tmp_path)
    licence = small.store.insert(
        "UserLicense",
        [
            {
                "Name": "Salesforce Integration",
                "LicenseDefinitionKey": licences.INTEGRATION,
                "TotalLicenses": 1,
            }
        ],
    )[0]
    user = small.store.get("User", small.clerk.user_id) or {}
    small.store.update("Profile", str(user["ProfileId"]), {"UserLicenseId": licence})
    return small


def give(org: SmallOrg, **permissions: object) -> str:
    """Assigns a new set with these permissions to the machine user; the refusal's text, or nothing."""
    name = f"Set{time.time_ns()}"
    values = {"Name": name, "Label": name, "IsCustom": True, "Type": "Regular", **permissions}
    set_id = org.store.insert("PermissionSet", [values])[0]
    if permissions.get("Label") == "Data":
        rights = {"ParentId": set_id, "SobjectType": "Account", "PermissionsRead": True}
        org.store.insert("ObjectPermissions", [rights])
    row = {"AssigneeId": org.clerk.user_id, "PermissionSetId": set_id}
    try:
        records.create(org.store, org.admin, "PermissionSetAssignment", row)
    except SalesforceError as error:
        assert error.code == "FIELD_INTEGRITY_EXCEPTION"
        return error.message
    return ""


def test_the_integration_licence_allows_data_with_its_set_licence_alone(
    org: SmallOrg,
) -> None:
    assert give(org, PermissionsApiEnabled=True) == ""
    assert "The user license doesn't allow the permission: Read Account" in give(org, Label="Data")
    set_licence = org.store.insert(
        "PermissionSetLicense",
        [
            {
                "DeveloperName": licences.INTEGRATION_SET_LICENCE,
                "MasterLabel": "Salesforce API Integration",
                "TotalLicenses": 1,
            }
        ],
    )[0]
    needs = {"LicenseId": set_licence}
    assert "permission set license" in give(org, **needs)
    seat = {"AssigneeId": org.clerk.user_id, "PermissionSetLicenseId": set_licence}
    records.create(org.store, org.admin, "PermissionSetLicenseAssign", seat)
    assert give(org, Label="Data") == ""
    assert give(org, **needs) == ""
    assert give(org, PermissionsManageUsers=True) == ""
    turn(org.store, "integration_licence_refuses_administration", True)
    assert "allow the permission: Manage Users" in give(org, PermissionsManageUsers=True)
    other = org.store.insert("UserLicense", [{"Name": "Salesforce", "LicenseDefinitionKey": "SFDC"}])[0]
    assert "doesn't match the license" in give(org, LicenseId=other)
    with pytest.raises(SalesforceError) as full:
        records.create(
            org.store, org.admin, "PermissionSetLicenseAssign", {**seat, "AssigneeId": org.admin.user_id}
        )
    assert full.value.code == "LICENSE_LIMIT_EXCEEDED"


def test_a_licence_has_so_many_seats(org: SmallOrg) -> None:
    profile = (org.store.get("User", org.clerk.user_id) or {})["ProfileId"]
    row = {
        "Username": "more@hq.example",
        "LastName": "More",
        "Alias": "m",
        "Email": "m@hq.example",
        "ProfileId": profile,
    }
    with pytest.raises(SalesforceError) as full:
        records.create(org.store, org.admin, "User", {**row, "IsActive": True})
    assert full.value.code == "LICENSE_LIMIT_EXCEEDED"
    records.create(org.store, org.admin, "User", {**row, "IsActive": False})


def test_expiry_of_assignments_has_to_be_switched_on(org: SmallOrg) -> None:
    set_id = org.store.insert(
        "PermissionSet", [{"Name": "Short", "Label": "Short", "IsCustom": True, "Type": "Regular"}]
    )[0]
    row = {
        "AssigneeId": org.clerk.user_id,
        "PermissionSetId": set_id,
        "ExpirationDate": org.store.clock.now() + timedelta(hours=4),
    }
    org.store.put_metadata("UserManagementSettings", "UserManagement", {"psaExpirationUIEnabled": False})
    with pytest.raises(SalesforceError, match="not enabled"):
        records.create(org.store, org.admin, "PermissionSetAssignment", row)
    turn(org.store, "psa_expiration_needs_setting", False)
    records.create(org.store, org.admin, "PermissionSetAssignment", row)


@pytest.mark.parametrize("grouped", [False, True])
def test_a_set_that_expires_does_not_come_to_administer(org: SmallOrg, grouped: bool) -> None:
    set_id = org.permission_set([], Name="Short", Label="Short", IsCustom=True, Type="Regular")
    chosen, more = set_id, {}
    if grouped:
        group = org.store.insert("PermissionSetGroup", [{"DeveloperName": "G", "MasterLabel": "G"}])[0]
        component = {"PermissionSetGroupId": group, "PermissionSetId": set_id}
        org.store.insert("PermissionSetGroupComponent", [component])
        aggregate = org.permission_set([], Name="X", Label="X", Type="Group", PermissionSetGroupId=group)
        chosen, more = aggregate, {"PermissionSetGroupId": group}
    org.grant(org.clerk_id, chosen, **more)
    records.update(org.store, org.admin, "PermissionSet", set_id, {"PermissionsResetPasswords": True})
    org.store.sql("UPDATE PermissionSetAssignment SET ExpirationDate = ?", "2026-06-01T00:00:00.000+0000")
    with pytest.raises(SalesforceError, match="You can't add AssignPermissionSets"):
        records.update(
            org.store, org.admin, "PermissionSet", set_id, {"PermissionsAssignPermissionSets": True}
        )
    turn(org.store, "expiring_sets_refuse_administration", False)
    records.update(org.store, org.admin, "PermissionSet", set_id, {"PermissionsAssignPermissionSets": True})
