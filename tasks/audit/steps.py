"""Tasks of the audit: the last assessment, and keeping this one."""

import os
from pathlib import Path

from prefect import task

from tasks.audit import gateway
from tasks.audit.model import Assessment
from tasks.policies import PUBLISH, READ


@task(task_run_name="read-previous-assessment", **READ)
def read_previous(estate: str) -> Assessment | None:
    """The last kept assessment of the same estate, for drift."""
    return next(gateway.kept_assessments(reports_folder(), estate), None)


@task(task_run_name="keep-assessment", **PUBLISH)
def keep_assessment(assessment: Assessment) -> Path:
    return gateway.keep_assessment(assessment, reports_folder())


def reports_folder() -> Path:
    return Path(os.environ.get("BULKHEAD_HOME") or ".bulkhead").resolve() / "reports"
