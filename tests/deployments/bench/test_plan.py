"""The least number of calls to apply a plan with, and the bench that measures against it."""

import json
from pathlib import Path

import pytest

from deployments.bench.plan import layers, least_calls
from tasks.plans.model import Change, ChangeClass, Resource, ResourceKind, State
from tests.deployments.test_cli import bulkhead
from tests.tasks.plans.worlds import plan_of


def change(number: int, kind: ResourceKind, key: str, after: State, *needs: int) -> Change:
    return Change(
        number=number,
        resource=Resource(org="emea", kind=kind, key=key),
        before=None,
        after=after,
        kind=ChangeClass.NARROWING,
        control="ZT-03",
        why="it is too much",
        effect="less is possible",
        needs=needs,
    )


SET = (ResourceKind.PERMISSION_SET, "Sync", {"label": "Sync", "permissions": []})
ACCESS = (ResourceKind.OBJECT_PERMISSION, "Sync/Account", {"read": True})
APP = (ResourceKind.APP_ACCESS, "Sync/0H4", {"type": "ConnectedApplication"})


def test_a_layer_is_all_that_waits_for_nothing_in_it() -> None:
    plan = plan_of([change(1, *SET), change(2, *ACCESS, 1), change(3, *APP, 1)])
    assert [[c.number for c in layer] for layer in layers(plan)] == [[1], [2, 3]]
    # Judging, describing, reading, looking up; then a write and a reading for each of the two layers.
    assert least_calls(plan) == 8


def test_more_than_a_collection_holds_takes_more_collections_and_more_than_five_another_call() -> None:
    many = [
        change(n, ResourceKind.APP_ACCESS, f"Sync{n}/0H4", {"type": "ConnectedApplication"})
        for n in range(1, 1_002)
    ]
    assert least_calls(plan_of(many[:1_000])) == 1 + 1 + 1 + 1 + 1
    assert least_calls(plan_of(many)) == 1 + 1 + 1 + 2 + 1


@pytest.mark.slow
def test_a_plan_is_applied_with_hardly_more_calls_than_it_needs(tmp_path: Path) -> None:
    answer = bulkhead(tmp_path, "bench", "plan", "--users", "400", "--permission-sets", "60", "--json")
    figures = json.loads(answer.stdout[answer.stdout.index("{") :])
    assert figures["changes"] > 10 and figures["session_calls"] <= 4
    assert figures["calls"] <= 1.2 * figures["least"], figures
