"""Who reads a field in clear: under platform encryption that is whoever field-level security lets read it."""

from collections.abc import Collection
from fnmatch import fnmatchcase

from tasks.estate.model_data import ShieldPolicy
from tasks.plans.draft import Draft
from tasks.plans.model import ResourceKind, State
from tasks.shield.model import OrgShield

_SHOWN = 6


def narrow_readers(draft: Draft, policy: ShieldPolicy, shield: OrgShield, protected: Collection[str]) -> None:
    """
    Takes reading from sets and profiles that policy does not name for a field. `protected` are user names (lower case) whose
    rights stay: where one of them holds the set, the set keeps the right, and that is told.
    """
    for holder in shield.holders:
        readers = readers_of(policy, shield.org, holder.field)
        if readers is None or holder.name in readers:
            continue
        kept = sorted(user for user in holder.users if user.lower() in protected)
        if kept:
            draft.refused.append(
                f"{shield.org}: {holder.name} goes on reading {holder.field}: {', '.join(kept[:_SHOWN])} would lose it, and no plan "
                "takes that from routes, from Bulkhead or from break-glass accounts. Name the set as a reader, or give them one of their own."
            )
            continue
        before: State = {"read": True, "edit": holder.edit}
        draft.change(
            *(shield.org, ResourceKind.FIELD_PERMISSION, f"{holder.name}/{holder.field}"),
            before,
            None,
            f"{holder.field} is read in clear by whoever may read it, and policy does not name {holder.name}",
            f"{len(holder.users)} users no longer read {holder.field} through it",
            users=holder.users,
        )


def readers_of(policy: ShieldPolicy, org: str, field: str) -> frozenset[str] | None:
    """Whom policy lets read a field; None where it says nothing about it. Entries about the same field add up."""
    entries = [entry for entry in policy.clear_text if entry.org == org and fnmatchcase(field, entry.field)]
    return frozenset(name for entry in entries for name in entry.readers) if entries else None
