"""Tasks that publish an assessment: artifacts in the Prefect UI, the report as files, and what is remembered of it."""

import logging
from collections.abc import Callable
from pathlib import Path

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from tasks.audit.model import Assessment
from tasks.errors import ConfigurationError
from tasks.orgs import load_policy, open_ledger
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH
from tasks.reports import artifacts, document, gateway, order
from tasks.reports.history import first_before, posture, run_of, tier_times
from tasks.reports.html import render_html
from tasks.reports.ledger_gateway import RunBook
from tasks.reports.model import History, Posture, RoiInputs
from tasks.reports.ocsf import render_ocsf
from tasks.reports.sarif import render_sarif

_TAKEN = {"scoreboard", "findings", "blast-radius", "report"}


FORMATS = ("html", "json", "csv", "sarif", "ocsf")
_ENDINGS = {"ocsf": "ocsf.json"}


def render(made: Posture, form: str) -> str:
    """One of FORMATS as text. Raises KeyError for another."""
    makers: dict[str, Callable[[], str]] = {
        "html": lambda: render_html(made),
        "json": lambda: document.render_json(made),
        "csv": lambda: document.render_csv(made.assessment),
        "sarif": lambda: render_sarif(made),
        "ocsf": lambda: render_ocsf(made),
    }
    return makers[form]()


def org_key(org: str) -> str:
    """An org may bear the name of one of the other artifacts."""
    return f"assessment-org-{org}" if org in _TAKEN else f"assessment-{org}"


@task(task_run_name="publish-scoreboard", **PUBLISH)
def publish_scoreboard(assessment: Assessment, history: History | None = None) -> None:
    """One scoreboard for the estate, compared with its first run that is remembered, and one page per org."""
    first = first_before(assessment, history.runs if history else ())
    create_markdown_artifact(
        key="assessment-scoreboard",
        markdown=artifacts.scoreboard_markdown(assessment, first),
        description="Before and now: score, coverage and verdict of each control for each org. Unknown is not pass.",
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


@task(
    name="remember-run",
    description="Notes the scores and counts of this assessment in the ledger, and reads those of the runs before.",
    **PUBLISH,
)
def remember_run(assessment: Assessment) -> History:
    """Raises LedgerUnavailable and ConfigurationError."""
    with open_ledger() as ledger:
        book = RunBook(ledger, assessment.estate)
        book.note(run_of(assessment), policy_digest(load_policy()))
        return History(estate=assessment.estate, runs=book.runs(), tiers=tier_times(book.delays()))


@task(task_run_name="publish-report", **PUBLISH)
def publish_report(
    assessment: Assessment,
    folder: Path,
    previous: Assessment | None = None,
    history: History | None = None,
) -> Path:
    """Writes `latest` and dated files of every format under `folder`; returns the dated HTML file."""
    if history is not None:
        gateway.keep_history(history, folder)
    made = posture(assessment, previous, history, _roi(folder.parent))
    stem = f"report-{assessment.made_at:%Y%m%dT%H%M%SZ}"
    files = {form: f"{stem}.{_ENDINGS.get(form, form)}" for form in FORMATS}
    for form, name in files.items():
        text = render(made, form)
        gateway.write(folder / name.replace(stem, "latest"), text)
        gateway.write(folder / name, text)
    lines = [f"* `{folder / name}`" for name in files.values()]
    create_markdown_artifact(
        key="assessment-report",
        markdown="Open the HTML file in a browser; it needs no network.\n\n" + "\n".join(lines) + "\n",
        description="Where the full report of this assessment is on the machine that ran it.",
    )
    return folder / files["html"]


def _roi(home: Path) -> RoiInputs | None:
    """A mistake in roi.yaml costs a chapter, not the report."""
    try:
        return gateway.roi_of(home)
    except ConfigurationError as error:
        logging.getLogger(__name__).warning("%s The report shows the example instead.", error)
        return None
