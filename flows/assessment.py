"""Assessment: reads every org, joins one trust graph, judges twenty-two controls, publishes. It changes nothing."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from prefect import flow
from prefect.futures import PrefectFuture
from prefect.logging import get_run_logger

from flows.fleet import forget_fleet, read_fleet
from flows.phases import shown_as_it_stands
from flows.progress import Progress
from flows.reading import (
    SIDE_BY_SIDE,
    STAGES_PER_ORG,
    Alias,
    by_contract,
    chosen_orgs,
    read_cloud,
    reason,
    unsearched,
)
from tasks.audit.evidence import assess, derive
from tasks.audit.model import Assessment, Severity, Verdict
from tasks.audit.steps import keep_assessment, note_waivers, read_previous, reports_folder
from tasks.audit.waivers import told
from tasks.backups.model import BackupProof
from tasks.backups.proof_steps import read_backup_proofs
from tasks.certificates.model import Proven
from tasks.certificates.steps import read_proofs
from tasks.errors import FindingsOverLimit
from tasks.estate.model import Estate, OrgEntry
from tasks.estate.steps import read_estate, registered_name
from tasks.fleet.model import Seen
from tasks.masking.model import CleanProof
from tasks.masking.steps import read_clean_proofs
from tasks.phases.model import Phase
from tasks.phases.steps import note_assessment
from tasks.reports.model import History
from tasks.reports.steps import (
    publish_blast_radius,
    publish_findings,
    publish_report,
    publish_scoreboard,
    remember_run,
)
from tasks.streams.steps import note_findings

LEFT_OUT = "it was left out of this run"
DESCRIPTION = """
Phase 1 of 4, weeks 1 and 2, and every week from then on. Reads every org of the estate, shows **who trusts whom and how far one stolen credential reaches**, and judges 22 controls.

* **A1** which integrations are there, **A2** which API users can do too much, **A3** which fields need encryption, **A4** how
  credentials are kept and replaced: so the tasks of the run are called.
* **It only reads.** The scanner's session refuses every request that could change an org.
* An estate of more than 64 orgs is read by a run of **read-shard** for each 50 or so, and judged as one here.
* An org that does not answer never hides the others: its controls are *unknown* and the reason stands in the report.
* The phases after it start from it, and are refused where it is missing or too old.
* Results: the artifacts of this run (scoreboard, findings, blast radius) and a report in one HTML file, with what drifted
  since the last run, the trend, and how ten frameworks stand; the same as JSON, CSV, SARIF and OCSF.
