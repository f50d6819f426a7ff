"""Passwords of two users who take turns: what they are made of, and what keeps the other one from taking over."""

import random
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from tasks.credentials.model import Order
from tasks.credentials.passwords import (
    LENGTH,
    PasswordRules,
    Twin,
    barred,
    covered,
    hurdle,
    life_of,
    new_password,
)
from tasks.credentials.rotation import End, Stop
from tasks.errors import LoginRefused
from tasks.estate.model import RotatedCredential
from tasks.estate.policy import Policy
from tasks.estate.read import read_estate
from tests.running import RunningEstate
from tests.tasks.credentials.lab import ORG, TWINS, Bench

NINETY = timedelta(days=90)
FREE = PasswordRules(length=12, life=None, free=(("192.0.2.0", "192.0.2.255"),))


def credential(*addresses: str) -> RotatedCredential:
    return RotatedCredential.model_validate(
        {
            "secret": "feed",
            "org": "hq",
            "kind": "password",
            "users": ["feed.a@hq.example", "feed.b@hq.example"],
            "consumers": [
                {"name": "Feed", "principal": "user/feed", "addresses": addresses or ["192.0.2.7"]}
            ],
        }
    )


def twin(letter: str, **more: Any) -> Twin:
    held = {
        "username": f"feed.{letter}@hq.example",
        "id": f"005{letter}",
        "active": True,
        "frozen": False,
        "profile": "Feeds",
        "role": "",
        "sets": frozenset({"Feed_Sync"}),
        "groups": frozenset(),
        "lasting": False,
    }
    return Twin.model_validate(held | more)


def told(one: Twin, other: Twin, rules: PasswordRules = FREE, which: RotatedCredential | None = None) -> str:
    return hurdle(which or credential(), [one, other], rules, NINETY)


def test_two_who_are_the_same_may_take_turns() -> None:
    assert told(twin("a"), twin("b")) == ""
    upper = twin("b", username="FEED.B@hq.example")
    assert told(twin("a"), upper) == "", "an org does not tell letters of user names apart by their size"


@pytest.mark.parametrize(
    "more, words",
    [
        ({"active": False}, "feed.b@hq.example is not active"),
        ({"frozen": True}, "feed.b@hq.example is frozen"),
        ({"profile": "Others"}, "feed.a@hq.example has the profile Feeds, feed.b@hq.example Others"),
        ({"role": "Boss"}, "has the role none"),
        ({"sets": frozenset()}, "feed.a@hq.example has the permission set Feed_Sync"),
        ({"sets": frozenset({"Feed_Sync", "More"})}, "feed.b@hq.example has the permission set More"),
        ({"groups": frozenset({"Desk"})}, "feed.b@hq.example has the group Desk"),
        ({"username": "other@hq.example"}, "there is no user feed.b@hq.example"),
    ],
)
def test_a_difference_is_named(more: dict[str, Any], words: str) -> None:
    assert words in told(twin("a"), twin("b", **more))


def test_who_would_need_the_token_that_is_only_mailed_is_named() -> None:
    assert "Feed signs in from 198.51.100.1" in told(twin("a"), twin("b"), FREE, credential("198.51.100.1"))
    assert "192.0.2.0/23" in told(twin("a"), twin("b"), FREE, credential("192.0.2.0/23"))
    nowhere = credential().model_copy(
        update={"consumers": (credential().consumers[0].model_copy(update={"addresses": ()}),)}
    )
    assert "nobody knows from where Feed signs in" in told(twin("a"), twin("b"), FREE, nowhere)
    assert covered(ip_network("192.0.2.128/25"), FREE.free) and not covered(
        ip_network("2001:db8::/64"), FREE.free
    )


def test_a_password_that_expires_before_it_is_rotated_is_named() -> None:
    short = FREE.model_copy(update={"life": timedelta(days=60)})
    assert "expire after 60 days" in told(twin("a"), twin("b"), short)
    assert told(twin("a", lasting=True), twin("b", lasting=True), short) == ""
    assert told(twin("a"), twin("b"), FREE.model_copy(update={"life": NINETY})) == ""


def test_the_profiles_own_life_goes_before_the_orgs() -> None:
    assert life_of("SixMonths", None) == timedelta(days=180)
    assert life_of("Never", "") is None and life_of("SixMonths", "0") is None
    assert life_of("Never", "30") == timedelta(days=30)
    assert life_of("Whatever", None) == life_of(None, None) == NINETY


