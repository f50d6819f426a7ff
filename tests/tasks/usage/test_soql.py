"""What a query names: every name is a right that its caller needs."""

import pytest

from tasks.usage.soql import reads


@pytest.mark.parametrize(
    ("soql", "sobject", "fields"),
    [
        ("SELECT Id, Name FROM Account", "Account", {"Id", "Name"}),
        ("select Phone from Contact limit 5", "Contact", {"Phone"}),
        ("SELECT Id FROM Account WHERE SSN__c = '123' AND Industry IN ('x', 'y')", "Account", {"Id", "SSN__c", "Industry"}),
        ("SELECT Id FROM Account ORDER BY AnnualRevenue DESC NULLS LAST", "Account", {"Id", "AnnualRevenue"}),
        ("SELECT Account.Name, Owner.Email FROM Contact", "Contact", {"Account.Name", "Owner.Email"}),
        ("SELECT a.Name FROM Account a WHERE a.Phone != null", "Account", {"Name", "Phone"}),
        ("SELECT Account.Name FROM Account", "Account", {"Name"}),
        ("SELECT Industry, COUNT(Id) FROM Account GROUP BY Industry", "Account", {"Industry", "Id"}),
        ("SELECT Id, (SELECT Email FROM Contacts WHERE Title LIKE '%a%') FROM Account", "Account", {"Id"}),
        ("SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact)", "Account", {"Id"}),
        ("SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS:30 AND Name = 'FROM Lead'", "Account", {"Id", "CreatedDate", "Name"}),
        ("SELECT Id FROM Account WHERE Name = 'O\\'Hara FROM Case'", "Account", {"Id", "Name"}),
    ],
)  # fmt: skip
def test_object_and_names(soql: str, sobject: str, fields: set[str]) -> None:
    assert reads(soql) == (sobject, frozenset(fields))


@pytest.mark.parametrize(
    "text", ["", "FIND {x} IN ALL FIELDS", "SELECT", "DELETE FROM Account", "junk ' FROM x"]
)
def test_what_is_no_query_reads_nothing(text: str) -> None:
    assert reads(text) is None
