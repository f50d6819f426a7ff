"""What the product says of a user's rights against what the running estate really lets that user do."""

import os
from collections import Counter
from contextlib import ExitStack
from random import Random

import pytest

from tests.running import RunningEstate
from tests.tasks.permissions.probes import Ground, disagreements

PROBES = 10_000


def test_view_all_fields_of_an_object_is_read_from_the_org(estate: RunningEstate) -> None:
    with ExitStack() as stack:
        ground = Ground(estate, "emea", Random(0), stack)
        try:
            (made,) = ground.make([("PermissionSet", {"Name": "Probe", "Label": "Probe"})])
            for name, whole in (("Account", True), ("Lead", False)):
                flags = {"PermissionsRead": True, "PermissionsViewAllFields": whole}
                ground.make([("ObjectPermissions", {"ParentId": made, "SobjectType": name, **flags})])
            user = next(each for each in ground.users if each.active and each.profile_name == "Read Only")
            ground.make([("PermissionSetAssignment", {"AssigneeId": user.id, "PermissionSetId": made})])
            held, _ = ground.rights([user])
            assert held[user.id].all_fields == {"Account"}
        finally:
            ground.remove_all()


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_users_may_do_what_is_said_of_them_and_nothing_else(estate: RunningEstate) -> None:
    """`all` is the acceptance line's ten thousand probes, over three orgs; otherwise a few users of one."""
    chosen = os.environ.get("BULKHEAD_SEED", "0")
    grounds = [("emea", 0, 24), ("hq", 1, 24), ("apac", 2, 24)] if chosen == "all" else [("emea", chosen, 10)]
    total: Counter[tuple[str, bool]] = Counter()
    for alias, seed, users in grounds:
        found, counts = disagreements(estate, alias, seed, users)
        assert found == []
        total += counts
    assert {operation for operation, _ in total} == {"read", "create", "edit", "delete"}
    assert sum(count for (_, can), count in total.items() if can) > sum(total.values()) / 20
    if chosen == "all":
        assert sum(total.values()) >= PROBES, total
