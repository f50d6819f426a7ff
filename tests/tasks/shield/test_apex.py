"""Every query of a class is found with its line, and what only looks like one is not."""

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.shield.apex import apex_callers
from tasks.shield.model import Caller, CallerKind, Use
from tasks.shield.soql import Related, mentions

RELATED = Related(
    parents={
        "contact.account": ("Account",),
        "case.contact": ("Contact",),
        "account.parent": ("Account",),
    },
    children={"account.contacts": "Contact"},
)
FIELDS = ("Account.SSN__c", "Contact.SSN__c", "Contact.TaxID__c")


def seen(source: str) -> list[tuple[str, Use, int | None]]:
    found = apex_callers(dedent(source), "Search", CallerKind.APEX_CLASS, FIELDS, RELATED)
    assert all(caller.kind is CallerKind.APEX_CLASS and caller.name == "Search" for caller in found)
    return [(caller.field, caller.use, caller.line) for caller in found]


@pytest.mark.parametrize(
    ("where", "use"),
    [
        ("WHERE SSN__c = :ssn", Use.EQUALITY),
        ("WHERE ssn__C != null", Use.EQUALITY),
        ("WHERE SSN__c IN :all", Use.EQUALITY),
        ("WHERE SSN__c NOT IN ('a', 'b')", Use.EQUALITY),
        ("WHERE (Name = 'x' OR SSN__c = :f(a, b[0].c))", Use.EQUALITY),
        ("WHERE SSN__c LIKE :part", Use.COMPARISON),
        ("WHERE SSN__c > '1'", Use.COMPARISON),
        ("WHERE NOT SSN__c LIKE 'x%'", Use.COMPARISON),
        ("WHERE CALENDAR_YEAR(SSN__c) = 2020", Use.COMPARISON),
        ("WHERE Name = 'x' ORDER BY SSN__c DESC NULLS LAST", Use.SORT),
        ("GROUP BY SSN__c", Use.GROUP),
        ("GROUP BY ROLLUP(SSN__c)", Use.GROUP),
        ("GROUP BY Name HAVING COUNT(SSN__c) > 1", Use.AGGREGATE),
        ("WHERE Account.SSN__c = 'x'", Use.EQUALITY),
    ],
)
def test_each_way_to_ask_is_told_apart(where: str, use: Use) -> None:
    assert seen(f"List<Account> a = [SELECT Id FROM Account {where}];") == [("Account.SSN__c", use, 1)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT Id, SSN__c FROM Account WHERE Name = 'SSN__c = 1'",
        "SELECT Id FROM Account WHERE Name = :SSN__c AND Type = :row.SSN__c",
        "SELECT Id FROM Account WHERE Name = :find('SSN__c') ORDER BY Name LIMIT 5",
        "SELECT toLabel(SSN__c) FROM Account WHERE CreatedDate = LAST_N_DAYS:30",
        "SELECT Id FROM Lead WHERE SSN__c = 'another object'",
    ],
)
def test_what_only_reads_or_names_is_no_caller(query: str) -> None:
    assert seen(f"Object o = [{query}];") == []


def test_relationships_lead_to_the_field_they_mean() -> None:
    source = """
        public class A {
            Object a = [SELECT Id FROM Contact WHERE Account.SSN__c = 'x'];
            Object b = [SELECT Id FROM Case WHERE Contact.Account.Parent.SSN__c = 'x'];
            Object c = [SELECT Id, (SELECT Id FROM Contacts WHERE SSN__c = 'x') FROM Account];
            Object d = [SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE TaxID__c = 'x')];
            Object e = [SELECT c.Id FROM Contact c WHERE c.TaxID__c = 'x'];
        }
    """
    assert seen(source) == [
        ("Account.SSN__c", Use.EQUALITY, 3),
        ("Account.SSN__c", Use.EQUALITY, 4),
        ("Contact.SSN__c", Use.EQUALITY, 5),
        ("Contact.TaxID__c", Use.EQUALITY, 6),
        ("Contact.TaxID__c", Use.EQUALITY, 7),
    ]


def test_a_relationship_nobody_knows_may_lead_to_any_field_of_that_name() -> None:
    source = "Object a = [SELECT Id FROM Booking__c WHERE Client__r.SSN__c = 'x'];"
    assert seen(source) == [("Account.SSN__c", Use.EQUALITY, 1), ("Contact.SSN__c", Use.EQUALITY, 1)]


