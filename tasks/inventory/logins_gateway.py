"""
Reads sign-ins as sums, never one by one: first who signs in by machine, then what those and the administrators did.

An aggregate gives 2,000 groups at most and cannot be paged, so users are asked for in parts that are halved on refusal.
"""

from typing import Any

from tasks.errors import OrgError
from tasks.inventory.model import Login
from tasks.salesforce.gather import Gathering, moment
from tasks.salesforce.pages import Row
from tasks.salesforce.soql import chunks, in_list

USERS_PER_PART = 100
_GROUPS = "UserId, LoginType, Application, SourceIp, Status"
_RIGHT = "Monitor Login History"


def read_logins(into: Gathering, found: dict[str, Any], own: set[str]) -> None:
    """Keeps the section logins: users with machine sign-ins, and administrators."""
    if own.isdisjoint({"MonitorLoginHistory", "ManageUsers"}):
        into.gap("logins", f"only the scanner's own sign-ins are visible; all of them need {_RIGHT}")
        return
    users = {row["UserId"] for row in into.rows(found, "Machines", ("logins",), _RIGHT)}
    users |= {row["AssigneeId"] for row in into.rows(found, "Administrators", ("logins",), "View Setup")}
    parts = [list(part) for part in chunks(sorted(users), USERS_PER_PART)]
    logins: list[Login] = []
    while parts:
        asked = {f"LoginHistory {index}": part for index, part in enumerate(parts)}
        answers = into.session.read_all({name: _query(part) for name, part in asked.items()})
        parts = []
        for name, part in asked.items():
            answer = answers[name]
            if isinstance(answer, OrgError) and answer.code == "EXCEEDED_ID_LIMIT" and len(part) > 1:
                parts += [part[: len(part) // 2], part[len(part) // 2 :]]
                continue
            logins += [_login(row) for row in into.rows(answers, name, ("logins",), _RIGHT)]
    into.keep("logins", tuple(logins))


def _query(users: list[str]) -> str:
    return (
        f"SELECT {_GROUPS}, COUNT(Id) n, MAX(LoginTime) latest FROM LoginHistory "
        f"WHERE LoginTime = LAST_N_DAYS:120 AND UserId IN {in_list(users)} GROUP BY {_GROUPS}"
    )


def _login(row: Row) -> Login:
    latest = moment(row["latest"])
    assert latest is not None, "a group of sign-ins has a latest one"
    return Login(
        user_id=row["UserId"],
        kind=row["LoginType"] or "",
        application=row["Application"] or "",
        address=row["SourceIp"] or "",
        success=str(row["Status"]).lower() == "success",
        count=int(row["n"]),
        last=latest,
    )
