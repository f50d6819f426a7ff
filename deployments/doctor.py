"""`bulkhead doctor`: signs in to every org and says what can be seen there, and which right is missing for the rest."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tasks.errors import BulkheadError, ConfigurationError, OrgError
from tasks.estate.model import OrgEntry
from tasks.orgs import load_estate, open_cloud, open_org
from tasks.permissions.own import ASKED_ABOUT, ENFORCER, ENFORCER_WRITES, beyond
from tasks.permissions.tiers import label
from tasks.salesforce.session import Session
from tasks.salesforce.soql import in_list

TOLERATED_SKEW: Final = timedelta(minutes=2)
# One row of each is enough to know; five travel in one call.
PROBES: Final[Mapping[str, tuple[str, str]]] = {
    "users": ("SELECT Id FROM User LIMIT 1", "View All Users"),
    "permission sets": ("SELECT Id FROM PermissionSet LIMIT 1", "View Setup and Configuration"),
    "logins": ("SELECT Id FROM LoginHistory LIMIT 1", "Monitor Login History"),
    "OAuth grants": ("SELECT Id FROM OauthToken LIMIT 1", "Customize Application"),
    "connected apps": ("SELECT Id FROM ConnectedApplication LIMIT 1", "Customize Application"),
    "auth providers": ("SELECT Id FROM AuthProvider LIMIT 1", "Manage Auth. Providers"),
    "second factors": (
        "SELECT UserId FROM TwoFactorMethodsInfo LIMIT 1",
        "Manage Multi-Factor Authentication in API",
    ),
    "event log files": ("SELECT Id FROM EventLogFile LIMIT 1", "View Event Log Files"),
    "tenant secrets": ("SELECT Id FROM TenantSecret LIMIT 1", "Manage Encryption Keys, and Shield"),
    "audit trail": ("SELECT Id FROM SetupAuditTrail LIMIT 1", "View Setup and Configuration"),
}
TOOLING_PROBES: Final[Mapping[str, tuple[str, str]]] = {
    "certificates": ("SELECT Id FROM Certificate LIMIT 1", "Customize Application"),
    "remote sites": ("SELECT Id FROM RemoteProxy LIMIT 1", "Customize Application"),
    "Apex code": ("SELECT Id FROM ApexClass LIMIT 1", "View Setup and Configuration"),
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """
    `missing` maps what cannot be seen to the right that would show it; `error` when nothing could be seen at all. `beyond` maps
    our identities to what they may do at all times and do not need, `lacking` to what the enforcer's sets do not give it.
    """

    org: str
    error: str = ""
    version: str = ""
    calls_left: int | None = None
    skew: timedelta = timedelta(0)
    seen: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    beyond: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        return {
            "org": self.org,
            "ok": not self.error,
            "error": self.error,
            "api_version": self.version,
            "api_calls_left": self.calls_left,
            "clock_skew_seconds": round(self.skew.total_seconds()),
            "seen": list(self.seen),
            "missing": dict(self.missing),
            "beyond": {role: list(names) for role, names in self.beyond.items()},
            "lacking": {role: list(names) for role, names in self.lacking.items()},
        }


def examine(only: Sequence[str]) -> list[Check]:
    """All orgs side by side, AWS first: without its secrets nobody signs in. Raises ConfigurationError, CloudError."""
    known = {org.alias: org for org in load_estate().orgs}
    for alias in only:
        if alias not in known:
            raise ConfigurationError(
                f"There is no org {alias} in the registered estate. There are: {', '.join(known)}."
            )
    open_cloud()
    wanted = [known[alias] for alias in only or known]
    with ThreadPoolExecutor(min(8, len(wanted))) as pool:
        return list(pool.map(check_org, wanted))


def check_org(org: OrgEntry) -> Check:
    """Never raises for what is wrong with the org: that is its finding."""
    try:
        with open_org(org.alias) as session:
            return probe(session, org)
    except BulkheadError as error:
        return Check(org=org.alias, error=str(error))
    except OSError as error:
        return Check(
            org=org.alias, error=f"no connection could be made ({error}). Look at its entry in estate.yaml."
        )


def as_text(checks: Sequence[Check]) -> str:
    return "\n".join(line for check in checks for line in _lines(check))


def probe(session: Session, org: OrgEntry) -> Check:
    """What the scanner's session is shown, and what both identities may do. Raises OrgError where the org does not answer."""
    before = datetime.now(UTC)
    found = session.read_all({name: query for name, (query, _) in PROBES.items()})
    found |= session.read_all({name: query for name, (query, _) in TOOLING_PROBES.items()}, tooling=True)
    rights = {name: right for name, (_, right) in {**PROBES, **TOOLING_PROBES}.items()}
    standing, asleep = _own_rights(session, org)
    usage = session.api_usage
    told = session.server_time
    return Check(
        org=session.alias,
        version=session.version,
        calls_left=usage[1] - usage[0] if usage else None,
        skew=told - before if told else timedelta(0),
        seen=tuple(name for name in rights if not isinstance(found[name], OrgError)),
        missing={name: right for name, right in rights.items() if isinstance(found[name], OrgError)},
        beyond={role: more for role, held in standing.items() if (more := beyond(role, held))},
        lacking={role: less for role, held in asleep.items() if (less := _lacking(held))},
    )


