"""The last two phases on a real server: jobs that look whether something is set up, and the jobs of the quarter under their numbers."""

from datetime import timedelta

import pytest

from flows.advanced import Advanced, advanced
from flows.assessment import assessment
from flows.ongoing import Ongoing, continuous
from tasks.alerts.steps import note_heartbeat
from tasks.orgs import forget_connections
from tasks.phases.ready import LOOK
from tasks.rehearsal.model import Played
from tasks.rehearsal.steps import last_rehearsals, note_rehearsal
from tests.product import Product

pytestmark = pytest.mark.slow
ORG = "hq-uat"


@pytest.fixture(scope="module")
def assessed(product: Product) -> None:
    forget_connections()
    assessment()


def looked_at() -> str:
    (done,) = advanced(
        requester="ada", jobs=[Advanced.DETECT_ANOMALIES], orgs=[ORG], anew=True, although_open=True
    )
    assert not done.digest, "it makes no plan"
    return done.failed


def test_detection_counts_once_it_runs(product: Product, assessed: None) -> None:
    assert "detect-anomalies" in looked_at()
    note_heartbeat.fn(LOOK, timedelta(minutes=5))
    assert looked_at() == ""


def test_event_logs_are_planned_in_their_phase_and_under_their_number(
    product: Product, assessed: None
) -> None:
    (made,) = advanced(
        requester="ada", jobs=[Advanced.EVENT_LOGS], orgs=["hq", ORG], anew=True, although_open=True
    )
    assert (made.job, made.changes, made.failed) == ("event-logs", 1, "")
    runs = product.prefect(
        "POST", "/flow_runs/filter", json={"flow_runs": {"name": {"any_": ["D3-event-logs-for-ada"]}}}
    )
    assert len(runs) == 1


@pytest.mark.timeout(900)
def test_the_jobs_of_the_quarter_run_under_their_numbers(product: Product, assessed: None) -> None:
    done = {each.job: each.failed for each in continuous(orgs=[ORG], although_open=True)}
    assert list(done) == [job.value for job in Ongoing]
    assert {job: why for job, why in done.items() if why and job != Ongoing.REHEARSAL} == {}
    shown = str(product.prefect("GET", "/artifacts/continuous/latest")["data"])
    assert all(f"| C{n} |" in shown for n in range(1, 5))
    runs = product.prefect(
        "POST", "/flow_runs/filter", json={"flow_runs": {"parent_task_run_id": {"is_null_": False}}}
    )
    names = {run["name"] for run in runs}
    assert {"C1-quarterly-audit", "C3-recertify-access", "C4-emerging-threats"} <= names


def test_a_rehearsal_counts_when_something_was_played(product: Product) -> None:
    note_rehearsal.fn("emea", [])
    assert "emea" not in last_rehearsals.fn(["emea"])
    played = Played(attack="wiper", title="Wiper", org="emea", actor="canary", hardened=True, outcomes=())
    note_rehearsal.fn("emea", [played])
    assert set(last_rehearsals.fn(["emea", "apac"])) == {"emea"}
