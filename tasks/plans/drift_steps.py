"""Prefect tasks of the watch over what plans hardened."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.ledger.model import EntryKind, Note
from tasks.orgs import load_registered, open_for_writing, open_ledger, open_org
from tasks.pages import cell, to_page
from tasks.plans.branch import protected
from tasks.plans.digest import policy_digest
from tasks.plans.drift import WATCHER, Drift, Promise, drafted, drifted, promises, restoring
from tasks.plans.drift_gateway import read_promised, read_trail
from tasks.plans.gateway import OrgHands
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan
from tasks.plans.standing_steps import read_verified
from tasks.policies import PUBLISH, READ


@task(name="list-promises", description="What applied plans left behind, by org.", **READ)
def list_promises() -> dict[str, list[Promise]]:
    """Raises LedgerUnavailable."""
    _, policy = load_registered()
    with open_ledger() as ledger:
        found = promises(PlanBook(ledger, "").statuses(), read_verified(ledger), policy.jit.managed_sets)
    by_org: dict[str, list[Promise]] = {}
    for promise in found.values():
        by_org.setdefault(promise.change.resource.org, []).append(promise)
    return by_org


@task(
    name="look-for-drift",
    task_run_name="look-for-drift-{org}",
    description="Reads again what plans hardened in one org, and who changed set-up since. Changes no org.",
    **READ,
)
def look_for_drift(org: str, promised: Sequence[Promise]) -> tuple[list[Drift], list[str]]:
    """What is no longer so, and lines about kinds that could not be read. Raises OrgError."""
    estate, policy = load_registered()
    hands = OrgHands(open_for_writing)
    with open_org(org) as session:
        observed, unseen = read_promised(session, [each.change.resource for each in promised], hands)
        changed = [p for p in promised if observed.get(p.change.resource, p.change.after) != p.change.after]
        trail = read_trail(session, min(p.since for p in changed)) if changed else []
    found = drifted(org, changed, observed, trail, protected(estate, policy, org))
    return found, [f"{org}: {kind.value}: {why}" for kind, why in unseen.items()]


@task(name="find-draft", description="The open plan that restores exactly this, where there is one.", **READ)
def find_draft(drift: Drift) -> str | None:
    with open_ledger() as ledger:
        return drafted(drift, PlanBook(ledger, "").statuses())


@task(
    name="draft-restoring",
    task_run_name="draft-restoring-{drift.org}",
    description="What a plan looks like that restores what was undone.",
    **READ,
)
def draft_restoring(drift: Drift) -> Plan:
    return restoring(drift, datetime.now(UTC), load_registered()[1])


@task(name="note-drift", description="Notes that something hardened was undone, and by whom.", **PUBLISH)
def note_drift(drift: Drift, draft: str) -> None:
    """Raises LedgerUnavailable."""
    with open_ledger() as ledger:
        ledger.append(
            Note(
                kind=EntryKind.DRIFT,
                subject=drift.plan,
                actor=WATCHER,
                policy=policy_digest(load_registered()[1]),
                body={
                    "org": drift.org,
                    "numbers": [change.number for change in drift.changes],
                    "by": [*drift.by.names],
                    "sure": drift.by.sure,
                    "plan": draft,
                },
            )
        )


@task(name="publish-drift", description="What was undone, by whom, and the plan that restores it.", **PUBLISH)
def publish_drift(found: Sequence[Drift], drafts: Mapping[str, str], unseen: Sequence[str]) -> None:
    """`drafts` by the first letters of the plan and the org, as `of_drift` makes them."""
    lines = ["| Org | What | Changed by | Restored by |", "|---|---|---|---|"]
    for each in found:
        draft = drafts.get(of_drift(each), "")
        link = to_page(f"plan-{draft[:12]}", draft[:12]) if draft else "none"
        for change in each.changes:
            what = cell(f"{change.resource.kind.value} {change.resource.key}", 40)
            lines.append(f"| {each.org} | {what} | {cell(str(each.by), 30)} | {link} |")
    if unseen:
        lines += ["", "## What could not be read", "", *(f"* {line}" for line in unseen)]
    number = sum(len(each.changes) for each in found)
    create_markdown_artifact(
        "\n".join(lines), key="drift", description=f"{number} hardened settings were undone by hand."
    )


def of_drift(drift: Drift) -> str:
    """What tells drifts of one run apart."""
    return f"{drift.plan[:12]}:{drift.org}"
