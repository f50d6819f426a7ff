"""Queries against an org: shapes, functions, windows and refusals."""

from datetime import timedelta

import pytest

from deployments.sandbox.caller import Caller
from deployments.sandbox.soql.query import SoqlError, run_query
from tests.deployments.sandbox.small_org import NOON, SmallOrg


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> SmallOrg:
    made = SmallOrg(tmp_path_factory.mktemp("org"))
    accounts = made.store.insert(
        "Account",
        [
            {
                "Name": "Acme",
                "Industry": "Banking",
                "AnnualRevenue": 10.0,
                "OwnerId": made.admin_id,
                "SSN__c": "078-05-1120",
            },
            {"Name": "Bolt", "Industry": "banking", "AnnualRevenue": 30.0, "OwnerId": made.clerk_id},
            {"Name": "100% Pure", "Industry": None, "AnnualRevenue": None, "OwnerId": made.clerk_id},
        ],
    )
    made.store.insert(
        "Contact",
        [
            {"LastName": "One", "Name": "One", "AccountId": accounts[0]},
            {"LastName": "Two", "Name": "Two", "AccountId": accounts[0]},
            {"LastName": "Three", "Name": "Three", "AccountId": accounts[1]},
        ],
    )
    gone = made.store.insert("Account", [{"Name": "Gone"}])[0]
    made.store.delete("Account", gone)
    made.store.insert(
        "LoginHistory",
        [
            {"UserId": user, "LoginTime": NOON - timedelta(days=day), "LoginType": kind, "Status": "Success"}
            for user, day, kind in (
                (made.admin_id, 0, "Application"),
                (made.admin_id, 40, "Application"),
                (made.clerk_id, 1, "Remote Access 2.0"),
            )
        ],
    )
    made.store.insert("OauthToken", [{"UserId": made.clerk_id, "AppName": f"App {n}"} for n in range(2600)])
    made.store.put_metadata(
        "NamedCredential", "EMEA_Org_Sync", {"endpoint": "https://x", "allowMerge": False}
    )
    made.store.insert("NamedCredential", [{"DeveloperName": "EMEA_Org_Sync"}, {"DeveloperName": "Other"}])
    return made


def names(org: SmallOrg, where: str) -> set[object]:
    return set(org.values(f"SELECT Name FROM Account {where}", "Name"))


def refusal(org: SmallOrg, soql: str, *, tooling: bool = False) -> SoqlError:
    with pytest.raises(SoqlError) as caught:
        org.ask(soql, tooling=tooling)
    return caught.value


def test_a_record_carries_attributes_parents_and_booleans(org: SmallOrg) -> None:
    soql = "select id, owner.profile.name, owner.isactive, ownerid from account where name = 'ACME'"
    (record,) = org.ask(soql).records
    account_id = record["Id"]
    assert record["attributes"] == {
        "type": "Account",
        "url": f"/services/data/v67.0/sobjects/Account/{account_id}",
    }
    owner = record["Owner"]
    assert isinstance(owner, dict)
    assert owner["IsActive"] is True
    assert owner["Profile"]["Name"] == "admin profile"
    assert owner["attributes"]["type"] == "User"
    assert list(record) == ["attributes", "Id", "OwnerId", "Owner"]


def test_a_missing_parent_is_null(org: SmallOrg) -> None:
    (record,) = org.ask("SELECT Parent.Name FROM Account WHERE Name = 'Acme'").records
    assert record["Parent"] is None


