"""What the bench of the live loop calls good, and that its eyes see what is there and nothing else."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.bench.live.model import BY_THEMSELVES, CHANNELS, Account, Heard, Loop, Run, Try, as_text
from deployments.bench.live.outside import Ears, Thief, account, frozen, report_of
from deployments.bench.wire import Wire
from deployments.sandbox import launch
from tasks.rehearsal.model import Refused
from tests.running import RunningEstate

ORG, USER = "hq", "sync.data@meridian.example"
FREE = Account(active=True, frozen=False, holds=frozenset({"profile 00e1", "set 0PS1 None None"}))
KEPT_OUT = replace(FREE, frozen=True, holds=frozenset({"profile 00e1"}))
GOOD = Loop(
    user=USER,
    org=ORG,
    tries=(Try(5.0, 47_000), Try(100.0, 2_000), Try(105.0, 0, "401 INVALID_SESSION_ID")),
    heard={name: Heard(110.0, 110.5, "alert") for name in CHANNELS},
    too_early=(),
    report=130.0,
    runs=tuple(Run(name, "COMPLETED", scheduled=True) for name in BY_THEMSELVES),
    others=(),
    before=FREE,
    contained=KEPT_OUT,
    after=FREE,
    re_enabled="COMPLETED",
    key_works=True,
)


def without(channel: str) -> dict[str, Heard]:
    return {name: heard for name, heard in GOOD.heard.items() if name != channel}


def test_a_good_loop_is_good_and_its_minutes_are_printed() -> None:
    assert GOOD.failings == () and "NOT" not in as_text(GOOD)
    assert GOOD.rows == 49_000 and GOOD.rows_after_alert == 0 and GOOD.stopped == 105.0
    told = GOOD.document()
    assert told["heard_minutes"] == dict.fromkeys(CHANNELS, 1.84) and told["contained_minutes"] == 1.75


@pytest.mark.parametrize(
    ("worse", "said"),
    [
        *(({"heard": without(name)}, f"{name} heard nothing") for name in CHANNELS),
        *(
            ({"heard": {**GOOD.heard, name: Heard(480.0, 481.0, "late")}}, f"{name} heard after 8.0 min")
            for name in CHANNELS
        ),
        ({"too_early": ("slack",)}, "before the theft"),
        ({"tries": ()}, "took nothing"),
        ({"tries": GOOD.tries[:2]}, "still answered"),
        ({"tries": (*GOOD.tries, Try(120.0, 2_000))}, "still answered"),
        ({"tries": (Try(5.0, 47_000), Try(481.0, 0, "401"))}, "refused after 8.0 min only"),
        ({"tries": (GOOD.tries[0], Try(111.0, 2_001), Try(115.0, 0, "401"))}, "2,001 rows left after"),
        # Answered after the last look at which nobody knew: counted as after the alert.
        ({"tries": (GOOD.tries[0], Try(110.2, 2_001), Try(115.0, 0, "401"))}, "2,001 rows left after"),
        ({"report": None}, "no incident report"),
        *(
            ({"runs": tuple(run for run in GOOD.runs if run.deployment != name)}, f"schedule of {name}")
            for name in BY_THEMSELVES
        ),
        ({"runs": (*GOOD.runs[1:], replace(GOOD.runs[0], scheduled=False))}, "brought no run"),
        ({"runs": (*GOOD.runs[1:], replace(GOOD.runs[0], state="RUNNING"))}, "brought no run"),
        ({"runs": (*GOOD.runs, replace(GOOD.runs[0], state="FAILED"))}, "ended as FAILED"),
        ({"others": ("005x",)}, "1 users who had done nothing"),
        ({"contained": FREE}, "does not show the user as frozen"),
        ({"re_enabled": "FAILED"}, "re-enable ended as FAILED"),
        ({"re_enabled": ""}, "re-enable ended as nothing"),
        ({"after": KEPT_OUT}, "lost set 0PS1"),
        ({"after": replace(FREE, holds=FREE.holds | {"set 0PS2 None None"})}, "gained set 0PS2"),
        ({"key_works": False}, "does not work again"),
    ],
)  # fmt: skip
def test_each_thing_that_is_missing_or_late_is_named(worse: dict[str, Any], said: str) -> None:
    found = replace(GOOD, **worse)
    assert any(said in each for each in found.failings), found.failings
    assert "NOT GOOD" in as_text(found) and found.document()["failings"]


@given(tries=st.lists(st.tuples(st.floats(0, 600), st.booleans()), max_size=12))
def test_nobody_is_contained_who_is_answered_later(tries: list[tuple[float, bool]]) -> None:
    found = replace(GOOD, tries=tuple(Try(at, 0, "401" if no else "") for at, no in tries))
    if found.stopped is None:
        assert not tries or not any(
            no and at > max((t for t, n in tries if not n), default=-1) for at, no in tries
        )
    else:
        assert all(no for at, no in tries if at >= found.stopped)


class _Org:
    """Answers as an org that has let somebody in, until it does not."""

    def __init__(self, session: bool, key: bool) -> None:
        self.session, self.key = session, key

    def sign_in(self) -> str:
        if not self.key:
            raise Refused(400, "invalid_grant")
        self.session = True
        return "005"

    def call(self, method: str, path: str, **_: Any) -> Any:
        if not self.session:
            raise Refused(401, "INVALID_SESSION_ID")
        return {"records": [{}] * 3}


@pytest.mark.parametrize(
    ("session", "key", "rows"), [(True, True, 3), (True, False, 3), (False, True, 3), (False, False, 0)]
)
def test_a_thief_is_kept_out_only_where_session_and_key_are_refused(
    session: bool, key: bool, rows: int
) -> None:
    org: Any = _Org(session, key)
    thief = Thief(org, lambda: 7.0)
    assert not thief.refused, "who tried nothing was refused nothing"
    thief.take_a_page()
    assert thief.tries[0].rows == rows and thief.refused is not (session or key)


def test_only_the_report_that_names_the_user_counts(tmp_path: Path) -> None:
    (tmp_path / "incident-1.html").write_text("somebody.else@meridian.example")
    (tmp_path / "latest.html").write_text(USER)
    assert report_of(tmp_path, USER) is None
    (tmp_path / "incident-2.html").write_text(USER.title())
    assert report_of(tmp_path, USER) == tmp_path / "incident-2.html"


@pytest.fixture
def back(estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-live")
    yield
    launch.restore_snapshot(estate.folder, "before-live")
    launch.delete_snapshot(estate.folder, "before-live")


@pytest.mark.usefixtures("back")
def test_what_an_org_shows_of_a_user_changes_with_the_user(estate: RunningEstate) -> None:
    loot = json.loads((estate.folder / "loot.json").read_text())
    thief, admin = loot["stolen-key"]["username"], loot["phished-admin"]["username"]
    with Wire(estate.folder).user(ORG, admin) as user:
        before, none = account(user, thief), frozen(user)
        assert before.active and not before.frozen and any(line.startswith("set ") for line in before.holds)
        assert account(user, thief) == before
        [row] = user.rows(f"SELECT Id FROM User WHERE Username = '{thief}'")
        [sign_in] = user.rows(f"SELECT Id FROM UserLogin WHERE UserId = '{row['Id']}'")
        user.change(f"sobjects/UserLogin/{sign_in['Id']}", {"IsFrozen": True})
        assert account(user, thief) == replace(before, frozen=True)
        assert frozen(user) - none == {row["Id"]}
        given = user.rows(
            f"SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = '{row['Id']}' AND PermissionSet.IsOwnedByProfile = false"
        )
        user.remove(f"sobjects/PermissionSetAssignment/{next(given)['Id']}")
        assert before.holds - account(user, thief).holds


def test_ears_hear_who_is_named_and_when(estate: RunningEstate) -> None:
    times = iter(range(100))
    ears = Ears(estate.folder, "ears.of.the.bench@meridian.example", lambda: float(next(times)))
    ears.listen()
    assert not ears.heard
    with estate.session() as session:
        for name in ("Somebody.Else", "Ears.of.the.Bench"):
            assert session.post(
                "https://hooks.slack.com/services/T0/B0/x",
                json={"text": f"{name}@meridian.example"},
                timeout=30,
            ).ok
            ears.listen()
            assert ("slack" in ears.heard) is (name != "Somebody.Else")
    heard = ears.heard["slack"]
    assert set(ears.heard) == {"slack"} and heard.after < heard.at and "Bench" in heard.first
