"""The org that the corpus of queries is answered by: few rows whose numbers can be told by looking."""

from datetime import date, timedelta
from pathlib import Path

from tests.deployments.sandbox.small_org import NOON, SmallOrg

ACCOUNTS, CONTACTS, OPPORTUNITIES = 12, 15, 10
TODAY = date(2026, 5, 13)
"""A Wednesday."""


class CorpusOrg(SmallOrg):
    """
    Accounts 1 to 12: banking for 1, 4, 7, 10, insurance for 2, 5, 8, 11, nothing else. Revenue is a thousand times the
    number and unknown from 11 on; even ones are in the US, odd ones in DE; 1 to 3 are hot. Account n was made n days ago.
    2 to 4 are children of 1. Contacts 1 to 15 go round accounts 1 to 5; from 11 on they have no address. Opportunities 1
    to 10 are of the account of their number: 1 to 4 prospecting, 5 to 7 won, 8 to 10 lost, closing n - 5 days from today.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        store = self.store
        owner = {"OwnerId": self.admin_id}
        self.accounts = store.insert("Account", [self._account(n) | owner for n in range(1, ACCOUNTS + 1)])
        for child in (2, 3, 4):
            store.update("Account", self.accounts[child - 1], {"ParentId": self.accounts[0]})
        self.contacts = store.insert("Contact", [self._contact(n) | owner for n in range(1, CONTACTS + 1)])
        self.opportunities = store.insert(
            "Opportunity", [self._opportunity(n) | owner for n in range(1, OPPORTUNITIES + 1)]
        )
        store.insert(
            "Case",
            [
                {"CaseNumber": f"{n:08d}", "AccountId": self.accounts[0], "ContactId": self.contacts[0], "Subject": f"Case {n}",
                 "Status": "New" if n <= 3 else "Closed", "Priority": "High" if n == 1 else "Low", **owner}
                for n in range(1, 7)
            ],
        )  # fmt: skip
        store.insert(
            "Lead",
            [
                {"LastName": f"Lead {n}", "Name": f"Lead {n}", "Company": "Acme" if n < 3 else "Zenith", "Status": "Open", **owner}
                for n in range(1, 5)
            ],
        )  # fmt: skip
        store.insert(
            "Task",
            [
                {"Subject": f"Task {n}", "WhatId": self.opportunities[0] if n <= 3 else self.accounts[0], "Status": "Not Started",
                 "WhoId": self.contacts[0], "ActivityDate": TODAY, **owner}
                for n in range(1, 7)
            ],
        )  # fmt: skip
        store.build_indexes()

    def _account(self, n: int) -> dict[str, object]:
        return {
            "Name": f"Account {n:02d}",
            "Industry": (None, "Banking", "Insurance")[n % 3],
            "AnnualRevenue": 1000.0 * n if n <= 10 else None,
            "NumberOfEmployees": n,
            "BillingCountry": "US" if n % 2 == 0 else "DE",
            "Rating": "Hot" if n <= 3 else None,
            "Website": f"https://a{n}.example",
            "CreatedDate": NOON - timedelta(days=n),
        }

    def _contact(self, n: int) -> dict[str, object]:
        return {
            "FirstName": "Ann" if n % 2 else "Bob",
            "LastName": f"Person {n:02d}",
            "Name": f"{'Ann' if n % 2 else 'Bob'} Person {n:02d}",
            "AccountId": self.accounts[(n - 1) % 5],
            "Email": f"p{n}@x.example" if n <= 10 else None,
            "Department": "IT" if n <= 5 else "it",
        }

    def _opportunity(self, n: int) -> dict[str, object]:
        stage = "Prospecting" if n <= 4 else "Closed Won" if n <= 7 else "Closed Lost"
        return {
            "Name": f"Deal {n:02d}",
            "AccountId": self.accounts[n - 1],
            "StageName": stage,
            "Amount": 100.0 * n,
            "Probability": 10.0 * n,
            "CloseDate": TODAY + timedelta(days=n - 5),
            "IsClosed": n > 4,
            "IsWon": 5 <= n <= 7,
        }
