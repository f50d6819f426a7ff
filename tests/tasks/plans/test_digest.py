"""A digest depends on what a plan says, and on nothing else."""

from datetime import timedelta, timezone

import pytest

from tasks.estate.model_access import JitPolicy
from tasks.estate.policy import Policy
from tasks.plans.digest import digest, policy_digest
from tests.tasks.plans.test_gate import change, plan_of
from tests.tasks.plans.worlds import NOW


def test_the_order_of_names_is_no_part_of_it() -> None:
    """A database or a JSON library may give them back in another one."""
    state = {"label": "Sync", "permissions": ["ApiEnabled"], "objects": {"Account": "r", "Case": "r"}}
    turned = {
        "objects": {"Case": "r", "Account": "r"},
        "permissions": ["ApiEnabled"],
        "label": "Sync",
    }
    one, other = (
        plan_of([change().model_copy(update={"before": s, "after": None})]) for s in (state, turned)
    )
    assert list(one.changes[0].before or {}) != list(other.changes[0].before or {})
    assert digest(one) == digest(other)
    sets = {"hq": ("Repair",), "emea": ("Admin",)}
    there, back = (
        Policy(jit=JitPolicy(managed_sets=dict(items))) for items in (sets.items(), [*sets.items()][::-1])
    )
    assert policy_digest(there) == policy_digest(back)


def test_nor_is_the_time_zone_in_which_an_instant_is_written() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    assert east.isoformat() != NOW.isoformat()
    assert digest(plan_of([change()], made_at=east)) == digest(plan_of([change()], made_at=NOW))
    with pytest.raises(ValueError, match="aware"):
        plan_of([change()], made_at=NOW.replace(tzinfo=None))


def test_the_order_of_changes_is() -> None:
    """They are carried out in it."""
    other = change(2).resource
    first, second = change(1), change(2)
    turned = [
        first.model_copy(update={"resource": other}),
        second.model_copy(update={"resource": first.resource}),
    ]
    assert digest(plan_of([first, second])) != digest(plan_of(turned))
