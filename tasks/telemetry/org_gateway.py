"""Reads an org's telemetry, as the scanner: live objects in parts of time, log files in pieces, states of tokens and grants."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from tasks.errors import BadRequest, IncompleteRead, OrgError, OrgRefused, OrgUnavailable
from tasks.salesforce.gather import held, own_rights_query
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import in_list, literal
from tasks.telemetry.columns import snake
from tasks.telemetry.masks import NEVER
from tasks.telemetry.model import LogFile, Tier
from tasks.telemetry.sources import Source

NOT_SHOWN = (OrgRefused, BadRequest, IncompleteRead)
"""What costs a source, and not all of an org."""
_SEE_LOGINS, _SEE_TOKENS = ("MonitorLoginHistory", "ManageUsers"), ("CustomizeApplication",)
_TOKENS = "SELECT AppName, UserId, CreatedDate, LastUsedDate, UseCount FROM OauthToken"
_GRANTS = (
    "SELECT Id, AssigneeId, PermissionSetId, PermissionSetGroupId, ExpirationDate, PermissionSet.Name, PermissionSet.Label "
    "FROM PermissionSetAssignment"
)
TOKENS_CEILING = 2500
"""OauthToken gives no more rows than this, and says nothing about it."""
_SKIPPED_TYPES = frozenset({"base64", "address", "location", "complexvalue", "anyType"})


class OrgTelemetry:
    """One org as it tells what happened. Raises OrgError where the org itself does not answer."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.alias = session.alias

    @property
    def calls(self) -> int:
        return self._session.calls

    def now(self) -> datetime:
        """By the org's own clock, which has whole seconds. What happened in this very second may still get company."""
        self._session.hello()
        if self._session.server_time is None:
            raise OrgUnavailable(self.alias, "no answer names its time", "A proxy may cut headers.")
        return self._session.server_time.replace(microsecond=0)

    def sees(self) -> set[str]:
        """Sources of which an org shows others' rows to this user; without the right it hides them and says nothing."""
        rows = self._session.query(
            own_rights_query(self._session.connection.username, (*_SEE_LOGINS, *_SEE_TOKENS))
        )
        found = held(rows, (*_SEE_LOGINS, *_SEE_TOKENS))
        seen = {"LoginHistory"} if found & {*_SEE_LOGINS} else set()
        return seen | ({"OauthToken"} if found & {*_SEE_TOKENS} else set())

    def fields(self, sources: Sequence[Source]) -> dict[str, tuple[str, ...] | str]:
        """By source the fields that this org and this user have of it, or why there are none."""
        found: dict[str, tuple[str, ...] | str] = {}
        for name, answer in self._session.describe([source.name for source in sources]).items():
            if isinstance(answer, NOT_SHOWN):
                found[name] = answer.what
            elif isinstance(answer, OrgError):
                raise answer
            else:
                found[name] = tuple(
                    str(field["name"]) for field in answer["fields"]
                    if snake(field["name"]) not in NEVER and field.get("type") not in _SKIPPED_TYPES
                )  # fmt: skip
        return found

    def live(
        self, wanted: Mapping[str, tuple[Source, Sequence[str], datetime, datetime]]
    ) -> dict[str, list[Row] | str]:
        """By source its rows from one moment until before another, or why there are none; five sources to a call."""
        queries = {
            name: f"SELECT {', '.join(fields)} FROM {source.name} "
            f"WHERE {source.time} >= {literal(since)} AND {source.time} < {literal(until)}"
            for name, (source, fields, since, until) in wanted.items()
        }
        found: dict[str, list[Row] | str] = {}
        for name, answer in self._session.read_all(queries).items():
            if isinstance(answer, NOT_SHOWN):
                found[name] = answer.what
            elif isinstance(answer, OrgError):
                raise answer
            else:
                found[name] = answer
        return found

    def tokens(self) -> list[Row] | str:
        """Every OAuth token of everybody, without the token; or why not."""
        return self._rows(_TOKENS)

    def grants(self) -> list[Row] | str:
        """Who holds which permission set, those of profiles included; or why not."""
        return self._rows(_GRANTS)

    def state_of_grants(self) -> str:
        """Another text once anything about grants was added or changed, and nearly always once one is gone."""
        (row,) = self._session.query(
            "SELECT COUNT(Id) n, MAX(SystemModstamp) latest FROM PermissionSetAssignment"
        )
        return f"{row['n']} {row['latest']}"

    def kinds(self) -> dict[tuple[str, str], int]:
        """Number of log files by event type and interval. Raises OrgRefused or BadRequest where none may be seen."""
        rows = self._session.query(
            "SELECT EventType, Interval, COUNT(Id) n FROM EventLogFile GROUP BY EventType, Interval"
        )
        return {(str(row["EventType"]), str(row["Interval"])): int(row["n"]) for row in rows}

    def files(self, since: datetime, until: datetime, event_types: Collection[str]) -> list[LogFile]:
        """Those that appeared from one moment until before another, in the order in which they did."""
        rows = self._session.query(
            "SELECT Id, EventType, LogDate, CreatedDate, Interval, Sequence, LogFileLength FROM EventLogFile "
            f"WHERE EventType IN {in_list(sorted(event_types))} AND CreatedDate >= {literal(since)} "
            f"AND CreatedDate < {literal(until)} ORDER BY CreatedDate, Id"
        )
        return [_file(row) for row in rows]

    def content(self, file: LogFile) -> AbstractContextManager[Iterator[bytes]]:
        return self._session.stream(f"sobjects/EventLogFile/{file.id}/LogFile")

    def _rows(self, soql: str) -> list[Row] | str:
        try:
            return self._session.query(soql)
        except NOT_SHOWN as error:
            return error.what


def _file(row: Row) -> LogFile:
    return LogFile(
        id=row["Id"],
        event_type=row["EventType"],
        tier=Tier.HOURLY if row["Interval"] == "Hourly" else Tier.DAILY,
        start=datetime.fromisoformat(row["LogDate"]),
        made=datetime.fromisoformat(row["CreatedDate"]),
        sequence=int(row["Sequence"] or 0),
        length=int(row["LogFileLength"] or 0),
    )
