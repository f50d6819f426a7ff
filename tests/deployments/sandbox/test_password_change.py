"""setPassword, changeOwnPassword and resetPassword over SOAP, expired passwords, and lock-outs by profile."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deployments.sandbox import launch
from deployments.sandbox.identity import lockout, password_policy
from deployments.sandbox.switches import turn
from tests.deployments.sandbox.logins import HQ
from tests.deployments.sandbox.small_org import SmallOrg
from tests.running import RunningEstate

ADMIN = "admin@hq.example"
ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com">'
    "<e:Header><SessionHeader><sessionId>{token}</sessionId></SessionHeader></e:Header><e:Body>{body}</e:Body></e:Envelope>"
)
TRUSTED = (
    "<networkAccess><ipRanges><end>255.255.255.255</end><start>0.0.0.0</start></ipRanges></networkAccess>"
)


@pytest.fixture(scope="module", autouse=True)
def put_back(miniature: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(miniature.folder, "before-changes")
    policies(miniature, "<expiration>NinetyDays</expiration>", TRUSTED)
    yield
    launch.restore_snapshot(miniature.folder, "before-changes")
    launch.delete_snapshot(miniature.folder, "before-changes")


def soap(estate: RunningEstate, body: str, token: str = "", kind: str = "u/62.0") -> tuple[int, str]:
    envelope = ENVELOPE.format(token=token or estate.token("hq", ADMIN), body=body)
    with estate.session() as session:
        headers = {"Content-Type": "text/xml", "SOAPAction": '""'}
        url = f"{HQ}/services/Soap/{kind}"
        answer = session.post(url, data=envelope.encode(), headers=headers, timeout=20)
    return answer.status_code, re.sub(r"(</?)\w+:", r"\1", answer.text)


def policies(estate: RunningEstate, inner: str, more: str = "") -> None:
    body = (
        '<updateMetadata xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:x="http://www.w3.org/2001/XMLSchema-instance">'
        '<metadata x:type="SecuritySettings"><fullName>Security</fullName>'
        f"<passwordPolicies>{inner}</passwordPolicies>{more}</metadata></updateMetadata>"
    )
    status, answer = soap(estate, body, kind="m/62.0")
    assert status == 200 and "<success>true</success>" in answer, answer


def value(answer: str, name: str) -> str:
    return answer.partition(f"<{name}>")[2].partition(f"</{name}>")[0]


@pytest.fixture
def person(miniature: RunningEstate) -> tuple[str, str]:
    """A new clerk's id and user name."""
    clerk = "v62.0/query?q=SELECT ProfileId FROM User WHERE Username = 'clerk@hq.example'"
    profile = miniature.get("hq", ADMIN, clerk).json()["records"][0]["ProfileId"]
    name = f"changer{time.time_ns()}@hq.example"
    row = {"Username": name, "LastName": "Spade", "Alias": "chg", "Email": name, "ProfileId": profile}
    made = miniature.call("POST", "hq", ADMIN, "v62.0/sobjects/User", json={**row, "IsActive": True})
    return made.json()["id"], name


def set_password(estate: RunningEstate, user_id: str, password: str, token: str = "") -> tuple[int, str]:
    return soap(
        estate,
        f"<setPassword><userId>{user_id}</userId><password>{password}</password></setPassword>",
        token,
    )


def change(estate: RunningEstate, old: str, new: str, token: str) -> tuple[int, str]:
    body = f"<oldPassword>{old}</oldPassword><newPassword>{new}</newPassword>"
    return soap(estate, f"<changeOwnPassword>{body}</changeOwnPassword>", token)


def login(estate: RunningEstate, name: str, password: str) -> str:
    body = f"<login><username>{name}</username><password>{password}</password></login>"
    status, answer = soap(estate, body)
    assert status == 200, answer
    return answer


def test_an_administrator_sets_and_resets(miniature: RunningEstate, person: tuple[str, str]) -> None:
    user_id, name = person
    status, answer = set_password(miniature, user_id, "short")
    assert status == 500 and "InvalidNewPasswordFault" in answer
    assert value(answer, "exceptionCode") == "INVALID_NEW_PASSWORD"
    assert set_password(miniature, user_id, "Maltese-Falcon-1")[0] == 200
    token = value(login(miniature, name, "Maltese-Falcon-1"), "sessionId")
    clerk = miniature.token("hq", "clerk@hq.example")
    assert value(set_password(miniature, user_id, "Maltese-Falcon-2", clerk)[1], "exceptionCode") == (
        "INSUFFICIENT_ACCESS"
    )
    assert set_password(miniature, "nobody", "Maltese-Falcon-2")[0] == 500
    status, answer = soap(miniature, f"<resetPassword><userId>{user_id}</userId></resetPassword>")
    assert status == 200
    given = value(answer, "password")
    opened = login(miniature, name, given)
    assert value(opened, "passwordExpired") == "true", "what a reset gives out is temporary"
    limited = value(opened, "sessionId")
    assert limited != token and soap(miniature, "<getUserInfo/>", limited)[0] == 500
    assert change(miniature, given, "Maltese-Falcon-2", limited)[0] == 200
    assert value(login(miniature, name, "Maltese-Falcon-2"), "passwordExpired") == "false"


