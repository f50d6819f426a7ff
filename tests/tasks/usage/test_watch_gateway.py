"""What can be seen of watched users: of an org that shows all, of one that hides, and of one that has nothing new."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tasks.usage.model import Traffic
from tasks.usage.watch_gateway import read_traffic
from tests.tasks.conftest import Play
from tests.tasks.salesforce.script import Rows, scripted
from tests.tasks.salesforce.stub import Answer, Call

USER, NAME = "0052x0000000001AAA", "sync@emea.example"
SINCE = datetime(2026, 11, 24, 12, tzinfo=UTC)
MADE = "2026-11-24T17:00:00.000+0000"
NOW = SINCE + timedelta(hours=9)


def reply(monitors: bool = True, files: bool = True) -> Any:
    def of(soql: str) -> Rows | tuple[str, str]:
        if "FROM User " in soql:
            return [{"Id": USER, "Username": "Sync@emea.example"}]
        if "FROM PermissionSetAssignment" in soql:
            return [{"PermissionSet": {"PermissionsMonitorLoginHistory": monitors}}]
        if "FROM EventLogFile" in soql:
            if not files:
                return "INVALID_TYPE", "sObject type 'EventLogFile' is not supported."
            old = {"Id": "0AT0", "Interval": "Daily", "LogDate": "2026-11-20T00:00:00.000+0000"}
            new = {"Id": "0AT1", "Interval": "Hourly", "LogDate": "2026-11-24T13:00:00.000+0000"}
            return [{"EventType": "RestApi", "CreatedDate": MADE, **each} for each in (old, new)]
        assert f"UserId IN ('{USER}')" in soql
        before = "LoginTime < 2026-11-24T12:00:00" in soql
        row = {"UserId": USER, "SourceIp": "203.0.113.7", "n": 3, "low": MADE, "high": MADE}
        return [{**row, "Status": "Success" if before else "Restricted IP"}]

    return of


def with_files(script: Any, asked: list[str], status: int, bytes_of: bytes | None = None) -> Any:
    """The hourly file tells of a refused call, the daily one of the same call when it was answered."""

    def body(old: bool) -> bytes:
        at, code = ("2026-11-20T09:00:00.000Z", 200) if old else ("2026-11-24T13:05:00.000Z", status)
        head = "USER_ID,TIMESTAMP_DERIVED,METHOD,URI,STATUS_CODE,QUERY,CLIENT_IP\n"
        line = (
            f"{USER[:15]},{at},GET,/services/data/v66.0/query,{code},SELECT Subject FROM Case,203.0.113.7\n"
        )
        return (head + line).encode()

    def answer(call: Call) -> Answer:
        if not call.path.endswith("/LogFile"):
            return script(call)  # type: ignore[no-any-return]
        asked.append(call.path.split("/")[-2])
        return Answer(403 if bytes_of else 200, bytes_of or body(asked[-1] == "0AT0"))

    return answer


def traffic(play: Play, script: Any, looked: datetime | None = None) -> Traffic:
    return read_traffic(play(script), [NAME], SINCE, looked, NOW)


def test_the_past_is_read_only_where_something_failed(play: Play) -> None:
    asked: list[str] = []
    calm = traffic(play, with_files(scripted(reply()), asked, 200))
    assert asked == ["0AT1"] and calm.before == () and [t.answered for t in calm.since] == [1]
    failing = traffic(play, with_files(scripted(reply()), asked, 400))
    assert asked == ["0AT1", "0AT1", "0AT0"]
    assert [(t.user, t.failed) for t in failing.since] == [(NAME, 1)]
    assert [(t.call, t.answered) for t in failing.before] == [(failing.since[0].call, 1)]
    assert failing.hourly and failing.files == 1 and failing.hidden == ()


def test_sign_ins_are_seen_at_once_on_both_sides(play: Play) -> None:
    found = traffic(play, with_files(scripted(reply()), [], 200))
    assert [(s.user, s.status, s.times) for s in found.sign_ins_before] == [(NAME, "Success", 3)]
    assert [(s.user, s.status, s.address) for s in found.sign_ins] == [(NAME, "Restricted IP", "203.0.113.7")]


def test_without_a_new_file_none_is_read_again(play: Play) -> None:
    asked: list[str] = []
    looked = datetime.fromisoformat(MADE)
    found = traffic(play, with_files(scripted(reply()), asked, 400), looked)
    assert not found.fresh and asked == [] and found.newest == looked and found.sign_ins != ()
    earlier = traffic(play, with_files(scripted(reply()), asked, 400), looked - timedelta(seconds=1))
    assert earlier.fresh and asked


@pytest.mark.parametrize(
    ("script", "hidden"),
    [
        (scripted(reply(monitors=False)), "sign-ins (seeing those of others needs Monitor Login History)"),
        (scripted(reply(files=False)), "reading it needs View Event Log Files"),
        (
            with_files(scripted(reply()), [], 0, b'[{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]'),
            "View Event Log Files",
        ),
    ],
)
def test_what_an_org_hides_is_said(play: Play, script: Any, hidden: str) -> None:
    assert any(hidden in each for each in traffic(play, script).hidden)
