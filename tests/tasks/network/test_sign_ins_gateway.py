"""From where users come: sums of sign-ins, and addresses of calls from log files."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tasks.network.model import DAYS
from tasks.network.sign_ins_gateway import read_sign_ins
from tests.tasks.conftest import Open, Play
from tests.tasks.salesforce.script import Reply, Rows, scripted
from tests.tasks.salesforce.stub import Answer, Call

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
USERS = [f"005000000000{number:03d}AAA" for number in range(4)]
Answering = Callable[[list[str]], Rows | tuple[str, str]]
HEAD = "USER_ID,CLIENT_IP,STATUS_CODE\n"


def test_sign_ins_and_calls_of_the_estate_come_and_those_of_others_do_not(org: Open) -> None:
    session = org("hq")
    soql = "SELECT Id FROM User WHERE Username LIKE 'sync.%' AND IsActive = true ORDER BY Username LIMIT 2"
    users = [row["Id"] for row in session.query(soql)]
    reading = read_sign_ins(session, users, session.server_time or NOW)
    assert reading.gaps == {} and reading.values["log_days"] >= 80
    logins = reading.values["sign_ins"]
    calls = [each for each in reading.values["calls"] if not each.pages]
    pages = [each for each in reading.values["calls"] if each.pages]
    assert (
        pages
        and 20 < reading.values["page_days"] < 40
        and all(each.address.startswith("203.0.113.") for each in pages)
    )
    assert {each.user_id for each in (*logins, *calls)} == set(users)
    assert {each.address for each in (*logins, *calls)} == {"203.0.113.10"}
    assert all(each.count > 100 and each.success for each in logins)


def org_of(answer: Answering, *, files: Sequence[dict[str, Any]] = (), sees: bool = True) -> Reply:
    def reply(soql: str) -> Rows | tuple[str, str]:
        if "FROM PermissionSetAssignment" in soql:
            return [{"PermissionSet": {"PermissionsMonitorLoginHistory": sees}}]
        if "FROM EventLogFile" in soql:
            return [*files]
        asked = [user for user in USERS if user in soql]
        return answer(asked)

    return reply


def row(user: str, address: str = "203.0.113.10", status: str = "Success") -> dict[str, Any]:
    return {
        "UserId": user,
        "LoginType": "Application",
        "Application": "Browser",
        "SourceIp": address,
        "Status": status,
        "n": 2,
        "latest": "2026-11-20T08:00:00.000+0000",
    }


def test_parts_that_give_too_many_sums_are_halved(play: Play) -> None:
    asked: list[int] = []

    def reply(users: list[str]) -> Rows | tuple[str, str]:
        asked.append(len(users))
        if len(users) > 1:
            return "EXCEEDED_ID_LIMIT", "too many"
        return [row(users[0])]

    reading = read_sign_ins(play(scripted(org_of(reply))), USERS, NOW)
    assert asked == [4, 2, 2, 1, 1, 1, 1]
    assert {each.user_id for each in reading.values["sign_ins"]} == set(USERS)


def test_hidden_sign_ins_are_unknown_and_not_none(play: Play) -> None:
    hidden = org_of(lambda users: [row(users[0])], sees=False)
    reading = read_sign_ins(play(scripted(hidden)), USERS, NOW)
    assert "Monitor Login History" in reading.gaps["sign_ins"] and "sign_ins" not in reading.values


def test_one_file_a_day_is_read_refused_calls_and_files_are_left_out(play: Play) -> None:
    files = [
        {"Id": "0AT1", "EventType": "ApiTotalUsage", "LogDate": "2026-11-20T00:00:00.000+0000"},
        {"Id": "0AT2", "EventType": "RestApi", "LogDate": "2026-11-20T00:00:00.000+0000"},
        {"Id": "0AT3", "EventType": "RestApi", "LogDate": "2026-11-21T00:00:00.000+0000"},
        {"Id": "0AT4", "EventType": "RestApi", "LogDate": "2026-11-22T00:00:00.000+0000"},
    ]
    short = USERS[0][:15]
    content = {
        "0AT1": f"{HEAD}{short},192.0.2.1,200\n{short},192.0.2.1,200\n{short},192.0.2.9,403\n005x,192.0.2.5,200\n",
        "0AT3": f"{HEAD}{short},192.0.2.1,201\n{short},,200\n",
    }
    script = scripted(org_of(lambda users: [], files=files))

    def answering(call: Call) -> Answer:
        if not call.path.endswith("/LogFile"):
            return script(call)
        file = call.path.split("/")[-2]
        assert file != "0AT2", "the same calls would be counted twice"
        if file not in content:
            return Answer(403, b'[{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]')
        return Answer(200, content[file].encode())

    reading = read_sign_ins(play(answering), USERS, NOW)
    assert reading.values["log_days"] == 2, "a file that is refused tells of no day"
    [calls] = reading.values["calls"]
    assert (calls.user_id, calls.address, calls.count, calls.last) == (
        USERS[0],
        "192.0.2.1",
        3,
        date(2026, 11, 21),
    )


def test_all_files_of_a_day_are_read_and_a_day_of_which_one_is_refused_is_not_known(play: Play) -> None:
    days = {"0AT1": "2026-11-20", "0AT2": "2026-11-20", "0AT3": "2026-11-21", "0AT4": "2026-11-21"}
    files = [
        {"Id": file, "EventType": "ApiTotalUsage", "LogDate": f"{day}T00:00:00.000+0000"}
        for file, day in days.items()
    ]
    short = USERS[0][:15]
    addresses = {"0AT1": "192.0.2.77", "0AT2": "203.0.113.10", "0AT3": "198.51.100.4"}
    script = scripted(org_of(lambda users: [], files=files))

    def answering(call: Call) -> Answer:
        if not call.path.endswith("/LogFile"):
            return script(call)
        if (file := call.path.split("/")[-2]) not in addresses:
            return Answer(403, b'[{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]')
        return Answer(200, f"{HEAD}{short},{addresses[file]},200\n".encode())

    values = read_sign_ins(play(answering), USERS, NOW).values
    assert {each.address for each in values["calls"]} == set(addresses.values())
    assert values["log_days"] == 1


def test_pages_are_read_of_both_kinds_and_counted_by_days_of_their_own(play: Play) -> None:
    kinds = {
        "0AT1": ("ApiTotalUsage", "2026-11-19"),
        "0AT2": ("URI", "2026-11-20"),
        "0AT3": ("LightningPageView", "2026-11-20"),
        "0AT4": ("URI", "2026-11-21"),
    }
    files = [
        {"Id": file, "EventType": kind, "LogDate": f"{day}T00:00:00.000+0000"}
        for file, (kind, day) in kinds.items()
    ]
    short = USERS[0][:15]
    content = {
        "0AT1": f"{HEAD}{short},203.0.113.10,200\n",
        "0AT2": f"USER_ID,CLIENT_IP,REQUEST_STATUS\n{short},192.0.2.1,S\n{short},192.0.2.9,A\n",
        "0AT3": f"USER_ID,CLIENT_IP\n{short},192.0.2.1\n{short},192.0.2.2\n",
    }
    script = scripted(org_of(lambda users: [], files=files))

    def answering(call: Call) -> Answer:
        if not call.path.endswith("/LogFile"):
            return script(call)
        if (file := call.path.split("/")[-2]) not in content:
            return Answer(403, b'[{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]')
        return Answer(200, content[file].encode())

    values = read_sign_ins(play(answering), USERS, NOW).values
    assert (values["log_days"], values["page_days"]) == (1, 1)
    assert {(each.address, each.count, each.pages) for each in values["calls"]} == {
        ("203.0.113.10", 1, False),
        ("192.0.2.1", 2, True),
        ("192.0.2.2", 1, True),
    }


def test_ninety_days_are_asked_for_the_last_one_included(play: Play) -> None:
    asked: list[str] = []

    def reply(soql: str) -> Rows | tuple[str, str]:
        asked.append(soql)
        return []

    read_sign_ins(play(scripted(reply)), USERS, NOW)
    first = (NOW - timedelta(days=DAYS - 1)).strftime("%Y-%m-%dT00:00:00")
    assert [first in soql for soql in asked if "LoginHistory WHERE" in soql or "LogDate >=" in soql] == [
        True,
        True,
    ]
