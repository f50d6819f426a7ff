"""What happened in each org: 120 days of logins with weekly and month-end seasons, and event log files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from deployments.sandbox.clock import stamp
from deployments.sandbox.seed.blueprint import Blueprint, Org
from deployments.sandbox.seed.names import MIDDLEWARE_ADDRESS, VPN_ADDRESS
from deployments.sandbox.seed.population import STAFF_PROFILES
from deployments.sandbox.seed.rights import readable
from deployments.sandbox.store import OrgStore
from deployments.sandbox.telemetry.files import KEPT_DAYS, LICENSED, write_background

DAYS = 120
_WEEKDAY, _WEEKEND, _MONTH_END = 290, 15, 540
"""How many of a thousand people log in on such a day."""
_COMMON = (
    "EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "RUN_TIME", "CPU_TIME", "URI",
    "SESSION_KEY", "LOGIN_KEY",
)  # fmt: skip
_COLUMNS = {
    "RestApi": (
        *_COMMON, "CLIENT_NAME", "CONNECTED_APP_ID", "ENTITY_NAME", "METHOD", "NUMBER_FIELDS", "REQUEST_SIZE",
        "REQUEST_STATUS", "RESPONSE_SIZE", "ROWS_PROCESSED", "STATUS_CODE", "USER_AGENT", "USER_TYPE",
        "TIMESTAMP_DERIVED", "USER_ID_DERIVED", "CLIENT_IP", "URI_ID_DERIVED", "QUERY",
    ),
    "Login": (*_COMMON, "LOGIN_STATUS", "LOGIN_TYPE", "SOURCE_IP", "USER_NAME", "TIMESTAMP_DERIVED", "USER_ID_DERIVED"),
    "ApiTotalUsage": (
        "EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "API_FAMILY", "API_RESOURCE",
        "API_VERSION", "CLIENT_NAME", "CONNECTED_APP_ID", "CONNECTED_APP_NAME", "COUNTS_AGAINST_API_LIMIT",
        "ENTITY_NAME", "HTTP_METHOD", "STATUS_CODE", "USER_NAME", "TIMESTAMP_DERIVED", "CLIENT_IP",
    ),
}  # fmt: skip
_CHANGES = (
    ("PermSetAssign", "Manage Users", "Permission set Export Reports: assigned to user {}"),
    ("createduser", "Manage Users", "Created new user {}"),
    ("PermSetUnassign", "Manage Users", "Permission set Export Reports: unassigned from user {}"),
    ("resetpassword", "Manage Users", "Reset password for user {}"),
)
_KEPT_DAYS = 365
"""Meridian pays for keeping its event log files a year."""
_FILE_DAYS = {"Login": 30, "ApiTotalUsage": 90, "RestApi": 90}
"""How far back the files go that are there when the estate is made."""
_BACKGROUND_DAYS = 29
WITH_REST_FILES = ("hq", "emea")


def write_logins(store: OrgStore, plan: Blueprint, org: Org, users: Mapping[str, str], salt: int) -> None:
    _write_staff_logins(store, plan, org, users, salt)
    rows = []
    for series in org.logins:
        step = series.days * 86400 / series.count
        machine = series.type in ("Remote Access 2.0", "Other Apex API")
        for number in range(series.count):
            rows.append(
                {
                    "UserId": users[series.username],
                    "LoginTime": stamp(plan.day - timedelta(seconds=int((number + 0.5) * step))),
                    "LoginType": series.type,
                    "SourceIp": series.address,
                    "LoginUrl": org.host,
                    "TlsProtocol": "TLS 1.3",
                    "OptionsIsPost": True,
                    "Browser": "Unknown" if machine else "Chrome 142",
                    "Platform": "Unknown" if machine else "Windows 11",
                    "Status": series.status,
                    "Application": series.application,
                    "ClientVersion": "N/A",
                    "ApiType": series.api_type,
                    "ApiVersion": "66.0" if machine else "N/A",
                }
            )
    store.insert("LoginHistory", rows)


def _write_staff_logins(
    store: OrgStore, plan: Blueprint, org: Org, users: Mapping[str, str], salt: int
) -> None:
    staff = [
        [users[u.username], 1 if u.federation else 0]
        for u in org.users.values()
        if u.active and u.profile in STAFF_PROFILES and u.title in STAFF_PROFILES
    ]
    days = [(plan.day - timedelta(days=back)).date() for back in range(1, DAYS + 1)]
    weights = [_MONTH_END if d.day >= 28 else _WEEKDAY if d.weekday() < 5 else _WEEKEND for d in days]
    store.sql("CREATE TEMP TABLE _staff (k INTEGER PRIMARY KEY, id TEXT, sso INTEGER)")
    store.sql("INSERT INTO _staff SELECT key, value ->> 0, value ->> 1 FROM json_each(?)", json.dumps(staff))
    store.sql("CREATE TEMP TABLE _day (k INTEGER PRIMARY KEY, day TEXT, weight INTEGER)")
    pairs = json.dumps([[d.isoformat(), w] for d, w in zip(days, weights, strict=True)])
    store.sql("INSERT INTO _day SELECT key, value ->> 0, value ->> 1 FROM json_each(?)", pairs)
    mix = f"((p.k * 7919 + d.k * 104729 + {salt}) * 2654435761 & 4294967295)"
    store.sql(
        "CREATE TEMP TABLE _picked AS SELECT p.k AS person, p.id AS id, p.sso AS sso, d.day AS day,"
        f" {mix} AS h FROM _day d CROSS JOIN _staff p WHERE ({mix} >> 9) % 1000 < d.weight"
    )
    count = store.sql("SELECT COUNT(*) FROM _picked")[0][0]
    ids = json.dumps(store.new_ids(store.schema["LoginHistory"].prefix, count)) if count else "[]"
    store.sql("CREATE TEMP TABLE _run (n INTEGER PRIMARY KEY, id TEXT)")
    store.sql("INSERT INTO _run SELECT key + 1, value FROM json_each(?)", ids)
    store.sql(
        'INSERT INTO "LoginHistory" (Id, UserId, LoginTime, LoginType, SourceIp, LoginUrl, TlsProtocol, OptionsIsGet,'
        " OptionsIsPost, Browser, Platform, Status, Application, ClientVersion, ApiType, ApiVersion)"
        " SELECT r.id, p.id, p.day || printf('T%02d:%02d:%02d.000+0000', 7 + h % 11, (h / 11) % 60, (h / 661) % 60),"
        " CASE p.sso WHEN 1 THEN 'SAML Sfdc Initiated SSO' ELSE 'Application' END,"
        " CASE WHEN h % 5 = 0 THEN '198.19.' || (person % 200) || '.' || (1 + person % 250)"
        " ELSE '203.0.113.' || (20 + person % 200) END,"
        " ?, 'TLS 1.3', 0, 1, 'Chrome 142', 'Windows 11',"
        " CASE WHEN h % 53 = 0 THEN 'Invalid Password' ELSE 'Success' END, 'Browser', 'N/A', 'N/A', 'N/A'"
        " FROM _picked p JOIN _run r ON r.n = p.rowid",
        org.host,
    )
    store.sql(
        "UPDATE \"User\" SET LastLoginDate = l.last FROM (SELECT id, MAX(day) || 'T09:00:00.000+0000' AS last"
        ' FROM _picked GROUP BY id) AS l WHERE "User".Id = l.id'
    )
    for name in ("_staff", "_day", "_picked", "_run"):
        store.sql(f"DROP TABLE {name}")


def write_last_logins(plan: Blueprint, org: Org) -> None:
    """Users with login series of their own were here yesterday at the latest."""
    for series in org.logins:
        if series.status == "Success":
            org.users[series.username].last_login = plan.ago(0.5)


def write_histories(store: OrgStore, plan: Blueprint, org: Org, users: Mapping[str, str]) -> None:
    """Setup changes of the last months, and second factors that administrators showed."""
    people = list(users.values())
    author = users[f"break.glass.1@{org.domain}"]
    changes = []
    for number in range(240):
        action, section, display = _CHANGES[number % len(_CHANGES)]
        row = {
            "Action": action,
            "Section": section,
            "Display": display.format(org.rng.choice(people)),
            "CreatedById": author,
            "CreatedDate": plan.ago(number * 0.5 + 0.3),
        }
        changes.append(row)
    store.insert("SetupAuditTrail", reversed(changes))
    shown = [
        {
            "UserId": users[series.username],
            "VerificationTime": plan.ago(3 * number + 0.5),
            "Activity": "Login",
            "VerificationMethod": "Totp",
            "Status": "Succeeded",
            "Policy": "TwoFactorAuthentication",
            "SourceIp": series.address,
        }
        for series in org.logins
        if series.address == VPN_ADDRESS and org.users[series.username].strong_factor
        for number in range(20)
    ]
    store.insert("VerificationHistory", shown)


def write_event_logs(store: OrgStore, plan: Blueprint, org: Org, users: Mapping[str, str]) -> None:
    store.set_setting(KEPT_DAYS, str(_KEPT_DAYS))
    if not org.event_logs or org.alias not in WITH_REST_FILES:
        store.set_setting(LICENSED, "0")
    if not org.event_logs:
        return
    if org.alias in WITH_REST_FILES:
        active = [users[user.username] for user in org.users.values() if user.active]
        write_background(store, active, plan.day, _BACKGROUND_DAYS, salt=len(active))
    kinds = ("Login", "ApiTotalUsage", *(("RestApi",) if org.alias in WITH_REST_FILES else ()))
    jobs = _jobs(plan, org)
    rows = []
    for kind in kinds:
        for back in range(1, _FILE_DAYS[kind] + 1):
            text = _file(plan, store, org, kind, back, jobs, users)
            rows.append(
                {
                    "EventType": kind,
                    "LogDate": plan.ago(back),
                    "Interval": "Daily",
                    "Sequence": 0,
                    "LogFile": text,
                    "LogFileFieldNames": ",".join(_COLUMNS[kind]),
                    "LogFileFieldTypes": ",".join("String" for _ in _COLUMNS[kind]),
                    "LogFileLength": float(len(text)),
                    "ApiVersion": 66.0,
                    "CreatedDate": plan.ago(back - 1),
                }
            )
    store.insert("EventLogFile", rows)


@dataclass(frozen=True)
class _Job:
    """What a sync does every day: it looks up records of one object, changes some and makes some."""

    username: str
    sobject: str
    fields: tuple[str, ...]

    def calls(self) -> tuple[tuple[str, str, str], ...]:
        """Method, path below the version, and query of each."""
        place = f"sobjects/{self.sobject}"
        soql = f"SELECT Id, {', '.join(self.fields)} FROM {self.sobject}" if self.fields else ""
        found = [("GET", "query" if soql else place, soql)]
        return (*found, ("POST", place, ""), ("PATCH", place, "")) if soql else tuple(found)


def _jobs(plan: Blueprint, org: Org) -> list[_Job]:
    """The declared routes of each machine; one that serves none reads what it may."""
    declared = {
        _Job(route.sync_user, route.sobject, route.fields)
        for route in plan.routes
        if route.target == org.alias
    }
    idle = {c.user for c in plan.into(org.alias)} - {job.username for job in declared}
    others = {_Job(name, sobject, ()) for name in idle for sobject in sorted(readable(org, name)[0])[:3]}
    return sorted(declared | others, key=lambda job: (job.username, job.sobject))


def _file(
    plan: Blueprint,
    store: OrgStore,
    org: Org,
    kind: str,
    back: int,
    jobs: Sequence[_Job],
    users: Mapping[str, str],
) -> str:
    day = plan.day - timedelta(days=back)
    lines = [",".join(f'"{name}"' for name in _COLUMNS[kind])]
    weight = 1.0 if day.weekday() < 5 else 0.2
    for job in jobs:
        for number, (method, path, soql) in enumerate(job.calls()):
            moment = day + timedelta(hours=1 + number, minutes=7)
            volume = int(weight * (400 + org.rng.randint(0, 200)))
            cells = {
                "EVENT_TYPE": kind,
                "TIMESTAMP": f"{moment:%Y%m%d%H%M%S}.000",
                "TIMESTAMP_DERIVED": f"{moment:%Y-%m-%dT%H:%M:%S}.000Z",
                "ORGANIZATION_ID": store.org_id[:15],
                "USER_ID": users[job.username][:15],
                "USER_ID_DERIVED": users[job.username],
                "USER_NAME": job.username,
                "ENTITY_NAME": job.sobject,
                "METHOD": method,
                "HTTP_METHOD": method,
                "ROWS_PROCESSED": str(volume),
                "STATUS_CODE": {"GET": "200", "POST": "201", "PATCH": "204"}[method],
                "CLIENT_IP": MIDDLEWARE_ADDRESS,
                "SOURCE_IP": MIDDLEWARE_ADDRESS,
                "API_FAMILY": "REST",
                "API_RESOURCE": f"/v66.0/{path}",
                "API_VERSION": "66.0",
                "LOGIN_STATUS": "LOGIN_NO_ERROR",
                "LOGIN_TYPE": "i",
                "USER_TYPE": "Standard",
                "URI": f"/services/data/v66.0/{path}",
                "QUERY": soql,
            }
            lines.append(",".join(f'"{cells.get(name, "")}"' for name in _COLUMNS[kind]))
    return "\n".join(lines) + "\n"
