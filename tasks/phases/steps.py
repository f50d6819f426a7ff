"""Prefect tasks of the phases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from textwrap import shorten

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.forms_gateway import read_forms
from tasks.orgs import load_registered, open_ledger
from tasks.phases.ledger_gateway import PhaseBook
from tasks.phases.model import Done, Evidence, Phase, Progress, Span, Standing
from tasks.phases.words import calendar_markdown, phase_markdown, summary
from tasks.plans.digest import estate_digest, policy_digest
from tasks.policies import PUBLISH, READ, first_run


@task(
    name="note-assessment",
    description="Notes that this assessment is there, and which orgs it saw: the phases after it start from it.",
    **PUBLISH,
)
def note_assessment(read: Sequence[str], unread: Mapping[str, str]) -> str:
    """The name of this evidence. Raises LedgerUnavailable."""
    estate, policy = load_registered()
    with open_ledger() as ledger:
        return PhaseBook(ledger, estate.name, policy_digest(policy)).assessed(
            read, unread, estate_digest(estate)
        )


@task(
    name="read-phases", description="What the ledger says of assessments and of the jobs of phases.", **READ
)
def read_phases() -> tuple[tuple[Evidence, ...], tuple[Done, ...]]:
    """Both oldest first. Raises LedgerUnavailable."""
    with open_ledger() as ledger:
        return PhaseBook(ledger, load_registered()[0].name).history()


@task(name="estate-as-registered", description="The digest of estate.yaml as it is registered now.", **READ)
def registered_digest() -> str:
    return estate_digest(load_registered()[0])


@task(
    name="note-job",
    task_run_name="note-{job}",
    description="Notes what became of one job, so that the next run of the phase goes on behind it.",
    **PUBLISH,
)
def note_job(
    phase: Phase,
    job: str,
    evidence: str,
    orgs: Sequence[str],
    actor: str,
    digest: str = "",
    failed: str = "",
) -> None:
    """Raises LedgerUnavailable."""
    estate, policy = load_registered()
    with open_ledger() as ledger:
        PhaseBook(ledger, estate.name, policy_digest(policy)).note(
            phase, job, evidence, orgs, actor=actor, digest=digest, failed=failed
        )


@task(
    name="begin-job",
    task_run_name="begin-{job}",
    description="Notes that a job is about to be carried out, so that what it makes is found even when this run is lost.",
    **PUBLISH,
)
def begin_job(phase: Phase, job: str, evidence: str, orgs: Sequence[str], actor: str) -> None:
    """Raises LedgerUnavailable."""
    estate, policy = load_registered()
    with open_ledger() as ledger:
        book = PhaseBook(ledger, estate.name, policy_digest(policy))
        book.begin(phase, job, evidence, orgs, actor=actor, run=first_run())


@task(
    name="find-left-behind",
    task_run_name="find-left-behind-of-{job}",
    description="Plans that a run of this phase made before it was lost, and did not come to note.",
    **READ,
)
def find_left_behind(phase: Phase, job: str, evidence: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Digests with the orgs that each was asked for. Raises LedgerUnavailable."""
    with open_ledger() as ledger:
        return PhaseBook(ledger, load_registered()[0].name).left_behind(phase, job, evidence)


@task(name="publish-phase", description="One page about all jobs of a phase.", **PUBLISH)
def publish_phase(phase: Phase, standings: Sequence[Standing], left_out: Sequence[str]) -> None:
    """The artifact is named after the phase, so that its versions are the phase's history."""
    done = sum(each.progress is Progress.DONE for each in standings)
    create_markdown_artifact(
        phase_markdown(phase, standings, left_out, read_forms()),
        key=phase.value,
        description=shorten(
            f"{done} of {len(standings)} jobs are done; {summary(standings)}.", 250, placeholder=" …"
        ),
    )


@task(
    name="publish-calendar",
    description="The four phases, planned against actual, with what blocks the next.",
    **PUBLISH,
)
def publish_calendar(spans: Sequence[Span], now: datetime) -> None:
    open_ = sum(len(span.blocks) for span in spans)
    create_markdown_artifact(
        calendar_markdown(spans, now),
        key="zero-trust",
        description=f"Four phases, planned against actual; {open_} {'job is' if open_ == 1 else 'jobs are'} open.",
    )