def test_children_come_nested_or_null(org: SmallOrg) -> None:
    soql = (
        "SELECT Name, (SELECT Name FROM Contacts ORDER BY Name DESC LIMIT 1) FROM Account ORDER BY Name DESC"
    )
    shown = {record["Name"]: record["Contacts"] for record in org.ask(soql).records}
    assert shown["100% Pure"] is None
    contacts = shown["Acme"]
    assert isinstance(contacts, dict)
    assert (contacts["totalSize"], contacts["done"]) == (1, True)
    assert contacts["records"][0]["Name"] == "Two"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("WHERE Industry = 'BANKING'", {"Acme", "Bolt"}),
        ("WHERE Industry != 'Banking'", {"100% Pure"}),
        ("WHERE NOT Industry = 'Banking'", {"100% Pure"}),
        ("WHERE Industry = null", {"100% Pure"}),
        ("WHERE Industry NOT IN ('Banking')", {"100% Pure"}),
        ("WHERE Industry IN ('banking', null)", {"Acme", "Bolt", "100% Pure"}),
        ("WHERE Name LIKE '%o%'", {"Bolt"}),
        (r"WHERE Name LIKE '%\%%'", {"100% Pure"}),
        ("WHERE NOT Name LIKE 'A%'", {"Bolt", "100% Pure"}),
        ("WHERE AnnualRevenue > 10", {"Bolt"}),
        ("WHERE AnnualRevenue >= 10.0 AND (Name = 'Acme' OR Name = 'Bolt')", {"Acme", "Bolt"}),
        ("WHERE Id IN (SELECT AccountId FROM Contact WHERE Name = 'Three')", {"Bolt"}),
        ("WHERE Id NOT IN (SELECT AccountId FROM Contact)", {"100% Pure"}),
        ("WHERE Owner.Username LIKE 'clerk%'", {"Bolt", "100% Pure"}),
        ("WHERE CreatedDate = TODAY", {"Acme", "Bolt", "100% Pure"}),
        ("WHERE CreatedDate < 2026-05-13T12:00:00Z", set()),
        ("WHERE CreatedDate >= 2026-05-13T14:00:00+02:00", {"Acme", "Bolt", "100% Pure"}),
        ("USING SCOPE mine WHERE Name != null", {"Acme"}),
        ("WHERE Name != 'x' WITH SECURITY_ENFORCED ORDER BY Name LIMIT 1 FOR VIEW", {"100% Pure"}),
    ],
)
def test_conditions(org: SmallOrg, where: str, expected: set[object]) -> None:
    assert names(org, where) == expected


def test_fifteen_characters_find_a_record(org: SmallOrg) -> None:
    (record,) = org.ask(f"SELECT Id FROM User WHERE Id = '{org.admin_id[:15]}'").records
    assert record["Id"] == org.admin_id


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("LAST_N_DAYS:1", 2),
        ("LAST_N_DAYS:40", 3),
        ("YESTERDAY", 1),
        ("LAST_N_MONTHS:1", 1),
        ("N_DAYS_AGO:1", 1),
        ("THIS_MONTH", 2),
        ("LAST_90_DAYS", 3),
        ("THIS_YEAR", 3),
        ("N_MONTHS_AGO:2", 0),
        ("LAST_N_MONTHS:2", 1),
    ],
)
def test_date_words_are_half_open_ranges(org: SmallOrg, word: str, count: int) -> None:
    # The logins lie on 13 May, 12 May and 3 April; LAST_N_MONTHS leaves the current month out.
    assert org.ask(f"SELECT COUNT() FROM LoginHistory WHERE LoginTime = {word}").total_size == count


def test_before_and_after_a_range(org: SmallOrg) -> None:
    def size(condition: str) -> int:
        return org.ask(f"SELECT COUNT() FROM LoginHistory WHERE LoginTime {condition}").total_size

    assert [
        size("< TODAY"),
        size("<= TODAY"),
        size("> YESTERDAY"),
        size(">= YESTERDAY"),
        size("!= TODAY"),
    ] == [2, 3, 1, 2, 2]


def test_groups_and_their_names(org: SmallOrg) -> None:
    result = org.ask(
        "SELECT LoginType, UserId, COUNT(Id) n, MAX(LoginTime), COUNT_DISTINCT(LoginType) FROM LoginHistory "
        "GROUP BY LoginType, UserId HAVING COUNT(Id) > 1 ORDER BY COUNT(Id) DESC"
    )
    assert result.aggregate
    assert result.records == [
        {
            "attributes": {"type": "AggregateResult"},
            "LoginType": "Application",
            "UserId": org.admin_id,
            "n": 2,
            "expr0": "2026-05-13T12:00:00.000+0000",
            "expr1": 1,
        }
    ]


def test_functions_of_dates_group(org: SmallOrg) -> None:
    soql = (
        "SELECT CALENDAR_MONTH(LoginTime) m, COUNT(Id) n FROM LoginHistory GROUP BY CALENDAR_MONTH(LoginTime)"
    )
    assert {(row["m"], row["n"]) for row in org.ask(soql).records} == {(4, 1), (5, 2)}


