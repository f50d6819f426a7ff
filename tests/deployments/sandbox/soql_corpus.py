"""
Queries with what they have to give: a number of records, the values of their first field, or an error code with words.

The same query is spelled in many ways on purpose: what public collections hold is mostly spelling.
"""

from collections.abc import Iterator
from datetime import timedelta

from tests.deployments.sandbox.corpus_org import ACCOUNTS, OPPORTUNITIES, TODAY

Expected = int | list[object] | tuple[str, str]
Entry = tuple[str, Expected]

FILTERS: list[tuple[str, int]] = [
    ("Name = 'Account 01'", 1), ("Name = 'ACCOUNT 01'", 1), ("name = 'account 01'", 1), ("Name != 'Account 01'", 11),
    ("Name <> 'Account 01'", 11), ("Name > 'Account 10'", 2), ("Name >= 'Account 10'", 3), ("Name < 'Account 03'", 2),
    ("Name <= 'Account 03'", 3), ("Name LIKE 'Account%'", 12), ("Name LIKE 'account 0_'", 9), ("Name LIKE '%1%'", 4),
    ("Name LIKE '%01'", 1), ("Name LIKE 'X%'", 0), ("(NOT Name LIKE '%1%')", 8), ("NOT Name LIKE '%1%'", 8),
    ("Name IN ('Account 01','Account 02')", 2), ("Name IN ('account 01')", 1), ("Name NOT IN ('Account 01','Account 02')", 10),
    ("Name IN ('Account 01', null)", 1), ("Industry = 'Banking'", 4), ("Industry = 'banking'", 4), ("Industry != 'Banking'", 8),
    ("Industry = null", 4), ("Industry != null", 8), ("Industry = NULL", 4), ("Industry IN ('Banking','Insurance')", 8),
    ("Industry NOT IN ('Banking')", 8), ("Industry LIKE 'b%'", 4), ("NOT Industry = 'Banking'", 8), ("Industry = ''", 4),
    ("Rating = 'Hot'", 3), ("Rating = null", 9), ("AnnualRevenue > 5000", 5), ("AnnualRevenue >= 5000", 6),
    ("AnnualRevenue < 5000", 4), ("AnnualRevenue <= 5000.0", 5), ("AnnualRevenue = 5000", 1), ("AnnualRevenue != 5000", 11),
    ("AnnualRevenue = null", 2), ("AnnualRevenue != null", 10), ("AnnualRevenue > 1e3", 9), ("AnnualRevenue > 5.5e3", 5),
    ("AnnualRevenue IN (1000, 2000, 99)", 2), ("AnnualRevenue NOT IN (1000)", 11), ("AnnualRevenue > -1", 10),
    ("AnnualRevenue > USD5000", 5), ("AnnualRevenue < EUR2500.50", 2), ("NumberOfEmployees = 7", 1),
    ("NumberOfEmployees > 3 AND NumberOfEmployees < 6", 2), ("NumberOfEmployees > 3 AND NumberOfEmployees < 6 AND Industry = null", 0),
    ("NumberOfEmployees = 1 OR NumberOfEmployees = 2", 2), ("(NumberOfEmployees = 1 OR NumberOfEmployees = 2) AND Industry = 'Banking'", 1),
    ("NumberOfEmployees = 1 OR (NumberOfEmployees = 2 AND Industry = 'Banking')", 1), ("NOT (NumberOfEmployees = 1 OR NumberOfEmployees = 2)", 10),
    ("NOT (NOT NumberOfEmployees = 1)", 1), ("((((NumberOfEmployees = 1))))", 1), ("IsDeleted = false", 12), ("IsDeleted = FALSE", 12),
    ("IsDeleted = true", 0), ("IsDeleted != true", 12), ("BillingCountry = 'US' AND Industry = 'Banking'", 2),
    ("BillingCountry = 'US' AND (Industry = 'Banking' OR Industry = 'Insurance')", 4), ("Parent.Name = 'Account 01'", 3),
    ("Account.Parent.Name = 'Account 01'", 3), ("Parent.Parent.Name = null", 12), ("ParentId != null", 3), ("ParentId = null", 9),
    ("Owner.Username = 'admin@meridian.example'", 12), ("Owner.Profile.Name = 'admin profile'", 12), ("Owner.Name != 'admin'", 0),
    ("Owner.Profile.Name LIKE 'clerk%'", 0), ("CreatedBy.IsActive = true", 0), ("Website LIKE 'https://a1%'", 4),
    ("Id IN (SELECT AccountId FROM Contact)", 5), ("Id NOT IN (SELECT AccountId FROM Contact)", 7),
    ("Id IN (SELECT AccountId FROM Contact WHERE FirstName = 'Ann')", 5), ("Id IN (SELECT AccountId FROM Contact WHERE LastName = 'Person 01')", 1),
    ("Id IN (SELECT AccountId FROM Opportunity WHERE StageName = 'Closed Won')", 3),
    ("Id NOT IN (SELECT AccountId FROM Opportunity WHERE StageName = 'Closed Won') AND Industry = 'Banking'", 3),
    ("Id IN (SELECT AccountId FROM Contact) AND Id IN (SELECT AccountId FROM Opportunity WHERE IsWon = true)", 1),
    ("Name = 'It\\'s'", 0), ("Name = 'a\\\\b'", 0), ("Name LIKE '100\\%'", 0), ("Name LIKE '%\\_%'", 0), ("Name = 'tab\\there'", 0),
]  # fmt: skip

