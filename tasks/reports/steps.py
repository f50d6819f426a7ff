"""Tasks that publish an assessment: artifacts in the Prefect UI, and the report as files."""

import os
from pathlib import Path

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from tasks.audit.model import Assessment
from tasks.policies import PUBLISH
from tasks.reports import artifacts, document, gateway, order
from tasks.reports.html import render_html

_TAKEN = {"scoreboard", "findings", "blast-radius", "report"}


def publish_assessment(assessment: Assessment, previous: Assessment | None = None) -> Path:
    """Everything at once, called inside a flow; files go to the reports folder of BULKHEAD_HOME."""
    publish_scoreboard(assessment)
    publish_findings(assessment)
    publish_blast_radius(assessment)
    home = Path(os.environ.get("BULKHEAD_HOME") or ".bulkhead").resolve()
    return publish_report(assessment, home / "reports", previous)


def org_key(org: str) -> str:
    """An org may bear the name of one of the other artifacts."""
    return f"assessment-org-{org}" if org in _TAKEN else f"assessment-{org}"


@task(task_run_name="publish-scoreboard", **PUBLISH)
def publish_scoreboard(assessment: Assessment) -> None:
    """One scoreboard for the estate, and one page per org."""
    create_markdown_artifact(
        key="assessment-scoreboard",
        markdown=artifacts.scoreboard_markdown(assessment),
        description="Score, coverage and verdict of each control for each org. Unknown is not pass.",
    )
    for org in order.orgs(assessment):
        create_markdown_artifact(
            key=org_key(org),
            markdown=artifacts.org_markdown(assessment, org),
            description=f"What was found in {org}, worst first, with what to do about it.",
        )


@task(task_run_name="publish-findings", **PUBLISH)
def publish_findings(assessment: Assessment, limit: int = 200) -> None:
    create_table_artifact(
        key="assessment-findings",
        table=artifacts.findings_table(assessment, limit),
        description="Each row is one resource that fails a control or could not be judged; worst first.",
    )


@task(task_run_name="publish-blast-radius", **PUBLISH)
def publish_blast_radius(assessment: Assessment) -> None:
    create_table_artifact(
        key="assessment-blast-radius",
        table=artifacts.blast_radius_table(assessment),
        description="What a thief of one secret could read, in all orgs it opens; most sensitive rows first.",
    )


@task(task_run_name="publish-report", **PUBLISH)
def publish_report(assessment: Assessment, folder: Path, previous: Assessment | None = None) -> Path:
    """Writes `latest` and dated html, json and csv under `folder`; returns the dated html file."""
    page = render_html(assessment, previous)
    texts = {
        "html": page,
        "json": document.render_json(assessment),
        "csv": document.render_csv(assessment),
    }
    stem = f"report-{assessment.made_at:%Y%m%dT%H%M%SZ}"
    for suffix, text in texts.items():
        gateway.write(folder / f"latest.{suffix}", text)
        gateway.write(folder / f"{stem}.{suffix}", text)
    written = folder / f"{stem}.html"
    lines = [f"* `{folder / f'{stem}.{suffix}'}`" for suffix in texts]
    create_markdown_artifact(
        key="assessment-report",
        markdown="Open the HTML file in a browser; it needs no network.\n\n" + "\n".join(lines) + "\n",
        description="Where the full report of this assessment is on the machine that ran it.",
    )
    return written
