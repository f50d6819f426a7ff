"""Destroying data keys that no value needs, as a plan. Pure."""

from collections.abc import Sequence
from datetime import datetime

from tasks.estate.model import Route
from tasks.estate.policy import Policy
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, ResourceKind
from tasks.sync.model import OldKey

JOB = "data-keys"
CONTROL = "ZT-06"


def retirement_plan(
    policy: Policy, route: Route, keys: Sequence[OldKey], requester: str, now: datetime
) -> Plan:
    """`keys` are those that seal no more. One that a value needs, or of which nobody knows, stays, and people are told."""
    draft = Draft(CONTROL)
    for key in keys:
        if key.needed != 0:
            why = (
                "nobody has looked at the target since it was replaced"
                if key.needed is None
                else f"{key.needed:,} values of {route.target} open with it alone, those in the recycle bin counted"
            )
            draft.refused.append(
                f"{route.name}: the key of epoch {key.epoch} stays, for {why}; run rotate-data-keys, then plan again"
            )
            continue
        draft.change(
            route.target,
            ResourceKind.DATA_KEY,
            f"{route.name}/{key.key_id}",
            {"epoch": key.epoch, "needed": False},
            None,
            f"no value of {route.sobject} needs the key of epoch {key.epoch}, made on {key.made:%Y-%m-%d}",
            f"the wrapped key of epoch {key.epoch} is destroyed; what it sealed opens nowhere any more",
        )
    if draft.changes:
        draft.risks += [
            f"{route.target}: backups and copies that are older than the last rotation hold values that open with these keys alone",
            f"Secrets Manager keeps versions without a label for a while: nobody but Bulkhead should read bulkhead/data-keys/{route.name}",
        ]
    draft.keeps.append(f"{route.name}: values under newer keys open as before, and syncs go on")
    return draft.plan(JOB, f"Destroy old data keys of {route.name}", requester, now, policy)