SPELLINGS: list[Entry] = [
    ("SELECT Id FROM Account", 12), ("select id from account", 12), ("SeLeCt ID fRoM aCcOuNt", 12), ("  SELECT   Id\n\tFROM\r\n Account  ", 12),
    ("SELECT Account.Id FROM Account", 12), ("SELECT a.Id FROM Account a", 12), ("SELECT a.Id, a.Name FROM Account AS a WHERE a.Name = 'Account 01'", 1),
    ("SELECT Id,Name,Industry FROM Account", 12), ("SELECT Id , Name FROM Account", 12), ("SELECT COUNT() FROM Account", 12), ("SELECT count() from account", 12),
    ("SELECT COUNT()FROM Account", 12), ("SELECT Name FROM Account LIMIT 3", 3), ("SELECT Name FROM Account LIMIT 0", 0), ("SELECT Name FROM Account LIMIT 100", 12),
    ("SELECT Name FROM Account ORDER BY Name LIMIT 2", ["Account 01", "Account 02"]), ("SELECT Name FROM Account ORDER BY Name ASC LIMIT 1", ["Account 01"]),
    ("SELECT Name FROM Account ORDER BY Name DESC LIMIT 2", ["Account 12", "Account 11"]), ("SELECT Name FROM Account ORDER BY Name OFFSET 10", ["Account 11", "Account 12"]),
    ("SELECT Name FROM Account ORDER BY Name LIMIT 2 OFFSET 3", ["Account 04", "Account 05"]), ("SELECT Name FROM Account ORDER BY Name LIMIT 5 OFFSET 11", ["Account 12"]),
    ("SELECT Industry, Name FROM Account ORDER BY Industry, Name LIMIT 1", [None]), ("SELECT Industry FROM Account ORDER BY Industry NULLS LAST LIMIT 1", ["Banking"]),
    ("SELECT Industry FROM Account ORDER BY Industry NULLS FIRST LIMIT 1", [None]), ("SELECT Industry FROM Account ORDER BY Industry DESC LIMIT 1", ["Insurance"]),
    ("SELECT Industry FROM Account ORDER BY Industry DESC NULLS FIRST LIMIT 1", [None]), ("SELECT Industry FROM Account ORDER BY Industry DESC NULLS LAST LIMIT 1", ["Insurance"]),
    ("SELECT Name FROM Account ORDER BY Industry NULLS LAST, Name DESC LIMIT 2", ["Account 10", "Account 07"]), ("SELECT Name FROM Account ORDER BY AnnualRevenue DESC NULLS LAST LIMIT 1", ["Account 10"]),
    ("SELECT Name FROM Account ORDER BY Parent.Name NULLS LAST, Name LIMIT 3", ["Account 02", "Account 03", "Account 04"]), ("SELECT Name FROM Account ORDER BY CreatedDate LIMIT 1", ["Account 12"]),
    ("SELECT Name FROM Account WHERE Name LIKE '%' FOR VIEW", 12), ("SELECT Name FROM Account FOR REFERENCE", 12), ("SELECT Name FROM Account FOR UPDATE", 12),
    ("SELECT Name FROM Account FOR VIEW, REFERENCE", 12), ("SELECT Name FROM Account LIMIT 1 FOR VIEW", 1), ("SELECT Name FROM Account FOR VIEW FOR REFERENCE", 12),
    ("SELECT Name FROM Account UPDATE VIEWSTAT", 12), ("SELECT Name FROM Account UPDATE TRACKING, VIEWSTAT", 12), ("SELECT Name FROM Account WITH SECURITY_ENFORCED", 12),
    ("SELECT Name FROM Account WITH USER_MODE", 12), ("SELECT Name FROM Account WHERE Name = 'Account 01' WITH SECURITY_ENFORCED LIMIT 1", 1), ("SELECT Name FROM Account USING SCOPE everything", 12),
    ("SELECT Name FROM Account USING SCOPE mine WHERE Name LIKE 'A%'", 12), ("SELECT Name FROM Account USING SCOPE Everything LIMIT 2", 2),
    ("SELECT FIELDS(STANDARD) FROM Account", 12), ("SELECT FIELDS(ALL) FROM Account LIMIT 200", 12), ("SELECT FIELDS(CUSTOM), Name FROM Account LIMIT 5", 5), ("SELECT Id, FIELDS(CUSTOM) FROM Account LIMIT 1", 1),
    ("SELECT Name, Owner.Name, Owner.Profile.Name, Owner.Profile.UserLicense.Name FROM Account LIMIT 1", 1), ("SELECT Name, Parent.Parent.Parent.Parent.Name FROM Account", 12),
    ("SELECT Name, Parent.Owner.Profile.UserLicense.Name FROM Account", 12), ("SELECT Name, (SELECT LastName FROM Contacts) FROM Account", 12),
    ("SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName LIMIT 1), (SELECT Name FROM Opportunities) FROM Account WHERE Name = 'Account 01'", 1),
    ("SELECT Name, (SELECT LastName FROM Account.Contacts) FROM Account", 12), ("SELECT Name, (SELECT LastName, Account.Name FROM Contacts WHERE FirstName = 'Ann') FROM Account", 12),
    ("SELECT Name, (SELECT Name, (SELECT Subject FROM Tasks) FROM Opportunities) FROM Account", 12), ("SELECT Name, (SELECT Id FROM ChildAccounts) FROM Account WHERE Id IN (SELECT ParentId FROM Account)", 1),
    ("SELECT c.LastName, a.Name FROM Contact c, c.Account a WHERE a.Name = 'Account 01'", 3), ("SELECT c.LastName FROM Contact c, c.Account a, a.Owner o WHERE o.Username LIKE 'admin%'", 15),
    ("SELECT toLabel(Industry) FROM Account LIMIT 1", 1), ("SELECT toLabel(Industry) shown, Name FROM Account WHERE Industry = 'Banking' LIMIT 1", ["Banking"]),
    ("SELECT FORMAT(AnnualRevenue) money FROM Account WHERE Name = 'Account 01'", 1), ("SELECT convertCurrency(AnnualRevenue) FROM Account LIMIT 1", 1),
    ("SELECT FORMAT(convertCurrency(AnnualRevenue)) money FROM Account LIMIT 1", 1), ("SELECT Id FROM Account WHERE toLabel(Industry) = 'Banking'", 4),
    ("SELECT TYPEOF What WHEN Account THEN Name, Industry WHEN Opportunity THEN Amount ELSE Name END FROM Task", 6), ("SELECT Subject FROM Task WHERE What.Name = 'Account 01'", 3),
    ("SELECT Subject, WhatId, WhoId FROM Task ORDER BY Subject LIMIT 1", ["Task 1"]), ("SELECT Id, CaseNumber, Account.Name, Contact.LastName FROM Case WHERE Status = 'New'", 3),
    ("SELECT Id FROM Lead WHERE Company = 'acme'", 2), ("SELECT LastName FROM Contact WHERE Account.Industry = 'Banking'", 6), ("SELECT LastName FROM Contact WHERE Account.Parent.Name = 'Account 01'", 9),
    ("SELECT LastName FROM Contact WHERE Department = 'IT'", 15), ("SELECT LastName FROM Contact WHERE Email = null", 5), ("SELECT LastName FROM Contact WHERE Email != null AND FirstName = 'Bob'", 5),
    ("SELECT Name FROM Opportunity WHERE Amount >= 500 AND Amount <= 700", 3), ("SELECT Name FROM Opportunity WHERE StageName IN ('Closed Won', 'Closed Lost')", 6), ("SELECT Name FROM Opportunity WHERE IsWon = TRUE", 3),
    ("SELECT Name FROM Opportunity WHERE IsClosed = false ORDER BY Amount DESC", ["Deal 04", "Deal 03", "Deal 02", "Deal 01"]), ("SELECT Name FROM Opportunity WHERE CloseDate = 2026-05-13", ["Deal 05"]),
    ("SELECT Name FROM Opportunity WHERE CloseDate > 2026-05-16", ["Deal 09", "Deal 10"]), ("SELECT Name FROM Account WHERE CreatedDate >= 2026-05-12T00:00:00Z", ["Account 01"]),
    ("SELECT Name FROM Account WHERE CreatedDate > 2026-05-12T11:59:59Z", 1), ("SELECT Name FROM Account WHERE CreatedDate = 2026-05-12T12:00:00Z", 1), ("SELECT Name FROM Account WHERE CreatedDate = 2026-05-12T14:00:00+02:00", 1),
    ("SELECT Name FROM Account WHERE CreatedDate = 2026-05-12T12:00:00.000Z", 1), ("SELECT Name FROM Account WHERE CreatedDate < 2026-05-02T00:00:00-05:00", 1),
]  # fmt: skip

