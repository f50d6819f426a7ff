"""What a grant was used for: said from logs that are there, never from logs that are not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.access.ledger_gateway import GrantBook
from tasks.access.model import Grant, LogSpan, Review, SignIn, Touch, Watched
from tasks.access.report import reviews, text, used
from tasks.access.review import covered, open_reviews, ready, review, words, worth_reading
from tasks.access.usage_gateway import watch
from tasks.errors import OrgUnavailable
from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tests.tasks.access.worlds import ORG, PEOPLE, POLICY, request
from tests.tasks.conftest import Play
from tests.tasks.salesforce.script import Rows, scripted
from tests.tasks.salesforce.stub import Answer, Call

START = datetime(2026, 5, 13, 21, tzinfo=UTC)
MIDNIGHT = datetime(2026, 5, 14, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
USER = "0052x0000000001AAA"


def grant(hours: float = 4, **changes: Any) -> Grant:
    values = {
        "id": "4f2a9c00",
        "request": request(START, hours),
        "approver": "bob",
        "approved_at": START,
        "until": START + hours * HOUR,
        "revoked": START + hours * HOUR + MINUTE,
    }
    return Grant.model_validate({**values, **changes})


def file(first: datetime, interval: str = "Daily", kind: str = "RestApi") -> LogSpan:
    length = timedelta(days=1) if interval == "Daily" else HOUR
    name = f"{kind}{interval}{first:%d%H}"
    return LogSpan(id=name, kind=kind, interval=interval, first=first, last=first + length)


DAILY = (file(MIDNIGHT - timedelta(days=1)), file(MIDNIGHT))


def touch(minutes: float, sobject: str = "Account") -> Touch:
    return Touch(at=START + minutes * MINUTE, sobject=sobject)


def test_minutes_and_objects_of_the_grants_own_time_are_counted() -> None:
    calls = [
        touch(0),
        touch(0.5),
        touch(1),
        touch(7, "Contact"),
        touch(200, ""),
        touch(-0.1, "Lead"),
        touch(241, "Case"),
    ]
    signed_in = (SignIn(at=START - MINUTE, browser=False), SignIn(at=START + MINUTE, browser=False))
    found = review(grant(), Watched(touches=tuple(calls), spans=DAILY, sign_ins=signed_in))
    assert (found.granted, found.used, found.objects) == (4 * HOUR, 4 * MINUTE, ("Account", "Contact"))
    assert found.sign_ins == 1 and found.unseen == ()
    assert used(found) == "4 h granted, 4 min used, 2 objects touched"


def test_a_call_in_the_second_in_which_it_ended_is_one_of_it() -> None:
    """The end was read off a clock of whole seconds."""
    short = grant(ended=START + timedelta(seconds=1))
    late = [Touch(at=START + timedelta(seconds=s), sobject="Account") for s in (1.9, 2.1)]
    found = review(short, Watched(touches=tuple(late), spans=DAILY, sign_ins=()))
    assert found.used == found.granted == timedelta(seconds=1), "never more than it lasted"
    assert review(short, Watched(touches=tuple(late[1:]), spans=DAILY, sign_ins=())).used == timedelta()


def test_what_no_file_covers_is_named_and_is_not_unused() -> None:
    nothing = review(grant(), Watched(sign_ins=None, gap="files; reading them needs View Event Log Files"))
    assert nothing.used == timedelta() and nothing.sign_ins is None
    assert nothing.unseen == (
        "no event log file covers any of it",
        "files; reading them needs View Event Log Files",
    )
    half = review(grant(), Watched(spans=DAILY[:1], sign_ins=()))
    assert half.unseen == ("no event log file covers 1 h of it",)
    shown = text([grant(review=half)], START)
    assert "4 h granted, no use seen; not seen: no event log file covers 1 h of it" in shown


@pytest.mark.parametrize(
    ("before", "browser", "named"),
    [(20, True, True), (20, False, False), (25, True, False), (-1, True, True)],
)
def test_a_browser_that_was_signed_in_is_named(before: float, browser: bool, named: bool) -> None:
    signed_in = (SignIn(at=START - before * HOUR, browser=browser),)
    found = review(grant(), Watched(spans=DAILY, sign_ins=signed_in))
    assert any("browser" in line for line in found.unseen) is named


def test_an_end_that_the_orgs_clock_was_not_asked_for_is_when_it_was_seen_to_be_gone() -> None:
    found = review(grant(ended=START, revoked=START + HOUR), Watched(spans=DAILY, sign_ins=()))
    assert found.granted == HOUR


@pytest.mark.parametrize(
    ("files", "after", "is_ready"),
    [
        (DAILY, 25, True),
        (DAILY[:1], 25, False),
        ((*DAILY[:1], *(file(MIDNIGHT + n * HOUR, "Hourly") for n in range(2))), 60, False),
        ((), 95, False),
        ((), 96, True),
        (DAILY, 5, False),
    ],
)
def test_it_is_made_when_the_daily_files_are_there_or_can_no_longer_come(
    files: tuple[LogSpan, ...], after: float, is_ready: bool
) -> None:
    """The grant reaches into the 14th; `after` are hours from that day's beginning."""
    assert ready(grant(), files, MIDNIGHT + after * HOUR) is is_ready


def test_hourly_files_are_read_only_where_no_daily_one_tells_the_same() -> None:
    hourly = [file(START + n * HOUR, "Hourly") for n in (-1, 0, 1, 3, 4)]
    other = file(START, "Hourly", "ApiTotalUsage")
    chosen = worth_reading([*hourly, other, DAILY[0]], [grant()])
    assert [each.id for each in chosen] == [hourly[3].id, other.id, DAILY[0].id]