def test_a_new_password_is_long_mixed_and_names_nobody() -> None:
    chance = random.Random(7)
    made = {new_password(12, ("ab",), chance.choice) for _ in range(200)}
    assert len(made) == 200
    for each in made:
        assert len(each) == LENGTH and not set(each) & set(" <>&\"'\\")
        assert any(c.isupper() for c in each) and any(c.islower() for c in each)
        assert any(c.isdigit() for c in each) and any(not c.isalnum() for c in each)
    assert len(new_password(64, (), chance.choice)) == 64
    plain = iter("feedFEED" * 5 + "Aa2!" * 10)
    assert new_password(8, ("feed",), lambda text: next(plain)) == "Aa2!" * 10


def test_no_rotation_touches_break_glass_accounts_and_our_own(estate: RunningEstate) -> None:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    ours = document.org("hq").scanner.username

    def named(name: str) -> RotatedCredential:
        return credential().model_copy(update={"users": (name, "feed.b@hq.example")})

    policy = Policy.model_validate({"jit": {"break_glass": ["Glass@hq.example"]}})
    assert barred(named("glass@hq.example"), document, policy) == "glass@hq.example"
    assert barred(named(ours.upper()), document, policy) == ours.upper()
    assert barred(credential(), document, policy) == ""


def test_estate_yaml_says_what_a_kind_needs() -> None:
    good = credential().model_dump(mode="json")
    for wrong in (
        {"users": ["one@hq.example"]},
        {"users": ["one@hq.example", "ONE@hq.example"]},
        {"apps": ["Feed"]},
        {"route": "Feed_Sync"},
        {"kind": "key-pair", "apps": ["A", "B"]},
        {"kind": "client-certificate", "users": []},
    ):
        with pytest.raises(ValueError, match=r"needs|has one"):
            RotatedCredential.model_validate(good | wrong)


# Over the wire -----------------------------------------------------------------------------------------


def test_a_difference_stops_it_before_anything_is_sent(password: Bench, estate: RunningEstate) -> None:
    administrator = f"client.laboratory@{ORG}.meridian.example"
    (second,) = rows(estate, administrator, f"SELECT Id FROM User WHERE Username = '{TWINS[1]}'")
    (held,) = rows(estate, administrator, "SELECT Id FROM PermissionSet WHERE Name = 'Export_Reports'")
    before = password.current()
    given = estate.call(
        "POST",
        ORG,
        administrator,
        "v62.0/sobjects/PermissionSetAssignment",
        json={"AssigneeId": second["Id"], "PermissionSetId": held["Id"]},
    )
    assert given.status_code == 201, given.text
    password.order(Order.EMERGENCY)
    stopped = password.run()
    assert (
        isinstance(stopped.step, Stop)
        and f"{TWINS[1]} has the permission set Export_Reports" in stopped.step.reason
    )
    assert stopped.acts == () and password.labels() == ["AWSCURRENT"] and password.admitted(before)
    estate.call("DELETE", ORG, administrator, f"v62.0/sobjects/PermissionSetAssignment/{given.json()['id']}")
    (login,) = rows(estate, administrator, f"SELECT Id FROM UserLogin WHERE UserId = '{second['Id']}'")
    frozen = f"v62.0/sobjects/UserLogin/{login['Id']}"
    estate.call("PATCH", ORG, administrator, frozen, json={"IsFrozen": True})
    stopped = password.run()
    assert isinstance(stopped.step, Stop) and f"{TWINS[1]} is frozen" in stopped.step.reason
    estate.call("PATCH", ORG, administrator, frozen, json={"IsFrozen": False})
    assert isinstance(password.run().step, End)
    new = password.current()
    assert not password.admitted(before) and new["username"] == TWINS[1] and password.admitted(new)
    # The token that there was ended with the password, and no trace of either is anywhere.
    assert "securityToken" in before and "securityToken" not in new
    assert new["instanceUrl"] == before["instanceUrl"]
    notes = " ".join(str(entry.body) for entry in password.ledger.entries())
    assert before["password"] not in notes and new["password"] not in notes
    with pytest.raises(LoginRefused) as refused:
        password.door.sign_in(before)
    assert before["password"] not in str(refused.value) and refused.value.code == "INVALID_LOGIN"


def rows(estate: RunningEstate, user: str, soql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = estate.get(ORG, user, "v62.0/query", params={"q": soql}).json()["records"]
    return found