AGGREGATES: list[Entry] = [
    ("SELECT COUNT(Id) FROM Account", [12]), ("SELECT COUNT(Id) total FROM Account", [12]), ("SELECT COUNT(Industry) FROM Account", [8]), ("SELECT COUNT_DISTINCT(Industry) FROM Account", [2]),
    ("SELECT SUM(Amount) FROM Opportunity", [5500.0]), ("SELECT AVG(Amount) FROM Opportunity", [550.0]), ("SELECT MIN(Amount) FROM Opportunity", [100.0]), ("SELECT MAX(Amount) FROM Opportunity", [1000.0]),
    ("SELECT MAX(Name) FROM Account", ["Account 12"]), ("SELECT MIN(CloseDate) FROM Opportunity", ["2026-05-09"]), ("SELECT AVG(AnnualRevenue) FROM Account", [5500.0]), ("SELECT SUM(Amount) FROM Opportunity WHERE IsWon = true", [1800.0]),
    ("SELECT Industry, COUNT(Id) FROM Account GROUP BY Industry", 3), ("SELECT Industry FROM Account GROUP BY Industry", 3), ("SELECT Industry, COUNT(Id) n FROM Account GROUP BY Industry ORDER BY COUNT(Id) DESC, Industry NULLS LAST", ["Banking", "Insurance", None]),
    ("SELECT StageName, SUM(Amount) s FROM Opportunity GROUP BY StageName ORDER BY SUM(Amount) DESC", ["Closed Lost", "Closed Won", "Prospecting"]), ("SELECT StageName, COUNT(Id) FROM Opportunity GROUP BY StageName HAVING COUNT(Id) > 3", ["Prospecting"]),
    ("SELECT StageName, COUNT(Id) FROM Opportunity GROUP BY StageName HAVING COUNT(Id) > 2 AND StageName LIKE 'Closed%'", 2), ("SELECT Account.Industry, COUNT(Id) FROM Contact GROUP BY Account.Industry", 3), ("SELECT Industry, BillingCountry, COUNT(Id) FROM Account GROUP BY Industry, BillingCountry", 6),
    ("SELECT Industry, COUNT(Id) n FROM Account GROUP BY ROLLUP(Industry)", 4), ("SELECT Industry, BillingCountry, COUNT(Id) n FROM Account GROUP BY ROLLUP(Industry, BillingCountry)", 10), ("SELECT Industry, BillingCountry, COUNT(Id) n FROM Account GROUP BY CUBE(Industry, BillingCountry)", 12),
    ("SELECT Industry, GROUPING(Industry) g, COUNT(Id) n FROM Account GROUP BY ROLLUP(Industry)", 4), ("SELECT CALENDAR_YEAR(CloseDate), COUNT(Id) FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate)", [2026]), ("SELECT CALENDAR_MONTH(CloseDate) m, SUM(Amount) FROM Opportunity GROUP BY CALENDAR_MONTH(CloseDate)", [5]),
    ("SELECT DAY_IN_WEEK(CloseDate) d, COUNT(Id) n FROM Opportunity GROUP BY DAY_IN_WEEK(CloseDate) ORDER BY DAY_IN_WEEK(CloseDate)", [1, 2, 3, 4, 5, 6, 7]), ("SELECT DAY_ONLY(CreatedDate) d, COUNT(Id) n FROM Account GROUP BY DAY_ONLY(CreatedDate)", 12), ("SELECT HOUR_IN_DAY(CreatedDate) h, COUNT(Id) n FROM Account GROUP BY HOUR_IN_DAY(CreatedDate)", [12]),
    ("SELECT COUNT(Id) FROM Account WHERE Industry = 'Nothing'", [0]), ("SELECT Industry, COUNT(Id) FROM Account WHERE Industry = 'Nothing' GROUP BY Industry", 0), ("SELECT Industry FROM Account GROUP BY Industry LIMIT 2", 2), ("SELECT FISCAL_QUARTER(CloseDate) q, COUNT(Id) n FROM Opportunity GROUP BY FISCAL_QUARTER(CloseDate)", [2]),
    ("SELECT Name FROM Opportunity WHERE CALENDAR_MONTH(CloseDate) = 5", 10), ("SELECT Name FROM Opportunity WHERE DAY_IN_MONTH(CloseDate) = 13", ["Deal 05"]), ("SELECT Name FROM Account WHERE HOUR_IN_DAY(CreatedDate) = 12", 12), ("SELECT Name FROM Account WHERE DAY_ONLY(CreatedDate) = 2026-05-12", ["Account 01"]),
    ("SELECT Name FROM Account WHERE HOUR_IN_DAY(convertTimezone(CreatedDate)) = 12", 12), ("SELECT FirstName, COUNT(Id) FROM Contact GROUP BY FirstName HAVING COUNT(Id) > 7", ["Ann"]), ("SELECT MAX(Amount), MIN(Amount), COUNT(Id) FROM Opportunity", [1000.0]),
]  # fmt: skip

