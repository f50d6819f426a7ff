"""What breaks a contract is named, what keeps it is left out, and no value of a row ever comes back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tasks.contracts.check import check_in_process
from tasks.contracts.frames import frames_of
from tasks.inventory.model import Login, User
from tasks.reading import Reading

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CANARY = "canary.person@bank.example"


def user(number: int, **changes: Any) -> User:
    values = {
        "id": f"005{number:015d}",
        "username": CANARY,
        "active": True,
        "frozen": False,
        "user_type": "Standard",
        "profile_id": "00e000000000001AAA",
        "profile_name": "Sync",
        "license_name": "Salesforce",
        "last_login": None,
        "last_password_change": None,
    }
    return User(**values | changes)


def login(user_id: str, **changes: Any) -> Login:
    values = {
        "user_id": user_id,
        "kind": "Remote Access 2.0",
        "application": "Sync",
        "address": "203.0.113.9",
        "success": True,
        "count": 3,
        "last": NOW - timedelta(days=1),
    }
    return Login(**values | changes)


def reading(**values: Any) -> Reading:
    return Reading(org="hq", values=values, gaps={}, calls=0, rows={}, server_time=NOW)


GOOD = reading(users=(user(1), user(2)), logins=(login(user(1).id),))
BROKEN = {
    "doubled": reading(users=(user(1), user(1)), logins=()),
    "empty": reading(users=(), logins=()),
    "foreign-id": reading(users=(user(1, id="00D000000000001AAA"),), logins=()),
    "stranger": reading(users=(user(1),), logins=(login(user(9).id),)),
    "future": reading(users=(user(1),), logins=(login(user(1).id, last=NOW + timedelta(days=30)),)),
    "no-times": reading(users=(user(1),), logins=(login(user(1).id, count=0),)),
}
SECTION = {"stranger": "logins", "future": "logins", "no-times": "logins"}


@pytest.fixture(scope="module")
def broken() -> dict[str, dict[str, str]]:
    """All cases in one go, since the checker takes seconds to start."""
    cases = {"good": GOOD, **BROKEN}
    return check_in_process({name: frames_of((case,)) for name, case in cases.items()}, NOW)


def test_rows_that_keep_their_contract_are_left_out(broken: dict[str, dict[str, str]]) -> None:
    assert "good" not in broken


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_rows_that_break_their_contract_are_named(broken: dict[str, dict[str, str]], case: str) -> None:
    assert set(broken[case]) == {SECTION.get(case, "users")}
    assert "break their contract" in broken[case][SECTION.get(case, "users")]


def test_no_value_is_handed_over_or_comes_back(broken: dict[str, dict[str, str]]) -> None:
    assert CANARY not in str(frames_of((GOOD, *BROKEN.values())))
    assert CANARY not in str(broken)
    assert "203.0.113.9" not in str(frames_of((GOOD,)))
