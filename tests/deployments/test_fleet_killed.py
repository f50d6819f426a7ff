"""Two workers on PostgreSQL: one is killed in the middle of a phase, then the server. All is finished after that, and nothing twice."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from deployments.settings import Home
from tasks.alerts.ledger_gateway import AlertBook
from tasks.evidence import gateway
from tasks.ledger.model import Entry, EntryKind
from tasks.ledger.store import Ledger
from tasks.runs.lost import SILENCE
from tests.deployments.fleet import Fleet, until
from tests.running import RunningEstate
from tests.slices import chosen
from tests.tasks.ledger.conftest import postgresql  # noqa: F401  # its server serves here, too

ORG = "hq-uat"


@dataclass(frozen=True)
class Case:
    """A phase with jobs of it, and what shows in the ledger that it is in the middle of them."""

    job: str
    parameters: dict[str, Any]
    begun: EntryKind | None
    """None: once some of its tasks are done."""


CASES = (
    Case("assessment/assessment-weekly", {"orgs": [ORG, "emea"]}, None),
    Case(
        "quick-wins/quick-wins",
        {"requester": "ada", "orgs": [ORG], "jobs": ["segmentation", "least-privilege"]},
        EntryKind.PLAN,
    ),
    Case(
        "advanced/advanced",
        {"requester": "ada", "orgs": [ORG], "jobs": ["transaction-policies"], "although_open": True},
        EntryKind.PLAN,
    ),
    Case(
        "continuous/continuous-quarterly",
        {"orgs": [ORG], "jobs": ["recertify-access", "quarterly-audit"], "although_open": True},
        EntryKind.PHASE,
    ),
)


@pytest.fixture(scope="module")
def databases(postgresql: str) -> Iterator[dict[str, str]]:  # noqa: F811  # the fixture of that name
    server = make_url(postgresql).set(drivername="postgresql+pg8000")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    names = {"prefect": "prefect_killed", "ledger": "ledger_killed"}
    with engine.connect() as connection:
        for name in names.values():
            connection.execute(text(f"CREATE DATABASE {name}"))
    yield {part: str(server.set(database=name)) for part, name in names.items()}
    with engine.connect() as connection:
        for name in names.values():
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="module")
def fleet(
    estate: RunningEstate, databases: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fleet]:
    home = Home(tmp_path_factory.mktemp("fleet") / "home")
    home.prepare()
    # As the owner of the sandbox does it, with an administrator's tools.
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-central-1"
    )
    secrets = session.client("secretsmanager", endpoint_url=estate.env["aws_endpoint"])
    made = Fleet(home, databases)
    try:
        made.begin(estate, secrets)
        yield made
    finally:
        made.stop()


@pytest.mark.slow
@pytest.mark.timeout(2400)
@pytest.mark.parametrize("case", chosen(CASES, 1), ids=lambda case: case.job.partition("/")[0])
def test_a_phase_is_finished_whatever_is_killed(fleet: Fleet, case: Case) -> None:
    ledger = Ledger(fleet.databases["ledger"], lambda: datetime.now(UTC))
    if case.begun is not None and not ledger.entries(EntryKind.PHASE):
        assert fleet.ended(fleet.run("assessment/assessment-weekly", orgs=[ORG])) == "COMPLETED"
    run = fleet.run(case.job, **case.parameters)
    until(_middle(fleet, ledger, case, run), f"the middle of {case.job}", pause=0.05)
    worker = fleet.busy()
    assert worker is not None and fleet.state(run) == "RUNNING"
    fleet.kill(worker)
    fleet.kill("server")
    died = time.monotonic()
    fleet.start_server()
    fleet.start_worker(worker)
    assert fleet.state(run) == "RUNNING", "nobody knows yet"
    time.sleep(max(0.0, SILENCE.total_seconds() + 5 - (time.monotonic() - died)))
    assert fleet.ended(fleet.run("end-lost-runs/end-lost-runs-every-minute")) == "COMPLETED"
    assert fleet.ended(run) == "CRASHED"
    assert fleet.ended(fleet.run(case.job, **case.parameters)) == "COMPLETED"
    entries = ledger.entries()
    for what, noted in twice(entries).items():
        assert not noted, f"{what} twice: {noted}"
    assert not [key for key, times in Counter(_open_alerts(ledger)).items() if times > 1]
    assert gateway.check(ledger, (), ()).sound
    ledger.close()


def _middle(fleet: Fleet, ledger: Ledger, case: Case, run: str) -> Callable[[], bool]:
    if case.begun is None:
        done = {
            "flow_runs": {"id": {"any_": [run]}},
            "task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}},
        }
        return lambda: len(fleet.call("POST", "/task_runs/filter", done)) >= 2
    kind, before = case.begun, len(ledger.entries(case.begun))
    return lambda: len(ledger.entries(kind)) > before


def twice(entries: list[Entry]) -> dict[str, list[Any]]:
    """What stands in the ledger more than once and must not."""
    plans = Counter(_plan(entry) for entry in entries if entry.kind is EntryKind.PLAN)
    jobs = Counter(
        (entry.body["phase"], entry.body["job"], entry.body["evidence"], str(org))
        for entry in entries
        if entry.kind is EntryKind.PHASE and "job" in entry.body and not entry.body["failed"]
        for org in entry.body["orgs"]  # type: ignore[union-attr]  # a list, as PhaseBook notes it
    )
    runs = Counter(str(entry.body["run"]) for entry in entries if entry.kind is EntryKind.ASSESSMENT)
    rounds = Counter(entry.subject for entry in entries if entry.body.get("step") == "asked")
    counted = {"plans": plans, "jobs of a phase": jobs, "assessments": runs, "rounds of questions": rounds}
    return {what: [each for each, times in found.items() if times > 1] for what, found in counted.items()}


def _plan(entry: Entry) -> tuple[str, str]:
    """What it would change, whenever it was made."""
    plan: Any = entry.body["plan"]
    return plan["job"], str([(each["resource"], each["before"], each["after"]) for each in plan["changes"]])


def _open_alerts(ledger: Ledger) -> list[str]:
    return [each.alert.key for each in AlertBook(ledger).all() if each.resolved is None]