MALFORMED, FIELD, TYPE = "MALFORMED_QUERY", "INVALID_FIELD", "INVALID_TYPE"
REFUSED: list[Entry] = [
    ("", (MALFORMED, "unexpected token")), ("SELECT", (MALFORMED, "unexpected token: '<EOF>'")), ("SELECT Id", (MALFORMED, "<EOF>")), ("SELECT Id FROM", (MALFORMED, "<EOF>")), ("SELECT FROM Account", (MALFORMED, "unexpected token: 'FROM'")),
    ("SELECT Id FROMAccount", (MALFORMED, "unexpected token")), ("SELECTId FROM Account", (MALFORMED, "unexpected token: 'SELECTId'")), ("select some fake text", (MALFORMED, "unexpected token")), ("SELECT Id,, Name FROM Account", (MALFORMED, "unexpected token: ','")),
    ("SELECT Id Name FROM Account", (MALFORMED, "field aliasing")), ("SELECT Account..Name FROM Account", (MALFORMED, "unexpected token: '.'")), ("SELECT Id FROM Account WHERE", (MALFORMED, "<EOF>")), ("SELECT Id FROM Account WHERE Name", (MALFORMED, "<EOF>")),
    ("SELECT Id FROM Account WHERE Name =", (MALFORMED, "<EOF>")), ("SELECT Id FROM Account WHERE Name = foo", (FIELD, "should be enclosed in quotes")), ("SELECT Id FROM Account WHERE Name = 'x", (MALFORMED, "unexpected token")), ("SELECT Id FROM Account WHERE Name == 'x'", (MALFORMED, "unexpected token: '='")),
    ("SELECT Id FROM Account WHERE (Name = 'x'", (MALFORMED, "<EOF>")), ("SELECT Id FROM Account WHERE Name = 'x')", (MALFORMED, "unexpected token: ')'")), ("SELECT Id FROM Account WHERE Name = 'x' AND", (MALFORMED, "<EOF>")), ("SELECT Id FROM Account WHERE Name = 'x' AND Name = 'y' OR Name = 'z'", (MALFORMED, "unexpected token: 'OR'")),
    ("SELECT Id FROM Account WHERE Name = 'x' OR Name = 'y' AND Name = 'z'", (MALFORMED, "unexpected token: 'AND'")), ("SELECT Id FROM Account WHERE Name IN ()", (MALFORMED, "unexpected token: ')'")), ("SELECT Id FROM Account WHERE Name IN 'x'", (MALFORMED, "unexpected token")), ("SELECT Id FROM Account WHERE Name = :name", (MALFORMED, "unexpected token: ':'")),
    ("SELECT Id FROM Account WHERE Name = \"x\"", (MALFORMED, "unexpected token: '\"'")), ("SELECT Id FROM Account LIMIT", (MALFORMED, "<EOF>")), ("SELECT Id FROM Account LIMIT x", (MALFORMED, "unexpected token: 'x'")), ("SELECT Id FROM Account LIMIT -1", (MALFORMED, "unexpected token: '-1'")), ("SELECT Id FROM Account LIMIT 1.5", (MALFORMED, "unexpected token: '1.5'")),
    ("SELECT Id FROM Account OFFSET 'x'", (MALFORMED, "unexpected token")), ("SELECT Id FROM Account OFFSET 2001", ("NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000")), ("SELECT Id FROM Account OFFSET 1 LIMIT 1", (MALFORMED, "unexpected token: 'LIMIT'")), ("SELECT Id FROM Account ORDER BY", (MALFORMED, "<EOF>")), ("SELECT Id FROM Account ORDER Name", (MALFORMED, "unexpected token: 'Name'")),
    ("SELECT Id FROM Account ORDER BY Name UP", (MALFORMED, "unexpected token: 'UP'")), ("SELECT Id FROM Account ORDER BY Name NULLS", (MALFORMED, "<EOF>")), ("SELECT Id FROM Account ORDER BY Name NULLS MIDDLE", (MALFORMED, "unexpected token: 'MIDDLE'")), ("SELECT Id FROM Account WHERE Name = 'x' WHERE Name = 'y'", (MALFORMED, "unexpected token: 'WHERE'")), ("SELECT Id FROM Account; SELECT Id FROM Contact", (MALFORMED, "unexpected token: ';'")),
    ("SELECT Id FROM Account -- comment", (MALFORMED, "unexpected token: '-'")), ("SELECT Id FROM Account /* x */", (MALFORMED, "unexpected token: '/'")), ("SELECT * FROM Account", (MALFORMED, "unexpected token: '*'")), ("SELECT Id FROM Account ALL ROWS", (MALFORMED, "ALL ROWS not allowed in this context")), ("SELECT Id FROM Account LIMIT 5 ALL ROWS", (MALFORMED, "ALL ROWS not allowed in this context")),
    ("SELECT Id FROM Account FOR", (MALFORMED, "<EOF>")), ("SELECT Id FROM Account FOR MONEY", (MALFORMED, "unexpected token: 'MONEY'")), ("SELECT Id FROM Account WITH", (MALFORMED, "<EOF>")), ("SELECT Id FROM Account WITH MAGIC", (MALFORMED, "unexpected token: 'MAGIC'")), ("SELECT Id FROM Account UPDATE NOTHING", (MALFORMED, "unexpected token: 'NOTHING'")),
    ("SELECT Id FROM Account GROUP BY", (MALFORMED, "<EOF>")), ("SELECT Id FROM Account GROUPBY Name", (MALFORMED, "unexpected token")), ("INSERT INTO Account", (MALFORMED, "unexpected token: 'INSERT'")), ("DELETE FROM Account", (MALFORMED, "unexpected token: 'DELETE'")), ("SELECT Id FROM Account WHERE Name LIKE", (MALFORMED, "<EOF>")),
    ("SELECT Id FROM Account WHERE Name = 'bad \\q escape'", (MALFORMED, "Illegal character sequence")), ("SELECT Nope FROM Account", (FIELD, "No such column 'Nope' on entity 'Account'")), ("SELECT Id FROM Account WHERE Nope = 1", (FIELD, "No such column 'Nope' on entity 'Account'")), ("SELECT Id FROM Account ORDER BY Nope", (FIELD, "No such column 'Nope'")), ("SELECT Owner.Nope FROM Account", (FIELD, "No such column 'Nope' on entity 'User'")),
    ("SELECT Nope.Name FROM Account", (FIELD, "Didn't understand relationship 'Nope' in field path")), ("SELECT Id FROM Account WHERE Nope.Name = 'x'", (FIELD, "Didn't understand relationship 'Nope'")), ("SELECT Id, (SELECT Id FROM Nopes) FROM Account", (FIELD, "Didn't understand relationship 'Nopes'")), ("SELECT Id, (SELECT Nope FROM Contacts) FROM Account", (FIELD, "No such column 'Nope' on entity 'Contact'")), ("SELECT Id, (SELECT Id FROM Contact) FROM Account", (FIELD, "Didn't understand relationship 'Contact'")),
    ("SELECT Id FROM Nope", (TYPE, "sObject type 'Nope' is not supported")), ("SELECT Id FROM Nope__c", (TYPE, "sObject type 'Nope__c' is not supported")), ("SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Nope)", (TYPE, "'Nope'")), ("SELECT Id FROM Account WHERE Id IN (SELECT Name FROM Contact)", (MALFORMED, "semi-join")), ("SELECT Id FROM Account WHERE Id IN (SELECT Id, AccountId FROM Contact)", (MALFORMED, "exactly one field")),
    ("SELECT Id FROM Account WHERE Description = 'x'", (FIELD, "Description")), ("SELECT Id FROM Account ORDER BY Description", (MALFORMED, "can not be sorted")), ("SELECT Description FROM Account GROUP BY Description", (MALFORMED, "can not be grouped")), ("SELECT Id FROM Account WHERE AnnualRevenue = 'x'", (FIELD, "AnnualRevenue")), ("SELECT Id FROM Account WHERE Name = 5", (FIELD, "Name")),
    ("SELECT Id FROM Account WHERE IsDeleted = 'x'", (FIELD, "IsDeleted")), ("SELECT Id FROM Account WHERE CreatedDate = 'yesterday'", (FIELD, "CreatedDate")), ("SELECT Id FROM Opportunity WHERE CloseDate = 2026-05-13T00:00:00Z", (FIELD, "CloseDate")), ("SELECT Id FROM Account WHERE CreatedDate = 2026-05-13", (FIELD, "CreatedDate")), ("SELECT Id FROM Account WHERE Id = 'nonsense'", ("INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: nonsense")),
    ("SELECT Name, COUNT(Id) FROM Account", (MALFORMED, "Field must be grouped or aggregated: Name")), ("SELECT Industry, Name FROM Account GROUP BY Industry", (MALFORMED, "Field must be grouped or aggregated: Name")), ("SELECT SUM(Name) FROM Account", (FIELD, "does not support aggregate operator SUM")), ("SELECT AVG(Industry) FROM Account", (FIELD, "does not support aggregate operator AVG")), ("SELECT COUNT(IsDeleted) FROM Account", (FIELD, "does not support aggregate operator COUNT")),
    ("SELECT SUM() FROM Account", (MALFORMED, "unexpected token")), ("SELECT NOPE(Name) FROM Account", (MALFORMED, "Invalid function")), ("SELECT FIELDS(ALL) FROM Account", (MALFORMED, "LIMIT of at most 200")), ("SELECT FIELDS(NOPE) FROM Account LIMIT 1", (MALFORMED, "FIELDS takes")), ("SELECT FIELDS(CUSTOM) FROM Account LIMIT 201", (MALFORMED, "LIMIT of at most 200")),
    ("SELECT Name, Name FROM Account", (MALFORMED, "duplicate field selected: Name")), ("SELECT Parent.Parent.Parent.Parent.Parent.Parent.Name FROM Account", (MALFORMED, "at most 5 levels")), ("SELECT TYPEOF Name WHEN Account THEN Id END FROM Task", (FIELD, "Didn't understand relationship 'Name'")), ("SELECT Id FROM Account WHERE Name INCLUDES ('a')", ("INVALID_QUERY_FILTER_OPERATOR", "invalid operator on string field")), ("SELECT Id FROM Account WHERE NumberOfEmployees LIKE '1%'", ("INVALID_QUERY_FILTER_OPERATOR", "invalid operator on int field")),
    ("SELECT Status FROM LoginHistory WHERE Status = 'Success'", (FIELD, "Status")), ("SELECT Id FROM SetupAuditTrail WHERE Display = 'x'", (FIELD, "Display")), ("SELECT COUNT_DISTINCT(UserId) FROM OauthToken", (FIELD, "does not support aggregate operator COUNT_DISTINCT")), ("SELECT Id FROM ContentDocumentLink", (MALFORMED, "must filter on")), ("SELECT Id FROM Certificate", (TYPE, "'Certificate'")),
]  # fmt: skip


