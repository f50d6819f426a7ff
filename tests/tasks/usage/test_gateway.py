"""Usage over the wire: of the embedded estate as its scanner, and of an org that refuses."""

from typing import Any

from tasks.usage.gateway import read_usage
from tasks.usage.model import Operation, Usage
from tests.tasks.audit.evidence_factory import NOW
from tests.tasks.conftest import Open, Play
from tests.tasks.salesforce.script import Rows, scripted
from tests.tasks.salesforce.stub import Answer, Call

USER = "0052x0000000001AAA"


def test_what_a_sync_user_of_the_estate_did_is_known_by_day(org: Open) -> None:
    session = org("hq")
    user = session.query("SELECT Id FROM User WHERE Username LIKE 'sync.emea-hq-portfolio@%'")[0]["Id"]
    now = session.server_time
    assert now is not None
    reading = read_usage(session, [user], now)
    assert reading.gaps == {}
    usage: Usage = reading.values["usage"]
    reads = [seen for seen in usage.of(user) if seen.call.operation is Operation.READ]
    assert {seen.call.sobject for seen in reads} >= {"Portfolio__c"}
    # The same calls stand in RestApi and in ApiTotalUsage, once a day each.
    assert all(seen.times == seen.days for seen in reads)
    assert 85 <= len(usage.coverage.observed) <= 90 and usage.coverage.days == 90
    assert usage.logins is not None and len(usage.logins[user]) > 60


def reply(monitors: bool, files: bool = True) -> Any:
    def of(soql: str) -> Rows | tuple[str, str]:
        if "FROM PermissionSetAssignment" in soql:
            return [{"PermissionSet": {"PermissionsMonitorLoginHistory": monitors}}]
        if "FROM EventLogFile" in soql:
            if not files:
                return "INVALID_TYPE", "sObject type 'EventLogFile' is not supported."
            row = {
                "Id": "0AT1",
                "EventType": "RestApi",
                "Interval": "Daily",
                "LogDate": "2026-11-24T00:00:00.000+0000",
            }
            return [row]
        return [
            {"UserId": USER, "Status": "Success", "day": "2026-11-24", "n": 3},
            {"UserId": USER, "Status": "Invalid Password", "day": "2026-11-23", "n": 1},
        ]

    return of


def with_file(script: Any, body: bytes, status: int = 200) -> Any:
    def answer(call: Call) -> Answer:
        return Answer(status, body) if call.path.endswith("/LogFile") else script(call)

    return answer


CSV = (
    '"USER_ID","METHOD","URI","ENTITY_NAME","STATUS_CODE","QUERY"\n'
    f'"{USER[:15]}","GET","/services/data/v66.0/query","Account","200","SELECT Phone FROM Account"\n'
).encode()


def test_files_are_read_and_failed_logins_are_none(play: Play) -> None:
    reading = read_usage(play(with_file(scripted(reply(True)), CSV)), [USER], NOW)
    usage: Usage = reading.values["usage"]
    assert [(str(seen.call), seen.call.fields) for seen in usage.of(USER)] == [("read Account", {"Phone"})]
    assert usage.logins is not None and {str(day) for day in usage.logins[USER]} == {"2026-11-24"}


def test_without_the_right_logins_are_unknown_and_not_none(play: Play) -> None:
    reading = read_usage(play(with_file(scripted(reply(False)), CSV)), [USER], NOW)
    assert reading.values["usage"].logins is None


def test_an_org_that_keeps_its_logs_from_us_is_a_gap(play: Play) -> None:
    no_object = read_usage(play(scripted(reply(True, files=False))), [USER], NOW)
    refused = with_file(
        scripted(reply(True)), b'[{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]', 403
    )
    no_file = read_usage(play(refused), [USER], NOW)
    for reading in (no_object, no_file):
        assert "View Event Log Files" in reading.gaps["usage"] and "usage" not in reading.values


def test_nobody_to_ask_about_is_no_error(play: Play) -> None:
    assert read_usage(play(with_file(scripted(reply(True)), CSV)), [], NOW).values["usage"].calls == {}
