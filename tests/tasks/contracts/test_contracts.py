"""What breaks a contract is named, what keeps it is left out, and no value of a row ever comes back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tasks.audit.evidence import assemble
from tasks.audit.model import OrgEvidence
from tasks.contracts.asking import Asked
from tasks.contracts.check import check_in_process
from tasks.contracts.frames import frames_of
from tasks.errors import ContractsUnchecked
from tasks.inventory.model import Login, User
from tasks.reading import Reading
from tests.tasks.audit.evidence_factory import entry

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


def reading(**values: Any) -> OrgEvidence:
    found = Reading(org="hq", values=values, gaps={}, calls=0, rows={}, server_time=NOW)
    return assemble(entry("hq"), [found])


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
    return check_in_process(((name, frames_of(case)) for name, case in cases.items()), NOW)


def test_rows_that_keep_their_contract_are_left_out(broken: dict[str, dict[str, str]]) -> None:
    assert "good" not in broken


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_rows_that_break_their_contract_are_named(broken: dict[str, dict[str, str]], case: str) -> None:
    assert set(broken[case]) == {SECTION.get(case, "users")}
    assert "break their contract" in broken[case][SECTION.get(case, "users")]


def test_no_value_is_handed_over_or_comes_back(broken: dict[str, dict[str, str]]) -> None:
    handed = str([frames_of(case) for case in (GOOD, *BROKEN.values())])
    assert CANARY not in handed and "203.0.113.9" not in handed
    assert CANARY not in str(broken)


def test_who_does_not_answer_in_time_is_ended_and_told() -> None:
    with Asked("tests.tasks.contracts.silent", seconds=0.5) as checker:
        with pytest.raises(ContractsUnchecked, match="did not answer and ended with code -9"):
            # More than a pipe holds, so that it is the question which is never read.
            checker.ask("x" * 1_000_000)
        with pytest.raises(ContractsUnchecked):
            checker.ask("again")


def test_who_ends_before_its_answer_is_told() -> None:
    with (
        Asked("tests.tasks.contracts.missing") as checker,
        pytest.raises(ContractsUnchecked, match="ended with code 1"),
    ):
        checker.ask({})