def _literals() -> Iterator[Entry]:
    """Every date literal over dates whose distance from today is known."""
    first_of = {
        "WEEK": TODAY - timedelta(days=3),
        "MONTH": TODAY.replace(day=1),
        "QUARTER": TODAY.replace(month=4, day=1),
        "YEAR": TODAY.replace(month=1, day=1),
    }
    ends = {
        "WEEK": first_of["WEEK"] + timedelta(days=7),
        "MONTH": TODAY.replace(month=6, day=1),
        "QUARTER": TODAY.replace(month=7, day=1),
        "YEAR": TODAY.replace(year=2027, month=1, day=1),
    }
    days = [TODAY + timedelta(days=n - 5) for n in range(1, OPPORTUNITIES + 1)]

    def within(first: object, last: object) -> int:
        return sum(first <= day < last for day in days)  # type: ignore[operator]

    day = timedelta(days=1)
    ranges = {
        "TODAY": (TODAY, TODAY + day), "YESTERDAY": (TODAY - day, TODAY), "TOMORROW": (TODAY + day, TODAY + 2 * day),
        "LAST_90_DAYS": (TODAY - 90 * day, TODAY + day), "NEXT_90_DAYS": (TODAY + day, TODAY + 91 * day),
        "LAST_WEEK": (first_of["WEEK"] - 7 * day, first_of["WEEK"]), "NEXT_WEEK": (ends["WEEK"], ends["WEEK"] + 7 * day),
        **{f"LAST_N_DAYS:{n}": (TODAY - n * day, TODAY + day) for n in (1, 2, 3, 30)}, **{f"NEXT_N_DAYS:{n}": (TODAY + day, TODAY + (n + 1) * day) for n in (1, 2, 4, 30)},
        **{f"N_DAYS_AGO:{n}": (TODAY - n * day, TODAY - (n - 1) * day) for n in (1, 2, 4)},
        **{f"THIS_{unit}": (first_of[unit], ends[unit]) for unit in first_of}, **{f"THIS_FISCAL_{unit}": (first_of[unit], ends[unit]) for unit in ("QUARTER", "YEAR")},
    }  # fmt: skip
    for literal, (first, last) in ranges.items():
        yield f"SELECT Id FROM Opportunity WHERE CloseDate = {literal}", within(first, last)
        yield f"SELECT Id FROM Opportunity WHERE CloseDate != {literal}", OPPORTUNITIES - within(first, last)
        yield f"SELECT Id FROM Opportunity WHERE CloseDate < {literal}", sum(each < first for each in days)
        yield (
            f"SELECT Id FROM Opportunity WHERE CloseDate >= {literal.lower()}",
            sum(each >= first for each in days),
        )
        yield f"SELECT Id FROM Opportunity WHERE CloseDate > {literal}", sum(each >= last for each in days)
        yield f"SELECT Id FROM Opportunity WHERE CloseDate <= {literal}", sum(each < last for each in days)
    for literal in ("LAST_MONTH", "LAST_QUARTER", "LAST_YEAR", "NEXT_MONTH", "NEXT_QUARTER", "NEXT_YEAR", "LAST_N_MONTHS:3", "NEXT_N_MONTHS:2",
                    "LAST_N_QUARTERS:2", "NEXT_N_QUARTERS:2", "LAST_N_YEARS:2", "NEXT_N_YEARS:2", "LAST_FISCAL_YEAR", "NEXT_FISCAL_QUARTER",
                    "LAST_N_FISCAL_QUARTERS:6", "NEXT_N_FISCAL_YEARS:3", "LAST_N_FISCAL_YEARS:3", "LAST_N_WEEKS:0", "N_MONTHS_AGO:2", "N_YEARS_AGO:1"):  # fmt: skip
        yield f"SELECT Id FROM Opportunity WHERE CloseDate = {literal}", 0


def corpus() -> list[Entry]:
    """All of it: filters in three settings, spellings, aggregates, date literals, refusals."""
    found: list[Entry] = []
    for condition, size in FILTERS:
        found.append((f"SELECT Id FROM Account WHERE {condition}", size))
        found.append((f"SELECT COUNT() FROM Account WHERE {condition}", size))
        found.append((f"SELECT Name FROM Account WHERE NOT ({condition})", ACCOUNTS - size))
    return [*found, *SPELLINGS, *AGGREGATES, *_literals(), *REFUSED]
