"""Rows as the store keeps them: typed, timed and masked, from cells as real files have them and from live objects."""

import json
from datetime import UTC, datetime

import polars as pl
import pytest

from tasks.telemetry.csv_stream import frames
from tasks.telemetry.masks import mask, masked_display, pseudonyms, unnamed
from tasks.telemetry.model import Tier
from tasks.telemetry.normal import long_id, normalise, rows_of

NAME = pseudonyms(b"k" * 32)
OTHER = pseudonyms(b"o" * 32)


def normal(**cells: str | None) -> dict[str, object]:
    frame = pl.DataFrame(
        {name: [value] for name, value in cells.items()}, schema=dict.fromkeys(cells, pl.String)
    )
    (row,) = normalise(frame, "hq", Tier.HOURLY, NAME).to_dicts()
    return row


def test_cells_in_quotes_within_quotes_lose_them() -> None:
    content = b'"TIMESTAMP","URL","USER_ID"\n"20240311160000.000","""https://test.local.test""",""\n'
    (frame,) = frames([content])
    (row,) = normalise(frame, "hq", Tier.HOURLY, NAME).to_dicts()
    assert row["URL"] == "https://test.local.test" and row["USER_ID"] is None


@pytest.mark.parametrize(
    ("derived", "stamp", "moment"),
    [
        ("2021-10-19T05:07:07.128Z", "20211019050707.13", datetime(2021, 10, 19, 5, 7, 7, 128_000, UTC)),
        (None, "20211019050707.13", datetime(2021, 10, 19, 5, 7, 7, 130_000, UTC)),
        ("", "20211019050707.005", datetime(2021, 10, 19, 5, 7, 7, 5_000, UTC)),
        ("rubbish", "20211019050707.000", datetime(2021, 10, 19, 5, 7, 7, 0, UTC)),
        ("rubbish", "", None),
    ],
)
def test_the_time_comes_from_the_derived_stamp_or_else_from_the_other(
    derived: str | None, stamp: str, moment: datetime | None
) -> None:
    assert normal(TIMESTAMP_DERIVED=derived, TIMESTAMP=stamp)["AT"] == moment


def test_numbers_are_numbers_whatever_they_look_like() -> None:
    row = normal(
        TIMESTAMP="20211019050707.0", ROWS_PROCESSED="12", RUN_TIME="12.0", CPU_TIME="", STATUS_CODE="x"
    )
    assert (row["ROWS_PROCESSED"], row["RUN_TIME"], row["CPU_TIME"], row["STATUS_CODE"]) == (
        12,
        12,
        None,
        None,
    )


@pytest.mark.parametrize(("short", "long"), [("005Dn000001ab23", "005Dn000001ab23IAA"), ("0", "0"), ("", "")])
def test_an_id_of_fifteen_letters_gets_its_check_sum(short: str, long: str) -> None:
    assert long_id(short) == long


def test_every_row_has_both_ids_of_its_user() -> None:
    assert normal(USER_ID="005Dn000001ab23")["USER_ID_DERIVED"] == "005Dn000001ab23IAA"
    assert normal(USER_ID="", USER_ID_DERIVED="005Dn000001ab23IAA")["USER_ID"] == "005Dn000001ab23"


@pytest.mark.parametrize(
    ("query", "masked"),
    [
        ("SELECT Id FROM Contact WHERE Email = 'ada@acme.example' LIMIT 200", "SELECT Id FROM Contact WHERE Email = '?' LIMIT 200"),
        ("SELECT Id FROM Contact WHERE Birthdate >= 1980-01-31 AND Age__c>42", "SELECT Id FROM Contact WHERE Birthdate >= ? AND Age__c>?"),
        (r"SELECT Id FROM Lead WHERE Name = 'O\'Hara' OR Name IN ('A','B')", "SELECT Id FROM Lead WHERE Name = '?' OR Name IN ('?','?')"),
        ("SELECT Id FROM Lead WHERE Name = 'Ada Lov", "SELECT Id FROM Lead WHERE Name = '?'"),
        ("FIND {Lovelace} IN ALL FIELDS RETURNING Contact", "FIND {?} IN ALL FIELDS RETURNING Contact"),
        ("SELECT Id FROM Case WHERE Description LIKE '%AKIA%Ada%'", "SELECT Id FROM Case WHERE Description LIKE '?AKIA?'"),
        ("FIND {Ada password} IN ALL FIELDS", "FIND {?password?} IN ALL FIELDS"),
        (None, None),
    ],
)  # fmt: skip
def test_a_query_keeps_its_shape_and_loses_its_values(query: str | None, masked: str | None) -> None:
    assert normal(QUERY=query)["QUERY"] == masked


