"""A few rows of what every org has beside its customers: stages and statuses, activities, products, reports, jobs."""

from datetime import timedelta

from deployments.sandbox.seed.blueprint import Blueprint
from deployments.sandbox.store import OrgStore

_STAGES = (
    ("Prospecting", 10, False, False), ("Qualification", 10, False, False), ("Needs Analysis", 20, False, False),
    ("Value Proposition", 50, False, False), ("Id. Decision Makers", 60, False, False),
    ("Perception Analysis", 70, False, False), ("Proposal/Price Quote", 75, False, False),
    ("Negotiation/Review", 90, False, False), ("Closed Won", 100, True, True), ("Closed Lost", 0, True, False),
)  # fmt: skip
_STATUSES = {
    "CaseStatus": (("New", False), ("Working", False), ("Escalated", False), ("Closed", True)),
    "TaskStatus": (("Not Started", False), ("In Progress", False), ("Completed", True), ("Deferred", False)),
}
_LEAD_STATUSES = (
    "Open - Not Contacted",
    "Working - Contacted",
    "Closed - Converted",
    "Closed - Not Converted",
)
_PRODUCTS = (
    "Advisory Mandate",
    "Discretionary Mandate",
    "Custody Account",
    "Lombard Loan",
    "Estate Planning",
)
_REPORTS = (
    "Accounts by Owner",
    "Open Opportunities",
    "Cases by Status",
    "New Clients",
    "Assets under Management",
)
_TASKS, _EVENTS = 24, 8


def write_standard(store: OrgStore, plan: Blueprint) -> None:
    """The same in every org, on days counted back from the estate's first."""
    author = str(store.setting("automated_user"))
    _write_statuses(store)
    _write_activities(store, plan, author)
    _write_products(store)
    _write_reports(store, plan, author)
    _write_jobs(store, plan, author)


def _write_statuses(store: OrgStore) -> None:
    store.insert(
        "OpportunityStage",
        [
            {"MasterLabel": name, "ApiName": name, "IsActive": True, "SortOrder": number, "DefaultProbability": chance,
             "IsClosed": closed, "IsWon": won, "ForecastCategory": "Closed" if won else "Omitted" if closed else "Pipeline"}
            for number, (name, chance, closed, won) in enumerate(_STAGES, 1)
        ],
    )  # fmt: skip
    for sobject, values in _STATUSES.items():
        store.insert(
            sobject,
            [
                {
                    "MasterLabel": name,
                    "ApiName": name,
                    "SortOrder": number,
                    "IsDefault": number == 1,
                    "IsClosed": closed,
                }
                for number, (name, closed) in enumerate(values, 1)
            ],
        )
    store.insert(
        "LeadStatus",
        [
            {"MasterLabel": name, "ApiName": name, "SortOrder": n, "IsDefault": n == 1, "IsConverted": n == 3}
            for n, name in enumerate(_LEAD_STATUSES, 1)
        ],
    )
    priorities = (("High", True), ("Normal", False), ("Low", False))
    store.insert(
        "TaskPriority",
        [
            {
                "MasterLabel": name,
                "ApiName": name,
                "SortOrder": n,
                "IsDefault": n == 2,
                "IsHighPriority": high,
            }
            for n, (name, high) in enumerate(priorities, 1)
        ],
    )


def _write_activities(store: OrgStore, plan: Blueprint, author: str) -> None:
    accounts = [row["Id"] for row in store.sql("SELECT Id FROM Account ORDER BY Id LIMIT 40")]
    contacts = [row["Id"] for row in store.sql("SELECT Id FROM Contact ORDER BY Id LIMIT 40")]
    if not accounts or not contacts:
        return
    store.insert(
        "Task",
        [
            {"Subject": ("Call", "Send statement", "Prepare review")[n % 3], "Status": ("Not Started", "Completed")[n % 2],
             "Priority": ("Normal", "High")[n % 5 == 0], "IsHighPriority": n % 5 == 0, "IsClosed": n % 2 == 1,
             "WhoId": contacts[n % len(contacts)], "WhatId": accounts[n % len(accounts)], "AccountId": accounts[n % len(accounts)],
             "ActivityDate": (plan.day - timedelta(days=n)).date(), "OwnerId": author}
            for n in range(_TASKS)
        ],
    )  # fmt: skip
    store.insert(
        "Event",
        [
            {"Subject": "Meeting", "Location": "Office", "WhatId": accounts[n % len(accounts)],
             "WhoId": contacts[n % len(contacts)], "DurationInMinutes": 60, "OwnerId": author,
             "ActivityDate": (plan.day + timedelta(days=n)).date(), "StartDateTime": plan.day + timedelta(days=n),
             "EndDateTime": plan.day + timedelta(days=n, hours=1), "ActivityDateTime": plan.day + timedelta(days=n)}
            for n in range(_EVENTS)
        ],
    )  # fmt: skip
    campaigns = store.insert(
        "Campaign",
        [
            {"Name": name, "Type": "Conference", "Status": "In Progress", "IsActive": True, "OwnerId": author,
             "StartDate": (plan.day - timedelta(days=30)).date()}
            for name in ("Autumn Forum", "Sustainable Investing")
        ],
    )  # fmt: skip
    store.insert(
        "CampaignMember",
        [
            {"CampaignId": campaigns[n % 2], "ContactId": contacts[n], "Status": "Sent"}
            for n in range(min(10, len(contacts)))
        ],
    )


