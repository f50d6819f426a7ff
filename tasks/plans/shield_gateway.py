"""
Hands on platform encryption: the scheme of a field, and tenant secrets made, replaced and destroyed.

TenantSecret takes create, query, retrieve and update, and never a deletion (Object Reference, TenantSecret). Each write looks again at
what it is about: a second rotation within the platform's time, or a destruction without its export, is not sent.
"""

import hashlib
from collections.abc import Iterable, Sequence

from tasks.ledger.model import EntryKind
from tasks.orgs import open_ledger
from tasks.plans.model import Change, Resource, State
from tasks.plans.records import split
from tasks.salesforce.exports import read_export
from tasks.salesforce.gather import moment
from tasks.salesforce.metadata import NAMES_PER_READ, read_metadata, update_metadata
from tasks.salesforce.pages import Row
from tasks.salesforce.rows import ask_origin
from tasks.salesforce.session import Session
from tasks.salesforce.soql import in_list
from tasks.salesforce.writing import RecordResult, WritingSession
from tasks.shield.export import exports
from tasks.shield.model import Exported, least_wait

_ACTIVE, _ARCHIVED, _DESTROYED = "Active", "Archived", "Destroyed"


# Fields ------------------------------------------------------------------------------------------------


def read_field_encryption(session: Session, resources: Iterable[Resource]) -> dict[Resource, State]:
    """What the org has; a field that it does not know is left out. Raises OrgError."""
    wanted = list(resources)
    found = read_metadata(session, "CustomField", sorted({each.key for each in wanted}))
    return {
        each: {"scheme": str(found[each.key].get("encryptionScheme") or "None")}
        for each in wanted
        if each.key in found
    }


def write_field_encryption(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """
    One result per change. Raises OrgError.

    Each field is sent whole, as it was read a moment ago, with nothing but its scheme changed: an org may take what is not
    named for its default.
    """
    held = read_metadata(session, "CustomField", [change.resource.key for change in changes])
    sent = [
        (
            "CustomField",
            change.resource.key,
            {
                **{k: v for k, v in held.get(change.resource.key, {}).items() if k != "fullName" and v != ""},
                "encryptionScheme": str((change.after or {}).get("scheme")),
            },
        )
        for change in changes
    ]
    return [
        result
        for start in range(0, len(sent), NAMES_PER_READ)
        for result in update_metadata(session, sent[start : start + NAMES_PER_READ])
    ]


# Tenant secrets ----------------------------------------------------------------------------------------


def read_tenant_secrets(session: Session, resources: Iterable[Resource]) -> dict[Resource, State]:
    """Types of which a secret is active; the others are left out. Raises OrgError."""
    wanted = list(resources)
    active = {row["Type"] for row in _secrets(session, {each.key for each in wanted}, _ACTIVE)}
    return {each: {"active": True} for each in wanted if each.key in active}


def write_tenant_secrets(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """Makes the first secret of a type; taken back, it is archived. One result per change. Raises OrgError."""
    results = []
    for change in changes:
        active = _secrets(session, {change.resource.key}, _ACTIVE)
        if change.after is None:
            results += session.update(
                "TenantSecret", [{"Id": row["Id"], "Status": _ARCHIVED} for row in active]
            )
        elif active:
            # Made by a write whose answer was lost: a second one would be one too many.
            results.append(RecordResult(id=active[0]["Id"]))
        else:
            results += [_make(session, change.resource.key)]
    return results


def read_old_secrets(session: Session, resources: Iterable[Resource]) -> dict[Resource, State]:
    """Versions that are active; the others are left out. Raises OrgError."""
    wanted = list(resources)
    rows = _secrets(session, {split(each.key)[0] for each in wanted}, _ACTIVE)
    active = {f"{row['Type']}/{int(row['Version'])}" for row in rows}
    return {each: {"status": "active"} for each in wanted if each.key in active}


def write_old_secrets(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """Makes a newer secret, by which the org archives the one before. One result per change. Raises OrgError."""
    sandbox, results = ask_origin(session).sandbox, []
    for change in changes:
        kind, version = split(change.resource.key)
        row = next(iter(_secrets(session, {kind}, _ACTIVE)), None)
        if row is None or str(int(row["Version"])) != version:
            results.append(RecordResult(id=None, code="NO_LONGER_ACTIVE"))
            continue
        made, now = moment(row["CreatedDate"]), session.server_time
        if made is None or now is None or now < made + least_wait(kind, sandbox=sandbox):
            results.append(RecordResult(id=None, code="ROTATED_TOO_SOON"))
            continue
        results.append(_make(session, kind))
    return results


def read_spent_secrets(session: Session, resources: Iterable[Resource]) -> dict[Resource, State]:
    """Versions that are not destroyed, with what the ledger has of their export. Raises OrgError."""
    wanted = list(resources)
    rows = _secrets(session, {split(each.key)[0] for each in wanted}, _ACTIVE, _ARCHIVED)
    there = {f"{row['Type']}/{int(row['Version'])}": str(row["Status"]).lower() for row in rows}
    found: dict[Resource, State] = {}
    for each in wanted:
        if each.key in there:
            kind, version = split(each.key)
            known = _exported(session.alias, kind).get(int(version))
            found[each] = {"status": there[each.key], "exported": known.sha256 if known else None}
    return found


def write_spent_secrets(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """
    Destroys archived secrets, each only while the org still gives the very export that the ledger knows. One result per change.
    Raises OrgError.
    """
    results = []
    for change in changes:
        kind, version = split(change.resource.key)
        rows = [r for r in _secrets(session, {kind}, _ARCHIVED) if str(int(r["Version"])) == version]
        known = _exported(session.alias, kind).get(int(version))
        if not rows:
            results.append(RecordResult(id=None, code="NOT_ARCHIVED"))
        elif known is None or known.sha256 != _digest(read_export(session, rows[0]["Id"])):
            results.append(RecordResult(id=None, code="NOT_EXPORTED"))
        else:
            results += session.update("TenantSecret", [{"Id": rows[0]["Id"], "Status": _DESTROYED}])
    return results


def _make(session: WritingSession, kind: str) -> RecordResult:
    (result,) = session.create("TenantSecret", [{"Type": kind, "Description": "Made by Bulkhead"}])
    return result


def _secrets(session: Session, kinds: Iterable[str], *statuses: str) -> list[Row]:
    return session.query(
        "SELECT Id, Type, Status, Version, CreatedDate FROM TenantSecret "
        f"WHERE Type IN {in_list(sorted(set(kinds)))} AND Status IN {in_list(statuses)} ORDER BY Version DESC"
    )


def _exported(org: str, kind: str) -> dict[int, Exported]:
    with open_ledger() as ledger:
        return exports((entry.body for entry in ledger.entries(EntryKind.TENANT_SECRET, subject=org)), kind)


def _digest(export: bytes) -> str:
    return hashlib.sha256(export).hexdigest()