def test_texts_that_become_queries_are_read_whole() -> None:
    source = """
        public class A {
            List<Account> find(String ssn) {
                String soql = 'SELECT Id FROM Account ' +
                    'WHERE SSN__c = \\'' + String.escapeSingleQuotes(ssn) + '\\' ' +
                    'ORDER BY Name';
                return Database.query(soql);
            }
        }
    """
    assert seen(source) == [("Account.SSN__c", Use.EQUALITY, 5)]


def test_a_text_in_pieces_is_read_piece_by_piece() -> None:
    for piece, use in (
        (" AND TaxID__c = 1", Use.EQUALITY),
        (" WHERE TaxID__c > :x", Use.COMPARISON),
        (" GROUP BY Name HAVING COUNT(TaxID__c) > 1", Use.AGGREGATE),
        (" ORDER BY TaxID__c DESC", Use.SORT),
        ("TaxID__c", Use.TEXT),
        ("TaxID__c: ", Use.TEXT),
    ):
        assert seen(f"String w = '{piece}'; Database.query(start + w);") == [("Contact.TaxID__c", use, 1)], (
            piece
        )
    logged = "Database.query(start); System.debug('TaxID__c = ' + x);"
    assert seen(logged) == []


def test_where_no_query_is_made_a_condition_is_something_to_look_at() -> None:
    assert seen("String w = ' AND TaxID__c = 1'; return w;") == [("Contact.TaxID__c", Use.TEXT, 1)]
    assert seen("String w = 'TaxID__c'; return w;") == []


def test_a_field_token_beside_a_query_from_texts_is_something_to_look_at() -> None:
    source = "Database.query('SELECT Id FROM Account ORDER BY ' + Account.SSN__c); Object o = account.SSN__c;"
    assert seen(source) == [("Account.SSN__c", Use.TEXT, 1)]
    assert seen("Object o = Account.SSN__c.getDescribe();") == []


def test_an_object_whose_name_is_put_together_may_be_any() -> None:
    source = "Database.query('SELECT Id FROM ' + kind + ' WHERE SSN__c = 1');"
    assert seen(source) == [("Account.SSN__c", Use.EQUALITY, 1), ("Contact.SSN__c", Use.EQUALITY, 1)]


def test_searches_are_read_too() -> None:
    source = "Object o = [FIND :x IN ALL FIELDS RETURNING Account(Id WHERE SSN__c = 'a' ORDER BY Name), Contact(Id)];"
    assert seen(source) == [("Account.SSN__c", Use.EQUALITY, 1)]


def test_comments_are_no_code_and_keep_their_lines() -> None:
    source = """
        // [SELECT Id FROM Account WHERE SSN__c = 'x']
        /* [SELECT Id FROM Account
           WHERE SSN__c = 'x'] */
        String s = '// no comment'; Object o = [SELECT Id FROM Account WHERE SSN__c = 'x'];
        Object p = [SELECT Id FROM Account /* WHERE SSN__c = 'x' */ WHERE Name = 'x' // ORDER BY SSN__c
            ORDER BY Name];
    """
    assert seen(source) == [("Account.SSN__c", Use.EQUALITY, 5)]


@settings(deadline=None)
@given(st.text(alphabet="SELECT FROMwhere()[]'\\:+,;=<>/*abc._0\n", max_size=120))
def test_no_source_ends_the_search(text: str) -> None:
    found = apex_callers(text, "A", CallerKind.APEX_TRIGGER, FIELDS, RELATED)
    assert all(isinstance(caller, Caller) for caller in found)
    assert all(mention.at <= len(text) for mention in mentions(text, RELATED))


NAMES = st.sampled_from(["Name", "Type", "Industry", "Phone"])
VALUES = st.sampled_from(["'x'", ":x", ":a.b(c)", "null", "'it\\'s'", "TODAY", "5"])


@settings(deadline=None)
@given(
    st.lists(st.tuples(NAMES, st.sampled_from(["=", "!=", "LIKE", ">"]), VALUES), max_size=4),
    st.integers(min_value=0, max_value=4),
    st.sampled_from(["=", "IN", "LIKE", "<"]),
    st.sampled_from([" ", "\n", "\t  "]),
)
def test_a_field_among_others_is_always_found(
    others: list[tuple[str, str, str]], place: int, operator: str, gap: str
) -> None:
    parts = [f"{name} {how} {value}" for name, how, value in others]
    parts.insert(min(place, len(parts)), f"SSN__c{gap}{operator}{gap}:value")
    query = f"SELECT Id{gap}FROM Account{gap}WHERE {f'{gap}AND '.join(parts)}"
    wanted = Use.EQUALITY if operator in ("=", "IN") else Use.COMPARISON
    assert [(f, u) for f, u, _ in seen(f"x = [{query}];")] == [("Account.SSN__c", wanted)]
