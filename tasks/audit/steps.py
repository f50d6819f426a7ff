"""Tasks of the audit: the last assessment, keeping this one, and noting which waivers it leaned on."""

import os
from datetime import datetime
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


@task(
    name="read-assessments",
    description="The first and the last assessment that were made within a time and are kept on this machine.",
    **READ,
)
def read_assessments(estate: str, since: datetime, until: datetime) -> tuple[Assessment, ...]:
    """One where there was only one, none where there was none; `until` is no longer within."""
    found = [a for a in gateway.kept_assessments(reports_folder(), estate) if since <= a.made_at < until]
    return tuple(found) if len(found) < 2 else (found[-1], found[0])


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
