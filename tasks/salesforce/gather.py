"""Collects sections from a session: what came, what did not and why, without one failure hiding the rest."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from tasks.errors import BadRequest, IncompleteRead, OrgError, OrgRefused
from tasks.reading import Reading
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import literal


class Gathering:
    """
    One step's sections in the making. Rights, licence and edition problems become gaps; an org that is down or refuses
    the login ends the step, for then nothing of it is known.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.values: dict[str, Any] = {}
        self.gaps: dict[str, str] = {}
        self._calls = session.calls
        self._read = session.read.copy()

    def gap(self, section: str, reason: str) -> None:
        self.values.pop(section, None)
        self.gaps.setdefault(section, reason)

    def keep(self, section: str, value: Any) -> None:
        if section not in self.gaps:
            self.values[section] = value

    def ask(self, sections: Iterable[str], needs: str, question: Callable[[], Any]) -> Any:
        """The answer, or None with a gap in each section. `needs` names the right without which there is none."""
        try:
            return question()
        except (OrgRefused, BadRequest, IncompleteRead) as error:
            for section in sections:
                self.gap(section, reason(error, needs))
            return None

    def rows(
        self, found: Mapping[str, list[Row] | OrgError], name: str, sections: Iterable[str], needs: str
    ) -> list[Row]:
        """The rows of one query, or none with a gap in each section."""
        answer = found[name]
        if isinstance(answer, (OrgRefused, BadRequest, IncompleteRead)):
            for section in sections:
                self.gap(section, reason(answer, needs))
            return []
        if isinstance(answer, OrgError):
            raise answer
        return answer

    def reading(self) -> Reading:
        return Reading(
            org=self.session.alias,
            values=self.values,
            gaps=self.gaps,
            calls=self.session.calls - self._calls,
            rows={
                name: count - self._read[name]
                for name, count in self.session.read.items()
                if name not in self._read or count != self._read[name]
            },
            server_time=self.session.server_time,
        )


def own_rights_query(username: str, permissions: Iterable[str]) -> str:
    """Which of `permissions` a user holds: where one is missing, an org hides others' rows without any error."""
    asked = ", ".join(f"PermissionSet.Permissions{name}" for name in permissions)
    return " ".join(
        ["SELECT", asked, "FROM PermissionSetAssignment WHERE Assignee.Username =", literal(username)]
    )


def held(rows: Iterable[Row], permissions: Iterable[str]) -> set[str]:
    """The permissions among `permissions` that rows of `own_rights_query` name."""
    sets = [row.get("PermissionSet") or {} for row in rows]
    return {name for name in permissions if any(found.get(f"Permissions{name}") for found in sets)}


def reason(error: OrgError, needs: str) -> str:
    """What a person reads beside `unknown`."""
    return f"{error.what}; reading it needs {needs}"


def moment(value: object) -> datetime | None:
    """`2026-05-02T06:14:09.000+0000` as an aware datetime."""
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None