def test_ones_own_password_needs_the_present_one(miniature: RunningEstate, person: tuple[str, str]) -> None:
    user_id, name = person
    assert set_password(miniature, user_id, "Maltese-Falcon-1")[0] == 200
    token = value(login(miniature, name, "Maltese-Falcon-1"), "sessionId")
    assert value(set_password(miniature, user_id, "Maltese-Falcon-2", token)[1], "exceptionCode") == (
        "INSUFFICIENT_ACCESS"
    )
    with miniature.session() as session:
        url, sent = f"{HQ}/services/data/v62.0/sobjects/User/{user_id}/password", {"NewPassword": "Falcon-22"}
        headers = {"Authorization": f"Bearer {token}"}
        assert session.post(url, json=sent, headers=headers, timeout=10).status_code == 403
    assert value(change(miniature, "Wrong-One-1", "Maltese-Falcon-2", token)[1], "exceptionCode") == (
        "INVALID_OLD_PASSWORD"
    )
    assert change(miniature, "Maltese-Falcon-1", "Maltese-Falcon-2", token)[0] == 200
    policies(miniature, "<enableSetPasswordInApi>true</enableSetPasswordInApi>")
    assert set_password(miniature, user_id, "Maltese-Falcon-3", token)[0] == 200
    policies(
        miniature,
        "<expiration>NinetyDays</expiration><minimumPasswordLifetime>true</minimumPasswordLifetime>",
    )
    answer = change(miniature, "Maltese-Falcon-3", "Maltese-Falcon-4", token)[1]
    assert value(answer, "exceptionCode") == "INVALID_NEW_PASSWORD" and "less than a day" in answer


def test_an_expired_password_opens_its_own_change_alone(
    miniature: RunningEstate, person: tuple[str, str]
) -> None:
    user_id, name = person
    policies(miniature, "<expiration>NinetyDays</expiration>")
    assert set_password(miniature, user_id, "Maltese-Falcon-1")[0] == 200
    assert value(login(miniature, name, "Maltese-Falcon-1"), "passwordExpired") == "false"
    launch.ask(miniature.folder, "POST", "/clock", {"advance_seconds": 91 * 86400})
    answer = login(miniature, name, "Maltese-Falcon-1")
    assert value(answer, "passwordExpired") == "true"
    token = value(answer, "sessionId")
    refused = soap(miniature, "<getUserInfo/>", token)[1]
    assert value(refused, "exceptionCode") == "INVALID_OPERATION_WITH_EXPIRED_PASSWORD"
    assert change(miniature, "Maltese-Falcon-1", "Maltese-Falcon-2", token)[0] == 200
    assert soap(miniature, "<getUserInfo/>", token)[0] == 200
    assert value(login(miniature, name, "Maltese-Falcon-2"), "passwordExpired") == "false"


def test_a_switch_makes_what_a_reset_gives_out_last(tmp_path: Path) -> None:
    org = SmallOrg(tmp_path)
    user = org.store.get("User", org.clerk_id) or {}
    password_policy.keep(org.store, user, "Some-Secret-1", "T", temporary=True)
    assert password_policy.expired(org.store, user, frozenset({"PasswordNeverExpires"}))
    turn(org.store, "reset_passwords_are_temporary", False)
    assert not password_policy.expired(org.store, user, frozenset())


def test_a_profiles_lock_out_goes_before_the_orgs(tmp_path: Path) -> None:
    org = SmallOrg(tmp_path)
    org.store.put_metadata(
        "SecuritySettings",
        "Security",
        {"passwordPolicies": {"maxLoginAttempts": "TenAttempts", "lockoutInterval": "FifteenMinutes"}},
    )
    policy = {"profile": "clerk profile", "maxLoginAttempts": "3", "lockoutInterval": "60"}
    org.store.put_metadata("ProfilePasswordPolicy", "Clerks", policy)
    assert password_policy.of_profile(org.store, org.store.get("User", org.clerk_id) or {}) == policy
    for user_id in (org.clerk_id, org.admin_id):
        assert not any(lockout.judged(org.store, user_id, wrong=True) for _ in range(3))
    assert lockout.judged(org.store, org.clerk_id, wrong=False)
    assert not lockout.judged(org.store, org.admin_id, wrong=False), "ten in a row for everybody else"
    org.clock.advance(timedelta(minutes=59))
    assert lockout.judged(org.store, org.clerk_id, wrong=False)
    org.clock.advance(timedelta(minutes=2))
    assert not lockout.judged(org.store, org.clerk_id, wrong=False)