def test_rollup_adds_subtotals(org: SmallOrg) -> None:
    soql = "SELECT LoginType, UserId, COUNT(Id) n FROM LoginHistory GROUP BY ROLLUP(LoginType, UserId)"
    rows = [(row["LoginType"], row["UserId"] is None, row["n"]) for row in org.ask(soql).records]
    assert (None, True, 3) in rows
    assert ("Application", True, 2) in rows
    assert len(rows) == 2 + 2 + 1


def test_typeof_follows_the_kind_of_parent(org: SmallOrg) -> None:
    org.store.insert("Integration_Settings__c", [{"Name": "s", "SetupOwnerId": org.clerk_id}])
    soql = (
        "SELECT TYPEOF SetupOwner WHEN User THEN Username WHEN Profile THEN Name ELSE Id END "
        "FROM Integration_Settings__c"
    )
    (record,) = org.ask(soql).records
    assert isinstance(record["SetupOwner"], dict)
    assert record["SetupOwner"]["Username"] == "clerk@meridian.example"
    assert record["SetupOwner"]["attributes"]["type"] == "User"


def test_windows(org: SmallOrg) -> None:
    assert org.values("SELECT Name FROM Account ORDER BY Name LIMIT 1 OFFSET 1", "Name") == ["Acme"]
    assert (
        org.values("SELECT Name FROM Account ORDER BY AnnualRevenue DESC NULLS FIRST", "Name")[0]
        == "100% Pure"
    )
    assert org.ask("SELECT COUNT() FROM Account LIMIT 2").total_size == 2


def test_fields_all(org: SmallOrg) -> None:
    (record,) = org.ask("SELECT FIELDS(ALL) FROM Account WHERE Name = 'Acme' LIMIT 200").records
    assert record["SSN__c"] == "078-05-1120"
    assert refusal(org, "SELECT FIELDS(ALL) FROM Account").code == "MALFORMED_QUERY"


def test_oauth_tokens_stop_at_a_ceiling_and_hide_their_ids(org: SmallOrg) -> None:
    result = org.ask("SELECT Id, AppName, User.Username FROM OauthToken")
    assert (result.total_size, len(result.records), result.page_size) == (2600, 2500, 500)
    assert result.records[0]["Id"] is None
    message = refusal(org, "SELECT COUNT_DISTINCT(UserId) FROM OauthToken").message
    assert "field UserId does not support aggregate operator COUNT_DISTINCT" in message
    assert (
        refusal(org, "SELECT AppName, COUNT(Id) FROM OauthToken GROUP BY AppName").code == "EXCEEDED_ID_LIMIT"
    )


def test_metadata_comes_for_one_row_only(org: SmallOrg) -> None:
    (record,) = org.ask(
        "SELECT FullName, Metadata FROM NamedCredential WHERE DeveloperName = 'EMEA_Org_Sync'", tooling=True
    ).records
    assert record["FullName"] == "EMEA_Org_Sync"
    assert record["Metadata"] == {"endpoint": "https://x", "allowMerge": False}
    error = refusal(org, "SELECT Id, Metadata FROM NamedCredential", tooling=True)
    assert error.code == "MALFORMED_QUERY"
    assert "Result size: 2" in error.message