"""

FailOn = Literal["never", "low", "medium", "high", "critical"]


def run_name() -> str:
    return f"assessment-{registered_name()}-{datetime.now(UTC):%Y-%m-%d}"


@flow(
    name="assessment",
    flow_run_name=run_name,
    description=DESCRIPTION.strip(),
    task_runner=SIDE_BY_SIDE,
)
def assessment(orgs: list[Alias] = [], fail_on: FailOn = "never") -> Assessment:  # noqa: B006  # the form shows a list
    """
    Raises ConfigurationError for an unknown alias, FindingsOverLimit after publishing.

    Args:
        orgs: Aliases of the orgs to read, as in estate.yaml. **Leave empty for all.** Trust between two orgs shows only when both are read.
        fail_on: Ends the run as failed, after everything is published, when a finding is at least this severe.
    """
    now = datetime.now(UTC)
    estate, policy = read_estate()
    entries = chosen_orgs(estate, orgs)
    tick = progress(STAGES_PER_ORG * len(entries) + 1)
    seen = read_fleet(estate, policy, entries, Phase.ASSESSMENT, tick)
    cloud = read_cloud(policy)
    evidence = derive(
        estate,
        policy,
        by_contract(seen.evidence, now),
        unread(estate, entries, seen),
        cloud,
        now,
        proofs(),
        *kept_proofs([entry.alias for entry in estate.orgs]),
    )
    made = counted(assess(evidence, seen.calls))
    publish(made)
    tick()
    as_evidence(made, [entry.alias for entry in estate.orgs])
    forget_fleet(entries)
    conclude(made, fail_on)
    return made


def as_evidence(made: Assessment, orgs: Sequence[str]) -> None:
    """What the next phases start from; without a ledger they do not start, and this assessment is there all the same."""
    try:
        note_assessment([org for org in orgs if org not in made.unreadable], made.unreadable)
        shown_as_it_stands(Phase.ASSESSMENT, orgs)
    except Exception as error:  # the task has failed visibly; what was found is worth more
        get_run_logger().warning("no phase can start from this assessment: %s", reason(error))


def unread(estate: Estate, entries: Sequence[OrgEntry], seen: Seen) -> dict[str, str]:
    """What judgement must not take for absent."""
    left_out = {entry.alias for entry in estate.orgs} - {entry.alias for entry in entries}
    return {**dict.fromkeys(sorted(left_out), LEFT_OUT), **seen.unreadable}


def proofs() -> dict[str, Proven] | None:
    """Handshakes of routes; without a ledger nobody knows of any, and what hangs on them is unknown."""
    try:
        return read_proofs()
    except Exception as error:  # the task has failed visibly
        get_run_logger().warning("handshakes of routes are not known: %s", reason(error))
        return None


def kept_proofs(
    orgs: Sequence[str],
) -> tuple[dict[str, BackupProof] | None, dict[str, CleanProof] | None]:
    """Of backups and of sandboxes, as `proofs`."""
    try:
        return read_backup_proofs(orgs), read_clean_proofs(orgs)
    except Exception as error:  # the task has failed visibly
        get_run_logger().warning("what was proven of backups and sandboxes is not known: %s", reason(error))
        return None, None


def progress(steps: int) -> Callable[[], None]:
    """A progress bar in the UI; each call is one more of `steps`."""
    done = 0
    bar = Progress("assessment-progress", "Stages read, of all orgs.")

    def tick() -> None:
        nonlocal done
        done += 1
        bar.show(100 * done / steps)

    return tick


def counted(made: Assessment) -> Assessment:
    """With the use of its waivers noted and counted; a ledger that takes no note does not lose the assessment."""
    if not made.waivers:
        return made
    try:
        return note_waivers(unsearched(made))
    except Exception as error:  # the task has failed visibly; what was found is worth more than a count
        get_run_logger().warning("the use of waivers was not noted: %s", reason(error))
        return made


def remembered(made: Assessment) -> History | None:
    """This run and those before it; without a ledger the report has no trend, and is made all the same."""
    try:
        return remember_run(unsearched(made))
    except Exception as error:  # the task has failed visibly; what was found is worth more than its trend
        get_run_logger().warning("this run was not remembered: %s", reason(error))
        return None


def publish(made: Assessment) -> None:
    """Artifacts and files side by side; all of them are there, or the run has failed."""
    previous, history = read_previous(made.estate), remembered(made)
    published: list[PrefectFuture[Any]] = [
        publish_scoreboard.submit(made, history),
        publish_findings.submit(made),
        publish_blast_radius.submit(made),
        publish_report.submit(made, reports_folder(), previous, history),
        keep_assessment.submit(made),
        note_findings.submit(unsearched(made)),
    ]
    for future in published:
        future.result()


def conclude(made: Assessment, fail_on: str) -> None:
    logger = get_run_logger()
    for org, why in made.unreadable.items():
        logger.warning("%s is not in this assessment: %s", org, why)
    for line in filter(None, map(told, made.waivers)):
        logger.warning("%s", line)
    severities = [severity.value for severity in reversed(Severity)]
    if fail_on == "never":
        return
    limit = severities.index(fail_on)
    bad = [
        f
        for f in made.findings()
        if f.verdict is Verdict.FAIL and severities.index(f.severity.value) >= limit
    ]
    if bad:
        raise FindingsOverLimit(
            f"{len(bad)} findings are {fail_on} or worse; the report of this run lists them."
        )
