"""
What Shield Platform Encryption refuses: tenant secrets made too soon or destroyed while they are active, and schemes that a field
cannot have.

Sources: Object Reference, TenantSecret; Platform Encryption REST guide (24 hours, 4 in a sandbox, 7 days for the search index);
Security Implementation Guide, "Fix Compatibility Problems". The codes and words of the refusals are ours.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from deployments.sandbox.clock import parse_stamp
from deployments.sandbox.errors import bad_field
from deployments.sandbox.identity.policy import switched_on
from deployments.sandbox.store import OrgStore

Body = Mapping[str, Any]
Row = Mapping[str, object]
Problem = tuple[str, str]
_PROBABILISTIC = "ProbabilisticEncryption"
_DETERMINISTIC = frozenset({"Email", "Phone", "Text", "TextArea", "Url"})
_TYPES = _DETERMINISTIC | {"LongTextArea", "Html", "Date", "DateTime"}
_SHOWN = frozenset({"blankvalue", "case", "hyperlink", "if", "image", "isblank", "isnull", "nullvalue"})
"""Functions that a formula may use beside an encrypted field."""
_NEXT = {"Active": {"Active", "Archived"}, "Archived": {"Archived", "Destroyed"}, "Destroyed": {"Destroyed"}}
_REFUSED = "FIELD_INTEGRITY_EXCEPTION"


def check_secret(store: OrgStore, row: Row, record_id: str | None) -> None:
    """Judge a tenant secret as it would be stored. Raises SalesforceError."""
    if record_id is None:
        _demand_patience(store, str(row["Type"]))
        return
    before = store.get("TenantSecret", record_id) or {}
    if row["Status"] not in _NEXT.get(str(before.get("Status")), set()):
        message = f"A tenant secret that is {before.get('Status')} cannot become {row['Status']}"
        raise bad_field(message, "Status")


def _demand_patience(store: OrgStore, kind: str) -> None:
    made = [
        stamp if not isinstance(stamp, str) else parse_stamp(stamp)
        for each in store.find("TenantSecret", Type=kind)
        if (stamp := each["CreatedDate"])
    ]
    if kind == "SearchIndex":
        wait = timedelta(days=7)
    else:
        org = next(iter(store.find("Organization")), {})
        wait = timedelta(hours=4 if org.get("IsSandbox") else 24)
    if any(store.clock.now() - each < wait for each in made):  # type: ignore[operator]  # stamps are aware datetimes
        hours = int(wait.total_seconds() // 3600)
        raise bad_field(
            f"You can generate a tenant secret of type {kind} once in {hours} hours", code="LIMIT_EXCEEDED"
        )


def export_of(secret_id: str) -> str:
    """What SecretValue holds of a secret that Salesforce made: bytes that are good for nothing else."""
    return base64.b64encode(hashlib.sha256(f"tenant secret {secret_id}".encode()).digest()).decode()


def check_scheme(store: OrgStore, full_name: str, body: Body) -> Problem | None:
    """The first thing that keeps a field from its scheme, where that changes."""
    scheme = str(body.get("encryptionScheme") or "None")
    before = store.metadata("CustomField", full_name) or {}
    if scheme in ("None", str(before.get("encryptionScheme") or "None")):
        return None
    deterministic = scheme != _PROBABILISTIC
    if deterministic and not switched_on(
        store, "PlatformEncryptionSettings", "PlatformEncryption", "enableDeterministicEncryption"
    ):
        return _REFUSED, "Deterministic encryption is not enabled"
    kind = "DeterministicData" if deterministic else "Data"
    if not store.find("TenantSecret", Type=kind, Status="Active"):
        return _REFUSED, f"There is no active tenant secret of type {kind}"
    if body.get("formula") or body.get("type") not in (_DETERMINISTIC if deterministic else _TYPES):
        return _REFUSED, f"A field of type {body.get('type')} cannot have the scheme {scheme}"
    if not deterministic and (body.get("unique") is True or body.get("externalId") is True):
        return _REFUSED, "A unique field or an external id cannot be encrypted probabilistically"
    return _used(store, full_name)


def _used(store: OrgStore, full_name: str) -> Problem | None:
    owner, _, name = full_name.partition(".")
    for rule in store.metadata_names("SharingCriteriaRule"):
        items = (store.metadata("SharingCriteriaRule", rule) or {}).get("criteriaItems")
        listed = items if isinstance(items, list) else [items]
        named = [each.get("field") for each in listed if isinstance(each, Mapping)]
        if rule.partition(".")[0] == owner and name in named:
            return _REFUSED, f"{full_name} is used in the criteria-based sharing rule {rule}"
    for field in store.metadata_names("CustomField"):
        formula = str((store.metadata("CustomField", field) or {}).get("formula") or "")
        if field.partition(".")[0] != owner or not re.search(rf"\b{name}\b", formula):
            continue
        functions = {each.lower() for each in re.findall(r"([A-Za-z_]\w*)\s*\(", formula)}
        if functions - _SHOWN:
            return _REFUSED, f"{full_name} is referenced by the formula {field} in an unsupported way"
    return None
