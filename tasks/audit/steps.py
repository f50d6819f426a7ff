"""Tasks of the audit: the last assessment, keeping this one, and noting which waivers it leaned on."""

import os
from pathlib import Path

from prefect import task

from tasks.audit import gateway
from tasks.audit.ledger_gateway import WaiverBook
from tasks.audit.model import Assessment
from tasks.orgs import load_policy, open_ledger
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ


@task(task_run_name="read-previous-assessment", **READ)
def read_previous(estate: str) -> Assessment | None:
    """The last kept assessment of the same estate, for drift."""
    return next(gateway.kept_assessments(reports_folder(), estate), None)


@task(task_run_name="keep-assessment", **PUBLISH)
def keep_assessment(assessment: Assessment) -> Path:
    return gateway.keep_assessment(assessment, reports_folder())


@task(
    name="note-waivers",
    description="Notes in the ledger which waivers this assessment leaned on, and counts their use.",
    **PUBLISH,
)
def note_waivers(assessment: Assessment) -> Assessment:
    """The assessment with the count of each waiver. Raises LedgerUnavailable and ConfigurationError."""
    with open_ledger() as ledger:
        book = WaiverBook(ledger, policy_digest(load_policy()))
        return assessment.model_copy(update={"waivers": book.note(assessment.waivers, assessment.made_at)})


def reports_folder() -> Path:
    return Path(os.environ.get("BULKHEAD_HOME") or ".bulkhead").resolve() / "reports"
