"""A sandbox from its refresh to its first route: noticed, told, its plans drafted, and no target before it is proven clean."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import yaml

from deployments.register import register_files
from flows.sandboxes import copied_credentials, prepare_sandbox, watch_sandboxes
from tasks.alerts.ledger_gateway import AlertBook
from tasks.errors import ConfigurationError, SyncRefused
from tasks.ledger.model import EntryKind
from tasks.masking.model import Origin
from tasks.masking.steps import look_at_sandbox, note_clean
from tasks.orgs import open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.sync.steps import route_to_carry
from tests.product import Product
from tests.running import RunningEstate

ORG, ROUTE = "hq-uat", "HQ_to_UAT_Account_Sync"
KEY = f"sandbox-unproven:{ORG}"

pytestmark = pytest.mark.slow
"""Each of them goes on with what those before it have left."""


@pytest.fixture(scope="module", autouse=True)
def ground(
    product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The route into the sandbox carries one field that is nobody's."""
    document = yaml.safe_load((estate.folder / "estate.yaml").read_text())
    route = next(each for each in document["routes"] if each["name"] == ROUTE)
    courier = {"flow": "jwt-bearer", "username": route["sync_user"], "secret": "nobody/asks/for/it"}
    route |= {
        "fields": ["External_Id__c", "Industry"],
        "masked_fields": [],
        "sync": {"source": courier, "target": courier, "external_id": "External_Id__c"},
    }
    file = tmp_path_factory.mktemp("sandboxes") / "estate.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    register_files(file, estate.folder / "policy.yaml")
    with open_ledger() as ledger, ledger.exclusive() as pages:
        pages.drop(f"sandbox {ORG}", ["origin", "seen"])
    yield
    register_files(estate.folder / "estate.yaml")
    with open_ledger() as ledger, ledger.exclusive() as pages:
        pages.drop(f"sandbox {ORG}", ["origin", "seen"])


def alerts() -> list[str]:
    with open_ledger() as ledger:
        return [each.alert.key for each in AlertBook(ledger).all() if each.resolved is None]


def jobs() -> list[str]:
    """Of all plans that the ledger knows, in order."""
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        return [book.find(each.subject)[1].job for each in ledger.entries(EntryKind.PLAN)]


def proven(**changed: object) -> None:
    origin: Origin = look_at_sandbox.fn(ORG).now
    note_clean.fn(ORG, origin.model_copy(update=changed), datetime.now(UTC))


def test_a_sandbox_that_nobody_knows_is_told_and_its_plans_are_drafted_once(estate: RunningEstate) -> None:
    before = jobs()
    estate.reset_wire()
    assert watch_sandboxes() == [ORG]
    assert KEY in alerts()
    assert jobs()[len(before) :] == ["masking", "copied-credentials", "segmentation"]
    writes = [
        row
        for row in estate.wire()
        if row["method"] in {"PATCH", "DELETE"} or "/composite/sobjects" in row["path"]
    ]
    assert not writes
    drafted = jobs()
    assert watch_sandboxes() == [ORG] and jobs() == drafted


def test_no_route_is_carried_into_it_before_it_is_proven_clean_nor_after_a_refresh(
    estate: RunningEstate,
) -> None:
    with pytest.raises(SyncRefused, match=r"never proven clean.*scan-sandbox.*No record was read"):
        route_to_carry.fn(ROUTE)
    proven()
    assert route_to_carry.fn(ROUTE).name == ROUTE
    proven(org_id="00D000000000001AAA")
    with pytest.raises(SyncRefused, match="refreshed since"):
        route_to_carry.fn(ROUTE)


def test_the_alert_ends_once_it_is_proven_clean_and_comes_again_with_a_refresh(estate: RunningEstate) -> None:
    proven()
    assert watch_sandboxes() == [] and KEY not in alerts()
    before = jobs()
    proven(org_id="00D000000000001AAA")
    assert watch_sandboxes() == [ORG] and KEY in alerts()
    assert jobs() == before, "plans were drafted for this very org already"


def test_copied_users_and_apps_are_planned_for_and_the_rest_is_named(estate: RunningEstate) -> None:
    digest = copied_credentials(requester="ann", org=ORG)
    with open_ledger() as ledger:
        _, plan = PlanBook(ledger, "").find(digest)
    assert any("rollback" in line and "Reset Password" in line for line in plan.afterwards)
    assert all(not change.final for change in plan.changes)
    assert not {c.resource.key.lower() for c in plan.changes} & {f"break.glass.1@{ORG}.meridian.example"}


@pytest.mark.parametrize("flow", [prepare_sandbox, copied_credentials])
def test_production_is_no_sandbox(flow: object, estate: RunningEstate) -> None:
    assert callable(flow)
    with pytest.raises(ConfigurationError, match="emea is no sandbox"):
        flow(requester="ann", org="emea")
