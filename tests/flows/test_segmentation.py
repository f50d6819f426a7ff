"""Production and non-production kept apart: planned, applied, tried, and taken back."""

import json
from collections.abc import Iterator

import pytest

from deployments.sandbox import launch
from flows.plans import apply_plan, approve_plan, rollback_plan
from flows.segmentation import segmentation
from tasks.orgs import open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan, ResourceKind
from tests.product import Product
from tests.running import RunningEstate

UAT = "hq-uat"
CLIENT = "client.laboratory@hq-uat.meridian.example"


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-segmentation")
    yield
    launch.restore_snapshot(estate.folder, "before-segmentation")
    launch.delete_snapshot(estate.folder, "before-segmentation")


def found(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def asked(estate: RunningEstate, soql: str, path: str = "query") -> list[dict[str, object]]:
    answer = estate.get(UAT, CLIENT, f"v62.0/{path}", params={"q": soql})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, object]] = answer.json()["records"]
    return rows


@pytest.mark.slow
def test_every_planted_way_is_closed_or_named_and_opened_again(
    product: Product, estate: RunningEstate
) -> None:
    key = json.loads((estate.folder / "answer-key.json").read_text())
    planted = {
        f["variant"]: f["resource"].partition(":")[2] for f in key["findings"] if f["control"] == "ZT-17"
    }
    digest = segmentation(requester="ada")
    plan = found(digest)
    told = "\n".join(plan.afterwards)
    closed = {(c.resource.kind, c.resource.key) for c in plan.changes}
    assert set(planted) == set("abcdef")
    assert (ResourceKind.REMOTE_SITE, planted["c"]) in closed
    assert (ResourceKind.SIGN_IN, planted["d"]) in closed
    assert (ResourceKind.CALLOUTS, "HQ_Backdoor_Sync") in closed
    for variant in "bef":
        assert planted[variant] in told, variant
    copied = f"SELECT Id FROM User WHERE Username = '{planted['d']}'"
    (user,) = asked(estate, copied)
    frozen = f"SELECT IsFrozen FROM UserLogin WHERE UserId = '{user['Id']}'"
    site = f"SELECT IsActive FROM RemoteProxy WHERE SiteName = '{planted['c']}'"

    def now() -> tuple[object, object]:
        return asked(estate, frozen)[0]["IsFrozen"], asked(estate, site, "tooling/query")[0]["IsActive"]

    assert now() == (False, True)
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    apply_plan(digest=digest)
    assert now() == (True, False)
    assert found(segmentation(requester="ada")).changes == ()
    rollback_plan(digest=digest, reason="enough")
    assert now() == (False, True)
    assert {c.resource: c.before for c in found(segmentation(requester="ada")).changes} == {
        c.resource: c.before for c in plan.changes
    }, "all is as it was"
