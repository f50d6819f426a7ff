"""What an org shows of managed sets, where its answers are odd."""

from datetime import UTC, datetime
from typing import Any, cast

from tasks.access.gateway import look
from tasks.salesforce.session import Session

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


class Answers:
    """A session that knows one group, with a set and a muting set in it."""

    alias, server_time = "compliance", NOW

    def query(self, soql: str) -> list[dict[str, Any]]:
        if "FROM PermissionSetGroupComponent" in soql:
            return [
                {"PermissionSetGroupId": "0PG1", "PermissionSet": None},
                {"PermissionSetGroupId": "0PG1", "PermissionSet": {"Name": "Elevated"}},
            ]
        if "PermissionSetGroupId IN" in soql:
            return [
                {
                    "PermissionSetGroupId": "0PG1",
                    "PermissionSetGroup": {"DeveloperName": "Both"},
                    "Assignee": {"Username": "ada@compliance.example"},
                    "ExpirationDate": None,
                }
            ]
        return []


def test_a_muting_set_in_a_group_is_nobody_s_right() -> None:
    seen = look(cast(Session, Answers()), ("Elevated",))
    assert [(each.place.permission_set, each.group) for each in seen.grouped] == [("Elevated", "Both")]
    assert seen.now == NOW
