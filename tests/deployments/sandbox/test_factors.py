"""Authenticator apps as records: registering one, reading it back, showing its codes, and the history of that."""

import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from deployments.sandbox import records
from deployments.sandbox.caller import Caller
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.identity import factors, password_policy, second_factor
from deployments.sandbox.identity.passwords import password_right
from deployments.sandbox.switches import turn
from tests.deployments.sandbox.small_org import SmallOrg

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
METHODS = "SELECT HasTotp, HasU2F FROM TwoFactorMethodsInfo"


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    return SmallOrg(tmp_path)


def register(org: SmallOrg, key: str = KEY) -> str:
    row = {"UserId": org.clerk_id, "Type": "TOTP", "SharedKey": key}
    return records.create(org.store, Caller.system(org.admin_id), "TwoFactorInfo", row)


def code() -> str:
    key = second_factor.shared_key(KEY)
    assert key is not None
    return TOTP(key, 6, SHA1(), 30, enforce_key_length=False).generate(int(time.time())).decode()


def test_what_is_registered_shows_in_the_methods(org: SmallOrg) -> None:
    assert not factors.registered(org.store, org.clerk_id)
    info = register(org)
    assert factors.registered(org.store, org.clerk_id)
    assert org.values(METHODS, "HasTotp") == [True]
    records.delete(org.store, Caller.system(org.admin_id), "TwoFactorInfo", info)
    assert org.values(METHODS, "HasTotp") == []


def test_the_audit_trail_says_whose_factor_came_and_went(org: SmallOrg) -> None:
    records.delete(org.store, Caller.system(org.admin_id), "TwoFactorInfo", register(org))
    [clerk] = org.values(f"SELECT Username FROM User WHERE Id = '{org.clerk_id}'", "Username")
    query = "SELECT Action, Display, CreatedById FROM SetupAuditTrail WHERE Action LIKE '%TwoFactorInfo2'"
    assert org.values(query, "Action") == ["insertTwoFactorInfo2", "deleteTwoFactorInfo2"]
    assert org.values(query, "Display") == [
        f"Time-Based Token added for {clerk}",
        f"Time-Based Token removed for {clerk}",
    ]
    assert set(org.values(query, "CreatedById")) == {org.admin_id}


def test_other_methods_stay_and_count(org: SmallOrg) -> None:
    org.store.insert("TwoFactorMethodsInfo", [{"UserId": org.clerk_id, "HasU2F": True}])
    assert factors.registered(org.store, org.clerk_id)
    info = register(org)
    assert (org.values(METHODS, "HasTotp"), org.values(METHODS, "HasU2F")) == ([True], [True])
    records.delete(org.store, Caller.system(org.admin_id), "TwoFactorInfo", info)
    assert (org.values(METHODS, "HasTotp"), org.values(METHODS, "HasU2F")) == ([False], [True])


def test_mail_and_text_messages_are_no_second_factor(org: SmallOrg) -> None:
    org.store.insert("TwoFactorMethodsInfo", [{"UserId": org.clerk_id, "HasVerifiedMobileNumber": True}])
    assert not factors.registered(org.store, org.clerk_id)


def test_one_app_each_with_a_key_that_is_one(org: SmallOrg) -> None:
    with pytest.raises(SalesforceError, match="FIELD_INTEGRITY_EXCEPTION"):
        register(org, "not base32 at all!")
    register(org)
    with pytest.raises(SalesforceError, match="DUPLICATE_VALUE"):
        register(org)


def test_the_key_goes_in_and_never_comes_out(org: SmallOrg) -> None:
    info = register(org)
    assert org.values("SELECT SharedKey FROM TwoFactorInfo", "SharedKey") == [None]
    caller = Caller.system(org.admin_id)
    assert records.retrieve(org.store, caller, "TwoFactorInfo", info)["SharedKey"] is None
    assert org.values("SELECT Id, FORMAT(SharedKey) k FROM TwoFactorInfo", "k") == [None]


def test_a_code_opens_one_login_and_leaves_history(org: SmallOrg) -> None:
    register(org)
    user = org.store.get("User", org.clerk_id) or {}
    password_policy.keep(org.store, user, "Some-Secret-1", "")

    def login(given: str) -> bool:
        return password_right(org.store, user, given, "203.0.113.9", code=True)

    shown = code()
    assert not login("Some-Secret-1000000" if shown != "000000" else "Some-Secret-1111111")
    assert not login(f"Other-Secret-1{shown}"), "a code does not stand in for the password"
    assert login(f"Some-Secret-1{shown}")
    assert not login(f"Some-Secret-1{shown}")
    turn(org.store, "codes_count_once", False)
    assert login(f"Some-Secret-1{shown}")
    assert org.values("SELECT Status FROM VerificationHistory ORDER BY Id", "Status") == [
        "FailedInvalidCode",
        "Succeeded",
        "FailedInvalidCode",
        "Succeeded",
    ]
    row = org.ask("SELECT Activity, VerificationMethod, SourceIp FROM VerificationHistory LIMIT 1").records[0]
    assert (row["Activity"], row["VerificationMethod"], row["SourceIp"]) == ("Login", "Totp", "203.0.113.9")
