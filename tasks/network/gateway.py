"""Reads address ranges, settings, telemetry and second factors of one org, and firewalls and backups of AWS."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from tasks.aws.cloud import Cloud
from tasks.aws.firewall import list_web_acls, read_shield
from tasks.aws.storage import read_bucket
from tasks.errors import CloudError
from tasks.network.model import (
    FULL_NAMES,
    AddressRange,
    BackupBucket,
    EventLogSummary,
    MfaMethods,
    OrgSettings,
    ProfileAccess,
    Shield,
    TransactionPolicy,
    WebAcl,
)
from tasks.reading import Reading
from tasks.salesforce.gather import Gathering, held, moment, own_rights_query
from tasks.salesforce.metadata import Component, flag, list_metadata, many, read_metadata
from tasks.salesforce.session import Session

_METADATA = "Modify Metadata Through Metadata API Functions"
_SETTINGS = {
    "SecuritySettings": "Security",
    "OauthOidcSettings": "OauthOidc",
    "ConnectedAppSettings": "ConnectedApp",
    "EventSettings": "Event",
}
DAYS_OF_USE = 7
OWN_RIGHTS = ("ManageTwoFactor",)
_STRONG = ("HasTotp", "HasU2F", "HasSecurityKey", "HasBuiltInAuthenticator", "HasSalesforceAuthenticator")


def read_network(session: Session, *, profiles: Iterable[tuple[str, str]]) -> Reading:
    """
    `profiles` are (id, name) of those whose ranges matter. Sections: settings, profiles, transaction_policies, event_logs,
    used_objects, mfa.
    """
    into = Gathering(session)
    _settings(into)
    wanted = dict(profiles)
    found = session.read_all(
        {
            "Profile": "SELECT Id, LastModifiedDate FROM Profile",
            "EventLogFile": "SELECT Id, EventType, Interval, LogDate FROM EventLogFile "
            "WHERE LogDate = LAST_N_DAYS:30 ORDER BY LogDate DESC",
            "TwoFactorMethodsInfo": f"SELECT UserId, {', '.join(_STRONG)} FROM TwoFactorMethodsInfo",
            "OwnRights": own_rights_query(session.connection.username, OWN_RIGHTS),
        }
    )
    changed = {
        row["Id"]: moment(row["LastModifiedDate"]) for row in into.rows(found, "Profile", (), _METADATA)
    }
    _profiles(into, wanted, changed)
    _transaction_policies(into)
    files = into.rows(found, "EventLogFile", ("event_logs",), "View Event Log Files")
    if "event_logs" not in into.gaps:
        kinds = Counter((row["EventType"], row["Interval"]) for row in files)
        into.keep(
            "event_logs",
            tuple(EventLogSummary(event_type=t, interval=i, files=n) for (t, i), n in sorted(kinds.items())),
        )
        _used_objects(
            into, [r["Id"] for r in files if (r["EventType"], r["Interval"]) == ("RestApi", "Daily")]
        )
    _second_factors(into, found)
    return into.reading()


def _second_factors(into: Gathering, found: dict[str, Any]) -> None:
    """Without the right a user sees own factors only, without any error: absence is then no evidence."""
    needs = "Manage MFA in API"
    if not held(into.rows(found, "OwnRights", (), needs), OWN_RIGHTS):
        into.gap("mfa", f"only the scanner's own second factors are visible; all of them need {needs}")
    methods = into.rows(found, "TwoFactorMethodsInfo", ("mfa",), needs)
    into.keep(
        "mfa", tuple(MfaMethods(user_id=r["UserId"], strong=any(r[n] for n in _STRONG)) for r in methods)
    )


def _settings(into: Gathering) -> None:
    parts: dict[str, Component] = {}
    for kind, name in _SETTINGS.items():
        answer = into.ask(("settings",), _METADATA, partial(read_metadata, into.session, kind, [name]))
        parts[kind] = (answer or {}).get(name) or {}
        if not parts[kind]:
            into.gap("settings", f"the org gave no {kind}; reading it needs {_METADATA}")
    security = parts["SecuritySettings"]
    session = security.get("sessionSettings") or {}
    event = parts["EventSettings"]
    into.keep(
        "settings",
        OrgSettings(
            trusted_ranges=tuple(
                AddressRange(first=r["start"], last=r["end"], description=str(r.get("description") or ""))
                for r in many(security.get("networkAccess") or {}, "ipRanges")
            ),
            enforce_ranges_every_request=flag(session, "enforceIpRangesEveryRequest"),
            mfa_for_direct_logins=flag(session, "enableMFADirectUILoginOptIn"),
            admin_approved_apps_only=flag(parts["ConnectedAppSettings"], "enableAdminApprovedAppsOnly"),
            block_password_flow=flag(parts["OauthOidcSettings"], "blockOAuthUnPwFlow"),
            event_log_generation=flag(event, "enableEventLogGeneration"),
            delete_monitoring_data=flag(event, "enableDeleteMonitoringData"),
            transaction_security=flag(event, "enableTransactionSecurityPolicies"),
        ),
    )


def _profiles(into: Gathering, wanted: dict[str, str], changed: Mapping[str, datetime | None]) -> None:
    """Ranges of the profiles that matter; one that does not come back stays unlisted, which is unknown, not open."""
    full_names = {FULL_NAMES.get(name, name): (pid, name) for pid, name in wanted.items()}
    found = into.ask(
        ("profiles",), _METADATA, lambda: read_metadata(into.session, "Profile", sorted(full_names))
    )
    into.keep(
        "profiles",
        tuple(
            ProfileAccess(
                profile_id=full_names[full_name][0],
                profile_name=full_names[full_name][1],
                login_ranges=tuple(
                    AddressRange(
                        first=r["startAddress"],
                        last=r["endAddress"],
                        description=str(r.get("description") or ""),
                    )
                    for r in many(component, "loginIpRanges")
                ),
                custom=flag(component, "custom"),
                changed=changed.get(full_names[full_name][0]),
            )
            for full_name, component in (found or {}).items()
            if full_name in full_names
        ),
    )


def _transaction_policies(into: Gathering) -> None:
    kind = "TransactionSecurityPolicy"
    names = into.ask(("transaction_policies",), _METADATA, lambda: list_metadata(into.session, [kind]))
    found = into.ask(
        ("transaction_policies",),
        _METADATA,
        lambda: read_metadata(into.session, kind, (names or {}).get(kind, ())),
    )
    into.keep(
        "transaction_policies",
        tuple(
            TransactionPolicy(
                name=name,
                active=flag(component, "active"),
                event=str(component.get("eventName") or ""),
                blocks=flag(component.get("action") or {}, "block"),
            )
            for name, component in (found or {}).items()
        ),
    )


def _used_objects(into: Gathering, files: list[str]) -> None:
    """Which objects each user's REST calls touched, from the last days' files; None where the org has none."""
    if not files:
        into.keep("used_objects", None)
        return
    used: dict[str, set[str]] = defaultdict(set)
    for file_id in files[:DAYS_OF_USE]:
        path = f"sobjects/EventLogFile/{file_id}/LogFile"
        content = into.ask(("used_objects",), "View Event Log Files", partial(into.session.get_bytes, path))
        if content is None:
            return
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
            user, entity = (
                row.get("USER_ID_DERIVED") or row.get("USER_ID") or "",
                row.get("ENTITY_NAME") or "",
            )
            if user and entity:
                used[user].add(entity)
    into.keep("used_objects", {user: frozenset(objects) for user, objects in used.items()})


def read_cloud_network(cloud: Cloud, *, buckets: Iterable[str]) -> Reading:
    """Sections: web_acls, shield, buckets (those named)."""
    values: dict[str, Any] = {}
    gaps: dict[str, str] = {}
    try:
        values["web_acls"] = tuple(
            WebAcl(
                name=acl.name,
                associated=acl.associated,
                rate_limit=acl.blocking_rate_limit,
                default=acl.default,
                rules=acl.rules,
                address_sets=dict(acl.address_sets),
                resources=acl.resources,
                log_destinations=acl.log_destinations,
            )
            for acl in list_web_acls(cloud)
        )
    except CloudError as error:
        gaps["web_acls"] = str(error)
    try:
        shield = read_shield(cloud)
        values["shield"] = Shield(subscribed=shield.subscribed, protected=shield.protected)
    except CloudError as error:
        gaps["shield"] = str(error)
    try:
        found = [read_bucket(cloud, name) for name in sorted(set(buckets))]
        values["buckets"] = tuple(
            BackupBucket(
                name=b.name,
                exists=b.exists,
                kms_encrypted=b.kms_encrypted,
                kms_key_enabled=b.kms_key_enabled,
                versioned=b.versioned,
                public_access_blocked=b.public_access_blocked,
            )
            for b in found
        )
    except CloudError as error:
        gaps["buckets"] = str(error)
    return Reading(org="cloud", values=values, gaps=gaps, calls=0, rows={}, server_time=None)
