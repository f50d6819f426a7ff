"""Sandboxes from the day they are made or refreshed: noticed, and prepared before anything may be carried into them."""

from datetime import UTC, datetime, timedelta

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.logging import get_run_logger

from flows.masking import mask_sandbox
from flows.names import by_day
from flows.phase import chained
from flows.plans import Person, kept
from flows.reading import SIDE_BY_SIDE, read_inventories, read_secrets, reason
from flows.segmentation import segmentation
from tasks.alerts.model import Alert
from tasks.alerts.steps import list_open_alerts, note_heartbeat, update_alerts
from tasks.backups.order_steps import clear_after_drill
from tasks.errors import ConfigurationError, SandboxUnwatched
from tasks.estate.model import Estate, OrgKind
from tasks.estate.steps import read_estate
from tasks.inventory.edges import find_edges
from tasks.masking.copies import copied_plan, told
from tasks.masking.proof import doubt, same
from tasks.masking.steps import look_at_sandbox, note_drafted
from tasks.masking.telling import UNPROVEN, unproven
from tasks.plans.model import Planned

WATCHER = "watch-sandboxes"
"""Who asks for plans that nobody asked for. It is no person, so nobody else may approve under this name."""

WATCH = """
Looks every day **whether a sandbox was made or refreshed**: a copy of production with its people, users, apps and certificates.

* A new or refreshed sandbox opens an alert, and its plans are drafted once: see **prepare-sandbox**. The alert ends when
  **scan-sandbox** finds nothing real in all of it; until then no route is carried into it.
* What a restore drill that was killed has left in a sandbox is removed.
* A run that fails names the sandbox that could not be looked at. The next one tries again.
"""
PREPARE = """
Drafts what a copy of production needs **before anything is carried into it**. It changes nothing.

* **mask-sandbox**: made-up people in the place of real ones.
* **copied-credentials**: users with production's passwords are frozen, apps with production's keys admit nobody by themselves;
  what no plan can end stands in it in order, for people.
* **segmentation** of this sandbox: nothing joins it with production.

Two people approve the first, as policy says the others. Then **apply-plan**, and **scan-sandbox** as the proof.
"""
COPIED = """
Makes a plan that ends **what a copy of production can sign in with**. It changes nothing.

* Users who still have the password of their originals are frozen; a break-glass account and whoever serves a route are not.
* Apps with a consumer key that production has too admit nobody by themselves any more.
* What no plan can end stands in it in order: new passwords, apps and key pairs of its own, tokens.
"""


@flow(
    name="prepare-sandbox",
    flow_run_name="prepare-{org}-for-{requester}",
    description=PREPARE.strip(),
    task_runner=SIDE_BY_SIDE,
)
def prepare_sandbox(requester: Person, org: str) -> tuple[Planned, ...]:
    """
    Raises ConfigurationError for an org that is no sandbox in estate.yaml, OrgRefused for one that is production by its own
    word, and PhaseIncomplete at the end when a plan could not be made.

    Args:
        requester: Who asks for the plans. **That person cannot approve them.**
        org: Alias of the sandbox, as in estate.yaml.
    """
    estate, _ = read_estate()
    _needs_sandbox(estate, org)
    # Asked before all else, since estate.yaml may be wrong about it.
    look_at_sandbox(org)
    return chained(
        f"prepare-{org}",
        {
            "mask-sandbox": lambda: str(mask_sandbox(requester=requester, org=org)),
            "copied-credentials": lambda: str(copied_credentials(requester=requester, org=org)),
            "segmentation": lambda: str(segmentation(requester=requester, orgs=[org])),
        },
    )


@flow(
    name="copied-credentials",
    flow_run_name="copied-credentials-of-{org}-for-{requester}",
    description=COPIED.strip(),
    task_runner=SIDE_BY_SIDE,
)
def copied_credentials(requester: Person, org: str) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an org that is no sandbox in estate.yaml or cannot be read.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        org: Alias of the sandbox, as in estate.yaml.
    """
    estate, policy = read_estate()
    _needs_sandbox(estate, org)
    evidence, unread = read_inventories(estate.orgs)
    if org not in evidence:
        raise ConfigurationError(f"{org} could not be read: {unread[org]}")
    unread |= {
        f"{alias} ({section})": each.gaps[section]
        for alias, each in evidence.items()
        for section in ("users", "apps", "certificates", "inbound_certificates")
        if section in each.gaps
    }
    create_markdown_artifact(
        "\n".join(
            [
                "# What " + org + " has of production",
                "",
                *(f"* {line}" for line in told(estate, org, evidence, unread)),
            ]
        ),
        key=f"copied-{org}",
        description=f"Users, apps and certificates of production in {org}.",
    )
    edges = find_edges(estate, evidence, read_secrets())
    now = max((each.now for each in evidence.values()), default=datetime.now(UTC))
    return kept(copied_plan(estate, policy, org, evidence, edges, requester, now), unread)


@flow(name="watch-sandboxes", flow_run_name=by_day, description=WATCH.strip(), task_runner=SIDE_BY_SIDE)
def watch_sandboxes() -> list[str]:
    """
    Sandboxes that may hold data of real people. Raises SandboxUnwatched, after all were looked at, when one could not be, or its
    plans could not be drafted.
    """
    estate, _ = read_estate()
    doubtful: list[Alert] = []
    clean: list[str] = []
    failed: dict[str, str] = {}
    for org in _sandboxes(estate):
        try:
            if (cleared := clear_after_drill(org)) is not None:
                get_run_logger().warning("%s: a drill had left records: %d removed, %d stay", org, *cleared)
                if cleared[1]:
                    failed[org] = f"{cleared[1]:,} records of a restore drill cannot be removed"
            found = look_at_sandbox(org)
            if why := doubt(found.proven, found.now):
                doubtful.append(unproven(org, why))
                # Told at once: drafting takes minutes, and may fail.
                update_alerts([doubtful[-1]], [])
                if found.seen is None or not same(found.seen, found.now):
                    prepare_sandbox(requester=WATCHER, org=org)
                    note_drafted(org, found.now)
            else:
                clean.append(org)
        except Exception as error:  # one sandbox must not hide the others
            failed[org] = reason(error)
    over = [key for key, org in list_open_alerts().items() if key.startswith(UNPROVEN) and org in clean]
    update_alerts(doubtful, over)
    note_heartbeat("watch-sandboxes", timedelta(days=1))
    if failed:
        raise SandboxUnwatched("; ".join(f"{org}: {why}" for org, why in failed.items()))
    return [alert.org for alert in doubtful]


def _needs_sandbox(estate: Estate, org: str) -> None:
    if org not in _sandboxes(estate):
        raise ConfigurationError(
            f"{org} is no sandbox in estate.yaml. Sandboxes: {', '.join(_sandboxes(estate)) or 'none'}."
        )


def _sandboxes(estate: Estate) -> list[str]:
    return [entry.alias for entry in estate.orgs if entry.kind is OrgKind.SANDBOX]