def _own_rights(session: Session, org: OrgEntry) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """
    By identity the user permissions that it holds at all times; then, for the enforcer, those that it holds once its sets are awake.
    Empty where the scanner may not see who holds which set, which `missing` names. Raises OrgError where the org does not answer.
    """
    roles = {org.scanner.username.lower(): "scanner"}
    if org.enforcer is not None:
        roles[org.enforcer.username.lower()] = "enforcer"
    described = session.describe(["PermissionSet"])["PermissionSet"]
    if isinstance(described, OrgError):
        return {}, {}
    # Each org has some permissions that others do not have, and a name that it does not know spoils the query.
    there = {str(each["name"]) for each in described["fields"]}
    names = sorted(name for name in ASKED_ABOUT if f"Permissions{name}" in there)
    columns = ["Assignee.Username", "PermissionSet.HasActivationRequired"]
    columns += [f"PermissionSet.Permissions{name}" for name in names]
    soql = ["SELECT", ", ".join(columns), "FROM PermissionSetAssignment WHERE Assignee.Username IN"]
    found = session.read_all({"own": " ".join([*soql, in_list(roles)])})["own"]
    if isinstance(found, OrgError):
        return {}, {}
    standing: dict[str, set[str]] = {role: set() for role in roles.values()}
    awake: dict[str, set[str]] = {role: set() for role in roles.values() if role == "enforcer"}
    for row in found:
        role = roles[row["Assignee"]["Username"].lower()]
        given = {name for name in names if row["PermissionSet"][f"Permissions{name}"]}
        if not row["PermissionSet"]["HasActivationRequired"]:
            standing[role] |= given
        if role in awake:
            awake[role] |= given
    return standing, awake


def _lacking(held: set[str]) -> tuple[str, ...]:
    return tuple(sorted({*ENFORCER.rights, *ENFORCER_WRITES.rights} - held))


def _lines(check: Check) -> list[str]:
    if check.error:
        return [f"{check.org:<14} cannot be read: {check.error}"]
    left = f", {check.calls_left:,} API calls left" if check.calls_left is not None else ""
    lines = [
        f"{check.org:<14} API {check.version}{left}; sees {len(check.seen)} of {len(check.seen) + len(check.missing)}"
    ]
    lines += [f"{'':<14} cannot see {name}: needs {right}" for name, right in check.missing.items()]
    for role, names in check.beyond.items():
        lines.append(f"{'':<14} its {role} may do more at all times than it needs: {_named(names)}")
    for role, names in check.lacking.items():
        lines.append(f"{'':<14} its {role} lacks, even once it is woken: {_named(names)}")
    if abs(check.skew) > TOLERATED_SKEW:
        lines.append(f"{'':<14} its clock and ours differ by {check.skew}; JWT sign-ins may fail")
    return lines


def _named(permissions: Sequence[str]) -> str:
    return ", ".join(map(label, permissions))