def test_files_that_overlap_cover_a_time_once() -> None:
    files = [
        file(START + HOUR, "Hourly"),
        file(START + HOUR, "Hourly", "API"),
        file(START + 2 * HOUR, "Hourly"),
    ]
    assert covered(START, START + 4 * HOUR, files) == 2 * HOUR
    assert covered(START, START + 4 * HOUR, [*files, *DAILY]) == 4 * HOUR


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(14400, "4 h"), (660, "11 min"), (5400, "1 h 30 min"), (59, "under a minute"), (0, "0 min")],
)
def test_lengths_in_words(seconds: int, said: str) -> None:
    assert words(timedelta(seconds=seconds)) == said


# In the ledger and over the wire ------------------------------------------------------------------------


def test_a_grant_is_reviewed_once(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: START)
    book = GrantBook(ledger)
    name = book.ask(request(START))
    book.approve(name, "bob", POLICY, START, known=True)
    assert open_reviews(book.all()) == {}, "it goes on"
    book.revoked((name,), START + 2 * HOUR)
    assert [each.id for each in open_reviews(book.all())[ORG]] == [name]
    first = Review(granted=2 * HOUR, used=11 * MINUTE, objects=("Account",), sign_ins=1, unseen=("a",))
    assert book.reviewed(name, first).review == first
    book.reviewed(name, Review(granted=2 * HOUR, used=timedelta()))
    assert book.find(name).review == first and len(ledger.entries(EntryKind.EVIDENCE)) == 1
    assert open_reviews(book.all()) == {}
    assert "| 2 h granted, 11 min used, 1 object touched | Account | 1 | a |" in reviews(book.all())


CSV = (
    '"TIMESTAMP","TIMESTAMP_DERIVED","USER_ID","METHOD","URI","ENTITY_NAME","STATUS_CODE","QUERY"\n'
    f'"20260513210100.5","2026-05-13T21:01:00.005Z","{USER[:15]}","GET","/services/data/v66.0/query","","200","SELECT Id FROM Contact"\n'
    f'"20260513210500.13","","{USER[:15]}","GET","/services/data/v66.0/sobjects/Account/1","Account","200",""\n'
    f'"20260513210600.13","","{USER[:15]}","GET","/services/data/v66.0/sobjects/Lead/1","Lead","403",""\n'
    '"20260513210700.13","","0052x0000000009","GET","/services/data/v66.0/sobjects/Case/1","Case","200",""\n'
).encode()


def org(files: bool = True, monitors: bool = True, there: bool = True, status: int = 200) -> Any:
    def of(soql: str) -> Rows | tuple[str, str]:
        if "FROM PermissionSetAssignment" in soql:
            return [{"PermissionSet": {"PermissionsMonitorLoginHistory": monitors}}]
        if "FROM EventLogFile" in soql:
            if not files:
                return "INVALID_TYPE", "sObject type 'EventLogFile' is not supported."
            days = ("2026-05-13", "2026-05-14")
            return [
                {
                    "Id": f"0AT{day}",
                    "EventType": "RestApi",
                    "Interval": "Daily",
                    "LogDate": f"{day}T00:00:00.000+0000",
                }
                for day in days
            ]
        if "FROM User " in soql:
            return [{"Id": USER, "Username": PEOPLE[0].title()}] if there else []
        return [
            {"LoginTime": "2026-05-13T21:00:59.000+0000", "LoginType": "Remote Access 2.0", "Status": "Success"},
            {"LoginTime": "2026-05-13T21:02:00.000+0000", "LoginType": "Application", "Status": "Invalid Password"},
        ]  # fmt: skip

    answer = scripted(of)

    def script(call: Call) -> Answer:
        if not call.path.endswith("/LogFile"):
            return answer(call)
        body = CSV if "05-13" in call.path else CSV.partition(b"\n")[0]
        return Answer(
            status, body if status == 200 else b'[{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]'
        )

    return script


def test_calls_are_read_at_their_moment(play: Play) -> None:
    watched = watch(play(org()), [grant(), grant(id="5" * 8, request=request(START, 4, reason="another"))])
    assert watched.keys() == {"4f2a9c00", "5" * 8}
    found = review(grant(), watched["4f2a9c00"])
    assert (found.used, found.objects, found.sign_ins) == (2 * MINUTE, ("Account", "Contact"), 1)
    assert found.unseen == (), "a sign-in that was refused is none"


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"files": False}, "View Event Log Files"),
        ({"status": 403}, "View Event Log Files"),
        ({"monitors": False}, "Monitor Login History"),
        ({"there": False}, "no such user any more"),
    ],
)
def test_what_cannot_be_read_is_in_the_review(play: Play, missing: dict[str, Any], said: str) -> None:
    watched = watch(play(org(**missing)), [grant()])
    found = review(grant(), watched["4f2a9c00"])
    assert any(said in line for line in found.unseen)
    if "monitors" not in missing:
        assert found.unseen[0] == "no event log file covers any of it" and found.used == timedelta()
    else:
        assert found.sign_ins is None and found.used == 2 * MINUTE


def test_an_org_that_is_down_gives_no_review(play: Play) -> None:
    with pytest.raises(OrgUnavailable):
        watch(play(lambda call: Answer(503, b"")), [grant()])
