"""
What is read live, by which time, in which parts; which log files are wanted; and what stands in for what cannot be seen. Pure.

Stored events answer to ranges of their time alone, in short windows (Real-Time Event Monitoring, considerations for big objects).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from tasks.telemetry.documented import FILE_TYPES
from tasks.telemetry.model import Hidden, Tier

STEADY = ("ApiTotalUsage", "Login")
"""Types of which every org that works has rows each day; of all others no file may mean no event."""
FREE = ("ApexUnexpectedException", "ApiTotalUsage", "CorsViolation", "CspViolation", "HostnameRedirects", "InsecureExternalAssets",
        "Login", "Logout")  # fmt: skip
"""Types that every org has for a day, without Event Monitoring (EventLogFile Supported Event Types)."""
NOT_ASKED_FOR = ("ApexCallout", "DatabaseSave", "WaveDownload")
"""Documented, and nothing looks at them yet."""
DETECTING = tuple(name for name in FILE_TYPES if name not in NOT_ASKED_FOR)
LATE_AFTER = {Tier.HOURLY: timedelta(hours=26), Tier.DAILY: timedelta(days=3)}
"""How long after its hour or day a file of steady traffic may still come."""
STEADY_DAYS = 5
MOST_PARTS = 400
"""Queries about one source in one run; the next one goes on."""


class Source(NamedTuple):
    """`part` is the length of time of one query, `first` how far back the first run asks, `key` what tells rows apart."""

    name: str
    time: str
    part: timedelta
    first: timedelta
    key: str = "Id"
    needs: str = ""


_MONTH, _DAY, _HOUR = timedelta(days=31), timedelta(days=1), timedelta(hours=1)
_RTEM = "View Real-Time Event Monitoring Data, and Event Monitoring or Shield"
_STORES = (
    "ApiEvent", "LoginEvent", "LoginAsEvent", "ReportEvent", "ListViewEvent", "UriEvent", "BulkApiResultEventStore",
    "PermissionSetEventStore", "FileEventStore", "IdentityVerificationEvent", "SessionHijackingEventStore",
    "CredentialStuffingEventStore", "ReportAnomalyEventStore", "ApiAnomalyEventStore",
)  # fmt: skip
LIVE = (
    Source("LoginHistory", "LoginTime", _DAY, _MONTH, needs="Monitor Login History"),
    Source("SetupAuditTrail", "CreatedDate", _MONTH, _MONTH, needs="View Setup and Configuration"),
    *(Source(name, "EventDate", 6 * _HOUR, 2 * _DAY, "EventIdentifier", _RTEM) for name in _STORES),
)
STANDS_IN = {
    "ApiEvent": "ApiTotalUsage files name user, app, address and object of every call, hours later and without rows read",
    "LoginEvent": "LoginHistory has the same sign-ins, without login keys",
    "LoginAsEvent": "SetupAuditTrail has suOrgAdminLogin, without what was done",
    "BulkApiResultEventStore": "BulkApi2 files have the jobs, hours later",
    "PermissionSetEventStore": "SetupAuditTrail and snapshots have the changes, without addresses",
    "ReportEvent": "Report and ReportExport files have the runs, hours later",
}
NO_ROWS = Hidden(
    tier=Tier.LIVE,
    what="rows taken by Bulk API 2.0",
    why="BulkApiResultEvent has no row count (Object Reference). The query's object and the number of result calls stand in "
    "for it until the BulkApi2 file of the hour comes.",
)


def parts(since: datetime, until: datetime, part: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """From `since` until before `until`, in order."""
    start = since
    while start < until:
        end = min(start + part, until)
        yield start, end
        start = end


def start_of(cursor: datetime | None, now: datetime, first: timedelta, overlap: timedelta) -> datetime:
    """Where to begin: before where the last look ended, also where the org's clock was set back since."""
    since = now - first if cursor is None else min(cursor, now) - overlap
    return since.replace(microsecond=0)


def unseen(name: str, why: str, needs: str) -> Hidden:
    """A live source that the org does not show."""
    instead = f" Instead: {STANDS_IN[name]}." if name in STANDS_IN else ""
    return Hidden(tier=Tier.LIVE, what=name, why=f"{why}; reading it needs {needs}.{instead}")


def degraded(kinds: Mapping[tuple[str, str], int], wanted: Collection[str]) -> list[Hidden]:
    """From numbers of files by (type, interval), what an org without Event Monitoring, or without hourly files, cannot show."""
    found = []
    if not {kind for kind, _ in kinds} - {*FREE}:
        lacking = sorted(set(wanted) - {*FREE})
        found.append(
            Hidden(
                tier=Tier.DAILY,
                what=f"{len(lacking)} event types, among them {', '.join(lacking[:6])}",
                why="there are files of the free types alone, kept for a day; the others need Event Monitoring. Instead: ApiTotalUsage "
                "has every API call without rows read, and LoginHistory, SetupAuditTrail and OauthToken are read live.",
            )
        )
    if not any(interval == "Hourly" for _, interval in kinds):
        found.append(
            Hidden(
                tier=Tier.HOURLY,
                what="all event types",
                why="there are no hourly files; they need Event Monitoring, and hourly logs turned on. Daily ones come a day later.",
            )
        )
    return found


def gaps(starts: Mapping[tuple[str, Tier], Iterable[datetime]], now: datetime) -> list[Hidden]:
    """
    Steady types whose files have stopped, or left out a day of the last seven. `starts` are the hours and days that files of a type
    are about, as far as they are remembered.

    Traffic is steady where five days have a file; a type that is not steady, or was never there, has no gap.
    """
    found = []
    for (name, tier), moments in sorted(starts.items()):
        days = {moment.date() for moment in moments}
        if name not in STEADY or len(days) < STEADY_DAYS:
            continue
        due = (now - LATE_AFTER[tier]).date()
        week = [due - timedelta(days=back) for back in range(6, -1, -1)]
        lacking = [day for day in week if day not in days and day > min(days)]
        if lacking:
            found.append(
                Hidden(
                    tier=tier,
                    what=f"{name} of {', '.join(map(str, lacking))}",
                    why=f"no {tier.value} file came, although there is one on nearly every day. Look at EventLogFile in the org, and "
                    "whether EventSettings was changed.",
                )
            )
    return found