def _write_products(store: OrgStore) -> None:
    books = store.insert(
        "Pricebook2",
        [
            {"Name": "Standard Price Book", "IsActive": True, "IsStandard": True},
            {"Name": "Private Clients", "IsActive": True},
        ],
    )
    products = store.insert(
        "Product2",
        [
            {"Name": name, "ProductCode": f"P-{n:03d}", "IsActive": True, "Family": "Wealth"}
            for n, name in enumerate(_PRODUCTS, 1)
        ],
    )
    store.insert(
        "PricebookEntry",
        [
            {"Name": name, "Pricebook2Id": book, "Product2Id": product, "UnitPrice": 1000.0 * (n + 1), "IsActive": True,
             "ProductCode": f"P-{n + 1:03d}"}
            for book in books
            for n, (name, product) in enumerate(zip(_PRODUCTS, products, strict=True))
        ],
    )  # fmt: skip


def _write_reports(store: OrgStore, plan: Blueprint, author: str) -> None:
    folders = store.insert(
        "Folder",
        [
            {
                "Name": "Public Reports",
                "DeveloperName": "PublicReports",
                "Type": "Report",
                "AccessType": "Public",
            },
            {
                "Name": "Public Dashboards",
                "DeveloperName": "PublicDashboards",
                "Type": "Dashboard",
                "AccessType": "Public",
            },
            {
                "Name": "Client Letters",
                "DeveloperName": "ClientLetters",
                "Type": "Email",
                "AccessType": "Public",
            },
        ],
    )
    store.insert(
        "Report",
        [
            {"Name": name, "DeveloperName": name.replace(" ", "_"), "FolderName": "Public Reports", "OwnerId": folders[0],
             "Format": "Tabular", "LastRunDate": plan.ago(n * 3 + 1)}
            for n, name in enumerate(_REPORTS)
        ],
    )  # fmt: skip
    store.insert(
        "Dashboard",
        [{"Title": "Executive Overview", "DeveloperName": "Executive_Overview", "FolderId": folders[1],
          "FolderName": "Public Dashboards", "Type": "SpecifiedUser", "RunningUserId": author}],
    )  # fmt: skip
    store.insert(
        "EmailTemplate",
        [{"Name": "Welcome", "DeveloperName": "Welcome", "FolderId": folders[2], "FolderName": "Client Letters",
          "IsActive": True, "TemplateType": "text", "Subject": "Welcome", "OwnerId": author, "Body": "Dear client,"}],
    )  # fmt: skip


def _write_jobs(store: OrgStore, plan: Blueprint, author: str) -> None:
    details = store.insert("CronJobDetail", [{"Name": "Nightly reconciliation", "JobType": "7"}])
    store.insert(
        "CronTrigger",
        [{"CronJobDetailId": details[0], "State": "WAITING", "CronExpression": "0 0 2 * * ?", "OwnerId": author,
          "NextFireTime": plan.day + timedelta(hours=2), "PreviousFireTime": plan.day - timedelta(hours=22),
          "TimeZoneSidKey": "Europe/London", "TimesTriggered": 412}],
    )  # fmt: skip
    store.insert(
        "AsyncApexJob",
        [
            {"JobType": "BatchApex", "Status": "Completed", "JobItemsProcessed": 10, "TotalJobItems": 10,
             "NumberOfErrors": 0, "CompletedDate": plan.ago(n + 1), "MethodName": "execute"}
            for n in range(5)
        ],
    )  # fmt: skip
