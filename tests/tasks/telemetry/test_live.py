"""Looks at an org: late rows are taken, the current second is left alone, nothing comes twice, and a killed look is made again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.telemetry.live import Look, long_ago, look_live
from tasks.telemetry.masks import pseudonyms
from tasks.telemetry.store import TelemetryStore
from tests.tasks.telemetry.scripted import Memory, ScriptedOrg

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAME = pseudonyms(b"k" * 32)


class World:
    def __init__(self, folder: Path) -> None:
        self.org, self.book = ScriptedOrg(), Memory()
        self.store = TelemetryStore(str(folder))

    def sign_in(self, number: int, at: datetime) -> None:
        row = {
            "Id": f"0Ya{number:012d}AAA", "UserId": "005Dn000001ab23IAA", "LoginTime": at.isoformat(),
            "LoginType": "Application", "Status": "Success", "SourceIp": "203.0.113.7",
        }  # fmt: skip
        self.org.rows["LoginHistory"].append(row)

    def look(self, now: datetime) -> Look:
        return look_live(
            self.org, self.store, self.book, NAME, now, overlap=10 * MINUTE, backfill=timedelta(days=2)
        )

    def stored(self, event_type: str = "LoginHistory") -> list[dict[str, Any]]:
        return self.store.rows(["hq"], event_type, NOW - timedelta(days=3), NOW + timedelta(days=1)).sort("AT").collect().to_dicts()  # fmt: skip

    def numbers(self) -> list[int]:
        return [int(row["ID"][3:15]) for row in self.stored()]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "telemetry")


def test_the_first_look_reaches_back_and_the_next_takes_only_what_is_new(world: World) -> None:
    world.sign_in(1, NOW - timedelta(days=1, hours=5))
    world.sign_in(2, NOW - 5 * MINUTE)
    first = world.look(NOW)
    world.sign_in(3, NOW + MINUTE)
    second = world.look(NOW + 5 * MINUTE)
    assert world.numbers() == [1, 2, 3]
    assert [look.taken[0].added for look in (first, second)] == [2, 1]


def test_after_an_outage_a_look_reaches_back_for_what_was_late_before_it(world: World) -> None:
    assert not long_ago(world.book.cursors(), NOW), "a first look reaches back anyhow"
    world.look(NOW)
    assert not long_ago(world.book.cursors(), NOW + 59 * MINUTE)
    assert long_ago(world.book.cursors(), NOW + 61 * MINUTE)
    assert not long_ago(world.book.cursors(), NOW - 61 * MINUTE)


def test_the_current_second_is_left_for_the_next_look(world: World) -> None:
    world.sign_in(1, NOW)
    world.look(NOW)
    assert world.numbers() == []
    world.sign_in(2, NOW)
    world.look(NOW + 5 * MINUTE)
    assert world.numbers() == [1, 2]


def test_a_row_that_appears_late_is_taken(world: World) -> None:
    world.look(NOW)
    world.sign_in(1, NOW - 8 * MINUTE)
    world.look(NOW + MINUTE)
    assert world.numbers() == [1]


def test_a_look_that_was_killed_before_its_cursor_moved_adds_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.sign_in(1, NOW - 5 * MINUTE)

    def killed(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(world.book, "move", killed)
        with pytest.raises(KeyboardInterrupt):
            world.look(NOW)
    world.sign_in(2, NOW - 4 * MINUTE)
    world.look(NOW + MINUTE)
    assert world.numbers() == [1, 2]


def test_an_org_whose_clock_was_set_back_is_read_on(world: World) -> None:
    world.look(NOW)
    world.sign_in(1, NOW - 65 * MINUTE)
    world.look(NOW - 60 * MINUTE)
    assert world.numbers() == [1]


def test_what_is_not_shown_is_said_with_what_stands_in_for_it(world: World) -> None:
    world.org.rights = set()
    hidden = {each.what: each.why for each in world.look(NOW).hidden}
    assert "Monitor Login History" in hidden["LoginHistory"] and "OauthToken" in hidden
    assert "ApiTotalUsage" in hidden["ApiEvent"] and "Event Monitoring" in hidden["ApiEvent"]
    assert "LoginHistory" not in world.org.asked and "SetupAuditTrail" in world.org.asked


def test_tokens_and_grants_are_kept_as_changes(world: World) -> None:
    token = {"AppName": "Data Loader", "UserId": "005Dn000001ab23IAA", "CreatedDate": "2026-05-01T00:00:00.000+0000", "UseCount": 1}  # fmt: skip
    grant = {
        "Id": "0Pa1",
        "AssigneeId": "005Dn000001ab23IAA",
        "PermissionSet": {"attributes": {}, "Name": "Admin"},
    }
    world.org.held_tokens, world.org.held_grants = [token, dict(token)], [grant]
    world.look(NOW)
    world.org.held_tokens, world.org.held_grants = [token | {"UseCount": 2}], []
    world.look(NOW + 5 * MINUTE)
    world.look(NOW + 10 * MINUTE)
    told = [(row["CHANGE"], row["USE_COUNT"]) for row in world.stored("OauthToken")]
    assert sorted(told[:2]) == [("new", 1), ("new", 1)] and sorted(told[2:]) == [("changed", 2), ("gone", 1)]
    grants = world.stored("PermissionSetAssignment")
    assert [(row["CHANGE"], row["PERMISSION_SET_NAME"]) for row in grants] == [
        ("new", "Admin"),
        ("gone", "Admin"),
    ]
    assert grants[0]["USER_ID_DERIVED"] == "005Dn000001ab23IAA"
