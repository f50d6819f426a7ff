"""Everything that happens leaves its traces: files by the hour and by the day, late ones, stored events, ranges."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from deployments.sandbox import launch
from deployments.sandbox.telemetry.columns import columns
from tests.deployments.sandbox.envelopes import soap, texts
from tests.deployments.sandbox.logins import bearer_login
from tests.running import RunningEstate

ADMIN = "admin@hq.example"
V = "v62.0"


@pytest.fixture(autouse=True)
def put_back(miniature: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(miniature.folder, "before-telemetry")
    yield
    launch.restore_snapshot(miniature.folder, "before-telemetry")
    launch.delete_snapshot(miniature.folder, "before-telemetry")


def query(miniature: RunningEstate, soql: str) -> list[dict[str, Any]]:
    answer = miniature.get("hq", ADMIN, f"{V}/query", params={"q": soql})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["records"]
    return found


def advance(miniature: RunningEstate, hours: float) -> None:
    launch.ask(miniature.folder, "POST", "/clock", {"advance_seconds": hours * 3600})


def files(miniature: RunningEstate, kind: str, interval: str) -> list[dict[str, Any]]:
    return query(
        miniature,
        "SELECT Id, LogDate, CreatedDate, Sequence, LogFile, LogFileLength, LogFileFieldNames FROM EventLogFile"
        f" WHERE EventType = '{kind}' AND Interval = '{interval}' ORDER BY LogDate, Sequence",
    )


def rows(miniature: RunningEstate, file: dict[str, Any]) -> list[dict[str, str]]:
    body = miniature.get("hq", ADMIN, f"{V}/sobjects/EventLogFile/{file['Id']}/LogFile")
    assert len(body.content) == file["LogFileLength"]
    read = list(csv.DictReader(io.StringIO(body.text)))
    assert list(read[0]) == file["LogFileFieldNames"].split(",")
    return read


def marked(miniature: RunningEstate, mark: str) -> None:
    query(miniature, f"SELECT Id, Name FROM Account WHERE Name = '{mark}' LIMIT 1")


def test_an_hourly_file_appears_three_hours_after_its_hour(miniature: RunningEstate) -> None:
    before = len(files(miniature, "RestApi", "Hourly"))
    marked(miniature, "first mark")
    advance(miniature, 2)
    assert len(files(miniature, "RestApi", "Hourly")) == before
    advance(miniature, 2.1)
    found = files(miniature, "RestApi", "Hourly")
    assert len(found) > before and found[-1]["Sequence"] >= 1
    mine = [row for file in found for row in rows(miniature, file) if "first mark" in row["QUERY"]]
    assert len(mine) == 1
    row = mine[0]
    assert (row["EVENT_TYPE"], row["METHOD"], row["ENTITY_NAME"], row["STATUS_CODE"]) == (
        "RestApi",
        "GET",
        "Account",
        "200",
    )
    assert row["CLIENT_IP"].startswith("203.0.113.") and row["USER_ID_DERIVED"].startswith("005")
    assert row["TIMESTAMP_DERIVED"].endswith("Z") and row["TIMESTAMP"].startswith(
        row["TIMESTAMP_DERIVED"][:4]
    )


def test_what_comes_late_goes_into_a_file_with_a_higher_sequence(miniature: RunningEstate) -> None:
    marked(miniature, "in time")
    advance(miniature, 4.1)
    first = files(miniature, "RestApi", "Hourly")[-1]
    # Noted now, although it happened in an hour whose file is there.
    launch.ask(
        miniature.folder, "POST", "/late-event", {"org": "hq", "at": first["LogDate"], "kind": "RestApi"}
    )
    found = [f for f in files(miniature, "RestApi", "Hourly") if f["LogDate"] == first["LogDate"]]
    assert [f["Sequence"] for f in found] == [1, 2]
    assert len(rows(miniature, found[1])) == 1


def test_a_daily_file_tells_the_same_events_as_the_hourly_ones(miniature: RunningEstate) -> None:
    for number in range(3):
        marked(miniature, f"daily mark {number}")
    advance(miniature, 31)
    told = {
        interval: sorted(
            row["QUERY"]
            for file in files(miniature, "RestApi", interval)
            for row in rows(miniature, file)
            if "daily mark" in row["QUERY"]
        )
        for interval in ("Hourly", "Daily")
    }
    assert len(told["Daily"]) == 3 and told["Daily"] == told["Hourly"]
    assert {file["Sequence"] for file in files(miniature, "RestApi", "Daily")} == {0}


def test_logins_usage_and_metadata_calls_have_types_of_their_own(miniature: RunningEstate) -> None:
    from tests.deployments.sandbox.envelopes import read

    assert bearer_login(miniature, ADMIN).status_code == 200
    read(miniature, "Profile", "Clerk")
    marked(miniature, "usage")
    advance(miniature, 4.1)
    logins = [row for file in files(miniature, "Login", "Hourly") for row in rows(miniature, file)]
    assert any(row["USER_NAME"] == ADMIN and row["LOGIN_STATUS"] == "LOGIN_NO_ERROR" for row in logins)
    usage = [row for file in files(miniature, "ApiTotalUsage", "Hourly") for row in rows(miniature, file)]
    assert {"REST", "SOAP"} <= {row["API_FAMILY"] for row in usage}
    calls = [
        row for file in files(miniature, "MetadataApiOperation", "Hourly") for row in rows(miniature, file)
    ]
    assert calls[-1]["OPERATION"] == "meta_synchronous_read"


def generation(miniature: RunningEstate, *, on: bool) -> None:
    body = f"<fullName>Event</fullName><enableEventLogGeneration>{str(on).lower()}</enableEventLogGeneration>"
    content = f'<upsertMetadata><metadata xsi:type="EventSettings">{body}</metadata></upsertMetadata>'
    status, answer = soap(miniature, content)
    assert (status, texts(answer, "success")) == (200, ["true"])


def marks(miniature: RunningEstate, interval: str) -> list[str]:
    return sorted(
        row["QUERY"].partition("Name = '")[2].partition("'")[0]
        for file in files(miniature, "RestApi", interval)
        for row in rows(miniature, file)
        if "marked" in row["QUERY"]
    )


def test_what_happens_while_generation_is_off_is_in_no_file(miniature: RunningEstate) -> None:
    marked(miniature, "marked before")
    generation(miniature, on=False)
    marked(miniature, "marked while off")
    advance(miniature, 4.1)
    assert marks(miniature, "Hourly") == ["marked before"], "its hour was not over when the switch was turned"
    generation(miniature, on=True)
    marked(miniature, "marked after")
    assert marks(miniature, "Hourly") == ["marked before"]
    advance(miniature, 4.1)
    assert marks(miniature, "Hourly") == ["marked after", "marked before"]
    advance(miniature, 31)
    assert marks(miniature, "Daily") == marks(miniature, "Hourly") == ["marked after", "marked before"]


def test_whether_free_types_hang_on_the_switch_too_can_be_turned_round(miniature: RunningEstate) -> None:
    generation(miniature, on=False)
    advance(miniature, 4.1)
    before = len(files(miniature, "ApiTotalUsage", "Hourly"))
    marked(miniature, "seen by nobody")
    advance(miniature, 4.1)
    assert len(files(miniature, "ApiTotalUsage", "Hourly")) == before
    launch.ask(miniature.folder, "POST", "/switches", {"name": "free_logs_follow_generation", "value": False})
    marked(miniature, "counted all the same")
    advance(miniature, 4.1)
    assert len(files(miniature, "ApiTotalUsage", "Hourly")) > before
    assert not marks(miniature, "Hourly")


def test_old_files_go(miniature: RunningEstate) -> None:
    marked(miniature, "soon gone")
    advance(miniature, 31)
    assert files(miniature, "RestApi", "Daily")
    # A day's file comes six hours after the day and stays for thirty days, whatever the hour of this test.
    advance(miniature, 33 * 24)
    assert not [f for f in files(miniature, "RestApi", "Daily") if f["Sequence"] == 0]


def test_events_survive_a_snapshot(miniature: RunningEstate) -> None:
    marked(miniature, "kept mark")
    launch.save_snapshot(miniature.folder, "with-events")
    launch.restore_snapshot(miniature.folder, "with-events")
    launch.delete_snapshot(miniature.folder, "with-events")
    advance(miniature, 4.1)
    told = [row["QUERY"] for f in files(miniature, "RestApi", "Hourly") for row in rows(miniature, f)]
    assert any("kept mark" in each for each in told)


def test_stored_events_answer_to_their_index_alone(miniature: RunningEstate) -> None:
    marked(miniature, "stored mark")
    found = query(
        miniature,
        "SELECT EventDate, EventIdentifier, Username, Query, RowsReturned FROM ApiEvent ORDER BY EventDate DESC",
    )
    assert any("stored mark" in event["Query"] and event["Username"] == ADMIN for event in found)
    assert (
        query(miniature, "SELECT Status FROM LoginEvent WHERE EventDate > 2020-01-01T00:00:00Z") is not None
    )
    newest = found[0]
    exactly = f"EventDate = {newest['EventDate'].replace('+0000', 'Z')} AND EventIdentifier = '{newest['EventIdentifier']}'"
    assert len(query(miniature, f"SELECT Username FROM ApiEvent WHERE {exactly}")) == 1
    for condition in ("Username = 'x'", "EventIdentifier = 'x'", "EventDate > TODAY OR EventDate < TODAY", "EventDate != TODAY",
                      "EventDate > TODAY AND EventIdentifier = 'x'", "Username LIKE 'a%'"):  # fmt: skip
        refused = miniature.get(
            "hq", ADMIN, f"{V}/query", params={"q": f"SELECT EventDate FROM ApiEvent WHERE {condition}"}
        )
        assert refused.status_code == 400, condition
    for soql in (
        "SELECT COUNT() FROM ApiEvent",
        "SELECT Username, COUNT(Id) FROM ApiEvent GROUP BY Username",
    ):
        assert miniature.get("hq", ADMIN, f"{V}/query", params={"q": soql}).status_code == 400


def test_background_files_are_as_long_as_they_say_and_always_the_same(estate: RunningEstate) -> None:
    user = estate.org("hq")["apps"][0]["username"]
    scanner = "bulkhead.scanner@hq.meridian.example"
    soql = "SELECT Id, EventType, LogFileLength FROM EventLogFile WHERE EventType IN ('URI', 'Report', 'DatabaseSave', 'AuraRequest')"
    found = estate.get(
        "hq", scanner, f"{V}/query", params={"q": f"{soql} ORDER BY LogDate DESC LIMIT 8"}
    ).json()["records"]
    assert len(found) == 8 and user
    for file in found:
        path = f"{V}/sobjects/EventLogFile/{file['Id']}/LogFile"
        body = estate.get("hq", scanner, path).content
        assert len(body) == file["LogFileLength"]
        assert estate.get("hq", scanner, path).content == body
        assert tuple(next(csv.reader([body.decode().partition("\n")[0]]))) == columns(file["EventType"])
    part = estate.get("hq", scanner, path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, body[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(body)}"
    assert estate.get("hq", scanner, path, headers={"Range": "bytes=-5"}).content == body[-5:]


def test_the_estate_counts_its_telemetry(estate: RunningEstate) -> None:
    rows = launch.ask(estate.folder, "GET", "/telemetry")["rows"]
    # 400 users; a whole estate has twenty times as many.
    assert rows > 60_000