def test_what_people_type_and_are_called_is_not_stored() -> None:
    row = normal(
        SEARCH_QUERY="Ada Lovelace", URI="/services/data/v67.0/query?q=SELECT+Ada", REQUEST_PATH="/x/ada@acme.example",
        EXCEPTION_MESSAGE="duplicate value 'Ada' for ada@acme.example, record 12345678", RECORDS='{"Name": "Ada"}',
        USER_NAME="Ada@acme.example",
    )  # fmt: skip
    assert "ada" not in json.dumps(row, default=str).lower() and "12345678" not in str(row)
    assert "RECORDS" not in row and row["URI"] == "/services/data/v67.0/query?"


def test_a_user_name_is_the_same_made_up_name_everywhere_and_another_with_another_key() -> None:
    assert NAME("Ada@acme.example") == NAME("ada@ACME.example ") != NAME("bob@acme.example")
    assert NAME("ada@acme.example") != OTHER("ada@acme.example") and unnamed("ada@acme.example") == "user"


@pytest.mark.parametrize(
    ("text", "gone", "stays"),
    [
        ("Permission set Export Reports: assigned to user Ada Lovelace", "Lovelace", "Permission set Export Reports: assigned to user user-"),
        ("Deactivated user Jame Example (UserID: [000c00000123ab])", "Jame", "(UserID: [000c00000123ab])"),
        ("Changed email for user Sally Example (UserID: [005]) from a@b.example to c@d.example", "Sally", " from user-"),
        ("Time-Based Token removed for john@example.com", "john", "Time-Based Token removed for user-"),
        ("Deleted Login Ip Range to Read-Only HR User from 198.51.100.1 to 198.51.100.2", "user-", "from 198.51.100.1 to 198.51.100.2"),
        ("Changed permission set App_Service_User: View All Users permission was changed from disabled to enabled", "user-",
         "App_Service_User: View All Users permission was changed from disabled to enabled"),
    ],
)  # fmt: skip
def test_a_line_of_the_audit_trail_says_what_was_done_and_not_to_whom(
    text: str, gone: str, stays: str
) -> None:
    said = masked_display(text, NAME)
    assert gone not in said and stays in said
    assert mask(pl.DataFrame({"DISPLAY": [text]}), NAME)["DISPLAY"].to_list() == [said]


def test_a_sign_in_of_a_live_object_has_the_columns_of_a_file() -> None:
    record = {
        "attributes": {"type": "LoginHistory"}, "Id": "0Ya000000000001AAA", "UserId": "005Dn000001ab23IAA",
        "LoginTime": "2026-05-02T06:14:09.000+0000", "Status": "Password Lockout", "LoginType": "Remote Access 2.0",
        "SourceIp": "203.0.113.7", "LoginGeoId": None, "CountryIso": "DE", "OptionsIsPost": True,
    }  # fmt: skip
    (row,) = rows_of([record], "LoginTime", "hq", NAME).to_dicts()
    assert (row["AT"], row["TIER"], row["ORG"]) == (datetime(2026, 5, 2, 6, 14, 9, tzinfo=UTC), "live", "hq")
    assert (row["LOGIN_STATUS"], row["STATUS"]) == ("LOGIN_ERROR_PASSWORD_LOCKOUT", "Password Lockout")
    assert (row["LOGIN_TYPE"], row["LOGIN_TYPE_TEXT"]) == ("i", "Remote Access 2.0")
    assert (row["USER_ID"], row["USER_ID_DERIVED"]) == ("005Dn000001ab23", "005Dn000001ab23IAA")
    assert (row["SOURCE_IP"], row["COUNTRY_CODE"], row["ID"]) == ("203.0.113.7", "DE", "0Ya000000000001AAA")


def test_no_records_are_no_rows() -> None:
    assert rows_of([], "LoginTime", "hq", NAME).height == 0