@pytest.mark.parametrize(
    ("soql", "code", "part"),
    [
        ("SELECT * FROM User", "MALFORMED_QUERY", "unexpected token: '*'"),
        ("SELECT Id FROM User WHERE", "MALFORMED_QUERY", "<EOF>"),
        (
            "SELECT Id FROM User WHERE A = '1' AND B = '2' OR C = '3'",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        ("SELECT Id FROM User ALL ROWS", "MALFORMED_QUERY", "ROWS"),
        (
            "SELECT DISTINCT Name FROM User",
            "MALFORMED_QUERY",
            "only aggregate expressions use field aliasing",
        ),
        ("SELECT Id FROM User; DROP TABLE User", "MALFORMED_QUERY", "unexpected token: ';'"),
        ("SELECT Id FROM User UNION SELECT Id FROM Account", "MALFORMED_QUERY", ""),
        ("SELECT Nope FROM User", "INVALID_FIELD", "No such column 'Nope' on entity 'User'"),
        ("SELECT Nope.Id FROM User", "INVALID_FIELD", "Didn't understand relationship 'Nope'"),
        ("SELECT Id FROM sqlite_master", "INVALID_TYPE", "sObject type 'sqlite_master' is not supported"),
        ("SELECT Id FROM _credential", "INVALID_TYPE", ""),
        ("SELECT Id FROM Certificate", "INVALID_TYPE", ""),
        (
            "SELECT Id FROM LoginHistory WHERE Status = 'x'",
            "INVALID_FIELD",
            "can not be filtered in a query call",
        ),
        ("SELECT Id FROM SetupAuditTrail WHERE Display LIKE '%x%'", "INVALID_FIELD", "field 'Display'"),
        ("SELECT COUNT(Id) FROM SetupAuditTrail", "MALFORMED_QUERY", "aggregate"),
        ("SELECT Id FROM User LIMIT 1 OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", ""),
        (
            "SELECT Name, COUNT(Id) FROM User GROUP BY Email",
            "MALFORMED_QUERY",
            "must be grouped or aggregated: Name",
        ),
        ("SELECT Id FROM User WHERE IsActive = 'true'", "INVALID_FIELD", "must be of type boolean"),
        ("SELECT Id FROM User WHERE Name = 3", "INVALID_FIELD", "must be of type string"),
        ("SELECT Id FROM User WHERE CreatedDate > '2026-01-01'", "INVALID_FIELD", "must be of type dateTime"),
        ("SELECT Id, Id FROM User", "MALFORMED_QUERY", "duplicate field selected: Id"),
        ("SELECT Id FROM User WHERE Name = 'O\\'Brien' AND Name = :bound", "MALFORMED_QUERY", ""),
        ("SELECT Id FROM User WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: x"),
        (
            "SELECT QualifiedApiName FROM FieldDefinition",
            "MALFORMED_QUERY",
            "EntityDefinition.QualifiedApiName",
        ),
        ("SELECT Id FROM User WHERE Id IN (SELECT Name FROM Account)", "MALFORMED_QUERY", "semi-join"),
    ],
)
def test_refusals(org: SmallOrg, soql: str, code: str, part: str) -> None:
    error = refusal(org, soql)
    assert error.code == code
    assert part in error.message


def test_a_refusal_points_at_the_place(org: SmallOrg) -> None:
    place = "\nSELECT Foo FROM Account\n       ^\nERROR at Row:1:Column:8\n"
    message = refusal(org, "SELECT Foo FROM Account").message
    assert message.startswith(f"{place}No such column 'Foo' on entity 'Account'.")


def test_a_quote_in_a_value_stays_a_value(org: SmallOrg) -> None:
    assert org.ask("SELECT Id FROM Account WHERE Name = 'x\\' OR Name != \\''").records == []


def test_deleted_rows_show_only_when_asked(org: SmallOrg) -> None:
    schema, soql = org.store.schema, "SELECT COUNT() FROM Account"
    sizes = [
        run_query(org.store, schema, soql, Caller.system(), include_deleted=deleted).total_size
        for deleted in (False, True)
    ]
    assert sizes == [3, 4]


def test_long_lists_are_bound(org: SmallOrg) -> None:
    ids = ",".join(f"'{org.admin_id[:12]}{n:03d}'" for n in range(900))
    assert org.ask(f"SELECT COUNT() FROM User WHERE Id IN ('{org.admin_id}',{ids})").total_size >= 1


def test_thousands_of_alternatives_run(org: SmallOrg) -> None:
    many = " OR ".join(f"Name = 'N{n}'" for n in range(3000))
    assert names(org, f"WHERE {many} OR Name = 'Acme'") == {"Acme"}


def test_a_file_is_shown_by_address(org: SmallOrg) -> None:
    made = org.store.insert("EventLogFile", [{"EventType": "RestApi", "LogFile": "A,B\n1,2\n"}])[0]
    assert org.values("SELECT LogFile FROM EventLogFile", "LogFile") == [
        f"/services/data/v67.0/sobjects/EventLogFile/{made}/LogFile"
    ]
